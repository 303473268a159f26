"""From the spans that pairs share to all the places of their shingles, in whatever article they stand."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import records
from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.settings import Settings

_COLUMNS = ("shingles", "words", "since", "until", "starts", "ends", "opens", "closes")
_LEAST_BITS, _MOST_BITS = 10, 27  # of the bitmap
_WORD_BYTES = 8  # of running text, roughly; the first guess of how many shingles it has


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """The text that places are looked for in.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts : (n_articles,) int64, the byte from which the article's characters are counted
    live : the segments of each article that take part, bytes of `text`
    shingles : the set of each article's shingles, as sketching gives them: what shares too few is not read; None to
        read all
    """

    text: NDArray[np.uint8]
    page_starts: NDArray[np.int64]
    live: records.Spans
    shingles: records.Ragged | None


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Where shared shingles stand, by article and word.

    Parameters
    ----------
    shingles : (n_places,) int64, the shingle's number
    words : (n_places,) int64, its first word within the article; more than a gap lies between segments
    since, until : (n_places,) int64, words since a sentence or quotation began and until one ends; 0 where here
    starts, ends : (n_places,) int64, in characters of the article's page
    opens, closes : (n_places,) int64, characters where the sentence begins and ends if that is near, else the
        shingle's own
    articles : (n_articles,) int64, rising; the articles that were read
    offsets : (n_articles + 1,) int64; the places of `articles[i]` are those from `offsets[i]` to `offsets[i + 1]`
    n_shingles : how many numbers there are
    """

    shingles: NDArray[np.int64]
    words: NDArray[np.int64]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    articles: NDArray[np.int64]
    offsets: NDArray[np.int64]
    n_shingles: int

    def take(self, chosen: NDArray[np.bool_]) -> Places:
        """Return some places."""
        kept = records.offsets(chosen.astype(np.int64))[self.offsets]
        given = {name: getattr(self, name)[chosen] for name in _COLUMNS}
        return dataclasses.replace(self, offsets=kept, **given)


def find(corpus: Corpus, spans: NDArray[np.int64], settings: Settings) -> Places:
    """Return all places of the shingles that stand within these spans.

    Every article is looked at, whether a span stands in it or not. Places count where together they cover
    `min_passage_words`, edits of up to `max_edit_words` between them.

    Parameters
    ----------
    spans : (n, 3) int64; article, start and end in characters of its page

    >>> from dedup.settings import Settings
    >>> text = np.frombuffer(b"one two three four. " b"Zero one two three four.", np.uint8)
    >>> live = records.Spans(np.array([0, 20]), np.array([20, 44]), np.arange(3))
    >>> settings = Settings(shingle_words=2, min_passage_words=4)
    >>> found = find(Corpus(text, live.starts, live, None), np.array([[0, 0, 18]]), settings)
    >>> found.articles.tolist(), found.shingles.tolist(), found.starts.tolist()
    ([0, 1], [0, 1, 2, 0, 1, 2], [0, 4, 8, 5, 9, 13])
    """
    table, n_shingles = _collect(corpus, _joined(spans), settings)
    if n_shingles == 0:
        none = np.empty(0, np.int64)
        columns = dict.fromkeys(_COLUMNS, none)
        return Places(articles=none, offsets=np.zeros(1, np.int64), n_shingles=0, **columns)
    return _find(corpus, table, n_shingles, settings)


@dataclasses.dataclass(frozen=True, slots=True)
class _Table:
    """Known shingles by hash, and a bitmap of their upper bits."""

    keys: NDArray[np.uint32]
    numbers: NDArray[np.int32]
    shift: np.uint32
    bits: NDArray[np.uint32]

    @property
    def columns(self) -> tuple[NDArray[np.uint32], NDArray[np.int32], np.uint32, NDArray[np.uint32]]:
        return self.keys, self.numbers, self.shift, self.bits


