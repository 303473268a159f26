"""`dedup scan`: read an archive, print the summary, write the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli import options, sparing

if TYPE_CHECKING:
    from pathlib import Path

    from dedup import results

_DONE_WITH_REJECTS = 3


@click.command(cls=options.GroupedCommand, short_help="Read an archive, write the tables.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--out",
    type=options.Location(),
    default="dedup-out",
    metavar="DIR",
    show_default=True,
    help="Folder for the tables.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["jsonl", "csv", "parquet", "sqlite"]),
    metavar="FORMAT",
    default="jsonl",
    show_default=True,
    help="Format of the tables: jsonl, csv, parquet or sqlite.",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    show_default="one for each core",
    help="How many threads work.",
)
@click.option(
    "--work",
    type=options.Location(),
    metavar="DIR",
    show_default="TMPDIR, or the system's",
    help="Folder for the work file: the text, while the scan runs.",
)
@click.option(
    "--config", type=options.Location(), metavar="FILE", help="TOML file of settings; flags beat it."
)
@click.option("--quiet", "-q", is_flag=True, help="No summary and no progress.")
@options.settings_options
@click.pass_context
def scan(  # noqa: PLR0913  (each option is an argument)
    ctx: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    out: Path,
    kind: str,
    threads: int | None,
    work: Path | None,
    config: Path | None,
    quiet: bool,
    **_settings: object,
) -> int:
    """Read an archive and write what was published more than once, and whose it is.

    PATH is a file or a folder of text files, JSON Lines or feeds (also .gz); - is standard input. The summary goes to
    standard output, the tables to --out.
    """
    chosen = options.chosen(ctx, config)
    sparing.spare()

    from dedup import pipeline
    from dedup.cli import progress
    from dedup.reporting import phrases, tables

    tables.check(out, kind)
    with progress.shown(quiet=quiet) as told:
        result = pipeline.scan(paths, chosen, threads=threads, progress=told, work=work)
        told.stage("writing the tables")
        tables.write(result, out, kind, threads=threads)
    if not quiet:
        _summary(result, out, kind)
    elif result.rejects.num_rows:
        click.echo(f"dedup: {phrases.count(result.rejects.num_rows, 'record')} left out", err=True)
    return _DONE_WITH_REJECTS if result.rejects.num_rows else 0


def _summary(result: results.Result, out: Path, kind: str) -> None:
    from dedup.reporting import blocks, formats, terminal

    with blocks.page() as console:
        terminal.summarise(result, console, str(out), formats.FORMATS[kind])
