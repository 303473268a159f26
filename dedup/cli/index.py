"""`dedup index`: the standing index of everything seen so far, in one file."""

from __future__ import annotations

import dataclasses
import pathlib
import sys
from typing import TYPE_CHECKING

import click

from dedup.cli import groups, options, sparing

if TYPE_CHECKING:
    from pathlib import Path

    from dedup import settings

_DONE_WITH_REJECTS = 3
_FAILED = 1


@click.group(
    "index",
    cls=groups.LazyGroup,
    commands_in=dict.fromkeys(("add", "remove", "info", "compact", "verify", "export"), "dedup.cli.index"),
    short_help="Keep an index of everything seen so far.",
)
def index() -> None:
    """Keep an index of everything seen so far: one SQLite file that grows, for `dedup check` and `dedup watch`."""


@click.command(cls=options.GroupedCommand, short_help="Add articles; make the index.")
@click.argument("path", type=options.Location(), metavar="INDEX")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON object.")
@click.option(
    "--config", type=options.Location(), metavar="FILE", help="TOML file of settings; flags beat it."
)
@options.run_options
@options.settings_options
@click.pass_context
def add(  # noqa: PLR0913  (each option is an argument)
    ctx: click.Context,
    /,
    *,
    path: Path,
    paths: tuple[str, ...],
    as_json: bool,
    config: Path | None,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
    **_settings: object,
) -> int:
    """Add articles to INDEX, which is made where it is missing.

    PATH is a file or a folder of text files, JSON Lines or feeds; - is standard input. When the command is done
    all of it is there, and durable; when it is stopped or breaks, nothing is. Articles that the index has already are
    left as they are. Settings are chosen when the index is made, and stay.
    """
    sparing.spare()
    from dedup import reading
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reading import paths as walking
    from dedup.reporting import indexing

    given = _settled(options.chosen(ctx, config)) if options.is_any_chosen(ctx, config) else None
    walking.walk(paths, reading.ReadingLog())  # before an index is made
    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(path, given, threads=threads, progress=told, work=work, wait_s=wait_s) as held,
    ):
        added = held.add(*paths)
    _tell(added, as_json=as_json, quiet=quiet, lines=lambda: indexing.added(added))
    indexing.left_out(added.rejects)
    return _DONE_WITH_REJECTS if added.rejects else 0


@click.command(short_help="Remove articles with all that is known of them.")
@click.argument("path", type=options.Location(), metavar="INDEX")
@click.argument("identities", nargs=-1, required=True, metavar="ID...")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON object.")
@options.run_options
def remove(  # noqa: PLR0913  (each option is an argument)
    *,
    path: Path,
    identities: tuple[str, ...],
    as_json: bool,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> int:
    """Remove articles from INDEX by their ids: a takedown.

    Their texts, keys and evidence go, and are overwritten in the file; the clusters that they stood in are made anew.
    - reads the ids from standard input, a line each. If an id is not there, nothing is removed. While somebody reads
    the index as it was, their texts cannot be overwritten: that is told, and the exit code is 1.
    """
    sparing.spare()
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reporting import indexing

    asked = [line.strip() for line in sys.stdin if line.strip()] if identities == ("-",) else list(identities)
    _must_exist(path)
    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(path, threads=threads, progress=told, work=work, wait_s=wait_s) as held,
    ):
        removed = held.remove(*asked)
    is_told = quiet and removed.overwritten
    _tell(removed, as_json=as_json, quiet=is_told, lines=lambda: indexing.removed(removed))
    return 0 if removed.overwritten else _FAILED


