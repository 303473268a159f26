"""Strict dates: a string is understood as a whole and in one way only, or not at all.

General date libraries fill in what a string does not say (the current year for "Feb 18", a month before a day in
"02/03/2025"). Here such strings are no dates. Months are known by their English, Spanish, French, German, Italian
and Portuguese names, weekdays by their English names.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
import unicodedata

FIRST_YEAR, LAST_YEAR = 1600, 2100
"""Years outside are placeholders (0001-01-01, 9999-12-31), not dates of news."""

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)
_MINUTE = dt.timedelta(minutes=1)
_SECOND = dt.timedelta(seconds=1)
_MAX_LENGTH = 64
MOST_OFFSET = dt.timedelta(hours=14)
_EARLIEST_EPOCH_S = 100_000_000
_LATEST_EPOCH_S = 4_102_444_800
_DATE_LENGTH, _SECONDS_LENGTH = len("2025-02-18"), len("2025-02-18T14:03:00")
_OFFSET_LENGTH = len("2025-02-18T14:03:00+01:00")

_MONTHS = (
    "january jan enero ene janvier janv januar janner gennaio gen janeiro",
    "february feb febrero fevrier fevr fev februar febbraio fevereiro",
    "march mar marzo mars marz maerz mrz marco",
    "april apr abril abr avril avr aprile",
    "may mayo mai maggio mag maio",
    "june jun junio juin juni giugno giu junho",
    "july jul julio juillet juil juli luglio lug julho",
    "august aug agosto ago aout",
    "september sep sept septiembre setiembre septembre settembre setembro set",
    "october oct octubre octobre oktober okt ottobre ott outubro out",
    "november nov noviembre novembre novembro",
    "december dec diciembre dic decembre dezember dez dicembre dezembro",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

_WEEKDAYS = (
    "monday mon",
    "tuesday tue tues",
    "wednesday wed",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
_WEEKDAYS_ELSEWHERE = (
    "montag lundi lunes lunedi segunda-feira maandag mandag mandag",
    "dienstag mardi martes martedi terca-feira dinsdag tisdag tirsdag",
    "mittwoch mercredi miercoles mercoledi quarta-feira woensdag onsdag",
    "donnerstag jeudi jueves giovedi quinta-feira donderdag torsdag",
    "freitag vendredi viernes venerdi sexta-feira vrijdag fredag",
    "samstag sonnabend samedi sabado sabato zaterdag lordag",
    "sonntag dimanche domingo domenica zondag sondag",
)
_NUMBERS_ELSEWHERE = {
    name: number for number, names in enumerate(_WEEKDAYS_ELSEWHERE) for name in names.split()
}
_WEEKDAY_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}

_ZONE_HOURS = {
    name: hours
    for hours, names in (
        (0, "z ut utc gmt wet"),
        (1, "cet west"),
        (2, "cest eet"),
        (3, "eest msk"),
        (8, "hkt sgt"),
        (9, "jst kst"),
        (10, "aest"),
        (11, "aedt"),
        (12, "nzst"),
        (13, "nzdt"),
        (-4, "edt"),
        (-5, "cdt est"),
        (-6, "cst mdt"),
        (-7, "mst pdt"),
        (-8, "akdt pst"),
        (-9, "akst"),
    )
    for name in names.split()
}
_UNCERTAIN_ZONES = frozenset(("et", "ct", "mt", "pt", "bst", "ist", "ast"))

_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]{3,9})\.?,? )?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY_THEN_MONTH = rf"{_DAY_OF_MONTH}(?: de| of)?[ -]{_MONTH}"
_MONTH_THEN_DAY = rf"{_MONTH} {_DAY_OF_MONTH}"
_YEAR_AFTER_MONTH = rf"(?:,? (?:del? )?|-){_YEAR}"
_YEAR_AFTER_DAY = rf"(?:, ?| ){_YEAR}"
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = (
    r"(?: ?\(?(?P<zone>[A-Za-z]{1,4})\)?"
    r"| ?(?:GMT|UTC|UT)?(?P<sign>[+-])(?P<offset_hours>[0-9]{1,2})(?::?(?P<offset_minutes>[0-5][0-9]))?)?"
)
_COMPACT_CLOCK = r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?"
_DATES = (
    rf"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})",
    rf"{_WEEKDAY}{_MONTH_THEN_DAY}{_YEAR_AFTER_DAY}",
    rf"{_WEEKDAY}{_DAY_THEN_MONTH}{_YEAR_AFTER_MONTH}",
    rf"{_WEEKDAY}(?P<either>[0-9]{{1,2}})(?P<mark>[-/.])(?P<other>[0-9]{{1,2}})(?P=mark){_YEAR}",
    rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
)
_PATTERNS = (
    *(re.compile(rf"{date}(?:(?:[Tt]|,? (?:at )?){_CLOCK}{_ZONE})?") for date in _DATES),
    *(re.compile(rf"{_CLOCK}{_ZONE},? (?:on )?{date}") for date in _DATES),
    re.compile(rf"{_WEEKDAY}{_MONTH_THEN_DAY} {_CLOCK}{_ZONE} {_YEAR}"),
    re.compile(rf"{_DATES[-1]}[Tt]?{_COMPACT_CLOCK}{_ZONE}"),
)
_MONTH_DAYS = (
    re.compile(rf"{_MONTH_THEN_DAY}(?:{_YEAR_AFTER_DAY})?"),
    re.compile(rf"{_DAY_THEN_MONTH}(?:{_YEAR_AFTER_MONTH})?"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Claimed:
    """The stretch of time that a date names.

    Attributes
    ----------
    start : its beginning, in UTC; where the zone is unknown, UTC is assumed
    end : its end, exclusive: a day, a minute or a second after the start, as the string was precise
    iso : the date as it is stored: ISO 8601, as precise as the string, with a numeric offset where the zone is known
    zone_known : whether the string says its zone; a date without a time of day never does
    """

    start: dt.datetime
    end: dt.datetime
    iso: str
    zone_known: bool


@dataclasses.dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month, 1-based both, and its year where the string says it."""

    month: int
    day: int
    year: int | None


