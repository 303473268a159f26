"""Made-up news prose with the statistics of real prose: what the planted archive is written with.

Words are pseudo-words of syllables, drawn by the law of Zipf and Mandelbrot. Each article has a topic of its own:
words, names and figures that come again and again in it and hardly elsewhere. Stock phrases, such as "said in a
statement" would be, stand at the ends of sentences of many articles, so that unrelated articles share a few words in
a row, as real ones do.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

SENTENCE_WORDS = (8, 30)
PARAGRAPH_SENTENCES = (1, 4)

_ONSETS = ("", *"bdfghklmnprstvwz", *"bdklmnprst", "st", "tr", "gr", "sh")
_VOWELS = (*"aeiou", *"aeiou", "ea", "ou")
_CODAS = ("", "", "", "", "", "", *"nrstlm", "nd", "st")
_CELLS = 1 << 20  # Zipf's law as a table of equal cells: one lookup draws a word
_FLAT = 2.7  # Mandelbrot's addition to the rank, so that no word is one in eleven
_N_WORDS = 50_000
_N_NAMES = 20_000
_N_FIGURES = 5_000
_SYLLABLES_FROM = (0, 400, 20_000)  # words of this rank on have one, two, three syllables
_N_PHRASES = 400
_PHRASE_WORDS = (3, 6)
_PHRASE_SHARE = 0.15
_TOPIC_SHARE = 0.22
_TOPIC_WORDS = 36
_TOPIC_NAMES = 8
_TOPIC_FIGURES = 6
_FIGURE_LIMIT = 9_999

Paragraphs = list[list[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What one article is about: indices of its own words, names and figures, those that come most often first."""

    words: np.ndarray


class Prose:
    """Prose from word statistics.

    Parameters
    ----------
    seed : equal seeds give equal words, phrases and tables

    >>> prose = Prose(1)
    >>> chance = np.random.default_rng(1)
    >>> text = prose.paragraphs(chance, 300)
    >>> all(sentence.endswith(".") for sentences in text for sentence in sentences)
    True
    """

    def __init__(self, seed: int) -> None:
        """Make the words, the table that they are drawn from, and the stock phrases."""
        chance = np.random.default_rng([seed, 0])
        common = _pseudo_words(chance, _N_WORDS, _SYLLABLES_FROM)
        names = _pseudo_words(chance, _N_NAMES, (0, 0, _N_NAMES // 2))
        figures = [
            f"{n:,}" for n in np.sort(chance.choice(_FIGURE_LIMIT, _N_FIGURES, replace=False)).tolist()
        ]
        words = [*common, *(name.capitalize() for name in names), *figures]
        self._words = np.array(words, object)
        weights = 1 / (np.arange(1, _N_WORDS + 1) + _FLAT)
        cells = np.floor(np.cumsum(weights) / weights.sum() * _CELLS).astype(np.int64)
        self._table = np.searchsorted(cells, np.arange(_CELLS), side="right").clip(max=_N_WORDS - 1)
        lengths = np.array([len(word) for word in common])
        topical = np.mean([len(word) for word in words]) * _TOPIC_SHARE
        self.word_bytes = 1 + lengths[self._table].mean() * (1 - _TOPIC_SHARE) + topical
        self._phrases = [
            self._draw(chance, int(chance.integers(*_PHRASE_WORDS, endpoint=True))) for _ in range(_N_PHRASES)
        ]

    def topic(self, chance: np.random.Generator) -> Topic:
        """Return what an article is about."""
        words = chance.integers(_SYLLABLES_FROM[1], _N_WORDS, _TOPIC_WORDS)
        names = _N_WORDS + chance.integers(0, _N_NAMES, _TOPIC_NAMES)
        figures = _N_WORDS + _N_NAMES + chance.integers(0, _N_FIGURES, _TOPIC_FIGURES)
        drawn = np.concatenate((names, words, figures))
        chance.shuffle(drawn)
        return Topic(drawn)

    def paragraphs(self, chance: np.random.Generator, n_words: int, topic: Topic | None = None) -> Paragraphs:
        """Return paragraphs of whole sentences with at least `n_words` words, and hardly more."""
        sentences = self.sentences(chance, n_words, topic)
        sizes = chance.integers(*PARAGRAPH_SENTENCES, size=len(sentences), endpoint=True)
        ends = np.cumsum(sizes)
        ends = ends[: int(np.searchsorted(ends, len(sentences))) + 1].tolist()
        return [sentences[start:end] for start, end in itertools.pairwise([0, *ends])]

    def sentences(self, chance: np.random.Generator, n_words: int, topic: Topic | None = None) -> list[str]:
        """Return sentences with at least `n_words` words, with capitals and full stops."""
        most = n_words // SENTENCE_WORDS[0] + 1
        ends = np.cumsum(chance.integers(*SENTENCE_WORDS, size=most, endpoint=True))
        ends = ends[: int(np.searchsorted(ends, n_words)) + 1]
        words = self._draw(chance, int(ends[-1]), topic or self.topic(chance))
        with_phrase = chance.random(len(ends)) < _PHRASE_SHARE
        phrases = (chance.random(len(ends)) ** 2 * _N_PHRASES).astype(np.int64)
        sentences = []
        for start, end, ends_so, number in zip(
            [0, *ends[:-1].tolist()], ends.tolist(), with_phrase.tolist(), phrases.tolist(), strict=True
        ):
            taken = words[start:end]
            if ends_so:
                phrase = self._phrases[number]
                taken[-len(phrase) :] = phrase
            text = " ".join(taken)
            sentences.append(f"{text[0].upper()}{text[1:]}.")
        return sentences

    def words(self, chance: np.random.Generator, n_words: int) -> list[str]:
        """Return words without any order."""
        return self._draw(chance, n_words)

    def names(self, chance: np.random.Generator, n_names: int) -> list[str]:
        """Return names, with capitals."""
        return self._words[_N_WORDS + chance.integers(0, _N_NAMES, n_names)].tolist()

    def title(self, chance: np.random.Generator, topic: Topic | None = None) -> str:
        """Return a headline of six to eleven words."""
        words = self._draw(chance, int(chance.integers(6, 12)), topic or self.topic(chance))
        return f"{words[0].capitalize()} {' '.join(words[1:])}"

    def _draw(self, chance: np.random.Generator, n_words: int, topic: Topic | None = None) -> list[str]:
        drawn = self._table[chance.integers(0, _CELLS, n_words)]
        if topic is not None:
            own = np.flatnonzero(chance.random(n_words) < _TOPIC_SHARE)
            often = (chance.random(len(own)) ** 2 * len(topic.words)).astype(np.int64)
            drawn[own] = topic.words[often]
        return self._words[drawn].tolist()


def _pseudo_words(chance: np.random.Generator, n_words: int, syllables_from: tuple[int, ...]) -> list[str]:
    """Return distinct pseudo-words; the `i`-th place of `syllables_from` is the first word of `i` + 1 syllables."""
    words: dict[str, None] = {}
    while len(words) < n_words:
        n_syllables = sum(len(words) >= start for start in syllables_from)
        parts = [
            _ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda]
            for onset, vowel, coda in zip(
                chance.integers(0, len(_ONSETS), n_syllables).tolist(),
                chance.integers(0, len(_VOWELS), n_syllables).tolist(),
                chance.integers(0, len(_CODAS), n_syllables).tolist(),
                strict=True,
            )
        ]
        words.setdefault("".join(parts))
    return list(words)
