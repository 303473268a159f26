"""A file's bytes, decompressed where they are gzip, in chunks; failures are told, not raised."""

from __future__ import annotations

import collections
import contextlib
import pathlib
import sys
import zlib
from typing import TYPE_CHECKING, Any, cast

from dedup.reading import paths

deflate: Any
try:
    from isal import isal_zlib as deflate  # nearly three times as fast as zlib, where it is built
except ImportError:
    deflate = zlib

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator

    from dedup import reading

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW_BITS = 31
_FIRST_BYTES = 1 << 16  # most files are no longer, and gzip data need no more at a time
_MAX_CHUNK_BYTES = 1 << 20


class Stream:
    """The bytes of one source, as an iterator over chunks of at most 1 MiB, none of them empty.

    Whether they are gzip is decided by their first two bytes, never by the name. When they end too early, the
    iterator just ends, and `failure` says why.
    """

    def __init__(self, source: paths.Source, log: reading.ReadingLog) -> None:
        """Prepare; the file is opened when the first chunk is taken."""
        self.failure: str | None = None
        self._source = source
        self._log = log
        self._put_back: collections.deque[bytes] = collections.deque()
        self._rest = self._guarded()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks that are left."""
        while self._put_back:
            yield self._put_back.popleft()
        yield from self._rest

    def head(self, is_enough: Callable[[bytes], bool]) -> bytes:
        """Return the first bytes, as many as are enough, or all; they stay in the stream.

        `is_enough` is asked each time the head has doubled, so that a long head costs no more than reading it twice.
        """
        head = b"".join(self._put_back)
        self._put_back.clear()
        while not is_enough(head):
            wanted = len(head) + 1
            taken = [head] if head else []
            for chunk in self._rest:
                taken.append(chunk)
                wanted -= len(chunk)
                if wanted <= 0:
                    break
            else:
                head = b"".join(taken)
                break
            head = b"".join(taken)
        if head:
            self._put_back.append(head)
        return head

    def drop_mark(self) -> None:
        """Take the byte order mark from the beginning, if there is one."""
        head = self.head(lambda start: len(start) >= len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK)
        self._put_back.clear()
        if head:
            self._put_back.append(head)

    def _guarded(self) -> Iterator[bytes]:
        try:
            with self._opened() as file:
                yield from self._decompressed(file)
        except OSError as error:
            self.failure = f"cannot be read: {error.strerror or error}"
        except (EOFError, zlib.error, deflate.error) as error:
            self.failure = f"gzip data are damaged: {error}"

    def _opened(self) -> contextlib.AbstractContextManager[io.BufferedReader]:
        if self._source.path == paths.STANDARD_INPUT:
            return contextlib.nullcontext(cast("io.BufferedReader", sys.stdin.buffer))
        return pathlib.Path(self._source.path).open("rb")

    def _raw(self, file: io.BufferedReader, size: int) -> Iterator[bytes]:
        # one call of the system at a time: `read` would go on to wait for a pipe though Ctrl-C has come
        while chunk := file.read1(size):
            self._log.size_bytes += len(chunk)
            yield chunk

    def _decompressed(self, file: io.BufferedReader) -> Iterator[bytes]:
        first = file.read(_FIRST_BYTES)
        self._log.size_bytes += len(first)
        if first.startswith(_GZIP_MAGIC):
            yield from _gunzipped(first, self._raw(file, _FIRST_BYTES))
        elif first:
            yield first
            yield from self._raw(file, _MAX_CHUNK_BYTES)


def _gunzipped(first: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what gzip members hold, one after the other; zeros after the last are padding.

    Raises
    ------
    EOFError : the last member is not complete
    zlib.error : what is there is not gzip
    """
    member: Any = deflate.decompressobj(_GZIP_WINDOW_BITS)
    waiting = first
    while True:
        chunk = member.decompress(waiting, _MAX_CHUNK_BYTES)
        if chunk:
            yield chunk
        waiting = member.unconsumed_tail
        if member.eof:
            waiting = member.unused_data.lstrip(b"\0")
            while not waiting:
                more = next(raw, None)
                if more is None:
                    return
                waiting = more.lstrip(b"\0")
            member = deflate.decompressobj(_GZIP_WINDOW_BITS)
        elif not waiting and len(chunk) < _MAX_CHUNK_BYTES:
            waiting = next(raw, b"")
            if not waiting:
                message = "they end too early"
                raise EOFError(message)
