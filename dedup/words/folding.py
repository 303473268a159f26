"""What counts as a word: the table that folds each Unicode code point.

A text is folded code point by code point, to what `NFKD(casefold(NFKD(text)))` holds of letters, digits and the marks
that tell words apart (vowel signs, viramas, kana voicing); accents, points and invisible characters are dropped, and
all else separates words. Scripts without spaces (Han, kana, Thai, Lao, Khmer, Burmese) make one word per character.

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
N_CODE_POINTS = 0x34000  # the last assigned letters stand below; all above separates

SEPARATOR, LETTER, SINGLE, EXTENDER = range(4)
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
_IGNORABLE = ((0x034F, 0x034F), (0x180B, 0x180F), (0xFE00, 0xFE0F))  # joiner, variation selectors
_ZERO_WIDTH_SPACE = 0x200B
_DOTLESS_I = 0x0131


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
    decomposed = unicodedata.normalize("NFKD", chr(code_point))
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    kinds = [(_kind(ord(character)), ord(character)) for character in folded]
    return [
        (kind, ord("i") if folded == _DOTLESS_I else folded) if kind != SEPARATOR else (SEPARATOR, 0)
        for kind, folded in kinds
        if kind is not None
    ]


def _kind(code_point: int) -> int | None:
    category = unicodedata.category(chr(code_point))
    if category[0] in "LN":
        return SINGLE if _within(code_point, _ONE_WORD_PER_CHARACTER) else LETTER
    if category[0] == "M":
        dropped = category == "Me" or unicodedata.combining(chr(code_point)) in _DROPPED_CLASSES
        return None if dropped or _within(code_point, _IGNORABLE) else EXTENDER
    if category == "Cf" and code_point != _ZERO_WIDTH_SPACE:
        return None
    return SEPARATOR


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
