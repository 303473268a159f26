"""`dedup check`: whether a story has been published before, asked of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli import options, sparing

if TYPE_CHECKING:
    from pathlib import Path

_DONE_WITH_REJECTS = 3
_NEW = 4
_CODES = {
    0: "seen before: a story matches, or stands in the index itself",
    _NEW: "new: nothing of it was seen before",
}


@click.command(
    cls=options.GroupedCommand, codes=_CODES, short_help="Ask whether a story was published before."
)
@click.argument("stories", nargs=-1, required=True, metavar="STORY...")
@click.option(
    "--index",
    "path",
    type=options.Location(),
    required=True,
    metavar="INDEX",
    help="The index that is asked; `dedup index add` makes it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each story, a line each.")
@click.option("--all", "every", is_flag=True, help="Show all matches and passages, however many.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing: the exit code tells.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", default=1, help="How many threads work.")
def check(
    *, stories: tuple[str, ...], path: Path, as_json: bool, every: bool, quiet: bool, threads: int
) -> int:
    """Tell for each story in STORY what the index holds of it, and whose text it is.

    STORY is a file or folder as for `dedup scan`, of one story or many; - is standard input. The exit code tells
    "seen before" (0) from "new" (4); of several stories it is 0 if any was seen before. Nothing is added.
    """
    sparing.spare()
    from dedup import findings
    from dedup.cli import progress
    from dedup.index import standing

    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(path, is_writing=False, threads=threads, progress=told) as held,
    ):
        checked = held.check(*stories)
    if as_json:
        for finding in checked.findings:
            click.echo(findings.to_json(finding).decode())
    elif not quiet:
        from dedup.reporting import blocks, checking

        with blocks.page() as console:
            checking.show(console, checked, every=every)
    from dedup.reporting import indexing

    indexing.left_out(checked.rejects)
    if checked.rejects:
        return _DONE_WITH_REJECTS
    return 0 if any(finding.seen for finding in checked.findings) else _NEW
