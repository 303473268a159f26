"""The labelled data that figures are measured on: third-party texts, no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import xxhash

ROOT = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return the folder of the data: `DEDUP_DATA`, or `../shared/data` beside the repository; it may be absent."""
    given = os.environ.get("DEDUP_DATA", "../shared/data")
    return (ROOT / given).resolve()


def digest(path: Path) -> str:
    """Return 32 hexadecimal digits that two files share only if they are equal.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     digest(Path(empty.name))
    '99aa06d3014798d86001c324468d497f'
    """
    return xxhash.xxh3_128_hexdigest(path.read_bytes())
