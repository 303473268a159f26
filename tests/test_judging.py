"""What counts as a match: short texts, template reports, little text in common."""

from __future__ import annotations

import random

import pytest

from dedup.settings import Settings
from tests.in_process import PLAIN, run

LONG_BRIEF = (
    "The court in Lyon threw out the appeal of two former directors who were convicted of hiding losses of 40 "
    "million from the shareholders of the shipyard before it was sold"
)
HEADLINES = (
    "Ministers agree on new fishing quotas for northern waters",
    "Strong quake shakes island capital and cuts power to thousands",
    "Central bank keeps its main rate on hold despite falling prices in the autumn",
    "Ferry runs aground off the coast and 120 passengers are brought ashore by helicopter before dawn",
    LONG_BRIEF,
)
REPORT = (
    "Shares on the exchange closed {0} percent higher at {1} points on {2}. Turnover reached {3} million crowns, "
    "after {4} million the day before. Of the {5} listed companies {6} gained and {7} lost. The bank of the north "
    "rose by {8} percent to {9} crowns, and the shipping line fell by {10} percent to {11} crowns. Dealers said that "
    "trading had been quiet, and that most investors were waiting for the figures from abroad. The yield of the "
    "ten-year bond stood at {12} percent. The crown was quoted at {13} to the dollar in the late afternoon."
)
_CHANCE = random.Random(3)
VOCABULARY = ["".join(_CHANCE.choices("bdfgklmnprstvaeiou", k=_CHANCE.randint(3, 9))) for _ in range(2_000)]


def relation(one, other, settings=PLAIN):
    """Return the relation of two texts, None where they are no match."""
    return run([one, other], settings).relations().get((0, 1))


def report(seed, day):
    """Return a report with numbers of its own."""
    chance = random.Random(seed)
    numbers = [f"{chance.randint(100, 999)}.{chance.randint(10, 99)}" for _ in range(13)]
    return REPORT.format(*numbers[:2], day, *numbers[2:])


def words(n_words, seed):
    return random.Random(seed).choices(VOCABULARY, k=n_words)


def with_run(n_words, n_shared):
    """Return two texts of which only a run of words is the same."""
    own, other, shared = (words(size, seed) for seed, size in enumerate((n_words, n_words, n_shared)))
    half = n_words // 2
    return tuple(" ".join([*each[:half], *shared, *each[half:]]) for each in (own, other))


@pytest.mark.parametrize("text", HEADLINES)
def test_a_short_text_matches_its_copy_whatever_its_case_and_signs(text):
    assert relation(text, text) == "copy"
    assert relation(text, f"“{text.upper()}!”") == "copy"


@pytest.mark.parametrize("text", HEADLINES)
def test_a_short_text_matches_itself_with_a_typing_error_or_a_word_changed(text):
    for place in range(len(text.split())):
        changed = text.split()
        changed[place] = "zzzz"
        assert relation(text, " ".join(changed)) in {"copy", "revision"}
        changed[place] = text.split()[place] + "z"
        assert relation(text, " ".join(changed)) in {"copy", "revision"}


@pytest.mark.parametrize("text", HEADLINES[2:])
def test_a_short_text_matches_itself_with_two_words_changed(text):
    for place in range(0, len(text.split()) - 6, 2):
        changed = text.split()
        changed[place], changed[place + 6] = "zzzz", "yyyy"
        assert relation(text, " ".join(changed)) in {"copy", "revision"}


def test_other_short_texts_do_not_match():
    others = (
        "Ministers agree on new budget rules for southern regions",
        "Strong quake shakes mountain villages and cuts roads to hundreds",
        "Central bank raises its main rate by a quarter despite falling output in the autumn",
        "A ferry caught fire off the coast and 80 passengers were brought ashore by boats after dusk",
        "The court in Graz threw out the lawsuit of two former tenants who were accused of hiding rents of 9 million",
    )
    assert run([*HEADLINES, *others]).relations() == {}


def test_a_template_with_other_names_in_a_quarter_of_its_words_does_not_match():
    brief = "{} of {} was elected mayor of {} on Sunday with a margin of some points over {} {}"
    one = brief.format("Anna Lind", "Malmo", "Ystad", "Karl", "Berg")
    other = brief.format("Piotr Zawadzki", "Torun", "Gdynia", "Ewa", "Nowakowska")
    assert relation(one, other) is None
    assert relation(one, other, Settings(boilerplate=False, short_text_share=0.5)) is None
    renamed = one.replace("Anna", "Anne")
    assert relation(one, renamed) == "copy"


def test_a_headline_that_stands_whole_in_a_brief_matches_it():
    brief = f"{HEADLINES[0]} after a night of talks in the capital that nobody had thought would end so soon"
    assert relation(HEADLINES[0], brief) in {"excerpt", "revision"}


