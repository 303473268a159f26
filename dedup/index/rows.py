"""Articles as rows of the file: from an archive to rows, and from the file to rows again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup import records
from dedup.index import schema
from dedup.text import stories as splitting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.engines.assembling import Part
    from dedup.index.store import Store

_AT_ONCE = 20_000
_EMPTY = "[]"
_PAGE_COLUMNS = [column.name for column in records.PAGES.columns if column.name != "text"]
_LISTS = ("warnings", "margins")


class Row(NamedTuple):
    """One article with its page: what its archive is made of again.

    Parameters
    ----------
    number, page : in the file; negative for what does not stand there
    start_byte, end_byte : of the story in its page's text
    dead : a bit for each paragraph
    warnings, margins : JSON
    text : UTF-8, the whole page
    """

    number: int
    article_id: str
    page: int
    story: int
    start_byte: int
    end_byte: int
    head_title: str | None
    head_published: str | None
    n_words: int
    dead: bytes
    page_id: str
    source_path: str
    line: int | None
    title: str | None
    outlet: str | None
    url: str | None
    byline: str | None
    published: str | None
    warnings: str
    margins: str
    text: bytes


_OF_STORY = (
    "number",
    "article_id",
    "page",
    "story",
    "start_byte",
    "end_byte",
    "head_title",
    "head_published",
    "n_words",
    "dead",
)
_SELECT = (
    f"SELECT {', '.join(f's.{name}' for name in _OF_STORY)}, {', '.join(f'p.{name}' for name in _PAGE_COLUMNS)}, "  # noqa: S608
    "CAST(t.text AS BLOB) FROM stories s JOIN pages p USING (page) JOIN texts t USING (page)"
)


def load(store: Store, numbers: Iterable[int]) -> list[Row]:
    """Return some articles of the file, in any order; those that are gone are left out."""
    return [Row._make(row) for row in store.rows_of(f"{_SELECT} WHERE s.number IN ({{}})", numbers)]


def title(row: Row) -> str | None:
    """Return the headline of an article: that of its own head, its record's, or its first line."""
    if row.head_title or row.title:
        return row.head_title or row.title
    text = np.frombuffer(row.text, np.uint8)
    starts, ends = np.array([row.start_byte], np.int64), np.array([row.end_byte], np.int64)
    found: str | None = splitting.first_lines(text, starts, ends)[0].as_py()
    return found


def of(
    archive: Archive, dead: NDArray[np.bool_], numbers: NDArray[np.int64], pages: NDArray[np.int64]
) -> list[Row]:
    """Return the articles of an archive as rows, in its order.

    Parameters
    ----------
    dead : (n_lines,) bool, the lines of all articles that are boilerplate
    numbers : (n_articles,) int64, those in the file
    pages : (n_pages,) int64, those in the file
    """
    bits = dead_bits(dead, archive.lines.offsets)
    fields = page_fields(archive.pages)
    found = []
    for article, (identity, page) in enumerate(
        zip(archive.article_ids.to_pylist(), archive.page_of.tolist(), strict=True)
    ):
        begin = int(archive.page_offsets[page])
        head = archive.heads.get(article)
        found.append(
            Row(  # type: ignore[call-arg]  # fields are as many as the page's columns
                int(numbers[article]),
                identity,
                int(pages[page]),
                int(archive.number[article]),
                int(archive.starts[article]) - begin,
                int(archive.ends[article]) - begin,
                head.title if head else None,
                head.published if head else None,
                int(archive.lines.n_words[article]),
                bits[article],
                *(column[page] for column in fields),
                archive.text[begin : archive.page_offsets[page + 1]].tobytes(),
            )
        )
    return found


