"""From rows of articles to an archive of them alone, on which the stages of a scan work."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.engines import archive as archives
from dedup.engines import onepass
from dedup.index import rows as packed
from dedup.text import paragraphs
from dedup.text import stories as splitting
from dedup.text.boilerplate import lines as describing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.index.rows import Row
    from dedup.settings import Settings

_KEPT_LISTS = ("warnings", "margins")


@dataclasses.dataclass(frozen=True, slots=True)
class Some:
    """Some articles as an archive: in the order of their ids, with their numbers in the file.

    Parameters
    ----------
    archive : with sketches, and of its lines their number
    numbers : (n_articles,) int64
    pages : (n_pages,) int64, the numbers of the pages in the file
    dead : (n_lines,) bool, which lines are boilerplate
    """

    archive: Archive
    numbers: NDArray[np.int64]
    pages: NDArray[np.int64]
    dead: NDArray[np.bool_]


def of(rows: Iterable[Row], settings: Settings) -> Some:
    """Return the archive of some articles; none of them twice."""
    ordered = sorted(rows, key=lambda row: row.article_id.encode())
    pages: dict[int, int] = {}
    first: list[Row] = []
    for row in ordered:
        if row.page not in pages:
            pages[row.page] = len(first)
            first.append(row)
    texts = [row.text for row in first]
    text = np.frombuffer(b"".join(texts), np.uint8)
    page_offsets = records.offsets(np.array([len(page) for page in texts], np.int64))
    page_of = np.array([pages[row.page] for row in ordered], np.int64)
    begins = page_offsets[page_of]
    starts = begins + np.array([row.start_byte for row in ordered], np.int64)
    ends = begins + np.array([row.end_byte for row in ordered], np.int64)
    spans = paragraphs.find(text, starts, ends)
    dead = packed.dead_lines([row.dead for row in ordered], spans.offsets)
    nothing = describing.Lines(
        np.empty(0, np.uint32),
        np.empty(0, np.uint64),
        np.empty(0, np.uint16),
        np.empty(0, np.uint8),
        np.empty(0, np.bool_),
        np.array([row.n_words for row in ordered], np.int64),
        spans.offsets,
    )
    heads = {
        place: splitting.Head(row.head_title, row.head_published)
        for place, row in enumerate(ordered)
        if row.head_title is not None or row.head_published is not None
    }
    return Some(
        archives.Archive(
            _pages(first),
            text,
            page_offsets,
            _strings([row.article_id for row in ordered]),
            page_of,
            np.array([row.story for row in ordered], np.int32),
            starts,
            ends,
            describing.live(starts, ends, spans, dead),
            heads,
            nothing,
            onepass.sketch(text, spans, dead, settings),
        ),
        np.array([row.number for row in ordered], np.int64),
        np.array([row.page for row in first], np.int64),
        dead,
    )


def _pages(first: list[Row]) -> pa.RecordBatch:
    import msgspec
    import pyarrow as pa

    decode = msgspec.json.Decoder().decode
    schema = pa.schema([field for field in records.PAGES.schema() if field.name != "text"])
    columns = list(zip(*first, strict=True)) or [()] * len(packed.Row._fields)
    arrays = []
    for field in schema:
        values = columns[packed.Row._fields.index(field.name)]
        if field.name in _KEPT_LISTS:
            values = tuple(map(decode, values))
        arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _strings(values: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(values, pa.string())
