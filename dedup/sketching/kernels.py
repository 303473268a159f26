"""The loops from the words of a story to its shingles, their marks and digest, samples, paragraph keys, signature.

Shingle hashes have 32 bits; a signature is datasketch's `MinHash(scheme="affine32")` over them, bit for bit.
"""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.words import kernels as words_kernels
from dedup.words.blocks.kernels import SIZE, TOGETHER, least_bits, lowest, permute_least

_BASE = np.uint64(0xD6E8FEB86659FD93)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_PLACE = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_LARGEST = np.uint32(0xFFFFFFFF)
_MOST_BUCKET_BITS = 16
MARK_SHIFT = np.uint32(16)  # the mark of a shingle is what stands above
TAIL_SHIFT = np.uint32(12)
_TAIL_BITS = np.uint32(4)
_TAIL = np.uint32(15)
N_BUCKETS = 1 << _MOST_BUCKET_BITS


@leaf
def sketch_story(words, cuts, dead, shape, sampling, permutations, out, buffers):
    """Return how many live words, shingles, samples and paragraph keys a story has, and the digest of its shingles.

    Live lines that stand together are a segment, and no shingle crosses from one segment to the next. A story of one
    segment that is shorter than a shingle has one shingle of all its words; of several segments, those that are too
    short have none.

    Parameters
    ----------
    words : (n_words,) uint64, the hashes of the story's words
    cuts : (n_lines + 1,) int64, where the words of one line end and those of the next begin
    dead : (n_lines,) bool, lines that take no part
    shape : shingle_words, paragraph_bands, paragraph_rows, paragraph_min_words
    sampling : the largest hash that is sampled, and the samples that a story should have; of shorter ones twice,
        four times, ... as many hashes are sampled
    permutations : multipliers and addends, (n_permutations,) uint32 each
    out : marks (>= n_words,) uint16; tails (> n_words / 2,) uint8; samples (> n_words + n_lines,) and paragraph keys
        (>= n_lines * bands,) uint32; signature (n_permutations,) uint32, or (0,) where none is asked; written
    buffers : shingles in order and mixed shingles, (>= n_words + SIZE,) uint32 each; a spare, (>= n_words and >=
        n_lines * bands,), and floors, (>= n_lines,) uint32; the signature of a paragraph, (bands * rows,) uint32;
        (N_BUCKETS,) int32
    """
    marks, tails, samples, keys, signature = out
    shingles, mixed, spare, floors, paragraph_signature, buckets = buffers
    n_words, n_shingles, n_segments = _measure(cuts, dead, shape[0])
    limit = densify(sampling, n_shingles)
    n_made, n_samples, n_floors, n_keys = 0, 0, 0, 0
    line = 0
    while line < dead.shape[0]:
        first = line
        while line < dead.shape[0] and not dead[line]:
            line += 1
        own = words[cuts[first] : cuts[line]]
        if own.shape[0] > 0 and (own.shape[0] >= shape[0] or n_segments == 1):
            n_here = words_kernels.shingle(own, own.shape[0], shape[0], shingles[n_made:])
            mix(shingles[n_made : n_made + n_here], mixed[n_made:])
            n_samples += sample(shingles, n_made, n_made + n_here, limit, samples[n_samples:])
            more_floors, more_keys = sketch_paragraphs(
                cuts[first : line + 1],
                n_made,
                shingles,
                mixed,
                shape,
                limit,
                permutations,
                paragraph_signature,
                floors[n_floors:],
                keys[n_keys:],
            )
            n_made += n_here
            n_floors += more_floors
            n_keys += more_keys
        line += 1
    for i in range(n_made):
        marks[i] = np.uint16(shingles[i] >> MARK_SHIFT)
    write_tails(shingles[:n_made], tails)
    if signature.shape[0] > 0:
        sign(mixed[:n_made], permutations, signature)
    n_samples = sort_unique(samples, n_samples, limit, spare, buckets)
    n_floors = sort_unique(floors, n_floors, _LARGEST, spare, buckets)
    for i in range(n_floors):
        samples[n_samples + i] = floors[i]  # each is above the limit
    n_keys = sort_unique(keys, n_keys, _LARGEST, spare, buckets)
    return n_words, n_made, n_samples + n_floors, n_keys, digest(shingles[:n_made])


