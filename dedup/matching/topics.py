"""Topics: whether two pieces of text are about one thing, by the rare words that they have in common.

Halves of one article share names and terms that two articles do not: the cosine of their words, weighed by inverse
document frequency (Sparck Jones, 1972). How much that is depends on the length of the pieces and on the language, so
it is compared with the cosine of the halves of each piece. Measured on pages made of Reuters articles, two of which
stand in the archive: 2 of 240 pages are taken for an article, and 31 of 200 articles with two excerpts for a page.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing
from dedup.matching import hashing

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_SAMPLED = 2000  # articles that tell how rare a word is
SAME_TOPIC = 0.7  # of the likeness within two pieces: so much is between them where they are about one thing


@dataclasses.dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words are.

    Parameters
    ----------
    words : (n,) uint32, hashes, rising
    weights : (n,) float64, the logarithm of the inverse document frequency
    unknown : the weight of any other word
    """

    words: NDArray[np.uint32]
    weights: NDArray[np.float64]
    unknown: float

    def of(self, words: NDArray[np.uint32]) -> NDArray[np.float64]:
        """Return the weight of each word."""
        if len(self.words) == 0:
            return np.full(len(words), self.unknown)
        places = np.minimum(np.searchsorted(self.words, words), len(self.words) - 1)
        return np.where(self.words[places] == words, self.weights[places], self.unknown)


def sample(digests: NDArray[np.uint64], articles: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the articles that tell how rare words are: those of the least digests, so that content alone decides.

    Parameters
    ----------
    digests : (n_articles,) uint64; of articles with equal ones the first counts
    articles : (n,) int64, rising: those that take part in matching

    >>> sample(np.array([9, 5, 5], np.uint64), np.arange(3)).tolist()
    [1, 0]
    """
    ranks = digests[articles].view(np.int64)
    order = np.argsort(ranks, kind="stable")
    ordered = ranks[order]
    first = np.flatnonzero(np.diff(ordered, prepend=~ordered[:1]))
    return articles[order[first[:N_SAMPLED]]]


def learn(text: NDArray[np.uint8], located: hashing.Located, sampled: NDArray[np.int64]) -> Rarity:
    """Return how rare words are in some articles of an archive.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    sampled : (n,) int64, articles
    """
    hashed = hashing.hash_words(text, located, sampled, 1)
    owners = np.repeat(np.arange(len(sampled)), np.diff(hashed.offsets))
    packed = packing.pack(hashed.words.hashes, owners)
    packing.sort(packed)
    new = np.diff(packed, prepend=~packed[:1]) != 0
    held = packing.high(packed[new]).astype(np.uint32)
    first = np.flatnonzero(np.diff(held, prepend=~held[:1]) != 0)
    counts = np.diff(np.append(first, len(held)))
    weights = np.log((len(sampled) + 1) / (counts + 1))
    return Rarity(held[first], weights, float(np.log(len(sampled) + 1)))


def likeness(one: NDArray[np.uint32], other: NDArray[np.uint32], rarity: Rarity) -> float:
    """Return the cosine of the words of two pieces of text, 0 to 1.

    >>> rarity = Rarity(np.array([1, 2], np.uint32), np.array([0.0, 1.0]), 2.0)
    >>> one, two, nine = np.array([1, 2, 9], np.uint32)
    >>> likeness(np.array([one, two]), np.array([one, two, nine]), rarity)
    0.447...
    """
    ours, theirs = np.unique(one), np.unique(other)
    common = np.intersect1d(ours, theirs, assume_unique=True)
    shared, left, right = (float((rarity.of(words) ** 2).sum()) for words in (common, ours, theirs))
    return shared / (left * right) ** 0.5 if shared else 0.0


def coherence(piece: NDArray[np.uint32], rarity: Rarity) -> float:
    """Return how alike the two halves of a piece of text are, 0 to 1.

    >>> rarity = Rarity(np.array([1], np.uint32), np.array([1.0]), 1.0)
    >>> coherence(np.array([1, 1], np.uint32), rarity)
    1.0
    """
    return likeness(piece[: len(piece) // 2], piece[len(piece) // 2 :], rarity)


def about_one_thing(one: NDArray[np.uint32], other: NDArray[np.uint32], rarity: Rarity) -> bool:
    """Return whether two pieces of text are nearly as alike as the halves of each."""
    within = (coherence(one, rarity) * coherence(other, rarity)) ** 0.5
    between = likeness(one, other, rarity)
    return bool(between > 0 and between >= SAME_TOPIC * within)
