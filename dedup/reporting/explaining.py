"""The verdict on one cluster or passage as an argument: for, against, and what would change it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import arguments
from dedup.reporting import blocks, phrases, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, RenderableType
    from rich.text import Text

    from dedup import records, results
    from dedup.reporting import finding

_AROUND = 70  # characters of context on each side of a quote
_MOST_PIECES = 12  # for one candidate
_MOST_AGAINST = 8
_MOST_MENTIONS = 5
_MOST_CHANGES = 6
_NAME_CELLS = 26
_MOST_SHOWN = 3
_FAMILIES = ("override", "credit", "structure", "content", "time", "prior")
_OWN_PAGE = ("own_publisher", "agency_page")
_DECIDED = "your override decides"
_CONTRADICTED = "your overrides contradict each other"
_SAID = {
    arguments.STATED: "a strong credit names it, and nothing strong speaks against it",
    arguments.INFERRED: "no strong credit names it, but it is clearly ahead",
    arguments.CONFLICTING: "strong credits contradict each other, or lead in a circle",
    arguments.UNDETERMINED: "nobody is far enough ahead: to guess would be worse",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """What is explained: a verdict with its evidence, the strongest first, and the outlet of each article.

    Outlets are named as candidates are; None where one is not known.
    """

    identity: str
    title: str
    level: str
    names: tuple[str, ...]
    origin_kind: str
    origin_article_id: str | None
    evidence: tuple[views.Clue, ...]
    articles: Mapping[str, str | None]
    warnings: tuple[str, ...]

    def quoted(self) -> list[str]:
        """Return the articles whose texts are quoted."""
        return list(dict.fromkeys(clue.article_id for clue in self.evidence if clue.field == "text"))

    def pieces(self) -> list[arguments.Piece]:
        """Return the evidence for somebody, as it is weighed."""
        return [
            arguments.Piece(
                clue.article_id, clue.family, clue.rule, clue.candidate or "", clue.says, clue.weight
            )
            for clue in self.evidence
            if clue.candidate or clue.family == "override"
        ]

    @property
    def is_overridden(self) -> bool:
        """Return whether an override decides the verdict."""
        return any(clue.family == "override" for clue in self.evidence)


def view(result: results.Result, target: finding.Target) -> Explained:
    """Return what is to be explained."""
    if target.kind == "passage":
        passage = views.passage(result, target.identity)
        names = (passage.origin_name,) if passage.origin_name else ()
        title, kind, original = passage.text, passage.origin_kind, passage.origin_article_id
        told: tuple[str, ...] = ()
        ids = passage.article_ids
        level, evidence = passage.level, views.passage_evidence(result, target.identity)
    else:
        cluster = views.cluster(result, target.identity)
        names = (*((cluster.origin_name,) if cluster.origin_name else ()), *cluster.co_origins)
        title, kind, original = (
            cluster.title or "(no headline)",
            cluster.origin_kind,
            cluster.origin_article_id,
        )
        ids = tuple(member.article_id for member in cluster.members)
        level, evidence, told = cluster.level, cluster.evidence, cluster.warnings
    outlets = {
        clue.article_id: clue.candidate for clue in evidence if clue.rule in _OWN_PAGE and clue.candidate
    }
    about = views.outlets(result, ids)
    articles = {one: outlets.get(one) or about.get(one) for one in ids}
    return Explained(target.identity, title, level, names, kind, original, evidence, articles, told)


def show(
    console: Console,
    explained: Explained,
    argued: arguments.Argued,
    stories: Mapping[str, records.Story],
) -> None:
    """Print the argument.

    Parameters
    ----------
    argued : its evidence judged again
    stories : the texts that quotes are shown in; a quote whose text is missing stands alone
    """
    from rich.text import Text

    console.print(Text(phrases.shorten(explained.title, 2 * console.width - 16), style="bold"))
    console.print(blocks.grid(_verdict(explained)))
    if argued.candidates:
        _candidates(console, argued.candidates, explained)
    chosen = {phrases.clean(name) for name in explained.names}
    weighing = [
        clue
        for clue in explained.evidence
        if (clue.candidate or clue.family == "override") and clue.says != "citation"
    ]
    _listed(
        console,
        "What speaks for it" if explained.names else "What speaks for somebody",
        [clue for clue in weighing if not chosen or phrases.clean(clue.candidate or "") in chosen],
        stories,
        _MOST_PIECES,
    )
    against = [clue for clue in weighing if chosen and phrases.clean(clue.candidate or "") not in chosen]
    _listed(console, "What speaks for others", against, stories, _MOST_AGAINST)
    mentions = [clue for clue in explained.evidence if clue.says == "citation"]
    _listed(console, "Mentions that weigh nothing", mentions, stories, _MOST_MENTIONS)
    _changes(console, explained, argued)


def _verdict(explained: Explained) -> list[tuple[str, RenderableType]]:
    from rich.text import Text

    name = Text()
    name.append(_named(explained.names), style="bold")
    said = _SAID.get(explained.level, "")
    if explained.is_overridden:
        said = _CONTRADICTED if explained.level == arguments.CONFLICTING else _DECIDED
    name.append(f"  {explained.level}: {said}")
    rows: list[tuple[str, RenderableType]] = [("origin", name)]
    if explained.names:
        where = explained.origin_article_id
        told = (
            f"its own article here: {phrases.clean(where)}"
            if where
            else "its own article is not in this archive"
        )
        rows.append(("kind", Text(f"{explained.origin_kind}; {told}")))
    rows.append(("about", Text(phrases.clean(explained.identity))))
    rows += [("warning", Text(phrases.clean(each), style="yellow")) for each in explained.warnings]
    return rows


def _named(names: Sequence[str]) -> str:
    return phrases.names([phrases.clean(name) for name in names]) if names else "nobody"


def _candidates(console: Console, found: Sequence[arguments.Candidate], explained: Explained) -> None:
    from rich.text import Text

    blocks.section(console, "Candidates: the strongest of each family counts, families add up")
    rows: list[list[RenderableType]] = []
    for one in found[:_MOST_PIECES]:
        parts = [f"{name} {one.families[name]:+.4g}" for name in _FAMILIES if name in one.families]
        note = "credits others" if one.passes_on else "" if one.is_running else "no own claim"
        made = Text(", ".join(parts))
        made.append(f"  {note}" if note else "", style="dim")
        style = "bold" if one.name in explained.names else ""
        name = phrases.shorten(phrases.clean(one.name) or "nobody", _NAME_CELLS)
        rows.append([Text(name, style=style), Text(f"{one.score:.4g}"), made])
    blocks.table(console, ["candidate", "score", "made of"], rows, left=(2,), folded=(2,))


def _listed(
    console: Console,
    title: str,
    clues: Sequence[views.Clue],
    stories: Mapping[str, records.Story],
    most: int,
) -> None:
    from rich.text import Text

    if not clues:
        return
    alike: dict[tuple[object, ...], list[views.Clue]] = {}
    for clue in clues:
        alike.setdefault((clue.rule, clue.candidate, clue.quote), []).append(clue)
    blocks.section(console, f"{title}: {len(clues):,}")
    rows: list[tuple[str, RenderableType]] = []
    for same in list(alike.values())[:most]:
        clue = same[0]
        line = Text(phrases.rule(clue.rule))
        told = phrases.bearing(clue.says, clue.candidate, clue.rule, clue.family)
        line.append(f", {told}" if told else "")
        where = phrases.fold(clue.article_id, blocks.room(console))
        where += f", {clue.field} {clue.start}-{clue.end}" if clue.field else ""
        where += f", and {len(same) - 1:,} more like it" if len(same) > 1 else ""
        line.append(f"\n{where}", style="dim")
        if clue.quote:
            line.append("\n")
            line.append_text(_in_context(clue, stories))
        rows.append((f"{clue.weight:+.4g}" if clue.weight else "0", line))
    console.print(blocks.grid(rows))
    left = len(alike) - most
    if left > 0:
        console.print(f"  and {left:,} more")


def _in_context(clue: views.Clue, stories: Mapping[str, records.Story]) -> Text:
    """Return a quote with the words around it, where its text is at hand."""
    from rich.text import Text

    quote = phrases.condense(clue.quote or "", 600)
    story = stories.get(clue.article_id)
    before = after = ""
    is_changed = story is not None and is_elsewhere(clue, story)
    if story is not None and not is_changed and clue.field == "text" and clue.start is not None:
        before = story.page_text[max(0, clue.start - _AROUND) : clue.start]
        after = story.page_text[clue.end or 0 : (clue.end or 0) + _AROUND]
    line = Text()
    if is_changed:
        line.append("not there any more: the source has changed since the scan\n", style="yellow")
    if before.strip():
        gap = " " if before[-1].isspace() else ""
        line.append(f"… {phrases.clean(' '.join(before.split()))}{gap}", style="dim")
    line.append(phrases.quoted(quote), style="cyan")
    if after.strip():
        gap = " " if after[0].isspace() else ""
        line.append(f"{gap}{phrases.clean(' '.join(after.split()))} …", style="dim")
    return line


def is_elsewhere(clue: views.Clue, story: records.Story) -> bool:
    """Return whether a quote does not stand in a text where the scan found it: the source has changed."""
    at_place = story.page_text[clue.start or 0 : clue.end or 0]
    return clue.field == "text" and clue.quote is not None and at_place != clue.quote


def _changes(console: Console, explained: Explained, argued: arguments.Argued) -> None:
    from rich.padding import Padding
    from rich.text import Text

    blocks.section(console, "What would change the verdict")
    for line in _what_would_change(explained, argued):
        console.print(Padding(Text(line), (0, 0, 0, 2)))


def _what_would_change(explained: Explained, argued: arguments.Argued) -> Iterable[str]:
    for change in argued.without[:_MOST_CHANGES]:
        whom = f" for {phrases.clean(change.candidate)}" if change.candidate else ""
        yield f"Without “{phrases.rule(change.rule)}”{whom}: {_told(change.answer)}."
    if len(argued.without) > _MOST_CHANGES:
        yield f"And {len(argued.without) - _MOST_CHANGES:,} more pieces without which it would be another."
    if explained.is_overridden:
        yield "Whatever else is found, it stays: an override decides."
        return
    if explained.origin_kind != "statement":  # whose a quotation is, no credit tells
        yield from _further_credits(argued)
    best = next((one for one in argued.candidates if one.is_running), None)
    if argued.answer.level == arguments.UNDETERMINED and best is not None:
        others = [one.score for one in argued.candidates if one.is_running and one is not best]
        needed = max(arguments.LEAST_INFERRED, max(others, default=0.0) + arguments.LEAST_LEAD) - best.score
        yield (
            f"{phrases.clean(best.name)} has {best.score:.4g}, and needs {needed:.4g} more: "
            f"{arguments.LEAST_INFERRED:g} in all, and {arguments.LEAST_LEAD:g} more than the next."
        )
    yield "An override: [[cluster]] or [[passage]] in the file that --overrides names."


def _further_credits(argued: arguments.Argued) -> Iterable[str]:
    """Yield what a strong credit of another agency would make of the verdict, and in which of the articles."""
    by_answer: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for article, answer in argued.with_another:
        if not answer.is_like(argued.answer):
            by_answer.setdefault((answer.level, answer.names), []).append(article)
    for (level, names), articles in by_answer.items():
        if len(articles) < len(argued.with_another):
            shown = [phrases.fold(article, 24) for article in articles[:_MOST_SHOWN]]
            rest = len(articles) - len(shown)
            where = phrases.names([*shown, f"{rest:,} more"] if rest else shown)
        else:
            where = "any of the articles" if len(articles) > 1 else "the article"
        yield f"A dateline of {arguments.ANOTHER} in {where}: {_told(arguments.Answer(level, names))}."


def _told(answer: arguments.Answer) -> str:
    if answer.level == arguments.UNDETERMINED:
        return answer.level
    return f"{_named(answer.names)}, {answer.level}"
