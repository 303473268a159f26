"""Memory that nobody uses any more, given back to the system."""

from __future__ import annotations

import contextlib
import ctypes


def trim() -> None:
    """Give back what was freed between what is still in use; the C library and Arrow keep it otherwise.

    A C library that knows of no such thing keeps its part.

    >>> trim()
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with contextlib.suppress(AttributeError, OSError, TypeError):  # not that of GNU; Windows
        ctypes.CDLL(None).malloc_trim(0)
