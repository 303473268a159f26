"""The file of an index: opened, checked to be one, read as it stands at a moment, and written whole or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup import errors, results, settings
from dedup.index import opening, schema

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

WAIT_S = 60.0  # for another process that writes
_PAGE_BYTES = 16_384  # of which texts of three to five kilobytes leave little unused
_CACHE_KIB = 64_000
_BULK_CACHE_KIB = 400_000
_TRY_MS = 100
_AT_ONCE = 500  # numbers in one statement


@dataclasses.dataclass(slots=True)
class State:
    """How the index stands to a scan of what it holds.

    Attributes
    ----------
    n_added, n_removed : articles, since it was last compacted
    n_key_pages : rows of the table `keys`
    compacted : when that was, ISO 8601
    agencies_version, overrides_version : of the tables that the verdicts rest on
    """

    n_added: int = 0
    n_removed: int = 0
    n_key_pages: int = 0
    compacted: str | None = None
    agencies_version: str | None = None
    overrides_version: str | None = None


class Store:
    """One open file; use it as a context manager.

    Parameters
    ----------
    path : of the file
    given : the settings that the file must have, and is made with where there is none; None for those that it has
    is_writing : whether it is opened to be written; a file that is missing is made then
    wait_s : how long another process that writes is waited for

    Attributes
    ----------
    connection : the open connection, in autocommit mode
    settings : those of the file

    Raises
    ------
    StoreError : the file is missing, none of ours, damaged, of other settings, or cannot be opened
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        given: settings.Settings | None = None,
        *,
        is_writing: bool = False,
        wait_s: float = WAIT_S,
    ) -> None:
        """Open the file, and make it where it is missing and is to be written."""
        self.path = Path(path)
        self.wait_s = wait_s
        self.is_writing = is_writing
        opening.check(self.path, is_writing=is_writing)
        with self.speaking():
            self.connection = opening.connect(self.path, is_writing=is_writing)
        try:
            with self.speaking():
                self._prepare(given)
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """See the file as it stands now, whatever others write meanwhile."""
        with self.speaking():
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write all that follows, durably, or nothing of it.

        Raises
        ------
        BusyError : another process writes, for longer than `wait_s`
        StoreError : the file cannot be written
        """
        with self.speaking():
            self._begin()
            try:
                yield
                self.must_be_writing()
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # what broke may have ended it already
                    self.connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def bulk(self) -> Iterator[None]:
        """Write a first archive: as `writing`, but straight into the file, which is empty and nobody reads.

        Until it is done a journal beside the file says how to undo it.
        """
        with self.speaking():
            self.connection.execute(f"PRAGMA cache_size = -{_BULK_CACHE_KIB}")
            with contextlib.suppress(sqlite3.OperationalError):  # somebody reads: then as any other
                self.connection.execute("PRAGMA journal_mode = DELETE")
            try:
                with self.writing():
                    yield
            finally:
                self.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                with contextlib.suppress(sqlite3.OperationalError):
                    self.connection.execute("PRAGMA journal_mode = WAL")

    def must_be_writing(self) -> None:
        """Raise if no transaction is under way: SQLite ends it by itself when a disk is full.

        Raises
        ------
        StoreError : it has ended; nothing of it was written
        """
        if not self.connection.in_transaction:
            message = (
                f'index "{self.path}" could not be written: SQLite ended the transaction; nothing was changed'
            )
            raise errors.StoreError(message)

    def empty_log(self) -> bool:
        """Return whether all that was written stands in the file itself, and the log beside it is empty.

        Those who read the index at this moment are waited for, as long as for another one that writes.
        """
        end = time.monotonic() + self.wait_s
        with self.speaking():
            self.connection.execute(f"PRAGMA busy_timeout = {_TRY_MS}")
            try:
                while True:
                    (is_busy, *_), *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    if not is_busy or time.monotonic() >= end:
                        return not is_busy
            finally:
                self._be_patient()

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """Say in our words what SQLite cannot do."""
        try:
            yield
        except sqlite3.Error as error:
            raise opening.told(self.path, error) from error

    def rows(self, query: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(query, tuple(values)).fetchall()

    def rows_of(self, query: str, numbers: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a query about many numbers; `{}` in it stands for their list."""
        asked = list(numbers)
        found: list[tuple[Any, ...]] = []
        for begin in range(0, len(asked), _AT_ONCE):
            some = asked[begin : begin + _AT_ONCE]
            found += self.connection.execute(query.format(", ".join("?" * len(some))), some).fetchall()
        return found

    def value(self, query: str, values: Iterable[Any] = ()) -> Any:
        """Return the first column of the first row of a query, None without a row."""
        row = self.connection.execute(query, tuple(values)).fetchone()
        return row[0] if row else None

    def change(self, query: str, numbers: Iterable[Any]) -> None:
        """Run a statement about many numbers; `{}` in it stands for their list."""
        self.rows_of(query, numbers)

    def state(self) -> State:
        """Return how the index stands to a scan."""
        return State(**self.fact("state"))

    def fact(self, name: str) -> Any:
        """Return a fact about the file, None where it is not known."""
        told = self.value("SELECT value FROM meta WHERE name = ?", (name,))
        return None if told is None else json.loads(told)

    def note(self, name: str, value: Any) -> None:
        """Write a fact about the file."""
        told = json.dumps(dataclasses.asdict(value) if dataclasses.is_dataclass(value) else value)  # type: ignore[arg-type]
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, told))

    def following(self, n_pages: int, n_stories: int) -> tuple[int, int]:
        """Return the first of so many numbers of pages and of articles that nobody had before; they are taken."""
        pages, stories = self.fact("following") or (1, 1)
        self.note("following", (pages + n_pages, stories + n_stories))
        return pages, stories

    def n_articles(self) -> int:
        """Return how many articles the index holds."""
        return int(self.value("SELECT COUNT(*) FROM stories"))

    def _begin(self) -> None:
        if not self.is_writing:
            message = f'index "{self.path}" was opened to be read only'
            raise errors.StoreError(message)
        end = time.monotonic() + self.wait_s
        self.connection.execute(f"PRAGMA busy_timeout = {_TRY_MS}")  # Ctrl-C is heard between two tries
        try:
            self._try_to_begin(end)
        finally:
            self._be_patient()

    def _be_patient(self) -> None:
        """Wait for others as long as is allowed, whatever is asked of SQLite."""
        self.connection.execute(f"PRAGMA busy_timeout = {int(1000 * self.wait_s)}")

    def _try_to_begin(self, end: float) -> None:
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() < end:
                    continue
                message = (
                    f'another process writes to index "{self.path}"; waited {self.wait_s:g} s for it: try again '
                    "when it is done, or wait longer with --wait SECONDS"
                )
                raise errors.BusyError(message) from error
            return

    def _prepare(self, given: settings.Settings | None) -> None:
        self._be_patient()
        self.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if self.is_writing:
            if not self.value("SELECT COUNT(*) FROM sqlite_master") and self._is_unclaimed():
                self._make(given or settings.Settings())
            self._claim()
            with contextlib.suppress(sqlite3.OperationalError):  # somebody is at work: it is done by the next
                self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA secure_delete = ON")  # at each change, for takedowns to come
            self._migrate()
        else:
            self._claim()
            version = self.value("PRAGMA user_version")
            if version < schema.VERSION:
                message = (
                    f'index "{self.path}" has the older schema {version}: `dedup index compact` brings it '
                    f"to {schema.VERSION}"
                )
                raise errors.StoreError(message)
        self.settings = _settings_of(self, given)

    def _is_unclaimed(self) -> bool:
        return bool(self.value("PRAGMA application_id") == 0)

    def _claim(self) -> None:
        """Raise if the file is no index, or of a later version than this."""
        if self.value("PRAGMA application_id") != schema.APPLICATION_ID:
            message = f'"{self.path}" is no index of dedup, but another SQLite file'
            raise errors.StoreError(message)
        version = self.value("PRAGMA user_version")
        if version < 1:
            message = f'index "{self.path}" is damaged (it has no schema): put a whole copy in its place'
            raise errors.StoreError(message)
        if version > schema.VERSION:
            message = (
                f'index "{self.path}" has schema {version}, and this dedup ({results.version()}) knows up to '
                f"{schema.VERSION}: use the newer one that made it"
            )
            raise errors.StoreError(message)

    def _make(self, chosen: settings.Settings) -> None:
        self.connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        with self.writing():
            if self.value("SELECT COUNT(*) FROM sqlite_master"):
                return  # another process was quicker
            for statement in schema.create():
                self.connection.execute(statement)
            self.note("settings", chosen.as_dict())
            self.note("settings_digest", chosen.digest())
            self.note("version", results.version())
            self.note("made", now())
            self.note("state", State())

    def _migrate(self) -> None:
        version = self.value("PRAGMA user_version")
        if version == schema.VERSION:
            return
        with self.writing():
            for old in range(self.value("PRAGMA user_version"), schema.VERSION):
                for statement in schema.MIGRATIONS[old]:
                    self.connection.execute(statement)
                self.connection.execute(f"PRAGMA user_version = {old + 1}")


def now() -> str:
    """Return the time, ISO 8601 in UTC, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _settings_of(store: Store, given: settings.Settings | None) -> settings.Settings:
    """Return the settings of a file, which must be those that are given.

    Raises
    ------
    StoreError : they differ; the message names each
    """
    own = store.fact("settings")
    if not isinstance(own, dict):
        message = f'index "{store.path}" is damaged (it has no settings): put a whole copy in its place'
        raise errors.StoreError(message)
    unknown = sorted(set(own) - set(settings.names()))
    if unknown:
        message = (
            f'index "{store.path}" was made with a setting that this dedup ({results.version()}) does not have: '
            f'"{unknown[0]}"; use the version that made it'
        )
        raise errors.StoreError(message)
    if given is None:
        return settings.Settings(**own)
    other = given.as_dict()
    differing = [name for name in {**own, **other} if own.get(name) != other.get(name)]
    if differing:
        told = ", ".join(f"{name} is {own.get(name)!r}, not {other.get(name)!r}" for name in differing)
        message = f'index "{store.path}" was made with other settings: {told}; name another file for these'
        raise errors.StoreError(message)
    return given
