"""The summary of a scan for people, in a terminal or in a plain file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from dedup.reporting import blocks, phrases, views

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from dedup import results
    from dedup.reporting import formats

_CLUSTERS = 10
_MEMBERS = 5
_MOST_MEMBERS = 100  # of a cluster, that are looked at for its title and its warnings
_LONE = 5
_PASSAGES = 3
_PAIRS = 5
_REJECTS = 5
_CLUES = 2
_WARNINGS = 3
_MOST_REASON = 240


def summarise(result: results.Result, console: Console, folder: str, form: formats.Format) -> None:
    """Print what was read and found: the largest clusters, lone stories with a credit, passages and rejects.

    Parameters
    ----------
    folder : where the tables are, as the user named it
    form : the format of the tables
    """
    clusters = views.largest(result, _CLUSTERS, most=_MOST_MEMBERS)
    lone = views.largest(result, _LONE, lone=True)
    n_lone = _n_lone(result)
    _overview(result, console)
    _clusters(clusters, result.clusters.num_rows - n_lone, console, form.file_of("clusters"))
    _lone_stories(lone, n_lone, console, form.file_of("clusters"))
    _passages(result, console, form.file_of("passages"))
    _syndication(result, console, form.file_of("syndication"))
    _rejects(result, console, form.file_of("rejects"))
    _tables(result, [*clusters, *lone][:1], console, folder)


def _overview(result: results.Result, console: Console) -> None:
    import pyarrow.compute as pc
    from rich.text import Text

    counts = result.run.counts
    words = pc.sum(result.articles["n_words"]).as_py() or 0
    read = [phrases.count(result.articles.num_rows, "story", "stories"), phrases.count(words, "word")]
    if "files" in counts:
        read.insert(0, phrases.count(counts["files"], "file"))
    read += [f"{counts['skipped']:,} skipped"] if counts.get("skipped") else []
    read += [f"{counts['too_short']:,} too short to match"] if counts.get("too_short") else []
    left_out = result.rejects.num_rows
    read += [f"{phrases.count(left_out, 'record')} left out"] if left_out else []
    lone = _n_lone(result)
    found = [phrases.count(result.clusters.num_rows - lone, "cluster")]
    found += [phrases.count(lone, "lone story", "lone stories") + " with a credit"] if lone else []
    passages = _n_passages(result)
    found += [phrases.count(passages, "shared passage")] if passages else []
    unused = [phrases.clean(one) for one in result.run.overrides_unused]
    notes = [("note", Text(f"not in this archive, for an override: {one}", style="yellow")) for one in unused]
    rows = [("read", Text(", ".join(read))), ("found", Text(", ".join(found)))]
    console.print(blocks.grid([*rows, *notes]))


def _clusters(shown: list[views.Cluster], total: int, console: Console, file: str) -> None:
    if shown:
        _section(console, f"Clusters, largest first: {total:,} ({phrases.SHARE_LEGEND})")
    for place, cluster in enumerate(shown):
        if place:
            console.print()
        _cluster(console, cluster)
    _more(console, total - len(shown), "clusters", file)


def _lone_stories(shown: list[views.Cluster], total: int, console: Console, file: str) -> None:
    if shown:
        _section(console, f"Stories found once that credit somebody else: {total:,}")
    for place, cluster in enumerate(shown):
        if place:
            console.print()
        _cluster(console, cluster)
    _more(console, total - len(shown), "stories", file)


def _cluster(console: Console, cluster: views.Cluster) -> None:
    from rich.text import Text

    title = cluster.title
    shown = phrases.shorten(title, 2 * console.width - 16) if title else "(no headline)"
    console.print(Text(shown, style="bold"))
    about = phrases.clean(cluster.cluster_id)
    if cluster.n_articles > 1:
        about += f"  {blocks.size(cluster)}"
    rows: list[tuple[str, RenderableType]] = [("origin", blocks.origin(cluster)), ("cluster", Text(about))]
    cells = blocks.room(console)
    rows += [blocks.member(each, cells, cluster) for each in cluster.members[:_MEMBERS]]
    left = cluster.n_articles - _MEMBERS
    if left > 0:
        rows.append(("", Text(f"      and {left:,} more", style="dim")))
    pieces = blocks.strongest(cluster, _CLUES)
    decided = any(piece.family == "override" for piece in pieces)
    label = (
        "override" if decided else "evidence" if cluster.origin_name or blocks.claimants(cluster) else "hint"
    )
    for place, piece in enumerate(pieces):
        rows.append(("" if place else label, blocks.clue(piece, blocks.room(console))))
    rows += blocks.warnings(cluster)[:_WARNINGS]
    console.print(blocks.grid(rows))


def _passages(result: results.Result, console: Console, file: str) -> None:
    from rich.text import Text

    shown = views.widest(result, _PASSAGES)
    if not shown:
        return
    total = _n_passages(result)
    _section(console, f"Passages in several articles, the most widely used first: {total:,}")
    rows = []
    for passage in shown:
        text = Text(phrases.quoted(phrases.shorten(passage.text, 2 * blocks.room(console) - 12)))
        whose = (
            f"{phrases.clean(passage.origin_name)}, {passage.level}"
            if passage.origin_name
            else "origin undetermined"
        )
        text.append(f"\n{phrases.clean(passage.passage_id)}, {whose}", style="dim")
        rows.append((f"{passage.n_articles:,} ×", text))
    console.print(blocks.grid(rows))
    _more(console, total - len(shown), "passages", file)


def _syndication(result: results.Result, console: Console, file: str) -> None:
    """Print who prints most of whose text, if anybody does so more than once."""
    import pyarrow.compute as pc
    from rich.text import Text

    total = result.syndication.num_rows
    order = [("n_copies", "descending"), ("source", "ascending"), ("outlet", "ascending")]
    often = result.syndication.filter(pc.greater(result.syndication["n_copies"], 1)).sort_by(order)
    if not often.num_rows:
        return
    _section(console, f"Who republishes whom, the most copies first: {phrases.count(total, 'pair')}")
    rows: list[tuple[str, RenderableType]] = []
    for row in often.slice(0, _PAIRS).to_pylist():
        line = Text(f"{phrases.clean(row['outlet'])} from {phrases.clean(row['source'])}")
        told = [f"{row['n_credited']:,} credited"]
        told += [f"median lag {phrases.lag(row['median_lag_s'])}"] if row["median_lag_s"] is not None else []
        line.append(f"\n{', '.join(told)}", style="dim")
        rows.append((f"{row['n_copies']:,} ×", line))
    console.print(blocks.grid(rows))
    _more(console, total - len(rows), "pairs", file)


def _rejects(result: results.Result, console: Console, file: str) -> None:
    from rich import cells
    from rich.padding import Padding
    from rich.text import Text

    total = result.rejects.num_rows
    if not total:
        return
    _section(console, f"Records left out: {total:,}")
    for row in result.rejects.slice(0, _REJECTS).to_pylist():
        place = row["source_path"] if row["line"] is None else f"{row['source_path']}:{row['line']}"
        reason = phrases.shorten(row["reason"], _MOST_REASON)
        text = Text(phrases.fold(place, console.width - 4))
        text.append("  " if cells.cell_len(place + reason) < console.width - 4 else "\n")
        text.append(reason, style="yellow")
        console.print(Padding(text, (0, 0, 0, 2)))
    _more(console, total - _REJECTS, "records", file)


def _tables(result: results.Result, example: list[views.Cluster], console: Console, folder: str) -> None:
    from rich.text import Text

    _section(console, "Tables")
    rows = [("written", Text(phrases.clean(folder)))]
    if example and all(member.source_path != "-" for member in example[0].members):
        command = f"dedup show {example[0].cluster_id} --in {shlex.quote(folder)}"
        rows.append(("next", Text(command, style="bold")))
    seconds = result.run.seconds
    rows.append(("took", Text(phrases.elapsed(seconds.get("total", sum(seconds.values()))))))
    console.print(blocks.grid(rows))


def _section(console: Console, title: str) -> None:
    console.print()
    console.print(blocks.heading(title, console))


def _more(console: Console, left: int, noun: str, file: str) -> None:
    from rich.text import Text

    if left > 0:
        console.print()
        console.print(Text(f"and {left:,} more {noun} in {file}", style="dim"))


def _n_lone(result: results.Result) -> int:
    import pyarrow.compute as pc

    return pc.sum(pc.equal(result.clusters["n_articles"], 1)).as_py() or 0


def _n_passages(result: results.Result) -> int:
    import pyarrow.compute as pc

    return pc.count_distinct(result.passages["passage_id"]).as_py() or 0
