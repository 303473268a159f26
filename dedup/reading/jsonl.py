"""JSON Lines, and JSON files that are one object or one array: a record is a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from dedup import records
from dedup.reading import batches, encodings, fields, streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup import reading
    from dedup.reading import paths

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..", re.DOTALL
)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def is_record(data: bytes) -> bool:
    """Return whether these bytes are one complete JSON object.

    >>> is_record(b'{"id": 1}'), is_record(b'{"id":')
    (True, False)
    """
    try:
        return isinstance(msgspec.json.decode(data), dict)
    except _UNREADABLE:
        return False


def lines(
    stream: streams.Stream, source: paths.Source, wanted: fields.Fields, log: reading.ReadingLog
) -> Iterator[batches.Pages]:
    """Return the pages of JSON Lines, in groups; each line that is no record with a text is a reject.

    Blank lines are left out. A page's place is its line.
    """
    n_lines = n_records = 0
    for block in _blocks(stream):
        yield _pages(block, n_lines + 1, source, wanted, log)
        n_lines += len(block)
        n_records += sum(1 for line in block if line and not line.isspace())
    if stream.failure:
        log.reject(source.shown, n_lines + 1 if n_lines else None, f"{stream.failure}; what follows is lost")
    elif not n_records:
        log.reject(
            source.shown, None, "file holds no record: only white space" if n_lines else "file is empty"
        )


def whole(
    stream: streams.Stream, source: paths.Source, wanted: fields.Fields, log: reading.ReadingLog
) -> Iterator[batches.Pages]:
    """Return the pages of a JSON file that is one record, or one array of records, in groups.

    A record of an array has its 1-based number in the array for its line.
    """
    data = b"".join(stream).removeprefix(streams.BYTE_ORDER_MARK)
    reason = stream.failure
    if reason is None and not data.strip():
        reason = "file holds no record: only white space" if data else "file is empty"
    if reason is not None:
        log.reject(source.shown, None, reason)
        return
    if not data.lstrip().startswith(b"["):
        yield _pages([data], None, source, wanted, log)
        return
    try:
        elements = msgspec.json.decode(data, type=list[msgspec.Raw])
    except _UNREADABLE as error:
        log.reject(source.shown, None, _why_unreadable(data, error))
        return
    for number, element in enumerate(elements, start=1):
        yield _pages([bytes(element)], number, source, wanted, log)
    if not elements:
        log.reject(source.shown, None, "file holds no record: the array is empty")


def _blocks(stream: streams.Stream) -> Iterator[list[bytes]]:
    """Yield a stream's lines, some at a time, one of more than a batch by itself; not a last one that is cut off."""
    held: list[bytes] = []
    mark = streams.BYTE_ORDER_MARK
    for chunk in stream:
        block = chunk.split(b"\n")
        held.append(block[0])
        if len(block) == 1:
            continue
        block[0] = b"".join(held).removeprefix(mark)
        mark = b""
        held = [block.pop()]
        if len(block[0]) > batches.BATCH_BYTES:
            yield [block.pop(0)]
        yield block
    last = b"".join(held).removeprefix(mark)
    if last and not stream.failure:
        yield [last]


def _pages(
    block: Sequence[bytes],
    first: int | None,
    source: paths.Source,
    wanted: fields.Fields,
    log: reading.ReadingLog,
) -> batches.Pages:
    """Return the pages of some records, `first` being the line of the first; None stands for a file of one record."""
    rows: list[Any] = []
    numbers: list[int] = []
    rejects: dict[int, str] = {}
    for number, record in enumerate(block):
        if len(record) > batches.MAX_RECORD_BYTES:
            rejects[number] = f"a record must be <= {batches.MAX_RECORD_BYTES} bytes: {len(record)}"
            continue
        try:
            rows.append(wanted.decode(record))
        except _UNREADABLE as error:
            if record and not record.isspace():
                rejects[number] = _why_unreadable(record, error)
        else:
            numbers.append(number)
    texts = wanted.text.column(rows)
    missing = [
        row for row, text in enumerate(texts) if text.__class__ is not str or not text or text.isspace()
    ]
    for row in reversed(missing):
        rejects[numbers[row]] = _why_no_text(block[numbers[row]], wanted.text.names)
        del rows[row], numbers[row], texts[row]
    places = [None if first is None else first + number for number in numbers]
    for number, reason in sorted(rejects.items()):
        log.rejects.append(records.Reject(source.shown, None if first is None else first + number, reason))
    pages = _columns(rows, places, source, wanted)
    pages.text = texts
    pages.size_bytes = sum(map(len, block))
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


def _why_unreadable(data: bytes, error: Exception) -> str:
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
    except _UNREADABLE as error:
        return _why_unreadable(data, error)
    given = [name for name in names if name in record]
    if not given:
        listed = ", ".join(f'"{name}"' for name in names)
        return f"no text: the record has none of {listed}"
    name = next((name for name in given if record[name]), given[0])
    value = record[name]
    if value is None or isinstance(value, str):
        return f'no text: "{name}" must not be blank: {fields.excerpt(value)}'
    return f'"{name}" must be a string: {fields.excerpt(value)}'
