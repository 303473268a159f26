"""The loops of recurring text: shared shingles, their places in all articles, and where sentences begin."""

import numpy as np

from dedup.kernels import jit
from dedup.words import kernels as words_kernels

_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_NEXT = np.uint64(1)
_BIT_WORD = np.uint32(5)
_BIT = np.uint32(31)
_ONE = np.uint32(1)

_TAB, _LINE_FEED, _RETURN, _SPACE = np.uint8(0x09), np.uint8(0x0A), np.uint8(0x0D), np.uint8(0x20)
_QUOTE, _COMMA, _STOP, _COLON = np.uint8(0x22), np.uint8(0x2C), np.uint8(0x2E), np.uint8(0x3A)
_EXCLAMATION, _QUESTION = np.uint8(0x21), np.uint8(0x3F)
_LOWER_A, _LOWER_Z, _UPPER_A, _UPPER_Z = np.uint8(0x61), np.uint8(0x7A), np.uint8(0x41), np.uint8(0x5A)
_ASCII_END = np.uint8(0x80)
_SHORT_LINE, _LONG_LINE = 40, 100  # bytes; lines between are taken for those of a hard-wrapped paragraph
_LONGEST_TITLE = 3  # letters: `Mr.` and `Gov.` end no sentence

OPENS, CLOSES = np.uint8(1), np.uint8(2)
FAR = 255  # words from or to the end of a sentence, at most


@jit
def collect(text, page_starts, segments, spans, entries, expansions, shingle_words, keys, numbers, buffers):
    """Return how many different shingles stand within spans, or -1 when the table is too small for them.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts : (n_articles,) int64, bytes
    segments : starts and ends (n_segments,) int64 of live text, in bytes; offsets (n_articles + 1,) int64
    spans : starts and ends (n_spans,) int64 in characters of the page; offsets (n_articles + 1,) int64; those of an
        article rise and stand apart
    entries, expansions : the folding table
    keys : (2^k,) uint32, written; the shingles
    numbers : (2^k,) int32, all -1, written; each shingle's number, by its first place
    buffers : words (capacity,) uint64, starts and ends (capacity,) int64, shingles (capacity,) uint32
    """
    words, starts, ends, shingles = buffers
    n_known = 0
    for article in range(page_starts.shape[0]):
        at, characters = page_starts[article], 0
        span, last_span = spans[2][article], spans[2][article + 1]
        for segment in range(segments[2][article], segments[2][article + 1]):
            n_words = words_kernels.hash_words(
                text, segments[0][segment], segments[1][segment], entries, expansions, words, starts, ends
            )
            if n_words < shingle_words:
                continue
            words_kernels.shingle(words, n_words, shingle_words, shingles)
            within = 0
            for i in range(n_words):
                characters += words_kernels.characters_between(text, at, starts[i])
                at = starts[i]
                while span < last_span and spans[1][span] <= characters:
                    span += 1
                    within = 0
                if span == last_span:
                    break
                within = within + 1 if spans[0][span] <= characters else 0
                if within >= shingle_words:
                    if 2 * n_known >= keys.shape[0]:
                        return -1
                    n_known += _insert(shingles[i - shingle_words + 1], keys, numbers, n_known)
    return n_known


@jit
def _insert(shingle, keys, numbers, number):
    """Return 1 for a shingle that was not known, which gets this number; else 0."""
    mask = np.uint64(keys.shape[0] - 1)
    slot = np.uint64(shingle) * _MIX >> _HALF & mask
    while numbers[np.int64(slot)] >= 0:
        if keys[np.int64(slot)] == shingle:
            return 0
        slot = (slot + _NEXT) & mask
    keys[np.int64(slot)] = shingle
    numbers[np.int64(slot)] = number
    return 1


@jit
def mark_bits(keys, numbers, shift, bits):
    """Mark in a bitmap the upper bits of each shingle of the table.

    Parameters
    ----------
    keys, numbers : the table
    shift : uint32, bits of a shingle that the bitmap leaves out
    bits : (2^(32 - shift) / 32,) uint32, written
    """
    for slot in range(keys.shape[0]):
        if numbers[slot] >= 0:
            place = keys[slot] >> shift
            bits[place >> _BIT_WORD] |= _ONE << (place & _BIT)


@jit
def look_up(shingle, keys, numbers, shift, bits):
    """Return the number of a shingle, -1 for one that is not known; the bitmap answers for most of those."""
    place = shingle >> shift
    if bits[place >> _BIT_WORD] >> (place & _BIT) & _ONE == np.uint32(0):
        return -1
    mask = np.uint64(keys.shape[0] - 1)
    slot = np.uint64(shingle) * _MIX >> _HALF & mask
    while numbers[np.int64(slot)] >= 0:
        if keys[np.int64(slot)] == shingle:
            return np.int64(numbers[np.int64(slot)])
        slot = (slot + _NEXT) & mask
    return -1


