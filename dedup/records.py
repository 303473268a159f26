"""Every record that passes between stages, and every column that is stored, declared once.

Arrow schemas, the tables on disk and `docs/formats.md` derive from the declarations here. Offsets are always
characters of the original text as it was read, unless a name says bytes.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, its type as Arrow writes it, and what it means."""

    name: str
    type: str
    meaning: str
    nullable: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, what a row stands for, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def schema(self) -> pa.Schema:
        """Return the Arrow schema of this table.

        >>> REJECTS.schema().names
        ['source_path', 'line', 'reason']
        """
        return _schema(self)

    def arrow(self, columns: Mapping[str, Any]) -> pa.Table:
        """Return an Arrow table of these columns, in this table's order and types.

        Parameters
        ----------
        columns : one sequence or Arrow array for each column's name, all of one length

        >>> REJECTS.arrow({"source_path": ["a.txt"], "line": [None], "reason": ["empty"]}).num_rows
        1
        """
        import pyarrow as pa

        schema = self.schema()
        arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
        return pa.Table.from_arrays(arrays, schema=schema)


@functools.cache
def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "list<string>": pa.list_(pa.string()),
        "list<int64>": pa.list_(pa.int64()),
        "list<list<int64>>": pa.list_(pa.list_(pa.int64())),
        "list<margin>": pa.list_(
            pa.struct(
                [
                    ("role", pa.string()),
                    ("field", pa.string()),
                    ("start", pa.int32()),
                    ("text", pa.string()),
                    ("target", pa.string()),
                ]
            )
        ),
    }
    return pa.schema(
        [pa.field(column.name, types[column.type], nullable=column.nullable) for column in table.columns]
    )


MARGINS = {
    "note": (
        *("supplemental", "credit", "credits", "credit_line", "creditline", "creditLine", "copyright"),
        *("copyrightnotice", "copyrightNotice", "copyright_notice", "rights", "dc:rights", "usageterms"),
    ),
    "holder": (
        *("copyrightholder", "copyrightHolder", "copyright_holder", "og:site_name", "og_site_name"),
        *("site_name", "siteName"),
    ),
    "via": (
        *("dc:source", "dc_source", "rss_source", "original_source", "syndication_source"),
        *("infosource", "infosources", "isBasedOn"),
    ),
    "canonical": ("canonical", "canonical_url", "canonicalUrl", "canonical_link"),
    "page": ("raw_text", "page_text", "html", "raw_html"),
    "link": ("hyperlinks", "links"),
    "modified": ("modified", "updated", "updated_at", "dateModified", "date_modified", "versioncreated"),
    "seen": (
        *("crawled", "crawled_at", "crawl_date", "date_crawled", "date_download", "fetched", "retrieved"),
        *("seendate", "first_seen", "feed_date"),
    ),
}
"""What a record may say of its text beside the usual fields: the role of each further field.

The markup of an HTML page has margins of the role `author` too.
"""

PAGES = Table(
    "pages",
    "page read: the batches that reading hands on; never written",
    (
        Column("page_id", "string", "the record's own id; without one its url; without that its place"),
        Column("source_path", "string", "the file it was read from, `-` for standard input"),
        Column("line", "int64", "1-based line in that file; null for a file of one page", nullable=True),
        Column("title", "string", "headline as given", nullable=True),
        Column("outlet", "string", "who published the page, as given", nullable=True),
        Column("url", "string", "address as given", nullable=True),
        Column("byline", "string", "author as given", nullable=True),
        Column("published", "string", "claimed date, ISO 8601", nullable=True),
        Column("warnings", "list<string>", "what was odd about the record"),
        Column("margins", "list<margin>", "what further fields say of the text; see `Margin`"),
        Column("text", "string", "the page's text, exactly as it was read"),
    ),
)

