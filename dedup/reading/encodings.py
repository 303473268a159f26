"""Texts that are not UTF-8: which encoding they seem to have, and how to convert them."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
HEAD_BYTES = 512
_LEAST_UNITS = 8


def wide(head: bytes) -> str | None:
    """Return the name of an encoding with several bytes for each letter, by a text's first bytes; None for others.

    A byte order mark tells it; without one, every other byte of a text in Latin letters is NUL.

    >>> wide("Rain".encode("utf-16")), wide("Rain fell.".encode("utf-16-be")), wide(b"Rain fell.")
    ('UTF-16', 'UTF-16BE', None)
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    head = head[:HEAD_BYTES]
    n_units = len(head) // 2
    if n_units < _LEAST_UNITS:
        return None
    n_first, n_second = head[::2].count(0), head[1::2].count(0)
    if not n_first and n_second > n_units // 2:
        return "UTF-16LE"
    if not n_second and n_first > n_units // 2:
        return "UTF-16BE"
    return None


def advice(name: str = "WINDOWS-1252") -> str:
    """Return what to do with a file in this encoding.

    >>> advice("UTF-16")
    'save it as UTF-8, or: iconv -f UTF-16 -t UTF-8'
    """
    return f"save it as UTF-8, or: iconv -f {name} -t UTF-8"
