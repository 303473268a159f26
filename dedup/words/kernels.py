"""The loops over the bytes of a text: words, their shingles, and characters."""

import numpy as np

from dedup.kernels import leaf
from dedup.words import folding
from dedup.words.blocks.kernels import SIZE, bits_between, eight_bytes, lowest, mark_bits, ones, word_bits

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
_LETTER_ENTRY = np.uint32(folding.LETTER << folding.KIND_SHIFT)

_above_bits = bits_between(0x80, 0xFF)  # what is not ASCII
_rest_bits = bits_between(0x80, 0xBF)  # all bytes of a character but its first

_BASE = np.uint64(0xD1B54A32D192ED03)
_SEED = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_THREE = np.uint64(3)
_HALF = np.uint64(32)
_LAST = np.uint64(SIZE - 1)
_WHOLE = np.uint64(64)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOWER = np.uint64(0x2020202020202020)  # in each byte, the bit that makes a capital small; digits have it
_ABOVE = np.uint64(0x8080808080808080)  # in each byte, the bit that ASCII has not
_SHINGLE_BASE = np.uint64(0xD6E8FEB86659FD93)
_SHINGLE_MIX = np.uint64(0x94D049BB133111EB)
_ASCII_END = np.uint8(0x80)
_ASCII_CODES = np.uint64(0x80)
_ASCII_BITS, _OTHER_BITS = np.uint64(8), np.uint64(24)  # that a letter has among those hashed at a time
_LONGEST = 15  # bytes of a run that is hashed at once
_FIRST_BYTES = np.array(
    [(1 << 8 * min(n, 8)) - 1 for n in range(_LONGEST + 1)], np.uint64
)  # of a run of n bytes
_SECOND_BYTES = np.array([(1 << 8 * max(n - 8, 0)) - 1 for n in range(_LONGEST + 1)], np.uint64)
_BEYOND = 16  # bytes that may be read after a block
_USUAL_WORDS = 5  # of a shingle
_TELLING_BYTES = 4096  # of a text, that tell its script


@leaf
def hash_words(text, begin, end, entries, expansions, hashes, starts, ends):
    """Return the number of words in `text[begin:end]`, or -1 when the arrays are too short for them.

    A block of bytes tells by its bits where runs of letters and digits begin and end. A run of ASCII is one word, and
    is hashed as it stands; from any other run on, the text is folded character by character, until it is ASCII again.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    entries, expansions : the folding table
    hashes : (capacity,) uint64, written
    starts, ends : (capacity,) int64, written; the bytes of each word in `text`
    """
    n_words = 0
    start = begin
    base = begin
    inside, marked = _NONE, _NONE
    while base < end and base + SIZE + _BEYOND <= text.shape[0]:
        bits = word_bits(text, base)
        if _above_bits(text, base) != _NONE:
            marks = mark_bits(text, base)
            bits &= ~(marks | marks << _ONE | marks << _TWO | marked)
            marked = (marks >> _LAST) * _THREE | (marks >> (_LAST - _ONE)) & _ONE
        if end - base < SIZE:
            bits &= (_ONE << np.uint64(end - base)) - _ONE
        before = bits << _ONE | inside
        opening = bits & ~before
        closing = before & ~bits
        if inside == _NONE:
            start = base + lowest(opening)
            opening &= opening - _ONE
        inside = bits >> _LAST
        base += SIZE
        while closing != _NONE:
            stop = base - SIZE + lowest(closing)
            closing &= closing - _ONE
            word, hashed = _hash_run(text, start, stop)
            if not hashed:
                word, hashed = _hash_accented(text, start, stop, entries)
            if not hashed:
                n_words, base = _fold(text, start, end, entries, expansions, hashes, starts, ends, n_words)
                if n_words < 0:
                    return -1
                inside, marked = _NONE, _NONE
                break
            if n_words >= hashes.shape[0]:
                return -1
            place = np.uint64(n_words)  # numba asks of a signed one whether it counts from the end
            hashes[place] = word
            starts[place] = start
            ends[place] = stop
            n_words += 1
            start = base - SIZE + lowest(opening)
            opening &= opening - _ONE
    at = base + lowest(~marked) if inside == _NONE else start  # not within a dash or a quote
    while at < end and n_words >= 0:
        n_words, at = _fold(text, at, end, entries, expansions, hashes, starts, ends, n_words)
    return n_words


@leaf
def _hash_run(text, start, stop):
    """Return the hash of a run of letters and digits, and whether it has one: it is short, and all of it ASCII."""
    length = stop - start
    if length > _LONGEST:
        return _NONE, False
    first = (eight_bytes(text, start) | _LOWER) & _FIRST_BYTES[np.uint64(length)]
    second = (eight_bytes(text, start + 8) | _LOWER) & _SECOND_BYTES[np.uint64(length)]
    return _absorb(_absorb(_SEED, first), second), (first | second) & _ABOVE == _NONE


