"""Rows of a column replaced where they stand: no second column stands beside the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.engines import gathering

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Replacing:
    """Rows of a column that are replaced: in their own place where they are no longer, else behind all rows.

    Parameters
    ----------
    column : its values are overwritten where they may be written, and are of no use afterwards

    >>> values = np.array([1, 2, 3, 4, 0, 0])
    >>> replacing = Replacing(records.Rows(values, np.array([0, 2, 3]), np.array([2, 3, 4])))
    >>> new = records.Rows(np.array([9, 7, 8]), np.array([0, 1]), np.array([1, 3]))
    >>> replacing.replace(np.array([0, 2]), new)
    >>> [replacing.column.row(row).tolist() for row in range(3)], values.tolist()
    ([[9], [3], [7, 8]], [9, 2, 3, 4, 7, 8])
    """

    def __init__(self, column: records.Rows) -> None:
        """Take the column."""
        self.column = records.Rows(column.values, column.starts.copy(), column.ends.copy())
        self._n_used = int(column.ends.max(initial=0))

    def replace(self, rows: NDArray[np.int64], new: records.Rows) -> None:
        """Replace some rows.

        Parameters
        ----------
        rows : (n_rows,) int64
        new : what stands there instead, row by row
        """
        from dedup.engines.replacing import kernels

        lengths = new.lengths
        self._make_room(int(lengths[lengths > self.column.take(rows).lengths].sum()))
        values, starts, ends = self.column.columns
        given = rows, new.values.view(np.uint8), new.starts, new.ends
        self._n_used = kernels.write_rows(
            values.view(np.uint8), starts, ends, given, self._n_used, values.itemsize
        )

    def _make_room(self, n_values: int) -> None:
        """Move all rows, where so many values do not fit behind them or none may be written."""
        values, least = self.column.values, self._n_used + n_values
        if least <= len(values) and values.flags.writeable:
            return
        moved = gathering.room(least + n_values, least, values.dtype)
        moved[: self._n_used] = values[: self._n_used]
        self.column = records.Rows(moved, self.column.starts, self.column.ends)
