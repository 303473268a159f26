"""The story of an evaluation: labels, the ids that they name, pairs, clusters, the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import progress as progresses
from dedup import scores
from dedup.clustering import components
from dedup.evaluation import audit as auditing
from dedup.evaluation import clusterings, gold
from dedup.evaluation import pairs as scoring
from dedup.evaluation import units as numbering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup import results
    from dedup.evaluation import asking

SILENT = progresses.Silent()


def evaluate(
    result: results.Result,
    question: asking.Question,
    *,
    threads: int | None = None,
    progress: progresses.Progress = SILENT,
) -> scores.Evaluation:
    """Return how good a scan is.

    Parameters
    ----------
    threads, progress : of the audit

    Raises
    ------
    PathError : a file of labels cannot be opened
    UsageError : a file of labels has not the columns that are needed
    ResultError : the archive cannot be read again for the audit
    """
    named = ((question.pairs, False), (question.different, True))
    files = [gold.read_pairs(path, question.band_column, different=other) for path, other in named if path]
    labels = gold.read_clusters(question.clusters) if question.clusters else None
    n_rows, not_read = 0, []
    pairs = curve = clusters = audit = None
    if files:
        counted, left_out, units = _counted(result, files, question)
        n_rows += len(counted)
        not_read += left_out
        pairs, curve, clusters = by_pairs(result, counted, units, question, _band_column(files))
    if labels:
        n_named, left_out, clusters = by_clusters(result, labels, question)
        n_rows += n_named
        not_read += left_out
    if question.audit:
        audit = auditing.audit(result, question.bands, question.audit, question.seed, threads, progress)
    malformed = [row for file in (*files, labels) if file for row in file.malformed]
    return scores.Evaluation(n_rows, tuple(not_read), tuple(malformed), pairs, clusters, curve, audit)


def by_pairs(
    result: results.Result,
    rows: Sequence[gold.Pair],
    units: numbering.Units,
    question: asking.Question,
    band_column: str | None = None,
) -> tuple[scores.PairScores, scores.Curve | None, scores.ClusterScores | None]:
    """Return what a scan says of labelled pairs that it read, the curve, and the measures of clusters.

    The curve is None where none is asked for; the clusters are where the labels are not complete. The true clusters
    are the connected components of the pairs that belong together.
    """
    found, members = numbering.found(result, units), numbering.memberships(result, units)
    judged = scoring.judge(tuple(rows), units, found, members)
    complete = question.complete is not None
    scored = scoring.score(judged, question.bands, band_column, complete=complete)
    curve = scoring.curve(judged, question.curve, complete=complete) if question.curve else None
    if not complete:
        return scored, curve, None
    a, b = numbering.sides(judged.keys[judged.positive])
    true = components.components(len(units), a, b)
    n_clusters = result.clusters.num_rows
    return scored, curve, _clusters(units, true, found, members, n_clusters, containers=question.containers)


def by_clusters(
    result: results.Result, labels: gold.Labels, question: asking.Question
) -> tuple[int, list[scores.LeftOut], scores.ClusterScores]:
    """Return how many labels were counted, those whose articles were not read, and the measures of clusters."""
    named = [row.identity for row in labels.rows]
    units = numbering.number(result.articles, named, whole=question.complete == "archive")
    names: dict[str, int] = {}
    true = len(named) + np.arange(len(units))
    true[: len(named)] = [names.setdefault(row.label, len(names)) for row in labels.rows]
    left_out = [
        _left_out(labels.path, row.line, [row.identity])
        for row, read in zip(labels.rows, units.read.tolist(), strict=False)
        if not read
    ]
    found, members = numbering.found(result, units), numbering.memberships(result, units)
    n_clusters = result.clusters.num_rows
    scored = _clusters(units, true, found, members, n_clusters, containers=question.containers)
    return len(named) - len(left_out), left_out, scored


def _clusters(
    units: numbering.Units,
    true: NDArray[np.int64],
    found: numbering.Found,
    members: numbering.Memberships,
    n_clusters: int,
    *,
    containers: bool,
) -> scores.ClusterScores:
    """Return how the clusters of a scan fit the true labels of its units, (n_units,) int64."""
    assigned = clusterings.assign(members, len(units), n_clusters, containers=containers)
    table = clusterings.contingency(true[units.read], assigned[units.read])
    pairwise = clusterings.pairwise(table)
    a, b = numbering.sides(found.keys)
    return scores.ClusterScores(
        n_articles=int(units.read.sum()),
        n_true_clusters=int((table.true > 1).sum()),
        n_found_clusters=int((table.found > 1).sum()),
        containers=containers,
        pairwise=pairwise,
        b_cubed=clusterings.b_cubed(table),
        adjusted_rand=clusterings.adjusted_rand(table),
        matches=scores.agreement(pairwise.n_true, len(found.keys), int((true[a] == true[b]).sum())),
    )


def _counted(
    result: results.Result, files: Sequence[gold.Pairs], question: asking.Question
) -> tuple[list[gold.Pair], list[scores.LeftOut], numbering.Units]:
    """Return the pairs of which the scan read both ids, the others, and the units."""
    named = (identity for file in files for row in file.rows for identity in (row.id_a, row.id_b))
    units = numbering.number(result.articles, named, whole=question.complete == "archive")
    read = dict(zip(units.numbers, units.read.tolist(), strict=False))
    counted, left_out = [], []
    for file in files:
        for row in file.rows:
            gone = [identity for identity in (row.id_a, row.id_b) if not read[identity]]
            if gone:
                left_out.append(_left_out(file.path, row.line, gone))
            else:
                counted.append(row)
    return counted, left_out, units


def _left_out(path: str, line: int, gone: list[str]) -> scores.LeftOut:
    named = " and ".join(f'"{identity}"' for identity in gone)
    return scores.LeftOut(path, line, f"the scan has no article {named}")


def _band_column(files: Sequence[gold.Pairs]) -> str | None:
    return next((file.band_column for file in files if file.band_column), None)
