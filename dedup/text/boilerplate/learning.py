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

from dedup.text.boilerplate import furniture, known, placing, repeats, subjects, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup import records
    from dedup.settings import Settings
    from dedup.text.boilerplate import lines as describing

KINDS = ("repeated", "template", "furniture")
REPEATED, TEMPLATE, FURNITURE = range(3)

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
    samples: records.Rows
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
    """The boilerplate of an archive.

    Parameters
    ----------
    dead : (n_lines,) bool, the lines that take no part
    texts : what they say, each text once
    known : how the repeated ones are known again
    """

    dead: NDArray[np.bool_]
    texts: Texts
    known: known.Known


@dataclasses.dataclass(frozen=True, slots=True)
class _Scope:
    """Among which stories boilerplate is learned: those of one group, for each group.

    `anywhere` is whether a line that most stories of a group hold may stand anywhere in them.
    """

    groups: NDArray[np.int64]
    least_words: int
    anywhere: bool


def nothing(lines: describing.Lines) -> Learned:
    """Return that no line is boilerplate."""
    none = np.empty(0, np.int64)
    texts = Texts(none, none, none, np.empty((0, 2), np.int64))
    return Learned(np.zeros(len(lines.folded), bool), texts, known.none())


def learn(lines: describing.Lines, stories: Stories, settings: Settings) -> Learned:
    """Return the boilerplate of an archive, learned per outlet, then across outlets, then the templates.

    Parameters
    ----------
    lines : the lines of each story; those that are furniture by their shape count, and stay dead
    """
    least = settings.boilerplate_pages
    dead = np.zeros(len(lines.folded), bool)
    left_out = repeats.pieces(lines)
    among = repeats.frequent(lines, left_out, least)
    listed, again = [], []
    for scope in _scopes(stories):
        found = _repeated(among, lines, stories, scope, left_out, least)
        dead[found.lines] = left_out[found.lines] = True
        varied = repeats.varied(found, lines)
        listed.append(_texts(found, lines, np.where(varied, TEMPLATE, REPEATED)))
        seen = known.of(found, lines, varied)
        if not scope.anywhere:
            seen = dataclasses.replace(seen, groups=np.full(len(seen), known.EVERYBODY))
        again.append(seen)
    returning = templates.find(among, lines, stories.groups, stories.days, left_out, least)
    dead[returning.lines] = True
    listed.append(_texts(returning, lines, np.full(len(returning), TEMPLATE)))
    again.append(known.of(returning, lines, np.ones(len(returning), bool)))
    listed.append(_furniture(lines, stories.groups))
    dead |= lines.furniture
    columns = [field.name for field in dataclasses.fields(Texts)]
    texts = Texts(*(np.concatenate([getattr(part, name) for part in listed]) for name in columns))
    return Learned(dead, texts, known.concatenate(again))


def _scopes(stories: Stories) -> Iterator[_Scope]:
    """Yield the outlets, and where there are several, the archive as one."""
    yield _Scope(stories.groups, 0, anywhere=True)
    if (stories.groups != stories.groups[:1]).any():
        yield _Scope(np.full(len(stories.groups), -1), WORDS_ANYWHERE, anywhere=False)


def _repeated(
    among: repeats.Frequent,
    lines: describing.Lines,
    stories: Stories,
    scope: _Scope,
    left_out: NDArray[np.bool_],
    least: int,
) -> repeats.Repeats:
    """Return the lines that unrelated stories of a group repeat, where boilerplate stands, and not as background."""
    from dedup.text.boilerplate.kernels import QUARTER

    long = lines.sizes[among.lines] >= scope.least_words * QUARTER
    found = repeats.find(among, lines, scope.groups, long & ~left_out[among.lines], least)
    found = found.take(repeats.unrelated(found, stories.samples, least))
    anywhere = placing.frequent(found, scope.groups) & scope.anywhere
    found = found.take(placing.placed(found, anywhere, lines, left_out))
    found = found.take(~subjects.spoken_of(found, lines, scope.groups, left_out, stories.texts))
    varied = np.repeat(repeats.varied(found, lines), np.diff(found.offsets))
    return templates.sparing(found, varied, lines)


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
    longest, n_stories = furniture.longest(lines.furniture, lines.offsets, groups + 1)
    some = np.flatnonzero(n_stories)
    return Texts(np.full(len(some), FURNITURE), some - 1, n_stories[some], longest[some])
