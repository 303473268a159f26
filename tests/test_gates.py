"""Floors on labelled data, which is no part of the project: `pytest -m gate`, with the folder in `DEDUP_DATA`."""

from __future__ import annotations

import csv
import gzip
import itertools
import random

import pytest

from benchmarks import data, reuters_recall

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
FLOORS = {0.1: 0.85, 0.3: 0.97, 0.5: 0.99, 0.8: 0.998}
N_PAIRS = {0.1: 126, 0.3: 166, 0.5: 265, 0.8: 1566}
SLICE = 250


@pytest.mark.parametrize("name", DIGESTS)
def test_the_data_are_those_that_the_floors_were_set_on(name):
    assert data.digest(data.folder() / name) == DIGESTS[name]


@pytest.fixture(scope="module")
def recall(tmp_path_factory, dedup_command):
    """Return what a scan of all Reuters articles finds of the clean core."""
    documents, gold = reuters_recall.files()
    folder = tmp_path_factory.mktemp("reuters")
    done = dedup_command("scan", documents, "--out", folder)
    assert done.returncode in {0, 3}, done.stderr
    return reuters_recall.measure(folder, gold)


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


def test_independent_reports_of_one_event_make_no_cluster(tmp_path, dedup_command):
    folder = data.folder() / "basil"
    done = dedup_command("scan", folder / "docs.jsonl.gz", "--out", tmp_path)
    assert done.returncode in {0, 3}, done.stderr
    clusters = {
        row["article_id"]: set(row["cluster_ids"]) for row in reuters_recall.rows(tmp_path, "articles")
    }
    with (folder / "gold_same_event_pairs.tsv").open(encoding="utf-8") as lines:
        pairs = [(row["id_a"], row["id_b"]) for row in csv.DictReader(lines, delimiter="\t")]
    assert len(pairs) == 300
    assert [pair for pair in pairs if clusters[pair[0]] & clusters[pair[1]]] == []
