"""Which candidate pairs may share enough, told without their texts.

Each shingle has a mark, its high 16 bits, and a tail, the four bits below. Shingles that two articles share have both
in common, so that what they have of these in common bounds the shared shingles from above, and closely: of two texts
of a thousand words, one mark and tail meet by chance, where marks alone do so fifteen times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.matching import passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records, running
    from dedup.settings import Settings


_ARTICLES_AT_ONCE = 1 << 15


def count(marks: records.Rows, pairs: NDArray[np.uint64], run: running.Run = map) -> NDArray[np.int32]:
    """Return how many different marks each article of these pairs has, (n_articles,) int32; 0 for all others.

    Parameters
    ----------
    run : what counts, some articles at a time

    >>> from dedup.records import Rows
    >>> marks = Rows(np.array([7, 7, 9], np.uint16), np.array([0, 2]), np.array([2, 3]))
    >>> count(marks, np.array([1], np.uint64)).tolist()
    [1, 1]
    """
    from dedup.matching import kernels

    counts = np.zeros(len(marks), np.int32)
    wanted = np.zeros(len(marks), bool)
    wanted[packing.high(pairs)] = wanted[packing.low(pairs)] = True

    def count_some(articles: NDArray[np.int64]) -> None:
        found = np.empty(len(articles), np.int32)
        kernels.count_marks(marks.take(articles).columns, found)
        counts[articles] = found

    articles = marks.as_they_stand(np.flatnonzero(wanted))
    for _ in run(count_some, np.split(articles, range(_ARTICLES_AT_ONCE, len(articles), _ARTICLES_AT_ONCE))):
        pass
    return counts


def orient(pairs: NDArray[np.uint64], counts: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the pairs as they are screened: the article of more marks first, and its pairs together.

    >>> pairs = packing.pack(np.array([0, 1]), np.array([2, 2]))
    >>> oriented = orient(pairs, np.array([300, 100, 200], np.int32))
    >>> packing.high(oriented).tolist(), packing.low(oriented).tolist()
    ([0, 2], [2, 1])
    """
    a, b = packing.high(pairs), packing.low(pairs)
    swapped = counts[a] < counts[b]
    oriented = packing.pack(np.where(swapped, b, a), np.where(swapped, a, b))
    packing.sort(oriented, by_high=True)
    return oriented


def screen(
    marks: records.Rows,
    tails: records.Rows,
    counts: NDArray[np.int32],
    pairs: NDArray[np.uint64],
    settings: Settings,
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return the pairs that may share enough shingles for a match, or are both short, and which of them seem near.

    Near pairs may share half of the shorter article or more.

    Parameters
    ----------
    marks, tails : of all articles, as `Sketches` has them
    counts : (n_articles,) int32, different marks of each article
    pairs : (n,) uint64, as `orient` returns them; the pairs that are returned are `a << 32 | b` with a < b
    """
    from dedup.matching import kernels

    bounds = np.empty(len(pairs), np.int32)
    rule = passages.rule(settings)[:4]
    kernels.screen(marks.columns, tails.columns, counts, pairs, rule, bounds)
    kept = bounds >= 0
    longer, shorter = packing.high(pairs[kept]), packing.low(pairs[kept])
    found = packing.pack(np.minimum(longer, shorter), np.maximum(longer, shorter))
    return found, 2 * bounds[kept] >= counts[shorter]
