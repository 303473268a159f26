"""The loops of alignment: from runs of shared shingles to passages over small edits."""

import numpy as np

from dedup.kernels import jit
from dedup.matching.forms import kernels as forms_kernels
from dedup.matching.hashing.kernels import FIRST, OPENS
from dedup.matching.noise import kernels as noise_kernels
from dedup.matching.runs import kernels as runs_kernels
from dedup.words import kernels as words_kernels

_LOOK_BACK = 6  # passages, the last ones, that a run may go on with
_FEW_EDITS = 5  # words of a passage for each one edited, at least
_LEAST_AGAIN = 3  # words that must agree again after an edit at either end of a passage
_WIDEST = 17  # one more than the words of the widest edit

WIDEST_EDIT = _WIDEST - 1


@jit
def align_pairs(text, hashed, stories, offsets, shape, rule, pairs, counts, passages, buffers):
    """Return how many pairs were aligned: all, or fewer when the passages need more room.

    A passage is a run of equal words, or several that small edits part: at most `most_edit` words on either side,
    and no more than half the words of the two runs. Passages of fewer words than `min_words` are left out, unless a
    pair has no longer one: then its longest stands alone.

    A pair that cannot be a match is left as soon as that is known: it has no passages, and -1 shared shingles.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    hashed, offsets : as `hash_stories` writes them
    stories : start, different shingles, first character and whether all is ASCII, (n_stories,) int64 each
    shape : shingle_words, min_words, most_edit (at most WIDEST_EDIT)
    rule : as float64: least shingles; least share of the shorter text, or instead least shingles; shingles of a short
        text; Jaccard of a revision, share of an excerpt, share of a copy; then, to be a match, one of: shared
        shingles, words of a run, sound words
    pairs : left and right (n,) int64, the stories of each pair; best with equal right ones together
    counts : (n, 11) int64, written; passages of the pair, words of the left story in shared shingles, words that
        stand for one another (where shingles do not tell the relation, else 0), words of the longest run, numbers
        of the passages that agree and that stand for something else, the same of numbers and names (of two short
        texts: of all of them), words that stand for one another and are not equal, words without the edits of the
        longest passage with few of them, different shingles that stand in both
    passages : (capacity, 5) int64, written; start and end in the left story's page, start and end in the right one's,
        in characters; words edited
    buffers : heads (2^k,) int32, following (capacity,) int32, runs (capacity, 3) int64, joined (capacity, 10) int64
        and a table (_WIDEST, _WIDEST) int64
    """
    words, shingles, word_starts, word_ends, characters, marks = hashed
    origins, n_different, first_characters, all_ascii = stories
    shingle_words, min_words, most_edit = shape
    left, right = pairs
    heads, following, runs, joined, table = buffers
    at = 0
    linked = np.int64(-1)
    slots = heads
    for p in range(left.shape[0]):
        a, b = left[p], right[p]
        a_first, a_last = offsets[a], offsets[a + 1]
        b_first, b_last = offsets[b], offsets[b + 1]
        size = min(shingle_words, a_last - a_first)
        if b != linked:
            slots = heads[: _power_of_two(b_last - b_first, heads.shape[0])]
            runs_kernels.link_places(shingles[b_first:b_last], slots, following)
            linked = b
        n_runs = runs_kernels.find_runs(
            shingles[a_first:a_last], shingles[b_first:b_last], slots, following, runs
        )
        counts[p, :] = 0
        counts[p, 10] = -1
        own_marks = marks[a_first:a_last]
        shared = runs_kernels.count_different(runs, n_runs, own_marks, FIRST)
        short = max(n_different[a], n_different[b]) <= rule[3] and min(n_different[a], n_different[b]) > 0
        if not short and shared < _needed(rule, min(n_different[a], n_different[b])):
            continue
        ours = (words[a_first:a_last], own_marks, word_starts[a_first:a_last], word_ends[a_first:a_last])
        theirs = (
            words[b_first:b_last],
            marks[b_first:b_last],
            word_starts[b_first:b_last],
            word_ends[b_first:b_last],
        )
        n_joined = join_runs(runs, n_runs, size, most_edit, ours, theirs, joined, table)
        for i in range(n_joined):
            stretch(joined, n_joined, i, most_edit, ours, theirs)
        longest, n_kept = _keep_long(joined, n_joined, min_words)
        sound = _sound_words(joined, n_kept)
        share_a, share_b = shared / max(n_different[a], 1), shared / max(n_different[b], 1)
        if not short and not (
            max(share_a, share_b) >= rule[1] or shared >= rule[7] or longest >= rule[8] or sound >= rule[9]
        ):
            continue
        if at + n_kept > passages.shape[0]:
            return p
        counts[p, 0] = n_kept
        counts[p, 1] = runs_kernels.covered(runs, n_runs, size)
        counts[p, 3] = longest
        counts[p, 9] = sound
        counts[p, 10] = shared
        for i in range(n_kept):
            first, last = joined[i, 0], joined[i, 1]
            counts[p, 4] += forms_kernels.count(first, last, own_marks, forms_kernels.NUMBERS) - joined[i, 7]
            counts[p, 5] += joined[i, 6]
            counts[p, 6] += (
                forms_kernels.count(first, last, own_marks, forms_kernels.NAMES_TOO) - joined[i, 9]
            )
            counts[p, 7] += joined[i, 8]
        if short or _is_partial(rule, shared, n_different[a], n_different[b]):
            spelled = ((text, origins[a], ours[2], ours[3]), (text, origins[b], theirs[2], theirs[3]))
            standing, alike = noise_kernels.count_standing(runs, n_runs, size, ours[0], theirs[0], spelled)
            counts[p, 2] = standing
            if max(a_last - a_first, b_last - b_first) <= noise_kernels.WIDEST_GAP:
                kept, changed = forms_kernels.compare_whole(ours, theirs)
                counts[p, 6] = kept
                counts[p, 7] = changed
            counts[p, 8] = alike
        for i in range(n_kept):
            for side in range(2):
                story = a if side == 0 else b
                first = offsets[story] + joined[i, 2 * side]
                last = offsets[story] + joined[i, 2 * side + 1] - 1
                length = np.int64(word_ends[last]) - np.int64(word_starts[last])
                if not all_ascii[story]:
                    begin = origins[story] + np.int64(word_starts[last])
                    length = words_kernels.characters_between(text, begin, begin + length)
                passages[at + i, 2 * side] = first_characters[story] + np.int64(characters[first])
                passages[at + i, 2 * side + 1] = first_characters[story] + np.int64(characters[last]) + length
            passages[at + i, 4] = joined[i, 4]
        at += n_kept
    return left.shape[0]


