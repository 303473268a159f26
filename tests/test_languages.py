"""News in many scripts from end to end: copies in other spellings, excerpts, places in the text, the terminal."""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata

import numpy as np
import pytest
from click import testing
from hypothesis import given
from hypothesis import strategies as st
from rich import cells

import dedup
from dedup import cli, words
from dedup.reporting import differences
from dedup.text import kernels as text_kernels
from dedup.words import kernels
from tests import language_samples as samples

NAMES = sorted(samples.LANGUAGES)
CASED = ["French", "German", "Greek", "Polish", "Russian", "Serbian", "Turkish", "Ukrainian", "Vietnamese"]
DROPPED_CLASSES = {1, *range(10, 37), *range(200, 256)}
SPELLED = dict(
    re.findall(
        r"(\S)=(\S+)",
        "ı=i œ=oe æ=ae ø=o ł=l đ=d ħ=h ٱ=ا ى=ي ی=ي ک=ك ڪ=ك ة=ه ہ=ه ۃ=ه ە=ه "
        "װ=וו ױ=וי ײ=יי ँ=ं ৎ=ত্ ൺ=ണ് ൻ=ന് ർ=ര് ൽ=ല് ൾ=ള് ൿ=ക്",
    )
)
WITHOUT_SPACES = re.compile(
    "[\u0e01-\u0e30\u0e40-\u0e46\u0e81-\u0eb0\u0ec0-\u0edf\u1000-\u104f\u1780-\u17b3々ぁ-ー一-鿿]"
)


@dataclasses.dataclass(frozen=True)
class Scanned:
    """The pages of an archive and what a scan of it found."""

    pages: dict[str, str]
    result: dedup.Result

    def match(self, one, other):
        """Return the match of two pages with the sides in that order, None when they are no match."""
        for row in self.result.matches.to_pylist():
            if {row["article_a"], row["article_b"]} == {one, other}:
                swapped = row["article_a"] != one
                spans = [(c, d, a, b) if swapped else (a, b, c, d) for a, b, c, d in row["passages"]]
                return row | {"passages": spans}
        return None


def scan(pages, folder, **options):
    path = folder / "archive.jsonl"
    rows = [{"id": identity, "text": text} for identity, text in pages.items()]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return Scanned(pages, dedup.scan(path, dedup.Settings(**options), threads=1))


def reference(text):
    """Return the folded words of a text by Python's own Unicode data and regular expressions."""
    text = re.sub("[\u0640\u00ad\u2060\ufeff\u200e\u200f\u093c]", "", text)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).replace("ʼ", "’")
    text = "".join(SPELLED.get(letter, letter) for letter in text if not is_dropped(letter))
    text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    found = []
    for place, letter in enumerate(text):
        before = text[place - 1] if place else " "
        if is_mark(letter) or letter in "\u0e32\u0eb2" or before in "\u1039\u17d2":
            found[-1] += letter
        elif letter.isalnum():
            alone = WITHOUT_SPACES.match(letter) or WITHOUT_SPACES.match(before) or not is_inside(before)
            if alone or WITHOUT_SPACES.match(found[-1][0]):
                found.append(letter)
            else:
                found[-1] += letter
    return found


def is_dropped(letter):
    marked = unicodedata.category(letter) == "Me" or unicodedata.combining(letter) in DROPPED_CLASSES
    return marked or letter in "\u200c\u200d\ufe0e\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def is_mark(letter):
    return unicodedata.category(letter)[0] == "M"


def is_inside(letter):
    return letter.isalnum() or is_mark(letter)


def hashes(text):
    data = np.frombuffer(text.encode(), np.uint8)
    return words.find(data, 0, len(data)).hashes.tolist()


def is_whole(text, start, end):
    """Return whether a stretch of a text begins and ends between characters as readers see them."""
    cut = [
        place
        for place in (start, end)
        if 0 < place < len(text) and len(samples.clusters(text[place - 1 : place + 1])) == 1
    ]
    return not cut


@pytest.fixture(scope="module", params=NAMES)
def scanned(request, tmp_path_factory):
    language = samples.LANGUAGES[request.param]
    own, other = (language.article(number).split("\n\n") for number in (0, 3))
    pages = {"original": language.article(0), **samples.copies(request.param)}
    pages["excerpt"] = "\n\n".join([f"{other[0]} 77", own[1], f"88 {other[1]}", *other[2:]])
    pages["unrelated"] = language.article(2)
    return Scanned(pages, scan(pages, tmp_path_factory.mktemp("languages")).result)