ARTICLES = Table(
    "articles",
    "story read",
    (
        Column(
            "article_id", "string", "`page_id`, with `#1`, `#2`, ... where the page holds several stories"
        ),
        Column("page_id", "string", "the record's own id; without one its url; without that its place"),
        Column("story", "int32", "1-based number of the story within its page"),
        Column("source_path", "string", "the file it was read from, `-` for standard input"),
        Column("title", "string", "headline", nullable=True),
        Column("outlet", "string", "who published it, as the record says", nullable=True),
        Column("url", "string", "address as given", nullable=True),
        Column("byline", "string", "author as given", nullable=True),
        Column("published", "string", "as claimed, ISO 8601; null if none", nullable=True),
        Column("n_words", "int64", "folded words of the story"),
        Column("n_paragraphs", "int64", "paragraphs of the story"),
        Column("cluster_ids", "list<string>", "the clusters that the article stands in"),
        Column("warnings", "list<string>", "what was odd about it"),
    ),
)

MATCHES = Table(
    "matches",
    "verified pair; where very many articles are equal, pairs with the first of them only",
    (
        Column("article_a", "string", "the lesser id of the two"),
        Column("article_b", "string", "the greater id of the two"),
        Column("relation", "string", "`copy`, `revision`, `excerpt` or `partial`"),
        Column("jaccard", "float64", "exact Jaccard similarity of the two shingle sets"),
        Column("share_a", "float64", "share of a's shingles that stand in b"),
        Column("share_b", "float64", "share of b's shingles that stand in a"),
        Column("shared_words", "int64", "words of a that stand in shared shingles"),
        Column("passages", "list<list<int64>>", "`[a_start, a_end, b_start, b_end]`, character offsets"),
        Column("edits", "list<int64>", "for each passage: the two texts differ in at most so many words"),
    ),
)

CLUSTERS = Table(
    "clusters",
    "article cluster",
    (
        Column("cluster_id", "string", "stable id"),
        Column("n_articles", "int64", "members; 1 for a lone story that credits somebody else"),
        Column("n_outlets", "int64", "outlets named by the members' records"),
        Column("origin_name", "string", "who wrote the shared text; null when undetermined", nullable=True),
        Column("origin_kind", "string", "`agency`, `outlet`, `issuer`, `statement` or `unknown`"),
        Column(
            "origin_article_id", "string", "the original, null when it is not in the archive", nullable=True
        ),
        Column("co_origins", "list<string>", "further names with an equal claim"),
        Column("level", "string", "`stated`, `inferred`, `conflicting` or `undetermined`"),
        Column("score", "float64", "log-odds of the best candidate, 0 where nobody competes"),
        Column(
            "runner_up",
            "string",
            "the next candidate for whom more speaks than its own page; null if none, or several alike",
            nullable=True,
        ),
        Column(
            "first_article_id",
            "string",
            "the earliest member; null if none is dated, or the dates leave it open",
            nullable=True,
        ),
        Column(
            "first_published",
            "string",
            "the earliest claimed date of those that order anything",
            nullable=True,
        ),
        Column("warnings", "list<string>", "what was odd about the cluster or its dates"),
        Column("n_copies", "int64", "members on pages of others than the originator"),
        Column("n_uncredited", "int64", "those of them that credit nobody else"),
        Column(
            "n_independent",
            "int64",
            "owners who hold the text and, by the verdict, wrote it themselves; the originator elsewhere is one",
        ),
    ),
)

MEMBERS = Table(
    "members",
    "article in a cluster",
    (
        Column("cluster_id", "string", "the cluster"),
        Column("article_id", "string", "the article"),
        Column("role", "string", "`original`, `copy`, `revision`, `excerpt` or `container`"),
        Column("share", "float64", "share of the text of the cluster's most central member that it holds"),
        Column("immediate_source", "string", "where it says that it took the text from", nullable=True),
        Column("lag_s", "int64", "seconds after `first_published`, null if unknown", nullable=True),
        Column(
            "credited",
            "int64",
            "1 for a copy that credits somebody else, 0 for one that does not; null for no copy",
            nullable=True,
        ),
    ),
)

