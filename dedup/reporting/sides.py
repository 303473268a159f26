"""One cluster or passage for people: the verdict, the evidence, and how the texts differ, side by side."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dedup import errors
from dedup.reporting import blocks, differences, finding, phrases, views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, RenderableType
    from rich.text import Text

    from dedup import records, results

MOST_COMPARED = 10
_MOST_CLUES = 30
_GUTTER = 3
# of a long stretch of equal words, or of paragraphs on one side only, the ends are shown
_LONG_WORDS = 40
_END_WORDS = 12
_ALONE = 3
_STYLES = {"equal": "", "deleted": "red strike", "inserted": "bold green"}
_MARKS = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}


def compared(cluster: views.Cluster, against: str | None = None) -> list[str]:
    """Return the articles whose texts `show` compares: the origin or the first, then those set against it.

    Parameters
    ----------
    against : the one article to compare it with; without it all others, at most 10

    Raises
    ------
    ResultError : `against` is no other article of the cluster
    """
    ids = [member.article_id for member in cluster.members]
    first = cluster.origin_article_id or cluster.first_article_id
    first = (
        first
        if first in ids
        else next((member.article_id for member in cluster.members if member.role != "container"), ids[0])
    )
    others = [identity for identity in ids if identity != first]
    if against is None:
        return [first, *others[:MOST_COMPARED]]
    chosen = finding.member(ids, against)
    if chosen == first:
        message = f'"{chosen}" is what the others are compared with: name another article of the cluster'
        raise errors.ResultError(message)
    return [first, chosen]


def show(
    console: Console, cluster: views.Cluster, order: list[str], stories: Mapping[str, records.Story]
) -> None:
    """Print one cluster: its verdict, members and evidence, then the first text against each other.

    Parameters
    ----------
    order : the articles to compare, as `compared` gives them
    stories : their texts; those that are missing are left out
    """
    _verdict(console, cluster)
    console.print()
    alone = cluster.n_articles == 1
    legend = "" if alone else f" ({phrases.SHARE_LEGEND})"
    console.print(blocks.heading(f"Members: {len(cluster.members):,}{legend}", console))
    cells = blocks.room(console)
    console.print(blocks.grid([blocks.member(each, cells, cluster) for each in cluster.members]))
    _evidence(console, cluster)
    if order[0] in stories:
        for other in order[1:]:
            if other in stories:
                _differences(console, stories[order[0]], stories[other])
    left = len(cluster.members) - 1 - MOST_COMPARED
    if len(order) > MOST_COMPARED and left > 0:
        console.print(f"\nand {left:,} more members: name one with --against ARTICLE")


def show_passage(console: Console, result: results.Result, passage_id: str) -> None:
    """Print one passage: its text, whose words they are, and the articles that hold it."""
    from rich.text import Text

    passage = views.passage(result, passage_id)
    whose = phrases.clean(passage.origin_name) if passage.origin_name else "undetermined"
    rows: list[tuple[str, RenderableType]] = [
        ("passage", Text(phrases.clean(passage.passage_id))),
        (
            "origin",
            Text(whose, style="bold").append(f"  {passage.level}, {passage.origin_kind}", style="dim"),
        ),
        ("text", Text(phrases.quoted(phrases.clean(passage.text)))),
    ]
    for place, identity in enumerate(passage.article_ids):
        rows.append(("" if place else "found in", Text(phrases.fold(identity, blocks.room(console)))))
    console.print(blocks.grid(rows))


def _verdict(console: Console, cluster: views.Cluster) -> None:
    from rich.text import Text

    console.print(Text(phrases.clean(cluster.title or "(no headline)"), style="bold"))
    about = f"{phrases.clean(cluster.cluster_id)}, {blocks.size(cluster)}"
    rows: list[tuple[str, RenderableType]] = [
        ("origin", blocks.origin(cluster)),
        ("kind", Text(f"{cluster.origin_kind}, score {cluster.score:g}")),
    ]
    if cluster.runner_up and cluster.origin_name is not None:
        rows.append(("runner-up", Text(phrases.clean(cluster.runner_up))))
    if cluster.first_article_id:
        first = f"{phrases.fold(cluster.first_article_id, blocks.room(console) - 22)}"
        rows.append(("earliest", Text(f"{first}, {phrases.when(cluster.first_published)}")))
    rows.append(("cluster", Text(about)))
    console.print(blocks.grid([*rows, *blocks.warnings(cluster)]))


def _evidence(console: Console, cluster: views.Cluster) -> None:
    if not cluster.evidence:
        return
    console.print()
    console.print(blocks.heading(f"Evidence, the strongest first: {len(cluster.evidence):,}", console))
    cells = blocks.room(console)
    alike: dict[tuple[object, ...], list[views.Clue]] = {}
    for piece in cluster.evidence:
        key = (piece.weight, piece.rule, piece.says, piece.candidate, piece.field, piece.quote)
        alike.setdefault(key, []).append(piece)
    shown = list(alike.values())[:_MOST_CLUES]
    rows = [(f"{same[0].weight:+.4g}", blocks.clue(same[0], cells, others=len(same) - 1)) for same in shown]
    console.print(blocks.grid(rows))
    left = len(cluster.evidence) - sum(map(len, shown))
    if left > 0:
        console.print(f"  and {left:,} more in the table of evidence")


def _differences(console: Console, left: records.Story, right: records.Story) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(blocks.heading("Differences", console))
    half = (console.width - _GUTTER) // 2
    table = Table.grid(padding=(0, _GUTTER, 0, 0), pad_edge=False)
    table.add_column(width=half, overflow="fold")
    table.add_column(width=half, overflow="fold")
    table.add_row(*(Text(phrases.fold(story.article_id, half), style="dim") for story in (left, right)))
    for row in _condensed(differences.compare(left.text, right.text)):
        table.add_row()
        if isinstance(row, str):
            table.add_row(Text(row, style="dim"), Text(row, style="dim") if "equal" in row else "")
        else:
            table.add_row(side(row.left, console), side(row.right, console))
    console.print(table)


def _condensed(rows: list[differences.Row]) -> list[differences.Row | str]:
    """Return the rows, long runs of equal ones and of ones on one side only told in a line."""
    told: list[differences.Row | str] = []
    for kind, group in itertools.groupby(rows, key=_kind):
        run = list(group)
        if kind == "equal":
            told.append(f"… {phrases.count(len(run), 'paragraph')} equal …")
        elif kind == "both" or len(run) <= _ALONE + 1:
            told.extend(run)
        else:
            side = "left" if kind == "left" else "right"
            told.extend(run[: _ALONE - 1])
            told.append(f"… {phrases.count(len(run) - _ALONE, 'paragraph')} on the {side} only …")
            told.append(run[-1])
    return told


def _kind(row: differences.Row) -> str:
    if row.equal:
        return "equal"
    return "both" if row.left and row.right else "left" if row.left else "right"


def side(pieces: tuple[differences.Piece, ...], console: Console) -> Text:
    """Return one side of a comparison: coloured where the console has colours, else with marks."""
    from rich.text import Text

    coloured = console.color_system is not None and not console.no_color
    line = Text()
    for place, piece in enumerate(pieces):
        before, after = ("", "") if coloured else _MARKS[piece.kind]
        line.append(" " if place else "")
        text = phrases.clean(piece.text)
        words = text.split(" ")
        if piece.kind == "equal" and len(words) > _LONG_WORDS:
            text = " ".join([*words[:_END_WORDS], "…", *words[-_END_WORDS:]])
        line.append(f"{before}{text}{after}", style=_STYLES[piece.kind] if coloured else "")
    return line
