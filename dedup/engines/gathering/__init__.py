"""Rows of many batches in one order, with no more memory than they take: each batch is let go once it is copied."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dedup import records

if TYPE_CHECKING:
    from numpy.typing import NDArray

Columns = TypeVar("Columns")


def plain(parts: list[NDArray[Any]], places: NDArray[np.int64], n_rows: int) -> NDArray[Any]:
    """Return rows of equal length in a new order.

    Parameters
    ----------
    parts : (n, ...) each, batch by batch; the list is emptied
    places : (n_all,) int64, the new place of each row, numbered through the parts; -1 for those left out
    n_rows : how many are kept

    >>> plain([np.array([5, 6]), np.array([7])], np.array([1, -1, 0]), 2).tolist()
    [7, 5]
    """
    made = np.empty((n_rows, *parts[0].shape[1:]), parts[0].dtype)
    parts.reverse()
    first = 0
    while parts:
        part = parts.pop()
        own = places[first : first + len(part)]
        made[own[own >= 0]] = part[own >= 0]
        first += len(part)
    return made


def ragged(parts: list[records.Ragged], places: NDArray[np.int64], n_rows: int) -> records.Ragged:
    """Return ragged rows in a new order.

    Parameters
    ----------
    parts : batch by batch; the list is emptied
    places : (n_all,) int64, the new place of each row, numbered through the parts; -1 for those left out
    n_rows : how many are kept

    >>> rows = [records.Ragged(np.array([1, 2, 3]), np.array([0, 2, 3]))]
    >>> ragged(rows, np.array([1, 0]), 2).values.tolist()
    [3, 1, 2]
    """
    from dedup.engines.gathering import kernels

    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    kept = places >= 0
    new = np.zeros(n_rows, np.int64)
    new[places[kept]] = lengths[kept]
    offsets = records.offsets(new)
    kind = parts[0].values.dtype
    values = np.empty(offsets[-1], kind)
    parts.reverse()
    first = 0
    while parts:
        part = parts.pop()
        own = places[first : first + len(part)]
        source = np.ascontiguousarray(part.values).view(np.uint8)
        kernels.move_rows(source, part.offsets, own, offsets, kind.itemsize, values.view(np.uint8))
        first += len(part)
    return records.Ragged(values, offsets)


def columns(parts: list[Columns], places: NDArray[np.int64], n_rows: int) -> dict[str, Any]:
    """Return each field of some records of columns, in a new order, by its name.

    Parameters
    ----------
    parts : dataclasses of arrays and ragged rows, one row for each story; the list is emptied
    places, n_rows : as above
    """
    fields: dict[str, list[Any]] = {
        field.name: [getattr(part, field.name) for part in parts]
        for field in dataclasses.fields(parts[0])  # type: ignore[arg-type]
    }
    parts.clear()
    return {
        name: (ragged if isinstance(own[0], records.Ragged) else plain)(own, places, n_rows)
        for name, own in fields.items()
    }
