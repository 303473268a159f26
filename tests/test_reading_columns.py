"""The quick way through JSON Lines gives exactly what the decoder gives, for every line."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import dates, scratch
from dedup.reading import columns, decoding, fields, kernels, paths, pieces
from dedup.settings import Settings

SOURCE = paths.Source("a b/é.jsonl", "a b/é.jsonl", "é.jsonl", "lines")
USUAL = fields.choose(Settings())
NAMES = [*USUAL.names, "other", "", "Text", "tex", "texts", "données"]

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
SPACES = st.text(
    st.sampled_from(" \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2003\u2028\u202f\u205f\u3000"), max_size=4
)
INTERESTING = st.sampled_from(
    ["Rain fell.", "", " ", "\u201cRain\u201d", "\u3042", "é", "\0", "\U0001f600", '"\\/', "\u200b"]
)
STRINGS = TEXTS | SPACES | INTERESTING | st.builds("".join, st.lists(SPACES | INTERESTING, max_size=3))
NUMBERS = (
    st.integers()
    | st.integers(0, 10**19)
    | st.sampled_from([0, -1, 1739887380, 1739887380000, 20250218, 10**18 - 1, 10**18])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, -0.0, 0.5, 1739887380.5])
)
DATES = st.sampled_from(
    [
        "2025-02-18",
        "2025-02-18T14:03:00Z",
        "2025-02-18 14:03:00+01:00",
        "18 Feb 2025",
        "02/03/2025",
        "Tue, 18 Feb 2025",
    ]
)
SCALARS = st.none() | st.booleans() | NUMBERS | STRINGS | DATES
VALUES = (
    STRINGS
    | SCALARS
    | st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(STRINGS | st.just("name"), inner, max_size=3)
        ),
        max_leaves=5,
    )
)
GAPS = st.sampled_from(["", "", "", " ", "  ", "\t", "\r"])


@st.composite
def records(draw):
    """Return a record as one line: names may stand twice, and white space anywhere."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6))
    if draw(st.integers(0, 3)):
        pairs.insert(draw(st.integers(0, len(pairs))), ("text", "Rain fell."))
    escaped = draw(st.booleans())
    parts = []
    for name, value in pairs:
        written = [json.dumps(each, ensure_ascii=escaped) for each in (name, value)]
        parts.append("".join([draw(GAPS), written[0], draw(GAPS), ":", draw(GAPS), written[1], draw(GAPS)]))
    return (draw(GAPS) + "{" + ",".join(parts) + draw(GAPS) + "}" + draw(GAPS)).encode("utf-8")


LINES = (
    records()
    | st.binary(max_size=12).map(lambda data: data.replace(b"\n", b" "))
    | st.sampled_from([b"", b" ", b"\r", b"\x0c", b"{}", b"[]", b"null", b'"text"', b"\xef\xbb\xbf"])
)
EDITS = st.tuples(
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 3),
    st.sampled_from(
        [
            b'"',
            b"\\",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b",",
            b"0",
            b"-",
            b".",
            b"e",
            b"\\u",
            b"\\ud83d",
            b"\\ude00",
            b"\0",
            b"\t",
            b" ",
            b"\xff",
            b"\xc3",
            b"\xa9",
            b"\xed\xa0\x80",
            b"n",
            b"1e999",
            b"u",
            b"",
        ]
    ),
)


def edited(line, edits):
    """Return a line in which some bytes were replaced."""
    for share, n_bytes, new in edits:
        at = math.floor(share * (len(line) + 1))
        line = line[:at] + new + line[at + n_bytes :]
    return line


def piece(lines, first=1):
    return pieces.Lines(SOURCE, b"".join(line + b"\n" for line in lines), first, len(lines))


