"""From aligned pairs to matches: what counts as one, and the relation where shingles do not tell it.

- Noise: typing and scanning errors tear shingles. A pair that shares few of them, but whose words stand for one
  another in order, many of them alike without being equal, has the relation that the share of these words gives.
- Short texts have few shingles: two of them match by their words alone.
- Template reports: passages that agree but for most of their numbers, or most of their numbers and names, are a form
  filled in anew, and no match.
- A block or two of equal text in articles of one outlet that otherwise differ makes no revision.
- Long texts that share little match where they share a paragraph's worth of words, one long run, or a paragraph with
  few edits whose numbers stay.
- Where a character is a word, a stock phrase has many shingles: there a long run is asked of all that share little.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.matching.passages import Counts, Passages
    from dedup.settings import Settings

MOST_BLOCKS = 2  # that unlearned boilerplate of a page stands in
MUCH_SHARED = 0.5  # Jaccard similarity
BEYOND_PHRASES = 0.35  # of the shorter text: stock phrases make up less
LEAST_CHANGED_NUMBERS = 3  # of a form; fewer are corrected figures, ...
LEAST_CHANGED_FIGURES = 4  # ... and so are these where much else is shared
LEAST_CHANGED_SHORT = 2  # of a short text
SLOTS_KEPT = 4  # numbers of an edited paragraph that stay, for each that does not


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What judging needs to know of the articles, (n_articles,) int64 each.

    Parameters
    ----------
    n_words : of live text
    n_read : words as read, boilerplate too
    outlets : the outlet of each, -1 for unknown
    """

    n_words: NDArray[np.int64]
    n_read: NDArray[np.int64]
    outlets: NDArray[np.int64]


def judge(
    pairs: NDArray[np.uint64], passages: Passages, counts: Counts, facts: Facts, settings: Settings
) -> tuple[matching.Matches, Passages]:
    """Return those of the aligned pairs that are matches, with their relations, and the passages of each.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`
    passages, counts : the passages of each pair, and what its alignment counted
    """
    able = counts.shared >= 0
    pairs, passages = pairs[able], aligning.take(passages, able)
    counts = dataclasses.replace(
        counts, **{field.name: getattr(counts, field.name)[able] for field in dataclasses.fields(counts)}
    )
    found = matching.measure(pairs, counts.shared, counts.size_a, counts.size_b, settings)
    words_a, words_b = facts.n_words[found.a], facts.n_words[found.b]
    standing = counts.standing_words
    share_a, share_b = standing / np.maximum(words_a, 1), standing / np.maximum(words_b, 1)
    jaccard = standing / np.maximum(words_a + words_b - standing, 1)
    told = matching.relate(jaccard, share_a, share_b, settings)
    equal = standing - counts.alike_words
    alike = equal >= settings.short_text_share * np.maximum(words_a, words_b)
    longer, shorter = np.maximum(counts.size_a, counts.size_b), np.minimum(counts.size_a, counts.size_b)
    short = longer <= settings.short_text_words - settings.shingle_words
    noisy = counts.alike_words >= aligning.LEAST_ALIKE * np.minimum(words_a, words_b)
    torn = (found.relations == matching.PARTIAL) & np.where(short, alike, noisy)
    whole = found.shared == shorter
    enough = _shares_enough(found, counts, facts, settings)
    kept = (short & (alike | whole) | enough) & ~_is_form(found, counts, short, noisy)
    judged = matching.told_by_words(found, torn, told, np.maximum(share_a, share_b))
    matches = matching.demoted(judged, _is_block(found, passages, facts.outlets, settings))
    return matching.take(matches, kept), aligning.take(passages, kept)


def _shares_enough(
    found: matching.Matches, counts: Counts, facts: Facts, settings: Settings
) -> NDArray[np.bool_]:
    """Return which pairs share a part of a text as read, a paragraph's worth, or one long passage."""
    live_a, live_b = (facts.n_words[side] / np.maximum(facts.n_read[side], 1) for side in (found.a, found.b))
    greater = np.maximum(found.share_a * live_a, found.share_b * live_b)
    much = (greater >= settings.min_share) | (
        found.shared >= matching.shingles_in(settings.min_shared_words, settings)
    )
    steady = SLOTS_KEPT * counts.changed_numbers <= counts.kept_numbers
    sound = (counts.sound_words >= aligning.LEAST_SOUND_WORDS) & steady
    passage = (counts.longest_run >= settings.min_run_words) | sound
    enough = (found.shared >= settings.min_shared_shingles) & (much | passage)
    return enough & _carries(found, counts, settings)


def _is_form(
    found: matching.Matches, counts: Counts, short: NDArray[np.bool_], noisy: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which pairs are one form filled in anew: more of its slots are changed than kept, (n,) bool."""
    least = np.where(found.jaccard < MUCH_SHARED, LEAST_CHANGED_NUMBERS, LEAST_CHANGED_FIGURES)
    numbers = counts.changed_numbers > counts.kept_numbers
    slots = counts.changed_slots > counts.kept_slots
    long = (numbers & (counts.changed_numbers >= least)) | (slots & (counts.changed_slots >= least))
    form: NDArray[np.bool_] = (long & ~noisy) | (
        short & slots & (counts.changed_slots >= LEAST_CHANGED_SHORT)
    )
    return form


def _is_block(
    found: matching.Matches, passages: Passages, outlets: NDArray[np.int64], settings: Settings
) -> NDArray[np.bool_]:
    """Return which pairs of one outlet share but a block or two, word for word, (n,) bool.

    Such a pair is no revision: nothing is edited. It shares background, or boilerplate of too few pages to learn.
    """
    lengths = np.diff(passages.offsets)
    edits = np.bincount(np.repeat(np.arange(len(lengths)), lengths), passages.edits, len(lengths))
    own = outlets[found.a]
    block: NDArray[np.bool_] = (
        (own >= 0)
        & (own == outlets[found.b])
        & (lengths <= MOST_BLOCKS)
        & (edits == 0)
        & (found.relations == matching.REVISION)
        & (np.maximum(found.share_a, found.share_b) < settings.excerpt_share)
    )
    return block


def _carries(found: matching.Matches, counts: Counts, settings: Settings) -> NDArray[np.bool_]:
    """Return which pairs share more than stock phrases, as far as one character is one word, (n,) bool."""
    least = settings.min_run_words * counts.characters // 2
    greater = np.maximum(found.share_a, found.share_b)
    much = ((found.relations != matching.PARTIAL) | (greater >= BEYOND_PHRASES)) & (found.shared >= least)
    carries: NDArray[np.bool_] = (counts.characters == 1) | much | (counts.longest_run >= least)
    return carries
