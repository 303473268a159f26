"""Times an index: how fast it is built, how large it is, and how long a check takes, in a process and as a command.

    python -m benchmarks.index_speed [N] [--archive FILE.jsonl] [--index FILE] [--checks N]

Of N planted articles, or those of a file, an index is built by `dedup index add`; with --index an index that is there
is asked. Records of the archive, spread over it, are checked: each is found itself, and is left out of its matches.
Checks are timed warm: each record was checked before.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import planted, timing
from dedup.index import standing
from dedup.planting import truths

PER_S, MEDIAN_MS, P99_MS, COMMAND_S, KB = 8_000, 10.0, 50.0, 1.5, 2.5  # the bars
_FIELDS = {"page_id": "id", "title": "title", "outlet": "outlet", "url": "url", "byline": "author"}


def fields(record: dict[str, Any]) -> dict[str, str | None]:
    """Return what `Index.check_text` is told of a planted record beside its text."""
    return {name: record.get(field) for name, field in _FIELDS.items()} | {
        "published": record.get("published")
    }


def sample(archive: Path, n_records: int) -> list[dict[str, Any]]:
    """Return some records of an archive, at even distances."""
    with archive.open(encoding="utf-8") as file:
        n_lines = sum(1 for _ in file)
    step = max(1, n_lines // n_records)
    with archive.open(encoding="utf-8") as file:
        lines = itertools.islice(file, step // 2, None, step)
        return [json.loads(line) for line in itertools.islice(lines, n_records)]


def milliseconds(index: standing.Index, records: list[dict[str, Any]]) -> list[float]:
    """Return how long the check of each record takes."""
    took = []
    for record in records:
        begin = time.perf_counter()
        index.check_text(record["text"], **fields(record))
        took.append(1e3 * (time.perf_counter() - begin))
    return took


def main() -> None:
    """Print each figure beside its bar; the exit code is 1 when one is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n_records", type=int, nargs="?", default=100_000, metavar="N")
    parser.add_argument("--archive", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--index", type=Path, metavar="FILE", help="an index that was built from the archive")
    parser.add_argument("--checks", type=int, default=500, metavar="N")
    arguments = parser.parse_args()
    print(timing.machine())
    missed = False

    def tell(name: str, figure: float, unit: str, bar: float, *, is_least: bool = False) -> None:
        nonlocal missed
        fails = figure < bar if is_least else figure > bar
        missed |= fails
        words = "at least" if is_least else "at most"
        print(f"{name:>34}  {figure:10,.2f} {unit} (bar: {words} {bar:,g}){'  MISSED' if fails else ''}")

    with tempfile.TemporaryDirectory() as folder:
        archive, path = arguments.archive, arguments.index or Path(folder) / "index.dedup"
        if archive is None:
            archive = Path(folder) / "planted.jsonl"
            truths.write(planted.make(arguments.n_records), archive, Path(folder) / "truth")
        if arguments.index is None:
            spent = timing.process(timing.dedup("index", "add", path, archive, "--quiet"))
        with standing.Index(path, is_writing=False, threads=1) as index:
            account = index.info(count=False)
            if arguments.index is None:
                tell("built", account.n_articles / spent.wall_s, "articles/s", PER_S, is_least=True)
            size = (account.size_bytes - account.text_bytes) / account.n_articles / 1e3
            tell("file without the texts", size, "KB/article", KB)
            records = sample(archive, arguments.checks)
            milliseconds(index, records)
            rounds = [milliseconds(index, records) for _ in range(3)]
        medians = sorted(statistics.median(took) for took in rounds)
        slowest = sorted(statistics.quantiles(took, n=100)[98] for took in rounds)
        tell("check in a process, median", medians[1], "ms", MEDIAN_MS)
        tell("check in a process, p99", slowest[1], "ms", P99_MS)
        story = Path(folder) / "story.jsonl"
        story.write_text(json.dumps(records[0]) + "\n", encoding="utf-8")
        command = timing.dedup("check", story, "--index", path, "--quiet")
        timing.process(command)
        seconds = statistics.median(timing.process(command).wall_s for _ in range(7))
        tell("check as a command, median", seconds, "s", COMMAND_S)
    sys.exit(missed)


if __name__ == "__main__":
    main()
