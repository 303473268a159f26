from __future__ import annotations

import collections
import dataclasses
import itertools
import json
import math

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

import dedup
from dedup import errors, progress, records, scores
from dedup.engines import auditing
from dedup.evaluation import asking, audit, clusterings, evaluating, gold
from dedup.evaluation import pairs as scoring
from dedup.evaluation import units as numbering
from dedup.matching import matches as matching
from tests import archives, reporting_samples

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20)
PAGES = ("p", "q", "r", "s", "t")


def write(path, *rows):
    """Write rows as tab-separated lines, and return the path."""
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def scanned(articles, matches=(), members=()):
    """Return a result: matches are (a, b, relation, jaccard, share), members (cluster, article, role, share)."""
    pages = [{"article_id": each, "page_id": each.partition("#")[0]} for each in sorted(articles)]
    rows = [
        {
            "article_a": a,
            "article_b": b,
            "relation": relation,
            "jaccard": jaccard,
            "share_a": 0.0,
            "share_b": share,
        }
        for a, b, relation, jaccard, share in matches
    ]
    held = [
        {"cluster_id": cluster, "article_id": article, "role": role, "share": share}
        for cluster, article, role, share in members
    ]
    clusters = [{"cluster_id": each} for each in sorted({row["cluster_id"] for row in held})]
    return reporting_samples.result(articles=pages, matches=rows, members=held, clusters=clusters)


def asked(result, path, **more):
    return evaluating.evaluate(result, asking.Question(pairs=path, **more))


# Labels


@pytest.mark.parametrize(
    "header", [("id_a", "id_b"), ("source_id", "answer_id"), ("article_a", "article_b"), ("first", "second")]
)
def test_the_ids_stand_in_named_columns_or_in_the_first_two(tmp_path, header):
    path = write(tmp_path / "gold.tsv", header, ("x", "y"))
    (pair,) = gold.read_pairs(path).rows
    assert (pair.id_a, pair.id_b, pair.positive, pair.figure, pair.line) == ("x", "y", True, None, 2)


def test_named_columns_stand_anywhere_and_quotes_mean_nothing(tmp_path):
    path = write(
        tmp_path / "gold.tsv",
        ("story", "containment5", "id_b", "id_a", "label", "containment"),
        ("s", "0.5", 'y"', '"x', "cut", "0.9"),
    )
    found = gold.read_pairs(path)
    (pair,) = found.rows
    assert (pair.id_a, pair.id_b, pair.label, pair.figure) == ('"x', 'y"', "cut", 0.5)
    assert found.band_column == "containment5"
    assert gold.read_pairs(path, "containment").rows[0].figure == 0.9


@pytest.mark.parametrize("label", ["0", "false", "No", "none", "NON", "different"])
@pytest.mark.parametrize("column", ["label", "same"])
def test_a_label_of_no_is_a_hard_negative(tmp_path, label, column):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b", column), ("x", "y", label), ("x", "z", "1"))
    assert [pair.positive for pair in gold.read_pairs(path).rows] == [False, True]


def test_windows_line_ends_byte_order_marks_and_empty_lines_change_nothing(tmp_path):
    path = tmp_path / "gold.tsv"
    path.write_bytes(b"\xef\xbb\xbfid_b\tid_a\r\n\r\ny\tx\r\n")
    assert [(pair.id_a, pair.id_b, pair.line) for pair in gold.read_pairs(path).rows] == [("x", "y", 3)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"x\ty\tcut", "3 fields, where the header has 4"),
        (b"x\ty\tcut\t0.5\tmore", "5 fields, where the header has 4"),
        (b"x\t\tcut\t0.5", '"id" is empty'),
        (b"x\tx\tcut\t0.5", 'both ids are "x"'),
        (b"x\ty\t\t0.5", '"label" is empty'),
        (b"x\ty\tcut\thalf", 'figure must be a number from 0 to 1: "half"'),
        (b"x\ty\tcut\tnan", 'figure must be a number from 0 to 1: "nan"'),
        (b"x\ty\tcut\t50", 'figure must be a number from 0 to 1: "50"'),
        (b"x\t\xff\tcut\t0.5", "not UTF-8: b'\\xff'"),
        (b"b\ta\tnon\t0.5", '"non" contradicts "cut" in line 2'),
    ],
)
def test_a_malformed_row_is_told_with_its_line_and_the_rest_is_read(tmp_path, line, reason):
    path = tmp_path / "gold.tsv"
    path.write_bytes(b"id_a\tid_b\tlabel\tcontainment\na\tb\tcut\t0.5\n" + line + b"\nc\td\tcut\t\n")
    found = gold.read_pairs(path)
    assert found.malformed == (scores.LeftOut(str(path), 3, reason),)
    assert [(pair.id_a, pair.figure) for pair in found.rows] == [("a", 0.5), ("c", None)]