def test_a_copy_in_another_spelling_is_a_copy(scanned):
    for label in scanned.pages.keys() - {"original", "excerpt", "unrelated"}:
        match = scanned.match("original", label)
        assert match is not None, label
        assert (match["relation"], match["share_a"], match["share_b"]) == ("copy", 1, 1), label


def test_the_passage_of_a_copy_is_its_whole_text(scanned):
    for label in scanned.pages.keys() - {"original", "excerpt", "unrelated"}:
        match = scanned.match("original", label)
        assert match["edits"] == [0], label
        for page, (start, end) in zip(
            ("original", label), np.reshape(match["passages"][0], (2, 2)), strict=True
        ):
            text = scanned.pages[page]
            assert hashes(text[:start]) == hashes(text[end:]) == [], label
            assert hashes(text[start:end]) == hashes(text), label


def test_an_excerpt_is_found_where_it_stands(scanned):
    match = scanned.match("original", "excerpt")
    paragraph = scanned.pages["original"].split("\n\n")[1]
    start, end, other, other_end = max(match["passages"], key=lambda passage: passage[1] - passage[0])
    assert scanned.pages["original"][start:end] == scanned.pages["excerpt"][other:other_end]
    assert scanned.pages["original"][start:end] in paragraph
    assert hashes(scanned.pages["original"][start:end]) == hashes(paragraph)


def test_texts_of_one_language_that_share_nothing_do_not_match(scanned):
    for label in scanned.pages.keys() - {"unrelated"}:
        assert scanned.match("unrelated", label) is None, label


def test_no_passage_cuts_a_character(scanned):
    n_passages = 0
    for row in scanned.result.matches.to_pylist():
        for a_start, a_end, b_start, b_end in row["passages"]:
            assert is_whole(scanned.pages[row["article_a"]], a_start, a_end)
            assert is_whole(scanned.pages[row["article_b"]], b_start, b_end)
            n_passages += 1
    assert n_passages > 0
    for row in scanned.result.passages.to_pylist():
        assert scanned.pages[row["article_id"]][row["start"] : row["end"]] == row["text"]
        assert is_whole(scanned.pages[row["article_id"]], row["start"], row["end"])


@pytest.mark.parametrize(
    ("name", "phrases", "sentence"),
    [
        ("Chinese", ("记者从国家发展和改革委员会获悉", "中华人民共和国外交部发言人", "未经授权不得转载"), 25),
        ("Japanese", ("内閣官房長官は記者会見で", "東京地検特捜部によると", "ことが分かった"), 25),
        ("Thai", ("นายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงกลาโหม", "ผู้สื่อข่าวรายงานว่า"), 50),
    ],
)
def test_stock_phrases_are_no_match_where_a_character_is_a_word(tmp_path, name, phrases, sentence):
    language = samples.LANGUAGES[name]
    one, other, third = (language.article(number, paragraphs=3) for number in (0, 1, 2))
    quoted = "".join(samples.clusters(third.replace(language.stop, ""))[:sentence])
    pages = {
        "one": with_phrases(one, phrases),
        "other": with_phrases(other, phrases[::-1]),
        "quoting": f"{third}{quoted}",
        "quoted": f"{quoted}{language.article(3)}",
    }
    found = scan(pages, tmp_path)
    assert found.match("one", "other") is None
    assert found.match("quoted", "quoting")["relation"] == "partial"


def with_phrases(article, phrases):
    """Return an article whose paragraphs begin with stock phrases."""
    return "\n\n".join(map("".join, zip(phrases, article.split("\n\n"), strict=False)))


def test_scripts_do_not_match_each_other(tmp_path):
    pages = {name: samples.LANGUAGES[name].article(0) for name in NAMES}
    assert scan(pages, tmp_path).result.matches.num_rows == 0


@pytest.mark.parametrize("name", NAMES)
def test_words_are_those_of_the_reference(name):
    for label, text in {"original": samples.LANGUAGES[name].article(0), **samples.copies(name)}.items():
        expected = reference(text)
        assert hashes(text) == [only for word in expected for only in hashes(word)], label
        assert len(hashes(text)) == len(expected), label


LETTERS = {
    name: [*samples.clusters("".join(language.words)), " ", language.stop, "\n", "’", "1"]
    for name, language in samples.LANGUAGES.items()
}
strings = st.sampled_from(NAMES).flatmap(
    lambda name: st.lists(st.sampled_from(LETTERS[name]), max_size=40).map("".join)
)
cased_strings = st.sampled_from(CASED).flatmap(
    lambda name: st.lists(st.sampled_from(LETTERS[name]), max_size=80).map("".join)
)


