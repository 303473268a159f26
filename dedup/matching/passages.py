"""The shared passages of pairs: runs of words that stand in both texts, joined over small edits."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.matching import hashing
    from dedup.settings import Settings

_MORE_THAN_ALL = 2  # a share that no pair reaches
LEAST_ALIKE = 0.05  # of the shorter text's words: so many at least are misspelt where errors tear it
LEAST_SOUND_WORDS = 30  # of a passage with few edits: a paragraph's worth, whatever it is a share of


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """The shared passages of some matches, in the order of the first article's text.

    Parameters
    ----------
    spans : (n, 4) int32; start and end in a's page, start and end in b's page, in characters
    edits : (n,) int32; the two texts of a passage differ in at most so many words put in, left out or changed
    offsets : (n_matches + 1,) int64; the passages of match i are `spans[offsets[i]:offsets[i + 1]]`
    shared_words : (n_matches,) int32; words of a that stand in shared shingles
    """

    spans: NDArray[np.int32]
    edits: NDArray[np.int32]
    offsets: NDArray[np.int64]
    shared_words: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.offsets) - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """What the alignment of some pairs counted, (n_pairs,) int64 each.

    Parameters
    ----------
    shared : different shingles that stand in both; -1 of pairs that cannot be matches: these have no other counts
    size_a, size_b : different shingles of each text
    characters : how many words make one of a's language
    standing_words : words that stand for one another in order, letters that differ forgiven; counted where shingles
        do not tell the relation, else 0
    longest_run : words of the longest run without an edit
    kept_numbers, changed_numbers : numbers of the passages that agree, and that stand for something else
    kept_slots, changed_slots : the same of numbers and names; of two short texts, all of theirs
    alike_words : words that stand for one another and are not equal
    sound_words : words, edits aside, of the longest passage in which few words are edited
    """

    shared: NDArray[np.int64]
    size_a: NDArray[np.int64]
    size_b: NDArray[np.int64]
    characters: NDArray[np.int64]
    standing_words: NDArray[np.int64]
    longest_run: NDArray[np.int64]
    kept_numbers: NDArray[np.int64]
    changed_numbers: NDArray[np.int64]
    kept_slots: NDArray[np.int64]
    changed_slots: NDArray[np.int64]
    alike_words: NDArray[np.int64]
    sound_words: NDArray[np.int64]


def align(
    text: NDArray[np.uint8],
    hashed: hashing.Hashed,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    settings: Settings,
    *,
    every: bool = False,
) -> tuple[Passages, Counts]:
    """Return the shared passages of each pair, and what its alignment counted.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    hashed : the words of stories
    left, right : (n_pairs,) int64, which stories; best with those of one right story together
    every : align pairs too that share too little to be matches, and count standing words of all
    """
    asked = rule(settings)
    if every:
        asked[[0, 1, 2, 7, 8, 9, 10]] = 0
        asked[[4, 5, 6]] = _MORE_THAN_ALL
    counts, rows = _align(text, hashed, (left, right), asked, settings)
    spans = Passages(
        rows[:, :4].astype(np.int32),
        rows[:, 4].astype(np.int32),
        records.offsets(counts[:, 0]),
        counts[:, 1].astype(np.int32),
    )
    kinds = counts.T[[2, 3, 4, 5, 6, 7, 8, 9]].copy()
    sizes = hashed.n_different[left], hashed.n_different[right]
    return spans, Counts(counts[:, 10].copy(), *sizes, hashed.words_each[left], *kinds)


def none() -> Passages:
    """Return the passages of no matches."""
    empty = np.empty(0, np.int32)
    return Passages(np.empty((0, 4), np.int32), empty, np.zeros(1, np.int64), empty)


def concatenate(parts: Sequence[Passages]) -> Passages:
    """Return the passages of several parts as one, in their order."""
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in dataclasses.fields(Passages)
        if field.name != "offsets"
    }
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    return Passages(offsets=records.offsets(lengths), **columns)


def take(passages: Passages, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Passages:
    """Return the passages of some matches, in the order asked for.

    Parameters
    ----------
    chosen : which, (n_matches,) bool, or their numbers, (n,) int64
    """
    order = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
    lengths = np.diff(passages.offsets)[order]
    offsets = records.offsets(lengths)
    rows = np.repeat(passages.offsets[:-1][order] - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Passages(passages.spans[rows], passages.edits[rows], offsets, passages.shared_words[order])


def rule(settings: Settings) -> NDArray[np.float64]:
    """Return what a pair must share to be a match, as `align_pairs` reads it."""
    run = min(settings.min_run_words, settings.min_shared_words)
    return np.array(
        [
            settings.min_shared_shingles,
            settings.min_share,
            matching.shingles_in(run, settings),
            settings.short_text_words - settings.shingle_words,
            settings.revision_jaccard,
            settings.excerpt_share,
            settings.copy_share,
            matching.shingles_in(settings.min_shared_words, settings),
            settings.min_run_words,
            LEAST_SOUND_WORDS,
            LEAST_ALIKE,
        ],
        np.float64,
    )


def _align(
    text: NDArray[np.uint8],
    hashed: hashing.Hashed,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    asked: NDArray[np.float64],
    settings: Settings,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return counts (n_pairs, 11) and passages (n, 5), as `align_pairs` writes them."""
    from dedup.matching.alignment import kernels

    n_pairs = len(pairs[0])
    sizes = np.diff(hashed.offsets)
    longest = int(max(sizes[pairs[0]].max(initial=0), sizes[pairs[1]].max(initial=0))) + 1
    widest = kernels.WIDEST_EDIT + 1
    buffers = (
        np.empty(kernels.PLACES_PER_WORD << max(6, longest.bit_length()), np.int32),
        np.empty(longest, np.int32),
        np.empty((longest, 3), np.int64),
        np.empty((longest, 10), np.int64),
        np.empty((widest, widest), np.int64),
    )
    counts = np.empty((n_pairs, 11), np.int64)
    capacity = 8 * n_pairs + longest
    while True:
        rows = np.empty((capacity, 5), np.int64)
        n_done = kernels.align_pairs(
            text,
            tuple(hashed.words),
            (hashed.origins, hashed.n_different, hashed.first_characters, hashed.all_ascii),
            hashed.offsets,
            (settings.shingle_words, settings.min_passage_words, settings.max_edit_words),
            asked,
            pairs,
            counts,
            rows,
            buffers,
        )
        if n_done == n_pairs:
            return counts, rows[: counts[:, 0].sum()]
        capacity *= 4
