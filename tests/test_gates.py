"""Floors on labelled data, which is no part of the project: `pytest -m gate`, with the folder in `DEDUP_DATA`."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import random
import re

import pytest

from benchmarks import (
    attribution,
    data,
    graded,
    noise,
    raw_pages,
    reuters_recall,
)

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(not data.folder().is_dir(), reason=f"no labelled data in {data.folder()}"),
]

DIGESTS = {
    "reuters_versions/docs.jsonl.gz": "864a4ba203d99234fb986cf82f710ece",
    "reuters_versions/gold_pairs.tsv": "5be35aaf4a4f498340ea20d9f5692769",
    "basil/docs.jsonl.gz": "03cf860b89dae157b2bee77f0ec39491",
    "giveme5w1h/docs.jsonl.gz": "fb63ad414604201bcca4c8b13b5a7146",
}
FLOORS = {0.1: 0.95, 0.3: 0.99, 0.5: 0.998, 0.8: 0.999}
N_PAIRS = {0.1: 126, 0.3: 166, 0.5: 265, 0.8: 1566}
SLICE = 250
MOST_LOST = 2  # pairs near the least share of a revision
SAME_TEXT = 0.3  # of the shorter text in the longer one


@pytest.mark.parametrize("name", DIGESTS)
def test_the_data_are_those_that_the_floors_were_set_on(name):
    assert data.digest(data.folder() / name) == DIGESTS[name]


@pytest.fixture(scope="module")
def reuters(tmp_path_factory, dedup_command):
    """Return the folder of a scan of all Reuters articles."""
    folder = tmp_path_factory.mktemp("reuters")
    done = dedup_command("scan", reuters_recall.files()[0], "--out", folder)
    assert done.returncode in {0, 3}, done.stderr
    return folder


@pytest.fixture(scope="module")
def recall(reuters):
    """Return what that scan finds of the clean core."""
    return reuters_recall.measure(reuters, reuters_recall.files()[1])


@pytest.mark.parametrize("low", FLOORS)
def test_re_filed_reuters_stories_are_found(recall, low):
    (found,) = [each for each in recall.bands if each.band.low == low]
    assert found.n_pairs == N_PAIRS[low]
    assert found.recall >= FLOORS[low]


def test_only_pairs_with_a_document_without_text_are_left_out(recall):
    assert recall.n_left_out == 4


@pytest.mark.parametrize("name", ["basil", "giveme5w1h"])
def test_threads_and_order_of_input_change_no_byte(tmp_path, dedup_command, name):
    with gzip.open(data.folder() / name / "docs.jsonl.gz") as file:
        lines = list(itertools.islice(file, SLICE))
    shuffled = random.Random(7).sample(lines, len(lines))
    path = tmp_path / "docs.jsonl"
    tables = []
    for threads, ordered in ((1, lines), (2, lines), (2, shuffled)):
        path.write_bytes(b"".join(ordered))
        out = tmp_path / f"out-{len(tables)}"
        done = dedup_command("scan", path, "--threads", threads, "--out", out)
        assert done.returncode in {0, 3}, done.stderr
        tables.append({table.name: table.read_bytes() for table in out.glob("*.jsonl")})
    one, two, mixed = tables
    assert one["articles.jsonl"]
    assert two == one
    one.pop("rejects.jsonl", None)
    mixed.pop("rejects.jsonl", None)
    assert mixed == one


def clusters_of(folder):
    """Return the clusters of each article."""
    return {row["article_id"]: set(row["cluster_ids"]) for row in reuters_recall.rows(folder, "articles")}


def test_market_reports_that_share_little_stand_in_no_common_cluster(reuters):
    clusters = clusters_of(reuters)
    with reuters_recall.files()[1].open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    pairs = [
        (row["id_a"], row["id_b"])
        for row in rows
        if "markets" in row["slug"] and float(row["containment5"]) < SAME_TEXT
    ]
    known = [pair for pair in pairs if pair[0] in clusters and pair[1] in clusters]
    assert len(known) == 737
    assert [pair for pair in known if clusters[pair[0]] & clusters[pair[1]]] == []


def shingles(text):
    """Return the word 5-shingles of a text."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


@pytest.mark.parametrize(("name", "n_pages"), [("basil", 300), ("giveme5w1h", 241)])
def test_independent_reports_stand_in_no_common_cluster(tmp_path, dedup_command, name, n_pages):
    path = data.folder() / name / "docs.jsonl.gz"
    done = dedup_command("scan", path, "--out", tmp_path)
    assert done.returncode in {0, 3}, done.stderr
    clusters = clusters_of(tmp_path)
    with gzip.open(path) as lines:
        pages = [json.loads(line) for line in lines]
    texts = {page["id"]: page.get("text") or " ".join(page.get("paragraphs") or []) for page in pages}
    assert len(texts) == n_pages
    held = {identity: shingles(texts[identity]) for identity in clusters if clusters[identity]}
    wrong = []
    for a, b in itertools.combinations(sorted(held), 2):
        shared = len(held[a] & held[b]) / max(1, min(len(held[a]), len(held[b])))
        if clusters[a] & clusters[b] and shared < SAME_TEXT:
            wrong.append((a, b, round(shared, 3)))
    assert wrong == []


def test_corrupted_copies_are_copies():
    texts = noise.sample(reuters_recall.files()[0], 1000, seed=1)
    for level, floor in zip(noise.LEVELS, (0.97, 0.93), strict=True):
        assert noise.measure(texts, level, seed=1).recall >= floor, level


def test_reported_shares_grade_revisions_as_people_do(tmp_path, dedup_command):
    documents, gold = graded.files()
    done = dedup_command("scan", documents, "--out", tmp_path)
    assert done.returncode in {0, 3}, done.stderr
    assert graded.failures(graded.measure(tmp_path, gold)) == []


def test_site_furniture_makes_no_clusters_and_hides_none():
    folder = data.folder() / "l3s_gn1"
    shared = raw_pages.truth(folder / "overlap_pairs_text.tsv")
    raw, plain = (raw_pages.scan(folder / "docs.jsonl.gz", field) for field in ("raw_text", "text"))
    assert len(shared) == 22
    assert len(raw.clustered - shared) <= raw_pages.MOST_EXTRA
    assert shared <= raw.partly
    assert len((plain.clustered & shared) - raw.clustered) <= MOST_LOST


@pytest.fixture(scope="module")
def attributed(tmp_path_factory, dedup_command):
    """Return how the verdicts on the labelled clusters compare with their labels."""
    folder = tmp_path_factory.mktemp("attribution")
    done = dedup_command("scan", attribution.folder() / "docs.jsonl.gz", "--out", folder)
    assert done.returncode == 0, done.stderr
    return attribution.measure(folder, attribution.folder())


def test_attribution_reaches_its_bars_on_the_labelled_clusters(attributed):
    assert attributed.failures() == []


def test_no_verdict_on_the_labelled_clusters_is_stated_and_wrong(attributed):
    assert attributed.wrong_stated == []
