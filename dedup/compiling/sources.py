"""What the machine code of a kernel depends on: the source of its module, and of all modules that it imports."""

from __future__ import annotations

import functools
import hashlib
import pathlib
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = pathlib.Path(__file__).parent.parent
_DIGEST_BYTES = 16
_IMPORT = re.compile(r"^ *from (dedup[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
_NAME = re.compile(r"(?:^|,)\s*(\w+)")


def digest(*parts: str | bytes) -> str:
    """Return a digest of these parts and of their order.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.hexdigest()


@functools.cache
def digest_of(module: str) -> str | None:
    """Return a digest of the sources that a module's code depends on; None where one cannot be read.

    Parameters
    ----------
    module : its whole name, of this package or not
    """
    names = sorted(needed(module))
    found = [_digest_of_source(name) for name in names]
    known = [each for each in found if each is not None]
    return digest(*names, *known) if names and len(known) == len(names) else None


def size_bytes(modules: Iterable[str]) -> int:
    """Return how long the sources of some modules are."""
    return sum(path.stat().st_size for path in map(_path, modules) if path)


@functools.cache
def needed(module: str) -> frozenset[str]:
    """Return the modules of this package that a module imports, directly or through others, and itself.

    >>> "dedup.words.blocks.kernels" in needed("dedup.text.kernels")
    True
    """
    found = {module}
    waiting = [module]
    while waiting:
        new = _imported(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


@functools.cache
def _imported(module: str) -> set[str]:
    path = _path(module)
    if path is None:
        return set()
    found = set()
    for source, many, one in _IMPORT.findall(path.read_text(encoding="utf-8")):
        for name in _NAME.findall(many or one):
            found.add(f"{source}.{name}" if _path(f"{source}.{name}") else source)
    return found


@functools.cache
def _digest_of_source(module: str) -> str | None:
    path = _path(module)
    try:
        return digest(path.read_bytes()) if path else None
    except OSError:
        return None


def _path(module: str) -> pathlib.Path | None:
    """Return the file of a module of this package, or of one that was imported; None where there is none."""
    first, *parts = module.split(".")
    if first != PACKAGE.name:
        file = getattr(sys.modules.get(module), "__file__", None)
        return pathlib.Path(file) if file else None
    place = PACKAGE.joinpath(*parts)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None
