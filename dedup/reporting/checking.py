"""What an index holds of stories, for people: matches, passages side by side, and whose text it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.reporting import blocks, differences, phrases

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from dedup import findings

MOST_MATCHES = 10
MOST_PASSAGES = 3  # of a match, set side by side
_GUTTER = 3
_CLUES = 3
_LONGEST = 700  # characters of a passage that are shown of each side


def show(console: Console, checked: findings.Checked, *, every: bool = False) -> None:
    """Print what was found of each story.

    Parameters
    ----------
    every : whether all matches and passages are shown, however many
    """
    for place, finding in enumerate(checked.findings):
        if place:
            console.print()
        _finding(console, finding, every=every)


def line(finding: findings.Finding) -> str:
    """Return what was found of a story in one line, for a list that grows.

    >>> from dedup import findings
    >>> nothing = findings.Finding("a.txt", "a.txt", None, None, 60, False, False, (), ())
    >>> line(nothing)
    'new   a.txt'
    """
    if not finding.seen:
        return f"new   {phrases.clean(finding.article_id)}"
    parts = [f"seen  {phrases.clean(finding.article_id)}"]
    if finding.known:
        parts.append("itself in the index")
    if finding.matches:
        nearest = finding.matches[0]
        told = f"{nearest.relation} of {phrases.clean(nearest.article_id)}"
        if nearest.relation == "partial":
            told = f"shares text with {phrases.clean(nearest.article_id)}"
        share = max(nearest.share, nearest.their_share)
        parts.append(f"{told} ({share:.0%})")
        if len(finding.matches) > 1:
            parts.append(f"and {len(finding.matches) - 1:,} more")
    named = [whose for whose in finding.whose if whose.origin_name]
    if named:
        parts.append(f"{phrases.clean(named[0].origin_name or '')}, {named[0].level}")
    return "; ".join(parts)


def event(befell: findings.Event) -> str:
    """Return what befell a cluster, in one line.

    >>> from dedup import findings
    >>> event(findings.Event("c1", "merged", None, "c2"))
    'cluster c1 went into c2'
    """
    before, after = (phrases.clean(told) if told else "nobody" for told in (befell.before, befell.after))
    name = phrases.clean(befell.cluster_id)
    if befell.what == "merged":
        return f"cluster {name} went into {after}"
    if befell.what == "split":
        return f"cluster {name} parted from {before}"
    if befell.what == "ended":
        return f"cluster {name} ended"
    if befell.what == "first":
        before, after = (told if told != "nobody" else "undated" for told in (before, after))
        return f"cluster {name}: the earliest was {before}, and is {after}"
    return f"cluster {name}: its origin was {before}, and is {after}"


def _finding(console: Console, finding: findings.Finding, *, every: bool) -> None:
    from rich.text import Text

    title = phrases.clean(finding.title or finding.article_id)
    console.print(Text(phrases.shorten(title, 2 * console.width - 16), style="bold"))
    rows: list[tuple[str, RenderableType]] = [("answer", _answer(finding))]
    rows.append(("story", Text(phrases.fold(finding.article_id, blocks.room(console)))))
    for whose in finding.whose:
        rows += _whose(whose, console)
    console.print(blocks.grid(rows))
    shown = finding.matches if every else finding.matches[:MOST_MATCHES]
    for match in shown:
        _match(console, match, every=every)
    if len(finding.matches) > len(shown):
        left = len(finding.matches) - len(shown)
        console.print(
            Text(f"\nand {phrases.count(left, 'more match', 'more matches')}: --all shows them", style="dim")
        )


def _answer(finding: findings.Finding) -> Text:
    from rich.text import Text

    if not finding.seen:
        return Text("new", style="bold green").append("  nothing like it in the index", style="dim")
    told = ["this article is in the index itself"] if finding.known else []
    if finding.matches:
        relations: dict[str, int] = {}
        for match in finding.matches:
            relations[match.relation] = relations.get(match.relation, 0) + 1
        plural = {"copy": "copies", "partial": "partial"}
        told += [phrases.count(number, name, plural.get(name)) for name, number in relations.items()]
    return Text("seen before", style="bold yellow").append("  " + ", ".join(told), style="dim")


def _whose(whose: findings.Whose, console: Console) -> list[tuple[str, RenderableType]]:
    from rich.text import Text

    line = Text()
    if whose.origin_name:
        names = [phrases.clean(name) for name in (whose.origin_name, *whose.co_origins)]
        line.append(phrases.names(names), style="bold")
        line.append(f"  {whose.level}")
        here = "in the index" if whose.origin_article_id else "not in the index"
        line.append(f"  {here}", style="dim")
    else:
        line.append(whose.level, style="bold")
        if whose.runner_up:
            line.append(f"  hint: {phrases.clean(whose.runner_up)}")
    rows: list[tuple[str, RenderableType]] = [("origin", line)]
    if whose.n_articles > 1:
        name = phrases.clean(whose.cluster_id) if whose.cluster_id else "a new one"
        rows.append(
            ("cluster", Text(f"{name}, {phrases.count(whose.n_articles, 'article')} with this story"))
        )
    if whose.first_article_id:
        first = phrases.fold(whose.first_article_id, blocks.room(console) - 22)
        rows.append(("earliest", Text(f"{first}, {phrases.when(whose.first_published)}")))
    quotes = [quote for quote in whose.evidence if quote.quote and quote.candidate == whose.origin_name]
    for place, quote in enumerate(quotes[:_CLUES]):
        words = phrases.quoted(phrases.condense(quote.quote or "", 2 * blocks.room(console) - 30))
        rows.append(
            ("" if place else "evidence", Text(f"{phrases.rule(quote.rule)}  ").append(words, style="cyan"))
        )
    return rows


def _match(console: Console, match: findings.Match, *, every: bool) -> None:
    from rich.text import Text

    console.print()
    told = f"{match.relation}: {match.share:.0%} of this story, {match.their_share:.0%} of the other"
    console.print(blocks.heading(told, console))
    rows: list[tuple[str, RenderableType]] = []
    if match.title:
        rows.append(("title", Text(phrases.shorten(phrases.clean(match.title), 2 * blocks.room(console)))))
    rows.append(("article", Text(phrases.fold(match.article_id, blocks.room(console)))))
    where = [phrases.clean(match.outlet or ""), phrases.when(match.published) if match.published else ""]
    if any(where):
        rows.append(("published", Text(", ".join(part for part in where if part))))
    if match.url and match.url != match.article_id:
        rows.append(("address", Text(phrases.fold(match.url, blocks.room(console)))))
    if match.cluster_ids:
        rows.append(("cluster", Text(", ".join(map(phrases.clean, match.cluster_ids)))))
    console.print(blocks.grid(rows))
    shown = match.passages if every else match.passages[:MOST_PASSAGES]
    for passage in shown:
        _passage(console, passage, every=every)
    if len(match.passages) > len(shown):
        left = len(match.passages) - len(shown)
        console.print(Text(f"  and {phrases.count(left, 'more passage')}: --all shows them", style="dim"))


def _passage(console: Console, passage: findings.Passage, *, every: bool) -> None:
    """Print one passage, this story on the left, the other article on the right."""
    from rich.table import Table
    from rich.text import Text

    from dedup.reporting import sides

    half = (console.width - _GUTTER - 2) // 2
    table = Table.grid(padding=(0, _GUTTER, 0, 0), pad_edge=False)
    table.add_column(width=half, overflow="fold")
    table.add_column(width=half, overflow="fold")
    places = (
        f"this story, {passage.start:,}-{passage.end:,}",
        f"the other, {passage.their_start:,}-{passage.their_end:,}",
    )
    table.add_row(*(Text(place, style="dim") for place in places))
    if passage.edits == 0:
        words = passage.text if every else phrases.condense(passage.text, _LONGEST)
        theirs = passage.their_text if every else phrases.condense(passage.their_text, _LONGEST)
        table.add_row(Text(phrases.clean(words)), Text(phrases.clean(theirs)))
    else:
        for row in differences.compare(passage.text, passage.their_text):
            table.add_row(sides.side(row.left, console), sides.side(row.right, console))
    from rich.padding import Padding

    console.print(Padding(table, (1, 0, 0, 2)))
