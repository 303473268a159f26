"""The loops over the bytes of a text: words, their shingles, and characters."""

import numpy as np

from dedup.kernels import jit
from dedup.words import folding

_KIND_SHIFT = np.uint32(folding.KIND_SHIFT)
_CODE_POINT = np.uint32((1 << folding.KIND_SHIFT) - 1)
_EXPANSION = np.uint32(folding.EXPANSION)
_COUNT_SHIFT = np.uint32(folding.COUNT_SHIFT)
_COUNT = np.uint32((folding.EXPANSION >> folding.COUNT_SHIFT) - 1)
_PLACE = np.uint32((1 << folding.COUNT_SHIFT) - 1)
_SEPARATOR = np.uint32(folding.SEPARATOR)
_LETTER = np.uint32(folding.LETTER)
_SINGLE = np.uint32(folding.SINGLE)
_EXTENDER = np.uint32(folding.EXTENDER)
_LINKER = np.uint32(folding.LINKER)
_ATTACHED = np.uint32(folding.ATTACHED)
_N_CODE_POINTS = np.uint32(folding.N_CODE_POINTS)
_FIRST_ABOVE = np.uint32(folding.ATTACHED_ABOVE[0])
_LAST_ABOVE = np.uint32(folding.ATTACHED_ABOVE[1])

_ATTACHED_ENTRY = np.uint32(folding.ATTACHED << folding.KIND_SHIFT)

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)
_ONE = np.uint64(1)
_SHINGLE_BASE = np.uint64(0xD6E8FEB86659FD93)
_SHINGLE_MIX = np.uint64(0x94D049BB133111EB)
_ASCII_END = np.uint8(0x80)
_TELLING_BYTES = 4096  # of a text, that tell its script


@jit
def hash_words(text, begin, end, entries, expansions, hashes, starts, ends):
    """Return the number of words in `text[begin:end]`, or -1 when the arrays are too short for them.

    A word's hash is a polynomial over its folded code points modulo 2^64, mixed once. Texts of ASCII alone have a
    loop of their own, which does not branch on where words end.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    entries, expansions : the folding table
    hashes : (capacity,) uint64, written
    starts, ends : (capacity,) int64, written; the bytes of each word in `text`
    """
    n_words = -1
    if _is_ascii(text, begin, end) and hashes.shape[0] > (end - begin + 1) // 2:
        n_words = _split_ascii(text, begin, end, entries, hashes, starts, ends)
    else:
        n_words = _split(text, begin, end, entries, expansions, hashes, starts, ends)
    for i in range(n_words):
        word = (hashes[i] ^ (hashes[i] >> _HALF)) * _MIX
        hashes[i] = word ^ (word >> _HALF)
    return n_words


@jit
def _is_ascii(text, begin, end):
    bits = np.uint8(0)
    for at in range(begin, end):
        bits |= text[at]
    return bits < _ASCII_END


@jit
def _split_ascii(text, begin, end, entries, hashes, starts, ends):
    """Return the number of words; each byte is written to the word at hand, which counts once a separator follows."""
    n_words = 0
    inside = False
    word = np.uint64(0)
    start = begin
    for at in range(begin, end):
        code = np.uint64(entries[text[at]] & _CODE_POINT)
        letter = code != np.uint64(0)
        start = start if inside else at
        n_words += inside and not letter
        word = (word if inside else np.uint64(0)) * _BASE + code
        hashes[n_words] = word
        starts[n_words] = start
        ends[n_words] = at + 1
        inside = letter
    return n_words + inside


@jit
def _split(text, begin, end, entries, expansions, hashes, starts, ends):
    """Return the number of words of any text, or -1 when the arrays are too short for them."""
    n_words = 0
    capacity = hashes.shape[0]
    kind_open = _SEPARATOR
    linked = False
    position = begin
    while position < end:
        at = position
        code_point, position = decode(text, position, end)
        if code_point < _N_CODE_POINTS:
            entry = entries[code_point]
        else:
            entry = _ATTACHED_ENTRY if _FIRST_ABOVE <= code_point <= _LAST_ABOVE else _SEPARATOR
        count = np.uint32(1)
        place = np.uint32(0)
        expanded = entry >= _EXPANSION
        if expanded:
            count = (entry >> _COUNT_SHIFT) & _COUNT
            place = entry & _PLACE
        for i in range(count):
            if expanded:
                entry = expansions[place + np.uint32(i)]
            kind = entry >> _KIND_SHIFT
            if kind == _LETTER and kind_open == _LETTER:
                hashes[n_words] = hashes[n_words] * _BASE + np.uint64(entry & _CODE_POINT)
                ends[n_words] = position
                linked = False
            elif kind == _SEPARATOR:
                n_words += kind_open != _SEPARATOR
                kind_open = _SEPARATOR
            elif kind < _EXTENDER and not (kind == _SINGLE and linked and kind_open != _SEPARATOR):
                n_words += kind_open != _SEPARATOR
                if n_words >= capacity:
                    return -1
                hashes[n_words] = np.uint64(entry & _CODE_POINT)
                starts[n_words] = at
                ends[n_words] = position
                kind_open = kind
                linked = False
            elif kind_open != _SEPARATOR:
                if kind != _ATTACHED:
                    hashes[n_words] = hashes[n_words] * _BASE + np.uint64(entry & _CODE_POINT)
                    linked = kind == _LINKER
                _stretch(starts, ends, n_words, position)
            elif kind != _ATTACHED:
                if n_words >= capacity:
                    return -1
                hashes[n_words] = np.uint64(entry & _CODE_POINT)
                starts[n_words] = at
                ends[n_words] = position
                kind_open = _LETTER
                linked = kind == _LINKER
    return n_words + (kind_open != _SEPARATOR)


