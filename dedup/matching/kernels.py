"""The loops of matching: pairs from sorted keys, exact overlaps, shared passages."""

import numpy as np

from dedup.kernels import jit
from dedup.words import kernels as words_kernels

_HALF = np.uint64(32)
_ARTICLE = np.uint64(0xFFFFFFFF)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MARK_BITS = 17  # of a shingle, marked in a bitmap of 16 KB
_MARK_SHIFT = np.uint32(32 - _MARK_BITS)
_MARK_WORD = np.uint32(32 - _MARK_BITS + 5)
_MARK_PLACE = np.uint32(31)
_PLACES = 16  # places of a repeated shingle that are tried, at most


@jit
def count_pairs(entries, most, keep_large):
    """Return how many pairs `emit_pairs` writes."""
    n_pairs = 0
    begin = 0
    for i in range(1, entries.shape[0] + 1):
        if i == entries.shape[0] or entries[i] >> _HALF != entries[begin] >> _HALF:
            size = i - begin
            if size <= most:
                n_pairs += size * (size - 1) // 2
            elif keep_large:
                n_pairs += size - 1
            begin = i
    return n_pairs


@jit
def emit_pairs(entries, most, keep_large, pairs):
    """Write each pair of articles that share a key, as `a << 32 | b` with a < b; pairs may repeat.

    A key that more than `most` articles hold gives pairs of its first article with each other one, or none.

    Parameters
    ----------
    entries : (n,) uint64, sorted; `key << 32 | article`, none twice
    keep_large : whether a key that too many hold gives pairs at all
    pairs : (count_pairs(...),) uint64, written
    """
    n_pairs = 0
    begin = 0
    for i in range(1, entries.shape[0] + 1):
        if i == entries.shape[0] or entries[i] >> _HALF != entries[begin] >> _HALF:
            size = i - begin
            last = i - 1 if size <= most else begin + 1 if keep_large else begin
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
def count_shared(values, offsets, pairs, least, least_share, enough, shared):
    """Write how many shingles the two articles of each pair share: exactly, or 0 where they are too few.

    They are too few below `least`, or below both `enough` and `least_share` of the smaller set.

    The first article's shingles are marked in a bitmap, which bounds the overlap with each of its partners; only
    pairs that pass the bound are merged.

    Parameters
    ----------
    values, offsets : rows of uint32, sorted and different
    pairs : (n,) uint64, `a << 32 | b`, sorted
    shared : (n,) int64, written
    """
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
        shared[p] = 0
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


@jit
def link_places(shingles, n_shingles, heads, following):
    """Write the places of each shingle of a text as chains: `heads` by hash, then `following`, in rising order.

    Parameters
    ----------
    shingles : (>= n_shingles,) uint32, in the order of the text
    heads : (2^k,) int64, written; the first place of a hash, -1 for none
    following : (>= n_shingles,) int64, written; the next place of the same hash, -1 at the end
    """
    heads[:] = -1
    mask = np.uint64(heads.shape[0] - 1)
    for i in range(n_shingles - 1, -1, -1):
        slot = np.int64(np.uint64(shingles[i]) * _MIX >> _HALF & mask)
        following[i] = heads[slot]
        heads[slot] = i


@jit
def find_passages(ours, theirs, heads, following, passages):
    """Return the number of shared passages: maximal runs of shingles that both texts hold, in our order.

    At each place the longest run is taken; of runs of equal length the one that goes on where the last one ended,
    else the first.

    Parameters
    ----------
    ours, theirs : (n,) uint32, the shingles of each text in order
    heads, following : the chains of `theirs`
    passages : (>= len(ours), 3) int64, written; our first shingle, their first shingle, number of shingles
    """
    mask = np.uint64(heads.shape[0] - 1)
    n_passages = 0
    expected = 0
    i = 0
    while i < ours.shape[0]:
        place = heads[np.int64(np.uint64(ours[i]) * _MIX >> _HALF & mask)]
        best, best_size, tried = -1, 0, 0
        while place >= 0 and tried < _PLACES:
            if theirs[place] == ours[i]:
                size = 1
                while (
                    i + size < ours.shape[0]
                    and place + size < theirs.shape[0]
                    and ours[i + size] == theirs[place + size]
                ):
                    size += 1
                ahead = best < expected <= place
                if size > best_size or (size == best_size and ahead):
                    best, best_size = place, size
                tried += 1
            place = following[place]
        if best_size > 0:
            passages[n_passages, 0] = i
            passages[n_passages, 1] = best
            passages[n_passages, 2] = best_size
            n_passages += 1
            expected = best + best_size
        i += max(best_size, 1)
    return n_passages


