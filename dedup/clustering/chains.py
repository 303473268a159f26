"""Chains: shingles in the order in which they follow each other in most of their places."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.clustering import ordering

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.clustering.recurring import places as recurring
    from dedup.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Marks:
    """What is known of each shingle: its articles and places, and at how many of these a sentence begins or ends.

    Parameters
    ----------
    n_articles, n_places : (n_shingles,) int64
    n_opening, n_closing : (n_shingles, 2) int64; exactly there, and within a few words
    """

    n_articles: NDArray[np.int64]
    n_places: NDArray[np.int64]
    n_opening: NDArray[np.int64]
    n_closing: NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Chains:
    """Chains of shingles, in words.

    Parameters
    ----------
    of, positions : (n_shingles,) int64; the chain of each shingle, and its first word within the chain
    lengths : (n_chains,) int64
    """

    of: NDArray[np.int64]
    positions: NDArray[np.int64]
    lengths: NDArray[np.int64]


def mark(places: recurring.Places) -> Marks:
    """Return what is known of each shingle from its places."""
    from dedup.clustering import kernels

    n = places.n_shingles
    marks = Marks(*(np.zeros(shape, np.int64) for shape in (n, n, (n, 2), (n, 2))))
    columns = (places.shingles, places.since, places.until)
    kernels.mark_places(
        columns, places.offsets, marks.n_articles, marks.n_places, marks.n_opening, marks.n_closing
    )
    return marks


def chain(places: recurring.Places, settings: Settings) -> Chains:
    """Return the chains that shingles make which follow each other more often than any others."""
    from dedup.clustering import kernels

    widest = settings.shingle_words + settings.max_edit_words
    shingles, words, n = places.shingles, places.words, places.n_shingles
    is_near = np.diff(words) <= widest
    borders = places.offsets[1:-1]
    is_near[borders[(borders > 0) & (borders < len(words))] - 1] = False
    near = np.flatnonzero(is_near)
    after = ordering.by_key(shingles[near].astype(np.int64), n)
    following, preceding = np.full(n, -1), np.full(n, -1)
    kernels.link(shingles[near[after.values] + 1], after.offsets, following, preceding)
    distances, of, positions = np.zeros(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    kernels.measure(shingles, words, places.offsets, preceding, widest, distances)
    n_chains = kernels.walk(following, preceding, distances, of, positions)
    lengths = np.zeros(n_chains, np.int64)
    np.maximum.at(lengths, of, positions + settings.shingle_words)
    return Chains(of, positions, lengths)
