"""A few clusters of a result, joined from its tables, as a person looks at them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

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
    text: str
    article_ids: tuple[str, ...]


def largest(result: results.Result, limit: int, *, lone: bool = False) -> list[Cluster]:
    """Return the largest clusters, or with `lone` the stories that stand alone and credit somebody else."""
    import pyarrow.compute as pc

    size = result.clusters["n_articles"]
    chosen = result.clusters.filter(pc.equal(size, 1) if lone else pc.greater(size, 1))
    order = [("n_articles", "descending"), ("n_outlets", "descending"), ("cluster_id", "ascending")]
    if lone:
        order = [("score", "descending"), ("cluster_id", "ascending")]
    return _joined(result, chosen.sort_by(order).slice(0, limit))


def cluster(result: results.Result, cluster_id: str) -> Cluster:
    """Return one cluster by its id, which must be there."""
    return _joined(result, _where(result.clusters, "cluster_id", [cluster_id]))[0]


def widest(result: results.Result, limit: int) -> list[Passage]:
    """Return the passages that stand in the most articles."""
    table = result.passages.group_by("passage_id").aggregate([("n_articles", "max")])
    order = [("n_articles_max", "descending"), ("passage_id", "ascending")]
    ids = table.sort_by(order).slice(0, limit)["passage_id"].to_pylist()
    return [passage(result, passage_id) for passage_id in ids]


def passage(result: results.Result, passage_id: str) -> Passage:
    """Return one passage by its id, which must be there."""
    rows = _where(result.passages, "passage_id", [passage_id]).to_pylist()
    articles = dict.fromkeys(row["article_id"] for row in rows)
    first = rows[0]
    return Passage(passage_id, first["n_articles"], first["origin_name"], first["text"], tuple(articles))


def _joined(result: results.Result, clusters: pa.Table) -> list[Cluster]:
    ids = clusters["cluster_id"].to_pylist()
    members = _where(result.members, "cluster_id", ids).to_pylist()
    evidence = _where(result.evidence, "cluster_id", ids).to_pylist()
    about = _where(result.articles, "article_id", [row["article_id"] for row in members]).to_pylist()
    articles = {row["article_id"]: row for row in about}
    found = []
    for row in clusters.to_pylist():
        mine = [
            _fill(Member, articles.get(member["article_id"], {}) | member)
            for member in members
            if member["cluster_id"] == row["cluster_id"]
        ]
        mine.sort(key=lambda member: _rank(member, row["origin_article_id"]))
        clues = [_fill(Clue, clue) for clue in evidence if clue["cluster_id"] == row["cluster_id"]]
        clues.sort(key=lambda clue: (-abs(clue.weight), clue.rule, clue.article_id, clue.start or 0))
        found.append(_fill(Cluster, row | {"members": mine, "evidence": clues}))
    return found


def _rank(member: Member, origin: str | None) -> tuple[Any, ...]:
    unknown = member.lag_s is None
    return (member.article_id != origin, unknown, member.lag_s or 0, -member.share, member.article_id)


def _where(table: pa.Table, column: str, values: Sequence[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table[column], pa.array(values, pa.string())))


def _fill(kind: type[Any], row: dict[str, Any]) -> Any:
    values = {field.name: row.get(field.name) for field in dataclasses.fields(kind)}
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    )
