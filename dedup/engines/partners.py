"""What a member of a cluster shares with the other members: the passages of its matches with them, joined."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.matching import matches as matching
    from dedup.matching import passages as aligning

MOST_PARTNERS = 64  # of a member, whose shared passages are joined; of very many, more would add little


@dataclasses.dataclass(frozen=True, slots=True)
class Partners:
    """The members of clusters, and all matches with their passages.

    Parameters
    ----------
    matches, passages : of all articles
    articles : (n,) int64, the members of the clusters one after another
    offsets : (n_clusters + 1,) int64
    """

    matches: matching.Matches
    passages: aligning.Passages
    articles: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def spans(self, asked: NDArray[np.int64]) -> records.Spans:
        """Return for some members what stands in other members of their clusters too; characters of their pages.

        Parameters
        ----------
        asked : (n_asked,) int64, numbers of members
        """
        rows, starts, ends = self._shared(asked)
        return _joined(rows, starts, ends, len(asked))

    def extents(self, asked: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where what `spans` returns begins and ends, (n_asked,) int64 each; -1 where it is empty."""
        rows, starts, ends = self._shared(asked)
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        firsts, lasts = np.full(len(asked), -1), np.full(len(asked), -1)
        if len(rows):
            firsts[rows[begins]] = np.minimum.reduceat(starts, begins)
            lasts[rows[begins]] = np.maximum.reduceat(ends, begins)
        return firsts, lasts

    def _shared(
        self, asked: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return places in `asked`, rising, and starts and ends of the passages that these members share."""
        owners, matches, sides = self._matches(asked)
        counts = np.diff(self.passages.offsets)[matches]
        first = np.repeat(self.passages.offsets[matches] - records.offsets(counts)[:-1], counts)
        places = first + np.arange(len(first))
        rows, sides = np.repeat(owners, counts), np.repeat(sides, counts)
        starts, ends = (self.passages.spans[places, sides + i].astype(np.int64) for i in range(2))
        return rows, starts, ends

    def _matches(
        self, asked: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return places in `asked`, matches of these members within their clusters, and 0 or 2 for their sides."""
        a, b = self.matches.a, self.matches.b
        n_articles = int(max(a.max(initial=-1), b.max(initial=-1), self.articles.max(initial=-1))) + 1
        is_asked, is_member = np.zeros(n_articles, np.bool_), np.zeros(n_articles, np.bool_)
        is_asked[self.articles[asked]] = True
        is_member[self.articles] = True
        left = np.flatnonzero(is_asked[a] & is_member[b])
        right = np.flatnonzero(is_asked[b] & is_member[a])
        matches = np.concatenate((left, right))
        own, other = np.concatenate((a[left], b[right])), np.concatenate((b[left], a[right]))
        order = np.lexsort((matches, own))
        matches, own, other, sides = matches[order], own[order], other[order], 2 * (order >= len(left))
        first, last = (np.searchsorted(own, self.articles[asked], side) for side in ("left", "right"))
        owners = np.repeat(np.arange(len(asked)), last - first)
        places = np.arange(len(owners)) + np.repeat(first - records.offsets(last - first)[:-1], last - first)
        clusters = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        members = np.sort(packing.pack(clusters, self.articles))
        wanted = packing.pack(clusters[asked][owners], other[places])
        found = np.minimum(np.searchsorted(members, wanted), len(members) - 1)
        kept = np.flatnonzero(members[found] == wanted)
        owners = owners[kept]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        kept, owners = kept[rank < MOST_PARTNERS], owners[rank < MOST_PARTNERS]
        return owners, matches[places[kept]], sides[places[kept]]


def _joined(
    rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], n_rows: int
) -> records.Spans:
    """Return spans in order, those joined that touch or overlap.

    Parameters
    ----------
    rows, starts, ends : (n,) int64
    """
    order = np.lexsort((ends, starts, rows))
    rows, starts, ends = rows[order], starts[order], ends[order]
    beyond = int(ends.max(initial=0)) + 1
    reach = np.maximum.accumulate(ends + rows * beyond)
    new = np.ones(len(rows), np.bool_)
    new[1:] = (starts + rows * beyond)[1:] > reach[:-1]
    begins = np.flatnonzero(new)
    last = np.append(begins, len(rows))[1:] - 1
    return records.Spans(
        starts[begins],
        (reach - rows * beyond)[last],
        np.searchsorted(rows[begins], np.arange(n_rows + 1)),
    )
