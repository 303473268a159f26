"""From matches to clusters, compared with naive closures and with the definitions, read literally."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.clustering import articles as clustering
from dedup.clustering import components

REVISION, EXCERPT = 0.3, 0.6

# Texts made of blocks, each with a number of words of its own: only equal texts are of equal length.
BLOCKS = {name: 100 + 2**place for place, name in enumerate("ABCDEFGH")}
block_texts = st.text("ABCDEFGH", min_size=1, max_size=6).map(lambda text: "".join(sorted(set(text))))
worlds = st.lists(block_texts, min_size=2, max_size=9)
permuted_worlds = worlds.flatmap(lambda world: st.tuples(st.just(world), st.permutations(world)))


def size(text):
    return sum(BLOCKS[block] for block in text)


def overlap(one, other):
    return sum(BLOCKS[block] for block in set(one) & set(other))


def compare(one, other):
    """Return jaccard, the share of each text in the other, and whether the pair is symmetric and contained."""
    shared = overlap(one, other)
    jaccard = shared / (size(one) + size(other) - shared)
    share, other_share = shared / size(one), shared / size(other)
    lesser, greater = sorted((share, other_share))
    contained = greater >= EXCERPT and lesser <= greater / 2
    return share, other_share, not contained and jaccard >= REVISION, contained


def edges_of(rows):
    """Return edges from rows of a, b, share_a, share_b, symmetric, contained."""
    kinds = (np.int64, np.int64, float, float, bool, bool)
    columns = list(zip(*rows, strict=True)) or [[]] * 6
    return clustering.Edges(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


def pack(pairs):
    return np.array(sorted(a << 32 | b for a, b in pairs), np.uint64)


def cluster(world, order=None):
    """Return the clusters of a world of texts, whose matches are those of their blocks."""
    pairs = [(a, b) for a, b in itertools.combinations(range(len(world)), 2) if overlap(world[a], world[b])]
    rows = [(a, b, *compare(world[a], world[b])) for a, b in pairs]
    strong = [row for row in rows if row[4] or row[5]]
    if order is not None:
        strong = [strong[place] for place in order if place < len(strong)]
    lengths = np.array([size(text) for text in world])
    return clustering.cluster(lengths, edges_of(strong), pack(pairs))


def in_texts(found, world):
    """Return clusters as sets of texts, so that they compare whatever the texts' numbers are."""
    return sorted(
        tuple(sorted(world[article] for article in part) for part in (one.core, one.excerpts, one.containers))
        for one in found
    )


def closure(n_items, pairs):
    """Return the least item of each item's component, by joining sets until nothing changes."""
    groups = [{item} for item in range(n_items)]
    for a, b in pairs:
        joined = groups[a] | groups[b]
        for item in joined:
            groups[item] = joined
    return [min(group) for group in groups]


def reference_clusters(world):
    """Return the clusters by their definition: containers first, then cores, then what is attached."""
    articles = range(len(world))
    symmetric, contained = set(), set()
    for a, b in itertools.combinations(articles, 2):
        share_a, share_b, is_symmetric, is_contained = compare(world[a], world[b])
        by_size = (a, b) if share_a >= share_b else (b, a)
        if is_symmetric:
            symmetric.add(by_size)
        if is_contained:
            contained.add(by_size)
    holds = {large: [small for small, other in symmetric | contained if other == large] for large in articles}
    containers = {
        large
        for large in articles
        if any(not overlap(world[x], world[y]) for x, y in itertools.combinations(holds[large], 2))
    }
    labels = closure(len(world), [pair for pair in symmetric if len(containers & set(pair)) != 1])
    made = []
    for label in sorted(set(labels)):
        core = {article for article in articles if labels[article] == label}
        parts = {small for small, large in contained if large in core - containers} - core
        held = {large for small, large in contained if small in core and large in containers}
        held |= {large for small, large in symmetric if small in core - containers and large in containers}
        made.append((core, parts, held - core - parts))
    made = [one for one in made if len(set().union(*one)) > 1]
    return [
        one
        for one in made
        if not any(
            set().union(*one) < set().union(*other) and one[0] | one[1] <= other[0] | other[1]
            for other in made
        )
    ]


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
    assert clustering.cluster(none, edges_of([]), pack([])) == []
    assert clustering.cluster(np.array([5]), edges_of([]), pack([])) == []


