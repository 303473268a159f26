"""Passage clusters, compared with the paragraphs that made-up stories were composed of."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dedup
from dedup import records
from dedup.clustering import passages as grouping
from dedup.clustering.recurring import places as recurring
from dedup.settings import Settings
from tests import archives

SETTINGS = Settings()
_CHANCE = random.Random(7)
_LETTERS = "abcdefghijklmnoprstuvwz"
VOCABULARY = ["".join(_CHANCE.choices(_LETTERS, k=_CHANCE.randint(4, 9))) for _ in range(4_000)]


def sentence(chance, n_words):
    return " ".join(chance.choices(VOCABULARY, k=n_words)).capitalize() + "."


def paragraph(seed, n_sentences=2):
    chance = random.Random(f"paragraph {seed}")
    return " ".join(sentence(chance, chance.randint(13, 24)) for _ in range(n_sentences))


POOL = [paragraph(name, 1 + name % 3) for name in range(6)]
OWN = None  # in a composition: a paragraph that stands nowhere else


def compose(compositions):
    """Return the paragraphs of each story: those of the pool by number, and its own."""
    return [
        [paragraph(f"own {story} {place}") if part is OWN else POOL[part] for place, part in enumerate(parts)]
        for story, parts in enumerate(compositions)
    ]


def wrap(text, width):
    """Return a paragraph with lines of at most so many characters."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def corpus_of(texts):
    """Return the corpus of some texts, one page each."""
    encoded = [text.encode() for text in texts]
    offsets = records.offsets(np.array([len(each) for each in encoded], np.int64))
    live = records.Spans(offsets[:-1], offsets[1:], np.arange(len(texts) + 1))
    buffer = np.frombuffer(b"".join(encoded), np.uint8)
    return recurring.Corpus(buffer, offsets[:-1], live, None)


def whole(texts):
    """Return the spans of whole texts."""
    return np.array([(article, 0, len(text)) for article, text in enumerate(texts)], np.int64).reshape(-1, 3)


def find(texts, spans=None):
    """Return each passage as a list of its places: article, and the words that stand there."""
    found = grouping.find(corpus_of(texts), whole(texts) if spans is None else np.array(spans), SETTINGS)
    check_order(found)
    made = collections.defaultdict(list)
    rows = zip(*(column.tolist() for column in columns(found)), strict=True)
    for passage, article, start, end in rows:
        made[passage].append((article, words(texts[article][start:end])))
    return list(made.values())


def columns(found):
    return found.passages, found.articles, found.starts, found.ends


def check_order(found):
    """Passages are numbered by their first places, and no two places of an article overlap by a sentence."""
    rows = list(zip(*(column.tolist() for column in columns(found)), strict=True))
    assert rows == sorted(rows)
    first = [next(group)[1:] for _, group in itertools.groupby(rows, lambda row: row[0])]
    assert first == sorted(first)
    assert [row[0] for row in rows[:1]] in ([], [0])
    by_article = sorted((article, start, end) for _, article, start, end in rows)
    for (article, _, end), (other, start, _) in itertools.pairwise(by_article):
        assert article != other or start >= end


def words(text):
    return tuple(text.casefold().replace(".", " ").split())


def expected(compositions):
    """Return the passages of a composition: runs of pool paragraphs which stand together wherever they stand."""
    occurrences = collections.Counter(part for parts in compositions for part in parts if part is not OWN)
    pairs = collections.Counter(
        pair for parts in compositions for pair in itertools.pairwise(parts) if OWN not in pair
    )
    glued = {pair for pair, n in pairs.items() if n == occurrences[pair[0]] == occurrences[pair[1]]}
    made = collections.defaultdict(list)
    for article, parts in enumerate(compositions):
        runs = [[]]
        for part in parts:
            if runs[-1] and (runs[-1][-1], part) not in glued:
                runs.append([])
            runs[-1].append(part)
        for run in runs:
            if run and OWN not in run:
                text = tuple(word for part in run for word in words(POOL[part]))
                made[text].append((article, text))
    return sorted(places for places in made.values() if len({article for article, _ in places}) > 1)


