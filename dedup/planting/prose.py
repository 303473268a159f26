"""Made-up news prose with the statistics of real prose: what a planted archive is written with.

Words are pseudo-words of syllables, drawn by the law of Zipf and Mandelbrot. Each article has a topic of its own:
words, names and figures that come again and again in it and hardly elsewhere. Stock phrases, such as "said in a
statement" would be, stand at the ends of sentences of many articles, so that unrelated articles share a few words in
a row, as real ones do.

Articles are made many at a time, as arrays of numbers of words; one lookup in Arrow turns these into text.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.planting import draws

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

SENTENCE_WORDS = (8, 30)
PARAGRAPH_SENTENCES = (1, 4)
TITLE_WORDS = (6, 11)

_ONSETS = ("", *"bdfghklmnprstvwz", *"bdklmnprst", "st", "tr", "gr", "sh")
_VOWELS = (*"aeiou", *"aeiou", "ea", "ou")
_CODAS = ("", "", "", "", "", "", *"nrstlm", "nd", "st")
_CELL_BITS = 20
_CELLS = 1 << _CELL_BITS  # Zipf's law as a table of equal cells: one lookup draws a word
_TOPIC_BITS = 22  # the next bits say whether a word is of the topic, and the upper ones which
_FLAT = 2.7  # Mandelbrot's addition to the rank, so that no word is one in eleven
_N_WORDS = 50_000
_N_NAMES = 20_000
_N_FIGURES = 5_000
_N_KNOWN = _N_WORDS + _N_NAMES + _N_FIGURES
_SYLLABLES_FROM = (0, 400, 20_000)  # words of this rank on have one, two, three syllables
_N_PHRASES = 400
_PHRASE_WORDS = (3, 6)
_PHRASE_SHARE = 0.15
_TOPIC_SHARE = 0.22
_TOPIC_WORDS = 36
_TOPIC_NAMES = 8
_TOPIC_FIGURES = 6
_FIGURE_LIMIT = 9_999
_TITLE, _SENTENCES, _PARAGRAPHS, _HAS_PHRASE, _PHRASE, _TOPIC, _WORDS = range(7)  # streams of random numbers

Paragraphs = list[list[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Body:
    """An article without its outlet's furniture: its title and its paragraphs, each a list of sentences."""

    title: str
    paragraphs: Paragraphs


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    """Where titles and sentences begin and end in the words of some articles, those of one after another.

    Parameters
    ----------
    sizes : (n_units,) int64, words of each; the title of an article stands before its sentences
    n_units : (n_articles,) int64, its title and its sentences
    is_title : (n_units,) bool
    """

    sizes: NDArray[np.int64]
    n_units: NDArray[np.int64]
    is_title: NDArray[np.bool_]


