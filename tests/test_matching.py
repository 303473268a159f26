"""Verification and relations, compared with brute force over sets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.matching import matches
from dedup.settings import Settings
from tests import archives as made_up
from tests import brute_force
from tests.in_process import PLAIN, archive, every_pair, ragged, unpack

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
@example([range(100, 100), range(9), range(20, 29)], rule(8, 1.0, 60, 60, 14))
@example([range(9), range(20, 29)], rule(8, 1.0, 60, 60, 13))
def test_verified_pairs_are_those_that_may_match_and_no_other(rows, settings):
    found = matches.verify(every_pair(len(rows)), ragged(rows), settings)
    expected = []
    for a, b in itertools.combinations(range(len(rows)), 2):
        shared = len(set(rows[a]) & set(rows[b]))
        if may_match(shared, (len(rows[a]), len(rows[b])), settings):
            expected.append((a, b, shared))
    assert list(zip(found.a, found.b, found.shared, strict=True)) == expected
    for row, (a, b, shared) in enumerate(expected):
        assert found.share_a[row] == shared / len(rows[a])
        assert found.share_b[row] == shared / len(rows[b])
        assert found.jaccard[row] == shared / len(set(rows[a]) | set(rows[b]))
        assert found.strengths[row] == max(found.share_a[row], found.share_b[row])


@given(st.integers(0, 2**32), st.integers(1, 2**32 - 1))
def test_overlaps_of_hashes_are_exact_wherever_they_lie(seed, spread):
    chance = np.random.default_rng(seed)
    rows = [chance.integers(0, spread, size, dtype=np.uint32).tolist() for size in (1, 40, 700)]
    rows += [rows[2][::2] + rows[1], rows[1][:9]]
    pairs = every_pair(len(rows))[::-1]
    found = matches.overlaps(pairs, ragged(rows), SETTINGS)
    assert found.shared.tolist() == [len(set(rows[a]) & set(rows[b])) for a, b in unpack(pairs)]
    assert found.pairs.tolist() == pairs.tolist()


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
    found = matches.verify(every_pair(len(pages)), kept.sketches.shingles, PLAIN)
    shingles = [set(brute_force.shingles([brute_force.folded(page)], 5)) for page in pages]
    assert [len(kept.sketches.shingles.row(row)) for row in range(len(pages))] == list(map(len, shingles))
    expected = {}
    for a, b in itertools.combinations(range(len(pages)), 2):
        ours, theirs = shingles[a], shingles[b]
        shared = len(ours & theirs)
        if may_match(shared, (len(ours), len(theirs)), PLAIN):
            expected[a, b] = (shared / len(ours | theirs), shared / len(ours), shared / len(theirs))
    figures = zip(found.jaccard, found.share_a, found.share_b, strict=True)
    assert dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), figures, strict=True)) == expected
    assert {matches.RELATIONS[index] for index in found.relations} == set(matches.RELATIONS)


def test_two_stories_shorter_than_a_shingle_match_only_whole():
    kept = archive("one two three", "One, two – three.", "one two three four", "two three")
    found = matches.overlaps(every_pair(4), kept.sketches.shingles, PLAIN)
    assert dict(zip(unpack(found.pairs), found.shared.tolist(), strict=True))[0, 1] == 1
    assert found.shared.sum() == 1


def test_parts_of_matches_are_joined_and_taken_by_row():
    rows = [range(9), range(9), range(5, 14), range(9)]
    whole = matches.verify(every_pair(4), ragged(rows), PLAIN)
    chosen = np.arange(len(whole)) % 2 == 0
    joined = matches.concatenate([matches.none(), matches.take(whole, chosen), matches.take(whole, ~chosen)])
    assert sorted(joined.pairs.tolist()) == whole.pairs.tolist()
    back = matches.take(joined, np.argsort(joined.pairs))
    assert back.shared.tolist() == whole.shared.tolist()
    assert back.relations.tolist() == whole.relations.tolist()


def test_words_tell_the_relation_only_where_they_are_asked():
    found = matches.verify(every_pair(3), ragged([range(9), range(9), range(4, 13)]), PLAIN)
    told = np.array([False, True, False])
    relations, strengths = np.full(3, matches.EXCERPT, np.int8), np.array([0.1, 0.2, 0.3])
    changed = matches.told_by_words(found, told, relations, strengths)
    assert changed.relations.tolist() == [found.relations[0], matches.EXCERPT, found.relations[2]]
    assert changed.strengths.tolist() == [found.strengths[0], 0.2, found.strengths[2]]
    assert changed.share_a.tolist() == found.share_a.tolist()
