"""From what the stages found to the tables of a result."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from dedup import records
from dedup.engines import masking
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.clustering import passages as grouping
    from dedup.engines.archive import Archive
    from dedup.engines.cases import Cluster


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """All that the stages found: `verdicts[i]` is that of `clusters[i]`, `origin_names[i]` that of passage i."""

    archive: Archive
    matches: matching.Matches
    passages: aligning.Passages
    clusters: list[Cluster]
    verdicts: records.Verdicts
    shared: grouping.Passages
    origin_names: list[str | None]
    boilerplate: masking.Boilerplate
    rejects: list[records.Reject]


def make(found: Found) -> dict[str, pa.Table]:
    """Return each table under its name."""
    return {
        "articles": articles(found.archive, found.clusters, found.verdicts),
        "matches": matches(found.archive, found.matches, found.passages),
        "clusters": clusters(found.archive, found.clusters, found.verdicts),
        "members": members(found.archive, found.clusters, found.verdicts),
        "passages": passages(found.archive, found.shared, found.origin_names),
        "evidence": evidence(found.archive, found.clusters, found.verdicts),
        "boilerplate": masking.table(found.archive, found.boilerplate),
        "rejects": rejects(found.rejects),
    }


def count(found: Found, min_words: int) -> dict[str, int]:
    """Return the counts of the run, under the names that `run.json` has.

    Parameters
    ----------
    min_words : stories of fewer words, boilerplate aside, took no part in matching
    """
    return {
        "articles": found.archive.pages.num_rows,
        "stories": len(found.archive),
        "too_short": int((found.archive.sketches.n_words < min_words).sum()),
        "paragraphs": int(found.archive.lines.offsets[-1]),
        "words": int(found.archive.lines.n_words.sum()),
        "matches": len(found.matches),
        "clusters": sum(len(one.members) > 1 for one in found.clusters),
        "lone_stories": sum(len(one.members) == 1 for one in found.clusters),
        "passages": len(np.unique(found.shared.passages)),
        **masking.counts(found.archive, found.boilerplate),
        "rejects": len(found.rejects),
    }


def articles(archive: Archive, found: Sequence[Cluster], verdicts: records.Verdicts) -> pa.Table:
    """Return the table of articles, in the order of their ids."""
    import pyarrow as pa

    pages = archive.pages.take(pa.array(archive.page_of))
    listed = _Listed.of(found)
    by_article = np.lexsort((listed.ranks[listed.clusters], listed.articles))
    cluster_ids = pa.ListArray.from_arrays(
        np.searchsorted(listed.articles[by_article], np.arange(len(archive) + 1)).astype(np.int32),
        listed.ids.take(pa.array(listed.clusters[by_article])),
    )
    warnings = pages.column("warnings")
    odd = [number for number, told in enumerate(verdicts.story_warnings) if told]
    if odd:
        warnings = warnings.to_pylist()
        for article, told in zip(
            listed.articles[odd].tolist(), (verdicts.story_warnings[i] for i in odd), strict=True
        ):
            known = warnings[article]
            warnings[article] = [*known, *(warning for warning in told if warning not in known)]
    titles, published = pages.column("title").to_pylist(), pages.column("published").to_pylist()
    for article, title in enumerate(titles):
        if not title or article in archive.heads:
            titles[article] = archive.title(article)
    for article, head in archive.heads.items():
        published[article] = head.published or published[article]
    given = {name: pages.column(name) for name in ("page_id", "source_path", "outlet", "url", "byline")}
    return records.ARTICLES.arrow(
        {
            **given,
            "article_id": archive.article_ids,
            "story": archive.number,
            "title": titles,
            "published": published,
            "n_words": archive.lines.n_words,
            "n_paragraphs": np.diff(archive.lines.offsets),
            "cluster_ids": cluster_ids,
            "warnings": warnings,
        }
    )


def matches(archive: Archive, found: matching.Matches, passages: aligning.Passages) -> pa.Table:
    """Return the table of matches, in the order of their articles."""
    import pyarrow as pa

    four = pa.ListArray.from_arrays(
        np.arange(0, 4 * len(passages.spans) + 1, 4, dtype=np.int32), passages.spans.ravel()
    )
    return records.MATCHES.arrow(
        {
            "article_a": archive.article_ids.take(pa.array(found.a)),
            "article_b": archive.article_ids.take(pa.array(found.b)),
            "relation": pa.array(matching.RELATIONS).take(pa.array(found.relations)),
            "jaccard": found.jaccard,
            "share_a": found.share_a,
            "share_b": found.share_b,
            "shared_words": passages.shared_words,
            "passages": pa.ListArray.from_arrays(passages.offsets.astype(np.int32), four),
            "edits": pa.ListArray.from_arrays(passages.offsets.astype(np.int32), passages.edits),
        }
    )


def clusters(archive: Archive, found: Sequence[Cluster], verdicts: records.Verdicts) -> pa.Table:
    """Return the table of clusters, in the order of their ids."""
    import pyarrow as pa

    listed = _Listed.of(found)
    ids = archive.article_ids
    table = records.CLUSTERS.arrow(
        {
            "cluster_id": listed.ids,
            "n_articles": np.diff(verdicts.offsets),
            "n_outlets": _n_outlets(archive, listed),
            "origin_name": verdicts.origin_names,
            "origin_kind": verdicts.origin_kinds,
            "origin_article_id": ids.take(_chosen(listed.articles, verdicts.origins)),
            "co_origins": [list(names) for names in verdicts.co_origins],
            "level": verdicts.levels,
            "score": verdicts.scores,
            "runner_up": verdicts.runners_up,
            "first_article_id": ids.take(_chosen(listed.articles, verdicts.firsts)),
            "first_published": verdicts.first_published,
            "warnings": [list(warnings) for warnings in verdicts.warnings],
        }
    )
    return table.take(pa.array(np.argsort(listed.ranks, kind="stable")))


def members(archive: Archive, found: Sequence[Cluster], verdicts: records.Verdicts) -> pa.Table:
    """Return the table of members, in the order of clusters and articles."""
    import pyarrow as pa

    listed = _Listed.of(found)
    roles = [member.role for one in found for member in one.members]
    for original in verdicts.origins[verdicts.origins >= 0].tolist():
        roles[original] = "original"
    table = records.MEMBERS.arrow(
        {
            "cluster_id": listed.ids.take(pa.array(listed.clusters)),
            "article_id": archive.article_ids.take(pa.array(listed.articles)),
            "role": roles,
            "share": [member.share for one in found for member in one.members],
            "immediate_source": verdicts.immediate_sources,
            "lag_s": verdicts.lags_s,
        }
    )
    return table.take(pa.array(np.lexsort((listed.articles, listed.ranks[listed.clusters]))))


def evidence(archive: Archive, found: Sequence[Cluster], verdicts: records.Verdicts) -> pa.Table:
    """Return the table of evidence, in the order of clusters and articles, the strongest first."""
    import pyarrow as pa

    listed, pieces = _Listed.of(found), verdicts.evidence
    articles, clusters = listed.articles[pieces.stories], listed.clusters[pieces.stories]
    order = np.lexsort(
        (
            pieces.starts.fill_null(0).to_numpy(),
            _ranks(pieces.candidates),
            _ranks(pieces.rules),
            -pieces.weights,
            articles,
            listed.ranks[clusters],
        )
    )
    table = records.EVIDENCE.arrow(
        {
            "cluster_id": listed.ids.take(pa.array(clusters)),
            "article_id": archive.article_ids.take(pa.array(articles)),
            "family": pieces.families.dictionary_decode(),
            "rule": pieces.rules.dictionary_decode(),
            "candidate": pieces.candidates.dictionary_decode(),
            "says": pieces.says.dictionary_decode(),
            "weight": pieces.weights,
            "field": pieces.fields.dictionary_decode(),
            "start": pieces.starts,
            "end": pieces.ends,
            "quote": pieces.quotes,
        }
    )
    return table.take(pa.array(order))


@dataclasses.dataclass(frozen=True, slots=True)
class _Listed:
    """The members of clusters as columns.

    Parameters
    ----------
    ids : the ids of the clusters
    ranks : (n_clusters,) int64, rising with the ids
    articles, clusters : (n_members,) int64
    """

    ids: pa.Array
    ranks: NDArray[np.int64]
    articles: NDArray[np.int64]
    clusters: NDArray[np.int64]

    @classmethod
    def of(cls, found: Sequence[Cluster]) -> _Listed:
        import pyarrow as pa

        ids = pa.array([one.cluster_id for one in found], pa.string())
        return cls(
            ids,
            _ranks(ids.dictionary_encode()),
            np.array([member.article for one in found for member in one.members], np.int64),
            np.repeat(np.arange(len(found)), [len(one.members) for one in found]),
        )


def _ranks(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """Return the rank of each string in the alphabet, (n,) int64; null stands first."""
    words = column.dictionary.to_pylist()
    ranks = np.zeros(len(words) + 1, np.int64)
    ranks[sorted(range(len(words)), key=words.__getitem__)] = np.arange(1, len(words) + 1)
    indices: NDArray[np.int32] = column.indices.fill_null(len(words)).to_numpy()
    return ranks[indices]


def _chosen(articles: NDArray[np.int64], numbers: NDArray[np.int64]) -> pa.Array:
    """Return the articles of members by their numbers, null for -1."""
    import pyarrow as pa

    return pa.array(np.append(articles, 0)[numbers], mask=numbers < 0)


def _n_outlets(archive: Archive, listed: _Listed) -> NDArray[np.int64]:
    """Return how many outlets the records of each cluster's members name, whatever the case, (n_clusters,) int64."""
    import pyarrow as pa

    pages = pa.array(archive.page_of[listed.articles])
    named = archive.pages.column("outlet").take(pages).dictionary_encode()
    folded = [name.casefold() for name in named.dictionary.to_pylist()]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(folded)) if name}
    outlets = np.array([*(numbers.get(name, -1) for name in folded), -1], np.int64)
    outlets = outlets[named.indices.fill_null(len(folded)).to_numpy()]
    order = np.lexsort((outlets, listed.clusters))
    clusters, outlets = listed.clusters[order], outlets[order]
    new = (np.diff(clusters, prepend=-1) != 0) | (np.diff(outlets, prepend=-1) != 0)
    return np.bincount(clusters[new & (outlets >= 0)], minlength=len(listed.ids))


