"""Whether the pieces of an article are about one thing, asked of the archive's text."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup.matching import hashing
from dedup.matching import topics as matching

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedup.engines.archive import Archive

MOST_PIECES = 32  # of an article, that are compared


class Pieces:
    """Compares pieces of articles; how rare words are is learned when it is first asked.

    Parameters
    ----------
    learn : tells how rare words are; None to learn it from the archive
    """

    def __init__(self, archive: Archive, learn: Callable[[], matching.Rarity] | None = None) -> None:
        """Keep the archive."""
        self._archive = archive
        self._learn = learn or functools.partial(rarity, archive)
        self._rarity: matching.Rarity | None = None

    def same_topic(self, article: int, pieces: list[tuple[float, float]]) -> bool:
        """Return whether the pieces are about one thing: each is like the others taken together.

        Of very many pieces some are compared, spread over the article.

        Parameters
        ----------
        pieces : begin and end of each, as shares of the article's live text
        """
        if len(pieces) > MOST_PIECES:
            pieces = [pieces[place * len(pieces) // MOST_PIECES] for place in range(MOST_PIECES)]
        archive = self._archive
        if self._rarity is None:
            self._rarity = self._learn()
        hashed = hashing.hash_words(archive.text, archive.located(), np.array([article]), 1)
        words = hashed.words.hashes
        texts = [words[int(begin * len(words)) : int(end * len(words))] for begin, end in pieces]
        return all(
            matching.about_one_thing(
                texts[place], np.concatenate(texts[:place] + texts[place + 1 :]), self._rarity
            )
            for place in range(len(texts))
        )


def rarity(archive: Archive, min_words: int = 0) -> matching.Rarity:
    """Return how rare words are in an archive, by a sample of its articles of so many words at least."""
    sketches = archive.sketches
    able = np.flatnonzero((sketches.n_words >= min_words) & (sketches.n_shingles > 0))
    sampled = matching.sample(archive.sketches.digests, able)
    return matching.learn(archive.text, archive.located(), sampled)
