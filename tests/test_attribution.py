from __future__ import annotations

import dataclasses

import hypothesis
import pytest
from hypothesis import strategies as st

from dedup import records
from tests import attribution_cases as cases
from tests.attribution_cases import BODY


@pytest.fixture
def page(seeds):
    return (seeds / "000_697425ad9d472758.txt").read_text("utf-8")


def part(page, article_id, begin, end, **fields):
    start = page.index(begin) if begin else 0
    stop = page.index(end) + len(end) if end else len(page)
    return records.Story(article_id, page, start, stop, **fields)


@pytest.fixture
def first(page):
    return part(page, "000#1", "", "SOURCE: www.reuters.com", published="2023-02-19")


@pytest.fixture
def second(page):
    return part(page, "000#2", "RELATED: U.S.-Russia", "SOURCE: www.breitbart.com", published="2025-02-18")


@pytest.fixture
def third(page):
    return part(page, "000#3", "RELATED: Russia rules out", "", published="2025-02-18")


@pytest.fixture
def feed(seeds):
    return cases.story((seeds / "002_50d9d2299dbf9468.txt").read_text("utf-8"), "002")


def test_the_first_seed_story_is_reuters_by_its_dateline(first):
    given = cases.verdict(first)
    assert (given.origin_name, given.origin_kind, given.level) == ("Reuters", "agency", "stated")
    assert given.origin is None
    assert given.immediate_sources == ("Reuters",)
    assert cases.quotes_hold(given, first)


def test_a_claimed_year_that_the_weekday_forbids_is_shown_not_rewritten(first):
    given = cases.verdict(first)
    warning = 'claimed 2023-02-19 is inconsistent with the dateline "Feb 18" of a Tuesday (2014, 2020, 2025)'
    assert given.story_warnings == ((warning,),)
    assert given.warnings == (warning,)
    assert given.first_published == "2023-02-19"


def test_the_second_seed_story_and_its_feed_are_breitbarts(second, feed):
    given = cases.verdict(second, feed)
    assert (given.origin_name, given.origin_kind, given.level) == ("Breitbart", "outlet", "stated")
    assert given.immediate_sources == ("Breitbart", "Breitbart")
    assert (given.first, given.lags_s) == (0, (0, None))
    assert cases.quotes_hold(given, second, feed)


def test_a_photo_credit_and_a_citation_in_the_second_seed_story_weigh_nothing(second, feed):
    mentions = [piece for piece in cases.verdict(second, feed).evidence if piece.candidate != "Breitbart"]
    assert {(piece.candidate, piece.rule, piece.says, piece.weight) for piece in mentions} == {
        ("Associated Press", "photo_credit", "citation", 0),
        ("Reuters", "cited", "citation", 0),
    }


def test_the_third_seed_story_stays_undetermined_with_reuters_as_a_hint(third):
    given = cases.verdict(third)
    assert (given.origin_name, given.origin_kind, given.level) == (None, "unknown", "undetermined")
    assert given.immediate_sources == ("The Straits Times",)
    assert given.runner_up == "Reuters"
    reuters = [piece for piece in given.evidence if piece.candidate == "Reuters"]
    assert reuters
    assert all((piece.says, piece.weight) == ("citation", 0) for piece in reuters)


def test_an_outlet_that_was_read_from_the_pages_own_head_does_not_make_the_page_that_outlets(first, third):
    named = dataclasses.replace(first, outlet="REUTERS")
    assert cases.verdict(named).origin is None
    assert cases.verdict(named).immediate_sources == ("Reuters",)
    assert cases.verdict(dataclasses.replace(third, outlet="THE STRAITS TIMES")).level == "undetermined"


def test_a_page_of_several_stories_gives_evidence_from_the_story_alone(page):
    whole = records.Story("000", page, page.index("RELATED: Russia rules out"), len(page))
    assert all(
        piece.quote is None or "Breitbart" not in piece.quote for piece in cases.verdict(whole).evidence
    )


def test_a_container_speaks_only_around_the_passages_that_it_shares(page, feed):
    whole = records.Story("000", page, 0, len(page))
    passage = (page.index("Images of U.S. Secretary"), page.index("As with all negotiations"))
    given = cases.verdict(whole, feed, spans=((passage,), ()), roles=("container", "copy"))
    assert (given.origin_name, given.level) == ("Breitbart", "stated")


def test_credits_are_followed_from_the_aggregator_over_the_newspaper_to_the_agency():
    digest = cases.story(f"{BODY}SOURCE: www.dailyherald.com", "a")
    herald = cases.story(f"PARIS, May 5 (Reuters) - {BODY}", "b", outlet="Daily Herald")
    post = cases.story(
        f"{BODY}This article was originally published on Daily Herald.", "c", outlet="Evening Post"
    )
    given = cases.verdict(digest, herald, post)
    assert (given.origin_name, given.level) == ("Reuters", "stated")
    assert given.immediate_sources == ("Daily Herald", "Reuters", "Daily Herald")


