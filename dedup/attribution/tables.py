"""Reading the files of TOML that users write: their agencies, and their overrides."""

from __future__ import annotations

import difflib
import pathlib
import tomllib
from typing import TYPE_CHECKING, Any

from dedup import errors

if TYPE_CHECKING:
    from collections.abc import Iterable


def read(path: str, what: str) -> tuple[str, dict[str, Any]]:
    """Return a file's text and what it says.

    Parameters
    ----------
    what : the file in words, for errors

    Raises
    ------
    SettingError : it cannot be read, is not UTF-8, or no TOML
    """
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = (
            f'{what} "{path}" must be UTF-8: byte {error.object[error.start]:#04x} at {error.start}; '
            "save it as UTF-8, or: iconv -f latin1 -t utf-8"
        )
        raise errors.SettingError(message) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        message = f'{what} "{path}" cannot be read: {why}'
        raise errors.SettingError(message) from error


def near(name: str, known: Iterable[str]) -> str:
    """Return which of the known names was meant, for an error; nothing where none is like it.

    >>> near("orign", ["id", "origin"]), near("x", ["id"])
    ('; did you mean "origin"?', '')
    """
    found = difflib.get_close_matches(name, list(known), n=1)
    return f'; did you mean "{found[0]}"?' if found else ""
