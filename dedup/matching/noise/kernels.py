"""The loops of word alignment: words that stand for one another although letters of them differ."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.words import kernels as words_kernels

WIDEST_GAP = 64  # words between two runs that are aligned word by word
_SIDE = WIDEST_GAP + 1
_LONGEST_WORD = 24  # letters of a word that are compared
_MOST_RUNS = 400  # of a pair; the chain is sought among the first of them
_LEAST_STANDING = 0.5  # of the shorter side of a gap, else the gap counts nothing
_LEAST_REACH = 0.55  # of the shorter text, in runs and gaps of like length, else no word is compared
_LIKE_LENGTH = 0.25  # of the longer side: so much may two gaps differ

_WORD = 1000  # the score of an equal word; one that is alike scores one less
_NUMBER = np.uint32(64)  # added to the length of a word that begins with a digit
_LETTERS_BITS = np.uint32(63)
_THREE = np.uint32(3)
_BIT, _FIVE_BITS = np.uint32(1), np.uint32(31)
_NOT_ASCII = np.uint8(0x80)
_ZERO, _NINE = np.uint8(0x30), np.uint8(0x39)
_UPPER_A, _UPPER_Z, _TO_LOWER = np.uint32(0x41), np.uint32(0x5A), np.uint32(0x20)


@jit
def room():
    """Return arrays that `count_standing` works in, whatever they hold."""
    return (
        np.empty((_SIDE, _SIDE), np.int64),
        np.empty((3, _LONGEST_WORD + 1), np.int64),
        np.empty((_MOST_RUNS, 3), np.int64),
        np.empty((2, _MOST_RUNS), np.int64),
        np.empty((2, _SIDE), np.uint32),
        np.empty((2, _SIDE), np.uint32),
    )


@leaf
def count_standing(runs, n_runs, size, ours, theirs, spelled, least_alike, spare):
    """Return how many of our words stand for a word of theirs, in order, and how many of those are not equal.

    Words stand for one another when they are equal, or differ in at most a third of their letters and are not two
    numbers. Two texts of at most WIDEST_GAP words are aligned whole. Of longer ones, the heaviest chain of runs is
    the backbone, and the gaps between its runs and at its ends are aligned word by word. Texts whose runs and gaps of
    like length reach over little of the shorter one are no noisy copies, and neither are those whose errors are not
    spread over them: between the runs must stand half of the words asked for. They count nothing.

    Parameters
    ----------
    runs : (n_runs, 3) int64; our first shingle, their first shingle, number of shingles; in our order
    size : words in a shingle
    ours, theirs : (n_words,) uint32
    spelled : for each side the text (n_bytes,) uint8, its origin in bytes, and starts and lengths of the words
    least_alike : words that are not equal, as a share of the shorter text, which are asked of longer texts
    spare : what `room` gives
    """
    chain, weights = spare[2], spare[3]
    sides = (ours, theirs)
    if ours.shape[0] <= WIDEST_GAP and theirs.shape[0] <= WIDEST_GAP:
        return align_words(sides, spelled, (0, ours.shape[0], 0, theirs.shape[0]), spare)
    shorter = min(ours.shape[0], theirs.shape[0])
    if n_runs < 2 or _most_reach(runs, n_runs, size) < _LEAST_REACH * shorter:
        return 0, 0
    n_chain = find_chain(runs, min(n_runs, _MOST_RUNS), size, chain, weights)
    if n_chain < 2 or _reach(chain, n_chain) < _LEAST_REACH * shorter:
        return 0, 0
    left = 0
    for i in range(1, n_chain):
        left += _gap_words(_between(chain, i))
    standing, alike = chain[0, 2], 0
    for i in range(1, n_chain):
        if alike + left < least_alike * shorter / 2:
            return 0, 0
        gap = _between(chain, i)
        found, found_alike = _count_gap(sides, spelled, gap, spare)
        standing += chain[i, 2] + found
        alike += found_alike
        left -= _gap_words(gap)
    if alike < least_alike * shorter / 2:
        return 0, 0
    a, b = chain[0, 0], chain[0, 1]
    ahead = _count_gap(sides, spelled, (max(a - WIDEST_GAP, 0), a, max(b - WIDEST_GAP, 0), b), spare)
    a, b = chain[n_chain - 1, 0] + chain[n_chain - 1, 2], chain[n_chain - 1, 1] + chain[n_chain - 1, 2]
    gap = (a, min(a + WIDEST_GAP, ours.shape[0]), b, min(b + WIDEST_GAP, theirs.shape[0]))
    behind = _count_gap(sides, spelled, gap, spare)
    return standing + ahead[0] + behind[0], alike + ahead[1] + behind[1]


@leaf
def _between(chain, i):
    """Return the gap before a run of the chain: first word and end of ours, first word and end of theirs."""
    return chain[i - 1, 0] + chain[i - 1, 2], chain[i, 0], chain[i - 1, 1] + chain[i - 1, 2], chain[i, 1]


@leaf
def _gap_words(gap):
    """Return the most words of a gap that can stand for one another; none do where it is too wide."""
    ours, theirs = gap[1] - gap[0], gap[3] - gap[2]
    return min(ours, theirs) if max(ours, theirs) <= WIDEST_GAP else 0


@leaf
def _count_gap(sides, spelled, gap, spare):
    """Return how many words of a gap stand for one another, and how many of those are not equal."""
    n_words = _gap_words(gap)
    if n_words == 0:
        return 0, 0
    found, alike = align_words(sides, spelled, gap, spare)
    return (found, alike) if found >= _LEAST_STANDING * n_words else (0, 0)


@leaf
def _most_reach(runs, n_runs, size):
    """Return more than `_reach` gives, whatever the chain is."""
    reached = WIDEST_GAP * (n_runs - 1)
    for i in range(n_runs):
        reached += runs[i, 2] + size - 1
    return reached


@leaf
def find_chain(runs, n_runs, size, chain, spare):
    """Return the number of runs in the heaviest chain: runs that rise in both texts, weighed by their words.

    Parameters
    ----------
    runs : (>= n_runs, 3) int64, in our order
    chain : (>= n_runs, 3) int64, written; our first word, their first word, words; none overlap on either side
    spare : (2, >= n_runs) int64, any content
    """
    weights, before = spare[0], spare[1]
    best = -1
    for j in range(n_runs):
        weights[j] = runs[j, 2] + size - 1
        before[j] = -1
        for i in range(j):
            over = _overlap(runs, i, j, size)
            if over < runs[j, 2] + size - 1 and runs[i, 1] < runs[j, 1]:
                weight = weights[i] + runs[j, 2] + size - 1 - over
                if weight > weights[j]:
                    weights[j] = weight
                    before[j] = i
        if best < 0 or weights[j] > weights[best]:
            best = j
    n_chain = 0
    at = best
    while at >= 0:
        n_chain += 1
        at = before[at]
    at = best
    for place in range(n_chain - 1, -1, -1):
        over = 0 if before[at] < 0 else _overlap(runs, before[at], at, size)
        chain[place, 0] = runs[at, 0] + over
        chain[place, 1] = runs[at, 1] + over
        chain[place, 2] = runs[at, 2] + size - 1 - over
        at = before[at]
    return n_chain


@leaf
def _overlap(runs, i, j, size):
    """Return how many first words of run j lie inside run i, on the side where they are more."""
    length = runs[i, 2] + size - 1
    return max(runs[i, 0] + length - runs[j, 0], runs[i, 1] + length - runs[j, 1], 0)


@leaf
def _reach(chain, n_chain):
    """Return our words in the chain's runs and in its gaps of like length."""
    reached = chain[0, 2]
    for i in range(1, n_chain):
        a_gap = chain[i, 0] - chain[i - 1, 0] - chain[i - 1, 2]
        b_gap = chain[i, 1] - chain[i - 1, 1] - chain[i - 1, 2]
        longer = max(a_gap, b_gap)
        if longer <= WIDEST_GAP and abs(a_gap - b_gap) <= 2 + _LIKE_LENGTH * longer:
            reached += min(a_gap, b_gap)
        reached += chain[i, 2]
    return reached


