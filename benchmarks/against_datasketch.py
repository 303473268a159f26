"""Times a scan against the plain datasketch pipeline on the same file: whole processes in turn, one thread each.

python -m benchmarks.against_datasketch docs.jsonl.gz
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import timing

BAR = 0.25


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """What the repetitions of both took, in order."""

    scans: list[timing.Spent]
    peers: list[timing.Spent]

    @property
    def ratio(self) -> float:
        """Return the median seconds of a scan by the median seconds of the peer."""
        return median_wall_s(self.scans) / median_wall_s(self.peers)


def compare(file: Path, repetitions: int) -> Comparison:
    """Return the times of both, run in turn; a first scan of the seeds compiles, and is not counted."""
    scans, peers = [], []
    peer = [sys.executable, "-m", "dedup.bench.datasketch_pipeline", str(file)]
    with tempfile.TemporaryDirectory() as folder:
        timing.process(timing.dedup("scan", "seeds", "--out", Path(folder) / "seeds"))
        for number in range(repetitions):
            out = Path(folder) / str(number)
            scans.append(
                timing.process(timing.dedup("scan", file, "--threads", 1, "--out", out), timing.ONE_THREAD)
            )
            peers.append(timing.process(peer, timing.ONE_THREAD))
    return Comparison(scans, peers)


def median_wall_s(spent: list[timing.Spent]) -> float:
    """Return the median seconds on the clock.

    >>> median_wall_s([timing.Spent(3, 3, 1), timing.Spent(1, 1, 1), timing.Spent(2, 2, 1)])
    2
    """
    return statistics.median(each.wall_s for each in spent)


def main() -> None:
    """Print both medians and their ratio; the exit code is 1 when the ratio is over the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    found = compare(arguments.file.resolve(), arguments.repetitions)
    print(timing.machine())
    print(f"{arguments.file.name}, one thread each, median of {arguments.repetitions} runs in turn")
    for name, spent in (("dedup scan", found.scans), ("datasketch", found.peers)):
        cpu_s = statistics.median(each.cpu_s for each in spent)
        peak = max(each.peak_bytes for each in spent) / 2**20
        every = " ".join(f"{each.wall_s:.2f}" for each in spent)
        wall_s = median_wall_s(spent)
        print(
            f"{name:>12}  {wall_s:7.2f} s on the clock  {cpu_s:7.2f} s of processor  {peak:6.0f} MiB  ({every})"
        )
    print(f"{'ratio':>12}  {found.ratio:7.3f} (bar: at most {BAR})")
    sys.exit(found.ratio > BAR)


if __name__ == "__main__":
    main()
