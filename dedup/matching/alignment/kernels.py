"""The loops of alignment: from runs of shared shingles to passages over small edits."""

from dedup.kernels import jit
from dedup.matching.forms import kernels as forms_kernels
from dedup.matching.noise import kernels as noise_kernels
from dedup.matching.runs import kernels as runs_kernels

_LOOK_BACK = 6  # passages, the last ones, that a run may go on with
_FEW_EDITS = 5  # words of a passage for each one edited, at least
_LEAST_AGAIN = 3  # words that must agree again after an edit at either end of a passage
_WIDEST = 17  # one more than the words of the widest edit

WIDEST_EDIT = _WIDEST - 1


@jit
def align_pairs(text, origins, hashed, offsets, shape, pairs, counts, passages, buffers):
    """Return how many pairs were aligned: all, or fewer when the passages need more room.

    A passage is a run of equal words, or several that small edits part: at most `most_edit` words on either side,
    and no more than half the words of the two runs. Passages of fewer words than `min_words` are left out, unless a
    pair has no longer one: then its longest stands alone.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    origins : (n_stories,) int64, the byte from which each story's words are counted
    hashed, offsets : as `hash_stories` writes them
    shape : shingle_words, min_words, most_edit (at most WIDEST_EDIT)
    pairs : left and right (n,) int64, the stories of each pair, and by_words (n,) uint8, whether their words are
        aligned as well
    counts : (n, 10) int64, written; passages of the pair, words of the left story in shared shingles, words that
        stand for one another (where asked, else 0), words of the longest run, numbers of the passages that agree and
        that stand for something else, the same of numbers and names (of two short texts: of all of them), words that
        stand for one another and are not equal, words without the edits of the longest passage with few of them
    passages : (capacity, 5) int64, written; start and end in the left story, start and end in the right one, in
        bytes from the story's origin; words edited
    buffers : heads (2^k,) int64, following (capacity,) int64, runs (capacity, 3) int64, joined (capacity, 10) int64
        and a table (_WIDEST, _WIDEST) int64
    """
    words, shingles, word_starts, word_ends, opens = hashed
    shingle_words, min_words, most_edit = shape
    left, right, by_words = pairs
    heads, following, runs, joined, table = buffers
    at = 0
    for p in range(left.shape[0]):
        a_first, a_last = offsets[left[p]], offsets[left[p] + 1]
        b_first, b_last = offsets[right[p]], offsets[right[p] + 1]
        size = min(shingle_words, a_last - a_first)
        slots = heads[: _power_of_two(b_last - b_first, heads.shape[0])]
        runs_kernels.link_places(shingles[b_first:b_last], slots, following)
        n_runs = runs_kernels.find_runs(
            shingles[a_first:a_last], shingles[b_first:b_last], slots, following, runs
        )
        ours = (words[a_first:a_last], opens[a_first:a_last])
        theirs = (words[b_first:b_last], opens[b_first:b_last])
        spelled = (
            (text, origins[left[p]], word_starts[a_first:a_last], word_ends[a_first:a_last]),
            (text, origins[right[p]], word_starts[b_first:b_last], word_ends[b_first:b_last]),
        )
        n_joined = join_runs(runs, n_runs, size, most_edit, ours, theirs, spelled, joined, table)
        for i in range(n_joined):
            stretch(joined, n_joined, i, most_edit, (ours, theirs), spelled)
        longest, n_kept = _keep_long(joined, n_joined, min_words)
        if at + n_kept > passages.shape[0]:
            return p
        counts[p, 0] = n_kept
        counts[p, 1] = runs_kernels.covered(runs, n_runs, size)
        counts[p, 2] = 0
        counts[p, 8] = 0
        counts[p, 3] = longest
        counts[p, 9] = _sound_words(joined, n_kept)
        for kind in range(2):
            counts[p, 4 + 2 * kind] = _kept_slots(joined, n_kept, spelled[0], kind)
            counts[p, 5 + 2 * kind] = joined[:n_kept, 6 + 2 * kind].sum()
        if by_words[p]:
            standing, alike = noise_kernels.count_standing(runs, n_runs, size, ours[0], theirs[0], spelled)
            counts[p, 2] = standing
            if max(a_last - a_first, b_last - b_first) <= noise_kernels.WIDEST_GAP:
                kept, changed = forms_kernels.compare_whole((ours[0], theirs[0]), spelled)
                counts[p, 6] = kept
                counts[p, 7] = changed
            counts[p, 8] = alike
        for i in range(n_kept):
            passages[at + i, 0] = word_starts[a_first + joined[i, 0]]
            passages[at + i, 1] = word_ends[a_first + joined[i, 1] - 1]
            passages[at + i, 2] = word_starts[b_first + joined[i, 2]]
            passages[at + i, 3] = word_ends[b_first + joined[i, 3] - 1]
            passages[at + i, 4] = joined[i, 4]
        at += n_kept
    return left.shape[0]


