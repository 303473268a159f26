"""Articles that come to the index: those that it has are left out, the others matched, and what they touch made anew.

An archive as large as what the index holds makes it anew as a whole (`compacting`), which takes little longer and
learns boilerplate; what is less is matched with what stands there.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import findings, reading, records
from dedup.engines import assembling, masking, workspace
from dedup.index import archives, compacting, comparing, postings, probing, regrouping, removing, rows
from dedup.text.boilerplate import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines import judging, local
    from dedup.engines.archive import Archive
    from dedup.index.archives import Some
    from dedup.index.store import Store
    from dedup.text.boilerplate.lines import Lines

_FIELDS = [
    column.name for column in records.PAGES.columns if column.name not in ("text", "source_path", "line")
]


def add(
    store: Store,
    paths: Sequence[str],
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
) -> findings.Added:
    """Add what these files and folders hold; all of it is there when this returns, or nothing.

    Raises
    ------
    PathError : a path is missing
    EmptyArchiveError : there is no file to read
    StoreError : the file cannot be written
    """
    log = reading.ReadingLog()
    blocks = reading.blocks(paths, store.settings, log)
    n_held = store.n_articles()
    space.reserve(log.expected_text_bytes)
    if n_held == 0:
        with store.bulk():
            return _first(store, engine, judges, space, blocks, log)
    with store.writing():
        engine.progress.stage("reading")
        batches = engine.parse(blocks, log)
        if log.expected_text_bytes >= store.fact("text_bytes"):
            return add_all(store, batches, log, engine, judges, space)
        return add_pages(store, batches, log, engine, judges, space)


def _first(
    store: Store,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
    blocks: Iterable[Any],
    log: reading.ReadingLog,
) -> findings.Added:
    """Add to an index that is empty: a scan, that is written to the file."""
    if store.n_articles():  # another process was quicker
        return add_pages(store, engine.parse(blocks, log), log, engine, judges, space)
    engine.progress.stage("reading and sketching")
    parts = engine.sketch(blocks, log)
    made = compacting.rebuild(store, parts, log, engine, judges, space)
    return findings.Added(
        made.n_articles,
        n_known=0,
        n_matches=made.n_matches,
        n_held=made.n_articles,
        compacted=True,
        events=made.events,
        rejects=log.rejects,
    )


def add_all(
    store: Store,
    batches: Iterable[pa.RecordBatch],
    log: reading.ReadingLog,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
) -> findings.Added:
    """Add pages within a transaction; if as much comes new as the index holds, the whole is made anew with them."""
    added = findings.Added()
    came = _new(store, batches, log, added)
    taken: list[_Coming] = []
    held, size = store.fact("text_bytes") or 0, 0
    while size < held and (one := next(came, None)) is not None:
        if one.pages.num_rows:
            taken.append(one)
            size += one.pages.column("text").nbytes
    if size < held:
        return _add(store, taken, log, engine, judges, space, added)
    before = {number for (number,) in store.rows("SELECT number FROM stories")}
    parts = engine.sketch_pages(one.pages for one in itertools.chain(taken, came))
    made = compacting.rebuild(store, parts, log, engine, judges, space)
    added.compacted = True
    after = {number for (number,) in store.rows("SELECT number FROM stories")}
    added.n_articles = len(after - before)
    added.n_held, added.n_matches = made.n_articles, made.n_matches
    added.rejects, added.events = _each_once(log.rejects), made.events
    return added


def add_pages(
    store: Store,
    batches: Iterable[pa.RecordBatch],
    log: reading.ReadingLog,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
) -> findings.Added:
    """Add pages within a transaction: each batch is matched with all that stands there.

    Parameters
    ----------
    batches : with the columns of `records.PAGES`
    """
    added = findings.Added()
    came = _new(store, batches, log, added)
    return _add(store, came, log, engine, judges, space, added)


@dataclasses.dataclass(frozen=True, slots=True)
class _Coming:
    """Pages of a batch that the index does not have, and the pages of the file that they take the place of."""

    pages: pa.RecordBatch
    replaced: list[int]


def _add(  # noqa: PLR0913, PLR0917  (what a batch needs)
    store: Store,
    coming: Iterable[_Coming],
    log: reading.ReadingLog,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
    added: findings.Added,
) -> findings.Added:
    touched: set[int] = set()
    gone: set[int] = set()
    ids: set[str] = set()
    for first in coming:
        one, own = first, set(first.pages.column("page_id").to_pylist())
        if own & ids:  # batches before it brought some of its ids
            one = next(_new(store, [first.pages], log, added))
        ids |= own
        if one.replaced:
            left = removing.take_out(store, one.replaced, engine)
            touched |= left.touched
            gone |= left.gone
        if one.pages.num_rows:
            touched |= _add_batch(store, one.pages, log, engine, space, added)
    touched -= gone
    engine.progress.stage("clustering and attributing")
    added.events = tuple(regrouping.regroup(store, touched, engine, judges, gone))
    state = store.state()
    state.n_added += added.n_articles
    state.n_removed += len(gone)
    store.note("state", state)
    added.n_held = store.n_articles()
    added.rejects = _each_once(log.rejects)
    return added


def _each_once(rejects: list[records.Reject]) -> list[records.Reject]:
    """Return rejects without repeats: pages of one id may meet the page that is kept more than once."""
    return list(dict.fromkeys(rejects))


def known_boilerplate(
    store: Store, pages: pa.RecordBatch, page_of: NDArray[np.int64], lines: Lines
) -> NDArray[np.bool_]:
    """Return which lines of new stories are boilerplate by what the index has learned, (n_lines,) bool.

    Parameters
    ----------
    page_of : (n_stories,) int64
    """
    if not store.settings.boilerplate:
        return np.zeros(len(lines.folded), np.bool_)
    asked = set(lines.folded.view(np.int64).tolist())
    found = store.rows_of("SELECT key, outlet, is_template FROM boilerplate_keys WHERE key IN ({})", asked)
    if not found:
        return lines.furniture
    groups, names = masking.outlets_of(pages)
    number_of = {name: number for number, name in enumerate(names)} | {
        "": -1,
        compacting.EVERYBODY: known.EVERYBODY,
    }
    ours = [row for row in found if row[1] in number_of]
    texts = known.Known(
        np.array([number_of[outlet] for _, outlet, _ in ours], np.int64),
        np.array([key for key, _, _ in ours], np.int64).view(np.uint64),
        np.array([bool(is_template) for _, _, is_template in ours], np.bool_),
    )
    return known.dead(lines, groups[page_of], texts)


def _add_batch(
    store: Store,
    batch: pa.RecordBatch,
    log: reading.ReadingLog,
    engine: local.Local,
    space: workspace.Workspace,
    added: findings.Added,
) -> set[int]:
    """Return the numbers of the articles of a batch, that were written and matched with all others."""
    import pyarrow as pa

    archive = assembling.build(engine.sketch_pages([batch]), log.rejects, space, engine.map)
    taken = _taken(store, archive, log)
    if taken:
        kept = pa.array([identity not in taken for identity in batch.column("page_id").to_pylist()])
        archive = assembling.build(engine.sketch_pages([batch.filter(kept)]), [], space, engine.map)
    fresh = _write(store, archive, engine)
    asked = probing.keys(store, fresh, engine)
    found = probing.find(store, fresh, asked)
    own = set(fresh.numbers.tolist())
    others = {number for pair in found.pairs for number in pair} - own
    wanted = own & {number for pair in found.pairs for number in pair}
    some = archives.of(rows.load(store, wanted | others), engine.settings)
    compared = comparing.compare(some, found.pairs, engine)
    comparing.insert(store, compared, some.numbers)
    representatives = fresh.numbers[asked.groups.representatives]
    new = np.array([not known for known in asked.known], np.bool_)
    kept = new[asked.owners]
    postings.add(store, asked.places[kept].tolist(), representatives[asked.owners[kept]].tolist())
    postings.count(store, found.changed)
    store.note("text_bytes", store.fact("text_bytes") + len(fresh.archive.text))
    added.n_articles += len(fresh.numbers)
    added.n_matches += len(compared.matches)
    return own


def _taken(store: Store, archive: Archive, log: reading.ReadingLog) -> set[str]:
    """Return the pages of which an article has an id that another page's article has; each is rejected."""
    pages = archive.page_of.tolist()
    page_of = dict(zip(archive.article_ids.to_pylist(), pages, strict=True))
    query = (
        "SELECT s.article_id, p.source_path, p.line FROM stories s JOIN pages p USING (page)"
        " WHERE s.article_id IN ({})"
    )
    taken: set[str] = set()
    for identity, source, line in store.rows_of(query, page_of):
        page = {
            name: archive.pages.column(name)[page_of[identity]].as_py()
            for name in ("page_id", "source_path", "line")
        }
        if page["page_id"] not in taken:
            taken.add(page["page_id"])
            reason = f'id "{identity}" is also that of {_place(source, line)}, which was kept'
            log.rejects.append(records.Reject(page["source_path"], page["line"], reason))
    return taken


