"""The index made anew from what it holds: a scan of its own articles, with the ids that its clusters have."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import findings, pipeline, records
from dedup.engines import assembling, cases, clock, masking, topics
from dedup.index import behind, comparing, postings, regrouping, removing, rows, schema
from dedup.index import store as files
from dedup.matching import exact
from dedup.text.boilerplate import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import reading
    from dedup.engines import judging, local, workspace
    from dedup.engines.archive import Archive
    from dedup.index.store import Store

EVERYBODY = "*"
_OF_ARTICLES = (schema.PAGES, schema.STORIES, schema.PAIRS)
_OF_CLUSTERS = (schema.CLUSTERS, schema.MEMBERSHIPS, schema.PIECES)
_FREE_SHARE = 0.2  # of the file's pages, from which on it is worth writing it anew without them


def rebuild(
    store: Store,
    fresh: Iterable[assembling.Part],
    log: reading.ReadingLog,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
) -> findings.Rebuilt:
    """Make the index anew within a transaction, of what it holds and of parts that come new.

    Parameters
    ----------
    fresh : parts whose pages the index does not have
    """
    stage = engine.progress.stage
    known: list[int] = []
    parts = itertools.chain(engine.sketch_pages(stored(store, known)), fresh)
    expected = log.expected_text_bytes + (store.fact("text_bytes") or 0)
    archive = assembling.build(parts, log.rejects, space, engine.map, expected)
    placed = Placed.of(store, archive, known)
    removing.delete_pages(store, placed.dropped)
    store.following(len(placed.new), placed.n_new)
    _drop_indexes(store, (*_OF_ARTICLES, *_OF_CLUSTERS))
    with behind.Writer(store) as writer:
        writer.do(_write_pages, store, archive, placed)
        stage("learning boilerplate")
        masked, boilerplate = engine.mask(archive)
        writer.do(_write_stories, store, masked, boilerplate.learned.dead, placed, engine)
        n_pages = writer.do(_write_keys, store, masked, placed, engine)
        compared = pipeline.compare(masked, engine, clock.Clock(engine.progress))
        stage("writing articles and keys")
        writer.wait()
        before, is_taken = regrouping.standing(store), regrouping.taken(store, is_whole=True)
        found = comparing.Compared(compared.matches, compared.passages)
        writer.do(_write_matches, store, found, placed)
        stage("attributing")
        archive = compared.archive.without("marks")
        clusters = compared.clusters + cases.lone(archive, compared.clusters, judges.agencies, engine.map)
        grouped = regrouping.Grouped(archive, placed.numbers, clusters, found)
        traced = regrouping.judge(before, grouped, is_taken, engine, judges)
        rarity = topics.rarity(archive, engine.settings.min_words)
        stage("writing matches and clusters")
        writer.wait()
    events = regrouping.write(store, before, traced, is_whole=True)
    _write_boilerplate(store, archive, boilerplate)
    regrouping.remember_words(store, rarity)
    _make_indexes(store, _OF_CLUSTERS)
    store.note("text_bytes", int(np.diff(archive.page_offsets)[np.unique(archive.page_of)].sum()))
    store.note(
        "state",
        files.State(
            n_key_pages=n_pages.result(),
            compacted=files.now(),
            agencies_version=judges.agencies.version,
            overrides_version=judges.overrides.version,
        ),
    )
    return findings.Rebuilt(len(archive), len(found.matches), len(clusters), tuple(events))


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """Where the pages and articles of an archive stand in the file.

    Parameters
    ----------
    pages : (n_pages,) int64; -1 for those that were dropped
    new : (n,) int64, the pages of the archive that come new, rising
    numbers : (n_articles,) int64
    dropped : pages of the file that are not in the archive
    n_new : articles that come new
    """

    pages: NDArray[np.int64]
    new: NDArray[np.int64]
    numbers: NDArray[np.int64]
    dropped: list[int]
    n_new: int

    @classmethod
    def of(cls, store: Store, archive: Archive, stored: list[int]) -> Placed:
        """Return the numbers that pages and articles have in the file, or get there.

        Parameters
        ----------
        stored : the pages of the file, which the archive's pages begin with
        """
        n_stored = len(stored)
        pages = np.full(archive.pages.num_rows, -1)
        kept = np.unique(archive.page_of)
        new = kept[kept >= n_stored]
        given = np.array(stored, np.int64)
        old = kept[kept < n_stored]
        pages[old] = given[old]
        dropped = np.setdiff1d(given, given[old])
        first_page, first_number = store.fact("following") or (1, 1)
        pages[new] = first_page + np.arange(len(new))
        known = {
            (page, story): number
            for page, story, number in store.connection.execute("SELECT page, story, number FROM stories")
        }
        numbers = np.full(len(archive), -1)
        if known:
            listed = zip(pages[archive.page_of].tolist(), archive.number.tolist(), strict=True)
            numbers[:] = [known.get(place, -1) for place in listed]
        order = np.lexsort((archive.number, archive.page_of))
        fresh = order[numbers[order] < 0]
        numbers[fresh] = first_number + np.arange(len(fresh))
        return cls(pages, new, numbers, dropped.tolist(), len(fresh))


def stored(store: Store, numbers: list[int]) -> Iterator[pa.RecordBatch]:
    """Yield the pages of the file, one batch at least, and write their numbers to a list."""
    import pyarrow as pa

    for some, batch in rows.stored_pages(store):
        numbers += some
        yield batch
    if not numbers:
        yield pa.RecordBatch.from_pylist([], schema=records.PAGES.schema())


def _write_pages(store: Store, archive: Archive, placed: Placed) -> None:
    rows.insert_pages(store, archive, placed.new, placed.pages[placed.new])


def _write_stories(
    store: Store, archive: Archive, dead: NDArray[np.bool_], placed: Placed, engine: local.Local
) -> None:
    store.connection.execute("DELETE FROM stories")
    rows.insert_stories(store, archive, dead, placed.numbers, placed.pages, engine.able(archive))


def _write_keys(store: Store, archive: Archive, placed: Placed, engine: local.Local) -> int:
    """Return how many pages the keys of all articles make."""
    groups = exact.group(archive.sketches.digests, engine.able(archive))
    return postings.write(store, archive, groups.representatives, placed.numbers, engine.settings)


def _write_matches(store: Store, found: comparing.Compared, placed: Placed) -> None:
    store.connection.execute("DELETE FROM pairs")
    comparing.insert(store, found, placed.numbers)
    _make_indexes(store, _OF_ARTICLES)


def _drop_indexes(store: Store, tables: Iterable[schema.Stored]) -> None:
    """Drop the indexes of tables: many rows are written quicker without them."""
    for stored in tables:
        for statement in stored.drop_indexes():
            store.connection.execute(statement)


def _make_indexes(store: Store, tables: Iterable[schema.Stored]) -> None:
    for stored in tables:
        for statement in stored.create_indexes():
            store.connection.execute(statement)


def _write_boilerplate(store: Store, archive: Archive, found: masking.Boilerplate) -> None:
    """Write what was learned: as a scan shows it, and by what it is known again."""
    table = masking.table(archive, found)
    store.connection.execute("DELETE FROM boilerplate")
    columns = (table[column.name].to_pylist() for column in records.BOILERPLATE.columns)
    store.connection.executemany(
        schema.BOILERPLATE.insert(), zip(range(table.num_rows), *columns, strict=True)
    )
    store.connection.execute("DELETE FROM boilerplate_keys")
    learned = found.learned.known
    names = {-1: "", known.EVERYBODY: EVERYBODY} | dict(enumerate(found.outlets))
    keys = zip(
        learned.keys.view(np.int64).tolist(),
        [names[group] for group in learned.groups.tolist()],
        [int(is_template) for is_template in learned.are_templates.tolist()],
        strict=True,
    )
    store.connection.executemany(schema.BOILERPLATE_KEYS.insert(), sorted(set(keys)))


def compact(
    store: Store,
    log: reading.ReadingLog,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
) -> findings.Rebuilt:
    """Make the index anew from what it holds, and give back the room that it does not use."""
    space.reserve(store.fact("text_bytes") or 0)
    engine.progress.stage("reading and sketching")
    with store.writing():
        made = rebuild(store, (), log, engine, judges, space)
    free, whole = store.value("PRAGMA freelist_count"), store.value("PRAGMA page_count")
    if free > _FREE_SHARE * whole:
        engine.progress.stage("giving back room")
        with store.speaking():
            store.connection.execute("VACUUM")
    store.empty_log()
    return made
