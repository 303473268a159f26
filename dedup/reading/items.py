"""From an item of a feed to a record with the fields that records of JSON usually have."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from dedup.reading import elements, fields, markup

TEXTS = (
    *("content:encoded", "atom:content", "xhtml:body", "xhtml:div", "yandex:full-text"),
    *("description", "atom:summary", "dc:description"),
)
_IDS = ("guid", "atom:id", "dc:identifier")
_TITLES = ("title", "atom:title", "dc:title")
_PUBLISHED = (
    *("pubDate", "atom:published", "dc:date", "atom:issued", "dcterms:issued"),
    *("dcterms:created", "atom:created", "dcterms:date"),
)
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified")
_NOTES = {
    "copyright": ("copyright",),
    "rights": ("atom:rights", "atom:copyright"),
    "dc:rights": ("dc:rights", "dcterms:rights"),
}
_SOURCES = {"rss_source": ("source", "atom:source"), "dc:source": ("dc:source", "dcterms:source")}
"""What margins are made of: names of `records.MARGINS`, and the elements that hold it."""
_PLAIN_TYPES = frozenset(("", "text", "text/plain"))
_MARKUP_TYPES = frozenset(("html", "xhtml", "text/html", "application/xhtml+xml"))
_END_TAG = re.compile(r"</[a-zA-Z]")
_MAIL = re.compile(r"\S+@\S+ \((?P<name>.+)\)")
_LONGEST = 500  # characters of what a feed says of itself, and each of its pages repeats


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """What a feed says of itself, and so of its items.

    Attributes
    ----------
    notes : on the rights, by the names that margins have
    """

    title: str
    authors: list[str]
    notes: dict[str, str]


def heading(head: elements.Item) -> Heading:
    """Return what a feed says of itself.

    >>> feed = elements.read("<rss><channel><title>Planet</title><copyright>AFP</copyright></channel></rss>")
    >>> heading(feed.head)
    Heading(title='Planet', authors=[], notes={'copyright': 'AFP'})
    """
    notes = {name: text[:_LONGEST] for name, text in _notes(head).items()}
    return Heading(_line(head, _TITLES)[:_LONGEST], _persons(head), notes)


def record(item: elements.Item, about: Heading) -> dict[str, Any]:
    r"""Return an item as a record with the usual fields, and those that margins are made of.

    Its text is the longest that it has. What only the feed says holds for each of its items.

    >>> feed = elements.read(
    ...     "<rss><channel><title>Planet</title><item><title>Rain</title><guid>7</guid>"
    ...     "<description>&lt;p>Rain fell.&lt;p>Snow too.</description></item></channel></rss>"
    ... )
    >>> found = record(feed.items[0], heading(feed.head))
    >>> found["id"], found["title"], found["outlet"], found["text"]
    ('7', 'Rain', 'Planet', 'Rain fell.\n\nSnow too.')
    """
    body = _body(item)
    published, updated = _first(item, _PUBLISHED), _first(item, _UPDATED)
    given = {
        "id": _first(item, _IDS).strip() or _about(item),
        "url": _url(item),
        "title": _line(item, _TITLES),
        "outlet": about.title,
        "author": _authors(item) or about.authors,
        "published": (published or updated).strip(),
        "updated": updated if published else "",
        "text": body.text,
        "hyperlinks": [dataclasses.asdict(link) for link in body.links],
    }
    return given | (_notes(item) or about.notes) | _sources(item)


def why_no_text(item: elements.Item) -> str:
    """Return what is wrong with an item that has no text.

    >>> why_no_text(elements.Item())
    'no text: the item has none of "content:encoded", "content", "description", "summary"'
    """
    given = item.all(*TEXTS)
    if not given:
        return 'no text: the item has none of "content:encoded", "content", "description", "summary"'
    field = next((field for field in given if field.parts), given[0])
    return f'no text: "{field.name.removeprefix("atom:")}" holds none: {fields.excerpt(field.text.strip())}'


def _body(item: elements.Item) -> markup.Plain:
    found = [_plain(field) for field in item.all(*TEXTS)]
    return max(found, key=lambda plain: len(plain.text), default=markup.Plain(""))


def _plain(field: elements.Field) -> markup.Plain:
    """Return the plain text of a field: of its elements, else of its characters, which are HTML unless Atom says no.

    A text that calls itself plain and has end tags is HTML all the same.
    """
    if any(isinstance(part, elements.Tag) for part in field.parts):
        return _of_elements(field)
    kind = field.attributes.get("type", "").strip().casefold()
    if field.name.startswith("atom:"):
        is_text = kind in _PLAIN_TYPES or kind in _MARKUP_TYPES or kind.startswith("text/")
        if not is_text or field.attributes.get("mode") == "base64":
            return markup.Plain("")
        if kind in _PLAIN_TYPES and not _END_TAG.search(field.text):
            return markup.Plain(field.text.strip())
    return markup.read(field.text)


def _of_elements(field: elements.Field) -> markup.Plain:
    """Return the plain text of markup that is part of the feed's own XML."""
    names = {
        part.name: part.name.rpartition(":")[2].casefold()
        for part in field.parts
        if not isinstance(part, str)
    }
    writer = markup.Writer(keeps_lines=not any(map(markup.is_block, names.values())))
    for part in field.parts:
        if isinstance(part, str):
            writer.write(part)
        elif part.is_end:
            writer.end(names[part.name])
        else:
            writer.start(names[part.name], part.attributes)
    return writer.plain()