def _write(store: Store, archive: Archive, engine: local.Local) -> Some:
    """Write the articles of a new archive, and return them sketched without known boilerplate."""
    dead = known_boilerplate(store, archive.pages, archive.page_of, archive.lines)
    kept = np.unique(archive.page_of)
    page, number = store.following(len(kept), len(archive))
    pages = np.full(archive.pages.num_rows, -1)
    pages[kept] = page + np.arange(len(kept))
    numbers = np.empty(len(archive), np.int64)
    numbers[np.lexsort((archive.number, archive.page_of))] = number + np.arange(len(archive))
    fresh = archives.of(rows.of(archive, dead, numbers, pages), engine.settings)
    rows.insert_pages(store, archive, kept, pages[kept])
    able = engine.able(fresh.archive)
    rows.insert_stories(store, fresh.archive, fresh.dead, fresh.numbers, fresh.pages, able)
    return fresh


def _new(
    store: Store, batches: Iterable[pa.RecordBatch], log: reading.ReadingLog, added: findings.Added
) -> Iterator[_Coming]:
    """Yield of each batch the pages that the index does not have.

    Of two pages with one id the content decides which is kept, as in a scan; the other is a reject. Where the id is
    only the place of a record, which another file of that name has too, the one that comes gets an id of its own.
    """
    import pyarrow as pa

    for given_batch in batches:
        batch = _told_apart(store, given_batch)
        ids = batch.column("page_id").to_pylist()
        stored = {
            row[1]: row
            for row in store.rows_of(
                "SELECT p.page, p.page_id, p.source_path, p.line, p.warnings, p.margins, p.title, p.outlet, p.url,"
                " p.byline, p.published, t.text FROM pages p JOIN texts t USING (page) WHERE p.page_id IN ({})",
                ids,
            )
        }
        kept, replaced = np.ones(len(ids), np.bool_), []
        for place in [place for place, identity in enumerate(ids) if identity in stored]:
            row = stored[ids[place]]
            given = batch.slice(place, 1).to_pylist()[0]
            ours, theirs = _rank(_as_given(row)), _rank(given)
            if ours == theirs:
                added.n_known += 1
            else:
                wins = theirs < ours
                there, here = (row[2], row[3]), (given["source_path"], given["line"])
                winner, (source, line) = (here, there) if wins else (there, here)
                reason = f'id "{ids[place]}" is also that of {_place(*winner)}, which was kept'
                log.rejects.append(records.Reject(source, line, reason))
                replaced += [row[0]] if wins else []
            kept[place] = theirs < ours
        yield _Coming(batch if kept.all() else batch.filter(pa.array(kept)), replaced)


