from __future__ import annotations

import pytest

from dedup import dates
from dedup.attribution import agencies, datelines

TABLE = agencies.load()


@pytest.mark.parametrize(
    ("head", "place", "date", "agency"),
    [
        ("RIYADH, Feb 18 (Reuters) – The", "RIYADH", "Feb 18", "Reuters"),
        ("PARIS, May 5, 2025 (AFP) - The", "PARIS", "May 5, 2025", "Agence France-Presse"),
        ("RIGA, June 10 (Reuters) - The", "RIGA", "June 10", "Reuters"),
        ("SANTIAGO, March 4 (Reuters) - The", "SANTIAGO", "March 4", "Reuters"),
        ("ANCHORAGE, Alaska  (Reuters) - Exxon", "ANCHORAGE, Alaska", None, "Reuters"),
        ("DETROIT/CHICAGO  (Reuters) - General", "DETROIT/CHICAGO", None, "Reuters"),
        ("Lisboa, 18 fev 2025 (Lusa) – O", "Lisboa", "18 fev 2025", "Lusa"),
        ("(ANSA) - ROMA, 18 FEB - Il", "ROMA", "18 FEB", "ANSA"),
        ("PARIS, Feb. 18, 2025 /PRNewswire/ -- Acme", "PARIS", "Feb. 18, 2025", "PR Newswire"),
        ("KYODO NEWS - Feb 18, 2025 - 10:00", None, None, "Kyodo News"),
    ],
)
def test_place_day_and_agency_are_read(head, place, date, agency):
    found = datelines.find(f"A headline\n\n{head} text", TABLE)
    assert (found.place, found.date, found.agency.name) == (place, date, agency)


def test_a_dateline_without_a_tag_names_no_agency():
    found = datelines.find("A headline\n\nMOSCOW – The minister", TABLE)
    assert (found.place, found.tag, found.agency) == ("MOSCOW", None, None)


@pytest.mark.parametrize(
    "head",
    [
        "The minister told a reporter (Reuters) - that he would go",
        "Photo (AP) - The bridge",
        "(AP Photo/Jane Doe) - The bridge",
        "Saint Martin of the Long River and of the Old Bridge and of the Valley and of the Green Hill (AP) - x",
        "Trump meets Putin (AP)",
        "BERLIN (Reutersville) the",
    ],
)
def test_a_tag_elsewhere_is_no_dateline(head):
    assert datelines.find(head, TABLE) is None


def warning(text, claimed):
    return datelines.inconsistency(datelines.find(text, TABLE), text, dates.parse(claimed))


@pytest.mark.parametrize("day", ["Sunday", "Monday", "Tuesday", "Wednesday", "Saturday"])
def test_a_story_may_report_the_days_before_and_the_day_after(day):
    assert warning(f"RIYADH, Feb 18 (Reuters) - It said on {day} it agreed.", "2025-02-18") is None


def test_a_weekday_that_the_claimed_year_cannot_have_is_told_with_the_years_that_can():
    text = "RIYADH, Feb 18 (Reuters) - The administration said on Tuesday it had agreed."
    assert warning(text, "2023-02-19") == (
        'claimed 2023-02-19 is inconsistent with the dateline "Feb 18" of a Tuesday (2014, 2020, 2025)'
    )


def test_what_a_day_saw_is_reported_too():
    text = "RIGA, June 10 (Reuters) - Heavy rain on Tuesday flooded the port."
    assert warning(text, "2023-06-12").endswith('the dateline "June 10" of a Tuesday (2014, 2025)')


@pytest.mark.parametrize(
    "text",
    [
        "RIYADH, Feb 18 (Reuters) - The administration is expected to meet on Tuesday.",
        "RIYADH, Feb 18 (Reuters) - The administration agreed to meet on Tuesday.",
        "RIYADH, Feb 18 (Reuters) - The administration agreed.",
        "RIYADH (Reuters) - The administration said on Tuesday it had agreed.",
    ],
)
def test_days_to_come_and_missing_days_forbid_no_year(text):
    assert warning(text, "2023-02-19") is None


def test_a_dateline_after_the_claimed_date_is_told():
    text = "PARIS, Feb 18, 2025 (AFP) - The council agreed."
    assert warning(text, "2025-02-10") == 'claimed 2025-02-10 is before the dateline "Feb 18, 2025"'
    assert warning(text, "2025-02-17") is None
    assert warning(text, "2026-02-10") is None


def test_a_leap_day_is_possible_in_leap_years_only():
    text = "RIYADH, Feb 29 (Reuters) - The administration said on Thursday it had agreed."
    assert warning(text, "2024-03-01") is None
    assert "(2024)" in warning(text, "2023-03-01")
