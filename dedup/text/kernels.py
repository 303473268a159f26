"""The loops over the bytes of a story: its lines and paragraphs, and the marks of heads."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.words.blocks.kernels import SIZE, bits_of, lowest
from dedup.words.kernels import characters_between, decode

_NEWLINE = np.uint8(10)
_RETURN = np.uint8(13)
_SPACE = np.uint8(32)
_TAB = np.uint8(9)
_HEAD_MARK = np.frombuffer(b"| Published ", np.uint8)  # begins with a rare byte, so that the search is quick
_bar_bits = bits_of(b"|")
_break_bits = bits_of(b"\n\r")
_NONE = np.uint64(0)
_ONE = np.uint64(1)

_CLOSERS = np.frombuffer(
    (
        " \u00a0\u3000\"')]\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a\u201b\u201c\u201d\u201e"
        "\u3009\u300b\u300d\u300f\u3011\u3015\u301e\uff02\uff07\uff09\uff3d\uff63"
        "\u200b\u200c\u200d\u200e\u200f\u202c\u2060\u2069\ufeff"  # invisible, as after Arabic and Hebrew
    ).encode("utf-32-le"),
    np.uint32,
)
_COLONS = np.frombuffer(":\uff1a".encode("utf-32-le"), np.uint32)
_ENDS = np.frombuffer(
    (
        ".!?\u2026\u203c\u203d\u2047\u2048\u2049\u3002\uff0e\uff61\uff01\uff1f"  # and Chinese and Japanese
        "\u037e\u061f\u06d4\u0964\u0965\u0589\u104a\u104b\u1362\u1367\u17d4\u17d5"  # Greek, Arabic to Khmer
    ).encode("utf-32-le"),
    np.uint32,
)

_END, _COLON, _CLOSER = 1, 2, 4  # what a character says at the end of a line
_ASCII_END = np.uint8(0x80)
_ASCII_TELLS = (
    _END * np.isin(np.arange(128), _ENDS)
    + _COLON * np.isin(np.arange(128), _COLONS)
    + _CLOSER * np.isin(np.arange(128), _CLOSERS)
)

NARROWEST_WRAP = 16  # characters; narrower lines are items of a list
WIDEST_WRAP = 120  # characters; wider lines are not wrapped by hand
LEAST_BREAKS = 3  # fewer tell nothing
LEAST_WRAPPED = 0.6  # share of line breaks that must look wrapped
LEAST_MIDWAY = 0.4  # share of line breaks that must stand inside a sentence
CLEARLY_SHORT = 0.75  # of the width: a line that ends so early, at a sentence's end, ends its paragraph


@leaf
def find_paragraphs(text, begin, end, starts, ends, counts):
    """Return the number of paragraphs of `text[begin:end]`, or -1 when the arrays are too short for its lines.

    A blank line always ends a paragraph. A single line break ends one too, unless the text is hard-wrapped: then
    most lines end where the next word would not have fitted, many inside a sentence. There a line break ends a
    paragraph only where the next word would have fitted well and a sentence ends, or where the next line is indented.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (capacity,) int64, written; the bytes of each paragraph in `text`, without the space around it
    counts : (WIDEST_WRAP + 1,) int64, any content
    """
    n_lines = _find_lines(text, begin, end, starts, ends)
    width = _wrap_width(text, starts, ends, n_lines, counts)
    if width == 0:
        return n_lines
    n_paragraphs = 0
    for line in range(n_lines):
        continued = line > 0 and _continues(text, starts, ends, line, width)
        first, last = starts[line], ends[line]
        if continued:
            ends[n_paragraphs - 1] = last
        else:
            starts[n_paragraphs] = first
            ends[n_paragraphs] = last
            n_paragraphs += 1
    return n_paragraphs


@jit
def find_all(text, begins, ends, starts_out, ends_out, offsets):
    """Return how many stories' paragraphs were found: all, or fewer when the arrays are too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    begins, ends : (n_stories,) int64, each story's bytes
    starts_out, ends_out : (capacity,) int64, written; the paragraphs of one story after another
    offsets : (n_stories + 1,) int64, written
    """
    at = 0
    offsets[0] = 0
    counts = np.empty(WIDEST_WRAP + 1, np.int64)
    for story in range(begins.shape[0]):
        found = find_paragraphs(text, begins[story], ends[story], starts_out[at:], ends_out[at:], counts)
        if found < 0:
            return story
        at += found
        offsets[story + 1] = at
    return begins.shape[0]


@jit
def find_marked(text, offsets, marked):
    """Mark the pages that hold the mark of a head.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    offsets : (n_pages + 1,) int64, the bytes of each page
    marked : (n_pages,) bool, all False; written
    """
    page = 0
    for base in range(0, text.shape[0], SIZE):
        bits = _bar_bits(text, base) if base + SIZE <= text.shape[0] else ~_NONE
        while bits != _NONE:
            at = base + lowest(bits)
            bits &= bits - _ONE
            if _is_head_mark(text, at):
                while page < marked.shape[0] and offsets[page + 1] <= at:
                    page += 1
                if page < marked.shape[0] and at >= offsets[page]:
                    marked[page] = True


@leaf
def _is_head_mark(text, at):
    if at + _HEAD_MARK.shape[0] > text.shape[0]:
        return False
    equal = True
    for i in range(_HEAD_MARK.shape[0]):
        equal &= text[at + i] == _HEAD_MARK[i]
    return equal


@leaf
def _find_lines(text, begin, end, starts, ends):
    """Return the number of lines that are not blank, or -1 when the arrays are too short for them."""
    n_lines = 0
    first = begin
    for base in range(begin, end + 1, SIZE):
        bits = _break_bits(text, base) if base + SIZE <= text.shape[0] else _last_breaks(text, base)
        if end - base < SIZE:
            bits = bits & ((_ONE << np.uint64(end - base)) - _ONE) | _ONE << np.uint64(end - base)
        while bits != _NONE:
            stop = base + lowest(bits)
            bits &= bits - _ONE
            last = stop
            while first < last and _is_space(text, first, last) > 0:
                first += _is_space(text, first, last)
            while last > first and (text[last - 1] == _SPACE or text[last - 1] == _TAB):
                last -= 1
            if last > first:
                if n_lines >= starts.shape[0]:
                    return -1
                starts[n_lines] = first
                ends[n_lines] = last
                n_lines += 1
            first = stop + 1
    return n_lines


@leaf
def _last_breaks(text, base):
    """Return what `_break_bits` would where fewer bytes stand than it reads."""
    bits = _NONE
    for at in range(base, text.shape[0]):
        if text[at] == _NEWLINE or text[at] == _RETURN:
            bits |= _ONE << np.uint64(at - base)
    return bits


@leaf
def _is_space(text, at, end):
    """Return how many bytes of white space stand at a place: 0, 1, 2 (no-break space) or 3 (ideographic space)."""
    byte = text[at]
    if byte in (_SPACE, _TAB, np.uint8(11), np.uint8(12)):
        return 1
    if byte == np.uint8(0xC2) and at + 1 < end and text[at + 1] == np.uint8(0xA0):
        return 2
    if (
        byte == np.uint8(0xE3)
        and at + 2 < end
        and text[at + 1] == np.uint8(0x80)
        and text[at + 2] == np.uint8(0x80)
    ):
        return 3
    return 0


@leaf
def _first_word_end(text, begin, end):
    """Return where the first word of a line ends; a Han or kana character is a word."""
    if np.uint8(0xE3) <= text[begin] <= np.uint8(0xE9):
        return min(begin + 3, end)
    at = begin
    while at < end and text[at] != _SPACE and text[at] != _TAB:
        at += 1
    return at


@leaf
def _is_one_break(text, begin, end):
    """Return whether one line break stands between two lines; a carriage return with its newline is one."""
    if end - begin <= 2 and text[begin] == _NEWLINE:
        return end - begin == 1 or (text[end - 1] != _NEWLINE and text[end - 1] != _RETURN)
    count = 0
    for at in range(begin, end):
        if text[at] == _NEWLINE or (text[at] == _RETURN and text[at + 1] != _NEWLINE):
            count += 1
    return count == 1


@leaf
def _wrap_width(text, starts, ends, n_lines, counts):
    """Return the width in characters that the text is wrapped at by hand, 0 when it is not.

    The width is the 90th percentile of the lines that a single break ends.
    """
    n_single = 0
    for line in range(n_lines - 1):
        n_single += _is_one_break(text, ends[line], starts[line + 1])
    if n_single < LEAST_BREAKS:
        return 0
    n_wide = 0
    counts[:] = 0
    for line in range(n_lines - 1):
        if _is_one_break(text, ends[line], starts[line + 1]):
            length = characters_between(text, starts[line], ends[line])
            if length <= WIDEST_WRAP:
                counts[length] += 1
                continue
            n_wide += 1
            if n_wide * 4 > n_single:
                return 0
    wanted = (n_single - n_wide) * 9 // 10
    width = 0
    seen = counts[0]
    while width < WIDEST_WRAP and seen <= wanted:
        width += 1
        seen += counts[width]
    n_full = 0
    n_midway = 0
    for line in range(n_lines - 1):
        if _is_one_break(text, ends[line], starts[line + 1]):
            n_full += _reach(text, starts, ends, line) > width
            n_midway += not _ends_thought(text, starts[line], ends[line])
    wrapped = (
        width >= NARROWEST_WRAP and n_full >= LEAST_WRAPPED * n_single and n_midway >= LEAST_MIDWAY * n_single
    )
    return width if wrapped else 0


@leaf
def _reach(text, starts, ends, line):
    """Return how long a line would be with the next line's first word."""
    next_start = starts[line + 1]
    word_end = _first_word_end(text, next_start, ends[line + 1])
    return (
        characters_between(text, starts[line], ends[line])
        + 1
        + characters_between(text, next_start, word_end)
    )


