"""A benchmark on a terminal: the speed, where the seconds went, what was found, and datasketch beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.reporting import blocks, evaluating, phrases

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from dedup import costs

_BAR_CELLS = 30


def show(console: Console, found: costs.Benchmark) -> None:
    """Print a benchmark."""
    console.print(blocks.grid(_overview(found)))
    _stages(console, found)
    if found.peer is not None:
        _peer(console, found.scan, found.peer)
    elif found.scan.pairs is not None:
        _pairs(console, found.scan)


def _overview(found: costs.Benchmark) -> list[tuple[str, RenderableType]]:
    from rich.text import Text

    machine, scan = found.machine, found.scan
    told = f"{machine.processor}, {phrases.count(machine.cores, 'core')}; {machine.system}, "
    told += f"Python {machine.python}, dedup {machine.dedup}"
    made = ", made with planted copies" if found.corpus.planted else ""
    articles = phrases.count(found.corpus.n_articles, "article")
    threads = phrases.count(scan.threads, "thread")
    took = f"{phrases.elapsed(scan.spent.wall_s)} on {threads}, {_memory(scan)} at the peak"
    rows: list[tuple[str, RenderableType]] = [
        ("machine", Text(phrases.clean(told))),
        ("corpus", Text(f"{articles}, {found.corpus.size_bytes / 1e6:,.1f} MB{made}")),
        ("scan", Text(took, style="bold")),
        ("speed", Text(f"{scan.articles_per_s:,.0f} articles/s, {scan.bytes_per_s / 1e6:,.1f} MB/s", "bold")),
    ]
    if found.n_rejects:
        left_out = f"{phrases.count(found.n_rejects, 'record')} left out"
        rows.append(("warning", Text(left_out, style="yellow")))
    return rows


def _stages(console: Console, found: costs.Benchmark) -> None:
    from rich.text import Text

    blocks.section(console, "Where the seconds went")
    greatest = max(stage.share for stage in found.stages) or 1.0
    rows: list[list[RenderableType]] = [
        [
            stage.name,
            f"{stage.wall_s:,.2f}",
            phrases.share(stage.share),
            Text("█" * round(stage.share / greatest * _BAR_CELLS), style="cyan"),
        ]
        for stage in found.stages
    ]
    blocks.table(console, ("stage", "seconds", "share", ""), rows, left=(3,))


def _pairs(console: Console, scan: costs.Tool) -> None:
    blocks.section(console, "Pairs of articles in a common cluster, against those planted")
    if scan.pairs is not None:
        told = [f"{number:,}" for number in (scan.pairs.n_true, scan.pairs.n_found, scan.pairs.n_both)]
        head = ("planted", "found", "both", "precision", "recall", "F1")
        blocks.table(console, head, [[*told, *_agreement(scan)]])


def _peer(console: Console, scan: costs.Tool, peer: costs.Tool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    blocks.section(console, "Against datasketch")
    planted = scan.pairs is not None
    head = ["", "threads", "seconds", "articles/s", "memory"]
    head += ["precision", "recall", "F1"] if planted else []
    rows = [
        [
            tool.name,
            f"{tool.threads}",
            f"{tool.spent.wall_s:,.1f}",
            f"{tool.articles_per_s:,.0f}",
            _memory(tool),
            *_agreement(tool),
        ]
        for tool in (scan, peer)
    ]
    blocks.table(console, head, rows)
    times = peer.spent.wall_s / scan.spent.wall_s
    faster, factor = ("The scan", times) if times >= 1 else ("datasketch", 1 / times)
    told = f"{faster} is {factor:.1f} times as fast."
    if planted:
        told += " Precision and recall are of pairs of articles, against those planted."
    told += " datasketch compares whole articles and verifies nothing."
    console.print(Padding(Text(told, style="dim"), (0, 0, 0, 2)))


def _agreement(tool: costs.Tool) -> list[str]:
    if tool.pairs is None:
        return []
    return [evaluating.figure(each) for each in (tool.pairs.precision, tool.pairs.recall, tool.pairs.f1)]


def _memory(tool: costs.Tool) -> str:
    return f"{tool.spent.peak_bytes / 1e6:,.0f} MB"