SYNDICATION = Table(
    "syndication",
    "outlet that prints another's text",
    (
        Column("source", "string", "whom the copies say that they took it from, else who wrote it"),
        Column("outlet", "string", "who prints it"),
        Column("n_copies", "int64", "pages"),
        Column("n_credited", "int64", "those that credit somebody else"),
        Column("share_credited", "float64", "their share"),
        Column(
            "median_lag_s",
            "int64",
            "seconds between original and copy, the median; null where no original is here, or no dates tell",
            nullable=True,
        ),
    ),
)

PASSAGES = Table(
    "passages",
    "place of a passage that articles of no common cluster share",
    (
        Column("passage_id", "string", "stable id"),
        Column("article_id", "string", "an article that holds it"),
        Column("start", "int64", "first character in the original text"),
        Column("end", "int64", "end in the original text, exclusive"),
        Column("n_articles", "int64", "articles that hold it"),
        Column("origin_name", "string", "who wrote or said it; null when it cannot be told", nullable=True),
        Column("origin_kind", "string", "`agency`, `outlet`, `issuer`, `statement` or `unknown`"),
        Column(
            "origin_article_id",
            "string",
            "the originator's own article that holds it; null when it is not in the archive",
            nullable=True,
        ),
        Column("level", "string", "`stated`, `inferred`, `conflicting` or `undetermined`"),
        Column("text", "string", "the passage as it stands in this article"),
    ),
)

_PIECE = (
    Column("article_id", "string", "the article that it was found in"),
    Column("family", "string", "`credit`, `structure`, `content`, `time`, `prior`, `citation` or `override`"),
    Column("rule", "string", "the rule's name"),
    Column("candidate", "string", "whom it speaks for", nullable=True),
    Column(
        "says", "string", "`origin`, `co_origin`, `immediate_source`, `self_claim`, `order` or `citation`"
    ),
    Column("weight", "float64", "log-odds"),
    Column(
        "field",
        "string",
        "the field that holds the quote: `text`, `byline`, `url`, ...; null if none",
        nullable=True,
    ),
    Column("start", "int64", "first character of the quote in that field", nullable=True),
    Column("end", "int64", "end of the quote in that field, exclusive", nullable=True),
    Column(
        "quote",
        "string",
        "verbatim: the field's characters from `start` to `end`; of an override its reason",
        nullable=True,
    ),
)

EVIDENCE = Table(
    "evidence",
    "piece of evidence",
    (Column("cluster_id", "string", "the cluster that it bears on"), *_PIECE),
)

PASSAGE_EVIDENCE = Table(
    "passage_evidence",
    "piece of evidence on whose a passage is",
    (Column("passage_id", "string", "the passage that it bears on"), *_PIECE),
)

BOILERPLATE = Table(
    "boilerplate",
    "text that takes no part in matching, learned from an outlet's unrelated pages; of furniture, per outlet",
    (
        Column("outlet", "string", "who repeats it; null when everybody does, or unknown", nullable=True),
        Column(
            "kind",
            "string",
            "`repeated`; `template`, with other numbers each time; `furniture`, menus and lists told by their shape",
        ),
        Column("n_articles", "int64", "articles that hold it; of furniture, any"),
        Column("article_id", "string", "an article that holds it"),
        Column("start", "int64", "first character of the example in the original text"),
        Column("end", "int64", "end in the original text, exclusive"),
        Column("text", "string", "the example: verbatim; of furniture, the longest run of lines"),
    ),
)

REJECTS = Table(
    "rejects",
    "input record that was left out; written only if there are any",
    (
        Column("source_path", "string", "the file"),
        Column("line", "int64", "1-based line, null for a file of one page", nullable=True),
        Column("reason", "string", "what is wrong, naming the rule and the value"),
    ),
)

