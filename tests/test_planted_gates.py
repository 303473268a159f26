"""Floors on a planted archive, whose truth is exact: `pytest -m gate`; needs no labelled data."""

from __future__ import annotations

import pytest

from benchmarks import planted, planted_misses, planted_quality, planted_truth
from dedup.planting import truths

pytestmark = pytest.mark.gate


def test_a_planted_archive_reaches_the_floors(tmp_path, dedup_command):
    truths.write(planted.make(20_000), tmp_path / "archive.jsonl", tmp_path / "truth")
    done = dedup_command("scan", tmp_path / "archive.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    truth, found = planted_truth.read(tmp_path / "truth"), planted_truth.find(tmp_path / "out")
    quality = planted_quality.measure(found, truth)
    assert quality.failures() == [], "\n".join(planted_misses.lines(tmp_path / "out", found, truth, 5))
