"""The loop that writes JSON: the cells of a batch of rows, row by row, as bytes."""

import numpy as np

from dedup.kernels import jit

INTEGER, FRACTION, STRING, RAW = range(4)
KEY, KEY_LENGTH, KIND, DEPTH, VALID, OUTER, INNER, LEAF = range(8)
N_FACTS = 8
BLOCK = 16  # bytes that are copied at once; what stands behind a string is copied with it and written over
DECIMALS = 6

_TEN_THOUSAND = np.uint64(10_000)
_MOST_SCALE = np.uint64(10_000) ** np.uint64(4)  # the next would not fit into 64 bits
_MILLION = np.uint64(10**DECIMALS)
_HUNDRED = np.uint64(100)
_ONE = np.uint64(1)
_OPEN, _CLOSE, _COMMA, _QUOTE = np.uint8(0x5B), np.uint8(0x5D), np.uint8(0x2C), np.uint8(0x22)
_BACKSLASH, _MINUS, _POINT, _ZERO = np.uint8(0x5C), np.uint8(0x2D), np.uint8(0x2E), np.uint8(0x30)
_E, _L, _N, _U, _SIX = np.uint8(0x65), np.uint8(0x6C), np.uint8(0x6E), np.uint8(0x75), np.uint8(0x36)
_SPACE = np.uint8(0x20)


@jit
def write_rows(layout, numbers, text, tables, out, ends):
    """Write rows as JSON, one behind the other.

    A cell is a value, a list of values or a list of lists of values, which stand in `numbers` and `text` as they do
    in an Arrow array.

    Parameters
    ----------
    layout : (n_columns + 1, 8) int64; for each column KEY and KEY_LENGTH, the bytes of `text` that stand before each
        cell; KIND of its values; DEPTH of its lists, 0 to 2; VALID, where in `text` it has a 1 for each row that is
        not null and a 0 for each that is, -1 when none is; OUTER and INNER, where in `numbers` the offsets of the
        outer lists and of those that hold the values begin; LEAF, where in `numbers` the values begin: integers,
        millionths, or the offsets of strings in `text`. The last row has the key alone: what ends a row
    numbers : (n_numbers,) int64
    text : (n_bytes + BLOCK,) uint8, UTF-8; RAW strings are JSON already
    tables : (256,) uint8, the letter that stands behind the backslash for each byte, 0 for one that stands for
        itself; (40_004,) uint8, the numbers to 9,999 with four digits each
    out : (n_bytes + BLOCK,) uint8, written
    ends : (n_rows,) int64, written; where each row ends in `out`
    """
    escapes, digits = tables
    n_columns = layout.shape[0] - 1
    place = 0
    for row in range(ends.shape[0]):
        for column in range(n_columns + 1):
            begin, length = layout[column, KEY], layout[column, KEY_LENGTH]
            for block in range(0, length, BLOCK):
                source = text[begin + block : begin + block + BLOCK]
                target = out[place + block : place + block + BLOCK]
                for i in range(BLOCK):
                    target[i] = source[i]
            place += length
            if column == n_columns:
                break
            kind, depth, leaf = layout[column, KIND], layout[column, DEPTH], layout[column, LEAF]
            if layout[column, VALID] >= 0 and text[layout[column, VALID] + row] == 0:
                out[place], out[place + 1], out[place + 2], out[place + 3] = _N, _U, _L, _L
                place += 4
                continue
            first_list, last_list = row, row + 1
            if depth == 2:
                outer = layout[column, OUTER] + row
                first_list, last_list = numbers[outer], numbers[outer + 1]
                out[place] = _OPEN
                place += 1
            for inner in range(first_list, last_list):
                first, last = inner, inner + 1
                if depth > 0:
                    if inner > first_list:
                        out[place] = _COMMA
                        place += 1
                    first, last = (
                        numbers[layout[column, INNER] + inner],
                        numbers[layout[column, INNER] + inner + 1],
                    )
                    out[place] = _OPEN
                    place += 1
                for item in range(first, last):
                    if item > first:
                        out[place] = _COMMA
                        place += 1
                    if kind >= STRING:
                        begin = numbers[leaf + item]
                        length = numbers[leaf + item + 1] - begin
                        if kind == STRING:
                            out[place] = _QUOTE
                            place += 1
                        escaped = False
                        for block in range(0, length, BLOCK):
                            source = text[begin + block : begin + block + BLOCK]
                            target = out[place + block : place + block + BLOCK]
                            for i in range(BLOCK):
                                byte = source[i]
                                target[i] = byte
                                escaped |= byte < _SPACE or byte == _QUOTE or byte == _BACKSLASH
                        if kind == RAW:
                            place += length
                            continue
                        if not escaped:
                            place += length
                        else:
                            for byte in text[begin : begin + length]:
                                escape = escapes[byte]
                                if escape == 0:
                                    out[place] = byte
                                    place += 1
                                    continue
                                out[place] = _BACKSLASH
                                out[place + 1] = escape
                                place += 2
                                if escape == _U:
                                    low = byte & 15
                                    out[place] = out[place + 1] = _ZERO
                                    out[place + 2] = 0x30 + (byte >> 4)
                                    out[place + 3] = (0x30 if low < 10 else 0x57) + low
                                    place += 4
                        out[place] = _QUOTE
                        place += 1
                        continue
                    value = numbers[leaf + item]
                    if value < 0:
                        out[place] = _MINUS
                        place += 1
                        value = -value
                    if kind == FRACTION and 0 < value < 10:
                        out[place] = 0x30 + value
                        out[place + 1], out[place + 2], out[place + 3] = _E, _MINUS, _SIX
                        place += 4
                        continue
                    whole = np.uint64(value)
                    rest = np.uint64(0)
                    if kind == FRACTION:
                        rest = whole % _MILLION
                        whole = whole // _MILLION
                    scale = _ONE
                    while scale < _MOST_SCALE and whole >= scale * _TEN_THOUSAND:
                        scale *= _TEN_THOUSAND
                    four = np.int64(whole // scale) if scale > _ONE else np.int64(whole)
                    length = 1 + (four > 9) + (four > 99) + (four > 999)
                    source = digits[4 * four + 4 - length : 4 * four + 8 - length]
                    target = out[place : place + 4]
                    for i in range(4):
                        target[i] = source[i]
                    place += length
                    while scale > _ONE:
                        whole = whole % scale
                        scale = scale // _TEN_THOUSAND
                        four = np.int64(whole // scale)
                        source = digits[4 * four : 4 * four + 4]
                        target = out[place : place + 4]
                        for i in range(4):
                            target[i] = source[i]
                        place += 4
                    if kind == FRACTION:
                        out[place] = _POINT
                        four = np.int64(rest // _HUNDRED)
                        source = digits[4 * four : 4 * four + 4]
                        target = out[place + 1 : place + 5]
                        for i in range(4):
                            target[i] = source[i]
                        two = 4 * np.int64(rest % _HUNDRED) + 2
                        out[place + 5], out[place + 6] = digits[two], digits[two + 1]
                        length = DECIMALS
                        while length > 1 and out[place + length] == _ZERO:
                            length -= 1
                        place += 1 + length
                if depth > 0:
                    out[place] = _CLOSE
                    place += 1
            if depth == 2:
                out[place] = _CLOSE
                place += 1
        ends[row] = place
