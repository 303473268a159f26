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
SENTENCES_AT_ONCE = 1_000


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """Where the stories stand, as bytes of `text`."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class _Prose:
    """Which lines are prose of their stories' own: `own`, (n_lines,) bool; `offsets`, the lines of each story."""

    texts: Texts
    own: NDArray[np.bool_]
    offsets: NDArray[np.int64]


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
    first = found.lines[found.offsets[:-1]]
    told = _are_sentences(lines.sizes[first], lines.marks[first])
    if not told.any():
        return told
    asked = found.take(told)
    own = _are_sentences(lines.sizes, lines.marks)
    own &= ~(left_out | lines.furniture)
    own[found.lines] = False
    prose = _Prose(texts, own, lines.offsets)
    holders = asked.holders()
    others = _others(holders, asked.groups, groups)
    spoken = np.diff(others.offsets) >= LEAST_OTHERS
    tellable = np.flatnonzero(spoken)
    for begin in range(0, len(tellable), SENTENCES_AT_ONCE):
        some = tellable[begin : begin + SENTENCES_AT_ONCE]
        read = _chosen(holders, some), _chosen(others, some)
        spoken[some] = _are_spoken_of(asked.lines[asked.offsets[some]], *read, prose)
    told[told] = spoken
    return told


def _are_sentences(sizes: NDArray[np.uint16], marks: NDArray[np.uint8]) -> NDArray[np.bool_]:
    from dedup.text.boilerplate import kernels

    long = sizes >= kernels.PROSE_WORDS * kernels.QUARTER
    found: NDArray[np.bool_] = long & ((marks & (kernels.SENTENCE | kernels.CODE)) == kernels.SENTENCE)
    return found


def at_even_distances(counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the places of all, or of some at even distances, (n_rows, most) int64; -1 where there are fewer.

    Parameters
    ----------
    counts : (n_rows,) int64

    >>> at_even_distances(np.array([9, 2]), 3).tolist()
    [[0, 4, 8], [0, 1, -1]]
    """
    turns, last = np.arange(most), counts[:, np.newaxis] - 1
    n_chosen = np.minimum(last + 1, most)
    places = (turns * (last / np.maximum(n_chosen - 1, 1))).astype(np.int64)
    places = np.where(
        turns == np.maximum(n_chosen - 1, 1), last, places
    )  # the product may fall short of the last
    return np.where(turns < n_chosen, places, -1)


def _chosen(stories: records.Ragged, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the stories that are read of each row, (n_rows, MOST_READ) int64; -1 where there are fewer."""
    begins = stories.offsets[rows]
    places = at_even_distances(stories.offsets[rows + 1] - begins, MOST_READ)
    chosen = stories.values[begins[:, np.newaxis] + np.maximum(places, 0)]
    return np.where(places >= 0, chosen, -1)


def _others(
    holders: records.Ragged, groups_asked: NDArray[np.int64], groups: NDArray[np.int64]
) -> records.Ragged:
    """Return some stories of each sentence's group, without those that hold it."""
    members = packing.pack(groups + 1, np.arange(len(groups)))
    members.sort()
    counts = np.bincount(groups + 1)
    begins = records.offsets(counts)[groups_asked + 1]
    places = at_even_distances(counts[groups_asked + 1], 2 * MOST_READ)
    stories = packing.low(members[begins[:, np.newaxis] + np.maximum(places, 0)])
    sentences = np.arange(len(holders))
    held = packing.pack(np.repeat(sentences, np.diff(holders.offsets)), holders.values)
    asked = packing.pack(np.repeat(sentences, stories.shape[1]), stories.ravel())
    kept = (places >= 0) & ~packing.contains(held, asked).reshape(stories.shape)
    return records.Ragged(stories[kept], records.offsets(kept.sum(axis=1)))


def _are_spoken_of(
    lines: NDArray[np.int32], holders: NDArray[np.int64], others: NDArray[np.int64], prose: _Prose
) -> NDArray[np.bool_]:
    """Return which sentences have such a word; stories are read in turn until no word is left that may be one.

    Parameters
    ----------
    lines : (n_sentences,) int32, the line of each in its first story
    holders, others : (n_sentences, MOST_READ) int64, the stories that are read, -1 for none
    """
    asked = _different(_read(holders[:, 0], lines, prose))
    sentence_of = np.repeat(np.arange(len(lines)), np.diff(asked.offsets))
    n_holders, n_others = ((stories >= 0).sum(axis=1)[sentence_of] for stories in (holders, others))
    lacking, elsewhere = np.zeros((2, len(sentence_of)), np.int64)
    possible = np.ones(len(sentence_of), bool)
    left = np.diff(asked.offsets) > 0
    for holder, other in zip(holders.T, others.T, strict=True):
        lacking += ~_seen(asked, np.where(left, holder, -1), prose) & (holder >= 0)[sentence_of]
        elsewhere += _seen(asked, np.where(left, other, -1), prose)
        possible &= (n_holders - lacking) / n_holders >= SPOKEN_OF
        possible &= elsewhere / n_others <= NOT_ELSEWHERE
        left = np.bincount(sentence_of[possible], minlength=len(lines)) > 0
        if not left.any():
            break
    return left


def _seen(asked: records.Ragged, stories: NDArray[np.int64], prose: _Prose) -> NDArray[np.bool_]:
    """Return which words of each sentence stand in a story's own prose; -1 for no story."""
    from dedup.text.boilerplate.subjects import kernels

    different, rows = np.unique(stories, return_inverse=True)
    n_none = int((different[:1] < 0).sum())
    read = _read(different[n_none:], np.full(len(different) - n_none, -1, np.int32), prose)
    seen = np.zeros(len(asked.values), bool)
    flags = np.zeros(kernels.N_FLAGS, bool)
    kernels.find_words(asked.values, asked.offsets, read.values, read.offsets, rows - n_none, flags, seen)
    return seen


def _different(words: records.Ragged) -> records.Ragged:
    """Return the different words of each row, sorted."""
    rows = np.repeat(np.arange(len(words)), np.diff(words.offsets))
    order = np.lexsort((words.values, rows))
    values, rows = words.values[order], rows[order]
    new = np.ones(len(values), bool)
    new[1:] = (values[1:] != values[:-1]) | (rows[1:] != rows[:-1])
    return records.Ragged(values[new], records.offsets(np.bincount(rows[new], minlength=len(words))))


def _read(stories: NDArray[np.int64], lines: NDArray[np.int32], prose: _Prose) -> records.Ragged:
    """Return the words of each story's own prose, or of one line where one is asked for, -1 for none."""
    from dedup.text import kernels as text_kernels
    from dedup.text.boilerplate.subjects import kernels

    texts, table = prose.texts, folding.table()
    stories = stories.astype(np.int64, copy=False)
    widest = text_kernels.WIDEST_WRAP + 1
    lengths = (texts.ends[stories] - texts.starts[stories]) // 2 + 3
    longest, total = int(lengths.max(initial=0)), int(lengths.sum())
    offsets = np.zeros(len(stories) + 1, np.int64)
    while True:
        buffers = tuple(np.empty(size, np.int64) for size in (*(4 * [longest]), widest))
        words = np.empty(total, np.uint64)
        n_read = kernels.read(
            (texts.text, texts.starts, texts.ends),
            (prose.own, prose.offsets),
            (stories, lines),
            (table.entries, table.expansions),
            buffers,
            (words, offsets),
        )
        if n_read == len(stories):
            return records.Ragged(words[: offsets[-1]], offsets)
        longest, total = 4 * longest, 4 * total  # only for characters that stand for several words
