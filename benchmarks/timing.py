"""Timing of whole processes, as a user waits for them."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data
from dedup import costs, errors
from dedup.bench import processes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DONE_WITH_REJECTS = 3
Spent = costs.Spent
ONE_THREAD = processes.ONE_THREAD


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """Return what a command took from start to end; it runs in the root of the repository.

    Raises
    ------
    SystemExit : the command failed; what it said stands above

    >>> process([sys.executable, "-c", "pass"]).wall_s > 0
    True
    """
    try:
        every = processes.own_package() | dict(environment or {})
        spent, _ = processes.run(command, every, data.ROOT, also=(_DONE_WITH_REJECTS,))
    except errors.ProcessError as error:
        raise SystemExit(str(error)) from error
    return spent


@contextlib.contextmanager
def on_cores(n_cores: int) -> Iterator[None]:
    """Hold this process, and those that it starts, to the first cores of those that it may use."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:n_cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def dedup(*arguments: object) -> list[str]:
    """Return the command line of `dedup` as it is installed beside this Python, or as a module."""
    script = Path(sys.executable).parent / "dedup"
    start = [str(script)] if script.exists() else [sys.executable, "-m", "dedup"]
    return [*start, *map(str, arguments)]


def machine() -> str:
    """Return one line that names the machine and the Python."""
    found = processes.machine()
    return f"{found.processor}, {found.cores} cores; {found.system}, Python {found.python}"
