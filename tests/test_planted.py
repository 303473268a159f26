from __future__ import annotations

import collections
import csv
import itertools
import json

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from benchmarks import noise, planted, planted_misses, planted_quality, planted_truth, real_articles
from dedup import errors
from dedup.planting import archives, corruption, edits, plans, truths

N_RECORDS = 700
COPIED_KINDS = [kind for kind, _ in plans.PROPORTIONS.kinds if kind != plans.PAGE]


@pytest.fixture(scope="module")
def archive():
    return archives.Archive(N_RECORDS, seed=3)


@pytest.fixture(scope="module")
def written(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    truths.write(archive, folder / "archive.jsonl", folder / "truth")
    return folder


@pytest.fixture(scope="module")
def records(written):
    lines = (written / "archive.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def test_equal_seeds_give_equal_bytes_and_others_do_not(written, tmp_path):
    truths.write(planted.make(N_RECORDS, seed=3), tmp_path / "archive.jsonl", tmp_path / "truth")
    truths.write(planted.make(N_RECORDS, seed=4), tmp_path / "other.jsonl", tmp_path / "other")
    names = ["archive.jsonl", *(f"truth/{path.name}" for path in (written / "truth").iterdir())]
    assert len(names) == 6
    for name in names:
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()
    assert (tmp_path / "other.jsonl").read_bytes() != (written / "archive.jsonl").read_bytes()


def test_every_id_is_the_id_of_one_record_and_copies_do_not_stand_beside_their_originals(records, written):
    assert len(records) == N_RECORDS
    labels = {row["id"]: row["label"] for row in rows(written / "truth" / "clusters.tsv")}
    pages = {row["page_id"] for row in rows(written / "truth" / "pages.tsv")}
    assert labels.keys() | pages == records.keys()
    assert not labels.keys() & pages
    in_order = [labels.get(identifier) for identifier in records]
    n_beside = sum(a == b is not None for a, b in itertools.pairwise(in_order))
    assert n_beside < 10


def test_nearly_a_quarter_are_copies_and_most_families_are_small(archive):
    plan = archive.plan
    assert plan.n_records - plan.n_originals == round(0.23 * N_RECORDS)
    sizes = collections.Counter(plan.originals[plan.n_originals : plan.first_page].tolist())
    of_size = collections.Counter(sizes.values())
    assert of_size[1] > of_size[2] > of_size.get(5, 0)
    assert max(sizes.values()) > 5


@pytest.mark.parametrize("n_records", [2_500, 40_000])
def test_what_stands_together_does_not_grow_with_the_archive(n_records):
    chance = np.random.default_rng(1)
    plan = plans.plan(n_records, plans.lengths(n_records, 6.4, chance), chance)
    copied = plan.originals[plan.n_originals : plan.first_page]
    families = np.bincount(copied)
    assert 30 <= families.max() <= plans.PROPORTIONS.largest_family
    assert 2 < len(copied) / (families > 0).sum() < 3.5
    uses = np.bincount(plan.backgrounds[plan.backgrounds >= 0])
    assert uses.max() <= plans.PROPORTIONS.background_uses[1]
    assert np.bincount(plan.series[plan.series >= 0]).max() <= plans.PROPORTIONS.report_weeks[1]


def test_a_record_is_the_same_whichever_it_is_made_with(archive):
    numbers = np.random.default_rng(1).permutation(N_RECORDS).tolist()
    together = dict(zip(numbers, archive.records(numbers), strict=True))
    for number in [*numbers[:40], *range(archive.plan.first_page, N_RECORDS)]:
        assert archive.records([number]) == [together[number]]


def test_the_pairs_are_all_pairs_of_each_family(written):
    families = collections.defaultdict(list)
    for row in rows(written / "truth" / "clusters.tsv"):
        families[row["label"]].append(row["id"])
    expected = {tuple(sorted(pair)) for each in families.values() for pair in itertools.combinations(each, 2)}
    listed = list(rows(written / "truth" / "pairs.tsv"))
    assert {(row["id_a"], row["id_b"]) for row in listed} == expected
    assert len(listed) == len(expected)


def test_pairs_say_what_was_done_to_the_original_or_to_both_copies(written):
    kinds = {row["id"]: row["kind"] for row in rows(written / "truth" / "copies.tsv")}
    for row in rows(written / "truth" / "pairs.tsv"):
        edits = sorted(kinds[row[side]] for side in ("id_a", "id_b") if row[side] in kinds)
        assert row["kind"] == "+".join(edits)
        assert row["between"] == ("original" if len(edits) == 1 else "copies")


def test_each_text_holds_the_paragraphs_of_its_body_in_order(archive, records):
    for number in range(archive.plan.n_records):
        text = flat(records[archive.ids[number]]["text"])
        at = 0
        for paragraph in paragraphs(archive.bodies([number])[0].body):
            at = text.index(flat(paragraph), at) + len(flat(paragraph))


@pytest.mark.parametrize("kind", COPIED_KINDS)
def test_copies_are_what_their_kind_says(archive, kind):
    numbers = [
        n for n in range(archive.plan.n_originals, archive.plan.first_page) if archive.plan.kind(n) == kind
    ]
    assert len(numbers) >= 3
    for number in numbers[:8]:
        original = archive.originals([int(archive.plan.originals[number])])[0]
        edited = archive.bodies([number])[0]
        CHECKS[kind](original, edited.body, edited.rate)


def check_equal(original, copy, rate):
    assert copy == original
    assert rate == 0


def check_headline(original, copy, rate):
    first = edits.n_words(original.paragraphs[0][:1])
    new = edits.n_words(copy.paragraphs[0][:1])
    assert copy.title != original.title
    assert words(copy)[:new] != words(original)[:first]
    assert words(copy)[new:] == words(original)[first:]
    assert rate == first / len(words(original))


def check_light(original, copy, rate):
    n_words = len(words(original))
    n_edits = distance(words(original), words(copy))
    assert n_edits <= round(rate * n_words)
    assert n_edits >= 0.7 * round(rate * n_words) - 1
    assert 0 < rate <= 0.1
    assert rate >= 0.01 - 1 / n_words


def check_dropped(original, copy, rate):
    assert is_subsequence(paragraphs(copy), paragraphs(original))
    gone = 1 - len(words(copy)) / len(words(original))
    assert rate == pytest.approx(gone)
    assert 0 < rate <= 0.4


def check_added(original, copy, rate):
    assert is_subsequence(paragraphs(original), paragraphs(copy))
    assert rate == pytest.approx(len(words(copy)) / len(words(original)) - 1)
    assert 0.1 <= rate <= 0.4 + 30 / len(words(original))


def check_swapped(original, copy, rate):
    assert sorted(paragraphs(copy)) == sorted(paragraphs(original))
    moved = sum(a != b for a, b in zip(paragraphs(copy), paragraphs(original), strict=True))
    assert moved == round(rate * len(paragraphs(original))) >= 2


def check_truncated(original, copy, rate):
    assert words(copy) == words(original)[: len(words(copy))]
    assert rate == len(words(copy)) / len(words(original))
    assert 0.3 <= rate <= 0.6


def check_excerpt(original, copy, rate):
    kept = round(rate * len(words(original)))
    assert f" {' '.join(words(copy)[-kept:])} " in f" {' '.join(words(original))} "
    assert 0.2 <= rate <= 0.5
    assert len(words(copy)) - kept <= 30


def check_noise(original, copy, rate):
    n_wrong = sum(
        distance(list(wrong), list(right))
        for wrong, right in zip(paragraphs(copy), paragraphs(original), strict=True)
    )
    share = n_wrong / sum(map(len, paragraphs(original)))
    assert 0.01 <= rate <= 0.05
    assert 0.7 * rate - 0.003 <= share <= 1.6 * rate + 0.003


CHECKS = {
    "exact": check_equal,
    "headline": check_headline,
    "light": check_light,
    "dropped": check_dropped,
    "added": check_added,
    "swapped": check_swapped,
    "boilerplate": check_equal,
    "truncated": check_truncated,
    "excerpt": check_excerpt,
    "noise": check_noise,
}


def test_exact_copies_have_the_text_of_their_original_and_its_furniture(archive, records):
    numbers = [n for n in range(archive.plan.n_records) if archive.plan.kind(n) == "exact"]
    for number in numbers:
        original = records[archive.ids[archive.plan.originals[number]]]
        assert records[archive.ids[number]]["text"] == original["text"]


def test_pages_hold_whole_articles_that_also_stand_alone(archive, records, written):
    held = collections.defaultdict(list)
    for row in rows(written / "truth" / "pages.tsv"):
        held[row["page_id"]].append(row["article_id"])
    numbers = {archive.ids[n]: n for n in range(archive.plan.n_records)}
    assert len(held) == len(archive.plan.held) >= 5
    for page, articles in held.items():
        assert 3 <= len(set(articles)) == len(articles) <= 6
        text = " ".join(words(archive.bodies([numbers[page]])[0].body))
        for article in articles:
            assert article in records
            assert " ".join(words(archive.originals([numbers[article]])[0])) in text


def test_weekly_reports_share_some_of_their_text_and_are_no_copies(archive):
    of_series = collections.defaultdict(list)
    for number in np.flatnonzero(archive.plan.series >= 0).tolist():
        of_series[archive.plan.series[number]].append(shingles(words(archive.originals([number])[0])))
    shares = [
        len(a & b) / min(len(a), len(b))
        for each in of_series.values()
        for a, b in itertools.combinations(each, 2)
    ]
    assert 0.2 < np.mean(shares) < 0.6


def test_furniture_stands_on_as_many_pages_as_it_says(archive, records):
    of_outlet = collections.defaultdict(list)
    for record in records.values():
        of_outlet[record["outlet"]].append(flat(record["text"]))
    n_pieces = 0
    for outlet in archive.outlets:
        for piece in outlet.furniture:
            shares = [flat(piece.paragraphs[0]) in text for text in of_outlet[outlet.name]]
            n_pieces += 1
            assert abs(np.mean(shares) - piece.share) < (0.25 if piece.share < 1 else 0.01)
    assert n_pieces > 0


def test_real_articles_are_planted_without_those_that_repeat_others(archive, tmp_path):
    numbers = np.flatnonzero((archive.plan.series < 0) & (archive.plan.backgrounds < 0))[:100].tolist()
    texts = ["\n\n".join(paragraphs(archive.originals([n])[0])) for n in numbers]
    path = tmp_path / "real.jsonl"
    lines = [json.dumps({"title": "", "text": text}) + "\n" for text in [*texts, texts[0], "too short"]]
    path.write_text("".join(lines), encoding="utf-8")
    assert [flat(" ".join(paragraphs(body))) for body in real_articles.bodies(path)] == [*map(flat, texts)]

    made = planted.make(110, text=path)
    planted_texts = {" ".join(words(made.originals([n])[0])) for n in range(made.plan.n_originals)}
    assert len(planted_texts & {*map(flat, texts)}) > 70
    with pytest.raises(errors.UsageError, match="must be >= 154: 100"):
        planted.make(200, text=path)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1])
