"""What any two articles share: from the table of matches, or measured; and clusters as columns."""

from __future__ import annotations

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import packing
from dedup.engines import cases, extents, shares
from dedup.matching import matches as matching
from dedup.settings import Settings
from tests.in_process import PLAIN, pack, run
from tests.test_stars import paragraphs

SETTINGS = Settings()
SIZES = np.array([10, 12, 15, 20, 40, 40])


def shared_by(a, b):
    return min(SIZES[a], SIZES[b]) - (a + b) % 5


def table(pairs):
    """Return the figures of pairs of made-up articles."""
    packed = pack(pairs)
    shared = np.array([shared_by(a, b) for a, b in pairs], np.int64)
    return matching.measure(packed, shared, SIZES[packing.high(packed)], SIZES[packing.low(packed)], SETTINGS)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1])),
)
def test_only_pairs_that_are_no_matches_are_measured_and_each_once(asked, matched):
    measured = []

    def measure(pairs):
        both = [divmod(pair, 1 << 32) for pair in pairs.tolist()]
        measured.extend(both)
        return table(both)

    known = shares.Known(table(sorted(matched)), measure, SETTINGS)
    a, b = np.array(asked, np.int64).reshape(-1, 2).T
    found = known.shares(a, b)
    unknown = {(min(pair), max(pair)) for pair in asked if pair[0] != pair[1]} - matched
    assert measured == sorted(unknown)
    for row, (one, other) in enumerate(asked):
        shared = shared_by(one, other) if one != other else SIZES[one]
        assert found.share_a[row] == shared / SIZES[one]
        assert found.share_b[row] == shared / SIZES[other]
        jaccard = shared / (SIZES[one] + SIZES[other] - shared)
        shown = found.share_a[row : row + 1], found.share_b[row : row + 1]
        assert found.relations[row] == matching.relate(np.array([jaccard]), *shown, SETTINGS)[0]
    overlaps = known.overlaps(a, b)
    assert overlaps.greater.tolist() == np.maximum(found.share_a, found.share_b).tolist()


def test_clusters_are_a_sequence_that_others_can_be_added_to():
    flowing = paragraphs(12, "sequence")
    texts = ["\n\n".join(flowing[begin : begin + 6]) for begin in (0, 0, 6, 6)]
    found = run(texts)
    made = cases.clusters(found.archive, found.matches, found.passages, PLAIN)
    lone = cases.Cluster("c0", 3, (cases.Member(3, "copy", 1.0),))
    both = operator.add(made, [lone])
    assert len(made) == 2
    assert len(both) == 3
    assert list(both) == [*made, lone]
    assert both[-1] == lone
    assert [member.article for one in both for member in one.members] == both.articles.tolist()
    assert operator.add(made, []).offsets.tolist() == made.offsets.tolist()


@pytest.mark.parametrize(
    ("spans", "expected"), [([(0, 50), (60, 95)], [0, 95]), ([(0, 2), (10, 90)], [10, 90])]
)
def test_stray_passages_do_not_tell_where_a_match_stands(spans, expected):
    begins, ends = np.array(spans).T
    assert extents._reach(begins, ends, np.array([0, len(spans)])).tolist() == [expected]  # noqa: SLF001


def test_of_very_many_short_passages_all_tell_where_a_match_stands():
    begins = np.arange(0, 1_000, 10)
    assert extents._reach(begins, begins + 5, np.array([0, 100])).tolist() == [[0, 995]]  # noqa: SLF001
