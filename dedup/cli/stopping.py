"""Ctrl-C: heard wherever it comes, and not waited for."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN_S = 0.02


@contextlib.contextmanager
def heard() -> Iterator[None]:
    """Raise a Ctrl-C again that came inside a callback, such as those of the compiler.

    No exception can pass there: Python reports it as one that nobody could raise, and goes on. It comes again a
    moment later, as often as it must.
    """
    before = sys.unraisablehook
    again: list[threading.Timer] = []

    def heed(lost: sys.UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        timer = threading.Timer(_AGAIN_S, _interrupt)
        timer.daemon = True
        again.append(timer)
        timer.start()

    sys.unraisablehook = heed
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in again:
            timer.cancel()


def _interrupt() -> None:
    """Press Ctrl-C; a signal to the main thread also wakes it where it waits."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def leave(code: int) -> NoReturn:
    """End the process; threads that are still at work, such as on a compile of many seconds, are not waited for."""
    waited = [thread for thread in threading.enumerate() if not thread.daemon]
    if len(waited) > 1:
        end(code)
    sys.exit(code)


def end(code: int) -> NoReturn:
    """End the process at once, when all that was printed has gone out; where it could not, code 0 becomes 1."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)
