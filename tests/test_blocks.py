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


breaks = kernels.bits_of(b"\n\r")
middle = kernels.bits_between(0x3A, 0xD8)


@jit
def bits(text, at):
    """Return what the kernels of a block say of a text at a place."""
    return (
        kernels.word_bits(text, at),
        middle(text, at),
        kernels.mark_bits(text, at),
        breaks(text, at),
        kernels.eight_bytes(text, at),
    )


@jit
def lowest_and_number(each):
    """Return the lowest bit that is set, and how many are."""
    return kernels.lowest(each), kernels.ones(each)


def flags(tell, block):
    return sum(1 << place for place, byte in enumerate(block) if tell(byte))


@given(surrounded)
def test_the_bits_of_a_block_are_those_of_its_bytes(text):
    block = text[BEFORE : BEFORE + kernels.SIZE].tobytes()
    words, between, marks, at_breaks, eight = (int(each) for each in bits(text, BEFORE))
    assert words == flags(lambda byte: byte >= 128 or bytes([byte]).isalnum(), block)
    assert between == flags(lambda byte: 0x3A <= byte <= 0xD8, block)
    assert at_breaks == flags(lambda byte: byte in b"\r\n", block)
    assert eight.to_bytes(8, "little") == block[:8]
    after = text[BEFORE:].tobytes()
    sequences = [chr(code).encode() for code in range(0x2010, 0x2028)]
    assert marks == sum(1 << place for place in range(len(block)) if after[place : place + 3] in sequences)


@pytest.mark.parametrize("place", [0, 1, 31, 32, 63])
def test_the_lowest_bit_is_found(place):
    assert lowest_and_number(np.uint64(1 << place | 1 << 63)) == (place, 1 if place == 63 else 2)


def test_where_no_bit_is_set_the_lowest_stands_beyond_them():
    assert lowest_and_number(np.uint64(0)) == (64, 0)


@pytest.fixture(scope="module")
def plain():
    """Return the functions of a block as they are where kernels are not compiled."""
    place = importlib.util.spec_from_file_location("plain", kernels.__file__)
    module = importlib.util.module_from_spec(place)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(config, "DISABLE_JIT", 1)
        place.loader.exec_module(module)
        module.middle = module.bits_between(0x3A, 0xD8)
        module.breaks = module.bits_of(b"\n\r")
    return module


@given(surrounded)
@example(np.zeros(SURROUNDED, np.uint8))
def test_plain_python_says_the_same(plain, text):
    functions = (
        plain.word_bits,
        plain.middle,
        plain.mark_bits,
        plain.breaks,
        plain.eight_bytes,
    )
    made = [each(text, BEFORE) for each in functions]
    assert [*map(int, made)] == [*map(int, bits(text, BEFORE))]
    for each in made:
        assert (plain.lowest(each), plain.ones(each)) == lowest_and_number(each)


@jit
def least(numbers, at, most):
    """Return the bits of the numbers that are not above the most."""
    return kernels.least_bits(numbers, at, most)


@jit
def permute(numbers, permutations, first, lowest):
    """Write the least value of some permutations."""
    kernels.permute_least(numbers, permutations[0], permutations[1], first, lowest)


@given(st.integers(0, 2**32 - 1), st.integers(0, 40))
def test_the_least_of_numbers_are_found_and_permuted(plain, most, n_numbers):
    chance = np.random.default_rng(most)
    numbers = chance.integers(0, 2**32, SURROUNDED, dtype=np.uint32)
    numbers[:3] = most, max(most - 1, 0), min(most + 1, 2**32 - 1)
    expected = flags(lambda number: number <= most, numbers[BEFORE : BEFORE + kernels.SIZE].tolist())
    for at in (0, BEFORE):
        assert least(numbers, at, np.uint32(most)) == plain.least_bits(numbers, at, np.uint32(most))
    assert least(numbers, BEFORE, np.uint32(most)) == expected
    multipliers, addends, before = chance.integers(0, 2**32, (3, 24), dtype=np.uint32)
    made, plainly = before.copy(), before.copy()
    permute(numbers[:n_numbers], (multipliers, addends), 8, made)
    plain.permute_least(numbers[:n_numbers], multipliers, addends, 8, plainly)
    permuted = numbers[:n_numbers, None] * multipliers + addends
    by_numpy = permuted.min(axis=0, initial=2**32 - 1)
    assert made.tolist() == plainly.tolist()
    assert made.tolist() == [*before[:8], *by_numpy[8:16], *before[16:]]
