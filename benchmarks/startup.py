"""Times what a user waits for: `dedup --help`, a scan of the two seed pages, and the first, which compiles.

python -m benchmarks.startup
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import timing

HELP_BAR_S = 0.3
SEEDS_BAR_S = 3.0
FIRST_BAR_S = 20.0


def median_s(command: list[str], repetitions: int) -> float:
    """Return the median seconds on the clock; a first run fills the caches, and is not counted."""
    timing.process(command)
    return statistics.median(timing.process(command).wall_s for _ in range(repetitions))


def first_s(command: list[str], folder: Path) -> float:
    """Return the seconds on the clock of a scan that finds no compiled kernels."""
    return timing.process(command, {"NUMBA_CACHE_DIR": str(folder)}).wall_s


def main() -> None:
    """Print the medians, and one first scan; the exit code is 1 when one is over its bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=9)
    arguments = parser.parse_args()
    print(timing.machine())
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        scan = timing.dedup("scan", "seeds", "--out", Path(folder) / "out")
        for name, seconds, bar_s in (
            ("dedup --help", median_s(timing.dedup("--help"), arguments.repetitions), HELP_BAR_S),
            ("dedup scan seeds", median_s(scan, arguments.repetitions), SEEDS_BAR_S),
            ("the first scan", first_s(scan, Path(folder) / "cache"), FIRST_BAR_S),
        ):
            slow |= seconds >= bar_s
            print(f"{name:>17}  {seconds:.2f} s (bar: under {bar_s} s)")
    sys.exit(slow)


if __name__ == "__main__":
    main()
