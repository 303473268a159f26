"""The loop over sentences that many stories hold, and over the stories that may speak of the same."""

import numpy as np

from dedup.kernels import jit
from dedup.text import kernels as text_kernels
from dedup.words import kernels as words_kernels

_N_FLAGS = 1024
_FLAG = np.uint64(_N_FLAGS - 1)


@jit
def find_spoken_of(sentences, texts, lines, groups, folding, limits, told):
    """Mark the sentences with a word that most of their stories speak of, and few others do.

    Of very many stories some are read, at even distances. Stories with the sentence and others are read in turn,
    until no word is left that may be such a one.

    Parameters
    ----------
    sentences : the line of each in its first story (n_sentences,) int32; the stories of all sentences, int32, rising
        in each; where those of each begin and end, and the number of its group, int64
    texts : (n_bytes,) uint8, UTF-8; starts and ends (n_stories,) int64 of each story's bytes
    lines : own (n_lines,) bool, lines that are prose of their story's own; offsets (n_stories + 1,) int64
    groups : the stories of all groups, rising in each; offsets (n_groups + 1,) int64
    folding : entries and expansions of the folding table
    limits : stories of each kind that are read at most; the least of others; the least share of stories that must
        hold the word, and the most of others that may
    told : (n_sentences,) bool, written
    """
    lines_asked, owners, begins, ends, group_of = sentences
    members, offsets = groups
    most, least_others, _, _ = limits
    flags = np.zeros(_N_FLAGS, np.bool_)
    for sentence in range(told.shape[0]):
        told[sentence] = False
        holders = _different(owners[begins[sentence] : ends[sentence]])
        group = group_of[sentence]
        others = _others(members[offsets[group] : offsets[group + 1]], holders, 2 * most)
        if others.shape[0] < least_others:
            continue
        asked = np.unique(_read(texts, lines, holders[0], lines_asked[sentence], folding))
        for word in asked:
            flags[word & _FLAG] = True
        told[sentence] = _is_spoken_of(texts, lines, (holders, others), (asked, flags), folding, limits)
        for word in asked:
            flags[word & _FLAG] = False


@jit
def _is_spoken_of(texts, lines, stories, words, folding, limits):
    holders, others = stories
    asked, flags = words
    most, _, spoken_of, not_elsewhere = limits
    n_holders, n_others = min(holders.shape[0], most), min(others.shape[0], most)
    lacking, elsewhere = np.zeros(asked.shape[0], np.int64), np.zeros(asked.shape[0], np.int64)
    possible = np.ones(asked.shape[0], np.bool_)
    for turn in range(max(n_holders, n_others)):
        if turn < n_holders:
            story = holders[at_even_distance(holders.shape[0], n_holders, turn)]
            seen = _find_words(asked, flags, _read(texts, lines, story, -1, folding))
            for word in range(asked.shape[0]):
                lacking[word] += not seen[word]
                possible[word] &= (n_holders - lacking[word]) / n_holders >= spoken_of
        if turn < n_others:
            story = others[at_even_distance(others.shape[0], n_others, turn)]
            seen = _find_words(asked, flags, _read(texts, lines, story, -1, folding))
            for word in range(asked.shape[0]):
                elsewhere[word] += seen[word]
                possible[word] &= elsewhere[word] / n_others <= not_elsewhere
        if not possible.any():
            return False
    return True


@jit
def _read(texts, lines, story, only, folding):
    """Return the words of a story's own prose, or of one line only."""
    text, starts, ends = texts
    own, offsets = lines
    entries, expansions = folding
    capacity = (ends[story] - starts[story]) // 2 + 3
    line_starts, line_ends = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
    widths = np.empty(text_kernels.WIDEST_WRAP + 1, np.int64)
    n_lines = text_kernels.find_paragraphs(text, starts[story], ends[story], line_starts, line_ends, widths)
    while True:
        hashes = np.empty(capacity, np.uint64)
        word_starts, word_ends = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
        n_words = 0
        for i in range(n_lines):
            line = offsets[story] + i
            if line == only or (only < 0 and own[line]):
                begin, end, room = line_starts[i], line_ends[i], hashes[n_words:]
                found = words_kernels.hash_words(
                    text, begin, end, entries, expansions, room, word_starts, word_ends
                )
                if found < 0:
                    n_words = -1
                    break
                n_words += found
        if n_words >= 0:
            return hashes[:n_words]
        capacity *= 4


@jit
def _find_words(asked, flags, words):
    """Return which of the words that are asked for, sorted, are among some words."""
    seen = np.zeros(asked.shape[0], np.bool_)
    for word in words:
        if flags[word & _FLAG]:
            place = _lower_bound(asked, word)
            if place < asked.shape[0] and asked[place] == word:
                seen[place] = True
    return seen


@jit
def _lower_bound(values, wanted):
    """Return how many of some rising values are less than the one wanted."""
    low, high = 0, values.shape[0]
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def _different(stories):
    """Return rising numbers of stories, each once."""
    different = np.empty(stories.shape[0], np.int64)
    n_different = 0
    for i in range(stories.shape[0]):
        if i == 0 or stories[i] != stories[i - 1]:
            different[n_different] = stories[i]
            n_different += 1
    return different[:n_different]


@jit
def _others(members, holders, most):
    """Return some members of a group, at even distances, without those that hold the sentence."""
    n_chosen = min(members.shape[0], most)
    others = np.empty(n_chosen, np.int64)
    n_others = 0
    for i in range(n_chosen):
        story = members[at_even_distance(members.shape[0], n_chosen, i)]
        place = _lower_bound(holders, story)
        if place == holders.shape[0] or holders[place] != story:
            others[n_others] = story
            n_others += 1
    return others[:n_others]


@jit
def at_even_distance(n_stories, n_chosen, i):
    """Return the place of the i-th chosen among all stories, from the first to the last, as `np.linspace` has it."""
    if i == n_chosen - 1:
        return n_stories - 1 if i > 0 else 0
    return int(i * ((n_stories - 1) / (n_chosen - 1)))
