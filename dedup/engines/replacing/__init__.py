"""Rows of a column replaced where they stand: no second column stands beside the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.engines import gathering

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Rows:
    """The rows of a column, some of them replaced: in their own place where they are no longer, else behind all rows.

    Parameters
    ----------
    column : its values are overwritten where they may be written, and are of no use afterwards

    >>> values = np.array([1, 2, 3, 4, 0, 0])
    >>> rows = Rows(records.Rows(values, np.array([0, 2, 3]), np.array([2, 3, 4])))
    >>> rows.replace(np.array([0, 2]), records.Rows(np.array([9, 7, 8]), np.array([0, 1]), np.array([1, 3])))
    >>> [rows.finish().row(row).tolist() for row in range(3)], values.tolist()
    ([[9], [3], [7, 8]], [9, 2, 3, 4, 7, 8])
    """

    def __init__(self, column: records.Rows) -> None:
        """Take the column."""
        self._column = column
        self._n_used = int(column.ends.max(initial=0))
        self._edges: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def replace(self, rows: NDArray[np.int64], new: records.Rows) -> None:
        """Replace some rows.

        Parameters
        ----------
        rows : (n_rows,) int64
        new : what stands there instead, row by row
        """
        from dedup.engines.replacing import kernels

        if len(rows) == 0:
            return
        if self._edges is None:
            self._edges = self._column.starts.copy(), self._column.ends.copy()
            self._column = records.Rows(self._column.values, *self._edges)
        lengths = new.lengths
        self._make_room(int(lengths[lengths > self._column.lengths[rows]].sum()))
        values = self._column.values
        self._n_used = kernels.write_rows(
            values.view(np.uint8), *self._edges, (rows, *_as_bytes(new)), self._n_used, values.itemsize
        )

    def finish(self) -> records.Rows:
        """Return the column; one without a row replaced is that which was given."""
        return self._column

    def _make_room(self, n_values: int) -> None:
        """Move all rows, where so many values do not fit behind them or none may be written."""
        values, least = self._column.values, self._n_used + n_values
        if least <= len(values) and values.flags.writeable:
            return
        moved = gathering.room(least + n_values, least, values.dtype)
        moved[: self._n_used] = values[: self._n_used]
        self._column = records.Rows(moved, self._column.starts, self._column.ends)


def _as_bytes(
    rows: records.Rows,
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    return rows.values.view(np.uint8), rows.starts, rows.ends