def test_a_pair_that_stands_twice_counts_once(tmp_path):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), ("x", "y"), ("y", "x"))
    assert len(gold.read_pairs(path).rows) == 1
    assert not gold.read_pairs(path).malformed


def test_a_missing_column_is_an_error_that_names_the_columns(tmp_path):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b", "overlap"), ("x", "y", "1"))
    with pytest.raises(errors.UsageError, match='no column "jaccard"; its columns are id_a, id_b, overlap'):
        gold.read_pairs(path, "jaccard")


@pytest.mark.parametrize("content", ["", "id_a\nx\n"])
@pytest.mark.parametrize("read", [gold.read_pairs, gold.read_clusters])
def test_a_file_without_two_columns_is_an_error(tmp_path, content, read):
    path = tmp_path / "gold.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(errors.UsageError, match="at least two column names"):
        read(path)


@pytest.mark.parametrize("read", [gold.read_pairs, gold.read_clusters])
def test_a_file_that_is_not_there_is_an_error(tmp_path, read):
    with pytest.raises(errors.PathError, match="No such file"):
        read(tmp_path / "none.tsv")


def test_labels_of_clusters_are_read_and_a_contradiction_is_told(tmp_path):
    rows = (("label", "id"), ("rain", "x"), ("rain", "x"), ("grain", "x"), ("grain", ""), ("grain", "y"))
    found = gold.read_clusters(write(tmp_path / "clusters.tsv", *rows))
    assert [(row.identity, row.label) for row in found.rows] == [("x", "rain"), ("y", "grain")]
    assert [(row.line, row.reason) for row in found.malformed] == [
        (4, '"grain" contradicts "rain" in line 2'),
        (5, '"id" is empty'),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "nothing is asked"),
        ({"audit": -1}, '"audit" must be >= 0'),
        ({"audit": 1, "seed": -1}, '"seed" must be'),
        ({"audit": 1, "bands": ()}, '"bands" must name'),
        ({"audit": 1, "bands": (0.5, 0.5)}, '"bands" must rise: 0.5,0.5'),
        ({"audit": 1, "bands": (0.5, 1.5)}, '"bands" must be over 0 and at most 1'),
        ({"audit": 1, "bands": (math.nan,)}, '"bands" must be over 0'),
        ({"audit": 1, "curve": "share"}, '"curve" needs labelled pairs'),
        ({"audit": 1, "band_column": "x"}, '"band_column" needs labelled pairs'),
        ({"audit": 1, "complete": "named"}, '"complete" needs labels'),
        ({"pairs": "x", "complete": "all"}, '"complete" must be one of "named" or "archive": "all"'),
        ({"pairs": "x", "curve": "words"}, '"curve" must be one of "jaccard" or "share": "words"'),
    ],
)
def test_a_question_that_cannot_be_is_an_error(given, message):
    with pytest.raises(errors.UsageError, match=message):
        asking.Question(**given)


# Pairs


