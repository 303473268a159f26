"""The loops of the index: keys of many articles in order, cut into pages."""

import numpy as np

from dedup.kernels import jit

_HALF = np.uint64(32)
_BIN_SHIFT = np.uint32(20)
N_BINS = 1 << 12  # of the values of 32 bits


@jit
def count_bins(keys, bins):
    """Add how many keys fall into each bin of equal width.

    Parameters
    ----------
    keys : rows of uint32: values, starts and ends
    bins : (N_BINS,) int64, written
    """
    values, starts, ends = keys
    for row in range(starts.shape[0]):
        for i in range(starts[row], ends[row]):
            bins[values[i] >> _BIN_SHIFT] += 1


@jit
def collect_bins(keys, articles, first, end, entries):
    """Return how many keys of some bins were written, as `key << 32 | article`.

    Parameters
    ----------
    keys : rows of uint32, one for each of the articles: values, starts and ends; best as they stand in memory
    articles : (n,) int64
    first, end : the bins
    entries : (>= n_keys,) uint64, written
    """
    values, starts, ends = keys
    n_entries = 0
    for row in range(starts.shape[0]):
        article = np.uint64(articles[row])
        for i in range(starts[row], ends[row]):
            place = np.int64(values[i] >> _BIN_SHIFT)
            if first <= place < end:
                entries[n_entries] = np.uint64(values[i]) << _HALF | article
                n_entries += 1
    return n_entries


@jit
def cut(entries, most, least, pages, frequent, spare):
    """Return how many pages and how many frequent keys sorted entries make.

    Pages are made of whole keys: their entries are moved to the front, and those of frequent keys go elsewhere.

    Parameters
    ----------
    entries : (n,) uint64, `key << 32 | article`, sorted; written
    most : a key of more entries is frequent
    least : entries of a page, if not fewer are left
    pages : (capacity,) int64, written: where each page begins among the moved entries; then where the last ends
    frequent : (capacity,) int64, written: where the entries of each frequent key begin in `spare`; then the end
    spare : (n,) uint64, written
    """
    n_entries = entries.shape[0]
    n_pages, n_frequent, n_kept, n_spare = 0, 0, 0, 0
    begin, page = 0, 0
    while begin < n_entries:
        key = entries[begin] >> _HALF
        end = begin
        while end < n_entries and entries[end] >> _HALF == key:
            end += 1
        if end - begin > most:
            frequent[n_frequent] = n_spare
            n_frequent += 1
            for i in range(begin, end):
                spare[n_spare] = entries[i]
                n_spare += 1
        else:
            if n_kept == 0 or n_kept - page >= least:
                page = n_kept
                pages[n_pages] = page
                n_pages += 1
            for i in range(begin, end):
                entries[n_kept] = entries[i]
                n_kept += 1
        begin = end
    pages[n_pages] = n_kept
    frequent[n_frequent] = n_spare
    return n_pages, n_frequent
