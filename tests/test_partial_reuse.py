"""Excerpts, moved paragraphs, merged texts and pages, from files to tables."""

from __future__ import annotations

import random

import pytest

import dedup
from tests import archives

SETTINGS = dedup.Settings(boilerplate=False)
_CHANCE = random.Random(9)
VOCABULARY = ["".join(_CHANCE.choices("bdfgklmnprstvaeiou", k=_CHANCE.randint(3, 9))) for _ in range(5_000)]
OTHERS = 12  # articles beside those of a test, that share nothing with any


def article(seed, n_paragraphs=8):
    """Return the paragraphs of an article, of some 60 words each, that are like no other's."""
    chance = random.Random(f"article {seed}")
    own = chance.sample(VOCABULARY, 60)
    return [" ".join(sentence(chance, own) for _ in range(chance.randint(3, 5))) for _ in range(n_paragraphs)]


def sentence(chance, own):
    words = chance.choices(VOCABULARY, k=chance.randint(8, 18)) + chance.choices(own, k=3)
    return " ".join(chance.sample(words, len(words))).capitalize() + "."


def scan(folder, texts, settings=SETTINGS):
    """Return the result of a scan of some texts by name, among others."""
    pages = [{"id": name, "text": text} for name, text in texts.items()]
    pages += [{"id": f"z{number:02}", "text": "\n\n".join(article(f"z{number}"))} for number in range(OTHERS)]
    return dedup.scan(archives.write(pages, folder / "archive.jsonl"), settings, threads=1)


def rows(found):
    return {(row["article_a"], row["article_b"]): row for row in found.matches.to_pylist()}


def relations(found):
    return {pair: row["relation"] for pair, row in rows(found).items()}


def roles(found):
    """Return the role of each member, by cluster."""
    clusters = {}
    for row in found.members.to_pylist():
        clusters.setdefault(row["cluster_id"], {})[row["article_id"]] = row["role"]
    return sorted(clusters.values(), key=sorted)


def quoted(row, texts):
    """Return the two sides of each passage of a match, as they stand in the texts."""
    ours, theirs = texts[row["article_a"]], texts[row["article_b"]]
    return [(ours[a:b], theirs[c:d]) for a, b, c, d in row["passages"]]


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5])
@pytest.mark.parametrize("place", [0.0, 0.3, 1.0])
def test_an_excerpt_is_found_with_its_place(tmp_path, share, place):
    whole = " ".join(article("source", 12))
    words = whole.split()
    first = int(place * (1 - share) * len(words))
    part = " ".join(words[first : first + int(share * len(words))])
    texts = {"part": part, "whole": whole}
    found = scan(tmp_path, texts)
    assert relations(found) == {("part", "whole"): "excerpt"}
    row = rows(found)["part", "whole"]
    bare = part.strip(".")
    assert quoted(row, texts) == [(bare, bare)]
    assert row["share_a"] == 1.0
    assert row["edits"] == [0]
    assert roles(found) == [{"part": "excerpt", "whole": "copy"}]


def test_an_excerpt_between_paragraphs_of_another_article_is_partial_and_makes_no_cluster(tmp_path):
    source, host = article("source", 10), article("host", 10)
    texts = {"host": "\n\n".join([*host[:4], *source[3:5], *host[4:]]), "source": "\n\n".join(source)}
    found = scan(tmp_path, texts)
    assert relations(found) == {("host", "source"): "partial"}
    part = "\n\n".join(source[3:5]).strip(".")
    assert quoted(rows(found)["host", "source"], texts) == [(part, part)]
    assert roles(found) == []


def test_paragraphs_in_another_order_are_a_copy_with_crossing_passages(tmp_path):
    lines = article("source", 6)
    order = [3, 4, 5, 0, 1, 2]
    texts = {"a": "\n\n".join(lines), "b": "\n\n".join(lines[number] for number in order)}
    found = scan(tmp_path, texts)
    assert relations(found) == {("a", "b"): "copy"}
    (first, second) = rows(found)["a", "b"]["passages"]
    assert first[0] < second[0]
    assert first[2] > second[2]
    sides = quoted(rows(found)["a", "b"], texts)
    assert [side[0] for side in sides] == [
        "\n\n".join(lines[:3]).strip("."),
        "\n\n".join(lines[3:]).strip("."),
    ]


