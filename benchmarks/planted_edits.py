"""The edits that make copies in the planted archive; each function is one kind."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import corruption

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks import word_statistics

LIGHT_RATE = (0.01, 0.10)
DROPPED_SHARE = (0.1, 0.4)
ADDED_SHARE = (0.1, 0.4)
TRUNCATED_SHARE = (0.3, 0.6)
EXCERPT_SHARE = (0.2, 0.5)
NOISE_RATE = (0.01, 0.05)
MOST_SWAPS = 3
LEAST_PARAGRAPHS = 3  # of an article whose paragraphs are dropped or swapped
LEAST_WORDS_OF_PARTS = 250  # of an article that is edited in parts; made-up ones then have three paragraphs
_LEAST_WORDS_WITH_LEAD = 80  # of an excerpt that is given a sentence of its own
_KEPT, _REPLACED, _INSERTED, _DELETED = range(4)


@dataclasses.dataclass(frozen=True, slots=True)
class Body:
    """An article without its outlet's furniture: its title and its paragraphs, each a list of sentences."""

    title: str
    paragraphs: word_statistics.Paragraphs


@dataclasses.dataclass(frozen=True, slots=True)
class Edited:
    """A copy, and how much was done to it; what the rate counts, each kind says."""

    body: Body
    rate: float


def n_words(sentences: list[str]) -> int:
    """Return the words of some sentences.

    >>> n_words(["One two.", "Three."])
    3
    """
    return sum(sentence.count(" ") + 1 for sentence in sentences)


def exact(body: Body, _chance: np.random.Generator, _prose: word_statistics.Prose) -> Edited:
    """Return the same text; the rate is 0."""
    return Edited(body, 0.0)


def headline(body: Body, chance: np.random.Generator, prose: word_statistics.Prose) -> Edited:
    """Return a new title and a new first sentence; the rate is the share of words replaced."""
    first = prose.sentences(chance, 1)[0]
    replaced = n_words(body.paragraphs[0][:1])
    paragraphs = [[first, *body.paragraphs[0][1:]], *body.paragraphs[1:]]
    return Edited(Body(prose.title(chance), paragraphs), replaced / _total(body))


def light(body: Body, chance: np.random.Generator, prose: word_statistics.Prose) -> Edited:
    """Return a text with words replaced, inserted and deleted, one third each; the rate is edits per word."""
    total = _total(body)
    n_edits = max(1, int(chance.uniform(*LIGHT_RATE) * total))
    places = set(chance.choice(total, n_edits, replace=False).tolist())
    kinds = iter(chance.integers(_REPLACED, _DELETED + 1, n_edits).tolist())
    new = iter(prose.words(chance, n_edits))
    paragraphs = []
    at = 0
    for sentences in body.paragraphs:
        edited = []
        for sentence in sentences:
            words: list[str] = []
            for word in sentence.split(" "):
                kind = next(kinds) if at in places else _KEPT
                if kind in {_KEPT, _INSERTED}:
                    words.append(word)
                if kind in {_REPLACED, _INSERTED}:
                    words.append(next(new))
                at += 1
            if words:
                edited.append(" ".join(words))
        if edited:
            paragraphs.append(edited)
    return Edited(Body(body.title, paragraphs), n_edits / total)


def dropped(body: Body, chance: np.random.Generator, _prose: word_statistics.Prose) -> Edited:
    """Return a text without some of its paragraphs; the rate is the share of words that went."""
    sizes = np.array([n_words(sentences) for sentences in body.paragraphs])
    goal = chance.uniform(*DROPPED_SHARE) * sizes.sum()
    gone: set[int] = set()
    n_gone = 0
    for place in chance.permutation(len(sizes)).tolist():
        if n_gone + sizes[place] <= max(goal, sizes.min()):
            gone.add(place)
            n_gone += int(sizes[place])
    kept = [sentences for i, sentences in enumerate(body.paragraphs) if i not in gone]
    return Edited(Body(body.title, kept), n_gone / int(sizes.sum()))


def added(body: Body, chance: np.random.Generator, prose: word_statistics.Prose) -> Edited:
    """Return a text with new paragraphs between its own; the rate is new words by old ones."""
    total = _total(body)
    new = prose.paragraphs(chance, int(chance.uniform(*ADDED_SHARE) * total))
    paragraphs = list(body.paragraphs)
    for sentences in new:
        paragraphs.insert(int(chance.integers(0, len(paragraphs) + 1)), sentences)
    return Edited(Body(body.title, paragraphs), sum(map(n_words, new)) / total)


