"""The words of live text in order, with their places: what alignment compares."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import packing, records
from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
    characters : (n,) uint32, characters before each word from the story's start
    marks : (n,) uint8, bits of `kernels.OPENS`, `NUMBER`, `GOES_ON`, `NAME` and `FIRST`
    offsets : (n_stories + 1,) int64
    n_different : (n_stories,) int64, different shingles
    first_characters : (n_stories,) int64, characters of the page before the story
    all_ascii : (n_stories,) int64, 1 where the story is ASCII
    words_each : (n_stories,) int64, how many words make one of the story's language
    """

    words: NDArray[np.uint64]
    shingles: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    characters: NDArray[np.uint32]
    marks: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    n_different: NDArray[np.int64]
    first_characters: NDArray[np.int64]
    all_ascii: NDArray[np.int64]
    words_each: NDArray[np.int64]

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return the columns as kernels take them: words, shingles, starts, ends, characters, marks."""
        return self.words, self.shingles, self.starts, self.ends, self.characters, self.marks


class Buffers:
    """Room for the words of some stories that is used again: new memory costs more than what is done with it."""

    _TYPES = (np.uint64, np.uint32, np.uint32, np.uint32, np.uint32, np.uint8)

    def __init__(self) -> None:
        """Begin without any."""
        self._columns: list[NDArray[Any]] = [np.empty(0, kind) for kind in self._TYPES]

    def columns(self, n_words: int) -> tuple[NDArray[Any], ...]:
        """Return columns for so many words at least; those given before are not to be read any more."""
        if len(self._columns[0]) < n_words:
            self._columns = [np.empty(n_words + n_words // 4, kind) for kind in self._TYPES]
        return tuple(self._columns)


def hash_words(
    text: NDArray[np.uint8],
    located: Located,
    articles: NDArray[np.int64],
    shingle_words: int,
    buffers: Buffers | None = None,
) -> Hashed:
    """Return the words of the live text of some articles, and the shingles that begin with them.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    articles : (n,) int64
    buffers : what the words are written to, and stand in until it is used again; None for new room
    """
    from dedup.matching.hashing import kernels

    table = folding.table()
    live = located.live.take(articles)
    sizes = live.ends - live.starts
    spans = located.page_starts[articles], located.starts[articles], located.ends[articles]
    factor = 1
    while True:
        total = int(sizes.sum()) // 2 * factor + 2 * len(sizes) + 1
        longest = int(sizes.max(initial=0)) // 2 * factor + 16
        most = int((spans[2] - spans[1]).max(initial=0)) * factor + 16
        columns = (buffers or Buffers()).columns(total)
        offsets = np.zeros(len(articles) + 1, np.int64)
        stories = tuple(np.zeros(len(articles), np.int64) for _ in range(4))
        places = np.empty(1 << max(6, most.bit_length() + 1), np.int32)
        bounds = (np.empty(longest, np.int64), np.empty(longest, np.int64))
        n_done = kernels.hash_stories(
            text,
            (live.starts, live.ends, live.offsets),
            spans,
            (table.entries, table.expansions),
            shingle_words,
            columns,
            stories,
            offsets,
            (np.empty(longest, np.uint64), *bounds, np.empty(longest, np.uint32), places),
        )
        if n_done == len(articles):
            words, shingles, starts, ends, characters, marks = (column[: offsets[-1]] for column in columns)
            return Hashed(words, shingles, starts, ends, characters, marks, offsets, *stories)
        factor *= 4


def sets(
    text: NDArray[np.uint8], located: Located, articles: NDArray[np.int64], shingle_words: int
) -> records.Ragged:
    """Return the set of shingles of each of some articles: rows of uint32, sorted and different."""
    from dedup.matching.hashing import kernels

    hashed = hash_words(text, located, articles, shingle_words)
    first = (hashed.marks & kernels.FIRST) != 0
    owners = np.repeat(np.arange(len(articles), dtype=np.int64), np.diff(hashed.offsets))[first]
    values = packing.pack(owners, hashed.shingles[first])
    packing.sort(values)
    return records.Ragged(
        (values & np.uint64(0xFFFFFFFF)).astype(np.uint32), records.offsets(hashed.n_different)
    )


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
