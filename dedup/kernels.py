"""How kernels are compiled: the one decorator of all `kernels.py` files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable


def jit(function: Callable[..., Any]) -> Any:
    """Return a kernel that is compiled when it is first called, and releases the interpreter's lock.

    The compiled code is kept beside the source, or in the user's cache where that cannot be written; where neither
    can (a read-only install without a home), it is compiled in each process.
    """
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no place for its cache
        return numba.njit(nogil=True)(function)
