"""Passages over planted edits: how far each reaches, and how many words it says are edited."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.settings import Settings
from tests import brute_force
from tests.in_process import PLAIN, align, archive, segments, with_gaps

WIDEST = PLAIN.max_edit_words
_CHANCE = random.Random(11)
_MADE = {"".join(_CHANCE.choices("bdfgklmnprstvaeiou", k=_CHANCE.randint(3, 9))) for _ in range(900)}
WORDS = sorted(_MADE)[:800]
_CHANCE.shuffle(WORDS)
TEXT, NEW, OTHER = WORDS[:300], WORDS[300:400], WORDS[400:]

KINDS = ("changed", "put in", "left out")
edit_lists = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 199), st.integers(1, 12)), max_size=6
).map(lambda edits: sorted(edits, key=lambda edit: edit[1]))


def edited(words, kind, place, n_words, new=NEW):
    """Return a list of words with one edit of so many words."""
    after = place if kind == "put in" else place + n_words
    between = [] if kind == "left out" else new[:n_words]
    return [*words[:place], *between, *words[after:]]


def passages(ours, theirs, settings=PLAIN):
    """Return each passage as its places in two lists of words, and how many words of it are edited."""
    found = align(archive(" ".join(ours), " ".join(theirs)), settings)
    rows = []
    for span, n_edits in zip(found.spans.tolist(), found.edits.tolist(), strict=True):
        sides = ((" ".join(ours), span[:2]), (" ".join(theirs), span[2:]))
        places = [text[:edge].count(" ") for text, edges in sides for edge in edges]
        rows.append((places[0], places[1] + 1, places[2], places[3] + 1, n_edits))
    return rows


@pytest.mark.parametrize("n_words", range(1, WIDEST + 1))
@pytest.mark.parametrize("kind", KINDS)
def test_a_passage_goes_on_over_a_small_edit_and_counts_its_words(kind, n_words):
    other = edited(TEXT, kind, 150, n_words)
    assert passages(TEXT, other) == [(0, 300, 0, len(other), n_words)]
    assert passages(other, TEXT) == [(0, len(other), 0, 300, n_words)]


@pytest.mark.parametrize("n_words", [WIDEST + 1, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_a_wider_edit_parts_it(kind, n_words):
    other = edited(TEXT, kind, 150, n_words)
    rest = 150 if kind == "put in" else 150 - n_words
    expected = [(0, 150, 0, 150, 0), (300 - rest, 300, len(other) - rest, len(other), 0)]
    assert passages(TEXT, other) == expected


@pytest.mark.parametrize("widest", range(17))
def test_how_wide_an_edit_may_be_is_a_setting(widest):
    settings = Settings(max_edit_words=widest)
    for n_words, kind in itertools.product((1, 2, 3, 8, 15, 16, 17), KINDS):
        found = passages(TEXT, edited(TEXT, kind, 150, n_words), settings)
        assert [row[4] for row in found] == ([n_words] if n_words <= widest else [0, 0])


@pytest.mark.parametrize("n_between", range(1, 5))
def test_edits_with_fewer_words_between_them_than_a_shingle_has_count_one_by_one(n_between):
    other = edited(TEXT, "changed", 150, 1)
    other = edited(other, "changed", 151 + n_between, 1, NEW[50:])
    assert passages(TEXT, other) == [(0, 300, 0, 300, 2)]


def test_an_edit_is_no_wider_than_half_of_the_words_around_it():
    ours, theirs = TEXT[:12], [*TEXT[:6], *NEW[:5], *TEXT[6:12]]
    settings = Settings(min_passage_words=1)
    assert [row[4] for row in passages(ours, theirs, settings)] == [5]
    theirs = [*TEXT[:6], *NEW[:7], *TEXT[6:12]]
    assert [row[4] for row in passages(ours, theirs, settings)] == [0, 0]


@pytest.mark.parametrize(
    ("n_left", "n_changed", "reached"),
    [(3, 1, True), (4, 1, True), (3, 2, True), (4, 2, True), (2, 1, False), (1, 1, False), (3, 3, False)],
)
def test_fewer_words_than_a_shingle_has_are_reached_at_either_end(n_left, n_changed, reached):
    for kind in KINDS:
        beginning = edited(TEXT, kind, n_left, n_changed)
        length = len(beginning)
        first = 0 if reached else n_left if kind == "put in" else n_left + n_changed
        n_edits = n_changed if reached else 0
        expected = [(first, 300, length - (300 - first) if not reached else 0, length, n_edits)]
        assert passages(TEXT, beginning) == expected
        place = 300 - n_left if kind == "put in" else 300 - n_left - n_changed
        end = edited(TEXT, kind, place, n_changed)
        assert passages(TEXT, end) == [(0, 300, 0, length, n_changed) if reached else (0, place, 0, place, 0)]


def test_swapped_paragraphs_give_passages_that_cross():
    ours = [*TEXT[:60], *TEXT[60:150], *TEXT[150:200]]
    theirs = [*TEXT[150:200], *TEXT[60:150], *TEXT[:60]]
    assert passages(ours, theirs) == [(0, 60, 140, 200, 0), (60, 150, 50, 140, 0), (150, 200, 0, 50, 0)]


def test_each_paragraph_that_was_left_out_or_put_in_parts_a_passage():
    ours = TEXT[:200]
    theirs = [*TEXT[:50], *TEXT[90:150], *NEW[:40], *TEXT[150:200]]
    expected = [(0, 50, 0, 50, 0), (90, 150, 50, 110, 0), (150, 200, 150, 200, 0)]
    assert passages(ours, theirs) == expected


def test_a_text_merged_from_two_has_what_each_of_them_gave():
    first, second = TEXT[:150], OTHER[:150]
    merged = [*first[20:90], *NEW[:20], *second[:110], *NEW[20:35], *first[110:140]]
    assert passages(first, merged) == [(20, 90, 0, 70, 0), (110, 140, 215, 245, 0)]
    assert passages(second, merged) == [(0, 110, 90, 200, 0)]


def test_a_paragraph_that_stands_twice_is_a_passage_each_time():
    theirs = [*TEXT[:40], *NEW[:30], *TEXT[:40]]
    assert passages(theirs, TEXT[:40]) == [(0, 40, 0, 40, 0), (70, 110, 0, 40, 0)]
    assert passages(TEXT[:40], theirs) == [(0, 40, 0, 40, 0)]


@pytest.mark.parametrize("gap", [(100, 101), (100, 104), (96, 100)])
@pytest.mark.parametrize("side", [0, 1, 2])
def test_no_passage_reaches_over_text_that_takes_no_part(gap, side):
    # The words of the gap stand on both sides: nothing but the gap parts the passage.
    text = " ".join(TEXT)
    edges = [sum(len(word) + 1 for word in TEXT[:place]) for place in gap]
    gaps = [[edges] if side in {0, 2} else [], [edges] if side in {1, 2} else []]
    kept = with_gaps(archive(text, text), gaps)
    found = align(kept)
    assert len(found.spans) == 2
    ours, theirs = segments(kept, 0), segments(kept, 1)
    sides = brute_force.check_passages(
        ours, theirs, found.spans.tolist(), found.edits.tolist(), PLAIN.min_passage_words
    )
    assert [word for own in sides for word in own] == [*TEXT[: gap[0]], *TEXT[gap[1] :]]
    assert found.edits.tolist() == [0, 0]


def test_no_passage_is_lengthened_into_text_that_takes_no_part():
    # Without the gap, three words that agree after one that does not would lengthen it.
    ours, theirs = TEXT[:60], edited(TEXT[:60], "changed", 56, 1)
    assert passages(ours, theirs) == [(0, 60, 0, 60, 1)]
    edge = len(" ".join(ours[:57]))
    kept = with_gaps(archive(" ".join(ours), " ".join(theirs)), [[(edge, edge + 1)], []])
    assert align(kept).edits.tolist() == [0]


@given(edit_lists)
@example([("put in", 0, 12), ("left out", 188, 12)])
@example([("changed", 2, 1), ("changed", 8, 1), ("changed", 14, 1)])
def test_edited_texts_keep_their_words_in_passages_that_say_their_edits(edits):
    theirs, shift, until = list(TEXT[:200]), 0, 0
    for number, (kind, place, n_words) in enumerate(edits):
        if place < until or place + n_words > 200:
            continue
        new = NEW[16 * number :]
        theirs = edited(theirs, kind, place + shift, n_words, new)
        shift += {"put in": n_words, "left out": -n_words, "changed": 0}[kind]
        until = place if kind == "put in" else place + n_words
    kept = archive(" ".join(TEXT[:200]), " ".join(theirs))
    ours, others = segments(kept, 0), segments(kept, 1)
    letters = [[word.letters for word in side[0]] for side in (ours, others)]
    found = align(kept, Settings(min_passage_words=1))
    spans, n_edits = found.spans.tolist(), found.edits.tolist()
    sides = brute_force.check_passages(ours, others, spans, n_edits, 1)
    shared = brute_force.covered(letters[0], set(brute_force.shingles([letters[1]], 5)), 5)
    assert {letters[0][place] for place in shared} <= {word for own in sides for word in own}
    for previous, following in itertools.pairwise(spans):  # no text was moved, so none crosses or overlaps
        assert previous[1] < following[0]
        assert previous[3] < following[2]


@given(edit_lists)
def test_from_the_other_side_the_same_runs_are_found(edits):
    theirs = list(TEXT[:200])
    for number, (kind, place, n_words) in enumerate(edits):
        theirs = edited(theirs, kind, min(place, len(theirs)), n_words, NEW[16 * number :])
    settings = Settings(min_passage_words=1)
    one, other = passages(TEXT[:200], theirs, settings), passages(theirs, TEXT[:200], settings)
    turned = sorted((row[2], row[3], row[0], row[1], row[4]) for row in other)
    assert turned == one
