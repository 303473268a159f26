"""The tables of a scan in a folder: written whole or not at all, and read again."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from dedup import errors, records, results
from dedup.reporting import formats, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

RUN_FILE = "run.json"
_FILES = (
    *sorted(
        {form.file_of(table.name) for form in formats.FORMATS.values() for table in records.OUTPUT_TABLES}
    ),
    RUN_FILE,
)


def write(result: results.Result, folder: Path, kind: str = "jsonl", *, threads: int | None = None) -> None:
    """Write each table and the account of the run into a folder; tables of an earlier scan there are replaced.

    Everything is written under other names first, and takes its place at once: a run that breaks or is stopped
    leaves the earlier tables whole.

    Parameters
    ----------
    kind : a name in `formats.FORMATS`
    threads : how many work; None for one per core

    Raises
    ------
    OutputError : the folder cannot be made or written, or holds files of such names that no scan wrote
    """
    check(folder, kind)
    form = formats.FORMATS[kind]
    tables = result.tables()
    if not result.rejects.num_rows:
        del tables["rejects"]
    parts: dict[str, dict[str, pa.Table]] = {}
    for name, table in tables.items():
        parts.setdefault(form.file_of(name), {})[name] = table
    account = _account(result.run)
    with _speaking_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        old = _FILES if _is_scan(folder) else ()
        for path in replacing.left(folder, _FILES):
            path.unlink()
        with replacing.replacing(folder, [*parts, RUN_FILE], old) as written:
            for file, part in parts.items():
                form.write(part, written[file], threads or os.cpu_count() or 1)
            written[RUN_FILE].write_bytes(account)


def check(folder: Path, kind: str = "jsonl") -> None:
    """Raise if tables could not be written into this folder; nothing is made or changed.

    Raises
    ------
    OutputError : the folder cannot be made or written, or holds files of such names that no scan wrote
    """
    form = formats.FORMATS[kind]
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        message = f'folder "{folder}" cannot be made: "{there}" is a file'
        raise errors.OutputError(message)
    if not os.access(there, os.W_OK | os.X_OK):
        message = f'folder "{folder}" cannot be written: no permission in "{there}"'
        raise errors.OutputError(message)
    if _is_scan(folder):
        return
    for table in records.OUTPUT_TABLES:
        if (folder / form.file_of(table.name)).exists():
            file = form.file_of(table.name)
            message = f'folder "{folder}" holds a "{file}" that no scan wrote: name another folder'
            raise errors.OutputError(message)


def _is_scan(folder: Path) -> bool:
    """Return whether a scan has written tables into a folder, or was killed while it did."""
    return (folder / RUN_FILE).exists() or RUN_FILE in replacing.left(folder, _FILES).values()


def read(folder: Path) -> results.Result:
    """Return the result that `write` put into a folder.

    Raises
    ------
    ResultError : the folder or a table in it is missing or broken
    """
    account = folder / RUN_FILE
    if not account.is_file():
        what = f'no "{RUN_FILE}" in folder "{folder}"' if folder.is_dir() else f'no folder "{folder}"'
        raise errors.ResultError(what + _advice(folder))
    form = _format_in(folder)
    tables = {table.name: _read_table(form, table, folder) for table in records.OUTPUT_TABLES}
    return results.Result(**tables, run=_read_account(account, folder))


def _format_in(folder: Path) -> formats.Format:
    for form in formats.FORMATS.values():
        if (folder / form.file_of(records.ARTICLES.name)).exists():
            return form
    message = f'no table "{records.ARTICLES.name}" in folder "{folder}"{_advice(folder)}'
    raise errors.ResultError(message)


def _read_table(form: formats.Format, table: records.Table, folder: Path) -> pa.Table:
    import sqlite3

    import msgspec

    path = folder / form.file_of(table.name)
    try:
        return form.read(table, path)
    except FileNotFoundError as error:
        if table is records.REJECTS:
            return table.schema().empty_table()
        message = f'no table "{table.name}" ("{path.name}") in folder "{folder}"{_advice(folder)}'
        raise errors.ResultError(message) from error
    except (OSError, ValueError, TypeError, KeyError, sqlite3.Error, msgspec.MsgspecError) as error:
        message = f'table "{path}" cannot be read: {error}{_advice(folder)}'
        raise errors.ResultError(message) from error


def _read_account(path: Path, folder: Path) -> results.Run:
    import msgspec

    try:
        return msgspec.json.decode(path.read_bytes(), type=results.Run)
    except (OSError, msgspec.DecodeError) as error:
        message = f'"{path}" cannot be read: {error}{_advice(folder)}'
        raise errors.ResultError(message) from error


def _advice(folder: Path) -> str:
    if folder.exists():
        return "; `dedup scan PATH --out DIR` makes a folder with it"
    return f"; `dedup scan PATH --out {folder}` makes it"


def _account(run: results.Run) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n"


@contextlib.contextmanager
def _speaking_of(folder: Path) -> Iterator[None]:
    import sqlite3

    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason: Any = getattr(error, "strerror", None) or error
        message = f'folder "{folder}" cannot be written: {reason}'
        raise errors.OutputError(message) from error
