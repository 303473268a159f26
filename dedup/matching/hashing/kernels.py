"""The loops from live text to its words in order, and from bytes to characters."""

import numpy as np

from dedup.kernels import jit
from dedup.words import kernels as words_kernels

_NONE = np.uint32(0)
_ONE = np.uint32(1)


@jit
def hash_stories(text, segments, origins, entries, expansions, shingle_words, columns, offsets, buffers):
    """Return how many stories were hashed: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    segments : starts and ends (n_segments,) int64 of live text, and offsets (n_stories + 1,) int64
    origins : (n_stories,) int64, the byte from which each story's words are counted
    columns : words (capacity,) uint64; shingles (capacity,) uint32, that of the words from each word on, 0 where none
        begins; starts and ends of each word (capacity,) uint32; whether it opens a segment (capacity,) uint8; all
        written, one story after another
    offsets : (n_stories + 1,) int64, written; the words of each story
    buffers : words (capacity,) uint64, starts and ends (capacity,) int64, shingles (capacity,) uint32
    """
    all_words, all_shingles, word_starts, word_ends, opens = columns
    words, first_bytes, last_bytes, shingles = buffers
    at = 0
    offsets[0] = 0
    for story in range(origins.shape[0]):
        alone = segments[2][story + 1] - segments[2][story] == 1
        for segment in range(segments[2][story], segments[2][story + 1]):
            n_words = words_kernels.hash_words(
                text,
                segments[0][segment],
                segments[1][segment],
                entries,
                expansions,
                words,
                first_bytes,
                last_bytes,
            )
            if n_words < 0 or at + n_words > all_words.shape[0]:
                return story
            n_shingles = 0
            if n_words >= shingle_words or alone:
                n_shingles = words_kernels.shingle(words, n_words, shingle_words, shingles)
            for i in range(n_words):
                all_words[at + i] = words[i]
                all_shingles[at + i] = max(shingles[i], _ONE) if i < n_shingles else _NONE
                word_starts[at + i] = first_bytes[i] - origins[story]
                word_ends[at + i] = last_bytes[i] - origins[story]
                opens[at + i] = i == 0
            at += n_words
        offsets[story + 1] = at
    return origins.shape[0]


@jit
def to_characters(text, page_starts, story_starts, story_ends, owners, positions):
    """Change positions from bytes after the story's start to characters of its page, in place.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts, story_starts, story_ends : (n_stories,) int64, bytes of `text`
    owners : (n,) int64, the story of each row
    positions : (n, 2) int64; rows of one story that rise are counted in one pass
    """
    story, known, characters, is_ascii = -1, 0, 0, False
    for i in range(owners.shape[0]):
        owner = owners[i]
        if owner != story:
            story = owner
            known, characters = page_starts[owner], 0
            n_bytes = story_ends[owner] - known
            is_ascii = words_kernels.characters_between(text, known, story_ends[owner]) == n_bytes
        for edge in range(2):
            position = story_starts[owner] + positions[i, edge]
            if is_ascii:
                positions[i, edge] = position - page_starts[owner]
                continue
            if position < known:
                known, characters = page_starts[owner], 0
            characters += words_kernels.characters_between(text, known, position)
            known = position
            positions[i, edge] = characters
