"""Background or boilerplate: whether a sentence is about what its stories are about.

"Freddie Mac is a mortgage finance company ..." ends each story on Freddie Mac, as an author's note ends each of hers.
But the stories speak of Freddie Mac, and not of their author.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import words
from dedup.text import paragraphs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing
    from dedup.text.boilerplate import repeats

SPOKEN_OF = 0.8  # share of the sentence's stories that speak of it
NOT_ELSEWHERE = 0.2  # share of the outlet's other stories that do, at most
LEAST_OTHERS = 10  # stories, for that share to tell anything
MOST_READ = 24


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """Where the stories stand: `starts` and `ends` are bytes of `text`."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def some(stories: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return all stories, or some at even distances.

    >>> some(np.arange(9), 3).tolist()
    [0, 4, 8]
    """
    return stories[np.linspace(0, len(stories) - 1, min(len(stories), most)).astype(np.int64)]


def spoken_of(
    found: repeats.Repeats,
    lines: describing.Lines,
    groups: NDArray[np.int64],
    left_out: NDArray[np.bool_],
    texts: Texts,
) -> NDArray[np.bool_]:
    """Return which texts are sentences with a word that their stories speak of, and other stories do not.

    Parameters
    ----------
    groups : (n_stories,) int64, the groups that the texts were found in
    left_out : (n_lines,) bool, lines that are no prose of their stories, beside furniture and the texts themselves
    """
    sentences = _sentences(lines)
    own = sentences & ~left_out & ~lines.furniture
    own[found.lines] = False
    told = np.zeros(len(found), bool)
    for text in np.flatnonzero(sentences[found.lines[found.offsets[:-1]]]).tolist():
        rows = slice(found.offsets[text], found.offsets[text + 1])
        holders = np.unique(found.owners[rows])
        others = some(np.flatnonzero(groups == found.groups[text]), 2 * MOST_READ)
        asked = _Asked(int(found.lines[rows][0]), holders, np.setdiff1d(others, holders))
        told[text] = _is_spoken_of(asked, _Prose(texts, lines, own))
    return told


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """A line of the first of its holders, and stories of the same group that do not hold it."""

    line: int
    holders: NDArray[np.int64]
    others: NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class _Prose:
    """The lines of the stories that are their own prose: `own`, (n_lines,) bool."""

    texts: Texts
    lines: describing.Lines
    own: NDArray[np.bool_]


def _is_spoken_of(asked: _Asked, prose: _Prose) -> bool:
    if len(asked.others) < LEAST_OTHERS:
        return False
    only = np.zeros(len(prose.own), bool)
    only[asked.line] = True
    sentence = _words_of(int(asked.holders[0]), dataclasses.replace(prose, own=only))
    words_asked = np.unique(sentence)
    words_asked = words_asked[_shares(words_asked, asked.holders, prose) >= SPOKEN_OF]
    if len(words_asked) == 0:
        return False
    return bool((_shares(words_asked, asked.others, prose) <= NOT_ELSEWHERE).any())


def _sentences(lines: describing.Lines) -> NDArray[np.bool_]:
    from dedup.text.boilerplate import kernels

    long = lines.sizes >= kernels.PROSE_WORDS * kernels.QUARTER
    found: NDArray[np.bool_] = long & ((lines.marks & (kernels.SENTENCE | kernels.CODE)) == kernels.SENTENCE)
    return found


def _shares(asked: NDArray[np.uint64], stories: NDArray[np.int64], prose: _Prose) -> NDArray[np.float64]:
    """Return the share of stories in whose prose each word stands; of very many stories some are read."""
    chosen = some(stories, MOST_READ).tolist()
    held = [(_words_of(story, prose)[:, np.newaxis] == asked).any(axis=0) for story in chosen]
    shares: NDArray[np.float64] = np.mean(held, axis=0)
    return shares


def _words_of(story: int, prose: _Prose) -> NDArray[np.uint64]:
    """Return the words of a story's own prose."""
    texts, offsets = prose.texts, prose.lines.offsets
    span = slice(story, story + 1)
    found = paragraphs.find(texts.text, texts.starts[span], texts.ends[span])
    every = words.find(texts.text, int(texts.starts[story]), int(texts.ends[story]))
    line_of = np.searchsorted(found.starts, every.starts, side="right") - 1
    here = prose.own[offsets[story] : offsets[story + 1]]
    return every.hashes[here[line_of]]
