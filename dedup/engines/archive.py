"""The archive as the later stages see it: stories in the order of their ids, their text in one buffer on disk."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import records
from dedup.matching import hashing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.sketching import sketches as sketching
    from dedup.text import stories as splitting
    from dedup.text.boilerplate import lines as describing


@dataclasses.dataclass(frozen=True, slots=True)
class Archive:
    """All stories, numbered in the order of their ids, whatever order they were read in.

    Parameters
    ----------
    pages : the columns of `records.PAGES` without the text, in the order read
    text : (n_bytes,) uint8, the UTF-8 of all pages; mapped from the work file
    page_offsets : (n_pages + 1,) int64, bytes of `text`
    article_ids : (n_articles,) string, sorted
    page_of, number, starts, ends : (n_articles,); starts and ends are bytes of `text`
    live : the segments of each story that take part in matching, bytes of `text`; all of it but boilerplate
    heads : what the heads of marked stories say, by article
    lines : what each line of each story is
    sketches : one row for each article
    """

    pages: pa.RecordBatch
    text: NDArray[np.uint8]
    page_offsets: NDArray[np.int64]
    article_ids: pa.Array
    page_of: NDArray[np.int64]
    number: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    live: records.Spans
    heads: dict[int, splitting.Head]
    lines: describing.Lines
    sketches: sketching.Sketches

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.page_of)

    def located(self) -> hashing.Located:
        """Return where each story and its page stand in the text."""
        return hashing.Located(self.page_offsets[self.page_of], self.starts, self.ends, self.live)

    def without(self, *names: str) -> Archive:
        """Return the archive without some columns of its sketches, which no later stage looks at."""
        nowhere = np.zeros(len(self), np.int64)
        none: Any = records.Rows(np.empty(0, np.uint32), nowhere, nowhere)
        left = dataclasses.replace(self.sketches, **dict.fromkeys(names, none))
        return dataclasses.replace(self, sketches=left)

    def stories(self, articles: NDArray[np.int64]) -> records.Stories:
        """Return some stories as columns."""
        import pyarrow as pa

        pages = self.page_of[articles]
        taken = pa.array(pages)
        given = {
            name: self.pages.column(name).take(taken)
            for name in ("title", "outlet", "url", "byline", "published")
        }
        marked = np.flatnonzero(
            np.isin(articles, np.fromiter(self.heads, np.int64, len(self.heads)))
        ).tolist()
        for name in ("title", "published") if marked else ():
            values = given[name].to_pylist()
            for place in marked:
                values[place] = getattr(self.heads[int(articles[place])], name) or values[place]
            given[name] = pa.array(values, pa.string())
        return records.Stories(
            self.text,
            self.page_offsets[pages],
            self.page_offsets[pages + 1],
            self.starts[articles],
            self.ends[articles],
            articles,
            self.article_ids.take(pa.array(articles)),
            given["title"],
            given["outlet"],
            given["url"],
            given["byline"],
            given["published"],
            self.pages.column("margins").take(taken),
        )

    def story(self, article: int) -> records.Story:
        """Return one story with its words."""
        return self.stories(np.array([article])).story(0)

    def page_texts(self, articles: NDArray[np.int64]) -> Iterator[str]:
        """Return the text of each article's whole page; one that is asked for again at once is decoded once."""
        known, text = -1, ""
        for page in self.page_of[articles].tolist():
            if page != known:
                known = page
                text = self._page_bytes(page).decode()
            yield text

    def _page_bytes(self, page: int) -> bytes:
        return self.text[self.page_offsets[page] : self.page_offsets[page + 1]].tobytes()
