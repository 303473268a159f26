"""The archive as the later stages see it: stories in the order of their ids, their text in one buffer on disk."""

from __future__ import annotations

import dataclasses
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from dedup import records
from dedup.matching import passages
from dedup.sketching import sketches as sketching
from dedup.text import stories as splitting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray


_BYTES_PER_CHARACTER = 4  # at most, in UTF-8


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One batch of pages after reading, splitting and sketching; offsets are bytes of its own `text`."""

    pages: pa.RecordBatch
    text: NDArray[np.uint8]
    page_offsets: NDArray[np.int64]
    stories: splitting.Stories
    n_paragraphs: NDArray[np.int64]
    sketches: sketching.Sketches


@dataclasses.dataclass(frozen=True, slots=True)
class Archive:
    """All stories, numbered in the order of their ids, whatever order they were read in.

    Parameters
    ----------
    pages : the columns of `records.PAGES` without the text, in the order read
    text : (n_bytes,) uint8, the UTF-8 of all pages; mapped from the work file
    page_offsets : (n_pages + 1,) int64, bytes of `text`
    article_ids : (n_articles,) string, sorted
    page_of, number, starts, ends, n_paragraphs : (n_articles,); starts and ends are bytes of `text`
    heads : what the heads of marked stories say, by article
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
    n_paragraphs: NDArray[np.int64]
    heads: dict[int, splitting.Head]
    sketches: sketching.Sketches

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.page_of)

    def located(self) -> passages.Located:
        """Return where each story and its page stand in the text."""
        return passages.Located(self.page_offsets[self.page_of], self.starts, self.ends)

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

    def title(self, article: int) -> str | None:
        """Return the headline of an article: its record's, its head's, or its first line."""
        head = self.heads.get(article)
        given = (head.title if head else None) or self._page("title", int(self.page_of[article]))
        if given:
            return given
        begin = int(self.starts[article])
        window = self.text[begin : min(begin + 4 * splitting.LONGEST_TITLE, int(self.ends[article]))]
        return splitting.first_line(window.tobytes())

    def _page(self, column: str, page: int) -> str | None:
        value: str | None = self.pages.column(column)[page].as_py()
        return value


def build(parts: Iterable[Part], rejects: list[records.Reject]) -> Archive:
    """Return the archive of these parts; of pages with one id all but one are rejected.

    The text goes to a file in the temporary folder, which has no name and goes with the process.
    """
    with tempfile.TemporaryFile(prefix="dedup-") as work:
        taken = [(part, work.write(part.text.data)) for part in parts]
        work.flush()
        n_bytes = sum(size for _, size in taken)
        text = np.memmap(work, np.uint8, "r") if n_bytes else np.empty(0, np.uint8)
    return _order(_join([part for part, _ in taken], np.asarray(text)), rejects)


@dataclasses.dataclass(frozen=True, slots=True)
class _Joined:
    """The parts as one, in the order read."""

    pages: pa.RecordBatch
    text: NDArray[np.uint8]
    page_offsets: NDArray[np.int64]
    page_of: NDArray[np.int64]
    number: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    n_paragraphs: NDArray[np.int64]
    heads: dict[int, splitting.Head]
    sketches: list[sketching.Sketches]


def _join(parts: list[Part], text: NDArray[np.uint8]) -> _Joined:
    import pyarrow as pa

    first_byte = np.cumsum([0, *(len(part.text) for part in parts)])
    first_page = np.cumsum([0, *(part.pages.num_rows for part in parts)])
    first_story = np.cumsum([0, *(len(part.stories) for part in parts)])
    none = np.empty(0, np.int64)
    offsets = [part.page_offsets[:-1] + first_byte[i] for i, part in enumerate(parts)]
    return _Joined(
        pa.concat_batches([part.pages for part in parts]),
        text,
        np.concatenate([none, *offsets, first_byte[-1:]]).astype(np.int64),
        np.concatenate([none, *(part.stories.pages + first_page[i] for i, part in enumerate(parts))]),
        np.concatenate([none.astype(np.int32), *(part.stories.numbers for part in parts)]),
        np.concatenate([none, *(part.stories.starts + first_byte[i] for i, part in enumerate(parts))]),
        np.concatenate([none, *(part.stories.ends + first_byte[i] for i, part in enumerate(parts))]),
        np.concatenate([none, *(part.n_paragraphs for part in parts)]),
        {
            int(first_story[i]) + story: head
            for i, part in enumerate(parts)
            for story, head in part.stories.heads.items()
        },
        [part.sketches for part in parts],
    )


