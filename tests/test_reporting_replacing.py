from __future__ import annotations

import dataclasses
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dedup import errors
from dedup.reporting import formats, replacing, tables
from tests import reporting_samples

KINDS = sorted(formats.FORMATS)
NEW = ["articles.jsonl", "matches.jsonl", "run.json"]
OLD = ["articles.csv", "articles.jsonl", "matches.csv", "matches.jsonl", "rejects.jsonl", "run.json"]


def contents(folder):
    """Return the bytes of each file in a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fill(folder):
    """Write the old files and return the folder's contents."""
    for name in OLD:
        (folder / name).write_text(f"old {name}")
    return contents(folder)


def replace(folder):
    """Replace the old files by the new ones."""
    with replacing.replacing(folder, NEW, OLD) as written:
        for name, path in written.items():
            path.write_text(f"new {name}")


def large():
    """Return a result whose matches take a while to write."""
    sample = reporting_samples.seeds()
    matches = sample.matches.take(np.zeros(1_000_000, np.int64))
    return dataclasses.replace(sample, matches=matches)


@pytest.fixture
def renames(monkeypatch):
    """Return a function that lets something happen at the renaming of that number."""

    def at(number, happening):
        done = iter(range(100))
        rename = Path.rename

        def renaming(self, target):
            if next(done) == number:
                happening()
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", renaming)

    return at


def fail():
    raise OSError(28, "No space left on device")


def test_the_new_files_take_the_places_of_the_old_ones(tmp_path):
    fill(tmp_path)
    replace(tmp_path)
    assert contents(tmp_path) == {name: f"new {name}".encode() for name in NEW}


def test_a_block_that_raises_leaves_the_old_files(tmp_path):
    before = fill(tmp_path)

    def write():
        with replacing.replacing(tmp_path, NEW, OLD) as written:
            written["run.json"].write_text("new")
            fail()

    with pytest.raises(OSError, match="No space left"):
        write()
    assert contents(tmp_path) == before


@pytest.mark.parametrize("number", range(len(OLD) + len(NEW)))
def test_a_renaming_that_fails_puts_the_old_files_back(tmp_path, renames, number):
    before = fill(tmp_path)
    renames(number, fail)
    with pytest.raises(OSError, match="No space left"):
        replace(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("number", range(len(OLD) + len(NEW)))
def test_ctrl_c_waits_until_all_files_are_in_their_places(tmp_path, renames, number):
    fill(tmp_path)
    renames(number, lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        replace(tmp_path)
    assert contents(tmp_path) == {name: f"new {name}".encode() for name in NEW}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_account_goes_first_and_comes_last(tmp_path, renames):
    fill(tmp_path)
    seen = []
    for number in range(len(OLD) + len(NEW)):
        renames(number, lambda: seen.append((tmp_path / "run.json").exists()))
    replace(tmp_path)
    assert seen == [True] + [False] * (len(OLD) + len(NEW) - 1)
    assert (tmp_path / "run.json").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_the_earlier_tables_and_is_told(tmp_path, kind):
    tables.write(reporting_samples.seeds(), tmp_path, "jsonl")
    before = contents(tmp_path)
    rows = reporting_samples.seeds().articles.to_pylist()
    many = [
        row | {"article_id": f"{i:040x}", "title": os.urandom(40).hex()} for i in range(4_000) for row in rows
    ]
    result = reporting_samples.seeds(articles=many)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        with pytest.raises(errors.OutputError, match=f'folder "{tmp_path}" cannot be written: '):
            tables.write(result, tmp_path, kind)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert contents(tmp_path) == before


@pytest.fixture
def stopped(tmp_path, root):
    """Return a function that stops a process with a signal while it writes tables; gives its exit code."""

    def stop(number):
        command = "from tests import test_reporting_replacing as here; from dedup.reporting import tables; "
        command += f"import pathlib; tables.write(here.large(), pathlib.Path({str(tmp_path)!r}))"
        with subprocess.Popen([sys.executable, "-c", command], cwd=root, stderr=subprocess.PIPE) as process:
            while not any(path.stat().st_size for path in tmp_path.glob(".matches.jsonl.*.part")):
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.001)
            process.send_signal(number)
            process.communicate()
        return process.returncode

    return stop


def test_ctrl_c_while_the_tables_are_written_leaves_the_earlier_ones(tmp_path, stopped):
    tables.write(reporting_samples.seeds(), tmp_path)
    before = contents(tmp_path)
    assert stopped(signal.SIGINT) == -signal.SIGINT
    assert contents(tmp_path) == before


def test_what_a_killed_process_has_left_goes_when_tables_are_written_again(tmp_path, stopped):
    tables.write(reporting_samples.seeds(), tmp_path)
    before = contents(tmp_path)
    assert stopped(signal.SIGKILL) == -signal.SIGKILL
    left = contents(tmp_path)
    assert {name: left.pop(name) for name in before} == before
    assert all(name.startswith(".") for name in left)
    tables.write(reporting_samples.seeds(), tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_is_a_scans_where_a_process_was_killed_while_it_replaced_the_tables(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    (tmp_path / "articles.jsonl").write_text("new", encoding="utf-8")
    (tmp_path / "members.csv").write_text("old", encoding="utf-8")
    (tmp_path / f".run.json.{process.pid}.part").write_text("{}", encoding="utf-8")
    tables.write(reporting_samples.seeds(), tmp_path)
    assert sorted(contents(tmp_path)) == sorted(
        ["run.json", *(f"{name}.jsonl" for name in reporting_samples.seeds().tables() if name != "rejects")]
    )


def test_files_that_a_process_writes_now_are_not_taken_for_leftovers(tmp_path):
    for name in (f".run.json.{os.getpid()}.part", ".run.json.x.part", ".run.json.7.other", ".mine.1.part"):
        (tmp_path / name).touch()
    assert replacing.left(tmp_path, NEW) == {}
