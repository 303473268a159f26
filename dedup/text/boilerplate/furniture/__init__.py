"""Furniture by its own shape: menus, lists of links and forms, on pages that also have prose.

Text is told from furniture by the length of its lines and by that of their neighbours, after Kohlschuetter,
Fankhauser and Nejdl, Boilerplate detection using shallow text features (WSDM 2010), and Pomikalek's jusText (2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def find(
    sizes: NDArray[np.uint16], marks: NDArray[np.uint8], offsets: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which lines are furniture, (n_lines,) bool.

    Parameters
    ----------
    sizes, marks : (n_lines,) as `lines.Lines` has them
    offsets : (n_stories + 1,) int64, the lines of each story

    >>> menu, prose = 20 * [4], 5 * [120]
    >>> sizes = np.array(menu + prose, np.uint16)
    >>> int(find(sizes, (sizes > 4).astype(np.uint8), np.array([0, 25])).sum())
    17
    """
    from dedup.text.boilerplate.furniture import kernels

    found = np.zeros(len(sizes), bool)
    kernels.find_furniture(sizes, marks, offsets, found)
    return found
