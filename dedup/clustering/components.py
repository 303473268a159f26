"""Connected components: the closure that article clusters and passage clusters both start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def components(n_items: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the least item of each item's connected component, (n_items,) int64.

    Labels are hooked to the lesser one and pointers jumped until nothing changes (Shiloach and Vishkin, 1982).

    >>> components(5, np.array([0, 3]), np.array([3, 4])).tolist()
    [0, 1, 2, 0, 0]
    """
    labels = np.arange(n_items)
    while True:
        least = np.minimum(labels[left], labels[right])
        hooked = labels.copy()
        np.minimum.at(hooked, labels[left], least)
        np.minimum.at(hooked, labels[right], least)
        while True:
            jumped = hooked[hooked]
            if np.array_equal(jumped, hooked):
                break
            hooked = jumped
        if np.array_equal(hooked, labels):
            return labels
        labels = hooked
