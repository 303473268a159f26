"""Plain text: a file is one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup import records
from dedup.reading import batches, encodings, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.reading import paths, streams


def whole(stream: streams.Stream, source: paths.Source) -> Iterator[pieces.Piece]:
    """Yield a file as it is, or what is wrong with it as a whole."""
    data = b"".join(stream)
    reason = stream.failure or _wrong(data)
    if reason is None:
        yield pieces.Text(source, data)
    else:
        yield pieces.failure(source, None, reason)


def page(piece: pieces.Text) -> batches.Pages:
    """Return a file's text as one page, exactly as it was read: line ends stay as they are.

    Only a byte order mark at its start is dropped. A file that is blank or not UTF-8 is a reject.
    """
    source = piece.source
    try:
        text = piece.data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = f"byte 0x{piece.data[error.start]:02x} at offset {error.start}"
        reason = f"not UTF-8: {place}; {encodings.advice()}"
        return batches.Pages(rejects=[records.Reject(source.shown, None, reason)])
    if not text or text.isspace():
        reason = "file holds no text: only white space"
        return batches.Pages(rejects=[records.Reject(source.shown, None, reason)])
    return batches.Pages(
        page_id=[source.name],
        source_path=[source.shown],
        line=[None],
        title=[None],
        outlet=[None],
        url=[None],
        byline=[None],
        published=[None],
        warnings=[[]],
        margins=[[]],
        text=[text],
    )


def _wrong(data: bytes) -> str | None:
    if not data:
        return "file is empty"
    if len(data) > batches.MAX_RECORD_BYTES:
        return f"a page must be <= {batches.MAX_RECORD_BYTES} bytes: {len(data)}"
    binary_at = data.find(b"\0")
    if binary_at >= 0:
        return f"not text: NUL byte at offset {binary_at}"
    return None
