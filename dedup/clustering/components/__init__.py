"""Connected components: what article clusters start from, and what labelled pairs of an evaluation mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def components(n_items: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the least item of each item's connected component, (n_items,) int64.

    >>> components(5, np.array([0, 3]), np.array([3, 4])).tolist()
    [0, 1, 2, 0, 0]
    """
    from dedup.clustering.components import kernels

    labels = np.arange(n_items)
    kernels.join(left, right, labels)
    return labels
