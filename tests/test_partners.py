"""What members of clusters share: found by columns as match by match."""

from __future__ import annotations

import dataclasses

import hypothesis
import numpy as np
from hypothesis import strategies as st

from dedup import packing, records
from dedup.engines import partners
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

N_ARTICLES = 9
PAIRS = st.lists(
    st.tuples(st.integers(0, N_ARTICLES - 1), st.integers(0, N_ARTICLES - 1)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    unique=True,
    max_size=20,
).map(sorted)
SPAN = st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(0, 30), st.integers(1, 9)).map(
    lambda span: (span[0], span[0] + span[1], span[2], span[2] + span[3])
)
CLUSTERS = st.lists(st.sets(st.integers(0, N_ARTICLES - 1), min_size=1).map(sorted), min_size=1, max_size=4)


def sharing(pairs, spans, clusters):
    """Return the partners of these clusters: `spans[i]` are the passages of `pairs[i]`."""
    packed = packing.pack(np.array([a for a, _ in pairs], int), np.array([b for _, b in pairs], int))
    nothing = np.zeros(len(pairs))
    rows = np.array([span for of_pair in spans for span in of_pair], np.int64).reshape(-1, 4)
    offsets = records.offsets(np.array([len(of_pair) for of_pair in spans], np.int64))
    found = matching.Matches(**_fields(matching.Matches, nothing) | {"pairs": packed})
    passages = aligning.Passages(**_fields(aligning.Passages, nothing) | {"spans": rows, "offsets": offsets})
    articles = np.array([article for one in clusters for article in one], np.int64)
    return partners.Partners(
        found, passages, articles, records.offsets(np.array([len(one) for one in clusters], np.int64))
    )


def _fields(kind, value):
    return {field.name: value for field in dataclasses.fields(kind)}


def joined(spans):
    """Return spans in order, those joined that touch or overlap."""
    done = []
    for start, end in sorted(spans):
        if done and start <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def listed(spans):
    """Return each row of spans as a list."""
    return [
        list(zip(spans.starts[first:last].tolist(), spans.ends[first:last].tolist(), strict=True))
        for first, last in zip(spans.offsets[:-1].tolist(), spans.offsets[1:].tolist(), strict=True)
    ]


@hypothesis.given(PAIRS, CLUSTERS, st.data())
def test_spans_are_those_of_the_matches_within_the_cluster(pairs, clusters, data):
    spans = [data.draw(st.lists(SPAN, max_size=3)) for _ in pairs]
    members = [(article, one) for one in clusters for article in one]
    expected = [
        joined(
            span[2 * side : 2 * side + 2]
            for pair, of_pair in zip(pairs, spans, strict=True)
            for side in (0, 1)
            if pair[side] == article and pair[1 - side] in one
            for span in of_pair
        )
        for article, one in members
    ]
    asked = np.array(data.draw(st.lists(st.integers(0, len(members) - 1), unique=True)), np.int64)
    found = sharing(pairs, spans, clusters).spans(asked)
    assert listed(found) == [expected[number] for number in asked.tolist()]


def test_of_very_many_partners_the_first_are_asked():
    pairs = [(0, other) for other in range(1, partners.MOST_PARTNERS + 3)]
    spans = [[(10 * other, 10 * other + 5, 0, 5)] for _, other in pairs]
    found = sharing(pairs, spans, [list(range(len(pairs) + 1))]).spans(np.array([0]))
    assert listed(found)[0] == [(10 * other, 10 * other + 5) for _, other in pairs[: partners.MOST_PARTNERS]]