OUTPUT_TABLES = (
    ARTICLES,
    MATCHES,
    CLUSTERS,
    MEMBERS,
    PASSAGES,
    EVIDENCE,
    PASSAGE_EVIDENCE,
    SYNDICATION,
    BOILERPLATE,
    REJECTS,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Reject:
    """One input record that was left out."""

    source_path: str
    line: int | None
    reason: str


def offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offsets of rows of these lengths, (n_rows + 1,) int64.

    >>> import numpy as np
    >>> offsets(np.array([2, 1])).tolist()
    [0, 2, 3]
    """
    import numpy as np

    summed = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=summed[1:])
    return summed


@dataclasses.dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths: row i is `values[offsets[i]:offsets[i + 1]]`."""

    values: NDArray[Any]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.offsets) - 1

    def row(self, index: int) -> NDArray[Any]:
        """Return one row, as a view."""
        values: NDArray[Any] = self.values[self.offsets[index] : self.offsets[index + 1]]
        return values

    def take(self, order: NDArray[np.int64]) -> Ragged:
        """Return some rows, in the order asked for.

        >>> import numpy as np
        >>> ragged = Ragged(np.array([1, 2, 3]), np.array([0, 2, 3]))
        >>> ragged.take(np.array([1, 0])).values.tolist()
        [3, 1, 2]
        """
        import numpy as np

        first, lengths = self.offsets[:-1][order], np.diff(self.offsets)[order]
        rows = offsets(lengths)
        return Ragged(self.values[np.repeat(first - rows[:-1], lengths) + np.arange(rows[-1])], rows)


@dataclasses.dataclass(frozen=True, slots=True)
class Rows:
    """Rows of different lengths that stand anywhere in an array: row i is `values[starts[i]:ends[i]]`."""

    values: NDArray[Any]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.starts)

    @classmethod
    def of(cls, ragged: Ragged) -> Rows:
        """Return rows that stand one after another."""
        return cls(ragged.values, ragged.offsets[:-1], ragged.offsets[1:])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many values each row has."""
        lengths: NDArray[np.int64] = self.ends - self.starts
        return lengths

    @property
    def columns(self) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
        """Return the values, and where rows start and end, as kernels take them."""
        return self.values, self.starts, self.ends

    def row(self, index: int) -> NDArray[Any]:
        """Return one row, as a view."""
        values: NDArray[Any] = self.values[self.starts[index] : self.ends[index]]
        return values

    def take(self, chosen: NDArray[np.int64]) -> Rows:
        """Return some rows, in the order asked for; their values are not moved."""
        return Rows(self.values, self.starts[chosen], self.ends[chosen])

    def as_they_stand(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return some rows' numbers in the order in which the rows stand in memory.

        >>> import numpy as np
        >>> rows = Rows(np.array([7, 8, 9]), np.array([2, 0]), np.array([3, 2]))
        >>> rows.as_they_stand(np.arange(2)).tolist()
        [1, 0]
        """
        import numpy as np

        ordered: NDArray[np.int64] = chosen[np.argsort(self.starts[chosen])]
        return ordered