@leaf
def _hash_accented(text, start, stop, entries):
    """Return the hash of a run of two-byte letters that fold to ASCII, and of ASCII, and whether it is such a run.

    A run that is too long is none.
    """
    if stop - start > _LONGEST:
        return _NONE, False
    first, second, n_bits = _NONE, _NONE, 0
    at = start
    while at < stop:
        eight = eight_bytes(text, at)
        n_letters = min(lowest(eight & _ABOVE) >> 3, stop - at)
        letters = (eight | _LOWER) & (_ALL >> np.uint64(64 - 8 * n_letters))
        at += n_letters
        if n_letters == 0:
            low = eight >> np.uint64(8) & np.uint64(0x3F)
            entry = entries[(eight & np.uint64(0x1F)) << np.uint64(6) | low]
            letters = np.uint64(entry & _CODE_POINT)
            two_bytes = eight & np.uint64(0xE0) == np.uint64(0xC0)
            if not two_bytes or entry >> _KIND_SHIFT != _LETTER or letters >= _ASCII_CODES:
                return _NONE, False
            n_letters = 1
            at += 2
        if n_bits < 64:
            first |= letters << np.uint64(n_bits)
            second = letters >> _ONE >> np.uint64(63 - n_bits)
        else:
            second |= letters << np.uint64(n_bits - 64)
        n_bits += 8 * n_letters
    return _absorb(_absorb(_SEED, first), second), True


@leaf
def _absorb(state, part):
    """Return the state of a hash after eight more bytes."""
    product = (state ^ part) * _MIX
    return product ^ (product >> _HALF)


@leaf
def _fold(text, begin, end, entries, expansions, hashes, starts, ends, n_words):
    """Return the number of words with those of `text[begin:end]` added, and where folding stopped.

    It stops between characters of ASCII that are no letters. The number is -1 when the arrays are too short.

    A word whose first letter is one of ASCII is hashed by eight bytes at a time, in which a letter of ASCII is one
    byte and any other three. The hash of any other word is a polynomial over its code points.
    """
    capacity = hashes.shape[0]
    kind_open = _SEPARATOR
    linked, wide = False, False
    state, part, n_bits, n_parts = _SEED, _NONE, _NONE, 0
    position = begin
    while position < end:
        at = position
        count = np.uint32(1)
        place = np.uint32(0)
        if text[at] < _ASCII_END:
            letters, n_letters = _ascii_letters(text, at, end)
            width = np.uint64(8 * n_letters)
            is_other = False
            entry = _LETTER_ENTRY if n_letters > 0 else _SEPARATOR
            position = at + max(n_letters, 1)
        else:
            code_point, position = decode(text, at, end)
            if code_point < _N_CODE_POINTS:
                entry = entries[code_point]
            else:
                entry = _ATTACHED_ENTRY if _FIRST_ABOVE <= code_point <= _LAST_ABOVE else _SEPARATOR
            if wide and kind_open == _LETTER and entry >> _KIND_SHIFT == _LETTER:
                state = state * _BASE + np.uint64(entry & _CODE_POINT)
                ends[n_words] = position
                linked = False
                continue
            if entry >= _EXPANSION:
                count = (entry >> _COUNT_SHIFT) & _COUNT
                place = entry & _PLACE
        for i in range(count):
            if text[at] >= _ASCII_END:
                if entry >= _EXPANSION or i > 0:
                    entry = expansions[place + np.uint32(i)]
                letters = np.uint64(entry & _CODE_POINT)
                is_other = bool(letters >= _ASCII_CODES)
                width = _OTHER_BITS if is_other else _ASCII_BITS
            kind = entry >> _KIND_SHIFT
            if kind != _LETTER or kind_open != _LETTER:
                is_open = kind_open != _SEPARATOR
                follows = kind >= _EXTENDER or (kind == _SINGLE and linked)
                if is_open and not follows:
                    hashes[n_words] = _absorb(state, _NONE) if wide else _finish(state, part, n_bits, n_parts)
                    n_words += 1
                    kind_open = _SEPARATOR
                    is_open = False
                if is_open:
                    _stretch(starts, ends, n_words, position)
                if kind == _SEPARATOR or kind == _ATTACHED:
                    continue
                if not is_open:
                    if n_words >= capacity:
                        return -1, position
                    starts[n_words] = at
                    kind_open = _LETTER if kind >= _EXTENDER else kind
                    wide = is_other
                    state, part, n_bits, n_parts = _SEED, _NONE, _NONE, 0
            linked = kind == _LINKER
            ends[n_words] = position
            if wide:
                if is_other:
                    state = state * _BASE + letters
                else:
                    while width > _NONE:
                        state = state * _BASE + (letters & np.uint64(0x7F))
                        letters >>= _ASCII_BITS
                        width -= _ASCII_BITS
            else:
                if is_other:
                    letters = _spell(letters)
                part |= letters << n_bits
                room = _WHOLE - n_bits
                n_bits += width
                if width >= room:
                    state = _absorb(state, part)
                    n_parts += 1
                    part = letters >> _ONE >> (room - _ONE)
                    n_bits = width - room
        if entry == _SEPARATOR and text[at] < _ASCII_END and position < end and text[position] < _ASCII_END:
            return n_words, position
    if kind_open != _SEPARATOR:
        hashes[n_words] = _absorb(state, _NONE) if wide else _finish(state, part, n_bits, n_parts)
        n_words += 1
    return n_words, position


