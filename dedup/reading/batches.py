"""Pages, column by column, and the Arrow batches made of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from dedup import reading

BATCH_BYTES = 8_000_000
MAX_RECORD_BYTES = 1 << 30


@dataclasses.dataclass(slots=True)
class Pages:
    """Some pages, column by column; the columns are those of `records.PAGES`.

    `size_bytes` is at least the size of the texts in UTF-8.
    """

    page_id: list[str] = dataclasses.field(default_factory=list)
    source_path: list[str] = dataclasses.field(default_factory=list)
    line: list[int | None] = dataclasses.field(default_factory=list)
    title: list[str | None] = dataclasses.field(default_factory=list)
    outlet: list[str | None] = dataclasses.field(default_factory=list)
    url: list[str | None] = dataclasses.field(default_factory=list)
    byline: list[str | None] = dataclasses.field(default_factory=list)
    published: list[str | None] = dataclasses.field(default_factory=list)
    warnings: list[list[str]] = dataclasses.field(default_factory=list)
    text: list[str] = dataclasses.field(default_factory=list)
    size_bytes: int = 0

    def extend(self, others: Pages) -> None:
        """Add other pages after these."""
        for column in records.PAGES.columns:
            getattr(self, column.name).extend(getattr(others, column.name))
        self.size_bytes += others.size_bytes

    def batch(self) -> pa.RecordBatch:
        """Return these pages as an Arrow record batch."""
        import pyarrow as pa

        schema = records.PAGES.schema()
        arrays = [pa.array(getattr(self, field.name), type=field.type) for field in schema]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def gather(groups: Iterable[Pages], log: reading.ReadingLog) -> Iterator[pa.RecordBatch]:
    """Return batches of about 8 MB, made of groups of pages in their order; a bigger group is a batch by itself."""
    held = Pages()
    for group in groups:
        if held.text and held.size_bytes + group.size_bytes > BATCH_BYTES:
            yield held.batch()
            held = Pages()
        held.extend(group)
        log.n_records += len(group.text)
    if held.text:
        yield held.batch()