def swapped(body: Body, chance: np.random.Generator, _prose: word_statistics.Prose) -> Edited:
    """Return a text in which pairs of paragraphs changed places; the rate is the share of paragraphs moved."""
    paragraphs = list(body.paragraphs)
    n_pairs = int(chance.integers(1, min(MOST_SWAPS, len(paragraphs) // 2) + 1))
    places = chance.choice(len(paragraphs), 2 * n_pairs, replace=False).tolist()
    for one, other in zip(places[::2], places[1::2], strict=True):
        paragraphs[one], paragraphs[other] = paragraphs[other], paragraphs[one]
    return Edited(Body(body.title, paragraphs), 2 * n_pairs / len(paragraphs))


def truncated(body: Body, chance: np.random.Generator, _prose: word_statistics.Prose) -> Edited:
    """Return the beginning of a text, cut after a word; the rate is the share of words kept."""
    total = _total(body)
    n_kept = _within(TRUNCATED_SHARE, chance, total)
    return Edited(Body(body.title, _slice(body.paragraphs, 0, n_kept)), n_kept / total)


def excerpt(body: Body, chance: np.random.Generator, prose: word_statistics.Prose) -> Edited:
    """Return a part of a text; the rate is the share of words kept.

    The part is, in equal shares, consecutive paragraphs or a run of sentences, at a random place. Half of the longer
    ones have one sentence of their own before it.
    """
    total = _total(body)
    sentences = [[sentence] for paragraph in body.paragraphs for sentence in paragraph]
    whole = bool(chance.random() < 0.5)  # noqa: PLR2004  (a half)
    run = _run(body.paragraphs, chance) if whole else None
    run = run or _run(sentences, chance)
    if run is None:
        n_kept = _within(EXCERPT_SHARE, chance, total)
        start = int(chance.integers(0, total - n_kept + 1))
        run = start, start + n_kept
    paragraphs = _slice(body.paragraphs, *run)
    n_kept = run[1] - run[0]
    if n_kept >= _LEAST_WORDS_WITH_LEAD and chance.random() < 0.5:  # noqa: PLR2004  (a half)
        paragraphs = [prose.sentences(chance, 1), *paragraphs]
    return Edited(Body(prose.title(chance), paragraphs), n_kept / total)


def noise(body: Body, chance: np.random.Generator, _prose: word_statistics.Prose) -> Edited:
    """Return a text with wrong characters; the rate is their share."""
    rate = float(chance.uniform(*NOISE_RATE))
    paragraphs = [[corruption.corrupt(" ".join(sentences), rate, chance)] for sentences in body.paragraphs]
    return Edited(Body(corruption.corrupt(body.title, rate, chance), paragraphs), rate)


KINDS: dict[str, Callable[[Body, np.random.Generator, word_statistics.Prose], Edited]] = {
    "exact": exact,
    "headline": headline,
    "light": light,
    "dropped": dropped,
    "added": added,
    "swapped": swapped,
    "boilerplate": exact,
    "truncated": truncated,
    "excerpt": excerpt,
    "noise": noise,
}
LEAST_WORDS = dict.fromkeys(("dropped", "added", "swapped", "truncated", "excerpt"), LEAST_WORDS_OF_PARTS)


def _total(body: Body) -> int:
    return sum(map(n_words, body.paragraphs))


def _within(shares: tuple[float, float], chance: np.random.Generator, total: int) -> int:
    """Return a number of words that is a share of all within two bounds."""
    least, most = int(np.ceil(shares[0] * total)), int(np.floor(shares[1] * total))
    return int(chance.integers(least, most + 1))


def _run(units: word_statistics.Paragraphs, chance: np.random.Generator) -> tuple[int, int] | None:
    """Return the first word and the end of a run of whole units that is a share of all as excerpts have it."""
    ends = np.concatenate(([0], np.cumsum([n_words(unit) for unit in units])))
    shares = (ends[None, :] - ends[:, None]) / ends[-1]
    first, last = np.nonzero((shares >= EXCERPT_SHARE[0]) & (shares <= EXCERPT_SHARE[1]))
    if len(first) == 0:
        return None
    picked = int(chance.integers(0, len(first)))
    return int(ends[first[picked]]), int(ends[last[picked]])


def _slice(paragraphs: word_statistics.Paragraphs, start: int, end: int) -> word_statistics.Paragraphs:
    """Return the words from one number to another, in their paragraphs."""
    kept = []
    at = 0
    for paragraph in paragraphs:
        sentences = []
        for sentence in paragraph:
            size = sentence.count(" ") + 1
            if at >= start and at + size <= end:
                sentences.append(sentence)
            elif at < end and at + size > start:
                sentences.append(" ".join(sentence.split(" ")[max(0, start - at) : end - at]))
            at += size
        if sentences:
            kept.append(sentences)
    return kept
