"""The loops over the lines of a story that tell its furniture by its shape."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.text.boilerplate.kernels import (
    DIGITS,
    LOWER,
    QUARTER,
    SENTENCE,
    TINY_WORDS,
    UNCASED,
    WRAPPED_WORDS,
    is_prose,
)

LEAST_LINES = 12  # a page of fewer lines has no furniture that could be told by shape
LEAST_PROSE_LINES = 3
LEAST_PROSE_WORDS = 60
MOST_WORDS = 80  # that a line of prose weighs
COST = 4.0  # words of prose that a short line costs
SPARED = 3  # lines before the prose: headline, byline, date
LEAST_TINY = 5  # lines
TINY_FOR_PROSE = 3  # lines for each of prose: names that are links may stand on lines of their own
LEAST_TINY_SHARE = 0.25
LEAST_TINY_ALONE = 40  # after the prose, on a page without a menu before it: an article may end in a list
LEAST_SHARE_ALONE = 0.7
LONG_RUN = 12  # lines
MENU_WORDS = 5  # a line, on average


@jit
def mark_story(sizes, marks, furniture):
    """Mark the lines of a story that are furniture by their shape, if it also has enough prose.

    A line is prose when it is a sentence of ten words or more, or very long, or hard-wrapped. The page's story is its
    heaviest stretch of prose. What stands before and after it is furniture when many of its lines are tiny, as those
    of menus are; after the prose, where an article may end in a table or a list, only on pages with a menu before it,
    or a very long one. Between prose, a long run of tiny lines is.

    Parameters
    ----------
    sizes : (n_lines,) uint16, in quarters of a word
    marks : (n_lines,) uint8
    furniture : (n_lines,) bool, written
    """
    furniture[:] = False
    n_lines = sizes.shape[0]
    if n_lines < LEAST_LINES:
        return
    prose = np.zeros(n_lines, np.bool_)
    n_prose, n_words = 0, 0
    for line in range(n_lines):
        prose[line] = is_prose(sizes[line], marks[line]) or _flows(sizes, marks, line)
        if prose[line]:
            n_prose += 1
            n_words += sizes[line]
    if n_prose < LEAST_PROSE_LINES or n_words < LEAST_PROSE_WORDS * QUARTER:
        return
    head, tail = _main_block(sizes, marks, prose)
    has_menu = _is_menu(sizes, marks, prose, 0, head - SPARED, LEAST_TINY, LEAST_TINY_SHARE)
    if not has_menu and not _is_menu(
        sizes, marks, prose, tail + 1, n_lines, LEAST_TINY_ALONE, LEAST_SHARE_ALONE
    ):
        return
    if has_menu:
        furniture[: head - SPARED] = True
    if _is_menu(sizes, marks, prose, tail + 1, n_lines, LEAST_TINY, LEAST_TINY_SHARE):
        furniture[tail + 1 :] = True
    at = head
    while at <= tail:
        if prose[at]:
            at += 1
            continue
        end = at
        while not prose[end]:
            end += 1
        if _is_list(sizes, marks, at, end):
            furniture[at:end] = True
        at = end


@leaf
def _flows(sizes, marks, line):
    """Return whether a line is one of hard-wrapped prose: it goes on in lower case, or the line after it does."""
    enough = WRAPPED_WORDS * QUARTER
    going_on = LOWER | UNCASED
    if line > 0 and marks[line] & going_on and sizes[line - 1] >= enough and not marks[line - 1] & SENTENCE:
        return True
    after = line + 1
    return (
        after < sizes.shape[0]
        and marks[after] & going_on
        and sizes[line] >= enough
        and not marks[line] & SENTENCE
    )


@leaf
def _is_piece(marks, line):
    """Return whether a short line is a piece of a sentence: it ends one, or goes on with one in lower case."""
    after = line + 1
    going_on = after < marks.shape[0] and (marks[after] & LOWER) != 0
    return (marks[line] & (SENTENCE | LOWER)) != 0 or going_on


@leaf
def _main_block(sizes, marks, prose):
    """Return the first and the last line of the page's main prose: the heaviest stretch of lines.

    A line of prose weighs its words, a short line that ends no sentence costs a few; the heaviest stretch is the
    maximum subarray, so that a menu with a stray sentence stays outside, and lists between prose stay inside.
    """
    best, best_first, best_last = -1.0, 0, -1
    held, begin = 0.0, 0
    for line in range(prose.shape[0]):
        weight = 0.0
        if prose[line]:
            weight = min(sizes[line], MOST_WORDS * QUARTER) / QUARTER
        elif sizes[line] < WRAPPED_WORDS * QUARTER and not _is_piece(marks, line):
            weight = -COST
        if held <= 0.0:
            held, begin = 0.0, line
        held += weight
        if held > best:
            best, best_first, best_last = held, begin, line
    return best_first, best_last


@leaf
def _is_menu(sizes, marks, prose, begin, end, least, least_share):
    """Return whether the lines before or after the prose are furniture: enough of them are tiny, as menus are."""
    n_tiny, n_prose = 0, 0
    for line in range(begin, end):
        n_prose += prose[line]
        tiny = sizes[line] <= TINY_WORDS * QUARTER and not marks[line] & DIGITS
        n_tiny += tiny and not _is_piece(marks, line)
    return n_tiny >= max(least, TINY_FOR_PROSE * n_prose) and n_tiny >= least_share * (end - begin)


@leaf
def _is_list(sizes, marks, begin, end):
    """Return whether a run of lines between prose is a menu: many lines, very short, few with digits."""
    n_digits, n_words = 0, 0
    for line in range(begin, end):
        n_digits += (marks[line] & (DIGITS | LOWER)) != 0
        n_words += sizes[line]
    n_lines = end - begin
    return n_lines >= LONG_RUN and n_digits * 4 < n_lines and n_words < MENU_WORDS * QUARTER * n_lines


@jit
def find_longest(furniture, offsets, groups, runs, n_stories):
    """Write the longest run of furniture in each group, its first and last line, and count the stories with any.

    Parameters
    ----------
    furniture : (n_lines,) bool
    offsets : (n_stories + 1,) int64
    groups : (n_stories,) int64
    runs : (n_groups, 2) int64, shorter runs or empty ones; written
    n_stories : (n_groups,) int64, zeros; written
    """
    for story in range(offsets.shape[0] - 1):
        group = groups[story]
        line, end = offsets[story], offsets[story + 1]
        before = line
        any_here = False
        while line < end:
            if not furniture[line]:
                before = line + 1
            else:
                any_here = True
                if line - before > runs[group, 1] - runs[group, 0]:
                    runs[group, 0], runs[group, 1] = before, line
            line += 1
        n_stories[group] += any_here
