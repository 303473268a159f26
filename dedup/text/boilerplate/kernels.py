"""The loop over the words of a line that says what the line is."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.text.kernels import ends_sentence
from dedup.words.blocks.kernels import SIZE, bits_between, bits_of, ones
from dedup.words.kernels import decode

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
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_NUMBER = np.uint64(0x5851F42D4C957F2D)
_NINE = np.uint8(0x39)
_WIDE = np.uint8(0xD9)  # the first lead byte of a script with digits of its own, or without spaces
_MOST_SIZE = 60_000
_SIGNS_OF_CODE = b"{}<>=\\_;"
_is_sign = np.isin(np.arange(256), [*_SIGNS_OF_CODE])
_digit_bits = bits_between(ord("0"), _NINE)
_wide_bits = bits_between(_WIDE, 0xFF)
_sign_bits = bits_of(_SIGNS_OF_CODE)


@leaf
def describe_line(text, begin, end, words, first, last):
    """Return what a line is: its exact and its folded key, its size in quarters of a word, and its marks.

    A key is the sum of the words' hashes, each weighed by its place; the loop vectorises. The folded key of a line
    with numbers takes all numbers that stand together as one word, the same for all.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    begin, end : the line's bytes
    words : the hashes of a story's words uint64, their starts and ends int64
    first, last : the line's words
    """
    hashes, word_starts, word_ends = words
    own = hashes[first:last]
    plain = _NONE
    for i in range(own.shape[0]):
        plain += own[i] * _weight(i)
    masked, size, numbers = plain, QUARTER * own.shape[0], False
    if _has_digit_or_wide(text, begin, end):
        masked, size, numbers = _mask_numbers(
            text, own, plain, word_starts[first:last], word_ends[first:last]
        )
    mark = SENTENCE if ends_sentence(text, begin, end) else 0
    mark |= _begins_with(text, begin, end)
    mark |= CODE if _is_code(text, begin, end) else 0
    mark |= DIGITS if numbers else 0
    exact = np.uint32(_finish(plain) >> _HALF)
    return exact, _finish(masked), np.uint16(min(size, _MOST_SIZE)), np.uint8(mark)


@leaf
def _has_digit_or_wide(text, begin, end):
    """Return whether a line has a digit of ASCII, or a byte of a script with digits of its own, or without spaces."""
    found = _NONE
    at = begin
    while at < end and at + SIZE <= text.shape[0]:
        bits = _digit_bits(text, at) | _wide_bits(text, at)
        if end - at < SIZE:
            bits &= (_ONE << np.uint64(end - at)) - _ONE
        found |= bits
        at += SIZE
    return found != _NONE or at < end


@leaf
def _weight(place):
    """Return the odd number that the word at a place of a line weighs."""
    product = np.uint64(place + 1) * _KEY_BASE
    return (product ^ (product >> _HALF)) * _KEY_MIX | _ONE


@leaf
def _finish(total):
    product = (total ^ (total >> _HALF)) * _KEY_MIX
    return product ^ (product >> _HALF)


@leaf
def _mask_numbers(text, hashes, plain, word_starts, word_ends):
    """Return the polynomial over a line's words with its numbers as one, its size, and whether it has numbers.

    Of a line without numbers, and without words of a script that has digits of its own or no spaces, it is `plain`.
    """
    masked, size, numbers, wide = _ONE, 0, False, False
    in_number = False
    for i in range(hashes.shape[0]):
        first = text[np.uint64(word_starts[i])]
        is_number = first <= _NINE
        quarters = QUARTER
        if first >= _WIDE:
            wide = True
            is_number = _is_digit(text, word_starts[i])
            quarters = _size(text, word_starts[i], word_ends[i])
        if not is_number:
            masked = masked * _KEY_BASE + hashes[i]
            size += quarters
        elif not in_number:
            masked = masked * _KEY_BASE + _NUMBER
            numbers = True
        in_number = is_number
    return (masked if numbers or wide else plain), size, numbers


@leaf
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


@leaf
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


@leaf
def _begins_with(text, begin, end):
    """Return LOWER for a line that begins with a small letter, UNCASED for one of a script that knows no case."""
    code, _ = decode(text, begin, end)
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


@leaf
def _is_code(text, begin, end):
    """Return whether a line looks like remains of a script or of markup: one in twenty bytes is a sign of code."""
    until = min(end, begin + MOST_CODE_BYTES)
    n_signs = 0
    at = begin
    while at < until and at + SIZE <= text.shape[0]:
        bits = _sign_bits(text, at)
        if until - at < SIZE:
            bits &= (_ONE << np.uint64(until - at)) - _ONE
        n_signs += ones(bits)
        at += SIZE
    while at < until:
        n_signs += _is_sign[text[at]]
        at += 1
    return n_signs >= 4 and n_signs * 20 >= until - begin


@leaf
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
