"""From a page to its stories, and from a story to its paragraphs."""

from __future__ import annotations

import random
import re
import textwrap

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import records
from dedup.text import paragraphs, stories

WIDE = 50  # a paragraph's last line that ends before this share of the width is clearly short

HEADS = (
    "REUTERS | Published May 1, 2025",
    "The Café Daily | Published 2 May 2025",
    "X | Published a while ago",
)
LINES = (
    *HEADS,
    "SOURCE: www.reuters.com",
    "SOURCE: two words",
    "RELATED: Ministers meet again",
    "RELATED:",
    "It is read as | Published in a sentence",
    "| Published May 3, 2025",
    "Ministers meet again in May – “perhaps”.",
    "Grain, said Müller, is dear.",
    "   ",
    "",
    "",
)
pages = st.builds(
    lambda lines, end, last: end.join(lines) + last,
    st.lists(st.sampled_from(LINES), max_size=25),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
)


def split(*texts, **options):
    """Return the stories of pages that stand one after another."""
    encoded = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)])
    return stories.split(np.frombuffer(b"".join(encoded), np.uint8), offsets, **options)


def story_texts(text):
    """Return the text of each story of one page."""
    found = split(text)
    data = text.encode()
    return [data[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)]


def heads_of(text):
    """Return the heads of stories in a page that have a date, by a search of its own."""
    return re.findall(r"(?m)^[^\n|]{1,50} \| Published [^\n]{0,34}2\d{3}[^\n]{0,6}?[ \t\r]*$", text)


def find(text, *, before="", after=""):
    """Return the paragraphs of a text that stands between two others."""
    data = (before + text + after).encode()
    begin = len(before.encode())
    end = begin + len(text.encode())
    found = paragraphs.find(np.frombuffer(data, np.uint8), np.array([begin]), np.array([end]))
    return [data[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)]


def test_the_first_seed_holds_three_stories(seeds):
    page = (seeds / "000_697425ad9d472758.txt").read_bytes().decode()
    found = split(page)
    parts = story_texts(page)
    assert "".join(parts) == page
    assert found.numbers.tolist() == [1, 2, 3]
    assert [len(heads_of(part)) for part in parts] == [1, 1, 1]
    assert [part.count("SOURCE: ") for part in parts] == [1, 1, 1]
    dates = [found.heads[story].published for story in range(3)]
    assert dates == ["2023-02-19", "2025-02-18", "2025-02-18"]
    titles = [found.heads[story].title for story in range(3)]
    for title, part in zip(titles, parts, strict=True):
        head = part.index(heads_of(part)[0])
        assert title in part[:head]
        assert not title.startswith("RELATED")


def test_the_second_seed_is_one_story_without_a_head(seeds):
    page = (seeds / "002_50d9d2299dbf9468.txt").read_bytes().decode()
    assert story_texts(page) == [page]
    assert split(page).heads == {}


def test_tails_end_stories():
    page = f"One\n{HEADS[0]}\nbody\nSOURCE: x.com\n\nTwo\n{HEADS[1]}\nmore\nSOURCE: y.com\n"
    assert story_texts(page) == [page[: page.index("Two")], page[page.index("Two") :]]
    assert [split(page).heads[i].title for i in range(2)] == ["One", "Two"]
    assert [split(page).heads[i].published for i in range(2)] == ["2025-05-01", "2025-05-02"]


def test_a_title_with_a_blank_line_below_it_belongs_to_the_story_after_the_tail():
    page = f"One\n\n{HEADS[0]}\nbody\nSOURCE: x.com\n\n\nTwo\n\nBy Somebody\n\n{HEADS[1]}\nmore\n"
    assert story_texts(page) == [page[: page.index("Two")], page[page.index("Two") :]]
    assert split(page).heads[1].title == "Two"


def test_the_last_of_several_tails_ends_a_story():
    page = f"One\n{HEADS[0]}\nbody\nSOURCE: x.com\nSOURCE: y.com\n\nTwo\n{HEADS[1]}\nmore\nSOURCE: x.com\n"
    assert story_texts(page) == [page[: page.index("Two")], page[page.index("Two") :]]


def test_the_last_related_title_is_that_of_the_next_story():
    page = f"One\n{HEADS[0]}\nbody\nRELATED: An older one\nmore\nRELATED: Two\n{HEADS[1]}\nanother body\n"
    assert story_texts(page) == [page[: page.index("RELATED: Two")], page[page.index("RELATED: Two") :]]


