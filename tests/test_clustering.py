"""From matches to article clusters, compared with the definitions, read literally."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.clustering import articles as clustering
from dedup.clustering import pages, stars
from tests.in_process import pack

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
    """Return the share of each text in the other, and whether the pair is symmetric and contained."""
    shared = overlap(one, other)
    jaccard = shared / (size(one) + size(other) - shared)
    share, other_share = shared / size(one), shared / size(other)
    lesser, greater = sorted((share, other_share))
    contained = greater >= EXCERPT and lesser <= greater / 2
    return share, other_share, not contained and jaccard >= REVISION, contained


def extent(text, other):
    """Return where in a text the blocks begin and end that another text has too, in words."""
    ends = list(itertools.accumulate(BLOCKS[block] for block in text))
    places = [place for place, block in enumerate(text) if block in other]
    return ends[places[0]] - BLOCKS[text[places[0]]], ends[places[-1]]


def edges_of(world, pairs):
    """Return the edges of some pairs of a world of texts."""
    rows = []
    for a, b in pairs:
        share_a, share_b, symmetric, contained = compare(world[a], world[b])
        extents = [[edge / size(own) for edge in extent(own, other)] for own, other in sides(world, a, b)]
        rows.append((a, b, share_a, share_b, symmetric, contained, max(share_a, share_b), *extents))
    kinds = (np.int64, np.int64, float, float, bool, bool, float, float, float)
    columns = zip(*rows, strict=True) if rows else [[]] * len(kinds)
    made = [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return clustering.Edges(*made[:7], *(column.reshape(-1, 2) for column in made[7:]))


def sides(world, a, b):
    return (world[a], world[b]), (world[b], world[a])


def measure_of(world):
    """Return what tells clustering how much any two texts of a world share."""

    def measure(a, b):
        rows = [compare(world[x], world[y]) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
        symmetric, greater = [row[2] for row in rows], [max(row[:2]) for row in rows]
        return stars.Overlaps(np.array(symmetric, bool), np.array(greater, float))

    return measure


def matched_pairs(world):
    return [(a, b) for a, b in itertools.combinations(range(len(world)), 2) if overlap(world[a], world[b])]


@dataclasses.dataclass(frozen=True)
class Cluster:
    """One cluster: the core, then those attached to it; all sorted."""

    core: tuple
    excerpts: tuple
    containers: tuple
    reference: int

    @property
    def members(self):
        return tuple(sorted(self.core + self.excerpts + self.containers))


def each(found):
    """Return clusters one by one."""
    made = []
    for number, reference in enumerate(found.references.tolist()):
        own = slice(found.offsets[number], found.offsets[number + 1])
        articles, parts = found.articles[own], found.parts[own]
        kinds = (clustering.CORE, clustering.EXCERPT, clustering.CONTAINER)
        made.append(Cluster(*(tuple(articles[parts == kind].tolist()) for kind in kinds), reference))
        assert made[-1].members == tuple(articles.tolist())
    return made


def cluster(world, order=None, *, one_topic=False):
    """Return the clusters of a world of texts, whose matches are those of their blocks."""
    strong = [(a, b) for a, b in matched_pairs(world) if any(compare(world[a], world[b])[2:])]
    if order is not None:
        strong = [strong[place] for place in order if place < len(strong)]
    lengths = np.array([size(text) for text in world])
    return each(
        clustering.cluster(
            lengths,
            edges_of(world, strong),
            pack(matched_pairs(world)),
            measure_of(world),
            lambda *_: one_topic,
        )
    )


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


def reference_clusters(world, one_topic):
    """Return core, excerpts and containers of each cluster by their definitions."""
    articles = range(len(world))
    strong = {pair: compare(world[pair[0]], world[pair[1]]) for pair in itertools.permutations(articles, 2)}
    symmetric = {pair for pair, (_, _, is_symmetric, _) in strong.items() if is_symmetric}
    # An excerpt is the side that shares more of itself: of two as like, there is none.
    contained = {pair for pair, row in strong.items() if row[3] and row[0] >= row[1]}
    gathering = {large for large in articles if is_page(world, large, symmetric | contained, one_topic)}
    links = {
        (a, b)
        for a, b in symmetric
        if (a in gathering) == (b in gathering)
        and (a not in gathering or min(strong[a, b][:2]) >= clustering.LEAST_PAGE_SHARE)
    }
    leader = reference_leaders(world, links)
    cores = {one: {article for article in articles if leader[article] == one} for one in set(leader.values())}
    made = []
    inside, alone = excerpts_of(world, contained, leader, gathering)
    for core in cores.values():
        parts = {small for small, large in inside if large in core}
        held = {large for small, large in contained if small in core and large in gathering}
        held |= {
            large
            for small, large in symmetric
            if small in core - gathering
            and large in gathering
            and shorter(strong[small, large], small, large)
        }
        made.append((core, parts - core, held - core - parts))
    kept = without_subsumed(sorted(made, key=lambda row: sorted(row[0])))
    holders = {large for _, large in alone}
    kept += [({one}, {small for small, large in alone if large == one}, set()) for one in holders]
    return sorted(kept, key=lambda row: (sorted(row[0]), sorted(row[1])))


def excerpts_of(world, contained, leader, gathering):
    """Return the excerpts that stand in a cluster's own text, and those that only another member of it holds."""
    pairs = {
        (small, large)
        for small, large in contained
        if large not in gathering and leader[small] != leader[large]
    }
    inside = {
        (small, large)
        for small, large in pairs
        if leader[large] == large or max(compare(world[small], world[leader[large]])[:2]) >= stars.LEAST_HELD
    }
    placed_ones = {small for small, _ in inside}
    return inside, {pair for pair in pairs - inside if pair[0] not in placed_ones}


