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

from dedup import packing, records
from dedup.clustering import components, ordering

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_LEAST_ASKED = 1 << 16  # pairs in a round, at most, if no component is larger
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
class Pairs:
    """Symmetric matches, one row each, none twice.

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


@dataclasses.dataclass(frozen=True, slots=True)
class Links:
    """Symmetric matches as neighbours: those of article i are `neighbours[offsets[i]:offsets[i + 1]]`.

    Parameters
    ----------
    neighbours, pairs : (n,) int64, the other article and the row of the match
    likeness : (n,) float64, similarity in whole thousandths
    offsets : (n_articles + 1,) int64
    """

    neighbours: NDArray[np.int64]
    pairs: NDArray[np.int64]
    likeness: NDArray[np.float64]
    offsets: NDArray[np.int64]


def link(n_articles: int, pairs: Pairs) -> Links:
    """Return the neighbours of each article.

    >>> share = np.array([0.5, 0.9])
    >>> link(3, Pairs(np.array([0, 1]), np.array([2, 2]), share, share)).neighbours.tolist()
    [2, 2, 0, 1]
    """
    rows = ordering.by_key(np.concatenate((pairs.b, pairs.a)), n_articles)
    neighbours = np.concatenate((pairs.a, pairs.b))[rows.values]
    own = rows.values % max(len(pairs.a), 1)
    return Links(neighbours, own, np.rint(1000 * pairs.likeness)[own], rows.offsets)


def leaders(n_words: NDArray[np.int64], pairs: Pairs, measure: Measure) -> NDArray[np.int64]:
    """Return the leader of each article, (n_articles,) int64: its own number where it leads or stands alone.

    Components do not depend on each other: what they ask is measured in rounds, for all of them together.

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
    from dedup.clustering.stars import kernels

    n_articles = len(n_words)
    links = link(n_articles, pairs)
    linked = np.flatnonzero(np.diff(links.offsets))
    labels = components.components(n_articles, pairs.a, pairs.b)[linked]
    by_component = ordering.by_key(labels, n_articles)
    sizes = np.diff(by_component.offsets)
    heaps = (linked[by_component.values], by_component.offsets, sizes)
    central = np.bincount(
        np.repeat(np.arange(n_articles), np.diff(links.offsets)), links.likeness, n_articles
    )
    ranks = (central, central.copy(), n_words)
    waiting = tuple(np.full(n_articles, kernels.UNBEGUN) for _ in range(3))
    found = np.arange(n_articles)
    found[linked] = kernels.NOBODY
    stamps = np.zeros(n_articles, np.int64)
    active = np.flatnonzero(sizes)
    capacity = max(_LEAST_ASKED, int(sizes.max(initial=0)))
    others, follows = np.empty(0, np.int64), np.empty(0, np.bool_)
    while len(active):
        asking = (np.empty(capacity, np.int64), np.empty(capacity, np.int64), stamps)
        n_active, n_asked = kernels.lead(
            (links.offsets, links.neighbours, links.likeness),
            ranks,
            heaps,
            active,
            waiting,
            (others, follows),
            asking,
            found,
        )
        active, others = active[:n_active], asking[1][:n_asked]
        follows = measure(asking[0][:n_asked], others).symmetric if n_asked else follows[:0]
    _place(links, pairs, measure, found)
    return found


def _place(links: Links, pairs: Pairs, measure: Measure, found: NDArray[np.int64]) -> None:
    """Write the leader of each article whose neighbours all follow others: the one that shares the most with it.

    What it shares with a leader is measured, or follows from what a neighbour shares with both: errors tear the
    shingles of two texts of which each may still match a third. No two such articles are neighbours.
    """
    n_followers = np.bincount(found, minlength=len(found))
    lengths = np.diff(links.offsets)
    alone = np.flatnonzero((n_followers == 1) & (found == np.arange(len(found))) & (lengths > 0))
    own = records.offsets(lengths[alone])
    rows = np.repeat(links.offsets[alone] - own[:-1], lengths[alone]) + np.arange(own[-1])
    articles, neighbours = np.repeat(alone, lengths[alone]), links.neighbours[rows]
    others = found[neighbours]
    follows = np.flatnonzero(neighbours != others)
    asked = np.concatenate((articles, neighbours[follows])), np.concatenate((others, others[follows]))
    measured = measure(*asked).greater if len(rows) else np.empty(0)
    direct, beyond = measured[: len(rows)], np.ones(len(rows))
    known = _strengths(pairs, neighbours[follows], others[follows])
    beyond[follows] = np.maximum(measured[len(rows) :], known)
    held = np.maximum(direct, pairs.strengths[links.pairs[rows]] * beyond)
    order = np.lexsort((others, -held, articles))
    best = order[own[:-1]]
    enough = held[best] >= LEAST_HELD
    found[alone[enough]] = others[best][enough]


def _strengths(pairs: Pairs, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share that two articles have in common, 0 of those that are no match."""
    if len(one) == 0:
        return np.empty(0)
    is_one, is_other = np.zeros((2, int(max(pairs.a.max(), pairs.b.max())) + 1), np.bool_)
    is_one[one] = True
    is_other[other] = True
    near = np.flatnonzero((is_one[pairs.a] & is_other[pairs.b]) | (is_one[pairs.b] & is_other[pairs.a]))
    if len(near) == 0:
        return np.zeros(len(one))
    packed = packing.pair(pairs.a[near], pairs.b[near])
    order = np.argsort(packed)
    asked = packing.pair(one, other)
    places = np.minimum(np.searchsorted(packed, asked, sorter=order), len(packed) - 1)
    rows = order[places]
    return np.where(packed[rows] == asked, pairs.strengths[near[rows]], 0.0)
