"""Compiling the kernels that a scan needs before it begins, and telling the user: once, since the code is kept."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from numba.core import event

from dedup.compiling import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.progress import Progress

NOTE = "compiling the kernels for this machine; this takes about twenty seconds, once"


class _Listener(event.Listener):
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told = False

    def tell(self) -> None:
        if not self._told:
            self._told = True
            self._progress.note(NOTE)

    def on_start(self, event: Any) -> None:  # noqa: ARG002  (numba's signature)
        self.tell()

    def on_end(self, event: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def announced(progress: Progress) -> Iterator[None]:
    """Compile what a scan needs before this block; say so, once, if that, or another kernel, must be compiled."""
    listener = _Listener(progress)
    wanted = ahead.missing()
    if wanted:
        listener.tell()
        progress.stage("compiling", total=len(wanted), unit="kernels")
        ahead.compile_all(wanted, progress.advance)
    with event.install_listener("numba:compile", listener):
        yield