def shorter(row, small, large):
    return row[0] > row[1] or (row[0] == row[1] and small < large)


def is_page(world, large, holdings, one_topic):
    """Return whether a text's parts stand at several places, and two of them share nothing.

    They fill the text; or no other text has those of all places, and they are about several things.
    """
    parts = {
        small: set(range(*extent(world[large], world[small]))) for small, other in holdings if other == large
    }
    together = len(places_of(parts)) <= 1
    parts = {small: place for small, place in parts.items() if stands_whole(world, small, large)}
    if together:
        parts = {
            small: place for small, place in parts.items() if len(place) < pages.WHOLE * size(world[large])
        }
    unrelated = any(
        not overlap(world[x], world[y])
        for one, other in itertools.combinations(places_of(parts), 2)
        for x, y in itertools.product(one, other)
    )
    filled = len(set().union(*parts.values())) >= pages.FILLED * size(world[large])
    return unrelated and (filled or not (together or one_topic))


def stands_whole(world, small, large):
    """Return whether a page holds an article, and not another version of itself."""
    share, other_share, _, contained = compare(world[small], world[large])
    much_shorter = share >= clustering.SHORTER * other_share
    own = np.ptp(extent(world[small], world[large])) / size(world[small])
    return (contained and share >= other_share) or much_shorter or own >= clustering.SPANNED


def places_of(parts):
    """Return parts of a page that overlap, one by one, by more than a seam."""
    pairs = [
        (x, y)
        for x, y in itertools.permutations(parts, 2)
        if min(parts[x]) <= min(parts[y]) and len(parts[x] & parts[y]) > pages.SEAM * len(parts[y])
    ]
    labels = closure(1 + max(parts, default=0), pairs)
    return [[part for part in parts if labels[part] == label] for label in {labels[part] for part in parts}]


def likeness(one, other):
    """Return the Jaccard similarity of two texts in thousandths."""
    share, other_share = compare(one, other)[:2]
    return round(1000 * (share * other_share) / (share + other_share - share * other_share))


def reference_leaders(world, links):
    """Return each article's leader, by the greedy star cover: first the one that is most like those around it."""
    leader = {article: article for article in range(len(world))}
    near = {article: {b for a, b in links if a == article} for article in leader}
    free = {article for article in leader if near[article]}

    def rank(article):
        alike = sum(likeness(world[article], world[other]) for other in near[article] & free)
        return alike, size(world[article]), -article

    alone = []
    while free:
        one = max(free, key=rank)
        star = {one, *(near[one] & free)}
        star |= {
            other
            for other in set().union(*(near[article] for article in star - {one})) & free
            if compare(world[one], world[other])[2]
        }
        alone += [one] if len(star) == 1 else []
        leader |= dict.fromkeys(star, one)
        free -= star
    return leader | {article: placed(world, article, near, leader) for article in alone}


def placed(world, article, near, leader):
    """Return the leader that shares the most with an article that leads nobody, itself or through a neighbour."""
    found = []
    for neighbour in near[article]:
        other = leader[neighbour]
        direct = max(compare(world[article], world[other])[:2])
        bridge = max(compare(world[article], world[neighbour])[:2])
        held = max(direct, bridge * max(compare(world[neighbour], world[other])[:2]))
        found.append((-held, other))
    best, other = min(found)
    return other if -best >= stars.LEAST_HELD else article


