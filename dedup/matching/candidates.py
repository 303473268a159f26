"""Candidate pairs: articles that share a key of one of the indexes.

- MinHash-LSH over articles finds near-duplicates at a fixed number of keys per article (Leskovec, Rajaraman and
  Ullman, Mining of Massive Datasets, 3.4), with a low-threshold banding, since every candidate is verified.
- MinHash-LSH over paragraphs finds articles that share a near-equal paragraph.
- The index of sampled shingles (FracMinHash: the hash alone decides; with one of each paragraph at least) finds
  excerpts and partial reuse.
- Short texts share runs of three words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.matching import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records

_SHORT_SHINGLE_WORDS = 3


def from_bands(
    signatures_keys: NDArray[np.uint32], articles: NDArray[np.int64], most: int
) -> NDArray[np.uint64]:
    """Return the pairs that agree in a band, as `a << 32 | b` with a < b; they may repeat.

    Parameters
    ----------
    signatures_keys : (n_articles, bands) uint32, the key of each band
    articles : (n,) int64, the articles that take part
    most : a bucket of more articles gives pairs with its first article only
    """
    found = [
        _pairs(_entries(signatures_keys[articles, band], articles), most)
        for band in range(signatures_keys.shape[1])
    ]
    return np.concatenate([np.empty(0, np.uint64), *found])


def from_keys(keys: records.Ragged, articles: NDArray[np.int64], most: int) -> NDArray[np.uint64]:
    """Return the pairs that share a key, as `a << 32 | b` with a < b; they may repeat.

    Parameters
    ----------
    keys : rows of uint32, one row for each article of the archive
    articles : (n,) int64, the articles that take part
    most : a key that more articles hold gives pairs with its first article only

    >>> from dedup.records import Ragged
    >>> keys = Ragged(np.array([7, 9, 7], np.uint32), np.array([0, 2, 3]))
    >>> from_keys(keys, np.array([0, 1]), most=10).tolist()
    [1]
    """
    wanted = np.zeros(len(keys), bool)
    wanted[articles] = True
    lengths = np.diff(keys.offsets)
    owners = np.repeat(np.arange(len(keys)), lengths)
    chosen = wanted[owners]
    return _pairs(_entries(keys.values[chosen], owners[chosen]), most)


def from_short_texts(
    text: NDArray[np.uint8], located: hashing.Located, articles: NDArray[np.int64], most: int
) -> NDArray[np.uint64]:
    """Return the pairs of short texts that share two runs of three words, as `a << 32 | b` with a < b.

    Short texts have too few shingles for samples and bands.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    articles : (n,) int64, the short ones
    most : a run of words that more articles hold gives pairs with its first article only
    """
    hashed = hashing.hash_words(text, located, articles, _SHORT_SHINGLE_WORDS)
    owners = np.repeat(articles, np.diff(hashed.offsets))
    begun = hashed.shingles != 0
    entries = _entries(hashed.shingles[begun], owners[begun])
    pairs = _pairs(merge([entries]), most)
    pairs.sort()
    twice: NDArray[np.uint64] = pairs[1:][pairs[1:] == pairs[:-1]]
    return twice


def merge(parts: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the different values of several arrays, sorted."""
    from dedup.matching import kernels

    values = np.concatenate([np.empty(0, np.uint64), *parts])
    values.sort()
    return values[: kernels.drop_repeats(values)]


def _entries(keys: NDArray[np.uint32], articles: NDArray[np.int64]) -> NDArray[np.uint64]:
    entries = packing.pack(keys, articles)
    entries.sort()
    return entries


def _pairs(entries: NDArray[np.uint64], most: int) -> NDArray[np.uint64]:
    from dedup.matching import kernels

    pairs = np.empty(kernels.count_pairs(entries, most), np.uint64)
    kernels.emit_pairs(entries, most, pairs)
    return pairs
