"""Stars: the articles that share enough with one leader, so that no chain of revisions becomes one cluster.

Connected components alone drift: of a story that is rewritten day by day, the first and the last version share
nothing. So each component is cut into stars. Its leader is the article that is the most like all of its neighbours
together, which an excerpt or a heavy revision is not; it takes every article that shares enough with it, and the rest
is led anew (after the greedy star cover of Aslam, Pelekhov and Rus, "The star clustering algorithm for static and
dynamic information organization", 2004). Any two members of a star are two steps apart at most.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import components

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LEAST_HELD = 0.3  # of an article or its leader, that an article brought in by a neighbour shares


@dataclasses.dataclass(frozen=True, slots=True)
class Overlaps:
    """What pairs of articles share, one row each.

    Parameters
    ----------
    symmetric : (n,) bool; one is a copy or a revision of the other
    greater : (n,) float64; the greater of the two shares
    """

    symmetric: NDArray[np.bool_]
    greater: NDArray[np.float64]


if TYPE_CHECKING:
    Measure = Callable[[NDArray[np.int64], NDArray[np.int64]], Overlaps]


@dataclasses.dataclass(frozen=True, slots=True)
class Links:
    """Symmetric matches as neighbours: those of article i are `neighbours[offsets[i]:offsets[i + 1]]`, rising.

    For each neighbour, `likeness` holds their similarity in thousandths, and `strengths` the share that the
    two have in common.
    """

    neighbours: NDArray[np.int64]
    likeness: NDArray[np.int64]
    strengths: NDArray[np.float64]
    offsets: NDArray[np.int64]

    def of(self, article: int) -> list[int]:
        """Return the neighbours of an article."""
        found: list[int] = self.neighbours[self.offsets[article] : self.offsets[article + 1]].tolist()
        return found

    def strength(self, article: int, other: int) -> float:
        """Return the share that two articles have in common: 1 of an article and itself, 0 of no neighbours."""
        first, last = self.offsets[article], self.offsets[article + 1]
        place = first + np.searchsorted(self.neighbours[first:last], other)
        linked = place < last and self.neighbours[place] == other
        return 1.0 if article == other else float(self.strengths[place]) if linked else 0.0

    def likenesses(self, article: int) -> list[int]:
        """Return the likeness of an article to each of its neighbours."""
        found: list[int] = self.likeness[self.offsets[article] : self.offsets[article + 1]].tolist()
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Pairs:
    """Symmetric matches, one row each.

    Parameters
    ----------
    a, b : (n,) int64
    likeness : (n,) float64, Jaccard similarity; by words where errors have torn the shingles
    strengths : (n,) float64; the share that they have in common
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    likeness: NDArray[np.float64]
    strengths: NDArray[np.float64]


def link(n_articles: int, pairs: Pairs) -> Links:
    """Return the neighbours of each article.

    >>> share = np.array([0.5, 0.9])
    >>> link(3, Pairs(np.array([0, 1]), np.array([2, 2]), share, share)).of(2)
    [0, 1]
    """
    left, right = np.concatenate((pairs.a, pairs.b)), np.concatenate((pairs.b, pairs.a))
    order = np.lexsort((right, left))
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(left, minlength=n_articles))))
    likeness = np.rint(1000 * np.tile(pairs.likeness, 2)[order]).astype(np.int64)
    return Links(right[order], likeness, np.tile(pairs.strengths, 2)[order], offsets)


def leaders(n_words: NDArray[np.int64], pairs: Pairs, measure: Measure) -> NDArray[np.int64]:
    """Return the leader of each article, (n_articles,) int64: its own number where it leads or stands alone.

    Parameters
    ----------
    n_words : (n_articles,) int64; of articles that are as like their neighbours, the longest leads
    measure : gives what any pairs share, which need not be matches

    >>> none = lambda a, b: Overlaps(np.zeros(len(a), bool), np.zeros(len(a)))
    >>> share = np.full(4, 0.5)
    >>> pairs = Pairs(np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]), share, share)
    >>> leaders(np.array([9, 9, 9, 9, 9]), pairs, none).tolist()
    [1, 1, 1, 3, 3]
    """
    found = np.arange(len(n_words))
    links = link(len(n_words), pairs)
    labels = components.components(len(n_words), pairs.a, pairs.b)
    linked = np.flatnonzero(np.diff(links.offsets))
    order = linked[np.lexsort((linked, labels[linked]))]
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    for members in np.split(order, starts[1:]):
        _lead(members.tolist(), links, n_words, measure, found)
    return found


def _lead(
    members: list[int], links: Links, n_words: NDArray[np.int64], measure: Measure, found: NDArray[np.int64]
) -> None:
    """Write the leaders of one component."""
    central = {article: sum(links.likenesses(article)) for article in members}
    alone = []
    while central:
        leader = max(central, key=lambda one: (central[one], n_words[one], -one))
        own = [leader, *(one for one in links.of(leader) if one in central)]
        own += _two_steps_away(own, links, central, measure)
        found[own] = leader
        for one in own:
            del central[one]
        for one in own:
            for neighbour, likeness in zip(links.of(one), links.likenesses(one), strict=True):
                if neighbour in central:
                    central[neighbour] -= likeness
        if len(own) == 1:
            alone.append(leader)
    for article in alone:
        _place(article, links, measure, found)


def _two_steps_away(own: list[int], links: Links, free: dict[int, int], measure: Measure) -> list[int]:
    """Return the free articles that share enough with the leader although no match says so.

    Of a hot bucket not every pair is a candidate.
    """
    near = {neighbour for one in own[1:] for neighbour in links.of(one) if neighbour in free}
    asked = sorted(near.difference(own))
    if not asked:
        return []
    overlaps = measure(np.full(len(asked), own[0]), np.array(asked))
    return [
        article for article, symmetric in zip(asked, overlaps.symmetric.tolist(), strict=True) if symmetric
    ]


def _place(article: int, links: Links, measure: Measure, found: NDArray[np.int64]) -> None:
    """Write the leader of an article whose neighbours all follow others: the one that shares the most with it.

    What it shares with a leader is measured, or follows from what a neighbour shares with both: errors tear the
    shingles of two texts of which each may still match a third.
    """
    first, last = links.offsets[article], links.offsets[article + 1]
    neighbours = links.neighbours[first:last]
    others = found[neighbours]
    if len(others) == 0:
        return
    direct = measure(np.full(len(others), article), others).greater
    beyond = np.array(
        [links.strength(*pair) for pair in zip(neighbours.tolist(), others.tolist(), strict=True)]
    )
    by_neighbour = links.strengths[first:last] * np.maximum(measure(neighbours, others).greater, beyond)
    held = np.maximum(direct, by_neighbour)
    best = int(np.lexsort((others, -held))[0])
    if held[best] >= LEAST_HELD:
        found[article] = others[best]