def test_credits_that_lead_in_a_circle_conflict():
    herald = cases.story(f"{BODY}Republished from Evening Post.", "a", outlet="Daily Herald")
    post = cases.story(f"{BODY}Republished from Daily Herald.", "b", outlet="Evening Post")
    given = cases.verdict(herald, post)
    assert (given.origin_name, given.level) == (None, "conflicting")
    assert given.co_origins == ("Daily Herald", "Evening Post")
    assert given.warnings == ("credits lead in a circle: Daily Herald, Evening Post",)


def test_copies_that_credit_different_agencies_conflict():
    given = cases.verdict(
        cases.story(f"PARIS, May 5 (Reuters) - {BODY}", "a", outlet="Daily Herald"),
        cases.story(f"PARIS (AP) — {BODY}", "b", outlet="Evening Post"),
    )
    assert (given.origin_name, given.level) == (None, "conflicting")
    assert given.co_origins == ("Associated Press", "Reuters")


def test_two_agencies_in_one_byline_are_co_origins():
    given = cases.lone(BODY, outlet="Daily Herald", byline="AFP and Reuters")
    assert given.level == "stated"
    assert {given.origin_name, *given.co_origins} == {"Agence France-Presse", "Reuters"}


def test_an_outlet_that_shares_the_byline_with_an_agency_is_co_origin():
    given = cases.lone(BODY, outlet="lefigaro.fr", byline="Le Figaro et AFP")
    assert (given.origin_name, given.co_origins, given.level) == (
        "Agence France-Presse",
        ("Le Figaro",),
        "stated",
    )


def test_an_agency_on_its_own_page_is_the_origin_and_its_earliest_page_the_original():
    copy = cases.story(
        f"PARIS (Reuters) - {BODY}", "a", outlet="Daily Herald", published="2025-05-05T07:00:00Z"
    )
    late = cases.story(
        f"PARIS (Reuters) - {BODY}", "b", url="https://www.reuters.com/x", published="2025-05-05T09:00:00Z"
    )
    early = cases.story(f"PARIS (Reuters) - {BODY}", "c", outlet="Reuters", published="2025-05-05T08:00:00Z")
    given = cases.verdict(copy, late, early)
    assert (given.origin_name, given.level, given.origin) == ("Reuters", "stated", 2)
    assert given.immediate_sources == ("Reuters", None, None)
    assert (given.first, given.lags_s) == (0, (0, 7200, 3600))


def test_updates_of_an_agency_are_versions_inside_one_origin():
    given = cases.verdict(
        cases.story(f"PARIS (Reuters) - {BODY}", "a", outlet="Reuters", title="Bridge agreed"),
        cases.story(
            f"UPDATE 1-\nPARIS (Reuters) - {BODY}", "b", outlet="Reuters", title="UPDATE 1-Bridge agreed"
        ),
    )
    assert (given.origin_name, given.level, given.co_origins) == ("Reuters", "stated", ())


def test_an_agencys_own_page_among_uncredited_copies_is_inferred():
    given = cases.verdict(
        cases.story(BODY, "a", outlet="Bloomberg", url="https://www.bloomberg.com/news/1"),
        cases.story(BODY, "b", outlet="Daily Herald"),
    )
    assert (given.origin_name, given.level, given.origin) == ("Bloomberg", "inferred", 0)


def test_copies_without_any_credit_stay_undetermined():
    given = cases.verdict(
        cases.story(BODY, "a", outlet="Daily Herald", published="2025-05-03"),
        cases.story(BODY, "b", outlet="Evening Post", published="2025-05-06"),
    )
    assert (given.origin_name, given.level, given.runner_up) == (None, "undetermined", "Daily Herald")
    assert "earliest_claimed" in cases.rules_of(given)


def test_a_day_and_an_hour_of_it_leave_open_which_was_first():
    given = cases.verdict(
        cases.story(BODY, "b", outlet="Daily Herald", published="2025-05-05"),
        cases.story(BODY, "a", outlet="Evening Post", published="2025-05-05T07:00:00Z"),
    )
    assert (given.first, given.first_published, given.lags_s) == (None, "2025-05-05", (0, None))
    assert "earliest_claimed" not in cases.rules_of(given)


def test_of_equal_times_the_lesser_id_stands_first():
    at = "2025-05-05T07:00:00Z"
    given = cases.verdict(cases.story(BODY, "b", published=at), cases.story(BODY, "a", published=at))
    assert (given.first, given.lags_s) == (1, (0, 0))


