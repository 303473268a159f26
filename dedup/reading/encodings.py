"""Texts that are not UTF-8: which encoding they have or seem to have, and how to convert them."""

from __future__ import annotations

import codecs
import dataclasses
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
HEAD_BYTES = 512
_LEAST_UNITS = 8
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""", re.ASCII)
_LATIN = "iso8859-1"
_CONTROLS = {
    number: bytes([number]).decode("cp1252", "ignore") or chr(number) for number in range(0x80, 0xA0)
}
"""What stands for a control character in a text in Latin 1: a letter of Windows-1252, where it has one."""
_MEANT = {
    "ascii": _LATIN,
    "cp1252": _LATIN,
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Names under which the web writes more letters than they have (encoding.spec.whatwg.org, names and labels)."""
_NO_LETTERS = frozenset(("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf-7"))
_MARK = "\ufeff"
_LINE_FEED = "\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Decoded:
    """The text that data hold, and why it ends where it does, None if it is all of it."""

    text: str
    wrong: str | None = None


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


def of_xml(data: bytes, *, is_cut: bool = False) -> Decoded:
    r"""Return the text of an XML file in the encoding that its byte order mark or its declaration names, else UTF-8.

    Parameters
    ----------
    is_cut : whether the data are the beginning of a file, that may end amid a letter

    >>> of_xml('<?xml version="1.0" encoding="koi8-r"?><a>Дождь</a>'.encode("koi8-r")).text[-12:]
    '<a>Дождь</a>'
    >>> of_xml(b"<a>caf\xe9</a>").wrong
    'not UTF-8: byte 0xe9 in line 1; name its encoding in its first line, or save it as UTF-8'
    """
    wide_name = wide(data[:HEAD_BYTES])
    declared = _DECLARED.match(data[:HEAD_BYTES].lstrip())
    named = wide_name or (declared[1].decode("ascii") if declared else "utf-8")
    try:
        name = codecs.lookup(named).name
        is_text = name not in _NO_LETTERS and bool("<".encode(name))
    except (LookupError, UnicodeError):
        is_text = False
    if not is_text:
        return Decoded("", f'no such encoding: "{named}"; save it as UTF-8')
    if name.startswith(("utf-16", "utf-32")) and wide_name is None:
        name = "utf-8"  # what programs declare that write their text otherwise than they held it
    return _decoded(data, _MEANT.get(name, name), named.upper(), is_cut=is_cut)


def _decoded(data: bytes, name: str, shown: str, *, is_cut: bool) -> Decoded:
    try:
        text = codecs.getincrementaldecoder(name)().decode(data, final=not is_cut)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(name, "ignore").removeprefix(_MARK)
        place = f"byte 0x{data[error.start]:02x} in line {before.count(_LINE_FEED) + 1}"
        return Decoded(
            before, f"not {shown}: {place}; name its encoding in its first line, or save it as UTF-8"
        )
    text = text.translate(_CONTROLS) if name == _LATIN and not text.isascii() else text
    return Decoded(text.removeprefix(_MARK))
