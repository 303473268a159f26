"""Candidate pairs and groups of exact copies, compared with the sets that they are made from."""

from __future__ import annotations

import collections
import functools
import itertools
import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import packing, progress
from dedup.engines import local
from dedup.matching import candidates, exact
from dedup.records import Rows
from tests import archives as made_up
from tests import brute_force
from tests.in_process import PLAIN, archive, every_pair, match, pack, ragged, run, unpack

WORDS = ["Straße", "STRASSE", "über", "naïve", *"abcd"]

sets = st.lists(st.sets(st.integers(0, 12)), min_size=1, max_size=10)


@given(sets, st.integers(2, 5), st.data())
@example([{1}, {1}, {1}, {2}, {2}], 2, None)
def test_pairs_from_keys_are_those_that_share_a_key_and_of_a_common_one_those_with_its_first(
    rows, most, data
):
    articles = np.arange(len(rows)) if data is None else taking_part(rows, data)
    holders = {key: [int(each) for each in articles if key in rows[each]] for key in range(13)}
    expected = set()
    for held in holders.values():
        pairs = itertools.combinations(held, 2)
        expected.update(pairs if len(held) <= most else ((held[0], other) for other in held[1:]))
    keys = Rows.of(ragged(rows))
    asked = articles if data is None else np.array(data.draw(st.permutations(articles.tolist())), np.int64)
    keys = keys.take(asked)
    parts = [candidates.from_keys(keys, asked, most, part, 4) for part in range(4)]
    found = functools.reduce(candidates.unite, parts)
    assert unpack(found) == sorted(expected)
    assert candidates.from_keys(keys, asked, most).tolist() == found.tolist()


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=10), st.integers(2, 5), st.data())
def test_pairs_from_bands_are_those_that_agree_in_a_band(rows, most, data):
    articles = taking_part(rows, data)
    expected = set()
    for band, value in itertools.product(range(3), range(3)):
        held = [int(article) for article in articles if rows[article][band] == value]
        pairs = itertools.combinations(held, 2)
        expected.update(pairs if len(held) <= most else ((held[0], other) for other in held[1:]))
    found = candidates.from_bands(np.array(rows, np.uint32), articles, most)
    assert unpack(found) == sorted(expected)


def taking_part(rows, data):
    chosen = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    return np.array(sorted(chosen), np.int64)


@pytest.mark.parametrize(("holders", "n_pairs"), [(4, 6), (5, 4)])
def test_a_hot_key_and_a_hot_bucket_give_pairs_with_their_first_article(holders, n_pairs):
    articles = np.arange(holders)
    by_key = candidates.from_keys(Rows.of(ragged([[9]] * holders)), np.arange(holders), 4)
    by_band = candidates.from_bands(np.full((holders, 1), 9, np.uint32), articles, 4)
    for found in (by_key, by_band):
        assert len(found) == n_pairs
        assert {a for a, _ in unpack(found)} == ({0, 1, 2} if holders == 4 else {0})


def test_extreme_keys_and_numbers_keep_apart():
    keys = Rows.of(ragged([[0, 2**32 - 1], [2**32 - 1], [0], [2**32 - 2]]))
    assert sorted(unpack(candidates.from_keys(keys, np.arange(4), 10))) == [(0, 1), (0, 2)]


numbers = st.lists(st.integers(0, 2**64 - 1), max_size=10)


@given(numbers, numbers)
def test_pairs_of_two_indexes_are_sorted_and_different(left, right):
    arrays = (np.array(sorted(set(part)), np.uint64) for part in (left, right))
    assert candidates.unite(*arrays).tolist() == sorted({*left, *right})


def test_many_pairs_are_made_in_several_goes(monkeypatch):
    monkeypatch.setattr(candidates, "PAIRS_AT_ONCE", 1)
    chance = np.random.default_rng(1)
    rows = [set(chance.integers(0, 30, 8).tolist()) for _ in range(40)]
    found = candidates.from_keys(Rows.of(ragged(rows)), np.arange(len(rows)), 40)
    pairs = itertools.combinations(range(len(rows)), 2)
    assert unpack(found) == [(a, b) for a, b in pairs if rows[a] & rows[b]]


def digests(rows):
    return np.array([hash(tuple(sorted(row))) % 2**64 for row in rows], np.uint64)


few_sets = st.lists(st.sampled_from([{1}, {2}, {1, 2}, {3, 4, 5}, {3, 4}]), min_size=1, max_size=12)


