"""Room that is used again for one batch after the other: new memory costs more than most of what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

_ALIGNED = 64  # bytes: a line of the cache


class Scratch:
    """Arrays for the work on one batch, from memory that serves the next batch too.

    >>> import numpy as np
    >>> scratch = Scratch()
    >>> for _ in range(2):
    ...     scratch.clear()
    ...     words = scratch.take(5, np.uint64)
    >>> words.shape, words.dtype
    ((5,), dtype('uint64'))
    """

    def __init__(self) -> None:
        """Begin without memory."""
        self._room: NDArray[Any] | None = None
        self._taken = 0

    def clear(self) -> None:
        """Take back all arrays: what they hold is about to be lost."""
        import numpy as np

        if self._room is None or self._taken > len(self._room):
            self._room = None  # gone before there is another
            self._room = np.empty(self._taken + self._taken // 4, np.uint8)
        self._taken = 0

    def take(self, size: int, kind: DTypeLike) -> NDArray[Any]:
        """Return an array of any content, (size,), that is another one's when `clear` has been called."""
        import numpy as np

        n_bytes = size * np.dtype(kind).itemsize
        begin = self._taken
        self._taken += -(-n_bytes // _ALIGNED) * _ALIGNED
        if self._room is None or self._taken > len(self._room):
            return np.empty(size, kind)
        return self._room[begin : begin + n_bytes].view(kind)


class Shared:
    """Scratches for tasks on several threads: each is lent to one task until what the task made is used up."""

    def __init__(self) -> None:
        """Begin without any."""
        self._free: list[Scratch] = []

    def lend(self) -> Scratch:
        """Return a scratch that nobody has, cleared."""
        try:
            scratch = self._free.pop()
        except IndexError:
            scratch = Scratch()
        scratch.clear()
        return scratch

    def give_back(self, scratch: Scratch) -> None:
        """Take back a scratch that `lend` gave."""
        self._free.append(scratch)
