"""Dates beside the claimed one, what cannot be right about them, and what they may order."""

from __future__ import annotations

import pytest

from dedup import dates, records
from dedup.attribution import agencies, datelines, dating, timing
from tests import attribution_cases as cases
from tests.attribution_cases import BODY


def seen(role, field, text):
    return records.Margin(role, field, 0, text)


def test_a_claimed_date_after_the_crawl_is_told_and_kept():
    story = cases.story(
        BODY, outlet="Gazette", published="2025-06-01", margins=(seen("seen", "crawled", "2025-05-05T10:00:00Z"),)
    )  # fmt: skip
    given = cases.verdict(story)
    assert given.warnings == ("claimed 2025-06-01 is after 2025-05-05, when it was seen",)
    assert given.first_published == "2025-06-01"


def test_a_claimed_date_after_the_last_change_is_told():
    margins = (seen("modified", "dateModified", "2025-05-05"),)
    given = cases.verdict(cases.story(BODY, published="2025-06-01", margins=margins))
    assert given.warnings == ("claimed 2025-06-01 is after 2025-05-05, when it was modified",)


def test_a_date_in_the_future_is_told():
    asked = records.Stories.of([cases.story(BODY, published="2025-06-01")])
    claims = timing.read(asked.published)
    noon = int(dates.parse("2025-05-05T12:00:00Z").start.timestamp())
    assert dating.odd(claims, dating.read(asked), noon) == {0: ["claimed 2025-06-01 is in the future"]}
    assert dating.odd(claims, dating.read(asked), noon + 40 * 86_400) == {}


def test_a_date_that_cannot_be_right_orders_nothing_where_another_one_can():
    margins = (seen("seen", "crawled", "2019-01-01"),)
    odd = cases.story(BODY, "a", outlet="Gazette", published="2020-06-01", margins=margins)
    fit = cases.story(BODY, "b", outlet="Planet", published="2021-05-05")
    given = cases.verdict(odd, fit)
    assert (given.first, given.first_published) == (1, "2021-05-05")


def test_the_page_that_a_crawl_saw_first_is_ordered_before_the_others():
    stories = [
        cases.story(BODY, name, outlet=outlet, margins=(seen("seen", "crawled", when),))
        for name, outlet, when in (
            ("a", "Gazette", "2025-05-05T10:00:00Z"),
            ("b", "Planet", "2025-05-05T09:00:00Z"),
        )
    ]
    given = cases.verdict(*stories)
    found = [
        (piece.candidate, piece.field, piece.quote)
        for piece in given.evidence
        if piece.rule == "earliest_seen"
    ]
    assert found == [("Planet", "crawled", "2025-05-05T09:00:00Z")]


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("BERLIN, 18. Februar (dpa) - Die Regierung sagte am Dienstag, sie habe zugestimmt.", "Dienstag"),
        ("PARIS, 18 février (AFP) - Le gouvernement a annoncé mardi un accord.", "mardi"),
        ("Madrid, 18 feb (EFE).- El Gobierno anunció este martes un acuerdo.", "martes"),
        ("Lisboa, 18 fev (Lusa) – O Governo anunciou na terça-feira um acordo.", "terça-feira"),
        ("BRUSSEL, 18 feb (Belga) - De regering zei dinsdag dat zij instemt.", "dinsdag"),
    ],
)
def test_weekdays_are_solved_in_the_languages_of_the_agencies(text, weekday):
    dateline = datelines.find(text, agencies.load())
    told = datelines.inconsistency(dateline, text, dates.parse("2023-02-19"))
    assert told is not None
    assert told.endswith(f"of a {weekday} (2014, 2020, 2025)")
    assert datelines.inconsistency(dateline, text, dates.parse("2025-02-19")) is None
