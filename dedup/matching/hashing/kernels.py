"""The loops from live text to its words in order, and from bytes to characters."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.words import kernels as words_kernels

OPENS, NUMBER, GOES_ON, NAME, FIRST = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8), np.uint8(16)
"""Marks of a word: it opens a segment; begins a number; goes on with the number before it, as in 5,213.70 or 30-31;
is a name, a capital of ASCII inside a sentence; begins a shingle that the story does not hold before."""

LONGEST_WORD = 65_535  # bytes; the length of a longer one, which no language has, is told as this

_SPARSE = 8  # places for each shingle
_NONE = np.uint32(0)
_ONE = np.uint32(1)
_HALF = np.uint64(32)
_ZERO_MARKS = np.uint8(0)
_ZERO, _NINE = np.uint8(0x30), np.uint8(0x39)
_UPPER_A, _UPPER_Z = np.uint8(0x41), np.uint8(0x5A)
_FULL_STOP, _QUESTION, _EXCLAMATION, _COLON = np.uint8(0x2E), np.uint8(0x3F), np.uint8(0x21), np.uint8(0x3A)
_QUOTE, _BRACKET = np.uint8(0x22), np.uint8(0x28)
_NOT_ASCII = np.uint8(0x80)


@jit
def hash_stories(text, segments, spans, table, shingle_words, columns, stories, offsets, buffers):
    """Return how many stories were hashed: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    segments : starts and ends (n_segments,) int64 of live text, and offsets (n_stories + 1,) int64
    spans : start of the page, start and end of the story, (n_stories,) int64 each
    table : entries and expansions of the folding table
    columns : words (capacity,) uint32; shingles (capacity,) uint32, that of the words from each word on, 0 where
        none begins; starts of each word in bytes from the story's start (capacity,) uint32, lengths in bytes
        (capacity,) uint16 and marks (capacity,) uint8; all written, one story after another
    stories : different shingles, first character in the page, whether all is ASCII, and how many words make one of
        the language, (n_stories,) int64 each, written
    offsets : (n_stories + 1,) int64, written; the words of each story
    buffers : hashes (capacity,) uint64, starts and ends (capacity,) int64, for the words of one story, and places
        (2^k,) int32 for twice as many shingles
    """
    words, shingles, word_starts, lengths, marks = columns
    hashes, firsts, lasts, places = buffers
    page_starts, origins, ends = spans
    n_different, first_characters, all_ascii, per_word = stories
    at = 0
    offsets[0] = 0
    for story in range(origins.shape[0]):
        origin = origins[story]
        n_own = 0
        alone = segments[2][story + 1] - segments[2][story] == 1
        for segment in range(segments[2][story], segments[2][story + 1]):
            n_words = words_kernels.hash_words(
                text,
                segments[0][segment],
                segments[1][segment],
                table[0],
                table[1],
                hashes[n_own:],
                firsts[n_own:],
                lasts[n_own:],
            )
            if n_words < 0 or at + n_own + n_words > words.shape[0]:
                return story
            first, last = at + n_own, at + n_own + n_words
            n_shingles = 0
            if n_words >= shingle_words or alone:
                n_shingles = words_kernels.shingle(
                    hashes[n_own:], n_words, shingle_words, shingles[first:last]
                )
            for i in range(first, first + n_shingles):
                shingles[i] = max(shingles[i], _ONE)
            shingles[first + n_shingles : last] = _NONE
            marks[first:last] = _ZERO_MARKS
            if n_words > 0:
                marks[first] = OPENS
            n_own += n_words
        for i in range(n_own):
            words[at + i] = np.uint32(hashes[i] >> _HALF)
            word_starts[at + i] = firsts[i] - origin
            lengths[at + i] = min(lasts[i] - firsts[i], LONGEST_WORD)
        is_ascii = words_kernels.characters_between(text, origin, ends[story]) == ends[story] - origin
        all_ascii[story] = is_ascii
        first_characters[story] = words_kernels.characters_between(text, page_starts[story], origin)
        per_word[story] = 1
        if not is_ascii:
            words_kernels.measure_words(
                text, origins[story : story + 1], ends[story : story + 1], per_word[story : story + 1]
            )
        _mark_slots(text, firsts[:n_own], lasts, marks[at : at + n_own])
        n_different[story] = _mark_first(shingles[at : at + n_own], marks[at : at + n_own], places)
        at += n_own
        offsets[story + 1] = at
    return origins.shape[0]


@leaf
def _mark_slots(text, starts, ends, marks):
    """Mark the numbers and names among the words of a story.

    Parameters
    ----------
    starts, ends : (>= n_words,) int64, bytes of `text`
    marks : (n_words,) uint8, written
    """
    was_digit = False
    for i in range(starts.shape[0]):
        byte = text[starts[i]]
        if byte > _NINE and not (_UPPER_A <= byte <= _UPPER_Z):
            was_digit = False
            continue
        digit = _ZERO <= byte <= _NINE
        if digit:
            joined = i > 0 and was_digit and starts[i] - ends[i - 1] == 1
            marks[i] |= GOES_ON if joined else NUMBER
        elif i > 0 and _UPPER_A <= byte <= _UPPER_Z:
            inside = True
            for place in range(ends[i - 1], starts[i]):
                between = text[place]
                inside &= not (
                    between == _FULL_STOP
                    or between == _QUESTION
                    or between == _EXCLAMATION
                    or between == _COLON
                    or between == _QUOTE
                    or between == _BRACKET
                    or between >= _NOT_ASCII
                )
            if inside:
                marks[i] |= NAME
        was_digit = digit


@leaf
def _mark_first(shingles, marks, places):
    """Mark the first place of each shingle of a story, and return how many there are.

    Parameters
    ----------
    places : (2^k,) int32, any content; the more of them, the fewer shingles meet in one
    """
    size = 64
    while size < _SPARSE * shingles.shape[0] and size < places.shape[0]:
        size *= 2
    places[:size] = -1
    mask = np.uint32(size - 1)
    n_different = 0
    for i in range(shingles.shape[0]):
        shingle = shingles[i]
        if shingle == _NONE:
            continue
        slot = shingle & mask
        while places[slot] >= 0 and shingles[places[slot]] != shingle:
            slot = (slot + _ONE) & mask
        if places[slot] < 0:
            places[slot] = i
            marks[i] |= FIRST
            n_different += 1
    return n_different


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
