"""What counts as a word: the table that folds each Unicode code point.

A text is folded code point by code point, to what `NFKD(casefold(NFKD(text)))` holds of letters, digits and the marks
that tell words apart (vowel signs, viramas, kana voicing); accents, points and invisible characters are dropped, and
all else separates words. Digits of any script are those of ASCII. Letters that one writer or keyboard sets for
another are one: `FOLDED_TOO` lists them. Scripts without spaces (Han, kana, Thai, Lao, Khmer, Burmese) make one word
per character, with the marks, and the stacked consonants of Khmer and Burmese, that belong to it.

The table is shipped (`folding.npz`) rather than built from `unicodedata`, so that signatures and ids do not depend on
the Unicode version of the Python that runs. `python -m dedup.words.folding` makes it anew.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

PATH = Path(__file__).with_name("folding.npz")
N_CODE_POINTS = 0x34000  # the last assigned letters stand below; what stands above separates, ...
ATTACHED_ABOVE = (0xE0000, 0xE0FFF)  # ... but for variation selectors and tags

# A linker is an extender after which a single character goes on with the word; an attached one has no part in the
# word, but its bytes have.
SEPARATOR, LETTER, SINGLE, EXTENDER, LINKER, ATTACHED = range(6)
KIND_SHIFT = 21  # an entry is a kind over a code point; code points have 21 bits
EXPANSION = 1 << 31  # flags an entry that stands for several: a count over a place in `expansions`
COUNT_SHIFT = 16

_ONE_WORD_PER_CHARACTER = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # Han radicals
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3031, 0x3035),
    (0x3038, 0x303C),
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xA9E0, 0xA9FF),  # Burmese, extended
    (0xAA60, 0xAA7F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x33FFF),
)
_DROPPED_CLASSES = (1, *range(10, 37), *range(200, 256))  # overlays, Hebrew and Arabic points, accents
_IGNORABLE = (
    (0x034F, 0x034F),  # grapheme joiner
    (0x093C, 0x093C),  # Devanagari nukta
    (0x115F, 0x1160),  # fillers of Hangul
    (0x17B4, 0x17B5),  # inherent vowels of Khmer
    (0x180B, 0x180D),  # variation selectors
    (0x180F, 0x180F),
    (0xFE00, 0xFE0F),
    (0x0640, 0x0640),  # lengthened lines of Arabic and N'Ko
    (0x07FA, 0x07FA),
)
_JOINERS = (0x200C, 0x200D)
_ZERO_WIDTH_SPACE = 0x200B
_LINKERS = (0x1039, 0x17D2)  # Burmese virama, Khmer coeng: the next consonant stands below
_FOLLOWING = (0x0E32, 0x0EB2)  # Thai and Lao aa: the second half of am, which no edge may cut
_APOSTROPHES = frozenset("\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02ee\ua78b\ua78c")
_SPACED_MARKS = "\u309b\u309c"  # kana voicing that stands alone

FOLDED_TOO = {
    # Latin, where ASCII or a typewriter had no other
    "\u0131": "i",  # dotless
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    # Arabic: alef with a mark of its own, dotless and Persian yeh, Persian kaf, teh marbuta and the forms of heh
    "\u0671": "\u0627",
    "\u0649": "\u064a",
    "\u06cc": "\u064a",
    "\u06a9": "\u0643",
    "\u06aa": "\u0643",
    "\u0629": "\u0647",
    "\u06c1": "\u0647",
    "\u06c3": "\u0647",
    "\u06d5": "\u0647",
    # Yiddish digraphs
    "\u05f0": "\u05d5\u05d5",
    "\u05f1": "\u05d5\u05d9",
    "\u05f2": "\u05d9\u05d9",
    # Devanagari: the moon over a vowel as the dot
    "\u0901": "\u0902",
    # Bengali khanda ta and Malayalam chillu letters, once written with a virama and a joiner
    "\u09ce": "\u09a4\u09cd",
    "\u0d7a": "\u0d23\u0d4d",
    "\u0d7b": "\u0d28\u0d4d",
    "\u0d7c": "\u0d30\u0d4d",
    "\u0d7d": "\u0d32\u0d4d",
    "\u0d7e": "\u0d33\u0d4d",
    "\u0d7f": "\u0d15\u0d4d",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """The folding of each code point, as the kernels read it.

    Parameters
    ----------
    entries : (N_CODE_POINTS,) uint32; kind over code point, or EXPANSION with count and place
    expansions : (n,) uint32; kind over code point
    """

    entries: NDArray[np.uint32]
    expansions: NDArray[np.uint32]


@functools.cache
def table() -> Table:
    """Return the shipped table.

    >>> table().entries.shape
    (212992,)
    """
    import numpy as np

    with np.load(PATH) as stored:
        return Table(stored["entries"], stored["expansions"])


def fold_code_point(code_point: int) -> list[tuple[int, int]]:
    """Return kind and code point of each character that a code point folds to.

    >>> [(kind, chr(folded)) for kind, folded in fold_code_point(ord("É"))]
    [(1, 'e')]
    >>> [(kind, chr(folded)) for kind, folded in fold_code_point(ord("ß"))]
    [(1, 's'), (1, 's')]
    """
    character = chr(code_point)
    decomposed = unicodedata.normalize("NFKD", character)
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    if unicodedata.category(character)[0] == "L" or character in _SPACED_MARKS:
        folded = folded.lstrip(" ")  # a mark that stands alone, as text in old Arabic fonts has them
    kept = [_packed(letter) for part in folded for letter in FOLDED_TOO.get(part, part)]
    told = [each for each in kept if each is not None and each[0] != ATTACHED]
    return told if told or None in kept else [(ATTACHED, 0)]


def _packed(letter: str) -> tuple[int, int] | None:
    kind = _kind(ord(letter))
    if kind in (SEPARATOR, ATTACHED):
        return kind, 0
    digit = unicodedata.decimal(letter, None)
    return None if kind is None else (kind, ord(letter) if digit is None else ord("0") + digit)


def _kind(code_point: int) -> int | None:
    """Return the kind of a folded code point, None when it leaves no trace."""
    letter = chr(code_point)
    category = unicodedata.category(letter)
    if _within(code_point, _IGNORABLE) or code_point in _JOINERS:
        return ATTACHED
    if code_point in (*_LINKERS, *_FOLLOWING):
        return LINKER if code_point in _LINKERS else EXTENDER
    if category[0] in "LN" and letter not in _APOSTROPHES:
        is_single = category != "Nd" and _within(code_point, _ONE_WORD_PER_CHARACTER)
        return SINGLE if is_single else LETTER
    if category[0] == "M":
        dropped = category == "Me" or unicodedata.combining(letter) in _DROPPED_CLASSES
        return ATTACHED if dropped else EXTENDER
    return None if category == "Cf" and code_point != _ZERO_WIDTH_SPACE else SEPARATOR


def _within(code_point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code_point <= last for first, last in ranges)


def _surrogate(code_point: int) -> bool:
    return 0xD800 <= code_point <= 0xDFFF  # noqa: PLR2004  (no UTF-8 text holds one)


def _entries(expansions: list[int]) -> Iterator[int]:
    for code_point in range(N_CODE_POINTS):
        folded = [] if _surrogate(code_point) else fold_code_point(code_point)
        packed = [kind << KIND_SHIFT | folded_to for kind, folded_to in folded]
        if len(packed) == 1:
            yield packed[0]
        else:
            yield EXPANSION | len(packed) << COUNT_SHIFT | len(expansions)
            expansions.extend(packed)


def build() -> Table:
    """Return the table as this Python's Unicode data gives it."""
    import numpy as np

    expansions: list[int] = []
    entries = np.fromiter(_entries(expansions), dtype=np.uint32, count=N_CODE_POINTS)
    return Table(entries, np.array(expansions, dtype=np.uint32))


if __name__ == "__main__":
    import numpy as np

    made = build()
    np.savez_compressed(
        PATH, entries=made.entries, expansions=made.expansions, unicode=unicodedata.unidata_version
    )
    sys.stdout.write(f"{PATH.name}: Unicode {unicodedata.unidata_version}, {PATH.stat().st_size} bytes\n")
