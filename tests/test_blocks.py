"""Blocks of bytes: what machine code says of them, and what plain Python says."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba.core import config

from dedup.kernels import jit
from dedup.words.blocks import kernels

BEFORE, AFTER = 5, 2
SURROUNDED = BEFORE + kernels.SIZE + AFTER
pieces = st.one_of(
    st.binary(max_size=9),
    st.text(alphabet="aZ09 \n\r_@[`{\x7f", max_size=9).map(str.encode),
    st.text(alphabet="–“’…‐\u2027\u2028\u200fé東", max_size=5).map(str.encode),
)
surrounded = st.lists(pieces, min_size=20).map(
    lambda parts: np.frombuffer((b"".join(parts) + b" " * SURROUNDED)[:SURROUNDED], np.uint8)
)


@jit
def bits(text, at):
    """Return what the kernels of a block say of a text at a place."""
    return (
        kernels.word_bits(text, at),
        kernels.above_bits(text, at),
        kernels.mark_bits(text, at),
        kernels.break_bits(text, at),
        kernels.eight_bytes(text, at),
    )


@jit
def lowest(each):
    """Return the lowest bit that is set."""
    return kernels.lowest(each)


def flags(tell, block):
    return sum(1 << place for place, byte in enumerate(block) if tell(byte))


@given(surrounded)
def test_the_bits_of_a_block_are_those_of_its_bytes(text):
    block = text[BEFORE : BEFORE + kernels.SIZE].tobytes()
    words, above, marks, breaks, eight = (int(each) for each in bits(text, BEFORE))
    assert words == flags(lambda byte: byte >= 128 or bytes([byte]).isalnum(), block)
    assert above == flags(lambda byte: byte >= 128, block)
    assert breaks == flags(lambda byte: byte in b"\r\n", block)
    assert eight.to_bytes(8, "little") == block[:8]
    after = text[BEFORE:].tobytes()
    sequences = [chr(code).encode() for code in range(0x2010, 0x2028)]
    assert marks == sum(1 << place for place in range(len(block)) if after[place : place + 3] in sequences)


@pytest.mark.parametrize("place", [0, 1, 31, 32, 63])
def test_the_lowest_bit_is_found(place):
    assert lowest(np.uint64(1 << place | 1 << 63)) == place


def test_where_no_bit_is_set_the_lowest_stands_beyond_them():
    assert lowest(np.uint64(0)) == 64


@pytest.fixture(scope="module")
def plain():
    """Return the kernels of a block as they are where kernels are not compiled."""
    place = importlib.util.spec_from_file_location("plain", kernels.__file__)
    module = importlib.util.module_from_spec(place)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(config, "DISABLE_JIT", 1)
        place.loader.exec_module(module)
    return module


@given(surrounded)
@example(np.zeros(SURROUNDED, np.uint8))
def test_plain_python_says_the_same(plain, text):
    names = ("word_bits", "above_bits", "mark_bits", "break_bits", "eight_bytes")
    assert [int(getattr(plain, name)(text, BEFORE)) for name in names] == [*map(int, bits(text, BEFORE))]
    breaks = plain.break_bits(text, BEFORE)
    assert plain.lowest(breaks) == lowest(breaks)