def test_without_tails_the_last_blank_line_before_a_head_ends_a_story():
    page = f"One\n{HEADS[0]}\n\nbody\n\nmore of it\n\nTwo\n{HEADS[1]}\n\nanother body\n"
    assert story_texts(page) == [page[: page.index("Two")], page[page.index("Two") :]]


def test_without_tails_a_related_title_begins_the_next_story():
    page = f"One\n{HEADS[0]}\nbody\nRELATED: Two\n\n{HEADS[1]}\nanother body\n"
    assert story_texts(page) == [page[: page.index("RELATED")], page[page.index("RELATED") :]]
    assert split(page).heads[1].title == "Two"


def test_without_tail_or_blank_line_a_head_begins_its_story():
    page = f"{HEADS[0]}\nbody\n{HEADS[1]}\nanother body\n"
    assert story_texts(page) == [f"{HEADS[0]}\nbody\n", f"{HEADS[1]}\nanother body\n"]


def test_what_looks_like_a_head_and_has_no_date_is_none():
    (head,) = split(f"One\n{HEADS[2]}\nbody\n").heads.values()
    assert head == stories.Head(None, None)


def test_a_page_with_one_head_is_one_story_that_knows_its_title():
    page = f"\n  One\n\n{HEADS[0]}\nbody\n\nand more\nSOURCE: x.com\n\nFooter of the site\n"
    assert story_texts(page) == [page]
    assert split(page).heads == {0: stories.Head("One", "2025-05-01")}


@pytest.mark.parametrize(
    "mention",
    [
        "It was first | Published in May, they say",
        "| Published May 1, 2025",
        f"a | b | {HEADS[0]}",
        f"{HEADS[0]} and so on",
    ],
)
def test_a_page_that_only_mentions_the_mark_is_one_story_without_title_and_date(mention):
    page = f"One\n\nbody\n{mention} that was said to have been so for ever\n\nmore\n"
    found = split(page)
    assert story_texts(page) == [page]
    assert all(head == stories.Head(None, None) for head in found.heads.values())


def test_without_splitting_every_page_is_one_story():
    page = f"One\n{HEADS[0]}\nbody\nSOURCE: x.com\n\nTwo\n{HEADS[1]}\nmore\nSOURCE: y.com\n"
    found = split(page, page, split_stories=False)
    assert found.pages.tolist() == [0, 1]
    assert found.starts.tolist() == [0, len(page.encode())]
    assert found.heads == {}


def test_carriage_returns_split_as_newlines_do(seeds):
    page = (seeds / "000_697425ad9d472758.txt").read_bytes().decode().replace("\r\n", "\n")
    assert [part.replace("\r", "") for part in story_texts(page.replace("\n", "\r\n"))] == story_texts(page)
    plain, returned = split(page), split(page.replace("\n", "\r\n"))
    assert plain.heads == returned.heads


@given(pages)
@example("")
@example(f"{HEADS[0]}\r\n{HEADS[1]}")
@example(f"SOURCE: x.com\n{HEADS[0]}\nSOURCE: x.com\nSOURCE: x.com")
def test_stories_cover_their_page_and_each_has_one_head(page):
    found = split(page)
    assert found.starts[0] == 0
    assert found.ends[-1] == len(page.encode())
    assert found.starts[1:].tolist() == found.ends[:-1].tolist()
    assert found.numbers.tolist() == list(range(1, len(found) + 1))
    n_heads = [len(heads_of(part)) for part in story_texts(page)]
    assert n_heads == [1] * len(found) or (n_heads == [0] and heads_of(page) == [])


