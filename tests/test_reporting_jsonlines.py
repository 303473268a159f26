from __future__ import annotations

import hypothesis
import msgspec
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from dedup import records
from dedup.reporting import formats, jsonlines

INTEGERS = st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-20_000, 200_000)
# with what must be escaped, and with characters of one to four bytes
TEXTS = st.text(max_size=40) | st.text('\x00\x08\x1f\n\t"\\/\x7f\x80é“😀', max_size=70)
FRACTIONS = (
    st.integers(-(10**9), 10**9).map(lambda number: number / 1e6)
    | st.integers(-20, 20).map(lambda number: number / 1e6)
    | st.floats()
    | st.sampled_from([0.0, -0.0, 1e15, 1e16, 999_999_999.999999, 1e9, 0.1 + 0.2])
)
KINDS = {
    "text": (pa.string(), TEXTS),
    "number": (pa.int64(), INTEGERS),
    "small": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "fraction": (pa.float64(), FRACTIONS),
    "six": (pa.float64(), st.integers(-(10**9), 10**9).map(lambda number: number / 1e6)),
    "flag": (pa.bool_(), st.booleans()),
    "texts": (pa.list_(pa.string()), st.lists(TEXTS | st.none(), max_size=3)),
    "plain": (pa.list_(pa.string()), st.lists(TEXTS, max_size=3)),
    "numbers": (pa.list_(pa.int64()), st.lists(INTEGERS, max_size=3)),
    "spans": (pa.list_(pa.list_(pa.int64())), st.lists(st.lists(INTEGERS, max_size=4), max_size=3)),
    "deep": (pa.list_(pa.list_(pa.list_(pa.int64()))), st.lists(st.lists(st.lists(INTEGERS, max_size=2)))),
}
SCHEMA = pa.schema([pa.field(name, kind) for name, (kind, _) in KINDS.items()])
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, (_, values) in KINDS.items()}), max_size=6
)


@hypothesis.settings(max_examples=100, suppress_health_check=[hypothesis.HealthCheck.too_slow])
@hypothesis.given(drawn=ROWS, first=st.integers(0, 3), last=st.integers(3, 6))
def test_lines_are_those_of_the_rows_one_by_one(drawn, first, last):
    batch = pa.RecordBatch.from_pylist(drawn, schema=SCHEMA).slice(first, last - first)
    rows = [{name: row[name] for name in KINDS} for row in drawn[first:last]]
    expected = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    assert jsonlines.lines(batch).tobytes() == expected
    for name in ("plain", "spans", "texts", "fraction"):
        cells = jsonlines.cells(batch.column(name)).to_pylist()
        assert cells == [msgspec.json.encode(row[name]).decode() for row in rows]


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 32, 33, 1_000])
@pytest.mark.parametrize("last", ["", "x", '"', "\x01", "é"])
def test_a_text_of_any_length_is_written_whole(length, last):
    text = "a" * length + last
    batch = pa.RecordBatch.from_pydict(
        {"a": [text, "b", text], 'a "key" of more than sixteen bytes': [1, 2, 3]}
    )
    expected = b"".join(msgspec.json.encode(row) + b"\n" for row in batch.to_pylist())
    assert jsonlines.lines(batch).tobytes() == expected


@pytest.mark.parametrize("power", range(19))
def test_numbers_around_each_power_of_ten_are_written_whole(power):
    numbers = [sign * (10**power + step) for sign in (1, -1) for step in (-1, 0, 1)]
    fractions = [number / 1e6 for number in numbers]
    batch = pa.RecordBatch.from_pydict({"whole": numbers, "fraction": fractions})
    expected = b"".join(msgspec.json.encode(row) + b"\n" for row in batch.to_pylist())
    assert jsonlines.lines(batch).tobytes() == expected


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "sqlite"])
def test_many_batches_are_written_in_their_order_by_any_number_of_threads(tmp_path, kind, threads):
    n_rows = 20_000
    columns = {
        "source_path": [f"a{i}" for i in range(n_rows)],
        "line": range(n_rows),
        "reason": ["x"] * n_rows,
    }
    table = records.REJECTS.arrow(columns)
    path = tmp_path / "rejects"
    form = formats.FORMATS[kind]
    form.write({"rejects": table}, path, threads)
    assert form.read(records.REJECTS, path).equals(table)