def test_days_have_a_lag_between_them_and_days_and_times_have_none():
    given = cases.verdict(
        cases.story(BODY, "a", published="2025-05-05"),
        cases.story(BODY, "b", published="2025-05-07"),
        cases.story(BODY, "c", published="2025-05-06T07:00:00Z"),
    )
    assert (given.first, given.lags_s) == (0, (0, 172_800, None))


def test_an_outlet_that_speaks_only_for_itself_is_no_hint():
    given = cases.verdict(
        cases.story(BODY, "a", outlet="Gazette", published="2025-05-05"),
        cases.story(BODY, "b", outlet="Herald", published="2025-05-05"),
    )
    assert (given.level, given.runner_up) == ("undetermined", None)


def test_without_dates_nothing_is_first():
    given = cases.verdict(cases.story(BODY, "a"), cases.story(BODY, "b"))
    assert (given.first, given.first_published, given.lags_s) == (None, None, (None, None))


def test_an_immediate_source_alone_never_makes_an_origin():
    given = cases.lone(f"{BODY}SOURCE: www.reuters.com")
    assert (given.origin_name, given.level, given.runner_up) == (None, "undetermined", "Reuters")


def test_an_immediate_source_whose_own_page_is_here_is_inferred():
    given = cases.verdict(
        cases.story(f"{BODY}SOURCE: www.dailyherald.com", "a"),
        cases.story(BODY, "b", outlet="Daily Herald"),
    )
    assert (given.origin_name, given.level, given.origin) == ("Daily Herald", "inferred", 1)


def test_a_contribution_counts_for_the_text_that_several_outlets_share():
    herald = cases.story(
        f"{BODY}The Associated Press contributed to this report.", "a", outlet="Daily Herald"
    )
    post = cases.story(BODY, "b", outlet="Evening Post")
    given = cases.verdict(herald, post)
    assert (given.origin_name, given.level) == ("Associated Press", "inferred")
    assert cases.verdict(herald).origin_name is None


def test_a_credit_that_the_other_copy_dropped_speaks_for_its_order():
    text = f"{BODY}Associated Press writer Jane Doe contributed to this report."
    shared = ((0, len(BODY)),)
    herald, post = (
        cases.story(text, "a", outlet="Daily Herald"),
        cases.story(BODY, "b", outlet="Evening Post"),
    )
    given = cases.verdict(herald, post, spans=(shared, shared))
    assert "credit_outside_shared" in cases.rules_of(given, "order")
    inside = cases.verdict(herald, post, spans=(((0, len(text)),), shared))
    assert "credit_outside_shared" not in cases.rules_of(inside)
    assert given.score == inside.score + 1.5


def test_one_outlets_own_signed_revisions_are_its_own():
    versions = [
        cases.story(BODY, name, outlet="Daily Herald", byline="Jane Doe", published=f"2025-05-0{day}")
        for name, day in (("a", 3), ("b", 1))
    ]
    given = cases.verdict(*versions)
    assert (given.origin_name, given.level, given.origin) == ("Daily Herald", "inferred", 1)


def test_the_story_that_holds_all_is_a_weak_hint():
    stories = (
        cases.story(BODY, "a", outlet="Daily Herald"),
        cases.story(BODY[:200], "b", outlet="Evening Post"),
    )
    assert "superset" in cases.rules_of(cases.verdict(*stories, shares=(1.0, 0.4)))
    assert "superset" not in cases.rules_of(cases.verdict(*stories))


def test_an_aggregator_is_an_unlikely_author():
    given = cases.verdict(
        cases.story(BODY, "a", url="https://www.msn.com/1"), cases.story(BODY, "b", outlet="Daily Herald")
    )
    scores = {piece.candidate: piece.weight for piece in given.evidence if piece.family == "prior"}
    assert scores == {"MSN": -1.5}


@hypothesis.given(st.permutations(range(3)))
def test_the_order_of_the_stories_does_not_change_the_verdict(order):
    stories = (
        cases.story(f"{BODY}SOURCE: www.dailyherald.com", "a", published="2025-05-06"),
        cases.story(f"PARIS, May 5 (Reuters) - {BODY}", "b", outlet="Daily Herald", published="2025-05-05"),
        cases.story(BODY, "c", outlet="Evening Post", published="2025-05-05"),
    )
    straight, mixed = cases.verdict(*stories), cases.verdict(*(stories[i] for i in order))
    for field in (
        "origin_name",
        "origin_kind",
        "level",
        "score",
        "runner_up",
        "co_origins",
        "first_published",
    ):
        assert getattr(mixed, field) == getattr(straight, field)
    assert [mixed.immediate_sources[order.index(i)] for i in range(3)] == list(straight.immediate_sources)