def test_every_paragraph_in_a_place_of_its_own_is_still_a_copy(tmp_path):
    lines = article("source", 8)
    texts = {"a": "\n\n".join(lines), "b": "\n\n".join(lines[::-1])}
    row = rows(scan(tmp_path, texts))["a", "b"]
    assert row["relation"] == "copy"
    assert len(row["passages"]) == 8
    assert [span[2] for span in row["passages"]] == sorted(
        (span[2] for span in row["passages"]), reverse=True
    )


def test_paragraphs_left_out_and_put_in_are_a_revision_with_a_passage_for_each_part(tmp_path):
    lines, new = article("source", 9), article("new", 3)
    texts = {
        "a": "\n\n".join(lines),
        "b": "\n\n".join([*lines[:2], *lines[4:6], new[0], *lines[6:8], *new[1:], lines[8]]),
    }
    row = rows(scan(tmp_path, texts))["a", "b"]
    assert row["relation"] == "revision"
    parts = [lines[:2], lines[4:6], lines[6:8], lines[8:]]
    assert [side.strip(".") for side, _ in quoted(row, texts)] == [
        "\n\n".join(part).strip(".") for part in parts
    ]
    assert row["edits"] == [0] * 4


def test_small_edits_are_counted_in_one_passage(tmp_path):
    lines = article("source", 8)
    words = "\n\n".join(lines).split(" ")
    for place in range(40, len(words) - 40, 60):
        words[place] = "edited"
    n_edited = words.count("edited")
    texts = {"a": "\n\n".join(lines), "b": " ".join(words)}
    row = rows(scan(tmp_path, texts))["a", "b"]
    assert row["edits"] == [n_edited]
    assert len(row["passages"]) == 1
    assert row["passages"][0][0] == 0
    assert row["passages"][0][1] == len(texts["a"].rstrip("."))


def test_a_text_merged_from_two_articles_matches_both_and_joins_them_not(tmp_path):
    one, other = article("one", 8), article("other", 8)
    texts = {
        "merged": "\n\n".join([*one[:4], *other[:4]]),
        "one": "\n\n".join(one),
        "other": "\n\n".join(other),
    }
    found = scan(tmp_path, texts)
    assert set(relations(found)) == {("merged", "one"), ("merged", "other")}
    halves = ("\n\n".join(one[:4]), "\n\n".join(other[:4]))
    for name, half in zip(("one", "other"), halves, strict=True):
        bare = half.strip(".")
        assert quoted(rows(found)["merged", name], texts) == [(bare, bare)]
    assert not [members for members in roles(found) if {"one", "other"} <= set(members)]


@pytest.mark.parametrize("sizes", [(4, 5, 6), (4, 5, 6, 7, 8, 9), (3, 14, 4), (8, 2)])
def test_an_unmarked_page_of_several_articles_is_found_with_each_of_them(tmp_path, sizes):
    stories = {f"s{number}": "\n\n".join(article(number, size)) for number, size in enumerate(sizes)}
    found = scan(tmp_path, {"page": "\n\n".join(stories.values()), **stories})
    assert set(relations(found)) == {("page", name) for name in stories}
    expected = [{"page": "container", name: "copy"} for name in stories]
    assert sorted(roles(found), key=max) == expected
    assert {row["share"] for row in found.members.to_pylist()} == {1.0}


def test_a_quotation_of_25_words_in_two_long_articles_is_found_with_its_words(tmp_path):
    # An index of sampled shingles finds such a short passage most of the time; these words have a sample.
    one, other = article("q one", 20), article("q other", 20)
    quotation = " ".join(random.Random(1).choices(VOCABULARY, k=25))
    texts = {
        name: "\n\n".join([*lines[:10], f"{lines[10]} {quotation}, he said.", *lines[11:]])
        for name, lines in (("a", one), ("b", other))
    }
    found = scan(tmp_path, texts, dedup.Settings(boilerplate=False, sample_rate=4))
    assert relations(found) == {("a", "b"): "partial"}
    ((ours, theirs),) = quoted(rows(found)["a", "b"], texts)
    assert ours == theirs == f"{quotation}, he said"


@pytest.mark.parametrize("text", ["Ministers agree on new fishing quotas for northern waters", ""])
def test_briefs_and_empty_texts_stand_beside_long_ones(tmp_path, text):
    long_text = "\n\n".join(article("source"))
    found = scan(tmp_path, {"a": text, "b": text, "c": long_text, "d": long_text})
    expected = {("c", "d"): "copy"} | ({("a", "b"): "copy"} if text else {})
    assert relations(found) == expected
