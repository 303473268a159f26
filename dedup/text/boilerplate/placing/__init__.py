"""Where boilerplate stands: at one edge of its pages, or on most pages of its outlet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing
    from dedup.text.boilerplate import repeats

AT_EDGE = 0.9  # share of a line's places that must be at one edge
MOST_PAGES = 0.5  # share of a group's stories that hold a line which may stand anywhere
LEAST_PAGES = 10  # stories of a group, for that share to tell anything


def frequent(found: repeats.Repeats, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which texts so many stories of their group hold that they may stand anywhere.

    Parameters
    ----------
    groups : (n_stories,) int64, -1 or more
    """
    of_group = np.bincount(groups + 1)[found.groups + 1]
    enough: NDArray[np.bool_] = (of_group >= LEAST_PAGES) & (found.n_stories >= MOST_PAGES * of_group)
    return enough


def placed(
    found: repeats.Repeats,
    anywhere: NDArray[np.bool_],
    lines: describing.Lines,
    dead: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which texts stand where boilerplate stands: at the same edge nearly always, unless they may anywhere.

    A line stands at an edge when no prose of its story's own stands beyond it. A text that is not taken for
    boilerplate is such prose, so that texts are dropped until no other falls with them.

    Parameters
    ----------
    anywhere : (n_texts,) bool
    dead : (n_lines,) bool, lines that are boilerplate already
    """
    from dedup.text.boilerplate.placing import kernels

    least = np.where(anywhere, 0, AT_EDGE * np.diff(found.offsets))
    accepted = np.ones(len(found), bool)
    kernels.drop_misplaced(
        (lines.sizes, lines.marks, lines.furniture, dead, lines.offsets),
        (found.lines, found.owners, found.texts, found.offsets),
        least,
        accepted,
    )
    return accepted
