"""Reading the stories of an earlier scan again, from the sources that it named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import errors, reading, records
from dedup.text import stories as splitting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from dedup.settings import Settings

_FIELDS = ("title", "outlet", "url", "byline", "published")


def stories(
    article_ids: Sequence[str], articles: pa.Table, settings: Settings, folder: str
) -> dict[str, records.Story]:
    """Return the stories of these articles; see `pipeline.reread`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = articles.filter(pc.is_in(articles["article_id"], pa.array(article_ids, pa.string()))).to_pylist()
    found: dict[str, records.Story] = {}
    for source in sorted({row["source_path"] for row in rows}):
        of_source = [row for row in rows if row["source_path"] == source]
        found |= dict(_of_source(source, of_source, settings, folder))
    for article_id in article_ids:
        if article_id not in found:
            message = f'article "{article_id}" does not stand in its source any more'
            raise errors.ResultError(message)
    return found


def _of_source(
    source: str, rows: list[dict[str, Any]], settings: Settings, folder: str
) -> Iterator[tuple[str, records.Story]]:
    if source == "-":
        message = "standard input cannot be read again: the texts of that scan are gone"
        raise errors.ResultError(message)
    path = Path(source) if Path(source).exists() else Path(folder, source)
    try:
        for batch in reading.read([str(path)], settings, reading.ReadingLog()):
            for place, page_id in enumerate(batch.column("page_id").to_pylist()):
                for row in rows:
                    if row["page_id"] == page_id or row["page_id"].endswith(f"/{page_id}"):
                        yield row["article_id"], _story(batch.column("text")[place].as_py(), row, settings)
    except (errors.PathError, errors.EmptyArchiveError) as error:
        message = f'the source "{source}" cannot be read again: {error}'
        raise errors.ResultError(message) from error


def _story(page: str, row: dict[str, Any], settings: Settings) -> records.Story:
    text = page.encode()
    offsets = np.array([0, len(text)])
    split = splitting.split(np.frombuffer(text, np.uint8), offsets, split_stories=settings.split_stories)
    number = min(row["story"], len(split)) - 1
    start = len(text[: split.starts[number]].decode())
    end = len(text[: split.ends[number]].decode())
    return records.Story(row["article_id"], page, start, end, **{field: row[field] for field in _FIELDS})
