"""From the spans that pairs share to all the places of their shingles, in whatever article they stand."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import records
from dedup.clustering import ordering
from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import running
    from dedup.settings import Settings

_COLUMNS = ("shingles", "words", "since", "until", "starts", "ends", "opens", "closes")
_KINDS = (np.int32, np.int32, np.uint8, np.uint8, np.uint32, np.uint32, np.uint32, np.uint32)
_LEAST_BITS, _MOST_BITS = 10, 23  # of a bitmap
_BITS_EACH = 4, 32  # of the bitmaps, for each place of the tables
_SHINGLE_BYTES = 10  # of spans, for each different shingle in them, roughly: most spans are copies of others
_PAIRS_ASKED = 2  # of shingles beside each other, for an article to be read; one may be a phrase
_MOST_TOLD = 0.5  # of the articles, which marks may let pass: of more, they tell little
_BYTES_AT_ONCE = 1 << 23  # of text
_ARTICLES_AT_ONCE = 1 << 15


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """The text that places are looked for in.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts : (n_articles,) int64, the byte from which the article's characters are counted
    live : the segments of each article that take part, bytes of `text`
    marks : rows of uint16, the upper bits of each article's shingles in the order of the text: they tell what need
        not be read; None to read all
    """

    text: NDArray[np.uint8]
    page_starts: NDArray[np.int64]
    live: records.Spans
    marks: records.Rows | None


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Where shared shingles stand, by article and word.

    Parameters
    ----------
    shingles : (n_places,) int32, the shingle's number
    words : (n_places,) int32, its first word within the article; more than a gap lies between segments
    since, until : (n_places,) uint8, words since a sentence or quotation began and until one ends; 0 where here
    starts, ends : (n_places,) uint32, in bytes of the article's page
    opens, closes : (n_places,) uint32, bytes where the sentence begins and ends if that is near, else the shingle's
        own
    articles : (n_articles,) int64, rising; the articles that were read
    offsets : (n_articles + 1,) int64; the places of `articles[i]` are those from `offsets[i]` to `offsets[i + 1]`
    n_shingles : how many numbers there are
    """

    shingles: NDArray[np.int32]
    words: NDArray[np.int32]
    since: NDArray[np.uint8]
    until: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    opens: NDArray[np.uint32]
    closes: NDArray[np.uint32]
    articles: NDArray[np.int64]
    offsets: NDArray[np.int64]
    n_shingles: int

    def take(self, chosen: NDArray[np.bool_]) -> Places:
        """Return some places."""
        rows = np.flatnonzero(chosen)
        given = {name: getattr(self, name)[rows] for name in _COLUMNS}
        return dataclasses.replace(self, offsets=np.searchsorted(rows, self.offsets), **given)


def find(corpus: Corpus, spans: NDArray[np.int64], settings: Settings, run: running.Run = map) -> Places:
    """Return all places of the shingles that stand within these spans.

    Every article is looked at, whether a span stands in it or not. Places count where together they cover
    `min_passage_words`, edits of up to `max_edit_words` between them.

    Parameters
    ----------
    spans : (n, 3) int64; article, start and end in characters of its page, at the edges of words
    run : what reads the articles, some at a time

    >>> from dedup.settings import Settings
    >>> text = np.frombuffer(b"one two three four. " b"Zero one two three four.", np.uint8)
    >>> live = records.Spans(np.array([0, 20]), np.array([20, 44]), np.arange(3))
    >>> settings = Settings(shingle_words=2, min_passage_words=4)
    >>> found = find(Corpus(text, live.starts, live, None), np.array([[0, 0, 18]]), settings)
    >>> found.articles.tolist(), found.shingles.tolist(), found.starts.tolist()
    ([0, 1], [0, 1, 2, 0, 1, 2], [0, 4, 8, 5, 9, 13])
    """
    known = _collect(corpus, spans, settings)
    articles = _holders(corpus, known, settings, run) if known.n_shingles else np.empty(0, np.int64)
    read = functools.partial(_read, corpus=corpus, known=known, settings=settings)
    parts = list(run(read, _shares(corpus, articles)))
    columns = {
        name: np.concatenate([np.empty(0, kind), *(columns[place] for columns, _ in parts)])
        for place, (name, kind) in enumerate(zip(_COLUMNS, _KINDS, strict=True))
    }
    lengths = [np.diff(offsets) for _, offsets in parts]
    offsets = records.offsets(np.concatenate([np.empty(0, np.int64), *lengths]))
    return Places(articles=articles, offsets=offsets, n_shingles=known.n_shingles, **columns)


