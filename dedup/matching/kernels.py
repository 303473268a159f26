"""The loops of matching: pairs from sorted keys, exact overlaps."""

import numpy as np

from dedup.kernels import jit

_HALF = np.uint64(32)
_ARTICLE = np.uint64(0xFFFFFFFF)
_MARK_BITS = 17  # of a shingle, marked in a bitmap of 16 KB
_MARK_SHIFT = np.uint32(32 - _MARK_BITS)
_MARK_WORD = np.uint32(32 - _MARK_BITS + 5)
_MARK_PLACE = np.uint32(31)


@jit
def count_pairs(entries, most):
    """Return how many pairs `emit_pairs` writes."""
    n_pairs = 0
    begin = 0
    for i in range(1, entries.shape[0] + 1):
        if i == entries.shape[0] or entries[i] >> _HALF != entries[begin] >> _HALF:
            size = i - begin
            if size <= most:
                n_pairs += size * (size - 1) // 2
            else:
                n_pairs += size - 1
            begin = i
    return n_pairs


@jit
def emit_pairs(entries, most, pairs):
    """Write each pair of articles that share a key, as `a << 32 | b` with a < b; pairs may repeat.

    A key that more than `most` articles hold gives pairs of its first article with each other one.

    Parameters
    ----------
    entries : (n,) uint64, sorted; `key << 32 | article`, none twice
    pairs : (count_pairs(...),) uint64, written
    """
    n_pairs = 0
    begin = 0
    for i in range(1, entries.shape[0] + 1):
        if i == entries.shape[0] or entries[i] >> _HALF != entries[begin] >> _HALF:
            size = i - begin
            last = i - 1 if size <= most else begin + 1
            for j in range(begin, last):
                high = (entries[j] & _ARTICLE) << _HALF
                for k in range(j + 1, i):
                    pairs[n_pairs] = high | (entries[k] & _ARTICLE)
                    n_pairs += 1
            begin = i


@jit
def drop_repeats(values):
    """Return how many different values stand, moved to the front, in a sorted array."""
    n_unique = 0
    for i in range(values.shape[0]):
        if i == 0 or values[i] != values[i - 1]:
            values[n_unique] = values[i]
            n_unique += 1
    return n_unique


@jit
def count_shared(values, offsets, pairs, rule, shared):
    """Write how many shingles the two articles of each pair share: exactly, or -1 where they are too few.

    They are too few below `least`, or below both `enough` and `least_share` of the smaller set; never where both sets
    are `short` and not empty.

    The first article's shingles are marked in a bitmap, which bounds the overlap with each of its partners; only
    pairs that pass the bound are merged.

    Parameters
    ----------
    values, offsets : rows of uint32, sorted and different
    pairs : (n,) uint64, `a << 32 | b`, sorted
    rule : least, least_share, enough, short
    shared : (n,) int64, written
    """
    least, least_share, enough, short = rule
    bitmap = np.zeros(1 << (_MARK_BITS - 5), np.uint32)
    marked = np.int64(-1)
    for p in range(pairs.shape[0]):
        a = np.int64(pairs[p] >> _HALF)
        b = np.int64(pairs[p] & _ARTICLE)
        ours = values[offsets[a] : offsets[a + 1]]
        theirs = values[offsets[b] : offsets[b + 1]]
        if a != marked:
            bitmap[:] = 0
            for i in range(ours.shape[0]):
                bitmap[ours[i] >> _MARK_WORD] |= np.uint32(1) << (ours[i] >> _MARK_SHIFT & _MARK_PLACE)
            marked = a
        bound = np.uint32(0)
        for j in range(theirs.shape[0]):
            word = bitmap[theirs[j] >> _MARK_WORD]
            bound += word >> (theirs[j] >> _MARK_SHIFT & _MARK_PLACE) & np.uint32(1)
        share = least_share * min(ours.shape[0], theirs.shape[0])
        needed = max(np.float64(least), min(share, np.float64(enough)))
        if max(ours.shape[0], theirs.shape[0]) <= short and min(ours.shape[0], theirs.shape[0]) > 0:
            needed = 0.0
        shared[p] = -1
        if bound >= needed:
            count = merge_count(ours, theirs)
            if count >= needed:
                shared[p] = count


@jit
def merge_count(ours, theirs):
    """Return how many values two sorted sets share."""
    i, j, count = 0, 0, 0
    while i < ours.shape[0] and j < theirs.shape[0]:
        left = ours[i]
        right = theirs[j]
        count += left == right
        i += left <= right
        j += right <= left
    return count
