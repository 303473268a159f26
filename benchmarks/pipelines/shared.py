"""What all pipelines do alike: the command line, reading, shingles, and the table of pairs."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

SHINGLE_WORDS = 5
BANDINGS = {0.5: (25, 5), 0.3: (42, 3)}  # bands and rows, of 128 permutations at most, for each threshold


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What a pipeline is asked.

    Parameters
    ----------
    archive : JSON Lines with `id` and `text`
    pairs : the table of pairs that is written
    threads : how many threads work
    threshold : least Jaccard similarity of a pair that is wanted
    """

    archive: Path
    pairs: Path
    threads: int
    threshold: float

    @property
    def bands(self) -> int:
        """Return the number of bands."""
        return BANDINGS[self.threshold][0]

    @property
    def rows(self) -> int:
        """Return the number of permutations in a band."""
        return BANDINGS[self.threshold][1]

    @property
    def n_permutations(self) -> int:
        """Return the number of permutations."""
        return self.bands * self.rows


@dataclasses.dataclass(frozen=True, slots=True)
class Documents:
    """The ids and the texts of an archive."""

    ids: list[str]
    texts: list[str]


def asked(description: str) -> Asked:
    """Return what stands on the command line."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, metavar="ARCHIVE.jsonl")
    parser.add_argument("pairs", type=Path, metavar="PAIRS.tsv")
    parser.add_argument("--threads", type=int, default=1, help="default: 1")
    parser.add_argument("--threshold", type=float, choices=list(BANDINGS), default=0.5, help="default: 0.5")
    given = parser.parse_args()
    return Asked(given.archive, given.pairs, given.threads, given.threshold)


def read(archive: Path) -> Documents:
    """Return the documents of an archive."""
    ids, texts = [], []
    with archive.open("rb") as lines:
        for line in lines:
            record = json.loads(line)
            ids.append(record["id"])
            texts.append(record["text"])
    return Documents(ids, texts)


def shingles(text: str) -> list[bytes]:
    """Return the lower-cased word shingles of a text; fewer words than a shingle make one.

    >>> shingles("A b c d e F")
    [b'a b c d e', b'b c d e f']
    """
    words = text.lower().encode().split()
    if len(words) < SHINGLE_WORDS:
        return [b" ".join(words)]
    return list(map(b" ".join, zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False)))


def write(path: Path, ids: list[str], pairs: Iterable[tuple[int, int]]) -> None:
    """Write pairs of numbers of documents as pairs of ids."""
    with path.open("w", encoding="utf-8") as table:
        table.write("id_a\tid_b\n")
        table.writelines(f"{ids[a]}\t{ids[b]}\n" for a, b in pairs)


def within(members: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return all pairs within groups, each once, the lesser number first, (n_pairs, 2) int64.

    Parameters
    ----------
    members : (n_members,) int64, the members of one group after another
    offsets : (n_groups + 1,) int64

    >>> within(np.array([3, 1, 2, 1, 3]), np.array([0, 3, 5])).tolist()
    [[1, 2], [1, 3], [2, 3]]
    """
    sizes = np.diff(offsets)
    packed = [np.empty(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        a, b = np.triu_indices(size, 1)
        groups = members[offsets[:-1][sizes == size][:, None] + np.arange(size)]
        one, other = groups[:, a].ravel(), groups[:, b].ravel()
        packed.append(np.minimum(one, other) << 32 | np.maximum(one, other))
    every = np.sort(np.concatenate(packed))
    new = np.ones(len(every), np.bool_)
    new[1:] = every[1:] != every[:-1]
    every = every[new]
    return np.stack((every >> 32, every & 0xFFFFFFFF), axis=1)
