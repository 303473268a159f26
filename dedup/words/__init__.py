"""Words and shingles: what a text consists of for every stage that compares texts.

`folding` says what a word is, `kernels` finds words and shingles in UTF-8 bytes. This stands on the ground level,
because text, sketching, matching and reporting must mean the same by a word.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in order.

    Parameters
    ----------
    hashes : (n_words,) uint64; equal for words that fold to the same letters
    starts, ends : (n_words,) int64; each word's bytes in the buffer it was read from
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.hashes)


def find(text: NDArray[np.uint8], begin: int, end: int) -> Words:
    """Return the words of `text[begin:end]`.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8

    >>> import numpy as np
    >>> text = np.frombuffer("“Straße” – STRASSE".encode(), np.uint8)
    >>> words = find(text, 0, len(text))
    >>> bool(words.hashes[0] == words.hashes[1])
    True
    >>> text[words.starts[0] : words.ends[0]].tobytes().decode()
    'Straße'
    """
    from dedup.words import kernels

    table = folding.table()
    capacity = (end - begin) // 2 + 2
    while True:
        hashes = np.empty(capacity, np.uint64)
        starts = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        n_words = kernels.hash_words(text, begin, end, table.entries, table.expansions, hashes, starts, ends)
        if n_words >= 0:
            return Words(hashes[:n_words], starts[:n_words], ends[:n_words])
        capacity *= 4  # only characters that stand for several words, such as ligatures of whole phrases


def characters_per_word(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many of the words counted here make a word of each text's language, (n_texts,) int64.

    It is 1 where words are written apart, about 2 for Han and kana, and about 4 for Thai, Lao, Burmese and Khmer.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_texts,) int64, bytes of `text`

    >>> import numpy as np
    >>> text = np.frombuffer("新しい知事が決まる".encode(), np.uint8)
    >>> characters_per_word(text, np.array([0]), np.array([len(text)])).tolist()
    [2]
    """
    from dedup.words import kernels

    characters = np.empty(len(starts), np.int64)
    kernels.measure_words(text, starts, ends, characters)
    return characters
