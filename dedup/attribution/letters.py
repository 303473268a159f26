"""What the first code points are, as a dateline reads them: capitals, small letters, parts of words."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_LETTERS = 0x600
"""Code points from here on are no capital that a dateline knows: Arabic, Han, and whatever else has no case."""
UPPER, LOWER, LETTER = 1, 2, 4
CAPITALS = "A-Z" + "".join(filter(str.isupper, map(chr, range(0x80, N_LETTERS))))
"""The capitals that begin a place, as a class of a regular expression."""


@functools.cache
def classes() -> NDArray[np.uint8]:
    """Return for each of the first code points whether it is UPPER, LOWER, or a LETTER of a word; bits of a uint8.

    >>> table = classes()
    >>> [int(table[ord(letter)]) for letter in "Ra(Я"]
    [5, 6, 0, 5]
    """
    table = np.zeros(N_LETTERS, np.uint8)
    upper, letter = re.compile(f"[{CAPITALS}]"), re.compile(r"[^\W_]")
    for code in range(N_LETTERS):
        character = chr(code)
        table[code] |= UPPER if upper.match(character) else 0
        table[code] |= LOWER if character.islower() else 0
        table[code] |= LETTER if letter.match(character) else 0
    return table
