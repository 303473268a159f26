"""From matches to article clusters: attach, don't merge.

Copies and revisions are symmetric: they make the core of a cluster, by connected components. An excerpt joins the
cluster of the article that it stands in. A page that holds several unrelated articles joins the cluster of each as a
container, and joins none of them to another; copies of such a page are a cluster of their own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PARTNERS = 300  # of one page, asked whether they are related


@dataclasses.dataclass(frozen=True, slots=True)
class Edges:
    """Matches as clustering reads them, one row each.

    Parameters
    ----------
    a, b : (n,) int64, articles, a < b
    share_a, share_b : (n,) float64
    symmetric : (n,) bool; copies and revisions
    contained : (n,) bool; one side mostly stands in the other
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    share_a: NDArray[np.float64]
    share_b: NDArray[np.float64]
    symmetric: NDArray[np.bool_]
    contained: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """One article cluster: the core, which is not empty, then those attached to it; all sorted.

    The reference is the core's longest article: shares are measured against it.
    """

    core: tuple[int, ...]
    excerpts: tuple[int, ...]
    containers: tuple[int, ...]
    reference: int

    @property
    def members(self) -> tuple[int, ...]:
        """Return every article of the cluster, sorted."""
        return tuple(sorted((*self.core, *self.excerpts, *self.containers)))


def cluster(n_words: NDArray[np.int64], edges: Edges, matched: NDArray[np.uint64]) -> list[Cluster]:
    """Return the clusters of at least two articles, in the order of their cores' least articles.

    Parameters
    ----------
    n_words : (n_articles,) int64
    matched : (n_matches,) uint64, sorted; every verified pair as `a << 32 | b`, partial ones too
    """
    smaller, larger = _by_size(edges)
    holds_whole = edges.contained | edges.symmetric
    held_share = np.minimum(edges.share_a, edges.share_b)
    containers = _containers(smaller[holds_whole], larger[holds_whole], held_share[holds_whole], matched)
    is_container = np.zeros(len(n_words), bool)
    is_container[list(containers)] = True
    attach = is_container[larger] & (edges.contained | (edges.symmetric & ~is_container[smaller]))
    merge = edges.symmetric & (is_container[larger] == is_container[smaller])
    labels = components.components(len(n_words), edges.a[merge], edges.b[merge])
    held: dict[int, set[int]] = {}
    parts: dict[int, set[int]] = {}
    for small, large in zip(smaller[attach], larger[attach], strict=True):
        held.setdefault(int(labels[small]), set()).add(int(large))
    excerpt = edges.contained & ~is_container[larger] & (labels[smaller] != labels[larger])
    for small, large in zip(smaller[excerpt], larger[excerpt], strict=True):
        parts.setdefault(int(labels[large]), set()).add(int(small))
    found = _collect(labels, edges.a[merge], edges.b[merge], parts, held, n_words)
    return _drop_subsumed(found)


def _by_size(edges: Edges) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the smaller and the larger article of each pair: the one that shares more of itself is the smaller."""
    first_smaller = edges.share_a >= edges.share_b
    smaller = np.where(first_smaller, edges.a, edges.b)
    larger = np.where(first_smaller, edges.b, edges.a)
    return smaller, larger


def _containers(
    smaller: NDArray[np.int64],
    larger: NDArray[np.int64],
    held_share: NDArray[np.float64],
    matched: NDArray[np.uint64],
) -> set[int]:
    """Return the articles that hold two others which share nothing with each other.

    Parameters
    ----------
    smaller, larger : (n,) int64; the larger one holds the smaller one
    held_share : (n,) float64, share of the larger one that stands in the smaller one
    """
    order = np.lexsort((smaller, larger))
    smaller, larger, held_share = smaller[order], larger[order], held_share[order]
    begins = np.flatnonzero(np.concatenate(([True], larger[1:] != larger[:-1]))[: len(larger)])
    ends = np.append(begins, len(larger))[1:]
    return {
        int(larger[begin])
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        if end - begin > 1 and _unrelated(smaller[begin:end], held_share[begin:end], matched)
    }


def _unrelated(partners: NDArray[np.int64], shares: NDArray[np.float64], matched: NDArray[np.uint64]) -> bool:
    """Return whether two of these parts of one article share nothing; of very many, the first hundreds are asked.

    Two parts that no match joins can still overlap, where too many articles hold their text for every pair to be
    found: they surely do when together they are more than the whole.
    """
    left, right = np.triu_indices(min(len(partners), MOST_PARTNERS), 1)
    apart = shares[left] + shares[right] <= 1
    left, right = left[apart], right[apart]
    pairs = (partners[left].astype(np.uint64) << np.uint64(32)) | partners[right].astype(np.uint64)
    places = np.minimum(np.searchsorted(matched, pairs), len(matched) - 1)
    return bool((matched[places] != pairs).any())


def _collect(
    labels: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    parts: dict[int, set[int]],
    held: dict[int, set[int]],
    n_words: NDArray[np.int64],
) -> list[Cluster]:
    cores: dict[int, set[int]] = {int(label): {int(label)} for label in (*parts, *held)}
    for article in np.unique(np.concatenate((left, right))):
        cores.setdefault(int(labels[article]), set()).add(int(article))
    clusters = []
    for label in sorted(cores):
        core = tuple(sorted(cores[label]))
        excerpts = parts.get(label, set()).difference(core)
        containers = held.get(label, set()).difference(core, excerpts)
        reference = max(core, key=lambda article: (n_words[article], -article))
        clusters.append(Cluster(core, tuple(sorted(excerpts)), tuple(sorted(containers)), reference))
    return clusters


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
