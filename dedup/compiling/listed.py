"""The kernels that a scan needs, each with the types of its arguments: `signatures.txt`.

A test compares the list with what a scan compiles, and `python -m tests.signatures` writes it anew. A kernel that the
list lacks, or has with other types, is compiled when it is first called.
"""

from __future__ import annotations

import dataclasses
import pathlib

PATH = pathlib.Path(__file__).with_name("signatures.txt")


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A kernel, and the types of its arguments as numba writes them.

    >>> Listed.read("clustering.ordering.kernels.put (i8[::1], i8)").module
    'dedup.clustering.ordering.kernels'
    """

    module: str
    function: str
    types: str

    @classmethod
    def read(cls, line: str) -> Listed:
        """Return what a line says."""
        name, types = line.strip().split(" ", 1)
        module, _, function = name.rpartition(".")
        return cls(f"dedup.{module}", function, types)

    def __str__(self) -> str:
        """Return the line that says this."""
        return f"{self.module.removeprefix('dedup.')}.{self.function} {self.types}"


def kernels() -> list[Listed]:
    """Return the kernels that a scan needs."""
    return [Listed.read(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