class Prose:
    """Prose from word statistics.

    Parameters
    ----------
    seed : equal seeds give equal words, phrases and tables

    >>> prose = Prose(1)
    >>> body = prose.body(np.random.default_rng(1), 300)
    >>> all(sentence.endswith(".") for sentences in body.paragraphs for sentence in sentences)
    True
    """

    def __init__(self, seed: int) -> None:
        """Make the words, the table that they are drawn from, and the stock phrases."""
        import pyarrow as pa

        chance = np.random.default_rng([seed, 0])
        common = _pseudo_words(chance, _N_WORDS, _SYLLABLES_FROM)
        names = _pseudo_words(chance, _N_NAMES, (0, 0, _N_NAMES // 2))
        figures = [
            f"{n:,}" for n in np.sort(chance.choice(_FIGURE_LIMIT, _N_FIGURES, replace=False)).tolist()
        ]
        words = [*common, *(name.capitalize() for name in names), *figures]
        capitals = [word[0].upper() + word[1:] for word in words]
        self._words = words
        self._written = pa.array(
            [f"{word}{after}" for after in " ." for every in (words, capitals) for word in every]
        )
        weights = 1 / (np.arange(1, _N_WORDS + 1) + _FLAT)
        cells = np.floor(np.cumsum(weights) / weights.sum() * _CELLS).astype(np.int64)
        table = np.searchsorted(cells, np.arange(_CELLS), side="right").clip(max=_N_WORDS - 1)
        self._table = table.astype(np.int32)
        lengths = np.array([len(word) for word in common])
        topical = float(np.mean([len(word) for word in words])) * _TOPIC_SHARE
        self.word_bytes = 1 + float(lengths[self._table].mean()) * (1 - _TOPIC_SHARE) + topical
        self._phrase_sizes = chance.integers(*_PHRASE_WORDS, _N_PHRASES, endpoint=True)
        self._phrase_ends = np.cumsum(self._phrase_sizes)
        self._phrases = self._table[chance.integers(0, _CELLS, int(self._phrase_ends[-1]))]

    def bodies(self, keys: NDArray[np.uint64], n_words: NDArray[np.int64]) -> list[Body]:
        """Return articles of whole sentences with at least `n_words` words, and hardly more.

        Parameters
        ----------
        keys : (n_articles,) uint64; equal keys give equal articles
        n_words : (n_articles,) int64, at least 1 each
        """
        shape = _shape(keys, n_words)
        units = self._text(self._codes(keys, shape), shape)
        n_sentences = shape.n_units - 1
        n_drawn = np.repeat(n_sentences, n_sentences)
        sizes = _between(draws.drawn(draws.fork(keys, _PARAGRAPHS), n_sentences), PARAGRAPH_SENTENCES)
        kept = _until(sizes, n_sentences, n_drawn)
        counts = np.add.reduceat(kept, np.cumsum(n_sentences) - n_sentences).tolist()
        ends = iter(_running(sizes, n_sentences)[kept].tolist())
        made = []
        first = 0
        for n, n_paragraphs in zip(shape.n_units.tolist(), counts, strict=True):
            sentences = units[first + 1 : first + n]
            edges = itertools.pairwise([0, *itertools.islice(ends, n_paragraphs)])
            made.append(Body(units[first], [sentences[start:end] for start, end in edges]))
            first += n
        return made

    def body(self, chance: np.random.Generator, n_words: int) -> Body:
        """Return one article."""
        key = np.array([chance.integers(0, 2**64, dtype=np.uint64)])
        return self.bodies(key, np.array([n_words]))[0]

    def sentences(self, chance: np.random.Generator, n_words: int) -> list[str]:
        """Return sentences with at least `n_words` words, with capitals and full stops."""
        return list(itertools.chain.from_iterable(self.body(chance, n_words).paragraphs))

    def title(self, chance: np.random.Generator) -> str:
        """Return a headline of six to eleven words."""
        return self.body(chance, 1).title

    def words(self, chance: np.random.Generator, n_words: int) -> list[str]:
        """Return words without any order."""
        return [self._words[code] for code in self._table[chance.integers(0, _CELLS, n_words)].tolist()]

    def names(self, chance: np.random.Generator, n_names: int) -> list[str]:
        """Return names, with capitals."""
        return [self._words[_N_WORDS + name] for name in chance.integers(0, _N_NAMES, n_names).tolist()]

    def _codes(self, keys: NDArray[np.uint64], shape: _Shape) -> NDArray[np.int32]:
        """Return the number of each word, (n_words,) int32: drawn ones, those of the topic, and stock phrases."""
        first_units = np.cumsum(shape.n_units) - shape.n_units
        counts = np.add.reduceat(shape.sizes, first_units)
        bits = draws.drawn(draws.fork(keys, _WORDS), counts)
        codes: NDArray[np.int32] = self._table[(bits & np.uint64(_CELLS - 1)).view(np.int64)]
        bits >>= np.uint64(_CELL_BITS)
        few = (1 << _TOPIC_BITS) - 1
        own = np.flatnonzero((bits & np.uint64(few)) < np.uint64(round(_TOPIC_SHARE * few)))
        topics = _topics(keys)
        often = (bits[own] >> np.uint64(_TOPIC_BITS)).astype(np.float64) * 2.0**-_TOPIC_BITS
        picked = (often**2 * topics.shape[1]).astype(np.int64)
        articles = np.searchsorted(np.cumsum(counts), own, side="right")
        codes[own] = topics[articles, picked]
        self._end_with_phrases(codes, keys, shape)
        return codes

    def _end_with_phrases(self, codes: NDArray[np.int32], keys: NDArray[np.uint64], shape: _Shape) -> None:
        """Put stock phrases at the ends of some sentences, in place."""
        n_sentences = shape.n_units - 1
        has = draws.fractions(draws.drawn(draws.fork(keys, _HAS_PHRASE), n_sentences)) < _PHRASE_SHARE
        often = draws.fractions(draws.drawn(draws.fork(keys, _PHRASE), n_sentences)[has])
        phrases = (often**2 * _N_PHRASES).astype(np.int64)
        sizes = self._phrase_sizes[phrases]
        ends = np.cumsum(shape.sizes)[~shape.is_title][has]
        back = np.repeat(np.cumsum(sizes), sizes) - np.arange(int(sizes.sum()))
        codes[np.repeat(ends, sizes) - back] = self._phrases[
            np.repeat(self._phrase_ends[phrases], sizes) - back
        ]

    def _text(self, codes: NDArray[np.int32], shape: _Shape) -> list[str]:
        """Return each title and each sentence, with capitals and full stops; `codes` are changed."""
        import pyarrow as pa

        ends = np.cumsum(shape.sizes)
        starts = ends - shape.sizes
        codes[starts] += _N_KNOWN
        codes[ends[~shape.is_title] - 1] += 2 * _N_KNOWN
        written = self._written.take(pa.array(codes))
        text, places = _joined(written)
        first, last = places[starts], places[ends] - shape.is_title  # the space after a title is not its own
        return [text[start:end] for start, end in zip(first.tolist(), last.tolist(), strict=True)]


def _shape(keys: NDArray[np.uint64], n_words: NDArray[np.int64]) -> _Shape:
    """Return the titles and the sentences that articles of so many words have."""
    most = n_words // SENTENCE_WORDS[0] + 1
    sizes = _between(draws.drawn(draws.fork(keys, _SENTENCES), most), SENTENCE_WORDS)
    kept = _until(sizes, most, np.repeat(n_words, most))
    n_sentences = np.add.reduceat(kept, np.cumsum(most) - most)
    titles = _between(draws.drawn(draws.fork(keys, _TITLE), np.ones(len(keys), np.int64)), TITLE_WORDS)
    n_units = n_sentences + 1
    is_title = np.zeros(int(n_units.sum()), np.bool_)
    is_title[np.cumsum(n_units) - n_units] = True
    every = np.empty(len(is_title), np.int64)
    every[is_title] = titles
    every[~is_title] = sizes[kept]
    return _Shape(every, n_units, is_title)


def _topics(keys: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Return what each article is about, (n_articles, n) int32: words, names and figures, the most frequent first."""
    n = _TOPIC_NAMES + _TOPIC_WORDS + _TOPIC_FIGURES
    bits = draws.drawn(draws.fork(keys, _TOPIC), np.full(len(keys), n)).reshape(-1, n)
    first = np.repeat(
        [_N_WORDS, _SYLLABLES_FROM[1], _N_WORDS + _N_NAMES], [_TOPIC_NAMES, _TOPIC_WORDS, _TOPIC_FIGURES]
    )
    sizes = np.repeat(
        [_N_NAMES, _N_WORDS - _SYLLABLES_FROM[1], _N_FIGURES], [_TOPIC_NAMES, _TOPIC_WORDS, _TOPIC_FIGURES]
    )
    picked = (first + draws.below(bits, sizes)).astype(np.int32)
    # `below` took the upper halves; the lower ones shuffle
    order = np.argsort(bits.astype(np.uint32), axis=1)
    shuffled: NDArray[np.int32] = np.take_along_axis(picked, order, axis=1)
    return shuffled


def _between(numbers: NDArray[np.uint64], bounds: tuple[int, int]) -> NDArray[np.int64]:
    """Return whole numbers of at least and at most the bounds."""
    return bounds[0] + draws.below(numbers, bounds[1] - bounds[0] + 1)


def _running(sizes: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return running sums that begin anew in each row, (n,) int64.

    >>> _running(np.array([1, 2, 3, 4]), np.array([2, 2])).tolist()
    [1, 3, 3, 7]
    """
    summed = np.cumsum(sizes)
    ends = np.cumsum(counts)
    before = np.where(ends > counts, summed[ends - counts - 1], 0)
    running: NDArray[np.int64] = summed - np.repeat(before, counts)
    return running


def _until(
    sizes: NDArray[np.int64], counts: NDArray[np.int64], goals: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which numbers of each row are needed until their sum reaches the row's goal, (n,) bool.

    Parameters
    ----------
    sizes : (n,) int64, one row after another
    counts : (n_rows,) int64, numbers in each row
    goals : (n,) int64, the goal of each number's row

    >>> _until(np.array([3, 3, 3, 5, 5]), np.array([3, 2]), np.array([4, 4, 4, 4, 4])).tolist()
    [True, True, False, True, False]
    """
    needed: NDArray[np.bool_] = _running(sizes, counts) - sizes < goals
    return needed


def _joined(written: pa.StringArray) -> tuple[str, NDArray[Any]]:
    """Return ASCII strings as one, and where each begins in it, with its end at last."""
    _, places, data = written.buffers()
    ends = np.frombuffer(places, np.int32)[written.offset : written.offset + len(written) + 1]
    return str(data[: int(ends[-1])], "ascii"), ends


def _pseudo_words(chance: np.random.Generator, n_words: int, syllables_from: tuple[int, ...]) -> list[str]:
    """Return distinct pseudo-words; the `i`-th place of `syllables_from` is the first word of `i` + 1 syllables."""
    words: dict[str, None] = {}
    limits = (len(_ONSETS), len(_VOWELS), len(_CODAS))
    ends = [*syllables_from[1:], n_words]
    for n_syllables, end in enumerate(ends, 1):
        while len(words) < end:
            for syllables in chance.integers(0, limits, (end - len(words), n_syllables, 3)).tolist():
                word = "".join(
                    [_ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda] for onset, vowel, coda in syllables]
                )
                words[word] = None
    return list(words)
