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
WORDS_PER_TASK = 4_000_000  # of second articles: more would be hashed in fewer tasks, and take more memory
WORDS_PER_GROUP = 1_000_000


def groups(
    pairs: NDArray[np.uint64],
    near: NDArray[np.bool_],
    n_words: NDArray[np.int64],
    most_words: int = WORDS_PER_GROUP,
) -> NDArray[np.int64]:
    """Return the group of each article, (n_articles,) int64: those that pairs connect, near pairs first.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    near : (n,) bool
    n_words : (n_articles,) int64
    most_words : of a group

    >>> pairs = packing.pack(np.array([0, 1]), np.array([1, 2]))
    >>> groups(pairs, np.array([False, True]), np.full(3, 100), most_words=200).tolist()
    [0, 1, 1]
    """
    from dedup.matching import kernels

    found = np.arange(len(n_words))
    ordered = np.concatenate((pairs[near], pairs[~near]))
    kernels.unite_articles(ordered, n_words.astype(np.int64), most_words, found)
    return found


def tasks(
    pairs: NDArray[np.uint64],
    labels: NDArray[np.int64],
    n_words: NDArray[np.int64],
    most_words: int = WORDS_PER_TASK,
) -> Iterator[NDArray[np.uint64]]:
    """Yield the pairs in parts, those of like second articles together; those of one stand one after another.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    labels : (n_articles,) int64, equal for articles of one group
    n_words : (n_articles,) int64
    most_words : of the second articles of a part, about

    >>> pairs = packing.pack(np.array([0, 1, 0]), np.array([2, 3, 4]))
    >>> found = tasks(pairs, np.array([0, 1, 0, 1, 0]), np.full(5, 100), most_words=200)
    >>> [packing.low(part).tolist() for part in found]
    [[2, 4], [3]]
    """
    if len(pairs) == 0:
        return
    second = np.zeros(len(labels), bool)
    second[packing.low(pairs)] = True
    articles = np.flatnonzero(second)
    ordered = packing.pack(labels[articles], articles)
    packing.sort(ordered)
    articles = packing.low(ordered)
    places = np.zeros(len(labels), np.int64)
    places[articles] = np.arange(len(articles))
    parts = np.zeros(len(labels), np.int64)
    parts[articles] = (np.cumsum(n_words[articles]) - 1) // most_words
    by_place = packing.pack(places[packing.low(pairs)], packing.high(pairs))
    packing.sort(by_place)
    found = packing.pack(packing.low(by_place), articles[packing.high(by_place)])
    bounds = np.flatnonzero(np.diff(parts[packing.low(found)])) + 1
    for first, last in itertools.pairwise([0, *bounds.tolist(), len(pairs)]):
        for begin in range(first, last, PAIRS_PER_TASK):
            yield found[begin : min(begin + PAIRS_PER_TASK, last)]
