"""Where in its articles each match stands: what tells the parts of a page from the excerpts of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.matching import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import running
    from dedup.engines.archive import Archive
    from dedup.matching.matches import Matches
    from dedup.matching.passages import Passages

LEAST_PASSAGE = 0.05  # of a match's shared text; shorter passages stray
_MATCHES_AT_ONCE = 1 << 16
_ARTICLES_AT_ONCE = 1 << 13
LIKE_LENGTH = 0.9  # of the longer text: the shorter one, torn by errors, stands in it as a whole


def find(
    archive: Archive,
    matches: Matches,
    passages: Passages,
    chosen: NDArray[np.int64],
    run: running.Run = map,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return begin and end of what each chosen match shares, as shares of a's and of b's live text, (n, 2) each.

    Boilerplate after the text counts as if it were not there, so that an end may lie beyond 1. Errors may leave a
    copy few passages or none: it is taken for the whole of a text of like length.

    Parameters
    ----------
    chosen : (n,) int64, rising
    run : what counts the characters of articles, some at a time
    """
    sides = (np.zeros((len(chosen), 2)), np.zeros((len(chosen), 2)))
    for extents in sides:
        extents[:, 1] = 1.0
    lengths = np.diff(passages.offsets)[chosen]
    shown = np.flatnonzero((lengths > 0) & ~_torn(archive, matches, chosen))
    a, b = matches.a[chosen[shown]], matches.b[chosen[shown]]
    starts, sizes = _live_characters(archive, a, b, run)
    for first in range(0, len(shown), _MATCHES_AT_ONCE):
        own = slice(first, first + _MATCHES_AT_ONCE)
        rows = shown[own]
        offsets = records.offsets(lengths[rows])
        begin = passages.offsets[chosen[rows]]
        spans = passages.spans[np.repeat(begin - offsets[:-1], lengths[rows]) + np.arange(offsets[-1])]
        for extents, column, articles in ((sides[0], 0, a[own]), (sides[1], 2, b[own])):
            reach = _reach(spans[:, column], spans[:, column + 1], offsets)
            extents[rows] = (reach - starts[articles, None]) / sizes[articles, None]
    return sides


def _reach(
    begins: NDArray[np.int64], ends: NDArray[np.int64], offsets: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return where the first passage of each match begins and the last one ends, (n, 2) int64; stray ones aside.

    Parameters
    ----------
    offsets : (n + 1,) int64; each match has a passage
    """
    first = offsets[:-1]
    lengths = ends - begins
    least = np.minimum(LEAST_PASSAGE * np.add.reduceat(lengths, first), np.maximum.reduceat(lengths, first))
    kept = lengths >= np.repeat(least, np.diff(offsets))
    return np.stack(
        (
            np.minimum.reduceat(np.where(kept, begins, np.iinfo(np.int64).max), first),
            np.maximum.reduceat(np.where(kept, ends, 0), first),
        ),
        axis=1,
    )


def _torn(archive: Archive, matches: Matches, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which chosen matches are told by words, of texts of like length, (n,) bool."""
    n_words = archive.sketches.n_words
    words_a, words_b = n_words[matches.a[chosen]], n_words[matches.b[chosen]]
    told = matches.strengths[chosen] > np.maximum(matches.share_a[chosen], matches.share_b[chosen])
    return told & (np.minimum(words_a, words_b) >= LIKE_LENGTH * np.maximum(words_a, words_b))


def _live_characters(
    archive: Archive, a: NDArray[np.int64], b: NDArray[np.int64], run: running.Run
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the first character in its page of each article of some matches, and how many characters are live.

    Both are (n_articles,), 0 for articles of no such match.
    """
    asked = np.zeros(len(archive), np.bool_)
    asked[a] = True
    asked[b] = True
    articles = np.flatnonzero(asked)
    articles = articles[np.argsort(archive.starts[articles])]  # as they stand on disk
    located = archive.located()
    sizes = located.ends - located.starts

    def count(some: NDArray[np.int64]) -> NDArray[np.int64]:
        whole = np.column_stack((np.zeros_like(some), sizes[some]))
        return hashing.characters(archive.text, located.take(some), np.arange(len(some)), whole)

    tasks = np.split(articles, range(_ARTICLES_AT_ONCE, len(articles), _ARTICLES_AT_ONCE))
    spans = np.concatenate(list(run(count, tasks)))
    live = archive.live.take(articles)
    n_live = np.diff(records.offsets(live.ends - live.starts)[live.offsets])
    share = n_live / np.maximum(sizes[articles], 1)
    starts, live_sizes = np.zeros(len(archive), np.int64), np.zeros(len(archive))
    starts[articles] = spans[:, 0]
    live_sizes[articles] = np.maximum(share * (spans[:, 1] - spans[:, 0]), 1)
    return starts, live_sizes
