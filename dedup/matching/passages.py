"""The shared passages of matches: maximal runs of words that stand in both texts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records
from dedup.matching import hashing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """The shared passages of some matches, in the order of the first article's text, and what alignment counted.

    Parameters
    ----------
    spans : (n, 4) int64; start and end in a's page, start and end in b's page, in characters
    edits : (n,) int64; the two texts of a passage differ in at most so many words put in, left out or changed
    offsets : (n_matches + 1,) int64; the passages of match i are `spans[offsets[i]:offsets[i + 1]]`
    shared_words : (n_matches,) int64; words of a that stand in shared shingles
    standing_words : (n_matches,) int64; words that stand for one another in order, letters that differ forgiven;
        counted where it was asked for, else 0
    longest_run : (n_matches,) int64; words of the longest run without an edit
    kept_numbers, changed_numbers : (n_matches,) int64; numbers of the passages that agree, and that stand for
        something else
    kept_slots, changed_slots : (n_matches,) int64; the same of numbers and names; of two short texts, all of
        theirs
    alike_words : (n_matches,) int64; words that stand for one another and are not equal
    sound_words : (n_matches,) int64; words, edits aside, of the longest passage in which few words are edited
    """

    spans: NDArray[np.int64]
    edits: NDArray[np.int64]
    offsets: NDArray[np.int64]
    shared_words: NDArray[np.int64]
    standing_words: NDArray[np.int64]
    longest_run: NDArray[np.int64]
    kept_numbers: NDArray[np.int64]
    changed_numbers: NDArray[np.int64]
    kept_slots: NDArray[np.int64]
    changed_slots: NDArray[np.int64]
    alike_words: NDArray[np.int64]
    sound_words: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.offsets) - 1


def align(
    text: NDArray[np.uint8],
    located: hashing.Located,
    pairs: NDArray[np.uint64],
    settings: Settings,
    by_words: NDArray[np.bool_] | None = None,
) -> Passages:
    """Return the shared passages of each pair.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    pairs : (n,) uint64, `a << 32 | b`
    by_words : (n,) bool; the pairs whose `standing_words` are asked for, None for none
    """
    first, second = packing.high(pairs), packing.low(pairs)
    articles, places = np.unique(np.concatenate((first, second)), return_inverse=True)
    left, right = places[: len(pairs)], places[len(pairs) :]
    asked = np.zeros(len(pairs), bool) if by_words is None else by_words
    hashed = hashing.hash_words(text, located, articles, settings.shingle_words)
    counts, rows = _align(text, located.starts[articles], hashed, (left, right, asked), settings)
    owners = np.repeat(np.arange(len(pairs)), counts[:, 0])
    sides = [
        hashing.characters(text, located, articles[side][owners], rows[:, 2 * i : 2 * i + 2])
        for i, side in enumerate((left, right))
    ]
    spans = np.concatenate(sides, axis=1)
    return Passages(spans, rows[:, 4].copy(), records.offsets(counts[:, 0]), *counts.T[1:].copy())


def none() -> Passages:
    """Return the passages of no matches."""
    empty = np.empty(0, np.int64)
    return Passages(np.empty((0, 4), np.int64), empty, np.zeros(1, np.int64), *[empty] * 9)


def concatenate(parts: Sequence[Passages]) -> Passages:
    """Return the passages of several parts as one, in their order."""
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in dataclasses.fields(Passages)
        if field.name != "offsets"
    }
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    return Passages(offsets=records.offsets(lengths), **columns)


def take(passages: Passages, chosen: NDArray[np.bool_]) -> Passages:
    """Return the passages of some matches.

    Parameters
    ----------
    chosen : (n_matches,) bool
    """
    lengths = np.diff(passages.offsets)
    by_passage = np.repeat(chosen, lengths)
    columns = {
        field.name: getattr(passages, field.name)[by_passage if field.name in {"spans", "edits"} else chosen]
        for field in dataclasses.fields(Passages)
        if field.name != "offsets"
    }
    return Passages(offsets=records.offsets(lengths[chosen]), **columns)


def _align(
    text: NDArray[np.uint8],
    origins: NDArray[np.int64],
    hashed: hashing.Hashed,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]],
    settings: Settings,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return counts (n_pairs, 10) and passages (n, 5), as `align_pairs` writes them."""
    from dedup.matching.alignment import kernels

    n_pairs = len(pairs[0])
    longest = int(np.diff(hashed.offsets).max(initial=0)) + 1
    heads = np.empty(1 << max(6, (2 * longest).bit_length()), np.int64)
    widest = kernels.WIDEST_EDIT + 1
    shapes = (longest, (longest, 3), (longest, 10), (widest, widest))
    buffers = (heads, *(np.empty(shape, np.int64) for shape in shapes))
    counts = np.zeros((n_pairs, 10), np.int64)
    capacity = 8 * n_pairs + longest
    while True:
        rows = np.empty((capacity, 5), np.int64)
        n_done = kernels.align_pairs(
            text,
            origins,
            hashed.columns(),
            hashed.offsets,
            (settings.shingle_words, settings.min_passage_words, settings.max_edit_words),
            pairs,
            counts,
            rows,
            buffers,
        )
        if n_done == n_pairs:
            return counts, rows[: counts[:, 0].sum()]
        capacity *= 4
