"""Writes the list of the kernels that a scan and an index need: `python -m tests.signatures`."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba import types

from dedup.compiling import listed
from dedup.planting import archives as planting
from dedup.planting import truths
from tests import archives

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
N_RECORDS, N_REPORTS = 700, 40
LINE = "kernel:"
_SCAN = """
import gc, sys
from dedup.cli import main
from dedup.compiling import kernels
from tests import signatures
try:
    main(sys.argv[1:])
finally:
    for kernel in gc.get_objects():
        if type(kernel) is kernels.Kernel:
            for types in kernel.signatures:
                print(signatures.LINE, signatures.line(kernel, types))
"""


def write(folder: Path) -> Path:
    """Return a new archive whose scan needs each kernel that scans need: a planted one, and a story that goes on.

    Of that, each report repeats most of the one before; what those further apart share is measured when clusters are
    made.
    """
    truths.write(planting.Archive(N_RECORDS), folder / "planted.jsonl", folder / "truth")
    chance = random.Random(5)
    words = ["".join(chance.choices("aeioubdgklmnprst", k=7)) for _ in range(3_000)]
    paragraphs = [" ".join(chance.choices(words, k=50)) for _ in range(N_REPORTS)]
    reports = [{"text": "\n\n".join(paragraphs[i : i + 6])} for i in range(N_REPORTS)]
    archives.write(reports, folder / "reports.jsonl")
    return folder


def used(archive: Path, out: Path) -> list[str]:
    """Return a line for each kernel and types of arguments that a scan of an archive uses, and an index of it."""
    found: set[str] = set()
    for asked in (("scan", archive, "--out", out), ("index", "add", f"{out}.dedup", archive)):
        command = [sys.executable, "-c", _SCAN, *asked, "--quiet", "--threads", "1"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        lines = done.stdout.splitlines()
        found.update(each.removeprefix(LINE).strip() for each in lines if each.startswith(LINE))
    return sorted(found)


def line(kernel: Any, arguments: Sequence[Any]) -> str:
    """Return the line of a kernel and the types of its arguments."""
    spelled = "".join(f"{spell(each)}, " for each in arguments)
    return str(listed.Listed(kernel.py_func.__module__, kernel.py_func.__name__, f"({spelled.rstrip()})"))


def spell(kind: Any) -> str:
    """Return a type as numba reads it.

    >>> spell(types.Tuple([types.uint8[::1], types.UniTuple(types.boolean, 2)]))
    'Tuple((u1[::1], Tuple((b1, b1))))'
    >>> print(*map(spell, (types.int32, types.Array(types.float64, 2, "C", readonly=True))))
    i4 Array(f8, 2, 'C', readonly=True)
    """
    if isinstance(kind, types.BaseTuple):
        return f"Tuple(({', '.join(map(spell, kind))}))"
    if not isinstance(kind, types.Array):
        return "b1" if kind == types.boolean else f"{str(kind)[0]}{kind.bitwidth // 8}"
    if kind.mutable and kind.layout == "C":
        return f"{spell(kind.dtype)}[{':, ' * (kind.ndim - 1)}::1]"
    return f"Array({spell(kind.dtype)}, {kind.ndim}, '{kind.layout}', readonly={not kind.mutable})"


def main() -> None:
    """Write the list."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as out:
        lines = used(write(Path(folder)), Path(out) / "out")
    listed.PATH.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