@functools.lru_cache(maxsize=65536)
def parse(text: str) -> Claimed | None:
    """Return the stretch of time that a string names; None if it names none, or more than one.

    Understood are ISO 8601 calendar dates, RFC 2822, days with a month's name and a year, and numeric dates in which
    only one number can be the month; each with or without a time of day and a zone, English ones also with a weekday.
    A weekday that the date does not fall on makes the string no date.

    >>> parse("Fri Oct 20, 2006 6:15pm EDT").iso
    '2006-10-20T18:15-04:00'
    >>> parse("25/12/2024").iso
    '2024-12-25'
    >>> parse("02/03/2025") is None
    True
    """
    if len(text) > _MAX_LENGTH:
        return None
    usual = _usual(text)
    if usual is not None:
        return usual
    text = " ".join(unicodedata.normalize("NFC", text).split())
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _dated(match.groupdict())
    return None


def parse_epoch(number: float) -> Claimed | None:
    """Return the second that a Unix time in seconds or milliseconds names; None outside 1973 to 2100.

    >>> parse_epoch(1739887380).iso
    '2025-02-18T14:03:00+00:00'
    >>> parse_epoch(1739887380000) == parse_epoch(1739887380)
    True
    >>> parse_epoch(20250218) is None
    True
    """
    seconds = number
    if _EARLIEST_EPOCH_S * 1000 <= number < _LATEST_EPOCH_S * 1000:
        seconds = number / 1000
    if not _EARLIEST_EPOCH_S <= seconds < _LATEST_EPOCH_S:
        return None
    moment = dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)
    return _claimed(moment, _SECOND, zone_known=True)


def month_day(text: str) -> MonthDay | None:
    """Return the day that a dateline names, with its year if it has one; None if it names none.

    >>> month_day("Feb. 18")
    MonthDay(month=2, day=18, year=None)
    >>> month_day("18 de febrero de 2025")
    MonthDay(month=2, day=18, year=2025)
    >>> month_day("Feb 30") is None
    True
    """
    if len(text) > _MAX_LENGTH:
        return None
    text = " ".join(unicodedata.normalize("NFC", text).split())
    for pattern in _MONTH_DAYS:
        match = pattern.fullmatch(text)
        month = _month_number(match["month"]) if match else None
        if match and month:
            year = int(match["year"]) if match["year"] else None
            return _month_day(month, int(match["day"]), year)
    return None


def weekday_number(name: str) -> int | None:
    """Return the number of a weekday by its English name, Monday 0 to Sunday 6; None if it is no such name.

    >>> weekday_number("Tuesday"), weekday_number("sun"), weekday_number("Feb")
    (1, 6, None)
    """
    return _WEEKDAY_NUMBERS.get(name.casefold())


