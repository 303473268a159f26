"""The clock of a run: tells the stages to the user and keeps the seconds of each."""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.progress import Progress

_BYTES_PER_KILOBYTE = 1 if sys.platform == "darwin" else 1024  # `ru_maxrss` counts bytes there


class Clock:
    """Keeps the seconds of each stage.

    >>> from dedup.progress import Silent
    >>> clock = Clock(Silent())
    >>> clock.stage("reading")
    >>> list(clock.stop())
    ['reading', 'total']
    """

    def __init__(self, progress: Progress) -> None:
        """Begin now."""
        self._progress = progress
        self._seconds: dict[str, float] = {}
        self._begin = self._since = time.perf_counter()
        self._name: str | None = None

    def stage(self, name: str) -> None:
        """End the stage before, and begin and tell another."""
        self._end()
        self._name = name
        self._progress.stage(name)

    def stop(self) -> dict[str, float]:
        """End the last stage and return the seconds of each, and of all."""
        self._end()
        self._seconds["total"] = time.perf_counter() - self._begin
        return self._seconds

    def _end(self) -> None:
        now = time.perf_counter()
        if self._name is not None:
            self._seconds[self._name] = now - self._since
        self._since = now


def peak_memory_bytes() -> int:
    """Return the most memory that this process has had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_KILOBYTE
