"""How kernels are compiled, kept, and compiled ahead."""

from __future__ import annotations

import ast
import collections
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numba
import numpy as np
import pytest
from numba import typeof

from dedup import kernels
from dedup.compiling import ahead, kept, listed, sources
from dedup.compiling import kernels as compiling
from tests import signatures

ROOT = Path(__file__).resolve().parent.parent
KERNELS = sorted(path for path in (ROOT / "dedup").rglob("kernels.py"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty folder that code is kept in."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path / "dedup"


def run(code, **options):
    """Return what a new process prints."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_known_how_this_numba_is_made_inside():
    """Where this fails, run all tests with `NEWEST` of `dedup.kernels` raised; it stays so if they pass."""
    assert kernels.is_known(numba.__version__)


def test_the_list_names_what_a_scan_compiles_and_each_kernel_once(tmp_path):
    used = signatures.used(signatures.write(tmp_path), tmp_path / "out")
    assert [*map(str, listed.kernels())] == used, "make the list anew: python -m tests.signatures"
    names = collections.Counter(line.split()[0] for line in used)
    assert set(names.values()) == {1}


@kernels.jit
def count(values, least):
    """Return how many values are not below the least."""
    n_found = 0
    for value in values:
        n_found += value >= least
    return n_found


@kernels.jit
def count_twice(values):
    """Return how many values are positive, and not below their number."""
    return count(values, 1), count(values, 2), count(values, values.shape[0])


@pytest.mark.usefixtures("folder")
def test_a_constant_argument_makes_no_other_version():
    assert count_twice(np.arange(5)) == (4, 3, 0)
    part = typeof(count).dispatcher
    assert len(part.overloads) == 1


def test_a_function_that_is_no_kernel_may_use_what_numba_compiled_for_one():
    code = """
import numba, numpy as np
from dedup import kernels

def numbers(n):
    values = np.zeros(n, np.uint32)
    values[1:] = np.arange(n - 1)
    return values.sum() + np.searchsorted(values, 3) + min(n, 5)

@kernels.jit
def whole(n):
    return part(n)

part = kernels.jit(numbers)
outer = numba.njit(nogil=True, no_cfunc_wrapper=True, no_cpython_wrapper=True)(numbers)
foreign = numba.njit(lambda n: outer(n))
print(whole(9), foreign(9), int(numbers(9)))
"""
    first, second, third = run(code, cwd=ROOT).split()
    assert first == second == third


def test_what_is_kept_is_given_back(folder):
    assert kept.load("one") is None
    kept.save("one", b"code")
    assert kept.holds("one")
    assert kept.load("one") == b"code"
    assert [path.name for path in folder.iterdir()] == ["one.kernel"]


@pytest.mark.parametrize("cut", [0, 10, 35])
def test_what_is_damaged_is_not_given(folder, cut):
    kept.save("one", b"code")
    path = folder / "one.kernel"
    path.write_bytes(path.read_bytes()[:cut])
    assert kept.load("one") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    kept.save("one", b"code")
    assert kept.writable() is None
    assert kept.load("one") is None
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert kept.writable() == tmp_path / "cache" / "dedup" / "kernels"


def test_what_nobody_used_for_a_month_is_removed_and_what_is_used_stays(folder):
    for name in ("old", "used"):
        kept.save(name, b"code")
    month_ago = time.time() - 31 * 86_400
    for name in ("old", "used"):
        os.utime(folder / f"{name}.kernel", (month_ago, month_ago))
    kept.load("used")
    run("from dedup.compiling import kept; kept.save('new', b'code')", cwd=ROOT)
    assert {path.stem for path in folder.iterdir()} == {"used", "new"}


def imported(path):
    """Return the modules of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.partition(".")[0] == "dedup"}
        elif isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] == "dedup":
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {module if place(module) else node.module for module in modules}
    return found


def place(module):
    """Return the file of a module of the package, None where there is none."""
    path = ROOT.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_code_depends_on_all_that_its_module_imports(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    expected, waiting = {module}, [module]
    while waiting:
        new = imported(place(waiting.pop())) - expected
        expected |= new
        waiting += new
    assert sources.needed(module) == expected


def test_a_change_in_what_a_kernel_of_another_file_calls_is_seen(tmp_path):
    """numba's own cache sees none."""
    copied = tmp_path / "dedup"
    shutil.copytree(ROOT / "dedup", copied, ignore=shutil.ignore_patterns("__pycache__"))
    for name, source in {
        "inner": "@jit\ndef number():\n    return 1\n",
        "outer": "from dedup.inner.kernels import number\n\n@jit\ndef same():\n    return number()\n",
    }.items():
        (copied / name).mkdir()
        (copied / name / "kernels.py").write_text(
            f"from dedup.kernels import jit\n{source}", encoding="utf-8"
        )
    options = {"cwd": tmp_path, "env": {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}}
    code = (
        "from dedup.outer import kernels; print(kernels.same(), sum(kernels.same.stats.cache_hits.values()))"
    )
    assert [run(code, **options).split() for _ in range(2)] == [["1", "0"], ["1", "1"]]
    inner = copied / "inner" / "kernels.py"
    inner.write_text(inner.read_text(encoding="utf-8").replace("1", "2"), encoding="utf-8")
    assert run(code, **options).split() == ["2", "0"]
    assert len(list((tmp_path / "cache").rglob("*.kernel"))) == 2


SMALL = [each for each in listed.kernels() if each.function in {"put", "drop_repeats", "move_rows"}]


def test_kernels_are_compiled_ahead_by_several_processes(folder, monkeypatch):
    monkeypatch.setattr(ahead, "_n_cores", lambda: 2)
    told = []
    ahead.compile_all(SMALL, told.append)
    assert told == [1] * len(SMALL) == [1, 1, 1]
    assert len(list(folder.iterdir())) == len(SMALL)
    assert {each.function for each in SMALL}.isdisjoint(each.function for each in ahead.missing())


@pytest.mark.parametrize("code", ["", "import sys; sys.stdin.readline()", "no code"])
def test_helpers_that_stop_are_not_waited_for(folder, monkeypatch, code):
    monkeypatch.setattr(ahead, "_n_cores", lambda: 2)
    monkeypatch.setattr(ahead, "_CODE", code)
    told = []
    ahead.compile_all(SMALL, told.append)
    assert told == []
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("folder")
def test_one_core_needs_no_helper(monkeypatch):
    monkeypatch.setattr(ahead, "_n_cores", lambda: 1)
    monkeypatch.setattr(ahead, "_start", lambda: pytest.fail("no helper was needed"))
    ahead.compile_all(SMALL, lambda _: None)


@pytest.mark.usefixtures("folder")
def test_what_another_run_has_compiled_is_not_compiled_again(monkeypatch):
    monkeypatch.setattr(ahead, "_n_cores", lambda: 2)
    ahead.compile_all(SMALL, lambda _: None)
    told = []
    ahead.compile_all(SMALL, told.append)
    assert told == []


def test_under_a_numba_that_is_not_known_kernels_are_compiled_by_numba_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "NEWEST", (0, 0))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    plain = kernels.jit(count.py_func)
    assert not isinstance(plain, compiling.Kernel)
    assert plain(np.arange(5), 3) == 2
    assert plain.stats.cache_path.startswith(str(tmp_path / "dedup"))
    assert sum(plain.stats.cache_misses.values()) == 1