def assert_equal_to_the_decoder(lines, wanted=USUAL):
    """Check that both ways give the same pages, of the same types, and the same rejects."""
    given_lines = piece(lines, 7)
    quick = columns.read(given_lines, wanted, scratch.Scratch())
    strict = decoding.decode(given_lines.records(), given_lines.numbers(), SOURCE, wanted).batch()
    quick.pages.validate(full=True)
    assert quick.pages.schema == strict.pages.schema
    assert quick.pages.to_pylist() == strict.pages.to_pylist()
    assert quick.rejects == strict.rejects


@given(st.lists(LINES, min_size=1, max_size=8))
def test_records_of_all_kinds_are_read_as_the_decoder_reads_them(lines):
    assert_equal_to_the_decoder(lines)


@given(st.lists(st.tuples(LINES, st.lists(EDITS, max_size=3)), min_size=1, max_size=5))
@example([(b'{"text":"a","id":-0}', []), (b'{"text":"a","x":1e999}', [])])
@example([(b'{"text":"a","id":"\\ud83d\\ude00\\u00e9\\u20ac\\"\\/"}', [])])
@example([(b'{"text":"a","date":"2025-02-18T14:03:00.\\u0030"}', [])])
@example([(b'{"text":"a"}{"text":"b"}', []), (b'{"text":"a",}', []), (b'{"text":"a","id":[1,]}', [])])
@example([(b'{"te\\u0078t":"a"}', []), (b'{"text":"a","text":null}', []), (b'{"text":null,"text":"a"}', [])])
@example([(b'{"text":"\xe2\x80\x83\xe2\x80\x83"}', []), (b'{"text":"\xe3\x80\x80\xe3\x81\x82"}', [])])
@example([(b'{"text":"a","x":' + b"[" * 70 + b"]" * 70 + b"}", [])])
def test_damaged_records_are_read_as_the_decoder_reads_them(lines):
    assert_equal_to_the_decoder([edited(line, edits).replace(b"\n", b"") for line, edits in lines])


@given(st.lists(records(), min_size=1, max_size=4), st.sampled_from(["text", "données", "other", ""]))
def test_named_fields_are_read_as_the_decoder_reads_them(lines, name):
    chosen = Settings(text_field=name, title_field="text", id_field="nr", published_field="text")
    assert_equal_to_the_decoder(lines, fields.choose(chosen))


ISO_PARTS = st.tuples(
    st.sampled_from(["2025", "1600", "1599", "2100", "2101", "2024", "1900", "2000", "0000"]),
    st.sampled_from(["-", "-", "-", "/"]),
    st.sampled_from(["01", "02", "04", "08", "12", "13", "00", "1"]),
    st.just("-"),
    st.sampled_from(["01", "28", "29", "30", "31", "32", "00", "3"]),
    st.sampled_from(["T", "T", " ", " ", "t", "", "  "]),
    st.sampled_from(["00", "23", "24", "14", "", "1"]),
    st.sampled_from([":", ":", ":", ""]),
    st.sampled_from(["00", "59", "60", "03", ""]),
    st.sampled_from([":00", ":59", ":60", ":07", ":7", ""]),
    st.sampled_from(["", "", "", ".0", ".123456789", ".1234567890", ",5", "."]),
    st.sampled_from(
        [
            "",
            "",
            "Z",
            "z",
            " Z",
            "+00:00",
            "-00:00",
            "+01:00",
            "-05:30",
            "+14:00",
            "+14:01",
            "-15:00",
            "+0100",
            "+01",
            "+24:00",
            "+01:60",
            "ZZ",
            "+1:000",
        ]
    ),
)


@given(st.lists(ISO_PARTS, min_size=1, max_size=30))
def test_dates_are_those_of_the_strict_parser(parts):
    texts = ["".join(some[:5]) if not some[6] else "".join(some) for some in parts]
    lines = [json.dumps({"text": "Rain fell.", "date": text}).encode() for text in texts]
    found = columns.read(piece(lines), USUAL, scratch.Scratch()).pages["published"].to_pylist()
    assert found == [claimed.iso if (claimed := dates.parse(text)) else None for text in texts]


