"""The signs of the rules: no rule finds anything without them, and what is quick finds what is thorough."""

from __future__ import annotations

import re

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from dedup import attribution, dates, records
from dedup.attribution import agencies, citation, datelines, registry, rules, signs, views
from tests import attribution_cases as cases
from tests.attribution_cases import BODY
from tests.test_attribution_rules import FORMS
from tests.test_attribution_traps import TRAPS

TABLE = cases.AGENCIES
NAMES = sorted({form for row in TABLE.rows for form in (*signs.names(row), *row.datelines)})
PIECES = (
    *(
        "\n",
        "\n\n",
        " ",
        "  ",
        "\t",
        "\xa0",
        ". ",
        ", ",
        " - ",
        " – ",
        "-",
        "— ",
        "(",
        ")",
        "/",
        "[",
        "]",
        "“",
        "_",
    ),
    *(
        "By ",
        "Von ",
        "PARIS",
        "NEW YORK, N.Y.",
        "Québec",
        "МОСКВА",
        "Москва",
        "A",
        "İ",
        "북경",
        "U.S.",
        "de",
        "a b",
    ),
    *(
        "Feb 18",
        "18 février",
        "May 5, 2025",
        "3",
        "٣",
        "(Hollywood Reporter) - ",
        "(Daily Herald) ",
        "(TAIPEI) ",
    ),
    *(
        "Photo: ",
        "via ",
        "told ",
        " reported",
        " said",
        "© ",
        "Copyright ",
        " Staff",
        " writer",
        " Sports Writer",
    ),
    *("(Reporting by Jane Doe; Editing by Max Roe)", "(Additional reporting by A B; Writing by C)"),
    *("With files from ", "avec ", "Mit Material von ", " contributed to this report", "This report by "),
    *(
        "This article was first published on ",
        "Republished from ",
        "Read the rest of the story at ",
        "Originally ",
    ),
    *(
        "The post A b appeared first on ",
        "DAILY HERALD | Published May 5, 2025",
        "SOURCE: www.dailyherald.com",
    ),
    *("SOURCE:reuters.com", "SOURCE Acme Inc.", "READ FULL ARTICLE", "Read the full story", " (NYSE: ACM) "),
    *("reporters said on Tuesday", "news of the day and a long sentence that names nobody at all", "x" * 90),
)
TEXTS = st.one_of(
    st.sampled_from([form[1] for form in FORMS] + list(TRAPS.values())),
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.sampled_from(NAMES), st.text(max_size=4)), max_size=14
    ).map("".join),
)
LONG = st.tuples(TEXTS, st.integers(0, 300), TEXTS).map(lambda parts: parts[0] + "wé " * parts[1] + parts[2])
OUTLETS = st.sampled_from([None, "", "Daily Herald", "Reuters", "AP", "TAIPEI", "MSN"])
BYLINES = st.one_of(st.none(), TEXTS, st.sampled_from(["AFP", "Jane Doe, Reuters", "Le Figaro et AFP"]))
PLACES = (signs.Place.HEAD, signs.Place.TAIL, signs.Place.ENDS, signs.Place.CLOSING, signs.Place.WHOLE)


def held(story, kinds=registry.SIGNS):
    return signs.find(records.Stories.of([story]), kinds, TABLE)


def whole(story):
    """Return the view of a story for which nothing is known of its signs."""
    return views.View(story, TABLE, story.start, story.end)


@hypothesis.given(LONG, OUTLETS, BYLINES)
@hypothesis.example("PARIS(AP) - It", None, None)
@hypothesis.example("“ PARIS, 18 février (Foo Bar) – It", None, None)
@hypothesis.example("By Jane Doe PARIS (Foo Bar) – It", None, None)
def test_no_rule_finds_anything_without_its_signs(text, outlet, byline):
    story = cases.story(text, outlet=outlet, byline=byline)
    found = held(story)
    for rule in registry.TEXT_RULES:
        assert found.all_of(rule.signs)[0] or not list(rule.find(whole(story))), rule.name


