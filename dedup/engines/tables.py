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
    clusters: Sequence[Cluster]
    verdicts: list[records.Verdict]
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


def articles(archive: Archive, found: Sequence[Cluster], verdicts: Sequence[records.Verdict]) -> pa.Table:
    """Return the table of articles, in the order of their ids."""
    import pyarrow as pa

    pages = archive.pages.take(pa.array(archive.page_of))
    warnings = pages.column("warnings").to_pylist()
    cluster_ids: list[list[str]] = [[] for _ in range(len(archive))]
    for one, verdict in zip(found, verdicts, strict=True):
        for member, told in zip(one.members, verdict.story_warnings, strict=True):
            cluster_ids[member.article].append(one.cluster_id)
            known = warnings[member.article]
            warnings[member.article] = [*known, *(warning for warning in told if warning not in known)]
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
            "cluster_ids": [sorted(ids) for ids in cluster_ids],
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


def clusters(archive: Archive, found: Sequence[Cluster], verdicts: Sequence[records.Verdict]) -> pa.Table:
    """Return the table of clusters, in the order of their ids."""
    rows = []
    for one, verdict in zip(found, verdicts, strict=True):
        ids = [archive.article_ids[member.article].as_py() for member in one.members]
        outlets = {outlet.casefold() for outlet in _outlets(archive, one) if outlet}
        rows.append(
            {
                "cluster_id": one.cluster_id,
                "n_articles": len(ids),
                "n_outlets": len(outlets),
                "origin_name": verdict.origin_name,
                "origin_kind": verdict.origin_kind,
                "origin_article_id": None if verdict.origin is None else ids[verdict.origin],
                "co_origins": list(verdict.co_origins),
                "level": verdict.level,
                "score": verdict.score,
                "runner_up": verdict.runner_up,
                "first_article_id": None if verdict.first is None else ids[verdict.first],
                "first_published": verdict.first_published,
                "warnings": list(verdict.warnings),
            }
        )
    return _sorted(records.CLUSTERS, rows, "cluster_id")


def members(archive: Archive, found: Sequence[Cluster], verdicts: Sequence[records.Verdict]) -> pa.Table:
    """Return the table of members, in the order of clusters and articles."""
    rows = []
    for one, verdict in zip(found, verdicts, strict=True):
        for i, member in enumerate(one.members):
            rows.append(
                {
                    "cluster_id": one.cluster_id,
                    "article_id": archive.article_ids[member.article].as_py(),
                    "role": "original" if verdict.origin == i else member.role,
                    "share": member.share,
                    "immediate_source": verdict.immediate_sources[i],
                    "lag_s": verdict.lags_s[i],
                }
            )
    return _sorted(records.MEMBERS, rows, "cluster_id", "article_id")


def evidence(archive: Archive, found: Sequence[Cluster], verdicts: Sequence[records.Verdict]) -> pa.Table:
    """Return the table of evidence, in the order of clusters and articles, the strongest first."""
    ids = archive.article_ids
    rows = []
    for one, verdict in zip(found, verdicts, strict=True):
        names = {}
        for piece in verdict.evidence:
            article = one.members[piece.story].article
            if article not in names:
                names[article] = ids[article].as_py()
            rows.append((one.cluster_id, names[article], piece))
    rows.sort(
        key=lambda row: (
            row[0],
            row[1],
            -row[2].weight,
            row[2].rule,
            row[2].candidate or "",
            row[2].start or 0,
        )
    )
    columns = {
        column.name: [getattr(piece, column.name) for _, _, piece in rows]
        for column in records.EVIDENCE.columns[2:]
    }
    first = {"cluster_id": [row[0] for row in rows], "article_id": [row[1] for row in rows]}
    return records.EVIDENCE.arrow(first | columns)


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


def _outlets(archive: Archive, one: Cluster) -> list[str | None]:
    column = archive.pages.column("outlet")
    return [column[int(archive.page_of[member.article])].as_py() for member in one.members]


def _sorted(table: records.Table, rows: list[dict[str, Any]], *keys: str) -> pa.Table:
    if keys:
        rows.sort(key=lambda row: tuple(row[key] for key in keys))
    return table.arrow({column.name: [row[column.name] for row in rows] for column in table.columns})
