"""From candidate pairs to verified matches: exact shares, and the relation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.matching import hashing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.settings import Settings

RELATIONS = ("copy", "revision", "excerpt", "partial")
COPY, REVISION, EXCERPT, PARTIAL = range(4)
PAIRS_AT_ONCE = 4096  # of which both articles are hashed again


@dataclasses.dataclass(frozen=True, slots=True)
class Matches:
    """Verified pairs of articles, sorted; every figure is exact over the sets of shingles.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b` with a < b
    shared : (n,) int64, shingles that stand in both
    jaccard, share_a, share_b : (n,) float64
    relations : (n,) int8, index into RELATIONS
    strengths : (n,) float64, the greater share; by words where errors have torn the shingles
    """

    pairs: NDArray[np.uint64]
    shared: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    share_a: NDArray[np.float64]
    share_b: NDArray[np.float64]
    relations: NDArray[np.int8]
    strengths: NDArray[np.float64]

    @property
    def a(self) -> NDArray[np.int64]:
        """Return the first article of each pair."""
        return packing.high(self.pairs)

    @property
    def b(self) -> NDArray[np.int64]:
        """Return the second article of each pair."""
        return packing.low(self.pairs)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)


def shingles_in(n_words: int, settings: Settings) -> int:
    """Return how many shingles a text of so many words has.

    >>> from dedup.settings import Settings
    >>> shingles_in(40, Settings(shingle_words=5))
    36
    """
    return max(1, n_words - settings.shingle_words + 1)


def measure(
    pairs: NDArray[np.uint64],
    shared: NDArray[np.int64],
    size_a: NDArray[np.int64],
    size_b: NDArray[np.int64],
    settings: Settings,
) -> Matches:
    """Return the matches of pairs whose overlaps are known.

    Parameters
    ----------
    pairs : (n,) uint64
    shared : (n,) int64, different shingles that stand in both
    size_a, size_b : (n,) int64, different shingles of each
    """
    share_a, share_b = shared / size_a, shared / size_b
    jaccard = shared / (size_a + size_b - shared)
    relations = relate(jaccard, share_a, share_b, settings)
    return Matches(pairs, shared, jaccard, share_a, share_b, relations, np.maximum(share_a, share_b))


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


def is_symmetric(matches: Matches) -> NDArray[np.bool_]:
    """Return which matches are copies or revisions, (n,) bool."""
    symmetric: NDArray[np.bool_] = (matches.relations == COPY) | (matches.relations == REVISION)
    return symmetric


def told_by_words(
    matches: Matches, told: NDArray[np.bool_], relations: NDArray[np.int8], strengths: NDArray[np.float64]
) -> Matches:
    """Return the matches with other relations and strengths where words told them.

    Parameters
    ----------
    told : (n,) bool
    relations : (n,) int8, index into RELATIONS
    strengths : (n,) float64
    """
    return dataclasses.replace(
        matches,
        relations=np.where(told, relations, matches.relations).astype(np.int8),
        strengths=np.where(told, strengths, matches.strengths),
    )


def demoted(matches: Matches, chosen: NDArray[np.bool_]) -> Matches:
    """Return the matches, some of them as partial ones.

    Parameters
    ----------
    chosen : (n,) bool
    """
    relations = np.where(chosen, PARTIAL, matches.relations).astype(np.int8)
    return dataclasses.replace(matches, relations=relations)


def concatenate(parts: Sequence[Matches]) -> Matches:
    """Return the matches of several parts as one, in their order."""
    columns = [field.name for field in dataclasses.fields(Matches)]
    return Matches(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


def take(matches: Matches, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Matches:
    """Return some matches."""
    columns = [field.name for field in dataclasses.fields(Matches)]
    return Matches(*(getattr(matches, column)[chosen] for column in columns))


def none() -> Matches:
    """Return no matches."""
    share = np.empty(0, np.float64)
    return Matches(
        np.empty(0, np.uint64), np.empty(0, np.int64), share, share, share, np.empty(0, np.int8), share
    )


def overlaps(
    text: NDArray[np.uint8], located: hashing.Located, pairs: NDArray[np.uint64], settings: Settings
) -> Matches:
    """Return the exact figures of any pairs, also of those that share too little for a match.

    The articles are hashed anew, some at a time: pairs of one first article are best together.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    pairs : (n,) uint64, `a << 32 | b` in any order
    """
    from dedup.matching import kernels

    parts = [none()]
    for begin in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[begin : begin + PAIRS_AT_ONCE]
        both = np.concatenate((packing.high(some), packing.low(some)))
        articles, places = np.unique(both, return_inverse=True)
        sets = hashing.sets(text, located, articles, settings.shingle_words)
        shared = np.empty(len(some), np.int64)
        local = packing.pack(places[: len(some)], places[len(some) :])
        kernels.count_shared(sets.values, sets.offsets, local, shared)
        sizes = np.diff(sets.offsets)
        parts.append(measure(some, shared, sizes[places[: len(some)]], sizes[places[len(some) :]], settings))
    return concatenate(parts)
