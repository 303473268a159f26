"""The loop over the lines of a story that says what each line is."""

import numpy as np

from dedup.kernels import jit
from dedup.text.kernels import ends_sentence
from dedup.words import kernels as words_kernels

SENTENCE, LOWER, CODE, DIGITS, UNCASED = 1, 2, 4, 8, 16  # marks of a line
QUARTER = 4  # sizes count quarters of a word
PROSE_WORDS = 10  # a sentence of so many words is prose
LONG_WORDS = 30  # as is a line so long
WRAPPED_WORDS = 7  # a line of hard-wrapped prose has as many
TINY_WORDS = 3
MOST_CODE_BYTES = 400  # of a line, that are looked at for code

_KEY_BASE = np.uint64(0x9E3779B97F4A7C15)
_KEY_MIX = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)
_ONE = np.uint64(1)
_NUMBER = np.uint64(0x5851F42D4C957F2D)
_NINE = np.uint8(0x39)
_WIDE = np.uint8(0xD9)  # the first lead byte of a script with digits of its own, or without spaces
_MOST_SIZE = 60_000
_SIGNS_OF_CODE = np.isin(np.arange(256), np.frombuffer(b"{}<>=\\_;", np.uint8))


@jit
def describe(text, paragraphs, entries, expansions, out, buffers):
    """Return how many stories' lines were described: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    paragraphs : starts and ends (n_lines,) int64 of each paragraph's bytes, and offsets (n_stories + 1,) int64
    entries, expansions : the folding table
    out : exact (n_lines,) uint32 and folded (n_lines,) uint64 keys, sizes (n_lines,) uint16 in quarters of a
        word, marks (n_lines,) uint8, and words of each story (n_stories,) int64; written
    buffers : words (capacity,) uint64; word starts, word ends (capacity,) int64
    """
    starts, ends, offsets = paragraphs
    exact, folded, sizes, marks, counts = out
    words, word_starts, word_ends = buffers
    for story in range(offsets.shape[0] - 1):
        first, last = offsets[story], offsets[story + 1]
        if first == last:
            continue
        n_words = words_kernels.hash_words(
            text, starts[first], ends[last - 1], entries, expansions, words, word_starts, word_ends
        )
        if n_words < 0:
            return story
        counts[story] = n_words
        word = 0
        for line in range(first, last):
            begin, end = starts[line], ends[line]
            plain, masked, size = _ONE, _ONE, 0
            numbers = False
            in_number = False
            while word < n_words and word_starts[word] < end:
                plain = plain * _KEY_BASE + words[word]
                byte = text[word_starts[word]]
                if byte > _NINE and byte < _WIDE:
                    masked = masked * _KEY_BASE + words[word]
                    in_number = False
                    size += QUARTER
                elif _is_digit(text, word_starts[word]):
                    numbers = True
                    if not in_number:
                        masked = masked * _KEY_BASE + _NUMBER
                    in_number = True
                else:
                    masked = masked * _KEY_BASE + words[word]
                    in_number = False
                    size += _size(text, word_starts[word], word_ends[word])
                word += 1
            plain = (plain ^ (plain >> _HALF)) * _KEY_MIX
            masked = (masked ^ (masked >> _HALF)) * _KEY_MIX
            exact[line] = np.uint32(plain >> _HALF)
            folded[line] = masked ^ (masked >> _HALF)
            sizes[line] = min(size, _MOST_SIZE)
            mark = SENTENCE if ends_sentence(text, begin, end) else 0
            mark |= _begins_with(text, begin, end)
            mark |= CODE if _is_code(text, begin, end) else 0
            marks[line] = mark | (DIGITS if numbers else 0)
    return offsets.shape[0] - 1