@leaf
def align_words(sides, spelled, gap, spare):
    """Return the most words of a gap that stand for one another in order, and how many of those are not equal.

    A longest common subsequence; of several, one with the most equal words.
    """
    a_first, a_last, b_first, b_last = gap
    ours, theirs = sides
    table, row, _, _, letters, sizes = spare
    _outline(spelled[0], a_first, a_last, letters[0], sizes[0], row[1])
    _outline(spelled[1], b_first, b_last, letters[1], sizes[1], row[1])
    table[0, :] = 0
    for i in range(a_last - a_first):
        table[i + 1, 0] = 0
        for j in range(b_last - b_first):
            best = max(table[i, j + 1], table[i + 1, j])
            corner = table[i, j] + _WORD
            if corner > best:
                if ours[a_first + i] == theirs[b_first + j]:
                    best = corner
                elif (
                    corner - 1 > best
                    and _may_be_alike(letters[0, i], sizes[0, i], letters[1, j], sizes[1, j])
                    and is_alike(spelled, a_first + i, b_first + j, row)
                ):
                    best = corner - 1
            table[i + 1, j + 1] = best
    score = table[a_last - a_first, b_last - b_first]
    standing = (score + _WORD - 1) // _WORD
    return standing, standing * _WORD - score


@leaf
def _outline(side, first, last, letters, sizes, spare):
    """Write which letters each word has, as bits by their last five bits, and how many; of a number so many more."""
    text, origin, starts, lengths = side
    for i in range(first, last):
        begin = origin + np.int64(starts[i])
        size = np.int64(min(lengths[i], _LONGEST_WORD))
        bits, above = np.uint32(0), np.uint8(0)
        for k in range(size):
            byte = text[np.uint64(begin + k)]
            bits |= _BIT << (np.uint32(byte) & _FIVE_BITS)
            above |= byte
        if above >= _NOT_ASCII:
            size = _spell(text, begin, begin + np.int64(lengths[i]), spare)
            bits = np.uint32(0)
            for k in range(size):
                bits |= _BIT << (np.uint32(spare[k]) & _FIVE_BITS)
        letters[i - first] = bits
        sizes[i - first] = np.uint32(size) + (_NUMBER if _ZERO <= text[begin] <= _NINE else np.uint32(0))


