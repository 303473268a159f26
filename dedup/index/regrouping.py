"""The clusters that a change touches, made anew with their verdicts; all others stay as they are.

Clusters hang together by strong matches only: copies and revisions make their cores, excerpts and pages join by one
step each. So what a change can reach is taken in rounds: along copies and revisions as far as they go, then one step
along any strong match. After three rounds no cluster can be touched; two more give those their full surroundings.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import findings
from dedup.engines import cases, tables
from dedup.index import archives, comparing, lineage, rows, schema
from dedup.index import store as files
from dedup.matching import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines import judging, local
    from dedup.engines.archive import Archive
    from dedup.index.store import Store

_TOUCHED_ROUNDS = 3
_FURTHER_ROUNDS = 2
_PARTIAL = "partial"
_CORE = ("copy", "revision")


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What is said of a cluster: whose it is, and which of its articles is the earliest."""

    origin_name: str | None
    origin_article_id: str | None
    first_article_id: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A cluster of the file: its number, its id, the articles of its core, and what is said of it."""

    number: int
    cluster_id: str
    core: list[int]
    told: Told


def regroup(
    store: Store,
    touched: Iterable[int],
    engine: local.Local,
    judges: judging.Judges,
    gone: Iterable[int] = (),
) -> list[findings.Event]:
    """Make the clusters anew that some articles may change, and return what befell those that were there.

    Parameters
    ----------
    touched : new articles, and those that a strong match bound to articles that are gone
    gone : articles that are gone: the clusters that they led are others now
    """
    graph = _Graph(store)
    near = graph.reach(set(touched), _TOUCHED_ROUNDS)
    around = graph.reach(near, _FURTHER_ROUNDS)
    some = archives.of(rows.load(store, around), engine.settings)
    near_places = np.isin(some.numbers, np.fromiter(near, np.int64, len(near)))
    found = comparing.load(store, some)
    rarity = functools.partial(rarity_of, store)
    clusters = cases.clusters(
        some.archive, found.matches, found.passages, engine.settings, engine.map, rarity
    )
    alone = cases.lone(some.archive, clusters, judges.agencies, engine.map, near_places)
    clusters = clusters.take(np.flatnonzero(near_places[clusters.leaders])) + alone
    before = standing(store, near | set(gone))
    grouped = Grouped(some.archive, some.numbers, clusters, found)
    judged = judge(before, grouped, taken(store), engine, judges)
    return write(store, before, judged)


@dataclasses.dataclass(frozen=True, slots=True)
class Grouped:
    """Clusters of an archive whose articles have these numbers in the file, and its matches."""

    archive: Archive
    numbers: NDArray[np.int64]
    clusters: cases.Clusters
    found: comparing.Compared


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """Clusters with the ids that they go on by, the verdict on each, and what befell those before."""

    grouped: Grouped
    judged: judging.Judged
    events: list[findings.Event]


def judge(
    before: list[Standing],
    grouped: Grouped,
    is_taken: Callable[[str], bool],
    engine: local.Local,
    judges: judging.Judges,
) -> Judged:
    """Return clusters under the ids that they go on by, with their verdicts.

    Parameters
    ----------
    before : those that they take the place of
    is_taken : whether an id is, or was, that of another cluster
    """
    clusters = grouped.clusters
    numbers = grouped.numbers[clusters.articles].tolist()
    cores = (clusters.roles <= cases.ROLES.index("revision")).tolist()
    bounds = list(itertools.pairwise(clusters.offsets.tolist()))
    after = [
        (name, [numbers[place] for place in range(begin, end) if cores[place]])
        for name, (begin, end) in zip(clusters.cluster_ids, bounds, strict=True)
    ]
    line = lineage.trace([(old.cluster_id, old.core) for old in before], after, is_taken)
    clusters = dataclasses.replace(clusters, cluster_ids=line.cluster_ids)
    known = cases.cases(grouped.archive, clusters, grouped.found.matches, grouped.found.passages)
    judged = judges.judge(known, engine.map)
    return Judged(dataclasses.replace(grouped, clusters=clusters), judged, line.events)


def write(
    store: Store, before: list[Standing], judged: Judged, *, is_whole: bool = False
) -> list[findings.Event]:
    """Write clusters in the place of those before, and return what befell these.

    Parameters
    ----------
    is_whole : whether these are all clusters of the file
    """
    number_of = {old.cluster_id: old.number for old in before}
    _drop(store, None if is_whole else list(number_of.values()))
    told = _insert(store, judged.grouped, judged.judged, number_of)
    events = judged.events + _changes(before, told)
    remember(store, events)
    return events


def _drop(store: Store, clusters: Sequence[int] | None) -> None:
    """Delete clusters with their members and evidence; None for all."""
    for table in ("clusters", "memberships", "pieces"):
        if clusters is None:
            store.connection.execute(f"DELETE FROM {table}")  # noqa: S608  (names are ours)
        else:
            store.change(f"DELETE FROM {table} WHERE cluster IN ({{}})", clusters)  # noqa: S608


def remember(store: Store, events: Iterable[findings.Event]) -> None:
    """Write what befell clusters to their history."""
    at = files.now()
    store.connection.executemany(
        "INSERT INTO history (at, cluster_id, what, before, after) VALUES (?, ?, ?, ?, ?)",
        [(at, event.cluster_id, event.what, event.before, event.after) for event in events],
    )


def standing(store: Store, leaders: Iterable[int] | None = None) -> list[Standing]:
    """Return the clusters of the file that some articles lead, or all."""
    columns = "cluster, cluster_id, origin_name, origin_article_id, first_article_id FROM clusters"
    if leaders is None:
        found = store.rows(f"SELECT {columns}")
        members = store.rows("SELECT cluster, number, by_text FROM memberships")
    else:
        found = store.rows_of(f"SELECT {columns} WHERE leader IN ({{}})", leaders)
        members = store.rows_of(
            "SELECT cluster, number, by_text FROM memberships WHERE cluster IN ({})",
            [row[0] for row in found],
        )
    cores: dict[int, list[int]] = {}
    for cluster, number, role in members:
        if role in _CORE:
            cores.setdefault(cluster, []).append(number)
    return [Standing(row[0], row[1], cores.get(row[0], []), Told(*row[2:])) for row in sorted(found)]


def neighbours(store: Store, numbers: Iterable[int]) -> set[int]:
    """Return the articles that a strong match binds to some."""
    asked = set(numbers)
    graph = _Graph(store)
    return graph.reach(asked, 1) - asked


def around(store: Store, numbers: Iterable[int], rounds: int, most: int) -> set[int]:
    """Return some articles with what can be reached from them in so many rounds, as far as these are not too many."""
    found = set(numbers)
    graph = _Graph(store)
    for turn in range(rounds):
        wider = graph.reach(found, turn + 1)
        if len(wider) > most:
            break
        found = wider
    return found


def rarity_of(store: Store) -> topics.Rarity:
    """Return how rare words are in the whole file."""
    digests = [
        digest
        for (digest,) in store.rows(
            "SELECT DISTINCT digest FROM stories WHERE digest IS NOT NULL ORDER BY digest LIMIT ?",
            (topics.N_SAMPLED,),
        )
    ]
    least = store.rows_of("SELECT number FROM stories WHERE digest IN ({}) GROUP BY digest", digests)
    some = archives.of(rows.load(store, [number for (number,) in least]), store.settings)
    return topics.learn(some.archive.text, some.archive.located(), np.arange(len(some.archive)))


def remember_words(store: Store, rarity: topics.Rarity) -> None:
    """Write how rare words are."""
    store.connection.execute("DELETE FROM words")
    row = 1, rarity.words.tobytes(), rarity.weights.tobytes(), rarity.unknown
    store.connection.execute(schema.WORDS.insert(), row)


def rarity_known(store: Store) -> topics.Rarity:
    """Return how rare words were when the index was last compacted: at hand, and hardly different."""
    hashes, weights, unknown = store.rows("SELECT hashes, weights, unknown FROM words")[0]
    return topics.Rarity(np.frombuffer(hashes, np.uint32), np.frombuffer(weights, np.float64), unknown)


def taken(store: Store, *, is_whole: bool = False) -> Callable[[str], bool]:
    """Return what tells whether an id is that of a cluster which stays, or was one's before.

    Parameters
    ----------
    is_whole : whether no cluster stays
    """
    if is_whole:
        gone = {name for (name,) in store.rows("SELECT DISTINCT cluster_id FROM history")}
        return gone.__contains__
    query = (
        "SELECT 1 FROM clusters WHERE cluster_id = ?1 UNION ALL SELECT 1 FROM history WHERE cluster_id = ?1"
    )
    return lambda name: store.value(query, (name,)) is not None


class _Graph:
    """The strong matches of the file, read where they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._strong: dict[int, list[int]] = {}
        self._symmetric: dict[int, list[int]] = {}

    def reach(self, numbers: set[int], rounds: int) -> set[int]:
        """Return what can be reached in so many rounds: along copies and revisions to the end, then one step."""
        reached = set(numbers)
        for _ in range(rounds):
            before = len(reached)
            border = reached
            while border:
                self._read(border)
                border = {other for number in border for other in self._symmetric[number]} - reached
                reached |= border
            reached |= {other for number in reached for other in self._strong[number]}
            if len(reached) == before:
                break
        return reached

    def _read(self, numbers: Iterable[int]) -> None:
        new = [number for number in numbers if number not in self._strong]
        for number in new:
            self._strong[number], self._symmetric[number] = [], []
        for own, other in (("a", "b"), ("b", "a")):
            query = (
                f"SELECT {own}, {other}, relation FROM pairs"  # noqa: S608  (names are ours)
                f" WHERE {own} IN ({{}}) AND relation <> '{_PARTIAL}'"
            )
            for number, found, relation in self._store.rows_of(query, new):
                self._strong[number].append(found)
                if relation != "excerpt":
                    self._symmetric[number].append(found)


