"""The edits that make copies in a planted archive; each function is one kind."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.planting import corruption
from dedup.planting import prose as proses

if TYPE_CHECKING:
    from collections.abc import Callable

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
_REPLACED, _INSERTED, _DELETED = range(3)


@dataclasses.dataclass(frozen=True, slots=True)
class Edited:
    """A copy, and how much was done to it; what the rate counts, each kind says."""

    body: proses.Body
    rate: float


@dataclasses.dataclass(frozen=True, slots=True)
class New:
    """What an edit may put into a text: single words of the prose, and an article of `n_new_words`."""

    prose: proses.Prose
    body: proses.Body


def n_words(sentences: list[str]) -> int:
    """Return the words of some sentences.

    >>> n_words(["One two.", "Three."])
    3
    """
    return sum(sentence.count(" ") + 1 for sentence in sentences)


def n_new_words(kind: str, body: proses.Body, chance: np.random.Generator) -> int:
    """Return how many words the article has that an edit of this kind may put into a text."""
    return int(chance.uniform(*ADDED_SHARE) * _total(body)) if kind == "added" else 1


def exact(body: proses.Body, _chance: np.random.Generator, _new: New) -> Edited:
    """Return the same text; the rate is 0."""
    return Edited(body, 0.0)


def headline(body: proses.Body, _chance: np.random.Generator, new: New) -> Edited:
    """Return a new title and a new first sentence; the rate is the share of words replaced."""
    replaced = n_words(body.paragraphs[0][:1])
    paragraphs = [[_sentence(new), *body.paragraphs[0][1:]], *body.paragraphs[1:]]
    return Edited(proses.Body(new.body.title, paragraphs), replaced / _total(body))


def light(body: proses.Body, chance: np.random.Generator, new: New) -> Edited:
    """Return a text with words replaced, inserted and deleted, one third each; the rate is edits per word."""
    total = _total(body)
    n_edits = max(1, int(chance.uniform(*LIGHT_RATE) * total))
    places = np.sort(chance.choice(total, n_edits, replace=False)).tolist()
    kinds = chance.integers(_REPLACED, _DELETED + 1, n_edits).tolist()
    words = new.prose.words(chance, n_edits)
    left = list(zip(places, kinds, words, strict=True))[::-1]
    paragraphs = []
    end = 0
    for sentences in body.paragraphs:
        edited = []
        for sentence in sentences:
            start, end = end, end + sentence.count(" ") + 1
            text = sentence
            if left and left[-1][0] < end:
                text = _reworded(sentence.split(" "), start, left)
            if text:
                edited.append(text)
        if edited:
            paragraphs.append(edited)
    return Edited(proses.Body(body.title, paragraphs), n_edits / total)


def dropped(body: proses.Body, chance: np.random.Generator, _new: New) -> Edited:
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
    return Edited(proses.Body(body.title, kept), n_gone / int(sizes.sum()))


def added(body: proses.Body, chance: np.random.Generator, new: New) -> Edited:
    """Return a text with new paragraphs between its own; the rate is new words by old ones."""
    paragraphs = list(body.paragraphs)
    for sentences in new.body.paragraphs:
        paragraphs.insert(int(chance.integers(0, len(paragraphs) + 1)), sentences)
    return Edited(proses.Body(body.title, paragraphs), _total(new.body) / _total(body))


def swapped(body: proses.Body, chance: np.random.Generator, _new: New) -> Edited:
    """Return a text in which pairs of paragraphs changed places; the rate is the share of paragraphs moved."""
    paragraphs = list(body.paragraphs)
    n_pairs = int(chance.integers(1, min(MOST_SWAPS, len(paragraphs) // 2) + 1))
    places = chance.choice(len(paragraphs), 2 * n_pairs, replace=False).tolist()
    for one, other in zip(places[::2], places[1::2], strict=True):
        paragraphs[one], paragraphs[other] = paragraphs[other], paragraphs[one]
    return Edited(proses.Body(body.title, paragraphs), 2 * n_pairs / len(paragraphs))


def truncated(body: proses.Body, chance: np.random.Generator, _new: New) -> Edited:
    """Return the beginning of a text, cut after a word; the rate is the share of words kept."""
    total = _total(body)
    n_kept = _within(TRUNCATED_SHARE, chance, total)
    return Edited(proses.Body(body.title, _slice(body.paragraphs, 0, n_kept)), n_kept / total)


def excerpt(body: proses.Body, chance: np.random.Generator, new: New) -> Edited:
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
        paragraphs = [[_sentence(new)], *paragraphs]
    return Edited(proses.Body(new.body.title, paragraphs), n_kept / total)


def noise(body: proses.Body, chance: np.random.Generator, _new: New) -> Edited:
    """Return a text with wrong characters; the rate is their share."""
    rate = float(chance.uniform(*NOISE_RATE))
    paragraphs = [[corruption.corrupt(" ".join(sentences), rate, chance)] for sentences in body.paragraphs]
    return Edited(proses.Body(corruption.corrupt(body.title, rate, chance), paragraphs), rate)


KINDS: dict[str, Callable[[proses.Body, np.random.Generator, New], Edited]] = {
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


def _sentence(new: New) -> str:
    return new.body.paragraphs[0][0]


def _reworded(words: list[str], first: int, left: list[tuple[int, int, str]]) -> str:
    """Return a sentence with its edits done, which are taken from the end of `left`.

    Parameters
    ----------
    first : number of the sentence's first word in the text
    left : place, kind and new word of each edit, the last one first
    """
    end = first + len(words)
    # each edit puts what stands for its word in the place of the word, so that the others keep their places
    while left and left[-1][0] < end:
        place, kind, word = left.pop()
        words[place - first] = {
            _REPLACED: word,
            _INSERTED: f"{words[place - first]} {word}",
            _DELETED: "",
        }[kind]
    return " ".join(filter(None, words))


def _total(body: proses.Body) -> int:
    return sum(map(n_words, body.paragraphs))


def _within(shares: tuple[float, float], chance: np.random.Generator, total: int) -> int:
    """Return a number of words that is a share of all within two bounds."""
    least, most = int(np.ceil(shares[0] * total)), int(np.floor(shares[1] * total))
    return int(chance.integers(least, most + 1))


def _run(units: proses.Paragraphs, chance: np.random.Generator) -> tuple[int, int] | None:
    """Return the first word and the end of a run of whole units that is a share of all as excerpts have it."""
    ends = np.concatenate(([0], np.cumsum([n_words(unit) for unit in units])))
    shares = (ends[None, :] - ends[:, None]) / ends[-1]
    first, last = np.nonzero((shares >= EXCERPT_SHARE[0]) & (shares <= EXCERPT_SHARE[1]))
    if len(first) == 0:
        return None
    picked = int(chance.integers(0, len(first)))
    return int(ends[first[picked]]), int(ends[last[picked]])


def _slice(paragraphs: proses.Paragraphs, start: int, end: int) -> proses.Paragraphs:
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