@leaf
def _ascii_letters(text, at, end):
    """Return the letters and digits of ASCII from a place on, folded, and how many they are: at most eight."""
    if at + SIZE <= text.shape[0]:
        bits = word_bits(text, at) & ~_above_bits(text, at)
        n_letters = min(lowest(~bits), 8, end - at)
        if n_letters == 0:
            return _NONE, 0
        return (eight_bytes(text, at) | _LOWER) & (_ALL >> np.uint64(64 - 8 * n_letters)), n_letters
    small = text[at] | np.uint8(0x20)
    is_letter = np.uint8(0x61) <= small <= np.uint8(0x7A)
    is_digit = np.uint8(0x30) <= text[at] <= np.uint8(0x39)
    return np.uint64(small), int(is_letter or is_digit)


@leaf
def _spell(letter):
    """Return a code point above ASCII as three bytes above ASCII."""
    high = (letter << np.uint64(2)) & np.uint64(0x7F0000)
    middle = (letter << np.uint64(1)) & np.uint64(0x7F00)
    return high | middle | letter & np.uint64(0x7F) | np.uint64(0x808080)


@leaf
def _finish(state, part, n_bits, n_parts):
    """Return the hash of a word that ends with the bits of `part`; the shortest is hashed as sixteen bytes."""
    if n_parts == 0:
        state = _absorb(state, part)
        part = _NONE
    return _absorb(state, part) if n_bits > _NONE or n_parts < 2 else state


@leaf
def _stretch(starts, ends, word, position):
    """End a word where the mark after it ends, with all words that the mark's character stands for."""
    start = starts[word]
    while word >= 0 and starts[word] == start:
        ends[word] = position
        word -= 1


@leaf
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


@leaf
def shingle(words, n_words, shingle_words, shingles):
    """Return the number of shingles of a story's words; a story shorter than one shingle has one of all its words.

    A shingle is the polynomial over its words' hashes modulo 2^64, mixed. The loop for the usual length vectorises.

    Parameters
    ----------
    words : (capacity,) uint64, the first n_words are read
    shingles : (capacity,) uint32, written in the order of the text
    """
    if n_words == 0:
        return 0
    size = min(shingle_words, n_words)
    if size == _USUAL_WORDS:
        for i in range(n_words - _USUAL_WORDS + 1):
            whole = words[i]
            for j in range(1, _USUAL_WORDS):
                whole = whole * _SHINGLE_BASE + words[i + j]
            shingles[i] = np.uint32((whole ^ (whole >> _HALF)) * _SHINGLE_MIX >> _HALF)
        return n_words - size + 1
    leaving = _ONE
    for _ in range(size):
        leaving *= _SHINGLE_BASE
    rolling = _NONE
    for i in range(n_words):
        rolling = rolling * _SHINGLE_BASE + words[i]
        if i >= size:
            rolling -= leaving * words[i - size]
        if i >= size - 1:
            shingles[i - size + 1] = np.uint32((rolling ^ (rolling >> _HALF)) * _SHINGLE_MIX >> _HALF)
    return n_words - size + 1


@leaf
def characters_between(text, begin, end):
    """Return how many characters stand in `text[begin:end]`, UTF-8."""
    rest = 0
    at = begin
    while at < end and at + SIZE <= text.shape[0]:
        bits = _rest_bits(text, at)
        if end - at < SIZE:
            bits &= (_ONE << np.uint64(end - at)) - _ONE
        rest += ones(bits)
        at += SIZE
    while at < end:
        rest += (text[at] & np.uint8(0xC0)) == np.uint8(0x80)
        at += 1
    return end - begin - rest


@leaf
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
