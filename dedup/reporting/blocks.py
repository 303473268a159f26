"""The parts of a page in a terminal that the summary and the view of one cluster share."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Literal, TextIO

from dedup.reporting import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType
    from rich.text import Text

    from dedup.reporting import views

MOST_CELLS = 120
LABEL_CELLS = 9
_INDENT = 2
_SHARE_CELLS = 4
_LEVELS = {"stated": "green", "inferred": "cyan", "conflicting": "red", "undetermined": "yellow"}
_QUOTE_LINES = 2
_MOST_QUOTED = 2_000
_MOST_CLAIMS = 4
_OVERRIDE = "override"


@contextlib.contextmanager
def page(stream: TextIO | None = None) -> Iterator[Console]:
    """Give a console for a page of at most 120 cells: in colour on a terminal, else plain, without trailing spaces.

    Parameters
    ----------
    stream : where the page goes; standard output without it
    """
    import io

    from rich.console import Console

    stream = stream or sys.stdout
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, MOST_CELLS)
    if console.is_terminal:
        yield console
        return
    text = io.StringIO()
    yield Console(file=text, width=console.width, highlight=False, markup=False, emoji=False, no_color=True)
    try:
        stream.writelines(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())
        stream.flush()
    except BrokenPipeError:
        # the reader has seen enough; what is still in the buffer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def heading(title: str, console: Console) -> Text:
    """Return a heading that a thin line fills up to the width of the page."""
    from rich import cells
    from rich.text import Text

    line = Text(title, style="bold")
    rest = console.width - cells.cell_len(title) - 1
    if rest > 0:
        line.append(" " + "─" * rest, style="dim")
    return line


def section(console: Console, title: str) -> None:
    """Print an empty line and a heading."""
    console.print()
    console.print(heading(title, console))


def table(
    console: Console,
    head: Sequence[str],
    rows: Sequence[Sequence[RenderableType]],
    *,
    left: tuple[int, ...] = (),
    folded: tuple[int, ...] = (),
) -> None:
    """Print a table of figures; the first column and those in `left` begin at the left, the others end at the right.

    Its columns stand closer together where the page is too narrow, and those in `folded` take several lines.
    """
    from rich.padding import Padding
    from rich.table import Table

    for gap in (2, 1):
        made = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="dim")
        for place, name in enumerate(head):
            justify: Literal["left", "right"] = "left" if place == 0 or place in left else "right"
            made.add_column(name, justify=justify, no_wrap=place not in folded)
        for row in rows:
            made.add_row(*row)
        if console.measure(made).maximum <= console.width - _INDENT:
            break
    console.print(Padding(made, (0, 0, 0, _INDENT)))


def room(console: Console) -> int:
    """Return how many cells stand beside a label."""
    return console.width - _INDENT - LABEL_CELLS - 2


def grid(rows: Sequence[tuple[str, RenderableType]]) -> RenderableType:
    """Return labels with what they stand for, the labels in a column of their own."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
    table.add_column(width=LABEL_CELLS, no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for label, value in rows:
        table.add_row(Text(label, style="dim"), value)
    return Padding(table, (0, 0, 0, _INDENT))


def origin(cluster: views.Cluster) -> Text:
    """Return whose text it is, how sure that is, and where the original stands."""
    from rich.text import Text

    style = _LEVELS.get(cluster.level, "")
    line = Text()
    if claimants(cluster):
        line.append(phrases.names([phrases.clean(name) for name in claimants(cluster)], "or"), style="bold")
        line.append("  ")
        line.append(cluster.level, style=style)
        return line
    if cluster.origin_name is None:
        line.append(cluster.level, style=f"bold {style}")
        if cluster.runner_up:
            line.append(f"  hint: {phrases.clean(cluster.runner_up)}")
        return line
    named = [phrases.clean(name) for name in (cluster.origin_name, *cluster.co_origins)]
    line.append(phrases.names(named), style="bold")
    line.append("  ")
    line.append(cluster.level, style=style)
    if cluster.level == "conflicting" and cluster.runner_up:
        line.append(f" with {phrases.clean(cluster.runner_up)}", style=style)
    here = "in this archive" if cluster.origin_article_id is not None else "not in this archive"
    line.append(f"  {here}", style="dim")
    return line


def claimants(cluster: views.Cluster) -> tuple[str, ...]:
    """Return those who are named as the origin in contradiction to each other."""
    return cluster.co_origins if cluster.origin_name is None and cluster.level == "conflicting" else ()


def size(cluster: views.Cluster) -> str:
    """Return how many articles and outlets a cluster has, and how many of these wrote: where records name outlets."""
    parts = [phrases.count(cluster.n_articles, "article")]
    if cluster.n_outlets:
        parts.append(phrases.count(cluster.n_outlets, "outlet"))
    if cluster.n_outlets > 1 and cluster.origin_name is not None:
        parts.append(f"{cluster.n_independent:,} independent")
        parts += [f"{cluster.n_uncredited:,} uncredited"] if cluster.n_uncredited else []
    return ", ".join(parts)


def member(found: views.Member, cells: int, cluster: views.Cluster) -> tuple[str, RenderableType]:
    """Return a row for one member: its role; its share and id; its date, lag, outlet and source below.

    A member that stands alone is a story, and has no share and no lag.

    Parameters
    ----------
    cells : how wide the text may be
    cluster : the cluster that it is a member of
    """
    from rich.table import Table
    from rich.text import Text

    alone = cluster.n_articles == 1
    lag = "first" if found.article_id == cluster.first_article_id else phrases.lag(found.lag_s)
    told = [phrases.when(found.published), "" if alone else lag]
    told.append(phrases.clean(found.outlet or ""))
    told.append(f"taken from {phrases.clean(found.immediate_source)}" if found.immediate_source else "")
    line = Text(phrases.fold(found.article_id, cells if alone else cells - _SHARE_CELLS - 2))
    line.append("\n" + ", ".join(part for part in told if part), style="dim")
    if alone:
        return ("story", line)
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=_SHARE_CELLS, justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(phrases.share(found.share), line)
    return ("original" if found.article_id == cluster.origin_article_id else found.role, table)


def clue(piece: views.Clue, cells: int, *, others: int | None = None) -> Text:
    """Return one piece of evidence: the rule, and the words that it rests on.

    Parameters
    ----------
    cells : how wide the text may be
    others : how many other articles say the same; with it, also whom it speaks for and where it was found
    """
    from rich import cells as widths
    from rich.text import Text

    whole = others is not None
    line = Text(phrases.rule(piece.rule))
    if piece.family == _OVERRIDE and not whole:
        line.append(f", {phrases.bearing(piece.says, piece.candidate, piece.rule, piece.family) or 'nobody'}")
    if whole:
        bearing = phrases.bearing(piece.says, piece.candidate, piece.rule, piece.family)
        line.append(f", {bearing}" if bearing else "")
        where = phrases.fold(piece.article_id, cells)
        where += f", {piece.field} {piece.start}-{piece.end}" if piece.field else ""
        where += f", and {others:,} more like it" if others else ""
        line.append(f"\n{where}", style="dim")
    if piece.quote:
        quote = phrases.condense(piece.quote, _MOST_QUOTED if whole else cells * _QUOTE_LINES - 10)
        fits = not whole and widths.cell_len(line.plain) + widths.cell_len(quote) + 4 <= cells
        line.append("  " if fits else "\n")
        line.append(phrases.quoted(quote), style="cyan")
    return line


def strongest(cluster: views.Cluster, limit: int) -> list[views.Clue]:
    """Return the strongest evidence for the verdict, or for the hint where there is none; each rule and quote once.

    Where claims contradict each other, that is the strongest for each claimant; where an override decides, that one.
    """
    name = cluster.origin_name or cluster.runner_up
    ruled = [piece for piece in cluster.evidence if piece.family == _OVERRIDE]
    if ruled:
        return ruled[:limit]
    if name is None and not claimants(cluster):
        return []
    quoted = [piece for piece in cluster.evidence if piece.quote]
    claims = [
        next((piece for piece in quoted if piece.candidate == claimant and piece.says == "origin"), None)
        for claimant in claimants(cluster)
    ]
    if any(claims):
        return [piece for piece in claims if piece is not None][:_MOST_CLAIMS]
    speaking = [piece for piece in quoted if piece.candidate == name] or quoted
    speaking.sort(key=lambda piece: piece.says not in {"origin", "co_origin"})
    by_rule = {piece.rule: piece for piece in reversed(speaking)}
    by_quote = {piece.quote: piece for piece in reversed(speaking)}
    return [piece for piece in speaking if by_rule[piece.rule] is piece and by_quote[piece.quote] is piece][
        :limit
    ]


def warnings(cluster: views.Cluster) -> list[tuple[str, RenderableType]]:
    """Return a row for each thing that was odd about a cluster or its members, each once."""
    from rich.text import Text

    told = [*cluster.warnings, *(warning for found in cluster.members for warning in found.warnings)]
    return [("warning", Text(phrases.clean(warning), style="yellow")) for warning in dict.fromkeys(told)]
