"""Lines that come back in one outlet on many days with other numbers: "Shares in ... closed at ..."."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.text.boilerplate import repeats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing

LEAST_SPAN_DAYS = 14  # between the first and the last
LEAST_WORDS = 4  # that are no numbers
LEFT = 0.5  # share of a story's words that templates must leave


def find(
    lines: describing.Lines,
    groups: NDArray[np.int64],
    days: NDArray[np.int64],
    left_out: NDArray[np.bool_],
    least: int,
) -> repeats.Repeats:
    """Return the templates, without their lines in stories that consist of templates.

    Parameters
    ----------
    groups, days : (n_stories,) int64, the outlet and the day of each, -1 for unknown
    left_out : (n_lines,) bool
    least : different days on which a template must come
    """
    from dedup.text.boilerplate.kernels import QUARTER

    owners = lines.owners()
    short = lines.sizes < LEAST_WORDS * QUARTER
    found = repeats.find(lines, groups, left_out | lines.furniture | short | (days[owners] < 0), least)
    if len(found) == 0:
        return found
    of_line, first = days[found.owners], found.offsets[:-1]
    span = np.maximum.reduceat(of_line, first) - np.minimum.reduceat(of_line, first)
    often = repeats.different(found, of_line) >= least
    found = found.take(often & (span >= LEAST_SPAN_DAYS) & repeats.varied(found, lines))
    return sparing(found, np.ones(len(found.lines), bool), lines)


def sparing(found: repeats.Repeats, templates: NDArray[np.bool_], lines: describing.Lines) -> repeats.Repeats:
    """Return the texts without those templates whose stories would lose half of their words to templates.

    A headline that is all form still has its copies.

    Parameters
    ----------
    templates : (n_places,) bool, which places are of templates
    """
    size = np.bincount(lines.owners(), lines.sizes, len(lines))
    own = found.owners[templates]
    lost = np.bincount(own, lines.sizes[found.lines[templates]], len(lines))
    return found.without(templates & (lost > (1 - LEFT) * size)[found.owners])
