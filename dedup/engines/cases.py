"""From matches to clusters with their cases: what clustering takes, what attribution is asked."""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, overload

import numpy as np
import xxhash

from dedup import attribution, records
from dedup.clustering import articles as clustering
from dedup.engines import extents, partners, shares, topics
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup import running
    from dedup.engines.archive import Archive
    from dedup.matching import topics as matching_topics
    from dedup.settings import Settings

ROLES = ("copy", "revision", "excerpt", "container")


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """An article in a cluster: its number, its role, and its share of the cluster's text."""

    article: int
    role: str
    share: float


@dataclasses.dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster by its stable id, with the article that leads it, and its members in the order of their articles."""

    cluster_id: str
    leader: int
    members: tuple[Member, ...]


@dataclasses.dataclass(frozen=True)
class Clusters(collections.abc.Sequence[Cluster]):
    """Clusters as columns; each is made from them when it is asked for.

    Parameters
    ----------
    cluster_ids : (n_clusters,) stable ids
    leaders : (n_clusters,) int64, the article whose text each cluster is measured by
    articles : (n_members,) int64, those of cluster i from `offsets[i]` to `offsets[i + 1]`, rising
    roles : (n_members,) int8, index into ROLES
    shares : (n_members,) float64, of the cluster's text that the article holds
    offsets : (n_clusters + 1,) int64
    """

    cluster_ids: list[str]
    leaders: NDArray[np.int64]
    articles: NDArray[np.int64]
    roles: NDArray[np.int8]
    shares: NDArray[np.float64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of clusters."""
        return len(self.cluster_ids)

    @overload
    def __getitem__(self, number: int) -> Cluster: ...

    @overload
    def __getitem__(self, number: slice) -> list[Cluster]: ...

    def __getitem__(self, number: int | slice) -> Cluster | list[Cluster]:
        """Return one cluster, or some."""
        return self._made[number]

    def __iter__(self) -> Iterator[Cluster]:
        """Return all clusters, in order."""
        return iter(self._made)

    def __add__(self, others: Sequence[Cluster]) -> Clusters:
        """Return these clusters and others after them."""
        members = [member for one in others for member in one.members]
        lengths = np.array([len(one.members) for one in others], np.int64)
        return Clusters(
            self.cluster_ids + [one.cluster_id for one in others],
            np.append(self.leaders, np.array([one.leader for one in others], np.int64)),
            np.append(self.articles, np.array([member.article for member in members], np.int64)),
            np.append(self.roles, np.array([ROLES.index(member.role) for member in members], np.int8)),
            np.append(self.shares, [member.share for member in members]),
            np.append(self.offsets, self.offsets[-1] + np.cumsum(lengths)),
        )

    @functools.cached_property
    def _made(self) -> list[Cluster]:
        """Return the clusters; as they are never changed, they are made once, when the first is asked for."""
        roles = [ROLES[role] for role in self.roles.tolist()]
        members = list(map(Member, self.articles.tolist(), roles, self.shares.tolist()))
        bounds = itertools.pairwise(self.offsets.tolist())
        return [
            Cluster(name, leader, tuple(members[first:end]))
            for name, leader, (first, end) in zip(
                self.cluster_ids, self.leaders.tolist(), bounds, strict=True
            )
        ]

    def numbers(self) -> NDArray[np.int64]:
        """Return the cluster of each member, (n_members,) int64."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def take(self, chosen: NDArray[np.int64]) -> Clusters:
        """Return some clusters, in the order asked for."""
        lengths = np.diff(self.offsets)[chosen]
        offsets = records.offsets(lengths)
        rows = np.repeat(self.offsets[chosen] - offsets[:-1], lengths) + np.arange(offsets[-1])
        names = [self.cluster_ids[number] for number in chosen.tolist()]
        columns = self.articles[rows], self.roles[rows], self.shares[rows]
        return Clusters(names, self.leaders[chosen], *columns, offsets)


def none() -> Clusters:
    """Return no clusters."""
    nobody = np.empty(0, np.int64)
    return Clusters([], nobody, nobody, np.empty(0, np.int8), np.empty(0), np.zeros(1, np.int64))


def clusters(
    archive: Archive,
    matches: matching.Matches,
    passages: aligning.Passages,
    settings: Settings,
    run: running.Run = map,
    rarity: Callable[[], matching_topics.Rarity] | None = None,
) -> Clusters:
    """Return the article clusters with each member's role and exact share, in the order of their first articles.

    Parameters
    ----------
    run : what counts the characters of articles, some at a time
    rarity : tells how rare words are; None to learn it from the archive
    """

    def measure(pairs: NDArray[np.uint64]) -> matching.Matches:
        return matching.overlaps(archive.text, archive.located(), pairs, settings)

    known = shares.Known(matches, measure, settings)
    strong = np.flatnonzero(matches.relations != matching.PARTIAL)
    relations = matches.relations[strong]
    edges = clustering.Edges(
        matches.a[strong],
        matches.b[strong],
        matches.share_a[strong],
        matches.share_b[strong],
        (relations == matching.COPY) | (relations == matching.REVISION),
        relations == matching.EXCERPT,
        matches.strengths[strong],
        *extents.find(archive, matches, passages, strong, run),
    )
    rarity = rarity or functools.partial(topics.rarity, archive, settings.min_words)
    same_topic = topics.Pieces(archive, rarity).same_topic
    found = clustering.cluster(archive.sketches.n_words, edges, matches.pairs, known.overlaps, same_topic)
    measured = known.shares(found.references[found.numbers()], found.articles)
    return Clusters(
        _names(archive, found),
        found.references,
        found.articles,
        _roles(found, measured),
        measured.share_a,
        found.offsets,
    )


def lone(
    archive: Archive,
    found: Clusters,
    agencies: attribution.Agencies,
    run: running.Run = map,
    among: NDArray[np.bool_] | None = None,
) -> list[Cluster]:
    """Return a cluster of one for each other story that, by its own word, was taken from somebody else.

    Parameters
    ----------
    run : what reads the stories, some at a time
    among : (n_articles,) bool, the stories that are asked; None for all
    """
    alone = np.ones(len(archive), bool) if among is None else among.copy()
    alone[found.articles] = False
    articles = np.flatnonzero(alone)
    taken = articles[attribution.credits_elsewhere(archive.stories(articles), agencies, run)]
    return [
        Cluster(_cluster_id(archive, article), article, (Member(article, "copy", 1.0),))
        for article in taken.tolist()
    ]


def cases(
    archive: Archive, found: Clusters, matches: matching.Matches, passages: aligning.Passages
) -> records.Cases:
    """Return what attribution is asked for each cluster."""
    known = partners.Partners(matches, passages, found.articles, found.offsets)
    containers = found.roles == ROLES.index("container")
    return records.Cases(
        found.offsets,
        archive.stories(found.articles),
        found.shares,
        containers,
        known.spans,
        known.extents,
        ids=found.cluster_ids,
    )


def _roles(found: clustering.Clusters, measured: shares.Shares) -> NDArray[np.int8]:
    """Return the role of each member; one of the core is a copy of the reference, or a revision."""
    is_copy = measured.relations == matching.COPY
    core = np.where(is_copy, ROLES.index("copy"), ROLES.index("revision"))
    attached = np.where(found.parts == clustering.EXCERPT, ROLES.index("excerpt"), ROLES.index("container"))
    return np.where(found.parts == clustering.CORE, core, attached).astype(np.int8)


def _names(archive: Archive, found: clustering.Clusters) -> list[str]:
    """Return the id of each cluster: by its first core article, and its first excerpt where two share that."""
    import pyarrow as pa

    core, excerpts = found.first(clustering.CORE), found.first(clustering.EXCERPT)
    names = archive.article_ids.take(pa.array(core)).to_pylist()
    again = np.bincount(core)[core] > 1 if len(core) else np.zeros(0, np.bool_)
    again &= (found.count(clustering.CORE) == 1) & (excerpts >= 0)
    for place in np.flatnonzero(again).tolist():
        names[place] += "\n" + archive.article_ids[int(excerpts[place])].as_py()
    return [_id_of(name) for name in names]


def _cluster_id(archive: Archive, article: int) -> str:
    return _id_of(archive.article_ids[article].as_py())


def _id_of(identity: str) -> str:
    return "c" + xxhash.xxh3_64_hexdigest(identity.encode())