def without_subsumed(made):
    """Return the clusters of two or more that do not stand whole in another, of two equal ones the first."""
    whole = [set().union(*one) for one in made]
    kept = []
    for place, (core, parts, _) in enumerate(made):
        others = [
            other
            for other in range(len(made))
            if other != place
            and core | parts <= made[other][0] | made[other][1]
            and (whole[place] < whole[other] or (whole[place] == whole[other] and other < place))
        ]
        if len(whole[place]) > 1 and not others:
            kept.append(made[place])
    return kept


def test_copies_and_revisions_are_the_core_of_a_cluster():
    (one,) = cluster(["ABCD", "ABCD", "ABCE", "F"])
    assert one == Cluster((0, 1, 2), (), (), 0)
    assert one.members == (0, 1, 2)


def test_revisions_of_revisions_are_in_one_cluster_about_the_one_in_the_middle():
    (one,) = cluster(["ABC", "BCD", "CDE"])
    assert (one.core, one.reference) == ((0, 1, 2), 1)


def test_revisions_that_share_too_little_with_the_leader_are_a_cluster_of_their_own():
    world = ["ABC", "BCD", "CDE", "DEF", "EFG", "FGH"]
    assert in_texts(cluster(world), world) == [
        (["ABC", "BCD", "CDE"], [], []),
        (["DEF", "EFG", "FGH"], [], []),
    ]


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


def test_an_article_with_its_copies_and_excerpts_of_different_places_is_no_page():
    world = ["ABCDEFGH", "ABCDEFGH", "AB", "GH", "ABCDEFG"]
    (one,) = cluster(world)
    assert (one.core, one.excerpts, one.containers) == ((0, 1, 4), (2, 3), ())


def test_excerpts_alone_that_do_not_fill_an_article_and_its_copy_make_no_page():
    assert [one.containers for one in cluster(["ABCDEFGH", "ABCDEFGH", "AB", "FGH"])] == [()]
    assert [one.containers for one in cluster(["ABCDEF", "ABCDEF", "ABC", "DEF"])] == [(), (0, 1), (0, 1)]


def test_an_article_and_its_page_twice_are_clusters_of_their_own():
    world = ["ABCD", "EFGH", "ABCDEFGH", "ABCDEFGH"]
    assert in_texts(cluster(world), world) == [
        (["ABCD"], [], ["ABCDEFGH", "ABCDEFGH"]),
        (["ABCDEFGH", "ABCDEFGH"], [], []),
        (["EFGH"], [], ["ABCDEFGH", "ABCDEFGH"]),
    ]


@given(world=worlds, one_topic=st.booleans())
@example(world=["AB", "AB", "CD", "CD", "ABCDE"], one_topic=False)
@example(world=["AB", "AB", "CD", "CD", "ABCDE"], one_topic=True)
@settings(max_examples=300)
def test_clusters_equal_their_definition(world, one_topic):
    expected = [tuple(sorted(part) for part in parts) for parts in reference_clusters(world, one_topic)]
    found = [
        (list(one.core), list(one.excerpts), list(one.containers))
        for one in cluster(world, one_topic=one_topic)
    ]
    assert found == expected


@given(permuted_worlds)
@settings(max_examples=300)
def test_clusters_do_not_depend_on_the_numbers_of_the_articles(both):
    world, permuted = both
    assert in_texts(cluster(world), world) == in_texts(cluster(permuted), permuted)


@given(worlds, st.permutations(range(36)))
def test_clusters_do_not_depend_on_the_order_of_the_matches(world, order):
    assert cluster(world, order) == cluster(world)


@given(worlds)
def test_each_member_holds_some_of_the_text_of_its_leader_or_of_an_articles_that_does(world):
    found = cluster(world)
    for one, other in itertools.combinations(found, 2):
        assert not set(one.core) & set(other.core) or one.excerpts or other.excerpts
    for one in found:
        assert len(one.members) == len(one.core) + len(one.excerpts) + len(one.containers) > 1
        assert one.reference in one.core
        for article in set(one.core) - {one.reference}:
            assert is_held(world, article, one.reference)
        assert all(contained_in_any(world, article, one.core) for article in one.excerpts)
        assert all(holds_any(world, article, one.core) for article in one.containers)


def is_held(world, article, leader):
    """Return whether an article shares enough with a leader, itself or through another one."""
    share, other_share, symmetric, _ = compare(world[article], world[leader])
    bridges = (
        max(compare(world[article], text)[:2]) * max(compare(text, world[leader])[:2]) for text in world
    )
    return symmetric or max(share, other_share, *bridges) >= stars.LEAST_HELD


def contained_in_any(world, article, core):
    return any(compare(world[article], world[other])[3] for other in core)


def holds_any(world, page, core):
    return any(
        any(compare(world[page], world[other])[2:]) and size(world[page]) >= size(world[other])
        for other in core
    )
