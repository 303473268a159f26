"""How well two clusterings of the same articles agree, by their contingency table: no pair is ever listed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.evaluation import units


@dataclasses.dataclass(frozen=True, slots=True)
class Contingency:
    """The sizes of the true clusters, of the found ones, and of their intersections that are not empty.

    Parameters
    ----------
    true, found : (n_clusters,) int64
    both : (n_cells,) int64
    true_of, found_of : (n_cells,) int64, the clusters of each cell, indices into `true` and `found`
    """

    true: NDArray[np.int64]
    found: NDArray[np.int64]
    both: NDArray[np.int64]
    true_of: NDArray[np.int64]
    found_of: NDArray[np.int64]


def contingency(true: NDArray[np.int64], found: NDArray[np.int64]) -> Contingency:
    """Return the contingency table of two clusterings.

    Parameters
    ----------
    true, found : (n_articles,) int64, labels; equal labels mean one cluster

    >>> contingency(np.array([1, 1, 2]), np.array([5, 6, 6])).both.tolist()
    [1, 1, 1]
    """
    rows, true_sizes = _ranked(true)
    columns, found_sizes = _ranked(found)
    cells, sizes = _ranked(rows * max(1, len(found_sizes)) + columns)
    first = np.empty(len(sizes), np.int64)
    first[cells] = np.arange(len(cells))
    return Contingency(true_sizes, found_sizes, sizes, rows[first], columns[first])


def pairwise(table: Contingency) -> scores.Agreement:
    """Return precision, recall and F1 of the pairs of articles in one cluster.

    >>> pairwise(contingency(np.array([1, 1, 1, 2]), np.array([1, 1, 2, 2]))).n_both
    1
    """
    return scores.agreement(_n_pairs(table.true), _n_pairs(table.found), _n_pairs(table.both))


def b_cubed(table: Contingency) -> scores.BCubed:
    """Return B-cubed precision, recall and F1 (Bagga and Baldwin 1998).

    >>> b_cubed(contingency(np.array([1, 1, 2, 2]), np.array([1, 1, 1, 1])))
    BCubed(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """
    n_articles = int(table.true.sum())
    if not n_articles:
        return scores.BCubed(None, None, None)
    squares = table.both.astype(np.float64) ** 2
    precision = float((squares / table.found[table.found_of]).sum()) / n_articles
    recall = float((squares / table.true[table.true_of]).sum()) / n_articles
    return scores.BCubed(precision, recall, 2 * precision * recall / (precision + recall))


def adjusted_rand(table: Contingency) -> float | None:
    """Return the adjusted Rand index (Hubert and Arabie 1985): 1 for equal clusterings, about 0 for chance.

    >>> adjusted_rand(contingency(np.array([1, 1, 2, 2]), np.array([7, 7, 3, 3])))
    1.0
    """
    n_articles = int(table.true.sum())
    if not n_articles:
        return None
    every = n_articles * (n_articles - 1) // 2
    true, found, both = _n_pairs(table.true), _n_pairs(table.found), _n_pairs(table.both)
    # all is multiplied by 2 `every`, so that whole numbers stay whole however many pairs there are
    over_chance = 2 * (both * every - true * found)
    most = (true + found) * every - 2 * true * found
    return over_chance / most if most else 1.0


def assign(
    members: units.Memberships, n_units: int, n_clusters: int, *, containers: bool
) -> NDArray[np.int64]:
    """Return one cluster for each unit, (n_units,) int64: that of which it holds most, the lesser id of equals.

    A unit in no cluster has a label of its own.

    Parameters
    ----------
    n_clusters : clusters of the scan; greater labels are those of lone units
    containers : whether a container counts as a member
    """
    kept = np.ones(len(members.keys), bool) if containers else ~members.container
    owners, clusters, share = members.units[kept], members.clusters[kept], members.share[kept]
    order = np.lexsort((clusters, -share, owners))
    owners, clusters = owners[order], clusters[order]
    first = np.concatenate(([True], owners[1:] != owners[:-1]))[: len(owners)]
    labels = n_clusters + np.arange(n_units)
    labels[owners[first]] = clusters[first]
    return labels


def _ranked(labels: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each label's rank among the different labels, and how many have each."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    new = np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]
    ranks = np.empty(len(labels), np.int64)
    ranks[order] = np.cumsum(new) - 1
    return ranks, np.diff(np.append(np.flatnonzero(new), len(labels)))


def _n_pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
