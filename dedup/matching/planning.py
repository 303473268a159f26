"""In which order pairs are aligned: those of like articles together, whose words are at hand then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import packing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PAIRS_PER_TASK = 20_000
WORDS_PER_GROUP = 2_000_000


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


def order(pairs: NDArray[np.uint64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the articles of these pairs, those of one group together, (n,) int64.

    Parameters
    ----------
    pairs : (n_pairs,) uint64, `a << 32 | b`
    labels : (n_articles,) int64, equal for articles of one group

    >>> order(packing.pack(np.array([0, 1]), np.array([2, 3])), np.array([5, 1, 5, 1, 5])).tolist()
    [1, 3, 0, 2]
    """
    asked = np.zeros(len(labels), bool)
    asked[packing.high(pairs)] = asked[packing.low(pairs)] = True
    articles = np.flatnonzero(asked)
    by_label = packing.pack(labels[articles], articles)
    packing.sort(by_label)
    return packing.low(by_label)


def tasks(
    pairs: NDArray[np.uint64], ordered: NDArray[np.int64], n_articles: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs in parts, each article as its place in the order; those of one second article stand together.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    ordered : (n,) int64, the articles of the pairs

    >>> pairs = packing.pack(np.array([0, 1]), np.array([2, 3]))
    >>> [(first.tolist(), second.tolist()) for first, second in tasks(pairs, np.array([1, 3, 0, 2]), 4)]
    [([0, 2], [1, 3])]
    """
    places = np.zeros(n_articles, np.int64)
    places[ordered] = np.arange(len(ordered))
    by_place = packing.pack(places[packing.low(pairs)], places[packing.high(pairs)])
    packing.sort(by_place)
    for begin in range(0, len(pairs), PAIRS_PER_TASK):
        part = by_place[begin : begin + PAIRS_PER_TASK]
        yield packing.low(part), packing.high(part)
