"""Equal archives give equal tables, byte for byte: whatever the order of input and the number of threads."""

from __future__ import annotations

import json
import random

import pytest

from tests import archives


def tables(folder):
    """Return the bytes of each table in a folder, the account of the run aside."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "run.json"}


@pytest.fixture(scope="module")
def scan(tmp_path_factory, dedup_command):
    """Return a function that scans articles, written to one file in the order given, and returns the tables."""
    folder = tmp_path_factory.mktemp("scan")

    def run(pages, *options):
        path = archives.write(pages, folder / "archive.jsonl")
        done = dedup_command("scan", path, "--out", folder / "out", *options)
        assert done.returncode in {0, 3}, done.stderr
        return tables(folder / "out")

    return run


@pytest.fixture(scope="module")
def pages():
    """Return a made-up archive."""
    return archives.records(300)


@pytest.fixture(scope="module")
def expected(scan, pages):
    """Return the tables of the made-up archive on one thread."""
    return scan(pages, "--threads", 1)


def test_the_archive_has_what_could_differ(expected):
    rows = {name: [json.loads(line) for line in table.splitlines()] for name, table in expected.items()}
    relations = {row["relation"] for row in rows["matches.jsonl"]}
    assert {"copy", "revision", "excerpt", "partial"} <= relations
    assert "container" in {row["role"] for row in rows["members.jsonl"]}
    assert len(rows["clusters.jsonl"]) > 20
    assert rows["passages.jsonl"]


def test_two_threads_give_the_tables_of_one(scan, pages, expected):
    assert scan(pages, "--threads", 2) == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shuffled_archive_gives_the_same_tables(scan, pages, expected, seed):
    shuffled = random.Random(seed).sample(pages, len(pages))
    assert without_rejects(scan(shuffled, "--threads", 2)) == without_rejects(expected)


@pytest.mark.parametrize(
    "other", [{"text": "Another text, of more than eight words, by all means."}, {"title": "Another"}]
)
def test_two_records_with_one_id_give_the_same_tables_in_either_order(scan, pages, other):
    twice = [*pages[:20], {**pages[3], **other}]
    forward, backward = (scan(order, "--threads", 1) for order in (twice, twice[::-1]))
    assert without_rejects(forward) == without_rejects(backward)
    assert len(forward["rejects.jsonl"].splitlines()) == 1


def test_one_file_or_many_give_the_same_clusters(tmp_path, dedup_command, pages, expected):
    for number, page in enumerate(pages):
        archives.write([page], tmp_path / f"{number % 7}-{number}.jsonl")
    done = dedup_command("scan", tmp_path, "--out", tmp_path.parent / f"{tmp_path.name}-out")
    assert done.returncode == 0, done.stderr
    found = tables(tmp_path.parent / f"{tmp_path.name}-out")
    for name in ("matches.jsonl", "clusters.jsonl", "members.jsonl", "passages.jsonl", "evidence.jsonl"):
        assert found[name] == expected[name]


def without_rejects(found):
    """Return the tables, the rejects aside: a record that moved stands in another line."""
    return {name: table for name, table in found.items() if name != "rejects.jsonl"}
