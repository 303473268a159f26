"""`dedup explain`: the verdict on one cluster or passage as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Read the verdict on one cluster as an argument.")
@click.argument("cluster")
@click.option(
    "--in",
    "folder",
    type=options.Location(),
    default="dedup-out",
    metavar="DIR",
    show_default=True,
    help="Folder that a scan wrote.",
)
def explain(cluster: str, folder: Path) -> None:
    """Read the verdict on one cluster or passage as an argument.

    CLUSTER is the id of a cluster, an article or a passage, or the beginning of one. Shown are the candidates with
    their scores, each piece of evidence with its quote in context, what speaks against the verdict, and what would
    change it. The sources are read again for the context.
    """
    from dedup import attribution
    from dedup.cli import show
    from dedup.reporting import blocks, explaining, finding, tables

    result = tables.read(folder)
    target = finding.find(result, cluster)
    view = explaining.view(result, target)
    table = attribution.load_agencies(result.run.settings.get("agencies") or None)
    argued = attribution.judge(view.pieces(), view.articles, table)
    with blocks.page() as console:
        explaining.show(console, view, argued, show.stories(result, view.quoted()))
