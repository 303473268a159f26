from __future__ import annotations

import json
import sys

import pytest

from benchmarks import reuters_recall, timing
from dedup.bench import datasketch_pipeline
from tests import archives


def test_recall_counts_each_band_and_leaves_out_what_was_not_read(tmp_path):
    gold = tmp_path / "gold.tsv"
    gold.write_text(
        "id_a\tid_b\tgap_days\tslug\tcontainment5\n"
        "a\tb\t0\tus-oil\t1.0\n"
        "d\tc\t2\tus-oil\t0.8\n"
        "a\tc\t1\tus-oil\t0.79\n"
        "a\td\t3\tus-oil\t0.9\n"
        "b\tc\t1\tus-markets-oil\t0.9\n"
        "a\tunread\t1\tus-oil\t0.2\n",
        encoding="utf-8",
    )
    write_rows(tmp_path / "articles.jsonl", [{"page_id": each} for each in "abcd"])
    matches = [{"article_a": "a#1", "article_b": "b"}, {"article_a": "a#1", "article_b": "c"}]
    write_rows(tmp_path / "matches.jsonl", matches)

    found = reuters_recall.measure(tmp_path, gold)

    assert [(each.n_pairs, each.n_found) for each in found.bands] == [(0, 0), (0, 0), (1, 1), (2, 1)]
    assert found.n_left_out == 1


def test_the_datasketch_pipeline_finds_the_copies(tmp_path):
    pages = archives.records(40)
    copied = [*pages, {**pages[0], "id": "copy"}]
    path = archives.write(copied, tmp_path / "archive.jsonl")
    found = datasketch_pipeline.run(path)
    assert found.n_articles == 41
    assert tuple(sorted((pages[0]["id"], "copy"))) in found.pairs


def test_a_command_that_fails_stops_the_measurement_and_shows_what_it_said(capfd):
    with pytest.raises(SystemExit, match="failed: exit code 1"):
        timing.process([sys.executable, "-c", "import sys; sys.exit('no such thing')"])
    assert "no such thing" in capfd.readouterr().err


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
