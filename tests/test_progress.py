"""What a run tells of how far it is: totals that are reached, and a line that fits a terminal."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys

import pytest
from rich import console as consoles

from dedup import pipeline, progress
from dedup.cli import progress as drawing
from dedup.settings import Settings


class Kept(progress.Silent):
    """Keeps what it is told: each part of a stage with its total, its unit and what was done of it."""

    def __init__(self):
        self.parts = []

    def stage(self, name, total=None, unit=""):
        self.parts.append([name, total, unit, 0])

    def expect(self, total, unit):
        self.parts.append([self.parts[-1][0], total, unit, 0])

    def advance(self, amount):
        self.parts[-1][3] += amount

    def of(self, name, unit):
        """Return the total and what was done of the parts of a stage in a unit."""
        return [(total, done) for stage, total, of, done in self.parts if (stage, of) == (name, unit)]


@pytest.fixture
def archive(tmp_path):
    """Return a folder with a file of JSON Lines and a compressed one, each article of which has a copy."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for kind in ("a", "b"):
        texts = (
            " ".join(f"Minister {n} said of harvest {n * i} it was good" for i in range(9)) for n in range(9)
        )
        rows = [json.dumps({"id": f"{kind}{n}", "text": text}) for n, text in enumerate(texts)]
        content = "\n".join(rows).encode()
        name = f"{kind}.jsonl" if kind == "a" else f"{kind}.jsonl.gz"
        (folder / name).write_bytes(content if kind == "a" else gzip.compress(content))
    return folder


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_done_adds_up_to_what_was_expected(archive, threads):
    told = Kept()
    pipeline.scan([str(archive)], Settings(), threads=threads, progress=told)
    size = sum(path.stat().st_size for path in archive.iterdir())
    assert told.of("reading and sketching", "B") == [(size, size)]
    (pairs,) = told.of("verifying", "pairs")
    assert pairs[0] == pairs[1] >= 9
    assert all(total in {None, done} for _, total, _, done in told.parts)


def test_how_much_standard_input_holds_is_not_known(archive, monkeypatch):
    given = (
        gzip.decompress((archive / "b.jsonl.gz").read_bytes()) + b"\n" + (archive / "a.jsonl").read_bytes()
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    told = Kept()
    pipeline.scan(["-"], Settings(), threads=1, progress=told)
    assert told.of("reading and sketching", "B") == [(None, len(given))]


@pytest.fixture
def screen():
    """Return a display of 80 columns whose clock is the test's, and what it draws."""
    now = [0.0]
    display = drawing.display(
        consoles.Console(file=io.StringIO(), force_terminal=True, width=80), lambda: now[0]
    )
    return drawing.Bars(display), display, now


def drawn(display):
    """Return the lines that a display shows."""
    console = consoles.Console(file=io.StringIO(), width=80, color_system=None)
    console.print(display.get_renderable())
    return console.file.getvalue().rstrip("\n").split("\n")


def work(bars, now, amount, seconds):
    """Let a stage be at work for a time, in ten steps."""
    for _ in range(10):
        now[0] += seconds / 10
        bars.advance(amount // 10)


def test_a_stage_with_a_known_end_shows_its_share_its_rate_and_the_time_left(screen):
    bars, display, now = screen
    bars.stage("reading and sketching")
    bars.expect(4_000_000_000, "B")
    work(bars, now, 1_000_000_000, 10)
    (line,) = drawn(display)
    assert "reading and sketching ━━━━ " in line
    assert re.search(r" 25%, 100\.0 MB/s, 0:30 left$", line.rstrip())


def test_a_stage_without_a_known_end_shows_the_time_so_far(screen):
    bars, display, now = screen
    bars.stage("attributing")
    now[0] += 3723
    (line,) = drawn(display)
    assert line.rstrip().endswith("attributing  1:02:03")
    assert "━" not in line


def test_what_is_read_from_standard_input_shows_its_rate(screen):
    bars, display, now = screen
    bars.stage("reading and sketching")
    bars.expect(None, "B")
    work(bars, now, 50_000_000, 10)
    (line,) = drawn(display)
    assert re.search(r"sketching  50\.0 MB, 5\.0 MB/s, 0:10$", line.rstrip())


@pytest.mark.parametrize(
    ("name", "unit", "total"),
    [
        ("reading and sketching", "B", 3 * 10**12),
        ("learning boilerplate", "articles", 10**9),
        ("finding candidates", "pairs", 10**9),
        ("copying the articles for datasketch", "articles", None),
    ],
)
def test_the_line_of_a_stage_fits_a_terminal_of_80_columns(screen, name, unit, total):
    bars, display, now = screen
    bars.stage(name, total, unit)
    work(bars, now, (total or 10**8) // 100 * 10, 600)
    (line,) = drawn(display)
    assert "…" not in line
    assert "/s" in line


def test_the_time_left_runs_down_while_a_long_task_is_at_work(screen):
    bars, display, now = screen
    bars.stage("verifying", 400, "pairs")
    now[0] += 10
    bars.advance(100)
    now[0] += 7
    assert drawn(display)[0].rstrip().endswith(" 25%, 10 pairs/s, 0:23 left")
    now[0] += 60
    assert drawn(display)[0].rstrip().endswith(" 25%, 10 pairs/s, 0:00 left")


def test_a_stage_of_nothing_is_drawn(screen):
    bars, display, _ = screen
    bars.stage("verifying")
    bars.expect(0, "pairs")
    assert drawn(display)[0].strip().endswith("verifying  0:00")
