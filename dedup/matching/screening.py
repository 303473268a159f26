"""Which candidate pairs may share enough, told without their texts.

Each shingle has a mark, its high 16 bits, and a tail, the four bits below. Shingles that two articles share have both in
common, so that common marks bound the shared shingles from above, and common marks with common tails do so closely: a
few more, never less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.matching import passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records
    from dedup.settings import Settings
    from dedup.sketching import sketches as sketching


def count(marks: records.Ragged, pairs: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Return how many different marks each article of these pairs has, (n_articles,) int32; 0 for all others.

    >>> from dedup.records import Ragged
    >>> marks = Ragged(np.array([7, 7, 9], np.uint16), np.array([0, 2, 3]))
    >>> count(marks, np.array([1], np.uint64)).tolist()
    [1, 1]
    """
    from dedup.matching import kernels

    counts = np.zeros(len(marks), np.int32)
    wanted = np.zeros(len(marks), bool)
    wanted[packing.high(pairs)] = wanted[packing.low(pairs)] = True
    kernels.count_marks(marks.values, marks.offsets, wanted, counts)
    return counts


def screen(
    sketches: sketching.Sketches, counts: NDArray[np.int32], pairs: NDArray[np.uint64], settings: Settings
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return those of the pairs that may share enough shingles for a match, or are both short; and which seem near.

    Near pairs may share half of the shorter article or more.

    Parameters
    ----------
    sketches : the marks and tails of all articles
    counts : (n_articles,) int32, different marks of each article
    pairs : (n,) uint64, `a << 32 | b`, sorted
    """
    from dedup.matching import kernels

    bounds = np.empty(len(pairs), np.int32)
    marks, tails = sketches.marks, sketches.tails
    rule = passages.rule(settings)[:4]
    kernels.screen(
        (marks.values, marks.offsets), (tails.values, tails.offsets), counts, pairs, rule, bounds
    )
    kept = bounds >= 0
    found = pairs[kept]
    shorter = np.minimum(counts[packing.high(found)], counts[packing.low(found)])
    return found, 2 * bounds[kept] >= shorter
