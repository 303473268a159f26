"""The loops of recurring text: shared shingles, the articles that may hold them, and their places in these."""

import numpy as np

from dedup.clustering.ordering import kernels as ordering_kernels
from dedup.clustering.recurring.sentences import kernels as sentence_kernels
from dedup.kernels import jit
from dedup.words import kernels as words_kernels

_MIX = np.uint64(0x9E3779B97F4A7C15)
_PAIR_MIX = np.uint32(0x9E3779B1)
_HALF = np.uint64(32)
_NEXT = np.uint64(1)
_BIT_WORD = np.uint32(5)
_BIT = np.uint32(31)
_ONE = np.uint32(1)
_EMPTY = np.uint32(0)
_VACANT, _LOW = np.uint64(0), np.uint64(0xFFFFFFFF)
_MARK = np.uint32(16)
_BLOCK = 256  # bytes, whose characters are counted at once

FAR = 255  # words from or to the end of a sentence, at most


@jit
def join(rows, offsets, begins, ends, articles, joined_begins, joined_ends, joined_offsets):
    """Return how many articles have spans; write these spans, those that overlap or touch joined to one.

    Parameters
    ----------
    rows, offsets : the spans of each article; those of one are put in order
    begins : (n_spans,) float64
    ends : (n_spans,) int64
    articles : (n_articles,) int64, written; those that have spans
    joined_begins, joined_ends : (n_spans,) int64, written, one article after another
    joined_offsets : (n_articles + 1,) int64, written
    """
    n_articles, n_joined = 0, 0
    for article in range(offsets.shape[0] - 1):
        own = rows[offsets[article] : offsets[article + 1]]
        if own.shape[0] == 0:
            continue
        ordering_kernels.sort(own, begins, ends)
        first = n_joined
        for span in own:
            begin = np.int64(begins[span])
            if n_joined == first or begin > joined_ends[n_joined - 1]:
                joined_begins[n_joined], joined_ends[n_joined] = begin, ends[span]
                n_joined += 1
            else:
                joined_ends[n_joined - 1] = max(joined_ends[n_joined - 1], ends[span])
        articles[n_articles] = article
        n_articles += 1
        joined_offsets[n_articles] = n_joined
    return n_articles


@jit
def collect(text, page_starts, segments, spans, entries, expansions, shingle_words, known, buffers):
    """Return how many different shingles stand within spans, or -1 when the table is too small for them.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts : (n_articles,) int64, bytes
    segments : starts and ends (n_segments,) int64 of live text, in bytes; offsets (n_articles + 1,) int64
    spans : begins and ends (n_spans,) int64 in characters of the page, at the edges of words; offsets
        (n_articles + 1,) int64; those of an article rise and stand apart
    entries, expansions : the folding table
    known : three tables' columns; all written
        `shingle << 32 | number + 1` (2^k,) uint64, all 0, numbered by their first places, and a bitmap of the
        shingles' upper bits (2^j / 32,) uint32, all 0
        marks of two shingles beside each other (2^k,) uint32, all 0, and a bitmap of their mixed upper bits
        (2^j / 32,) uint32, all 0
        the bits that each bitmap leaves out, uint32
    buffers : as `find_places` has them
    """
    words, starts, ends, shingles, _ = buffers
    table, pair_table, shifts = known
    most = table[0].shape[0] // 4 * 3
    n_known = 0
    for article in range(page_starts.shape[0]):
        at, characters = page_starts[article], 0
        segment, last_segment = segments[2][article], segments[2][article + 1]
        for span in range(spans[2][article], spans[2][article + 1]):
            begin = _skip(text, at, spans[0][span] - characters)
            at, characters = _skip(text, begin, spans[1][span] - spans[0][span]), spans[1][span]
            while segment < last_segment and segments[1][segment] <= begin:
                segment += 1
            within = segment
            while within < last_segment and segments[0][within] < at:
                low, high = max(begin, segments[0][within]), min(at, segments[1][within])
                within += 1
                n_words = words_kernels.hash_words(text, low, high, entries, expansions, words, starts, ends)
                if n_words < 0:
                    return -1
                if n_words < shingle_words:
                    continue
                n_shingles = words_kernels.shingle(words, n_words, shingle_words, shingles)
                if n_known + n_shingles > most:
                    return -1
                for i in range(n_shingles):
                    n_known += _insert(shingles[i], table, shifts[0], n_known)
                    if i > 0:
                        pair = np.uint32(shingles[i - 1] >> _MARK << _MARK | shingles[i] >> _MARK)
                        _insert_pair(pair, pair_table, shifts[1])
    return n_known