def test_recall_counts_each_band_and_a_band_begins_at_its_edge(tmp_path):
    path = write(
        tmp_path / "gold.tsv",
        ("id_a", "id_b", "containment"),
        *(("a", "b", "1.0"), ("c", "d", "0.8"), ("a", "c", "0.79"), ("a", "d", "0.05"), ("b", "c", "")),
    )
    result = scanned(
        "abcd",
        [("a", "b", "copy", 0.9, 0.95), ("a", "c", "partial", 0.1, 0.3), ("b", "c", "partial", 0.2, 0.3)],
        [("k", "a", "copy", 1.0), ("k", "b", "copy", 1.0)],
    )
    found = asked(result, path).pairs
    assert [(band.n_pairs, band.n_matched, band.n_clustered) for band in found.by_band] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 0, 0),
        (1, 1, 0),
        (2, 1, 1),
    ]
    assert found.by_band[1].matched is None
    assert found.positives.n_matched == 3
    assert found.positives.mean_share == pytest.approx((0.95 + 0.3 + 0.3) / 5)
    assert found.positives.relations == scores.Relations(1, 0, 0, 2)
    assert [(pair.id_a, pair.id_b) for pair in found.missed] == [("c", "d"), ("a", "d")]


def test_the_relations_of_a_group_are_those_of_matching():
    assert tuple(field.name for field in dataclasses.fields(scores.Relations)) == matching.RELATIONS


def test_a_page_is_found_when_one_of_its_stories_is(tmp_path):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), ("p", "q"), ("p#1", "q"), ("p#2", "q"))
    result = scanned(
        ["p#1", "p#2", "q"],
        [("p#2", "q", "excerpt", 0.2, 0.9)],
        [("k", "p#2", "container", 0.5), ("k", "q", "copy", 1.0)],
    )
    (missed,) = asked(result, path).pairs.missed
    assert (missed.id_a, missed.clustered) == ("p#1", False)
    assert asked(result, path).pairs.positives.n_clustered == 2


def test_rows_of_articles_that_were_not_read_are_left_out_and_listed(tmp_path):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), ("a", "b"), ("a", "gone"), ("lost", "gone"))
    found = asked(scanned("ab"), path)
    assert (found.n_rows, found.pairs.positives.n_pairs) == (1, 1)
    assert [(row.line, row.reason) for row in found.not_read] == [
        (3, 'the scan has no article "gone"'),
        (4, 'the scan has no article "lost" and "gone"'),
    ]


def test_hard_negatives_that_are_matched_or_clustered_are_told(tmp_path):
    path = write(
        tmp_path / "gold.tsv", ("id_a", "id_b", "same"), ("a", "b", "no"), ("a", "c", "no"), ("b", "c", "no")
    )
    result = scanned(
        "abc", [("a", "b", "partial", 0.1, 0.2)], [("k", "a", "copy", 1.0), ("k", "c", "copy", 1.0)]
    )
    found = asked(result, path).pairs
    assert (found.negatives.n_pairs, found.negatives.n_matched, found.negatives.n_clustered) == (3, 1, 1)
    assert [(pair.id_a, pair.id_b, pair.relation, pair.clustered) for pair in found.wrong] == [
        ("a", "b", "partial", False),
        ("a", "c", None, True),
    ]
    assert found.positives.matched is None


def test_a_file_of_different_pairs_is_one_of_hard_negatives(tmp_path):
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), ("a", "b"))
    found = evaluating.evaluate(
        scanned("ab", [("a", "b", "copy", 1.0, 1.0)]), asking.Question(different=path)
    )
    assert found.pairs.positives.n_pairs == 0
    assert found.pairs.negatives.matched == 1.0


def test_several_labels_are_told_one_by_one(tmp_path):
    rows = (("id_a", "id_b", "label"), ("a", "b", "cut"), ("a", "c", "light"), ("b", "c", "non"))
    result = scanned("abc", [("a", "b", "excerpt", 0.5, 0.8)])
    found = asked(result, write(tmp_path / "gold.tsv", *rows)).pairs
    assert [(group.name, group.mean_share) for group in found.by_label] == [
        ("cut", 0.8),
        ("light", 0.0),
        ("non", 0.0),
    ]


