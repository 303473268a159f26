"""The elements of feeds: RSS, also as RDF, and Atom, under one name each, whatever a file calls their namespaces."""

from __future__ import annotations

import dataclasses
import functools
import html.entities
from typing import Any
from xml.parsers import expat

_NAMESPACES = {
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "purl.org/rss/1.0": "",
    "news.yandex.ru": "yandex",
    "purl.org/atom/ns": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/2005/atom": "atom",
}
"""Namespaces without scheme and end, and the prefix under which their elements are known here."""
_PREFIXES = frozenset(_NAMESPACES.values()) - {""}
_ROOTS = {"rss": "", "RDF": "", "feed": "atom", "entry": "atom"}
"""The elements that feeds begin with, and the prefix of those in them that have no known namespace."""
_HEADS = frozenset(("channel", "atom:feed"))
_ITEMS = frozenset(("item", "atom:entry"))
_BUFFER_BYTES = 1 << 16


@dataclasses.dataclass(frozen=True, slots=True)
class Tag:
    """A tag in a field: the name of its element, with a known prefix, and its attributes."""

    name: str
    attributes: dict[str, str]
    is_end: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """An element of an item or a channel, with all that stands in it, in its order.

    Attributes
    ----------
    parts : characters, and the tags between them
    """

    name: str
    attributes: dict[str, str]
    parts: list[str | Tag] = dataclasses.field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all characters in it."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def below(self, name: str) -> list[str]:
        """Return the characters of each element of a name in it."""
        found: list[list[str]] = []
        is_in = False
        for part in self.parts:
            if isinstance(part, str):
                if is_in:
                    found[-1].append(part)
            elif part.name == name:
                is_in = not part.is_end
                if is_in:
                    found.append([])
        return ["".join(parts) for parts in found]


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """An item, an entry or a channel: its attributes and its fields, in their order."""

    attributes: dict[str, str] = dataclasses.field(default_factory=dict)
    fields: list[Field] = dataclasses.field(default_factory=list)

    def all(self, *names: str) -> list[Field]:
        """Return the fields of some names, those of the first name first."""
        return [field for name in names for field in self.fields if field.name == name]


@dataclasses.dataclass(slots=True)
class Feed:
    """What a feed holds.

    Attributes
    ----------
    head : what it says of itself
    items : those that are complete
    wrong : why it was not read, or not to its end; None if it was
    """

    head: Item = dataclasses.field(default_factory=Item)
    items: list[Item] = dataclasses.field(default_factory=list)
    wrong: str | None = None


class _RefusedError(Exception):
    """The file is no feed, or has what is not read."""


def read(text: str, *, is_cut: bool = False) -> Feed:
    r"""Return the items of a feed, up to the place where it is no XML.

    Letters that HTML names, such as `&nbsp;`, are known without a declaration. Entities of its own, and defaults of
    attributes, would let a small file be a large one: a file that declares any is not read. Nothing else is opened.

    Parameters
    ----------
    is_cut : whether the text is the beginning of a feed

    >>> feed = read("<rss><channel><title>Planet</title><item><title>Rain&nbsp;fell</title></item></rss>")
    >>> [field.text for item in (feed.head, *feed.items) for field in item.fields]
    ['Planet', 'Rain\xa0fell']
    >>> feed.wrong
    'not well-formed XML: mismatched tag in line 1, column 80'
    """
    body = text.lstrip()
    n_lines_before = text.count("\n", 0, len(text) - len(body))
    reader = _Reader()
    try:
        reader.parse(body, is_cut=is_cut)
    except expat.ExpatError as error:
        place = f"line {error.lineno + n_lines_before}, column {error.offset + 1}"
        reader.feed.wrong = f"not well-formed XML: {expat.ErrorString(error.code)} in {place}"
    except _RefusedError as error:
        reader.feed.wrong = str(error)
    return reader.feed