@given(st.lists(pages, max_size=6))
@example(["", f"{HEADS[0]}\n{HEADS[1]}", "", "", "a\n\nb | Publ", "ished May 1, 2025\nc"])
def test_pages_in_a_batch_are_split_as_they_are_alone(batch):
    together = split(*batch)
    begin, story = 0, 0
    for number, page in enumerate(batch):
        alone = split(page)
        rows = slice(story, story + len(alone))
        assert together.pages[rows].tolist() == [number] * len(alone)
        assert together.numbers[rows].tolist() == alone.numbers.tolist()
        assert together.starts[rows].tolist() == (alone.starts + begin).tolist()
        assert together.ends[rows].tolist() == (alone.ends + begin).tolist()
        none = stories.Head(None, None)
        for i in range(len(alone)):
            assert together.heads.get(story + i, none) == alone.heads.get(i, none)
        begin += len(page.encode())
        story += len(alone)
    assert story == len(together)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\r\n \t Title \r\nText", "Title"),
        ("Überschrift".encode(), "Überschrift"),
        (b"", None),
        (b"\n \n", None),
        (b"x" * 200, "x" * 200),
        (b"x" * 201, None),
        ("ü".encode() * 200, "ü" * 200),
    ],
)
def test_the_first_line_is_the_title_where_it_is_short_enough(text, expected):
    assert stories.first_line(text) == expected


BLANKS = " \t\r\n\x0b\x0c\x1c\x85\u00a0\u1680\u2003\u2028\u202f\u3000"
BEGINNINGS = st.tuples(
    st.text(BLANKS, max_size=5),
    st.text(f"aé“中😀{BLANKS}"),
    st.integers(0, 300),
    st.sampled_from("xé中😀\n "),
).map(lambda parts: f"{parts[0]}{parts[1]}{parts[3] * parts[2]} end")


@given(st.lists(BEGINNINGS, max_size=5))
def test_the_first_lines_of_stories_are_those_of_each_alone(texts):
    encoded = [text.encode() for text in texts]
    offsets = records.offsets(np.array([*map(len, encoded)], np.int64))
    joined = np.frombuffer(b"".join(encoded), np.uint8)
    # of a character at the end of what is read, all or nothing
    read = [text[:800].decode(errors="ignore").encode() for text in encoded]
    expected = [stories.first_line(text) for text in read]
    assert stories.first_lines(joined, offsets[:-1], offsets[1:]).to_pylist() == expected


def sentences(seed, n_paragraphs, n_words):
    """Return made-up paragraphs, each the words of sentences, of about that many words."""
    chance = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyzäöüéß"
    made = []
    for _ in range(n_paragraphs):
        words = ["".join(chance.choices(letters, k=chance.randint(1, 11))) for _ in range(n_words)]
        for place in range(0, n_words, chance.randint(6, 14)):
            words[place] = words[place].capitalize()
            words[place - 1] += chance.choice([".", ".", "?", ".”", ","])
        made.append(" ".join(words[:-1]) + " end.")
    return made


