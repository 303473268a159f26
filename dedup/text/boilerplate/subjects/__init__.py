"""Background or boilerplate: whether a sentence is about what its stories are about.

"Freddie Mac is a mortgage finance company ..." ends each story on Freddie Mac, as an author's note ends each of hers.
But the stories speak of Freddie Mac, and not of their author.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records
from dedup.words import folding

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
    from dedup.text.boilerplate.subjects import kernels

    told = np.zeros(len(found), bool)
    first = found.lines[found.offsets[:-1]]
    asked = np.flatnonzero(_are_sentences(lines.sizes[first], lines.marks[first]))
    if len(asked) == 0:
        return told
    own = _are_sentences(lines.sizes, lines.marks)
    own &= ~(left_out | lines.furniture)
    own[found.lines] = False
    members = packing.pack(groups + 1, np.arange(len(groups)))
    members.sort()
    table = folding.table()
    spoken = np.zeros(len(asked), bool)
    kernels.find_spoken_of(
        (first[asked], found.owners, found.offsets[asked], found.offsets[asked + 1], found.groups[asked] + 1),
        (texts.text, texts.starts, texts.ends),
        (own, lines.offsets),
        (packing.low(members), records.offsets(np.bincount(groups + 1))),
        (table.entries, table.expansions),
        (MOST_READ, LEAST_OTHERS, SPOKEN_OF, NOT_ELSEWHERE),
        spoken,
    )
    told[asked] = spoken
    return told


def _are_sentences(sizes: NDArray[np.uint16], marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    from dedup.text.boilerplate import kernels

    long = sizes >= kernels.PROSE_WORDS * kernels.QUARTER
    found: NDArray[np.bool_] = long & ((marks & (kernels.SENTENCE | kernels.CODE)) == kernels.SENTENCE)
    return found
