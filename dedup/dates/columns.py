"""Many dates at once: the usual forms of ISO 8601 are read as columns, all others one by one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import dates

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_DAY = "0000-00-00"
_FORMS = (_DAY, "0000-00-00T00:00:00", "0000-00-00T00:00:00Z", "0000-00-00T00:00:00+00:00")
_SECONDS = len("0000-00-00T00:00:00")
_EPOCH_YEAR = 1970
_MONTHS, _HOURS, _SIXTY = 12, 24, 60
_DAY_S = 24 * 3600
_NINE = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Spans:
    """The stretches of time that some strings name, in seconds since 1970 in UTC.

    Parameters
    ----------
    starts, ends : (n,) int64; 0 where no date is named
    zones_known : (n,) bool
    are_dates : (n,) bool, whether a date is named
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    zones_known: NDArray[np.bool_]
    are_dates: NDArray[np.bool_]


def parse(texts: pa.Array) -> Spans:
    """Return what `dates.parse` finds in each of some strings.

    Parameters
    ----------
    texts : strings, (n,), null for none

    >>> import pyarrow as pa
    >>> found = parse(pa.array(["1970-01-02T00:00:09Z", "Jan. 2, 1970", None]))
    >>> found.starts.tolist(), found.ends.tolist(), found.are_dates.tolist()
    ([86409, 86400, 0], [86410, 172800, 0], [True, True, False])
    """
    texts = texts.cast("string")
    _, edges, data = texts.buffers()
    offsets = np.frombuffer(edges, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    characters = np.frombuffer(data or b"", np.uint8)
    lengths = np.diff(offsets)
    starts, ends = np.zeros((2, len(texts)), np.int64)
    known, are_dates = np.zeros((2, len(texts)), np.bool_)
    left = texts.is_valid().to_numpy(zero_copy_only=False)
    for form in _FORMS:
        rows = np.flatnonzero(left & (lengths == len(form)))
        fits, found = _read(characters[offsets[rows][:, np.newaxis] + np.arange(len(form))], form)
        rows = rows[fits]
        starts[rows] = found[fits]
        ends[rows] = found[fits] + (_DAY_S if form == _DAY else 1)
        known[rows] = len(form) > _SECONDS
        are_dates[rows] = True
    for row in np.flatnonzero(left & ~are_dates).tolist():
        date = dates.parse(texts[row].as_py())
        if date is not None:
            starts[row], ends[row] = date.start.timestamp(), date.end.timestamp()
            known[row], are_dates[row] = date.zone_known, True
    return Spans(starts, ends, known, are_dates)


def _read(characters: NDArray[np.uint8], form: str) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which strings are dates of a form, and the seconds since 1970 that they begin at.

    Parameters
    ----------
    characters : (n, len(form)) uint8
    """
    fits = np.ones(len(characters), np.bool_)

    def number(first: int, end: int) -> NDArray[np.int64]:
        digits = characters[:, first:end] - np.uint8(ord("0"))
        fits[(digits > _NINE).any(axis=1)] = False
        return digits @ 10 ** np.arange(end - first)[::-1]

    for place, character in enumerate(form):
        if character in "-T:Z":
            fits &= characters[:, place] == ord(character)
    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    fits &= (year >= dates.FIRST_YEAR) & (year <= dates.LAST_YEAR)
    fits &= (month >= 1) & (month <= _MONTHS) & (day >= 1)
    months = np.where(fits, (year - _EPOCH_YEAR) * _MONTHS + month - 1, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    fits &= day <= (months + 1).astype("datetime64[D]").astype(np.int64) - first
    seconds = (first + day - 1) * _DAY_S
    if form == _DAY:
        return fits, seconds
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    fits &= (hour < _HOURS) & (minute < _SIXTY) & (second < _SIXTY)
    seconds += hour * 3600 + minute * 60 + second
    if "+" not in form:
        return fits, seconds
    behind = characters[:, _SECONDS] == ord("-")
    minutes = number(23, 25)
    offset = number(20, 22) * 3600 + minutes * 60
    fits &= (behind & (offset > 0)) | (
        characters[:, _SECONDS] == ord("+")
    )  # -00:00 says that it is not known
    fits &= (minutes < _SIXTY) & (offset <= dates.MOST_OFFSET.total_seconds())
    return fits, seconds - np.where(behind, -offset, offset)
