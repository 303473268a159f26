"""Replacing the files of a folder all at once: the new ones stand there whole, or the old ones stay."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PART = ".part"  # a file that is being written
_BEFORE = ".before"  # an old file while the new ones take their places
_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextlib.contextmanager
def replacing(folder: Path, new: Sequence[str], old: Sequence[str]) -> Iterator[dict[str, Path]]:
    """Give the path to write each new file to; at the end they take the places of the old ones.

    Where the block or the replacing raises, the old files stay as they were. A signal that stops the process waits
    until all have taken their places.

    Parameters
    ----------
    new : names of the files that will be written; the last one takes its place last
    old : names of the files that go; one that is not there is no error. The last one goes first, so that a folder
        with it holds a whole result even where the process was killed meanwhile
    """
    parts = {name: _hidden(folder, name, _PART) for name in new}
    try:
        yield parts
        with _uninterrupted():
            _swap(folder, parts, old)
    finally:
        for path in parts.values():
            path.unlink(missing_ok=True)


def left(folder: Path, names: Sequence[str]) -> dict[Path, str]:
    """Return what processes that were killed have left of files of these names, each with its name."""
    found = {}
    for name in names:
        for path in sorted(folder.glob(f".{name}.*")):
            process, _, suffix = path.name.removeprefix(f".{name}.").partition(".")
            if process.isdecimal() and f".{suffix}" in {_PART, _BEFORE} and not _runs(int(process)):
                found[path] = name
    return found


def _swap(folder: Path, parts: dict[str, Path], old: Sequence[str]) -> None:
    """Put the new files in the places of the old ones; if that fails, put the old ones back."""
    before = {name: _hidden(folder, name, _BEFORE) for name in reversed(old) if (folder / name).is_file()}
    try:
        for name, path in before.items():
            (folder / name).rename(path)
        for name, path in parts.items():
            path.rename(folder / name)
    except BaseException:
        for name, path in parts.items():
            if not path.exists():
                (folder / name).unlink()
        for name, path in reversed(before.items()):
            if path.exists():
                path.rename(folder / name)
        raise
    for path in before.values():
        path.unlink(missing_ok=True)


def _hidden(folder: Path, name: str, suffix: str) -> Path:
    return folder / f".{name}.{os.getpid()}{suffix}"


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's
        return True
    return True


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let signals that stop a process wait until the block is done."""
    if threading.current_thread() is not threading.main_thread():  # which alone gets signals
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: Any) -> None:
        came.append(number)

    numbers = [getattr(signal, name) for name in _STOPPING if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    heeded = {
        number: handler for number, handler in handlers.items() if handler not in {None, signal.SIG_IGN}
    }
    try:
        for number in heeded:
            signal.signal(number, note)
        yield
    finally:
        for number, handler in heeded.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
