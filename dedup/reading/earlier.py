"""The files that an earlier scan wrote into a folder: they are no part of the archive."""

from __future__ import annotations

import json
import pathlib
from typing import TYPE_CHECKING

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Iterable

_ACCOUNT = "run.json"
_NAMES = frozenset(
    (
        _ACCOUNT,
        "dedup.sqlite",
        *(f"{table.name}.{kind}" for table in records.OUTPUT_TABLES for kind in ("jsonl", "csv", "parquet")),
    )
)
_HEAD_BYTES = 1 << 16
# an account lists the paths that were named, and a command line is no longer than this
_MOST_BYTES = 1 << 24


def files(paths: Iterable[str]) -> frozenset[str]:
    """Return those of one folder's files that an earlier scan wrote there: none where no `run.json` is a scan's.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     listed = [f"{folder}/run.json", f"{folder}/articles.csv", f"{folder}/more.jsonl"]
    ...     _ = pathlib.Path(listed[0]).write_text('{"settings_digest": "0a", "counts": {}}')
    ...     sorted(pathlib.Path(path).name for path in files(listed))
    ['articles.csv', 'run.json']
    """
    named = [path for path in paths if pathlib.PurePath(path).name in _NAMES]
    is_scan = any(
        pathlib.PurePath(path).name == _ACCOUNT and _is_account(pathlib.Path(path)) for path in named
    )
    return frozenset(named) if is_scan else frozenset()


def _is_account(path: pathlib.Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            if not head.lstrip().startswith(b"{") or b'"settings_digest"' not in head:
                return False
            account = json.loads(head + file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(account, dict) and {"settings_digest", "counts"} <= account.keys()
