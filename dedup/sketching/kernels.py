"""The loops from the UTF-8 of a story to its shingles, signature, samples and paragraph keys.

Shingle hashes have 32 bits; a signature is datasketch's `MinHash(scheme="affine32")` over them, bit for bit.
"""

import numpy as np

from dedup.kernels import jit
from dedup.words import kernels as words_kernels

_BASE = np.uint64(0xD6E8FEB86659FD93)
_MIX = np.uint64(0x94D049BB133111EB)
_HALF = np.uint64(32)
_LARGEST = np.uint32(0xFFFFFFFF)
_TWO = np.uint64(2)
_MOST_BUCKET_BITS = 16


@jit
def mix(shingles, n_shingles, mixed):
    """Write the 32-bit MurmurHash3 finalizer of each shingle: datasketch's first step."""
    for i in range(n_shingles):
        h = shingles[i]
        h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        mixed[i] = h ^ (h >> np.uint32(16))


@jit
def sign(mixed, begin, end, multipliers, addends, signature):
    """Write the least value of each permutation over `mixed[begin:end]`; the loop over the shingles vectorises.

    Parameters
    ----------
    mixed : (n_shingles,) uint32
    multipliers, addends : (n_permutations,) uint32
    signature : (>= n_permutations of those used,) uint32, written
    """
    for p in range(signature.shape[0]):
        multiplier = multipliers[p]
        addend = addends[p]
        least = _LARGEST
        for i in range(begin, end):
            value = np.uint32(mixed[i] * multiplier + addend)
            least = min(least, value)
        signature[p] = least


@jit
def band_key(signature, band, rows):
    """Return the 32-bit key of one band of a signature."""
    key = np.uint64(band + 1)
    for row in range(rows):
        key = (key ^ np.uint64(signature[band * rows + row])) * _MIX
        key ^= key >> _HALF
    return np.uint32(key * _BASE >> _HALF)


@jit
def sort_unique(values, n_values, spare, counts):
    """Return the number of different values, sorted in place at the front of `values`.

    The values are hashes, so their top bits spread them evenly over as many buckets as there are values: one pass
    scatters them, and an insertion sort ends the little that is left.

    Parameters
    ----------
    values, spare : (>= n_values,) uint32
    counts : (2^16 + 1,) int32, any content
    """
    bits = 0
    while bits < _MOST_BUCKET_BITS and 1 << bits < n_values:
        bits += 1
    if bits > 0:
        shift = np.uint32(32 - bits)
        counts[: (1 << bits) + 1] = 0
        for i in range(n_values):
            counts[(values[i] >> shift) + np.uint32(1)] += 1
        for i in range(1 << bits):
            counts[i + 1] += counts[i]
        for i in range(n_values):
            bucket = values[i] >> shift
            spare[counts[bucket]] = values[i]
            counts[bucket] += 1
        n_unique = 0
        for i in range(n_values):
            value = spare[i]
            at = n_unique
            while at > 0 and values[at - 1] > value:
                at -= 1
            if at > 0 and values[at - 1] == value:
                continue
            for j in range(n_unique, at, -1):
                values[j] = values[j - 1]
            values[at] = value
            n_unique += 1
        return n_unique
    return n_values


