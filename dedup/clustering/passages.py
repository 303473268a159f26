"""From shared spans to passage clusters: each passage with all its places."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

MUTUAL_OVERLAP = 0.8  # of the longer of two spans of one article: then they are one passage


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """Passage clusters, one row for each place of each passage, sorted by passage, article and start.

    Parameters
    ----------
    passages : (n_places,) int64; equal for the places of one passage, rising
    articles : (n_places,) int64
    starts, ends : (n_places,) int64, characters of the article's page
    """

    passages: NDArray[np.int64]
    articles: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def find(left: NDArray[np.int64], right: NDArray[np.int64]) -> Passages:
    """Return the passage clusters that shared spans make.

    Spans of one article that overlap nearly whole are one place: the widest of them. Places that a match joins are
    one passage.

    Parameters
    ----------
    left, right : (n, 3) int64; article, start and end of the two places of each shared span

    >>> left, right = [[0, 0, 99], [1, 5, 103]], [[1, 5, 104], [2, 0, 98]]
    >>> found = find(np.array(left), np.array(right))
    >>> found.passages.tolist(), found.articles.tolist(), found.ends.tolist()
    ([0, 0, 0], [0, 1, 2], [99, 104, 98])
    """
    every = np.concatenate((left, right))
    order = np.lexsort((every[:, 2], every[:, 1], every[:, 0]))
    numbers = np.empty(len(every), np.int64)
    numbers[order] = _number_places(every[order])
    n_places = int(numbers.max(initial=-1)) + 1
    labels = components.components(n_places, numbers[: len(left)], numbers[len(left) :])
    widest = np.lexsort((every[:, 1], every[:, 1] - every[:, 2], numbers))
    first = np.flatnonzero(np.diff(numbers[widest], prepend=-1))
    places = every[widest[first]]
    by_passage = np.lexsort((places[:, 1], places[:, 0], labels))
    article, start, end = places[by_passage].T
    return Passages(labels[by_passage], article, start, end)


def _number_places(every: NDArray[np.int64]) -> list[int]:
    """Return a number for each place, which places of one article that overlap nearly whole share.

    Parameters
    ----------
    every : (n, 3) int64, sorted; article, start and end
    """
    numbers = []
    count = -1
    known_article, known_start, known_end = -1, 0, 0
    for article, start, end in every.tolist():
        common = min(known_end, end) - start
        if article != known_article or common < MUTUAL_OVERLAP * max(known_end - known_start, end - start):
            known_article, known_start, known_end = article, start, end
            count += 1
        numbers.append(count)
    return numbers