def _insert(
    store: Store, grouped: Grouped, judged: judging.Judged, number_of: dict[str, int]
) -> dict[str, Told]:
    """Write clusters with their members and evidence, and return what is said of each, under its id."""
    clusters, verdicts = grouped.clusters, judged.verdicts
    placed = tables.place(clusters)
    archive = grouped.archive
    following = (store.value("SELECT MAX(cluster) FROM clusters") or 0) + 1
    following = max([following, *(number + 1 for number in number_of.values())])
    given = dict(number_of)
    for name in clusters.cluster_ids:
        if name not in given:
            given[name] = following
            following += 1
    leader_of = dict(zip(clusters.cluster_ids, grouped.numbers[clusters.leaders].tolist(), strict=True))
    article_of = dict(zip(archive.article_ids.to_pylist(), grouped.numbers.tolist(), strict=True))
    made = tables.clusters(archive, placed, verdicts, judged.syndicated)
    names = made["cluster_id"].to_pylist()
    store.connection.executemany(
        schema.CLUSTERS.insert(),
        zip(
            [given[name] for name in names], [leader_of[name] for name in names], *_columns(made), strict=True
        ),
    )
    members = tables.members(archive, placed, verdicts, judged.syndicated)
    order = np.lexsort((placed.articles, placed.ranks[placed.owners])).tolist()
    warnings = [list(verdicts.story_warnings[place]) for place in order]
    owners, articles, *rest = _columns(members)
    store.connection.executemany(
        schema.MEMBERSHIPS.insert(),
        zip(
            [given[name] for name in owners],
            [article_of[name] for name in articles],
            *rest,
            _encoded(warnings),
            [cases.ROLES[placed.roles[place]] for place in order],
            strict=True,
        ),
    )
    owners, articles, *rest = _columns(tables.evidence(archive, placed, verdicts))
    store.connection.executemany(
        schema.PIECES.insert(),
        zip(
            itertools.repeat(None, len(owners)),
            [given[name] for name in owners],
            [article_of[name] for name in articles],
            *rest,
            strict=True,
        ),
    )
    said = (made[name].to_pylist() for name in ("origin_name", "origin_article_id", "first_article_id"))
    return {name: Told(*told) for name, *told in zip(names, *said, strict=True)}