@jit
def shingle_stories(text, starts, ends, entries, expansions, shingle_words, hashed, offsets, buffers):
    """Return how many stories were shingled: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_stories,) int64, each story's bytes
    hashed : shingles (capacity,) uint32 in the order of the text; starts and ends of each word (capacity,) uint32,
        bytes from the story's start; all written, one story after another
    offsets : (n_stories + 1,) int64, written; the words of each story
    buffers : words (capacity,) uint64, starts and ends (capacity,) int64
    """
    shingles, word_starts, word_ends = hashed
    words, first_bytes, last_bytes = buffers
    at = 0
    offsets[0] = 0
    for story in range(starts.shape[0]):
        begin = starts[story]
        n_words = words_kernels.hash_words(
            text, begin, ends[story], entries, expansions, words, first_bytes, last_bytes
        )
        if n_words < 0 or at + n_words > shingles.shape[0]:
            return story
        words_kernels.shingle(words, n_words, shingle_words, shingles[at:])
        for i in range(n_words):
            word_starts[at + i] = first_bytes[i] - begin
            word_ends[at + i] = last_bytes[i] - begin
        at += n_words
        offsets[story + 1] = at
    return starts.shape[0]


@jit
def align_pairs(hashed, offsets, shingle_words, left, right, min_shingles, counts, passages, buffers):
    """Return how many pairs were aligned: all, or fewer when the passages need more room.

    Passages of fewer shingles than `min_shingles` are left out, unless a pair has no longer one: then its longest
    stands alone.

    Parameters
    ----------
    hashed, offsets : as `shingle_stories` writes them
    left, right : (n,) int64, the stories of each pair
    counts : (n, 2) int64, written; passages of the pair, words of the left story in shared shingles
    passages : (capacity, 4) int64, written; start and end in the left story, start and end in the right one, in
        bytes from the story's start
    buffers : heads (2^k,) int64, following (capacity,) int64 and runs (capacity, 3) int64
    """
    shingles, word_starts, word_ends = hashed
    heads, following, runs = buffers
    at = 0
    for p in range(left.shape[0]):
        ours, our_end = offsets[left[p]], offsets[left[p] + 1]
        theirs, their_end = offsets[right[p]], offsets[right[p] + 1]
        size = min(shingle_words, our_end - ours)
        n_ours = our_end - ours - size + 1
        n_theirs = max(their_end - theirs - shingle_words + 1, 1)
        slots = heads[: _power_of_two(n_theirs, heads.shape[0])]
        link_places(shingles[theirs:], n_theirs, slots, following)
        n_runs = find_passages(
            shingles[ours : ours + n_ours], shingles[theirs : theirs + n_theirs], slots, following, runs
        )
        counts[p, 1] = _covered(runs, n_runs, size)
        n_kept = _keep_long(runs, n_runs, min_shingles)
        if at + n_kept > passages.shape[0]:
            return p
        for i in range(n_kept):
            first = ours + runs[i, 0]
            second = theirs + runs[i, 1]
            last = runs[i, 2] + size - 2
            passages[at + i, 0] = word_starts[first]
            passages[at + i, 1] = word_ends[first + last]
            passages[at + i, 2] = word_starts[second]
            passages[at + i, 3] = word_ends[second + last]
        counts[p, 0] = n_kept
        at += n_kept
    return left.shape[0]


@jit
def _covered(runs, n_runs, size):
    """Return the words that runs of shingles of `size` words cover; the runs stand in order."""
    covered = 0
    until = 0
    for i in range(n_runs):
        first = max(runs[i, 0], until)
        until = runs[i, 0] + runs[i, 2] + size - 1
        covered += until - first
    return covered


@jit
def to_characters(text, page_starts, story_starts, story_ends, owners, positions):
    """Change positions from bytes after the story's start to characters of its page, in place.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts, story_starts, story_ends : (n_stories,) int64, bytes of `text`
    owners : (n,) int64, the story of each row
    positions : (n, 2) int64; rows of one story that rise are counted in one pass
    """
    story, known, characters, is_ascii = -1, 0, 0, False
    for i in range(owners.shape[0]):
        owner = owners[i]
        if owner != story:
            story = owner
            known, characters = page_starts[owner], 0
            n_bytes = story_ends[owner] - known
            is_ascii = words_kernels.characters_between(text, known, story_ends[owner]) == n_bytes
        for edge in range(2):
            position = story_starts[owner] + positions[i, edge]
            if is_ascii:
                positions[i, edge] = position - page_starts[owner]
                continue
            if position < known:
                known, characters = page_starts[owner], 0
            characters += words_kernels.characters_between(text, known, position)
            known = position
            positions[i, edge] = characters


@jit
def _power_of_two(least, most):
    size = 64
    while size < 2 * least and size < most:
        size *= 2
    return size


@jit
def _keep_long(runs, n_runs, min_shingles):
    n_kept = 0
    longest = 0
    for i in range(n_runs):
        if runs[i, 2] > runs[longest, 2]:
            longest = i
        if runs[i, 2] >= min_shingles:
            runs[n_kept] = runs[i]
            n_kept += 1
    if n_kept == 0 and n_runs > 0:
        runs[0] = runs[longest]
        n_kept = 1
    return n_kept
