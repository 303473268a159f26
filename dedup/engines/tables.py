"""From what the stages found to the tables of a result."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import packing, records
from dedup.engines import cases, masking
from dedup.matching import matches as matching
from dedup.matching import passages as aligning
from dedup.text import stories as splitting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.attribution import syndication
    from dedup.clustering import passages as grouping
    from dedup.engines.archive import Archive
    from dedup.engines.cases import Clusters


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """All that the stages found: `verdicts[i]` is that of `clusters[i]`, `told[i]` that of passage i of `shared`.

    `asked` are the stories of the passages that were asked, `syndicated` what the verdicts say of republication.
    """

    archive: Archive
    matches: matching.Matches
    passages: aligning.Passages
    clusters: Clusters
    verdicts: records.Verdicts
    shared: grouping.Passages
    syndicated: syndication.Syndication
    asked: records.Cases
    told: records.Verdicts
    boilerplate: masking.Boilerplate
    rejects: list[records.Reject]


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """The members of all clusters, in the order of the clusters.

    Parameters
    ----------
    names : (n_clusters,) string, their ids
    ranks : (n_clusters,) int64, the place of each id among all, in their order
    offsets : (n_clusters + 1,) int64; the members of cluster i are those from `offsets[i]` to `offsets[i + 1]`
    owners : (n_members,) int64, the cluster of each
    articles : (n_members,) int64
    roles : (n_members,) int8, index into `cases.ROLES`
    shares : (n_members,) float64
    """

    names: pa.Array
    ranks: NDArray[np.int64]
    offsets: NDArray[np.int64]
    owners: NDArray[np.int64]
    articles: NDArray[np.int64]
    roles: NDArray[np.int8]
    shares: NDArray[np.float64]


def make(found: Found) -> dict[str, pa.Table]:
    """Return each table under its name."""
    import pyarrow as pa

    placed = place(found.clusters)
    ids = pa.array(found.asked.ids, pa.string())
    return {
        "articles": articles(found.archive, placed, found.verdicts),
        "matches": matches(found.archive, found.matches, found.passages),
        "clusters": clusters(found.archive, placed, found.verdicts, found.syndicated),
        "members": members(found.archive, placed, found.verdicts, found.syndicated),
        "passages": passages(found, ids),
        "evidence": evidence(found.archive, placed, found.verdicts),
        "passage_evidence": passage_evidence(found, ids),
        "syndication": pairs(found.syndicated.pairs),
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
        "clusters": int((np.diff(found.clusters.offsets) > 1).sum()),
        "lone_stories": int((np.diff(found.clusters.offsets) == 1).sum()),
        "passages": len(np.unique(found.shared.passages)),
        **masking.counts(found.archive, found.boilerplate),
        "rejects": len(found.rejects),
    }


def articles(archive: Archive, placed: Placed, verdicts: records.Verdicts) -> pa.Table:
    """Return the table of articles, in the order of their ids."""
    import pyarrow as pa

    pages = archive.pages.take(pa.array(archive.page_of))
    given = {name: pages.column(name) for name in ("page_id", "source_path", "outlet", "url", "byline")}
    heads = archive.heads
    published = {article: head.published for article, head in heads.items() if head.published}
    return records.ARTICLES.arrow(
        {
            **given,
            "article_id": archive.article_ids,
            "story": archive.number,
            "title": _titles(archive, pages.column("title")),
            "published": _with(pages.column("published"), published),
            "n_words": archive.lines.n_words,
            "n_paragraphs": np.diff(archive.lines.offsets),
            "cluster_ids": _cluster_ids(len(archive), placed),
            "warnings": _with(
                pages.column("warnings"), _warnings(pages.column("warnings"), placed, verdicts)
            ),
        }
    )


def _titles(archive: Archive, given: pa.Array) -> pa.Array:
    """Return the headline of each article: that of its own head, its record's, or its first line."""
    import pyarrow.compute as pc

    named = {article: head.title for article, head in archive.heads.items() if head.title}
    silent = pc.equal(pc.binary_length(given).fill_null(0), 0).to_numpy(zero_copy_only=False)
    silent[list(named)] = False
    untitled = np.flatnonzero(silent)
    first = splitting.first_lines(archive.text, archive.starts[untitled], archive.ends[untitled])
    return _spliced(_with(given, named), untitled, first)


def _cluster_ids(n_articles: int, placed: Placed) -> pa.ListArray:
    """Return the ids of the clusters that each article stands in, in their order."""
    import pyarrow as pa

    order = np.lexsort((placed.ranks[placed.owners], placed.articles))
    offsets = records.offsets(np.bincount(placed.articles, minlength=n_articles))
    return pa.ListArray.from_arrays(
        offsets.astype(np.int32), placed.names.take(pa.array(placed.owners[order]))
    )