def wrapped(paragraph, width, indent=""):
    return textwrap.wrap(
        paragraph, width, initial_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def unwrapped(found):
    return [" ".join(paragraph.split()) for paragraph in found]


seeds_of_chance = st.integers(0, 2**32)
widths = st.integers(50, 80)
breaks = st.sampled_from(["\n", "\r\n", "\r"])


@given(
    seeds_of_chance, st.integers(1, 8), st.sampled_from(["\n\n", "\n \t\n", "\n\n\n\n", "\r\n\r\n", "\r\r"])
)
def test_blank_lines_part_paragraphs(seed, count, blank):
    made = sentences(seed, count, 20)
    assert find(blank.join(made)) == made


@given(seeds_of_chance, st.integers(3, 8), st.integers(30, 90), breaks)
def test_a_paragraph_in_each_line_is_found(seed, count, n_words, line_break):
    made = sentences(seed, count, n_words)
    assert find(line_break.join(made)) == made


@given(seeds_of_chance, st.integers(2, 5), st.integers(45, 90), widths, breaks)
def test_wrapped_paragraphs_between_blank_lines_are_found_again(seed, count, n_words, width, line_break):
    made = sentences(seed, count, n_words)
    blocks = [line_break.join(wrapped(paragraph, width)) for paragraph in made]
    assert unwrapped(find((line_break * 2).join(blocks))) == made


@given(
    seeds_of_chance,
    st.integers(2, 5),
    st.integers(80, 140),
    widths,
    st.sampled_from(["  ", "    ", "\t "]),
    breaks,
)
def test_wrapped_paragraphs_that_are_indented_are_found_again(
    seed, count, n_words, width, indent, line_break
):
    made = sentences(seed, count, n_words)
    lines = [line for paragraph in made for line in wrapped(paragraph, width, indent)]
    assert unwrapped(find(line_break.join(lines))) == made


@given(seeds_of_chance, st.integers(2, 5), widths, breaks)
def test_wrapped_paragraphs_that_end_in_a_clearly_short_line_are_found_again(seed, count, width, line_break):
    made = []
    for paragraph in sentences(seed, count, 90):
        lines = wrapped(paragraph, width)
        short = next(
            end for end in range(len(lines[-2]) + 1) if lines[-2][:end].endswith(" ") or end > width // 3
        )
        made.append([*lines[:-1], lines[-2][:short].split(" ")[0] + " end."])
    text = line_break.join(line for lines in made for line in lines)
    assert unwrapped(find(text)) == [" ".join(lines) for lines in made]


def test_a_wrapped_text_keeps_its_short_lines_inside_a_sentence():
    lines = wrapped(sentences(5, 1, 120)[0], 60)
    lines.insert(4, "of")
    assert len(find("\n".join(lines))) == 1


@pytest.mark.parametrize("end", ["end.", "end?", "end!", "end:", 'end."', "end.)", "end.”", "end.’", "end!»"])
def test_a_sentence_ends_before_a_closing_quote_too(end):
    lines = wrapped(sentences(5, 1, 120)[0], 60)
    lines[4] = end
    assert len(find("\n".join(lines))) == 2


def test_short_lines_that_nobody_wrapped_are_paragraphs():
    lines = [
        "Results",
        "Arsenal 2, Chelsea 0, after extra time",
        "Leeds 1, Hull 1",
        "Next: Friday",
        "All at home",
    ]
    assert find("\n".join(lines)) == lines


@given(
    st.lists(
        st.sampled_from([*LINES, "  indented by two", " x", "\u00a0\u3000", "A" * 130, "東京。", "\x0c"]),
        max_size=25,
    ),
    breaks,
)
def test_paragraphs_cover_all_but_white_space_and_never_a_blank_line(lines, line_break):
    text = line_break.join(lines)
    data = text.encode()
    found = paragraphs.find(np.frombuffer(data, np.uint8), np.array([0]), np.array([len(data)]))
    assert (found.starts < found.ends).all()
    assert (found.ends[:-1] <= found.starts[1:]).all()
    edges = [0, *np.column_stack((found.starts, found.ends)).ravel().tolist(), len(data)]
    between = [data[edges[i] : edges[i + 1]].decode() for i in range(0, len(edges), 2)]
    assert all(not part or part.isspace() for part in between)
    for paragraph in find(text):
        assert paragraph == paragraph.strip(" \t\r\n")
        assert not re.search(r"\n[ \t\r]*\n|\r[ \t]*\r", paragraph)


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join), max_size=6))
def test_stories_in_a_batch_have_the_paragraphs_that_they_have_alone(batch):
    encoded = [text.encode() for text in batch]
    data = b"".join(encoded)
    edges = np.cumsum([0, *map(len, encoded)])
    found = paragraphs.find(np.frombuffer(data, np.uint8), edges[:-1], edges[1:])
    assert len(found) == len(batch)
    for story, text in enumerate(batch):
        rows = slice(found.offsets[story], found.offsets[story + 1])
        spans = zip(found.starts[rows], found.ends[rows], strict=True)
        assert [data[start:end].decode() for start, end in spans] == find(text)


@given(
    seeds_of_chance,
    widths,
    st.sampled_from(["x\n", "x\r\n", "\r", " "]),
    st.sampled_from(["\ny", "\r\n", "\n\n"]),
)
def test_the_text_around_a_story_is_not_read(seed, width, before, after):
    text = "\n".join(line for paragraph in sentences(seed, 2, 60) for line in wrapped(paragraph, width))
    assert find(text, before=before, after=after) == find(text)


@pytest.mark.parametrize("text", ["\n" * 100, "a\n" * 500, "a\n\n" * 500, "\r\n".join("abc" * 300)])
def test_texts_of_very_short_lines_find_room(text):
    found = find(text)
    assert "".join(found).replace("\n", "").replace("\r", "") == "".join(text.split())


def test_a_headline_and_the_line_below_it_are_two_paragraphs():
    assert (
        len(find("A headline of a story\nThe story itself, in one line that is much longer than that.")) == 2
    )


def test_lines_that_each_end_a_sentence_are_paragraphs_however_equal_their_lengths():
    lines = [f"{'word ' * 18}number {number}." for number in range(6)]
    assert len(find("\n".join(lines))) == 6
