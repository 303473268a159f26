"""Reading the stories of an earlier scan again, from the sources that it named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import errors, reading, records
from dedup.engines import assembling
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
    path = Path(folder, source) if Path(folder, source).exists() else Path(source)
    by_page: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_page.setdefault(row["page_id"], []).append(row)
    for page_id, text in _pages(path, source, set(by_page), settings).items():
        for row in by_page[page_id]:
            story = _story(text, row, settings)
            if story is not None:
                yield row["article_id"], story


def _pages(path: Path, source: str, wanted: set[str], settings: Settings) -> dict[str, str]:
    """Return the text of each page that is wanted; of pages with one id, the one that a scan keeps."""
    name = re.compile(rf"{re.escape(path.name)}(?::\d+)?")
    found: dict[str, tuple[tuple[bytes, str], str]] = {}
    try:
        for batch in reading.read([str(path)], settings, reading.ReadingLog()):
            for place, page_id in enumerate(batch.column("page_id").to_pylist()):
                for identity in _identities(page_id, wanted, name):
                    fields = batch.slice(place, 1).to_pylist()[0]
                    text = fields.pop("text")
                    del fields["source_path"], fields["line"]
                    known = assembling.rank(text.encode(), fields | {"page_id": identity})
                    if identity not in found or known < found[identity][0]:
                        found[identity] = known, text
    except (errors.PathError, errors.EmptyArchiveError) as error:
        message = f'the source "{source}" cannot be read again: {error}'
        raise errors.ResultError(message) from error
    return {identity: text for identity, (_, text) in found.items()}


def _identities(page_id: str, wanted: set[str], name: re.Pattern[str]) -> Iterator[str]:
    """Yield the ids under which a page may have been read: its own, and for one named by its place, with folders."""
    if page_id in wanted:
        yield page_id
    elif name.fullmatch(page_id):
        yield from (identity for identity in wanted if identity.endswith(f"/{page_id}"))


def _story(page: str, row: dict[str, Any], settings: Settings) -> records.Story | None:
    """Return the story of a row, None if the page is not split as it was."""
    text = page.encode()
    offsets = np.array([0, len(text)])
    split = splitting.split(np.frombuffer(text, np.uint8), offsets, split_stories=settings.split_stories)
    place = row["story"] - 1
    if place >= len(split) or (len(split) == 1) != (row["article_id"] == row["page_id"]):
        return None
    start = len(text[: split.starts[place]].decode())
    end = len(text[: split.ends[place]].decode())
    return records.Story(row["article_id"], page, start, end, **{field: row[field] for field in _FIELDS})