def test_copies_and_revisions_are_the_core_of_a_cluster():
    (one,) = cluster(["ABCD", "ABCD", "ABCE", "F"])
    assert one == clustering.Cluster((0, 1, 2), (), (), 2)
    assert one.members == (0, 1, 2)


def test_revisions_of_revisions_are_in_one_cluster():
    (one,) = cluster(["ABC", "BCD", "CDE"])
    assert one.core == (0, 1, 2)


def test_an_excerpt_joins_the_cluster_that_it_stands_in():
    (one,) = cluster(["AB", "ABCDE", "ABCDF"])
    assert (one.core, one.excerpts, one.reference) == ((1, 2), (0,), 2)


def test_partial_matches_make_no_cluster():
    assert cluster(["ABCD", "DEFG"]) == []


def test_an_excerpt_of_two_clusters_joins_both_and_them_not_to_each_other():
    found = in_texts(cluster(world := ["A", "ABCD", "ABCE", "AFGH"]), world)
    assert found == [(["ABCD", "ABCE"], ["A"], []), (["AFGH"], ["A"], [])]


def test_a_container_joins_the_cluster_of_each_article_that_it_holds_and_joins_none_to_another():
    world = ["AB", "AB", "CD", "CD", "EF", "ABCDEF"]
    assert in_texts(cluster(world), world) == [
        (["AB", "AB"], [], ["ABCDEF"]),
        (["CD", "CD"], [], ["ABCDEF"]),
        (["EF"], [], ["ABCDEF"]),
    ]


def test_a_page_that_holds_versions_of_one_article_is_no_container():
    (one,) = cluster(["AB", "ABC", "ABCDEFGH"])
    assert one.containers == ()


def test_copies_of_a_page_do_not_hide_that_two_of_its_articles_are_unrelated():
    world = ["AF", "F", "AF", "A", "AF"]
    assert in_texts(cluster(world), world) == [
        (["A"], [], ["AF", "AF", "AF"]),
        (["AF", "AF", "AF"], [], []),
        (["F"], [], ["AF", "AF", "AF"]),
    ]


def test_the_clusters_stand_in_the_order_of_their_least_core_articles():
    found = cluster(["GH", "AB", "CD", "GH", "AB", "CD"])
    assert [one.core for one in found] == [(0, 3), (1, 4), (2, 5)]


def test_a_cluster_that_stands_whole_in_another_is_dropped():
    # "AB" with its pages alone would say nothing that its cluster with "ABC" does not say.
    world = ["AB", "ABC", "F", "ABCF", "ABCF"]
    own = [{*one.core, *one.excerpts} for one in cluster(world)]
    assert not [one for one, other in itertools.permutations(own, 2) if one <= other]


def test_near_copies_of_which_not_every_pair_was_found_are_one_cluster():
    shares = np.full(6, 0.9)
    star = np.array([(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)]).T
    edges = clustering.Edges(*star, shares, shares, np.ones(6, bool), np.zeros(6, bool))
    (one,) = clustering.cluster(np.full(5, 100), edges, pack(star.T.tolist()))
    assert (one.core, one.containers) == ((0, 1, 2, 3, 4), ())


@given(worlds)
@example(["AB", "AB", "CD", "CD", "ABCDE"])
@settings(max_examples=300)
def test_clusters_equal_their_definition(world):
    expected = [
        tuple(sorted(world[article] for article in part) for part in one) for one in reference_clusters(world)
    ]
    assert in_texts(cluster(world), world) == sorted(expected)


@given(permuted_worlds)
@settings(max_examples=300)
def test_clusters_do_not_depend_on_the_numbers_of_the_articles(both):
    world, permuted = both
    assert in_texts(cluster(world), world) == in_texts(cluster(permuted), permuted)


@given(worlds, st.permutations(range(36)))
def test_clusters_do_not_depend_on_the_order_of_the_matches(world, order):
    assert cluster(world, order) == cluster(world)


@given(worlds)
def test_cores_are_disjoint_and_the_reference_is_the_longest_of_its_core(world):
    found = cluster(world)
    for one, other in itertools.combinations(found, 2):
        assert not set(one.core) & set(other.core)
    for one in found:
        assert len(one.members) == len(one.core) + len(one.excerpts) + len(one.containers) > 1
        longest = max(size(world[article]) for article in one.core)
        assert one.reference == min(article for article in one.core if size(world[article]) == longest)
