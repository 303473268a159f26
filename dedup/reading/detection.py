"""What a file holds, and its pieces by the reader of that format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.reading import encodings, feeds, jsonl, plain, streams
from dedup.reading import pieces as cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup import reading
    from dedup.reading import paths


def pieces(source: paths.Source, log: reading.ReadingLog) -> Iterator[cut.Piece]:
    """Return the pieces of a source; what cannot be read at all is one that says why.

    The name decides, where it is a known one; else a first character `{` makes it JSON Lines, a first tag of XML a
    feed, anything else plain text. A `.json` file may hold JSON Lines, or one object or array over many lines. A file
    in UTF-16 is one reject, unless it is a feed.
    """
    log.n_files += 1
    stream = streams.Stream(source, log)
    is_unknown = source.kind == "unknown"
    if source.kind == "feed" or (is_unknown and feeds.begins(stream.head(_shows_feed))):
        return feeds.whole(stream, source)
    wide = encodings.wide(stream.head(_shows_encoding))
    if wide is not None:
        return iter([cut.failure(source, None, f"not UTF-8 but {wide}: {encodings.advice(wide)}")])
    if source.kind == "json":
        is_whole = _is_whole(stream.head(_shows_lines))
        return (jsonl.whole if is_whole else jsonl.lines)(stream, source)
    if source.kind == "lines" or (is_unknown and _body(stream.head(_has_body))[:1] == b"{"):
        return jsonl.lines(stream, source)
    return plain.whole(stream, source)


def _shows_encoding(head: bytes) -> bool:
    return len(head) >= encodings.HEAD_BYTES


def _shows_feed(head: bytes) -> bool:
    return len(_body(head)) >= feeds.HEAD_BYTES


def _body(head: bytes) -> bytes:
    return head.removeprefix(streams.BYTE_ORDER_MARK).lstrip()


def _has_body(head: bytes) -> bool:
    return bool(_body(head))


def _shows_lines(head: bytes) -> bool:
    """Return whether it can be said if this is JSON Lines: it is no object, or a second line has begun."""
    body = _body(head)
    _, _, rest = body.partition(b"\n")
    return bool(rest.strip()) or (bool(body) and not body.startswith(b"{"))


def _is_whole(head: bytes) -> bool:
    """Return whether a `.json` file is one value: it is no object, or one line, or its first line is no object."""
    body = _body(head)
    first, _, rest = body.partition(b"\n")
    rest = rest.lstrip()
    if not body.startswith(b"{") or not rest:
        return True
    return not rest.startswith(b"{") and not jsonl.is_record(first)
