"""Files are cut into blocks of whole lines, and blocks can be parsed in any order and on any thread."""

from __future__ import annotations

import json
from concurrent import futures

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import reading
from dedup.reading import batches, fields, jsonl, parsing, paths, pieces, streams
from dedup.settings import Settings

SOURCE = paths.Source("a.jsonl", "a.jsonl", "a.jsonl", "lines")
LINES = st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\n", b" ")), min_size=1, max_size=20)


@given(LINES, st.integers(1, 40), st.integers(1, 60), st.booleans())
def test_pieces_are_whole_lines_in_order_whatever_the_chunks(lines, chunk, most, has_end):
    data = b"\n".join(lines) + b"\n" * has_end
    stream = streams.Stream(SOURCE, reading.ReadingLog())
    stream._rest = iter([data[at : at + chunk] for at in range(0, len(data), chunk)])  # noqa: SLF001
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_BYTES", most)
        found = [piece for piece in jsonl.lines(stream, SOURCE) if isinstance(piece, pieces.Lines)]
    whole = data.removeprefix(streams.BYTE_ORDER_MARK)
    assert b"".join(piece.data for piece in found) == whole + b"\n" * (whole[-1:] not in {b"", b"\n"})
    assert [number for piece in found for number in piece.numbers()] == list(
        range(1, 1 + sum(len(piece.records()) for piece in found))
    )
    for piece in found:
        assert piece.data.endswith(b"\n")
        assert piece.n_lines == 1 or max(map(len, piece.records())) <= max(most, chunk + 3)
        assert piece.n_lines == 1 or len(piece.data) <= 2 * (most + chunk + 3)


@pytest.fixture
def archive(tmp_path):
    """Return a folder with files of each format, good and bad records in them."""
    for number in range(5):
        records = [{"id": f"{number}-{row}", "text": "Rain fell. " * row} for row in range(40)]
        lines = "\n".join(json.dumps(record) for record in records)
        (tmp_path / f"{number}.jsonl").write_text(f"{lines}\nnothing\n{lines}\n", encoding="utf-8")
        (tmp_path / f"{number}.json").write_text(json.dumps(records), encoding="utf-8")
        (tmp_path / f"{number}.txt").write_text("Snow fell. " * number, encoding="utf-8")
    return tmp_path


def plain(parsed):
    """Return the rows and rejects of batches."""
    parsed = list(parsed)
    rows = [row for batch in parsed for row in batch.pages.to_pylist()]
    return rows, [reject for batch in parsed for reject in batch.rejects]


@pytest.mark.parametrize("least", [0, parsing.LEAST_BYTES])
@pytest.mark.parametrize("most", [1, 3000, batches.BATCH_BYTES])
def test_neither_the_size_of_blocks_nor_the_threads_show_in_the_pages(archive, monkeypatch, most, least):
    expected = plain(map(reading.parse, reading.blocks([str(archive)], Settings(), reading.ReadingLog())))
    monkeypatch.setattr(batches, "BATCH_BYTES", most)
    monkeypatch.setattr(parsing, "LEAST_BYTES", least)
    blocks = list(reading.blocks([str(archive)], Settings(), reading.ReadingLog()))
    with futures.ThreadPoolExecutor(3) as pool:
        found = list(pool.map(reading.parse, reversed(blocks)))
    assert plain(reversed(found)) == expected
    assert (len(blocks) == 1) == (most > 3000)
    rows, rejects = expected
    assert [row["line"] for row in rows if row["source_path"].endswith("3.json")] == list(range(2, 41))
    assert len(rejects) == 5 * (1 + 3) + 1
    assert [reject.line for reject in rejects if reject.source_path.endswith("3.jsonl")] == [1, 41, 42]


def test_the_log_counts_what_is_added(archive):
    log = reading.ReadingLog()
    for block in reading.blocks([str(archive)], Settings(), log):
        assert (log.n_records, log.rejects) == (0, [])
        log.add(reading.parse(block))
    assert log.n_files == 15
    assert log.n_records == 5 * 3 * 39 + 4


def test_a_piece_that_is_bigger_than_a_block_is_one_by_itself(monkeypatch):
    monkeypatch.setattr(batches, "BATCH_BYTES", 10)
    some = [pieces.Text(SOURCE, b"x" * size) for size in (4, 6, 1, 30, 2)]
    blocks = list(pieces.gather(some, fields.choose(Settings())))
    assert [[len(piece.data) for piece in block.pieces] for block in blocks] == [[4, 6], [1], [30], [2]]