parts_of_story = st.lists(st.one_of(st.none(), st.integers(0, len(POOL) - 1)), min_size=1, max_size=6).filter(
    lambda parts: len(set(parts) - {OWN}) == len([part for part in parts if part is not OWN])
)
compositions = st.lists(parts_of_story, min_size=1, max_size=7)


@given(compositions)
@example([[0, 1], [1, 0], [0, 1]])
@example([[0, 1, 2], [0, 1], [1, 2]])
@example([[0, OWN, 1], [0, 1]])
@example([[0, 1, 2, 3], [2, 3, 0, 1]])
@settings(max_examples=150)
def test_each_paragraph_of_unlike_stories_is_one_passage_with_exactly_its_places(composition):
    texts = ["\n\n".join(parts) for parts in compose(composition)]
    assert sorted(find(texts)) == expected(composition)


@given(compositions, st.data())
@settings(max_examples=60)
def test_line_breaks_do_not_matter(composition, data):
    texts = []
    for parts in compose(composition):
        width = data.draw(st.sampled_from([45, 60, 72, 10_000]))
        between = data.draw(st.sampled_from(["\n\n", "\n", "\n   ", " ", "\n \n"]))
        texts.append(between.join(wrap(part, width) for part in parts))
    assert sorted(find(texts)) == expected(composition)


@given(compositions, st.randoms())
@settings(max_examples=40)
def test_the_order_of_the_articles_does_not_matter(composition, chance):
    texts = ["\n\n".join(parts) for parts in compose(composition)]
    order = list(range(len(texts)))
    chance.shuffle(order)
    turned = find([texts[article] for article in order])
    back = sorted(sorted((order[article], text) for article, text in places) for places in turned)
    assert back == expected(composition)


@given(st.lists(st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=3, unique=True), max_size=6))
@settings(max_examples=60)
def test_one_article_that_is_known_to_share_a_paragraph_is_enough_to_find_all_its_places(chosen):
    composition = [[OWN, *itertools.chain(*((part, OWN) for part in parts))] for parts in chosen]
    paragraphs = compose(composition)
    spans = {}
    for article, parts in enumerate(composition):
        start = 0
        for part, text in zip(parts, paragraphs[article], strict=True):
            if part is not OWN:
                spans.setdefault(part, (article, start, start + len(text)))
            start += len(text) + 2
    known = np.array(sorted(spans.values()), np.int64).reshape(-1, 3)
    texts = ["\n\n".join(parts) for parts in paragraphs]
    assert sorted(find(texts, known)) == expected(composition)
    assert find(texts, known[:0]) == []


def test_a_paragraph_that_stands_twice_in_an_article_has_both_places():
    composition = [[0, OWN, 0], [OWN, 0], [1, OWN, 1]]
    texts = ["\n\n".join(parts) for parts in compose(composition)]
    assert find(texts) == [[(article, words(POOL[0])) for article in (0, 0, 1)]]


def edited(text, place):
    """Return a text with the word at a place exchanged."""
    changed = text.split()
    changed[place] = "Ersatz" if place == 0 else "ersatz"
    return " ".join(changed)


@pytest.mark.parametrize("place", [0, 1, 4, 7, 20, -8, -5, -2])
def test_an_edited_word_leaves_a_passage_whole(place):
    texts = [f"{paragraph('x')}\n\n{POOL[1]}", POOL[1], f"{edited(POOL[1], place)}\n\n{paragraph('y')}"]
    (places,) = find(texts)
    assert places[:2] == [(0, words(POOL[1])), (1, words(POOL[1]))]
    assert places[2] == (2, words(edited(POOL[1], place)))