@jit
def _skip(text, at, n_characters):
    """Return the byte that so many characters stand before, from a place on."""
    while n_characters >= _BLOCK and at + _BLOCK <= text.shape[0]:
        n_characters -= words_kernels.characters_between(text, at, at + _BLOCK)
        at += _BLOCK
    while at < text.shape[0]:
        if text[at] & np.uint8(0xC0) != np.uint8(0x80):
            if n_characters == 0:
                break
            n_characters -= 1
        at += 1
    return at


@jit
def _insert(shingle, table, shift, number):
    """Return 1 for a shingle that was not known, which gets this number; else 0."""
    entries, bits = table
    mask = np.uint64(entries.shape[0] - 1)
    slot = np.uint64(shingle) * _MIX >> _HALF & mask
    while entries[slot] != _VACANT:
        if entries[slot] >> _HALF == np.uint64(shingle):
            return 0
        slot = (slot + _NEXT) & mask
    entries[slot] = np.uint64(shingle) << _HALF | np.uint64(number + 1)
    place = shingle >> shift
    bits[place >> _BIT_WORD] |= _ONE << (place & _BIT)
    return 1


@jit
def _insert_pair(pair, table, shift):
    """Put a pair of marks into its table; the one that looks like an empty place is taken to stand in every table."""
    pairs, bits = table
    mask = np.uint64(pairs.shape[0] - 1)
    slot = np.uint64(pair) * _MIX >> _HALF & mask
    while pairs[slot] != _EMPTY and pairs[slot] != pair:
        slot = (slot + _NEXT) & mask
    pairs[slot] = pair
    place = np.uint32(pair * _PAIR_MIX) >> shift
    bits[place >> _BIT_WORD] |= _ONE << (place & _BIT)


@jit
def hold(marks, table, shift, shape, holds):
    """Write which articles have so many known pairs of marks near each other.

    Parameters
    ----------
    marks : rows of uint16, the upper bits of the shingles in the order of the text: values, starts and ends
    table, shift : the known pairs and their bitmap, as `collect` writes them
    shape : pairs that are asked for, one or two; how many marks the second may stand behind the first
    holds : (n,) bool, written
    """
    pairs, bits = table
    mask = np.uint64(pairs.shape[0] - 1)
    for row in range(holds.shape[0]):
        holds[row] = False
        pair = _EMPTY
        last = marks[1][row] - shape[1] - 1
        for i in range(marks[1][row], marks[2][row]):
            pair = np.uint32(pair << _MARK | np.uint32(marks[0][i]))
            place = np.uint32(pair * _PAIR_MIX) >> shift
            if bits[place >> _BIT_WORD] >> (place & _BIT) & _ONE == _EMPTY:
                continue
            slot = np.uint64(pair) * _MIX >> _HALF & mask
            while pairs[slot] != _EMPTY and pairs[slot] != pair:
                slot = (slot + _NEXT) & mask
            if pairs[slot] == pair:
                if shape[0] == 1 or i - last <= shape[1]:
                    holds[row] = True
                    break
                last = i


