"""The formats of the tables on disk: one pair of functions each, to write and to read."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

_BATCH_ROWS = 16_384
_SQL_TYPES = {"int32": "INTEGER", "int64": "INTEGER", "float64": "REAL"}


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """How tables are written and read.

    `write` takes the tables that stand in one file; `read` gives one of them. `file` is the one file for all the
    tables, or None where each has its own.
    """

    name: str
    file: str | None
    write: Callable[[Mapping[str, pa.Table], Path], None]
    read: Callable[[records.Table, Path], pa.Table]

    def file_of(self, table: str) -> str:
        """Return the name of the file that holds this table.

        >>> FORMATS["jsonl"].file_of("clusters"), FORMATS["sqlite"].file_of("clusters")
        ('clusters.jsonl', 'dedup.sqlite')
        """
        return self.file or f"{table}.{self.name}"


def write_jsonl(tables: Mapping[str, pa.Table], path: Path) -> None:
    """Write one table as JSON Lines: UTF-8, keys in the order of the columns."""
    import msgspec

    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        for table in tables.values():
            for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
                file.write(encoder.encode_lines(batch.to_pylist()))


def read_jsonl(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from JSON Lines."""
    import msgspec
    import pyarrow as pa

    rows = msgspec.json.Decoder().decode_lines(path.read_bytes())
    return pa.Table.from_pylist(rows, schema=declared.schema())


def write_csv(tables: Mapping[str, pa.Table], path: Path) -> None:
    """Write one table as CSV: lists as JSON text, strings quoted, nulls empty and not quoted."""
    from pyarrow import csv

    for table in tables.values():
        csv.write_csv(_lists_as_text(table), path)


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


def write_parquet(tables: Mapping[str, pa.Table], path: Path) -> None:
    """Write one table as Parquet."""
    from pyarrow import parquet

    for table in tables.values():
        parquet.write_table(table, path, compression="zstd")


def read_parquet(declared: records.Table, path: Path) -> pa.Table:
    """Return one table from Parquet."""
    from pyarrow import parquet

    table = parquet.read_table(path)
    return declared.arrow({column.name: table[column.name].combine_chunks() for column in declared.columns})


def write_sqlite(tables: Mapping[str, pa.Table], path: Path) -> None:
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
            connection.executemany(insert, _rows(_lists_as_text(table)))
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


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _flat(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    return pa.string() if pa.types.is_list(kind) else kind


def _lists_as_text(table: pa.Table) -> pa.Table:
    import msgspec
    import pyarrow as pa

    encoder = msgspec.json.Encoder()
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = pa.array(
                (encoder.encode(value).decode() for value in table[place].to_pylist()), pa.string()
            )
            table = table.set_column(place, pa.field(field.name, pa.string(), nullable=False), texts)
    return table


def _lists_from_text(declared: records.Table, columns: dict[str, Any], pa: Any) -> pa.Table:
    import msgspec

    decoder = msgspec.json.Decoder()
    for field in declared.schema():
        if pa.types.is_list(field.type):
            columns[field.name] = [decoder.decode(text) for text in columns[field.name].to_pylist()]
        elif isinstance(columns[field.name], pa.ChunkedArray):
            columns[field.name] = columns[field.name].combine_chunks()
    return declared.arrow(columns)
