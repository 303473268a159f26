"""Furniture by its own shape: menus, lists of links and forms, on pages that also have prose.

Text is told from furniture by the length of its lines and by that of their neighbours, after Kohlschuetter,
Fankhauser and Nejdl, Boilerplate detection using shallow text features (WSDM 2010), and Pomikalek's jusText (2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def longest(
    found: NDArray[np.bool_], offsets: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the longest run of furniture in each group, its first and last line, and how many stories have any.

    Parameters
    ----------
    found : (n_lines,) bool
    offsets : (n_stories + 1,) int64, the lines of each story
    groups : (n_stories,) int64, 0 or more

    Of runs of one length the first is returned; a group without furniture has the run from 0 to -1.

    >>> runs, counts = longest(np.array([1, 1, 0, 1], bool), np.array([0, 2, 4]), np.array([0, 0]))
    >>> runs.tolist(), counts.tolist()
    ([[0, 1]], [2])
    """
    from dedup.text.boilerplate.furniture import kernels

    n_groups = int(groups.max(initial=-1)) + 1
    runs = np.tile([0, -1], (n_groups, 1))
    n_stories = np.zeros(n_groups, np.int64)
    kernels.find_longest(found, offsets, groups, runs, n_stories)
    return runs, n_stories
