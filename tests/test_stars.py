"""Components and stars: what keeps a chain of revisions from being one cluster."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.clustering import components, stars
from tests.in_process import run

_CHANCE = random.Random(4)
VOCABULARY = ["".join(_CHANCE.choices("bdfgklmnprstvaeiou", k=_CHANCE.randint(3, 9))) for _ in range(4_000)]


def closure(n_items, pairs):
    """Return the least item of each item's component, by joining sets until nothing changes."""
    groups = [{item} for item in range(n_items)]
    for a, b in pairs:
        joined = groups[a] | groups[b]
        for item in joined:
            groups[item] = joined
    return [min(group) for group in groups]


def paragraphs(count, seed):
    """Return paragraphs of 40 made-up words."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=40)) for _ in range(count)]


def shares(found):
    """Return the share of each member in its cluster's text, by cluster."""
    return [{member.article: member.share for member in one.members} for one in found.clusters]


pair_lists = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60)


@given(pair_lists)
@example([(place, place + 1) for place in range(29)])
@example([(place + 1, place) for place in reversed(range(29))])
@example([(0, 29), (29, 1), (1, 28), (28, 2)])
def test_components_equal_a_naive_closure(pairs):
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    assert components.components(30, left, right).tolist() == closure(30, pairs)


@given(pair_lists, st.data())
def test_components_do_not_depend_on_the_order_of_the_edges(pairs, data):
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    order = np.array(data.draw(st.permutations(range(len(pairs)))), np.int64)
    found = components.components(30, left, right)
    assert components.components(30, right[order], left[order]).tolist() == found.tolist()


def test_components_of_nothing_are_nothing():
    none = np.empty(0, np.int64)
    assert components.components(0, none, none).tolist() == []


def leaders(n_articles, rows, measured=None, n_words=None):
    """Return the leaders of articles that match as rows say: a, b, and the share in common."""
    a, b, shares = (np.array(column) for column in zip(*rows, strict=True))
    known = {(x, y): strength for x, y, strength in rows} | (measured or {})
    known |= {(y, x): strength for (x, y), strength in known.items()}

    def measure(left, right):
        greater = [known.get(pair, 0.0) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        return stars.Overlaps(np.array(greater) >= 0.5, np.array(greater))

    lengths = np.array(n_words or [100] * n_articles)
    return stars.leaders(lengths, stars.Pairs(a, b, shares, shares), measure).tolist()


def test_the_article_that_is_most_like_its_neighbours_together_leads():
    assert leaders(5, [(0, 3, 0.5), (1, 3, 0.5), (2, 3, 0.5), (0, 4, 0.5)]) == [3, 3, 3, 3, 4]
    assert leaders(4, [(0, 1, 0.3), (0, 2, 0.3), (0, 3, 0.3), (1, 2, 0.9)]) == [1, 1, 1, 3]


def test_of_articles_that_are_as_like_their_neighbours_the_longest_leads_and_then_the_first():
    rows = [(0, 1, 0.6), (1, 2, 0.6), (0, 2, 0.6)]
    assert leaders(3, rows) == [0, 0, 0]
    assert leaders(3, rows, n_words=[5, 9, 7]) == [1, 1, 1]
    assert leaders(3, rows, n_words=[5, 9, 9]) == [1, 1, 1]


def test_near_copies_of_which_not_every_pair_was_found_follow_one_leader():
    rows = [(0, 1, 0.9), (0, 2, 0.9), (0, 3, 0.9), (1, 4, 0.9), (2, 4, 0.9), (3, 4, 0.9)]
    assert leaders(5, rows, {(0, 4): 0.8}) == [0] * 5
    assert leaders(5, rows, {(0, 4): 0.4}) == [0] * 5
    assert leaders(5, rows, {(0, 4): 0.0}) == [0] * 5  # a neighbour holds .9 of .9
    weak = [(a, b, 0.5) for a, b, _ in rows]
    assert leaders(5, weak, {(0, 4): 0.0}) == [0, 0, 0, 0, 4]


def test_an_article_whose_neighbours_all_follow_others_follows_the_one_that_shares_the_most_with_it():
    rows = [(0, 1, 0.8), (0, 2, 0.8), (3, 4, 0.8), (3, 5, 0.8), (2, 6, 0.6), (5, 6, 0.7)]
    assert leaders(7, rows)[6] == 3
    assert leaders(7, rows, {(0, 6): 0.6})[6] == 0
    assert leaders(7, [(*row[:2], 0.5) for row in rows])[6] == 6


def test_a_chain_is_cut_where_the_leader_is_two_steps_away():
    rows = [(place, place + 1, 0.5) for place in range(8)]
    found = leaders(9, rows)
    assert len(set(found)) == 3
    for article, leader in enumerate(found):
        assert abs(article - leader) <= 1


@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([0.3, 0.5, 0.6, 0.9])), max_size=30
    )
)
def test_stars_do_not_depend_on_the_order_of_the_matches_and_no_leader_follows_another(rows):
    unique = {(min(a, b), max(a, b)): strength for a, b, strength in rows if a != b}
    edges = [(a, b, strength) for (a, b), strength in sorted(unique.items())]
    if not edges:
        return
    found = leaders(12, edges)
    assert leaders(12, edges[::-1]) == found
    assert all(found[leader] == leader for leader in found)
    labels = closure(12, [edge[:2] for edge in edges])
    assert all(labels[article] == labels[leader] for article, leader in enumerate(found))