@dataclasses.dataclass(frozen=True, slots=True)
class Spans:
    """Rows of spans of bytes: row i has `starts` and `ends` from `offsets[i]` to `offsets[i + 1]`."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.offsets) - 1

    def row(self, index: int) -> list[tuple[int, int]]:
        """Return the spans of one row."""
        first, last = int(self.offsets[index]), int(self.offsets[index + 1])
        return list(zip(self.starts[first:last].tolist(), self.ends[first:last].tolist(), strict=True))

    def take(self, order: NDArray[np.int64]) -> Spans:
        """Return some rows, in the order asked for.

        >>> import numpy as np
        >>> spans = Spans(np.array([1, 5, 9]), np.array([4, 8, 12]), np.array([0, 2, 3]))
        >>> spans.take(np.array([1])).starts.tolist()
        [9]
        """
        import numpy as np

        first, lengths = self.offsets[:-1][order], np.diff(self.offsets)[order]
        rows = offsets(lengths)
        places = np.repeat(first - rows[:-1], lengths) + np.arange(rows[-1])
        return Spans(self.starts[places], self.ends[places], rows)

    def extents(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the first span of each row starts, and where the last one ends; -1 for a row without any.

        >>> import numpy as np
        >>> Spans(np.array([1, 5]), np.array([4, 8]), np.array([0, 2, 2])).extents()[1].tolist()
        [8, -1]
        """
        import numpy as np

        known = np.diff(self.offsets) > 0
        firsts = np.append(self.starts, -1)[np.where(known, self.offsets[:-1], -1)]
        lasts = np.append(self.ends, -1)[np.where(known, self.offsets[1:] - 1, -1)]
        return firsts, lasts


@dataclasses.dataclass(frozen=True, slots=True)
class Margin:
    """What a record says of its text in a further field: of a long one, the part beside the text.

    Parameters
    ----------
    role : one of MARGINS
    field : the name of the field; `text` for a link, whose anchor is quoted
    start : the character of that field at which `text` begins; -1 for what is no part of a string
    target : the address that a link leads to
    """

    role: str
    field: str
    start: int
    text: str
    target: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """One story with its words: what attribution and the side-by-side view read.

    `page_text` is the whole page as it was read; `start` and `end` are the story's characters in it. The other
    fields are as the record or the story's own head gave them.
    """

    article_id: str
    page_text: str
    start: int
    end: int
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    byline: str | None = None
    published: str | None = None
    margins: tuple[Margin, ...] = ()

    @property
    def text(self) -> str:
        """Return the story's own characters."""
        return self.page_text[self.start : self.end]


