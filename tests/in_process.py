"""Archives, matches and clusters as the engine makes them, without a scan's tables: what tests look into."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import progress, records
from dedup.engines import assembling, cases, local
from dedup.matching import hashing, matches, passages
from dedup.settings import Settings
from tests import brute_force

if TYPE_CHECKING:
    from dedup.engines.archive import Archive

PLAIN = Settings(boilerplate=False)


@dataclasses.dataclass(frozen=True)
class Found:
    """What the engine found in an archive, up to its clusters."""

    archive: Archive
    matches: matches.Matches
    passages: passages.Passages
    clusters: list[cases.Cluster]

    def relations(self):
        """Return the relation of each match by its two articles."""
        names = [matches.RELATIONS[index] for index in self.matches.relations]
        return dict(zip(unpack(self.matches.pairs), names, strict=True))

    def spans(self, row):
        """Return the passages of a match, and how many words of each are edited."""
        own = slice(self.passages.offsets[row], self.passages.offsets[row + 1])
        return self.passages.spans[own].tolist(), self.passages.edits[own].tolist()


def batch(pages):
    """Return pages as a batch: texts, whose ids are their numbers, or records."""
    import pyarrow as pa

    columns = records.PAGES.schema().names
    rows = [
        dict.fromkeys(columns)
        | {"page_id": f"{number:05}", "source_path": "-", "line": number, "warnings": []}
        | (page if isinstance(page, dict) else {"text": page})
        for number, page in enumerate(pages)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=records.PAGES.schema())


def archive(*pages, settings=PLAIN):
    """Return the archive of these pages; article i is page i, or its stories in order."""
    return assembling.build([local.sketch_batch(batch(pages), settings)], [])


def run(pages, settings=PLAIN):
    """Return what the engine finds in these pages."""
    engine = local.Local(settings, 1, progress.Silent())
    made, _ = engine.mask(archive(*pages, settings=settings))
    matched, aligned = engine.match(made, engine.candidates(made))
    return Found(made, matched, aligned, list(cases.clusters(made, matched, aligned, settings)))


def align(made, settings=PLAIN, pairs=((0, 1),)):
    """Return the passages of pairs of articles, the first two unless said, however little they share."""
    return _aligned(made, settings, pairs)[0]


def count(made, settings=PLAIN, pairs=((0, 1),)):
    """Return what the alignment of pairs of articles counts, the first two unless said, however little they share."""
    return _aligned(made, settings, pairs)[1]


def _aligned(made, settings, pairs):
    hashed = hashing.hash_words(made.text, made.located(), np.arange(len(made)), settings.shingle_words)
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return passages.align(made.text, hashed, left, right, settings, every=True)


def match(made, pairs, settings=PLAIN):
    """Return the matches among these pairs, with their passages."""
    engine = local.Local(settings, 1, progress.Silent())
    return engine.match(made, local.Candidates(pairs, np.zeros(len(made), np.int64), len(pairs)))


def segments(made, article):
    """Return the words of each live segment of an article, with their places in its page."""
    page = int(made.page_of[article])
    begin, end = int(made.page_offsets[page]), int(made.page_offsets[page + 1])
    text = made.text[begin:end].tobytes()
    live = made.live.take(np.array([article]))
    edges = [
        (len(text[: first - begin].decode()), len(text[: last - begin].decode()))
        for first, last in zip(live.starts.tolist(), live.ends.tolist(), strict=True)
    ]
    return [brute_force.words(text.decode(), first, last) for first, last in edges]


def with_gaps(made, gaps):
    """Return an archive of ASCII pages in which spans of characters, listed for each, take no part."""
    edges = [
        [start, *(edge for gap in own for edge in (start + gap[0], start + gap[1])), end]
        for start, end, own in zip(made.starts.tolist(), made.ends.tolist(), gaps, strict=True)
    ]
    live = records.Spans(
        np.array([edge for own in edges for edge in own[::2]]),
        np.array([edge for own in edges for edge in own[1::2]]),
        records.offsets(np.array([len(own) // 2 for own in edges])),
    )
    return dataclasses.replace(made, live=live)


def pack(pairs):
    """Return pairs of numbers as matching has them, sorted."""
    return np.array(sorted({min(pair) << 32 | max(pair) for pair in pairs}), np.uint64)


def unpack(pairs):
    """Return packed pairs as pairs of numbers."""
    return [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs]


def every_pair(count):
    """Return every pair of so many articles, packed."""
    return pack(itertools.combinations(range(count), 2))


def ragged(rows, kind=np.uint32):
    """Return rows as the type of ragged data, each sorted and without repeats."""
    unique = [sorted(set(row)) for row in rows]
    values = np.array([value for row in unique for value in row], kind)
    return records.Ragged(values, records.offsets(np.array([len(row) for row in unique], np.int64)))