def _warnings(given: pa.ListArray, placed: Placed, verdicts: records.Verdicts) -> dict[int, list[str]]:
    """Return the warnings of those articles that the verdicts warn of: their records', then the verdicts'."""
    warned: dict[int, list[str]] = {}
    for member in [number for number, told in enumerate(verdicts.story_warnings) if told]:
        article = int(placed.articles[member])
        known = warned.setdefault(article, given[article].as_py())
        # of one article in several clusters
        known += [warning for warning in verdicts.story_warnings[member] if warning not in known]
    return warned


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


def pairs(found: syndication.Pairs) -> pa.Table:
    """Return the table of who republishes whom, in the order of the names."""
    return records.SYNDICATION.arrow(
        {
            "source": found.sources,
            "outlet": found.outlets,
            "n_copies": found.n_copies,
            "n_credited": found.n_credited,
            "share_credited": found.n_credited / np.maximum(found.n_copies, 1),
            "median_lag_s": found.lags_s,
        }
    )


def clusters(
    archive: Archive, placed: Placed, verdicts: records.Verdicts, syndicated: syndication.Syndication
) -> pa.Table:
    """Return the table of clusters, in the order of their ids."""
    import pyarrow as pa

    table = records.CLUSTERS.arrow(
        {
            "cluster_id": placed.names,
            "n_articles": np.diff(placed.offsets),
            "n_outlets": _n_outlets(archive, placed),
            "origin_name": verdicts.origin_names,
            "origin_kind": verdicts.origin_kinds,
            "origin_article_id": _member_ids(archive, placed, verdicts.origins),
            "co_origins": verdicts.co_origins,
            "level": verdicts.levels,
            "score": verdicts.scores,
            "runner_up": verdicts.runners_up,
            "first_article_id": _member_ids(archive, placed, verdicts.firsts),
            "first_published": verdicts.first_published,
            "warnings": verdicts.warnings,
            "n_copies": syndicated.n_copies,
            "n_uncredited": syndicated.n_uncredited,
            "n_independent": syndicated.n_independent,
        }
    )
    return table.take(pa.array(np.argsort(placed.ranks, kind="stable")))


def members(
    archive: Archive, placed: Placed, verdicts: records.Verdicts, syndicated: syndication.Syndication
) -> pa.Table:
    """Return the table of members, in the order of clusters and articles."""
    import pyarrow as pa

    roles = placed.roles.copy()
    roles[verdicts.origins[verdicts.origins >= 0]] = len(cases.ROLES)
    order = np.lexsort((placed.articles, placed.ranks[placed.owners]))
    table = records.MEMBERS.arrow(
        {
            "cluster_id": placed.names.take(pa.array(placed.owners)),
            "article_id": archive.article_ids.take(pa.array(placed.articles)),
            "role": pa.array([*cases.ROLES, "original"]).take(pa.array(roles)),
            "share": placed.shares,
            "immediate_source": verdicts.immediate_sources,
            "lag_s": verdicts.lags_s,
            "credited": pa.array(syndicated.are_credited.astype(np.int64), mask=~syndicated.are_copies),
        }
    )
    return table.take(pa.array(order))


def evidence(archive: Archive, placed: Placed, verdicts: records.Verdicts) -> pa.Table:
    """Return the table of evidence, in the order of clusters and articles, the strongest first."""
    import pyarrow as pa

    pieces = verdicts.evidence
    articles, owners = placed.articles[pieces.stories], placed.owners[pieces.stories]
    ids = archive.article_ids.take(pa.array(articles))
    columns = {"cluster_id": placed.names.take(pa.array(owners)), "article_id": ids, **_pieces(pieces)}
    order = _by_strength(pieces, articles, placed.ranks[owners])
    return records.EVIDENCE.arrow(columns).take(pa.array(order))


def passage_evidence(found: Found, ids: pa.Array) -> pa.Table:
    """Return the table of the evidence on passages, in the order of passages and articles, the strongest first."""
    import pyarrow as pa

    pieces, stories = found.told.evidence, found.asked.stories
    owners = found.asked.case_of()[pieces.stories]
    articles = stories.article_ids.take(pa.array(pieces.stories))
    columns = {"passage_id": ids.take(pa.array(owners)), "article_id": articles, **_pieces(pieces)}
    ranks = _ranks_of(ids.dictionary_encode())
    order = _by_strength(pieces, stories.ranks[pieces.stories], ranks[owners])
    return records.PASSAGE_EVIDENCE.arrow(columns).take(pa.array(order))