def to_characters(
    corpus: Corpus, articles: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return starts and ends in characters of the articles' pages, from those in bytes.

    Parameters
    ----------
    articles, starts, ends : (n,) int64
    """
    from dedup.clustering.recurring import kernels

    order = np.lexsort((starts, articles))
    pages = corpus.page_starts[articles[order]]
    counted = starts[order], ends[order]
    kernels.to_characters(corpus.text, pages, *counted)
    places = np.empty((2, len(articles)), np.int64)
    places[:, order] = counted
    return places[0], places[1]


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    """Known shingles, the marks of two beside each other, and how many shingles there are; as kernels take them.

    Parameters
    ----------
    table : by hash: shingles with their numbers (2^k,) uint64, 0 for none; a bitmap of their upper bits
    pairs : by hash: marks (2^k,) uint32, 0 for none; a bitmap of their mixed upper bits
    shifts : bits that the bitmaps leave out
    """

    table: tuple[NDArray[np.uint64], NDArray[np.uint32]]
    pairs: tuple[NDArray[np.uint32], NDArray[np.uint32]]
    shifts: tuple[np.uint32, np.uint32]
    n_shingles: int = 0


def _room(n_slots: int) -> _Known:
    """Return empty tables of so many places, a power of two."""
    n_bits = [min(max(_LEAST_BITS, (each * n_slots).bit_length() - 1), _MOST_BITS) for each in _BITS_EACH]
    bits, pair_bits = (np.zeros(1 << (n - 5), np.uint32) for n in n_bits)
    return _Known(
        (np.zeros(n_slots, np.uint64), bits),
        (np.zeros(n_slots, np.uint32), pair_bits),
        (np.uint32(32 - n_bits[0]), np.uint32(32 - n_bits[1])),
    )


def _joined(spans: NDArray[np.int64], n_articles: int) -> tuple[NDArray[np.int64], records.Spans]:
    """Return the articles that have spans, and these in order, those that overlap or touch joined to one."""
    from dedup.clustering.recurring import kernels

    by_article = ordering.by_key(spans[:, 0].copy(), n_articles)
    articles, offsets = np.empty(n_articles, np.int64), np.zeros(n_articles + 1, np.int64)
    begins, ends = np.empty(len(spans), np.int64), np.empty(len(spans), np.int64)
    n_found = kernels.join(
        by_article.values,
        by_article.offsets,
        spans[:, 1].astype(np.float64),
        spans[:, 2].copy(),
        articles,
        begins,
        ends,
        offsets,
    )
    offsets = offsets[: n_found + 1]
    return articles[:n_found], records.Spans(begins[: offsets[-1]], ends[: offsets[-1]], offsets)


def _collect(corpus: Corpus, spans: NDArray[np.int64], settings: Settings) -> _Known:
    """Return the shingles within spans, numbered in the order of their first places."""
    from dedup.clustering.recurring import kernels

    articles, joined = _joined(spans, len(corpus.live))
    live = corpus.live.take(articles)
    n_bytes = int((joined.ends - joined.starts).sum())
    n_slots = 1 << max(_LEAST_BITS, (n_bytes // _SHINGLE_BYTES).bit_length())
    folded = folding.table()
    factor = 1
    while True:
        known = _room(n_slots)
        n_shingles = kernels.collect(
            corpus.text,
            corpus.page_starts[articles],
            (live.starts, live.ends, live.offsets),
            (joined.starts, joined.ends, joined.offsets),
            folded.entries,
            folded.expansions,
            settings.shingle_words,
            (known.table, known.pairs, known.shifts),
            _buffers(live, factor),
        )
        if n_shingles >= 0:
            return dataclasses.replace(known, n_shingles=n_shingles)
        n_slots *= 4
        factor *= 4


def _holders(corpus: Corpus, known: _Known, settings: Settings, run: running.Run) -> NDArray[np.int64]:
    """Return the articles that may hold a passage, by the marks of their shingles.

    A place has two shingles beside each other, which stand so in known text, and soon after two again, unless one
    shingle is as long as a passage: then all articles are read. So they are where most of them may hold one, as that
    tells little. What shares but one such pair, and else single shingles, each between edits, is not found by them.
    """
    from dedup.clustering.recurring import kernels

    marks, every = corpus.marks, np.arange(len(corpus.live))
    n_pairs = min(settings.min_passage_words - settings.shingle_words, _PAIRS_ASKED)
    if marks is None or n_pairs <= 0:
        return every
    shape = n_pairs, 2 * (settings.shingle_words + settings.max_edit_words)

    def hold(articles: NDArray[np.int64]) -> NDArray[np.int64]:
        holds = np.empty(len(articles), np.bool_)
        kernels.hold(marks.take(articles).columns, known.pairs, known.shifts[1], shape, holds)
        return articles[holds]

    ordered = marks.as_they_stand(every)
    tasks = np.split(ordered, range(_ARTICLES_AT_ONCE, len(ordered), _ARTICLES_AT_ONCE))
    found = np.sort(np.concatenate([every[:0], *run(hold, tasks)]))
    return found if len(found) <= _MOST_TOLD * len(every) else every


def _shares(corpus: Corpus, articles: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the articles, some at a time, with about as much text each."""
    lengths = np.diff(records.offsets(corpus.live.ends - corpus.live.starts)[corpus.live.offsets])
    numbers = np.cumsum(lengths[articles]) // _BYTES_AT_ONCE
    return np.split(articles, np.flatnonzero(np.diff(numbers)) + 1) if len(articles) else []


def _read(
    articles: NDArray[np.int64], corpus: Corpus, known: _Known, settings: Settings
) -> tuple[list[NDArray[Any]], NDArray[np.int64]]:
    """Return the columns of places in some articles, and where those of each begin."""
    from dedup.clustering.recurring import kernels

    live = corpus.live.take(articles)
    folded = folding.table()
    least_places = max(1, (settings.min_passage_words - settings.shingle_words + 1) // 2)
    shape = (
        settings.shingle_words,
        settings.min_passage_words,
        settings.shingle_words + settings.max_edit_words,
        least_places,
    )
    capacity, factor = int((live.ends - live.starts).sum()) // 2 + 64, 1
    while True:
        columns = tuple(np.empty(capacity, kind) for kind in _KINDS)
        offsets = np.zeros(len(articles) + 1, np.int64)
        n_done = kernels.find_places(
            corpus.text,
            corpus.page_starts[articles],
            (live.starts, live.ends, live.offsets),
            folded.entries,
            folded.expansions,
            known.table,
            known.shifts[0],
            shape,
            columns,
            offsets,
            _buffers(live, factor),
        )
        if n_done == len(articles):
            return [column[: offsets[-1]].copy() for column in columns], offsets
        capacity *= 4
        factor *= 4


def _buffers(live: records.Spans, factor: int) -> tuple[NDArray[Any], ...]:
    longest = int((live.ends - live.starts).max(initial=0)) // 2 * factor + 16
    kinds = (np.uint64, np.int64, np.int64, np.uint32, np.uint8)
    return tuple(np.empty(longest, kind) for kind in kinds)