@jit
def find_places(
    text, page_starts, segments, entries, expansions, table, shift, shape, places, offsets, buffers
):
    """Return how many articles were read: all, or fewer when a buffer was too short for the next.

    Of each article, the places of known shingles are kept where those that no wide gap parts cover enough words; none
    are kept of an article that has too few.

    Parameters
    ----------
    text, page_starts, segments, entries, expansions : as `collect` reads them
    table, shift : the known shingles and their bitmap, as `collect` writes them
    shape : shingle_words, least words, widest gap, least places of an article
    places : number of the shingle, its first word (capacity,) int32; words since the last sentence's end, words until
        the next (capacity,) uint8; begin and end in bytes of the page, and those of its sentence where they are as
        near as a shingle is long, else its own (capacity,) uint32; all written, one article after another
    offsets : (n_articles + 1,) int64, written; the places of each article
    buffers : words (capacity,) uint64, starts and ends (capacity,) int64, shingles (capacity,) uint32, edges
        (capacity,) uint8
    """
    shingle_words, least_words, widest_gap, least_places = shape
    shingles_of, word_of, since_of, until_of, start_of, end_of, open_of, close_of = places
    words, starts, ends, shingles, edges = buffers
    near = shingle_words + 2
    at = 0
    for article in range(page_starts.shape[0]):
        page = page_starts[article]
        first_word, n_known = 0, 0
        for segment in range(segments[2][article], segments[2][article + 1]):
            begin, end = segments[0][segment], segments[1][segment]
            n_words = words_kernels.hash_words(text, begin, end, entries, expansions, words, starts, ends)
            if n_words < 0 or at + n_words > shingles_of.shape[0]:
                return article
            if n_words < shingle_words:
                continue
            n_shingles = words_kernels.shingle(words, n_words, shingle_words, shingles)
            n_here, enough = _number(shingles[:n_shingles], table, shift, shape, words)
            n_known += n_here
            if not enough:
                first_word += n_words + widest_gap + 1
                continue
            run, covered, until_word = at, 0, 0
            for i in range(n_shingles + 1):
                number = np.int64(words[i]) - 1 if i < n_shingles else -1
                if number < 0 and i < n_shingles:
                    continue
                if at > run and (i == n_shingles or i - (word_of[at - 1] - first_word) > widest_gap):
                    if covered < least_words:
                        at = run
                    if at > run:
                        first = word_of[run] - first_word
                        stop = word_of[at - 1] - first_word + shingle_words
                        opened = sentence_kernels.mark_edges(
                            text, begin, first, min(stop, n_words), n_words, FAR, starts, ends, edges
                        )
                        looked, closes = first, first
                    for place in range(run, at):
                        word = word_of[place] - first_word
                        last = word + shingle_words
                        while looked < word:
                            looked += 1
                            opened = looked if edges[looked] & sentence_kernels.OPENS else opened
                        closes = max(closes, last)
                        stop = min(n_words, last + FAR)
                        while closes < stop and edges[closes] & sentence_kernels.CLOSES == 0:
                            closes += 1
                        since_of[place], until_of[place] = min(word - opened, FAR), closes - last
                        start_of[place], end_of[place] = starts[word] - page, ends[last - 1] - page
                        open_of[place] = starts[opened if word - opened <= near else word] - page
                        close_of[place] = ends[(closes if closes - last <= near else last) - 1] - page
                    run, covered, until_word = at, 0, 0
                if i < n_shingles:
                    covered += i + shingle_words - max(i, until_word)
                    until_word = i + shingle_words
                    shingles_of[at], word_of[at] = number, first_word + i
                    at += 1
            first_word += n_words + widest_gap + 1
        if n_known < least_places:
            at = offsets[article]
        offsets[article + 1] = at
    return page_starts.shape[0]


@jit
def _number(shingles, table, shift, shape, found):
    """Return how many shingles are known, and whether enough stand together; write one more than each one's number.

    What is not known has 0.
    """
    entries, bits = table
    shingle_words, least_words, widest_gap, _ = shape
    mask = np.uint64(entries.shape[0] - 1)
    covered, until_word, known = 0, 0, 0
    n_known, enough = 0, False
    for i in range(shingles.shape[0]):
        shingle = shingles[i]
        found[i] = _VACANT
        place = shingle >> shift
        if bits[place >> _BIT_WORD] >> (place & _BIT) & _ONE == _EMPTY:
            continue
        slot = np.uint64(shingle) * _MIX >> _HALF & mask
        while entries[slot] != _VACANT and entries[slot] >> _HALF != np.uint64(shingle):
            slot = (slot + _NEXT) & mask
        found[i] = entries[slot] & _LOW
        if found[i] == _VACANT:
            continue
        n_known += 1
        if i - known > widest_gap:
            covered, until_word = 0, 0
        covered += i + shingle_words - max(i, until_word)
        until_word = i + shingle_words
        known = i
        enough |= covered >= least_words
    return n_known, enough


@jit
def to_characters(text, page_starts, starts, ends):
    """Change spans from bytes of the page to its characters, in place.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts : (n,) int64, the page of each span; spans of one page stand together, rising
    starts, ends : (n,) int64
    """
    page, byte, characters = -1, 0, 0
    for i in range(starts.shape[0]):
        if page_starts[i] != page:
            page, byte, characters = page_starts[i], 0, 0
        characters += words_kernels.characters_between(text, page + byte, page + starts[i])
        byte = starts[i]
        length = words_kernels.characters_between(text, page + byte, page + ends[i])
        starts[i] = characters
        ends[i] = characters + length