@leaf
def write_tails(shingles, tails):
    """Write the tail of each shingle, the four bits below its mark, two in a byte: the first in the lower half.

    Parameters
    ----------
    shingles : (n,) uint32
    tails : (>= (n + 1) // 2,) uint8, written
    """
    n_pairs = shingles.shape[0] // 2
    for i in range(n_pairs):
        low, high = shingles[2 * i] >> TAIL_SHIFT & _TAIL, shingles[2 * i + 1] >> TAIL_SHIFT & _TAIL
        tails[i] = np.uint8(low | high << _TAIL_BITS)
    if shingles.shape[0] % 2 == 1:
        tails[n_pairs] = np.uint8(shingles[2 * n_pairs] >> TAIL_SHIFT & _TAIL)


@leaf
def _measure(cuts, dead, shingle_words):
    """Return how many live words, shingles and segments a story has."""
    n_words, n_shingles, n_segments = 0, 0, 0
    line = 0
    while line < dead.shape[0]:
        first = line
        while line < dead.shape[0] and not dead[line]:
            line += 1
        if line > first:
            n_own = cuts[line] - cuts[first]
            n_words += n_own
            n_shingles += max(n_own - shingle_words + 1, 0)
            n_segments += 1
        line += 1
    if n_segments == 1 and n_words > 0:
        n_shingles = max(n_shingles, 1)
    return n_words, n_shingles, n_segments


@leaf
def densify(sampling, n_shingles):
    """Return the largest hash that is sampled of a story with so many shingles, repeats among them.

    Two stories of like length are sampled alike, and of any two the more thinly sampled one's samples are compared.
    """
    limit = np.uint64(sampling[0])
    while np.uint64(n_shingles) * limit >> _HALF < np.uint64(sampling[1]) and limit < np.uint64(_LARGEST):
        limit = min(limit * _TWO, np.uint64(_LARGEST))
    return np.uint32(limit)


@leaf
def sample(shingles, begin, end, limit, samples):
    """Return how many of `shingles[begin:end]` are not above the limit; they are written in their order.

    Parameters
    ----------
    shingles : (>= end + SIZE,) uint32
    """
    n_samples = 0
    for at in range(begin, end, SIZE):
        bits = _least(shingles, at, end, limit)
        while bits != _NONE:
            samples[np.uint64(n_samples)] = shingles[np.uint64(at + lowest(bits))]
            n_samples += 1
            bits &= bits - _ONE
    return n_samples


@leaf
def _least(shingles, at, end, limit):
    """Return the bits of the shingles up to the end of a block that are not above the limit."""
    bits = least_bits(shingles, at, limit)
    if end - at < SIZE:
        bits &= (_ONE << np.uint64(end - at)) - _ONE
    return bits


@leaf
def sketch_paragraphs(cuts, begin, shingles, mixed, shape, limit, permutations, signature, floors, keys):
    """Return how many floor samples and band keys the paragraphs of a segment give.

    A paragraph without a sampled shingle gives its least one; each gives the band keys of its own signature.

    Parameters
    ----------
    cuts : (n_paragraphs + 1,) int64, where the words of one paragraph end and those of the next begin
    begin : the segment's first shingle
    shingles, mixed : (n_shingles + SIZE,) uint32, in the order of the text
    signature : (bands * rows,) uint32, any content
    floors, keys : (capacity,) uint32, written
    """
    shingle_words, bands, rows, min_words = shape
    n_floors, n_keys = 0, 0
    for paragraph in range(cuts.shape[0] - 1):
        first = begin + cuts[paragraph] - cuts[0]
        last = begin + cuts[paragraph + 1] - cuts[0] - shingle_words + 1
        if cuts[paragraph + 1] - cuts[paragraph] < min_words or last <= first:
            continue
        sampled = _NONE
        for at in range(first, last, SIZE):
            sampled |= _least(shingles, at, last, limit)
        if sampled == _NONE:
            floor = _LARGEST
            for i in range(first, last):
                floor = min(floor, shingles[i])
            floors[n_floors] = floor
            n_floors += 1
        if bands > 0:
            sign(mixed[first:last], permutations, signature)
        for band in range(bands):
            keys[n_keys] = band_key(signature, band, rows)
            n_keys += 1
    return n_floors, n_keys


