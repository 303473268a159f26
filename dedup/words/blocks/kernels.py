"""A block of bytes in a few machine instructions: what the loops over a text's bytes are made of.

LLVM makes vectors of 64 bytes fit whatever the processor has. Each has its plain Python beside it, which runs where
kernels are not compiled.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from dedup.kernels import primitive

SIZE = 64  # bytes of a block: as many as a word of bits has
TOGETHER = 8  # permutations that are done at once

_BIT = ir.IntType(1)
_BYTE = ir.IntType(8)
_EIGHT = ir.IntType(64)
_BLOCK = ir.VectorType(_BYTE, SIZE)
_NUMBER = ir.IntType(32)
_CASE = 0x20  # the bit that tells small letters from capitals
_HIGH = 0x80
_LETTERS, _DIGITS = 26, 10
_LARGEST = 2**32 - 1
_MARK_LEAD = b"\xe2\x80"
_FIRST_MARK, _N_MARKS = 0x90, 24


def _plain_bits(flags):
    return np.packbits(flags, bitorder="little").view(np.uint64)[0]


def _plain_least(numbers, multipliers, addends, first, least):
    together = slice(first, first + TOGETHER)
    least[together] = _LARGEST
    for number in numbers:
        permuted = number * multipliers[together] + addends[together]
        least[together] = np.minimum(least[together], permuted)


def _plain_words(block):
    from_a, from_0 = (block | np.uint8(_CASE)) - np.uint8(ord("a")), block - np.uint8(ord("0"))
    return (from_a < _LETTERS) | (from_0 < _DIGITS) | (block >= _HIGH)


def _plain_marks(first, second, third):
    is_mark = third - np.uint8(_FIRST_MARK) < _N_MARKS
    return (first == _MARK_LEAD[0]) & (second == _MARK_LEAD[1]) & is_mark


def _load(builder, context, signature, arguments, kind):
    """Return what stands in an array at a place, as a value of another kind; it need not be aligned."""
    text, at = arguments
    array = context.make_array(signature.args[0])(context, builder, text)
    place = builder.bitcast(builder.gep(array.data, [at]), kind.as_pointer())
    return builder.load(place, align=1)


def _each(byte):
    return ir.Constant(_BLOCK, [byte] * SIZE)


def _spread(builder, number, kind):
    """Return a vector that holds a number at each of its places."""
    empty = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(empty, number, ir.Constant(_NUMBER, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(kind, [0] * kind.count))


@primitive(lambda text, at: _plain_bits(_plain_words(text[at : at + SIZE])))
def word_bits(_, text, at):
    """Return a bit for each of the 64 bytes from a place on: set for ASCII letters and digits, and for all above.

    Parameters
    ----------
    text : (n_bytes,) uint8, of which 64 stand at the place
    """

    def build(context, builder, signature, arguments):
        block = _load(builder, context, signature, arguments, _BLOCK)
        from_a = builder.sub(builder.or_(block, _each(_CASE)), _each(ord("a")))
        from_0 = builder.sub(block, _each(ord("0")))
        letter = builder.icmp_unsigned("<", from_a, _each(_LETTERS))
        digit = builder.icmp_unsigned("<", from_0, _each(_DIGITS))
        above = builder.icmp_unsigned(">=", block, _each(_HIGH))
        return builder.bitcast(builder.or_(builder.or_(letter, digit), above), _EIGHT)

    return types.uint64(text, at), build


def bits_between(first, last):
    """Return a function that gives a bit for each of the 64 bytes from a place on: set for bytes of this range.

    Parameters
    ----------
    first, last : bytes, both of them in the range
    """

    @primitive(lambda text, at: _plain_bits((text[at : at + SIZE] >= first) & (text[at : at + SIZE] <= last)))
    def between_bits(_, text, at):
        def build(context, builder, signature, arguments):
            block = _load(builder, context, signature, arguments, _BLOCK)
            from_first = builder.sub(block, _each(first))
            return builder.bitcast(builder.icmp_unsigned("<=", from_first, _each(last - first)), _EIGHT)

        return types.uint64(text, at), build

    return between_bits


def bits_of(characters):
    """Return a function that gives a bit for each of the 64 bytes from a place on: set where one of these stands.

    Parameters
    ----------
    characters : bytes of ASCII
    """

    @primitive(lambda text, at: _plain_bits(np.isin(text[at : at + SIZE], [*characters])))
    def any_bits(_, text, at):
        def build(context, builder, signature, arguments):
            block = _load(builder, context, signature, arguments, _BLOCK)
            found = builder.icmp_unsigned("==", block, _each(characters[0]))
            for character in characters[1:]:
                found = builder.or_(found, builder.icmp_unsigned("==", block, _each(character)))
            return builder.bitcast(found, _EIGHT)

        return types.uint64(text, at), build

    return any_bits


@primitive(lambda text, at: _plain_bits(_plain_marks(*(text[at + i : at + i + SIZE] for i in range(3)))))
def mark_bits(_, text, at):
    """Return a bit for each of the 64 bytes from a place on: set where a dash, a curly quote or their like begins.

    These are the characters from U+2010 to U+2027, three bytes each, which all separate words.

    Parameters
    ----------
    text : (n_bytes,) uint8, of which 66 stand at the place
    """

    def build(context, builder, signature, arguments):
        text, at = arguments
        first, second, third = (
            _load(builder, context, signature, (text, builder.add(at, ir.Constant(_EIGHT, after))), _BLOCK)
            for after in range(3)
        )
        lead = builder.icmp_unsigned("==", first, _each(_MARK_LEAD[0]))
        follows = builder.icmp_unsigned("==", second, _each(_MARK_LEAD[1]))
        from_first = builder.sub(third, _each(_FIRST_MARK))
        is_mark = builder.icmp_unsigned("<", from_first, _each(_N_MARKS))
        return builder.bitcast(builder.and_(builder.and_(lead, follows), is_mark), _EIGHT)

    return types.uint64(text, at), build


@primitive(lambda text, at: np.uint64(int.from_bytes(text[at : at + 8].tobytes(), "little")))
def eight_bytes(_, text, at):
    """Return the 8 bytes from a place on, the first in the lowest bits.

    Parameters
    ----------
    text : (n_bytes,) uint8, of which 8 stand at the place
    """

    def build(context, builder, signature, arguments):
        return _load(builder, context, signature, arguments, _EIGHT)

    return types.uint64(text, at), build


@primitive(lambda bits: (int(bits) & -int(bits)).bit_length() - 1 if bits else SIZE)
def lowest(_, bits):
    """Return the place of the lowest bit that is set, 64 when none is."""

    def build(_context, builder, _signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(_BIT, 0))

    return types.int64(bits), build


@primitive(lambda bits: int(bits).bit_count())
def ones(_, bits):
    """Return how many bits are set."""

    def build(_context, builder, _signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(bits), build


@primitive(lambda numbers, at, most: _plain_bits(numbers[at : at + SIZE] <= most))
def least_bits(_, numbers, at, most):
    """Return a bit for each of 64 numbers from a place on: set for those that are not above the most.

    Parameters
    ----------
    numbers : (n,) uint32, of which 64 stand at the place
    most : uint32
    """
    kind = ir.VectorType(_NUMBER, SIZE)

    def build(context, builder, signature, arguments):
        block = _load(builder, context, signature, arguments[:2], kind)
        most = _spread(builder, arguments[2], kind)
        return builder.bitcast(builder.icmp_unsigned("<=", block, most), _EIGHT)

    return types.uint64(numbers, at, most), build


@primitive(_plain_least)
def permute_least(_, numbers, multipliers, addends, first, least):
    """Write the least value that each of eight permutations makes of some numbers; of none it is the largest.

    Parameters
    ----------
    numbers : (n,) uint32
    multipliers, addends : (n_permutations,) uint32
    first : the first of the eight
    least : (n_permutations,) uint32, written in the places of the eight
    """
    kind = ir.VectorType(_NUMBER, TOGETHER)

    def build(context, builder, signature, arguments):
        columns = [
            context.make_array(array)(context, builder, value)
            for array, value in zip(signature.args, arguments, strict=True)
            if isinstance(array, types.Array)
        ]
        places = [
            builder.bitcast(builder.gep(column.data, [arguments[3]]), kind.as_pointer())
            for column in columns[1:]
        ]
        multiplier, addend = (builder.load(place, align=4) for place in places[:2])
        least = cgutils.alloca_once_value(builder, ir.Constant(kind, [_LARGEST] * TOGETHER))
        n_numbers = cgutils.unpack_tuple(builder, columns[0].shape, 1)[0]
        with cgutils.for_range(builder, n_numbers) as loop:
            number = builder.load(builder.gep(columns[0].data, [loop.index]))
            permuted = builder.add(builder.mul(_spread(builder, number, kind), multiplier), addend)
            held = builder.load(least)
            lower = builder.icmp_unsigned("<", permuted, held)
            builder.store(builder.select(lower, permuted, held), least)
        builder.store(builder.load(least), places[2], align=4)
        return context.get_dummy_value()

    return types.void(numbers, multipliers, addends, first, least), build
