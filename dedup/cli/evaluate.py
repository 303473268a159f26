"""`dedup evaluate`: how good an earlier scan is, by labels or by brute force over a sample."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.evaluation import asking

if TYPE_CHECKING:
    from pathlib import Path


_DONE_WITH_REJECTS = 3


def _edges(_ctx: click.Context, _parameter: click.Parameter, given: str) -> tuple[float, ...]:
    """Return the numbers between commas."""
    try:
        return tuple(float(edge) for edge in given.split(","))
    except ValueError as error:
        message = f'must be numbers between commas, such as 0.1,0.5: "{given}"'
        raise click.BadParameter(message) from error


@click.command(short_help="Tell how good a scan is, by labels or by brute force.")
@click.argument("folder", type=options.Location(), metavar="DIR")
@click.option("--pairs", type=options.Location(), metavar="FILE", help="Labelled pairs: tab-separated.")
@click.option(
    "--different",
    type=options.Location(),
    metavar="FILE",
    help="Pairs that do not belong together, whatever their labels.",
)
@click.option(
    "--clusters",
    type=options.Location(),
    metavar="FILE",
    help="True clusters: an id and its cluster's label, tab-separated.",
)
@click.option(
    "--complete",
    is_flag=False,
    flag_value="named",
    type=click.Choice(asking.COMPLETE),
    metavar="[=archive]",
    help="Pairs that are not listed do not belong together: among the articles that the labels name, or with "
    "=archive among all.",
)
@click.option(
    "--bands",
    callback=_edges,
    default=",".join(f"{edge:g}" for edge in asking.BANDS),
    show_default=True,
    metavar="N,N,...",
    help="Where one band ends and the next begins.",
)
@click.option(
    "--band-column",
    metavar="NAME",
    help="Column of the figures that the bands are of.  [default: containment5, else containment]",
)
@click.option("--containers", is_flag=True, help="Count containers as members in measures of clusters.")
@click.option(
    "--curve",
    type=click.Choice(asking.FIGURES),
    metavar="FIGURE",
    help="Recall over a threshold of jaccard or share.",
)
@click.option(
    "--audit",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Compare N articles with all of the archive, without an index.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    show_default=True,
    help="Seed of the audit's sample.",
)
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="How many threads work in an audit.")
@click.option(
    "--json",
    "report",
    metavar="FILE",
    help="Write all figures as JSON; - for standard output, and no tables.",
)
@click.pass_context
def evaluate(
    _ctx: click.Context,
    /,
    *,
    folder: Path,
    threads: int | None,
    report: str | None,
    **asked: Any,
) -> int:
    """Tell how good the scan in DIR is, by labels that you give, or by brute force over a sample of its archive.

    A file of pairs begins with a line of column names: id_a and id_b, or else the first two columns, are ids of
    articles or of pages; a column label or same tells hard negatives by 0, false, no, none, non or different; without
    it all pairs belong together.

    Rows that cannot be read are told, and make the exit code 3. For --audit the sources of the scan are read again.
    """
    from dedup.cli import progress
    from dedup.evaluation import evaluating as evaluation
    from dedup.reporting import tables

    question = asking.Question(**asked)
    result = tables.read(folder)
    with progress.shown(quiet=False) as told:
        found = evaluation.evaluate(result, question, threads=threads, progress=told)
    if report == "-":
        sys.stdout.write(found.to_json().decode())
    else:
        from dedup.reporting import blocks
        from dedup.reporting import evaluating as showing

        with blocks.page() as console:
            showing.show(console, result, found, str(folder))
    if report not in {None, "-"}:
        options.write(found.to_json(), str(report))
    for row in found.malformed:
        click.echo(f"dedup: {row.path}:{row.line}: {row.reason}", err=True)
    return _DONE_WITH_REJECTS if found.malformed else 0