@leaf
def mix(shingles, mixed):
    """Write the 32-bit MurmurHash3 finalizer of each shingle: datasketch's first step."""
    for i in range(shingles.shape[0]):
        h = shingles[i]
        h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        mixed[i] = h ^ (h >> np.uint32(16))


@leaf
def sign(mixed, permutations, signature):
    """Write the least value of each permutation over some shingles, of eight permutations at a time.

    Parameters
    ----------
    mixed : (n_shingles,) uint32
    permutations : multipliers and addends, (n_permutations,) uint32 each
    signature : (n,) uint32, written; its permutations are the first n
    """
    multipliers, addends = permutations
    first = 0
    while first + TOGETHER <= signature.shape[0]:
        permute_least(mixed, multipliers, addends, first, signature)
        first += TOGETHER
    for p in range(first, signature.shape[0]):
        signature[p] = _LARGEST
        for shingle in mixed:
            signature[p] = min(signature[p], np.uint32(shingle * multipliers[p] + addends[p]))


@leaf
def band_key(signature, band, rows):
    """Return the 32-bit key of one band of a signature."""
    key = np.uint64(band + 1)
    for row in range(rows):
        key = (key ^ np.uint64(signature[band * rows + row])) * _MIX
        key ^= key >> _HALF
    return np.uint32(key * _BASE >> _HALF)


@leaf
def digest(shingles):
    """Return 64 bits that two sequences of shingles share only if they are equal; the loop vectorises.

    Each shingle weighs by its place, so that the order counts.
    """
    total = np.uint64(shingles.shape[0])
    for i in range(shingles.shape[0]):
        weight = np.uint64(i + 1) * _PLACE
        weight = (weight ^ (weight >> _HALF)) * _MIX | _ONE
        total += np.uint64(shingles[i]) * weight
    total = (total ^ (total >> _HALF)) * _BASE
    return total ^ (total >> _HALF)


@leaf
def sort_unique(values, n_values, largest, spare, counts):
    """Return the number of different values, sorted in place at the front of `values`.

    The values are hashes up to the largest, so their top bits spread them evenly over as many buckets as there are
    values: one pass scatters them, and an insertion sort ends the little that is left.

    Parameters
    ----------
    values, spare : (>= n_values,) uint32
    counts : (N_BUCKETS,) int32, any content
    """
    if n_values < 2:
        return n_values
    bits, shift = 0, 0
    while bits < _MOST_BUCKET_BITS and 1 << bits < n_values:
        bits += 1
    while np.uint64(largest) >> np.uint64(shift) >= np.uint64(1 << bits):
        shift += 1
    drop = np.uint32(shift)
    counts[: 1 << bits] = 0
    for i in range(n_values):
        counts[values[np.uint64(i)] >> drop] += 1
    before = np.int32(0)
    for bucket in range(1 << bits):
        size = counts[np.uint64(bucket)]
        counts[np.uint64(bucket)] = before
        before += size
    for i in range(n_values):
        value = values[np.uint64(i)]
        place = counts[value >> drop]
        spare[np.uint64(place)] = value
        counts[value >> drop] = place + 1
    _insert(spare, n_values)
    n_unique = 0
    last = ~spare[0]
    for i in range(n_values):
        value = spare[np.uint64(i)]
        values[np.uint64(n_unique)] = value
        n_unique += value != last
        last = value
    return n_unique


@leaf
def _insert(values, n_values):
    """Sort values in place that are nearly sorted."""
    greatest = values[0]
    for i in range(1, n_values):
        value = values[np.uint64(i)]
        if value >= greatest:
            greatest = value
            continue
        at = np.uint64(i)
        while at > _NONE and values[at - _ONE] > value:
            values[at] = values[at - _ONE]
            at -= _ONE
        values[at] = value


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