@click.command(short_help="Tell what the index holds, and how it stands to a scan.")
@click.argument("path", type=options.Location(), metavar="INDEX")
@click.option("--quick", is_flag=True, help="Do not count how far the index is from a scan of what it holds.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@options.run_options
def info(  # noqa: PLR0913  (each option is an argument)
    *,
    path: Path,
    quick: bool,
    as_json: bool,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> None:
    """Tell what INDEX holds.

    Text that has become boilerplate, or too frequent, since the index was compacted still counts in its matches.
    How many matches rest on such text is counted by a scan of all that it holds, which writes nothing; --quick leaves
    that out.
    """
    sparing.spare()
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reporting import indexing

    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(
            path, is_writing=False, threads=threads, progress=told, work=work, wait_s=wait_s
        ) as held,
    ):
        account = held.info(count=not quick)
    _tell(account, as_json=as_json, quiet=False, lines=lambda: indexing.described(account))


@click.command(short_help="Make the index anew, as a scan would have it.")
@click.argument("path", type=options.Location(), metavar="INDEX")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as one JSON object.")
@options.run_options
def compact(
    *,
    path: Path,
    as_json: bool,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> None:
    """Make INDEX anew from the articles that it holds.

    Afterwards its matches and clusters are those of a scan of all its articles; clusters keep their ids. It may be
    read meanwhile. Room that is no longer used is given back.
    """
    sparing.spare()
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reporting import indexing

    _must_exist(path)
    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(path, threads=threads, progress=told, work=work, wait_s=wait_s) as held,
    ):
        made = held.compact()
    _tell(made, as_json=as_json, quiet=quiet, lines=lambda: indexing.compacted(made))


@click.command(short_help="Check that all in the index belongs together.")
@click.argument("path", type=options.Location(), metavar="INDEX")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@options.run_options
def verify(
    *,
    path: Path,
    as_json: bool,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> int:
    """Check INDEX from its texts up; the exit code is 1 if anything is wrong.

    SQLite checks the file; sketches and keys of each article are made again from its text and compared; all that
    names an article or a cluster is looked up, and so is each quote of the evidence.
    """
    sparing.spare()
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reporting import indexing

    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(
            path, is_writing=False, threads=threads, progress=told, work=work, wait_s=wait_s
        ) as held,
    ):
        verified = held.verify()
    _tell(
        verified,
        as_json=as_json,
        quiet=quiet and not verified.faults,
        lines=lambda: indexing.verified(verified),
    )
    return _FAILED if verified.faults else 0


@click.command(short_help="Write the tables of a scan from the index.")
@click.argument("path", type=options.Location(), metavar="INDEX")
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
@options.run_options
def export(  # noqa: PLR0913  (each option is an argument)
    *,
    path: Path,
    out: Path,
    kind: str,
    threads: int | None,
    work: Path | None,
    wait_s: float,
    quiet: bool,
) -> None:
    """Write what INDEX holds as the tables of a scan; see `dedup scan`.

    Clusters have the ids that they have in the index. `dedup show` and `dedup explain` read the folder as any other,
    as long as the sources of the articles are still there.
    """
    sparing.spare()
    from dedup.cli import progress
    from dedup.index import standing
    from dedup.reporting import blocks, formats, tables, terminal

    tables.check(out, kind)
    with (
        progress.shown(quiet=quiet) as told,
        standing.Index(
            path, is_writing=False, threads=threads, progress=told, work=work, wait_s=wait_s
        ) as held,
    ):
        result = held.export()
        told.stage("writing the tables")
        tables.write(result, out, kind, threads=threads)
    if not quiet:
        with blocks.page() as console:
            terminal.summarise(result, console, str(out), formats.FORMATS[kind])


def _settled(chosen: settings.Settings) -> settings.Settings:
    """Return settings that mean the same from any folder: files by their whole paths."""
    files = {
        field.name: str(pathlib.Path(getattr(chosen, field.name)).resolve())
        for field in dataclasses.fields(chosen)
        if field.metadata["is_file"] and getattr(chosen, field.name)
    }
    return type(chosen)(**(chosen.as_dict() | files))


def _must_exist(path: Path) -> None:
    """Raise if there is no index: it is not made by what only changes it.

    Raises
    ------
    StoreError : there is none
    """
    from dedup import errors

    if not path.exists():
        message = f'no index "{path}"; `dedup index add {path} PATH...` makes it'
        raise errors.StoreError(message)


def _tell(answer: object, *, as_json: bool, quiet: bool, lines: options.Lines) -> None:
    """Print an answer as JSON, or in lines."""
    if as_json:
        from dedup import findings

        click.echo(findings.to_json(answer).decode())
    elif not quiet:
        for line in lines():
            click.echo(line)
