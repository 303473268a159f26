"""The loops of matching: pairs from sorted keys, bounds of overlaps, exact overlaps."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.matching.prefetching.kernels import prefetch

_HALF = np.uint64(32)
_ARTICLE = np.uint64(0xFFFFFFFF)
_WORD_SHIFT = np.uint16(5)
_PLACE = np.uint16(31)
_BITMAP_WORDS = 1 << 11  # a bit for each value of 16 bits
_N_MARKS = 1 << 16
_TAIL = np.uint8(15)
_TAIL_BITS = 4
_ONE = np.uint32(1)
_AHEAD = 2  # pairs, before which a text is asked for
_LINE = 64  # bytes of memory that come at once
_MOST_ASKED = 512  # marks; memory goes on by itself behind them


@jit
def collect(keys, articles, part, n_parts, entries):
    """Return how many keys fall into one part of all keys, written as `key << 32 | article`.

    Parameters
    ----------
    keys : rows of uint32, one for each of the articles: values, starts and ends; best as they stand in memory
    articles : (n,) int64, those that take part
    part, n_parts : the keys are parted by their last bits; n_parts is a power of two
    entries : (capacity,) uint64, written as far as it reaches; a longer answer asks for more room
    """
    values, starts, ends = keys
    n_entries = 0
    mask = np.uint32(n_parts - 1)
    for row in range(articles.shape[0]):
        for i in range(starts[row], ends[row]):
            if (values[i] & mask) == part:
                if n_entries < entries.shape[0]:
                    entries[n_entries] = np.uint64(values[i]) << _HALF | np.uint64(articles[row])
                n_entries += 1
    return n_entries


@jit
def emit_pairs(entries, begin, most, pairs):
    """Return the first entry whose key was not done, and how many pairs of articles that share a key were written.

    A pair is `a << 32 | b` with a < b, and may be written again. A key that more than `most` articles hold gives
    pairs of its least article with each other one.

    Parameters
    ----------
    entries : (n,) uint64, those of one key together; `key << 32 | article`, none twice
    begin : the first entry of the first key to do
    pairs : (capacity,) uint64, written; with room for the pairs of one key at least
    """
    n_pairs = 0
    n_entries = entries.shape[0]
    while begin < n_entries:
        key = entries[begin] >> _HALF
        end, least = begin, begin
        while end < n_entries and entries[end] >> _HALF == key:
            if entries[end] < entries[least]:
                least = end
            end += 1
        size = end - begin
        n_new = size * (size - 1) // 2 if size <= most else size - 1
        if n_pairs + n_new > pairs.shape[0]:
            break
        if size > most:
            entries[begin], entries[least] = entries[least], entries[begin]
        last = end - 1 if size <= most else begin + 1
        for j in range(begin, last):
            one = entries[j] & _ARTICLE
            for k in range(j + 1, end):
                other = entries[k] & _ARTICLE
                pairs[n_pairs] = min(one, other) << _HALF | max(one, other)
                n_pairs += 1
        begin = end
    return begin, n_pairs


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
def unite(left, right, united):
    """Return how many different values two sorted arrays of different values hold together.

    Parameters
    ----------
    united : (len(left) + len(right),) uint64, written, sorted
    """
    i, j, n_united = 0, 0, 0
    while i < left.shape[0] and j < right.shape[0]:
        ours, theirs = left[i], right[j]
        united[n_united] = min(ours, theirs)
        i += ours <= theirs
        j += theirs <= ours
        n_united += 1
    while i < left.shape[0]:
        united[n_united] = left[i]
        i += 1
        n_united += 1
    while j < right.shape[0]:
        united[n_united] = right[j]
        j += 1
        n_united += 1
    return n_united


@jit
def count_marks(marks, counts):
    """Write how many different marks each article has.

    Parameters
    ----------
    marks : rows of uint16, one mark for each shingle of each article: values, starts and ends
    counts : (n_articles,) int32, written
    """
    values, starts, ends = marks
    bitmap = np.zeros(_BITMAP_WORDS, np.uint32)
    for row in range(starts.shape[0]):
        bitmap[:] = 0
        count = np.int64(0)
        for i in range(starts[row], ends[row]):
            word, place = values[i] >> _WORD_SHIFT, np.uint32(values[i] & _PLACE)
            count += 1 - np.int64(bitmap[word] >> place & np.uint32(1))
            bitmap[word] |= np.uint32(1) << place
        counts[row] = count


@jit
def screen(marks, tails, counts, pairs, rule, bounds):
    """Write how many shingles each pair shares at most, by their marks and tails; -1 for too few.

    The first article's are set in a table of 128 KB; those of each partner that meet one bound the overlap. Partners
    stand anywhere in memory, so that they are asked for before it is their turn.

    Parameters
    ----------
    marks : rows of uint16, one mark for each shingle of each article: values, starts and ends
    tails : rows of uint8, two tails in a byte
    counts : (n_articles,) int32, different marks of each: at most its different shingles
    pairs : (n,) uint64, two articles in 32 bits each; those of one first article together
    rule : (4,) float64; least shingles; least share of the shorter text, or instead least shingles; two articles of
        at most so many shingles are kept in any case
    bounds : (n,) int32, written
    """
    table = np.zeros(_N_MARKS, np.uint16)  # a bit for each tail that stands below a mark
    marked = np.int64(-1)
    n_pairs = pairs.shape[0]
    for p in range(n_pairs):
        a = np.int64(pairs[p] >> _HALF)
        b = np.int64(pairs[p] & _ARTICLE)
        if p + 2 * _AHEAD < n_pairs:
            later = np.int64(pairs[p + 2 * _AHEAD] & _ARTICLE)
            prefetch(marks[1], later)
            prefetch(marks[2], later)
            prefetch(tails[1], later)
        if p + _AHEAD < n_pairs:
            _ask_for(marks, tails, np.int64(pairs[p + _AHEAD] & _ARTICLE))
        if a != marked:
            if marked >= 0:
                for i in range(marks[1][marked], marks[2][marked]):
                    table[marks[0][i]] = 0
            _set_tails(marks, tails, a, table)
            marked = a
        bound = _count_tails(marks, tails, b, table)
        needed = max(rule[0], min(rule[1] * min(counts[a], counts[b]), rule[2]))
        bounds[p] = bound if bound >= needed or max(counts[a], counts[b]) <= rule[3] else -1


@leaf
def _ask_for(marks, tails, article):
    """Ask for an article's marks and tails."""
    begin = marks[1][article]
    n_marks = min(marks[2][article] - begin, _MOST_ASKED)
    for line in range(begin, begin + n_marks, _LINE // 2):
        prefetch(marks[0], line)
    begin = tails[1][article]
    for line in range(begin, begin + n_marks // 2, _LINE):
        prefetch(tails[0], line)


@leaf
def _set_tails(marks, tails, article, table):
    """Set the bit of each tail of an article below its mark."""
    values, begin, first = marks[0], marks[1][article], tails[1][article]
    for i in range(marks[2][article] - begin):
        tail = tails[0][np.uint64(first + (i >> 1))] >> np.uint8(_TAIL_BITS * (i & 1)) & _TAIL
        table[values[np.uint64(begin + i)]] |= np.uint16(1) << np.uint16(tail)


@leaf
def _count_tails(marks, tails, article, table):
    """Return how many of an article's marks and tails are set."""
    values, begin, first = marks[0], marks[1][article], tails[1][article]
    n_marks = marks[2][article] - begin
    count = np.uint32(0)
    for i in range(n_marks >> 1):
        both = tails[0][np.uint64(first + i)]
        low, high = table[values[np.uint64(begin + 2 * i)]], table[values[np.uint64(begin + 2 * i + 1)]]
        count += np.uint32(low) >> np.uint32(both & _TAIL) & _ONE
        count += np.uint32(high) >> np.uint32(both >> np.uint8(_TAIL_BITS)) & _ONE
    if n_marks & 1:
        last = tails[0][np.uint64(first + (n_marks >> 1))]
        count += np.uint32(table[values[np.uint64(begin + n_marks - 1)]]) >> np.uint32(last & _TAIL) & _ONE
    return count


@jit
def count_shared(values, offsets, pairs, shared):
    """Write how many values the two sets of each pair share.

    Parameters
    ----------
    values, offsets : rows of uint32, sorted and different
    pairs : (n,) uint64, `a << 32 | b`
    shared : (n,) int64, written
    """
    for p in range(pairs.shape[0]):
        a, b = np.int64(pairs[p] >> _HALF), np.int64(pairs[p] & _ARTICLE)
        i, j, count = offsets[a], offsets[b], 0
        while i < offsets[a + 1] and j < offsets[b + 1]:
            left, right = values[i], values[j]
            count += left == right
            i += left <= right
            j += right <= left
        shared[p] = count


@jit
def unite_articles(pairs, n_words, most_words, parents):
    """Unite the articles of each pair, in the order of the pairs, as long as a group has at most so many words.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    n_words : (n_articles,) int64, written: those of a root are its group's
    parents : (n_articles,) int64, written: the articles themselves at first; in the end the root of each one's group
    """
    for p in range(pairs.shape[0]):
        a, b = np.int64(pairs[p] >> _HALF), np.int64(pairs[p] & _ARTICLE)
        while parents[a] != a:
            parents[a] = parents[parents[a]]
            a = parents[a]
        while parents[b] != b:
            parents[b] = parents[parents[b]]
            b = parents[b]
        if a != b and n_words[a] + n_words[b] <= most_words:
            n_words[a] += n_words[b]
            parents[b] = a
    for article in range(parents.shape[0]):
        root = article
        while parents[root] != root:
            root = parents[root]
        parents[article] = root
