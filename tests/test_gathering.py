"""Rows of many batches moved into one order, and the memory that batches share."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import progress, reading, records, scratch
from dedup.engines import assembling, gathering, local
from dedup.settings import Settings
from tests import archives

rows_of_numbers = st.lists(st.lists(st.integers(0, 60_000), max_size=6), max_size=12)


def ragged(rows, kind):
    """Return rows of numbers as one column."""
    values = [number for row in rows for number in row]
    return records.Ragged(
        np.array(values, kind), records.offsets(np.array([len(row) for row in rows], np.int64))
    )


@given(st.lists(rows_of_numbers, min_size=1, max_size=5), st.data(), st.integers(1, 40))
def test_each_row_stands_in_its_new_place(parts, data, chunk_bytes):
    rows = [row for part in parts for row in part]
    chosen = data.draw(st.permutations(range(len(rows))))[: data.draw(st.integers(0, len(rows)))]
    places = np.full(len(rows), -1)
    places[chosen] = np.arange(len(chosen))
    columns, first = gathering.Columns(chunk_bytes, {"standing": chunk_bytes}), 0
    for part in parts:
        numbers = np.arange(first, first + len(part))
        added = {"narrow": ragged(part, np.uint16), "wide": ragged(part, np.uint64), "plain": numbers}
        columns.add(added | {"standing": records.Rows.of(ragged(part, np.uint32))})
        first += len(part)
    moved = columns.move(places, len(chosen))
    assert moved["plain"].tolist() == chosen
    for name in ("narrow", "wide", "standing"):
        assert [moved[name].row(place).tolist() for place in range(len(chosen))] == [
            rows[old] for old in chosen
        ]


def test_what_is_added_may_be_overwritten_at_once():
    columns = gathering.Columns()
    for number in range(3):
        columns.add({"values": records.Ragged(values := np.full(2, number), np.array([0, 2]))})
        values[:] = -1
    assert columns.move(np.array([2, 1, 0]), 3)["values"].values.tolist() == [2, 2, 1, 1, 0, 0]


@given(st.lists(st.lists(st.integers(0, 300), max_size=6), max_size=5))
def test_arrays_of_one_batch_never_share_memory(batches):
    room = scratch.Scratch()
    for sizes in batches:
        room.clear()
        taken = [room.take(size, kind) for size in sizes for kind in (np.uint8, np.int64)]
        for number, array in enumerate(taken):
            array[:] = number % 200
        for number, array in enumerate(taken):
            assert (array == number % 200).all()


def test_a_second_batch_like_the_first_takes_no_new_memory():
    room = scratch.Scratch()
    for _ in range(3):
        room.clear()
        taken = [room.take(size, np.uint32) for size in (5, 1000, 0, 70)]
    assert all(array.base is taken[0].base for array in taken)
    assert taken[0].base is not None


def test_a_scratch_is_lent_to_one_at_a_time():
    shared = scratch.Shared()
    one, other = shared.lend(), shared.lend()
    assert one is not other
    shared.give_back(one)
    assert shared.lend() is one


def test_an_archive_does_not_depend_on_which_memory_its_parts_stood_in(tmp_path):
    for name in "abcdefgh":
        archives.write(
            [page | {"id": f"{name} {page['id']}"} for page in archives.records(90)],
            tmp_path / f"{name}.jsonl",
        )
    found = []
    for threads in (1, 3):
        log = reading.ReadingLog()
        blocks = list(reading.blocks([str(tmp_path)], Settings(), log))
        single = [type(blocks[0])((piece,), block.wanted) for block in blocks for piece in block.pieces]
        assert len(single) > threads
        parts = local.Local(Settings(), threads, progress.Silent()).sketch(single, log)
        found.append(assembling.build(parts, log.rejects))
    fresh = assembling.build(
        [local.sketch_batch(reading.parse(block).pages, Settings()) for block in single], []
    )
    for one in found:
        assert one.text.tobytes() == fresh.text.tobytes()
        assert one.live.starts.tolist() == fresh.live.starts.tolist()
        for name in ("marks", "samples", "paragraph_keys"):
            kept, expected = getattr(one.sketches, name), getattr(fresh.sketches, name)
            for row in range(len(expected)):
                assert kept.row(row).tolist() == expected.row(row).tolist()
