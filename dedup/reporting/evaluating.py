"""An evaluation on a terminal: tables of recall and precision, a curve, and the audit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup.reporting import blocks, phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

    from dedup import results, scores

_LEFT_OUT = 5
_PAIRS = 5
_MISSED = 20
_WHOLE = 0.99995
_BAR_CELLS = 30
_INDENT = 2


def show(console: Console, result: results.Result, found: scores.Evaluation, folder: str) -> None:
    """Print an evaluation.

    Parameters
    ----------
    folder : where the tables are, as the user named it
    """
    from rich.text import Text

    told = [
        phrases.count(result.articles.num_rows, "story", "stories"),
        phrases.count(result.matches.num_rows, "match", "matches"),
    ]
    rows: list[tuple[str, RenderableType]] = [("scan", Text(f"{phrases.clean(folder)}: {', '.join(told)}"))]
    if found.pairs or found.clusters:
        rows.append(("labels", Text(_counted(found))))
    console.print(blocks.grid(rows))
    if found.pairs:
        _pairs(console, found.pairs)
    if found.curve:
        _curve(console, found.curve)
    if found.clusters:
        _clusters(console, found.clusters)
    if found.pairs:
        _listed(console, "Labelled pairs that are no match, greatest figure first", found.pairs.missed)
        _listed(console, "Hard negatives in one cluster, then those matched", found.pairs.wrong)
    if found.audit:
        _audit(console, found.audit)
    _left_out(console, "Rows left out: no article of that id in the scan", found.not_read)


def figure(value: float | None) -> str:
    """Return a figure with four decimals; only a whole one is 1, only nothing is 0, and one that is not known a dash.

    >>> figure(0.96783), figure(0.99999), figure(1.0), figure(0.0), figure(None)
    ('.9678', '.9999', '1', '0', '–')
    """
    if value is None:
        return "–"
    if value in {0.0, 1.0}:
        return f"{value:.0f}"
    if value >= _WHOLE:
        return ".9999"
    told = f"{abs(value):.4f}".removeprefix("0")
    sign = "-" if value < 0 else ""
    return sign + (".0001" if told == ".0000" else told)


def _counted(found: scores.Evaluation) -> str:
    told = [f"{phrases.count(found.n_rows, 'row')} counted"]
    told += [f"{len(found.not_read):,} of articles that were not read"] if found.not_read else []
    told += [f"{len(found.malformed):,} malformed"] if found.malformed else []
    return ", ".join(told)


def _pairs(console: Console, found: scores.PairScores) -> None:
    by = f"by {found.band_column}" if found.band_column else "all"
    if found.positives.n_pairs:
        blocks.section(console, f"Pairs that belong together, {by}")
        _groups(console, [*found.by_band, found.positives], "recall")
    if found.negatives:
        blocks.section(console, f"Hard negatives, {by}: matches and clusters are errors")
        _groups(console, [*found.negatives_by_band, found.negatives], "matched")
    if found.by_label:
        blocks.section(console, "All pairs by label")
        _groups(console, found.by_label, "matched")
    if found.matches:
        blocks.section(console, "Matches against complete labels")
        blocks.table(console, _AGREEMENT, [("pairs", *_agreement(found.matches))])


def _groups(console: Console, groups: Sequence[scores.Group], named: str) -> None:
    head = ("", "pairs", named, "cluster", "share", "copy", "revision", "excerpt", "partial")
    rows = [
        (
            phrases.shorten(group.name, 14),
            f"{group.n_pairs:,}",
            figure(group.matched),
            figure(group.clustered),
            figure(group.mean_share),
            *(f"{getattr(group.relations, field.name):,}" for field in dataclasses.fields(group.relations)),
        )
        for group in groups
        if group.n_pairs
    ]
    blocks.table(console, head, rows)


_AGREEMENT = ("", "true", "found", "both", "precision", "recall", "F1")


def _agreement(found: scores.Agreement) -> tuple[str, ...]:
    counts = (found.n_true, found.n_found, found.n_both)
    return (
        *(f"{number:,}" for number in counts),
        figure(found.precision),
        figure(found.recall),
        figure(found.f1),
    )


def _clusters(console: Console, found: scores.ClusterScores) -> None:
    from rich.padding import Padding
    from rich.text import Text

    blocks.section(console, "Clusters against true clusters")
    cubed = found.b_cubed
    rows = [
        ("matches", *_agreement(found.matches)),
        ("cluster pairs", *_agreement(found.pairwise)),
        ("B-cubed", "", "", "", figure(cubed.precision), figure(cubed.recall), figure(cubed.f1)),
    ]
    blocks.table(console, _AGREEMENT, rows)
    told = (
        f"adjusted Rand index {figure(found.adjusted_rand)}; {phrases.count(found.n_articles, 'article')}, "
    )
    told += f"{found.n_true_clusters:,} true clusters, {found.n_found_clusters:,} found"
    told += "" if found.containers else "; containers left out"
    console.print(Padding(Text(told, style="dim"), (0, 0, 0, _INDENT)))


def _curve(console: Console, found: scores.Curve) -> None:
    from rich.text import Text

    complete = any(point.precision is not None for point in found.points)
    drawn = "F1" if complete else "recall"
    blocks.section(console, f"Matches of at least so much {found.figure}: {drawn} as a bar")
    wrong = any(point.n_wrong for point in found.points)
    head = ["least", "recall", *(["precision", "F1"] if complete else []), *(["wrong"] if wrong else []), ""]
    rows: list[list[RenderableType]] = []
    for point in found.points:
        known = [figure(point.recall)]
        known += [figure(point.precision), figure(point.f1)] if complete else []
        known += [f"{point.n_wrong:,}"] if wrong else []
        height = (point.f1 if complete else point.recall) or 0.0
        bar = Text("█" * round(height * _BAR_CELLS), style="cyan")
        rows.append([f"{point.threshold:.2f}", *known, bar])
    blocks.table(console, head, rows, left=(len(head) - 1,))


def _audit(console: Console, found: scores.Audit) -> None:
    from rich.text import Text

    sampled = phrases.count(found.n_sampled, "article")
    blocks.section(console, f"Audit: {sampled} compared with all {found.n_articles:,}, without an index")
    rows: list[tuple[str, RenderableType]] = [
        ("pairs", Text(f"{found.n_pairs:,} that the scan should report, {found.n_reported:,} that it does"))
    ]
    if found.recall is not None:
        ends = f"{figure(found.recall_low)} to {figure(found.recall_high)}"
        rows.append(("recall", Text(f"{figure(found.recall)}  (95% interval: {ends})")))
    if found.n_changed:
        told = f"{phrases.count(found.n_changed, 'article')} new, gone or changed since the scan; not in the sample"
        rows.append(("warning", Text(told, style="yellow")))
    console.print(blocks.grid(rows))
    console.print()
    head = ("greater share", "pairs", "reported", "recall")
    blocks.table(console, head, [_audited(group) for group in found.by_band])
    console.print()
    head = ("relation", *head[1:])
    blocks.table(console, head, [_audited(group) for group in found.by_relation])
    if found.missed:
        blocks.section(
            console, f"Pairs that the scan does not report, the greatest share first: {len(found.missed):,}"
        )
    for pair in found.missed[:_MISSED]:
        shares = f"{phrases.share(pair.share_a)} of the first, {phrases.share(pair.share_b)} of the other"
        told = f"{pair.relation}, {shares}"
        _pair(console, pair.article_a, pair.article_b, told)
    _more(console, len(found.missed) - _MISSED, "pairs")


def _audited(group: scores.AuditGroup) -> tuple[str, ...]:
    return (group.name, f"{group.n_pairs:,}", f"{group.n_reported:,}", figure(group.recall))


def _listed(console: Console, title: str, pairs: Sequence[scores.LabelledPair]) -> None:
    if not pairs:
        return
    order = sorted(pairs, key=_gravity)
    blocks.section(console, f"{title}: {len(pairs):,}")
    for pair in order[:_PAIRS]:
        told = [pair.label] if pair.label else []
        told += [f"labelled {figure(pair.figure)}"] if pair.figure is not None else []
        told += [f"{pair.relation}, share {figure(pair.share)}"] if pair.relation else ["no match"]
        told += ["in a common cluster"] if pair.clustered else []
        _pair(console, pair.id_a, pair.id_b, ", ".join(told))
    _more(console, len(pairs) - _PAIRS, "pairs")


def _gravity(pair: scores.LabelledPair) -> tuple[bool, float, float, str, str]:
    """Return what puts one pair before another: a common cluster, then its figure, then what was reported."""
    return not pair.clustered, -(pair.figure or 0.0), -pair.share, pair.id_a, pair.id_b


def _pair(console: Console, first: str, second: str, told: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    cells = console.width - 4
    text = Text(f"{phrases.fold(first, cells)}\n{phrases.fold(second, cells)}")
    text.append(f"\n  {phrases.clean(told)}", style="dim")
    console.print(Padding(text, (0, 0, 0, 2)))


def _left_out(console: Console, title: str, rows: Sequence[scores.LeftOut]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if not rows:
        return
    blocks.section(console, f"{title}: {len(rows):,}")
    for row in rows[:_LEFT_OUT]:
        console.print(Padding(Text(phrases.fold(f"{row.path}:{row.line}", console.width - 4)), (0, 0, 0, 2)))
        reason = phrases.fold(row.reason, console.width - 6)
        console.print(Padding(Text(reason, style="yellow"), (0, 0, 0, 4)))
    _more(console, len(rows) - _LEFT_OUT, "rows")


def _more(console: Console, left: int, noun: str) -> None:
    from rich.text import Text

    if left > 0:
        console.print(Text(f"  and {left:,} more {noun} with --json", style="dim"))
