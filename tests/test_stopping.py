"""Ctrl-C: a scan stops wherever it is, with its exit code, and leaves nothing."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from dedup.cli import stopping

STOPPED = 130


def press_and_wait(functions):
    """Call functions as callbacks, where no exception can pass, and wait as one waits for a thread."""
    for function in functions:
        ctypes.CFUNCTYPE(None)(function)()
    assert threading.Event().wait(timeout=20), "no Ctrl-C came while one waits"


def test_an_interrupt_that_a_callback_loses_comes_again(capsys):
    with pytest.raises(KeyboardInterrupt), stopping.heard():
        press_and_wait([lambda: signal.raise_signal(signal.SIGINT)])
    assert capsys.readouterr().err == ""


def test_an_interrupt_that_is_lost_again_and_again_comes_in_the_end():
    lost = []

    def forgetful():
        signal.raise_signal(signal.SIGINT)

    def stubborn():
        lost.append(True)
        time.sleep(0.1)

    with pytest.raises(KeyboardInterrupt), stopping.heard():
        press_and_wait([forgetful, stubborn, stubborn])
    assert lost


def test_other_errors_that_cannot_pass_are_reported_as_ever(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    with stopping.heard():
        ctypes.CFUNCTYPE(None)(lambda: {}["gone"])()
    assert [each.exc_type for each in seen] == [KeyError]
    assert sys.unraisablehook == seen.append


@pytest.fixture
def scan(root, tmp_path):
    """Return a process that scans its standard input and has been given more than a pipe holds."""
    (tmp_path / "work").mkdir()
    options = ["--out", tmp_path / "out", "--work", tmp_path / "work", "--threads", "2"]
    command = [sys.executable, "-m", "dedup", "scan", "-", *options]
    line = json.dumps({"text": "The ministers will meet again in May to talk about grain."}).encode() + b"\n"
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment | given(tmp_path)
    ) as process:
        process.stdin.write(line * 100_000)
        process.stdin.flush()
        yield process
        process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def given(tmp_path):
    """Return what makes a process compile its kernels, whatever was compiled before."""
    return {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}


@pytest.mark.parametrize("delay_s", [0.0, 0.7, 2.1])
def test_one_ctrl_c_is_enough_also_while_kernels_are_compiled(scan, tmp_path, delay_s):
    time.sleep(delay_s)
    scan.send_signal(signal.SIGINT)
    told = scan.stderr.read()
    assert scan.wait(timeout=60) == STOPPED
    assert told.decode().rstrip().endswith("dedup: stopped")
    assert b"Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "work").iterdir()) == []