def test_the_wrong_characters_are_as_many_as_wanted(archive, rate):
    text = " ".join(words(archive.originals([50])[0]))
    corrupted = corruption.corrupt(text, rate, np.random.default_rng(1))
    assert 0.7 * rate < distance(list(text), list(corrupted)) / len(text) < 1.6 * rate


def test_noise_is_measured_on_the_copies_of_each_article(archive):
    texts = [" ".join(words(archive.originals([n])[0])) for n in range(100, 140)]
    found = noise.measure(texts, noise.Level(0.0, (), 1.0), seed=1)
    assert found.relations == {"copy": 40}
    assert found.recall == 1


NAMES = [f"r{i}" for i in range(9)]
TABLE = strategies.dictionaries(
    strategies.tuples(strategies.sampled_from("xyz"), strategies.sampled_from(NAMES)),
    strategies.sampled_from(["copy", "container"]),
)


@hypothesis.given(strategies.lists(strategies.integers(0, 3), min_size=7, max_size=7), TABLE)
def test_figures_are_those_of_listed_pairs(families, table):
    labels = dict(zip(NAMES, map(str, families), strict=False))
    found = clusters(table)
    truth = planted_truth.Truth(labels, (), {"r7": ("r0", "r1"), "r8": ("r2",)}, {})
    quality = planted_quality.measure(found, truth)

    pairs = list(itertools.combinations(labels, 2))
    common = {pair for pair in pairs if in_common(table, *pair)}
    right = {(a, b) for a, b in pairs if labels[a] == labels[b]}
    wrong = {
        one
        for one, other in itertools.permutations(labels, 2)
        for cluster in "xyz"
        if table.get((cluster, one)) == table.get((cluster, other)) == "copy" and labels[one] != labels[other]
    }
    assert quality.precision == (len(common & right) / len(common) if common else 1.0)
    assert quality.recall == (len(common & right) / len(right) if right else 1.0)
    assert quality.wrong == pytest.approx(len(wrong) / 7 * 10_000)
    held = [("r7", "r0"), ("r7", "r1"), ("r8", "r2")]
    assert quality.pages == pytest.approx(sum(in_common(table, *pair) for pair in held) / 3)


