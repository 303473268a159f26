"""Whether a story has been published before: what the index holds of it, and whose text it is. Nothing is written."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup import errors, findings, packing, reading, records
from dedup.engines import cases, local
from dedup.index import adding, archives, comparing, probing, regrouping, rows, telling
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from dedup.engines import judging
    from dedup.index.archives import Some
    from dedup.index.store import Store

_MOST_JUDGED = 20  # articles of a cluster that is judged anew with a story; of more what is said of it stands
_MOST_AROUND = 200
_ROUNDS = 1
_APART = "\n"  # what follows the id of a story where the index has another text of that id
_FIELDS = ("page_id", "title", "outlet", "url", "byline", "published")


def check(
    store: Store, paths: Sequence[str], engine: local.Local, judges: judging.Judges
) -> findings.Checked:
    """Return for each story in files and folders what the index holds of it.

    Raises
    ------
    PathError : a path is missing
    EmptyArchiveError : there is no file to read
    """
    log = reading.ReadingLog()
    batches = engine.parse(reading.blocks(paths, store.settings, log), log)
    found = [finding for batch in batches for finding in check_pages(store, batch, engine, judges)]
    return findings.Checked(tuple(found), tuple(log.rejects))


def check_text(
    store: Store, text: str, fields: Mapping[str, str | None], engine: local.Local, judges: judging.Judges
) -> findings.Finding:
    """Return what the index holds of one text; see `Index.check_text`."""
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown:
        message = f'"{unknown[0]}" is no field of a text: they are {", ".join(_FIELDS)}'
        raise errors.UsageError(message)
    try:
        text.encode()
    except (AttributeError, UnicodeEncodeError) as error:
        message = "a text to check must be a string of characters that UTF-8 can write"
        raise errors.UsageError(message) from error
    if not text.strip():
        message = "a text to check must not be empty"
        raise errors.UsageError(message)
    return next(check_pages(store, _page(text, fields), engine, judges))


def check_pages(
    store: Store, pages: pa.RecordBatch, engine: local.Local, judges: judging.Judges
) -> Iterator[findings.Finding]:
    """Yield for each story of some pages what the index holds of it, as it stands at that moment.

    Parameters
    ----------
    pages : the columns of `records.PAGES`
    """
    part = local.sketch_batch(pages, engine.settings)
    with store.reading():
        dead = adding.known_boilerplate(store, part.pages, part.stories.pages, part.lines)
    for row in rows.of_part(part, dead):
        with store.reading():
            found = _check(store, row, engine, judges)
        yield found


@dataclasses.dataclass(frozen=True, slots=True)
class _Story:
    """A story alone, with what it may match, and the matches; `left_out` are articles of the file not asked."""

    row: rows.Row
    left_out: frozenset[int]
    others: dict[int, rows.Row]
    alone: Some
    some: Some
    found: comparing.Compared


def _check(store: Store, row: rows.Row, engine: local.Local, judges: judging.Judges) -> findings.Finding:
    same = store.rows(
        "SELECT s.number, CAST(t.text AS BLOB), p.page_id FROM stories s JOIN pages p USING (page)"
        " JOIN texts t USING (page) WHERE s.article_id = ?",
        (row.article_id,),
    )
    known = bool(same) and same[0][1:] == (row.text, row.page_id)
    left_out = frozenset({same[0][0]} if known else ())
    if same and not known:
        row = row._replace(article_id=f"{row.article_id}{_APART}")
    fresh = archives.of([row], engine.settings)
    asked = probing.keys(store, fresh, engine)
    pairs = probing.find(store, fresh, asked, left_out).pairs if len(asked.places) else set()
    others = rows.load(store, {other for _, other in pairs})
    some = archives.of([row, *others], engine.settings) if others else fresh
    found = comparing.compare(some, pairs, engine)
    story = _Story(row, left_out, {other.number: other for other in others}, fresh, some, found)
    matches = _matches(store, story)
    return findings.Finding(
        row.article_id.removesuffix(_APART),
        row.source_path,
        row.line,
        rows.title(row),
        row.n_words,
        known or bool(matches),
        known,
        matches,
        _whose(store, story, engine, judges),
    )


def _matches(store: Store, story: _Story) -> tuple[findings.Match, ...]:
    """Return the matches of a story, the nearest first."""
    matches, passages, numbers = story.found.matches, story.found.passages, story.some.numbers
    if len(matches) == 0:
        return ()
    clusters: dict[int, list[str]] = {}
    a, b = numbers[matches.a].tolist(), numbers[matches.b].tolist()
    query = (
        "SELECT m.number, c.cluster_id FROM memberships m JOIN clusters c USING (cluster)"
        " WHERE m.number IN ({}) ORDER BY c.cluster_id"
    )
    for number, cluster_id in store.rows_of(query, {number for number in (*a, *b) if number >= 0}):
        clusters.setdefault(number, []).append(cluster_id)
    text = story.row.text.decode()
    made = []
    for place in range(len(matches)):
        is_first = a[place] < 0
        other = story.others[b[place] if is_first else a[place]]
        their_text = other.text.decode()
        shares = float(matches.share_a[place]), float(matches.share_b[place])
        spans = range(int(passages.offsets[place]), int(passages.offsets[place + 1]))
        made.append(
            findings.Match(
                other.article_id,
                matching.RELATIONS[int(matches.relations[place])],
                float(matches.jaccard[place]),
                *(shares if is_first else shares[::-1]),
                int(passages.shared_words[place]),
                rows.title(other),
                other.outlet,
                other.url,
                other.head_published or other.published,
                tuple(clusters.get(other.number, ())),
                tuple(_passage(passages, span, text, their_text, is_first=is_first) for span in spans),
            )
        )
    made.sort(key=lambda match: (-max(match.share, match.their_share), -match.shared_words, match.article_id))
    return tuple(made)


def _passage(
    passages: aligning.Passages, place: int, text: str, their_text: str, *, is_first: bool
) -> findings.Passage:
    one, other = passages.spans[place, :2].tolist(), passages.spans[place, 2:].tolist()
    (start, end), (their_start, their_end) = (one, other) if is_first else (other, one)
    edits = int(passages.edits[place])
    words, their_words = text[start:end], their_text[their_start:their_end]
    return findings.Passage(start, end, their_start, their_end, edits, words, their_words)


def _whose(
    store: Store, story: _Story, engine: local.Local, judges: judging.Judges
) -> tuple[findings.Whose, ...]:
    """Return whose text a story is: of each cluster that it would stand in, else what its own credit says."""
    found, some = story.found, story.some
    strong = found.matches.relations != matching.PARTIAL
    bound = {*some.numbers[found.matches.a[strong]].tolist(), *some.numbers[found.matches.b[strong]].tolist()}
    bound = {number for number in bound if number >= 0}
    if story.left_out:
        return tuple(one for each in telling.whose(store, story.left_out).values() for one in each)
    symmetric = strong & (found.matches.relations != matching.EXCERPT)
    alike = {
        *some.numbers[found.matches.a[symmetric]].tolist(),
        *some.numbers[found.matches.b[symmetric]].tolist(),
    }
    large = _of_large(store, {number for number in alike if number >= 0})
    if large:
        return large
    around = regrouping.around(store, bound, _ROUNDS, _MOST_AROUND) - story.left_out if bound else set()
    known, chosen, whole = comparing.none(), cases.none(), story.alone
    if around:
        others = [story.others[number] for number in around & story.others.keys()]
        others += rows.load(store, around - story.others.keys())
        whole = archives.of([story.row, *others], engine.settings)
    archive, own = whole.archive, int(np.flatnonzero(whole.numbers < 0)[0])
    if around:
        known = _joined(comparing.load(store, whole), found, some, whole)
        rarity = functools.partial(regrouping.rarity_known, store)
        clusters = cases.clusters(archive, known.matches, known.passages, engine.settings, engine.map, rarity)
        chosen = clusters.take(np.unique(clusters.numbers()[clusters.articles == own]))
    if len(chosen) == 0:
        is_own = np.arange(len(archive)) == own
        chosen = chosen + cases.lone(archive, chosen, judges.agencies, engine.map, is_own)
    if len(chosen) == 0:
        return ()
    asked = cases.cases(archive, chosen, known.matches, known.passages)
    verdicts = judges.attribute(asked, engine.map)
    return tuple(_told(store, chosen, case, verdicts, whole) for case in range(len(chosen)))


def _of_large(store: Store, numbers: set[int]) -> tuple[findings.Whose, ...]:
    """Return whose text the large clusters are whose core some articles belong to, as the index has it."""
    query = (
        "SELECT m.number, c.n_articles FROM memberships m JOIN clusters c USING (cluster)"
        " WHERE m.number IN ({}) AND m.by_text IN ('copy', 'revision')"
    )
    within = {number for number, size in store.rows_of(query, numbers) if size > _MOST_JUDGED}
    told = telling.whose(store, within)
    found = {one.cluster_id: one for each in told.values() for one in each if one.n_articles > _MOST_JUDGED}
    return tuple(
        dataclasses.replace(one, n_articles=one.n_articles + 1)
        for _, one in sorted(found.items(), key=lambda item: item[0] or "")
    )


def _told(
    store: Store, clusters: cases.Clusters, case: int, verdicts: records.Verdicts, whole: Some
) -> findings.Whose:
    verdict = verdicts.verdict(case)
    begin, end = clusters.offsets[case : case + 2].tolist()
    articles = clusters.articles[begin:end].tolist()
    ids = [whole.archive.article_ids[article].as_py().removesuffix(_APART) for article in articles]
    core = clusters.articles[begin:end][clusters.roles[begin:end] <= cases.ROLES.index("revision")]
    stored = [number for number in whole.numbers[core].tolist() if number >= 0]
    query = (
        "SELECT c.cluster_id, COUNT(*) FROM memberships m JOIN clusters c USING (cluster)"
        " WHERE m.number IN ({}) AND m.by_text IN ('copy', 'revision') GROUP BY c.cluster_id"
    )
    standing = sorted(store.rows_of(query, stored), key=lambda found: (-found[1], found[0]))
    pieces = sorted(verdict.evidence, key=lambda piece: -piece.weight)
    return findings.Whose(
        standing[0][0] if standing else None,
        len(articles),
        verdict.origin_name,
        verdict.origin_kind,
        None if verdict.origin is None else ids[verdict.origin],
        tuple(verdict.co_origins),
        verdict.level,
        verdict.runner_up,
        None if verdict.first is None else ids[verdict.first],
        verdict.first_published,
        tuple(
            findings.Quote(
                ids[piece.story], piece.rule, piece.says, piece.candidate, piece.weight, piece.quote
            )
            for piece in pieces
        ),
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

    given = {"page_id": "text", "source_path": "-", "warnings": [], "margins": [], "text": text}
    given |= {name: value for name, value in fields.items() if value is not None}
    schema = records.PAGES.schema()
    return pa.RecordBatch.from_arrays(
        [pa.array([given.get(field.name)], field.type) for field in schema], schema=schema
    )
