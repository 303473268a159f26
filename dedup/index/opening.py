"""How the file of an index is opened, and what is said when that, or anything after it, cannot be."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from dedup import errors

if TYPE_CHECKING:
    from pathlib import Path

_TO_UNDO = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)
_WORDS = {
    sqlite3.SQLITE_NOTADB: '"{path}" is no index of dedup: it is no SQLite file, or its beginning is damaged',
    sqlite3.SQLITE_CORRUPT: (
        'index "{path}" is damaged or cut short ({error}): put a whole copy in its place, or make it anew'
    ),
    sqlite3.SQLITE_FULL: 'the disk of index "{path}" is full: nothing was changed; make room, and try again',
    sqlite3.SQLITE_READONLY: 'index "{path}" cannot be written: the file or its folder is read-only',
    sqlite3.SQLITE_PERM: 'index "{path}" cannot be opened: no permission',
    sqlite3.SQLITE_CANTOPEN: 'index "{path}" cannot be opened, or no file beside it: {error}',
    sqlite3.SQLITE_IOERR: 'the disk of index "{path}" fails: {error}; nothing was changed',
    sqlite3.SQLITE_BUSY: 'another process works on index "{path}": try again when it is done',
    sqlite3.SQLITE_LOCKED: 'another process works on index "{path}": try again when it is done',
}


def connect(path: Path, *, is_writing: bool) -> sqlite3.Connection:
    """Return an open connection, in autocommit mode; what a process left half written is undone.

    Raises
    ------
    sqlite3.Error : the file cannot be opened
    """
    uri = path.absolute().as_uri()
    if is_writing:
        # one thread at a time uses it, not always the same
        return sqlite3.connect(f"{uri}?mode=rwc", uri=True, isolation_level=None, check_same_thread=False)
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode in _TO_UNDO:  # what a process left half written is undone by who may write
            with contextlib.closing(
                sqlite3.connect(f"{uri}?mode=rw", uri=True, isolation_level=None)
            ) as undoing:
                undoing.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            return sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None)
        is_closed = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        left = [_beside(path, ending) for ending in ("-wal", "-journal")]
        if not is_closed or any(file.exists() and file.stat().st_size for file in left):
            raise
        # a folder where nothing can be written: nobody writes to the file
        return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except BaseException:
        connection.close()
        raise
    return connection


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def check(path: Path, *, is_writing: bool) -> None:
    """Raise if the file cannot be an index: before SQLite opens, and perhaps makes, what is not there.

    The file is looked at, and not opened: to close it would drop the locks that SQLite has on it in this process.

    Raises
    ------
    StoreError : it is missing, empty, a folder, or may not be written
    """
    advice = f"`dedup index add {path} PATH...` makes it"
    try:
        if path.is_dir():
            message = f'"{path}" is a folder, and an index is one file'
            raise errors.StoreError(message)
        if not path.exists():
            if is_writing and path.absolute().parent.is_dir():
                return
            missing = path if path.absolute().parent.is_dir() else path.absolute().parent
            message = (
                f'no index "{path}"; {advice}' if missing is path else f'no folder "{missing}" for the index'
            )
            raise errors.StoreError(message)
        is_file, size = path.is_file(), path.stat().st_size
    except OSError as error:
        message = f'index "{path}" cannot be opened: {error.strerror}'
        raise errors.StoreError(message) from error
    if not is_file:
        message = f'"{path}" is no file that can hold an index'
        raise errors.StoreError(message)
    if size == 0 and not is_writing:
        message = f'"{path}" is empty, and no index yet; {advice}'
        raise errors.StoreError(message)
    if is_writing and not os.access(path, os.W_OK):
        message = f'index "{path}" cannot be written: no permission'
        raise errors.StoreError(message)


def told(path: Path, error: sqlite3.Error) -> errors.StoreError:
    """Return in our words what SQLite cannot do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    words = _WORDS.get(code, 'index "{path}": {error}')
    kind = errors.BusyError if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else errors.StoreError
    return kind(words.format(path=path, error=error))