def test_a_near_copy_that_shares_no_shingle_is_found_and_has_a_cluster():
    text = HEADLINES[3].split()
    first, second = list(text), list(text)
    first[4], first[9], first[14] = "xxxx", "yyyy", "zzzz"
    second[3], second[8], second[13] = "uuuu", "vvvv", "wwww"
    found = run([" ".join(words) for words in (text, first, second)])
    assert found.relations() == {(0, 1): "revision", (0, 2): "revision"}
    assert found.matches.shared.tolist() == [0, 0]
    (one,) = found.clusters
    assert [(member.article, member.role) for member in one.members] == [
        (0, "copy"),
        (1, "revision"),
        (2, "revision"),
    ]


def test_texts_under_the_least_length_take_no_part():
    seven = "Ministers agree on new quotas for herring"
    assert relation(seven, seven) is None
    assert relation(f"{seven} today", f"{seven} today") == "copy"
    assert relation(seven, seven, Settings(boilerplate=False, min_words=7)) == "copy"


def test_a_short_text_and_a_long_one_are_not_compared_word_by_word():
    long_text = f"{HEADLINES[1]} {' '.join(words(60, 1))}"
    assert relation(HEADLINES[1], long_text) is None  # six shingles of one side are too few
    assert relation(HEADLINES[2], f"{HEADLINES[2]} {' '.join(words(60, 1))}") == "excerpt"


def test_reports_of_one_form_with_other_numbers_are_no_match():
    pages = [report(seed, day) for seed, day in enumerate(("Monday", "Tuesday", "Friday", "Monday"))]
    assert run(pages).relations() == {}


def test_a_report_with_a_figure_or_two_corrected_is_a_match():
    whole = report(1, "Monday")
    numbers = [word for word in whole.split() if word[0].isdigit()]
    for n_corrected in range(1, 4):
        corrected = whole
        for number in numbers[2 : 2 + n_corrected]:
            corrected = corrected.replace(number, "1" + number, 1)
        assert relation(whole, corrected) in {"copy", "revision"}


def test_a_story_that_keeps_most_of_its_numbers_is_a_match():
    story = " ".join(report(seed, "Monday") for seed in range(3))
    numbers = [word for word in story.split() if word[0].isdigit()]
    updated = story
    for number in numbers[::5]:
        updated = updated.replace(number, "7" + number, 1)
    assert relation(story, f"{updated} Correction: figures of the first report are changed.") is not None


def notice(names, seed=0):
    """Return a notice of 60 words with names in it; the words between them are the same."""
    between = [" ".join(words(8, f"{seed} {number}")) for number in range(len(names))]
    return " ".join(f"{own} {name}" for own, name in zip(between, names, strict=True))


@pytest.mark.parametrize(("n_changed", "found"), [(6, False), (4, False), (3, True), (2, True)])
def test_a_form_that_was_filled_with_other_names_is_no_match(n_changed, found):
    names = ["Lind", "Malmo", "Ystad", "Berg", "Torun", "Gdynia"]
    other = ["Nowak", "Graz", "Linz", "Huber", "Brno", "Zlin"]
    mixed = [*other[:n_changed], *names[n_changed:]]
    assert (relation(notice(names), notice(mixed)) is not None) == found


def test_a_report_that_took_the_place_of_another_matches_its_own_copy_only():
    pages = [report(1, "Monday"), report(2, "Friday"), report(1, "Monday").replace("quiet", "calm")]
    assert set(run(pages).relations()) == {(0, 2)}


@pytest.mark.parametrize(("n_shared", "found"), [(19, False), (20, True), (39, True)])
def test_long_texts_match_by_one_run_of_twenty_words(n_shared, found):
    one, other = with_run(1_000, n_shared)
    assert relation(one, other) == ("partial" if found else None)


@pytest.mark.parametrize("n_runs", [1, 2, 3])
def test_long_texts_match_by_several_shorter_runs_with_a_paragraph_in_all(n_runs):
    ours, theirs = [], []
    for number in range(n_runs):
        shared = words(18, f"shared {number}")
        ours += [*words(300, f"a {number}"), *shared]
        theirs += [*words(300, f"b {number}"), *shared]
    # Three runs of 18 words have 42 shingles; two have 28, and 36 are asked.
    assert relation(" ".join(ours), " ".join(theirs)) == ("partial" if n_runs == 3 else None)


def test_a_tenth_of_a_text_is_a_match_if_it_has_eight_shingles():
    for n_shared, expected in ((11, None), (12, "partial")):
        one, other = with_run(60, n_shared)
        assert relation(one, other) == expected
