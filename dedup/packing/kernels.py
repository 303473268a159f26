"""The loops that sort packed numbers, and find a place among sorted ones."""

import numpy as np

from dedup.kernels import jit, leaf

_DIGIT_BITS = 11
_N_DIGITS = 1 << _DIGIT_BITS
_DIGIT = np.uint64(_N_DIGITS - 1)
_BITS = 64


@jit
def sort(values, spare, first_bit):
    """Sort numbers by their bits from `first_bit` on, in place; those that are equal there keep their order.

    Digits of eleven bits, the least first; a digit that all numbers have in common costs no pass.

    Parameters
    ----------
    values, spare : (n,) uint64
    first_bit : 0 to 63
    """
    n_values = values.shape[0]
    n_digits = (_BITS - first_bit + _DIGIT_BITS - 1) // _DIGIT_BITS
    counts = np.zeros((n_digits, _N_DIGITS), np.int64)
    for i in range(n_values):
        rest = values[i] >> np.uint64(first_bit)
        for digit in range(n_digits):
            counts[digit, rest & _DIGIT] += 1
            rest >>= np.uint64(_DIGIT_BITS)
    source, target = values, spare
    n_moves = 0
    for digit in range(n_digits):
        places = counts[digit]
        shift = np.uint64(first_bit + digit * _DIGIT_BITS)
        if n_values == 0 or places[values[0] >> shift & _DIGIT] == n_values:
            continue
        before = 0
        for bucket in range(_N_DIGITS):
            size = places[bucket]
            places[bucket] = before
            before += size
        for i in range(n_values):
            value = source[i]
            bucket = value >> shift & _DIGIT
            target[places[bucket]] = value
            places[bucket] += 1
        source, target = target, source
        n_moves += 1
    if n_moves % 2 == 1:
        values[:] = spare


@leaf
def place_of(values, value, first, stop):
    """Return the first place from `first` on whose value is not lower than a value; `stop` where all are.

    `np.searchsorted` takes a second to compile in each kernel that calls it.

    Parameters
    ----------
    values : (>= stop,) of any type, rising between the two places
    """
    while first < stop:
        middle = (first + stop) // 2
        if values[middle] < value:
            first = middle + 1
        else:
            stop = middle
    return first
