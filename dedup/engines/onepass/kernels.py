"""The loop over stories that finds the words of each once: for what its lines are, and for its sketch."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.sketching import kernels as sketching
from dedup.text.boilerplate import kernels as describing
from dedup.text.boilerplate.furniture import kernels as furnishing
from dedup.words import kernels as words_kernels

_STRIDE = 8  # words that are passed at once


@jit
def read_stories(
    text, paragraphs, tables, shape, sampling, permutations, described, by_shape, dead, sketched, buffers
):
    """Return how many stories were read: all, or fewer when a buffer was too short for the next.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    paragraphs : starts and ends (n_lines,) int64 of each paragraph's bytes, and offsets (n_stories + 1,) int64
    tables : entries and expansions of the folding table
    shape : shingle_words, paragraph_bands, paragraph_rows, paragraph_min_words
    sampling : the largest hash that is sampled, and the samples that a story should have
    permutations : multipliers and addends, (n_permutations,) uint32 each
    described : exact, folded, sizes and marks of each line, and words of each story, as `lines.Lines` has them;
        written. Of lines that are known already, all are empty.
    by_shape : whether furniture is looked for among the lines that are described
    dead : (n_lines,) bool, which lines take no part; of lines that are described, written
    sketched : counts (n_stories, 4) int64 of live words, shingles, samples and paragraph keys; digests (n_stories,)
        uint64; signatures (n_stories, n_permutations) uint32, or (n_stories, 0) where none are asked; marks uint16,
        tails uint8, samples and paragraph keys uint32, (capacity,) each, story after story; written
    buffers : words uint64, their starts and ends int64, cuts int64; shingles, mixed shingles, spare and floors
        uint32; (capacity,) each
    """
    starts, ends, offsets = paragraphs
    counts, digests, signatures, all_marks, all_tails, all_samples, all_keys = sketched
    words, word_starts, word_ends, cuts, shingles, mixed, spare, floors = buffers
    paragraph_signature = np.empty(shape[1] * shape[2], np.uint32)
    buckets = np.empty(sketching.N_BUCKETS, np.int32)
    at_mark, at_tail, at_sample, at_key = 0, 0, 0, 0
    for story in range(offsets.shape[0] - 1):
        first, last = offsets[story], offsets[story + 1]
        n_lines = last - first
        n_words = 0
        if n_lines > 0:
            n_words = words_kernels.hash_words(
                text, starts[first], ends[last - 1], tables[0], tables[1], words, word_starts, word_ends
            )
        if (
            n_words < 0
            or n_words > all_marks.shape[0] - at_mark
            or n_words >= 2 * (all_tails.shape[0] - at_tail)
            or n_words + n_lines >= all_samples.shape[0] - at_sample
        ):
            return story
        cut(word_starts[:n_words], ends[first:last], cuts)
        if described[0].shape[0] > 0:
            described[4][story] = n_words
            describe(text, (starts, ends, first, last), cuts, (words, word_starts, word_ends), described)
            if by_shape:
                furnishing.mark_story(described[2][first:last], described[3][first:last], dead[first:last])
        out = (
            all_marks[at_mark:],
            all_tails[at_tail:],
            all_samples[at_sample:],
            all_keys[at_key:],
            signatures[story],
        )
        found = sketching.sketch_story(
            words[:n_words],
            cuts[: n_lines + 1],
            dead[first:last],
            shape,
            sampling,
            permutations,
            out,
            (shingles, mixed, spare, floors, paragraph_signature, buckets),
        )
        counts[story, 0], counts[story, 1], counts[story, 2], counts[story, 3], digests[story] = found
        at_mark += found[1]
        at_tail += (found[1] + 1) // 2
        at_sample += found[2]
        at_key += found[3]
    return offsets.shape[0] - 1


@leaf
def cut(word_starts, ends, cuts):
    """Write where the words of each line begin among those of a story, and where the last line's end.

    Parameters
    ----------
    word_starts : (n_words,) int64, bytes
    ends : (n_lines,) int64, bytes
    cuts : (> n_lines,) int64, written
    """
    word = 0
    n_words = word_starts.shape[0]
    cuts[0] = 0
    for line in range(ends.shape[0]):
        while word + _STRIDE <= n_words and word_starts[np.uint64(word + _STRIDE - 1)] < ends[line]:
            word += _STRIDE
        while word < n_words and word_starts[np.uint64(word)] < ends[line]:
            word += 1
        cuts[line + 1] = word


@leaf
def describe(text, lines, cuts, words, described):
    """Write what each line of a story is.

    Parameters
    ----------
    lines : starts and ends (n_lines,) int64 of all stories' lines, and the first and the last line of this one
    cuts : (capacity,) int64, where the words of each line begin
    words : of the story, as `describing.describe_line` takes them
    """
    starts, ends, first, last = lines
    exact, folded, sizes, marks, _ = described
    for line in range(first, last):
        exact[line], folded[line], sizes[line], marks[line] = describing.describe_line(
            text, starts[line], ends[line], words, cuts[line - first], cuts[line - first + 1]
        )
