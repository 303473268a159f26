"""From matches to article clusters: attach, don't merge.

Copies and revisions are symmetric: they make the core of a cluster, a star around one leader. An excerpt joins the
cluster of the article that it stands in. A page that holds several unrelated articles joins the cluster of each as a
container, and joins none of them to another; copies of such a page are a cluster of their own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records
from dedup.clustering import pages, stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_LIKENESS = 0.01  # of articles that have only words in common
SHORTER = 1.25  # times more of the shorter of two articles is shared, where the longer one holds it
SPANNED = 0.95  # of an article's text, from the first to the last that is shared
LEAST_PAGE_SHARE = 0.6  # of the lesser of two pages, that makes them copies of one another
CORE, EXCERPT, CONTAINER = range(3)
_LEAST_MEMBERS = 2
_KIND_BITS, _KIND = np.uint64(2), np.uint64(3)
_NO_PAIR = np.uint64(0xFFFFFFFFFFFFFFFF)


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
class Clusters:
    """Article clusters, in the order of their cores' least articles; one row for each member, by article.

    A cluster's reference leads its core: its text is the cluster's own, which shares are measured against.

    Parameters
    ----------
    references : (n_clusters,) int64
    articles : (n_members,) int64, those of cluster i from `offsets[i]` to `offsets[i + 1]`, rising
    parts : (n_members,) int8; CORE, EXCERPT or CONTAINER
    offsets : (n_clusters + 1,) int64
    """

    references: NDArray[np.int64]
    articles: NDArray[np.int64]
    parts: NDArray[np.int8]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of clusters."""
        return len(self.references)

    def numbers(self) -> NDArray[np.int64]:
        """Return the cluster of each member, (n_members,) int64."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def first(self, part: int) -> NDArray[np.int64]:
        """Return the least article of each cluster that is this part of it, -1 for none."""
        found = np.full(len(self), -1)
        rows = np.flatnonzero(self.parts == part)[::-1]
        found[self.numbers()[rows]] = self.articles[rows]
        return found

    def count(self, part: int) -> NDArray[np.int64]:
        """Return how many articles are this part of each cluster, (n_clusters,) int64."""
        return np.bincount(self.numbers()[self.parts == part], minlength=len(self))

    def take(self, order: NDArray[np.int64]) -> Clusters:
        """Return some clusters, in the order asked for."""
        lengths = np.diff(self.offsets)[order]
        offsets = records.offsets(lengths)
        rows = np.repeat(self.offsets[order] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Clusters(self.references[order], self.articles[rows], self.parts[rows], offsets)


def cluster(
    n_words: NDArray[np.int64],
    edges: Edges,
    matched: NDArray[np.uint64],
    measure: stars.Measure,
    same_topic: pages.SameTopic,
) -> Clusters:
    """Return the clusters of at least two articles.

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
    is_page = np.zeros(len(n_words), bool)
    is_page[pages.find(_holdings(edges, first_smaller), matched, same_topic)] = True
    small_page, large_page = is_page[smaller], is_page[larger]
    attach = large_page & (edges.contained | (~small_page & edges.symmetric))
    lesser = np.minimum(edges.share_a, edges.share_b)
    merge = edges.symmetric & (small_page == large_page) & (~large_page | (lesser >= LEAST_PAGE_SHARE))
    leaders = stars.leaders(n_words, _symmetric(edges, merge), measure)
    led = leaders[larger]
    excerpt = np.flatnonzero(edges.contained & ~large_page & (leaders[smaller] != led))
    smaller_one, larger_one, led = smaller[excerpt], larger[excerpt], led[excerpt]
    inside = _stand_in(smaller_one, larger_one, led, measure)
    found = _collect(
        leaders,
        packing.pack(led[inside], smaller_one[inside]),
        packing.pack(leaders[smaller[attach]], larger[attach]),
    )
    placed = np.zeros(len(n_words), bool)
    placed[smaller_one[inside]] = True
    elsewhere = ~placed[smaller_one]
    apart = _around(larger_one[elsewhere], smaller_one[elsewhere])
    return _merged(_drop_subsumed(found), apart)


def _stand_in(
    smaller: NDArray[np.int64],
    larger: NDArray[np.int64],
    leaders: NDArray[np.int64],
    measure: stars.Measure,
) -> NDArray[np.bool_]:
    """Return which excerpts of articles stand in the texts of their clusters, too.

    An old lead that a later version dropped stands in the older version, and not in the cluster's own text.
    """
    inside: NDArray[np.bool_] = leaders == larger
    asked = np.flatnonzero(~inside)
    if len(asked):
        inside[asked] = measure(smaller[asked], leaders[asked]).greater >= stars.LEAST_HELD
    return inside


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


