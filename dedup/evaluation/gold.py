"""Labels as people keep them: tab-separated files of pairs, and of clusters."""

from __future__ import annotations

import dataclasses
import gzip
import math
from typing import TYPE_CHECKING

from dedup import errors, scores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ID_COLUMNS = (("id_a", "id_b"), ("article_a", "article_b"), ("source_id", "answer_id"))
LABEL_COLUMNS = ("label", "same")
BAND_COLUMNS = ("containment5", "containment")
CLUSTER_COLUMNS = (("id", "label"), ("article_id", "cluster_id"), ("id", "cluster"))
NEGATIVE = frozenset({"0", "false", "no", "none", "non", "different"})


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair; `figure` is that of the band column, None where it has none."""

    line: int
    id_a: str
    id_b: str
    label: str
    positive: bool
    figure: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Pairs:
    """The labelled pairs of a file, no two of them equal, and the rows that cannot be read."""

    path: str
    band_column: str | None
    rows: tuple[Pair, ...]
    malformed: tuple[scores.LeftOut, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Label:
    """One article, and the true cluster that it belongs to."""

    line: int
    identity: str
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class Labels:
    """The labelled articles of a file, none twice, and the rows that cannot be read."""

    path: str
    rows: tuple[Label, ...]
    malformed: tuple[scores.LeftOut, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row each thing stands; None where no column holds it."""

    n_columns: int
    id_a: int
    id_b: int
    label: int | None
    figure: int | None


class _RowError(ValueError):
    """A row cannot be read; the message says why."""


def read_pairs(path: Path, band_column: str | None = None, *, different: bool = False) -> Pairs:
    r"""Return the pairs of a tab-separated file with a header; quotes mean nothing in it.

    The ids stand in `id_a` and `id_b`, in `source_id` and `answer_id`, or else in the first two columns. A column
    `label` or `same` tells those that do not belong together by one of NEGATIVE; without it, all do.

    Parameters
    ----------
    band_column : the column of figures from 0 to 1; without it `containment5`, else `containment`, else none
    different : whether all pairs are such that do not belong together, whatever their labels

    Raises
    ------
    PathError : the file cannot be opened
    UsageError : it has no header of two columns, or no column of that name

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "gold.tsv")
    ...     _ = path.write_text("id_a\tid_b\tsame\nx\ty\tyes\nx\tz\tno\n")
    ...     [(pair.id_b, pair.positive) for pair in read_pairs(path).rows]
    [('y', True), ('z', False)]
    """
    lines = _lines(path)
    header = _header(path, lines)
    first, second = _two(header, ID_COLUMNS)
    columns = _Columns(
        len(header), first, second, _place(header, LABEL_COLUMNS), _band(path, header, band_column)
    )
    rows: list[Pair] = []
    malformed: list[scores.LeftOut] = []
    known: dict[tuple[str, str], Pair] = {}
    for line, fields in lines:
        try:
            pair = _pair(line, _text(fields), columns, different=different)
            before = known.setdefault((min(pair.id_a, pair.id_b), max(pair.id_a, pair.id_b)), pair)
            if before is pair:
                rows.append(pair)
            _check_equal(pair.label, before.label, before.line, equal=before.positive == pair.positive)
        except _RowError as error:
            malformed.append(scores.LeftOut(str(path), line, str(error)))
    chosen = None if columns.figure is None else header[columns.figure]
    return Pairs(str(path), chosen, tuple(rows), tuple(malformed))


