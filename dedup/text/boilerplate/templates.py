"""Lines that come back in one outlet on many days with other numbers: "Shares in ... closed at ..."."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import records
from dedup.text.boilerplate import repeats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing

LEAST_SPAN_DAYS = 14  # between the first and the last
LEAST_WORDS = 4  # that are no numbers
LEFT = 0.5  # share of a story's words that templates must leave


def find(
    among: repeats.Frequent,
    lines: describing.Lines,
    groups: NDArray[np.int64],
    days: NDArray[np.int64],
    left_out: NDArray[np.bool_],
    least: int,
) -> repeats.Repeats:
    """Return the templates, without their lines in stories that consist of templates.

    Parameters
    ----------
    among : the lines that may be templates
    groups, days : (n_stories,) int64, the outlet and the day of each, -1 for unknown
    left_out : (n_lines,) bool
    least : different days on which a template must come
    """
    from dedup.text.boilerplate.kernels import QUARTER

    asked = among.lines
    long = lines.sizes[asked] >= LEAST_WORDS * QUARTER
    kept = long & (days[among.owners] >= 0) & ~left_out[asked] & ~lines.furniture[asked]
    found = repeats.find(among, lines, groups, kept, least)
    if len(found) == 0:
        return found
    of_line, first = days[found.owners], found.offsets[:-1]
    span = np.maximum.reduceat(of_line, first) - np.minimum.reduceat(of_line, first)
    often = repeats.different(found, of_line) >= least
    found = found.take(often & (span >= LEAST_SPAN_DAYS))
    found = found.take(repeats.varied(found, lines))
    return sparing(found, np.ones(len(found.lines), bool), lines)


def sparing(found: repeats.Repeats, templates: NDArray[np.bool_], lines: describing.Lines) -> repeats.Repeats:
    """Return the texts without those templates whose stories would lose half of their words to templates.

    A headline that is all form still has its copies.

    Parameters
    ----------
    templates : (n_places,) bool, which places are of templates
    """
    stories, rows = np.unique(found.owners[templates], return_inverse=True)
    lost = np.bincount(rows, lines.sizes[found.lines[templates]], len(stories))
    spared = templates.copy()
    spared[templates] = (lost > (1 - LEFT) * _sizes(lines, stories))[rows]
    return found.without(spared)


def _sizes(lines: describing.Lines, stories: NDArray[np.int32]) -> NDArray[Any]:
    """Return the size of some stories, all their lines."""
    n_lines = np.diff(lines.offsets)[stories]
    owners = np.repeat(np.arange(len(stories)), n_lines)
    first = records.offsets(n_lines)
    rows = np.repeat(lines.offsets[stories] - first[:-1], n_lines) + np.arange(first[-1])
    sizes: NDArray[Any] = np.bincount(owners, lines.sizes[rows], len(stories))
    return sizes
