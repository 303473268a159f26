"""What stands in an index: its tables, each column declared once, and the views that show them as a scan does."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import records
from dedup.records import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x64656475  # "dedu": what the file's header says of whose it is
VERSION = 1
"""The version of the schema, `PRAGMA user_version`; each step from an older one is in `MIGRATIONS`."""

MIGRATIONS: dict[int, tuple[str, ...]] = {}
"""Under each older version the statements that make the next one of it."""

_SQL_TYPES = {
    "string": "TEXT",
    "int32": "INTEGER",
    "int64": "INTEGER",
    "float64": "REAL",
    "bytes": "BLOB",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """A table of the file.

    Parameters
    ----------
    table : its columns
    key : those of its primary key
    indexes : the columns of each further index; the first is unique where `is_unique`
    by_key : rows stand in the order of the key, without a number of their own
    """

    table: Table
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    is_unique: bool = False
    by_key: bool = False

    def create(self) -> str:
        """Return the statement that makes the table."""
        if len(self.key) == 1:
            columns = [_declared(column, is_key=column.name == self.key[0]) for column in self.table.columns]
        else:
            columns = [_declared(column, is_key=False) for column in self.table.columns]
            columns.append(f"PRIMARY KEY ({', '.join(self.key)})")
        end = " WITHOUT ROWID" if self.by_key else ""
        return f'CREATE TABLE "{self.table.name}" ({", ".join(columns)}){end}'

    def create_indexes(self) -> Iterator[str]:
        """Yield the statements that make its further indexes."""
        for columns in self.indexes:
            unique = "UNIQUE " if self.is_unique and columns == self.indexes[0] else ""
            name = f"{self.table.name}_by_{'_'.join(columns)}"
            yield f'CREATE {unique}INDEX "{name}" ON "{self.table.name}" ({", ".join(columns)})'

    def drop_indexes(self) -> Iterator[str]:
        """Yield the statements that drop its further indexes, for many rows to come."""
        for columns in self.indexes:
            yield f'DROP INDEX "{self.table.name}_by_{"_".join(columns)}"'

    def insert(self) -> str:
        """Return the statement that adds a row."""
        marks = ", ".join("?" * len(self.table.columns))
        return f'INSERT INTO "{self.table.name}" VALUES ({marks})'  # noqa: S608  (names are declared, not given)


def _declared(column: Column, *, is_key: bool) -> str:
    kind = _SQL_TYPES.get(column.type, "TEXT")
    return f'"{column.name}" {kind}{" PRIMARY KEY" if is_key else "" if column.nullable else " NOT NULL"}'


def _of(table: Table, *names: str) -> tuple[Column, ...]:
    """Return some columns as they are declared elsewhere; without names all."""
    return tuple(column for column in table.columns if not names or column.name in names)


def _but(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.name not in names)


_NUMBER = Column("number", "int64", "the article's number in this file")
_CLUSTER = Column("cluster", "int64", "the cluster's number in this file")
_PLACE = Column("place", "int64", "the key: its kind in the bits from 32 on, its hash in those below")

META = Stored(
    Table(
        "meta",
        "fact about the file",
        (
            Column(
                "name",
                "string",
                "`settings` and their digest, `version` and `made`, `state`, `text_bytes`, `following` numbers",
            ),
            Column("value", "string", "JSON"),
        ),
    ),
    ("name",),
)
PAGES = Stored(
    Table(
        "pages",
        "page, as its record gave it",
        (Column("page", "int64", "the page's number in this file"), *_but(records.PAGES, "text")),
    ),
    ("page",),
    (("page_id",),),
    is_unique=True,
)
TEXTS = Stored(
    Table("texts", "page", (_of(PAGES.table, "page")[0], *_of(records.PAGES, "text"))),
    ("page",),
)
STORIES = Stored(
    Table(
        "stories",
        "article: a story of a page",
        (
            _NUMBER,
            *_of(records.ARTICLES, "article_id"),
            _of(PAGES.table, "page")[0],
            *_of(records.ARTICLES, "story"),
            Column("start_byte", "int64", "where it begins in its page's UTF-8"),
            Column("end_byte", "int64", "where it ends there"),
            Column("head_title", "string", "what its own head says", nullable=True),
            Column("head_published", "string", "what its own head says, ISO 8601", nullable=True),
            Column("first_line", "string", "its first line, where nothing else is its title", nullable=True),
            *_of(records.ARTICLES, "n_words", "n_paragraphs"),
            Column("dead", "bytes", "a bit for each paragraph: boilerplate, which takes no part in matching"),
            Column(
                "digest",
                "int64",
                "equal for equal shingles in equal order; null for what takes no part in matching",
                nullable=True,
            ),
            Column(
                "signature",
                "bytes",
                "MinHash signature, uint32; null without the setting `bands`",
                nullable=True,
            ),
        ),
    ),
    ("number",),
    (("article_id",), ("digest",), ("page",)),
    is_unique=True,
)
KEYS = Stored(
    Table(
        "keys",
        "some keys that stand together, with the articles that hold each",
        (_PLACE, Column("entries", "bytes", "uint32 hashes, rising, then the number of an article for each")),
    ),
    ("place",),
)
RECENT_KEYS = Stored(
    Table("recent_keys", "key of an article that came since `keys` was made", (_PLACE, _NUMBER)),
    ("place", "number"),
    by_key=True,
)
FREQUENT_KEYS = Stored(
    Table(
        "frequent_keys",
        "key that more articles hold than `max_document_frequency`",
        (
            _PLACE,
            Column("n_articles", "int64", "those that hold it; of exact copies one counts"),
            Column("first", "int64", "the one of the least id, which alone makes pairs"),
            Column("is_new", "int64", "1 if it became so frequent since the index was last compacted"),
        ),
    ),
    ("place",),
)
FREQUENT_HOLDERS = Stored(
    Table(
        "frequent_holders",
        "such key",
        (_PLACE, Column("numbers", "bytes", "uint32, the articles that held it when `keys` was made")),
    ),
    ("place",),
)
PAIRS = Stored(
    Table(
        "pairs",
        "match: two articles that share text",
        (
            Column("a", "int64", "the article of the lesser id"),
            Column("b", "int64", "the article of the greater id"),
            *_of(records.MATCHES, "relation", "jaccard", "share_a", "share_b"),
            Column("shared", "int64", "different shingles that stand in both"),
            Column("strength", "float64", "the greater share; by words where errors have torn the shingles"),
            *_of(records.MATCHES, "shared_words", "passages", "edits"),
        ),
    ),
    ("a", "b"),
    (("b",),),
    by_key=True,
)
CLUSTERS = Stored(
    Table(
        "clusters",
        records.CLUSTERS.row,
        (
            _CLUSTER,
            Column("leader", "int64", "the article that its text is measured by"),
            *_of(records.CLUSTERS),
        ),
    ),
    ("cluster",),
    (("cluster_id",), ("leader",)),
    is_unique=True,
)
MEMBERSHIPS = Stored(
    Table(
        "memberships",
        records.MEMBERS.row,
        (
            _CLUSTER,
            _NUMBER,
            *_but(records.MEMBERS, "cluster_id", "article_id"),
            Column("warnings", "list<string>", "what was odd about the article's dates"),
            Column("by_text", "string", "its role by its text alone, whoever wrote it"),
        ),
    ),
    ("cluster", "number"),
    (("number",),),
    by_key=True,
)
PIECES = Stored(
    Table(
        "pieces",
        records.EVIDENCE.row,
        (
            Column("piece", "int64", "its number in this file"),
            _CLUSTER,
            _NUMBER,
            *_but(records.EVIDENCE, "cluster_id", "article_id"),
        ),
    ),
    ("piece",),
    (("cluster",),),
)
BOILERPLATE = Stored(
    Table(
        "boilerplate",
        records.BOILERPLATE.row,
        (Column("rank", "int64", "their order"), *_of(records.BOILERPLATE)),
    ),
    ("rank",),
)
BOILERPLATE_KEYS = Stored(
    Table(
        "boilerplate_keys",
        "line by which boilerplate is known in articles that come later",
        (
            Column("key", "int64", "the hash of its words, numbers aside"),
            Column(
                "outlet", "string", "who repeats it, case aside; empty for unknown ones, `*` for everybody"
            ),
            Column("is_template", "int64", "1 where it comes with other numbers each time"),
        ),
    ),
    ("key", "outlet", "is_template"),
    by_key=True,
)
WORDS = Stored(
    Table(
        "words",
        "the one row: how rare words were when the index was last compacted",
        (
            Column("sample", "int64", "1"),
            Column("hashes", "bytes", "uint32, rising"),
            Column("weights", "bytes", "float64, the logarithm of the inverse document frequency of each"),
            Column("unknown", "float64", "the weight of any other word"),
        ),
    ),
    ("sample",),
)
HISTORY = Stored(
    Table(
        "history",
        "thing that befell a cluster after it was made",
        (
            Column("event", "int64", "their order"),
            Column("at", "string", "when, ISO 8601"),
            Column("cluster_id", "string", "the cluster"),
            Column(
                "what",
                "string",
                "`merged` into another, `split` off another, `ended`, or whose it is: `origin`, `first`",
            ),
            Column(
                "before",
                "string",
                "for `split` the cluster it comes from, else what was said before",
                nullable=True,
            ),
            Column(
                "after",
                "string",
                "for `merged` the cluster it went into, else what is said now",
                nullable=True,
            ),
        ),
    ),
    ("event",),
    (("cluster_id",),),
)
WATCHED = Stored(
    Table(
        "watched",
        "source that is watched",
        (
            Column("source", "string", "the file or folder"),
            Column("position", "string", "how far it was read, JSON"),
        ),
    ),
    ("source",),
)

TABLES = (
    META,
    PAGES,
    TEXTS,
    STORIES,
    KEYS,
    RECENT_KEYS,
    FREQUENT_KEYS,
    FREQUENT_HOLDERS,
    PAIRS,
    CLUSTERS,
    MEMBERSHIPS,
    PIECES,
    BOILERPLATE,
    BOILERPLATE_KEYS,
    WORDS,
    HISTORY,
    WATCHED,
)

_FROM = {
    "article_id": "s.article_id",
    "page_id": "p.page_id",
    "story": "s.story",
    "title": "COALESCE(NULLIF(s.head_title, ''), NULLIF(p.title, ''), s.first_line)",
    "published": "COALESCE(s.head_published, p.published)",
    "n_words": "s.n_words",
    "n_paragraphs": "s.n_paragraphs",
    "cluster_ids": (
        "(SELECT json_group_array(cluster_id) FROM (SELECT c.cluster_id FROM memberships m JOIN clusters c USING"
        " (cluster) WHERE m.number = s.number ORDER BY c.cluster_id))"
    ),
    "warnings": (
        "(SELECT json_group_array(value) FROM (SELECT value FROM json_each(p.warnings) UNION SELECT w.value FROM"
        " memberships m, json_each(m.warnings) w WHERE m.number = s.number))"
    ),
}
_VIEWS = {
    "articles": (records.ARTICLES, _FROM, "p.", "stories s JOIN pages p USING (page)"),
    "matches": (
        records.MATCHES,
        {"article_a": "x.article_id", "article_b": "y.article_id"},
        "p.",
        "pairs p JOIN stories x ON x.number = p.a JOIN stories y ON y.number = p.b",
    ),
    "members": (
        records.MEMBERS,
        {"cluster_id": "c.cluster_id", "article_id": "s.article_id"},
        "m.",
        "memberships m JOIN clusters c USING (cluster) JOIN stories s USING (number)",
    ),
    "evidence": (
        records.EVIDENCE,
        {"cluster_id": "c.cluster_id", "article_id": "s.article_id"},
        "e.",
        "pieces e JOIN clusters c USING (cluster) JOIN stories s USING (number)",
    ),
}


def views() -> Iterator[str]:
    """Yield the statements that make the views: the tables of a scan, with its columns."""
    for name, (table, given, owner, source) in _VIEWS.items():
        columns = ", ".join(
            f'{given.get(column.name, owner + chr(34) + column.name + chr(34))} AS "{column.name}"'
            for column in table.columns
        )
        yield f'CREATE VIEW "{name}" AS SELECT {columns} FROM {source}'  # noqa: S608  (names are declared)


def create() -> Iterator[str]:
    """Yield the statements that make an empty index."""
    for stored in TABLES:
        yield stored.create()
        yield from stored.create_indexes()
    yield from views()
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {VERSION}"