@jit
def _needed(rule, lesser):
    """Return the least shingles that a pair shares of which the shorter text has so many."""
    return max(rule[0], min(rule[1] * lesser, rule[2]))


@jit
def _is_partial(rule, shared, size_a, size_b):
    """Return whether shingles make a pair neither a copy nor a revision nor an excerpt."""
    share_a, share_b = shared / max(size_a, 1), shared / max(size_b, 1)
    greater, lesser = max(share_a, share_b), min(share_a, share_b)
    jaccard = shared / max(size_a + size_b - shared, 1)
    return not (jaccard >= rule[4] or (greater >= rule[5] and lesser <= greater / 2) or lesser >= rule[6])


@jit
def join_runs(runs, n_runs, size, most_edit, ours, theirs, joined, table):
    """Return the number of passages that runs make, where those that a small edit parts are one.

    Parameters
    ----------
    runs : as `runs.kernels.find_runs` writes them, of shingles of `size` words
    ours, theirs : the two sides, as `forms` has them
    joined : (capacity, 10) int64, written; first word and end of ours, first word and end of theirs, words edited (by
        Levenshtein), words of the longest run, numbers that stand for something else, our numbers in
        edits, and the same two of numbers and names
    table : (_WIDEST, _WIDEST) int64, any content
    """
    n_joined = 0
    last_size = 0
    for i in range(n_runs):
        a, b, length = runs[i, 0], runs[i, 1], runs[i, 2] + size - 1
        chosen, chosen_gap = -1, most_edit + 1
        for k in range(n_joined - 1, max(n_joined - 1 - _LOOK_BACK, -1), -1):
            over = max(joined[k, 1] - a, joined[k, 3] - b, 0)
            gap = max(a + over - joined[k, 1], b + over - joined[k, 3])
            last_size = min(joined[k, 5], joined[k, 1] - joined[k, 0])
            if over < length and gap < chosen_gap and 2 * gap <= last_size + length - over:
                chosen, chosen_gap = k, gap
        if chosen >= 0 and most_edit > 0:
            k = chosen
            over = max(joined[k, 1] - a, joined[k, 3] - b, 0)
            gaps = (joined[k, 1], a + over, joined[k, 3], b + over)
            if not _parted(ours[1], gaps[0], gaps[1] + 1) and not _parted(theirs[1], gaps[2], gaps[3] + 1):
                joined[k, 4] += edit_distance(ours[0][gaps[0] : gaps[1]], theirs[0][gaps[2] : gaps[3]], table)
                _note_slots(joined[k], gaps, ours, theirs)
                joined[k, 1] = a + length
                joined[k, 3] = b + length
                joined[k, 5] = max(joined[k, 5], length)
                continue
        joined[n_joined, 0] = a
        joined[n_joined, 1] = a + length
        joined[n_joined, 2] = b
        joined[n_joined, 3] = b + length
        joined[n_joined, 4] = 0
        joined[n_joined, 5] = length
        joined[n_joined, 6:] = 0
        n_joined += 1
    return n_joined