@dataclasses.dataclass(frozen=True, slots=True)
class Stories:
    """Many stories as columns; their words stay bytes of one buffer until a story is asked for.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    page_starts, page_ends, starts, ends : (n,) int64, bytes of `text`
    ranks : (n,) int64, rising with the ids
    article_ids, titles, outlets, urls, bylines, published : (n,) string, null where there is none
    margins : (n,) lists of `Margin`, those of the page
    """

    text: NDArray[np.uint8]
    page_starts: NDArray[np.int64]
    page_ends: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    ranks: NDArray[np.int64]
    article_ids: pa.Array
    titles: pa.Array
    outlets: pa.Array
    urls: pa.Array
    bylines: pa.Array
    published: pa.Array
    margins: pa.Array

    @classmethod
    def of(cls, stories: Sequence[Story]) -> Stories:
        """Return these stories as columns.

        >>> Stories.of([Story("a", "é b", 2, 3)]).starts.tolist()
        [3]
        """
        import numpy as np
        import pyarrow as pa

        pages = [story.page_text.encode() for story in stories]
        page_offsets = offsets(np.array([len(page) for page in pages], np.int64))
        before = [len(story.page_text[: story.start].encode()) for story in stories]
        sizes = [len(story.text.encode()) for story in stories]
        starts = page_offsets[:-1] + np.array(before, np.int64)
        ids = [story.article_id for story in stories]
        rank_of = {identity: rank for rank, identity in enumerate(sorted(set(ids)))}
        return cls(
            np.frombuffer(b"".join(pages), np.uint8),
            page_offsets[:-1],
            page_offsets[1:],
            starts,
            starts + np.array(sizes, np.int64),
            np.array([rank_of[identity] for identity in ids], np.int64),
            pa.array(ids, pa.string()),
            pa.array([story.title for story in stories], pa.string()),
            pa.array([story.outlet for story in stories], pa.string()),
            pa.array([story.url for story in stories], pa.string()),
            pa.array([story.byline for story in stories], pa.string()),
            pa.array([story.published for story in stories], pa.string()),
            pa.array(
                [[dataclasses.asdict(margin) for margin in story.margins] for story in stories],
                PAGES.schema().field("margins").type,
            ),
        )

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.starts)

    def take(self, numbers: NDArray[np.int64]) -> Stories:
        """Return some of them, in the order asked for."""
        import pyarrow as pa

        taken = pa.array(numbers)
        arrays = ("page_starts", "page_ends", "starts", "ends", "ranks")
        columns = ("article_ids", "titles", "outlets", "urls", "bylines", "published", "margins")
        return Stories(
            text=self.text,
            **{name: getattr(self, name)[numbers] for name in arrays},
            **{name: getattr(self, name).take(taken) for name in columns},
        )

    def story(self, number: int) -> Story:
        """Return one story with its words."""
        import numpy as np

        return next(self.chosen(np.array([number])))

    def chosen(self, numbers: NDArray[np.int64]) -> Iterator[Story]:
        """Yield some stories with their words."""
        import pyarrow as pa

        taken = pa.array(numbers)
        columns = (self.article_ids, self.titles, self.outlets, self.urls, self.bylines, self.published)
        bounds = (self.page_starts, self.page_ends, self.starts, self.ends)
        margins = self.margins.take(taken).to_pylist() if len(self.margins.values) else [()] * len(numbers)
        for page_start, page_end, start, end, said, identity, *fields in zip(
            *(bound[numbers].tolist() for bound in bounds),
            margins,
            *(column.take(taken).to_pylist() for column in columns),
            strict=True,
        ):
            page = self.text[page_start:page_end].tobytes()
            first, last = start - page_start, end - page_start
            if not page.isascii():
                first, last = len(page[:first].decode()), len(page[:last].decode())
            title, outlet, url, byline, published = fields
            margins_of = tuple(Margin(**margin) for margin in said)
            yield Story(
                identity, page.decode(), first, last, title, outlet, url, byline, published, margins_of
            )


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """What attribution is asked: one cluster's stories, and what each shares with the others.

    `spans[i]` are the character spans of story i's page text that stand in other members too, in order; of very many
    members some are asked.
    `shares[i]` is the share of the cluster's text that story i holds, `roles[i]` is `copy`, `revision`, `excerpt`
    or `container`.
    """

    stories: tuple[Story, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    shares: tuple[float, ...]
    roles: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Cases:
    """Many cases as columns: the stories of case i are those from `offsets[i]` to `offsets[i + 1]`.

    Parameters
    ----------
    offsets : (n_cases + 1,) int64
    stories : all stories, n of them
    shares : (n,) float64
    containers : (n,) bool, whether the role is `container`
    spans : what returns, for stories by their numbers, the spans of each; characters of its page
    extents : what returns where the first of these spans begins, and where the last one ends; -1 where there is none
    are_passages : whether the stories of a case share no more than a passage
    ids : the id of the cluster or passage that each case is about; none where they are not known
    """

    offsets: NDArray[np.int64]
    stories: Stories
    shares: NDArray[np.float64]
    containers: NDArray[np.bool_]
    spans: Callable[[NDArray[np.int64]], Spans]
    extents: Callable[[NDArray[np.int64]], tuple[NDArray[np.int64], NDArray[np.int64]]]
    are_passages: bool = False
    ids: Sequence[str] = ()

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Cases:
        """Return these cases as columns."""
        import numpy as np

        rows = [row for case in cases for row in case.spans]
        flat = np.array([span for row in rows for span in row], np.int64).reshape(-1, 2)
        spans = Spans(flat[:, 0], flat[:, 1], offsets(np.array([len(row) for row in rows], np.int64)))
        return cls(
            offsets(np.array([len(case.stories) for case in cases], np.int64)),
            Stories.of([story for case in cases for story in case.stories]),
            np.array([share for case in cases for share in case.shares], np.float64),
            np.array([role == "container" for case in cases for role in case.roles], np.bool_),
            spans.take,
            lambda stories: spans.take(stories).extents(),
        )

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.offsets) - 1

    def case_of(self) -> NDArray[np.int64]:
        """Return the case of each story, (n,) int64."""
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence; `story` is the index of the story in its case. The columns are those of EVIDENCE."""

    story: int
    family: str
    rule: str
    candidate: str | None
    says: str
    weight: float
    field: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What attribution answers for one case. `origin` and `first` are indices of stories, None when there is none."""

    origin_name: str | None
    origin_kind: str
    origin: int | None
    co_origins: tuple[str, ...]
    level: str
    score: float
    runner_up: str | None
    first: int | None
    first_published: str | None
    immediate_sources: tuple[str | None, ...]
    lags_s: tuple[int | None, ...]
    warnings: tuple[str, ...]
    story_warnings: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of evidence as columns, in the order of the stories; n each.

    Parameters
    ----------
    stories : (n,) int64, the numbers of the stories
    families, rules, candidates, says, fields : (n,) strings that share a dictionary, null for none
    weights : (n,) float64
    starts, ends : (n,) int64, null where there is no quote
    quotes : (n,) string, null for none
    """

    stories: NDArray[np.int64]
    families: pa.DictionaryArray
    rules: pa.DictionaryArray
    candidates: pa.DictionaryArray
    says: pa.DictionaryArray
    weights: NDArray[np.float64]
    fields: pa.DictionaryArray
    starts: pa.Array
    ends: pa.Array
    quotes: pa.Array


@dataclasses.dataclass(frozen=True, slots=True)
class Verdicts:
    """What attribution answers for many cases: the stories of case i are those from `offsets[i]` to `offsets[i + 1]`.

    Parameters
    ----------
    offsets : (n_cases + 1,) int64
    origin_names, origin_kinds, co_origins, levels, scores, runners_up, first_published, warnings : one for each case
    origins, firsts : (n_cases,) int64, numbers of stories; -1 where there is none
    immediate_sources, story_warnings : one for each story
    lags_s : (n,) int64, null where it is not known
    evidence : that of all stories
    """

    offsets: NDArray[np.int64]
    origin_names: list[str | None]
    origin_kinds: list[str]
    origins: NDArray[np.int64]
    co_origins: list[tuple[str, ...]]
    levels: list[str]
    scores: NDArray[np.float64]
    runners_up: list[str | None]
    firsts: NDArray[np.int64]
    first_published: list[str | None]
    warnings: list[tuple[str, ...]]
    immediate_sources: list[str | None]
    lags_s: pa.Array
    story_warnings: list[tuple[str, ...]]
    evidence: Pieces

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.offsets) - 1

    def verdict(self, case: int) -> Verdict:
        """Return the answer for one case."""
        start, end = int(self.offsets[case]), int(self.offsets[case + 1])
        origin, first = int(self.origins[case]), int(self.firsts[case])
        return Verdict(
            self.origin_names[case],
            self.origin_kinds[case],
            None if origin < 0 else origin - start,
            self.co_origins[case],
            self.levels[case],
            float(self.scores[case]),
            self.runners_up[case],
            None if first < 0 else first - start,
            self.first_published[case],
            tuple(self.immediate_sources[start:end]),
            tuple(self.lags_s[start:end].to_pylist()),
            self.warnings[case],
            tuple(self.story_warnings[start:end]),
            tuple(self._evidence(start, end)),
        )

    def _evidence(self, start: int, end: int) -> Iterator[Evidence]:
        import numpy as np

        first, last = np.searchsorted(self.evidence.stories, (start, end)).tolist()
        columns = [
            getattr(self.evidence, field.name)[first:last].tolist() for field in dataclasses.fields(Pieces)
        ]
        for story, family, rule, candidate, says, weight, field, begin, stop, quote in zip(
            *columns, strict=True
        ):
            yield Evidence(story - start, family, rule, candidate, says, weight, field, begin, stop, quote)
