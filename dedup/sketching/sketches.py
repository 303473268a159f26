"""The sketches of stories: marks, tails and digest of their shingles, samples, paragraph keys, and signatures."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datasketch
    from numpy.typing import NDArray

    from dedup import records


@dataclasses.dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of some stories, row by row; rows of different lengths stand anywhere in memory.

    Parameters
    ----------
    n_words : (n_stories,) int64, words of the live segments
    digests : (n_stories,) uint64, equal for equal shingles in equal order
    signatures : (n_stories, n_permutations) uint32, equal to datasketch's affine32 over the shingles; (n_stories, 0)
        where the settings ask for no bands
    marks : rows of uint16, the high bits of each shingle in the order of the text, segment after segment
    tails : rows of uint8, the four bits of each shingle below its mark, two in a byte: the first in the lower half
    samples : rows of uint32, sorted and different: the shingles of the excerpt index
    paragraph_keys : rows of uint32, sorted and different: band keys of the paragraphs' signatures
    """

    n_words: NDArray[np.int64]
    digests: NDArray[np.uint64]
    signatures: NDArray[np.uint32]
    marks: records.Rows
    tails: records.Rows
    samples: records.Rows
    paragraph_keys: records.Rows

    @property
    def n_shingles(self) -> NDArray[np.int64]:
        """Return how many shingles each story has, repeats among them, (n_stories,) int64."""
        return self.marks.lengths

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.n_words)


@functools.cache
def permutations(n_permutations: int, seed: int) -> NDArray[np.uint32]:
    """Return multipliers and addends of datasketch's affine32 permutations, (2, n_permutations) uint32.

    They come from NumPy's legacy generator in datasketch's own order (`MinHash._init_permutations`, 2.0.0); a test
    compares the two.

    >>> permutations(2, 1)[0] % 2
    array([1, 1], dtype=uint32)
    """
    generator = np.random.RandomState(seed)
    halves = generator.randint(0, 1 << 31, n_permutations, dtype=np.uint32)
    addends = generator.randint(0, 1 << 32, n_permutations, dtype=np.uint32)
    return np.array([halves * np.uint32(2) + np.uint32(1), addends])


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint32]:
    """Return the 32-bit key of each band of each signature, (n_stories, bands) uint32."""
    from dedup.sketching import kernels

    keys = np.empty((len(signatures), bands), np.uint32)
    kernels.band_keys(signatures, bands, rows, keys)
    return keys


def to_datasketch(signature: NDArray[np.uint32], seed: int = 1) -> datasketch.LeanMinHash:
    """Return a signature as datasketch's own, for its LSH classes.

    Parameters
    ----------
    signature : (n_permutations,) uint32
    seed : the seed of the permutations, `Settings.permutation_seed`

    >>> to_datasketch(np.arange(128, dtype=np.uint32)).scheme
    'affine32'
    """
    import datasketch

    return datasketch.LeanMinHash(seed=seed, hashvalues=signature, scheme="affine32")
