"""Where shared text stands: which articles are read for it, and that it is found whatever is read at once."""

from __future__ import annotations

import collections
import dataclasses
import random
from concurrent import futures

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import records
from dedup.clustering import passages as grouping
from dedup.clustering.recurring import places as recurring
from dedup.matching import hashing
from dedup.settings import Settings

SETTINGS = Settings()
# Few words, so that articles share single shingles and pairs of them by chance, too.
WORDS = ["lo", "mi", "ta", "ru", "ne", "so", "pa", "ki"]
short_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)


def corpus_of(texts, *, marked=True):
    """Return the corpus of some texts, one page each, with the marks of their shingles or without."""
    encoded = [text.encode() for text in texts]
    offsets = records.offsets(np.array([len(each) for each in encoded], np.int64))
    live = records.Spans(offsets[:-1], offsets[1:], np.arange(len(texts) + 1))
    buffer = np.frombuffer(b"".join(encoded), np.uint8)
    located = hashing.Located(offsets[:-1], offsets[:-1], offsets[1:], live)
    hashed = hashing.hash_words(buffer, located, np.arange(len(texts)), SETTINGS.shingle_words)
    begins = hashed.words.shingles != 0
    marks = (hashed.words.shingles[begins] >> np.uint32(16)).astype(np.uint16)
    rows = records.Ragged(marks, records.offsets(begins.astype(np.int64))[hashed.offsets])
    return recurring.Corpus(buffer, offsets[:-1], live, records.Rows.of(rows) if marked else None)


def held(found):
    """Return the shingles and words of each article that has places."""
    owners = np.repeat(found.articles, np.diff(found.offsets)).tolist()
    made = collections.defaultdict(list)
    for article, shingle, word in zip(owners, found.shingles.tolist(), found.words.tolist(), strict=True):
        made[article].append((word, shingle))
    return dict(made)


def sevens_of(text):
    """Return each seven words in a row: two pairs of shingles beside each other."""
    words = text.split()
    return {tuple(words[place : place + 7]) for place in range(len(words) - 6)}


@given(st.lists(short_texts, min_size=2, max_size=12), st.integers(0, 40), st.integers(12, 60))
@settings(max_examples=200)
def test_what_shares_seven_words_in_a_row_with_known_text_is_read(texts, begin, n_words):
    known = " ".join(texts[0].split()[begin : begin + n_words])
    start = len(" ".join(texts[0].split()[:begin])) + (begin > 0)
    spans = np.array([(0, start, start + len(known))] if known else [], np.int64).reshape(-1, 3)
    every = held(recurring.find(corpus_of(texts, marked=False), spans, SETTINGS))
    told = held(recurring.find(corpus_of(texts), spans, SETTINGS))
    assert told.items() <= every.items()
    assert {article for article in every if sevens_of(texts[article]) & sevens_of(known)} <= set(told)


def made_up(n_articles, seed=1):
    """Return articles of which some share a statement, some its shingles between edits, and most nothing."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("abdegiklmnoprstu", k=7)) for _ in range(3_000)]

    def own(n_words):
        return " ".join(chance.choices(vocabulary, k=n_words))

    statement = own(40).split()
    torn = " ".join(word if place % 6 else "edited" for place, word in enumerate(statement))
    texts = [own(120) for _ in range(n_articles)]
    for article in range(0, n_articles, 7):
        told = torn if article % 14 else " ".join(statement)
        texts[article] = f"{own(50)}. {told}. {own(50)}."
    start = len(texts[0]) - texts[0][::-1].index(" ".join(statement)[::-1]) - len(" ".join(statement))
    return texts, np.array([(0, start, start + len(" ".join(statement)))])


def test_articles_without_known_text_are_not_read():
    texts, spans = made_up(700)
    found = recurring.find(corpus_of(texts), spans, SETTINGS)
    assert found.articles.tolist() == list(range(0, 700, 14))


def test_articles_that_share_but_a_phrase_are_not_read():
    texts, spans = made_up(700)
    statement = texts[0][spans[0, 1] : spans[0, 2]].split()
    phrase = " ".join(statement[10:16])
    for article in (1, 2, 3):
        texts[article] += f". {phrase}."
    texts[4] += f". {phrase} and so on. {' '.join(statement[20:26])}."
    found = recurring.find(corpus_of(texts), spans, SETTINGS)
    assert found.articles.tolist() == sorted([4, *range(0, 700, 14)])


def test_all_articles_are_read_where_marks_tell_little():
    texts, spans = made_up(700)
    few = [*texts[::14], *texts[7:560:14]]  # whole statements, and fewer torn ones
    found = recurring.find(corpus_of(few), spans, SETTINGS)
    assert len(found.articles) == len(few)
    assert (np.diff(found.offsets) > 0).all()
    short = dataclasses.replace(SETTINGS, min_passage_words=5)
    assert len(recurring.find(corpus_of(texts), spans, short).articles) == len(texts)


def on_threads(function, items, /):
    """Return what a function makes of each item, by two threads."""
    with futures.ThreadPoolExecutor(2) as pool:
        yield from pool.map(function, items)


@pytest.mark.parametrize("n_bytes", [1, 500, 10_000])
@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("run", [map, on_threads])
def test_places_do_not_depend_on_how_much_is_read_at_once(monkeypatch, n_bytes, marked, run):
    texts, spans = made_up(140)
    corpus = corpus_of(texts, marked=marked)
    known = recurring.find(corpus, spans, SETTINGS)
    monkeypatch.setattr(recurring, "_BYTES_AT_ONCE", n_bytes)
    monkeypatch.setattr(recurring, "_ARTICLES_AT_ONCE", 9)
    found = recurring.find(corpus, spans, SETTINGS, run)
    for field in dataclasses.fields(found):
        assert np.array_equal(getattr(found, field.name), getattr(known, field.name))


def test_many_passages_of_long_pages_have_their_characters():
    statement = ["Ünter dem Zaun " + " ".join(f"wort{place}x{i}" for i in range(14)) for place in range(50)]
    texts = [". ".join([f"Ähm {page} eigen{page} " * 5, *statement]) + "." for page in range(3)]
    spans = np.array([(0, 0, len(texts[0]))])
    found = grouping.find(corpus_of(texts), spans, SETTINGS)
    rows = zip(found.articles.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)
    shown = {texts[article][start:end] for article, start, end in rows}
    assert shown == {". ".join(statement)}
