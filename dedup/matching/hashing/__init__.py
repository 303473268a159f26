"""The words of live text in order, with their places: what alignment compares."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records


@dataclasses.dataclass(frozen=True, slots=True)
class Located:
    """Where the stories stand in the text buffer: (n_articles,) int64 bytes each, and their live segments."""

    page_starts: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    live: records.Spans


@dataclasses.dataclass(frozen=True, slots=True)
class Hashed:
    """The words of some stories in order; those of story i are from `offsets[i]` to `offsets[i + 1]`.

    Parameters
    ----------
    words : (n,) uint64, hashes
    shingles : (n,) uint32, the shingle that begins with each word, 0 for none
    starts, ends : (n,) uint32, bytes of each word from the story's start
    opens : (n,) uint8, whether it opens a segment
    offsets : (n_stories + 1,) int64
    """

    words: NDArray[np.uint64]
    shingles: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    opens: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return the columns as kernels take them: words, shingles, starts, ends, opens."""
        return self.words, self.shingles, self.starts, self.ends, self.opens


def hash_words(
    text: NDArray[np.uint8], located: Located, articles: NDArray[np.int64], shingle_words: int
) -> Hashed:
    """Return the words of the live text of some articles, and the shingles that begin with them.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    articles : (n,) int64
    """
    from dedup.matching.hashing import kernels

    table = folding.table()
    live = located.live.take(articles)
    sizes = live.ends - live.starts
    factor = 1
    while True:
        total = int(sizes.sum()) // 2 * factor + 2 * len(sizes) + 1
        longest = int(sizes.max(initial=0)) // 2 * factor + 16
        columns: list[NDArray[Any]] = [np.empty(total, np.uint64)]
        columns += [np.empty(total, np.uint32) for _ in range(3)]
        opens = np.empty(total, np.uint8)
        offsets = np.zeros(len(articles) + 1, np.int64)
        spans = (np.empty(longest, np.int64), np.empty(longest, np.int64))
        n_done = kernels.hash_stories(
            text,
            (live.starts, live.ends, live.offsets),
            located.starts[articles],
            table.entries,
            table.expansions,
            shingle_words,
            (*columns, opens),
            offsets,
            (np.empty(longest, np.uint64), *spans, np.empty(longest, np.uint32)),
        )
        if n_done == len(articles):
            words, shingles, first, last = (column[: offsets[-1]] for column in columns)
            return Hashed(words, shingles, first, last, opens[: offsets[-1]], offsets)
        factor *= 4


def characters(
    text: NDArray[np.uint8], located: Located, owners: NDArray[np.int64], spans: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return spans in characters of the page, from spans in bytes of the story, (n, 2) int64."""
    from dedup.matching.hashing import kernels

    order = np.lexsort((spans[:, 0], owners))
    ordered = spans[order]
    kernels.to_characters(text, located.page_starts, located.starts, located.ends, owners[order], ordered)
    placed = np.empty_like(ordered)
    placed[order] = ordered
    return placed
