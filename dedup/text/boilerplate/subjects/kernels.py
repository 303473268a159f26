"""The loops that read the prose of stories, and look in it for the words of a sentence."""

import numpy as np

from dedup.kernels import jit
from dedup.packing.kernels import place_of
from dedup.text import kernels as text_kernels
from dedup.words import kernels as words_kernels

N_FLAGS = 1024
_FLAG = np.uint64(N_FLAGS - 1)


@jit
def read(texts, lines, asked, folding, buffers, out):
    """Return how many stories were read: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    texts : (n_bytes,) uint8, UTF-8; starts and ends (n_stories,) int64 of each story's bytes
    lines : own (n_lines,) bool, lines that are prose of their story's own; offsets (n_stories + 1,) int64
    asked : stories (n_asked,) int64, and the line that is read of each, -1 for all that are its own
    folding : entries and expansions of the folding table
    buffers : line starts, line ends, word starts, word ends (longest,) int64; widths (WIDEST_WRAP + 1,) int64
    out : words (capacity,) uint64, of one story after another, and offsets (n_asked + 1,) int64, written
    """
    text, starts, ends = texts
    own, offsets = lines
    stories, only = asked
    entries, expansions = folding
    line_starts, line_ends, word_starts, word_ends, widths = buffers
    words, word_offsets = out
    n_words = 0
    word_offsets[0] = 0
    for i in range(stories.shape[0]):
        story = stories[i]
        begin, end = starts[story], ends[story]
        n_lines = text_kernels.find_paragraphs(text, begin, end, line_starts, line_ends, widths)
        if n_lines < 0:
            return i
        for j in range(n_lines):
            line = offsets[story] + j
            if line == only[i] or (only[i] < 0 and own[line]):
                room = words[n_words : n_words + word_starts.shape[0]]
                begin, end = line_starts[j], line_ends[j]
                n_found = words_kernels.hash_words(
                    text, begin, end, entries, expansions, room, word_starts, word_ends
                )
                if n_found < 0:
                    return i
                n_words += n_found
        word_offsets[i + 1] = n_words
    return stories.shape[0]


@jit
def find_words(asked, offsets, words, word_offsets, rows, flags, seen):
    """Mark the words of each sentence that stand in a story.

    Parameters
    ----------
    asked, offsets : (n_asked,) uint64, the words of one sentence after another, each sorted; (n_sentences + 1,) int64
    words, word_offsets : those of one story after another
    rows : (n_sentences,) int64, the row of each sentence's story, -1 for none
    flags : (N_FLAGS,) bool, all unset; as they are found they are left
    seen : (n_asked,) bool, written
    """
    for sentence in range(rows.shape[0]):
        first, last = offsets[sentence], offsets[sentence + 1]
        for place in range(first, last):
            seen[place] = False
        if rows[sentence] < 0:
            continue
        for place in range(first, last):
            flags[asked[place] & _FLAG] = True
        for i in range(word_offsets[rows[sentence]], word_offsets[rows[sentence] + 1]):
            word = words[i]
            if flags[word & _FLAG]:
                place = place_of(asked, word, first, last)
                if place < last and asked[place] == word:
                    seen[place] = True
        for place in range(first, last):
            flags[asked[place] & _FLAG] = False
