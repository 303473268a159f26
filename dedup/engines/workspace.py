"""The work file: the text of an archive on disk, without a name, so that it is gone however the process ends."""

from __future__ import annotations

import errno
import mmap
import shutil
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from dedup import errors

if TYPE_CHECKING:
    import os
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

_GIGABYTE = 1_000_000_000
_ADVICE = "name another folder with --work DIR"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Workspace:
    """The text of an archive: written once, then read as one array that lies on disk.

    Parameters
    ----------
    folder : where the file is; None for the system's temporary folder

    Attributes
    ----------
    size_bytes : what has been written

    >>> with Workspace() as work:
    ...     work.write(np.frombuffer(b"Rain ", np.uint8))
    ...     work.write(np.frombuffer(b"fell.", np.uint8))
    ...     text = work.text()
    >>> text.tobytes()
    b'Rain fell.'
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        """Remember the folder; nothing is made yet."""
        self.folder = Path(tempfile.gettempdir() if folder is None else folder)
        self.size_bytes = 0
        self._file: IO[bytes]
        self._mapped: mmap.mmap | None = None

    def __enter__(self) -> Self:
        """Make the file, which is closed at the end; its text stays as long as somebody has it.

        Raises
        ------
        PathError : no file can be made in the folder
        WorkError : its disk is full
        """
        self._file = self._opened()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def reserve(self, size_bytes: int) -> None:
        """Raise if the disk has no room for a text of about this size.

        Raises
        ------
        PathError : the folder is missing
        WorkError : the disk has less; the message says how much is needed and how much is free
        """
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise self._unusable(error) from error
        if free < size_bytes:
            message = (
                f"the work file needs about {_amount(size_bytes)}, and the disk of "
                f'"{self.folder}" has {_amount(free)} free: {_ADVICE}'
            )
            raise errors.WorkError(message)

    def write(self, text: NDArray[np.uint8]) -> None:
        """Write a text after those before it.

        Raises
        ------
        WorkError : the disk is full, or fails
        """
        left = memoryview(text.data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise self._failed(error) from error
        self.size_bytes += len(text)

    def text(self) -> NDArray[np.uint8]:
        """Return all that was written, (n_bytes,) uint8, read-only; it is read from disk where it is looked at."""
        if self.size_bytes == 0:
            return np.empty(0, np.uint8)
        self._mapped = mmap.mmap(self._file.fileno(), self.size_bytes, access=mmap.ACCESS_READ)
        return np.frombuffer(self._mapped, np.uint8)

    def release(self) -> None:
        """Let go of the memory that pages of the text take; what is looked at again is mapped again.

        Pages that are only mapped count as resident, and would add up to the whole text.
        """
        if self._mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def _opened(self) -> IO[bytes]:
        try:
            return tempfile.TemporaryFile(buffering=0, prefix="dedup-", dir=self.folder)
        except OSError as error:
            if error.errno in _FULL:
                raise self._failed(error) from error
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> errors.PathError:
        return errors.PathError(f'no work file can be made in "{self.folder}": {error.strerror}; {_ADVICE}')

    def _failed(self, error: OSError) -> errors.WorkError:
        if error.errno not in _FULL:
            return errors.WorkError(f'the work file in "{self.folder}" cannot be written: {error.strerror}')
        free = _amount(shutil.disk_usage(self.folder).free)
        return errors.WorkError(
            f'the disk of "{self.folder}" is full: the work file has {_amount(self.size_bytes)} and needs more, '
            f"and {free} are free: {_ADVICE}"
        )


def _amount(size_bytes: int) -> str:
    """Return a size for people.

    >>> _amount(3_250_000_000), _amount(4096)
    ('3.2 GB', '0.0 MB')
    """
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= _GIGABYTE else f"{size_bytes / 1e6:.1f} MB"
