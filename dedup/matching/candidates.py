"""Candidate pairs: articles that share a key of one of the indexes.

- The index of sampled shingles (FracMinHash: the hash alone decides; with one of each paragraph at least, and denser
  in short texts) finds copies, excerpts and partial reuse.
- MinHash-LSH over paragraphs finds articles that share a near-equal paragraph.
- Short texts share runs of three words.
- MinHash-LSH over articles (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4) finds near-duplicates at
  a fixed number of keys per article. Sampled shingles find all of these too: it is asked for comparison only.

Keys are taken in parts, so that memory is bounded, and parts are independent of each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, scratch
from dedup.matching import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records

MOST_ENTRIES = 16_000_000  # keys that are sorted at once, about
PAIRS_AT_ONCE = 2_000_000  # that are sorted before repeats are dropped
_SHORT_SHINGLE_WORDS = 3


def n_parts(n_keys: int) -> int:
    """Return into how many parts so many keys are taken, a power of two.

    >>> n_parts(1_000), n_parts(40_000_000)
    (1, 4)
    """
    return 1 << (n_keys // MOST_ENTRIES).bit_length()


def from_bands(
    signatures_keys: NDArray[np.uint32], articles: NDArray[np.int64], most: int
) -> NDArray[np.uint64]:
    """Return the different pairs that agree in a band, as `a << 32 | b` with a < b, sorted.

    Parameters
    ----------
    signatures_keys : (n_articles, bands) uint32, the key of each band
    articles : (n,) int64, the articles that take part
    most : a bucket of more articles gives pairs with its first article only
    """
    found = np.empty(0, np.uint64)
    pairs, spare = (np.empty(_most_pairs(most, len(articles)), np.uint64) for _ in range(2))
    for band in range(signatures_keys.shape[1]):
        entries = packing.pack(signatures_keys[articles, band], articles)
        packing.sort(entries, by_high=True, spare=spare)
        found = unite(found, _pairs(entries, most, pairs, spare))
    return found


def from_keys(
    keys: records.Rows,
    articles: NDArray[np.int64],
    most: int,
    part: int = 0,
    parts: int = 1,
    room: scratch.Scratch | None = None,
) -> NDArray[np.uint64]:
    """Return the different pairs that share a key, as `a << 32 | b` with a < b, sorted.

    Parameters
    ----------
    keys : rows of uint32, one for each of the articles; best as they stand in memory
    articles : (n,) int64, those that take part
    most : a key that more articles hold gives pairs with its least article only
    part, parts : of the keys that are parted into so many parts, this one
    room : what is sorted stands in it; None for new memory

    >>> from dedup.records import Rows
    >>> keys = Rows(np.array([7, 9, 7], np.uint32), np.array([0, 2]), np.array([2, 3]))
    >>> from_keys(keys, np.arange(2), most=10).tolist()
    [1]
    """
    from dedup.matching import kernels

    room = room or scratch.Scratch()
    n_keys = int(keys.lengths.sum())
    capacity = n_keys // parts + n_keys // (4 * parts) + 1024
    while True:
        entries = room.take(capacity, np.uint64)
        n_entries = kernels.collect(keys.columns, articles, part, parts, entries)
        if n_entries <= capacity:
            break
        capacity = n_entries
    entries = entries[:n_entries]
    pairs = room.take(_most_pairs(most, len(articles)), np.uint64)
    spare = room.take(max(n_entries, len(pairs)), np.uint64)
    packing.sort(entries, by_high=True, spare=spare)
    return _pairs(entries, most, pairs, spare)


def from_short_texts(
    text: NDArray[np.uint8], located: hashing.Located, articles: NDArray[np.int64], most: int
) -> NDArray[np.uint64]:
    """Return the pairs of short texts that share two runs of three words, as `a << 32 | b` with a < b, sorted.

    Short texts have too few shingles for samples and bands.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    articles : (n,) int64, the short ones
    most : a run of words that more articles hold gives pairs with its first article only
    """
    from dedup.matching import kernels

    hashed = hashing.hash_words(text, located, articles, _SHORT_SHINGLE_WORDS)
    owners = np.repeat(articles, np.diff(hashed.offsets))
    shingles = hashed.words.shingles
    begun = shingles != 0
    entries = packing.pack(shingles[begun], owners[begun])
    packing.sort(entries, by_high=True)
    entries = entries[: kernels.drop_repeats(entries)]
    parts = []
    begin = 0
    while begin < len(entries):
        room = np.empty(_most_pairs(most, len(articles)), np.uint64)
        begin, n_pairs = kernels.emit_pairs(entries, begin, most, room)
        parts.append(room[:n_pairs])
    pairs = np.concatenate([np.empty(0, np.uint64), *parts])
    packing.sort(pairs)
    twice: NDArray[np.uint64] = pairs[1:][pairs[1:] == pairs[:-1]]
    return twice[: kernels.drop_repeats(twice)]


def unite(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the different values of two sorted arrays of different values, sorted."""
    from dedup.matching import kernels

    if len(left) == 0 or len(right) == 0:
        return right if len(left) == 0 else left
    united = np.empty(len(left) + len(right), np.uint64)
    n_united: int = kernels.unite(left, right, united)
    return united[:n_united]


def _pairs(
    entries: NDArray[np.uint64], most: int, room: NDArray[np.uint64], spare: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Return the different pairs of articles that share a key, sorted; entries of one key stand together.

    Parameters
    ----------
    room, spare : (capacity,) uint64, any content; with room for the pairs of one key at least
    """
    from dedup.matching import kernels

    found = np.empty(0, np.uint64)
    begin = 0
    while begin < len(entries):
        begin, n_pairs = kernels.emit_pairs(entries, begin, most, room)
        pairs = room[:n_pairs]
        packing.sort(pairs, spare=spare)
        found = unite(found, pairs[: kernels.drop_repeats(pairs)].copy())
    return found


def _most_pairs(most: int, n_articles: int) -> int:
    """Return how many pairs are made at once: those of any one key at least."""
    most = min(most, n_articles)
    return max(PAIRS_AT_ONCE, most * (most - 1) // 2, n_articles)