def test_the_usual_dates_are_not_left_to_the_strict_parser():
    usual = [
        "2025-02-18",
        *(f"2025-02-18{mark}14:03:00{zone}" for mark in "T " for zone in ("", "Z", ".5Z", "-05:30")),
    ]
    for text in usual:
        data = np.frombuffer(f'"{text}"}}\n'.encode(), np.uint8)
        assert kernels._write_date(data, 1, 1 + len(text), np.empty(25, np.uint8), 0)  # noqa: SLF001


def test_usual_records_are_not_left_to_the_decoder(monkeypatch):
    """Everything in a news archive that is well formed takes the quick way."""
    monkeypatch.setattr(decoding, "decode", None)
    record = {
        "id": 7, "url": "http://x.org/", "headline": "Rain \u201cfell\u201d", "title": "", "created": 1739887380,
        "source": {"name": "The Gazette"}, "authors": ["A. Ash", "B. Birch"], "body": 'R\u00e4in\n"fell".',
        "x": [{"y": None}, 1.5, True],
    }  # fmt: skip
    lines = [json.dumps(record, ensure_ascii=escaped).encode() for escaped in (True, False)]
    expected = {
        "page_id": "7", "source_path": SOURCE.shown, "title": "Rain \u201cfell\u201d", "outlet": "The Gazette",
        "url": "http://x.org/", "byline": "A. Ash, B. Birch", "published": "2025-02-18T14:03:00+00:00",
        "warnings": [], "margins": [], "text": 'R\u00e4in\n"fell".',
    }  # fmt: skip
    assert columns.read(piece(lines), USUAL, scratch.Scratch()).pages.to_pylist() == [
        {**expected, "line": 1},
        {**expected, "line": 2},
    ]


def test_only_the_lines_that_are_odd_are_left_to_the_decoder(monkeypatch):
    asked = []

    def noted(data, numbers, source, wanted):
        asked.extend(zip(data, numbers, strict=True))
        return decode(data, numbers, source, wanted)

    decode = decoding.decode
    monkeypatch.setattr(decoding, "decode", noted)
    odd = [b'{"text": "Rain fe', b'{"text": "Snow fell.", "id": [1]}', b'{"text": " "}', b"\x0c"]
    usual = [json.dumps({"id": number, "text": "Rain fell."}).encode() for number in range(4)]
    lines = [line for pair in zip(usual, odd, strict=True) for line in pair]
    batch = columns.read(piece(lines), USUAL, scratch.Scratch())
    assert asked == list(zip(odd, [2, 4, 6, 8], strict=True))
    assert batch.pages["line"].to_pylist() == [1, 3, 4, 5, 7]
    assert [reject.line for reject in batch.rejects] == [2, 6]


def test_a_piece_that_is_not_utf_8_is_left_to_the_decoder():
    lines = [b'{"text": "Rain fell.", "x": "caf\xe9"}', b'{"text": "caf\xe9"}', '{"text": "café"}'.encode()]
    assert_equal_to_the_decoder(lines)
    assert columns.read(piece(lines), USUAL, scratch.Scratch()).pages["line"].to_pylist() == [1, 3]


def test_a_piece_that_is_very_long_is_left_to_the_decoder(monkeypatch):
    monkeypatch.setattr(columns, "_MOST_BYTES", 10)
    monkeypatch.setattr(kernels, "find", None)
    assert_equal_to_the_decoder([b'{"text": "Rain fell."}'])


@pytest.mark.parametrize("size", [1, 63, 64, 4095, 4096, 4097, 10_000])
def test_places_are_those_of_a_plain_search(size):
    chance = np.random.default_rng(size)
    data = chance.integers(0, 256, size).astype(np.uint8)
    places = np.empty(size + 1, np.int32)
    n_places = kernels.index(data, np.zeros(kernels.FLAGS, bool), places)
    expected = np.flatnonzero((data < 32) | (data == ord('"')) | (data == ord("\\")))
    assert places[:n_places].tolist() == expected.tolist()