@st.composite
def worlds(draw):
    """Draw articles of pages, matches, members and labelled pairs of articles and pages."""
    n_stories = draw(st.lists(st.integers(1, 3), min_size=5, max_size=5))
    articles = [
        f"{page}#{number + 1}" if number_of > 1 else page
        for page, number_of in zip(PAGES, n_stories, strict=True)
        for number in range(number_of)
    ]
    pairs = list(itertools.combinations(sorted(articles), 2))
    figures = st.sampled_from([0.0, 0.3, 0.5, 0.75, 1.0])
    relation = st.sampled_from(matching.RELATIONS)
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    matches = [(*pair, draw(relation), draw(figures), draw(figures)) for pair in sorted(chosen)]
    held = st.tuples(st.sampled_from("klm"), st.sampled_from(articles))
    roles = st.sampled_from(["copy", "container"])
    members = [
        (*one, draw(roles), draw(figures)) for one in sorted(draw(st.lists(held, unique=True, max_size=10)))
    ]
    # an id of a page and those of its stories are not labelled both
    named = [
        name
        for page, number_of in zip(PAGES, n_stories, strict=True)
        for name in (
            [f"{page}#{n + 1}" for n in range(number_of)] if number_of > 1 and draw(st.booleans()) else [page]
        )
    ]
    labelled = st.lists(
        st.sampled_from(list(itertools.combinations(named, 2))), unique=True, min_size=1, max_size=8
    )
    rows = [(*draw(st.permutations(pair)), draw(st.sampled_from(["yes", "no"]))) for pair in draw(labelled)]
    return articles, matches, members, rows


def belongs(article, name):
    return article == name or article.partition("#")[0] == name


def brute_force(world, complete):
    """Return the labelled positives, all matched pairs of units, and the clustered ones, as sets of pairs."""
    articles, matches, members, rows = world
    named = {name for row in rows for name in row[:2]}
    unit = {
        article: next(
            (name for name in sorted(named) if belongs(article, name)),
            article.partition("#")[0] if complete == "archive" else None,
        )
        for article in articles
    }
    pair = frozenset
    found = collections.defaultdict(list)
    for a, b, _, jaccard, share in matches:
        if unit[a] and unit[b] and unit[a] != unit[b]:
            found[pair((unit[a], unit[b]))].append((share, jaccard))
    clustered = {
        pair((unit[one[1]], unit[other[1]]))
        for one, other in itertools.combinations(members, 2)
        if one[0] == other[0]
    }
    return {pair(row[:2]) for row in rows if row[2] == "yes"}, found, clustered


@hypothesis.given(world=worlds(), complete=st.sampled_from([None, "named", "archive"]))
def test_pairs_and_curves_equal_those_counted_one_by_one(tmp_path_factory, world, complete):
    articles, matches, members, rows = world
    path = write(tmp_path_factory.mktemp("gold") / "gold.tsv", ("id_a", "id_b", "same"), *rows)
    evaluation = asked(scanned(articles, matches, members), path, complete=complete, curve="jaccard")
    positive, found, clustered = brute_force(world, complete)

    told = evaluation.pairs
    assert told.positives.n_pairs == len(positive)
    assert told.positives.n_matched == len(positive & found.keys())
    assert told.positives.n_clustered == len(positive & clustered)
    negative = {frozenset(row[:2]) for row in rows if row[2] == "no"}
    assert (told.negatives.n_matched if told.negatives else 0) == len(negative & found.keys())
    assert (told.negatives.n_clustered if told.negatives else 0) == len(negative & clustered)
    assert told.positives.mean_share == (
        pytest.approx(sum(max(found[pair])[0] for pair in positive & found.keys()) / len(positive))
        if positive
        else None
    )
    if complete:
        assert (told.matches.n_true, told.matches.n_found) == (len(positive), len(found))
        assert told.matches.n_both == len(positive & found.keys())
    for point in evaluation.curve.points:
        kept = {
            pair for pair, known in found.items() if max(figure for _, figure in known) >= point.threshold
        }
        assert point.recall == scores.ratio(len(positive & kept), len(positive))
        assert point.n_wrong == len(negative & kept)
        assert point.precision == (scores.ratio(len(positive & kept), len(kept)) if complete else None)


# Clusters


def brute_counts(true, found):
    """Return how many pairs are together in both, in the true clusters, and in the found ones; and all pairs."""
    pairs = list(itertools.combinations(range(len(true)), 2))
    both = sum(true[i] == true[j] and found[i] == found[j] for i, j in pairs)
    return (
        both,
        sum(true[i] == true[j] for i, j in pairs),
        sum(found[i] == found[j] for i, j in pairs),
        len(pairs),
    )


