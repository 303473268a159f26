"""Plain text: a file is one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.reading import batches, encodings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup import reading
    from dedup.reading import paths, streams


def pages(stream: streams.Stream, source: paths.Source, log: reading.ReadingLog) -> Iterator[batches.Pages]:
    """Return a file's text as one page, exactly as it was read: line ends stay as they are.

    Only a byte order mark at its start is dropped. A file that is empty, blank, binary or not UTF-8 is a reject.
    """
    data = b"".join(stream)
    reason = stream.failure or _wrong(data)
    text = ""
    if reason is None:
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            place = f"byte 0x{data[error.start]:02x} at offset {error.start}"
            reason = f"not UTF-8: {place}; {encodings.advice()}"
        else:
            reason = None if text and not text.isspace() else "file holds no text: only white space"
    if reason is not None:
        log.reject(source.shown, None, reason)
        return
    yield batches.Pages(
        page_id=[source.name],
        source_path=[source.shown],
        line=[None],
        title=[None],
        outlet=[None],
        url=[None],
        byline=[None],
        published=[None],
        warnings=[[]],
        text=[text],
        size_bytes=len(data),
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
