"""Verification and relations, compared with brute force over sets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.matching import matches, screening
from dedup.records import Ragged, Rows, offsets
from dedup.settings import Settings
from tests import archives as made_up
from tests import brute_force
from tests.in_process import PLAIN, archive, every_pair, match, unpack

SETTINGS = Settings(copy_share=0.9, revision_jaccard=0.3, excerpt_share=0.6)

big_sets = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda edge: range(*sorted(edge))),
    min_size=2,
    max_size=8,
)


@st.composite
def rules(draw):
    """Return settings of verification, with shingles of five words."""
    return Settings(
        min_shared_shingles=draw(st.integers(1, 20)),
        min_share=draw(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0])),
        min_shared_words=draw(st.integers(1, 60)),
        min_run_words=draw(st.integers(1, 60)),
        short_text_words=draw(st.integers(0, 40)),
    )


def rule(least, share, shared_words, run, short):
    return Settings(
        min_shared_shingles=least,
        min_share=share,
        min_shared_words=shared_words,
        min_run_words=run,
        short_text_words=short,
    )


def rows_of(rows, kind):
    """Return rows as the type of ragged data."""
    values = [np.empty(0, kind), *(np.array(row, kind) for row in rows)]
    return Rows.of(Ragged(np.concatenate(values), offsets(np.array([*map(len, rows)], np.int64))))


def screen(rows, settings):
    """Return the pairs that are kept, in order, and which of them are near; each shingle is given by its 20 bits."""
    marks = rows_of([[shingle >> 4 for shingle in row] for row in rows], np.uint16)
    halves = [[shingle & 15 for shingle in row] + [0] * (len(row) % 2) for row in rows]
    tails = rows_of(
        [[low | high << 4 for low, high in zip(row[::2], row[1::2], strict=True)] for row in halves], np.uint8
    )
    pairs = every_pair(len(rows))
    counts = screening.count(marks, pairs)
    found, near = screening.screen(marks, tails, counts, screening.orient(pairs, counts), settings)
    order = np.argsort(found)
    return unpack(found[order]), near[order].tolist()


def may_match(shared, sizes, settings):
    """Return whether a pair can be a match, whatever its alignment tells."""
    if min(sizes) > 0 and max(sizes) + 5 <= settings.short_text_words:
        return True
    words = shared + 4
    much = shared >= settings.min_share * min(sizes)
    enough = much or words >= settings.min_shared_words or words >= settings.min_run_words
    return shared >= settings.min_shared_shingles and enough


@given(big_sets, rules())
@example([range(8), range(8)], rule(8, 1.0, 60, 60, 0))
@example([range(7), range(7)], rule(8, 0.0, 1, 1, 0))
@example([range(36), range(20)], rule(8, 1.0, 24, 60, 0))
@example([range(36), range(19)], rule(8, 1.0, 24, 60, 0))
@example([range(36), range(19)], rule(8, 1.0, 60, 23, 0))
@example([range(100, 100), range(9)], rule(1, 0.0, 1, 1, 0))
@example([range(9), range(20, 29)], rule(8, 1.0, 60, 60, 13))
def test_screened_pairs_are_those_whose_marks_may_make_a_match(rows, settings):
    found, _ = screen([range(16 * row.start, 16 * row.stop, 16) for row in rows], settings)
    expected = []
    for a, b in itertools.combinations(range(len(rows)), 2):
        sizes = len(rows[a]), len(rows[b])
        short = max(sizes) + 5 <= settings.short_text_words
        if short or may_match(len(set(rows[a]) & set(rows[b])), sizes, settings):
            expected.append((a, b))
    assert found == expected


def test_near_pairs_may_share_half_of_the_shorter_article():
    rows = [range(0, 1600, 16), range(960, 2560, 16), range(800, 2400, 16)]
    assert screen(rows, PLAIN) == ([(0, 1), (0, 2), (1, 2)], [False, True, True])


def test_marks_that_meet_by_chance_are_told_apart_by_their_tails():
    some = [number << 4 | 5 for number in range(100)]
    others = [number << 4 | 6 for number in range(101)]
    assert screen([some, others, some], PLAIN) == ([(0, 2)], [True])


def test_repeated_marks_count_once_for_the_length_of_an_article():
    marks = Rows(np.array([1, 1, 1, 2, 1, 2], np.uint16), np.array([0, 4]), np.array([4, 6]))
    assert screening.count(marks, every_pair(2)).tolist() == [2, 2]


def relation(share_a, share_b, jaccard=None):
    """Return the name of a relation between two texts of which one is as long as its share says."""
    if jaccard is None:
        jaccard = 1 / (1 / share_a + 1 / share_b - 1) if share_a and share_b else 0.0
    figures = (np.array([value]) for value in (jaccard, share_a, share_b))
    (index,) = matches.relate(*figures, SETTINGS)
    return matches.RELATIONS[index]


@pytest.mark.parametrize(
    ("share_a", "share_b", "expected"),
    [
        (1.0, 1.0, "copy"),
        (0.9, 0.9, "copy"),
        (0.9, 0.95, "copy"),
        (0.89, 1.0, "revision"),
        (1.0, 0.51, "revision"),
        (1.0, 0.5, "excerpt"),
        (1.0, 0.01, "excerpt"),
        (0.6, 0.3, "excerpt"),
        (0.59, 0.29, "partial"),
        (0.6, 0.4, "revision"),
        (0.6, 0.31, "partial"),
        (0.5, 0.5, "revision"),
        (0.46, 0.46, "partial"),
        (0.01, 0.01, "partial"),
    ],
)
def test_relations_have_these_edges(share_a, share_b, expected):
    assert relation(share_a, share_b) == expected
    assert relation(share_b, share_a) == expected


@pytest.mark.parametrize(("jaccard", "expected"), [(0.3, "revision"), (0.29999, "partial")])
def test_a_revision_begins_at_its_jaccard(jaccard, expected):
    assert relation(0.5, 0.5, jaccard) == expected


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_relation_is_the_same_from_either_side(share_a, share_b):
    assert relation(share_a, share_b) == relation(share_b, share_a)


def test_the_figures_of_an_archive_equal_brute_force_over_its_words():
    pages = [page["text"] for page in made_up.records(120)]
    kept = archive(*pages)
    shingles = [set(brute_force.shingles([brute_force.folded(page)], 5)) for page in pages]
    expected = {}
    for a, b in itertools.combinations(range(len(pages)), 2):
        ours, theirs = shingles[a], shingles[b]
        shared = len(ours & theirs)
        expected[a, b] = (shared / len(ours | theirs), shared / len(ours), shared / len(theirs))
    pairs = every_pair(len(pages))
    for found in (match(kept, pairs)[0], matches.overlaps(kept.text, kept.located(), pairs, PLAIN)):
        figures = zip(found.jaccard, found.share_a, found.share_b, strict=True)
        assert len(found) > 50
        for pair, figure in zip(unpack(found.pairs), figures, strict=True):
            assert figure == expected[pair]
    assert {matches.RELATIONS[index] for index in found.relations} == set(matches.RELATIONS)


def test_two_stories_shorter_than_a_shingle_match_only_whole():
    kept = archive("one two three", "One, two – three.", "one two three four", "two three")
    found = matches.overlaps(kept.text, kept.located(), every_pair(4), PLAIN)
    assert dict(zip(unpack(found.pairs), found.shared.tolist(), strict=True))[0, 1] == 1
    assert found.shared.sum() == 1


def test_many_pairs_are_measured_in_several_goes(monkeypatch):
    kept = archive(*(" ".join("abcdefghij"[first:]) for first in range(5)))
    whole = matches.overlaps(kept.text, kept.located(), every_pair(5), PLAIN)
    monkeypatch.setattr(matches, "PAIRS_AT_ONCE", 3)
    parted = matches.overlaps(kept.text, kept.located(), every_pair(5), PLAIN)
    assert whole.pairs.tolist() == parted.pairs.tolist()
    assert whole.shared.tolist() == parted.shared.tolist()


def figures(n_pairs):
    """Return some pairs with made-up figures."""
    sizes = np.full(n_pairs, 10)
    return matches.measure(every_pair(4)[:n_pairs], np.arange(n_pairs) + 1, sizes, sizes, SETTINGS)


def test_parts_of_matches_are_joined_and_taken_by_row():
    whole = figures(6)
    chosen = np.arange(len(whole)) % 2 == 0
    joined = matches.concatenate([matches.none(), matches.take(whole, chosen), matches.take(whole, ~chosen)])
    assert sorted(joined.pairs.tolist()) == whole.pairs.tolist()
    back = matches.take(joined, np.argsort(joined.pairs))
    assert back.shared.tolist() == whole.shared.tolist()
    assert back.relations.tolist() == whole.relations.tolist()


def test_words_tell_the_relation_only_where_they_are_asked():
    found = figures(3)
    told = np.array([False, True, False])
    relations, strengths = np.full(3, matches.EXCERPT, np.int8), np.array([0.1, 0.2, 0.3])
    changed = matches.told_by_words(found, told, relations, strengths)
    assert changed.relations.tolist() == [found.relations[0], matches.EXCERPT, found.relations[2]]
    assert changed.strengths.tolist() == [found.strengths[0], 0.2, found.strengths[2]]
    assert changed.share_a.tolist() == found.share_a.tolist()
