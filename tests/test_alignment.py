"""The shared passages of two stories without edits: their words, their extent, and their places in the page."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dedup.matching import passages
from dedup.settings import Settings
from dedup.text import stories
from tests import archives as made_up
from tests import brute_force
from tests.in_process import PLAIN, align, archive, count, every_pair, match, pack, segments, unpack

EXACT = Settings(min_passage_words=1, max_edit_words=0)
HEAD = "Überschrift\nThe Café Daily | Published May 1, 2025\n"

VOCABULARY = [*"abcdefgh", "Straße", "über", "café", "naïve", "Øst", "end.", "“so”", "–"]
word_lists = st.lists(st.sampled_from(VOCABULARY), max_size=40)


@st.composite
def two_texts(draw):
    """Return two texts that share parts, some of them twice or in another order."""
    parts = draw(st.lists(word_lists, min_size=1, max_size=4))
    numbers = st.lists(st.integers(0, len(parts) - 1), min_size=1, max_size=5)
    sides = []
    for _ in range(2):
        middle = [word for number in draw(numbers) for word in parts[number]]
        sides.append(" ".join([*draw(word_lists), *middle, *draw(word_lists)]))
    return sides


def both(texts):
    """Return the words of two texts, of which some shingles stand in both."""
    ours, theirs = (brute_force.words(text) for text in texts)
    assume(set(grams(ours)) & set(grams(theirs)))
    return ours, theirs


def grams(words):
    return brute_force.shingles([letters(words)], 5)


def letters(words):
    return [word.letters for word in words]


def checked(texts, found, settings):
    """Check the passages of two texts, and return their spans."""
    ours, theirs = (brute_force.words(text) for text in texts)
    spans, edits = found.spans.tolist(), found.edits.tolist()
    brute_force.check_passages([ours], [theirs], spans, edits, settings.min_passage_words)
    shared = brute_force.shared_words([letters(ours)], [letters(theirs)], 5)
    assert found.shared_words.tolist() == [shared]
    return spans


def held(words, spans):
    """Return the places of our words that stand in a passage."""
    return {
        place
        for place, word in enumerate(words)
        if any(start <= word.start and word.end <= end for start, end, *_ in spans)
    }


@given(two_texts())
@example(["Straße über café naïve Øst", "x Straße über café naïve Øst y"])
@example(["a b c d e f g h a b c d e f g h", "a b c d e f g h"])
@example(["a a a a a a a a a a a a", "a a a a a a a a"])
def test_runs_hold_the_same_words_are_maximal_and_cover_what_is_shared(texts):
    ours, theirs = both(texts)
    found = align(archive(*texts), EXACT)
    assert set(found.edits.tolist()) == {0}
    spans = checked(texts, found, EXACT)
    assert held(ours, spans) == brute_force.covered(letters(ours), set(grams(theirs)), 5)
    until = 0
    for a_start, a_end, b_start, b_end in spans:
        after, other_after = (
            brute_force.folded(text[end:])[:1] for text, end in zip(texts, (a_end, b_end), strict=True)
        )
        assert not after or after != other_after
        before, other_before = (
            brute_force.folded(text[:start])[-1:]
            for text, start in zip(texts, (a_start, b_start), strict=True)
        )
        assert not before or before != other_before or a_start < until  # the one before it took these words
        until = a_end
    lengths = [len(brute_force.folded(texts[0][span[0] : span[1]])) for span in spans]
    assert count(archive(*texts), EXACT).longest_run.tolist() == [max(lengths)]


@given(two_texts(), st.integers(0, 16))
@example(["a b c d e x f g h a b c d e", "a b c d e y f g h a b c d e"], 8)
@example(["a b c d e f g a b c d e", "a b c d e a b c d e f g"], 16)
def test_passages_over_edits_say_how_many_and_cover_what_is_shared(texts, widest):
    ours, theirs = both(texts)
    settings = Settings(min_passage_words=1, max_edit_words=widest)
    spans = checked(texts, align(archive(*texts), settings), settings)
    assert held(ours, spans) >= brute_force.covered(letters(ours), set(grams(theirs)), 5)


@given(two_texts(), st.integers(1, 40), st.sampled_from([0, 8]))
def test_short_passages_are_left_out_unless_there_is_no_other(texts, least, widest):
    both(texts)
    kept = archive(*texts)
    every = align(kept, Settings(min_passage_words=1, max_edit_words=widest))
    found = align(kept, Settings(min_passage_words=least, max_edit_words=widest))
    lengths = [len(brute_force.folded(texts[0][span[0] : span[1]])) for span in every.spans]
    long = [place for place, length in enumerate(lengths) if length >= least]
    expected = long or [lengths.index(max(lengths))]
    assert found.spans.tolist() == every.spans[expected].tolist()
    assert found.edits.tolist() == every.edits[expected].tolist()
    assert found.shared_words.tolist() == every.shared_words.tolist()


def test_passages_of_an_archive_are_right():
    pages = [page["text"] for page in made_up.records(120)]
    kept = archive(*pages)
    matched = unpack(match(kept, every_pair(len(pages)))[0].pairs)
    found = align(kept, PLAIN, matched)
    assert len(matched) > 50
    for row, (a, b) in enumerate(matched):
        own = slice(found.offsets[row], found.offsets[row + 1])
        spans, edits = found.spans[own].tolist(), found.edits[own].tolist()
        ours, theirs = segments(kept, a), segments(kept, b)
        assert brute_force.check_passages(ours, theirs, spans, edits, PLAIN.min_passage_words)


def test_offsets_are_characters_of_the_page_also_in_its_second_story():
    chance = random.Random(1)
    made = " ".join(chance.choices(["straße", "Ministère", "größer", "日本", "plain", "word", "👍"], k=60))
    shared = f"{made} zum Schluß"
    other = " ".join(f"w{number}" for number in range(40))
    page = f"{HEAD}Ganz anderes über {other}.\nSOURCE: x.com\n\n{HEAD}Före: {shared}.\nSOURCE: y.com\n"
    kept = archive(page, f"日本 – {shared} danach")
    assert kept.article_ids.to_pylist() == ["00000#1", "00000#2", "00001"]
    found = align(kept, PLAIN, [(1, 2)])
    (span,) = found.spans.tolist()
    start, end = page.index(shared), page.index(shared) + len(shared)
    assert page[span[0] : span[1]].endswith(shared)
    assert span[:2] == [start, end]
    assert kept.story(2).page_text[span[2] : span[3]] == shared


def test_offsets_are_those_of_the_page_where_all_is_ascii():
    shared = " ".join(f"w{number}" for number in range(40))
    page = (
        f"One\nX | Published May 1, 2025\nbody\nSOURCE: x.com\n\nTwo\nX | Published May 1, 2025\n{shared}\n"
    )
    kept = archive(page, shared)
    found = align(kept, PLAIN, [(1, 2)])
    start = page.index(shared)
    assert found.spans.tolist() == [[start, start + len(shared), 0, len(shared)]]


def test_an_ascii_story_after_one_that_is_not_has_offsets_in_characters_too():
    shared = " ".join(f"w{number}" for number in range(40))
    page = f"{HEAD}Über größere Straßen.\nSOURCE: x.com\n\nTwo\nX | Published May 1, 2025\n{shared}\n"
    kept = archive(page, shared)
    found = align(kept, PLAIN, [(1, 2)])
    start = page.index(shared)
    assert found.spans.tolist() == [[start, start + len(shared), 0, len(shared)]]


def test_a_story_that_is_not_ascii_after_its_story_in_a_page_that_is():
    shared = " ".join(f"w{number}" for number in range(40))
    page = f"One\nX | Published May 1, 2025\n{shared}\nSOURCE: x.com\n\nÜber\nY | Published May 2, 2025\nß {shared}\n"
    kept = archive(page, f"ß ß {shared}")
    pairs = pack([(0, 2), (1, 2), (0, 1)])
    found = align(kept, PLAIN, unpack(pairs))
    stories_of = [kept.story(article) for article in range(3)]
    for (a, b), span in zip(unpack(pairs), found.spans.tolist(), strict=True):
        assert stories_of[a].page_text[span[0] : span[1]].endswith(shared)
        assert stories_of[a].page_text[span[0] : span[1]] == stories_of[b].page_text[span[2] : span[3]]


@given(st.integers(0, 2**32))
def test_pairs_aligned_together_have_the_passages_that_they_have_alone(seed):
    chance = random.Random(seed)
    parts = [" ".join(chance.choices(["ä", *"bcdefghijk"], k=12)) for _ in range(4)]
    kept = archive(*(" ".join(chance.sample(parts, 3)) for _ in range(5)))
    pairs = every_pair(5)
    together = align(kept, EXACT, unpack(pairs))
    alone = [align(kept, EXACT, [pair]) for pair in unpack(pairs)]
    joined = passages.concatenate([passages.none(), *alone])
    assert together.spans.tolist() == joined.spans.tolist()
    assert together.offsets.tolist() == joined.offsets.tolist()
    assert together.shared_words.tolist() == joined.shared_words.tolist()


def test_a_passage_that_goes_on_is_preferred_to_an_equal_one_elsewhere():
    kept = archive("a b c d e f x g h i j k l", "g h i j k l . a b c d e f . g h i j k l")
    found = align(kept, EXACT)
    assert found.spans[:, 2:].tolist() == [[14, 25], [28, 39]]


def test_the_longest_of_several_places_is_taken():
    kept = archive("a b c d e f g", "a b c d e x a b c d e f y a b c d e f g z a b c d e f")
    found = align(kept, EXACT)
    assert found.spans.tolist() == [[0, 13, 26, 39]]


def test_words_that_stand_in_one_character_make_passages_of_their_own():
    kept = archive("ﷺ " * 6, f"x {'ﷺ ' * 6} y")
    found = align(kept, EXACT)
    assert found.shared_words.tolist() == [24]
    assert found.spans[0].tolist() == [0, 11, 2, 13]


def test_no_pairs_have_no_passages():
    kept = archive("a b c")
    found = align(kept, PLAIN, [])
    assert found.spans.shape == (0, 4)
    assert found.offsets.tolist() == [0]


def test_the_stories_of_these_tests_are_split_as_they_should_be():
    data = f"{HEAD}a\nSOURCE: x.com\n\n{HEAD}b\n".encode()
    assert len(stories.split(np.frombuffer(data, np.uint8), np.array([0, len(data)]))) == 2