def _columns(table: pa.Table) -> list[list[Any]]:
    """Return the columns of a table as the file has them: lists are JSON."""
    import pyarrow as pa

    return [
        _encoded(column.to_pylist()) if pa.types.is_list(column.type) else column.to_pylist()
        for column in table.columns
    ]


def _encoded(values: list[list[str]]) -> list[str]:
    import msgspec

    encode = msgspec.json.Encoder().encode
    return [encode(value).decode() if value else "[]" for value in values]


def _changes(before: list[Standing], told: dict[str, Told]) -> list[findings.Event]:
    """Return for the clusters that went on whether something else is said of them now."""
    events = []
    for old in before:
        new = told.get(old.cluster_id)
        if new is None:
            continue
        was, now = _origin(old.told), _origin(new)
        if was != now:
            events.append(findings.Event(old.cluster_id, lineage.ORIGIN, was, now))
        if old.told.first_article_id != new.first_article_id:
            first = old.told.first_article_id, new.first_article_id
            events.append(findings.Event(old.cluster_id, lineage.FIRST, *first))
    return events


def _origin(told: Told) -> str | None:
    """Return whose a cluster is said to be: the name, with the article where it is in the file."""
    if told.origin_article_id is None:
        return told.origin_name
    return f"{told.origin_name or '?'} ({told.origin_article_id})"
