"""Words, shingles and passages by their definitions, with Python's own Unicode data: slow, and free of our code.

Only the list of letters that fold together is ours: it is a decision, not a definition.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata

from dedup.words import folding

# Overlays, Hebrew and Arabic points, accents: what one writer sets and another leaves out.
DROPPED_CLASSES = {1, *range(10, 37), *range(200, 256)}
WITHOUT_SPACES = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI ", "LAO ", "KHMER ", "MYANMAR ")
ZERO_WIDTH_SPACE = "\u200b"


@dataclasses.dataclass(frozen=True)
class Word:
    """A word: its folded letters, and its characters in the text."""

    letters: str
    start: int
    end: int


def words(text, begin=0, end=None):
    """Return the words of `text[begin:end]`, with their places in the text."""
    found = []
    is_open = single = False
    for place in range(begin, len(text) if end is None else end):
        for kind, letter in fold(text[place]):
            if kind == "separator":
                is_open = False
            elif is_open and (kind == "mark" or (kind == "letter" and not single)):
                last = found[-1]
                found[-1] = Word(last.letters + letter, last.start, place + 1)
            else:
                found.append(Word(letter, place, place + 1))
                is_open, single = True, kind == "single"
    return found


@functools.cache
def fold(character):
    """Return the kind and the letter of each character that one character folds to."""
    decomposed = unicodedata.normalize("NFKD", character)
    plain = unicodedata.normalize("NFKD", decomposed.casefold())
    letters = [letter for each in plain for letter in folding.FOLDED_TOO.get(each, each)]
    return [found for each in letters if (found := _kind(each)) is not None]


def _kind(character):
    category = unicodedata.category(character)
    if category == "Nd":
        return "letter", str(unicodedata.decimal(character))
    if category[0] in "LN":
        name = unicodedata.name(character, "")
        return ("single" if name.startswith(WITHOUT_SPACES) else "letter"), character
    if category[0] == "M":
        dropped = category == "Me" or unicodedata.combining(character) in DROPPED_CLASSES
        return None if dropped else ("mark", character)
    if category == "Cf" and character != ZERO_WIDTH_SPACE:
        return None
    return "separator", ""


def folded(text):
    """Return the letters of each word of a text."""
    return [word.letters for word in words(text)]


def shingles(segments, size):
    """Return the shingles of a text's segments as tuples of words, in order; none crosses from one to the next.

    A text of one segment that is shorter than a shingle has one of all its words.
    """
    if len(segments) == 1 and 0 < len(segments[0]) < size:
        return [tuple(segments[0])]
    return [
        tuple(own[place : place + size]) for own in segments for place in range(max(0, len(own) - size + 1))
    ]


def shared_words(ours, theirs, size):
    """Return how many of our words stand in shingles that the other text holds too; both are lists of segments."""
    held = set(shingles(theirs, size))
    return sum(len(covered(own, held, size)) for own in ours)


def covered(words_in_order, held, size):
    """Return the places of the words that stand in one of those shingles."""
    size = min(size, len(words_in_order))
    return {
        place + step
        for place in range(len(words_in_order) - size + 1)
        for step in range(size)
        if tuple(words_in_order[place : place + size]) in held
    }


def levenshtein(ours, theirs):
    """Return the least number of words to put in, leave out or change, to make one list of words the other."""
    first = 0
    while first < min(len(ours), len(theirs)) and ours[first] == theirs[first]:
        first += 1
    ours, theirs = ours[first:], theirs[first:]
    row = list(range(len(theirs) + 1))
    for i, word in enumerate(ours, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(theirs, 1):
            changed = corner + (word != other)
            corner = row[j]
            row[j] = min(changed, corner + 1, row[j - 1] + 1)
    return row[-1]


def check_passages(ours, theirs, spans, edits, min_words):
    """Check the passages of two texts, each given as segments of words, and return the words of each of our sides.

    A passage stands in one segment of either text, begins and ends with the same word in both, and its two sides
    differ by no more edits than it says. Passages rise in our text, and are short only where there is but one.
    """
    sides = []
    for (start, end, their_start, their_end), n_edits in zip(spans, edits, strict=True):
        own, other = between(ours, start, end), between(theirs, their_start, their_end)
        assert own[0] == other[0]
        assert own[-1] == other[-1]
        assert levenshtein(own, other) <= n_edits
        sides.append(own)
    assert len(spans) <= 1 or min(map(len, sides)) >= min_words
    starts = [span[0] for span in spans]
    assert starts == sorted(set(starts))
    return sides


def between(segments, start, end):
    """Return the words of the one segment in which these are the edges of words."""
    for own in segments:
        starts, ends = [word.start for word in own], [word.end for word in own]
        if start in starts and end in ends:
            last = len(ends) - ends[::-1].index(end)
            return [word.letters for word in own[starts.index(start) : last]]
    message = f"no segment has words that begin at {start} and end at {end}"
    raise AssertionError(message)


def longest_common_run(ours, theirs):
    """Return the words of the longest sequence that stands in both, without an edit."""
    best = 0
    row = [0] * (len(theirs) + 1)
    for word in ours:
        row = [0, *(row[j] + 1 if word == other else 0 for j, other in enumerate(theirs))]
        best = max(best, *row)
    return best


def alike(word, other):
    """Return whether one word stands for another: equal, or but for a third of the letters, and not both numbers."""
    both_numbers = word[0] in "0123456789" and other[0] in "0123456789"
    most = 0 if both_numbers else max(len(word), len(other)) // 3
    if most < abs(len(word) - len(other)):
        return folded(word) == folded(other)
    return folded(word) == folded(other) or levenshtein(in_lower_case(word), in_lower_case(other)) <= most


def in_lower_case(word):
    """Return the letters of a word, those of ASCII in lower case."""
    return [letter.lower() if letter.isascii() else letter for letter in word]


def standing(ours, theirs):
    """Return the most words that stand for one another in order, and the least of those that are not equal."""
    best = [(0, 0)] * (len(theirs) + 1)
    for word in ours:
        row = [(0, 0)]
        for j, other in enumerate(theirs):
            found = max(best[j + 1], row[j])
            if alike(word, other):
                found = max(found, (best[j][0] + 1, best[j][1] - (folded(word) != folded(other))))
            row.append(found)
        best = row
    return best[-1][0], -best[-1][1]