def weekday_elsewhere(name: str) -> int | None:
    """Return the number of a weekday by its German, French, Spanish, Italian, Portuguese, Dutch or Nordic name.

    >>> weekday_elsewhere("Dienstag"), weekday_elsewhere("miércoles"), weekday_elsewhere("Tuesday")
    (1, 2, None)
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    return _NUMBERS_ELSEWHERE.get("".join(each for each in decomposed if not unicodedata.combining(each)))


def years(month: int, day: int, weekday: int, first: int = 1990, last: int = 2035) -> list[int]:
    """Return the years, `first` to `last`, in which a day fell on a weekday (Monday 0 to Sunday 6).

    >>> years(2, 18, weekday_number("Tuesday"))
    [1992, 1997, 2003, 2014, 2020, 2025, 2031]
    """
    found = []
    for year in range(first, last + 1):
        date = _date(year, month, day)
        if date is not None and date.weekday() == weekday:
            found.append(year)
    return found


def _usual(text: str) -> Claimed | None:
    """Return what the usual forms of ISO 8601 name, without a pattern: most dates of an archive are such."""
    length = len(text)
    if length == _DATE_LENGTH:
        iso, utc, span = text, text + "T00:00:00+00:00", _DAY
    elif length == _SECONDS_LENGTH:
        iso, utc, span = text, text + "+00:00", _SECOND
    elif length == _SECONDS_LENGTH + 1 and text[-1] == "Z":
        utc, span = text[:-1] + "+00:00", _SECOND
        iso = utc
    elif (
        length == _OFFSET_LENGTH
        and text[-6] in "+-"
        and text[-3] == ":"
        and text[-2] < "6"
        and text[-6:] != "-00:00"
    ):
        iso, utc, span = text, text, _SECOND
    else:
        return None
    if utc[4] + utc[7] + utc[10] + utc[13] + utc[16] != "--T::":
        return None
    try:
        start = dt.datetime.fromisoformat(utc)
    except ValueError:
        return None
    if length != _OFFSET_LENGTH and FIRST_YEAR <= start.year <= LAST_YEAR:
        return Claimed(start, start + span, iso, iso is utc)
    return _claimed(start, span, zone_known=True)


def _claimed(moment: dt.datetime, length: dt.timedelta, *, zone_known: bool) -> Claimed | None:
    offset = moment.utcoffset() or dt.timedelta()
    if not FIRST_YEAR <= moment.year <= LAST_YEAR or abs(offset) > MOST_OFFSET:
        return None
    if length is _DAY:
        iso = moment.date().isoformat()
    else:
        iso = moment.isoformat(timespec="minutes" if length is _MINUTE else "seconds")
    start = moment.astimezone(dt.UTC) if zone_known else moment.replace(tzinfo=dt.UTC)
    return Claimed(start, start + length, iso, zone_known)


def _dated(parts: dict[str, str | None]) -> Claimed | None:
    date = _date_of(parts)
    if date is None:
        return None
    weekday = parts.get("weekday")
    if weekday and weekday_number(weekday) != date.weekday():
        return None
    if not parts.get("hour"):
        return _claimed(dt.datetime.combine(date, dt.time()), _DAY, zone_known=False)
    time = _time_of(parts)
    if time is None or not _is_zone(parts):
        return None
    moment = dt.datetime.combine(date, time)
    offset = _offset_minutes(parts)
    if offset is not None:
        moment = moment.replace(tzinfo=dt.timezone(offset * _MINUTE))
    return _claimed(moment, _SECOND if parts["second"] else _MINUTE, zone_known=offset is not None)


def _date_of(parts: dict[str, str | None]) -> dt.date | None:
    year = int(parts["year"] or 0)
    if "either" in parts:
        either, other = int(parts["either"] or 0), int(parts["other"] or 0)
        dates = {_date(year, either, other), _date(year, other, either)} - {None}
        return dates.pop() if len(dates) == 1 else None
    name = parts["month"] or ""
    month = int(name) if name.isdecimal() else _month_number(name)
    return _date(year, month, int(parts["day"] or 0)) if month else None


def _time_of(parts: dict[str, str | None]) -> dt.time | None:
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").casefold()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004  (a clock face)
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif not parts["minute"]:
        return None
    try:
        return dt.time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))
    except ValueError:
        return None


def _is_zone(parts: dict[str, str | None]) -> bool:
    """Return whether what stands in the zone's place is one; none at all is fine too."""
    if parts["sign"]:
        return int(parts["offset_hours"] or 0) < _DAY // _HOUR
    name = (parts["zone"] or "").casefold()
    return not name or name in _ZONE_HOURS or name in _UNCERTAIN_ZONES


def _offset_minutes(parts: dict[str, str | None]) -> int | None:
    if parts["sign"]:
        minutes = int(parts["offset_hours"] or 0) * 60 + int(parts["offset_minutes"] or 0)
        if parts["sign"] == "+":
            return minutes
        return -minutes if minutes else None
    hours = _ZONE_HOURS.get((parts["zone"] or "").casefold())
    return None if hours is None else hours * 60


def _month_number(name: str) -> int | None:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _MONTH_NUMBERS.get(letters)


def _month_day(month: int, day: int, year: int | None) -> MonthDay | None:
    leap_year = 2000
    possible = _date(leap_year if year is None else year, month, day)
    return MonthDay(month, day, year) if possible else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