@hypothesis.given(labels=LABELS)
def test_measures_of_clusters_equal_those_of_all_pairs(labels):
    true, found = zip(*labels, strict=True)
    table = clusterings.contingency(np.array(true), np.array(found))
    both, n_true, n_found, every = brute_counts(true, found)

    pairwise = clusterings.pairwise(table)
    assert (pairwise.n_both, pairwise.n_true, pairwise.n_found) == (both, n_true, n_found)

    # Hubert and Arabie's index by the four kinds of pairs
    apart = every - n_true - n_found + both
    only_true, only_found = n_true - both, n_found - both
    below = (both + only_true) * (only_true + apart) + (both + only_found) * (only_found + apart)
    expected = 2 * (both * apart - only_true * only_found) / below if below else 1.0
    assert clusterings.adjusted_rand(table) == pytest.approx(expected)

    n = len(labels)
    inside = [[sum(t == a and f == b for t, f in labels) for a, b in labels]][0]
    precision = sum(inside[i] / found.count(found[i]) for i in range(n)) / n
    recall = sum(inside[i] / true.count(true[i]) for i in range(n)) / n
    cubed = clusterings.b_cubed(table)
    assert (cubed.precision, cubed.recall) == (pytest.approx(precision), pytest.approx(recall))
    assert cubed.f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_b_cubed_is_that_of_the_worked_example():
    # Amigó et al. 2009, figure 9: three categories in three clusters
    true = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]
    found = [1, 1, 1, 1, 2, 2, 2, 2, 1, 2, 3, 3, 3, 3]
    cubed = clusterings.b_cubed(clusterings.contingency(np.array(true), np.array(found)))
    by_hand = (4 * 4 / 5 + 1 / 5 + 4 * 4 / 5 + 1 / 5 + 4) / 14
    assert cubed.precision == pytest.approx(by_hand)


def test_a_million_articles_of_one_cluster_are_counted_without_listing_a_pair():
    one = np.zeros(1_000_000, np.int64)
    table = clusterings.contingency(one, one)
    assert clusterings.pairwise(table).n_both == 499_999_500_000
    assert clusterings.b_cubed(table).f1 == 1.0
    assert clusterings.adjusted_rand(table) == 1.0
    alone = clusterings.contingency(one, np.arange(1_000_000))
    assert clusterings.pairwise(alone) == scores.agreement(499_999_500_000, 0, 0)
    assert clusterings.adjusted_rand(alone) == 0.0


def test_a_container_counts_as_a_member_only_when_asked_and_in_the_cluster_it_holds_most_of(tmp_path):
    labels = write(tmp_path / "clusters.tsv", ("id", "label"), *zip("abcdp", "kkllk", strict=True))
    members = [
        ("one", "a", "copy", 1.0),
        ("one", "b", "copy", 1.0),
        ("one", "p", "container", 0.9),
        ("two", "c", "copy", 1.0),
        ("two", "d", "copy", 1.0),
        ("two", "p", "container", 0.4),
    ]
    result = scanned("abcdp", members=members)
    left_out = evaluating.evaluate(result, asking.Question(clusters=labels)).clusters
    counted = evaluating.evaluate(result, asking.Question(clusters=labels, containers=True)).clusters
    assert (left_out.pairwise.n_true, left_out.pairwise.n_found, left_out.pairwise.n_both) == (4, 2, 2)
    assert (counted.pairwise.n_found, counted.pairwise.n_both, counted.adjusted_rand) == (4, 4, 1.0)


def test_complete_pairs_make_true_clusters_by_their_components(tmp_path):
    path = write(
        tmp_path / "gold.tsv", ("id_a", "id_b", "same"), ("a", "b", "1"), ("b", "c", "1"), ("a", "d", "0")
    )
    members = [("k", each, "copy", 1.0) for each in "abce"]
    result = scanned("abcde", [("a", "e", "copy", 1.0, 1.0), ("a", "c", "copy", 1.0, 1.0)], members)
    named, whole = (asked(result, path, complete=each) for each in asking.COMPLETE)
    assert (named.clusters.n_articles, whole.clusters.n_articles) == (4, 5)
    assert (named.clusters.pairwise.n_true, named.clusters.pairwise.n_found) == (3, 3)
    assert (whole.clusters.pairwise.n_found, whole.clusters.pairwise.n_both) == (6, 3)
    assert (named.pairs.matches.n_found, named.pairs.matches.n_both) == (1, 0)
    assert (named.clusters.matches.n_found, named.clusters.matches.n_both) == (1, 1)
    assert whole.pairs.matches.n_found == 2