@given(strings)
def test_words_of_any_letters_are_those_of_the_reference(text):
    assert hashes(text) == [only for word in reference(text) for only in hashes(word)]


@given(strings)
def test_folding_is_idempotent(text):
    folded = " ".join(reference(text))
    assert reference(folded) == folded.split()
    assert hashes(folded) == hashes(text)


@given(strings, st.sampled_from(["NFD", "NFKC", "NFKD"]))
def test_words_do_not_depend_on_the_form(text, form):
    assert hashes(unicodedata.normalize(form, text)) == hashes(unicodedata.normalize("NFC", text))


@given(strings)
def test_words_stand_on_the_borders_of_characters_in_order(text):
    data = text.encode()
    found = words.find(np.frombuffer(data, np.uint8), 0, len(data))
    before = (0, 0)
    for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
        assert before[1] <= start < end or (start, end) == before  # one character may stand for two words
        assert is_whole(text, len(data[:start].decode()), len(data[:end].decode()))
        before = (start, end)


@given(cased_strings)
def test_shingles_do_not_depend_on_case(text):
    made = []
    for cased in (text.lower(), text.upper(), text.title()):
        found = np.array(hashes(cased), np.uint64)
        shingles = np.empty(len(found) + 1, np.uint32)
        made.append(shingles[: kernels.shingle(found, len(found), 5, shingles)].tolist())
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize(
    "sentence",
    [
        *(
            "Он ушёл.",
            "Τι θέλεις\u037e",
            "ماذا قال؟",
            "وقال ذلك.\u200f",
            "کہاں ہے۔",
            "उसने कहा।",
            "শেষ।”",
            "ប្រទេស។",
        ),
        *(
            "မြန်မာ။",
            "他走了。",
            "他说：“走。”",
            "行こう！」",
            "本当？』",
            "（終わり。）",
            "見た。》",
            "»Er ging.«",
            "« Fini. »",
        ),
        *("ｵﾜﾘ｡｣", "Գնաց։", "ሄደ።", "他走了。　"),
    ],
)
def test_a_sentence_ends_in_any_script(sentence):
    data = np.frombuffer(sentence.encode(), np.uint8)
    assert text_kernels.ends_sentence(data, 0, len(data))
    cut = np.frombuffer(re.split("[.。।؟۔။។։።！？｡\u037e]", sentence)[0].encode(), np.uint8)
    assert not text_kernels.ends_sentence(cut, 0, len(cut))


@pytest.mark.parametrize("name", NAMES)
def test_two_forms_of_a_text_are_shown_as_equal(name):
    text = samples.LANGUAGES[name].article(0)
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert all(row.equal for row in differences.compare(*forms))


@pytest.mark.parametrize("name", NAMES)
def test_a_difference_is_shown_in_whole_characters(name):
    letters = samples.clusters(samples.LANGUAGES[name].article(0))
    edited = [letter if place % 7 else letter[0] for place, letter in enumerate(letters)]
    for row in differences.compare("".join(letters), "".join(edited)):
        for piece in (*row.left, *row.right):
            assert not samples.belongs(piece.text[0])
            assert piece.text[-1] not in "\u1039\u17d2"


@pytest.mark.parametrize("name", NAMES)
def test_the_terminal_keeps_its_width_and_columns(name, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    language = samples.LANGUAGES[name]
    own, other = (language.article(number) for number in (0, 1))
    edited = own.replace("\n\n", f"\n\n{other[:60]}\n\n", 1)
    rows = [
        {"id": f"{page} {language.words[0]}", "text": text, "title": own[:90], "outlet": language.words[-1]}
        for page, text in (("one", own), ("two", edited), ("three", f"\u202b{own}"))
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    runner = testing.CliRunner()
    arguments = ["scan", str(tmp_path / "a.jsonl"), "--out", str(tmp_path / "out")]
    summary = runner.invoke(cli.command, arguments, catch_exceptions=False)
    shown = runner.invoke(cli.command, ["show", "c", "--in", arguments[-1]], catch_exceptions=False)
    assert (summary.exit_code, shown.exit_code) == (0, 0)
    lines = (summary.stdout + shown.stdout).splitlines()
    assert max(map(cells.cell_len, lines)) <= 80
    assert not any(line.strip() and samples.belongs(line.lstrip()[0]) for line in lines)
    assert not set("".join(lines)) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    start = next(place for place, line in enumerate(lines) if line.startswith("Differences"))
    sides = [line for line in lines[start + 1 :] if cells.cell_len(line) > 41 and not line.startswith("Diff")]
    assert sides
    for line in sides:
        assert cells.set_cell_size(line, 41)[-3:].strip() == "", line
