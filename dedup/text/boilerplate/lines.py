"""What each line of a story is: its keys, its size and its marks.

A line is a paragraph as `text.paragraphs` finds it: one line, or the lines of a hard-wrapped paragraph.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some stories, one story after another.

    Parameters
    ----------
    exact : (n_lines,) uint32, equal for lines of equal words
    folded : (n_lines,) uint64, equal for lines whose words are equal but for numbers
    sizes : (n_lines,) uint16, quarters of a word; a Han or kana character is half a word, one of Thai a quarter
    marks : (n_lines,) uint8, bits of `kernels.SENTENCE`, `LOWER`, `CODE`, `DIGITS` and `UNCASED`
    furniture : (n_lines,) bool, no part of the story by its shape
    n_words : (n_stories,) int64
    offsets : (n_stories + 1,) int64, the lines of each story
    """

    exact: NDArray[np.uint32]
    folded: NDArray[np.uint64]
    sizes: NDArray[np.uint16]
    marks: NDArray[np.uint8]
    furniture: NDArray[np.bool_]
    n_words: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.offsets) - 1

    def counted(self) -> Lines:
        """Return the words and the number of lines of each story, and nothing of what its lines are."""
        return dataclasses.replace(self, **{name: getattr(self, name)[:0].copy() for name in PER_LINE})


PER_LINE = ("exact", "folded", "sizes", "marks", "furniture")


def gather(parts: Sequence[Lines], order: NDArray[np.int64]) -> Lines:
    """Return the lines of some stories in the order asked for; they are numbered through the parts."""
    n_lines = np.concatenate([np.diff(part.offsets) for part in parts])
    before = records.offsets(n_lines)
    offsets = records.offsets(n_lines[order])
    rows = np.repeat(before[:-1][order] - offsets[:-1], n_lines[order]) + np.arange(offsets[-1])
    columns = {name: np.concatenate([getattr(part, name) for part in parts])[rows] for name in PER_LINE}
    n_words = np.concatenate([part.n_words for part in parts])[order]
    return Lines(**columns, n_words=n_words, offsets=offsets)


def live(
    starts: NDArray[np.int64], ends: NDArray[np.int64], paragraphs: records.Spans, dead: NDArray[np.bool_]
) -> records.Spans:
    """Return the segments of each story that take part in matching: all but its dead lines.

    Parameters
    ----------
    starts, ends : (n_stories,) int64, each story's bytes
    paragraphs : each story's paragraphs, bytes
    dead : (n_paragraphs,) bool

    >>> one = records.Spans(np.array([0, 10, 20]), np.array([9, 19, 29]), np.array([0, 3]))
    >>> found = live(np.array([0]), np.array([30]), one, np.array([False, True, False]))
    >>> found.starts.tolist(), found.ends.tolist()
    ([0, 20], [9, 30])
    """
    from dedup.text.boilerplate import kernels

    first, last = np.empty(len(dead), np.int64), np.empty(len(dead), np.int64)
    offsets = np.zeros(len(starts) + 1, np.int64)
    spans = (paragraphs.starts, paragraphs.ends, paragraphs.offsets)
    n_segments = kernels.find_live(starts, ends, spans, dead, (first, last, offsets))
    return records.Spans(first[:n_segments].copy(), last[:n_segments].copy(), offsets)
