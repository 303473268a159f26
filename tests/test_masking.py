"""Outlets of an archive, and the sketches of some stories replaced within the memory of all."""

from __future__ import annotations

import dataclasses
from urllib import parse

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import progress, reading, records, scratch
from dedup.engines import assembling, local, masking, replacing
from dedup.settings import Settings
from tests import archives


def column_of(rows, dtype):
    """Return rows of numbers as one column."""
    lengths = np.array([len(row) for row in rows], np.int64)
    values = [number for row in rows for number in row]
    return records.Rows.of(records.Ragged(np.array(values, dtype), records.offsets(lengths)))


def rows_of(column):
    """Return the rows of a column as lists."""
    return [column.row(row).tolist() for row in range(len(column))]


rows_of_numbers = st.lists(st.lists(st.integers(0, 60_000), max_size=6), min_size=1, max_size=30)


@given(rows_of_numbers, st.data(), st.sampled_from([np.uint16, np.uint32]), st.booleans())
def test_rows_are_replaced_by_shorter_and_by_longer_ones(rows, data, dtype, writable):
    column = column_of(rows, dtype)
    column.values.flags.writeable = writable
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True))
    others = [data.draw(st.lists(st.integers(0, 60_000), max_size=12)) for _ in chosen]
    cut = data.draw(st.integers(0, len(chosen)))
    before = column.values.tolist()
    writing = replacing.Replacing(column)
    for part in (slice(0, cut), slice(cut, None)):
        writing.replace(np.array(chosen[part], np.int64), column_of(others[part], dtype))
    written = writing.column
    expected = rows.copy()
    for row, other in zip(chosen, others, strict=True):
        expected[row] = other
    assert [written.row(row).tolist() for row in range(len(rows))] == expected
    assert written.values.dtype == dtype
    assert writable or column.values.tolist() == before


def test_shorter_rows_need_no_memory_of_their_own():
    column = column_of([[1, 2, 3], [4, 5], [6]], np.uint32)
    writing = replacing.Replacing(column)
    writing.replace(np.array([1]), column_of([[9]], np.uint32))
    written = writing.column
    assert np.shares_memory(written.values, column.values)
    assert written.values.tolist() == [1, 2, 3, 9, 5, 6]
    assert written.row(1).tolist() == [9]


@pytest.fixture
def archive(tmp_path):
    """Return an archive of 60 pages, most of which end in the same two lines."""
    pages = archives.records(60)
    for number, page in enumerate(pages):
        page["outlet"] = "Courier"
        page["text"] = page[
            "text"
        ].rstrip() + "\n\nFollow us on every day of the week\n\nAll rights reserved." * (number % 3 > 0)
    archives.write(pages, tmp_path / "archive.jsonl")
    log = reading.ReadingLog()
    blocks = reading.blocks([str(tmp_path / "archive.jsonl")], Settings(), log)
    return assembling.build(local.Local(Settings(), 1, progress.Silent()).sketch(blocks, log), log.rejects)


def test_an_archive_without_its_boilerplate_is_as_if_all_its_stories_were_sketched_so(archive):
    found = masking.learn(archive, Settings())
    mask = masking.Mask(archive, found.learned.dead, Settings())
    whole = mask.resketch(np.arange(len(archive)), scratch.Scratch())
    articles = np.concatenate([*masking.tasks(archive, found.learned.dead)])
    assert 0 < len(articles) < len(archive)
    parts = (mask.resketch(some, scratch.Scratch()) for some in np.array_split(articles, 3))
    replaced = masking.replace(archive, parts)
    for kept, expected in ((replaced.sketches, whole.sketches), (replaced.live, whole.live)):
        for field in dataclasses.fields(expected):
            one, other = getattr(kept, field.name), getattr(expected, field.name)
            if isinstance(other, records.Rows):
                one, other = (rows_of(each) for each in (one, other))
                assert one == other, field.name
            else:
                assert np.array_equal(one, other), field.name


def test_where_nothing_is_replaced_the_archive_stays(archive):
    assert masking.replace(archive, iter(())) is archive


def host(address):
    """Return the host of an address, as Python's own library finds it."""
    try:
        return (parse.urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@dataclasses.dataclass
class Pages:
    """As much of an archive as outlets are told by."""

    pages: pa.RecordBatch
    page_of: np.ndarray


pieces = [
    "http",
    ":",
    "//",
    "/",
    "?",
    "#",
    "www.",
    "a.org",
    "B.com",
    "[",
    "::1",
    "]",
    "@",
    "\t",
    " ",
    "é",
    "℀",
]
addresses = st.none() | st.lists(st.sampled_from(pieces), max_size=9).map("".join)
names = st.sampled_from([None, "", " ", "Courier", " courier", "ÉCHO", "a.org"])


@given(st.lists(st.tuples(names, addresses), max_size=20))
def test_an_outlet_is_told_by_its_name_or_by_the_host_of_the_address(pages):
    columns = {
        "outlet": pa.array([name for name, _ in pages], pa.string()),
        "url": pa.array([address for _, address in pages], pa.string()),
    }
    page_of = np.arange(len(pages)).repeat(2)
    groups, known = masking.outlets(Pages(pa.RecordBatch.from_pydict(columns), page_of))
    told = [(name or "").strip().casefold() or host(address) for name, address in pages]
    assert known == sorted({*told} - {""})
    assert [known[group] if group >= 0 else "" for group in groups.tolist()] == [
        name for name in told for _ in range(2)
    ]
