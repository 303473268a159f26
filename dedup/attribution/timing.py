"""Order in time: which story was first, by how much, and what that says."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING

from dedup import dates
from dedup.attribution import republication, rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup import records

_UNKNOWN_ZONE = datetime.timedelta(hours=12)
"""A time without a zone may lie this much earlier or later."""


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """The first story of a case, its date, and each one's seconds after it; None where that is not known."""

    first: int | None
    first_published: str | None
    lags_s: tuple[int | None, ...]


def order(stories: Sequence[records.Story]) -> Order:
    """Return which story claims the earliest date.

    A day and an hour of it, or a day and the same day, leave open which came first: then none is named. Of equal
    times the story of the lesser id stands first. A lag is known between two times, or between two days.

    >>> from dedup import records
    >>> late = records.Story("b", "", 0, 0, published="2025-02-18T10:00:00Z")
    >>> early = records.Story("a", "", 0, 0, published="2025-02-18T09:00:00Z")
    >>> order([late, early])
    Order(first=1, first_published='2025-02-18T09:00:00+00:00', lags_s=(3600, 0))
    >>> order([late, records.Story("a", "", 0, 0, published="2025-02-18")])
    Order(first=None, first_published='2025-02-18', lags_s=(None, 0))
    """
    claims = claimed(stories)
    dated = {i: claim for i, claim in enumerate(claims) if claim is not None}
    if not dated:
        return Order(None, None, (None,) * len(stories))
    soonest_end = min(claim.end for claim in dated.values())
    contenders = [i for i, claim in dated.items() if claim.start < soonest_end]
    base = dated[min(contenders, key=lambda i: (dated[i].start, dated[i].end, stories[i].article_id))]
    first = min(contenders, key=lambda i: (dated[i].start, stories[i].article_id))
    is_open = len(contenders) > 1 and any(_is_day(dated[i]) for i in contenders)
    lags = tuple(
        int((claim.start - base.start).total_seconds())
        if claim is not None and _is_day(claim) == _is_day(base)
        else None
        for claim in claims
    )
    return Order(None if is_open else first, base.iso, lags)


def _is_day(claim: dates.Claimed) -> bool:
    return claim.end - claim.start >= datetime.timedelta(days=1)


def claimed(stories: Sequence[records.Story]) -> list[dates.Claimed | None]:
    """Return the date that each story claims, None where it claims none."""
    return [dates.parse(story.published) if story.published else None for story in stories]


def _earliest(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    """Yield the one story whose date lies before all others' with certainty, zones that are not known considered."""
    stories = dossier.case.stories
    claims = claimed(stories)
    if len(stories) == 1 or None in claims:
        return
    spans = [
        (claim.start - _margin(claim), claim.end + _margin(claim)) for claim in claims if claim is not None
    ]
    first = min(range(len(spans)), key=lambda i: spans[i][1])
    published = stories[first].published
    finding = republication.own_outlet(dossier.views[first])
    if finding is None or published is None:
        return
    if all(spans[first][1] <= start for i, (start, _) in enumerate(spans) if i != first):
        yield rules.Finding(first, finding.name, "published", 0, len(published))


def _margin(claim: dates.Claimed) -> datetime.timedelta:
    return datetime.timedelta() if claim.zone_known else _UNKNOWN_ZONE


RULES = (
    rules.CaseRule(
        "earliest_claimed",
        rules.TIME,
        rules.ORDER,
        0.5,
        "the earliest claimed date, where dates and zones leave no doubt",
        _earliest,
    ),
)
