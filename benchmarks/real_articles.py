"""Real articles out of a JSON Lines file of the user's: the texts that benchmarks plant and corrupt."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from dedup.planting import edits, prose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_REPEATED = 0.05  # of the shingles that are looked at
LEAST_WORDS = 40
_SHINGLE_WORDS = 5
_LOOKED_AT = 2  # one shingle in so many
_BLANK = re.compile(r"\n[ \t\r]*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[^a-z])")
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield title and text of each article of a file that has a text; the file may be gzipped."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            record = msgspec.json.decode(line)
            if record.get("text"):
                yield record.get("title") or "", record["text"]


def bodies(path: Path) -> Iterator[prose.Body]:
    """Yield the articles of a file that repeat hardly anything of those before them.

    What a file of real articles repeats of itself is a copy that no truth knows of: an article is left out where
    more than a twentieth of its word 5-shingles, and not only one, stand in articles before it. Every other
    shingle is looked at.
    """
    seen: set[int] = set()
    codes: dict[str, int] = {}
    for title, text in texts(path):
        paragraphs = [" ".join(paragraph.split()) for paragraph in _BLANK.split(text)]
        words = " ".join(paragraphs).lower().split()
        if len(words) < LEAST_WORDS:
            continue
        looked_at = _shingles([codes.setdefault(word, len(codes)) for word in words])
        n_repeated = sum(shingle in seen for shingle in looked_at)
        if n_repeated > max(1, MOST_REPEATED * len(looked_at)):
            continue
        seen.update(looked_at)
        kept = [_SENTENCE_END.split(paragraph) for paragraph in paragraphs if paragraph]
        yield prose.Body(" ".join(title.split()), _divided(kept))


def _divided(paragraphs: list[list[str]]) -> list[list[str]]:
    """Return paragraphs; those of an article that lost its line breaks are made anew, of two sentences each."""
    if len(paragraphs) >= edits.LEAST_PARAGRAPHS:
        return paragraphs
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph]
    return [sentences[i : i + 2] for i in range(0, len(sentences), 2)]


def _shingles(codes: list[int]) -> list[int]:
    """Return hashes of the shingles that are looked at."""
    words = np.array(codes, np.uint64) * _MULTIPLIERS[0] + _MULTIPLIERS[1]
    hashes = np.zeros(len(words) - _SHINGLE_WORDS + 1, np.uint64)
    for place in range(_SHINGLE_WORDS):
        hashes = (hashes ^ words[place : place + len(hashes)]) * _MULTIPLIERS[2]
        hashes ^= hashes >> np.uint64(29)
    return hashes[hashes % np.uint64(_LOOKED_AT) == 0].tolist()