def _order(joined: _Joined, rejects: list[records.Reject]) -> Archive:
    """Return the archive in the order of its ids, without the pages whose id another one has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dropped = _conflicts(joined, joined.pages.column("page_id"), np.arange(joined.pages.num_rows), rejects)
    ids = _article_ids(joined)
    kept = np.flatnonzero(~np.isin(joined.page_of, dropped))
    again = _conflicts(joined, ids.take(pa.array(kept)), joined.page_of[kept], rejects)
    kept = kept[~np.isin(joined.page_of[kept], again)]
    chosen = ids.take(pa.array(kept))
    order = kept[pc.sort_indices(chosen).to_numpy()] if len(kept) else kept
    place = {int(story): article for article, story in enumerate(order) if story in joined.heads}
    return Archive(
        joined.pages,
        joined.text,
        joined.page_offsets,
        ids.take(pa.array(order)),
        joined.page_of[order],
        joined.number[order],
        joined.starts[order],
        joined.ends[order],
        joined.n_paragraphs[order],
        {article: joined.heads[story] for story, article in place.items()},
        sketching.gather(joined.sketches, order),
    )


def _article_ids(joined: _Joined) -> pa.Array:
    import pyarrow as pa

    page_ids = joined.pages.column("page_id")
    n_stories = np.bincount(joined.page_of, minlength=joined.pages.num_rows)
    ids = page_ids.take(pa.array(joined.page_of))
    several = np.flatnonzero(n_stories[joined.page_of] > 1)
    if len(several) == 0:
        return ids
    names = ids.to_pylist()
    for story in several:
        names[story] = f"{names[story]}#{joined.number[story]}"
    return pa.array(names, pa.string())


def _conflicts(
    joined: _Joined, ids: pa.Array, pages: NDArray[np.int64], rejects: list[records.Reject]
) -> NDArray[np.int64]:
    """Return the pages to drop, so that no id stands twice; each is rejected by a line that names both places.

    Which one is kept is decided by content, then place, so that it does not depend on the order of the input.
    """
    import pyarrow.compute as pc

    if len(ids) == 0:
        return np.empty(0, np.int64)
    order = pc.sort_indices(ids).to_numpy()
    ordered = ids.take(order)
    equal = pc.equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    claims: dict[int, set[str]] = {}
    for place in np.flatnonzero(equal).tolist():
        for page in (int(pages[order[place]]), int(pages[order[place + 1]])):
            claims.setdefault(page, set()).add(ordered[place].as_py())
    taken: dict[str, int] = {}
    dropped = []
    for page in sorted(claims, key=lambda page: _rank_of(joined, page)):
        held = sorted(claims[page] & taken.keys())
        if not held:
            taken.update(dict.fromkeys(claims[page], page))
            continue
        dropped.append(page)
        source, line = joined.pages["source_path"][page].as_py(), joined.pages["line"][page].as_py()
        reason = f'id "{held[0]}" is also that of {_place(joined, taken[held[0]])}, which was kept'
        rejects.append(records.Reject(source, line, reason))
    return np.array(dropped, np.int64)


def rank(text: bytes, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return what decides which page of one id is kept: its text, then its fields.

    Parameters
    ----------
    text : the page, UTF-8
    fields : the columns of `records.PAGES` but the text and the place
    """
    return xxhash.xxh3_128_digest(text), repr(fields)


def _rank_of(joined: _Joined, page: int) -> tuple[tuple[bytes, str], str, int]:
    text = joined.text[joined.page_offsets[page] : joined.page_offsets[page + 1]]
    fields = joined.pages.slice(page, 1).to_pylist()[0]
    source, line = fields.pop("source_path"), fields.pop("line")
    return rank(text.tobytes(), fields), source, line or 0


def _place(joined: _Joined, page: int) -> str:
    source, line = joined.pages["source_path"][page].as_py(), joined.pages["line"][page].as_py()
    return f"{source}:{line}" if line else source