@jit
def _parted(marks, begin, end):
    """Return whether a segment opens among these words."""
    found = False
    for i in range(begin, min(end, marks.shape[0])):
        found |= (marks[i] & OPENS) != 0
    return found


@jit
def edit_distance(ours, theirs, table):
    """Return the Levenshtein distance of two short sequences of words, both shorter than the table."""
    shorter = min(ours.shape[0], theirs.shape[0])
    if shorter == 0:
        return max(ours.shape[0], theirs.shape[0])
    if max(ours.shape[0], theirs.shape[0]) == 1:
        return np.int64(ours[0] != theirs[0])
    for j in range(theirs.shape[0] + 1):
        table[0, j] = j
    for i in range(ours.shape[0]):
        table[i + 1, 0] = i + 1
        for j in range(theirs.shape[0]):
            changed = table[i, j] + (ours[i] != theirs[j])
            table[i + 1, j + 1] = min(changed, table[i, j + 1] + 1, table[i + 1, j] + 1)
    return table[ours.shape[0], theirs.shape[0]]


@jit
def stretch(joined, n_joined, i, most_edit, ours, theirs):
    """Lengthen a passage at both ends, word by word, over edits after which some words agree again, in place.

    The widest edit at an end is a third of `most_edit`: fewer words agree there than a shingle has. No passage is
    lengthened into another one on our side.
    """
    widest = most_edit // 3
    if widest == 0:
        return
    first, last = 0, ours[0].shape[0]
    for k in range(n_joined):
        if k != i:
            if joined[k, 1] > joined[i, 1]:
                last = min(last, max(joined[k, 0], joined[i, 1]))
            if joined[k, 0] < joined[i, 0]:
                first = max(first, min(joined[k, 1], joined[i, 0]))
    a, b = joined[i, 1], joined[i, 3]
    while True:
        skip_a, skip_b, agreed = _next_agreement(ours, theirs, (a, b, 1, last), widest)
        if agreed == 0:
            break
        joined[i, 4] += max(skip_a, skip_b)
        _note_slots(joined[i], (a, a + skip_a, b, b + skip_b), ours, theirs)
        a += skip_a + agreed
        b += skip_b + agreed
    joined[i, 1], joined[i, 3] = a, b
    a, b = joined[i, 0] - 1, joined[i, 2] - 1
    while True:
        skip_a, skip_b, agreed = _next_agreement(ours, theirs, (a, b, -1, first - 1), widest)
        if agreed == 0:
            break
        joined[i, 4] += max(skip_a, skip_b)
        _note_slots(joined[i], (a + 1 - skip_a, a + 1, b + 1 - skip_b, b + 1), ours, theirs)
        a -= skip_a + agreed
        b -= skip_b + agreed
    joined[i, 0], joined[i, 2] = a + 1, b + 1