def _told_apart(store: Store, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return pages; those whose id is their place, and that of another text in the index, with a digest of theirs."""
    import pyarrow as pa
    import xxhash

    columns = [batch.column(name).to_pylist() for name in ("page_id", "source_path", "line")]
    placed = [row for row, told in enumerate(zip(*columns, strict=True)) if _is_place(*told)]
    if not placed:
        return batch
    ids = columns[0]
    query = "SELECT p.page_id, t.text FROM pages p JOIN texts t USING (page) WHERE p.page_id IN ({})"
    known = dict(store.rows_of(query, {ids[row] for row in placed}))
    texts = batch.column("text")
    for row in placed:
        text = texts[row].as_py()
        if known.get(ids[row], text) != text:
            ids[row] = f"{ids[row]}@{xxhash.xxh3_64_hexdigest(text.encode())}"
    place = batch.schema.get_field_index("page_id")
    return batch.set_column(place, batch.schema.field(place), pa.array(ids, pa.string()))


def _is_place(identity: str, source: str, line: int | None) -> bool:
    """Return whether the id of a page is its place, because its record has none.

    >>> _is_place("mon/feed.jsonl:3", "in/mon/feed.jsonl", 3), _is_place("l:3", "in/mon/feed.jsonl", 3)
    (True, False)
    """
    name = identity if line is None else identity.removesuffix(f":{line}")
    return f"/{source}".endswith(f"/{name}") and (line is None or name != identity)


def _as_given(row: tuple[Any, ...]) -> dict[str, Any]:
    import msgspec

    names = ("page", "page_id", "source_path", "line", "warnings", "margins")
    fields = dict(zip((*names, "title", "outlet", "url", "byline", "published", "text"), row, strict=True))
    for name in ("warnings", "margins"):
        fields[name] = msgspec.json.decode(fields[name])
    return fields


def _rank(fields: dict[str, Any]) -> tuple[bytes, str]:
    return assembling.rank(fields["text"].encode(), {name: fields[name] for name in _FIELDS})


def _place(source: str, line: int | None) -> str:
    return f"{source}:{line}" if line else source
