"""Work files: what of an archive is on disk, without names, so that they are gone however the process ends."""

from __future__ import annotations

import errno
import mmap
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import numpy as np

from dedup import errors

if TYPE_CHECKING:
    import os
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)

MOST_RESIDENT_BYTES = 1 << 29  # of files, beside what is looked at while nobody watches
WATCH_S = 0.05
_PIECE_BYTES = 1 << 16  # written at once: Linux maps all of such a piece when a byte of it is looked at
_GIGABYTE = 1_000_000_000
_ADVICE = "name another folder with --work DIR"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Workspace:
    """The folder of the work files, and a watch over what of them is in memory while it is entered.

    Parameters
    ----------
    folder : where the files are; None for the system's temporary folder
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        """Remember the folder; nothing is made yet."""
        self.folder = Path(tempfile.gettempdir() if folder is None else folder)
        self._mapped: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
        self._left = threading.Event()

    def file(self) -> WorkFile:
        """Return a new work file."""
        return WorkFile(self.folder, self._mapped)

    def reserve(self, size_bytes: int) -> None:
        """Raise if the disk has no room for a file of about this size.

        Raises
        ------
        PathError : the folder is missing
        WorkError : the disk has less; the message says how much is needed and how much is free
        """
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise _unusable(self.folder, error) from error
        if free < size_bytes:
            message = (
                f"the work file needs about {_amount(size_bytes)}, and the disk of "
                f'"{self.folder}" has {_amount(free)} free: {_ADVICE}'
            )
            raise errors.WorkError(message)

    def __enter__(self) -> Self:
        """Begin to watch how much of the files is in memory."""
        self._left.clear()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no longer."""
        self._left.set()

    def release(self) -> None:
        """Let go of the memory that pages of the files take; what is looked at again is mapped again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in list(self._mapped):
                mapped.madvise(mmap.MADV_DONTNEED)

    def _watch(self) -> None:
        """Let go of the files' pages whenever many of them are resident, and would add up to the whole files."""
        while not self._left.wait(WATCH_S):
            if _resident_bytes() > MOST_RESIDENT_BYTES:
                self.release()


class WorkFile:
    """One array on disk: written once, part by part, then read.

    Parameters
    ----------
    folder : where the file is; it has no name there
    mapped : what is mapped of such files; written

    Attributes
    ----------
    size_bytes : what has been written

    >>> with Workspace().file() as file:
    ...     file.write(np.frombuffer(b"Rain ", np.uint8))
    ...     file.write(np.frombuffer(b"fell.", np.uint8))
    ...     text = file.read(np.uint8)
    >>> text.tobytes()
    b'Rain fell.'
    """

    def __init__(self, folder: Path, mapped: weakref.WeakSet[mmap.mmap]) -> None:
        """Remember the folder; nothing is made yet."""
        self._folder = folder
        self._mapped = mapped
        self.size_bytes = 0
        self._file: IO[bytes]

    def __enter__(self) -> Self:
        """Make the file, which is closed at the end; its array stays as long as somebody has it.

        Raises
        ------
        PathError : no file can be made in the folder
        WorkError : its disk is full
        """
        try:
            self._file = tempfile.TemporaryFile(buffering=0, prefix="dedup-", dir=self._folder)
        except OSError as error:
            if error.errno in _FULL:
                raise self._failed(error) from error
            raise _unusable(self._folder, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def write(self, values: NDArray[Any]) -> None:
        """Write values after those before them.

        Raises
        ------
        WorkError : the disk is full, or fails
        """
        left = memoryview(values.view(np.uint8).data)
        try:
            while left:
                left = left[self._file.write(left[:_PIECE_BYTES]) :]
        except OSError as error:
            raise self._failed(error) from error
        self.size_bytes += values.nbytes

    def read(self, kind: type[Number]) -> NDArray[Number]:
        """Return all that was written, (n,), read-only; it is read from disk where it is looked at."""
        if self.size_bytes == 0:
            return np.empty(0, kind)
        mapped = mmap.mmap(self._file.fileno(), self.size_bytes, access=mmap.ACCESS_READ)
        self._mapped.add(mapped)
        return np.frombuffer(mapped, kind)

    def _failed(self, error: OSError) -> errors.WorkError:
        if error.errno not in _FULL:
            return errors.WorkError(f'the work file in "{self._folder}" cannot be written: {error.strerror}')
        free = _amount(shutil.disk_usage(self._folder).free)
        return errors.WorkError(
            f'the disk of "{self._folder}" is full: the work file has {_amount(self.size_bytes)} and needs more, '
            f"and {free} are free: {_ADVICE}"
        )


def _resident_bytes() -> int:
    """Return how much of mapped files this process has resident; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[2]
    except OSError:
        return 0
    return int(pages) * mmap.PAGESIZE


def _unusable(folder: Path, error: OSError) -> errors.PathError:
    return errors.PathError(f'no work file can be made in "{folder}": {error.strerror}; {_ADVICE}')


def _amount(size_bytes: int) -> str:
    """Return a size for people.

    >>> _amount(3_250_000_000), _amount(4096)
    ('3.2 GB', '0.0 MB')
    """
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= _GIGABYTE else f"{size_bytes / 1e6:.1f} MB"