def of_part(part: Part, dead: NDArray[np.bool_]) -> list[Row]:
    """Return the stories of pages that stand in no file as rows, with negative numbers; ids may be there twice.

    Parameters
    ----------
    dead : (n_lines,) bool, the lines that are boilerplate
    """
    stories = part.stories
    bits = dead_bits(dead, part.lines.offsets)
    fields = page_fields(part.pages)
    pages = stories.pages.tolist()
    counts = np.bincount(stories.pages, minlength=part.pages.num_rows).tolist()
    found = []
    for place, page in enumerate(pages):
        begin, end = part.page_offsets[page : page + 2].tolist()
        head = stories.heads.get(place)
        number = int(stories.numbers[place])
        identity = fields[0][page]
        found.append(
            Row(  # type: ignore[call-arg]  # fields are as many as the page's columns
                -1 - place,
                identity if counts[page] == 1 else f"{identity}#{number}",
                -1 - page,
                number,
                int(stories.starts[place]) - begin,
                int(stories.ends[place]) - begin,
                head.title if head else None,
                head.published if head else None,
                int(part.lines.n_words[place]),
                bits[place],
                *(column[page] for column in fields),
                part.text[begin:end].tobytes(),
            )
        )
    return found


def page_fields(pages: pa.RecordBatch) -> list[list[Any]]:
    """Return the columns of pages as the file has them, in the order of the table: lists are JSON."""
    import msgspec

    encode = msgspec.json.Encoder().encode
    columns = []
    for name in _PAGE_COLUMNS:
        column = pages.column(name)
        if name not in _LISTS:
            columns.append(column.to_pylist())
        elif len(column.flatten()) == 0:
            columns.append([_EMPTY] * len(column))
        else:
            columns.append([encode(value).decode() if value else _EMPTY for value in column.to_pylist()])
    return columns