@jit
def _next_agreement(ours, theirs, place, widest):
    """Return the words to skip on both sides, the fewest, and how many agree thereafter.

    Parameters
    ----------
    place : our word, their word, the step to the next one, and our word to stop before
    """
    a, b, step, stop = place
    a_room = min(_room(ours[1], a, step, widest + _LEAST_AGAIN), (stop - a) * step)
    b_room = _room(theirs[1], b, step, widest + _LEAST_AGAIN)
    for edited in range(widest + 1):
        least = 1 if edited == 0 else _LEAST_AGAIN
        for fewer in range(edited + 1):
            for side in range(1 if fewer == 0 else 2):
                skip_a = edited if side == 0 else edited - fewer
                skip_b = edited - fewer if side == 0 else edited
                if skip_a + least > a_room or skip_b + least > b_room:
                    continue
                i, j = a + step * skip_a, b + step * skip_b
                if ours[0][i] != theirs[0][j]:
                    continue
                agreed = _agreeing(ours, theirs, (i, j, step, stop))
                if agreed >= least:
                    return skip_a, skip_b, agreed
    return 0, 0, 0


@jit
def _room(marks, at, step, most):
    """Return how many words, `most` at most, stand from a place on in its segment."""
    room = 0
    while room < most and not _outside(marks, at, step):
        room += 1
        at += step
    return room


@jit
def _agreeing(ours, theirs, place):
    """Return how many words agree from two places on, until one of them leaves its segment."""
    i, j, step, stop = place
    agreed = 0
    while (
        i != stop
        and not _outside(ours[1], i, step)
        and not _outside(theirs[1], j, step)
        and ours[0][i] == theirs[0][j]
    ):
        agreed += 1
        i += step
        j += step
    return agreed


@jit
def _outside(marks, at, step):
    """Return whether a place cannot be reached by a step: it is outside of the text or of its segment."""
    if at < 0 or at >= marks.shape[0]:
        return True
    border = at if step > 0 else at + 1
    return border < marks.shape[0] and (marks[border] & OPENS) != 0


@jit
def _keep_long(joined, n_joined, min_words):
    """Return the words of the longest run, and how many passages are kept, moved to the front."""
    n_kept = 0
    longest = 0
    longest_run = 0
    for i in range(n_joined):
        longest_run = max(longest_run, joined[i, 5])
        if joined[i, 1] - joined[i, 0] > joined[longest, 1] - joined[longest, 0]:
            longest = i
    for i in range(n_joined):
        if joined[i, 1] - joined[i, 0] >= min_words or (
            i == longest and joined[longest, 1] - joined[longest, 0] < min_words
        ):
            for column in range(joined.shape[1]):
                joined[n_kept, column] = joined[i, column]
            n_kept += 1
    return longest_run, n_kept


@jit
def _note_slots(passage, gaps, ours, theirs):
    """Count the slots of an edit on its passage: those that stand for something else, and those it holds."""
    a_first, a_last, b_first, b_last = gaps
    slots = np.uint8(0)
    for i in range(a_first, a_last):
        slots |= ours[1][i]
    for i in range(b_first, b_last):
        slots |= theirs[1][i]
    if (slots & forms_kernels.ANY) == 0:
        return
    changed, edited = forms_kernels.compare(gaps, ours, theirs, forms_kernels.NUMBERS)
    passage[6] += changed
    passage[7] += edited
    changed, edited = forms_kernels.compare(gaps, ours, theirs, forms_kernels.NAMES_TOO)
    passage[8] += changed
    passage[9] += edited


@jit
def _sound_words(joined, n_kept):
    """Return the words, edits aside, of the passage that has the most of them and in which few words are edited."""
    most = 0
    for i in range(n_kept):
        n_words = joined[i, 1] - joined[i, 0]
        if joined[i, 4] * _FEW_EDITS <= n_words:
            most = max(most, n_words - joined[i, 4])
    return most


@jit
def _power_of_two(least, most):
    size = 64
    while size < 2 * least and size < most:
        size *= 2
    return size
