"""Feeds: a file of RSS, RDF or Atom is many pages, one for each item, read as a record of JSON is."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import msgspec

from dedup import records
from dedup.reading import batches, decoding, elements, encodings, fields, items, pieces, streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.reading import paths

HEAD_BYTES = 64
_BEGINNING = re.compile(r"\s*<(?:\?xml\s|(?:[\w.-]+:)?(?:rss|feed|RDF)[\s>])")


def begins(head: bytes) -> bool:
    """Return whether a file begins as feeds do: with the declaration of XML, or the first tag of a feed.

    >>> begins(b' <?xml version="1.0"?>'), begins(b"<rss>"), begins(b"<html>"), begins(b"Rain fell.")
    (True, True, False, False)
    """
    text = head.decode(encodings.wide(head) or "utf-8", "ignore")
    return _BEGINNING.match(text.removeprefix("\ufeff")) is not None


def whole(stream: streams.Stream, source: paths.Source) -> Iterator[pieces.Piece]:
    """Yield a feed file, as far as it can be read, or what is wrong with it as a whole."""
    parts: list[bytes] = []
    size = 0
    for part in stream:
        parts.append(part)
        size += len(part)
        if size > batches.MAX_RECORD_BYTES:
            yield pieces.failure(source, None, f"a feed must be <= {batches.MAX_RECORD_BYTES} bytes")
            return
    data = b"".join(parts)
    if data.removeprefix(streams.BYTE_ORDER_MARK).strip():
        yield pieces.Feed(source, data, stream.failure)
    else:
        blank = "file holds no item: only white space" if data else "file is empty"
        yield pieces.failure(source, None, stream.failure or blank)


def pages(piece: pieces.Feed) -> batches.Pages:
    """Return the items of a feed as pages, and why others are none.

    An item's place is its number, from 1. Where the file is no XML any more, what stands before is read. The settings
    that name fields of JSON have no say here.
    """
    is_cut = piece.failure is not None
    decoded = encodings.of_xml(piece.data, is_cut=is_cut)
    feed = elements.read(decoded.text, is_cut=is_cut or decoded.wrong is not None)
    about = items.heading(feed.head)
    data: list[bytes] = []
    numbers: list[int] = []
    rejects: list[records.Reject] = []
    shown = piece.source.shown
    for number, item in enumerate(feed.items, 1):
        record = items.record(item, about)
        if record["text"]:
            data.append(msgspec.json.encode(record))
            numbers.append(number)
        else:
            rejects.append(records.Reject(shown, number, items.why_no_text(item)))
    found = decoding.decode(data, numbers, piece.source, _usual())
    wrong = feed.wrong or decoded.wrong or piece.failure
    n_items = len(feed.items)
    if wrong and n_items:
        rejects.append(records.Reject(shown, n_items + 1, f"{wrong}; what follows is lost"))
    elif wrong or not n_items:
        rejects.append(records.Reject(shown, None, wrong or "file holds no item: the feed is empty"))
    found.rejects = sorted([*found.rejects, *rejects], key=lambda reject: reject.line or 0)
    return found


@functools.cache
def _usual() -> fields.Fields:
    from dedup import settings

    return fields.choose(settings.Settings())
