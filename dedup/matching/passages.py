"""The shared passages of matches: maximal runs of words that stand in both texts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.words import folding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.settings import Settings

_HALF = np.uint64(32)
_ARTICLE = np.uint64(0xFFFFFFFF)


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """The shared passages of some matches, in the order of the first article's text.

    Parameters
    ----------
    spans : (n, 4) int64; start and end in a's page, start and end in b's page, in characters
    offsets : (n_matches + 1,) int64; the passages of match i are `spans[offsets[i]:offsets[i + 1]]`
    shared_words : (n_matches,) int64; words of a that stand in shared shingles
    """

    spans: NDArray[np.int64]
    offsets: NDArray[np.int64]
    shared_words: NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """Where the stories stand in the text buffer: (n_articles,) int64 bytes each, and their live segments."""

    page_starts: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    live: records.Spans


@dataclasses.dataclass(frozen=True, slots=True)
class _Hashed:
    """The shingles of some stories in the order of their texts, with each word's bytes from the story's start."""

    columns: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]
    offsets: NDArray[np.int64]


def align(
    text: NDArray[np.uint8], located: Located, pairs: NDArray[np.uint64], settings: Settings
) -> Passages:
    """Return the shared passages of each pair.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    pairs : (n,) uint64, `a << 32 | b`
    """
    first, second = (pairs >> _HALF).astype(np.int64), (pairs & _ARTICLE).astype(np.int64)
    articles, places = np.unique(np.concatenate((first, second)), return_inverse=True)
    left, right = places[: len(pairs)], places[len(pairs) :]
    hashed = _hash(text, located.starts[articles], located.ends[articles], settings)
    counts, spans = _align(hashed, left, right, settings)
    owners = np.repeat(np.arange(len(pairs)), counts[:, 0])
    sides = [
        _characters(text, located, articles[side][owners], spans[:, 2 * i : 2 * i + 2])
        for i, side in enumerate((left, right))
    ]
    return Passages(np.concatenate(sides, axis=1), records.offsets(counts[:, 0]), counts[:, 1].copy())


def none() -> Passages:
    """Return the passages of no matches."""
    return Passages(np.empty((0, 4), np.int64), np.zeros(1, np.int64), np.empty(0, np.int64))


def concatenate(parts: Sequence[Passages]) -> Passages:
    """Return the passages of several parts as one, in their order."""
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    spans = np.concatenate([part.spans for part in parts])
    words = np.concatenate([part.shared_words for part in parts])
    return Passages(spans, records.offsets(lengths), words)


def _hash(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], settings: Settings
) -> _Hashed:
    from dedup.matching import kernels

    table = folding.table()
    lengths = ends - starts
    factor = 1
    while True:
        total = int(lengths.sum()) // 2 * factor + 2 * len(starts)
        longest = int(lengths.max(initial=0)) // 2 * factor + 16
        columns = (np.empty(total, np.uint32), np.empty(total, np.uint32), np.empty(total, np.uint32))
        offsets = np.zeros(len(starts) + 1, np.int64)
        buffers = (np.empty(longest, np.uint64), np.empty(longest, np.int64), np.empty(longest, np.int64))
        n_done = kernels.shingle_stories(
            text,
            starts,
            ends,
            table.entries,
            table.expansions,
            settings.shingle_words,
            columns,
            offsets,
            buffers,
        )
        if n_done == len(starts):
            return _Hashed(columns, offsets)
        factor *= 4


def _align(
    hashed: _Hashed, left: NDArray[np.int64], right: NDArray[np.int64], settings: Settings
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    from dedup.matching import kernels

    longest = int(np.diff(hashed.offsets).max(initial=0)) + 1
    heads = np.empty(1 << max(6, (2 * longest).bit_length()), np.int64)
    buffers = (heads, np.empty(longest, np.int64), np.empty((longest, 3), np.int64))
    least = max(1, settings.min_passage_words - settings.shingle_words + 1)
    counts = np.zeros((len(left), 2), np.int64)
    capacity = 8 * len(left) + longest
    while True:
        spans = np.empty((capacity, 4), np.int64)
        n_done = kernels.align_pairs(
            hashed.columns,
            hashed.offsets,
            settings.shingle_words,
            left,
            right,
            least,
            counts,
            spans,
            buffers,
        )
        if n_done == len(left):
            return counts, spans[: counts[:, 0].sum()]
        capacity *= 4


def _characters(
    text: NDArray[np.uint8], located: Located, owners: NDArray[np.int64], spans: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return spans in characters of the page, from spans in bytes of the story, (n, 2) int64."""
    from dedup.matching import kernels

    order = np.lexsort((spans[:, 0], owners))
    ordered = spans[order]
    kernels.to_characters(text, located.page_starts, located.starts, located.ends, owners[order], ordered)
    placed = np.empty_like(ordered)
    placed[order] = ordered
    return placed
