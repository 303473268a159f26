"""The formats of the tables on disk: one pair of functions each, to write and to read."""

from __future__ import annotations

import collections
import dataclasses
from concurrent import futures
from typing import TYPE_CHECKING, Any, TypeVar

from dedup import records
from dedup.reporting import jsonlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

Made = TypeVar("Made")

_BATCH_ROWS = 8_192
_BATCH_BYTES = 1 << 22
_DECIMALS = 6
_SQL_TYPES = {"int32": "INTEGER", "int64": "INTEGER", "float64": "REAL"}


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """How tables are written and read.

    `write` takes the tables that stand in one file, the file, and how many threads may work; floats are written with
    six decimals. `read` gives one of the tables. `file` is the one file for all the tables, or None where each has
    its own.
    """

    name: str
    file: str | None
    write: Callable[[Mapping[str, pa.Table], Path, int], None]
    read: Callable[[records.Table, Path], pa.Table]

    def file_of(self, table: str) -> str:
        """Return the name of the file that holds this table.

        >>> FORMATS["jsonl"].file_of("clusters"), FORMATS["sqlite"].file_of("clusters")
        ('clusters.jsonl', 'dedup.sqlite')
        """
        return self.file or f"{table}.{self.name}"


def write_jsonl(tables: Mapping[str, pa.Table], path: Path, threads: int) -> None:
    """Write one table as JSON Lines: UTF-8, keys in the order of the columns."""
    with path.open("wb") as file:
        for table in tables.values():
            for lines in _each(_lines, _batches(table), threads):
                file.write(lines.data)


def read_jsonl(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from JSON Lines."""
    import msgspec
    import pyarrow as pa

    rows = msgspec.json.Decoder().decode_lines(path.read_bytes())
    return pa.Table.from_pylist(rows, schema=declared.schema())


def write_csv(tables: Mapping[str, pa.Table], path: Path, threads: int) -> None:
    """Write one table as CSV: lists as JSON text, strings quoted, nulls empty and not quoted."""
    from pyarrow import csv

    for table in tables.values():
        with csv.CSVWriter(path, _flat_schema(table.schema)) as file:
            for batch in _each(_lists_as_text, _batches(table), threads):
                file.write_batch(batch)


def read_csv(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from CSV."""
    import pyarrow as pa
    from pyarrow import csv

    types = {field.name: _flat(field.type) for field in declared.schema()}
    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(block_size=max(1 << 20, path.stat().st_size + 1)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return _lists_from_text(declared, {name: table[name] for name in types}, pa)


def write_parquet(tables: Mapping[str, pa.Table], path: Path, threads: int) -> None:  # noqa: ARG001  (a format's signature)
    """Write one table as Parquet."""
    from pyarrow import parquet

    for table in tables.values():
        parquet.write_table(_rounded(table), path, compression="zstd")


def read_parquet(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from Parquet."""
    from pyarrow import parquet

    table = parquet.read_table(path)
    return declared.arrow({column.name: table[column.name].combine_chunks() for column in declared.columns})


def write_sqlite(tables: Mapping[str, pa.Table], path: Path, threads: int) -> None:
    """Write all tables into one SQLite file: lists as JSON text."""
    import contextlib
    import sqlite3

    declared = {table.name: table for table in records.OUTPUT_TABLES}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for name, table in tables.items():
            connection.execute(_create(declared[name]))
            marks = ", ".join("?" * table.num_columns)
            insert = f'INSERT INTO "{name}" VALUES ({marks})'  # noqa: S608  (names are declared, not given)
            for batch in _each(_lists_as_text, _batches(table), threads):
                connection.executemany(insert, _rows(batch))
        connection.execute("COMMIT")


def read_sqlite(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from a SQLite file."""
    import contextlib
    import sqlite3

    import pyarrow as pa

    names = [column.name for column in declared.columns]
    chosen = ", ".join(f'"{name}"' for name in names)
    select = f'SELECT {chosen} FROM "{declared.name}" ORDER BY rowid'  # noqa: S608  (names are declared)
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        exists = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        if not connection.execute(exists, (declared.name,)).fetchone():
            raise FileNotFoundError(declared.name)
        rows = connection.execute(select).fetchall()
    columns = {
        name: pa.array((row[place] for row in rows), type=_flat(declared.schema().field(name).type))
        for place, name in enumerate(names)
    }
    return _lists_from_text(declared, columns, pa)


FORMATS = {
    "jsonl": Format("jsonl", None, write_jsonl, read_jsonl),
    "csv": Format("csv", None, write_csv, read_csv),
    "parquet": Format("parquet", None, write_parquet, read_parquet),
    "sqlite": Format("sqlite", "dedup.sqlite", write_sqlite, read_sqlite),
}


def _create(table: records.Table) -> str:
    columns = [
        f'"{column.name}" {_SQL_TYPES.get(column.type, "TEXT")}{"" if column.nullable else " NOT NULL"}'
        for column in table.columns
    ]
    return f'CREATE TABLE "{table.name}" ({", ".join(columns)})'


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Yield a table in batches that stay small in memory, whatever their texts."""
    n_rows = _BATCH_BYTES * table.num_rows // max(1, table.nbytes)
    yield from table.to_batches(max_chunksize=min(max(n_rows, 1), _BATCH_ROWS))


def _each(
    function: Callable[[pa.RecordBatch], Made], batches: Iterable[pa.RecordBatch], threads: int
) -> Iterator[Made]:
    """Yield what a function makes of each batch, in their order; a few batches are taken ahead."""
    if threads == 1:
        yield from map(function, batches)
        return
    waiting: collections.deque[futures.Future[Made]] = collections.deque()
    with futures.ThreadPoolExecutor(threads) as pool:
        for batch in batches:
            waiting.append(pool.submit(function, batch))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _lines(batch: pa.RecordBatch) -> NDArray[np.uint8]:
    return jsonlines.lines(_rounded(batch))


def _rounded(rows: Any) -> Any:
    """Return a table or a batch with six decimals in its floats."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, field in enumerate(rows.schema):
        if pa.types.is_floating(field.type):
            # adding zero turns a rounded -0.0 into 0.0
            figures = pc.add(pc.round(rows.column(place), ndigits=_DECIMALS), 0.0)
            rows = rows.set_column(place, field, figures)
    return rows


def _flat_schema(schema: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([pa.field(field.name, _flat(field.type), field.nullable) for field in schema])


def _flat(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    return pa.string() if pa.types.is_list(kind) else kind


def _lists_as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [
        jsonlines.cells(column) if pa.types.is_list(column.type) else column
        for column in _rounded(batch).columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=_flat_schema(batch.schema))


def _lists_from_text(declared: records.Table, columns: dict[str, Any], pa: Any) -> pa.Table:
    import msgspec

    decoder = msgspec.json.Decoder()
    for field in declared.schema():
        if pa.types.is_list(field.type):
            columns[field.name] = [decoder.decode(text) for text in columns[field.name].to_pylist()]
        elif isinstance(columns[field.name], pa.ChunkedArray):
            columns[field.name] = columns[field.name].combine_chunks()
    return declared.arrow(columns)
