"""What an index is, and how it stands to a scan of what it holds: counted by such a scan, which writes nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import findings, packing, settings
from dedup.engines import assembling, clock
from dedup.index import compacting, rows, schema

if TYPE_CHECKING:
    from dedup.engines import judging, local, workspace
    from dedup.index.store import Store

_FIGURES = ("jaccard", "share_a", "share_b", "shared_words")


@dataclasses.dataclass(frozen=True, slots=True)
class Apart:
    """How far an index is from a scan: None where that was not counted."""

    n_lines_boilerplate: int | None = None
    n_pairs_lost: int | None = None
    n_pairs_changed: int | None = None
    n_pairs_missing: int | None = None


def describe(
    store: Store,
    engine: local.Local,
    judges: judging.Judges,
    space: workspace.Workspace,
    *,
    is_counted: bool = True,
) -> findings.Account:
    """Return what an index is; where articles came or went since it was compacted, a scan counts the difference.

    Parameters
    ----------
    is_counted : whether the difference is counted; else its figures are None
    """
    state = store.state()
    is_same = state.n_added == state.n_removed == 0
    apart = Apart(0, 0, 0, 0) if is_same else _compare(store, engine, space) if is_counted else Apart()
    with store.reading():
        sizes = store.rows("SELECT n_articles > 1, COUNT(*) FROM clusters GROUP BY 1")
        n_clusters = dict(sizes)
        own, default = store.settings.as_dict(), settings.Settings().as_dict()
        dates = store.rows("SELECT MIN(published), MAX(published) FROM pages WHERE published IS NOT NULL")[0]
        overrides = judges.overrides.version
        return findings.Account(
            path=str(store.path),
            size_bytes=store.path.stat().st_size,
            text_bytes=store.fact("text_bytes") or 0,
            schema_version=schema.VERSION,
            made=store.fact("made"),
            settings={name: value for name, value in own.items() if value != default[name]},
            settings_digest=store.fact("settings_digest"),
            n_articles=store.n_articles(),
            n_matches=store.value("SELECT COUNT(*) FROM pairs"),
            n_clusters=n_clusters.get(1, 0),
            n_lone=n_clusters.get(0, 0),
            first_published=dates[0],
            last_published=dates[1],
            compacted=state.compacted,
            n_added=state.n_added,
            n_removed=state.n_removed,
            n_keys_frequent=store.value("SELECT COUNT(*) FROM frequent_keys WHERE is_new"),
            n_lines_boilerplate=apart.n_lines_boilerplate,
            n_pairs_lost=apart.n_pairs_lost,
            n_pairs_changed=apart.n_pairs_changed,
            n_pairs_missing=apart.n_pairs_missing,
            agencies_changed=(state.agencies_version, state.overrides_version)
            != (judges.agencies.version, overrides)
            and state.compacted is not None,
            watched=tuple(source for (source,) in store.rows("SELECT source FROM watched ORDER BY source")),
        )


def _compare(store: Store, engine: local.Local, space: workspace.Workspace) -> Apart:
    """Return how far an index is from a scan of what it holds, by its matches."""
    from dedup import pipeline

    with store.reading():
        engine.progress.stage("reading and sketching")
        stored: list[int] = []
        parts = engine.sketch_pages(compacting.stored(store, stored))
        archive = assembling.build(parts, [], space, engine.map, store.fact("text_bytes"))
        engine.progress.stage("learning boilerplate")
        archive, boilerplate = engine.mask(archive)
        numbers = compacting.Placed.of(store, archive, stored).numbers
        before = rows.dead_of(store, numbers, archive.lines.offsets)
        n_lines = int((boilerplate.learned.dead != before).sum())
        compared = pipeline.compare(archive, engine, clock.Clock(engine.progress))
        engine.progress.stage("comparing")
        columns = ", ".join(("a", "b", *_FIGURES))
        listed = store.rows(f"SELECT {columns} FROM pairs")  # noqa: S608  (names are ours)
    matches = compared.matches
    fresh = packing.pack(numbers[matches.a], numbers[matches.b])
    order = np.argsort(fresh)
    figures = np.column_stack(
        (matches.jaccard, matches.share_a, matches.share_b, compared.passages.shared_words)
    )
    table = np.array(listed, np.float64).reshape(-1, 2 + len(_FIGURES))
    ours = packing.pack(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
    common = packing.contains(fresh[order], ours)
    rows_of = order[np.searchsorted(fresh, ours[common], sorter=order)]
    differ = (figures[rows_of] != table[common, 2:]).any(axis=1)
    n_lost, n_common = int((~common).sum()), int(common.sum())
    return Apart(n_lines, n_lost, int(differ.sum()), len(fresh) - n_common)
