"""From shared spans to passage clusters: each passage is one piece of text with all its places.

What pairs share says which text recurs; where it stands is looked up in all articles. Shingles that follow each other
in most of their places make chains. A chain is a sequence of sentences, and each article holds a stretch of it: where
the articles that hold it change, it is cut, so that a passage is whole sentences which the same articles hold.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.clustering import chains as chaining
from dedup.clustering import ordering
from dedup.clustering.recurring import places as recurring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import running
    from dedup.settings import Settings

_MOST_OF_IT = 0.75  # of a passage's words, which each of its places holds, and which are so much of the place
_PART = 3  # times as many words has a passage, at least, that is no whole sentence
_FEW = 2  # words by which a place is lengthened to the edge of its sentence


@dataclasses.dataclass(frozen=True, slots=True)
class Passages:
    """Passage clusters, one row for each place of each passage, sorted by passage, article and start.

    Parameters
    ----------
    passages : (n_places,) int64; equal for the places of one passage, rising from 0
    articles : (n_places,) int64
    starts, ends : (n_places,) int64, characters of the article's page; bytes of it while they are looked for
    """

    passages: NDArray[np.int64]
    articles: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> Passages:
        """Return some places; the passages are numbered anew, in the order of their first places."""
        passages, articles, starts, ends = (
            getattr(self, field.name)[chosen] for field in dataclasses.fields(self)
        )
        return _sorted(passages, articles, starts, ends)


def find(
    corpus: recurring.Corpus, spans: NDArray[np.int64], settings: Settings, run: running.Run = map
) -> Passages:
    """Return the passages that stand in at least two articles, each with all its places.

    Parameters
    ----------
    corpus : the text of the archive
    spans : (n, 3) int64; article, start and end in characters of its page, at the edges of words: text that is known
        to be shared
    run : what reads the articles, some at a time

    >>> from dedup.settings import Settings
    >>> text = np.frombuffer(b"One two three four. " b"Zero. One, two,  three four.", np.uint8)
    >>> live = records.Spans(np.array([0, 20]), np.array([20, 47]), np.arange(3))
    >>> corpus = recurring.Corpus(text, live.starts, live, None)
    >>> found = find(corpus, np.array([[0, 0, 18]]), Settings(shingle_words=2, min_passage_words=4))
    >>> found.passages.tolist(), found.articles.tolist(), found.starts.tolist(), found.ends.tolist()
    ([0, 0], [0, 1], [0, 6], [18, 27])
    """
    places = recurring.find(corpus, spans, settings, run)
    marks = chaining.mark(places)
    places = places.take(marks.n_articles[places.shingles] > 1)
    chains = chaining.chain(places, settings)
    long = chains.lengths >= settings.min_passage_words
    places = places.take(long[chains.of[places.shingles]])
    found = _cut(places, marks, chaining.chain(places, settings), settings)
    starts, ends = recurring.to_characters(corpus, found.articles, found.starts, found.ends)
    return dataclasses.replace(found, starts=starts, ends=ends)


def are_apart(
    one: NDArray[np.int64], other: NDArray[np.int64], clusters_of: records.Ragged
) -> NDArray[np.bool_]:
    """Return which pairs of different articles stand in no common article cluster, (n,) bool.

    Parameters
    ----------
    one, other : (n,) int64
    clusters_of : rows of int64, rising: the article clusters of each article

    >>> clusters_of = records.Ragged(np.array([0, 0, 1]), np.array([0, 1, 3, 3]))
    >>> are_apart(np.array([0, 0, 2]), np.array([1, 2, 2]), clusters_of).tolist()
    [False, True, False]
    """
    from dedup.clustering import kernels

    apart = np.empty(len(one), np.bool_)
    kernels.part(one, other, clusters_of.values, clusters_of.offsets, apart)
    return apart


def across(found: Passages, clusters_of: records.Ragged) -> Passages:
    """Return the passages that two articles hold which stand in no common article cluster.

    One article in one cluster, or in none, tells of all others at once: those that stand in its cluster are related
    to each other, too.

    Parameters
    ----------
    clusters_of : rows of int64, rising: the article clusters of each article

    >>> rows = np.array([0, 0, 1, 1, 1]), np.array([4, 5, 4, 5, 6]), np.array([0, 0, 9, 9, 9]), np.full(5, 20)
    >>> clusters_of = records.Ragged(np.array([1, 1]), np.array([0, 0, 0, 0, 0, 1, 2, 2]))
    >>> across(Passages(*rows), clusters_of).articles.tolist()
    [4, 5, 6]
    """
    if len(found.passages) == 0:
        return found
    n_clusters = np.diff(clusters_of.offsets)[found.articles]
    order = np.lexsort((n_clusters, found.passages))
    first = np.flatnonzero(np.diff(found.passages, prepend=-1))
    telling = order[first]
    kept = np.zeros(len(first), np.bool_)
    apart = are_apart(found.articles[telling][found.passages], found.articles, clusters_of)
    kept[found.passages[apart]] = True
    ends = np.append(first[1:], len(found.passages))
    for passage in np.flatnonzero(~kept & (n_clusters[telling] > 1)).tolist():
        held = np.unique(found.articles[first[passage] : ends[passage]]).tolist()
        sets = {frozenset(clusters_of.row(article).tolist()) for article in held}
        kept[passage] = any(one.isdisjoint(other) for one, other in itertools.combinations(sets, 2))
    return found.take(kept[found.passages])


@dataclasses.dataclass(frozen=True, slots=True)
class _Stretches:
    """The stretches of chains that articles hold, by chain, article and place.

    Parameters
    ----------
    chains, articles : (n,) int64
    spans : (n, 2) int64, first word and end within the chain
    offsets : (n + 1,) int64; the places of stretch i are `order[offsets[i]:offsets[i + 1]]`
    order, positions : (n_places,) int64; the places by stretch, and their first words within the chain
    """

    chains: NDArray[np.int64]
    articles: NDArray[np.int64]
    spans: NDArray[np.int64]
    offsets: NDArray[np.int64]
    order: NDArray[np.int64]
    positions: NDArray[np.int64]


def _stretch(places: recurring.Places, chains: chaining.Chains, settings: Settings) -> _Stretches:
    widest = settings.shingle_words + settings.max_edit_words
    owners = np.repeat(places.articles, np.diff(places.offsets))
    order = ordering.by_key(chains.of[places.shingles], len(chains.lengths)).values
    shingles, articles, words = places.shingles[order], owners[order], places.words[order]
    of, positions = chains.of[shingles], chains.positions[shingles]
    steps = np.diff(positions)
    goes_on = (np.diff(of) == 0) & (np.diff(articles) == 0) & (np.diff(words) <= widest)
    goes_on &= (steps > 0) & (steps <= widest)
    first = np.flatnonzero(np.append(True, ~goes_on)[: len(order)])
    offsets = np.append(first, len(order))
    last = offsets[1:] - 1
    spans = np.column_stack((positions[first], positions[last] + settings.shingle_words))
    return _Stretches(of[first], articles[first], spans, offsets, order, positions)


def _cut(
    places: recurring.Places, marks: chaining.Marks, chains: chaining.Chains, settings: Settings
) -> Passages:
    """Return the pieces of the chains with their places, in order."""
    from dedup.clustering import kernels

    held = _stretch(places, chains, settings)
    used = np.zeros(places.n_shingles, np.bool_)
    used[places.shingles] = True
    used &= chains.lengths[chains.of] >= settings.min_passage_words
    bounds, edges = _units(np.flatnonzero(used), marks, chains, held, settings)
    span_offsets = np.searchsorted(held.chains, np.arange(len(chains.lengths) + 1))
    n_most = len(bounds.values)
    while True:
        pieces, rows = np.empty((n_most, 3), np.int64), np.empty((n_most + 4 * len(held.spans), 2), np.int64)
        n_pieces, n_rows = kernels.cut(
            bounds.values,
            edges,
            bounds.offsets,
            held.spans,
            span_offsets,
            (settings.shingle_words, settings.min_passage_words, _PART * settings.min_passage_words),
            pieces,
            rows,
        )
        if n_pieces >= 0:
            return _place(places, held, pieces[:n_pieces], rows[:n_rows], settings)
        n_most *= 4


def _units(
    shingles: NDArray[np.int64],
    marks: chaining.Marks,
    chains: chaining.Chains,
    held: _Stretches,
    settings: Settings,
) -> tuple[records.Ragged, NDArray[np.uint8]]:
    """Return where the units of each chain begin, and where the last ends; and what opens and closes there.

    Units are sentences and quotations, as most articles have them. Where none ends for long, a unit ends where an
    article's stretch does.

    Parameters
    ----------
    shingles : (n,) int64, those of the chains that are long enough
    """
    from dedup.clustering import kernels

    of, begins = chains.of[shingles], chains.positions[shingles]
    ends = begins + settings.shingle_words
    most = marks.n_places[shingles] // 2 + 1
    near_begin = np.where(begins == 0, 1, 0)
    near_end = np.where(ends == chains.lengths[of], 1, 0)
    every = np.arange(len(shingles))
    opens = marks.n_opening[shingles][every, near_begin] >= most
    closes = marks.n_closing[shingles][every, near_end] >= most
    width = int(chains.lengths.max(initial=0)) + 1
    own = np.unique(of)
    opening, closing = np.unique((of * width + begins)[opens]), np.unique((of * width + ends)[closes])
    sentences = np.unique(np.concatenate((opening, closing, own * width, own * width + chains.lengths[own])))
    edges = np.unique((held.chains[:, None] * width + held.spans).ravel())
    bounds = np.union1d(sentences, _far(edges, sentences, _PART * settings.min_passage_words))
    kinds = np.isin(bounds, opening) * kernels.OPENS | np.isin(bounds, closing) * kernels.CLOSES
    offsets = np.searchsorted(bounds, np.arange(len(chains.lengths) + 1) * width)
    return records.Ragged(bounds % width, offsets), kinds.astype(np.uint8)


def _far(edges: NDArray[np.int64], bounds: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Return the edges that lie far from all bounds and from each other."""
    after = np.searchsorted(bounds, edges)
    before = bounds[np.maximum(after - 1, 0)]
    inside = (after > 0) & (after < len(bounds))
    behind = bounds[np.minimum(after, len(bounds) - 1)] if len(bounds) else edges
    chosen: list[int] = []
    for edge in edges[inside & (edges - before >= least) & (behind - edges >= least)].tolist():
        if not chosen or edge - chosen[-1] >= least:
            chosen.append(edge)
    return np.array(chosen, np.int64)


