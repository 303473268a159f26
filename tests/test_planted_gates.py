"""Floors on a planted archive, whose truth is exact: `pytest -m gate`; needs no labelled data."""

from __future__ import annotations

import pytest

from benchmarks import credited, planted, planted_misses, planted_quality, planted_truth
from dedup.planting import truths

pytestmark = pytest.mark.gate


def test_a_planted_archive_reaches_the_floors(tmp_path, dedup_command):
    truths.write(planted.make(20_000), tmp_path / "archive.jsonl", tmp_path / "truth")
    done = dedup_command("scan", tmp_path / "archive.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    truth, found = planted_truth.read(tmp_path / "truth"), planted_truth.find(tmp_path / "out")
    quality = planted_quality.measure(found, truth)
    assert quality.failures() == [], "\n".join(planted_misses.lines(tmp_path / "out", found, truth, 5))


def test_planted_republication_is_attributed(tmp_path, dedup_command):
    families, records = credited.plant(1_000, seed=3)
    credited.write(records, tmp_path / "archive.jsonl")
    done = dedup_command("scan", tmp_path / "archive.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    report = credited.measure(tmp_path / "out", families)
    assert report.failures() == [], "\n".join(report.misses)
