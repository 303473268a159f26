"""The loops over the slots of a form: which of them two texts fill alike."""

import numpy as np

from dedup.kernels import jit

_MIX = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint32(1)
_ZERO, _NINE = np.uint8(0x30), np.uint8(0x39)
_UPPER_A, _UPPER_Z = np.uint8(0x41), np.uint8(0x5A)
_FULL_STOP, _QUESTION, _EXCLAMATION, _COLON = np.uint8(0x2E), np.uint8(0x3F), np.uint8(0x21), np.uint8(0x3A)
_QUOTE, _BRACKET = np.uint8(0x22), np.uint8(0x28)
_NOT_ASCII = np.uint8(0x80)

NUMBERS, NAMES_TOO = 0, 1


@jit
def compare(gaps, words, spelled, kind):
    """Return how many slots of an edit stand for something else, and how many of our slots it holds.

    Slots only put in or left out do not count. A number is one whatever points and commas part it. Names count where
    an edit is nothing but slots, as many on either side: `EDS` for `Electronic Data Systems` is no other name.

    Parameters
    ----------
    gaps : first word and end of the edit in our text and in theirs
    words : ours and theirs, (n_words,) uint64
    spelled : for each side the text (n_bytes,) uint8, its origin in bytes, and starts and ends of the words
    kind : NUMBERS, or NAMES_TOO: words with a capital inside a sentence
    """
    a_only, edited = own(gaps[0], words[0], spelled[0], (gaps[1], words[1], spelled[1]), kind)
    b_only, _ = own(gaps[1], words[1], spelled[1], (gaps[0], words[0], spelled[0]), kind)
    counted = gaps[0][1] > gaps[0][0] and gaps[1][1] > gaps[1][0]
    if kind == NAMES_TOO:
        pure = _only_slots(gaps[0], spelled[0]) and _only_slots(gaps[1], spelled[1])
        counted = counted and pure and a_only == b_only
    return max(a_only, b_only) if counted else 0, edited


@jit
def _only_slots(gap, side):
    only = True
    for i in range(gap[0], gap[1]):
        only &= is_slot(side, i, NAMES_TOO) or goes_on(side, i)
    return only


@jit
def count(first, last, side, kind):
    """Return how many slots stand among some words."""
    n_slots = 0
    for i in range(first, last):
        n_slots += is_slot(side, i, kind)
    return n_slots


@jit
def is_slot(side, word, kind):
    """Return whether a word begins a number, or is a name where names are asked for."""
    if is_number(side, word):
        return not goes_on(side, word)
    return kind == NAMES_TOO and is_name(side, word)


@jit
def is_number(side, word):
    """Return whether a word begins with a digit."""
    byte = side[0][side[1] + np.int64(side[2][word])]
    return _ZERO <= byte <= _NINE


@jit
def goes_on(side, word):
    """Return whether a word goes on with the number before it, as in 5,213.70 or 30-31."""
    if word == 0 or not is_number(side, word) or not is_number(side, word - 1):
        return False
    return side[2][word] - side[3][word - 1] == _ONE


@jit
def is_name(side, word):
    """Return whether a word begins with a capital (of ASCII) and follows another word of its sentence."""
    text = side[0]
    at = side[1] + np.int64(side[2][word])
    if word == 0 or not _UPPER_A <= text[at] <= _UPPER_Z:
        return False
    before = side[1] + np.int64(side[3][word - 1])
    for i in range(before, at):
        byte = text[i]
        if byte in (_FULL_STOP, _QUESTION, _EXCLAMATION, _COLON, _QUOTE, _BRACKET) or byte >= _NOT_ASCII:
            return False
    return True


@jit
def compare_whole(words, spelled):
    """Return how many slots of two whole texts stand in both, and in one of them only: that which has more."""
    ours, theirs = (0, words[0].shape[0]), (0, words[1].shape[0])
    a_only, n_slots = own(ours, words[0], spelled[0], (theirs, words[1], spelled[1]), NAMES_TOO)
    b_only, _ = own(theirs, words[1], spelled[1], (ours, words[0], spelled[0]), NAMES_TOO)
    return n_slots - a_only, max(a_only, b_only)


@jit
def own(gap, words, side, other, kind):
    """Return how many slots one side of an edit holds that the other does not, and how many it holds."""
    n_own, n_slots = 0, 0
    i = gap[0]
    if i < gap[1] and goes_on(side, i):
        n_own += 1
        n_slots += 1
    while i < gap[1]:
        if is_slot(side, i, kind):
            n_slots += 1
            n_own += not _holds(other, _slot(words, side, i))
        i += 1
    return n_own, n_slots


@jit
def _holds(other, slot):
    """Return whether the other side has a number or a word, whatever its case, that fills a slot alike."""
    gap, words, side = other
    found = False
    for j in range(gap[0], gap[1]):
        if not goes_on(side, j):
            found |= _slot(words, side, j) == slot
    return found


@jit
def _slot(words, side, i):
    """Return a hash of the whole number or the name that begins with a word."""
    slot = words[i]
    while i + 1 < words.shape[0] and goes_on(side, i + 1):
        i += 1
        slot = slot * _MIX + words[i]
    return slot
