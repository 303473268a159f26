"""Where in its articles each match stands: what tells the parts of a page from the excerpts of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.matching import hashing
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.matching.matches import Matches
    from dedup.matching.passages import Passages

LEAST_PASSAGE = 0.05  # of a match's shared text; shorter passages stray
LIKE_LENGTH = 0.9  # of the longer text: the shorter one, torn by errors, stands in it as a whole


def find(
    archive: Archive, matches: Matches, passages: Passages, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return begin and end of what each chosen match shares, as shares of a's and of b's live text, (n, 2) each.

    Boilerplate after the text counts as if it were not there, so that an end may lie beyond 1. Errors may leave a
    copy few passages or none: it is taken for the whole of a text of like length.

    Parameters
    ----------
    chosen : (n,) int64, rising
    """
    lengths = np.diff(passages.offsets)
    own = np.zeros(len(lengths), bool)
    own[chosen] = True
    spans = passages.spans[np.repeat(own, lengths)]
    owners = np.repeat(np.arange(len(chosen)), lengths[chosen])
    whole = _torn(archive, matching.take(matches, chosen)) | (lengths[chosen] == 0)
    sides = []
    for side, articles in ((0, matches.a[chosen]), (2, matches.b[chosen])):
        begins, ends = spans[:, side], spans[:, side + 1]
        total = np.bincount(owners, ends - begins, len(chosen))
        kept = ends - begins >= LEAST_PASSAGE * total[owners]
        first = np.full(len(chosen), np.iinfo(np.int64).max)
        last = np.zeros(len(chosen), np.int64)
        np.minimum.at(first, owners[kept], begins[kept])
        np.maximum.at(last, owners[kept], ends[kept])
        start, size = _live_characters(archive, articles)
        extents = np.stack(((first - start) / size, (last - start) / size), axis=1)
        sides.append(np.where(whole[:, None], (0.0, 1.0), extents))
    return sides[0], sides[1]


def _torn(archive: Archive, matches: Matches) -> NDArray[np.bool_]:
    """Return which matches are told by words, of texts of like length, (n,) bool."""
    words_a, words_b = archive.sketches.n_words[matches.a], archive.sketches.n_words[matches.b]
    told = matches.strengths > np.maximum(matches.share_a, matches.share_b)
    return told & (np.minimum(words_a, words_b) >= LIKE_LENGTH * np.maximum(words_a, words_b))


def _live_characters(
    archive: Archive, articles: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each article's first character in its page, and how many of its characters are live."""
    unique, places = np.unique(articles, return_inverse=True)
    whole = np.stack((np.zeros(len(unique), np.int64), archive.ends[unique] - archive.starts[unique]), axis=1)
    spans = hashing.characters(archive.text, archive.located(), unique, whole)
    live = archive.live.take(unique)
    n_live = np.diff(
        np.concatenate((np.zeros(1, np.int64), np.cumsum(live.ends - live.starts)))[live.offsets]
    )
    share = n_live / np.maximum(whole[:, 1], 1)
    size = np.maximum(share * (spans[:, 1] - spans[:, 0]), 1)
    return spans[places, 0], size[places]