@jit
def _is_digit(text, start):
    """Return whether a word begins with a digit: ASCII, full-width, Arabic or Devanagari."""
    byte = text[start]
    if byte < np.uint8(0x80):
        return np.uint8(0x30) <= byte <= np.uint8(0x39)
    after = text[start + 1]
    if byte == np.uint8(0xD9):
        return np.uint8(0xA0) <= after <= np.uint8(0xA9)
    if byte == np.uint8(0xDB):
        return np.uint8(0xB0) <= after <= np.uint8(0xB9)
    if byte == np.uint8(0xE0):
        return after == np.uint8(0xA5) and np.uint8(0xA6) <= text[start + 2] <= np.uint8(0xAF)
    if byte == np.uint8(0xEF):
        return after == np.uint8(0xBC) and np.uint8(0x90) <= text[start + 2] <= np.uint8(0x99)
    return False


@jit
def _size(text, start, end):
    """Return the size of a word in quarters: a Han or kana character is half a word, one of Thai a quarter."""
    byte = text[start]
    if byte < np.uint8(0xE0) or end - start > 12:
        return QUARTER
    after = text[start + 1]
    if byte == np.uint8(0xE0):
        return 1 if after >= np.uint8(0xB8) else QUARTER
    if byte == np.uint8(0xE1):
        south = np.uint8(0x80) <= after <= np.uint8(0x82) or after in (np.uint8(0x9E), np.uint8(0x9F))
        return 1 if south else QUARTER
    wide = np.uint8(0xE3) <= byte <= np.uint8(0xE9) or byte == np.uint8(0xF0)
    return 2 if wide else QUARTER


@jit
def _begins_with(text, begin, end):
    """Return LOWER for a line that begins with a small letter, UNCASED for one of a script that knows no case."""
    code, _ = words_kernels.decode(text, begin, end)
    if (
        0x61 <= code <= 0x7A
        or (0xDF <= code <= 0xFF and code != 0xF7)
        or 0x3AC <= code <= 0x3CE
        or 0x430 <= code <= 0x45F
    ):
        return LOWER
    uncased = (
        0x590 <= code < 0x10A0
        or 0x1100 <= code < 0x1E00
        or 0x3040 <= code < 0xA000
        or 0xAC00 <= code < 0xD800
    )
    return UNCASED if uncased else 0


@jit
def _is_code(text, begin, end):
    """Return whether a line looks like remains of a script or of markup: one in twenty bytes is a sign of code."""
    until = min(end, begin + MOST_CODE_BYTES)
    n_signs = 0
    for at in range(begin, until):
        n_signs += _SIGNS_OF_CODE[text[at]]
    return n_signs >= 4 and n_signs * 20 >= until - begin


@jit
def is_prose(size, mark):
    """Return whether a line of this size, with these marks, is a sentence of some length, or very long."""
    if mark & CODE:
        return False
    is_sentence = (mark & SENTENCE) != 0 and size >= PROSE_WORDS * QUARTER
    return is_sentence or size >= LONG_WORDS * QUARTER


@jit
def find_live(starts, ends, paragraphs, dead, segments):
    """Return the number of segments between dead lines; the first and the last reach to their story's edges.

    Parameters
    ----------
    starts, ends : (n_stories,) int64, each story's bytes
    paragraphs : starts and ends (n_lines,) int64 of each paragraph's bytes, and offsets (n_stories + 1,) int64
    dead : (n_lines,) bool
    segments : starts and ends (n_lines,) int64, and offsets (n_stories + 1,) int64, written
    """
    line_starts, line_ends, offsets = paragraphs
    segment_starts, segment_ends, segment_offsets = segments
    n_segments = 0
    segment_offsets[0] = 0
    for story in range(starts.shape[0]):
        first, last = offsets[story], offsets[story + 1] - 1
        for line in range(first, last + 1):
            if dead[line]:
                continue
            if line == first or dead[line - 1]:
                segment_starts[n_segments] = starts[story] if line == first else line_starts[line]
            if line == last or dead[line + 1]:
                segment_ends[n_segments] = ends[story] if line == last else line_ends[line]
                n_segments += 1
        segment_offsets[story + 1] = n_segments
    return n_segments
