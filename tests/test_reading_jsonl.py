from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import errors, reading
from dedup.reading import fields, paths, pieces, streams
from dedup.reading import jsonl as reader
from dedup.settings import Settings

CHARACTERS = st.characters(codec="utf-8")
MANY = 200_000


def read(path, settings=None):
    """Return the rows and the log of reading a path."""
    log = reading.ReadingLog()
    found = list(reading.read([str(path)], settings or Settings(), log))
    return [row for batch in found for row in batch.to_pylist()], log


@pytest.fixture
def read_data(tmp_path):
    """Return a function that reads bytes or records as a file of a name."""

    def run(data, name="a.jsonl", settings=None):
        if isinstance(data, list):
            data = "\n".join(json.dumps(record) for record in data)
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return read(path, settings)

    return run


def lines_and_reasons(log):
    return [(reject.line, reject.reason) for reject in log.rejects]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (name, role)
        for role, names in fields.USUAL.items()
        for name in names
        if role not in {"published", "id"}
    ],
)
def test_each_usual_name_of_a_field_is_known(read_data, field, column):
    record = {"text": "Rain fell.", field: "Given so."} if column != "text" else {field: "Given so."}
    rows, log = read_data([record])
    assert rows[0][column] == "Given so."
    assert (log.rejects, rows[0]["warnings"]) == ([], [])


@pytest.mark.parametrize("field", fields.USUAL["published"])
def test_each_usual_name_of_a_date_is_known(read_data, field):
    rows, _ = read_data([{"text": "Rain fell.", field: "Feb. 18, 2025"}])
    assert rows[0]["published"] == "2025-02-18"


def test_the_first_field_that_holds_anything_counts(read_data):
    rows, _ = read_data(
        [
            {"text": "", "body": "from body", "content": "from content", "headline": "H", "title": "T"},
            {"text": None, "content": "from content", "headline": "H", "title": ""},
            {"text": "from text", "body": "from body"},
        ]
    )
    assert [row["text"] for row in rows] == ["from body", "from content", "from text"]
    assert [row["title"] for row in rows] == ["T", "H", None]


def test_a_named_field_is_the_only_one_that_is_looked_at(read_data):
    record = {"text": "usual", "dc:text é": "named", "headline": "usual", "id": "usual", "nr": 7}
    settings = Settings(text_field="dc:text é", title_field="kicker", id_field="nr")
    rows, log = read_data([record, {"text": "usual"}], settings=settings)
    assert [(row["page_id"], row["title"], row["text"]) for row in rows] == [("7", None, "named")]
    assert lines_and_reasons(log) == [(2, 'no text: the record has none of "dc:text é"')]


def test_one_field_may_be_named_for_two_things(read_data):
    rows, _ = read_data([{"text": "Rain fell."}], settings=Settings(title_field="text"))
    assert (rows[0]["title"], rows[0]["text"]) == ("Rain fell.", "Rain fell.")


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb"])
def test_a_field_name_that_cannot_be_searched_for_is_an_error(read_data, name):
    with pytest.raises(errors.SettingError, match='"text_field" must be printable'):
        read_data([{"text": "Rain fell."}], settings=Settings(text_field=name))


@pytest.mark.parametrize(
    ("record", "page_id"),
    [
        ({"id": "a", "url": "http://x.org/"}, "a"),
        ({"id": 7, "url": "http://x.org/"}, "7"),
        ({"id": 0}, "0"),
        ({"id": 1.5}, "1.5"),
        ({"id": 10**30}, "1" + "0" * 30),
        ({"id": " ", "url": "http://x.org/"}, "http://x.org/"),
        ({"id": None, "url": "http://x.org/"}, "http://x.org/"),
        ({"url": ""}, "a.jsonl:1"),
        ({}, "a.jsonl:1"),
    ],
)
def test_a_page_has_the_id_of_its_record_or_its_url_or_its_place(read_data, record, page_id):
    rows, _ = read_data([{"text": "Rain fell.", **record}])
    assert (rows[0]["page_id"], rows[0]["line"], rows[0]["warnings"]) == (page_id, 1, [])


