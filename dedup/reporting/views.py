"""A few clusters of a result, joined from its tables, as a person looks at them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from dedup import results


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One article of a cluster."""

    article_id: str
    source_path: str | None
    role: str
    share: float
    immediate_source: str | None
    lag_s: int | None
    title: str | None
    outlet: str | None
    published: str | None
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence, with the article that it was found in."""

    article_id: str
    family: str
    rule: str
    candidate: str | None
    says: str
    weight: float
    field: str | None
    start: int | None
    end: int | None
    quote: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster with its members, the original and the earliest first, and its evidence, the strongest first."""

    cluster_id: str
    n_articles: int
    n_outlets: int
    n_uncredited: int
    n_independent: int
    origin_name: str | None
    origin_kind: str
    origin_article_id: str | None
    co_origins: tuple[str, ...]
    level: str
    score: float
    runner_up: str | None
    first_article_id: str | None
    first_published: str | None
    warnings: tuple[str, ...]
    members: tuple[Member, ...]
    evidence: tuple[Clue, ...]

    @property
    def title(self) -> str | None:
        """Return the original's headline, or the first that there is."""
        return next((member.title for member in self.members if member.title), None)


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """One passage that stands in several articles, as the first of them has it."""

    passage_id: str
    n_articles: int
    origin_name: str | None
    origin_kind: str
    origin_article_id: str | None
    level: str
    text: str
    article_ids: tuple[str, ...]


def largest(
    result: results.Result, limit: int, *, lone: bool = False, most: int | None = None
) -> list[Cluster]:
    """Return the largest clusters, or with `lone` the stories that stand alone and credit somebody else.

    Parameters
    ----------
    most : members of each that are looked at, the first of them; with it, evidence of one kind is given once.
        Without it, all
    """
    import pyarrow.compute as pc

    size = result.clusters["n_articles"]
    chosen = result.clusters.filter(pc.equal(size, 1) if lone else pc.greater(size, 1))
    order = [("n_articles", "descending"), ("n_outlets", "descending"), ("cluster_id", "ascending")]
    if lone:
        order = [("score", "descending"), ("cluster_id", "ascending")]
    return _joined(result, chosen.sort_by(order).slice(0, limit), most)


def cluster(result: results.Result, cluster_id: str) -> Cluster:
    """Return one cluster by its id, which must be there."""
    return _joined(result, _where(result.clusters, "cluster_id", [cluster_id]), None)[0]


def widest(result: results.Result, limit: int) -> list[Passage]:
    """Return the passages that stand in the most articles."""
    table = result.passages.group_by("passage_id").aggregate([("n_articles", "max")])
    order = [("n_articles_max", "descending"), ("passage_id", "ascending")]
    ids = table.sort_by(order).slice(0, limit)["passage_id"].to_pylist()
    return [passage(result, passage_id) for passage_id in ids]


def passage(result: results.Result, passage_id: str) -> Passage:
    """Return one passage by its id, which must be there."""
    rows = _where(result.passages, "passage_id", [passage_id])
    articles = dict.fromkeys(rows["article_id"].to_pylist())
    first = rows.slice(0, 1).to_pylist()[0]
    given = {field.name: first[field.name] for field in dataclasses.fields(Passage) if field.name in first}
    return Passage(**given, article_ids=tuple(articles))


def outlets(result: results.Result, article_ids: Sequence[str]) -> dict[str, str | None]:
    """Return the outlet of each of these articles, by name or else by address; None where neither is known."""
    rows = _where(result.articles, "article_id", article_ids).select(["article_id", "outlet", "url"])
    return {row["article_id"]: row["outlet"] or row["url"] for row in rows.to_pylist()}


def passage_evidence(result: results.Result, passage_id: str) -> tuple[Clue, ...]:
    """Return the evidence on whose a passage is, the strongest first."""
    rows = _by_strength(_where(result.passage_evidence, "passage_id", [passage_id])).to_pylist()
    return tuple(_fill(Clue, row) for row in rows)


def _joined(result: results.Result, clusters: pa.Table, most: int | None) -> list[Cluster]:
    members = _by_cluster(_members(result, clusters, most))
    about = _where(
        result.articles, "article_id", [row["article_id"] for rows in members.values() for row in rows]
    )
    articles = {row["article_id"]: row for row in about.to_pylist()}
    evidence = _by_cluster(_evidence(result, clusters, once=most is not None))
    found = []
    for row in clusters.to_pylist():
        mine = [
            _fill(Member, articles.get(member["article_id"], {}) | member)
            for member in members.get(row["cluster_id"], [])
        ]
        clues = [_fill(Clue, clue) for clue in evidence.get(row["cluster_id"], [])]
        found.append(_fill(Cluster, row | {"members": mine, "evidence": clues}))
    return found


def _members(result: results.Result, clusters: pa.Table, most: int | None) -> pa.Table:
    """Return the first members of some clusters: the original, then the earliest."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _where(result.members, "cluster_id", clusters["cluster_id"].to_pylist())
    places = pc.index_in(rows["cluster_id"], clusters["cluster_id"].combine_chunks())
    origins = clusters["origin_article_id"].take(places)
    ranks = {
        "place": places,
        "copied": pc.not_equal(rows["article_id"], origins).fill_null(True),  # noqa: FBT003  (Arrow's)
        "undated": rows["lag_s"].is_null(),
        "lag_s": rows["lag_s"].fill_null(0),
        "less": pc.negate(rows["share"]),
        "article_id": rows["article_id"],
    }
    order = pc.sort_indices(pa.table(ranks), [(name, "ascending") for name in ranks])
    place = places.take(order).to_numpy()
    first = np.flatnonzero(np.diff(place, prepend=-1))
    rank = np.arange(len(place)) - np.repeat(first, np.diff(first, append=len(place)))
    return rows.take(order.filter(pa.array(rank < (most or len(place)))))


def _evidence(result: results.Result, clusters: pa.Table, *, once: bool) -> pa.Table:
    """Return the evidence of some clusters, the strongest first; `once`: of one kind the first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _by_strength(_where(result.evidence, "cluster_id", clusters["cluster_id"].to_pylist()))
    if not once:
        return rows
    kinds = {name: rows[name] for name in ("cluster_id", "candidate", "rule", "says")}
    quoted = pc.greater(pc.binary_length(rows["quote"]).fill_null(0), 0)
    numbered = pa.table(kinds | {"quoted": quoted, "row": np.arange(rows.num_rows)})
    first = numbered.group_by([*kinds, "quoted"]).aggregate([("row", "min")])["row_min"]
    return rows.take(first.sort())


def _by_strength(rows: pa.Table) -> pa.Table:
    """Return evidence, the strongest first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ranks = {
        "weaker": pc.negate(pc.abs(rows["weight"])),
        "rule": rows["rule"],
        "article_id": rows["article_id"],
        "start": rows["start"].fill_null(0),
    }
    return rows.take(pc.sort_indices(pa.table(ranks), [(name, "ascending") for name in ranks]))


def _by_cluster(rows: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        found.setdefault(row["cluster_id"], []).append(row)
    return found


def _where(table: pa.Table, column: str, values: Sequence[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table[column], pa.array(values, pa.string())))


def _fill(kind: type[Any], row: dict[str, Any]) -> Any:
    values = {name: row.get(name) for name in kind.__slots__}
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    )
