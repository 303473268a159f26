"""The loop of the audit: which articles share a shingle with the sample, by an index of the sample's shingles."""

import numpy as np

from dedup.kernels import jit

_HALF = np.uint64(32)
_MARK_BITS = (
    24  # of a shingle, marked in a bitmap of 2 MB: most shingles of an archive are none of the sample's
)
_MARK_SHIFT = np.uint32(32 - _MARK_BITS)
_MARK_WORD = np.uint32(32 - _MARK_BITS + 5)
_MARK_PLACE = np.uint32(31)


@jit
def mark(keys):
    """Return a bitmap of the leading bits of each key.

    Parameters
    ----------
    keys : (n,) uint32
    """
    bitmap = np.zeros(1 << (_MARK_BITS - 5), np.uint32)
    for i in range(keys.shape[0]):
        bitmap[keys[i] >> _MARK_WORD] |= np.uint32(1) << (keys[i] >> _MARK_SHIFT & _MARK_PLACE)
    return bitmap


@jit
def emit_pairs(values, offsets, block, bitmap, keys, starts, holders, sample, pairs):
    """Write the pairs of an article of the block and one of the sample that share any shingle; return how many.

    A pair of two articles of the sample is written once, where the lesser one is looked up.

    Parameters
    ----------
    values, offsets : rows of uint32, sorted and different: the shingles of each article
    block : (n_articles,) int64, the articles to look up
    bitmap : as `mark` makes it of `keys`
    keys : (n_keys,) uint32, sorted: the different shingles of the sample
    starts : (n_keys + 1,) int64; `holders[starts[i]:starts[i + 1]]` hold key i, as indices into `sample`
    sample : (n_sampled,) int64, articles, rising
    pairs : (>= n_articles * n_sampled,) uint64, written; `a << 32 | b` with a < b
    """
    met = np.full(sample.shape[0], -1, np.int64)
    n_pairs = 0
    for i in range(block.shape[0]):
        article = block[i]
        place = np.searchsorted(sample, article)
        sampled = place < sample.shape[0] and sample[place] == article
        low = 0
        for j in range(offsets[article], offsets[article + 1]):
            shingle = values[j]
            if not bitmap[shingle >> _MARK_WORD] >> (shingle >> _MARK_SHIFT & _MARK_PLACE) & np.uint32(1):
                continue
            # both are sorted, so the search begins where the last one ended
            low += np.searchsorted(keys[low:], shingle)
            if low == keys.shape[0]:
                break
            if keys[low] != shingle:
                continue
            for k in range(starts[low], starts[low + 1]):
                other = holders[k]
                if met[other] == article:
                    continue
                met[other] = article
                partner = sample[other]
                if partner == article or (sampled and partner < article):
                    continue
                least, greatest = min(article, partner), max(article, partner)
                pairs[n_pairs] = np.uint64(least) << _HALF | np.uint64(greatest)
                n_pairs += 1
    return n_pairs
