"""The loops over what stands between words: whether a sentence, a quotation or a paragraph ends or begins there."""

import numpy as np

from dedup.kernels import jit

_TAB, _LINE_FEED, _RETURN, _SPACE = np.uint8(0x09), np.uint8(0x0A), np.uint8(0x0D), np.uint8(0x20)
_QUOTE, _COMMA, _STOP, _COLON = np.uint8(0x22), np.uint8(0x2C), np.uint8(0x2E), np.uint8(0x3A)
_EXCLAMATION, _QUESTION = np.uint8(0x21), np.uint8(0x3F)
_LOWER_A, _LOWER_Z, _UPPER_A, _UPPER_Z = np.uint8(0x61), np.uint8(0x7A), np.uint8(0x41), np.uint8(0x5A)
_ASCII_END = np.uint8(0x80)
_SHORT_LINE, _LONG_LINE = 40, 100  # bytes; lines between are taken for those of a hard-wrapped paragraph
_LONGEST_TITLE = 3  # letters: `Mr.` and `Gov.` end no sentence

OPENS, CLOSES, _NEITHER = np.uint8(1), np.uint8(2), np.uint8(0)


@jit
def mark_edges(text, begin, first, stop, n_words, far, starts, ends, edges):
    """Return the last word up to the first one that opens something whole; write what ends and begins at which words.

    Written are the edges from there to where something whole ends, at some words' end or behind it. What is farther
    off is not looked at.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    begin : where the words' segment begins
    first, stop : the first word, and the end of the words
    n_words : of the segment
    far : how many words are looked at before and behind
    starts, ends : (n_words,) int64, the bytes of each word
    edges : (n_words,) uint8, written, OPENS and CLOSES
    """
    word = first + 1
    while word < n_words and word - stop < far:
        edges[word] = _edges(text, begin, word, starts, ends)
        if word >= stop and edges[word] & CLOSES:
            break
        word += 1
    word = first
    while word >= 0 and first - word <= far:
        if _edges(text, begin, word, starts, ends) & OPENS:
            return word
        word -= 1
    return word


@jit
def _edges(text, begin, word, starts, ends):
    """Return whether something whole ends before a word and whether something opens with it, OPENS and CLOSES.

    That is a sentence, a quotation or a paragraph. A paragraph ends at a blank line, before an indented one, and at
    the end of a line that is not of the length of hard-wrapped ones. A full stop after one letter or after a short
    title ends no sentence, nor does one before a lower-case letter.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    begin : where the words' segment begins
    starts, ends : (>= word,) int64, the bytes of each word
    """
    if word == 0:
        return OPENS | CLOSES
    first, last = ends[word - 1], starts[word]
    if last == first + 1 and text[first] == _SPACE:
        return _NEITHER
    stopped, ended, pointed, spaced, broken, opens, closes = False, False, False, False, False, False, False
    n_breaks, n_spaces, line = 0, 0, begin
    for at in range(first, last):
        byte = text[at]
        if byte == _LINE_FEED:
            if n_breaks == 0:
                line = _line_begin(text, begin, starts[0], at)
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
    ended = spaced and capital and (ended or (stopped and not _is_title(text, starts[word - 1], first)))
    if broken or ended:
        return OPENS | CLOSES
    if pointed and spaced:
        return (OPENS if opens else _NEITHER) | (CLOSES if closes else _NEITHER)
    return _NEITHER


@jit
def _line_begin(text, begin, first_word, at):
    """Return where the line begins that ends at a place, or a place before that makes it a long one.

    What stands before the first word belongs to its line.
    """
    line = at
    while line > first_word and at - line <= _LONG_LINE:
        if text[line - 1] == _LINE_FEED:
            return line
        line -= 1
    return begin if line <= first_word else line


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
