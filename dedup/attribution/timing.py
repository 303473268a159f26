"""Order in time: which story was first, by how much, and what that says."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import dates
from dedup.attribution import dating, grouped, rules
from dedup.dates import columns

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import dossiers

_UNKNOWN_ZONE_S = 12 * 3600
"""A time without a zone may lie this much earlier or later."""
_DAY_S = 24 * 3600
_STORED_LENGTHS = frozenset(map(len, ("2025-02-18", "2025-02-18T14:03:00", "2025-02-18T14:03:00+01:00")))
_DAY_LENGTH = len("2025-02-18")
_NEVER = np.iinfo(np.int64).max // 4
_PUBLISHED = rules.FIELDS.index("published")


@dataclasses.dataclass(frozen=True, slots=True)
class Claims:
    """The dates that stories claim.

    Parameters
    ----------
    starts, ends : (n,) int64, seconds since 1970 in UTC; a zone that is not known is taken for UTC. What claims no
        date starts and ends at one moment after all others
    zones_known : (n,) bool
    numbers : (n,) int64, the number of each date; -1 for none
    distinct : the strings by their numbers
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    zones_known: NDArray[np.bool_]
    numbers: NDArray[np.int64]
    distinct: pa.Array

    def take(self, stories: NDArray[np.int64]) -> Claims:
        """Return the dates that some stories claim."""
        return Claims(
            self.starts[stories],
            self.ends[stories],
            self.zones_known[stories],
            self.numbers[stories],
            self.distinct,
        )

    def without(self, stories: NDArray[np.bool_]) -> Claims:
        """Return the dates, some stories' left out, (n,) bool."""
        return dataclasses.replace(
            self,
            starts=np.where(stories, _NEVER, self.starts),
            ends=np.where(stories, _NEVER, self.ends),
            numbers=np.where(stories, -1, self.numbers),
        )

    def are_days(self) -> NDArray[np.bool_]:
        """Return whether each is a day without a time."""
        days: NDArray[np.bool_] = self.ends - self.starts >= _DAY_S
        return days

    def are_among(self, days: Collection[str]) -> NDArray[np.bool_]:
        """Return whether each date, as it was given, begins with one of these days."""
        among = [text is not None and text[:_DAY_LENGTH] in days for text in self.distinct.to_pylist()]
        found: NDArray[np.bool_] = np.array([*among, False], np.bool_)[self.numbers]
        return found

    def date(self, story: int) -> dates.Claimed | None:
        """Return the date that one story claims, None for none."""
        number = int(self.numbers[story])
        return dates.parse(self.distinct[number].as_py()) if number >= 0 else None

    def isos(self, stories: NDArray[np.int64]) -> list[str | None]:
        """Return the dates that some stories claim as they are stored, None for none and for story -1."""
        import pyarrow as pa

        numbers = np.append(self.numbers, -1)[stories]
        given = self.distinct.take(pa.array(numbers, mask=numbers < 0)).to_pylist()
        return [_iso(text) if text else None for text in given]


def _iso(text: str) -> str | None:
    """Return a date as it is stored; most are given as they are stored."""
    if (
        len(text) in _STORED_LENGTHS
        and text[4] == text[7] == "-"
        and text[:4].isdecimal()
        and text[-1] != "Z"
    ):
        return text
    date = dates.parse(text)
    return date.iso if date else None


