"""How kernels are compiled: the one decorator of all `kernels.py` files."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Kernel = TypeVar("Kernel", bound="Callable[..., object]")


def jit(function: Kernel) -> Kernel:
    """Return a kernel that is compiled when it is first called, and releases the interpreter's lock.

    The compiled code is kept beside the source, or in the user's cache where that cannot be written; where neither
    can (a read-only install without a home), it is compiled in each process.
    """
    try:
        compiled: Kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no place for its cache
        compiled = numba.njit(nogil=True)(function)
    return compiled