@given(few_sets, st.data())
def test_articles_of_one_set_are_a_group(rows, data):
    articles = taking_part(rows, data)
    found = exact.group(digests(rows), articles)
    by_set = collections.defaultdict(list)
    for article in articles.tolist():
        by_set[tuple(sorted(rows[article]))].append(article)
    expected = sorted(by_set.values())
    assert [found.members.row(row).tolist() for row in range(len(found.members))] == expected
    assert found.representatives.tolist() == [row[0] for row in expected]
    group_of = {article: number for number, row in enumerate(expected) for article in row}
    assert found.group_of.tolist() == [group_of.get(article, -1) for article in range(len(rows))]


@given(few_sets, st.data(), st.integers(1, 10))
def test_the_matches_of_a_group_are_those_of_its_members(rows, data, most):
    articles = taking_part(rows, data)
    groups = exact.group(digests(rows), articles)
    between = list(itertools.combinations(groups.representatives.tolist(), 2))
    taken = data.draw(st.sets(st.sampled_from(between))) if between else set()
    pairs = pack(taken)
    found = exact.expand(pairs, groups, most)
    expected = set()
    for a, b in unpack(pairs):
        ours, theirs = (members_of(groups, article) for article in (a, b))
        whole = list(itertools.product(ours, theirs))
        for pair in whole if len(whole) <= most else [(ours[0], theirs[0])]:
            expected.add(tuple(sorted(pair)))
    for row in range(len(groups.members)):
        members = groups.members.row(row).tolist()
        whole = list(itertools.combinations(members, 2))
        for pair in whole if len(members) ** 2 <= most else [(members[0], other) for other in members[1:]]:
            expected.add(pair)
    assert unpack(found) == sorted(expected)


def members_of(groups, article):
    return groups.members.row(groups.group_of[article]).tolist()


def test_no_articles_make_no_groups():
    none = np.empty(0, np.int64)
    groups = exact.group(digests([[1], [2]]), none)
    assert len(groups.members) == 0
    assert groups.group_of.tolist() == [-1, -1]
    assert exact.expand(pack([]), groups, 10).tolist() == []


short_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=1, max_size=6)


@given(short_texts, st.integers(2, 4), st.data())
@example(["a b c d", "x a b c d y"], 2, None)
@example(["a b c", "a b c"], 2, None)
@example(["a a a a a", "a a a a"], 2, None)
def test_short_texts_are_paired_by_two_runs_of_three_words(texts, most, data):
    articles = np.arange(len(texts)) if data is None else taking_part(texts, data)
    runs = [set(brute_force.shingles([brute_force.folded(text)], 3)) for text in texts]
    holders = {run: [int(each) for each in articles if run in runs[each]] for run in set().union(*runs)}
    shared = collections.Counter()
    for held in holders.values():
        pairs = itertools.combinations(held, 2)
        shared.update(pairs if len(held) <= most else ((held[0], other) for other in held[1:]))
    expected = sorted(pair for pair, n_runs in shared.items() if n_runs >= 2)
    made = archive(*texts)
    found = candidates.from_short_texts(made.text, made.located(), articles, most)
    assert unpack(found) == expected


def test_the_indexes_find_nearly_every_match_of_an_archive():
    pages = [page["text"] for page in made_up.records(300, seed=5)]
    kept = archive(*pages)
    found = set(unpack(run(pages).matches.pairs))
    expected = set(unpack(match(kept, every_pair(len(pages)))[0].pairs))
    assert found <= expected
    assert len(found) >= 0.99 * len(expected) > 100


def test_texts_under_the_least_length_are_no_candidates():
    chance = random.Random(1)
    texts = [" ".join(chance.choices("abcdefghijklmnop", k=size)) for size in (7, 8, 30)]
    kept = archive(*(text for text in texts for _ in range(2)))
    found = local.Local(PLAIN, 1, progress.Silent()).candidates(kept)
    assert unpack(found.pairs) == [(2, 3), (4, 5)]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40), st.sampled_from([0, 32]))
@example([], 0)
@example([5, 5, 5], 32)
@example([2**64 - 1, 0, 1 << 32], 32)
def test_packed_numbers_are_sorted_and_equal_ones_keep_their_order(values, first_bit):
    packed = np.array(values, np.uint64)
    packing.sort(packed, by_high=first_bit > 0)
    assert packed.tolist() == sorted(values, key=lambda value: value >> first_bit)
