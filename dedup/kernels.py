"""How kernels are compiled: the decorators of all `kernels.py` files."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numba
from numba import extending
from numba.core import config

from dedup.compiling import kept, sources

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

OLDEST, NEWEST = (0, 61), (0, 68)  # versions of numba that `dedup.compiling.kernels` was tried with


def jit(function: Callable[..., Any]) -> Any:
    """Return a kernel that is compiled when it is first called, and releases the interpreter's lock.

    The compiled code is kept, see `dedup.compiling.kept`.
    """
    return _compiled(function)


def leaf(function: Callable[..., Any]) -> Any:
    """Return a kernel that makes no array: one that others call for each word, line or story.

    numba counts the holders of each array that a function takes, by two atomic additions a call; where no array is
    made, none need be counted.
    """
    return _compiled(function, _nrt=False)


def primitive(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator of a function that builds machine code for kernels, where they are compiled.

    Where they are not, kernels call `plain` in its place, which gives the same.
    """

    def choose(build: Callable[..., Any]) -> Any:
        return plain if config.DISABLE_JIT else extending.intrinsic(build)  # type: ignore[attr-defined]

    return choose


def is_known(version: str) -> bool:
    """Return whether it is known how a version of numba is made inside.

    >>> is_known("0.61.2"), is_known("0.68.0rc1"), is_known("0.60.0"), is_known("1.0")
    (True, True, False, False)
    """
    first, second = version.split(".")[:2]
    return OLDEST <= (int(first), int(second)) <= NEWEST


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    if not is_known(numba.__version__):
        return _compiled_by_numba(function, **options)
    from dedup.compiling import kernels

    return kernels.Kernel(function, **options)


def _compiled_by_numba(function: Callable[..., Any], **options: Any) -> Any:
    """Return a kernel as numba compiles and keeps any function.

    It sees no change in a function of another file, so each state of the sources has a folder of its own.
    """
    folder, state = kept.writable(), sources.digest_of(function.__module__)
    if folder is None or state is None:
        return numba.njit(nogil=True, **options)(function)
    with _cached_in(folder / state):
        return numba.njit(cache=True, nogil=True, **options)(function)


@contextlib.contextmanager
def _cached_in(folder: os.PathLike[str]) -> Iterator[None]:
    """Let numba keep what is decorated in this block in a folder."""
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
