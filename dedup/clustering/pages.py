"""Pages: the articles that hold several others which have nothing to do with each other.

Such a page must not join what it holds. An article with two excerpts from different places looks much the same, so
that the shape of the page decides: its articles fill it, and another article that holds them all is a copy of
this one only where they do not.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    SameTopic = Callable[[int, list[tuple[float, float]]], bool]

MOST_PARTS = 300  # of one page, asked whether they are related
WHOLE = 0.9  # of a page's text, that a copy of the page has at least
SEAM = 0.1  # of a part's extent, that may run into the place before it
FILLED = 0.93  # of a page's text, that its articles fill


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


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    article: int
    begin: float
    end: float
    whole: bool


def find(holdings: Holdings, matched: NDArray[np.uint64], same_topic: SameTopic) -> set[int]:
    """Return the articles that are pages of several unrelated ones.

    Parameters
    ----------
    matched : (n_matches,) uint64, sorted; every verified pair as `a << 32 | b`, partial ones too
    same_topic : whether some pieces of an article are about one thing; pieces as begin and end, shares of its text

    >>> rows = [np.array(column) for column in ([9, 9], [1, 2], [0.0, 0.5], [0.5, 1.0], [True, True])]
    >>> find(Holdings(*rows), np.array([1 << 32 | 9, 2 << 32 | 9], np.uint64), lambda page, pieces: False)
    {9}
    """
    return {page for page, parts in _by_page(holdings) if _is_page(page, parts, matched, same_topic)}


def _by_page(holdings: Holdings) -> Iterator[tuple[int, list[_Part]]]:
    """Yield each article that holds two others or more, with some hundreds of these."""
    order = np.lexsort((holdings.smaller, holdings.larger))
    larger = holdings.larger[order]
    begins = np.flatnonzero(np.concatenate(([True], larger[1:] != larger[:-1]))[: len(larger)])
    names = ("smaller", "begin", "end", "whole")
    columns = [getattr(holdings, name)[order].tolist() for name in names]
    ends = np.append(begins, len(larger))[1:]
    for first, last in zip(begins.tolist(), ends.tolist(), strict=True):
        if last - first > 1:
            rows = zip(*(column[first : min(last, first + MOST_PARTS)] for column in columns), strict=True)
            yield int(larger[first]), [_Part(*row) for row in rows]


def _is_page(page: int, parts: list[_Part], matched: NDArray[np.uint64], same_topic: SameTopic) -> bool:
    """Return whether these parts stand at several places and have nothing to do with each other.

    Parts that fill the article are a page's. Of others, those that stand together in a further article are excerpts,
    and so are those about one thing.
    """
    together = len(_places(parts)) == 1
    held = [part for part in parts if part.whole and (not together or part.end - part.begin < WHOLE)]
    places = _places(held)
    if len(places) == 1 or not _unrelated(places, matched):
        return False
    if _filled(held) >= FILLED:
        return True
    return not together and not same_topic(page, [(place[0].begin, place[-1].end) for place in places])


def _places(parts: list[_Part]) -> list[list[_Part]]:
    """Return the parts at each place of a page; parts that overlap, one by one, are at one place."""
    places: list[list[_Part]] = [[]]
    until = 0.0
    for part in sorted(parts, key=lambda part: part.begin):
        if places[-1] and until - part.begin <= SEAM * (part.end - part.begin):
            places.append([])
        places[-1].append(part)
        until = max(until, part.end)
    return places


def _filled(parts: list[_Part]) -> float:
    """Return the share of a page that these parts fill together."""
    filled, until = 0.0, 0.0
    for part in sorted(parts, key=lambda part: part.begin):
        filled += max(0.0, part.end - max(part.begin, until))
        until = max(until, part.end)
    return filled


def _unrelated(places: list[list[_Part]], matched: NDArray[np.uint64]) -> bool:
    """Return whether an article at one place shares nothing with one at another."""
    for place, other in itertools.combinations(places, 2):
        ours = np.array([part.article for part in place], np.int64)
        theirs = np.array([part.article for part in other], np.int64)
        asked = packing.pair(np.repeat(ours, len(theirs)), np.tile(theirs, len(ours)))
        if not packing.contains(matched, asked).all():
            return True
    return False