@pytest.mark.parametrize(
    ("field", "value", "column", "expected"),
    [
        ("author", ["A. Ash", "B. Birch"], "byline", "A. Ash, B. Birch"),
        ("author", [{"name": "A. Ash", "url": "x"}, {"@type": "Person"}, None, ""], "byline", "A. Ash"),
        ("author", {"name": "A. Ash"}, "byline", "A. Ash"),
        ("authors", [], "byline", None),
        ("source", {"id": None, "name": "The Gazette"}, "outlet", "The Gazette"),
        ("publisher", 24, "outlet", "24"),
        ("title", 1984, "title", "1984"),
        ("title", "  ", "title", None),
        ("date", 1739887380, "published", "2025-02-18T14:03:00+00:00"),
        ("date", 1739887380000, "published", "2025-02-18T14:03:00+00:00"),
        ("date", 20250218, "published", "2025-02-18"),
        ("date", "2025-02-18T14:03:00Z", "published", "2025-02-18T14:03:00+00:00"),
        ("date", " ", "published", None),
    ],
)
def test_values_of_odd_types_are_understood(read_data, field, value, column, expected):
    rows, _ = read_data([{"text": "Rain fell.", field: value}])
    assert (rows[0][column], rows[0]["warnings"]) == (expected, [])


@pytest.mark.parametrize(
    ("field", "value", "warning"),
    [
        ("date", "02/03/2025", 'date "02/03/2025" is not understood'),
        ("date", 17, "date 17 is not understood"),
        ("date", True, "date true is not understood"),
        ("date", "x" * 100, f'date "{"x" * 59}... is not understood'),
        ("title", True, "title is not understood: true"),
        ("author", [{"given": "A."}, 3], 'byline is not understood: [{"given":"A."},3]'),
        ("source", {"name": None}, 'outlet is not understood: {"name":null}'),
        ("id", [1], "id must be a string or a number: [1]"),
        ("id", False, "id must be a string or a number: false"),
    ],
)
def test_values_that_are_not_understood_are_null_with_a_warning(read_data, field, value, warning):
    rows, log = read_data([{"text": "Rain fell.", field: value}])
    nulls = [rows[0][column] for column in ("title", "outlet", "byline", "published")]
    assert nulls == [None] * 4
    assert (rows[0]["page_id"], rows[0]["warnings"], log.rejects) == ("a.jsonl:1", [warning], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "Rain fe', 'not valid JSON: it ends too early: {"text": "Rain fe'),
        (b'{"text": "a"} x', 'not valid JSON: trailing characters (byte 15): {"text": "a"} x'),
        (b'{"text": NaN}', 'not valid JSON: invalid character (byte 9): {"text": NaN}'),
        (b"Rain fell.", "not valid JSON: invalid character (byte 0): Rain fell."),
        (b"[1, 2]", "a record must be a JSON object: [1, 2]"),
        (b"null", "a record must be a JSON object: null"),
        (b'{"id": 1}', 'no text: the record has none of "text", "body", "content"'),
        (b'{"text": null}', 'no text: "text" must not be blank: null'),
        (b'{"body": " \\n"}', 'no text: "body" must not be blank: " \\n"'),
        (b'{"text": ["a", "b"]}', '"text" must be a string: ["a","b"]'),
        (b'{"text": 5}', '"text" must be a string: 5'),
        (b'{"text": "", "body": 5}', '"body" must be a string: 5'),
        (
            b'{"text": "caf\xe9"}',
            (
                'not UTF-8: byte 0xe9 at offset 13 of the record: {"text": "caf\ufffd"}; '
                "save it as UTF-8, or: iconv -f WINDOWS-1252 -t UTF-8"
            ),
        ),
        (
            b'{"text": "a\\ud83d"}',
            'not valid text: \\ud83d is half of a character: {"text": "a\\ud83d"}',
        ),
        (
            b'{"text": "\\udE00 a"}',
            'not valid text: \\udE00 is half of a character: {"text": "\\udE00 a"}',
        ),
        (b'{"text": ' + b"[" * 5000, 'not read: nested too deeply: {"text": ' + "[" * 51 + "..."),
        (b'{"text": "\x1b[31m"}', 'not valid JSON: invalid character (byte 10): {"text": "\ufffd[31m"}'),
    ],
)
def test_a_line_that_is_no_record_with_a_text_is_a_reject_and_the_rest_goes_on(read_data, line, reason):
    rows, log = read_data(b'{"text": "one"}\n\n' + line + b'\n{"text": "two"}')
    assert [(row["page_id"], row["text"]) for row in rows] == [("a.jsonl:1", "one"), ("a.jsonl:4", "two")]
    assert lines_and_reasons(log) == [(3, reason)]
    assert (log.n_files, log.n_records) == (1, 2)


