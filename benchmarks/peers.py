"""Runs a scan and each installed peer on one planted archive: time, memory, precision, recall and F1 side by side.

    python -m benchmarks.peers [--records N | --archive FILE.jsonl --truth DIR] [--threads N] [--python PATH ...]

Each is a whole process, in turn, held to as many cores as threads are asked for: what a user waits for, from an
archive on disk to the answer on disk. The peers compare whole articles by word 5-shingles and answer with pairs
(datatrove with clusters), as `benchmarks.pipelines` and `dedup.bench.datasketch_pipeline` say of each; the scan also
finds excerpts and passages, aligns, clusters, attributes and writes its tables. Pairs are counted against those
planted, pages that hold several articles left out: of the scan those within its clusters, of a peer those that it
gives.

A peer that no `--python` has is left out, and named. They need not be installed beside `dedup`: give each environment
that has some of them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import plots, timing
from benchmarks.pipelines import shared
from dedup.bench import agreements
from dedup.planting import archives, truths

if TYPE_CHECKING:
    from dedup import costs, scores

SCAN = "dedup scan"


@dataclasses.dataclass(frozen=True, slots=True)
class Peer:
    """A peer: its distribution, and the module that runs it."""

    distribution: str
    module: str


PEERS = (
    Peer("datasketch", "dedup.bench.datasketch_pipeline"),
    Peer("daft", "benchmarks.pipelines.daft"),
    Peer("rensa", "benchmarks.pipelines.rensa"),
    Peer("FastSketchLSH", "benchmarks.pipelines.fastsketchlsh"),
    Peer("gaoya", "benchmarks.pipelines.gaoya"),
    Peer("datatrove", "benchmarks.pipelines.datatrove"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """What one tool took in each repetition, and how its pairs agree with those planted."""

    name: str
    spent: list[costs.Spent]
    pairs: scores.Agreement

    @property
    def wall_s(self) -> float:
        """Return the median seconds on the clock."""
        return statistics.median(each.wall_s for each in self.spent)

    @property
    def cpu_s(self) -> float:
        """Return the median seconds of processor."""
        return statistics.median(each.cpu_s for each in self.spent)

    @property
    def peak_bytes(self) -> int:
        """Return the most memory of any repetition."""
        return max(each.peak_bytes for each in self.spent)


@dataclasses.dataclass(frozen=True, slots=True)
class Tool:
    """A tool to run: its name with its version, its command line, its environment, and where its answer stands."""

    name: str
    command: list[str]
    environment: dict[str, str]
    answer: Path

    def pairs(self, planted: agreements.Families) -> scores.Agreement:
        """Return how its pairs agree with those planted."""
        of = agreements.of_clusters if self.answer.is_dir() else agreements.of_pairs
        return of(self.answer, planted)


def installed(python: str, peer: Peer) -> str | None:
    """Return the version of a peer that an interpreter has; None where it has none."""
    code = f"import importlib.metadata as m; print(m.version({peer.distribution!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def tools(archive: Path, folder: Path, asked: argparse.Namespace) -> list[Tool]:
    """Return the scan and the peers that are installed; the others are named on standard error."""
    limited = threads(asked.threads)
    scan = timing.dedup("scan", archive, "--threads", asked.threads, "--out", folder / "tables", "--quiet")
    found = [Tool(SCAN, scan, limited, folder / "tables")] if SCAN in asked.tools else []
    for peer in (each for each in PEERS if each.distribution in asked.tools):
        versions = {python: installed(python, peer) for python in asked.python}
        python = next((each for each, version in versions.items() if version), None)
        if python is None:
            print(f"{peer.distribution} is not installed, and left out", file=sys.stderr)
            continue
        answer = folder / f"{peer.distribution}.tsv"
        options = ["--threshold", str(asked.threshold)]
        if peer.module.startswith("benchmarks."):
            options += ["--threads", str(asked.threads)]
        command = [python, "-m", peer.module, str(archive), str(answer), *options]
        name = f"{peer.distribution} {versions[python]}"
        found.append(Tool(name, command, limited, answer))
    return found


def threads(n_threads: int) -> dict[str, str]:
    """Return the environment that holds the libraries to so many threads."""
    return dict.fromkeys([*timing.ONE_THREAD, "RAYON_NUM_THREADS"], str(n_threads))


def measure(listed: list[Tool], truth: Path, n_cores: int, repetitions: int) -> list[Measured]:
    """Return what each tool took, run in turn, and what it found; a first scan compiles, and is not counted."""
    spent: dict[str, list[costs.Spent]] = {tool.name: [] for tool in listed}
    with tempfile.TemporaryDirectory() as folder, timing.on_cores(n_cores):
        if listed[0].name == SCAN:
            timing.process(timing.dedup("scan", "seeds", "--out", Path(folder) / "seeds", "--quiet"))
        for _ in range(repetitions):
            for tool in listed:
                spent[tool.name].append(timing.process(tool.command, tool.environment))
                took = spent[tool.name][-1]
                print(f"{tool.name}: {took.wall_s:.1f} s, {took.cpu_s:.1f} s of processor", file=sys.stderr)
    planted = agreements.families(truth)
    return [Measured(tool.name, spent[tool.name], tool.pairs(planted)) for tool in listed]


def lines(measured: list[Measured]) -> list[str]:
    """Return the lines of the table; the last column is the time of the first tool by that of each."""
    head = f"{'':>22}  {'seconds':>8}  {'processor':>9}  {'memory':>9}  {'precision':>9}  {'recall':>7}  {'F1':>7}"
    told = [f"{head}  {'ratio':>6}"]
    for each in measured:
        figures = [each.pairs.precision or 0.0, each.pairs.recall or 0.0, each.pairs.f1 or 0.0]
        told.append(
            f"{each.name:>22}  {each.wall_s:8.1f}  {each.cpu_s:9.1f}  {each.peak_bytes / 1e6:6.0f} MB"
            f"  {figures[0]:9.4f}  {figures[1]:7.4f}  {figures[2]:7.4f}  {measured[0].wall_s / each.wall_s:6.3f}"
        )
    return told


def main() -> None:
    """Print the table."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, truth = asked.archive, asked.truth
        if archive is None:
            archive, truth = folder / "archive.jsonl", folder / "truth"
            truths.write(archives.Archive(asked.records), archive, truth)
        listed = tools(archive.resolve(), folder, asked)
        if not listed:
            sys.exit("none of the tools is installed")
        found = measure(listed, truth, asked.threads, asked.repetitions)
    print(timing.machine())
    print(
        f"{archive.name}, {asked.threads} threads, threshold {asked.threshold}, medians of {asked.repetitions}"
    )
    print("\n".join(lines(found)))
    if asked.plot:
        title = f"{archive.name}: seconds on {asked.threads} threads"
        asked.plot.write_text(plots.bars(title, "s", [(each.name, each.wall_s) for each in found]))
    if asked.json:
        asked.json.write_text(json.dumps([dataclasses.asdict(each) for each in found], indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [SCAN, *(peer.distribution for peer in PEERS)]
    parser.add_argument(
        "--records", type=int, default=100_000, help="of the archive made here; default: 100000"
    )
    parser.add_argument("--archive", type=Path, metavar="FILE.jsonl", help="an archive made before")
    parser.add_argument("--truth", type=Path, metavar="DIR", help="its truth")
    parser.add_argument("--threads", type=int, default=1, help="threads, and cores; default: 1")
    parser.add_argument(
        "--threshold",
        type=float,
        choices=list(shared.BANDINGS),
        default=0.5,
        help="least Jaccard similarity that the peers look for; default: 0.5",
    )
    parser.add_argument(
        "--python",
        action="append",
        metavar="PATH",
        help="interpreter that has peers; may be given several times; default: this one",
    )
    parser.add_argument(
        "--tools", nargs="+", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument("--repetitions", type=int, default=1, help="default: 1")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the seconds here")
    asked = parser.parse_args()
    if (asked.archive is None) != (asked.truth is None):
        parser.error("--archive and --truth need each other")
    cores = len(os.sched_getaffinity(0))
    if not 1 <= asked.threads <= cores:
        parser.error(f"--threads must be 1 to {cores}: {asked.threads}")
    asked.python = asked.python or [sys.executable]
    return asked


if __name__ == "__main__":
    main()