@jit
def _stretch(starts, ends, word, position):
    """End a word where the mark after it ends, with all words that the mark's character stands for."""
    start = starts[word]
    while word >= 0 and starts[word] == start:
        ends[word] = position
        word -= 1


@jit
def decode(text, position, end):
    """Return the code point at a place, and the place after it."""
    lead = np.uint32(text[position])
    position += 1
    if lead < np.uint32(0x80):
        return lead, position
    if lead < np.uint32(0xE0):
        needed, code_point = 1, lead & np.uint32(0x1F)
    elif lead < np.uint32(0xF0):
        needed, code_point = 2, lead & np.uint32(0x0F)
    else:
        needed, code_point = 3, lead & np.uint32(0x07)
    for _ in range(needed):
        if position < end:
            code_point = np.uint32(
                (code_point << np.uint32(6)) | (np.uint32(text[position]) & np.uint32(0x3F))
            )
            position += 1
    return code_point, position


@jit
def shingle(words, n_words, shingle_words, shingles):
    """Return the number of shingles of a story's words; a story shorter than one shingle has one of all its words.

    Parameters
    ----------
    words : (capacity,) uint64, the first n_words are read
    shingles : (capacity,) uint32, written in the order of the text
    """
    if n_words == 0:
        return 0
    size = min(shingle_words, n_words)
    leaving = _ONE
    for _ in range(size):
        leaving *= _SHINGLE_BASE
    rolling = np.uint64(0)
    for i in range(n_words):
        rolling = rolling * _SHINGLE_BASE + words[i]
        if i >= size:
            rolling -= leaving * words[i - size]
        if i >= size - 1:
            mixed = (rolling ^ (rolling >> _HALF)) * _SHINGLE_MIX
            shingles[i - size + 1] = np.uint32(mixed >> _HALF)
    return n_words - size + 1


@jit
def characters_between(text, begin, end):
    """Return how many characters stand in `text[begin:end]`, UTF-8; the loop vectorises."""
    count = 0
    for at in range(begin, end):
        count += (text[at] & np.uint8(0xC0)) != np.uint8(0x80)
    return count


@jit
def measure_words(text, starts, ends, characters):
    """Write how many characters make a word of each text: 1 where words are written apart, else 2 or 4.

    A text's first bytes tell: its Han and kana (2), or its letters of Thai, Lao, Burmese and Khmer (4), are more than
    a sixth of all characters, so that most of the words found are single ones of these.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_texts,) int64, bytes of `text`
    characters : (n_texts,) int64, written
    """
    for row in range(starts.shape[0]):
        eastern, southern, every = 0, 0, 0
        for at in range(starts[row], min(ends[row], starts[row] + _TELLING_BYTES) - 1):
            byte, after = text[at], text[at + 1]
            every += (byte & np.uint8(0xC0)) != np.uint8(0x80)
            eastern += (byte >= np.uint8(0xE4)) & (byte <= np.uint8(0xE9))
            eastern += (byte == np.uint8(0xE3)) & (after >= np.uint8(0x81))
            eastern += (byte == np.uint8(0xF0)) & (after >= np.uint8(0xA0))
            southern += (byte == np.uint8(0xE0)) & (after >= np.uint8(0xB8))
            southern += (byte == np.uint8(0xE1)) & (after >= np.uint8(0x80)) & (after <= np.uint8(0x82))
            southern += (byte == np.uint8(0xE1)) & (after >= np.uint8(0x9E)) & (after <= np.uint8(0x9F))
        characters[row] = 1
        if 6 * (eastern + southern) > every:
            characters[row] = 2 if eastern >= southern else 4
