"""From matches to clusters with their cases: what clustering takes, what attribution is asked."""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from dedup import attribution, packing, records
from dedup.clustering import articles as clustering
from dedup.clustering import stars
from dedup.engines import extents, partners, topics
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """An article in a cluster: its number, its role, and its share of the cluster's text."""

    article: int
    role: str
    share: float


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster by its stable id, with its members in the order of their articles."""

    cluster_id: str
    members: tuple[Member, ...]


def clusters(
    archive: Archive, matches: matching.Matches, passages: aligning.Passages, settings: Settings
) -> list[Cluster]:
    """Return the article clusters with each member's role and exact share, in the order of their first articles."""

    def measure(a: NDArray[np.int64], b: NDArray[np.int64]) -> stars.Overlaps:
        measured = matching.overlaps(packing.pack(a, b), archive.sketches.shingles, settings)
        greater = np.maximum(measured.share_a, measured.share_b)
        return stars.Overlaps(matching.is_symmetric(measured), greater)

    strong = np.flatnonzero(matches.relations != matching.PARTIAL)
    chosen = matching.take(matches, strong)
    edges = clustering.Edges(
        chosen.a,
        chosen.b,
        chosen.share_a,
        chosen.share_b,
        matching.is_symmetric(chosen),
        chosen.relations == matching.EXCERPT,
        chosen.strengths,
        *extents.find(archive, matches, passages, strong),
    )
    same_topic = topics.Pieces(archive).same_topic
    found = clustering.cluster(archive.sketches.n_words, edges, matches.pairs, measure, same_topic)
    references = np.array([one.reference for one in found for _ in one.members], np.int64)
    articles = np.array([article for one in found for article in one.members], np.int64)
    measured = matching.overlaps(packing.pack(references, articles), archive.sketches.shingles, settings)
    rows = zip(measured.relations.tolist(), measured.share_a.tolist(), strict=True)
    return [
        Cluster(name, tuple(_members(one, rows)))
        for name, one in zip(_names(archive, found), found, strict=True)
    ]


def lone(archive: Archive, found: list[Cluster], agencies: attribution.Agencies) -> list[Cluster]:
    """Return a cluster of one for each other story that, by its own word, was taken from somebody else."""
    alone = np.ones(len(archive), bool)
    alone[[member.article for one in found for member in one.members]] = False
    articles = np.flatnonzero(alone)
    taken = articles[attribution.credits_elsewhere(archive.stories(articles), agencies)]
    return [
        Cluster(_cluster_id(archive, article), (Member(article, "copy", 1.0),)) for article in taken.tolist()
    ]


def cases(
    archive: Archive, found: list[Cluster], matches: matching.Matches, passages: aligning.Passages
) -> records.Cases:
    """Return what attribution is asked for each cluster."""
    members = [member for one in found for member in one.members]
    articles = np.array([member.article for member in members], np.int64)
    offsets = records.offsets(np.array([len(one.members) for one in found], np.int64))
    known = partners.Partners(matches, passages, articles, offsets)
    return records.Cases(
        offsets,
        archive.stories(articles),
        np.array([member.share for member in members], np.float64),
        np.array([member.role == "container" for member in members], np.bool_),
        known.spans,
    )


def _members(one: clustering.Cluster, rows: Iterator[tuple[int, float]]) -> Iterator[Member]:
    for article in one.members:
        relation, share = next(rows)
        role = "copy" if relation == matching.COPY else "revision"
        if article in one.excerpts:
            role = "excerpt"
        elif article in one.containers:
            role = "container"
        yield Member(article, role, share)


def _names(archive: Archive, found: list[clustering.Cluster]) -> list[str]:
    """Return the id of each cluster: by its first core article, and its first excerpt where two share that."""
    names = [_cluster_id(archive, one.core[0]) for one in found]
    counts = collections.Counter(names)
    for place, one in enumerate(found):
        if counts[names[place]] > 1 and len(one.core) == 1 and one.excerpts:
            both = "\n".join(
                archive.article_ids[article].as_py() for article in (one.core[0], one.excerpts[0])
            )
            names[place] = "c" + xxhash.xxh3_64_hexdigest(both.encode())
    return names


def _cluster_id(archive: Archive, article: int) -> str:
    identity: str = archive.article_ids[article].as_py()
    return "c" + xxhash.xxh3_64_hexdigest(identity.encode())
