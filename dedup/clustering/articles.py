"""From matches to article clusters: attach, don't merge.

Copies and revisions are symmetric: they make the core of a cluster, a star around one leader. An excerpt joins the
cluster of the article that it stands in. A page that holds several unrelated articles joins the cluster of each as a
container, and joins none of them to another; copies of such a page are a cluster of their own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import pages, stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_LIKENESS = 0.01  # of articles that have only words in common
SHORTER = 1.25  # times more of the shorter of two articles is shared, where the longer one holds it
SPANNED = 0.95  # of an article's text, from the first to the last that is shared
LEAST_PAGE_SHARE = 0.6  # of the lesser of two pages, that makes them copies of one another


@dataclasses.dataclass(frozen=True, slots=True)
class Edges:
    """Matches as clustering reads them, one row each.

    Parameters
    ----------
    a, b : (n,) int64, articles, a < b
    share_a, share_b : (n,) float64
    symmetric : (n,) bool; copies and revisions
    contained : (n,) bool; one side mostly stands in the other
    strength : (n,) float64; the share in common, by words where errors have torn the shingles
    extent_a, extent_b : (n, 2) float64; begin and end of the shared text, as shares of each one's text
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    share_a: NDArray[np.float64]
    share_b: NDArray[np.float64]
    symmetric: NDArray[np.bool_]
    contained: NDArray[np.bool_]
    strength: NDArray[np.float64]
    extent_a: NDArray[np.float64]
    extent_b: NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """One article cluster: the core, which is not empty, then those attached to it; all sorted.

    The reference leads the core: its text is the cluster's own, which shares are measured against.
    """

    core: tuple[int, ...]
    excerpts: tuple[int, ...]
    containers: tuple[int, ...]
    reference: int

    @property
    def members(self) -> tuple[int, ...]:
        """Return every article of the cluster, sorted."""
        return tuple(sorted((*self.core, *self.excerpts, *self.containers)))


def cluster(
    n_words: NDArray[np.int64],
    edges: Edges,
    matched: NDArray[np.uint64],
    measure: stars.Measure,
    same_topic: pages.SameTopic,
) -> list[Cluster]:
    """Return the clusters of at least two articles, in the order of their cores' least articles.

    Parameters
    ----------
    n_words : (n_articles,) int64
    matched : (n_matches,) uint64, sorted; every verified pair as `a << 32 | b`, partial ones too
    measure : gives what any pairs share
    same_topic : whether some pieces of an article, as begin and end in shares of its text, are about one thing
    """
    first_smaller = edges.share_a >= edges.share_b
    smaller = np.where(first_smaller, edges.a, edges.b)
    larger = np.where(first_smaller, edges.b, edges.a)
    lesser = np.minimum(edges.share_a, edges.share_b)
    holds = edges.contained | edges.symmetric
    is_page = np.zeros(len(n_words), bool)
    is_page[list(pages.find(_holdings(edges, smaller, larger), matched, same_topic))] = True
    attach = is_page[larger] & ~is_page[smaller] & holds
    attach |= is_page[larger] & is_page[smaller] & edges.contained
    both = is_page[larger] & is_page[smaller] & (lesser >= LEAST_PAGE_SHARE)
    merge = edges.symmetric & ((~is_page[larger] & ~is_page[smaller]) | both)
    leaders = stars.leaders(n_words, _symmetric(edges, merge), measure)
    held: dict[int, set[int]] = {}
    for small, large in zip(smaller[attach], larger[attach], strict=True):
        held.setdefault(int(leaders[small]), set()).add(int(large))
    excerpt = edges.contained & ~is_page[larger] & (leaders[smaller] != leaders[larger])
    parts, apart = _excerpts(smaller[excerpt], larger[excerpt], leaders, measure)
    return sorted(
        _drop_subsumed(_collect(leaders, parts, held)) + apart, key=lambda one: (one.core, one.excerpts)
    )


