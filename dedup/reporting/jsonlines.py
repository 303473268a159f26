"""Arrow columns as JSON: whole rows as lines, or the cells of one column."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_MOST_MILLIONTHS = 1e15  # beyond, a float has more digits than tell it from its neighbours
_MOST_INTEGER = 20  # bytes, with its sign
_MOST_FRACTION = 24
_MOST_ESCAPED = 6  # bytes that a byte becomes
_NULL = 4
_ESCAPES = {8: "b", 9: "t", 10: "n", 12: "f", 13: "r", 34: '"', 92: "\\"}


def lines(batch: pa.RecordBatch) -> NDArray[np.uint8]:
    r"""Return the rows as JSON Lines, in UTF-8: keys in the order of the columns, floats in their shortest form.

    The bytes are those of `msgspec.json`.

    >>> import pyarrow as pa
    >>> lines(pa.RecordBatch.from_pydict({"name": ["é", None], "spans": [[[1, 2]], []]})).tobytes().decode()
    '{"name":"é","spans":[[1,2]]}\n{"name":null,"spans":[]}\n'
    """
    import msgspec

    rows = _Rows(batch.num_rows)
    for place, (name, column) in enumerate(zip(batch.schema.names, batch.columns, strict=True)):
        rows.add((b"," if place else b"{") + msgspec.json.encode(name) + b":", column)
    written, _ = rows.written(b"}\n")
    return written


def cells(column: pa.Array) -> pa.StringArray:
    """Return each cell of a column as JSON text.

    >>> import pyarrow as pa
    >>> cells(pa.array([["a", "b"], []])).to_pylist()
    ['["a","b"]', '[]']
    """
    import pyarrow as pa

    rows = _Rows(len(column))
    rows.add(b"", column)
    written, ends = rows.written(b"")
    offsets = np.zeros(len(column) + 1, np.int32)
    offsets[1:] = ends
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(offsets), pa.py_buffer(written))


@dataclasses.dataclass(slots=True)
class _Arena:
    """Pieces of one array that is put together at the end."""

    kind: type[Any]
    pieces: list[NDArray[Any]] = dataclasses.field(default_factory=list)
    size: int = 0

    def add(self, piece: NDArray[Any]) -> int:
        """Take a piece, and return where it will begin."""
        begin = self.size
        self.pieces.append(piece)
        self.size += len(piece)
        return begin

    def joined(self) -> NDArray[Any]:
        return np.concatenate([np.empty(0, self.kind), *self.pieces], dtype=self.kind)


class _Rows:
    """The columns of some rows, as the kernel takes them."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._layout: list[list[int]] = []
        self._numbers = _Arena(np.int64)
        self._text = _Arena(np.uint8)
        self._most_bytes = 0

    def written(self, end: bytes) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the rows as JSON, and where each ends; `end` stands behind each."""
        from dedup.reporting import kernels

        self._layout.append([*self._key(end), *[0] * (kernels.N_FACTS - 2)])
        self._text.add(np.zeros(kernels.BLOCK, np.uint8))
        out = np.empty(self._most_bytes + kernels.BLOCK, np.uint8)
        ends = np.empty(self._n_rows, np.int64)
        kernels.write_rows(
            np.array(self._layout, np.int64),
            self._numbers.joined(),
            self._text.joined(),
            _tables(),
            out,
            ends,
        )
        return out[: ends[-1] if self._n_rows else 0], ends

    def add(self, key: bytes, column: pa.Array) -> None:
        """Take a column; `key` stands before each cell."""
        facts = self._key(key)
        values, valid, offsets = column, -1, [0, 0]
        if column.null_count:
            valid = self._text.add(np.asarray(column.is_valid()).astype(np.uint8))
            self._most_bytes += _NULL * self._n_rows
        depth = _depth(column)
        for level in range(depth):
            bounds = _offsets(values)
            offsets[level + 2 - depth] = self._numbers.add(bounds - bounds[0])
            values = values.values[bounds[0] : bounds[-1]]
            self._most_bytes += 2 * len(bounds) + len(values)
        kind, leaf = self._leaf(values)
        self._layout.append([*facts, kind, depth, valid, *offsets, leaf])

    def _key(self, key: bytes) -> list[int]:
        self._most_bytes += len(key) * self._n_rows
        return [self._text.add(np.frombuffer(key, np.uint8)), len(key)]

    def _leaf(self, values: pa.Array) -> tuple[int, int]:
        """Take the values of a column, out of their lists; return their kind and where they begin."""
        import pyarrow as pa

        from dedup.reporting import kernels

        if pa.types.is_string(values.type):
            offsets = _offsets(values)
            data = values.buffers()[2]
            text = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
            return kernels.STRING, self._strings(offsets, text, _MOST_ESCAPED)
        if pa.types.is_int32(values.type) or pa.types.is_int64(values.type):
            self._most_bytes += _MOST_INTEGER * len(values)
            return kernels.INTEGER, self._numbers.add(_buffer(values, values.type.to_pandas_dtype(), 0))
        if pa.types.is_float64(values.type):
            millionths = _millionths(_buffer(values, np.float64, 0))
            if millionths is not None:
                self._most_bytes += _MOST_FRACTION * len(values)
                return kernels.FRACTION, self._numbers.add(millionths)
        return kernels.RAW, self._raw(values)

    def _raw(self, values: pa.Array) -> int:
        import msgspec

        encoded = [msgspec.json.encode(value) for value in values.to_pylist()]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([*map(len, encoded)], out=offsets[1:])
        return self._strings(offsets, np.frombuffer(b"".join(encoded), np.uint8), 1)

    def _strings(self, offsets: NDArray[np.int64], text: NDArray[np.uint8], most: int) -> int:
        begin = self._text.add(text[offsets[0] : offsets[-1]])
        self._most_bytes += most * int(offsets[-1] - offsets[0]) + 2 * len(offsets)
        return self._numbers.add(offsets - offsets[0] + begin)


def _depth(column: pa.Array) -> int:
    """Return how many lists stand around each value; 0 for lists that the kernel does not write."""
    import pyarrow as pa

    depth, values = 0, column
    while pa.types.is_list(values.type):
        depth += 1
        bounds = _offsets(values)
        values = values.values[bounds[0] : bounds[-1]]
        if values.null_count:
            return 0
    return depth if depth <= 2 else 0  # noqa: PLR2004  (the kernel's)


def _offsets(array: pa.Array) -> NDArray[np.int64]:
    """Return the offsets of lists or strings, (n + 1,) int64."""
    return _buffer(array, np.int32, 1).astype(np.int64)


def _buffer(array: pa.Array, kind: type[Any], more: int) -> NDArray[Any]:
    """Return what the second buffer of an array holds of its rows, and so many values more."""
    data = array.buffers()[1]
    if data is None or not data.size:
        return np.zeros(len(array) + more, kind)
    return np.frombuffer(data, kind)[array.offset : array.offset + len(array) + more]


def _millionths(values: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Return fractions of at most six decimals in millionths; None where one is no such fraction."""
    with np.errstate(over="ignore", invalid="ignore"):
        millionths = np.rint(values * 1e6)
        exact = (millionths / 1e6 == values) & (np.abs(millionths) < _MOST_MILLIONTHS)
        exact &= ~(np.signbit(values) & (values == 0))
    return millionths.astype(np.int64) if exact.all() else None


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return what stands behind the backslash for each byte, and the numbers of four digits."""
    escapes = np.zeros(256, np.uint8)
    escapes[: ord(" ")] = ord("u")
    escapes[list(_ESCAPES)] = [ord(letter) for letter in _ESCAPES.values()]
    digits = np.arange(10_001)[:, None] // np.array([1000, 100, 10, 1]) % 10 + ord("0")
    return escapes, digits.astype(np.uint8).ravel()