def _holdings(edges: Edges, a_is_smaller: NDArray[np.bool_]) -> pages.Holdings:
    """Return which articles hold others: of symmetric matches, each the other.

    Of two that are as long as each other, neither is held whole unless all of it spans the other.
    """
    greater, lesser = np.maximum(edges.share_a, edges.share_b), np.minimum(edges.share_a, edges.share_b)
    much_shorter = edges.contained | (greater >= SHORTER * lesser)
    a_whole = (a_is_smaller & much_shorter) | (_width(edges.extent_a) >= SPANNED)
    b_whole = (~a_is_smaller & much_shorter) | (_width(edges.extent_b) >= SPANNED)
    in_b = np.flatnonzero(a_is_smaller | edges.symmetric)
    in_a = np.flatnonzero(~a_is_smaller | edges.symmetric)
    return pages.Holdings(
        larger=np.concatenate((edges.b[in_b], edges.a[in_a])),
        smaller=np.concatenate((edges.a[in_b], edges.b[in_a])),
        begin=np.concatenate((edges.extent_b[in_b, 0], edges.extent_a[in_a, 0])),
        end=np.concatenate((edges.extent_b[in_b, 1], edges.extent_a[in_a, 1])),
        whole=np.concatenate((a_whole[in_b], b_whole[in_a])),
    )


def _width(extents: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(extents[:, 1] - extents[:, 0])


def _collect(
    leaders: NDArray[np.int64], excerpts: NDArray[np.uint64], containers: NDArray[np.uint64]
) -> Clusters:
    """Return the clusters around leaders; what belongs to a core is no excerpt of it, and neither is a container.

    Parameters
    ----------
    leaders : (n_articles,) int64
    excerpts, containers : (n,) uint64, `leader << 32 | article`, in any order, repeated or not
    """
    followers = np.flatnonzero(leaders != np.arange(len(leaders)))
    core = packing.pack(leaders[followers], followers)
    leading = np.zeros(len(leaders), bool)
    for pairs in (core, excerpts, containers):
        leading[packing.high(pairs)] = True
    heads = np.flatnonzero(leading)
    return _of_rows((np.concatenate((packing.pack(heads, heads), core)), excerpts, containers))


def _around(articles: NDArray[np.int64], excerpts: NDArray[np.int64]) -> Clusters:
    """Return clusters of one article each with its excerpts, in the order of the articles."""
    heads = packing.pack(articles, articles)
    return _of_rows((heads, packing.pack(articles, excerpts), heads[:0]))


def _of_rows(rows: tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]) -> Clusters:
    """Return the clusters of some rows, in the order of their cores' least articles.

    Parameters
    ----------
    rows : `reference << 32 | article` of the core, of excerpts and of containers; an article counts where it is first
    """
    kinds = np.repeat(np.arange(len(rows), dtype=np.uint64), [len(part) for part in rows])
    ordered = np.sort(np.concatenate(rows) << _KIND_BITS | kinds)
    pairs = ordered >> _KIND_BITS
    new = np.flatnonzero(np.diff(pairs, prepend=_NO_PAIR))
    references = packing.high(pairs[new])
    begins = np.flatnonzero(np.diff(references, prepend=-1))
    found = Clusters(
        references[begins],
        packing.low(pairs[new]),
        (ordered[new] & _KIND).astype(np.int8),
        np.append(begins, len(new)),
    )
    return found.take(np.argsort(found.first(CORE)))


def _merged(one: Clusters, other: Clusters) -> Clusters:
    """Return both, in the order of their cores' least articles; the other first where these are equal."""
    both = Clusters(
        np.concatenate((one.references, other.references)),
        np.concatenate((one.articles, other.articles)),
        np.concatenate((one.parts, other.parts)),
        np.concatenate((one.offsets, one.offsets[-1] + other.offsets[1:])),
    )
    is_other = np.arange(len(both)) >= len(one)
    return both.take(np.lexsort((~is_other, both.first(CORE))))


def _drop_subsumed(found: Clusters) -> Clusters:
    """Return the clusters that have two members or more and do not stand whole in another.

    What stands in another as its container does not count: copies of a page that holds it are a cluster of their own.
    Of two that stand in each other the first is kept.
    """
    n_core, sizes, numbers = found.count(CORE), np.diff(found.offsets), found.numbers()
    n_own = sizes - found.count(CONTAINER)
    core_of = np.full(int(found.articles.max(initial=-1)) + 1, -1)
    core = found.parts == CORE
    core_of[found.articles[core]] = numbers[core]
    excerpts = np.flatnonzero((found.parts == EXCERPT) & (core_of[found.articles] >= 0))
    pairs = np.sort(packing.pack(core_of[found.articles[excerpts]], numbers[excerpts]))
    first = np.flatnonzero(np.diff(pairs, prepend=_NO_PAIR))
    n_placed = np.diff(np.append(first, len(pairs)))
    inner, outer = packing.high(pairs[first]), packing.low(pairs[first])
    fits = (n_placed == n_core[inner]) & (n_own[inner] <= n_own[outer])
    fits &= (sizes[inner] < sizes[outer]) | ((sizes[inner] == sizes[outer]) & (outer < inner))
    dropped = sizes < _LEAST_MEMBERS
    dropped[inner[fits][_stands_whole(found, inner[fits], outer[fits])]] = True
    return found.take(np.flatnonzero(~dropped))


def _stands_whole(found: Clusters, inner: NDArray[np.int64], outer: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for some pairs of clusters whether each member of the first stands in the second, (n,) bool.

    Containers may be any part of the second, others not its containers.
    """
    members = found.take(inner)
    pairs = members.numbers()
    known = packing.pack(found.numbers(), found.articles)
    asked = packing.pack(outer[pairs], members.articles)
    places = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    stands = known[places] == asked
    stands &= (members.parts == CONTAINER) | (found.parts[places] != CONTAINER)
    n_missing = np.bincount(pairs[~stands], minlength=len(inner))
    return np.asarray(n_missing == 0)
