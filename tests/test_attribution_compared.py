"""What several stories of a case say of its words and of each other, and how they differ."""

from __future__ import annotations

import pytest

from dedup import attribution, records
from dedup.attribution import statements
from tests import attribution_cases as cases
from tests.attribution_cases import BODY

WORDS = "We will try again before the summer and nobody will stop us from building it"


def passage(*texts, words=WORDS, margins=(), **fields):
    """Return the verdict on words that texts of different outlets share."""
    stories = [
        cases.story(text, str(number), outlet=outlet, margins=margins if number == 0 else (), **fields)
        for number, (outlet, text) in enumerate(texts)
    ]
    spans = tuple(((text.index(words), text.index(words) + len(words)),) for _, text in texts)
    case = records.Case(tuple(stories), spans, (1.0,) * len(stories), ("copy",) * len(stories))
    asked = records.Cases.of([case])
    asked = records.Cases(
        asked.offsets, asked.stories, asked.shares, asked.containers, asked.spans, asked.extents, are_passages=True
    )  # fmt: skip
    return attribution.attribute_all(asked, cases.AGENCIES).verdict(0)


def test_a_quotation_is_its_speakers_not_the_agencys_that_prints_it():
    given = passage(
        ("Gazette", f"PARIS, May 5 (Reuters) - It failed. “{WORDS},” Mayor Jane Doe said.\n{BODY}"),
        ("Planet", f"It failed, reports say. “{WORDS},” said Jane Doe.\n{BODY}"),
    )
    assert (given.origin_name, given.origin_kind, given.level) == ("Jane Doe", "statement", "inferred")
    assert "agency_dateline" in cases.rules_of(given, "citation")


def test_a_signed_post_is_stated():
    given = passage(
        ("Gazette", f"She wrote it.\n{WORDS} — Jane Doe (@janedoe) May 5, 2025\n{BODY}"),
        ("Planet", f"“{WORDS},” Doe wrote.\n{BODY}"),
    )
    assert (given.origin_name, given.level) == ("Jane Doe", "stated")


def test_a_quotation_from_a_release_is_its_issuers():
    given = passage(
        ("Gazette", f"“{WORDS},” Acme Group said in a news release.\n{BODY}"),
        ("Planet", f"“{WORDS},” Acme Group said in a press release.\n{BODY}"),
    )
    assert (given.origin_name, given.origin_kind) == ("Acme Group", "issuer")


def test_a_quotation_whose_speaker_nobody_names_is_nobodys():
    given = passage(("Gazette", f"PARIS (AP) — “{WORDS}.”\n{BODY}"), ("Planet", f"“{WORDS}.”\n{BODY}"))
    assert (given.origin_name, given.level) == (None, "undetermined")


def test_who_names_another_page_for_a_quotation_took_it_from_there():
    given = passage(
        ("Gazette", f"“{WORDS},” said Jane Doe.\n{BODY}"),
        ("Planet", f"It failed, Jane Doe told the Gazette. “{WORDS},” she said.\n{BODY}"),
    )
    assert (given.origin_name, given.level, given.origin) == ("Gazette", "inferred", 0)
    assert "named_source" in cases.rules_of(given, "origin")


def test_who_links_to_another_page_took_it_from_there():
    link = records.Margin("link", "text", 0, "It failed", "https://www.gazette.example/a?x=1")
    stories = (
        cases.story(f"It failed. {BODY}", "a", outlet="Planet", margins=(link,)),
        cases.story(BODY, "b", outlet="Gazette", url="http://gazette.example/a"),
    )
    given = cases.verdict(*stories, spans=(((11, 11 + len(BODY)),), ((0, len(BODY)),)))
    assert (given.origin_name, given.level) == ("Gazette", "inferred")


def test_of_two_outlets_that_name_each_other_neither_is_the_source():
    given = passage(
        ("Gazette", f"According to the Planet it failed. {WORDS}.\n{BODY}"),
        ("Planet", f"According to the Gazette it failed. {WORDS}.\n{BODY}"),
    )
    assert given.origin_name is None


