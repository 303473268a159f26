"""Rows by key: keys that are numbers from 0 on need no sort, they are counted and each row is put in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records

if TYPE_CHECKING:
    from numpy.typing import NDArray


def by_key(keys: NDArray[np.int64], n_keys: int) -> records.Ragged:
    """Return the rows of each key, rising.

    Parameters
    ----------
    keys : (n,) int64, 0 to n_keys - 1

    >>> by_key(np.array([2, 0, 2]), 3).row(2).tolist()
    [0, 2]
    """
    from dedup.clustering.ordering import kernels

    offsets = records.offsets(np.bincount(keys, minlength=n_keys))
    rows = np.empty(len(keys), np.int64)
    kernels.put(keys, offsets[:-1].copy(), rows)
    return records.Ragged(rows, offsets)
