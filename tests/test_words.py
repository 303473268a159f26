"""What a word is, compared with Python's own Unicode data; and the loops that find words in UTF-8."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import words
from dedup.words import folding, kernels

# Overlays, Hebrew and Arabic points, accents: what one writer sets and another leaves out.
DROPPED_CLASSES = {1, *range(10, 37), *range(200, 256)}
ASSIGNED = [
    code_point
    for code_point in range(folding.N_CODE_POINTS)
    if unicodedata.category(chr(code_point)) not in {"Cn", "Cs"}
]
ASCII_DIGITS = "0123456789"
# Letters without a decomposition that stand for others, or that one keyboard sets for another.
SPELLED = dict(
    re.findall(
        r"(\S)=(\S+)",
        "ı=i œ=oe æ=ae ø=o ł=l đ=d ħ=h ٱ=ا ى=ي ی=ي ک=ك ڪ=ك ة=ه ہ=ه ۃ=ه ە=ه "
        "װ=וו ױ=וי ײ=יי ँ=ं ৎ=ত্ ൺ=ണ് ൻ=ന് ർ=ര് ൽ=ല് ൾ=ള് ൿ=ക്",
    )
)
# Letters and marks that only fill, lengthen or choose a shape, and the Devanagari nukta.
UNSEEN = "\u034f\u0640\u07fa\u093c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
APOSTROPHES = "\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02ee\ua78b\ua78c"
WITHOUT_SPACES = ("CJK UNIFIED", "HIRAGANA LETTER", "KATAKANA LETTER", "THAI ", "LAO ", "KHMER ", "MYANMAR ")
WITH_SPACES = ("LATIN ", "GREEK ", "CYRILLIC ", "ARABIC ", "HEBREW ", "DEVANAGARI ", "HANGUL ", "GEORGIAN ")

ALPHABETS = {
    "English": "aeinorst AEIT.,'’-–“”09",
    "accents": "eéèêëEÉoöøñçßẞæœfiffiſ\u0301\u0308\u0327\u0338 ",
    "Turkish": "iİıIşŞğ\u0307 ",
    "Greek": "σςΣάΆοόΟ\u0345\u0301ᾳᾼ ",
    "Devanagari": "नमस्तेहिंदीक़\u093c\u094d\u0947 ।",
    "Arabic": "السلام\u064e\u0651ﷺﷲﻻ ",
    "Hebrew": "שלום\u05b8\u05c1\u05be ",
    "Hangul": "한국어각\u1112\u1161\u11ab\u1100 ",
    "Han and kana": "東京都がガカ\u3099ガー、。々㍿㌔ ",
    "Thai": "สวัสดีครับ\u0e33 ",
    "Khmer and Burmese": "ខ្មែរភ្នំ\u17d2\u17b4မြန်မာစ္က\u1039 ",
    "emoji": "👍🏽👨\u200d👩️☃ a1",
    "invisible": "ab\u00ad\u200b\u200c\u200d\u2060\ufeff\u034f\ufe0f \u00a0",
    "numbers": "0129①½²Ⅳ٣३๒ .,",
    "spellings": "œŒæøłŁđ\u0649\u06cc\u06a9\u0629\u0671\u0640\u02bc\u05f2ൻ\u0901\ufe76゛か ",
}
MIXED = "".join(ALPHABETS.values())

LONG = st.lists(st.text(alphabet="aAé9’“  \n東\u0301", max_size=40), max_size=12).map(
    "".join
)  # of several blocks

texts = st.one_of(
    LONG,
    *(st.text(alphabet=alphabet, max_size=60) for alphabet in ALPHABETS.values()),
    st.text(alphabet=MIXED, max_size=60),
    st.text(max_size=60),
)


def entries(code_point):
    """Return kind and code point of each character that the shipped table folds a code point to."""
    table = folding.table()
    entry = int(table.entries[code_point])
    if entry & folding.EXPANSION:
        count, place = entry >> 16 & 0x7FFF, entry & 0xFFFF
        return [unpack(int(packed)) for packed in table.expansions[place : place + count]]
    return [unpack(entry)]


def unpack(packed):
    return packed >> 21, packed & 0x1FFFFF


def reference_words(text):
    """Return the folded letters and the span in bytes of each word of a text, character by character."""
    found = []
    at = 0
    open_as = linked = None
    for character in text:
        end = at + len(character.encode())
        above = [(folding.ATTACHED if "\U000e0000" <= character <= "\U000e0fff" else folding.SEPARATOR, 0)]
        for kind, letter in entries(ord(character)) if ord(character) < folding.N_CODE_POINTS else above:
            follows = kind in {folding.EXTENDER, folding.LINKER, folding.ATTACHED}
            in_row = kind == folding.LETTER == open_as or (kind == folding.SINGLE and linked)
            if kind == folding.SEPARATOR:
                open_as = None
            elif open_as is not None and (follows or in_row):
                found[-1] = (found[-1][0] + (chr(letter) if letter else ""), found[-1][1], end)
                if follows:
                    at_once = [word for word in found if word[1] == found[-1][1]]
                    found[-len(at_once) :] = [(letters, start, end) for letters, start, _ in at_once]
            elif kind != folding.ATTACHED:
                found.append((chr(letter), at, end))
                open_as = folding.LETTER if follows else kind
            linked = kind == folding.LINKER or (linked and kind == folding.ATTACHED)
        at = end
    return found


def find(text):
    data = np.frombuffer(text.encode(), np.uint8)
    return words.find(data, 0, len(data))


def hashes(text):
    return find(text).hashes.tolist()


def test_the_table_agrees_with_the_unicode_data_of_this_python():
    differing = [code for code in ASSIGNED if entries(code) != folding.fold_code_point(code)]
    assert differing == []


def plain(character):
    """Return what normalization and case folding make of a character, as a string."""
    decomposed = unicodedata.normalize("NFKD", character)
    return unicodedata.normalize("NFKD", decomposed.casefold())


def test_folding_keeps_what_normalization_and_case_folding_keep_of_letters_and_digits():
    for code_point in ASSIGNED:
        expected = [
            ASCII_DIGITS[unicodedata.decimal(character)] if character.isdecimal() else character
            for part in plain(chr(code_point))
            for character in SPELLED.get(part, part)
            if unicodedata.category(character)[0] in "LN" and character not in UNSEEN + APOSTROPHES
        ]
        kept = [chr(letter) for kind, letter in entries(code_point) if letter]
        marks = [character for character in kept if unicodedata.category(character)[0] == "M"]
        assert [character for character in kept if character not in marks] == expected, hex(code_point)


def test_a_mark_is_dropped_or_belongs_to_the_word_that_it_stands_in():
    for code_point in ASSIGNED:
        category = unicodedata.category(chr(code_point))
        if category[0] != "M" or plain(chr(code_point)) != chr(code_point) or chr(code_point) in UNSEEN:
            continue
        optional = unicodedata.combining(chr(code_point)) in DROPPED_CLASSES or category == "Me"
        stacks = chr(code_point) in "\u1039\u17d2"
        kind = folding.ATTACHED if optional else folding.LINKER if stacks else folding.EXTENDER
        assert [entry[0] for entry in entries(code_point)] == [kind], hex(code_point)


def test_what_is_invisible_leaves_no_trace_and_a_joiner_stays_with_its_letter():
    for code_point in ASSIGNED:
        character = chr(code_point)
        if unicodedata.category(character) == "Cf" and character not in "\u200b\u200c\u200d":
            assert entries(code_point) == [], hex(code_point)
    for character in "\u200c\u200d" + UNSEEN:
        assert entries(ord(character)) == [(folding.ATTACHED, 0)], hex(ord(character))


def test_punctuation_symbols_and_space_separate_words():
    for code_point in ASSIGNED:
        character = chr(code_point)
        simple = unicodedata.normalize("NFKD", character) == character == character.casefold()
        if (simple and unicodedata.category(character)[0] in "PSZ") or character in APOSTROPHES:
            assert entries(code_point) == [(folding.SEPARATOR, 0)], hex(code_point)


def test_no_letter_stands_above_the_table():
    above = range(folding.N_CODE_POINTS, 0x110000)
    assert not [code for code in above if unicodedata.category(chr(code))[0] in "LN"]


def test_folding_what_is_folded_changes_nothing():
    for code_point in range(folding.N_CODE_POINTS):
        for kind, letter in entries(code_point):
            if kind not in {folding.SEPARATOR, folding.ATTACHED}:
                assert entries(letter) == [(kind, letter)], hex(code_point)


def test_a_character_is_a_word_in_scripts_without_spaces_and_only_there():
    for code_point in range(0x41, 0xA960):  # the basic blocks of each script
        if entries(code_point) and entries(code_point)[0][1] == code_point:
            name = unicodedata.name(chr(code_point), "")
            kind = entries(code_point)[0][0]
            if kind in {folding.LETTER, folding.SINGLE} and name.startswith(WITHOUT_SPACES):
                assert kind == folding.SINGLE, name
            if name.startswith(WITH_SPACES):
                assert kind != folding.SINGLE, name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
        ("office", "office"),
        ("café", "cafe\u0301"),
        ("café", "cafe"),
        ("한국", unicodedata.normalize("NFD", "한국")),
        ("ガ", "ガ"),
        ("क़", "क\u093c"),
        ("co\u00adoperation", "cooperation"),
        ("می\u200cخواهم", "میخواهم"),
        ("A\ufe0f", "a"),
        ("Ⅳ", "iv"),
        ("1234", "1234"),
        ("١٢٣٤", "1234"),
        ("๒๕๖๗", "2567"),
        ("Œuvre", "oeuvre"),
        ("Wałęsa", "Walesa"),
        ("كتـــاب", "كتاب"),
        ("كِتَابٌ", "كتاب"),
        ("إسلام", "اسلام"),
        ("مدرسة", "مدرسه"),
        ("علی", "علي"),
        ("ﻛﺘﺎﺏ", "كتاب"),
        ("كﹶتاب", "كتاب"),
        ("फ़िल्म", "फिल्म"),
        ("അവൻ", "അവന്\u200d"),
        ("ײַ", "יי"),
        ("か゛", "が"),
        ("葛\U000e0100", "葛"),
        ("ន្ត", "ន\u17b4្ត"),
    ],
)
def test_two_spellings_of_one_word_are_one_word(one, other):
    assert len(hashes(one)) == 1
    assert hashes(one) == hashes(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("कि", "की"),
        ("か", "が"),
        ("क", "क्"),
        ("1", "l"),
        ("a", "а"),
        ("ab", "ba"),
        ("a", "aa"),
        ("کہا", "کھا"),
        ("ড", "ড়"),
    ],
)
def test_two_words_stay_two(one, other):
    assert hashes(one) != hashes(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S.-China talks", ["U", "S", "China", "talks"]),
        ("don’t", ["don", "t"]),
        ("東京 2020", ["東", "京", "2020"]),
        ("a東b", ["a", "東", "b"]),
        ("東京\u200bは", ["東", "京", "は"]),
        ("two\u200bwords", ["two", "words"]),
        ("カ\u3099ス", ["カ\u3099", "ス"]),
        ("cafe\u0301 a\ufe0f\u00ad!", ["cafe\u0301", "a\ufe0f"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("می\u200cخواهم خانه\u200c ها", ["می\u200cخواهم", "خانه\u200c", "ها"]),
        ("น้ำใจ", ["น้ำ", "ใ", "จ"]),
        ("น้\u0e4d\u0e32", ["น้\u0e4d\u0e32"]),
        ("ໃໝ່ ½\ufe0f", ["ໃ", "ໝ່", "ໝ່", "½\ufe0f", "½\ufe0f"]),
        ("មន្ត្រី", ["ម", "ន្ត្រី"]),
        ("တက္က", ["တ", "က္က"]),
        ("п’ять пʼять п'ять", ["п", "ять"] * 3),
        ("1\ufe0f\u20e3 яйцо", ["1\ufe0f\u20e3", "яйцо"]),
        ("👍🏽 yes", ["yes"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("½ cup", ["½", "½", "cup"]),  # 1⁄2: two words that stand in one character
        ("", []),
        ("“Straße” – président’s", ["Straße", "président", "s"]),
        (" \u00a0\t\n", []),
        ("\u0301", []),
        ("\u200d\u2060", []),
    ],
)
def test_words_stand_where_they_are_read(text, expected):
    data = text.encode()
    found = find(text)
    assert [data[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)] == expected


@given(texts)
@example("aﷺb")
@example("ß\u0301")
@example("\u0345a\u0345")
@example("\u093c東\u093ca")
@example("a\U0010ffffb\U000e0100c\U000e1000d")
@example("\u17d2\u200dក\u17d2\u200dក")
@example("\u0301aﹶ\u0640")
@example("\u1039aက")
@example("Aé" * 9 + " président “l’Élysée” état—été… Weißwürste")
@example("ai\u0308eul e\u0301lu a\u0308bcdefgh abc\u0308defghijk" + 9 * " naïf naïve")
@example("x" * 62 + "“" + "y" * 61 + "…a" + "z" * 90)
@example("sixteen_letters0 fifteen_letters seventeen_letters seventeenletters0 abcdefghijklmnopqrstuvwxyz")
@example("iPhoneом aб12 б12345678a12345678 Ⅳб")
def test_words_and_their_bytes_equal_the_reference(text):
    expected = reference_words(text)
    found = find(text)
    spans = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    assert spans == [(start, end) for _, start, end in expected]
    for word_hash, (letters, _, _) in zip(found.hashes.tolist(), expected, strict=True):
        assert hashes(letters) == [word_hash]


@given(texts)
def test_different_words_have_different_hashes(text):
    by_letters = dict(zip([letters for letters, _, _ in reference_words(text)], hashes(text), strict=True))
    assert len(set(by_letters.values())) == len(by_letters)


@given(
    st.one_of(
        # Marks that stand alone get a space before them in the compatible forms.
        st.text(alphabet=re.sub("[\ufe76\u309b]", "", alphabet), max_size=60)
        for alphabet in ALPHABETS.values()
    ),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_words_do_not_depend_on_the_normal_form(text, form):
    ordered = unicodedata.normalize("NFD", text)  # marks in canonical order, as every normal form has them
    assert hashes(unicodedata.normalize(form, ordered)) == hashes(ordered)


@given(st.text(alphabet=MIXED, max_size=60))
def test_words_do_not_depend_on_case(text):
    assert hashes(text.upper().lower()) == hashes(text.upper())
    assert hashes(text.casefold()) == hashes(text)


@given(texts, texts, texts)
def test_words_of_a_part_are_those_of_the_part_alone(before, text, after):
    data = np.frombuffer((before + text + after).encode(), np.uint8)
    begin = len(before.encode())
    found = words.find(data, begin, begin + len(text.encode()))
    alone = find(text)
    assert found.hashes.tolist() == alone.hashes.tolist()
    assert found.starts.tolist() == (alone.starts + begin).tolist()
    assert found.ends.tolist() == (alone.ends + begin).tolist()


@pytest.mark.parametrize("character", ["ﷺ", "㍿", "½", "㋿"])
@pytest.mark.parametrize("count", [1, 2, 3, 50, 1000])
def test_characters_that_stand_for_many_words_find_room(character, count):
    once = reference_words(character)
    assert len(once) > 1
    expected = [letters for letters, _, _ in reference_words(character * count)]
    found = find(character * count)
    assert len(found) == len(expected)
    assert found.hashes[0] == hashes(expected[0])[0]
    assert found.hashes[-1] == hashes(expected[-1])[0]


@given(texts, st.integers(0, 40))
@example("ﷺﷺﷺ", 5)
@example("a b c", 2)
@example("a b c", 3)
@example("a b c ", 3)
@example("a b c\n\n", 4)
@example("ﷺ " * 40, 30)
@example("ab “c” d; " * 40, 30)
@example("ß 東京 l’été " * 40, 30)
def test_no_more_is_written_than_there_is_room_for(text, capacity):
    guard = 8
    data = np.frombuffer(text.encode(), np.uint8)
    table = folding.table()
    written = [np.full(capacity + guard, 77, kind) for kind in (np.uint64, np.int64, np.int64)]
    rooms = [array[:capacity] for array in written]
    n_words = kernels.hash_words(data, 0, len(data), table.entries, table.expansions, *rooms)
    expected = len(reference_words(text))
    assert n_words == (expected if expected <= capacity else -1)
    for array in written:
        assert (array[capacity:] == 77).all()


@given(texts.filter(bool), st.binary(min_size=4, max_size=4))
@example("é", b"\xa9\xa9\xa9\xa9")
@example("a東", b"\xac\xac\xac\xac")
@example("👍", b"\x8d\x8d\x8d\x8d")
def test_what_follows_the_end_is_never_read(text, after):
    data = text.encode()
    for end in range(max(0, len(data) - 4), len(data) + 1):
        cut = np.frombuffer(data[:end], np.uint8)
        followed = np.frombuffer(data[:end] + after, np.uint8)
        found, alone = words.find(followed, 0, end), words.find(cut, 0, end)
        assert found.hashes.tolist() == alone.hashes.tolist()
        assert (found.ends <= end).all()


@given(st.binary(max_size=40))
def test_bytes_that_are_no_utf_8_give_words_inside_them(data):
    text = np.frombuffer(data, np.uint8)
    found = words.find(text, 0, len(text))
    assert (found.starts >= 0).all()
    assert (found.starts < found.ends).all()
    assert (found.ends <= len(text)).all()
    assert (np.diff(found.starts) >= 0).all()


@given(texts, texts)
def test_characters_are_counted_as_python_counts_them(before, text):
    data = np.frombuffer((before + text).encode(), np.uint8)
    assert kernels.characters_between(data, len(before.encode()), len(data)) == len(text)


@pytest.mark.parametrize("before", range(58, 66))
def test_a_quote_that_stands_where_a_block_of_bytes_ends_takes_no_letter_with_it(before):
    text = f"{'a' * before} “so it is” {'b' * 20}".encode()
    data = np.frombuffer(text, np.uint8)
    found = words.find(data, 0, len(text))
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)][1:4] == [
        b"so",
        b"it",
        b"is",
    ]