def in_common(table, one, other):
    roles = [{table.get((cluster, one)), table.get((cluster, other))} for cluster in "xyz"]
    return any("copy" in role and None not in role for role in roles)


def clusters(table):
    members, containers = collections.defaultdict(set), collections.defaultdict(set)
    within = collections.defaultdict(set)
    for (cluster, record), role in table.items():
        (containers if role == "container" else members)[cluster].add(record)
        within[record].add(cluster)
    kept = {record: frozenset(each) for record, each in within.items()}
    return planted_truth.Clusters(members, containers, kept)


def test_a_scan_of_a_planted_archive_reaches_the_floors(tmp_path, dedup_command):
    truths.write(planted.make(1_500, seed=7), tmp_path / "archive.jsonl", tmp_path / "truth")
    done = dedup_command("scan", tmp_path / "archive.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    truth, found = planted_truth.read(tmp_path / "truth"), planted_truth.find(tmp_path / "out")
    quality = planted_quality.measure(found, truth)
    missed = "\n".join(planted_misses.lines(tmp_path / "out", found, truth, 5))
    assert quality.failures() == [], missed


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def flat(text):
    return " ".join(text.split())


def paragraphs(body):
    return [" ".join(sentences) for sentences in body.paragraphs]


def words(body):
    return " ".join(paragraphs(body)).split(" ")


def shingles(listed):
    return set(zip(*(listed[i:] for i in range(5)), strict=False))


def is_subsequence(short, long):
    left = iter(long)
    return all(each in left for each in short)


def distance(one, other):
    """Return the least number of replacements, insertions and deletions between two lists, row by row."""
    codes = {each: i for i, each in enumerate({*one, *other})}
    other_codes = np.array([codes[each] for each in other])
    places = np.arange(len(other) + 1)
    row = places.copy()
    for each in one:
        step = row + 1
        step[1:] = np.minimum(step[1:], row[:-1] + (other_codes != codes[each]))
        row = np.minimum.accumulate(step - places) + places
    return int(row[-1])