@leaf
def _may_be_alike(our_letters, our_size, their_letters, their_size):
    """Return whether two words can be alike by their outlines: each edit changes one letter at most."""
    a_size, b_size = our_size & _LETTERS_BITS, their_size & _LETTERS_BITS
    longer, shorter = max(a_size, b_size), min(a_size, b_size)
    edits = max(
        longer - shorter, _n_bits(our_letters & ~their_letters), _n_bits(their_letters & ~our_letters)
    )
    numbers = (our_size & their_size) >= _NUMBER
    return (longer >= _THREE) & (edits * _THREE <= longer) & ~numbers


@leaf
def _n_bits(bits):
    """Return how many bits are set."""
    bits = np.uint32(bits - ((bits >> np.uint32(1)) & np.uint32(0x55555555)))
    bits = np.uint32((bits & np.uint32(0x33333333)) + ((bits >> np.uint32(2)) & np.uint32(0x33333333)))
    bits = np.uint32((bits + (bits >> np.uint32(4))) & np.uint32(0x0F0F0F0F))
    return np.uint32(bits * np.uint32(0x01010101)) >> np.uint32(24)


@leaf
def is_alike(spelled, a, b, row):
    """Return whether two words differ in at most a third of their letters."""
    our_text, our_origin, our_starts, our_lengths = spelled[0]
    their_text, their_origin, their_starts, their_lengths = spelled[1]
    a_begin, b_begin = our_origin + np.int64(our_starts[a]), their_origin + np.int64(their_starts[b])
    distances, our_letters, their_letters = row
    a_size = _spell(our_text, a_begin, a_begin + np.int64(our_lengths[a]), our_letters)
    b_size = _spell(their_text, b_begin, b_begin + np.int64(their_lengths[b]), their_letters)
    most = max(a_size, b_size) // 3
    for j in range(b_size + 1):
        distances[j] = j
    for i in range(a_size):
        corner = distances[0]
        distances[0] = i + 1
        least = distances[0]
        for j in range(b_size):
            changed = corner + (our_letters[i] != their_letters[j])
            corner = distances[j + 1]
            distances[j + 1] = min(changed, corner + 1, distances[j] + 1)
            least = min(least, distances[j + 1])
        if least > most:
            return False
    return distances[b_size] <= most


@leaf
def _spell(text, begin, end, letters):
    """Return how many letters a word has, and write them as code points: A to Z as a to z, the first ones only."""
    n_letters = 0
    at = begin
    while at < end and n_letters < _LONGEST_WORD:
        code_point, at = words_kernels.decode(text, at, end)
        letters[n_letters] = code_point + _TO_LOWER if _UPPER_A <= code_point <= _UPPER_Z else code_point
        n_letters += 1
    return n_letters
