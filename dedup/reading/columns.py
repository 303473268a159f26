"""Lines of JSON straight to Arrow columns, without a Python object for each; what is odd is left to `decoding`."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup import records
from dedup.reading import batches, decoding, fields, margins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.reading import pieces
    from dedup.scratch import Scratch

_ROLES = ("id", "url", "text", "title", "outlet", "byline", "published", "further")
"""The roles, numbered as the kernels have them."""
_N_STRINGS = _ROLES.index("published")

_MOST_BYTES = 1 << 26
"""Of one piece: the walk over it takes up to four times as much."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a piece: where the values stand that its records have for each role.

    Attributes
    ----------
    data : (n_bytes,) uint8, the piece
    places : int32, where the bytes stand that end or interrupt strings
    lines, numbers : (n_rows,) int64, the line of each row in the piece, from 0, and in the file
    spans : (n_roles, n_rows, 3) int32, the start and end of each value, and its first place
    kinds : (n_roles, n_rows) uint8, what each is
    dates : uint8, the dates of the rows, one after the other, as they are stored
    date_ends : (n_rows,) int32
    left : (n_left,) int64, the lines of the piece that are left to the decoder, from 0
    starts : (n_lines + 1,) int64, where each line begins
    """

    data: NDArray[np.uint8]
    places: NDArray[np.int32]
    lines: NDArray[np.int64]
    numbers: NDArray[np.int64]
    spans: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    dates: NDArray[np.uint8]
    date_ends: NDArray[np.int32]
    left: NDArray[np.int64]
    starts: NDArray[np.int64]


def read(piece: pieces.Lines, wanted: fields.Fields, scratch: Scratch) -> batches.Batch:
    """Return the pages of some lines, and why others are none: all as `decoding.decode` has them.

    Parameters
    ----------
    scratch : what the texts may stand in
    """
    if len(piece.data) > _MOST_BYTES or not _is_utf_8(piece.data):
        return decoding.decode(piece.records(), piece.numbers(), piece.source, wanted).batch()
    found = _find(piece, wanted, scratch)
    pages = _pages(found, piece, wanted, scratch)
    if not len(found.left):
        return batches.Batch(pages, [])
    lines = [
        piece.data[start : end - 1]
        for start, end in zip(found.starts[found.left], found.starts[found.left + 1], strict=True)
    ]
    numbers = (piece.first + found.left).tolist()
    others = decoding.decode(lines, numbers, piece.source, wanted).batch()
    if others.pages.num_rows:
        pages = pa.concat_batches([pages, others.pages])
        pages = pages.take(pc.sort_indices(pages["line"]))
    return batches.Batch(pages, others.rejects)


def _is_utf_8(data: bytes) -> bool:
    """Return whether data are UTF-8; ten times as quick as decoding them, where they are ASCII.

    >>> _is_utf_8("für".encode()), _is_utf_8("für".encode("latin-1"))
    (True, False)
    """
    offsets = pa.py_buffer(np.array([0, len(data)], np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _find(piece: pieces.Lines, wanted: fields.Fields, scratch: Scratch) -> _Found:
    from dedup.reading import kernels

    names, candidates = _searched(wanted)
    data = np.frombuffer(piece.data, np.uint8)
    n_lines = piece.n_lines
    places = scratch.take(len(data) + 1, np.int32)
    kernels.index(data, np.zeros(kernels.FLAGS, bool), places)
    starts = np.full(n_lines + 1, len(data))
    kinds_of_lines = np.empty(n_lines, np.uint8)
    rows = (
        np.empty(n_lines, np.int64),
        np.empty((len(_ROLES), n_lines, 3), np.int32),
        np.empty((len(_ROLES), n_lines), np.uint8),
    )
    dates = np.empty(n_lines * kernels.LONGEST_DATE, np.uint8), np.empty(n_lines, np.int32)
    n_rows = kernels.find(
        data,
        places,
        batches.MAX_RECORD_BYTES,
        names,
        candidates,
        np.zeros((len(wanted.names), kernels.FACTS), np.int64),
        (starts, kinds_of_lines),
        rows,
        dates,
    )
    lines, spans, kinds = rows
    return _Found(
        data,
        places,
        lines[:n_rows],
        piece.first + lines[:n_rows],
        spans[:, :n_rows],
        kinds[:, :n_rows],
        *dates,
        np.flatnonzero(kinds_of_lines == kernels.LEFT),
        starts,
    )


@functools.lru_cache(maxsize=16)
def _searched(wanted: fields.Fields) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the names to find and the names that may hold each role, both with offsets; see `kernels.find`."""
    encoded = [name.encode() for name in wanted.names]
    text = np.array(list(b"".join(encoded)), np.uint8)
    candidates = [[wanted.names.index(name) for name in getattr(wanted, role).names] for role in _ROLES]
    numbers = np.array(list(itertools.chain(*candidates)))
    return (text, _offsets(encoded)), (numbers, _offsets(candidates))


