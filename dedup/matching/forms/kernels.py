"""The loops over the slots of a form: which of them two texts fill alike.

A side of a pair is its words (n_words,) uint32, their marks (n_words,) uint8, and in bytes their starts (n_words,)
uint32, from the story's start, and lengths (n_words,) uint16.
"""

import numpy as np

from dedup.kernels import leaf
from dedup.matching.hashing.kernels import GOES_ON, NAME, NUMBER

_MIX = np.uint64(0x9E3779B97F4A7C15)

NUMBERS = NUMBER
NAMES_TOO = np.uint8(NUMBER | NAME)
ANY = np.uint8(NUMBER | NAME | GOES_ON)


@leaf
def compare(gaps, ours, theirs, kind):
    """Return how many slots of an edit stand for something else, and how many of our slots it holds.

    Slots only put in or left out do not count. A number is one whatever points and commas part it. Names count where
    an edit is nothing but slots, as many on either side: `EDS` for `Electronic Data Systems` is no other name.

    Parameters
    ----------
    gaps : first word and end of the edit in our text, then in theirs
    kind : NUMBERS, or NAMES_TOO: words with a capital inside a sentence
    """
    a_first, a_last, b_first, b_last = gaps
    a_only, edited, a_pure = own(ours, a_first, a_last, theirs, b_first, b_last, kind)
    b_only, _, b_pure = own(theirs, b_first, b_last, ours, a_first, a_last, kind)
    counted = a_last > a_first and b_last > b_first
    if kind == NAMES_TOO:
        counted = counted and a_pure and b_pure and a_only == b_only
    return max(a_only, b_only) if counted else 0, edited


@leaf
def count(first, last, marks, kind):
    """Return how many slots stand among some words."""
    n_slots = 0
    for i in range(first, last):
        n_slots += (marks[i] & kind) != 0
    return n_slots


@leaf
def compare_whole(ours, theirs):
    """Return how many slots of two whole texts stand in both, and in one of them only: that which has more."""
    n_ours, n_theirs = ours[0].shape[0], theirs[0].shape[0]
    a_only, n_slots, _ = own(ours, 0, n_ours, theirs, 0, n_theirs, NAMES_TOO)
    b_only, _, _ = own(theirs, 0, n_theirs, ours, 0, n_ours, NAMES_TOO)
    return n_slots - a_only, max(a_only, b_only)


@leaf
def own(side, first, last, other, other_first, other_last, kind):
    """Return how many slots one side of an edit has that the other lacks, how many it has, and if it is all slots."""
    words, marks = side[0], side[1]
    n_own, n_slots, pure = 0, 0, True
    if first < last and (marks[first] & GOES_ON) != 0:
        n_own += 1
        n_slots += 1
    for i in range(first, last):
        pure &= (marks[i] & ANY) != 0
        if (marks[i] & kind) != 0:
            n_slots += 1
            slot = _slot(words, marks, i)
            found = False
            for j in range(other_first, other_last):
                if (other[1][j] & GOES_ON) == 0:
                    found |= _slot(other[0], other[1], j) == slot
            n_own += not found
    return n_own, n_slots, pure


@leaf
def _slot(words, marks, i):
    """Return a hash of the whole number or the name that begins with a word."""
    slot = np.uint64(words[i])
    while i + 1 < words.shape[0] and (marks[i + 1] & GOES_ON) != 0:
        i += 1
        slot = slot * _MIX + np.uint64(words[i])
    return slot