def read(published: pa.Array) -> Claims:
    """Return the dates that these strings claim; each different string is read once.

    >>> import pyarrow as pa
    >>> read(pa.array(["1970-01-02", None])).starts.tolist()[0]
    86400
    """
    encoded = published.dictionary_encode()
    found = columns.parse(encoded.dictionary)
    numbers = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    starts, ends = (
        np.append(np.where(found.are_dates, edges, _NEVER), _NEVER) for edges in (found.starts, found.ends)
    )
    known, are_dates = np.append(found.zones_known, False), np.append(found.are_dates, False)
    return Claims(
        starts[numbers],
        ends[numbers],
        known[numbers],
        np.where(are_dates[numbers], numbers, -1),
        encoded.dictionary,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Which story of each case was first, and what lies between that date and each story's.

    Parameters
    ----------
    firsts : (n_cases,) int64, the number of the first story; -1 where that is open
    bases : (n_cases,) int64, the story whose date counts as the case's; -1 where none is dated
    lags_s : (n,) int64, seconds after that date
    lags_known : (n,) bool
    """

    firsts: NDArray[np.int64]
    bases: NDArray[np.int64]
    lags_s: NDArray[np.int64]
    lags_known: NDArray[np.bool_]

    def lags(self) -> pa.Array:
        """Return the seconds after the first date, null where they are not known."""
        import pyarrow as pa

        return pa.array(self.lags_s, mask=~self.lags_known)


def order(cases: records.Cases, claims: Claims, odd: NDArray[np.bool_] | None = None) -> Order:
    """Return which story of each case claims the earliest date.

    Dates that cannot be right order nothing, unless a case has no others.

    Parameters
    ----------
    odd : (n,) bool, whether a story's date cannot be right; None where all can

    A day and an hour of it, or a day and the same day, leave open which came first: then none is named. Of equal
    times the story of the lesser id stands first. A lag is known between two times, both with a zone or both without,
    or between two days.

    >>> from dedup import records
    >>> late = records.Story("b", "", 0, 0, published="2025-02-18T10:00:00Z")
    >>> early = records.Story("a", "", 0, 0, published="2025-02-18T09:00:00Z")
    >>> cases = records.Cases.of([records.Case((late, early), ((), ()), (1.0, 1.0), ("copy", "copy"))])
    >>> found = order(cases, read(cases.stories.published))
    >>> found.firsts.tolist(), found.lags_s.tolist()
    ([1], [3600, 0])
    """
    case, n_cases, ranks = cases.case_of(), len(cases), cases.stories.ranks
    if odd is not None and odd.any():
        fit = np.bincount(case, (claims.numbers >= 0) & ~odd, n_cases) > 0
        claims = claims.without(odd & fit[case])
    dated = claims.numbers >= 0
    are_days = claims.are_days()
    are_local = dated & ~claims.zones_known & ~are_days
    n_zoned = np.bincount(case, dated & claims.zones_known, n_cases)
    is_mixed = (n_zoned > 0) & (np.bincount(case, are_local, n_cases) > 0)  # times with a zone, and without
    slack = np.where(is_mixed[case] & are_local, _UNKNOWN_ZONE_S, 0)
    soonest_ends = np.minimum.reduceat(claims.ends + slack, cases.offsets[:-1])
    rows = np.flatnonzero(claims.starts - slack < soonest_ends[case])
    starts, of = claims.starts[rows], case[rows]
    bases = _taken(rows, grouped.firsts(of, n_cases, (starts, claims.ends[rows], ranks[rows])))
    firsts = _taken(rows, grouped.firsts(of, n_cases, (starts, ranks[rows])))
    vague = are_days[rows] | (slack[rows] > 0)
    is_open = (np.bincount(of, minlength=n_cases) > 1) & (np.bincount(of, vague, n_cases) > 0)
    base = bases[case]
    alike = (are_days == are_days[base]) & (are_days | (claims.zones_known == claims.zones_known[base]))
    known = dated & alike
    lags_s = np.where(known, claims.starts - claims.starts[base], 0)
    return Order(np.where(is_open, -1, firsts), bases, lags_s, known)


def _taken(rows: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(chosen >= 0, np.append(rows, -1)[chosen], -1)


def _earliest(dossier: dossiers.Dossier) -> rules.Findings:
    """Return the stories whose date lies before all others' of the case with certainty, unknown zones considered."""
    cases, claims = dossier.cases, dossier.claims.without(dossier.odd())
    case, n_cases = cases.case_of(), len(cases)
    margin = np.where(claims.zones_known, 0, _UNKNOWN_ZONE_S)
    soonest, latest = claims.starts - margin, claims.ends + margin
    firsts = grouped.firsts(case, n_cases, (latest,))
    n_before = np.bincount(case, soonest < latest[firsts][case], n_cases)
    n_undated = np.bincount(case, claims.numbers < 0, n_cases)
    sure = (np.diff(cases.offsets) > 1) & (n_undated == 0) & (n_before == 1)
    found = dossier.pages.own_outlets(firsts[sure])
    lengths = np.array([len(text or "") for text in cases.stories.published.take(found.stories).to_pylist()])
    n = len(lengths)
    return rules.Findings(
        found.stories,
        found.names,
        np.full(n, _PUBLISHED),
        np.zeros(n, np.int64),
        lengths.astype(np.int64),
        np.full(n, -1),
    )


def _earliest_seen(dossier: dossiers.Dossier) -> rules.Findings:
    """Return the story that a crawl or a feed saw first, where it saw all stories of the case."""
    cases, seen = dossier.cases, dossier.seen
    case, n_cases = cases.case_of(), len(cases)
    firsts = grouped.firsts(case, n_cases, (seen.ends,))
    n_before = np.bincount(case, seen.starts < seen.ends[firsts][case], n_cases)
    n_unseen = np.bincount(case, seen.starts == dating.NEVER, n_cases)
    sure = (np.diff(cases.offsets) > 1) & (n_unseen == 0) & (n_before == 1)
    found = dossier.pages.own_outlets(firsts[sure])
    rows = []
    for story in found.stories.tolist():
        margin = seen.fields[story]
        rows.append((rules.FIELDS.index(margin.field), 0, len(margin.text), len(dossier.quotes)))
        dossier.quotes.append(margin.text)
    fields, starts, ends, quotes = np.array(rows, np.int64).reshape(-1, 4).T
    return rules.Findings(found.stories, found.names, fields, starts, ends, quotes)


RULES = (
    rules.CaseRule(
        name="earliest_seen",
        family=rules.TIME,
        says=rules.ORDER,
        weight=1,
        looks_for="the page that a crawl or a feed saw before all others",
        find=_earliest_seen,
    ),
    rules.CaseRule(
        name="earliest_claimed",
        family=rules.TIME,
        says=rules.ORDER,
        weight=0.5,
        looks_for="the earliest claimed date, where dates and zones leave no doubt",
        find=_earliest,
    ),
)
