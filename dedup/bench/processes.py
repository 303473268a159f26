"""Whole processes, as a user waits for them: how long each takes, and how much memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dedup import costs, errors, results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Libraries that start threads of their own are held to one by these.
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
_PACKAGES = Path(__file__).resolve().parents[2]
_UNIT = 1 if sys.platform == "darwin" else 1024  # of `ru_maxrss`


def run(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    *,
    also: tuple[int, ...] = (),
) -> tuple[costs.Spent, int]:
    """Return what a command took from its start to its end, and its exit code.

    What it prints is thrown away; what it says on standard error is seen.

    Parameters
    ----------
    environment : variables that are set besides those of this process
    folder : where it runs; here if None
    also : exit codes that are no failure, besides 0

    Raises
    ------
    ProcessError : the command failed; what it said stands above

    >>> spent, code = run([sys.executable, "-c", "pass"])
    >>> spent.wall_s > 0, code
    (True, 0)
    """
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  (the commands are our own)
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as running:
        _, status, usage = os.wait4(running.pid, 0)
        wall_s = time.perf_counter() - began
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in {0, *also}:
        raise errors.ProcessError(" ".join(command), running.returncode)
    spent = costs.Spent(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT)
    return spent, running.returncode


def module(name: str, *arguments: object) -> list[str]:
    """Return the command line that runs a module of this very package with this Python."""
    return [sys.executable, "-m", name, *map(str, arguments)]


def own_package() -> dict[str, str]:
    """Return the environment in which another process imports this very package."""
    searched = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(searched)}


def machine() -> costs.Machine:
    """Return the machine and the versions."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line for line in cpuinfo.read_text(encoding="utf-8").splitlines() if "model name" in line]
        name = models[0].partition(":")[2].strip() if models else name
    return costs.Machine(
        name, os.cpu_count() or 1, platform.system(), platform.python_version(), results.version()
    )