def test_edits_at_random_places_of_many_copies_do_not_take_a_passage_apart():
    chance = random.Random(3)
    n_words = len(POOL[2].split())
    copies = [
        edited(POOL[2], chance.randrange(n_words)) if chance.random() < 0.3 else POOL[2] for _ in range(200)
    ]
    texts = [
        f"{paragraph(f'before {i}')}\n\n{copy}\n\n{paragraph(f'behind {i}')}" for i, copy in enumerate(copies)
    ]
    (places,) = find(texts)
    assert places == [(article, words(copy)) for article, copy in enumerate(copies)]


def test_a_part_of_a_sentence_is_no_passage_and_does_not_cut_one():
    long = sentence(random.Random(1), 30)
    stock = " ".join(long.split()[8:22])
    phrases = [f"{paragraph(f'x{i}')[:-1]} {stock} {paragraph(f'y{i}')}" for i in range(8)]
    assert find(phrases) == []
    (places,) = find([*phrases, long, f"{paragraph('z')}\n\n{long}"])
    assert places == [(8, words(long)), (9, words(long))]


def test_who_is_quoted_is_no_part_of_a_quotation():
    said, by = "We will meet them again in May and talk about the price of grain", "said Anna Karlsson"
    company = "chief economist of the savings bank of the northern provinces in Lulea"
    texts = [
        f'"{said}," {by}, {company}.\n\n{paragraph(1)}',
        f'{paragraph(2)}\n\n"{said}," the minister told.',
    ]
    others = [f'"{POOL[i][:-1]}," {by}, {company}.\n\n{paragraph(f"x{i}")}' for i in (3, 4)]
    assert [[article for article, _ in places] for places in find(texts + others)] == [[0, 1]]


@pytest.mark.parametrize("before", ["Zürich – ", "Привет, ", "価格。", "𝕏 "])
def test_offsets_count_characters(before):
    texts = [f"{before}{paragraph('x')}\n\n{POOL[1]}", f"{before * 3}{paragraph('y')}\n\n{POOL[1]}"]
    found = grouping.find(corpus_of(texts), whole(texts), SETTINGS)
    places = zip(found.articles.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)
    assert [texts[article][start:end] for article, start, end in places] == [POOL[1][:-1]] * 2


@pytest.mark.parametrize(
    ("before", "begins"),
    [
        ("It fell. ", True),
        ("It fell?\n", True),
        ("It fell.” ", True),
        ("以上。", True),
        ("A headline\n\n", True),
        ("A headline\n", True),
        ("and hard-wrapped text goes on at the next line of it\n", False),
        ("and hard-wrapped text goes on at the next line of it\n    ", True),
        ('He said: "', True),
        ('a so-called "', False),
        ('"It fell," ', False),
        ("It fell, ", False),
        ("Mr. ", False),
        ("by George W. ", False),
        ("It fell 3.", False),
    ],
)
def test_a_sentence_begins_where_readers_see_it_begin(before, begins):
    text = f"{before}{POOL[0]}"
    places = recurring.find(corpus_of([text]), np.array([(0, len(before), len(text))]), SETTINGS)
    assert places.starts[0] == len(before.encode())
    assert (places.since[0] == 0) == begins


def test_no_passage_runs_over_text_that_takes_no_part():
    text = f"{POOL[1]}\n\n{POOL[2]}"
    corpus = corpus_of([text, text])
    cut = text.index(POOL[2])
    starts, ends = (
        np.array([0, cut, len(text), len(text) + cut]),
        np.array([cut, len(text), len(text) + cut, -1]),
    )
    ends[-1] = 2 * len(text)
    apart = dataclasses.replace(corpus, live=records.Spans(starts, ends, np.array([0, 2, 4])))
    found = grouping.find(apart, whole([text, text]), SETTINGS)
    assert found.starts.tolist() == [0, 0, cut, cut]
    assert grouping.find(corpus, whole([text, text]), SETTINGS).starts.tolist() == [0, 0]


memberships = st.dictionaries(st.integers(0, 5), st.frozensets(st.integers(0, 3), min_size=1))


