"""Rows of many batches, kept column by column until all are there, and then put into one order.

Rows of equal length, and those of `records.Ragged`, are moved. A column of `records.Rows` stays where it stands: what
is put into order is where each row starts and ends.

Each ragged column grows in chunks of its own. When its rows have been moved, its chunks go back to the system: beside
the columns in order only what is not moved yet takes memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dedup import running

Column: TypeAlias = "NDArray[Any] | records.Ragged | records.Rows"

_LEAST_VALUES = 1 << 16
CHUNK_BYTES = 40_000_000  # so much the C library takes from the system by itself, and gives back at once


class Columns:
    """Columns that grow batch by batch: rows of equal length, or ragged ones.

    Parameters
    ----------
    chunk_bytes : what a ragged column grows by
    expected : values of each column of `records.Rows`, about; memory that is not written to costs nothing

    >>> columns = Columns()
    >>> columns.add({"sizes": np.array([5, 6]), "marks": records.Ragged(np.array([1, 2, 3]), np.array([0, 2, 3]))})
    >>> columns.add({"sizes": np.array([7]), "marks": records.Ragged(np.array([4]), np.array([0, 1]))})
    >>> moved = columns.move(np.array([1, -1, 0]), 2)
    >>> moved["sizes"].tolist(), moved["marks"].values.tolist()
    ([7, 5], [4, 1, 2])
    """

    def __init__(self, chunk_bytes: int = CHUNK_BYTES, expected: Mapping[str, int] | None = None) -> None:
        """Begin without any."""
        self._chunk_bytes = chunk_bytes
        self._expected = expected or {}
        self._growing: dict[str, _Plain | _Ragged | _Rows] = {}

    def add(self, columns: Mapping[str, Column]) -> None:
        """Add the rows of a batch, whose columns of rows of different lengths are copied.

        Every batch has the same columns; in those of `records.Rows` its rows stand one after another.
        """
        for name, column in columns.items():
            if name not in self._growing:
                self._growing[name] = self._begin(name, column)
            self._growing[name].add(column)  # type: ignore[arg-type]

    def _begin(self, name: str, column: Column) -> _Plain | _Ragged | _Rows:
        if isinstance(column, records.Rows):
            return _Rows(column.values.dtype, self._expected.get(name, 0))
        return _Ragged(self._chunk_bytes) if isinstance(column, records.Ragged) else _Plain()

    def move(self, places: NDArray[np.int64], n_rows: int, run: running.Run = map) -> dict[str, Any]:
        """Return the columns with their rows in a new order, by their names; nothing is left here.

        Parameters
        ----------
        places : (n_all,) int64, the new place of each row, in the order they were added; -1 for those left out
        n_rows : how many are kept
        run : what moves them, a column at a time
        """
        names = [*self._growing]
        moved = run(lambda name: self._growing.pop(name).move(places, n_rows), names)
        return dict(zip(names, moved, strict=True))


class _Plain:
    """A column of rows of equal length."""

    def __init__(self) -> None:
        self._parts: list[NDArray[Any]] = []

    def add(self, column: NDArray[Any]) -> None:
        self._parts.append(column)

    def move(self, places: NDArray[np.int64], n_rows: int) -> NDArray[Any]:
        rows = np.concatenate(self._parts)
        kept = places >= 0
        moved = np.empty((n_rows, *rows.shape[1:]), rows.dtype)
        moved[places[kept]] = rows[kept]
        return moved


class _Ragged:
    """A column of ragged rows: chunks of values, and the lengths of the rows in each."""

    def __init__(self, chunk_bytes: int) -> None:
        self._chunk_bytes = chunk_bytes
        self._chunks: list[NDArray[Any]] = []
        self._lengths: list[list[NDArray[np.int32]]] = []
        self._n_filled = 0  # values of the last chunk

    def add(self, column: records.Ragged) -> None:
        n_values = len(column.values)
        if not self._chunks or self._n_filled + n_values > len(self._chunks[-1]):
            size = max(n_values, self._chunk_bytes // column.values.itemsize)
            self._chunks.append(np.empty(size, column.values.dtype))
            self._lengths.append([])
            self._n_filled = 0
        self._chunks[-1][self._n_filled : self._n_filled + n_values] = column.values
        self._n_filled += n_values
        self._lengths[-1].append(np.diff(column.offsets).astype(np.int32))

    def move(self, places: NDArray[np.int64], n_rows: int) -> records.Ragged:
        from dedup.engines.gathering import kernels

        lengths = [np.concatenate(parts) for parts in self._lengths]
        kept = places >= 0
        new = np.zeros(n_rows, np.int64)
        new[places[kept]] = np.concatenate(lengths)[kept]
        offsets = records.offsets(new)
        kind = self._chunks[0].dtype
        moved = np.empty(offsets[-1], kind)
        self._chunks.reverse()
        first = 0
        for some in lengths:
            values = self._chunks.pop().view(np.uint8)
            old, own = records.offsets(some.astype(np.int64)), places[first : first + len(some)]
            kernels.move_rows(values, old, own, offsets, kind.itemsize, moved.view(np.uint8))
            first += len(some)
        return records.Ragged(moved, offsets)


class _Rows:
    """A column of rows that stay where they are written, in one array that is as long as is expected.

    Parameters
    ----------
    n_expected : values that there is room for; where there are more, all are copied to an array of twice their size
    """

    def __init__(self, kind: np.dtype[Any], n_expected: int) -> None:
        self._values = room(max(n_expected, _LEAST_VALUES), 0, kind)
        self._n_filled = 0
        self._starts: list[NDArray[np.int64]] = []
        self._ends: list[NDArray[np.int64]] = []

    def add(self, column: records.Rows) -> None:
        begin, end = self._n_filled, self._n_filled + len(column.values)
        if end > len(self._values):
            values = room(2 * end, end, self._values.dtype)
            values[:begin] = self._values[:begin]
            self._values = values
        self._values[begin:end] = column.values
        self._n_filled = end
        self._starts.append(column.starts + begin)
        self._ends.append(column.ends + begin)

    def move(self, places: NDArray[np.int64], n_rows: int) -> records.Rows:
        kept = places >= 0
        edges = []
        for parts in (self._starts, self._ends):
            moved = np.empty(n_rows, np.int64)
            moved[places[kept]] = np.concatenate(parts)[kept]
            edges.append(moved)
        return records.Rows(self._values, *edges)


def room(n_wanted: int, n_least: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Return an array of any content, of a smaller size where the system promises no more memory than it has.

    Raises
    ------
    MemoryError : not even the least size is to be had
    """
    while True:
        try:
            return np.empty(n_wanted, kind)
        except MemoryError:
            if n_wanted <= n_least:
                raise
            n_wanted = max(n_wanted // 2, n_least)
