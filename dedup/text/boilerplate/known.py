"""Boilerplate that was learned before: which lines of stories that come later are like it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.text.boilerplate import repeats, templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing

EVERYBODY = -2  # the group of what any outlet repeats; -1 is the one of unknown outlets
_WEIGHT = np.uint64(0x9E3779B97F4A7C15)


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """Lines that are boilerplate, each text once; n of them.

    Parameters
    ----------
    groups : (n,) int64, the outlet that repeats it; -1 for unknown ones, EVERYBODY for any
    keys : (n,) uint64, as `Lines.folded`: numbers aside
    are_templates : (n,) bool, whether it comes with other numbers each time
    """

    groups: NDArray[np.int64]
    keys: NDArray[np.uint64]
    are_templates: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.keys)


def none() -> Known:
    """Return that nothing is known."""
    return Known(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.bool_))


def concatenate(parts: Sequence[Known]) -> Known:
    """Return what is known in several parts as one."""
    columns = [field.name for field in dataclasses.fields(Known)]
    return Known(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def of(found: repeats.Repeats, lines: describing.Lines, are_templates: NDArray[np.bool_]) -> Known:
    """Return some repeated texts as known ones.

    Parameters
    ----------
    are_templates : (n_texts,) bool
    """
    return Known(found.groups, lines.folded[found.lines[found.offsets[:-1]]], are_templates)


def dead(lines: describing.Lines, groups: NDArray[np.int64], known: Known) -> NDArray[np.bool_]:
    """Return which lines are boilerplate: furniture by its shape, and what is known, (n_lines,) bool.

    A story that consists of templates keeps them.

    Parameters
    ----------
    groups : (n_stories,) int64, the outlet of each, in the numbers of `known`
    """
    found = lines.furniture.copy()
    asked = np.flatnonzero(~(repeats.pieces(lines) | found))
    if len(known) == 0 or len(asked) == 0:
        return found
    owners = np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    codes = _codes(known.groups, known.keys)
    for are_templates in (False, True):
        some = np.sort(codes[known.are_templates == are_templates])
        own = _codes(groups[owners[asked]], lines.folded[asked])
        anybody = _codes(np.full(len(asked), EVERYBODY), lines.folded[asked])
        hits = asked[packing.contains(some, own) | packing.contains(some, anybody)]
        if are_templates:
            lost = np.bincount(owners[hits], lines.sizes[hits], len(lines))
            whole = np.bincount(owners, lines.sizes, len(lines))
            hits = hits[(lost <= (1 - templates.LEFT) * whole)[owners[hits]]]
        found[hits] = True
    return found


def _codes(groups: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one number for each text of an outlet."""
    return keys + (groups - EVERYBODY).astype(np.uint64) * _WEIGHT