def test_pairs_of_surrogates_and_escaped_backslashes_are_text(read_data):
    rows, log = read_data(b'{"text": "\\ud83d\\ude00 \\\\ud83d"}')
    assert [row["text"] for row in rows] == ["\U0001f600 \\ud83d"]
    assert log.rejects == []


def test_lines_may_end_with_a_carriage_return_and_the_last_with_nothing(read_data):
    rows, log = read_data(b'{"text": "one"}\r\n\r\n{"text": "two\\r\\n"}')
    assert [(row["line"], row["text"]) for row in rows] == [(1, "one"), (3, "two\r\n")]
    assert log.rejects == []


def test_what_stands_before_the_cut_of_gzip_data_is_read(tmp_path):
    lines = [json.dumps({"text": f"Rain fell {number * 7919 % 10007} times."}) for number in range(MANY)]
    data = gzip.compress("\n".join(lines).encode("utf-8"), compresslevel=1)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data[: len(data) // 2])
    rows, log = read(path)
    assert MANY // 4 < len(rows) < MANY
    assert [row["line"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["text"] == json.loads(lines[len(rows) - 1])["text"]
    lost = "gzip data are damaged: they end too early; what follows is lost"
    assert lines_and_reasons(log) == [(len(rows) + 1, lost)]


def test_a_single_line_of_50_mb_is_read_and_half_of_it_is_a_reject(tmp_path):
    text = "Rain fell. " * 4_600_000
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": text})
    path.write_text(f'{{"text": "one"}}\n{line}\n{line[:-2]}\n{{"text": "two"}}', encoding="utf-8")
    log = reading.ReadingLog()
    found = list(reading.read([str(path)], Settings(), log))
    assert [batch.column("line").to_pylist() for batch in found] == [[1], [2], [4]]
    assert found[1].column("text")[0].as_py() == text
    assert lines_and_reasons(log) == [
        (3, f"not valid JSON: it ends too early: {line[:60]}..."),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{\n  "id": "a",\n  "text": "one"\n}\n', [("a", None, "one")]),
        ('{\n  "text": "one"\n}', [("a.json", None, "one")]),
        ('{"text": "one"}\n', [("a.json", None, "one")]),
        ('{"text": "one",\n"title": "x"}', [("a.json", None, "one")]),
        ('{"text": "one"}\n{"text": "two"}', [("a.json:1", 1, "one"), ("a.json:2", 2, "two")]),
        ('[\n{"text": "one"},\n{"id": 7, "text": "two"}]', [("a.json:1", 1, "one"), ("7", 2, "two")]),
        ('[{"text": "one"}, {"text": "two"}]', [("a.json:1", 1, "one"), ("a.json:2", 2, "two")]),
    ],
)
def test_a_json_file_is_one_object_or_an_array_or_json_lines(read_data, data, expected):
    rows, log = read_data(data, name="a.json")
    assert [(row["page_id"], row["line"], row["text"]) for row in rows] == expected
    assert log.rejects == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{\n  "text": "one', [(None, 'not valid JSON: it ends too early: {\ufffd  "text": "one')]),
        ('{"text": "o\n{"text": "two"}', [(1, 'not valid JSON: it ends too early: {"text": "o')]),
        ('{"text": "one"}\n{"text": "t', [(2, 'not valid JSON: it ends too early: {"text": "t')]),
        ('[{"text": "one"}, 5, {"id": 1}]', [
            (2, "a record must be a JSON object: 5"),
            (3, 'no text: the record has none of "text", "body", "content"'),
        ]),
        ('[{"text": "one"}, {"te', [(None, 'not valid JSON: it ends too early: [{"text": "one"}, {"te')]),
        ("Rain fell.", [(None, "not valid JSON: invalid character (byte 0): Rain fell.")]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_json_file_is_told_by_line_where_it_has_lines(read_data, data, expected):
    _, log = read_data(data, name="a.json")
    assert lines_and_reasons(log) == expected


def test_the_format_of_a_json_file_is_found_though_its_first_line_is_long(read_data):
    record = {"text": "Rain fell. " * 300_000}
    rows, _ = read_data([record, record], name="a.json")
    assert [row["page_id"] for row in rows] == ["a.json:1", "a.json:2"]
    rows, _ = read_data([record], name="a.json")
    assert [row["page_id"] for row in rows] == ["a.json"]


def test_rejects_stand_in_the_order_of_their_lines(read_data):
    _, log = read_data(b'{"id": 1}\nx\n{"id": 1}\nx\n{"text": "one"}')
    assert [reject.line for reject in log.rejects] == [1, 2, 3, 4]


@given(
    st.lists(st.tuples(st.text(CHARACTERS, min_size=1), st.booleans()), min_size=1, max_size=20),
    st.integers(1, 50),
)
def test_texts_come_back_exactly_whatever_the_chunks_and_escapes(texts, size):
    lines = [json.dumps({"id": "a", "text": text}, ensure_ascii=escaped) for text, escaped in texts]
    data = "\n".join(lines).encode("utf-8")
    log = reading.ReadingLog()
    found = [page["text"] for page in _pages(data, size, log)]
    assert found == [text for text, _ in texts if text.strip()]
    assert len(found) + len(log.rejects) == len(texts)


@given(
    st.lists(
        st.sampled_from(
            [b'{"text": "a"}', b"", b"  ", b"\r", b'{"text":', b"{}", b"[]", b"\xff", b'"\\ud800"']
        )
        | st.binary(max_size=12).map(lambda data: data.replace(b"\n", b" ")),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 50),
)
def test_every_line_with_anything_on_it_is_a_page_or_a_reject(lines, size):
    log = reading.ReadingLog()
    numbers = [page["line"] for page in _pages(b"\n".join(lines), size, log)]
    told = numbers + [reject.line for reject in log.rejects if reject.line]
    filled = [number for number, line in enumerate(lines, start=1) if line.strip()]
    first_is_a_mark = lines[0].strip() == streams.BYTE_ORDER_MARK
    assert sorted(told) == filled[first_is_a_mark:]


def _pages(data, size, log):
    """Return the pages that JSON Lines give that come in chunks of a size."""
    source = paths.Source("a.jsonl", "a.jsonl", "a.jsonl", "lines")
    stream = streams.Stream(source, log)
    stream._rest = iter([data[start : start + size] for start in range(0, len(data), size)])  # noqa: SLF001
    rows = []
    for block in pieces.gather(reader.lines(stream, source), fields.choose(Settings())):
        batch = reading.parse(block)
        log.add(batch)
        rows += batch.pages.to_pylist()
    return rows