APPEARED = "The post Bridge agreed appeared first on Daily Herald."
SOURCE_LINE = "SOURCE: www.dailyherald.com"
LINES = st.sampled_from(
    [
        "PARIS, May 5 (Reuters) - The council agreed.",
        "By Jane Doe, Associated Press",
        APPEARED,
        "DAILY HERALD | Published May 5, 2025",
        SOURCE_LINE,
        "READ FULL ARTICLE",
        "Copyright 2025 The Associated Press. All rights reserved.",
        "With files from The Canadian Press",
        "Reuters reported in May that the plan failed. (Jane Doe/Pool Photo via AP)",
        "(Reporting by Jane Doe; Editing by John Doe)",
        "PARIS, May 5, 2025 /PRNewswire/ -- Acme Inc. (NYSE: ACM) today announced a bridge.",
        "SOURCE Acme Inc.",
        "— AAP",
        "新华社北京5月5日电",
        "An ordinary line of text, é and 语 too.",
        "",
    ]
)


@hypothesis.given(
    st.lists(LINES, max_size=8),
    st.sampled_from([None, "Daily Herald", "Reuters"]),
    st.sampled_from([None, "AFP"]),
)
@hypothesis.example([APPEARED, SOURCE_LINE], "Daily Herald", None)
def test_every_quote_stands_verbatim_inside_its_story(lines, outlet, byline):
    text = "\n".join(lines)
    before = "An earlier story (AP) -\n"
    of = records.Story("a", before + text, len(before), len(before + text), outlet=outlet, byline=byline)
    assert cases.quotes_hold(cases.verdict(of), of)
    alone = cases.credits_elsewhere(of)
    # a page that names a host as its source is not that host's, whatever its record says
    own = None if SOURCE_LINE in text and outlet == "Daily Herald" else outlet
    credited = {
        piece.rule
        for piece in cases.verdict(of).evidence
        if piece.says in {"origin", "immediate_source"} and piece.family != "prior" and piece.candidate != own
    }
    assert alone == bool(credited)


def test_a_fragment_on_the_originators_page_is_not_the_original_where_a_whole_text_is_there():
    first = cases.story(BODY, "a", outlet="Reuters", published="2025-05-05T07:00:00Z")
    whole = cases.story(f"PARIS (Reuters) - {BODY}", "b", outlet="Reuters", published="2025-05-05T09:00:00Z")
    given = cases.verdict(first, whole, shares=(0.2, 1.0))
    assert (given.origin_name, given.origin, given.first) == ("Reuters", 1, 0)


def test_a_credit_far_from_the_shared_text_is_a_neighbours():
    neighbour = f"RIYADH, Feb 18 (Reuters) - {BODY * 20}"
    page = cases.story(neighbour + BODY, "a", outlet="Gazette")
    alone = cases.story(BODY, "b", outlet="Daily Planet")
    spans = (((len(neighbour), len(neighbour + BODY)),), ((0, len(BODY)),))
    given = cases.verdict(page, alone, spans=spans)
    assert given.level != "stated"
    assert "agency_dateline" in cases.rules_of(given, "citation")
    near = cases.verdict(page, alone, spans=(((30, len(neighbour + BODY)),), ((0, len(BODY)),)))
    assert (near.origin_name, near.level) == ("Reuters", "stated")


def test_who_is_credited_dropped_nothing():
    credit = f"{BODY}This article was originally published by Daily Planet."
    copy, own = cases.story(credit, "a", outlet="Gazette"), cases.story(BODY, "b", outlet="Daily Planet")
    spans = (((0, len(BODY)),), ((0, len(BODY)),))
    assert "credit_outside_shared" not in cases.rules_of(cases.verdict(copy, own, spans=spans))
    another = cases.story(BODY, "c", outlet="Herald")
    given = cases.verdict(copy, own, another, spans=(*spans, spans[0]))
    assert "credit_outside_shared" in cases.rules_of(given, "order")


def test_a_syndicate_passes_on_what_another_outlet_wrote():
    told = f"{BODY}This story was produced by Chalkbeat and reviewed and distributed by Stacker Media."
    given = cases.verdict(cases.story(told, "a", outlet="Gazette", byline="Stacker"))
    assert (given.origin_name, given.level) == ("Chalkbeat", "stated")
    alone = cases.verdict(cases.story(BODY, "a", outlet="Gazette", byline="Stacker"))
    assert (alone.origin_name, alone.level) == ("Stacker", "stated")


def test_a_name_with_an_ending_is_that_of_a_page_of_the_case():
    credit = f"{BODY}Artykuł pierwotnie ukazał się w Głosie Kaszub."
    given = cases.verdict(
        cases.story(credit, "a", outlet="Pomorze"), cases.story(BODY, "b", outlet="Głos Kaszub")
    )
    assert (given.origin_name, given.level, given.origin) == ("Głos Kaszub", "stated", 1)