def test_a_chain_of_revisions_that_each_keep_four_fifths_is_no_one_cluster():
    flowing = paragraphs(49, "chain")
    tenths = ["\n\n".join(flowing[day : day + 10]) for day in range(40)]
    fifths = ["\n\n".join(flowing_of(day)) for day in range(40)]
    for versions in (tenths, fifths):
        found = run(versions)
        assert len(found.clusters) > 3
        members = [article for own in shares(found) for article in own]
        assert sorted(members) == list(range(40))
        for own in shares(found):
            assert min(own.values()) >= 0.3
            assert max(own) - min(own) < 20


def flowing_of(day):
    """Return ten paragraphs, of which two are new each day."""
    return [paragraph for number in range(day, day + 5) for paragraph in paragraphs(2, f"day {number}")]


def test_clusters_have_the_same_ids_and_members_in_any_order_of_input():
    flowing = paragraphs(30, "order")
    texts = {f"v{day:02}": "\n\n".join(flowing[day : day + 6]) for day in range(20)}
    texts |= {f"x{number}": texts[f"v{4 * number:02}"][:600] for number in range(5)}
    records = [{"page_id": name, "text": text} for name, text in texts.items()]
    known = run(records)
    for seed in range(3):
        found = run(random.Random(seed).sample(records, len(records)))
        assert found.archive.article_ids == known.archive.article_ids
        assert found.clusters == known.clusters
        assert found.matches.pairs.tolist() == known.matches.pairs.tolist()
        assert found.passages.spans.tolist() == known.passages.spans.tolist()


def test_components_ask_together_and_in_rounds_of_any_size(monkeypatch):
    chance = random.Random(5)
    rows = [
        (100 * part + a, 100 * part + b, chance.choice([0.5, 0.7, 0.9]))
        for part in range(20)
        for a, b in sorted({tuple(sorted(chance.sample(range(40), 2))) for _ in range(60)})
    ]
    asked = []

    def measure(left, right):
        asked.append(len(left))
        greater = (left * 7 + right * 7) % 10 / 10
        return stars.Overlaps(greater >= 0.5, greater)

    a, b, shares = (np.array(column) for column in zip(*rows, strict=True))
    pairs = stars.Pairs(a, b, shares, shares)
    known = stars.leaders(np.full(2_000, 100), pairs, measure).tolist()
    assert len(asked) < 40  # by 20 components of a dozen stars each
    monkeypatch.setattr(stars, "_LEAST_ASKED", 1)
    assert stars.leaders(np.full(2_000, 100), pairs, measure).tolist() == known


@pytest.mark.parametrize("n_copies", [2_000])
def test_very_many_copies_of_one_article_are_one_star_and_nothing_is_measured(n_copies):
    first, others = np.zeros(n_copies - 1, np.int64), np.arange(1, n_copies)
    whole = np.ones(n_copies - 1)

    def measure(left, right):
        raise AssertionError((left, right))

    found = stars.leaders(np.full(n_copies, 100), stars.Pairs(first, others, whole, whole), measure)
    assert not found.any()