def test_labels_of_articles_that_were_not_read_are_left_out_of_the_clusters(tmp_path):
    labels = write(tmp_path / "clusters.tsv", ("id", "label"), ("a", "k"), ("gone", "k"), ("b", "k"))
    found = evaluating.evaluate(scanned("abc"), asking.Question(clusters=labels))
    assert (found.clusters.n_articles, found.clusters.pairwise.n_true) == (2, 1)
    assert [row.line for row in found.not_read] == [3]


# Audit


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Return a folder with 60 articles of which about half repeat others, and the scan of it."""
    folder = tmp_path_factory.mktemp("archive")
    archives.write(archives.records(60), folder / "pages.jsonl")
    return folder, dedup.scan(folder, threads=2)


@hypothesis.given(
    sets=st.lists(st.sets(st.integers(0, 40).map(lambda n: n * 107_374_182), max_size=12), max_size=9),
    data=st.data(),
)
def test_the_audit_compares_all_pairs_that_share_any_shingle(sets, data):
    rows = [np.array(sorted(each), np.uint32) for each in sets]
    shingles = records.Ragged(
        np.concatenate([np.empty(0, np.uint32), *rows]),
        records.offsets(np.array([len(row) for row in rows], int)),
    )
    able = sorted(data.draw(st.sets(st.sampled_from(range(len(sets))))) if sets else [])
    sample = sorted(data.draw(st.sets(st.sampled_from(able))) if able else [])
    parts = auditing.candidates(
        shingles, np.array(able, np.int64), np.array(sample, np.int64), progress.Silent()
    )
    found = [int(pair) for part in parts for pair in part]
    expected = {
        a << 32 | b
        for a, b in itertools.combinations(able, 2)
        if (a in sample or b in sample) and sets[a] & sets[b]
    }
    assert sorted(found) == sorted(expected)


def test_an_audit_finds_what_was_taken_out_of_the_matches(archive):
    _, result = archive
    whole = dedup.evaluate(result, audit=60).audit
    assert whole.missed == ()
    assert whole.n_pairs == result.matches.num_rows > 20
    assert whole.recall == 1.0

    taken = [0, 3, 7]
    left = result.matches.take([row for row in range(result.matches.num_rows) if row not in taken])
    audited = dedup.evaluate(dataclasses.replace(result, matches=left), audit=60).audit
    rows = result.matches.take(taken).to_pylist()
    assert {(pair.article_a, pair.article_b, pair.relation) for pair in audited.missed} == {
        (row["article_a"], row["article_b"], row["relation"]) for row in rows
    }
    assert audited.n_pairs - audited.n_reported == 3
    assert sum(group.n_pairs for group in audited.by_band) == audited.n_pairs
    assert sum(group.n_reported for group in audited.by_relation) == audited.n_reported


def test_an_audit_of_a_sample_sees_the_pairs_of_its_articles(archive):
    _, result = archive
    none = dataclasses.replace(result, matches=result.matches.slice(0, 0))
    one, again, other = (dedup.evaluate(none, audit=10, seed=seed).audit for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert one.n_sampled == 10
    assert one.recall == 0.0
    assert 0 < one.n_pairs < result.matches.num_rows


def test_threads_change_nothing_of_an_audit(archive):
    _, result = archive
    assert dedup.evaluate(result, audit=20, threads=1) == dedup.evaluate(result, audit=20, threads=2)


def test_pairs_of_equal_articles_are_reported_by_those_of_the_first(tmp_path):
    pages = archives.records(1)
    texts = [{**pages[0], "id": name} for name in "abc"]
    result = dedup.scan(archives.write(texts, tmp_path / "pages.jsonl"), threads=1)
    ids = result.matches.select(["article_a", "article_b"]).to_pylist()
    assert [tuple(row.values()) for row in ids] == [("a", "b"), ("a", "c"), ("b", "c")]
    audited = dedup.evaluate(dataclasses.replace(result, matches=result.matches.slice(0, 2)), audit=3).audit
    assert (audited.n_pairs, audited.n_reported) == (3, 3)


def test_articles_that_changed_since_the_scan_are_told_and_not_sampled(tmp_path):
    pages = archives.records(8)
    path = archives.write(pages, tmp_path / "pages.jsonl")
    result = dedup.scan(path, threads=1)
    pages[3]["text"] += " And then some."
    archives.write([*pages[:7], {**pages[7], "id": "new"}], path)
    audited = dedup.evaluate(result, audit=8).audit
    assert (audited.n_changed, audited.n_sampled) == (3, 6)


def test_an_audit_reads_paths_from_where_the_scan_was(archive, tmp_path, monkeypatch):
    folder, _ = archive
    monkeypatch.chdir(folder)
    result = dedup.scan("pages.jsonl", threads=1)
    monkeypatch.chdir(tmp_path)
    audited = dedup.evaluate(result, audit=60).audit
    assert (audited.n_changed, audited.recall) == (0, 1.0)


def test_an_archive_that_is_gone_is_an_error(tmp_path):
    result = reporting_samples.result(folder=tmp_path, paths=["no such file"])
    with pytest.raises(errors.ResultError, match="the archive cannot be read again"):
        dedup.evaluate(result, audit=1)


def test_standard_input_cannot_be_audited():
    with pytest.raises(errors.ResultError, match="standard input cannot be read again"):
        dedup.evaluate(reporting_samples.result(paths=["-"]), audit=1)


@hypothesis.given(n_all=st.integers(1, 10_000), data=st.data())
def test_at_the_ends_of_the_interval_the_share_is_as_far_off_as_the_normal_allows(n_all, data):
    n_good = data.draw(st.integers(0, n_all))
    share = n_good / n_all
    for end in audit.wilson(n_good, n_all):
        if 0 < end < 1:
            off = abs(share - end) / math.sqrt(end * (1 - end) / n_all)
            assert off == pytest.approx(1.959964, rel=1e-4, abs=1e-3)
    low, high = audit.wilson(n_good, n_all)
    assert low <= share <= high


# What is given


def test_the_json_holds_every_figure_under_its_name(tmp_path, archive):
    _, result = archive
    ids = result.articles["article_id"].to_pylist()
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), (ids[0], ids[1]))
    found = dedup.evaluate(result, path, curve="share", complete="named", audit=5)
    decoded = json.loads(found.to_json())
    assert list(decoded) == [field.name for field in dataclasses.fields(scores.Evaluation)]
    assert decoded["audit"]["n_sampled"] == 5
    assert decoded["curve"]["points"][1]["threshold"] == 0.05
    assert decoded["pairs"]["positives"]["relations"].keys() == set(matching.RELATIONS)


def test_a_folder_and_its_result_are_evaluated_alike(tmp_path, archive):
    from dedup.reporting import tables

    _, result = archive
    tables.write(result, tmp_path / "out")
    row = result.matches.slice(0, 1).to_pylist()[0]
    path = write(tmp_path / "gold.tsv", ("id_a", "id_b"), (row["article_a"], row["article_b"]))
    given_ = dedup.evaluate(result, path).pairs.positives
    read = dedup.evaluate(str(tmp_path / "out"), str(path)).pairs.positives
    assert (given_.n_matched, read.n_matched) == (1, 1)


def test_the_curve_has_a_step_at_each_twentieth():
    judged = scoring.Judged(
        (),
        np.empty(0, np.uint64),
        np.empty(0, bool),
        np.empty(0, bool),
        np.empty(0),
        np.empty(0, np.int64),
        numbering.Found(np.empty(0, np.uint64), np.empty(0), np.empty(0), np.empty(0, np.int64)),
    )
    points = scoring.curve(judged, "share", complete=True).points
    assert [point.threshold for point in points] == pytest.approx(np.linspace(0, 1, 21))
    assert {point.recall for point in points} == {None}