def passages(archive: Archive, found: grouping.Passages, origin_names: Sequence[str | None]) -> pa.Table:
    """Return the table of passages, in the order of passages and places.

    Parameters
    ----------
    origin_names : (n_passages,) whose words each passage is, None where that is not known
    """
    import pyarrow as pa

    ids = archive.article_ids.take(pa.array(found.articles)).to_pylist()
    starts, ends = found.starts.tolist(), found.ends.tolist()
    first = np.flatnonzero(np.diff(found.passages, prepend=-1))
    sizes = np.diff(first, append=len(ids))
    names = [_passage_id(ids[place], starts[place], ends[place]) for place in first.tolist()]
    owners = pa.array(np.repeat(np.arange(len(first)), sizes))
    passage_ids = pa.array(names, pa.string()).take(owners)
    pages = archive.page_texts(found.articles)
    table = records.PASSAGES.arrow(
        {
            "passage_id": passage_ids,
            "article_id": ids,
            "start": found.starts,
            "end": found.ends,
            "n_articles": np.repeat(_n_articles(found, first), sizes),
            "origin_name": pa.array(origin_names, pa.string()).take(owners),
            "text": [page[start:end] for page, start, end in zip(pages, starts, ends, strict=True)],
        }
    )
    return table.sort_by([(name, "ascending") for name in ("passage_id", "article_id", "start")])


def _n_articles(found: grouping.Passages, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many different articles each passage stands in."""
    new = np.diff(found.articles, prepend=-1) != 0
    new[first] = True
    return np.add.reduceat(new.astype(np.int64), first) if len(first) else np.empty(0, np.int64)


def _passage_id(article_id: str, start: int, end: int) -> str:
    return "p" + xxhash.xxh3_64_hexdigest(f"{article_id}:{start}:{end}".encode())


def rejects(found: Sequence[records.Reject]) -> pa.Table:
    """Return the table of rejects, in the order of their places."""
    rows = [
        {"source_path": one.source_path, "line": one.line, "reason": one.reason}
        for one in sorted(found, key=lambda one: (one.source_path, one.line or 0, one.reason))
    ]
    return _sorted(records.REJECTS, rows)


def _sorted(table: records.Table, rows: list[dict[str, Any]], *keys: str) -> pa.Table:
    if keys:
        rows.sort(key=lambda row: tuple(row[key] for key in keys))
    return table.arrow({column.name: [row[column.name] for row in rows] for column in table.columns})