def _joined(spans: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the spans in the order of articles and starts, those that overlap or touch joined to one."""
    ordered = spans[np.lexsort((spans[:, 1], spans[:, 0]))]
    if len(ordered) == 0:
        return ordered
    width = int(ordered[:, 1:].max()) + 2  # places of one article stand apart from those of the next
    starts, ends = ordered[:, 1:].T + ordered[:, 0] * width
    reach = np.maximum.accumulate(ends)
    first = np.flatnonzero(np.append(True, starts[1:] > reach[:-1]))
    joined = ordered[first]
    joined[:, 2] = reach[np.append(first[1:], len(reach)) - 1] - joined[:, 0] * width
    return joined


def _collect(corpus: Corpus, spans: NDArray[np.int64], settings: Settings) -> tuple[_Table, int]:
    """Return the shingles within spans, numbered in the order of their first places, and how many there are."""
    from dedup.clustering.recurring import kernels

    articles = spans[:, 0][np.diff(spans[:, 0], prepend=-1) != 0]
    live = corpus.live.take(articles)
    offsets = np.append(np.searchsorted(spans[:, 0], articles), len(spans))
    n_slots = 1 << int((spans[:, 2] - spans[:, 1]).sum() * 4 // _WORD_BYTES + 64).bit_length()
    folded = folding.table()
    factor = 1
    while True:
        keys, numbers = np.empty(n_slots, np.uint32), np.full(n_slots, -1, np.int32)
        n_shingles = kernels.collect(
            corpus.text,
            corpus.page_starts[articles],
            (live.starts, live.ends, live.offsets),
            (spans[:, 1].copy(), spans[:, 2].copy(), offsets),
            folded.entries,
            folded.expansions,
            settings.shingle_words,
            keys,
            numbers,
            _buffers(live, factor)[:4],
        )
        if n_shingles >= 0:
            return _with_bitmap(keys, numbers, n_shingles), n_shingles
        n_slots *= 4
        factor *= 4


def _with_bitmap(keys: NDArray[np.uint32], numbers: NDArray[np.int32], n_shingles: int) -> _Table:
    from dedup.clustering.recurring import kernels

    n_bits = min(max(_LEAST_BITS, (16 * n_shingles).bit_length()), _MOST_BITS)
    shift = np.uint32(32 - n_bits)
    bits = np.zeros(1 << (n_bits - 5), np.uint32)
    kernels.mark_bits(keys, numbers, shift, bits)
    return _Table(keys, numbers, shift, bits)


def _find(corpus: Corpus, table: _Table, n_shingles: int, settings: Settings) -> Places:
    from dedup.clustering.recurring import kernels

    articles = _holders(corpus, table, settings)
    live = corpus.live.take(articles)
    folded = folding.table()
    shape = (
        settings.shingle_words,
        settings.min_passage_words,
        settings.shingle_words + settings.max_edit_words,
    )
    n_bytes = int((live.ends - live.starts).sum())
    capacity, factor = n_bytes // (2 * _WORD_BYTES) + int((live.ends - live.starts).max(initial=0)) + 64, 1
    while True:
        columns = tuple(np.empty(capacity, np.int64) for _ in _COLUMNS)
        offsets = np.zeros(len(articles) + 1, np.int64)
        n_done = kernels.find_places(
            corpus.text,
            corpus.page_starts[articles],
            (live.starts, live.ends, live.offsets),
            folded.entries,
            folded.expansions,
            table.columns,
            shape,
            columns,
            offsets,
            _buffers(live, factor),
        )
        if n_done == len(articles):
            kept = (column[: offsets[-1]].copy() for column in columns)
            named = dict(zip(_COLUMNS, kept, strict=True))
            return Places(articles=articles, offsets=offsets, n_shingles=n_shingles, **named)
        capacity *= 4
        factor *= 4


def _holders(corpus: Corpus, table: _Table, settings: Settings) -> NDArray[np.int64]:
    """Return the articles that may hold a passage, by their sets of shingles."""
    from dedup.clustering.recurring import kernels

    if corpus.shingles is None:
        return np.arange(len(corpus.live))
    holds = np.empty(len(corpus.live), np.bool_)
    least = max(1, (settings.min_passage_words - settings.shingle_words + 1) // 2)
    kernels.hold(corpus.shingles.values, corpus.shingles.offsets, table.columns, least, holds)
    return np.flatnonzero(holds)


def _buffers(live: records.Spans, factor: int) -> tuple[NDArray[Any], ...]:
    longest = int((live.ends - live.starts).max(initial=0)) // 2 * factor + 16
    return (
        np.empty(longest, np.uint64),
        np.empty(longest, np.int64),
        np.empty(longest, np.int64),
        np.empty(longest, np.uint32),
        np.empty(longest, np.uint8),
    )