def test_a_background_paragraph_is_the_agencys_where_most_credit_it():
    given = passage(
        ("Gazette", f"PARIS (AP) — It failed. {WORDS}.\n{BODY}"),
        ("Planet", f"PARIS (AP) — He left. {WORDS}.\n{BODY}"),
    )
    assert (given.origin_name, given.level) == ("Associated Press", "stated")
    one = passage(
        ("Gazette", f"PARIS (AP) — It failed. {WORDS}.\n{BODY}"), ("Planet", f"He left. {WORDS}.\n{BODY}")
    )
    assert (one.origin_name, one.level) == ("Associated Press", "inferred")


@pytest.mark.parametrize(("before", "origin"), [("It failed.", "Associated Press"), (BODY, None)])
def test_one_credit_among_many_bears_on_the_passage_that_it_opens(before, origin):
    few = passage(
        ("Gazette", f"PARIS (AP) — {before} {WORDS}.\n{BODY}"),
        ("Planet", f"He left. {WORDS}.\n{BODY}"),
        ("Herald", f"She left. {WORDS}.\n{BODY}"),
    )
    assert few.origin_name == origin


def test_what_one_outlet_repeats_is_no_agencys_because_one_of_its_pages_is():
    given = passage(
        ("Gazette", f"PARIS (AP) — It failed. {WORDS}.\n{BODY}"), ("Gazette", f"He left. {WORDS}.\n{BODY}")
    )
    assert given.origin_name != "Associated Press"


def test_the_passages_of_one_outlet_are_its_own():
    given = passage(("Gazette", f"It failed. {WORDS}.\n{BODY}"), ("Gazette", f"He left. {WORDS}.\n{BODY}"))
    assert (given.origin_name, given.level) == ("Gazette", "inferred")


LONG = (
    "The council agreed on the plan after a long debate, and the work on the bridge will begin in June.\n" * 4
)
OWN_LEAD = "Neighbours in the old town have waited for this day for years, and many of them came to see it.\n"


@pytest.mark.parametrize(
    ("rule", "original", "copy"),
    [
        ("dropped_dateline", f"PARIS, May 5 — {LONG}", LONG),
        ("truncated", LONG + OWN_LEAD * 2, LONG),
        ("cut_off", LONG + OWN_LEAD * 2, f"{LONG.rstrip()[:-1]}... Read more"),
        ("added_lead", LONG, OWN_LEAD + LONG),
        ("corrected", LONG, f"{LONG}\nCorrection: An earlier version of this story named another month."),
    ],
)
def test_cuts_and_additions_that_make_sense_one_way_speak_for_the_original(rule, original, copy):
    stories = (cases.story(copy, "a", outlet="Planet"), cases.story(original, "b", outlet="Gazette"))
    shared = LONG.rstrip()[:-1]
    spans = tuple(
        ((story.page_text.index(shared), story.page_text.index(shared) + len(shared)),) for story in stories
    )
    given = cases.verdict(*stories, spans=spans)
    found = {piece.candidate for piece in given.evidence if piece.rule == rule}
    assert found == {"Gazette"}
    assert cases.quotes_hold(given, *stories)


def test_equal_texts_tell_no_direction():
    stories = (cases.story(LONG, "a", outlet="Planet"), cases.story(LONG, "b", outlet="Gazette"))
    given = cases.verdict(*stories, spans=(((0, len(LONG)),),) * 2)
    assert not {"dropped_dateline", "truncated", "cut_off", "added_lead", "corrected"} & cases.rules_of(given)


def test_sites_of_one_network_are_not_one_outlet():
    stories = (
        cases.story(BODY, "a", outlet="north.network.example", url="http://north.network.example/a"),
        cases.story(BODY, "b", outlet="south.network.example", url="http://south.network.example/b"),
    )
    assert cases.verdict(*stories).origin_name is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Trump", "Donald Trump", True), ("ANA", "All Nippon Airways", True), ("Kelly", "Donald Trump", False),
        ("Jane Doe", "Jane Doe and Max Roe", True), ("Michelle Obama", "Barack Obama", False),
    ],
)  # fmt: skip
def test_two_names_are_ones_by_a_surname_or_initials(one, other, same):
    assert statements._same(one, other) is same  # noqa: SLF001  (what names are equal decides whose words are whose)