@leaf
def _continues(text, starts, ends, line, width):
    """Return whether a line goes on with the paragraph of the line before it, in hard-wrapped text."""
    before = line - 1
    if not _is_one_break(text, ends[before], starts[line]):
        return False
    indent = starts[line]
    while indent > 0 and text[indent - 1] != _NEWLINE and text[indent - 1] != _RETURN:
        indent -= 1
    indented = starts[line] - indent >= 2
    return not indented and not (
        _ends_thought(text, starts[before], ends[before])
        and _reach(text, starts, ends, before) < CLEARLY_SHORT * width
    )


@leaf
def ends_sentence(text, begin, end):
    """Return whether the last character, closing quotes and brackets aside, ends a sentence of any script."""
    return _ends_with(_END, text, begin, end)


@leaf
def _ends_thought(text, begin, end):
    """Return whether a line ends a sentence, or announces one by a colon."""
    return _ends_with(_END | _COLON, text, begin, end)


@leaf
def _ends_with(wanted, text, begin, end):
    at = end
    while at > begin:
        before = at - 1
        while before > begin and text[before] & np.uint8(0xC0) == np.uint8(0x80):
            before -= 1
        byte = text[before]
        tells = _ASCII_TELLS[byte] if byte < _ASCII_END else _tells(decode(text, before, end)[0])
        if tells != _CLOSER:
            return tells & wanted != 0
        at = before
    return False


@leaf
def _tells(code):
    """Return what a character above ASCII says at the end of a line."""
    if _holds(_ENDS, code):
        return _END
    if _holds(_CLOSERS, code):
        return _CLOSER
    return _COLON if _holds(_COLONS, code) else 0


@leaf
def _holds(codes, code):
    found = False
    for i in range(codes.shape[0]):
        found |= codes[i] == code
    return found


@jit
def copy_first_lines(text, starts, ends, offsets, out):
    """Copy the first line of each story that is not blank, one behind the other.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_stories,) int64, bytes of `text`
    offsets : (n_stories + 1,) int32, all 0, written; the line of story i is `out[offsets[i]:offsets[i + 1]]`
    out : (capacity,) uint8, written
    """
    place = 0
    for story in range(starts.shape[0]):
        at, end = starts[story], ends[story]
        while at < end and (
            text[at] == _SPACE or text[at] == _NEWLINE or text[at] == _RETURN or text[at] == _TAB
        ):
            at += 1
        while at < end and text[at] != _NEWLINE:
            out[place] = text[at]
            place += 1
            at += 1
        offsets[story + 1] = place