def _place(
    places: recurring.Places,
    held: _Stretches,
    pieces: NDArray[np.int64],
    rows: NDArray[np.int64],
    settings: Settings,
) -> Passages:
    """Return the places of the pieces that two articles hold."""
    piece, stretch = rows.T
    begin, length = pieces[piece, 1], pieces[piece, 2] - pieces[piece, 1]
    end = pieces[piece, 2] - settings.shingle_words
    width = int(held.positions.max(initial=0)) + 1
    by_stretch = np.repeat(np.arange(len(held.chains)), np.diff(held.offsets)) * width + held.positions
    first = np.searchsorted(by_stretch[:-1], stretch * width + np.minimum(begin, width - 1))
    last = np.searchsorted(by_stretch, stretch * width + np.minimum(end, width - 1), side="right") - 1
    covered = np.cumsum(np.minimum(np.diff(held.positions, prepend=0), settings.shingle_words))
    n_held = covered[last] - covered[first] + settings.shingle_words
    enough = first <= last
    ahead, behind = held.positions[first] - begin, end - held.positions[last]
    first, last = held.order[first], held.order[last]
    n_own = places.words[last] - places.words[first] + settings.shingle_words + ahead + behind
    enough &= _MOST_OF_IT * np.maximum(length, n_own) <= n_held
    starts = np.where(places.since[first] <= ahead + _FEW, places.opens[first], places.starts[first])
    ends = np.where(places.until[last] <= behind + _FEW, places.closes[last], places.ends[last])
    spans = starts[enough].astype(np.int64), ends[enough].astype(np.int64)
    found = _sorted(piece[enough], held.articles[stretch[enough]], *spans)
    n_articles = _count_articles(found)
    return found.take((n_articles > 1)[found.passages])


def _count_articles(found: Passages) -> NDArray[np.int64]:
    """Return how many different articles each passage stands in."""
    new = (np.diff(found.passages, prepend=-1) != 0) | (np.diff(found.articles, prepend=-1) != 0)
    return np.bincount(found.passages[new])


def _sorted(
    passages: NDArray[np.int64],
    articles: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Passages:
    """Return places in order: the passages by their first places, numbered from 0, their places by article."""
    order = np.lexsort((ends, starts, articles, passages))
    first = order[np.flatnonzero(np.diff(passages[order], prepend=-1))]
    by_place = np.lexsort((ends[first], starts[first], articles[first]))
    ranks = np.empty(int(passages.max(initial=-1)) + 1, np.int64)
    ranks[passages[first][by_place]] = np.arange(len(first))
    numbers = ranks[passages]
    order = np.lexsort((ends, starts, articles, numbers))
    return Passages(numbers[order], articles[order], starts[order], ends[order])
