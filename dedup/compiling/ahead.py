"""Compiles the kernels that a scan needs before it begins, in several processes: numba uses one core of each.

Each helper is told the name of one kernel at a time, compiles it, and keeps the code for the scan to load. Where no
helper can be had, or nothing be kept, kernels are compiled when they are first called.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from dedup.compiling import kept, listed, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_HELPERS = 4
_CODE = "import sys; sys.path[:] = {path!r}; from dedup.compiling import ahead; ahead.help_out()"

Helper = subprocess.Popen[str]


def missing() -> list[listed.Listed]:
    """Return the kernels that a scan needs whose code is not kept."""
    return [each for each in listed.kernels() if not _is_kept(each)]


def compile_all(wanted: Sequence[listed.Listed], advance: Callable[[int], None]) -> None:
    """Compile kernels in as many processes as there are cores; where there is one core, do nothing.

    Parameters
    ----------
    advance : called with 1 when a kernel is compiled
    """
    waiting = _Waiting(wanted)
    n_helpers = min(_n_cores(), MOST_HELPERS, len(waiting))
    if n_helpers < 2 or getattr(sys, "frozen", False) or kept.writable() is None:  # noqa: PLR2004  (helpers)
        return
    with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
        feeders = []
        for _ in range(n_helpers):
            helper = stack.enter_context(_start())
            stack.callback(helper.kill)
            feeders.append(threading.Thread(target=_feed, args=(helper, waiting, advance), daemon=True))
        for feeder in feeders:
            feeder.start()
        for feeder in feeders:
            feeder.join()


def help_out() -> None:
    """Compile each kernel that a line of standard input names, and answer with a line."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    for line in sys.stdin:
        each = listed.Listed.read(line)
        with contextlib.suppress(Exception):  # whatever is wrong with it, the scan that calls it says so
            _kernel(each).compile(each.types)
        sys.stdout.write("\n")
        sys.stdout.flush()


def _start() -> Helper:
    command = [sys.executable, "-c", _CODE.format(path=sys.path)]
    return subprocess.Popen(  # noqa: S603  (our own)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _feed(helper: Helper, waiting: _Waiting, advance: Callable[[int], None]) -> None:
    """Give a helper the kernels of one module after another, until there are none or it is gone."""
    known: frozenset[str] = frozenset()
    with contextlib.suppress(OSError, ValueError):
        while group := waiting.take(known):
            known |= sources.needed(group[0].module)
            for each in group:
                if _is_kept(each):  # by another run
                    continue
                print(each, file=helper.stdin, flush=True)
                if not helper.stdout or not helper.stdout.readline():
                    return
                advance(1)


class _Waiting:
    """Kernels by their modules: those of one call the same others, which one process compiles once."""

    def __init__(self, wanted: Sequence[listed.Listed]) -> None:
        self._groups: dict[str, list[listed.Listed]] = {}
        for each in wanted:
            self._groups.setdefault(each.module, []).append(each)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._groups)

    def take(self, known: frozenset[str]) -> list[listed.Listed]:
        """Return the kernels of the module that takes the longest, or shares most with known ones; [] at the end."""

        def weight(module: str) -> int:
            needed = sources.needed(module)
            return sources.size_bytes(needed) + sources.size_bytes(needed & known)

        with self._lock:
            return self._groups.pop(max(self._groups, key=weight)) if self._groups else []


def _is_kept(each: listed.Listed) -> bool:
    """Return whether the code of a kernel is kept; one that is gone, or compiled by numba alone, counts as kept."""
    is_kept = getattr(_kernel(each), "is_kept", None)
    return is_kept is None or bool(is_kept(each.types))


def _kernel(each: listed.Listed) -> Any:
    return getattr(importlib.import_module(each.module), each.function, None)


def _n_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
