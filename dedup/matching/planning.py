"""Which pairs are aligned in one go: those of like articles, so that few articles are hashed more than once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PAIRS_PER_TASK = 50_000
GROUPS_PER_PART = 4  # at least, so that a part is filled well


def groups(
    pairs: NDArray[np.uint64], near: NDArray[np.bool_], n_words: NDArray[np.int64], most_words: int
) -> NDArray[np.int64]:
    """Return the group of each article, (n_articles,) int64: those that pairs connect, near pairs first.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    near : (n,) bool
    n_words : (n_articles,) int64
    most_words : of a part; a group has a quarter of that at most

    >>> pairs = packing.pack(np.array([0, 1]), np.array([1, 2]))
    >>> groups(pairs, np.array([False, True]), np.full(3, 100), most_words=800).tolist()
    [0, 1, 1]
    """
    from dedup.matching import kernels

    found = np.arange(len(n_words))
    ordered = np.concatenate((pairs[near], pairs[~near]))
    kernels.unite_articles(ordered, n_words.astype(np.int64), most_words // GROUPS_PER_PART, found)
    return found


def tasks(
    pairs: NDArray[np.uint64], labels: NDArray[np.int64], n_words: NDArray[np.int64], most_words: int
) -> Iterator[NDArray[np.uint64]]:
    """Yield the pairs in parts; in each those of one second article stand together.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    labels : (n_articles,) int64, equal for articles of one group
    n_words : (n_articles,) int64
    most_words : of the first articles of a part, and of the second ones, about

    >>> pairs = packing.pack(np.array([0, 1, 0]), np.array([2, 3, 4]))
    >>> found = tasks(pairs, np.array([0, 1, 0, 1, 0]), np.full(5, 100), most_words=300)
    >>> [packing.low(part).tolist() for part in found]
    [[2, 4], [3]]
    """
    if len(pairs) == 0:
        return
    a, b = packing.high(pairs), packing.low(pairs)
    asked = np.zeros(len(labels), bool)
    asked[a] = asked[b] = True
    articles = np.flatnonzero(asked)
    order = packing.low(np.sort(packing.pack(labels[articles], articles)))
    ranks = np.empty(len(labels), np.int64)
    ranks[order] = np.arange(len(order))
    before = np.cumsum(n_words[order]) - n_words[order]
    opens = np.diff(labels[order], prepend=-1) != 0
    blocks = np.empty(len(labels), np.int64)
    blocks[order] = (before[opens] // most_words)[np.cumsum(opens) - 1]
    by_rank = packing.pack(ranks[b], ranks[a])
    if int(blocks[order[-1]]) > 0:
        by_block = packing.pack(blocks[b], blocks[a])
        chosen = np.lexsort((by_rank, by_block))
        by_block, by_rank = by_block[chosen], by_rank[chosen]
        bounds = np.flatnonzero(np.diff(by_block)) + 1
    else:
        packing.sort(by_rank)
        bounds = np.empty(0, np.int64)
    for first, last in itertools.pairwise([0, *bounds.tolist(), len(pairs)]):
        for begin in range(first, last, PAIRS_PER_TASK):
            part = by_rank[begin : min(begin + PAIRS_PER_TASK, last)]
            yield packing.pack(order[packing.low(part)], order[packing.high(part)])
