"""What one pass over stories makes of their lines, compared with plain Python."""

from __future__ import annotations

import itertools
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import words
from dedup.engines import onepass
from dedup.settings import Settings
from dedup.text import paragraphs
from dedup.text.boilerplate import kernels
from dedup.text.boilerplate import lines as describing

SETTINGS = Settings()
ATTACHED = "\u0301\u0308\ufe0f\u200d\u0640\u17d2\u1039\u094d\u0e32\U000e0100\u20e3"
PIECES = (
    *[
        "the ministers",
        "Grain",
        "7,251",
        "12",
        "No. 3",
        "U.S.-China",
        "ends.",
        "asks?”",
        "said:",
        "{a=b;}",
        "_x_",
    ],
    *[
        "Straße",
        "été",
        "東京都",
        "สวัสดี",
        "Ελλάδα",
        "привет",
        "नमस्ते १२",
        "السلام ٣٤",
        "１２",
        "ខ្មែរ",
        "\u00a0",
        "–",
        "…",
    ],
    *ATTACHED,
)
lines = st.lists(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
    | st.text(alphabet="a1 é東.\u0301\u17d2", max_size=90),
    max_size=12,
)
stories = lines.map("\n\n".join)


def encode(*texts):
    """Return some stories as one buffer, and their paragraphs."""
    encoded = [text.encode() for text in texts]
    edges = np.cumsum([0, *map(len, encoded)])
    text = np.frombuffer(b"".join(encoded), np.uint8)
    return text, paragraphs.find(text, edges[:-1], edges[1:])


def line_texts(text, spans):
    return [text[start:end].tobytes().decode() for start, end in zip(spans.starts, spans.ends, strict=True)]


def hashes(text):
    data = np.frombuffer(text.encode(), np.uint8)
    return tuple(words.find(data, 0, len(data)).hashes.tolist())


def word_texts(line):
    data = line.encode()
    found = words.find(np.frombuffer(data, np.uint8), 0, len(data))
    return [data[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)]


def is_number(word):
    return unicodedata.category(word[0]) == "Nd"


def without_numbers(line):
    """Return the words of a line, None in place of all numbers that stand together."""
    told = [
        None if is_number(text) else word for text, word in zip(word_texts(line), hashes(line), strict=True)
    ]
    return tuple(word for i, word in enumerate(told) if word is not None or i == 0 or told[i - 1] is not None)


def quarters(word):
    """Return the size of a word in quarters of one."""
    if is_number(word):
        return 0
    name = unicodedata.name(word[0])
    if len(word.encode()) <= 12 and name.startswith(("CJK", "HIRAGANA", "KATAKANA")):
        return 2
    return 1 if len(word.encode()) <= 12 and name.startswith(("THAI", "KHMER", "MYANMAR")) else 4


@given(stories, stories)
@example("12 May 2025\n\n1 June 2024\n\nMay 12", "12 13 May 2025")
@example("a " * 300 + "1\n\n" + "a " * 300 + "2", "a " * 300 + "x\n\n" + "b " * 65 + "7")
@example(
    "\u201cRain\u201d fell\n\nRain fell 1\n\n" + "a " * 100, "Rain \u2013 fell\n\nRain fell\n\n" + "b " * 100
)
def test_keys_are_equal_where_the_words_are_and_where_they_are_but_for_numbers(one, other):
    text, spans = encode(one, other)
    found = onepass.read(text, spans, SETTINGS).lines
    told = line_texts(text, spans)
    for keys, contents in (
        (found.exact.tolist(), [hashes(line) for line in told]),
        (found.folded.tolist(), [without_numbers(line) for line in told]),
    ):
        by_content = dict(zip(contents, keys, strict=True))
        assert keys == [by_content[content] for content in contents]
        assert len({*by_content.values()}) == len(by_content)


