"""Rows of a ragged column replaced within its own memory: no second column stands beside the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPARE = 8  # a column that grows is given an eighth more than it needs


class Rows:
    """The rows of a column, written from the first to the last, some of them replaced.

    Parameters
    ----------
    column : its values are overwritten where they may be written, and are of no use afterwards

    >>> rows = Rows(records.Ragged(np.array([1, 2, 3, 4]), np.array([0, 2, 3, 4])))
    >>> rows.replace(np.array([0]), records.Ragged(np.array([9]), np.array([0, 1])))
    >>> rows.finish().values.tolist()
    [9, 3, 4]
    """

    def __init__(self, column: records.Ragged) -> None:
        """Take the column."""
        self._column = column
        self._values = column.values
        self._offsets = column.offsets
        self._written = np.zeros_like(column.offsets)
        self._n_written = 0

    def replace(self, rows: NDArray[np.int64], column: records.Ragged) -> None:
        """Replace some rows, all of them after those replaced before.

        Parameters
        ----------
        rows : (n_rows,) int64, rising
        column : what stands there instead, row by row
        """
        if len(rows):
            self._write(rows, column, int(rows[-1]) + 1)

    def finish(self) -> records.Ragged:
        """Return the column; one without a row replaced is that which was given."""
        if self._n_written == 0:
            return self._column
        none = records.Ragged(self._values[:0], np.zeros(1, np.int64))
        self._write(np.empty(0, np.int64), none, len(self._column))
        return records.Ragged(self._values[: self._written[-1]], self._written)

    def _write(self, rows: NDArray[np.int64], column: records.Ragged, until: int) -> None:
        from dedup.engines.replacing import kernels

        first = self._n_written
        lengths = np.diff(self._offsets[first : until + 1])
        lengths[rows - first] = np.diff(column.offsets)
        ends = self._written[first] + np.cumsum(lengths)
        self._written[first + 1 : until + 1] = ends
        self._make_room(int((ends - self._offsets[first + 1 : until + 1]).max(initial=0)))
        kernels.write_rows(
            (self._values.view(np.uint8), self._offsets[first : until + 1]),
            (rows - first, column.values.view(np.uint8), column.offsets),
            self._written[first : until + 1],
            self._values.itemsize,
        )
        self._n_written = until

    def _make_room(self, n_values: int) -> None:
        """Move what is not written yet up, if so many values would not fit before it."""
        if n_values == 0 and self._values.flags.writeable:
            return
        spare = n_values + len(self._values) // _SPARE if n_values else 0
        moved = np.empty(len(self._values) + spare, self._values.dtype)
        begin, end = self._offsets[self._n_written], self._written[self._n_written]
        moved[:end] = self._values[:end]
        moved[begin + spare : len(self._values) + spare] = self._values[begin:]
        self._values = moved
        self._offsets = self._offsets + spare
