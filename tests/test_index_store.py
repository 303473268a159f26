"""The file of an index: never half written, never taken for what it is not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from dedup import errors
from dedup.index import schema, standing
from dedup.index import store as files
from tests import archives

ADDER = """
import sys
from dedup.index import standing
with standing.Index(sys.argv[1], threads=1) as index:
    for batch in sys.argv[2:]:
        index.add(batch)
        print(batch, flush=True)
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return the file of an index of thirty articles, that nobody has open."""
    folder = tmp_path_factory.mktemp("index")
    with standing.Index(folder / "index.dedup", threads=1) as index:
        index.add(archives.write(archives.records(30), folder / "all.jsonl"))
    return folder / "index.dedup"


@pytest.fixture
def path(made, tmp_path):
    """Return a copy of that file."""
    return shutil.copy(made, tmp_path / "index.dedup")


def opened(path, **options):
    """Open an index and close it again."""
    with standing.Index(path, threads=1, **options):
        pass


def opened_and_read(path):
    """Open an index and read all of it."""
    with standing.Index(path, threads=1) as index:
        index.verify()
        index.export()


def batch_of(folder, n_records):
    """Return a file of records that are not in the index."""
    records = [record | {"id": f"n{record['id']}"} for record in archives.records(n_records, seed=9)]
    return archives.write(records, folder / "batch.jsonl")


def test_a_file_that_is_missing_is_made_by_those_that_write_only(tmp_path):
    with pytest.raises(
        errors.StoreError, match=r'no index ".*none"; `dedup index add .*none PATH...` makes it'
    ):
        opened(tmp_path / "none", is_writing=False)
    opened(tmp_path / "none")
    opened(tmp_path / "none", is_writing=False)
    with pytest.raises(errors.StoreError, match=r'no folder ".*missing" for the index'):
        opened(tmp_path / "missing" / "index")


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path):
    text, folder, other = tmp_path / "notes.txt", tmp_path / "folder", tmp_path / "other.sqlite"
    text.write_text("notes " * 100)
    folder.mkdir()
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE notes (note)")
    connection.close()
    for wrong, reason in (
        (text, "is no SQLite file"),
        (folder, "is a folder"),
        (other, "but another SQLite file"),
    ):
        before = wrong.read_bytes() if wrong.is_file() else None
        for is_writing in (True, False):
            with pytest.raises(errors.StoreError, match=reason):
                opened(wrong, is_writing=is_writing)
        assert before is None or wrong.read_bytes() == before


def test_an_empty_file_becomes_an_index_when_it_is_written(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    with pytest.raises(errors.StoreError, match="is empty, and no index yet"):
        opened(path, is_writing=False)
    opened(path)


def test_a_file_that_was_cut_short_is_told(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    for is_writing in (True, False):
        with pytest.raises(errors.StoreError, match=r"is damaged or cut short|no SQLite file"):
            opened(path, is_writing=is_writing)


def test_a_damaged_file_is_told_by_what_meets_the_damage(path):
    data = bytearray(path.read_bytes())
    data[40_000:200_000] = bytes(160_000)
    path.write_bytes(data)
    with pytest.raises(errors.StoreError, match=r"is damaged|no index of dedup"):
        opened_and_read(path)


def test_an_index_of_a_newer_version_is_left_to_it(path):
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    with pytest.raises(errors.StoreError, match=f"has schema {schema.VERSION + 1}, and this dedup"):
        opened(path)


def test_an_index_of_an_older_version_is_brought_on_by_who_writes(path, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setitem(schema.MIGRATIONS, schema.VERSION - 1, ("CREATE TABLE added_later (note TEXT)",))
    with pytest.raises(errors.StoreError, match="has the older schema"):
        opened(path, is_writing=False)
    with standing.Index(path, threads=1) as index:
        assert index.store.value("PRAGMA user_version") == schema.VERSION
        assert index.store.rows("SELECT * FROM added_later") == []
        assert len(index) == 30


def test_a_second_writer_waits_and_then_says_who_is_at_work(path, tmp_path):
    batch = batch_of(tmp_path, 3)
    with standing.Index(path, threads=1) as one, standing.Index(path, threads=1, wait_s=0.2) as other:
        with one.store.writing():
            with pytest.raises(
                errors.BusyError, match=r"another process writes to index .*; waited 0\.2 s for it"
            ):
                other.add(batch)
            assert len(other) == 30
        other.store.wait_s = 30
        one.store.connection.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.3, one.store.connection.execute, ["COMMIT"])
        timer.start()
        assert other.add(batch).n_held == 33
        timer.join()


def test_readers_see_what_was_there_when_they_began(path, tmp_path):
    batch = archives.write(
        [record | {"id": f"n{record['id']}"} for record in archives.records(5, seed=9)], tmp_path / "b.jsonl"
    )
    with (
        standing.Index(path, threads=1) as writer,
        standing.Index(path, threads=1, is_writing=False) as reader,
    ):
        with reader.store.reading():
            assert len(reader) == 30
            writer.add(batch)
            assert len(reader) == 30
        assert len(reader) == 35


def test_a_reader_cannot_write(path, tmp_path):
    with standing.Index(path, threads=1, is_writing=False) as index:
        with pytest.raises(errors.StoreError, match="was opened to be read only"):
            index.add(archives.write(archives.records(3, seed=9), tmp_path / "batch.jsonl"))
        with pytest.raises(errors.StoreError, match="was opened to be read only"):
            index.compact()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_full_disk_changes_nothing(path, tmp_path, is_first):
    path = tmp_path / "first.dedup" if is_first else path
    batch = archives.write(
        [record | {"id": f"n{record['id']}"} for record in archives.records(60, seed=9)], tmp_path / "b.jsonl"
    )
    with standing.Index(path, threads=1) as index:
        held = len(index)
        index.store.connection.execute(
            f"PRAGMA max_page_count = {index.store.value('PRAGMA page_count') + 2}"
        )
        with pytest.raises(errors.StoreError, match=r"disk of index .* is full: nothing was changed"):
            index.add(batch)
        assert len(index) == held
        assert not index.verify().faults
        index.store.connection.execute("PRAGMA max_page_count = 1000000")
        assert index.add(batch).n_articles > 0
        assert not index.verify().faults


def test_a_disk_that_is_full_while_all_is_made_anew_changes_nothing(path, tmp_path):
    batch = batch_of(tmp_path, 200)
    with standing.Index(path, threads=1) as index:
        index.store.connection.execute(
            "PRAGMA cache_size = 1"
        )  # pages go to the disk at once, as those of many do
        for more in (3, 10, 20, 30):
            most = index.store.value("PRAGMA page_count") + more
            index.store.connection.execute(f"PRAGMA max_page_count = {most}")
            with pytest.raises(errors.StoreError, match=r"nothing was changed"):
                index.add(batch)
            assert len(index) == 30
            assert not index.verify().faults


def test_an_index_may_be_opened_again_in_the_process_that_writes_it(path, tmp_path, root):
    with standing.Index(path, threads=1) as one:
        with standing.Index(path, threads=1, is_writing=False) as other:
            assert len(other) == 30
        one.add(batch_of(tmp_path, 3))
        command = [
            sys.executable,
            "-c",
            "from dedup.index import standing; import sys; standing.Index(sys.argv[1]).close()",
        ]
        subprocess.run([*command, str(path)], check=True, cwd=root)
        one.add(archives.write(archives.records(33)[30:], tmp_path / "more.jsonl"))
    with standing.Index(path, threads=1) as again:
        assert len(again) == 36
        assert not again.verify().faults


def test_what_breaks_while_it_is_added_leaves_nothing(path, tmp_path, monkeypatch):
    from dedup.index import regrouping

    def broken(*_given, **_named):
        message = "broken"
        raise RuntimeError(message)

    batch = archives.write(
        [record | {"id": f"n{record['id']}"} for record in archives.records(6, seed=9)], tmp_path / "b.jsonl"
    )
    with standing.Index(path, threads=1) as index:
        tables = [stored.table.name for stored in schema.TABLES]
        before = {table: index.store.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608
        with monkeypatch.context() as patch:
            patch.setattr(regrouping, "regroup", broken)
            with pytest.raises(RuntimeError, match="broken"):
                index.add(batch)
        assert {table: index.store.rows(f"SELECT * FROM {table}") for table in tables} == before  # noqa: S608
        assert index.add(batch).n_articles == 6


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_what_was_added_is_there_after_a_kill_and_the_rest_is_not(tmp_path):
    records = archives.records(120)
    batches = [
        archives.write(records[begin : begin + 12], tmp_path / f"{begin:03}.jsonl")
        for begin in range(0, 120, 12)
    ]
    ids = {
        str(batch): {json.loads(line)["id"] for line in batch.read_text().splitlines()} for batch in batches
    }
    path = tmp_path / "index.dedup"
    done: list[str] = []
    for number in range(4):
        left = [str(batch) for batch in batches if str(batch) not in done]
        with subprocess.Popen(
            [sys.executable, "-c", ADDER, str(path), *left], stdout=subprocess.PIPE, text=True
        ) as adder:
            done.append(adder.stdout.readline().strip())
            time.sleep(0.05 * number)
            os.kill(adder.pid, signal.SIGKILL)
            done += adder.stdout.read().split()
        with standing.Index(path, threads=1) as index:
            found = {identity for (identity,) in index.store.rows("SELECT article_id FROM stories")}
            assert not index.verify().faults
        whole = [batch for batch in ids if ids[batch] <= found]
        assert found == set().union(*(ids[batch] for batch in whole))
        assert set(done) <= set(whole)
        done = whole


def test_what_a_killed_process_left_half_written_is_undone_by_the_first_that_reads(path):
    broken = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA journal_mode = DELETE'); c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN'); c.execute('DELETE FROM stories'); c.execute('DELETE FROM texts')\n"
        "c.executemany('INSERT INTO texts VALUES (?, ?)', [(1000 + i, 'x' * 20000) for i in range(99)])\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", broken, str(path)], check=False)
    assert path.with_name(path.name + "-journal").stat().st_size > 0
    with standing.Index(path, threads=1, is_writing=False) as index:
        assert len(index) == 30
        assert not index.verify().faults


def test_a_file_in_a_folder_that_nobody_may_write_is_read(path):
    folder = path.parent
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        with standing.Index(path, threads=1, is_writing=False) as index:
            assert len(index) == 30
        if os.geteuid():
            with pytest.raises(errors.StoreError, match="cannot be written"):
                opened(path)
    finally:
        folder.chmod(0o755)


def test_a_path_may_hold_what_means_something_in_an_address(made, tmp_path):
    for name in ("with space", "100%", "a?b#c", "ünïcode"):
        path = shutil.copy(made, tmp_path / f"{name}.dedup")
        with standing.Index(path, threads=1, is_writing=False) as index:
            assert len(index) == 30


def test_the_clock_of_the_file_is_of_the_world():
    assert files.now().endswith("Z")
