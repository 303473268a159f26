"""`dedup watch`: what comes new to a folder or file, matched against an index and added to it."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from dedup.cli import options, sparing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedup.index import watching


_DONE_WITH_REJECTS = 3


@click.command(cls=options.GroupedCommand, short_help="Watch a feed or folder against an index.")
@click.argument("source", metavar="PATH")
@click.option(
    "--index",
    "path",
    type=options.Location(),
    required=True,
    metavar="INDEX",
    help="The index; it is made where it is missing.",
)
@click.option(
    "--interval",
    "interval_s",
    type=click.FloatRange(min=0.05),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="Between one look and the next.",
)
@click.option("--once", is_flag=True, help="Look once, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each finding, a line each.")
@click.option("--every", is_flag=True, help="Print a line for new stories too.")
@options.run_options
def watch(  # noqa: PLR0913  (each option is an argument)
    *,
    source: str,
    path: Path,
    interval_s: float,
    once: bool,
    as_json: bool,
    every: bool,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> int:
    """Watch PATH, and print a line for each story that was published before.

    PATH is a folder, a feed file, or a file of JSON Lines that grows. Stories that come new are matched with all that
    the index holds, added to it, and told, also where they change whose a cluster is. Ctrl-C or SIGTERM end the watch
    after what is being written; the next one goes on from there.
    """
    sparing.spare_imports()
    from dedup import reading
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reading import growing

    stopped, rejected = threading.Event(), threading.Event()
    growing.sources(source, reading.ReadingLog())  # before an index is made

    def tell(came: watching.Came) -> None:
        _tell(came, as_json=as_json, every=every)
        if came.rejects:
            rejected.set()

    with (
        _ended_by_signals(stopped),
        progress.shown(quiet=True) as told,
        standing.Index(path, threads=threads, progress=told, work=work, wait_s=wait_s) as held,
    ):
        watched = held.watch(source, tell)
        while True:
            n_new = watched.look(stopped.is_set)
            if once and not stopped.is_set():
                break
            if not quiet and n_new:
                click.echo(f"dedup: {n_new:,} new, {len(held):,} in the index", err=True)
            if stopped.wait(interval_s):
                break
    return _DONE_WITH_REJECTS if rejected.is_set() else 0


def _tell(came: watching.Came, *, as_json: bool, every: bool) -> None:
    """Print what came, a line each, and send it on at once."""
    from dedup import findings
    from dedup.reporting import checking, indexing

    for finding in came.findings:
        if finding.seen or every:
            click.echo(findings.to_json(finding).decode() if as_json else checking.line(finding))
    for event in came.events:
        click.echo(findings.to_json(event).decode() if as_json else checking.event(event))
    indexing.left_out(came.rejects)
    sys.stdout.flush()


@contextlib.contextmanager
def _ended_by_signals(stopped: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the watch after what is being written; a second one ends it at once."""

    def end(number: int, frame: object) -> None:  # noqa: ARG001  (a handler's signature)
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
