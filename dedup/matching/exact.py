"""Exact copies: articles with one set of shingles go through the indexes once, and share their matches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from dedup import packing, records

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Groups:
    """Articles grouped by their set of shingles.

    Parameters
    ----------
    representatives : (n_groups,) int64, the first article of each group, rising
    members : rows of int64; row i holds the articles of group i, rising
    group_of : (n_articles,) int64, -1 for articles that take no part
    """

    representatives: NDArray[np.int64]
    members: records.Ragged
    group_of: NDArray[np.int64]


def group(shingles: records.Ragged, articles: NDArray[np.int64]) -> Groups:
    """Return the groups of those articles, by a 64-bit digest of each set.

    >>> sets = records.Ragged(np.array([1, 2, 1, 2, 9], np.uint32), np.array([0, 2, 4, 5]))
    >>> group(sets, np.arange(3)).representatives.tolist()
    [0, 2]
    """
    sets = (shingles.row(article) for article in articles.tolist())
    digests = np.fromiter((xxhash.xxh3_64_intdigest(own.data) for own in sets), np.uint64, len(articles))
    order = np.lexsort((articles, digests))
    starts = np.flatnonzero(np.concatenate(([True], digests[order][1:] != digests[order][:-1]))[: len(order)])
    by_digest = records.Ragged(articles[order], np.concatenate((starts, [len(order)])))
    members = by_digest.take(np.argsort(articles[order][starts], kind="stable")) if len(order) else by_digest
    representatives = members.values[members.offsets[:-1]]
    group_of = np.full(len(shingles), -1, np.int64)
    group_of[members.values] = np.repeat(np.arange(len(members)), np.diff(members.offsets))
    return Groups(representatives, members, group_of)


def expand(
    pairs: NDArray[np.uint64], groups: Groups, most: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the pairs between all members, sorted, and for each the pair of representatives it rests on.

    Pairs inside a group rest on none: -1. Where two groups give more than `most` pairs, each member is paired with
    the other group's representative only; a group that gives more is paired with its representative only.

    Parameters
    ----------
    pairs : (n,) uint64 between representatives
    """
    first = groups.group_of[packing.high(pairs)]
    second = groups.group_of[packing.low(pairs)]
    sizes = np.diff(groups.members.offsets)
    alone = (sizes[first] == 1) & (sizes[second] == 1)
    made = [pairs[alone]]
    rests = [np.flatnonzero(alone)]
    for index in np.flatnonzero(~alone):
        ours, theirs = groups.members.row(first[index]), groups.members.row(second[index])
        found = _across(ours, theirs, most)
        made.append(found)
        rests.append(np.full(len(found), index))
    for several in np.flatnonzero(sizes > 1).tolist():
        found = _within(groups.members.row(several), most)
        made.append(found)
        rests.append(np.full(len(found), -1))
    every, rest = np.concatenate(made), np.concatenate(rests)
    order = np.argsort(every, kind="stable")
    return every[order], rest[order]


def _across(ours: NDArray[np.int64], theirs: NDArray[np.int64], most: int) -> NDArray[np.uint64]:
    if len(ours) * len(theirs) <= most:
        left, right = np.repeat(ours, len(theirs)), np.tile(theirs, len(ours))
    else:
        left = np.concatenate((ours, np.full(len(theirs) - 1, ours[0])))
        right = np.concatenate((np.full(len(ours), theirs[0]), theirs[1:]))
    return packing.pair(left, right)


def _within(members: NDArray[np.int64], most: int) -> NDArray[np.uint64]:
    if len(members) * (len(members) - 1) // 2 <= most:
        left, right = np.triu_indices(len(members), 1)
        return packing.pair(members[left], members[right])
    return packing.pair(np.full(len(members) - 1, members[0]), members[1:])
