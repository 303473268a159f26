"""Records of JSON to pages, by msgspec: the strict way, which says what is a record and why others are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from dedup import records
from dedup.reading import batches, encodings, fields, margins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.reading import paths

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..", re.DOTALL
)
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the decoder raises for data that are no JSON."""


def decode(
    data: Sequence[bytes], numbers: Sequence[int | None], source: paths.Source, wanted: fields.Fields
) -> batches.Pages:
    """Return the pages of some records, and why others are none; blank ones are left out.

    Parameters
    ----------
    data : the bytes of each record
    numbers : the place of each in its file; None stands for a file of one record
    """
    rows: list[Any] = []
    places: list[int] = []
    reasons: dict[int, str] = {}
    for place, record in enumerate(data):
        if len(record) > batches.MAX_RECORD_BYTES:
            reasons[place] = f"a record must be <= {batches.MAX_RECORD_BYTES} bytes: {len(record)}"
            continue
        try:
            rows.append(wanted.decode(record))
        except UNREADABLE as error:
            if record and not record.isspace():
                reasons[place] = why_unreadable(record, error)
        else:
            places.append(place)
    texts = wanted.text.column(rows)
    missing = [
        row for row, text in enumerate(texts) if text.__class__ is not str or not text or text.isspace()
    ]
    for row in reversed(missing):
        reasons[places[row]] = _why_no_text(data[places[row]], wanted.text.names)
        del rows[row], places[row], texts[row]
    pages = _columns(rows, [numbers[place] for place in places], source, wanted)
    pages.text = texts
    pages.margins = [margins.read(row, text, wanted) for row, text in zip(rows, texts, strict=True)]
    pages.rejects = [
        records.Reject(source.shown, numbers[place], reason) for place, reason in sorted(reasons.items())
    ]
    return pages


def _columns(
    rows: Sequence[Any], places: list[int | None], source: paths.Source, wanted: fields.Fields
) -> batches.Pages:
    """Return all columns but the text."""
    warnings: list[list[str]] = [[] for _ in rows]
    ids = fields.ids(wanted.id.column(rows), warnings)
    urls = fields.strings(wanted.url.column(rows), "url", warnings)
    by_place = [source.name if place is None else f"{source.name}:{place}" for place in places]
    return batches.Pages(
        page_id=[own or url or place for own, url, place in zip(ids, urls, by_place, strict=True)],
        source_path=[source.shown] * len(rows),
        line=places,
        title=fields.strings(wanted.title.column(rows), "title", warnings),
        outlet=fields.strings(wanted.outlet.column(rows), "outlet", warnings),
        url=urls,
        byline=fields.strings(wanted.byline.column(rows), "byline", warnings),
        published=fields.iso_dates(wanted.published.column(rows), warnings),
        warnings=warnings,
    )


def why_unreadable(data: bytes, error: Exception) -> str:
    """Return what is wrong with data that the decoder did not take."""
    shown = fields.shorten(data[:400].decode("utf-8", "replace"))
    if isinstance(error, RecursionError):
        return f"not read: nested too deeply: {shown}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        place = f"byte 0x{data[wrong.start]:02x} at offset {wrong.start} of the record"
        return f"not UTF-8: {place}: {shown}; {encodings.advice()}"
    reason = str(error).removeprefix("JSON is malformed: ")
    if reason.startswith("Expected `object`") and "`$" not in reason:
        return f"a record must be a JSON object: {shown}"
    surrogate = _LONE_SURROGATE.search(data)
    if surrogate:
        return f"not valid text: {surrogate[0].decode('utf-8', 'replace')} is half of a character: {shown}"
    if reason == "Input data was truncated":
        reason = "it ends too early"
    return f"not valid JSON: {reason}: {shown}"


def _why_no_text(data: bytes, names: Sequence[str]) -> str:
    try:
        record = msgspec.json.decode(data)
    except UNREADABLE as error:
        return why_unreadable(data, error)
    given = [name for name in names if name in record]
    if not given:
        listed = ", ".join(f'"{name}"' for name in names)
        return f"no text: the record has none of {listed}"
    name = next((name for name in given if record[name]), given[0])
    value = record[name]
    if value is None or isinstance(value, str):
        return f'no text: "{name}" must not be blank: {fields.excerpt(value)}'
    return f'"{name}" must be a string: {fields.excerpt(value)}'
