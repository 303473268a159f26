"""The tables of a scan, from an index: its articles, matches and clusters as they stand, and all that follows."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup import pipeline, records, results
from dedup.engines import assembling, cases, clock, masking
from dedup.index import archives, compacting, comparing, rows
from dedup.text.boilerplate import learning

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines import judging, local, workspace
    from dedup.index.store import Store


def export(
    store: Store, engine: local.Local, judges: judging.Judges, space: workspace.Workspace
) -> results.Result:
    """Return what an index holds as the result of a scan; clusters keep the ids that they have here."""
    watch = clock.Clock(engine.progress)
    with store.reading():
        watch.stage("reading and sketching")
        stored: list[int] = []
        parts = engine.sketch_pages(compacting.stored(store, stored))
        archive = assembling.build(parts, [], space, engine.map, store.fact("text_bytes") or 0)
        numbers = compacting.Placed.of(store, archive, stored).numbers
        dead = rows.dead_of(store, numbers, archive.lines.offsets)
        lines = archive.lines
        archive = engine.masked(archive, dead).without("tails", "samples", "paragraph_keys")
        watch.stage("reading the matches")
        some = archives.Some(archive, numbers, np.empty(0, np.int64), dead)
        found = comparing.load_all(store, some)
        clusters = _clusters(store, numbers)
        boilerplate = _boilerplate(store)
    compared = pipeline.Compared(archive, found.matches, found.passages, clusters, len(found.matches))
    learned = dataclasses.replace(learning.nothing(lines), dead=dead)
    made = pipeline.conclude(compared, masking.Boilerplate(learned, []), [], engine, judges, watch)
    tables = made.tables | {"boilerplate": boilerplate}
    run = pipeline.account(made, [str(store.path)], made.counts, engine, judges, watch)
    return results.Result(**tables, run=run)


def _clusters(store: Store, numbers: NDArray[np.int64]) -> cases.Clusters:
    """Return the clusters of the file, in the numbers of an archive."""
    place_of = {number: place for place, number in enumerate(numbers.tolist())}
    named = store.rows("SELECT cluster, cluster_id, leader FROM clusters ORDER BY cluster_id")
    members: dict[int, list[tuple[int, str, float]]] = {}
    for cluster, number, role, share in store.rows("SELECT cluster, number, by_text, share FROM memberships"):
        members.setdefault(cluster, []).append((place_of[number], role, share))
    listed = [sorted(members[cluster]) for cluster, _, _ in named]
    flat = list(itertools.chain.from_iterable(listed))
    return cases.Clusters(
        [name for _, name, _ in named],
        np.array([place_of[leader] for _, _, leader in named], np.int64),
        np.array([article for article, _, _ in flat], np.int64),
        np.array([cases.ROLES.index(role) for _, role, _ in flat], np.int8),
        np.array([share for _, _, share in flat], np.float64),
        records.offsets(np.array([len(some) for some in listed], np.int64)),
    )


def _boilerplate(store: Store) -> pa.Table:
    names = [column.name for column in records.BOILERPLATE.columns]
    listed = store.rows(f"SELECT {', '.join(names)} FROM boilerplate ORDER BY rank")  # noqa: S608  (names are declared)
    columns = list(zip(*listed, strict=True)) or [()] * len(names)
    return records.BOILERPLATE.arrow(dict(zip(names, columns, strict=True)))
