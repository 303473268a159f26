"""What may import what: one way, in the order in which an article goes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dedup"

FLOW = (
    {"compiling"},
    {"arguments", "errors", "kernels", "running", "scores"},
    {"settings", "records", "results", "costs", "progress", "dates", "packing", "scratch", "words"},
    {"findings"},
    {"reading", "text", "sketching", "matching", "clustering", "attribution", "reporting", "planting"},
    {"engines"},
    {"pipeline"},
    {"index"},
    {"evaluation"},
    {"bench"},
    {"cli"},
    {"", "__main__"},
)
SLOW = ("numpy", "pyarrow", "numba", "datasketch", "rich", "pandas", "click")

MODULES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    """Return the dotted name of a module below the package: "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """Return the folder or file of the package that a module belongs to."""
    return module.partition(".")[0]


def level(module: str) -> int:
    """Return how far up the flow a module stands."""
    for height, rooms in enumerate(FLOW):
        if room(module) in rooms:
            return height
    message = f'"dedup.{module}" has no place in the flow: give it one in FLOW'
    raise AssertionError(message)


def imported(path: Path) -> set[str]:
    """Return the dotted name of each module that a file imports: at its top, late, or for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively: write the whole name"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def own(dotted: set[str]) -> set[str]:
    """Return the modules of the package among imported names, without names that are defined in a module."""
    known = {name(path) for path in MODULES}
    below = {each.partition(".")[2] for each in dotted if each.split(".")[0] == "dedup"}
    return {each if each in known else each.rpartition(".")[0] for each in below}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_imports_only_what_stands_below_it_or_in_its_own_room(path):
    module = name(path)
    wrong = {
        other
        for other in own(imported(path))
        if room(other) != room(module) and level(other) >= level(module)
    }
    assert not wrong, f"dedup.{module} must not import {sorted(wrong)}"


def test_the_flow_names_no_room_twice():
    rooms = [each for level_rooms in FLOW for each in level_rooms]
    assert len(rooms) == len(set(rooms))


def test_numba_is_imported_by_kernels_only():
    users = {path.relative_to(ROOT).as_posix() for path in MODULES if "numba" in {*map(room, imported(path))}}
    assert users
    assert {Path(user).name for user in users} == {"kernels.py"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "kernels.py"], ids=name)
def test_kernels_are_imported_late(path):
    kernels = f"dedup.{name(path)}"
    for user in MODULES:
        if user.name == "kernels.py":
            continue
        tree = ast.parse(user.read_text(encoding="utf-8"))
        at_top = {
            f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert kernels not in at_top, (
            f"{user} imports {kernels} at its top: do it in the function that runs it"
        )


@pytest.mark.parametrize(
    ("statement", "slow"),
    [
        ("import dedup", SLOW),
        ("import dedup.cli", tuple(each for each in SLOW if each != "click")),
    ],
)
def test_an_import_loads_no_slow_library(statement, slow):
    report = f"{statement}; import sys; print(*sorted(sys.modules.keys() & set({slow!r})))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_each_public_module_class_and_function_says_what_it_gives(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path} has no docstring"
    silent = [
        f"{path.name}:{node.lineno} {node.name}" for node in public(tree) if not ast.get_docstring(node)
    ]
    assert not silent


def public(tree):
    """Yield the public classes and functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)
