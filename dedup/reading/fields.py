"""The fields of a JSON record: which are looked for, and what becomes of their values."""

from __future__ import annotations

import dataclasses
import operator
from typing import TYPE_CHECKING, Any

from dedup import dates, errors, records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedup.settings import Settings

USUAL = {
    "id": ("id",),
    "text": ("text", "body", "content"),
    "title": ("title", "headline"),
    "url": ("url",),
    "outlet": ("outlet", "source", "publisher", "site"),
    "published": (
        "published",
        "date",
        "pubdate",
        "pubDate",
        "published_at",
        "publishedAt",
        "publish_date",
        "date_publish",
        "date_published",
        "datePublished",
        "publication_date",
        "created",
        "created_at",
    ),
    "byline": ("author", "byline", "authors"),
}
FURTHER = tuple(name for names in records.MARGINS.values() for name in names)
"""What may say more of a text than its record's usual fields; see `margins`."""
_EXCERPT_CHARACTERS = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Role:
    """One thing that is looked for in a record.

    Attributes
    ----------
    names : the fields that may hold it, the first that holds anything counts
    attributes : the same, as attributes of a decoded row
    """

    names: tuple[str, ...]
    attributes: tuple[str, ...]

    def column(self, rows: Sequence[Any]) -> list[Any]:
        """Return what each row holds for this role, None where it holds nothing."""
        first, *others = [operator.attrgetter(attribute) for attribute in self.attributes]
        values = list(map(first, rows))
        for other in others:
            if all(values):
                break
            found = map(other, rows)
            values = [
                new if not old and new is not None else old for old, new in zip(values, found, strict=True)
            ]
        return values


@dataclasses.dataclass(frozen=True, slots=True)
class Fields:
    """The decoder of a record's line, the names that it knows, and the roles of the fields."""

    decode: Callable[[bytes], Any]
    names: tuple[str, ...]
    id: Role
    text: Role
    title: Role
    url: Role
    outlet: Role
    published: Role
    byline: Role
    further: Role


def choose(settings: Settings) -> Fields:
    """Return the fields to look for: the usual ones, where the settings name no other.

    Raises
    ------
    SettingError : a field's name holds a quotation mark, a backslash or a control character

    >>> from dedup.settings import Settings
    >>> choose(Settings(text_field="article")).text.names
    ('article',)
    """
    import msgspec

    given = {role: getattr(settings, f"{role}_field") for role in USUAL}
    for role, name in given.items():
        if not name.isprintable() or '"' in name or "\\" in name:
            message = f'"{role}_field" must be printable, without quotation marks and backslashes: {name!r}'
            raise errors.SettingError(message)
    names = {role: (given[role],) if given[role] else usual for role, usual in USUAL.items()}
    taken = {name for of_role in names.values() for name in of_role}
    names["further"] = tuple(name for name in FURTHER if name not in taken)
    each_once = dict.fromkeys(name for of_role in names.values() for name in of_role)
    attributes = {name: f"field_{number}" for number, name in enumerate(each_once)}
    row = msgspec.defstruct(
        "Row",
        [(attribute, Any, None) for attribute in attributes.values()],
        rename={attribute: name for name, attribute in attributes.items()},
        gc=False,
    )
    roles = {
        role: Role(of_role, tuple(attributes[name] for name in of_role)) for role, of_role in names.items()
    }
    return Fields(decode=msgspec.json.Decoder(row).decode, names=tuple(each_once), **roles)


def excerpt(value: Any) -> str:
    """Return a value as JSON writes it, cut to 60 characters.

    >>> excerpt([1, None])
    '[1,null]'
    """
    import msgspec

    return shorten(msgspec.json.encode(value).decode("utf-8"))


def shorten(text: str) -> str:
    """Return a text, cut to 60 characters; what cannot be printed becomes a replacement character.

    >>> shorten("a" * 100) == "a" * 60 + "..."
    True
    """
    start = "".join(each if each.isprintable() else "\ufffd" for each in text[:_EXCERPT_CHARACTERS])
    return start if len(text) <= _EXCERPT_CHARACTERS else f"{start}..."


def strings(values: list[Any], name: str, warnings: list[list[str]]) -> list[str | None]:
    """Return a column's values as strings, None where they are blank; what has no string becomes a warning.

    Numbers are written out, an object stands for its `name`, the parts of a list are joined with commas.

    >>> strings([["A. Ash", {"name": "B. Birch"}], " ", 7], "byline", [[], [], []])
    ['A. Ash, B. Birch', None, '7']
    """
    column: list[str | None] = []
    for row, value in enumerate(values):
        text = value if value is None or value.__class__ is str else _flat(value)
        if text is None and value is not None:
            warnings[row].append(f"{name} is not understood: {excerpt(value)}")
        column.append(text if text and not text.isspace() else None)
    return column


def ids(values: list[Any], warnings: list[list[str]]) -> list[str | None]:
    """Return a column of ids as strings, None where they are blank; what is no string or number becomes a warning.

    >>> ids(["a", 7, None], [[], [], []])
    ['a', '7', None]
    """
    column: list[str | None] = []
    for row, value in enumerate(values):
        text = value if value.__class__ is str else _number(value)
        if text is None and value is not None:
            warnings[row].append(f"id must be a string or a number: {excerpt(value)}")
        column.append(text if text and not text.isspace() else None)
    return column


def iso_dates(values: list[Any], warnings: list[list[str]]) -> list[str | None]:
    """Return a column of dates as ISO 8601, None where they are blank; what is no date becomes a warning.

    >>> warnings = [[], []]
    >>> iso_dates(["18 Feb 2025", "02/03/2025"], warnings), warnings
    (['2025-02-18', None], [[], ['date "02/03/2025" is not understood']])
    """
    column: list[str | None] = []
    for row, value in enumerate(values):
        claimed = dates.parse(value) if value.__class__ is str else _numeric_date(value)
        is_blank = value is None or (value.__class__ is str and (not value or value.isspace()))
        if claimed is None and not is_blank:
            warnings[row].append(f"date {excerpt(value)} is not understood")
        column.append(claimed.iso if claimed else None)
    return column


def _flat(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _flat(value.get("name")) if isinstance(value.get("name"), str) else None
    if isinstance(value, list):
        parts = [_flat(part) for part in value if isinstance(part, (str, dict))]
        known = [part for part in parts if part and not part.isspace()]
        return ", ".join(known) if known or not value else None
    return _number(value)


def _number(value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else None


def _numeric_date(value: Any) -> dates.Claimed | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return dates.parse_epoch(value) or dates.parse(str(value))
