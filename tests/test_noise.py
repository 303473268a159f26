"""Words that stand for one another: against their definition, and in copies full of errors."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.matching import hashing, passages
from dedup.planting import corruption
from dedup.settings import Settings
from tests import brute_force
from tests.in_process import PLAIN, archive, count, run

LETTERS = "bdfgklmnprstvaeiou"
SCRIPTS = {
    "Latin": "abcdefghijklmnopqrstuvwxyz",
    "Cyrillic": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Devanagari": "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "Hangul": "가나다라마바사아자차카타파하거너더러머버",
}
WITHOUT_SPACES = {
    "Thai": "กขคงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "kana": "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも",
    "Han": "一丁七万丈三上下不与丑且世丘丙业丛东丝丢两严丧个中丰串临丸丹",
}


def counted(ours, theirs):
    """Return how many words stand for one another in two texts, and how many of those are not equal."""
    kept = archive(ours, theirs)
    found = count(kept)
    return int(found.standing_words[0]), int(found.alike_words[0])


def text(chance, n_words, letters=LETTERS, longest=9):
    """Return paragraphs of made-up words."""
    words = ["".join(chance.choices(letters, k=chance.randint(3, longest))) for _ in range(n_words)]
    return "\n\n".join(" ".join(words[place : place + 50]) for place in range(0, n_words, 50))


near_words = st.one_of(
    st.sampled_from(["senate", "senat", "Senate", "sentae", "sonata", "minister", "ministers", "rninister"]),
    st.sampled_from(["1234", "1235", "12", "13", "2nd", "l234", "a", "b", "of", "or", "the", "tho", "then"]),
    st.text("abC", min_size=1, max_size=7),
    st.text("аБв", min_size=1, max_size=5),
    st.text("กขค中丰", min_size=1, max_size=3),
)
near_texts = st.lists(near_words, max_size=24).map(" ".join)


@given(near_texts, near_texts)
@example("senate votes", "senat votes")
@example("1234 1235", "1235 1236")
@example("abc abd", "abd abc")
@example("абв", "абг")
@example("กขคงจฉ", "ชซญฎฏฐ")
def test_words_that_stand_for_one_another_are_a_longest_common_subsequence(ours, theirs):
    sides = [[side[word.start : word.end] for word in brute_force.words(side)] for side in (ours, theirs)]
    assert counted(ours, theirs) == brute_force.standing(*sides)


@pytest.mark.parametrize(("one", "other"), [("1000", "1001"), ("2024", "2025"), ("12345678", "12345679")])
def test_two_numbers_never_stand_for_one_another(one, other):
    assert counted(f"the price was {one} crowns", f"the price was {other} crowns") == (4, 0)


def test_a_number_with_a_letter_in_it_stands_for_the_word_that_it_was():
    assert counted("the rninister of 5tate", "the minister of state")[0] == 4
    assert counted("room l234", "room 1234") == (2, 1)


@pytest.mark.parametrize("seed", range(3))
def test_in_texts_too_long_to_be_aligned_whole_nearly_as_many_stand_and_no_more(seed):
    ours = text(random.Random(seed), 120)
    theirs = corruption.corrupt(ours, 0.05, np.random.default_rng(seed))
    most, _ = brute_force.standing(ours.split(), [word for each in theirs.split() for word in split(each)])
    assert 0.95 * most <= counted(ours, theirs)[0] <= most


def split(token):
    return [token[word.start : word.end] for word in brute_force.words(token)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_third_of_the_letters_may_differ_in_any_script(script):
    letters = SCRIPTS[script]
    word = letters[:6]
    for n_changed, expected in ((1, (1, 1)), (2, (1, 1)), (3, (0, 0)), (6, (0, 0))):
        changed = letters[10 : 10 + n_changed] + word[n_changed:]
        assert counted(word, changed) == expected


@pytest.mark.parametrize("script", WITHOUT_SPACES)
def test_in_a_script_without_spaces_no_letter_stands_for_another(script):
    letters = WITHOUT_SPACES[script]
    assert counted(letters[:12], letters[12:24]) == (0, 0)
    assert counted(letters[:12] + letters[12:15], letters[:12] + letters[15:18]) == (12, 0)


@pytest.mark.parametrize("script", [*SCRIPTS, *WITHOUT_SPACES])
def test_texts_that_share_half_their_sentences_are_no_noisy_copies(script):
    chance = random.Random(script)
    letters = (SCRIPTS | WITHOUT_SPACES)[script]
    join = "".join if script in WITHOUT_SPACES else " ".join
    size = 1 if script in WITHOUT_SPACES else 4
    words = [["".join(chance.choices(letters, k=size)) for _ in range(300)] for _ in range(2)]
    theirs = [words[place % 40 >= 20][place] for place in range(300)]
    found = run([join(words[0]), join(theirs)])
    assert found.relations() == {(0, 1): "partial"}


def test_copies_with_errors_in_one_character_of_twenty_are_copies_or_revisions():
    chance = random.Random(5)
    pages = []
    for number in range(60):
        page = text(chance, chance.randint(100, 600))
        pages += [page, corruption.corrupt(page, 0.05, np.random.default_rng(number))]
    found = run(pages).relations()
    wanted = [found.get((number, number + 1)) in {"copy", "revision"} for number in range(0, 120, 2)]
    assert sum(wanted) >= 0.95 * len(wanted)
    assert all(b == a + 1 and a % 2 == 0 for a, b in found)


def test_the_setting_for_noisy_archives_finds_copies_with_more_errors():
    chance = random.Random(6)
    pages = []
    for number in range(40):
        page = text(chance, chance.randint(200, 600), longest=6)
        pages += [page, corruption.corrupt(page, 0.08, np.random.default_rng(number))]
    numbers = {}
    for noisy in (False, True):
        found = run(pages, Settings(boilerplate=False, noisy=noisy)).relations()
        numbers[noisy] = sum(relation in {"copy", "revision"} for relation in found.values())
    assert numbers[False] < numbers[True]
    assert numbers[True] >= 36


@pytest.mark.parametrize("every", [3, 6, 8])
def test_a_text_with_other_words_in_it_is_not_taken_for_a_torn_copy(every):
    chance = random.Random(every)
    pages = []
    for _ in range(20):
        words = text(chance, chance.randint(100, 400)).split()
        other = [text(chance, 1) if place % every == 0 else word for place, word in enumerate(words)]
        pages += [" ".join(words), " ".join(other)]
    found = run(pages)
    told = found.matches.strengths > np.maximum(found.matches.share_a, found.matches.share_b)
    assert not told.any()
    assert len(found.matches) == (0 if every == 3 else 20)


@pytest.mark.parametrize(("rate", "noisy"), [(0.05, False), (0.08, True)])
def test_copies_of_a_text_that_errors_made_unlike_each_other_are_one_cluster(rate, noisy):
    # None of them matches another one, and each has passages elsewhere: the text looks like a page of several.
    chance = random.Random(7)
    for number in range(20):
        page = text(chance, chance.randint(100, 400), longest=7)
        noise = np.random.default_rng(number)
        pages = [page, *(corruption.corrupt(page, rate, noise) for _ in range(3))]
        found = run(pages, Settings(boilerplate=False, noisy=noisy))
        matched = sorted(b for (a, b), relation in found.relations().items() if relation != "partial")
        clusters = [[(member.article, member.role) for member in one.members] for one in found.clusters]
        assert clusters == ([[(0, "copy"), *((b, "revision") for b in matched)]] if matched else [])


def test_what_is_asked_word_by_word_is_what_shingles_do_not_tell():
    # 0 and 1: copies. 2 and 3: short. 0 and 4: some text in common, under a third.
    chance = random.Random(8)
    page, brief = text(chance, 200), text(chance, 20)
    kept = archive(page, page, brief, brief, page[:300] + text(chance, 400))
    hashed = hashing.hash_words(kept.text, kept.located(), np.arange(5), PLAIN.shingle_words)
    left, right = np.array([0, 0, 2]), np.array([1, 4, 3])
    _, counts = passages.align(kept.text, hashed, left, right, PLAIN)
    assert (counts.standing_words > 0).tolist() == [False, False, True]
