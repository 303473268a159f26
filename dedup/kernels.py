"""How kernels are compiled: the decorators of all `kernels.py` files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
from numba import extending
from numba.core import config

if TYPE_CHECKING:
    from collections.abc import Callable


def jit(function: Callable[..., Any]) -> Any:
    """Return a kernel that is compiled when it is first called, and releases the interpreter's lock.

    The compiled code is kept beside the source, or in the user's cache where that cannot be written; where neither
    can (a read-only install without a home), it is compiled in each process.
    """
    return _compiled(function)


def leaf(function: Callable[..., Any]) -> Any:
    """Return a kernel that makes no array: one that others call for each word, line or story.

    numba counts the holders of each array that a function takes, by two atomic additions a call; where no array is
    made, none need be counted.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return numba.njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:  # numba finds no place for its cache
        return numba.njit(nogil=True, **options)(function)


def primitive(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator of a function that builds machine code for kernels, where they are compiled.

    Where they are not, kernels call `plain` in its place, which gives the same.
    """

    def choose(build: Callable[..., Any]) -> Any:
        return plain if config.DISABLE_JIT else extending.intrinsic(build)  # type: ignore[attr-defined]

    return choose