def _offsets(rows: Sequence[Any]) -> NDArray[np.int64]:
    return records.offsets(np.array([len(row) for row in rows]))


def _pages(found: _Found, piece: pieces.Lines, wanted: fields.Fields, scratch: Scratch) -> pa.RecordBatch:
    """Return the rows as pages, their texts in the scratch."""
    warnings: dict[int, list[str]] = {}
    columns = {
        role: _strings(found, place, piece.source.name, scratch if role == "text" else None)
        for place, role in enumerate(_ROLES[:_N_STRINGS])
    }
    columns["published"] = _dates(found)
    for role in ("title", "outlet", "byline", "published"):
        columns[role] = _with_odd(columns[role], role, found, warnings)
    n_rows = len(found.numbers)
    columns |= {
        "page_id": columns["id"],
        "source_path": pa.repeat(piece.source.shown, n_rows),
        "line": pa.array(found.numbers),
        "warnings": _lists(warnings, n_rows),
        "margins": _margins(found, columns["text"], wanted),
    }
    schema = records.PAGES.schema()
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _strings(found: _Found, role: int, source_name: str, scratch: Scratch | None) -> pa.StringArray:
    """Return the column of a role, null where a row has nothing for it or something odd."""
    from dedup.reading import kernels

    spans, kinds = found.spans[role], found.kinds[role]
    is_text, is_place = kinds == kernels.TEXT, kinds == kernels.PLACE
    prefix = np.array(list(f"{source_name}:".encode()), np.uint8)
    longest = len(prefix) + len(str(found.numbers[-1])) if len(found.numbers) else 0
    most = int((spans[:, 1] - spans[:, 0])[is_text].sum()) + int(is_place.sum()) * longest
    offsets = np.zeros(len(kinds) + 1, np.int32)
    text = scratch.take(most, np.uint8) if scratch else np.empty(most, np.uint8)
    kernels.write(found.data, found.places, spans, kinds, found.numbers, prefix, offsets, text)
    return _array(offsets, text, is_text | is_place)


def _dates(found: _Found) -> pa.StringArray:
    from dedup.reading import kernels

    offsets = np.append(np.int32(0), found.date_ends[: len(found.numbers)])
    return _array(offsets, found.dates[: offsets[-1]].copy(), found.kinds[_N_STRINGS] == kernels.TEXT)


def _array(offsets: NDArray[np.int32], text: NDArray[np.uint8], valid: NDArray[np.bool_]) -> pa.StringArray:
    """Return strings that stand one after the other in UTF-8 as an Arrow array, null where they are not valid."""
    buffers = pa.py_buffer(offsets), pa.py_buffer(text)
    if valid.all():
        return pa.StringArray.from_buffers(len(valid), *buffers)
    bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.StringArray.from_buffers(len(valid), *buffers, bits)


def _with_odd(
    column: pa.StringArray, role: str, found: _Found, warnings: dict[int, list[str]]
) -> pa.StringArray:
    """Return a column with what `fields` makes of its odd values; what is not understood becomes a warning."""
    from dedup.reading import kernels

    place = _ROLES.index(role)
    is_odd = found.kinds[place] == kernels.ODD
    rows = np.flatnonzero(is_odd)
    if not len(rows):
        return column
    values = [msgspec.json.decode(found.data[start:end].data) for start, end, _ in found.spans[place, rows]]
    said: list[list[str]] = [[] for _ in values]
    texts = fields.iso_dates(values, said) if role == "published" else fields.strings(values, role, said)
    for row, some in zip(rows.tolist(), said, strict=True):
        if some:
            warnings.setdefault(row, []).extend(some)
    return pc.replace_with_mask(column, pa.array(is_odd), pa.array(texts, pa.string()))


def _margins(found: _Found, texts: pa.StringArray, wanted: fields.Fields) -> pa.ListArray:
    """Return what the rows hold beside their usual fields; only those that hold anything are decoded."""
    from dedup.reading import kernels

    told: list[list[dict[str, Any]]] = [[] for _ in found.numbers]
    for row in np.flatnonzero(found.kinds[_ROLES.index("further")] != kernels.NULL).tolist():
        line = int(found.lines[row])
        record = wanted.decode(found.data[found.starts[line] : found.starts[line + 1]].tobytes())
        told[row] = margins.read(record, texts[row].as_py(), wanted)
    return pa.array(told, records.PAGES.schema().field("margins").type)


def _lists(warnings: dict[int, list[str]], n_rows: int) -> pa.ListArray:
    """Return the warnings of each row, most of which have none."""
    lengths = np.zeros(n_rows, np.int64)
    for row, some in warnings.items():
        lengths[row] = len(some)
    said = [each for row in sorted(warnings) for each in warnings[row]]
    offsets = records.offsets(lengths).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(said, pa.string()))