@jit
def hold(values, offsets, table, least, holds):
    """Write which sets of shingles hold at least so many known ones.

    Parameters
    ----------
    values, offsets : rows of uint32
    table : keys, numbers, shift, bits
    holds : (n_rows,) bool, written
    """
    keys, numbers, shift, bits = table
    for row in range(offsets.shape[0] - 1):
        n_known = 0
        for i in range(offsets[row], offsets[row + 1]):
            n_known += look_up(values[i], keys, numbers, shift, bits) >= 0
            if n_known == least:
                break
        holds[row] = n_known >= least


@jit
def find_places(text, page_starts, segments, entries, expansions, table, shape, places, offsets, buffers):
    """Return how many articles were read: all, or fewer when a buffer was too short for the next.

    Of each article, the places of known shingles are kept where those that no wide gap parts cover enough words.

    Parameters
    ----------
    text, page_starts, segments, entries, expansions : as `collect` reads them
    table : keys, numbers, shift, bits
    shape : shingle_words, least words, widest gap
    places : number of the shingle, its first word, words since the last sentence's end, words until the next, start
        and end in characters of the page, those of its sentence where they are as near as a shingle is long, else its
        own; (capacity,) int64 each, written, one article after another
    offsets : (n_articles + 1,) int64, written; the places of each article
    buffers : words (capacity,) uint64, starts and ends (capacity,) int64, shingles (capacity,) uint32, edges
        (capacity,) uint8
    """
    shingle_words, least_words, widest_gap = shape
    shingles_of, word_of, since_of, until_of, start_of, end_of, open_of, close_of = places
    words, starts, ends, shingles, edges = buffers
    at = 0
    offsets[0] = 0
    for article in range(page_starts.shape[0]):
        byte, characters = page_starts[article], 0
        first_word = 0
        for segment in range(segments[2][article], segments[2][article + 1]):
            begin, end = segments[0][segment], segments[1][segment]
            n_words = words_kernels.hash_words(text, begin, end, entries, expansions, words, starts, ends)
            if n_words < 0 or at + n_words > shingles_of.shape[0]:
                return article
            if n_words < shingle_words:
                continue
            words_kernels.shingle(words, n_words, shingle_words, shingles)
            n_shingles = n_words - shingle_words + 1
            if not _number(shingles[:n_shingles], table, shape, words):
                first_word += n_words + widest_gap + 1
                continue
            mark_edges(text, begin, n_words, starts, ends, edges)
            opened = 0
            run, covered, until_word = at, 0, 0
            closes = 0
            for i in range(n_shingles):
                opened = i if edges[i] & OPENS else opened
                number = np.int64(words[i]) - 1
                if number < 0:
                    continue
                if at > run and i - (word_of[at - 1] - first_word) > widest_gap:
                    at = at if covered >= least_words else run
                    run, covered, until_word = at, 0, 0
                last = i + shingle_words
                covered += last - max(i, until_word)
                until_word = last
                closes = max(closes, last)
                while closes < n_words and edges[closes] & CLOSES == 0:
                    closes += 1
                shingles_of[at] = number
                word_of[at] = first_word + i
                since_of[at] = min(i - opened, FAR)
                until_of[at] = min(closes - last, FAR)
                start_of[at], end_of[at] = starts[i], ends[last - 1]
                open_of[at] = starts[opened] if i - opened <= shingle_words + 2 else starts[i]
                close_of[at] = ends[closes - 1] if closes - last <= shingle_words + 2 else ends[last - 1]
                at += 1
            at = at if covered >= least_words else run
            first_word += n_words + widest_gap + 1
        for i in range(offsets[article], at):
            characters += words_kernels.characters_between(text, byte, start_of[i])
            byte = start_of[i]
            start_of[i] = characters
            open_of[i] = characters - words_kernels.characters_between(text, open_of[i], byte)
            end_of[i] = characters + words_kernels.characters_between(text, byte, end_of[i])
            close_of[i] = characters + words_kernels.characters_between(text, byte, close_of[i])
        offsets[article + 1] = at
    return page_starts.shape[0]


