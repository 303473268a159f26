"""Two numbers of 32 bits in one of 64: pairs of articles, and keys with their articles, that sort as one.

Sorting one array of packed numbers is five to ten times as quick as an indirect sort of two (`docs/performance.md`),
and sorting them by their digits three to five times as quick as NumPy's sort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALF_BITS = 32
_HALF = np.uint64(_HALF_BITS)
_LOW = np.uint64(0xFFFFFFFF)


def pack(high: NDArray[Any], low: NDArray[Any]) -> NDArray[np.uint64]:
    """Return `high << 32 | low`, (n,) uint64.

    Parameters
    ----------
    high, low : (n,) integers of 0 to 2^32 - 1

    >>> pack(np.array([1]), np.array([2])).tolist()
    [4294967298]
    """
    packed: NDArray[np.uint64] = (high.astype(np.uint64) << _HALF) | low.astype(np.uint64)
    return packed


def pair(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.uint64]:
    """Return the pairs of articles, the lesser number of each first.

    >>> pair(np.array([5]), np.array([2])).tolist() == pack(np.array([2]), np.array([5])).tolist()
    True
    """
    return pack(np.minimum(one, other), np.maximum(one, other))


def high(packed: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the first number of each, (n,) int64."""
    return (packed >> _HALF).astype(np.int64)


def low(packed: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the second number of each, (n,) int64."""
    return (packed & _LOW).astype(np.int64)


def sort(
    packed: NDArray[np.uint64], *, by_high: bool = False, spare: NDArray[np.uint64] | None = None
) -> None:
    """Sort packed numbers in place.

    Parameters
    ----------
    packed : (n,) uint64
    by_high : by the first number of each only; those with equal ones keep their order
    spare : (>= n,) uint64, any content; None for new memory

    >>> packed = pack(np.array([2, 1, 2]), np.array([5, 9, 3]))
    >>> sort(packed, by_high=True)
    >>> low(packed).tolist()
    [9, 5, 3]
    """
    from dedup.packing import kernels

    spare = np.empty_like(packed) if spare is None else spare[: len(packed)]
    kernels.sort(packed, spare, _HALF_BITS if by_high else 0)


def contains(packed: NDArray[np.uint64], asked: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which of those asked for stand in a sorted array, (n,) bool.

    >>> contains(np.array([3, 7], np.uint64), np.array([7, 8], np.uint64)).tolist()
    [True, False]
    """
    if len(packed) == 0:
        return np.zeros(len(asked), bool)
    places = np.minimum(np.searchsorted(packed, asked), len(packed) - 1)
    found: NDArray[np.bool_] = packed[places] == asked
    return found
