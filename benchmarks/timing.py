"""Timing of whole processes, as a user waits for them."""

from __future__ import annotations

import dataclasses
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data

if TYPE_CHECKING:
    from collections.abc import Sequence

ONE_THREAD = dict.fromkeys(
    (
        "ARROW_IO_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    ),
    "1",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Spent:
    """What one process took: seconds on the clock, seconds of processor (user and system), bytes at its peak."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def process(command: Sequence[str], environment: dict[str, str] | None = None) -> Spent:
    """Return what a command took from start to end.

    Raises
    ------
    SystemExit : the command failed; what it said is shown

    >>> process([sys.executable, "-c", "pass"]).wall_s > 0
    True
    """
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=data.ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as running:
        said = running.stderr.read() if running.stderr else b""
        _, status, usage = os.wait4(running.pid, 0)
        wall_s = time.perf_counter() - began
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in {0, 3}:
        message = f"{' '.join(command)}: exit code {running.returncode}\n{said.decode(errors='replace')}"
        raise SystemExit(message)
    unit = 1 if sys.platform == "darwin" else 1024
    return Spent(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def dedup(*arguments: object) -> list[str]:
    """Return the command line of `dedup` as it is installed beside this Python, or as a module."""
    script = Path(sys.executable).parent / "dedup"
    start = [str(script)] if script.exists() else [sys.executable, "-m", "dedup"]
    return [*start, *map(str, arguments)]


def machine() -> str:
    """Return one line that names the machine and the Python."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line for line in cpuinfo.read_text(encoding="utf-8").splitlines() if "model name" in line]
        name = models[0].partition(":")[2].strip() if models else name
    return f"{name}, {os.cpu_count()} cores; {platform.system()}, Python {platform.python_version()}"