@given(stories)
@example("١٢ الف १२ ० ٣ ۴۵ １ 1")
@example("東京都 สวัสดี ខ្មែរ က\n\n東\u0301" + "\u3099" * 5)
def test_sizes_and_marks_are_those_of_plain_python(story):
    text, spans = encode(story)
    found = onepass.read(text, spans, SETTINGS).lines
    told = line_texts(text, spans)
    assert found.n_words.tolist() == [sum(len(word_texts(line)) for line in told)]
    assert found.sizes.tolist() == [sum(map(quarters, word_texts(line))) for line in told]
    for line, mark in zip(told, found.marks.tolist(), strict=True):
        assert bool(mark & kernels.DIGITS) == any(map(is_number, word_texts(line)))
        ending = re.search(r"[.!?…。।][\s\"')\]»”’\ufe0f\u200d]*$", line)
        if not re.search(f"[{ATTACHED}]$", line):
            assert bool(mark & kernels.SENTENCE) == bool(ending)
        n_signs = len(re.findall(r"[{}<>=\\_;]", line))
        if len(line.encode()) < kernels.MOST_CODE_BYTES:
            assert bool(mark & kernels.CODE) == (n_signs >= 4 and n_signs * 20 >= len(line.encode()))


@given(stories)
@example(f"one{ATTACHED}\n\n{ATTACHED}two\n\n\u17d2\u1780\n\n\u1780\u17d2\n\n\u1780")
@example("\u1039\n\nက\n\n\u0301\n\n\u093ca\n\n½\n\n\ufe0f")
def test_the_words_of_a_story_are_those_of_its_lines(story):
    text, spans = encode(story)
    whole = words.find(text, 0, len(text))
    told = [word for line in line_texts(text, spans) for word in hashes(line)]
    assert whole.hashes.tolist() == told


@given(stories, st.integers(0, 2**12 - 1))
@example("\u0301a\n\n\u0301b\n\n\u17d2\u1780", 2)
def test_the_words_of_live_segments_are_those_of_their_lines(story, which):
    text, spans = encode(story)
    dead = np.array([which >> line & 1 for line in range(len(spans.starts))], bool)
    live = describing.live(np.array([0]), np.array([len(text)]), spans, dead)
    found = [
        words.find(text, start, end).hashes.tolist()
        for start, end in zip(live.starts, live.ends, strict=True)
    ]
    told = [
        list(hashes(line)) for line, is_dead in zip(line_texts(text, spans), dead, strict=True) if not is_dead
    ]
    assert [*itertools.chain(*found)] == [*itertools.chain(*told)]
    made = onepass.sketch(text, spans, dead, SETTINGS)
    assert made.n_words.tolist() == [sum(map(len, found))]


@given(st.lists(stories, min_size=1, max_size=4))
@example(["", "\n\n", "ﷺ" * 40 + "\n\na", "x"])
def test_what_is_read_is_sketched_without_its_furniture(batch):
    text, spans = encode(*batch)
    found = onepass.read(text, spans, SETTINGS)
    again = onepass.sketch(text, spans, found.lines.furniture, SETTINGS)
    for name in ("n_words", "digests", "signatures"):
        assert getattr(found.sketches, name).tolist() == getattr(again, name).tolist()
    for name in ("marks", "tails", "samples", "paragraph_keys"):
        for part in ("values", "starts", "ends"):
            made, expected = (getattr(getattr(each, name), part) for each in (found.sketches, again))
            assert made.tolist() == expected.tolist()


@pytest.mark.parametrize(("asked", "n_furniture"), [(True, 30), (False, 0)])
def test_furniture_is_looked_for_where_the_settings_ask_for_it(asked, n_furniture):
    prose = "The ministers will meet again in May to talk about the price of grain and of oil, they said on Tuesday."
    page = "\n".join([*(f"Menu {chr(97 + place % 26)}" for place in range(33)), *8 * [prose]])
    found = onepass.read(*encode(page), Settings(boilerplate=asked))
    assert found.lines.furniture.sum() == n_furniture