@given(st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=5), max_size=5), memberships)
def test_a_passage_needs_two_articles_that_stand_in_no_common_cluster(articles_of, clusters_of):
    rows = [(i, article) for i, articles in enumerate(articles_of) for article in sorted(articles)]
    passages, articles = np.array(rows, np.int64).reshape(-1, 2).T
    starts = 100 * passages
    own_rows = [sorted(clusters_of.get(article, ())) for article in range(6)]
    numbers = np.array(list(itertools.chain(*own_rows)), np.int64)
    by_article = records.Ragged(numbers, records.offsets(np.array([len(row) for row in own_rows])))
    found = grouping.across(grouping.Passages(passages, articles, starts, starts + 50), by_article)

    def apart(a, b):
        return a != b and clusters_of.get(a, frozenset()).isdisjoint(clusters_of.get(b, frozenset()))

    kept = [
        i
        for i, held in enumerate(articles_of)
        if any(itertools.starmap(apart, itertools.product(held, held)))
    ]
    assert sorted(zip((found.starts // 100).tolist(), found.articles.tolist(), strict=True)) == [
        (i, article) for i, article in rows if i in kept
    ]


def scan(texts, folder, outlet="Daily {}"):
    pages = [
        {"id": f"{number:04}", "text": text, "outlet": outlet.format(number)}
        for number, text in enumerate(texts)
    ]
    return dedup.scan(archives.write(pages, folder / "archive.jsonl"), threads=1)


def own(name):
    return paragraph(f"own {name}", 6)


def rows_of(result):
    """Return the articles of each passage, by its words."""
    made = collections.defaultdict(list)
    for row in result.passages.to_pylist():
        made[words(row["text"])].append(int(row["article_id"]))
        assert row["n_articles"] == result.passages["passage_id"].to_pylist().count(row["passage_id"])
    return {text: sorted(articles) for text, articles in made.items()}


def test_a_passage_lists_each_copy_of_a_story_and_what_only_copies_share_is_none(tmp_path):
    statement = paragraph("statement", 3)
    story = f"{own(1)}\n\n{statement}\n\n{own(2)}"
    result = scan([*[story] * 10, f"{own(3)}\n\n{statement}\n\n{own(4)}", own(5)], tmp_path)
    assert [row["n_articles"] for row in result.clusters.to_pylist()] == [10]
    assert rows_of(result) == {words(statement): list(range(11))}


def test_a_statement_in_three_hundred_articles_is_one_passage(tmp_path):
    statement = paragraph("statement", 3)
    texts = [f"{own(i)}\n\n{wrap(statement, 50 + i % 30)}\n\n{own(-i)}" for i in range(1, 301)]
    result = scan(texts, tmp_path)
    assert result.clusters.num_rows == 0
    assert rows_of(result) == {words(statement): list(range(300))}


@pytest.mark.parametrize(
    ("heads", "mark", "expected_name"),
    [
        (["(Reuters) - ", "(Reuters) - "], "", "Reuters"),
        (["(Reuters) - ", "(AP) - "], "", None),
        (["", ""], "", None),
        (["(Reuters) - ", "(Reuters) - "], '"', None),
    ],
)
def test_a_passage_is_whose_its_articles_say_unless_it_is_quoted(tmp_path, heads, mark, expected_name):
    statement = paragraph("statement", 3)
    pages = [
        {
            "id": str(number),
            "outlet": f"Daily {number}",
            "text": f"BERLIN, March 3 {head}{own(f'x{number}')}\n\n{mark}{statement}{mark}\n\n{own(f'y{number}')}",
        }
        for number, head in enumerate(heads)
    ]
    result = dedup.scan(archives.write(pages, tmp_path / "archive.jsonl"), threads=1)
    assert result.passages["origin_name"].to_pylist() == [expected_name] * 2


def test_what_stands_on_pages_of_one_agency_only_is_its_own(tmp_path):
    statement = paragraph("statement", 3)
    texts = [f"{own(f'x{i}')}\n\n{statement}\n\n{own(f'y{i}')}" for i in range(3)]
    result = scan(texts, tmp_path, outlet="Reuters")
    assert result.passages["origin_name"].to_pylist() == ["Reuters"] * 3