@jit
def sketch_stories(
    text, segments, paragraphs, entries, expansions, shape, sampling, multipliers, addends, out, buffers
):
    """Return how many stories were sketched: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    segments : starts and ends (n_segments,) int64 of each segment's bytes, and offsets (n_stories + 1,) int64
    paragraphs : starts and ends (n_paragraphs,) int64 of each paragraph's bytes, and offsets (n_stories + 1,)
        int64; those that stand in no segment give nothing
    entries, expansions : the folding table
    shape : shingle_words, paragraph_bands, paragraph_rows, paragraph_min_words
    sampling : the largest hash that is sampled, and the samples that a story should have; of shorter ones twice,
        four times, ... as many hashes are sampled
    multipliers, addends : (n_permutations,) uint32
    out : counts (n_stories, 4) int64 of words, shingles, samples and paragraph keys; signatures (n_stories,
        n_permutations) uint32; shingles, samples and paragraph keys, (capacity,) uint32 each, story after story
    buffers : words (capacity,) uint64; word starts, word ends (capacity,) int64; shingles in order, mixed shingles
        and a spare, (capacity,) uint32 each
    """
    shingle_words, paragraph_bands = shape[:2]
    limit = sampling[0]
    counts, signatures, all_shingles, all_samples, all_keys = out
    words, word_starts, word_ends, ordered, mixed, spare = buffers
    buckets = np.empty((1 << _MOST_BUCKET_BITS) + 1, np.int32)
    at_shingle, at_sample, at_key = 0, 0, 0
    for story in range(signatures.shape[0]):
        samples = all_samples[at_sample:]
        keys = all_keys[at_key:]
        n_words, n_shingles, n_floors, n_keys = 0, 0, 0, 0
        first, last = paragraphs[2][story], paragraphs[2][story + 1]
        alone = segments[2][story + 1] - segments[2][story] == 1
        if keys.shape[0] < (last - first) * paragraph_bands:
            return story
        for segment in range(segments[2][story], segments[2][story + 1]):
            begin, end = segments[0][segment], segments[1][segment]
            n_own = words_kernels.hash_words(
                text, begin, end, entries, expansions, words, word_starts, word_ends
            )
            if (
                n_own < 0
                or n_shingles + n_own > ordered.shape[0]
                or at_shingle + n_shingles + n_own > all_shingles.shape[0]
                or n_shingles + n_own + last - first > samples.shape[0]
            ):
                return story
            n_words += n_own
            if n_own < shingle_words and not alone:
                continue
            here = ordered[n_shingles:]
            mixed_here = mixed[n_shingles:]
            n_here = words_kernels.shingle(words, n_own, shingle_words, here)
            mix(here, n_here, mixed_here)
            n_shingles += n_here
            while first < last and paragraphs[0][first] < begin:
                first += 1
            after = first
            while after < last and paragraphs[1][after] <= end:
                after += 1
            more_floors, more_keys = sketch_paragraphs(
                paragraphs[0][first:after],
                paragraphs[1][first:after],
                word_starts[:n_own],
                (here, mixed_here),
                shape,
                limit,
                multipliers,
                addends,
                samples[n_floors:],
                keys[n_keys:],
            )
            n_floors += more_floors
            n_keys += more_keys
            first = after
        sign(mixed, 0, n_shingles, multipliers, addends, signatures[story])
        own = all_shingles[at_shingle:]
        own[:n_shingles] = ordered[:n_shingles]
        n_unique = sort_unique(own, n_shingles, spare, buckets)
        n_samples = 0
        own_limit = densify(sampling, n_unique)
        while n_samples < n_unique and own[n_samples] <= own_limit:
            samples[n_floors + n_samples] = own[n_samples]
            n_samples += 1
        n_samples = sort_unique(samples, n_floors + n_samples, spare, buckets)
        n_keys = sort_unique(keys, n_keys, spare, buckets)
        counts[story, 0] = n_words
        counts[story, 1] = n_unique
        counts[story, 2] = n_samples
        counts[story, 3] = n_keys
        at_shingle += n_unique
        at_sample += n_samples
        at_key += n_keys
    return signatures.shape[0]


@jit
def densify(sampling, n_shingles):
    """Return the largest hash that is sampled of a story with so many shingles.

    Two stories of like length are sampled alike, and of any two the more thinly sampled one's samples are compared.
    """
    limit = np.uint64(sampling[0])
    while np.uint64(n_shingles) * limit >> _HALF < np.uint64(sampling[1]) and limit < np.uint64(_LARGEST):
        limit = min(limit * _TWO, np.uint64(_LARGEST))
    return limit


@jit
def sketch_paragraphs(starts, ends, word_starts, shingles, shape, limit, multipliers, addends, floors, keys):
    """Return how many floor samples and band keys a story's paragraphs give.

    A paragraph without a sampled shingle gives its least one; each gives the band keys of its own signature.

    Parameters
    ----------
    starts, ends : (n_paragraphs,) int64, bytes in the text
    word_starts : (n_words,) int64, bytes in the text
    shingles : the story's shingles in the order of the text, and the same mixed; (capacity,) uint32 each
    floors, keys : (capacity,) uint32, written
    """
    ordered, mixed = shingles
    shingle_words, bands, rows, min_words = shape
    signature = np.empty(bands * rows, np.uint32)
    n_floors, n_keys = 0, 0
    word = 0
    n_words = word_starts.shape[0]
    for paragraph in range(starts.shape[0]):
        while word < n_words and word_starts[word] < starts[paragraph]:
            word += 1
        first = word
        while word < n_words and word_starts[word] < ends[paragraph]:
            word += 1
        last = word - shingle_words + 1
        if word - first < min_words or last <= first:
            continue
        floor = _LARGEST
        for i in range(first, last):
            floor = min(floor, ordered[i])
        if floor > limit:
            floors[n_floors] = floor
            n_floors += 1
        sign(mixed, first, last, multipliers, addends, signature)
        for band in range(bands):
            keys[n_keys] = band_key(signature, band, rows)
            n_keys += 1
    return n_floors, n_keys


@jit
def band_keys(signatures, bands, rows, keys):
    """Write the key of each band of each signature.

    Parameters
    ----------
    signatures : (n, n_permutations) uint32
    keys : (n, bands) uint32, written
    """
    for i in range(signatures.shape[0]):
        for band in range(bands):
            keys[i, band] = band_key(signatures[i], band, rows)


@jit
def gather(values, starts, ends, gathered):
    """Write rows of a ragged array one after another.

    Parameters
    ----------
    values : (n,) uint32
    starts, ends : (n_rows,) int64, the places of the rows wanted, in their order
    gathered : (n_wanted,) uint32, written
    """
    at = 0
    for row in range(starts.shape[0]):
        for i in range(starts[row], ends[row]):
            gathered[at] = values[i]
            at += 1