@jit
def _number(shingles, table, shape, found):
    """Write one more than the number of each shingle, 0 for one not known; return whether enough stand together."""
    keys, numbers, shift, bits = table
    shingle_words, least_words, widest_gap = shape
    covered, until_word, known = 0, 0, 0
    enough = False
    for i in range(shingles.shape[0]):
        number = look_up(shingles[i], keys, numbers, shift, bits)
        found[i] = np.uint64(number + 1)
        if number >= 0:
            if i - known > widest_gap:
                covered, until_word = 0, 0
            covered += i + shingle_words - max(i, until_word)
            until_word = i + shingle_words
            known = i
            enough |= covered >= least_words
    return enough


@jit
def mark_edges(text, begin, n_words, starts, ends, edges):
    """Write before which words something whole ends, and which ones open something, by what stands before them.

    That is a sentence, a quotation or a paragraph. A paragraph ends at a blank line, before an indented one, and at
    the end of a line that is not of the length of hard-wrapped ones. A full stop after one letter or after a short
    title ends no sentence, nor does one before a lower-case letter.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    begin : where the words' segment begins
    starts, ends : (>= n_words,) int64, the bytes of each word
    edges : (>= n_words,) uint8, written; OPENS and CLOSES
    """
    line = begin
    edges[0] = OPENS | CLOSES
    for i in range(1, n_words):
        first, last = ends[i - 1], starts[i]
        edges[i] = 0
        if last == first + 1 and text[first] == _SPACE:
            continue
        stopped, ended, pointed, spaced, broken, opens, closes = (
            False,
            False,
            False,
            False,
            False,
            False,
            False,
        )
        n_breaks, n_spaces = 0, 0
        for at in range(first, last):
            byte = text[at]
            if byte == _LINE_FEED:
                length = at - line
                broken |= n_breaks > 0 or length < _SHORT_LINE or length > _LONG_LINE
                line = at + 1
                n_breaks += 1
                n_spaces = 0
                spaced = True
            elif byte == _SPACE or byte == _TAB or byte == _RETURN:
                n_spaces += 2 if byte == _TAB else byte == _SPACE
                spaced = True
            elif byte == _STOP:
                stopped = True
                pointed = True
            elif byte == _EXCLAMATION or byte == _QUESTION:
                ended = True
                pointed = True
            elif byte == _COMMA or byte == _COLON:
                pointed = True
            elif byte == _QUOTE:
                opens |= at + 1 == last
                closes |= at + 1 < last
            elif byte >= _ASCII_END and at + 1 < last:
                mark, width = _mark(text, at, last)
                broken |= mark == 2
                opens |= mark == 1 and at + width == last
                closes |= mark == 1 and at + width < last
        broken |= n_breaks > 0 and n_spaces > 1
        capital = not _LOWER_A <= text[last] <= _LOWER_Z
        ended = spaced and capital and (ended or (stopped and not _is_title(text, starts[i - 1], first)))
        if broken or ended:
            edges[i] = OPENS | CLOSES
        elif pointed and spaced:
            edges[i] = (OPENS if opens else 0) | (CLOSES if closes else 0)


@jit
def _mark(text, at, last):
    """Return 1 for a quotation mark, 2 for a mark that ends a sentence by itself, else 0; and its bytes."""
    lead, second = text[at], text[at + 1]
    third = text[at + 2] if at + 2 < last else np.uint8(0)
    if lead == np.uint8(0xC2):
        return (1 if second == np.uint8(0xAB) or second == np.uint8(0xBB) else 0), 2  # « »
    if lead == np.uint8(0xE2) and second == np.uint8(0x80):
        return (1 if np.uint8(0x9C) <= third <= np.uint8(0x9F) else 0), 3  # “ ” „
    if lead == np.uint8(0xE3) and second == np.uint8(0x80):
        return (2 if third == np.uint8(0x82) else 0), 3  # ideographic full stop
    if lead == np.uint8(0xEF) and second == np.uint8(0xBC):
        return (2 if third == np.uint8(0x81) or third == np.uint8(0x9F) else 0), 3  # fullwidth ! and ?
    if lead == np.uint8(0xE0) and second == np.uint8(0xA5):
        return (2 if third == np.uint8(0xA4) else 0), 3  # danda
    is_arabic = lead == np.uint8(0xD8) and second == np.uint8(0x9F)
    is_urdu = lead == np.uint8(0xDB) and second == np.uint8(0x94)
    return (2 if is_arabic or is_urdu else 0), 2


@jit
def _is_title(text, start, end):
    """Return whether a word before a full stop is one letter, or short with a capital and then a small letter."""
    if end - start == 1:
        return not np.uint8(0x30) <= text[start] <= np.uint8(0x39)
    return (
        end - start <= _LONGEST_TITLE
        and _UPPER_A <= text[start] <= _UPPER_Z
        and _LOWER_A <= text[start + 1] <= _LOWER_Z
    )
