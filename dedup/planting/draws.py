"""Random numbers that depend only on what they are for: an article is made anew alone as it is made among others.

Each number is a step of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators")
from a key, so that arrays of numbers for many articles are drawn at once, whichever articles they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_BRANCH = 0xD1342543DE82EF95  # of a fork: odd, so that no two of its multiples are equal
_MULTIPLIERS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)
_HALF = np.uint64(32)
_UNIT = 2.0**-53
_FRACTION_SHIFT = np.uint64(11)


def keys(seed: int, stream: int, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the key of each article or record, (n,) uint64.

    Parameters
    ----------
    stream : what the numbers are for; different streams are independent
    numbers : (n,) int64, which article or record

    >>> len(set(keys(1, 0, np.arange(9)).tolist()) | set(keys(1, 1, np.arange(9)).tolist()))
    18
    """
    root = np.array([seed % 2**64], np.uint64)
    return fork(fork(root, stream) ^ _mixed(numbers.astype(np.uint64) * _STEP), stream)


def fork(parents: NDArray[np.uint64], stream: int) -> NDArray[np.uint64]:
    """Return keys that are independent of the given ones, (n,) uint64.

    Parameters
    ----------
    parents : (n,) uint64
    """
    return _mixed(parents + np.uint64((stream + 1) * _BRANCH % 2**64))


def drawn(each: NDArray[np.uint64], counts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return numbers of 64 random bits, (counts.sum(),) uint64: those of the first key, of the second, and so on.

    Parameters
    ----------
    each : (n,) uint64, keys
    counts : (n,) int64, how many numbers each key gives

    >>> one, two = keys(1, 0, np.arange(2))
    >>> both = drawn(np.array([one, two]), np.array([2, 3]))
    >>> both[2:].tolist() == drawn(np.array([two]), np.array([3])).tolist()
    True
    """
    ends = np.cumsum(counts)
    first = each - (ends - counts).astype(np.uint64) * _STEP
    states = np.arange(1, int(ends[-1]) + 1 if len(ends) else 1, dtype=np.uint64)
    states *= _STEP
    states += np.repeat(first, counts)
    return _mixed(states)


def below(numbers: NDArray[np.uint64], limits: Any) -> NDArray[np.int64]:
    """Return whole numbers from 0 to below a limit, made of the upper halves of drawn numbers.

    Parameters
    ----------
    limits : below 2^32; one, or one for each number

    >>> below(drawn(keys(1, 0, np.arange(1)), np.array([1000])), 3).max()
    np.int64(2)
    """
    found: NDArray[np.int64] = ((numbers >> _HALF) * np.asarray(limits).astype(np.uint64) >> _HALF).astype(
        np.int64
    )
    return found


def fractions(numbers: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return numbers of 0 to below 1, made of the upper 53 bits of drawn numbers.

    >>> 0.4 < fractions(drawn(keys(1, 0, np.arange(1)), np.array([1000]))).mean() < 0.6
    np.True_
    """
    return (numbers >> _FRACTION_SHIFT).astype(np.float64) * _UNIT


def _mixed(states: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the output of SplitMix64 for each state; a new array."""
    mixed = states ^ (states >> _SHIFTS[0])
    mixed *= _MULTIPLIERS[0]
    mixed ^= mixed >> _SHIFTS[1]
    mixed *= _MULTIPLIERS[1]
    mixed ^= mixed >> _SHIFTS[2]
    return mixed
