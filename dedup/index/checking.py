"""Whether a story has been published before: what the index holds of it, and whose text that is. Nothing is written."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup import errors, packing, reading, records
from dedup.engines import assembling, cases, workspace
from dedup.index import adding, archives, comparing, probing, regrouping, rows
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines import judging, local
    from dedup.index.archives import Some
    from dedup.index.store import Store

_MOST_AROUND = 200  # articles with which a story's cluster is made anew; of more the nearest
_ROUNDS = 1
_FIELDS = ("page_id", "title", "outlet", "url", "byline", "published")


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that a story shares with an article: where it stands in the page of each, in characters.

    `edits` is in how many words the two differ at most.
    """

    start: int
    end: int
    their_start: int
    their_end: int
    edits: int
    text: str
    their_text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """An article of the index that shares text with a story.

    Parameters
    ----------
    relation : `copy`, `revision`, `excerpt` or `partial`
    share : of the story's shingles, that stand in the article
    their_share : of the article's shingles, that stand in the story
    shared_words : of the story, or of the article where its id is the lesser one
    cluster_ids : the clusters that the article stands in
    """

    article_id: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    relation: str
    jaccard: float
    share: float
    their_share: float
    shared_words: int
    cluster_ids: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Whose:
    """Whose text a story, or the cluster that it would stand in, is.

    Parameters
    ----------
    cluster_id : of the cluster as the index has it; None where it would be made by this story
    n_articles : of the cluster, with the story
    origin_article_id, first_article_id : None where they are not in the index, or the dates leave it open
    quotes : of the evidence, the strongest first: article, rule, whom it speaks for, quote
    """

    cluster_id: str | None
    n_articles: int
    origin_name: str | None
    origin_kind: str
    origin_article_id: str | None
    level: str
    first_article_id: str | None
    first_published: str | None
    quotes: tuple[tuple[str, str, str | None, str | None], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What the index holds of one story.

    Parameters
    ----------
    n_words : of the story; of fewer than `min_words` nothing is found
    is_known : whether the index has this very article, under the same id with the same text
    matches : other articles that share text with it, the nearest first
    whose : whose text it is, for each cluster that it would stand in; of a story that credits somebody else its own
    """

    article_id: str
    title: str | None
    source_path: str
    line: int | None
    n_words: int
    is_known: bool
    matches: tuple[Match, ...]
    whose: tuple[Whose, ...]

    @property
    def is_seen(self) -> bool:
        """Return whether any of it has been published before: it is known, or matches."""
        return self.is_known or bool(self.matches)


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What the index holds of some stories, in the order of their ids, and the records that could not be read."""

    findings: list[Finding]
    rejects: list[records.Reject]


def check(store: Store, paths: Sequence[str], engine: local.Local, judges: judging.Judges) -> Checked:
    """Return for each story in files and folders what the index holds of it.

    Raises
    ------
    PathError : a path is missing
    EmptyArchiveError : there is no file to read
    """
    log = reading.ReadingLog()
    found: list[Finding] = []
    for batch in engine.parse(reading.blocks(paths, store.settings, log), log):
        found += check_pages(store, batch, engine, judges, log.rejects)
    return Checked(found, log.rejects)


def check_text(
    store: Store, text: str, fields: Mapping[str, str | None], engine: local.Local, judges: judging.Judges
) -> Finding:
    """Return what the index holds of one text; see `Index.check_text`."""
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown:
        message = f'"{unknown[0]}" is no field of a text: they are {", ".join(_FIELDS)}'
        raise errors.UsageError(message)
    if not text.strip():
        message = "a text to check must not be empty"
        raise errors.UsageError(message)
    return check_pages(store, _page(text, fields), engine, judges, [])[0]


def check_pages(
    store: Store,
    pages: pa.RecordBatch,
    engine: local.Local,
    judges: judging.Judges,
    rejects: list[records.Reject],
) -> list[Finding]:
    """Return for each story of some pages what the index holds of it, as it stands at this moment.

    Parameters
    ----------
    pages : the columns of `records.PAGES`
    rejects : pages whose id another of them has are added
    """
    archive = assembling.build(engine.sketch_pages([pages]), rejects, workspace.Workspace(), engine.map)
    with store.reading():
        dead = adding.known_boilerplate(store, archive)
        numbers = -1 - np.arange(len(archive))
        own_pages = -1 - np.arange(archive.pages.num_rows)
        listed = rows.of(archive, dead, numbers, own_pages)
        return [_check(store, row, engine, judges) for row in listed]


def _check(store: Store, row: rows.Row, engine: local.Local, judges: judging.Judges) -> Finding:
    same = store.rows(
        "SELECT s.number, CAST(t.text AS BLOB), p.page_id FROM stories s JOIN pages p USING (page)"
        " JOIN texts t USING (page) WHERE s.article_id = ?",
        (row.article_id,),
    )
    is_known = bool(same) and same[0][1:] == (row.text, row.page_id)
    left_out = frozenset({same[0][0]} if is_known else ())
    fresh = archives.of([row], engine.settings)
    asked = probing.keys(store, fresh, engine)
    pairs = probing.find(store, fresh, asked, left_out).pairs if len(asked.places) else set()
    others = rows.load(store, {other for _, other in pairs})
    if same and not is_known:
        row = row._replace(article_id=f"{row.article_id}\n")  # two articles of one id are told apart
    some = archives.of([row, *others], engine.settings)
    found = comparing.compare(some, pairs, engine)
    matches = _matches(store, row, {other.number: other for other in others}, some, found)
    whose = _whose(store, row, left_out, some, found, engine, judges)
    return Finding(
        row.article_id.rstrip("\n"),
        row.head_title or row.title,
        row.source_path,
        row.line,
        row.n_words,
        is_known,
        matches,
        whose,
    )


def _matches(
    store: Store, row: rows.Row, others: dict[int, rows.Row], some: Some, found: comparing.Compared
) -> tuple[Match, ...]:
    """Return the matches of a story, the nearest first."""
    matches, passages = found.matches, found.passages
    clusters: dict[int, list[str]] = {}
    a, b = some.numbers[matches.a].tolist(), some.numbers[matches.b].tolist()
    query = (
        "SELECT m.number, c.cluster_id FROM memberships m JOIN clusters c USING (cluster)"
        " WHERE m.number IN ({}) ORDER BY c.cluster_id"
    )
    for number, cluster_id in store.rows_of(query, {number for number in (*a, *b) if number >= 0}):
        clusters.setdefault(number, []).append(cluster_id)
    text = row.text.decode()
    made = []
    for place in range(len(matches)):
        is_first = a[place] < 0
        other = others[b[place] if is_first else a[place]]
        their_text = other.text.decode()
        shares = float(matches.share_a[place]), float(matches.share_b[place])
        spans = range(int(passages.offsets[place]), int(passages.offsets[place + 1]))
        made.append(
            Match(
                other.article_id,
                other.head_title or other.title,
                other.outlet,
                other.url,
                other.head_published or other.published,
                matching.RELATIONS[int(matches.relations[place])],
                float(matches.jaccard[place]),
                *(shares if is_first else shares[::-1]),
                int(passages.shared_words[place]),
                tuple(clusters.get(other.number, ())),
                tuple(_passage(passages, span, text, their_text, is_first=is_first) for span in spans),
            )
        )
    made.sort(key=lambda match: (-max(match.share, match.their_share), -match.shared_words, match.article_id))
    return tuple(made)


def _passage(
    passages: aligning.Passages, place: int, text: str, their_text: str, *, is_first: bool
) -> Passage:
    spans = passages.spans[place].tolist()
    own, theirs = (spans[:2], spans[2:]) if is_first else (spans[2:], spans[:2])
    edits = int(passages.edits[place])
    return Passage(*own, *theirs, edits, text[slice(*own)], their_text[slice(*theirs)])


def _whose(
    store: Store,
    row: rows.Row,
    left_out: frozenset[int],
    some: Some,
    found: comparing.Compared,
    engine: local.Local,
    judges: judging.Judges,
) -> tuple[Whose, ...]:
    """Return whose text a story is: of each cluster that it would stand in, else what its own credit says."""
    strong = found.matches.relations != matching.PARTIAL
    bound = {*some.numbers[found.matches.a[strong]].tolist(), *some.numbers[found.matches.b[strong]].tolist()}
    bound = {number for number in bound if number >= 0}
    around = regrouping.around(store, bound, _ROUNDS, _MOST_AROUND) - left_out if bound else set()
    whole = archives.of([row, *rows.load(store, around)], engine.settings)
    known = _joined(comparing.load(store, whole), found, some, whole)
    archive = whole.archive
    own = int(np.flatnonzero(whole.numbers < 0)[0])
    rarity = functools.partial(regrouping.rarity_of, store)
    clusters = cases.clusters(archive, known.matches, known.passages, engine.settings, engine.map, rarity)
    holds = np.bincount(clusters_of(clusters)[clusters.articles == own], minlength=len(clusters)) > 0
    chosen = clusters.take(np.flatnonzero(holds))
    if len(chosen) == 0:
        is_own = np.arange(len(archive)) == own
        chosen = chosen + cases.lone(archive, chosen, judges.agencies, engine.map, is_own)
    if len(chosen) == 0:
        return ()
    asked = cases.cases(archive, chosen, known.matches, known.passages)
    verdicts = judges.attribute(asked, engine.map)
    return tuple(_told(store, chosen, case, verdicts, whole) for case in range(len(chosen)))


def clusters_of(clusters: cases.Clusters) -> NDArray[np.int64]:
    """Return the cluster of each member, (n_members,) int64."""
    return np.repeat(np.arange(len(clusters)), np.diff(clusters.offsets))


def _told(
    store: Store, clusters: cases.Clusters, case: int, verdicts: records.Verdicts, whole: Some
) -> Whose:
    verdict = verdicts.verdict(case)
    begin, end = clusters.offsets[case : case + 2].tolist()
    articles = clusters.articles[begin:end].tolist()
    ids = [whole.archive.article_ids[article].as_py().rstrip("\n") for article in articles]
    stored = [number for number in whole.numbers[articles].tolist() if number >= 0]
    query = (
        "SELECT c.cluster_id, COUNT(*) FROM memberships m JOIN clusters c USING (cluster)"
        " WHERE m.number IN ({}) GROUP BY c.cluster_id"
    )
    standing = sorted(store.rows_of(query, stored), key=lambda found: (-found[1], found[0]))
    pieces = sorted(verdict.evidence, key=lambda piece: -piece.weight)
    return Whose(
        standing[0][0] if standing else None,
        len(articles),
        verdict.origin_name,
        verdict.origin_kind,
        None if verdict.origin is None else ids[verdict.origin],
        verdict.level,
        None if verdict.first is None else ids[verdict.first],
        verdict.first_published,
        tuple((ids[piece.story], piece.rule, piece.candidate, piece.quote) for piece in pieces),
    )


def _joined(
    stored: comparing.Compared, found: comparing.Compared, some: Some, whole: Some
) -> comparing.Compared:
    """Return matches of the file and those of a story as matches of one archive."""
    place_of = {number: place for place, number in enumerate(whole.numbers.tolist())}
    places = np.array([place_of.get(number, -1) for number in some.numbers.tolist()], np.int64)
    kept = np.flatnonzero((places[found.matches.a] >= 0) & (places[found.matches.b] >= 0))
    own = matching.take(found.matches, kept)
    own = dataclasses.replace(own, pairs=packing.pack(places[own.a], places[own.b]))
    matches = matching.concatenate([stored.matches, own])
    passages = aligning.concatenate([stored.passages, aligning.take(found.passages, kept)])
    order = np.argsort(matches.pairs)
    return comparing.Compared(matching.take(matches, order), aligning.take(passages, order))


def _page(text: str, fields: Mapping[str, str | None]) -> pa.RecordBatch:
    import pyarrow as pa

    given = {"page_id": "text", "source_path": "-", "warnings": [], "margins": [], "text": text} | dict(
        fields
    )
    schema = records.PAGES.schema()
    return pa.RecordBatch.from_arrays(
        [pa.array([given.get(field.name)], field.type) for field in schema], schema=schema
    )
