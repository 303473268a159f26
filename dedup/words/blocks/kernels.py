"""A block of bytes in a few machine instructions: what the loops over a text's bytes are made of.

LLVM makes vectors of 64 bytes fit whatever the processor has. Each has its plain Python beside it, which runs where
kernels are not compiled.
"""

import numpy as np
from llvmlite import ir
from numba import types

from dedup.kernels import primitive

SIZE = 64  # bytes of a block: as many as a word of bits has

_BIT = ir.IntType(1)
_BYTE = ir.IntType(8)
_EIGHT = ir.IntType(64)
_BLOCK = ir.VectorType(_BYTE, SIZE)
_CASE = 0x20  # the bit that tells small letters from capitals
_HIGH = 0x80
_LETTERS, _DIGITS = 26, 10
_MARK_LEAD = b"\xe2\x80"
_FIRST_MARK, _N_MARKS = 0x90, 24


def _plain_bits(flags):
    return np.packbits(flags, bitorder="little").view(np.uint64)[0]


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


@primitive(lambda text, at: _plain_bits(text[at : at + SIZE] >= _HIGH))
def above_bits(_, text, at):
    """Return a bit for each of the 64 bytes from a place on: set for bytes of characters above ASCII."""

    def build(context, builder, signature, arguments):
        block = _load(builder, context, signature, arguments, _BLOCK)
        return builder.bitcast(builder.icmp_unsigned(">=", block, _each(_HIGH)), _EIGHT)

    return types.uint64(text, at), build


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


@primitive(lambda text, at: _plain_bits(np.isin(text[at : at + SIZE], (ord("\n"), ord("\r")))))
def break_bits(_, text, at):
    """Return a bit for each of the 64 bytes from a place on: set for newlines and carriage returns."""

    def build(context, builder, signature, arguments):
        block = _load(builder, context, signature, arguments, _BLOCK)
        newline = builder.icmp_unsigned("==", block, _each(ord("\n")))
        returned = builder.icmp_unsigned("==", block, _each(ord("\r")))
        return builder.bitcast(builder.or_(newline, returned), _EIGHT)

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