@pytest.mark.parametrize("text", [form[1] for form in FORMS])
def test_each_form_holds_signs_of_its_rule_only_if_they_are_needed(text):
    story = cases.story(text)
    found = held(story)
    finding = {rule.name for rule in registry.TEXT_RULES if list(rule.find(whole(story)))}
    asked = {rule.name for rule in registry.TEXT_RULES if found.all_of(rule.signs)[0]}
    assert finding <= asked
    assert len(asked) < len(registry.TEXT_RULES)


@hypothesis.given(LONG, st.sampled_from(["2023-02-19", "2025-02-18T10:00:00Z"]))
@hypothesis.example("PARIS, Feb 18 - He said on Tuesday", "2023-02-19")
@hypothesis.example("A\tB, Feb 18 (X Y) — It was announced Friday", "2023-02-19")
def test_no_dateline_warns_without_its_signs(text, published):
    view = whole(cases.story(text))
    warns = view.dateline is not None and datelines.inconsistency(view.dateline, text, dates.parse(published))
    assert held(view.story).any_of(datelines.SIGNS)[0] or not warns


@hypothesis.given(LONG, OUTLETS)
def test_no_page_belies_its_record_without_its_sign(text, outlet):
    story = cases.story(text, outlet=outlet)
    assert held(story).any_of([views.SOURCE_SIGNS])[0] or not whole(story).is_belied


@hypothesis.given(LONG)
@hypothesis.example("With files from Anadolu AgencyAnadolu Ajansı")
def test_the_last_name_of_an_agency_bounds_the_search_for_mentions(text):
    story = cases.story(text)
    reach = int(held(story).reach(citation.MENTIONED)[0])
    known = views.View(story, TABLE, 0, len(text), reach)
    for rule in citation.RULES:
        assert list(rule.find(known)) == list(rule.find(whole(story)))


def stands(kind, word, text):
    """Return whether a literal stands where it must, told character by character."""
    head, tail = text[: signs.N_HEAD], text[-signs.N_TAIL :]
    parts = {
        signs.Place.HEAD: (head,),
        signs.Place.TAIL: (tail,),
        signs.Place.ENDS: (head, tail),
        signs.Place.CLOSING: (text[-signs.N_CLOSING :],),
        signs.Place.WHOLE: (text,),
    }[kind.place]
    pattern = re.escape(word.removeprefix("\n"))
    if word.startswith("\n"):
        pattern = f"^{pattern}"
    elif kind.whole_words:
        pattern = f"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
    return any(re.search(pattern, part, re.MULTILINE) for part in parts)


@hypothesis.given(
    st.lists(st.sampled_from(["AP", "x", " ", "é", "\n", "(AP", "News", "ё", "4", "AFP."]), max_size=12),
    st.integers(0, 500),
    st.sampled_from(PLACES),
    st.sampled_from([("AP",), ("\nAP",), ("News", "é\n")]),
    st.booleans(),
)
def test_signs_are_found_where_they_stand(pieces, gap, place, words, whole_words):
    text = "".join(pieces) + "wé " * gap + "".join(reversed(pieces))
    kind = signs.Signs(place=place, words=words, whole_words=whole_words)
    found = held(cases.story(text), [kind]).all_of([kind])[0]
    assert found or not any(stands(kind, word, text) for word in words)
    assert not found or any(word.removeprefix("\n") in text for word in words)


@pytest.mark.parametrize(
    ("place", "begin", "expected"),
    [
        (signs.Place.HEAD, 797, True),
        (signs.Place.HEAD, 798, False),
        (signs.Place.TAIL, 2300, True),
        (signs.Place.TAIL, 2299, False),
        (signs.Place.ENDS, 1500, False),
        (signs.Place.ENDS, 2299, False),
        (signs.Place.CLOSING, 2940, True),
        (signs.Place.CLOSING, 2939, False),
        (signs.Place.WHOLE, 1500, True),
    ],
)
@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_sign_counts_at_its_place_only(place, begin, expected, letter):
    text = letter * begin + "AFP" + letter * (3000 - begin - 3)
    kind = signs.Signs(place=place, words=("AFP",))
    assert held(cases.story(text), [kind]).all_of([kind])[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AP", True), ("(AP)", True), ("JAPAN", False), ("AP2", False), ("éAPé", True), ("CAP AP", True)],
)
def test_a_whole_word_is_no_part_of_a_longer_one(text, expected):
    kind = signs.Signs(place=signs.Place.WHOLE, words=("AP",), whole_words=True)
    assert held(cases.story(text), [kind]).all_of([kind])[0] == expected


