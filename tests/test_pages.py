"""What tells a page of several articles from an article with excerpts, and how it stands in clusters."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.clustering import pages
from dedup.engines import topics
from tests.in_process import archive, pack, run

_CHANCE = random.Random(4)
VOCABULARY = ["".join(_CHANCE.choices("bdfgklmnprstvaeiou", k=_CHANCE.randint(3, 9))) for _ in range(4_000)]


def paragraphs(count, seed):
    """Return paragraphs of 40 made-up words; each story has many of its own words."""
    chance = random.Random(seed)
    own = chance.sample(VOCABULARY, 60)
    return [" ".join(chance.choices(VOCABULARY, k=25) + chance.choices(own, k=15)) for _ in range(count)]


def find_pages(parts, related=(), same_topic=lambda *_: False):
    """Return the pages among articles; a part is a page, an article in it, and where that begins and ends."""
    columns = zip(*((*part, True) for part in parts), strict=True)
    kinds = (np.int64, np.int64, float, float, bool)
    holdings = pages.Holdings(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))
    found = pages.find(holdings, pack([*(part[:2] for part in parts), *related]), same_topic)
    return set(found.tolist())


def test_articles_beside_each_other_that_share_nothing_make_a_page():
    parts = [(9, 1, 0.0, 0.3), (9, 2, 0.3, 0.7), (9, 3, 0.7, 1.0)]
    assert find_pages(parts) == {9}
    assert find_pages(parts, [(1, 2), (2, 3)]) == {9}  # the first and the last share nothing
    assert find_pages(parts, [(1, 2), (2, 3), (1, 3)]) == set()


@pytest.mark.parametrize(("begin", "is_page"), [(0.47, True), (0.44, False)])
def test_articles_that_overlap_by_more_than_a_seam_are_at_one_place(begin, is_page):
    parts = [(9, 1, 0.0, 0.5), (9, 2, begin, 0.98)]
    assert bool(find_pages(parts)) == is_page


@pytest.mark.parametrize(("end", "is_page"), [(1.0, True), (0.94, True), (0.9, False)])
def test_a_page_that_has_a_copy_is_one_only_where_its_articles_fill_it(end, is_page):
    parts = [(9, 1, 0.0, 0.5), (9, 2, 0.5, end), (9, 8, 0.0, 1.0)]
    assert bool(find_pages(parts)) == is_page


def test_an_article_that_holds_one_other_is_no_page():
    assert find_pages([(9, 1, 0.0, 0.3), (8, 2, 0.5, 0.9)]) == set()
    assert find_pages([(9, 1, 0.0, 0.3), (9, 2, 0.1, 0.4)]) == set()


@given(st.permutations(range(6)))
def test_pages_do_not_depend_on_the_order_of_their_parts(order):
    parts = [
        (9, 1, 0.0, 0.3),
        (9, 2, 0.32, 0.6),
        (8, 1, 0.0, 0.5),
        (8, 3, 0.4, 0.9),
        (7, 2, 0.0, 0.4),
        (7, 4, 0.4, 0.8),
    ]
    assert find_pages([parts[place] for place in order]) == {7, 9}


@pytest.mark.parametrize("n_stories", [3, 4, 6])
@pytest.mark.parametrize("n_pages", [1, 2])
def test_an_unmarked_page_is_found_with_each_of_its_articles_and_joins_none(n_stories, n_pages):
    stories = [paragraphs(4 + number % 3, number) for number in range(n_stories)]
    page = "\n\n".join(itertools.chain.from_iterable(stories))
    found = run([*("\n\n".join(story) for story in stories), *[page] * n_pages])
    clusters = [{member.article: member.role for member in one.members} for one in found.clusters]
    holding = dict.fromkeys(range(n_stories, n_stories + n_pages), "container")
    own = [dict.fromkeys(range(n_stories, n_stories + 2), "copy")] if n_pages == 2 else []
    assert clusters == [{story: "copy"} | holding for story in range(n_stories)] + own


def test_an_article_with_copies_and_excerpts_from_different_places_is_no_page():
    story = paragraphs(12, "whole")
    texts = [story, story, story[:3], story[8:], [*story[:10], *paragraphs(3, "new")]]
    (one,) = run(["\n\n".join(text) for text in texts]).clusters
    roles = [member.role for member in one.members]
    assert roles[2:4] == ["excerpt", "excerpt"]
    assert {"copy", "revision"} >= {*roles[:2], roles[4]}


def test_what_is_asked_is_where_the_parts_of_a_page_stand():
    parts = [(9, 1, 0.0, 0.3), (9, 2, 0.4, 0.7), (9, 3, 0.5, 0.8), (7, 1, 0.0, 0.5), (7, 2, 0.5, 1.0)]
    asked = []

    def same_topic(page, pieces):
        asked.append((page, pieces))
        return True

    assert find_pages(parts, same_topic=same_topic) == {
        7
    }  # articles that fill a page need not be asked about
    assert asked == [(9, [(0.0, 0.3), (0.4, 0.8)])]


def test_a_page_of_very_many_stories_is_told_by_all_of_them():
    edges = np.linspace(0, 1, 2_001).tolist()
    parts = [(0, number + 1, *edges[number : number + 2]) for number in range(2_000)]
    assert find_pages(parts) == {0}
    assert find_pages(parts, [(1, number) for number in range(2, 2_001)]) == {0}
    asked = []

    def same_topic(page, pieces):
        asked.append((page, len(pieces)))
        return False

    assert find_pages(parts[:1_000], same_topic=same_topic) == {0}
    assert asked == [(0, 1_000)]


def test_of_very_many_parts_that_share_text_some_are_asked(monkeypatch):
    parts = [(40, number, number / 40, (number + 1) / 40) for number in range(40)]
    related = [(a, b) for a, b in itertools.combinations(range(40), 2) if (a, b) != (38, 39)]
    assert find_pages(parts, related) == {40}
    monkeypatch.setattr(pages, "MOST_ASKED", 100)
    assert find_pages(parts, related) == set()


def test_pages_that_must_be_asked_about_wait_for_room(monkeypatch):
    monkeypatch.setattr(pages, "_LEAST_ROOM", 1)
    parts = [
        (page, other, begin, begin + 0.3) for page in range(30, 60) for other, begin in ((1, 0.0), (2, 0.5))
    ]
    asked = []

    def same_topic(page, pieces):
        asked.append((page, pieces))
        return page % 2

    assert find_pages(parts, same_topic=same_topic) == set(range(30, 60, 2))
    assert asked == [(page, [(0.0, 0.3), (0.5, 0.8)]) for page in range(30, 60)]


def test_of_very_many_pieces_of_an_article_some_are_compared():
    story = paragraphs(400, "pieces")
    pieces = topics.Pieces(archive("\n\n".join(story), *story[:30]))
    places = [(number / 400, (number + 1) / 400) for number in range(400)]
    assert isinstance(pieces.same_topic(0, places), bool)
