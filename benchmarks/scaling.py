"""Times scans of planted archives of growing size, and of one article among its own copies.

    python -m benchmarks.scaling [SIZE ...] [--threads N ...] [--json FILE] [--plots DIR] [--work DIR]
    python -m benchmarks.scaling --equal N [--threads N ...]
    python -m benchmarks.scaling --draw FILE.json --plots DIR

Whole processes, held to as many cores as threads are asked for; the archives are made before, and kept where `--work`
names a folder. It prints seconds, memory and pair F1 at each size and how they grow from one size to the next, and
plots time and memory. `--equal N` instead scans a planted archive of 2 N, and N copies of one article, at all
outlets, among a planted archive of N.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks import plots, timing
from dedup.bench import agreements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup import scores

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
BAR_TIME, BAR_MEMORY = 11, 10  # from 100,000 to 1,000,000 articles
BAR_EQUAL = 1.5
_GROWN = (100_000, 1_000_000)


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """What scans of one archive took: medians of the repetitions, and the most memory of any."""

    name: str
    n_articles: int
    size_bytes: int
    threads: int
    wall_s: float
    cpu_s: float
    peak_bytes: int
    stages: dict[str, float]
    f1: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """An archive on disk: how many articles it has, and its truth if that is known."""

    name: str
    n_articles: int
    path: Path
    truth: Path | None


def planted(n_articles: int, folder: Path) -> Corpus:
    """Return a planted archive; it is made if it is not in the folder."""
    corpus = Corpus("planted", n_articles, folder / f"{n_articles}.jsonl", folder / f"{n_articles}.truth")
    if not (corpus.path.exists() and (folder / f"{n_articles}.truth" / "negatives.tsv").exists()):
        print(f"making {n_articles:,} articles", file=sys.stderr)
        # in a process of its own, so that its memory is not counted as that of the scans
        command = [sys.executable, "-m", "benchmarks.planted", str(n_articles), str(corpus.path)]
        timing.process([*command, "--truth", str(corpus.truth)])
    return corpus


def equal(n_copies: int, folder: Path) -> Corpus:
    """Return a planted archive with as many copies of its first article between its articles, at all outlets."""
    among = planted(n_copies, folder)
    corpus = Corpus("equal", 2 * n_copies, folder / f"equal-{n_copies}.jsonl", None)
    encode = msgspec.json.Encoder().encode
    with among.path.open("rb") as lines, corpus.path.open("wb") as file:
        first: dict[str, str] | None = None
        for number, line in enumerate(lines):
            record = msgspec.json.decode(line)
            first = first or record
            identifier = f"equal-{number:07}"
            own = {"id": identifier, "url": f"{record['url']}/{identifier}", "outlet": record["outlet"]}
            dated = {"published": record["published"]} if "published" in record else {}
            file.write(line)
            file.write(encode({**first, **own, **dated}) + b"\n")
    return corpus


def measure(corpus: Corpus, threads: int, repetitions: int) -> Point:
    """Return what scans of an archive take."""
    spent: list[timing.Spent] = []
    with tempfile.TemporaryDirectory() as folder, timing.on_cores(threads):
        tables = Path(folder) / "tables"
        for _ in range(repetitions):
            command = timing.dedup(
                "scan", corpus.path.resolve(), "--out", tables, "--threads", threads, "--quiet"
            )
            spent.append(timing.process(command, timing.ONE_THREAD if threads == 1 else None))
        run = json.loads((tables / "run.json").read_bytes())
        found: scores.Agreement | None = None
        if corpus.truth:
            found = agreements.of_clusters(tables, agreements.families(corpus.truth))
    return Point(
        corpus.name,
        corpus.n_articles,
        corpus.path.stat().st_size,
        threads,
        statistics.median(each.wall_s for each in spent),
        statistics.median(each.cpu_s for each in spent),
        max(each.peak_bytes for each in spent),
        run["seconds"],
        found.f1 if found else None,
    )


def table(points: Sequence[Point]) -> list[str]:
    """Return the lines of the table: each point, and how it grew from the one before of as many threads."""
    head = f"{'articles':>10}  {'threads':>7}  {'seconds':>8}  {'processor':>9}  {'memory':>9}  {'F1':>6}"
    told = [f"{head}  {'articles/s':>10}  {'size':>5}  {'time':>5}  {'memory':>6}"]
    before: dict[int, Point] = {}
    for point in points:
        f1 = f"{point.f1:.4f}" if point.f1 is not None else ""
        line = (
            f"{point.n_articles:10,}  {point.threads:7}  {point.wall_s:8.1f}  {point.cpu_s:9.1f}"
            f"  {point.peak_bytes / 1e6:6,.0f} MB  {f1:>6}  {point.n_articles / point.wall_s:10,.0f}"
        )
        if point.threads in before:
            earlier = before[point.threads]
            line += (
                f"  {point.n_articles / earlier.n_articles:5.1f}  {point.wall_s / earlier.wall_s:5.1f}"
                f"  {point.peak_bytes / earlier.peak_bytes:6.1f}"
            )
        before[point.threads] = point
        told.append(line)
    return told


def growth(points: Sequence[Point]) -> list[str]:
    """Return a line for each bar on growth and on threads that the points can tell."""
    told = []
    of = {(point.n_articles, point.threads): point for point in points}
    for threads in sorted({point.threads for point in points}):
        few, many = (of.get((size, threads)) for size in _GROWN)
        if few and many:
            time, memory = many.wall_s / few.wall_s, many.peak_bytes / few.peak_bytes
            told.append(
                f"from {few.n_articles:,} to {many.n_articles:,} on {threads} threads: time {time:.1f}-fold (bar: "
                f"{BAR_TIME}), memory {memory:.1f}-fold (bar: {BAR_MEMORY})"
            )
    for size in sorted({point.n_articles for point in points}):
        one, two = of.get((size, 1)), of.get((size, 2))
        if one and two:
            told.append(
                f"{size:,} articles: two threads take {two.wall_s / one.wall_s:.2f} of the time of one"
            )
    return told


def draw(points: Sequence[Point], folder: Path) -> None:
    """Write the plots of time and of memory."""
    folder.mkdir(parents=True, exist_ok=True)
    of_threads = [
        (threads, [point for point in points if point.threads == threads])
        for threads in sorted({point.threads for point in points})
    ]
    for name, title, unit, figure in (
        ("scaling-time.svg", "Time of a scan", "seconds", lambda point: point.wall_s),
        ("scaling-memory.svg", "Memory of a scan at its peak", "GB", lambda point: point.peak_bytes / 1e9),
    ):
        drawn = [
            plots.Line(
                f"{threads} thread{'s' * (threads > 1)}",
                tuple((point.n_articles, figure(point)) for point in those),
            )
            for threads, those in of_threads
        ]
        (folder / name).write_text(plots.lines(title, "articles", unit, drawn), encoding="utf-8")


def main() -> None:
    """Print the table, and write what is asked for."""
    asked = _arguments()
    if asked.draw:
        draw([Point(**each) for each in json.loads(asked.draw.read_bytes())["points"]], asked.plots)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = asked.work or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        timing.process(timing.dedup("scan", "seeds", "--out", Path(name) / "seeds", "--quiet"))
        points = []
        for corpus in _corpora(asked, folder):
            for threads in asked.threads:
                points.append(measure(corpus, threads, asked.repetitions))
                took = points[-1]
                print(
                    f"{took.name} {took.n_articles:,}, {threads} threads: {took.wall_s:.1f} s",
                    file=sys.stderr,
                )
    print(timing.machine())
    print("\n".join([*table(points), *([] if asked.equal else growth(points))]))
    if asked.equal:
        n_each = len(asked.threads)
        for one, other in zip(points[:n_each], points[n_each:], strict=True):
            print(f"{one.threads} threads: {other.wall_s / one.wall_s:.2f} times as long (bar: {BAR_EQUAL})")
    if asked.json:
        asked.json.write_text(json.dumps(_report(points), indent=1) + "\n", encoding="utf-8")
    if asked.plots:
        draw(points, asked.plots)


def _corpora(asked: argparse.Namespace, folder: Path) -> list[Corpus]:
    if asked.equal:
        return [planted(2 * asked.equal, folder), equal(asked.equal, folder)]
    return [planted(size, folder) for size in asked.sizes]


def _report(points: Sequence[Point]) -> dict[str, Any]:
    return {"machine": timing.machine(), "points": [dataclasses.asdict(point) for point in points]}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "sizes", type=int, nargs="*", default=SIZES, metavar="SIZE", help=f"articles; default: {SIZES}"
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], metavar="N", help="default: 1 2")
    parser.add_argument("--repetitions", type=int, default=1, help="default: 1")
    parser.add_argument("--equal", type=int, metavar="N", help="time N copies of one article among N others")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the archives here, and use those here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write plots here")
    parser.add_argument("--draw", type=Path, metavar="FILE.json", help="only draw figures of an earlier run")
    asked = parser.parse_args()
    if asked.draw and not asked.plots:
        parser.error("--draw needs --plots")
    cores = len(os.sched_getaffinity(0))
    if not all(1 <= threads <= cores for threads in asked.threads):
        parser.error(f"--threads must be 1 to {cores}: {asked.threads}")
    return asked


if __name__ == "__main__":
    main()
