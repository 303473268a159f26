"""From candidate pairs to verified matches: exact shares, the relation, and the shared passages."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.words import folding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.settings import Settings

RELATIONS = ("copy", "revision", "excerpt", "partial")
COPY, REVISION, EXCERPT, PARTIAL = range(4)
_HALF = np.uint64(32)
_ARTICLE = np.uint64(0xFFFFFFFF)


@dataclasses.dataclass(frozen=True, slots=True)
class Matches:
    """Verified pairs of articles, sorted; every figure is exact over the sets of shingles.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b` with a < b
    shared : (n,) int64, shingles that stand in both
    jaccard, share_a, share_b : (n,) float64
    relations : (n,) int8, index into RELATIONS
    """

    pairs: NDArray[np.uint64]
    shared: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    share_a: NDArray[np.float64]
    share_b: NDArray[np.float64]
    relations: NDArray[np.int8]

    @property
    def a(self) -> NDArray[np.int64]:
        """Return the first article of each pair."""
        return (self.pairs >> _HALF).astype(np.int64)

    @property
    def b(self) -> NDArray[np.int64]:
        """Return the second article of each pair."""
        return (self.pairs & _ARTICLE).astype(np.int64)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """The shared passages of some matches.

    Parameters
    ----------
    spans : (n, 4) int64; start and end in a's page, start and end in b's page, in characters
    offsets : (n_matches + 1,) int64; the passages of match i are `spans[offsets[i]:offsets[i + 1]]`
    shared_words : (n_matches,) int64; words of a that stand in shared shingles
    """

    spans: NDArray[np.int64]
    offsets: NDArray[np.int64]
    shared_words: NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """Where the stories stand in the text buffer: (n_articles,) int64 bytes each."""

    page_starts: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def verify(pairs: NDArray[np.uint64], shingles: records.Ragged, settings: Settings) -> Matches:
    """Return the pairs that share enough, with their exact figures.

    Parameters
    ----------
    pairs : (n,) uint64, sorted candidates
    shingles : the set of each article, sorted

    >>> from dedup.settings import Settings
    >>> sets = records.Ragged(np.array([1, 2, 3, 4, 1, 2, 3], np.uint32), np.array([0, 4, 7]))
    >>> found = verify(np.array([1], np.uint64), sets, Settings(min_shared_shingles=2))
    >>> found.share_a.tolist(), found.share_b.tolist(), RELATIONS[found.relations[0]]
    ([0.75], [1.0], 'revision')
    """
    from dedup.matching import kernels

    shared = np.empty(len(pairs), np.int64)
    least = settings.min_shared_shingles
    kernels.count_shared(shingles.values, shingles.offsets, pairs, least, settings.min_share, shared)
    kept = shared > 0
    return measure(pairs[kept], shared[kept], np.diff(shingles.offsets), settings)


def measure(
    pairs: NDArray[np.uint64], shared: NDArray[np.int64], sizes: NDArray[np.int64], settings: Settings
) -> Matches:
    """Return the matches of pairs whose overlaps are known.

    Parameters
    ----------
    pairs : (n,) uint64
    shared : (n,) int64, shingles that stand in both
    sizes : (n_articles,) int64, shingles of each article
    """
    size_a = sizes[(pairs >> _HALF).astype(np.int64)]
    size_b = sizes[(pairs & _ARTICLE).astype(np.int64)]
    share_a, share_b = shared / size_a, shared / size_b
    jaccard = shared / (size_a + size_b - shared)
    return Matches(pairs, shared, jaccard, share_a, share_b, relate(jaccard, share_a, share_b, settings))


def relate(
    jaccard: NDArray[np.float64],
    share_a: NDArray[np.float64],
    share_b: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.int8]:
    """Return the relation of each pair, as an index into RELATIONS.

    A copy: each side shares nearly all. An excerpt: one side mostly stands in the other, which is at least twice as
    long. A revision: much is shared. Partial: the rest.
    """
    greater, lesser = np.maximum(share_a, share_b), np.minimum(share_a, share_b)
    relations = np.full(len(jaccard), PARTIAL, np.int8)
    relations[jaccard >= settings.revision_jaccard] = REVISION
    relations[(greater >= settings.excerpt_share) & (lesser <= greater / 2)] = EXCERPT
    relations[lesser >= settings.copy_share] = COPY
    return relations


def concatenate(parts: Sequence[Matches]) -> Matches:
    """Return the matches of several parts as one, in their order."""
    columns = [field.name for field in dataclasses.fields(Matches)]
    return Matches(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


def take(matches: Matches, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Matches:
    """Return some matches."""
    columns = [field.name for field in dataclasses.fields(Matches)]
    return Matches(*(getattr(matches, column)[chosen] for column in columns))


def align(text: NDArray[np.uint8], located: Located, pairs: NDArray[np.uint64], settings: Settings) -> Passages:
    """Return the shared passages of each pair: maximal runs of words that stand in both.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    pairs : (n,) uint64, sorted
    """
    factor = 1
    while True:
        made = _try(text, located, pairs, settings, factor)
        if made is not None:
            return made
        factor *= 4


def _try(
    text: NDArray[np.uint8], located: Located, pairs: NDArray[np.uint64], settings: Settings, factor: int
) -> Passages | None:
    from dedup.matching import kernels

    table = folding.table()
    articles = np.concatenate([pairs >> _HALF, pairs & _ARTICLE]).astype(np.int64)
    lengths = (located.ends - located.starts)[articles]
    longest = int(lengths.max(initial=0)) // 2 * factor + 16
    counts = np.zeros((len(pairs), 2), np.int64)
    spans = np.empty((int(lengths.sum()) // 64 * factor + 4 * len(pairs) + 4, 4), np.int64)
    sides = tuple(
        (
            np.empty(longest, np.uint64),
            np.empty(longest, np.int64),
            np.empty(longest, np.int64),
            np.empty(longest, np.uint32),
        )
        for _ in range(2)
    )
    heads = np.empty(1 << max(6, (2 * longest).bit_length()), np.int64)
    chains = (heads, np.empty(longest, np.int64), np.empty((longest, 3), np.int64))
    n_done = kernels.align_pairs(
        text,
        (located.page_starts, located.starts, located.ends),
        table.entries,
        table.expansions,
        settings.shingle_words,
        pairs,
        max(1, settings.min_passage_words - settings.shingle_words + 1),
        counts,
        spans,
        (*sides, chains),
    )
    if n_done < len(pairs):
        return None
    offsets = np.concatenate(([0], np.cumsum(counts[:, 0])))
    return Passages(spans[: offsets[-1]].copy(), offsets, counts[:, 1].copy())


def none() -> Matches:
    """Return no matches."""
    figures = [np.empty(0, np.float64) for _ in range(3)]
    return Matches(np.empty(0, np.uint64), np.empty(0, np.int64), *figures, np.empty(0, np.int8))


def concatenate_passages(parts: Sequence[Passages]) -> Passages:
    """Return the passages of several parts as one, in their order."""
    lengths = np.concatenate([np.empty(0, np.int64), *(np.diff(part.offsets) for part in parts)])
    spans = np.concatenate([np.empty((0, 4), np.int64), *(part.spans for part in parts)])
    words = np.concatenate([np.empty(0, np.int64), *(part.shared_words for part in parts)])
    return Passages(spans, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), words)


def overlaps(pairs: NDArray[np.uint64], shingles: records.Ragged, settings: Settings) -> Matches:
    """Return the exact figures of any pairs, also of those that share too little for a match.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b` in any order
    """
    from dedup.matching import kernels

    shared = np.empty(len(pairs), np.int64)
    kernels.count_shared(shingles.values, shingles.offsets, pairs, 0, 0.0, shared)
    return measure(pairs, shared, np.diff(shingles.offsets), settings)
