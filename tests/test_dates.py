from __future__ import annotations

import calendar
import datetime as dt
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import dates
from dedup.dates import columns

SHAPES = ("YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SS", "YYYY-MM-DDTHH:MM:SSZ", "YYYY-MM-DDTHH:MM:SS+HH:MM")


@st.composite
def stamps(draw):
    """Return strings that are nearly of a usual form: some digits cannot be, and at times a character is another."""
    fields = {"YYYY": (1598, 2102), "MM": (0, 13), "DD": (0, 32), "HH": (0, 25), "SS": (0, 61)}
    text = draw(st.sampled_from(SHAPES)).replace("+", draw(st.sampled_from("++-")))
    for name, bounds in fields.items():
        while name in text:
            text = text.replace(name, f"{draw(st.integers(*bounds)):0{len(name)}}", 1)
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(st.characters()) + text[place + 1 :]
    return text


MOMENTS = (dt.datetime.fromisoformat("1600-01-01"), dt.datetime.fromisoformat("2100-12-31"))

UNDERSTOOD = {
    "2025-02-18": "2025-02-18",
    "20250218": "2025-02-18",
    "2025/02/18": "2025-02-18",
    "2025-2-8": "2025-02-08",
    " 2025-02-18 ": "2025-02-18",
    "2025-02-18T14:03:00": "2025-02-18T14:03:00",
    "2025-02-18t14:03:00": "2025-02-18T14:03:00",
    "2025-02-18 14:03:00": "2025-02-18T14:03:00",
    "2025-02-18T14:03": "2025-02-18T14:03",
    "2025-02-18T14:03:00.123456": "2025-02-18T14:03:00",
    "2025-02-18T14:03:00Z": "2025-02-18T14:03:00+00:00",
    "2025-02-18T14:03:00+01:00": "2025-02-18T14:03:00+01:00",
    "2025-02-18T14:03:00+0530": "2025-02-18T14:03:00+05:30",
    "2025-02-18T14:03:00-00:00": "2025-02-18T14:03:00",
    "2025-02-18 14:03:00 UTC": "2025-02-18T14:03:00+00:00",
    "20250218T140300Z": "2025-02-18T14:03:00+00:00",
    "20250218140300": "2025-02-18T14:03:00",
    "Tue, 18 Feb 2025 14:03:00 +0100": "2025-02-18T14:03:00+01:00",
    "Tue, 18 Feb 2025 14:03:00 GMT": "2025-02-18T14:03:00+00:00",
    "18 Feb 2025 14:03 -0000": "2025-02-18T14:03",
    "February 18, 2025": "2025-02-18",
    "18 February 2025": "2025-02-18",
    "Feb. 18, 2025": "2025-02-18",
    "FEB 18 2025": "2025-02-18",
    "Tuesday, February 18th, 2025": "2025-02-18",
    "18-Feb-2025": "2025-02-18",
    "Fri Oct 20, 2006 6:15pm EDT": "2006-10-20T18:15-04:00",
    "Oct 20, 2006 18:15 GMT": "2006-10-20T18:15+00:00",
    "Oct. 20, 2006 at 12:05 a.m. PST": "2006-10-20T00:05-08:00",
    "Oct. 20, 2006, 12:05 p.m.": "2006-10-20T12:05",
    "6:15 PM ET, Fri October 20, 2006": "2006-10-20T18:15",
    "Tue Feb 18 14:03:00 2025": "2025-02-18T14:03:00",
    "Tue Feb  8 14:03:00 +0000 2022": "2022-02-08T14:03:00+00:00",
    "25/12/2024": "2024-12-25",
    "12/25/2024": "2024-12-25",
    "03/03/2025": "2025-03-03",
    "18.02.2025": "2025-02-18",
    "18 de febrero de 2025": "2025-02-18",
    "1er août 2024": "2024-08-01",
    "18. März 2025": "2025-03-18",
    "18 maggio 2025": "2025-05-18",
    "18 de outubro de 2025": "2025-10-18",
}

NOT_UNDERSTOOD = [
    "",
    "2025",
    "2025-02",
    "February 2025",
    "Feb 18",
    "02/03/2025",
    "02.03.2025",
    "31/31/2025",
    "18/02/25",
    "2025-02-30",
    "February 30, 2025",
    "2025-13-01",
    "2025-02-18T24:00:00",
    "2025-02-18T14:60:00",
    "2025-02-18T14:03:00+15:00",
    "2025-02-18T14:03+25:00",
    "2025-02-18Tabcdefgh",
    "Feb 18, 2025 13:15pm",
    "Feb 18, 2025 0:15 am",
    "Feb 18, 2025 6",
    "Feb 18, 2025 6:15pm XYZ",
    "Monday, February 18, 2025",
    "Someday, February 18, 2025",
    "18 brumaire 1799",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "published February 18, 2025",
    "2025-02-18 or so",
    "2025-02-18T14:03:00" + " " * 80,
    "1739887380",
    "٢٠٢٥-٠٢-١٨",
]


@pytest.mark.parametrize(("text", "iso"), UNDERSTOOD.items())
def test_a_date_is_stored_as_iso_8601_no_more_precise_than_it_was(text, iso):
    claimed = dates.parse(text)
    assert claimed is not None
    assert claimed.iso == iso


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_a_string_that_names_no_day_or_more_than_one_is_no_date(text):
    assert dates.parse(text) is None


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_what_is_stored_is_understood_as_the_same_stretch_of_time(text):
    claimed = dates.parse(text)
    assert claimed is not None
    assert dates.parse(claimed.iso) == claimed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2025-02-18", 86400),
        ("2025-02-18T14:03", 60),
        ("2025-02-18T14:03:00", 1),
        ("18 Feb 2025 6:15 pm EST", 60),
    ],
)
def test_the_end_is_as_far_from_the_start_as_the_string_is_precise(text, seconds):
    claimed = dates.parse(text)
    assert claimed is not None
    assert (claimed.end - claimed.start).total_seconds() == seconds


