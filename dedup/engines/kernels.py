"""Telling the user when kernels are compiled: once, since the compiled code is kept."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from numba.core import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.progress import Progress

NOTE = "compiling the kernels for this machine; this takes half a minute or more, once"


class _Listener(event.Listener):
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = False

    def on_start(self, event: Any) -> None:  # noqa: ARG002  (numba's signature)
        if not self._told:
            self._told = True
            self._progress.note(NOTE)

    def on_end(self, event: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def announced(progress: Progress) -> Iterator[None]:
    """Say so, once, if a kernel must be compiled in this block."""
    with event.install_listener("numba:compile", _Listener(progress)):
        yield