def _first(item: elements.Item, names: tuple[str, ...]) -> str:
    """Return the first text of some fields that is not blank, as it stands there."""
    return next((field.text for field in item.all(*names) if field.text.strip()), "")


def _line(item: elements.Item, names: tuple[str, ...]) -> str:
    """Return the first plain text of some fields, in one line."""
    lines = (" ".join(_plain(field).text.split()) for field in item.all(*names))
    return next(filter(None, lines), "")


def _about(item: elements.Item) -> str:
    return (item.attributes.get("rdf:about") or item.attributes.get("about") or "").strip()


def _url(item: elements.Item) -> str:
    """Return the address of the page: of a link over a counting service, the address behind it."""
    given = _first(item, ("feedburner:origLink", "link")).strip()
    if given:
        return given
    links = [field.attributes for field in item.all("atom:link") if field.attributes.get("href", "").strip()]
    pages = [link for link in links if link.get("rel", "alternate").strip().casefold() == "alternate"]
    pages.sort(key=lambda link: link.get("type", "text/html").strip().casefold() not in _MARKUP_TYPES)
    if pages:
        return pages[0]["href"].strip()
    permanent = [field.text for field in item.all("guid") if field.attributes.get("isPermaLink") != "false"]
    addresses = (text.strip() for text in (*permanent, _about(item)) if "://" in text)
    return next(addresses, "")


def _authors(item: elements.Item) -> list[str]:
    """Return who wrote an item: as it says itself, else as the feed does that it came from."""
    creators = (" ".join(_plain(field).text.split()) for field in item.all("dc:creator"))
    return list(filter(None, creators)) or _persons(item) or _names(item, "atom:source")


def _persons(item: elements.Item) -> list[str]:
    """Return the names of authors: of RSS without the address for mail before them."""
    texts = [text for field in item.all("author") for text in field.below("name") or [_plain(field).text]]
    lines = (" ".join(text.split()) for text in texts)
    named = [found["name"] if (found := _MAIL.fullmatch(line)) else line for line in lines if line]
    return _names(item, "atom:author") or named


def _names(item: elements.Item, name: str) -> list[str]:
    found = (" ".join(text.split()) for field in item.all(name) for text in field.below("atom:name"))
    return list(filter(None, found))


def _notes(item: elements.Item) -> dict[str, str]:
    found = {name: _first(item, names) for name, names in _NOTES.items()}
    return {name: text for name, text in found.items() if text}


def _sources(item: elements.Item) -> dict[str, Any]:
    """Return where an item says that it came from: a name, else an address, which is no part of a text."""
    found: dict[str, Any] = {}
    for name, names in _SOURCES.items():
        for field in item.all(*names):
            titles = field.below("atom:title") if field.name == "atom:source" else [field.text]
            said = next((text for text in titles if text.strip()), "")
            address = field.attributes.get("url", "").strip()
            if said or address:
                found.setdefault(name, said or [address])
    return found