def _pieces(pieces: records.Pieces) -> dict[str, Any]:
    return {
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


def _by_strength(
    pieces: records.Pieces, articles: NDArray[np.int64], owners: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the order of pieces by their owners and articles, the strongest first."""
    order: NDArray[np.int64] = np.lexsort(
        (
            pieces.starts.fill_null(0).to_numpy(),
            _ranks_of(pieces.candidates),
            _ranks_of(pieces.rules),
            -pieces.weights,
            articles,
            owners,
        )
    )
    return order


def passages(found: Found, ids: pa.Array) -> pa.Table:
    """Return the table of passages, in the order of passages and places.

    Parameters
    ----------
    ids : (n_passages,) string
    """
    import pyarrow as pa

    archive, shared, told = found.archive, found.shared, found.told
    first = np.flatnonzero(np.diff(shared.passages, prepend=-1))
    owners = shared.passages
    order = np.lexsort((shared.starts, shared.articles, _ranks_of(ids.dictionary_encode())[owners]))
    rows = pa.array(owners[order])
    stories = np.append(found.asked.stories.ranks, 0)[told.origins]
    originals = archive.article_ids.take(pa.array(stories, mask=told.origins < 0))
    return records.PASSAGES.arrow(
        {
            "passage_id": ids.take(rows),
            "article_id": archive.article_ids.take(pa.array(shared.articles[order])),
            "start": shared.starts[order],
            "end": shared.ends[order],
            "n_articles": _n_articles(shared, first)[owners[order]],
            "origin_name": pa.array(told.origin_names, pa.string()).take(rows),
            "origin_kind": pa.array(told.origin_kinds, pa.string()).take(rows),
            "origin_article_id": originals.take(rows),
            "level": pa.array(told.levels, pa.string()).take(rows),
            "text": _passage_texts(archive, shared).take(pa.array(order)),
        }
    )


def _passage_texts(archive: Archive, found: grouping.Passages) -> pa.Array:
    """Return the words of each place of a passage; each page is read once, in the order of the file."""
    import pyarrow as pa

    order = np.argsort(archive.page_of[found.articles], kind="stable")
    places = zip(
        archive.page_texts(found.articles[order]),
        found.starts[order].tolist(),
        found.ends[order].tolist(),
        strict=True,
    )
    texts = pa.array([page[start:end] for page, start, end in places], pa.string())
    return texts.take(pa.array(np.argsort(order)))


def _n_articles(found: grouping.Passages, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many different articles each passage stands in."""
    new = np.diff(found.articles, prepend=-1) != 0
    new[first] = True
    return np.add.reduceat(new.astype(np.int64), first) if len(first) else np.empty(0, np.int64)


def rejects(found: Sequence[records.Reject]) -> pa.Table:
    """Return the table of rejects, in the order of their places."""
    rows = sorted(found, key=lambda one: (one.source_path, one.line or 0, one.reason))
    return records.REJECTS.arrow(
        {column.name: [getattr(one, column.name) for one in rows] for column in records.REJECTS.columns}
    )


def place(found: Clusters) -> Placed:
    """Return the members of clusters, with the order of the clusters' ids."""
    import pyarrow as pa

    names = pa.array(found.cluster_ids, pa.string())
    owners = np.repeat(np.arange(len(found)), np.diff(found.offsets))
    ranks = _ranks_of(names.dictionary_encode())
    return Placed(names, ranks, found.offsets, owners, found.articles, found.roles, found.shares)


def _member_ids(archive: Archive, placed: Placed, members: NDArray[np.int64]) -> pa.Array:
    """Return the ids of members by their numbers, null for -1."""
    import pyarrow as pa

    articles = np.append(placed.articles, 0)[members]
    return archive.article_ids.take(pa.array(articles, mask=members < 0))


def _n_outlets(archive: Archive, placed: Placed) -> NDArray[np.int64]:
    """Return how many outlets each cluster's records name, case aside."""
    import pyarrow as pa

    pages = pa.array(archive.page_of[placed.articles])
    given = archive.pages.column("outlet").take(pages).dictionary_encode()
    numbers = {"": -1}
    told = [numbers.setdefault(name.casefold(), len(numbers)) for name in given.dictionary.to_pylist()]
    outlets = np.array([*told, -1], np.int64)[given.indices.fill_null(len(told)).to_numpy()]
    named = outlets >= 0
    pairs = np.sort(packing.pack(placed.owners[named], outlets[named]))
    different = pairs[np.diff(pairs, prepend=~pairs[:1]) != 0]
    return np.bincount(packing.high(different), minlength=len(placed.names))


def _ranks_of(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """Return the rank of each string in the alphabet, (n,) int64; null stands first."""
    words = column.dictionary.to_pylist()
    ranks = np.zeros(len(words) + 1, np.int64)
    ranks[sorted(range(len(words)), key=words.__getitem__)] = np.arange(1, len(words) + 1)
    indices: NDArray[np.int32] = column.indices.fill_null(len(words)).to_numpy()
    return ranks[indices]


def _with(column: pa.Array, values: Mapping[int, Any]) -> pa.Array:
    """Return a column with other values in some rows."""
    import pyarrow as pa

    return _spliced(column, np.array([*values], np.int64), pa.array(values.values(), column.type))


def _spliced(column: pa.Array, rows: NDArray[np.int64], values: pa.Array) -> pa.Array:
    """Return a column with the values of another in some rows."""
    import pyarrow as pa

    if len(rows) == 0:
        return column
    order = np.arange(len(column))
    order[rows] = len(column) + np.arange(len(rows))
    return pa.concat_arrays([column, values]).take(pa.array(order))
