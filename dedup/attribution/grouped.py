"""Rows in groups: the first of each by some order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def firsts(
    groups: NDArray[np.int64], n_groups: int, keys: Sequence[NDArray[np.generic]]
) -> NDArray[np.int64]:
    """Return the row of each group that stands first by these keys, (n_groups,) int64; -1 for a group without rows.

    Parameters
    ----------
    groups : (n,) int64, the group of each row
    keys : (n,) each, the most important first; of equal rows the one that stands first counts

    >>> firsts(np.array([0, 0, 2]), 3, [np.array([5, 4, 1])]).tolist()
    [1, -1, 2]
    """
    order = np.lexsort((*reversed(keys), groups))
    new = np.diff(groups[order], prepend=-1) != 0
    found = np.full(n_groups, -1, np.int64)
    found[groups[order][new]] = order[new]
    return found