@jit
def join_runs(runs, n_runs, size, most_edit, ours, theirs, spelled, joined, table):
    """Return the number of passages that runs make, where those that a small edit parts are one.

    Parameters
    ----------
    runs : as `runs.kernels.find_runs` writes them, of shingles of `size` words
    ours, theirs : words (n_words,) uint64 and whether each opens a segment (n_words,) uint8
    spelled : the text of each side's words, as `count_standing` reads it
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
            a_gap = (joined[k, 1], a + over)
            b_gap = (joined[k, 3], b + over)
            if not _parted(ours[1], a_gap[0], a_gap[1] + 1) and not _parted(
                theirs[1], b_gap[0], b_gap[1] + 1
            ):
                joined[k, 4] += edit_distance(
                    ours[0][a_gap[0] : a_gap[1]], theirs[0][b_gap[0] : b_gap[1]], table
                )
                _note_slots(joined[k], a_gap, b_gap, (ours[0], theirs[0]), spelled)
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
def _parted(opens, begin, end):
    """Return whether a segment opens among these words."""
    found = False
    for i in range(begin, min(end, opens.shape[0])):
        found |= opens[i] != 0
    return found


@jit
def edit_distance(ours, theirs, table):
    """Return the Levenshtein distance of two short sequences of words, both shorter than the table."""
    for j in range(theirs.shape[0] + 1):
        table[0, j] = j
    for i in range(ours.shape[0]):
        table[i + 1, 0] = i + 1
        for j in range(theirs.shape[0]):
            changed = table[i, j] + (ours[i] != theirs[j])
            table[i + 1, j + 1] = min(changed, table[i, j + 1] + 1, table[i + 1, j] + 1)
    return table[ours.shape[0], theirs.shape[0]]


@jit
def stretch(joined, n_joined, i, most_edit, sides, spelled):
    """Lengthen a passage at both ends, word by word, over edits after which some words agree again, in place.

    The widest edit at an end is a third of `most_edit`: fewer words agree there than a shingle has. No passage is
    lengthened into another one on our side.
    """
    widest = most_edit // 3
    if widest == 0:
        return
    ours, theirs = sides
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
        _note_slots(joined[i], (a, a + skip_a), (b, b + skip_b), (ours[0], theirs[0]), spelled)
        a += skip_a + agreed
        b += skip_b + agreed
    joined[i, 1], joined[i, 3] = a, b
    a, b = joined[i, 0] - 1, joined[i, 2] - 1
    while True:
        skip_a, skip_b, agreed = _next_agreement(ours, theirs, (a, b, -1, first - 1), widest)
        if agreed == 0:
            break
        joined[i, 4] += max(skip_a, skip_b)
        a_edit, b_edit = (a + 1 - skip_a, a + 1), (b + 1 - skip_b, b + 1)
        _note_slots(joined[i], a_edit, b_edit, (ours[0], theirs[0]), spelled)
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
    for edited in range(widest + 1):
        for fewer in range(edited + 1):
            for side in range(2):
                skip_a = edited if side == 0 else edited - fewer
                skip_b = edited - fewer if side == 0 else edited
                agreed = _agreeing(ours, theirs, place, skip_a, skip_b)
                if agreed >= (1 if edited == 0 else _LEAST_AGAIN):
                    return skip_a, skip_b, agreed
    return 0, 0, 0


@jit
def _agreeing(ours, theirs, place, skip_a, skip_b):
    """Return how many words agree after those skipped, none where a segment opens on the way."""
    a, b, step, stop = place
    for i in range(skip_a):
        if _outside(ours, a + step * i, step):
            return 0
    for i in range(skip_b):
        if _outside(theirs, b + step * i, step):
            return 0
    i, j = a + step * skip_a, b + step * skip_b
    agreed = 0
    if (stop - i) * step <= 0:
        return 0
    while (
        i != stop
        and not _outside(ours, i, step)
        and not _outside(theirs, j, step)
        and ours[0][i] == theirs[0][j]
    ):
        agreed += 1
        i += step
        j += step
    return agreed


@jit
def _outside(side, at, step):
    """Return whether a place cannot be reached by a step: it is outside of the text or of its segment."""
    if at < 0 or at >= side[0].shape[0]:
        return True
    border = at if step > 0 else at + 1
    return border < side[0].shape[0] and side[1][border] != 0


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
            joined[n_kept] = joined[i]
            n_kept += 1
    return longest_run, n_kept


@jit
def _note_slots(passage, a_edit, b_edit, words, spelled):
    """Count the slots of an edit on its passage: those that stand for something else, and those it holds."""
    for kind in range(2):
        changed, edited = forms_kernels.compare((a_edit, b_edit), words, spelled, kind)
        passage[6 + 2 * kind] += changed
        passage[7 + 2 * kind] += edited


@jit
def _kept_slots(joined, n_kept, side, kind):
    """Return how many of our slots stand in the passages' words that agree."""
    kept = 0
    for i in range(n_kept):
        kept += forms_kernels.count(joined[i, 0], joined[i, 1], side, kind) - joined[i, 7 + 2 * kind]
    return kept


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
