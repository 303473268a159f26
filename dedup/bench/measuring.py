"""The story of a benchmark: articles, a scan of them in a process of its own, its stages, datasketch."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup import costs, scores
from dedup.bench import agreements, corpora, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from dedup.progress import Progress

N_ARTICLES = 100_000
_DONE_WITH_REJECTS = 3
_WARMING_ARTICLES = 200
_OUTSIDE = "starting and writing"
_PEER = "dedup.bench.datasketch_pipeline"


def measure(
    paths: Sequence[str],
    n_articles: int,
    shown: Callable[[], AbstractContextManager[Progress]],
    *,
    threads: int | None = None,
    against_datasketch: bool = False,
) -> costs.Benchmark:
    """Return how fast a scan is, and how much it finds.

    Parameters
    ----------
    paths : the user's own archive; without any, one of `n_articles` is made
    shown : gives what is told how far it is; the scan shows its own progress, and while it runs nothing else is shown
    threads : how many work in the scan; one for each core without it

    Raises
    ------
    UsageError, EmptyArchiveError : there is nothing to read at the paths
    OutputError : the disk has too little room
    ProcessError : the scan, or datasketch, failed
    """
    with tempfile.TemporaryDirectory(prefix="dedup-bench-") as name:
        folder = Path(name)
        with shown() as progress:
            source = corpora.taken(paths) if paths else corpora.made(n_articles, folder, progress)
        _warm(folder, threads)
        spent, code = _scan(source.paths, folder / "tables", threads)
        run = _account(folder / "tables")
        with shown() as progress:
            planted = agreements.families(source.truth) if source.truth else None
            corpus = costs.Corpus(source.truth is not None, run["counts"]["articles"], source.size_bytes)
            pairs = agreements.of_clusters(folder / "tables", planted) if planted else None
            scan = _tool("dedup scan", threads or os.cpu_count() or 1, spent, corpus, pairs)
            peer = None
            if against_datasketch:
                lines = corpora.as_lines(source, folder, progress)
                progress.stage("datasketch")
                peer = _datasketch(lines, folder / "pairs.tsv", corpus, planted)
    return costs.Benchmark(
        machine=processes.machine(),
        corpus=corpus,
        scan=scan,
        stages=stages(run["seconds"], spent.wall_s),
        n_rejects=run["counts"]["rejects"] if code == _DONE_WITH_REJECTS else 0,
        peer=peer,
        ratio=spent.wall_s / peer.spent.wall_s if peer else None,
    )


def _warm(folder: Path, threads: int | None) -> None:
    """Scan a small archive, so that the kernels are compiled and the files of the libraries read."""
    from dedup import progress as progresses

    small = folder / "small"
    small.mkdir()
    source = corpora.made(_WARMING_ARTICLES, small, progresses.Silent())
    _scan(source.paths, small / "tables", threads, quiet=True)


def _scan(
    paths: Sequence[str], tables: Path, threads: int | None, *, quiet: bool = False
) -> tuple[costs.Spent, int]:
    options = ["--threads", threads] if threads else []
    options += ["--quiet"] if quiet else []
    command = processes.module("dedup", "scan", "--out", tables, *options, "--", *paths)
    environment = processes.own_package() | (processes.ONE_THREAD if threads == 1 else {})
    return processes.run(command, environment, also=(_DONE_WITH_REJECTS,))


def _datasketch(
    lines: Path, pairs: Path, corpus: costs.Corpus, planted: agreements.Families | None
) -> costs.Tool:
    import datasketch

    command = processes.module(_PEER, lines, pairs)
    spent, _ = processes.run(command, processes.own_package() | processes.ONE_THREAD)
    found = agreements.of_pairs(pairs, planted) if planted else None
    return _tool(f"datasketch {datasketch.__version__}", 1, spent, corpus, found)


def _tool(
    name: str, threads: int, spent: costs.Spent, corpus: costs.Corpus, pairs: scores.Agreement | None
) -> costs.Tool:
    return costs.Tool(
        name,
        threads,
        spent,
        corpus.n_articles / spent.wall_s,
        corpus.size_bytes / spent.wall_s,
        pairs,
    )


def _account(tables: Path) -> dict[str, Any]:
    """Return what the scan said of itself."""
    import msgspec

    account: dict[str, Any] = msgspec.json.decode((tables / "run.json").read_bytes())
    return account


def stages(seconds: dict[str, float], wall_s: float) -> tuple[costs.Stage, ...]:
    """Return the stages of a scan, and what its process did outside of them.

    Parameters
    ----------
    seconds : of each stage, and in `total`
    wall_s : of the whole process

    >>> [(stage.name, stage.share) for stage in stages({"reading": 1.0, "total": 1.0}, 4.0)]
    [('reading', 0.25), ('starting and writing', 0.75)]
    """
    inside = {name: spent for name, spent in seconds.items() if name != "total"}
    whole = inside | {_OUTSIDE: max(0.0, wall_s - sum(inside.values()))}
    return tuple(costs.Stage(name, spent, spent / wall_s) for name, spent in whole.items())
