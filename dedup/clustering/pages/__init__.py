"""Pages: the articles that hold several others which have nothing to do with each other.

Such a page must not join what it holds. An article with two excerpts from different places looks much the same, so
that the shape of the page decides: its articles fill it, and another article that holds them all is a copy of
this one only where they do not.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import ordering

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    SameTopic = Callable[[int, list[tuple[float, float]]], bool]

MOST_ASKED = 45_000  # pairs of one page's parts, asked whether they are related
WHOLE = 0.9  # of a page's text, that a copy of the page has at least
SEAM = 0.1  # of a part's extent, that may run into the place before it
FILLED = 0.93  # of a page's text, that its articles fill
_LEAST_ROOM = 1 << 14  # places of pages about which it must be asked, at once


@dataclasses.dataclass(frozen=True, slots=True)
class Holdings:
    """Which articles hold others, one row each; copies and revisions hold each other.

    Parameters
    ----------
    larger, smaller : (n,) int64; most of the smaller one stands in the larger one
    begin, end : (n,) float64; where it stands, as shares of the larger one's text
    whole : (n,) bool; the smaller one stands there from its beginning to its end, as an article on a page does, and
        not as the next version of the larger one
    """

    larger: NDArray[np.int64]
    smaller: NDArray[np.int64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]
    whole: NDArray[np.bool_]


def find(holdings: Holdings, matched: NDArray[np.uint64], same_topic: SameTopic) -> NDArray[np.int64]:
    """Return the articles that are pages of several unrelated ones, rising.

    Parts that fill the article are a page's. Of others, those that stand together in a further article are excerpts,
    and so are those about one thing.

    Parameters
    ----------
    matched : (n_matches,) uint64, sorted; every verified pair as `a << 32 | b`, partial ones too
    same_topic : whether some pieces of an article are about one thing; pieces as begin and end, shares of its text

    >>> rows = [np.array(column) for column in ([9, 9], [1, 2], [0.0, 0.5], [0.5, 1.0], [True, True])]
    >>> find(Holdings(*rows), np.array([1 << 32 | 9, 2 << 32 | 9], np.uint64), lambda page, pieces: False).tolist()
    [9]
    """
    from dedup.clustering.pages import kernels

    by_holder = ordering.by_key(holdings.larger, int(holdings.larger.max(initial=-1)) + 1)
    sizes = np.diff(by_holder.offsets)
    holders = np.flatnonzero(sizes > 1)
    is_page = np.zeros(len(holders), np.bool_)
    room = max(_LEAST_ROOM, int(sizes.max(initial=0)))
    places, pieces = np.empty(room, np.int64), np.empty((room, 2))
    asked = np.empty((room, 3), np.int64)
    n_done = 0
    while n_done < len(holders):
        n_done, n_asked = kernels.judge(
            holders,
            n_done,
            by_holder.values,
            by_holder.offsets,
            (holdings.smaller, holdings.begin, holdings.end, holdings.whole),
            matched,
            (SEAM, WHOLE, FILLED, MOST_ASKED),
            places,
            is_page,
            asked,
            pieces,
        )
        for holder, first, last in asked[:n_asked].tolist():
            asked_of = [(begin, end) for begin, end in pieces[first:last].tolist()]
            is_page[holder] = not same_topic(int(holders[holder]), asked_of)
    return holders[is_page]