def read_clusters(path: Path) -> Labels:
    r"""Return the labels of a tab-separated file with a header: an id and the label of its true cluster.

    They stand in `id` and `label`, in `article_id` and `cluster_id`, or else in the first two columns.

    Raises
    ------
    PathError : the file cannot be opened
    UsageError : it has no header of two columns

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "clusters.tsv")
    ...     _ = path.write_text("id\tlabel\nx\train\nx\tgrain\n")
    ...     read_clusters(path).malformed[0].reason
    '"grain" contradicts "rain" in line 2'
    """
    lines = _lines(path)
    header = _header(path, lines)
    first, second = _two(header, CLUSTER_COLUMNS)
    known: dict[str, Label] = {}
    malformed = []
    for line, row in lines:
        try:
            fields = _text(row)
            _check_length(fields, len(header))
            label = Label(
                line, _filled(fields[first], header[first]), _filled(fields[second], header[second])
            )
            before = known.setdefault(label.identity, label)
            _check_equal(label.label, before.label, before.line, equal=label.label == before.label)
        except _RowError as error:
            malformed.append(scores.LeftOut(str(path), line, str(error)))
    return Labels(str(path), tuple(known.values()), tuple(malformed))


def _lines(path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the number and the fields of each line that is not empty."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                bare = line.rstrip(b"\r\n")
                if bare:
                    yield number, bare.split(b"\t")
    except (OSError, EOFError) as error:  # gzip's own errors have no text of the system
        message = f'file "{path}" cannot be read: {getattr(error, "strerror", None) or error}'
        raise errors.PathError(message) from error


def _header(path: Path, lines: Iterator[tuple[int, list[bytes]]]) -> list[str]:
    fields = next((fields for _, fields in lines), [])
    names = [field.decode("utf-8-sig", "replace").strip() for field in fields]
    if len(names) < 2:  # noqa: PLR2004  (a pair has two ids)
        message = f'file "{path}" must begin with a line of at least two column names between tabs: {names}'
        raise errors.UsageError(message)
    return names


def _two(header: Sequence[str], known: Sequence[tuple[str, str]]) -> tuple[int, int]:
    for first, second in known:
        if first in header and second in header:
            return header.index(first), header.index(second)
    return 0, 1


def _place(header: Sequence[str], known: Sequence[str]) -> int | None:
    return next((header.index(name) for name in known if name in header), None)


def _band(path: Path, header: Sequence[str], asked: str | None) -> int | None:
    if asked is None:
        return _place(header, BAND_COLUMNS)
    if asked not in header:
        message = f'file "{path}" has no column "{asked}"; its columns are {", ".join(header)}'
        raise errors.UsageError(message)
    return header.index(asked)


def _text(fields: list[bytes]) -> list[str]:
    try:
        return [field.decode() for field in fields]
    except UnicodeDecodeError as error:
        message = f"not UTF-8: {error.object[error.start : error.end]!r}"
        raise _RowError(message) from error


def _pair(line: int, fields: list[str], columns: _Columns, *, different: bool) -> Pair:
    _check_length(fields, columns.n_columns)
    id_a, id_b = (_filled(fields[place], "id") for place in (columns.id_a, columns.id_b))
    if id_a == id_b:
        message = f'both ids are "{id_a}"'
        raise _RowError(message)
    label = "" if columns.label is None else _filled(fields[columns.label], "label")
    positive = not different and label.casefold() not in NEGATIVE
    figure = None if columns.figure is None else _figure(fields[columns.figure])
    return Pair(line, id_a, id_b, label, positive, figure)


def _check_length(fields: list[str], n_columns: int) -> None:
    if len(fields) != n_columns:
        message = f"{len(fields)} fields, where the header has {n_columns}"
        raise _RowError(message)


def _check_equal(label: str, before: str, line: int, *, equal: bool) -> None:
    if not equal:
        message = f'"{label}" contradicts "{before}" in line {line}'
        raise _RowError(message)


def _filled(field: str, name: str) -> str:
    if not field.strip():
        message = f'"{name}" is empty'
        raise _RowError(message)
    return field.strip()


def _figure(field: str) -> float | None:
    if not field.strip():
        return None
    try:
        figure = float(field)
    except ValueError:
        figure = math.nan
    if not 0 <= figure <= 1:
        message = f'figure must be a number from 0 to 1: "{field}"'
        raise _RowError(message)
    return figure