def dead_bits(dead: NDArray[np.bool_], offsets: NDArray[np.int64]) -> list[bytes]:
    r"""Return a bit for each line of each story, packed story by story.

    >>> dead_bits(np.array([True, False, True]), np.array([0, 1, 3]))
    [b'\x80', b'@']
    """
    n_lines = np.diff(offsets)
    begins = records.offsets((n_lines + 7) // 8)
    bits = np.zeros(8 * int(begins[-1]), np.bool_)
    bits[np.arange(len(dead)) + np.repeat(8 * begins[:-1] - offsets[:-1], n_lines)] = dead
    packed = np.packbits(bits).tobytes()
    return [packed[begin:end] for begin, end in itertools.pairwise(begins.tolist())]


def dead_lines(bits: list[bytes], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the bit of each line as `dead_bits` packed it, (n_lines,) bool."""
    n_bytes = np.array([len(some) for some in bits], np.int64)
    unpacked = np.unpackbits(np.frombuffer(b"".join(bits), np.uint8)).astype(np.bool_)
    n_lines = np.diff(offsets)
    places = np.arange(int(offsets[-1])) + np.repeat(
        8 * records.offsets(n_bytes)[:-1] - offsets[:-1], n_lines
    )
    dead: NDArray[np.bool_] = unpacked[places]
    return dead


def dead_of(store: Store, numbers: NDArray[np.int64], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which lines of articles are boilerplate as the file has it, in the articles' order, (n_lines,) bool.

    Parameters
    ----------
    numbers : (n_articles,) int64, all of the file
    offsets : (n_articles + 1,) int64, the lines of each
    """
    known = dict(store.rows("SELECT number, dead FROM stories"))
    return dead_lines([known[number] for number in numbers.tolist()], offsets)


def insert_pages(
    store: Store, archive: Archive, chosen: NDArray[np.int64], numbers: NDArray[np.int64]
) -> None:
    """Write some pages of an archive, with their texts.

    Parameters
    ----------
    chosen : (n,) int64, rising
    numbers : (n,) int64, those that they get in the file, rising
    """
    import pyarrow as pa

    for begin in range(0, len(chosen), _AT_ONCE):
        some, given = chosen[begin : begin + _AT_ONCE], numbers[begin : begin + _AT_ONCE].tolist()
        fields = page_fields(archive.pages.take(pa.array(some)))
        store.connection.executemany(schema.PAGES.insert(), zip(given, *fields, strict=True))
        bounds = zip(
            archive.page_offsets[some].tolist(), archive.page_offsets[some + 1].tolist(), strict=True
        )
        texts = (archive.text[start:end].tobytes().decode() for start, end in bounds)
        store.connection.executemany(schema.TEXTS.insert(), zip(given, texts, strict=True))


def insert_stories(
    store: Store,
    archive: Archive,
    dead: NDArray[np.bool_],
    numbers: NDArray[np.int64],
    pages: NDArray[np.int64],
    able: NDArray[np.int64],
) -> None:
    """Write all stories of an archive, in the order of their numbers.

    Parameters
    ----------
    dead : (n_lines,) bool
    numbers : (n_articles,) int64, those in the file
    pages : (n_pages,) int64, those in the file
    able : (n,) int64, the articles that take part in matching
    """
    bits = dead_bits(dead, archive.lines.offsets)
    ids = archive.article_ids.to_pylist()
    begins = archive.page_offsets[archive.page_of]
    digests: list[int | None] = [None] * len(archive)
    for article, digest in zip(
        able.tolist(), archive.sketches.digests[able].view(np.int64).tolist(), strict=True
    ):
        digests[article] = digest
    columns = [
        numbers.tolist(),
        ids,
        pages[archive.page_of].tolist(),
        archive.number.tolist(),
        (archive.starts - begins).tolist(),
        (archive.ends - begins).tolist(),
        _of_heads(archive, "title"),
        _of_heads(archive, "published"),
        _first_lines(archive),
        archive.lines.n_words.tolist(),
        np.diff(archive.lines.offsets).tolist(),
        bits,
        digests,
        _signatures(archive, able),
    ]
    order = np.argsort(numbers).tolist()
    listed = list(zip(*columns, strict=True))
    store.connection.executemany(schema.STORIES.insert(), (listed[place] for place in order))


def _of_heads(archive: Archive, name: str) -> list[str | None]:
    said: list[str | None] = [None] * len(archive)
    for article, head in archive.heads.items():
        said[article] = getattr(head, name)
    return said


def _first_lines(archive: Archive) -> list[str | None]:
    """Return the first line of each story that neither its record nor its own head gives a title."""
    import pyarrow as pa
    import pyarrow.compute as pc

    titles = archive.pages.column("title").take(pa.array(archive.page_of))
    silent = pc.equal(pc.binary_length(titles).fill_null(0), 0).to_numpy(zero_copy_only=False)
    silent[[article for article, head in archive.heads.items() if head.title]] = False
    untitled = np.flatnonzero(silent)
    found: list[str | None] = [None] * len(archive)
    lines = splitting.first_lines(archive.text, archive.starts[untitled], archive.ends[untitled]).to_pylist()
    for article, line in zip(untitled.tolist(), lines, strict=True):
        found[article] = line
    return found


def _signatures(archive: Archive, able: NDArray[np.int64]) -> list[bytes | None]:
    found: list[bytes | None] = [None] * len(archive)
    if archive.sketches.signatures.shape[1]:
        for article in able.tolist():
            found[article] = archive.sketches.signatures[article].tobytes()
    return found


def stored_pages(store: Store) -> Iterator[tuple[list[int], pa.RecordBatch]]:
    """Yield the numbers and the pages of the file some at a time, in the order of their numbers.

    The columns are those of `records.PAGES`.
    """
    import msgspec
    import pyarrow as pa

    decode = msgspec.json.Decoder().decode
    names = ", ".join(f"p.{name}" for name in _PAGE_COLUMNS)
    query = f"SELECT p.page, {names}, t.text FROM pages p JOIN texts t USING (page) ORDER BY p.page"  # noqa: S608
    cursor = store.connection.execute(query)
    fields = records.PAGES.schema()
    while rows := cursor.fetchmany(1_000):
        numbers, *columns = zip(*rows, strict=True)
        arrays = [
            pa.array(
                [[] if value == _EMPTY else decode(value) for value in column]
                if field.name in _LISTS
                else column,
                field.type,
            )
            for field, column in zip(fields, columns, strict=True)
        ]
        yield list(numbers), pa.RecordBatch.from_arrays(arrays, schema=fields)
