"""What any two articles share: as the table of matches has it, or measured where they are no match."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.clustering import stars
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.settings import Settings

    Measure = Callable[[NDArray[np.uint64]], matching.Matches]


@dataclasses.dataclass(frozen=True, slots=True)
class Shares:
    """What pairs of articles share, one row each, by their shingles.

    Parameters
    ----------
    share_a, share_b : (n,) float64
    relations : (n,) int8, index into `matching.RELATIONS`
    """

    share_a: NDArray[np.float64]
    share_b: NDArray[np.float64]
    relations: NDArray[np.int8]


class Known:
    """Tells what pairs of articles share.

    Parameters
    ----------
    matches : pairs whose figures are known
    measure : gives the figures of other pairs, each of which it is asked once: rising, the lesser article first
    """

    def __init__(self, matches: matching.Matches, measure: Measure, settings: Settings) -> None:
        """Keep the table and the means to measure."""
        self._matches = matches
        self._measure = measure
        self._settings = settings

    def shares(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Shares:
        """Return what pairs of articles share, in any order; an article shares all of itself."""
        share_a, share_b, jaccard = (np.ones(len(a)) for _ in range(3))
        apart = np.flatnonzero(a != b)
        pairs = packing.pair(a[apart], b[apart])
        is_known = packing.contains(self._matches.pairs, pairs)
        unknown = _different(pairs[~is_known])
        for table, own in ((self._matches, is_known), (self._measure(unknown), ~is_known)):
            at, rows = apart[own], np.searchsorted(table.pairs, pairs[own])
            turned = a[at] > b[at]
            share_a[at] = np.where(turned, table.share_b[rows], table.share_a[rows])
            share_b[at] = np.where(turned, table.share_a[rows], table.share_b[rows])
            jaccard[at] = table.jaccard[rows]
        return Shares(share_a, share_b, matching.relate(jaccard, share_a, share_b, self._settings))

    def overlaps(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> stars.Overlaps:
        """Return what pairs of articles share, as clustering asks for it."""
        found = self.shares(a, b)
        symmetric = (found.relations == matching.COPY) | (found.relations == matching.REVISION)
        return stars.Overlaps(symmetric, np.maximum(found.share_a, found.share_b))


def _different(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each pair once, rising."""
    ordered = np.sort(pairs)
    different: NDArray[np.uint64] = ordered[np.flatnonzero(np.diff(ordered, prepend=np.uint64(0)))]
    return different
