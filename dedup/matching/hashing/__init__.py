"""The words of live text in order, with their places: what alignment compares."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup import packing, records, scratch
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

    def take(self, articles: NDArray[np.int64]) -> Located:
        """Return where some of them stand, numbered anew."""
        edges = self.page_starts[articles], self.starts[articles], self.ends[articles]
        return Located(*edges, self.live.take(articles))


class Words(NamedTuple):
    """What there is of each word.

    Parameters
    ----------
    hashes : (n,) uint32
    shingles : (n,) uint32, the shingle that begins with each word, 0 for none
    starts : (n,) uint32, bytes from the story's start
    lengths : (n,) uint16, bytes
    marks : (n,) uint8, bits of `kernels.OPENS`, `NUMBER`, `GOES_ON`, `NAME` and `FIRST`
    """

    hashes: NDArray[np.uint32]
    shingles: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    lengths: NDArray[np.uint16]
    marks: NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, slots=True)
class Hashed:
    """The words of some stories in order; those of story i are from `offsets[i]` to `offsets[i + 1]`.

    Parameters
    ----------
    words : of all stories, one after another
    offsets : (n_stories + 1,) int64
    origins : (n_stories,) int64, where the stories start in the text
    n_different : (n_stories,) int64, different shingles
    first_characters : (n_stories,) int64, characters of the page before the story
    all_ascii : (n_stories,) int64, 1 where the story is ASCII
    words_each : (n_stories,) int64, how many words make one of the story's language
    """

    words: Words
    offsets: NDArray[np.int64]
    origins: NDArray[np.int64]
    n_different: NDArray[np.int64]
    first_characters: NDArray[np.int64]
    all_ascii: NDArray[np.int64]
    words_each: NDArray[np.int64]


KINDS: tuple[type[np.unsignedinteger[Any]], ...] = (np.uint32, np.uint32, np.uint32, np.uint16, np.uint8)
"""The types of what there is of each word."""


def hash_words(
    text: NDArray[np.uint8],
    located: Located,
    articles: NDArray[np.int64],
    shingle_words: int,
    n_words: int | None = None,
    room: scratch.Scratch | None = None,
) -> Hashed:
    """Return the words of the live text of some articles, and the shingles that begin with them.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    articles : (n,) int64
    n_words : how many they have, about; None for no idea
    room : what the words stand in; None for new room
    """
    from dedup.matching.hashing import kernels

    room = room or scratch.Scratch()
    table = folding.table()
    live = located.live.take(articles)
    sizes = live.ends - live.starts
    spans = located.page_starts[articles], located.starts[articles], located.ends[articles]
    factor = 1
    if n_words is None:
        n_words = int(sizes.sum()) // 2
    while True:
        total = n_words * factor + 2 * len(sizes) + 1
        longest = int((spans[2] - spans[1]).max(initial=0)) // 2 * factor + 16
        columns = [room.take(total, kind) for kind in KINDS]
        offsets = np.zeros(len(articles) + 1, np.int64)
        stories = tuple(np.zeros(len(articles), np.int64) for _ in range(4))
        n_done = kernels.hash_stories(
            text,
            (live.starts, live.ends, live.offsets),
            spans,
            (table.entries, table.expansions),
            shingle_words,
            tuple(columns),
            stories,
            offsets,
            (
                np.empty(longest, np.uint64),
                np.empty(longest, np.int64),
                np.empty(longest, np.int64),
                np.empty(1 << max(6, longest.bit_length() + 1), np.int32),
            ),
        )
        if n_done == len(articles):
            n_different, first_characters, all_ascii, words_each = stories
            return Hashed(
                Words(*(column[: offsets[-1]] for column in columns)),
                offsets,
                spans[1],
                n_different,
                first_characters,
                all_ascii,
                words_each,
            )
        factor *= 4


def sets(
    text: NDArray[np.uint8], located: Located, articles: NDArray[np.int64], shingle_words: int
) -> records.Ragged:
    """Return the set of shingles of each of some articles: rows of uint32, sorted and different."""
    from dedup.matching.hashing import kernels

    hashed = hash_words(text, located, articles, shingle_words)
    first = (hashed.words.marks & kernels.FIRST) != 0
    owners = np.repeat(np.arange(len(articles), dtype=np.int64), np.diff(hashed.offsets))[first]
    values = packing.pack(owners, hashed.words.shingles[first])
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
