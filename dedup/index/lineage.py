"""Which cluster goes on as which: ids are kept over growth, and what becomes of the others is told."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import xxhash

from dedup.findings import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MERGED, SPLIT, ENDED, ORIGIN, FIRST = "merged", "split", "ended", "origin", "first"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """The ids of clusters made anew, in their order, and what befell those that were there before."""

    cluster_ids: list[str]
    events: list[Event]


def trace(
    before: Sequence[tuple[str, Iterable[int]]],
    after: Sequence[tuple[str, Iterable[int]]],
    is_taken: Callable[[str], bool],
) -> Line:
    """Return the ids that clusters go on by: each cluster before goes on as the one that holds most of its articles.

    Parameters
    ----------
    before : id and articles of each cluster that was there
    after : of each cluster made anew the id that it would have by itself, and its articles
    is_taken : whether an id is, or was, that of another cluster

    >>> line = trace([("a", [1, 2]), ("b", [3, 4, 5])], [("x", [1, 2, 3, 4, 5, 6]), ("y", [7])], lambda name: False)
    >>> line.cluster_ids, line.events
    (['b', 'y'], [Event(cluster_id='a', what='merged', before=None, after='b')])
    """
    held: dict[int, list[int]] = {}
    for place, (_, articles) in enumerate(before):
        for article in articles:
            held.setdefault(article, []).append(place)
    common: dict[tuple[int, int], int] = {}
    for place, (_, articles) in enumerate(after):
        for article in articles:
            for old in held.get(article, ()):
                common[old, place] = common.get((old, place), 0) + 1
    ordered = sorted(common, key=lambda pair: (-common[pair], before[pair[0]][0], after[pair[1]][0]))
    heir: dict[int, int] = {}
    kept: dict[int, int] = {}
    for old, new in ordered:
        if old not in heir and new not in kept:
            heir[old], kept[new] = new, old
    names = _names(before, after, kept, is_taken)
    return Line(names, _events(before, names, ordered, heir, kept))


def _names(
    before: Sequence[tuple[str, Iterable[int]]],
    after: Sequence[tuple[str, Iterable[int]]],
    kept: dict[int, int],
    is_taken: Callable[[str], bool],
) -> list[str]:
    used = {name for name, _ in before}
    names = []
    for place, (own, _) in enumerate(after):
        if place in kept:
            names.append(before[kept[place]][0])
            continue
        name, turn = own, 1
        while name in used or is_taken(name):
            turn += 1
            name = f"c{xxhash.xxh3_64_hexdigest(f'{own}:{turn}'.encode())}"
        used.add(name)
        names.append(name)
    return names


def _events(
    before: Sequence[tuple[str, Iterable[int]]],
    names: list[str],
    ordered: list[tuple[int, int]],
    heir: dict[int, int],
    kept: dict[int, int],
) -> list[Event]:
    """Return what befell the clusters before; of those that went into several the one with the most counts."""
    into: dict[int, int] = {}
    out_of: dict[int, int] = {}
    for old, new in ordered:
        into.setdefault(old, new)
        out_of.setdefault(new, old)
    events = []
    for old, (name, _) in enumerate(before):
        if old in heir:
            continue
        if old in into:
            events.append(Event(name, MERGED, None, names[into[old]]))
        else:
            events.append(Event(name, ENDED, None, None))
    events += [
        Event(names[new], SPLIT, before[old][0], None)
        for new, old in sorted(out_of.items())
        if new not in kept
    ]
    return events
