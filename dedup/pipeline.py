"""The story of a scan: files, articles, sketches, matches, clusters, verdicts, tables."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from dedup import progress, reading, results
from dedup.engines import assembling, cases, clock, judging, local, rereading, tables, workspace
from dedup.engines import passages as sharing

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pyarrow as pa

    from dedup import records
    from dedup.engines import masking
    from dedup.engines.archive import Archive
    from dedup.matching.matches import Matches
    from dedup.matching.passages import Passages
    from dedup.settings import Settings

SILENT = progress.Silent()


def scan(
    paths: Sequence[str],
    settings: Settings,
    *,
    threads: int | None = None,
    progress: progress.Progress = SILENT,
    work: str | os.PathLike[str] | None = None,
) -> results.Result:
    """Return what the archive at these paths holds more than once, and whose it is.

    Parameters
    ----------
    paths : files, folders, or `-` for standard input
    threads : how many work; None for one per core
    work : the folder of the work file; None for the system's temporary folder

    Raises
    ------
    PathError : a path is missing
    EmptyArchiveError : there is no file to read
    WorkError : the text does not fit on the disk of the work file
    """
    from dedup.engines import kernels

    space = workspace.Workspace(work)
    watch = clock.Clock(progress)
    engine = local.Local(settings, threads, progress)
    judges = judging.Judges.load(settings)
    log = reading.ReadingLog()
    with kernels.announced(progress), space:
        watch.stage("reading and sketching")
        blocks = reading.blocks(paths, settings, log)
        space.reserve(log.expected_text_bytes)
        parts = engine.sketch(blocks, log)
        archive = assembling.build(parts, log.rejects, space, engine.map, log.expected_text_bytes)
        watch.stage("learning boilerplate")
        archive, boilerplate = engine.mask(archive)
        compared = compare(archive, engine, watch)
        made = conclude(compared, boilerplate, log.rejects, engine, judges, watch)
    counts = log.counts() | {"candidate_pairs": compared.n_candidates} | made.counts
    return results.Result(**made.tables, run=account(made, paths, counts, engine, judges, watch))


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """What the articles of an archive share: its matches with their passages, and its clusters.

    Parameters
    ----------
    archive : without the sketches that only candidates are found by
    n_candidates : pairs that the indexes found
    """

    archive: Archive
    matches: Matches
    passages: Passages
    clusters: cases.Clusters
    n_candidates: int


def compare(archive: Archive, engine: local.Local, watch: clock.Clock) -> Compared:
    """Return what the articles of an archive share, once its boilerplate is out of it."""
    watch.stage("finding candidates")
    candidates = engine.candidates(archive)
    archive = archive.without("tails", "samples", "paragraph_keys")
    watch.stage("verifying")
    matches, passages = engine.match(archive, candidates)
    watch.stage("clustering")
    clusters = cases.clusters(archive, matches, passages, engine.settings, engine.map)
    return Compared(archive, matches, passages, clusters, candidates.n_found)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """The tables of a result, its counts, and the overrides that were of no use."""

    tables: dict[str, pa.Table]
    counts: dict[str, int]
    overrides_unused: list[str]


def conclude(
    compared: Compared,
    boilerplate: masking.Boilerplate,
    rejects: list[records.Reject],
    engine: local.Local,
    judges: judging.Judges,
    watch: clock.Clock,
) -> Made:
    """Return the tables of what was compared: passages, whose each cluster and passage is, and all rows."""
    watch.stage("finding passages")
    archive, matches, passages = compared.archive, compared.matches, compared.passages
    shared = sharing.clusters(archive, matches, passages, compared.clusters, engine.settings, engine.map)
    archive = archive.without("marks")
    watch.stage("attributing")
    clusters = compared.clusters
    clusters += cases.lone(archive, clusters, judges.agencies, engine.map)
    judged = judges.judge(cases.cases(archive, clusters, matches, passages), engine.map)
    asked = sharing.cases(archive, shared, sharing.ids(archive, shared))
    told = judges.attribute(asked, engine.map)
    watch.stage("making the tables")
    found = tables.Found(
        archive,
        matches,
        passages,
        clusters,
        judged.verdicts,
        shared,
        judged.syndicated,
        asked,
        told,
        boilerplate,
        rejects,
    )
    counts = tables.count(found, engine.settings.min_words)
    return Made(tables.make(found), counts, judges.unused(judged.cases, asked))


def account(
    made: Made,
    paths: Sequence[str],
    counts: dict[str, int],
    engine: local.Local,
    judges: judging.Judges,
    watch: clock.Clock,
) -> results.Run:
    """Return the account of a run, which ends here."""
    return results.Run(
        version=results.version(),
        settings=engine.settings.as_dict(),
        settings_digest=engine.settings.digest(),
        agencies_version=judges.agencies.version,
        overrides_version=judges.overrides.version,
        overrides_unused=made.overrides_unused,
        paths=list(paths),
        folder=str(Path.cwd()),
        counts=counts,
        seconds=watch.stop(),
        peak_memory_bytes=clock.peak_memory_bytes(),
    )


def reread(
    article_ids: Sequence[str], articles: pa.Table, settings: Settings, folder: str
) -> dict[str, records.Story]:
    """Return the stories of these articles, read again from their sources.

    Parameters
    ----------
    articles : the table of articles of an earlier scan
    settings : the settings of that scan
    folder : the folder that its paths are relative to

    Raises
    ------
    ResultError : a source is gone, or does not hold the article any more
    """
    return rereading.stories(article_ids, articles, settings, folder)