@hypothesis.given(st.lists(st.tuples(TEXTS, OUTLETS, BYLINES), min_size=1, max_size=5))
def test_a_story_is_taken_from_elsewhere_if_a_rule_says_so_whatever_its_signs(stories):
    made = [cases.story(text, outlet=outlet, byline=byline) for text, outlet, byline in stories]
    elsewhere = [
        any(
            not whole(story).is_own(finding.name)
            for rule in registry.TEXT_RULES
            if rule.says in {rules.ORIGIN, rules.IMMEDIATE_SOURCE}
            for finding in rule.find(whole(story))
        )
        for story in made
    ]
    assert attribution.credits_elsewhere(records.Stories.of(made), TABLE).tolist() == elsewhere


STORIES = st.builds(
    lambda text, article_id, **fields: records.Story(article_id, "é " + text, 2, 2 + len(text), **fields),
    TEXTS,
    st.sampled_from("abc"),
    outlet=OUTLETS,
    url=st.sampled_from([None, "", "https://www.dailyherald.com/1", "http://ap.org", "reuters.com/x", "x"]),
    byline=BYLINES,
    published=st.sampled_from(
        [None, "", "2025-05-05", "2025-05-05T07:00:00Z", "2025-05-05T09:00:00", "noon"]
    ),
)
CASES = st.lists(
    st.tuples(STORIES, st.sampled_from([0.2, 0.9, 0.99, 1.0]), st.sampled_from(["copy", "container"])),
    min_size=1,
    max_size=4,
).flatmap(
    lambda members: st.builds(
        lambda spans: records.Case(
            tuple(story for story, _, _ in members),
            tuple(spans),
            tuple(share for _, share, _ in members),
            tuple(role for _, _, role in members),
        ),
        st.lists(
            st.sampled_from([(), ((2, 12),), ((2, 5), (30, 90))]),
            min_size=len(members),
            max_size=len(members),
        ),
    )
)


@hypothesis.given(st.lists(CASES, max_size=5))
def test_cases_are_judged_together_as_each_is_alone(asked):
    given = attribution.attribute_all(records.Cases.of(asked), TABLE)
    assert [given.verdict(i) for i in range(len(given))] == [
        attribution.attribute(case, TABLE) for case in asked
    ]


@hypothesis.given(CASES)
def test_a_verdict_is_the_same_where_every_text_is_read(case):
    everything = signs.Held(
        registry.SIGNS, np.full((len(case.stories), len(registry.SIGNS)), 1 << 30, np.int32)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signs, "find", lambda *_, **__: everything)
        thorough = attribution.attribute(case, TABLE)
    assert attribution.attribute(case, TABLE) == thorough


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
def test_every_form_of_an_agency_can_be_a_literal(row):
    assert all(len(form.encode()) > 1 for form in (*signs.names(row), *datelines.tags(row)))
    assert isinstance(row, agencies.Agency)


def test_a_plain_story_holds_no_sign():
    assert not held(cases.story(f"The bridge is agreed\n\n{BODY}")).any_of(registry.SIGNS)[0]


def test_names_of_any_length_are_signs():
    """A name's rarest bytes may stand far behind; where they stand must not be mixed up with which name it is."""
    stories = [
        cases.story(f"It was told by {'b' * length} ZQX of it.", f"a{length}", outlet=f"{'c' * length} QZX")
        for length in (60, 127, 128, 255, 256, 300, 3000)
    ]
    asked = records.Stories.of(stories)
    forms = tuple((story.page_text[15:-7], story.outlet) for story in stories)
    sites = signs.Sites(np.arange(len(stories))[::-1].copy(), forms)
    held = signs.find(asked, [signs.SITES], TABLE, sites=sites)
    told = [len(story.page_text) - 7 for story in stories]
    told[len(stories) // 2] = 0  # its own
    assert held.reach(signs.SITES).tolist() == told
