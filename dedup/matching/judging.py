"""From aligned pairs to matches: what counts as one, and the relation where shingles do not tell it.

- Noise: typing and scanning errors tear shingles. A pair that shares few of them, but whose words stand for one
  another in order, many of them alike without being equal, has the relation that the share of these words gives.
- Short texts have few shingles: two of them match by their words alone.
- Template reports: passages that agree but for most of their numbers, or most of their numbers and names, are a form
  filled in anew, and no match.
- Long texts that share little match where they share a paragraph's worth of words, or one long run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.matching import matches as matching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.matching.passages import Passages
    from dedup.settings import Settings

MUCH_SHARED = 0.5  # Jaccard similarity
LEAST_ALIKE = 0.05  # of the shorter text's words: so many at least are misspelt where errors tear it
LEAST_CHANGED_NUMBERS = 3  # of a form; fewer are corrected figures, ...
LEAST_CHANGED_FIGURES = 4  # ... and so are these where much else is shared


def by_words(found: matching.Matches, n_shingles: NDArray[np.int64], settings: Settings) -> NDArray[np.bool_]:
    """Return which pairs are to be aligned word by word: those whose relation shingles do not tell, (n,) bool.

    Parameters
    ----------
    n_shingles : (n_articles,) int64
    """
    asked: NDArray[np.bool_] = (found.relations == matching.PARTIAL) | _short(found, n_shingles, settings)
    return asked


def judge(
    found: matching.Matches,
    passages: Passages,
    n_words: NDArray[np.int64],
    n_shingles: NDArray[np.int64],
    settings: Settings,
) -> tuple[matching.Matches, NDArray[np.bool_]]:
    """Return the pairs with their relations, and which of them are matches, (n,) bool.

    Parameters
    ----------
    passages : the passages of each pair, and what their alignment counted
    n_words, n_shingles : (n_articles,) int64, of live text
    """
    words_a, words_b = n_words[found.a], n_words[found.b]
    standing = passages.standing_words
    share_a, share_b = standing / np.maximum(words_a, 1), standing / np.maximum(words_b, 1)
    jaccard = standing / np.maximum(words_a + words_b - standing, 1)
    told = matching.relate(jaccard, share_a, share_b, settings)
    greater = np.maximum(found.share_a, found.share_b)
    much = (greater >= settings.min_share) | (
        found.shared >= matching.shingles_in(settings.min_shared_words, settings)
    )
    enough = (found.shared >= settings.min_shared_shingles) & (
        much | (passages.longest_run >= settings.min_run_words)
    )
    alike = np.minimum(share_a, share_b) >= settings.short_text_share
    short = _short(found, n_shingles, settings)
    noisy = passages.alike_words >= LEAST_ALIKE * np.minimum(words_a, words_b)
    torn = (found.relations == matching.PARTIAL) & np.where(short, alike, noisy)
    whole = found.shared == np.minimum(n_shingles[found.a], n_shingles[found.b])
    least = np.where(found.jaccard < MUCH_SHARED, LEAST_CHANGED_NUMBERS, LEAST_CHANGED_FIGURES)
    figures = (passages.changed_numbers >= least) & (passages.changed_numbers > passages.kept_numbers)
    slots = (passages.changed_slots >= least) & (passages.changed_slots > passages.kept_slots)
    filled = (figures | slots) & ~noisy
    kept = (short & (alike | whole) | enough) & ~filled
    return matching.told_by_words(found, torn, told, np.maximum(share_a, share_b)), kept


def _short(found: matching.Matches, n_shingles: NDArray[np.int64], settings: Settings) -> NDArray[np.bool_]:
    longer = np.maximum(n_shingles[found.a], n_shingles[found.b])
    return longer <= settings.short_text_words - settings.shingle_words