class _Reader:
    """Builds a feed of what expat finds. Nothing is nested: depth is a number, so that any depth is read."""

    def __init__(self) -> None:
        self.feed = Feed()
        self._uris: dict[str, str] = {}
        self._undo: list[list[tuple[str, str | None]]] = []
        self._names: list[str] = []
        self._item: Item | None = None
        self._field: Field | None = None
        self._item_depth = 0  # of the elements around it
        self._field_depth = 0
        self._home = ""
        self._home_prefixes: set[str] = set()

    def parse(self, text: str, *, is_cut: bool) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = _BUFFER_BYTES
        parser.UseForeignDTD(True)  # noqa: FBT003  (by place only); makes unknown entities no error
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SkippedEntityHandler = self._entity
        parser.EntityDeclHandler = _refuse_entity
        parser.AttlistDeclHandler = _refuse_attribute
        parser.Parse(text, not is_cut)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._declare(attributes)
        if not self._names:
            self._begin(tag)
        name = self._known(tag)
        if self._field is not None:
            self._field.parts.append(Tag(name, attributes))
        elif name in _ITEMS and self._item is None:
            self._item = Item(
                {self._known(key) if ":" in key else key: value for key, value in attributes.items()}
            )
            self._item_depth = len(self._names)
        elif self._item is not None or (self._names and self._names[-1] in _HEADS):
            self._field = Field(name, attributes)
            self._field_depth = len(self._names)
        self._names.append(name)

    def _end(self, _tag: str) -> None:
        name = self._names.pop()
        depth = len(self._names)
        if self._field is not None and depth > self._field_depth:
            self._field.parts.append(Tag(name, {}, is_end=True))
        elif self._field is not None:
            (self._item or self.feed.head).fields.append(self._field)
            self._field = None
        elif self._item is not None and depth == self._item_depth:
            self.feed.items.append(self._item)
            self._item = None
        for prefix, uri in reversed(self._undo.pop()):
            if uri is None:
                del self._uris[prefix]
            else:
                self._uris[prefix] = uri

    def _characters(self, data: str) -> None:
        if self._field is not None:
            self._field.parts.append(data)

    def _entity(self, name: str, is_parameter: bool) -> None:  # noqa: FBT001  (expat's)
        if self._field is not None and not is_parameter:
            self._field.parts.append(html.entities.html5.get(f"{name};", f"&{name};"))

    def _begin(self, tag: str) -> None:
        """Take the root: whatever its namespace, its elements are those of a feed."""
        prefix, _, local = tag.rpartition(":")
        if local not in _ROOTS:
            message = f'XML, but no feed: its root element is "{tag}", not "rss", "rdf:RDF" or "feed"'
            raise _RefusedError(message)
        self._home_prefixes = {"", prefix}
        self._home = _ROOTS[local]

    def _declare(self, attributes: dict[str, str]) -> None:
        """Note the namespaces that an element declares, until it ends."""
        before: list[tuple[str, str | None]] = []
        for name, uri in attributes.items():
            if name == "xmlns" or name.startswith("xmlns:"):
                prefix = name[len("xmlns:") :]
                before.append((prefix, self._uris.get(prefix)))
                self._uris[prefix] = uri
        self._undo.append(before)

    def _known(self, tag: str) -> str:
        """Return a name with the prefix that its namespace is known by; `?` stands for others."""
        prefix, _, local = tag.rpartition(":")
        uri = self._uris.get(prefix)
        known = _NAMESPACES.get(_bare(uri)) if uri else prefix if prefix in _PREFIXES else None
        if known is None:
            known = self._home if prefix in self._home_prefixes else "?"
        return f"{known}:{local}" if known else local


@functools.lru_cache(maxsize=256)
def _bare(uri: str) -> str:
    return uri.strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/#")


def _refuse_entity(name: str, *_about: Any) -> None:
    message = f'a feed must declare no entities: "{name}"; take its DOCTYPE out'
    raise _RefusedError(message)


def _refuse_attribute(element: str, name: str, *_about: Any) -> None:
    message = f'a feed must declare no attributes: "{name}" of "{element}"; take its DOCTYPE out'
    raise _RefusedError(message)