def _excerpts(
    smaller: NDArray[np.int64], larger: NDArray[np.int64], leaders: NDArray[np.int64], measure: stars.Measure
) -> tuple[dict[int, set[int]], list[Cluster]]:
    """Return the excerpts of each leader's cluster, and clusters of their own for those that stand elsewhere.

    An old lead that a later version dropped stands in the older version, and not in the cluster's own text.
    """
    led = leaders[larger]
    shared = measure(smaller, led).greater if len(led) else np.empty(0)
    inside = (led == larger) | (shared >= stars.LEAST_HELD)
    parts: dict[int, set[int]] = {}
    for small, leader in zip(smaller[inside].tolist(), led[inside].tolist(), strict=True):
        parts.setdefault(leader, set()).add(small)
    placed = set(smaller[inside].tolist())
    alone: dict[int, set[int]] = {}
    for small, large in zip(smaller[~inside].tolist(), larger[~inside].tolist(), strict=True):
        if small not in placed:
            alone.setdefault(large, set()).add(small)
    return parts, [Cluster((large,), tuple(sorted(alone[large])), (), large) for large in sorted(alone)]


def _symmetric(edges: Edges, chosen: NDArray[np.bool_]) -> stars.Pairs:
    """Return the symmetric matches; those that words told are hardly more alike than by their shingles.

    So an article full of errors leads none but its like.
    """
    share_a, share_b = edges.share_a[chosen], edges.share_b[chosen]
    either = share_a + share_b - share_a * share_b
    jaccard = np.divide(share_a * share_b, either, out=np.zeros_like(either), where=either > 0)
    strength = edges.strength[chosen]
    by_words = strength > np.maximum(share_a, share_b)
    likeness = jaccard + np.where(by_words, LEAST_LIKENESS * strength, 0)
    return stars.Pairs(edges.a[chosen], edges.b[chosen], likeness, strength)


def _holdings(edges: Edges, smaller: NDArray[np.int64], larger: NDArray[np.int64]) -> pages.Holdings:
    """Return which articles hold others: of symmetric matches, each the other.

    Of two that are as long as each other, neither is held whole unless all of it spans the other.
    """
    in_larger = np.where((larger == edges.a)[:, None], edges.extent_a, edges.extent_b)
    in_smaller = np.where((larger == edges.a)[:, None], edges.extent_b, edges.extent_a)
    greater, lesser = np.maximum(edges.share_a, edges.share_b), np.minimum(edges.share_a, edges.share_b)
    small_whole = edges.contained | (greater >= SHORTER * lesser) | (np.ptp(in_smaller, axis=1) >= SPANNED)
    large_whole = np.ptp(in_larger, axis=1) >= SPANNED
    both = edges.symmetric
    extent = np.concatenate((in_larger, in_smaller[both]))
    return pages.Holdings(
        larger=np.concatenate((larger, smaller[both])),
        smaller=np.concatenate((smaller, larger[both])),
        begin=extent[:, 0],
        end=extent[:, 1],
        whole=np.concatenate((small_whole, large_whole[both])),
    )


def _collect(
    leaders: NDArray[np.int64], parts: dict[int, set[int]], held: dict[int, set[int]]
) -> list[Cluster]:
    cores: dict[int, set[int]] = {leader: {leader} for leader in (*parts, *held)}
    for article in np.flatnonzero(leaders != np.arange(len(leaders))).tolist():
        leader = int(leaders[article])
        cores.setdefault(leader, {leader}).add(article)
    clusters = []
    for leader, members in cores.items():
        core = tuple(sorted(members))
        excerpts = parts.get(leader, set()).difference(core)
        containers = held.get(leader, set()).difference(core, excerpts)
        clusters.append(Cluster(core, tuple(sorted(excerpts)), tuple(sorted(containers)), leader))
    return sorted(clusters, key=lambda one: one.core)


def _drop_subsumed(clusters: list[Cluster]) -> list[Cluster]:
    """Return the clusters that have two members or more and do not stand whole in another.

    What stands in another as its container does not count: copies of a page that holds it are a cluster of their own.
    """
    own = [{*one.core, *one.excerpts} for one in clusters]
    every = [own[index] | set(one.containers) for index, one in enumerate(clusters)]
    holding: dict[int, set[int]] = {}
    for index in range(len(clusters)):
        for article in own[index]:
            holding.setdefault(article, set()).add(index)
    kept = []
    for index, one in enumerate(clusters):
        others = set.intersection(*(holding[article] for article in own[index])) - {index}
        if len(every[index]) > 1 and not any(_within(every, index, other) for other in others):
            kept.append(one)
    return kept


def _within(sets: list[set[int]], inner: int, outer: int) -> bool:
    """Return whether one set stands in another; of two equal sets, the later in the earlier."""
    if sets[inner] == sets[outer]:
        return outer < inner
    return sets[inner] < sets[outer]
