"""What is taken for boilerplate, and what is not: planted archives, and what holds for any archive."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as checking
from hypothesis import strategies as st

import dedup
from dedup import records
from dedup.engines import onepass
from dedup.settings import Settings
from dedup.text import paragraphs
from dedup.text.boilerplate import lines as describing
from tests import archives

BOX = (
    "Sign up for our free morning newsletter and get the ten stories that everybody in town will talk about over "
    "lunch, chosen by the editors each night and sent to your inbox at six, seven days a week, with no advertising."
)
FOOTER = "Copyright Courier Media Group. All rights reserved. This text may not be published or rewritten anywhere."
AUTHOR = "Ada Lindqvist has covered the courts for this paper since the spring, and lives by the harbour."
MENU = [f"{first} {second}".strip() for first in ("News", "Sport", "Arts") for second in archives.MENU_WORDS]


def story(seed, n_paragraphs=6):
    """Return the paragraphs of a story that is like no other."""
    chance = random.Random(seed)
    return [" ".join(sentence(chance) for _ in range(3)) for _ in range(n_paragraphs)]


def sentence(chance):
    """Return a sentence of made-up words."""
    words = ["".join(chance.choices("bdfgklmnprstvaeiou", k=chance.randint(3, 8))) for _ in range(14)]
    return " ".join(words).capitalize() + "."


def page(number, lines, outlet="Courier", **fields):
    """Return a record of these lines."""
    made = {"id": f"page-{number:03}", "text": "\n\n".join(lines), **fields}
    return made | ({"outlet": outlet} if outlet else {})


def scan(folder, pages, settings=None, **options):
    """Return the result of a scan of some pages."""
    return dedup.scan(archives.write(pages, folder / "archive.jsonl"), settings, **options)


def texts(result, *kinds):
    """Return the texts that are boilerplate of these kinds."""
    rows = result.boilerplate.to_pylist()
    return {row["text"] for row in rows if row["kind"] in (kinds or ("repeated", "template"))}


def masked(result):
    """Return how many lines take no part in matching."""
    return result.run.counts["boilerplate_lines"]


@pytest.fixture(scope="module", params=["Courier", None], ids=["known outlet", "unknown outlets"])
def boxed(request, tmp_path_factory):
    """Return the scan of 30 unrelated pages with a newsletter box among the paragraphs, a note and a footer."""
    chance = random.Random(5)
    pages = []
    for number in range(30):
        lines = story(number, chance.randint(4, 9))
        lines.insert(chance.randint(1, len(lines) - 1), BOX)
        pages.append(page(number, [*lines, AUTHOR, FOOTER], request.param))
    return scan(tmp_path_factory.mktemp("boxed"), pages)


def test_a_box_a_footer_and_an_authors_note_on_unrelated_pages_give_no_matches(boxed):
    assert boxed.matches.num_rows == 0
    assert boxed.passages.num_rows == 0


def test_they_are_listed_with_a_verbatim_example(boxed):
    rows = boxed.boilerplate.to_pylist()
    assert {row["text"] for row in rows} == {BOX, FOOTER, AUTHOR}
    assert {row["n_articles"] for row in rows} == {30}
    assert {row["kind"] for row in rows} == {"repeated"}


def test_words_and_paragraphs_of_an_article_count_its_boilerplate_too(boxed):
    n_extra = len(f"{BOX} {AUTHOR} {FOOTER}".split())
    first = boxed.articles.to_pylist()[0]
    assert first["n_words"] == (first["n_paragraphs"] - 3) * 42 + n_extra


def test_the_same_pages_match_where_boilerplate_is_not_asked_for(tmp_path):
    pages = [page(number, [*story(number), BOX, FOOTER]) for number in range(10)]
    off = dedup.Settings(boilerplate=False)
    assert scan(tmp_path, pages, off).matches.num_rows > 0
    assert scan(tmp_path, pages, off).boilerplate.num_rows == 0
    assert scan(tmp_path, pages).matches.num_rows == 0


def test_an_author_of_few_pages_is_told_by_the_place_of_the_note(tmp_path):
    pages = [page(number, [*story(number), *([AUTHOR] if number % 12 == 0 else [])]) for number in range(100)]
    found = scan(tmp_path, pages)
    assert texts(found) == {AUTHOR}
    assert found.matches.num_rows == 0


@pytest.mark.parametrize("outlet", ["own", None], ids=["each its outlet", "unknown outlets"])
@pytest.mark.parametrize("edits", [0, 1])
def test_a_story_that_150_outlets_print_stays_matched(tmp_path, outlet, edits):
    chance = random.Random(3)
    pages = []
    for number in range(150):
        lines = story(0)
        for _ in range(edits):
            words = lines[chance.randrange(len(lines))].split()
            words[chance.randrange(len(words))] = "edited"
            lines[chance.randrange(len(lines))] = " ".join(words)
        pages.append(page(number, lines, outlet and f"Outlet {number}"))
    found = scan(tmp_path, [*pages, *(page(900 + number, story(900 + number)) for number in range(50))])
    assert found.boilerplate.num_rows == 0
    assert max(found.clusters["n_articles"].to_pylist()) == 150


@pytest.mark.parametrize("outlet", ["Wire", None])
def test_versions_of_a_story_are_no_boilerplate(tmp_path, outlet):
    whole = story(1, 12)
    pages = [page(number, whole[: 5 + number], outlet) for number in range(8)]
    others = [page(100 + number, story(100 + number), outlet) for number in range(40)]
    found = scan(tmp_path, [*pages, *others])
    assert found.boilerplate.num_rows == 0
    assert found.matches.num_rows >= 7


@pytest.mark.parametrize("outlet", ["Wire", None])
def test_background_in_the_middle_of_twelve_of_a_hundred_stories_is_a_passage(tmp_path, outlet):
    background = story(777)[0]
    pages = []
    for number in range(100):
        lines = story(number)
        if number % 8 == 0 and number < 96:
            lines.insert(3, background)
        pages.append(page(number, lines, outlet))
    found = scan(tmp_path, pages)
    assert found.boilerplate.num_rows == 0
    assert background.removesuffix(".") in found.passages["text"].to_pylist()[0]


def test_background_at_the_end_of_stories_on_its_subject_is_a_passage(tmp_path):
    background = (
        "Harwell Mining is a company of the north that digs for tin and copper and has done so since the war."
    )
    pages = []
    for number in range(60):
        lines = story(number)
        if number % 6 == 0:
            lines = ["The board of Harwell said on Monday that " + lines[0].lower(), *lines[1:], background]
        pages.append(page(number, lines))
    assert scan(tmp_path, pages).boilerplate.num_rows == 0


def test_a_quotation_in_stories_of_many_outlets_is_a_passage(tmp_path):
    quote = f'"{story(778)[0]}" she said.'
    pages = [
        page(number, [*story(number)[:2], quote, *story(number)[2:]], f"Outlet {number}")
        for number in range(20)
    ]
    found = scan(tmp_path, pages)
    assert found.boilerplate.num_rows == 0
    assert found.matches.num_rows > 0


@pytest.mark.parametrize("place", ["head", "tail", "both"])
def test_a_menu_of_sixty_lines_takes_no_part_though_each_page_has_another(tmp_path, place):
    pages = []
    for number in range(3):
        menu = [line.replace(" ", f" {'abc'[number]}") for line in MENU]
        head, tail = (menu if place != "tail" else []), (menu if place != "head" else [])
        pages.append({"id": f"page-{number}", "text": "\n".join([*head, *story(number), *tail])})
    found = scan(tmp_path, pages)
    assert found.matches.num_rows == 0
    (row,) = found.boilerplate.to_pylist()
    assert (row["kind"], row["n_articles"], row["outlet"]) == ("furniture", 3, None)
    assert masked(found) >= 3 * 50


def test_a_page_of_short_lines_only_stays_whole(tmp_path):
    pages = [{"id": str(number), "text": "\n".join(MENU)} for number in range(3)]
    found = scan(tmp_path, pages)
    assert masked(found) == 0
    assert found.matches["relation"].to_pylist() == ["copy"] * 3


@pytest.mark.parametrize(
    "inserted",
    [
        [f"Ferrari {number} Renault {number + 3} laps down" for number in range(30)],
        [f"* {place} is the place where the talks will be held next year" for place in MENU],
        [f"{name} Smith" for name in archives.MENU_WORDS[:10]],
        [f"And so the river {word} on, and under the old bridge" for word in archives.MENU_WORDS],
    ],
    ids=["results", "factbox", "names", "poem"],
)
@pytest.mark.parametrize("place", [3, 6])
def test_tables_lists_and_verses_in_an_article_stay(tmp_path, inserted, place):
    lines = story(1)
    lines[place:place] = inserted
    assert masked(scan(tmp_path, [page(1, lines), page(2, story(2))])) == 0


def test_prose_that_is_broken_at_its_links_stays(tmp_path):
    chance = random.Random(8)
    lines = []
    for paragraph in story(9, 12):
        words = paragraph.split()
        for name in chance.sample(range(1, len(words) - 1), 5):
            words[name] = f"\n{words[name].capitalize()}\n"
        lines.append(" ".join(words))
    assert masked(scan(tmp_path, [{"id": "a", "text": "\n".join([*lines[:3], *story(3), *lines[3:]])}])) == 0


def test_text_that_is_hard_wrapped_unevenly_stays(tmp_path):
    chance = random.Random(4)
    wrapped = []
    for paragraph in story(9, 8):
        words = paragraph.split()
        while words:
            size = chance.randint(8, 12)
            wrapped.append(" ".join(words[:size]))
            words = words[size:]
    assert masked(scan(tmp_path, [{"id": "a", "text": "\n".join(wrapped)}])) == 0


@pytest.mark.parametrize(
    ("alphabet", "space", "end"),
    [
        ("的一是不了人我在有他这中大来上国和地到以说时要就出会可也你对生能而子那得于着下自之年过", "", "。"),
        ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", " ", "؟"),
        ("कखगघचछजझटठडढणतथदधनपफबभमयरलवशसह", " ", "।"),
    ],
    ids=["Chinese", "Arabic", "Hindi"],
)
def test_other_scripts_have_furniture_and_footers_too(tmp_path, alphabet, space, end):
    def words(seed, count):
        chance = random.Random(seed)
        return space.join("".join(chance.choices(alphabet, k=3)) for _ in range(count)) + end

    footer = words(999, 20)
    pages = []
    for number in range(12):
        menu = [words(1000 + number * 50 + place, 2).removesuffix(end) for place in range(40)]
        prose = [words(number * 10 + place, 45) for place in range(6)]
        pages.append({"id": str(number), "outlet": "X", "text": "\n".join([*menu, *prose, footer])})
    found = scan(tmp_path, pages)
    assert texts(found, "repeated") == {footer}
    assert masked(found) >= 12 * 35
    assert found.matches.num_rows == 0


def test_a_report_with_other_numbers_each_week_is_a_template(tmp_path):
    frame = "Shares in the capital closed {} points higher at {}, with {} million of them changing hands in the day."
    pages = []
    for number in range(12):
        line = frame.format(number + 3, 5000 + 7 * number, 200 + number)
        lines = story(number)
        lines.insert(1 + number % 4, line)
        pages.append(page(number, lines, published=f"2024-{number + 1:02}-05"))
    found = scan(tmp_path, pages)
    (row,) = found.boilerplate.to_pylist()
    assert row["kind"] == "template"
    assert row["text"] == frame.format(3, 5000, 200)


def test_an_example_is_verbatim_where_the_table_says(tmp_path):
    pages = [page(number, ["Ærø – „ß“ 東京", *story(number), BOX, FOOTER]) for number in range(8)]
    found = scan(tmp_path, pages)
    by_id = {each["id"]: each["text"] for each in pages}
    rows = found.boilerplate.to_pylist()
    assert {BOX, FOOTER} <= {row["text"] for row in rows}
    for row in rows:
        assert by_id[row["article_id"]][row["start"] : row["end"]] == row["text"]


def test_an_excerpt_of_the_same_story_still_matches_under_its_furniture(tmp_path):
    shared = story(1, 8)
    pages = [
        {"id": "whole", "text": "\n".join([*MENU, *shared, *MENU])},
        {"id": "part", "text": "\n".join([*(f"{line} x" for line in MENU), *shared[:6]])},
    ]
    found = scan(tmp_path, pages)
    assert found.matches["share_b"].to_pylist() == [pytest.approx(0.75, abs=0.02)]


archives_of_lines = st.lists(
    st.lists(
        st.sampled_from(
            [*MENU[:12], BOX, FOOTER, AUTHOR, *story(1), *story(2), "x", "  ", "{var a=1;b_c=2;}"]
        ),
        max_size=40,
    ).map("\n".join),
    min_size=1,
    max_size=12,
)


@given(archives_of_lines)
@checking(max_examples=25)
def test_masks_are_whole_lines_inside_their_story_and_never_overlap(pages):
    encoded = [text.encode() for text in pages]
    edges = np.cumsum([0, *map(len, encoded)])
    text = np.frombuffer(b"".join(encoded), np.uint8)
    spans = paragraphs.find(text, edges[:-1], edges[1:])
    found = onepass.read(text, spans, Settings()).lines
    dead = found.furniture | (found.exact % 3 == 0)
    live = describing.live(edges[:-1], edges[1:], spans, dead)
    for row in range(len(pages)):
        segments = range(live.offsets[row], live.offsets[row + 1])
        lines = range(spans.offsets[row], spans.offsets[row + 1])
        borders = [edge for each in segments for edge in (live.starts[each], live.ends[each])]
        assert borders == sorted(borders)
        assert all(edges[row] <= border <= edges[row + 1] for border in borders)
        for line in lines:
            inside = [
                live.starts[each] <= spans.starts[line] and spans.ends[line] <= live.ends[each]
                for each in segments
            ]
            outside = [
                spans.ends[line] <= live.starts[each] or live.ends[each] <= spans.starts[line]
                for each in segments
            ]
            assert all(outside) if dead[line] else sum(inside) == 1


@given(archives_of_lines)
@checking(max_examples=25)
def test_lines_gathered_in_any_order_are_those_described_in_that_order(pages):
    def describe(some):
        edges = np.cumsum([0, *(len(each.encode()) for each in some)])
        text = np.frombuffer("".join(some).encode(), np.uint8)
        return onepass.read(text, paragraphs.find(text, edges[:-1], edges[1:]), Settings()).lines

    order = np.array(random.Random(len(pages)).sample(range(len(pages)), len(pages)))
    gathered = describing.gather([describe(pages[:3]), describe(pages[3:])], order)
    expected = describe([pages[place] for place in order])
    for name in (*describing.PER_LINE, "n_words", "offsets"):
        assert (getattr(gathered, name) == getattr(expected, name)).all()


def test_any_order_and_any_number_of_threads_give_equal_tables(tmp_path, dedup_command):
    pages = archives.records(120)
    for number, each in enumerate(pages):
        each["text"] += f"\n\n{FOOTER}" * (number % 3 > 0) + f"\n\n{AUTHOR}" * (number % 5 == 0)
        each["text"] = "\n".join(MENU) * (number % 7 == 0) + "\n" + each["text"]
    tables = []
    for run, threads in enumerate((1, 2)):
        shuffled = random.Random(run).sample(pages, len(pages))
        archives.write(shuffled, tmp_path / "archive.jsonl")
        out = tmp_path / f"out-{run}"
        assert (
            dedup_command("scan", tmp_path / "archive.jsonl", "--out", out, "--threads", threads).returncode
            == 0
        )
        tables.append({path.name: path.read_bytes() for path in out.glob("*.jsonl")})
    assert tables[0] == tables[1]
    listed = [json.loads(line)["text"] for line in tables[0]["boilerplate.jsonl"].splitlines()]
    assert {FOOTER, AUTHOR} <= set(listed)


def test_an_archive_of_copies_and_excerpts_holds_no_boilerplate(tmp_path):
    assert scan(tmp_path, archives.records(400)).boilerplate.num_rows == 0


def test_gathered_spans_are_those_of_their_rows():
    spans = records.Spans(np.array([0, 5, 9]), np.array([4, 8, 12]), np.array([0, 2, 2, 3]))
    taken = spans.take(np.array([2, 1, 0]))
    assert taken.starts.tolist() == [9, 0, 5]
    assert taken.offsets.tolist() == [0, 1, 1, 3]