@pytest.mark.parametrize(
    ("text", "hour", "zone_known"),
    [
        ("2025-02-18T14:03:00", 14, False),
        ("2025-02-18T14:03:00Z", 14, True),
        ("2025-02-18T14:03:00+01:00", 13, True),
        ("Feb 18, 2025 2:03 pm EST", 19, True),
        ("Feb 18, 2025 2:03 pm ET", 14, False),
        ("2025-02-18", 0, False),
    ],
)
def test_the_start_is_in_utc_and_utc_is_assumed_where_the_zone_is_not_known(
    text: str, hour: int, *, zone_known: bool
):
    claimed = dates.parse(text)
    assert claimed is not None
    assert claimed.start.utcoffset() == dt.timedelta()
    assert (claimed.start.day, claimed.start.hour, claimed.zone_known) == (18, hour, zone_known)


@given(
    st.datetimes(MOMENTS[0], MOMENTS[1]),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_moment_written_as_iso_8601_is_found_again(moment, offset):
    zone = dt.timezone(dt.timedelta(minutes=offset))
    moment = moment.replace(microsecond=0, tzinfo=zone)
    claimed = dates.parse(moment.isoformat())
    assert claimed is not None
    assert claimed.start == moment
    assert claimed.iso == moment.isoformat()


@given(st.text(max_size=40) | st.text("0123456789-/:., TZapmFebGMT+", max_size=30))
def test_any_string_is_a_date_or_none_and_a_date_is_stable(text):
    claimed = dates.parse(text)
    if claimed is not None:
        assert dates.parse(claimed.iso) == claimed
    dates.month_day(text)


def test_seconds_and_milliseconds_since_1970_name_a_second():
    claimed = dates.parse_epoch(1739887380)
    assert claimed == dates.parse("2025-02-18T14:03:00Z")
    assert dates.parse_epoch(1739887380999) == claimed
    assert dates.parse_epoch(1739887380.5) == claimed


@pytest.mark.parametrize("number", [0, -5, 2025, 20250218, 5e9, 1e13, 10**400, math.nan, math.inf])
def test_numbers_that_are_hardly_a_time_of_news_are_none(number):
    assert dates.parse_epoch(number) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Feb 18", dates.MonthDay(2, 18, None)),
        ("Feb. 18", dates.MonthDay(2, 18, None)),
        ("FEB 18", dates.MonthDay(2, 18, None)),
        ("February 18, 2025", dates.MonthDay(2, 18, 2025)),
        ("18 Feb", dates.MonthDay(2, 18, None)),
        ("Sept. 3", dates.MonthDay(9, 3, None)),
        ("18 fév", dates.MonthDay(2, 18, None)),
        ("18 fe\u0301vrier 2025", dates.MonthDay(2, 18, 2025)),
        ("14 ene", dates.MonthDay(1, 14, None)),
        ("18. Dezember", dates.MonthDay(12, 18, None)),
        ("18 luglio", dates.MonthDay(7, 18, None)),
        ("18 de março", dates.MonthDay(3, 18, None)),
        ("Feb 29", dates.MonthDay(2, 29, None)),
        ("Feb 29, 2025", None),
        ("Feb 30", None),
        ("Foo 18", None),
        ("2 18", None),
        ("February", None),
        ("Feb 18 (Reuters)", None),
    ],
)
def test_a_dateline_names_a_day_with_or_without_its_year(text, expected):
    assert dates.month_day(text) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_every_english_month_is_known_by_its_name_and_three_letters(month):
    name = calendar.month_name[month]
    expected = dates.MonthDay(month, 18, None)
    assert dates.month_day(f"{name} 18") == dates.month_day(f"{name[:3]} 18") == expected


def test_weekdays_are_known_by_their_english_names():
    for number, name in enumerate(calendar.day_name):
        assert dates.weekday_number(name) == dates.weekday_number(name[:3].upper()) == number
    assert dates.weekday_number("mardi") is None


def test_18_february_was_a_tuesday_in_few_years():
    assert dates.years(2, 18, 1) == [1992, 1997, 2003, 2014, 2020, 2025, 2031]
    assert dates.years(2, 18, 1, first=2010, last=2020) == [2014, 2020]


def test_29_february_falls_on_a_weekday_in_leap_years_only():
    assert dates.years(2, 29, 3) == [1996, 2024]
    assert dates.years(2, 30, 3) == []


def named(texts):
    """Return what `parse` finds in each string, as `columns.parse` tells it."""
    found = [dates.parse(text) if text is not None else None for text in texts]
    return [
        (int(date.start.timestamp()), int(date.end.timestamp()), date.zone_known, True)
        if date
        else (0, 0, False, False)
        for date in found
    ]


@given(st.lists(st.one_of(stamps(), st.sampled_from([*UNDERSTOOD]), st.none(), st.text(max_size=30))))
def test_dates_read_as_columns_are_those_read_one_by_one(texts):
    found = columns.parse(pa.array(texts, pa.string()))
    told = (found.starts, found.ends, found.zones_known, found.are_dates)
    assert list(zip(*(column.tolist() for column in told), strict=True)) == named(texts)
