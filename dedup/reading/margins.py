"""What a record says of its text beside the usual fields: credits, addresses, dates, and the page around the text.

A credit often stands in what extraction of the text throws away. Of a field that holds the whole page only what
stands near the text is kept, of an HTML page what its markup says of source and author.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.reading import fields

_AROUND = 600  # characters of a page before its text, and after
_LONGEST = 2000  # characters of any other field
_TIMES = ("modified", "seen")
_LEAST_MILLISECONDS = 1e11  # since 1970: as seconds this is the year 5138
_MOST_LINKS = 100
_ENDS_OF_TEXT = (60, 40, 25)  # characters of the text by which it is looked for in its page
_ROLES = {name: role for role, names in records.MARGINS.items() for name in names}
_IS_HTML = re.compile(r"<(?:!doctype|html|head|body|div|p|meta|article)\b", re.IGNORECASE)
_QUOTED = r"""(?:"(?P<{0}>[^"]+)"|'(?P<{1}>[^']+)')"""
_ATTRIBUTE = (
    r"""(?=[^<>]{{0,400}}?\b{0}\s*=\s*["']?(?:{1})["'\s/>])[^<>]{{0,400}}?\b{2}\s*=\s*"""
    + _QUOTED.format("a", "b")
)
_OF_PICTURES = re.compile(
    r"photo|image|img|picture|caption|figure|media|video|gallery|thumb|<cite", re.IGNORECASE
)
_IN_MARKUP = (
    ("canonical", re.compile("<link" + _ATTRIBUTE.format("rel", "canonical", "href"), re.IGNORECASE)),
    (
        "holder",
        re.compile("<meta" + _ATTRIBUTE.format("property", "og:site_name", "content"), re.IGNORECASE),
    ),
    (
        "via",
        re.compile(
            "<meta" + _ATTRIBUTE.format("name", "syndication-source|original-source|dc.source", "content"),
            re.IGNORECASE,
        ),
    ),
    (
        "author",
        re.compile(
            "<meta" + _ATTRIBUTE.format("(?:name|property)", "author|article:author|byl", "content"),
            re.IGNORECASE,
        ),
    ),
    (
        "note",
        re.compile(
            r"""<\w+\b[^<>]{0,400}?\bclass\s*=\s*["'][^"'<>]{0,200}?"""
            r"""(?:syndicat|byline|credit|attribution|agency|copyright|source)"""
            r"""[^"'<>]{0,200}["'][^<>]{0,400}>\s*(?:<\w+[^<>]{0,400}>\s*)?(?P<a>[^<>{}]{2,200}?)(?P<b>)\s*<""",
            re.IGNORECASE,
        ),
    ),
    (
        "author",
        re.compile(
            r"""["']author["']\s*:\s*[\[{][^\]}]{0,200}?["']name["']\s*:\s*["'](?P<a>[^"'\n]{2,100})(?P<b>)["']"""
        ),
    ),
    (
        "holder",
        re.compile(
            r"""["']copyrightHolder["']\s*:\s*\{[^}]{0,200}?["']name["']\s*:\s*["'](?P<a>[^"'\n]{2,100})(?P<b>)["']"""
        ),
    ),
)


def read(record: Any, text: str, wanted: fields.Fields) -> list[dict[str, Any]]:
    """Return what a decoded record says of its text in further fields, each as a `records.Margin`'s fields.

    Parameters
    ----------
    record : a row of `wanted.decode`
    text : the record's text
    """
    found: list[dict[str, Any]] = []
    for name, attribute in zip(wanted.further.names, wanted.further.attributes, strict=True):
        value = getattr(record, attribute)
        if value:
            found += _read(_ROLES[name], name, value, text)
    return found


def _read(role: str, name: str, value: Any, text: str) -> Iterator[dict[str, Any]]:
    if role == "link":
        yield from _links(value, text)
    elif role in _TIMES and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _moment(role, name, value)
    elif not isinstance(value, str):
        values = value if isinstance(value, list) else [value]
        for each in values:
            said = each.get("name") if isinstance(each, dict) else each
            if isinstance(said, str) and said.strip() and role != "page":
                yield _margin(role, name, -1, said[:_LONGEST])
    elif not value or value.isspace():
        return
    elif role != "page":
        yield _margin(role, name, 0, value[:_LONGEST])
    elif _IS_HTML.search(value, 0, _LONGEST):
        yield from _in_markup(name, value)
    else:
        yield from _around(name, value, text)


def _in_markup(name: str, page: str) -> Iterator[dict[str, Any]]:
    for told, pattern in _IN_MARKUP:
        for found in pattern.finditer(page):
            group = "a" if found["a"] else "b"
            if told != "note" or not _is_of_picture(page, found):
                yield _margin(told, name, found.start(group), found[group])


def _is_of_picture(page: str, found: re.Match[str]) -> bool:
    """Return whether an element of a page is a picture's credit: by its tag or class, or as it stands in a figure."""
    if _OF_PICTURES.search(page, found.start(), found.start("a")):
        return True
    opened = page.rfind("<figure", max(0, found.start() - _LONGEST), found.start())
    return opened > page.rfind("</figure", max(0, found.start() - _LONGEST), found.start())


def _moment(role: str, name: str, value: float) -> Iterator[dict[str, Any]]:
    """Yield a time that is given as seconds or milliseconds since 1970."""
    seconds = value / 1000 if abs(value) >= _LEAST_MILLISECONDS else value
    with contextlib.suppress(OverflowError, OSError, ValueError):
        yield _margin(role, name, -1, dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat())


def _around(name: str, page: str, text: str) -> Iterator[dict[str, Any]]:
    """Yield what stands before the text in its page, and what stands after it."""
    text = text.strip()
    start = next((at for n in _ENDS_OF_TEXT if (at := page.find(text[:n])) >= 0), -1)
    if start > 0:
        first = max(0, start - _AROUND)
        yield _margin("page", name, first, page[first:start])
    end = next((at + n for n in _ENDS_OF_TEXT if (at := page.rfind(text[-n:])) >= 0), -1)
    if 0 <= end < len(page):
        yield _margin("page", name, end, page[end : end + _AROUND])


def _links(value: Any, text: str) -> Iterator[dict[str, Any]]:
    """Yield the links of a text that say where their anchor stands, and the others."""
    for link in value[:_MOST_LINKS] if isinstance(value, list) else ():
        given = link if isinstance(link, dict) else {"href": link}
        href = given.get("href") or given.get("url")
        if not isinstance(href, str) or "://" not in href:
            continue
        start, end = given.get("start"), given.get("end")
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
            yield _margin("link", "text", start, text[start:end], href)
        else:
            yield _margin("link", "text", -1, "", href)


def _margin(role: str, field: str, start: int, text: str, target: str | None = None) -> dict[str, Any]:
    return {"role": role, "field": field, "start": start, "text": text, "target": target}
