"""The archive as the later stages see it: stories in the order of their ids, their text in one buffer on disk."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import records
from dedup.matching import hashing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.sketching import sketches as sketching
    from dedup.text import stories as splitting
    from dedup.text.boilerplate import lines as describing

_BYTES_PER_CHARACTER = 4  # at most, in UTF-8


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

    def story(self, article: int) -> records.Story:
        """Return one story with its words."""
        page = int(self.page_of[article])
        page_start, page_end = int(self.page_offsets[page]), int(self.page_offsets[page + 1])
        start, end = int(self.starts[article]), int(self.ends[article])
        text = self.text[page_start:page_end].tobytes()
        before, own = text[: start - page_start], text[start - page_start : end - page_start]
        first = len(before.decode())
        head = self.heads.get(article)
        return records.Story(
            self.article_ids[article].as_py(),
            text.decode(),
            first,
            first + len(own.decode()),
            title=(head.title if head else None) or self._page("title", page),
            outlet=self._page("outlet", page),
            url=self._page("url", page),
            byline=self._page("byline", page),
            published=(head.published if head else None) or self._page("published", page),
        )

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

    def edges(
        self, articles: NDArray[np.int64], n_head: int, n_tail: int
    ) -> Iterator[tuple[int, str, str, str | None, str | None]]:
        """Yield the article, the first and the last characters of its story, its outlet and its byline."""
        import pyarrow as pa

        pages = pa.array(self.page_of[articles])
        text = self.text.data
        for article, start, end, outlet, byline in zip(
            articles.tolist(),
            self.starts[articles].tolist(),
            self.ends[articles].tolist(),
            self.pages.column("outlet").take(pages).to_pylist(),
            self.pages.column("byline").take(pages).to_pylist(),
            strict=True,
        ):
            if end - start <= _BYTES_PER_CHARACTER * (n_head + n_tail):
                whole = str(text[start:end], "utf-8")
                head, tail = (
                    (whole[:n_head], whole[-n_tail:]) if len(whole) > n_head + n_tail else (whole, "")
                )
            else:
                head = str(text[start : start + _BYTES_PER_CHARACTER * n_head], "utf-8", "ignore")[:n_head]
                tail = str(text[end - _BYTES_PER_CHARACTER * n_tail : end], "utf-8", "ignore")[-n_tail:]
            yield article, head, tail, outlet, byline

    def _page(self, column: str, page: int) -> str | None:
        value: str | None = self.pages.column(column)[page].as_py()
        return value
