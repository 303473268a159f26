"""The work file: what is written is read again, it has no name, and a disk that is too small is told."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import errors, reading, results
from dedup.engines import workspace
from dedup.settings import Settings


def as_bytes(text):
    """Return bytes as the array that is written."""
    return np.frombuffer(text, np.uint8)


@pytest.fixture
def archive(tmp_path):
    """Return a file of ten articles, each of which stands there twice."""
    path = tmp_path / "articles.jsonl"
    texts = [
        " ".join(f"Minister {n} said of harvest {n * i} it was good" for i in range(9)) for n in range(10)
    ]
    rows = [json.dumps({"id": f"{n}", "text": text}) for n, text in enumerate(texts * 2)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_the_file_has_no_name_and_leaves_nothing(tmp_path):
    with workspace.Workspace(tmp_path).file() as work:
        work.write(as_bytes(b"Rain fell."))
        assert list(tmp_path.iterdir()) == []
        text = work.read(np.uint8)
    assert list(tmp_path.iterdir()) == []
    assert text.tobytes() == b"Rain fell."


@given(st.lists(st.binary()))
def test_what_is_written_is_read_again_also_after_its_memory_was_released(texts):
    space = workspace.Workspace()
    with space.file() as work:
        space.release()
        for text in texts:
            work.write(as_bytes(text))
        whole = work.read(np.uint8)
        space.release()
    assert whole.dtype == np.uint8
    assert whole.tobytes() == b"".join(texts)
    space.release()
    assert whole.tobytes() == b"".join(texts)


def test_the_text_cannot_be_written_over():
    with workspace.Workspace().file() as work:
        work.write(as_bytes(b"Rain fell."))
        text = work.read(np.uint8)
    with pytest.raises(ValueError, match="read-only"):
        text[0] = 0


def resident_bytes():
    """Return the bytes of mapped files that this process has resident."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith("RssFile"))
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells resident memory on Linux")
def test_released_memory_is_resident_no_more():
    size = 64 << 20
    space = workspace.Workspace()
    with space.file() as work:
        work.write(np.ones(size, np.uint8))
        text = work.read(np.uint8)
    assert int(text.sum(dtype=np.int64)) == size
    before = resident_bytes()
    space.release()
    assert before - resident_bytes() > size / 2


def test_a_disk_that_is_too_small_is_told_before_anything_is_read(monkeypatch, tmp_path, archive):
    free = shutil.disk_usage(tmp_path)._replace(free=500)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with pytest.raises(errors.WorkError) as caught:
        dedup.scan(archive, work=tmp_path)
    needed = archive.stat().st_size / 1e6
    assert f"needs about {needed:.1f} MB" in str(caught.value)
    assert f'"{tmp_path}" has 0.0 MB free' in str(caught.value)
    assert "--work" in str(caught.value)


def test_compressed_files_are_taken_to_hold_four_times_their_size(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(b"x" * 100)
    (tmp_path / "b.txt").write_bytes(b"x" * 10)
    log = reading.ReadingLog()
    reading.blocks([str(tmp_path)], Settings(), log)
    assert log.expected_bytes == 110
    assert log.expected_text_bytes == 410


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path, archive):
    with pytest.raises(errors.PathError, match="No such file or directory; name another folder with --work"):
        dedup.scan(archive, work=tmp_path / "gone")


def test_a_file_is_no_folder(archive):
    with pytest.raises(errors.PathError, match="Not a directory"), workspace.Workspace(archive).file():
        pass


def limited(archive, out, work):
    """Run a scan whose files may have 4096 bytes at most, as if the disk were full then."""
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from dedup import cli\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "cli.main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", program, "scan", archive, "--out", out, "--work", work, "--threads", "2"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "NUMBA_DISABLE_JIT": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_disk_that_fills_is_told_and_nothing_is_left(tmp_path, archive):
    work = tmp_path / "work"
    work.mkdir()
    done = limited(archive, tmp_path / "out", work)
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    assert told.startswith(f'dedup: the disk of "{work}" is full: the work file has 0.0 MB')
    assert told.endswith("--work DIR")
    assert list(work.iterdir()) == []
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_a_disk_without_any_room_is_told(monkeypatch, tmp_path):
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  (the work file closes it)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
    with workspace.Workspace(tmp_path).file() as work, pytest.raises(errors.WorkError, match="is full"):
        work.write(as_bytes(b"Rain fell."))


def test_a_disk_that_fails_is_told_with_its_own_words(monkeypatch, tmp_path):
    class Broken:
        def write(self, _):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        def close(self):
            pass

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Broken())
    with (
        workspace.Workspace(tmp_path).file() as work,
        pytest.raises(errors.WorkError, match="Input/output error"),
    ):
        work.write(as_bytes(b"Rain fell."))


def test_the_folder_does_not_change_what_is_found(tmp_path, archive):
    default, chosen = dedup.scan(archive), dedup.scan(archive, work=tmp_path)
    assert isinstance(chosen, results.Result)
    assert chosen.run.settings_digest == default.run.settings_digest
    assert all(chosen.tables()[name].equals(table) for name, table in default.tables().items())


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells what is resident in its own way")
def test_looking_at_a_byte_brings_little_of_a_large_file_into_memory(tmp_path):
    size = 1 << 25
    with workspace.Workspace(tmp_path).file() as work:
        work.write(np.ones(size, np.uint8))
        whole = work.read(np.uint8)
    before = int(Path("/proc/self/statm").read_text().split()[2])
    assert whole[:: size // 8].sum() == 8
    grown = int(Path("/proc/self/statm").read_text().split()[2]) - before
    assert grown * os.sysconf("SC_PAGESIZE") <= size // 8
