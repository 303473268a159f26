"""Exact copies: articles of equal shingles go through the indexes once, and share their matches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Groups:
    """Articles grouped by their shingles.

    Parameters
    ----------
    representatives : (n_groups,) int64, the first article of each group, rising
    members : rows of int64; row i holds the articles of group i, rising
    group_of : (n_articles,) int64, -1 for articles that take no part
    """

    representatives: NDArray[np.int64]
    members: records.Ragged
    group_of: NDArray[np.int64]


def group(digests: NDArray[np.uint64], articles: NDArray[np.int64]) -> Groups:
    """Return the groups of those articles, by the digest of each one's sequence of shingles.

    Parameters
    ----------
    digests : (n_articles,) uint64
    articles : (n,) int64, rising

    >>> group(np.array([5, 5, 9], np.uint64), np.arange(3)).representatives.tolist()
    [0, 2]
    """
    order = np.argsort(digests[articles], kind="stable")
    ordered = digests[articles][order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(order)])
    by_digest = records.Ragged(articles[order], np.append(starts, len(order)))
    firsts = articles[order][starts]
    members = by_digest.take(np.argsort(firsts, kind="stable")) if len(order) else by_digest
    representatives = members.values[members.offsets[:-1]]
    group_of = np.full(len(digests), -1, np.int64)
    group_of[members.values] = np.repeat(np.arange(len(members)), np.diff(members.offsets))
    return Groups(representatives, members, group_of)


def expand(pairs: NDArray[np.uint64], groups: Groups, most: int) -> NDArray[np.uint64]:
    """Return the pairs between all members, and those inside the groups, sorted.

    Where two groups give more than `most` pairs, only their representatives are paired; of a group that gives more,
    each member is paired with its representative only. So pairs grow with the members, not with their square.

    Parameters
    ----------
    pairs : (n,) uint64 between representatives
    """
    first = groups.group_of[packing.high(pairs)]
    second = groups.group_of[packing.low(pairs)]
    sizes = np.diff(groups.members.offsets)
    alone = (sizes[first] == 1) & (sizes[second] == 1)
    few = ~alone & (sizes[first] * sizes[second] <= most)
    several = np.flatnonzero((sizes > 1) & (sizes * sizes <= most))
    made = [
        pairs[~few],  # of two articles, or of two representatives
        packing.pair(*_products(first[few], second[few], groups.members)),
        _rising(*_products(several, several, groups.members)),
    ]
    for many in np.flatnonzero(sizes * sizes > most).tolist():
        members = groups.members.row(many)
        made.append(packing.pair(np.full(len(members) - 1, members[0]), members[1:]))
    every = np.concatenate(made)
    packing.sort(every)
    return every


def _products(
    first: NDArray[np.int64], second: NDArray[np.int64], members: records.Ragged
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each member of a group with each of another's, for each two groups."""
    sizes, starts = np.diff(members.offsets), members.offsets[:-1]
    counts = sizes[first] * sizes[second]
    offsets = records.offsets(counts)
    owners = np.repeat(np.arange(len(first)), counts)
    places = np.arange(offsets[-1]) - offsets[owners]
    width = sizes[second][owners]
    left = members.values[starts[first][owners] + places // width]
    right = members.values[starts[second][owners] + places % width]
    return left, right


def _rising(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the pairs whose first article is the lesser one."""
    rising = left < right
    return packing.pack(left[rising], right[rising])
