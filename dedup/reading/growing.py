"""What has come to files since they were last read: new lines of JSON Lines, other files whole when they change."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import time
from typing import TYPE_CHECKING

import xxhash

from dedup import errors
from dedup.reading import batches, detection, fields, jsonl, paths, pieces, streams

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from dedup import reading
    from dedup.settings import Settings

SETTLED_S = 1.0  # so long nobody must have written to a file that is read whole
_HEAD_BYTES = 4096
_AROUND_BYTES = 1 << 16


@dataclasses.dataclass(frozen=True, slots=True)
class Reached:
    """How far a file was read.

    Parameters
    ----------
    size_bytes, modified_ns : of the file then
    offset : of a file of lines, where the first one begins that was not read
    n_lines : lines before it
    around : a digest of the first bytes before that place and of the last, by which a file is known again
    """

    size_bytes: int
    modified_ns: int
    offset: int = 0
    n_lines: int = 0
    around: str = ""


def more(
    source: paths.Source, before: Reached | None, settings: Settings, log: reading.ReadingLog
) -> Iterator[tuple[pieces.Block, Reached]]:
    """Yield what has come to a file since, block by block, each with how far the file is read with it.

    Of JSON Lines the last line counts when its line feed is there. A file of another kind is read whole when it has
    changed, once nobody has written to it for a second. A file that is gone has nothing.

    Parameters
    ----------
    before : how far it was read; None for never
    """
    try:
        told = pathlib.Path(source.path).stat()
    except OSError:
        return
    size, modified = told.st_size, told.st_mtime_ns
    if before is not None and (before.size_bytes, before.modified_ns) == (size, modified):
        return
    wanted = fields.choose(settings)
    if _has_lines(source):
        for lines, reached in _lines(source, before, Reached(size, modified)):
            yield pieces.Block((lines,), wanted), reached
        return
    if abs(time.time_ns() - modified) < SETTLED_S * 1e9:
        return
    blocks = list(pieces.gather(detection.pieces(source, log), wanted))
    log.n_files -= 1
    for block in blocks[:-1]:
        yield block, before or Reached(-1, -1)
    for block in blocks[-1:]:
        yield block, Reached(size, modified)


def _has_lines(source: paths.Source) -> bool:
    """Return whether a file is JSON Lines that are not compressed."""
    if source.path.casefold().endswith(".gz"):
        return False
    if source.kind == "lines":
        return True
    if source.kind != "unknown":
        return False
    with pathlib.Path(source.path).open("rb") as file:
        return file.read(_HEAD_BYTES).lstrip()[:1] == b"{"


def _lines(
    source: paths.Source, before: Reached | None, now: Reached
) -> Iterator[tuple[pieces.Lines, Reached]]:
    """Yield the whole lines that a file has after those read before; all of it, where it was begun anew."""
    with pathlib.Path(source.path).open("rb") as file:
        offset, n_lines = (before.offset, before.n_lines) if before else (0, 0)
        if before and (now.size_bytes < offset or _digest(file, offset) != before.around):
            offset, n_lines = 0, 0
        file.seek(offset)
        left = b""
        while chunk := file.read(batches.BATCH_BYTES):
            data, end, begun = (left + chunk).rpartition(b"\n")
            left = begun
            if not end:
                continue
            data += end
            begin = offset
            offset += len(data)
            data = data.removeprefix(streams.BYTE_ORDER_MARK) if begin == 0 else data
            piece = pieces.Lines(source, data, n_lines + 1, jsonl.count_lines(data))
            n_lines += piece.n_lines
            # the file counts as changed until its last whole line is read
            place = file.tell()
            told = now if place >= now.size_bytes else Reached(-1, -1)
            reached = dataclasses.replace(told, offset=offset, n_lines=n_lines, around=_digest(file, offset))
            file.seek(place)
            yield piece, reached


def _digest(file: io.BufferedReader, offset: int) -> str:
    """Return a digest of the first bytes before a place, and of the last ones."""
    file.seek(0)
    first = file.read(min(offset, _AROUND_BYTES))
    file.seek(max(0, offset - _AROUND_BYTES))
    return xxhash.xxh3_64_hexdigest(first + file.read(min(offset, _AROUND_BYTES)))


def sources(path: str, log: reading.ReadingLog) -> list[paths.Source]:
    """Return the files of a path, as `paths.walk`; none where there is no file yet.

    Raises
    ------
    PathError : the path is missing or cannot be opened, or is standard input
    """
    if path == paths.STANDARD_INPUT:
        message = "standard input cannot be watched, because it cannot be read again: name a file or a folder"
        raise errors.PathError(message)
    try:
        return paths.walk([os.fspath(path)], log)
    except errors.EmptyArchiveError:
        return []
