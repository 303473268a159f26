from __future__ import annotations

import hypothesis
from hypothesis import strategies as st

from dedup.reporting import differences

WORDS = st.sampled_from(["the", "talks", "ended", "in", "Riyadh", "no", "date", "was", "set", "外", "相"])
BREAKS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  \n \n"])
TEXTS = st.lists(st.tuples(WORDS, BREAKS), max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
PARAGRAPHS = [
    f"Paragraph {n} tells of {n * 7} ships that left port number {n * 13} at dawn." for n in range(6)
]


def side(rows, name):
    """Return all the words of one side, without spaces."""
    return "".join(piece.text for row in rows for piece in getattr(row, name)).replace(" ", "")


@hypothesis.given(left=TEXTS, right=TEXTS)
def test_each_side_holds_all_its_words_in_order(left, right):
    rows = differences.compare(left, right)
    assert side(rows, "left") == "".join(left.split())
    assert side(rows, "right") == "".join(right.split())


@hypothesis.given(left=TEXTS, right=TEXTS)
def test_equal_words_are_the_same_on_both_sides(left, right):
    rows = differences.compare(left, right)
    kept = [
        "".join(piece.text for row in rows for piece in getattr(row, name) if piece.kind == "equal")
        for name in ("left", "right")
    ]
    assert kept[0].replace(" ", "") == kept[1].replace(" ", "")


@hypothesis.given(text=TEXTS)
def test_a_text_is_equal_to_itself_with_other_line_breaks(text):
    assert all(row.equal for row in differences.compare(text, "\n".join(text.split())))


def test_a_word_that_was_put_in_is_all_that_differs():
    rows = differences.compare("No date has been set.", "No new date has been set.")
    assert rows == [
        differences.Row(
            (differences.Piece("equal", "No date has been set."),),
            (
                differences.Piece("equal", "No"),
                differences.Piece("inserted", "new"),
                differences.Piece("equal", "date has been set."),
            ),
        )
    ]


def test_a_paragraph_that_was_left_out_stands_alone():
    rows = differences.compare("\n\n".join(PARAGRAPHS), "\n\n".join(PARAGRAPHS[:2] + PARAGRAPHS[3:]))
    assert [row.equal for row in rows] == [True, True, False, True, True, True]
    assert rows[2] == differences.Row((differences.Piece("deleted", PARAGRAPHS[2]),), ())


def test_a_paragraph_that_was_replaced_stands_beside_its_replacement():
    other = "Nobody knows anything about those vessels."
    rows = differences.compare("\n".join(PARAGRAPHS[:3]), "\n".join([PARAGRAPHS[0], other, PARAGRAPHS[2]]))
    assert [row.equal for row in rows] == [True, False, True]
    assert rows[1].left == (differences.Piece("deleted", PARAGRAPHS[1]),)
    assert rows[1].right == (differences.Piece("inserted", other),)


def test_an_end_and_a_beginning_that_changed_stay_in_their_paragraphs():
    left = "The envoy left Riyadh on Tuesday night, Reuters stated.\nLavrov also took time to nettle Europe."
    right = "The envoy left Riyadh on Tuesday night, it is said.\nAnd he took time to nettle Europe."
    rows = differences.compare(left, right)
    assert [[piece.text for piece in row.left if piece.kind == "deleted"] for row in rows] == [
        ["Reuters stated."],
        ["Lavrov also"],
    ]
    assert [[piece.text for piece in row.right if piece.kind == "inserted"] for row in rows] == [
        ["it is said."],
        ["And he"],
    ]


def test_lines_that_were_wrapped_are_no_paragraphs():
    wrapped = "\n\n".join(paragraph.replace(" ships", "\nships") for paragraph in PARAGRAPHS)
    rows = differences.compare(wrapped, "\n".join(PARAGRAPHS))
    assert len(rows) == len(PARAGRAPHS)
    assert all(row.equal for row in rows)


def test_two_long_texts_with_nothing_in_common_are_told_apart():
    left = " ".join(f"left{n}" for n in range(3000))
    right = " ".join(f"right{n}" for n in range(3000))
    (row,) = differences.compare(left, right)
    assert [piece.kind for piece in (*row.left, *row.right)] == ["deleted", "inserted"]
