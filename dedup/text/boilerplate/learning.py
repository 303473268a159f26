"""What an outlet repeats on unrelated pages: its boilerplate.

A line that many pages of an outlet hold is boilerplate when the pages share little else (else they are copies or
versions of one story), and when it stands where boilerplate stands: at the same edge of the page on nearly all of
them, with none of the page's own prose beyond it, or on most pages of the outlet. Background that a wire repeats
stands between the paragraphs of some stories, or speaks of what they are about. A line that returns on many days with
other numbers is a template.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.text.boilerplate import placing, repeats, subjects, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup import records
    from dedup.settings import Settings
    from dedup.text.boilerplate import lines as describing

KINDS = ("repeated", "template", "furniture")
REPEATED, TEMPLATE, FURNITURE = range(3)

LAST_WORDS = 4  # that the last line of a hard-wrapped paragraph may have left
WORDS_ANYWHERE = 4  # a shorter line that many outlets hold is anybody's


@dataclasses.dataclass(frozen=True, slots=True)
class Stories:
    """What learning needs to know of the stories, row by row.

    Parameters
    ----------
    groups : (n_stories,) int64, the outlet of each, -1 for unknown
    days : (n_stories,) int64, the day of each since 1970, -1 for unknown
    samples : the sampled shingles of each
    texts : where each stands
    """

    groups: NDArray[np.int64]
    days: NDArray[np.int64]
    samples: records.Ragged
    texts: subjects.Texts


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """The texts that are boilerplate, each once.

    Parameters
    ----------
    kinds : (n_texts,) int64, index into KINDS
    groups : (n_texts,) int64, the outlet of each text, -1 when it is everybody's or unknown
    counts : (n_texts,) int64, stories that hold it
    examples : (n_texts, 2) int64, the first and the last line of an example
    """

    kinds: NDArray[np.int64]
    groups: NDArray[np.int64]
    counts: NDArray[np.int64]
    examples: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.kinds)


@dataclasses.dataclass(frozen=True, slots=True)
class Learned:
    """The boilerplate of an archive: its texts, and `dead`, (n_lines,) bool, the lines that take no part."""

    dead: NDArray[np.bool_]
    texts: Texts


@dataclasses.dataclass(frozen=True, slots=True)
class _Scope:
    """Among which stories boilerplate is learned: those of one group, for each group.

    `anywhere` is whether a line that most stories of a group hold may stand anywhere in them.
    """

    groups: NDArray[np.int64]
    left_out: NDArray[np.bool_]
    anywhere: bool


def nothing(lines: describing.Lines) -> Learned:
    """Return that no line is boilerplate."""
    none = np.empty(0, np.int64)
    return Learned(np.zeros(len(lines.folded), bool), Texts(none, none, none, np.empty((0, 2), np.int64)))


def learn(lines: describing.Lines, stories: Stories, settings: Settings) -> Learned:
    """Return the boilerplate of an archive, learned per outlet, then across outlets, then the templates.

    Parameters
    ----------
    lines : the lines of each story; those that are furniture by their shape count, and stay dead
    """
    least = settings.boilerplate_pages
    dead = np.zeros(len(lines.folded), bool)
    pieces = _pieces(lines)
    listed = []
    for scope in _scopes(stories, lines):
        found = _repeated(lines, stories, scope, dead | pieces, least)
        dead[found.lines] = True
        listed.append(_texts(found, lines, np.where(repeats.varied(found, lines), TEMPLATE, REPEATED)))
    returning = templates.find(lines, stories.groups, stories.days, dead | pieces, least)
    dead[returning.lines] = True
    listed.append(_texts(returning, lines, np.full(len(returning), TEMPLATE)))
    listed.append(_furniture(lines, stories.groups))
    columns = [field.name for field in dataclasses.fields(Texts)]
    texts = Texts(*(np.concatenate([getattr(part, name) for part in listed]) for name in columns))
    return Learned(dead | lines.furniture, texts)


def _scopes(stories: Stories, lines: describing.Lines) -> Iterator[_Scope]:
    """Yield the outlets, and where there are several, the archive as one."""
    yield _Scope(stories.groups, np.zeros(len(lines.folded), bool), anywhere=True)
    if (stories.groups != stories.groups[:1]).any():
        from dedup.text.boilerplate.kernels import QUARTER

        everybody = np.full(len(stories.groups), -1)
        yield _Scope(everybody, lines.sizes < WORDS_ANYWHERE * QUARTER, anywhere=False)


def _repeated(
    lines: describing.Lines, stories: Stories, scope: _Scope, left_out: NDArray[np.bool_], least: int
) -> repeats.Repeats:
    """Return the lines that unrelated stories of a group repeat, where boilerplate stands, and not as background."""
    found = repeats.find(lines, scope.groups, left_out | scope.left_out, least)
    found = found.take(repeats.unrelated(found, stories.samples, least))
    anywhere = placing.frequent(found, scope.groups) & scope.anywhere
    found = found.take(placing.placed(found, anywhere, lines, left_out))
    found = found.take(~subjects.spoken_of(found, lines, scope.groups, left_out, stories.texts))
    varied = np.repeat(repeats.varied(found, lines), np.diff(found.offsets))
    return templates.sparing(found, varied, lines)


def _pieces(lines: describing.Lines) -> NDArray[np.bool_]:
    """Return which lines are a piece of a hard-wrapped paragraph: they end, or go on with, an unfinished line."""
    from dedup.text.boilerplate import kernels

    sentence = (lines.marks & kernels.SENTENCE) != 0
    before = np.zeros(len(sentence), np.int64)
    before[1:] = np.where(sentence[:-1], 0, lines.sizes[:-1])
    before[lines.offsets[:-1][np.diff(lines.offsets) > 0]] = 0
    ends = sentence & (lines.sizes <= LAST_WORDS * kernels.QUARTER) & (before >= LAST_WORDS * kernels.QUARTER)
    small = (lines.marks & (kernels.LOWER | kernels.UNCASED)) != 0
    goes_on = small & (before >= kernels.WRAPPED_WORDS * kernels.QUARTER)
    pieces: NDArray[np.bool_] = ends | goes_on
    return pieces


def _texts(found: repeats.Repeats, lines: describing.Lines, kinds: NDArray[np.int64]) -> Texts:
    """Return each text that is more than furniture by its shape, with its first such place."""
    live = ~lines.furniture[found.lines]
    some = np.flatnonzero(found.count(live) > 0)
    places = np.where(live, np.arange(len(live)), len(live))
    first = np.minimum.reduceat(places, found.offsets[:-1])[some] if len(some) else some
    line = found.lines[first]
    return Texts(kinds[some], found.groups[some], found.n_stories[some], np.column_stack((line, line)))


def _furniture(lines: describing.Lines, groups: NDArray[np.int64]) -> Texts:
    """Return one row for each outlet whose pages have furniture: the longest run of lines is its example."""
    found = lines.furniture
    owners = lines.owners()
    before, after = np.zeros(len(found), bool), np.zeros(len(found), bool)
    same = owners[1:] == owners[:-1]
    before[1:], after[:-1] = found[:-1] & same, found[1:] & same
    first, last = np.flatnonzero(found & ~before), np.flatnonzero(found & ~after)
    of_run = groups[owners[first]]
    order = np.lexsort((first, first - last, of_run))
    chosen = order[np.diff(of_run[order], prepend=-2) != 0]
    new = np.diff(owners[first], prepend=-1) != 0
    n_stories = np.bincount(of_run[new] + 1, minlength=1)
    kinds = np.full(len(chosen), FURNITURE)
    return Texts(kinds, of_run[chosen], n_stories[of_run[chosen] + 1], np.column_stack((first, last))[chosen])
