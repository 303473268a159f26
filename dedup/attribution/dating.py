"""Dates that stories carry beside the one they claim, and what cannot be right about them.

Kept apart are the claimed date, the dateline, when a page says that it was modified, and when a crawl or feed saw it.
No date is rewritten: what cannot be right is told, and does not put stories in order.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from dedup import dates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import timing

_MODIFIED, _SEEN = "modified", "seen"
_NO_DATES = frozenset(("1970-01-01", "1969-12-31", "0001-01-01", "1900-01-01", "1601-01-01"))
"""Days at which computers begin to count: a date of that day stands for none."""
_SLACK_S = 24 * 3600  # by which a claimed date may lie after another one: zones, and clocks
NEVER = np.iinfo(np.int64).max // 4
"""Stands for the time of what has none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """When crawls or feeds saw n stories, and when the pages say that they were modified; (n,) int64 each.

    Seconds since 1970 in UTC, the beginning and the end of what the record names; NEVER for none. `fields` names the
    field that tells when a story was seen.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    modified: NDArray[np.int64]
    fields: dict[int, records.Margin]


def read(stories: records.Stories) -> Seen:
    """Return what the records of these stories say beside their claimed dates."""
    import pyarrow.compute as pc

    n = len(stories)
    starts, ends, modified = (np.full(n, NEVER) for _ in range(3))
    fields: dict[int, records.Margin] = {}
    told = np.flatnonzero(pc.list_value_length(stories.margins).to_numpy(zero_copy_only=False) > 0)
    for number, story in zip(told.tolist(), stories.chosen(told) if len(told) else (), strict=True):
        for margin in story.margins:
            date = dates.parse(margin.text) if margin.role in {_MODIFIED, _SEEN} else None
            if date is None:
                continue
            start, end = int(date.start.timestamp()), int(date.end.timestamp())
            if margin.role == _MODIFIED:
                modified[number] = min(modified[number], start)
            elif start < starts[number]:
                starts[number], ends[number], fields[number] = start, end, margin
    return Seen(starts, ends, modified, fields)


def now_s() -> int:
    """Return the seconds since 1970 at which a scan runs: what lies after it is in the future."""
    return int(dt.datetime.now(dt.UTC).timestamp())


def odd(claims: timing.Claims, seen: Seen, now: int) -> dict[int, list[str]]:
    """Return what cannot be right about the dates of each story that has such a date.

    Parameters
    ----------
    now : seconds since 1970
    """
    found: dict[int, list[str]] = {}
    claimed = claims.numbers >= 0
    crawled = claimed & (seen.ends < NEVER) & (claims.starts > seen.ends + _SLACK_S)
    future = claimed & ~crawled & (claims.starts > now + _SLACK_S)
    changed = claimed & (seen.modified < NEVER) & (claims.starts > seen.modified + _SLACK_S)
    empty = claimed & claims.are_among(_NO_DATES)
    for number in np.flatnonzero(crawled | future | changed | empty).tolist():
        date = claims.date(number)
        if date is None:
            continue
        told = found.setdefault(number, [])
        if crawled[number]:
            told.append(f"claimed {date.iso} is after {_day(seen.starts[number])}, when it was seen")
        if empty[number]:
            told.append(f"claimed {date.iso} is where computers begin to count, and stands for no date")
        if future[number]:
            told.append(f"claimed {date.iso} is in the future")
        if changed[number]:
            told.append(f"claimed {date.iso} is after {_day(seen.modified[number])}, when it was modified")
    return found


def _day(seconds: int) -> str:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).date().isoformat()
