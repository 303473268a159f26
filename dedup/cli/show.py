"""`dedup show`: one cluster of an earlier scan, its evidence, and its texts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli import options

if TYPE_CHECKING:
    from pathlib import Path

    from dedup import records, results


@click.command(short_help="Look at one cluster, its texts side by side.")
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
@click.option("--against", metavar="ARTICLE", help="Compare with this article only.")
def show(cluster: str, folder: Path, against: str | None) -> None:
    """Look at one cluster: whose it is, the evidence, and how the texts differ.

    CLUSTER is the id of a cluster, an article or a passage, or the beginning of one. The origin, or else the
    earliest article, is set beside each other one. The sources are read again for it.
    """
    from dedup.reporting import blocks, finding, sides, tables, views

    result = tables.read(folder)
    target = finding.find(result, cluster)
    with blocks.page() as console:
        if target.kind == "passage":
            sides.show_passage(console, result, target.identity)
            return
        found = views.cluster(result, target.identity)
        order = sides.compared(found, against)
        sides.show(console, found, order, stories(result, order) if len(order) > 1 else {})


def stories(result: results.Result, article_ids: list[str]) -> dict[str, records.Story]:
    """Return the texts of these articles; what is gone is told once, on standard error."""
    from dedup import errors, pipeline, settings

    chosen = settings.load(None, **result.run.settings)
    folder = result.run.folder
    try:
        return pipeline.reread(article_ids, result.articles, chosen, folder)
    except errors.ResultError:
        found: dict[str, records.Story] = {}
    told: dict[str, None] = {}
    for article_id in article_ids:
        try:
            found |= pipeline.reread([article_id], result.articles, chosen, folder)
        except errors.ResultError as error:
            told[str(error)] = None
    for message in told:
        click.echo(f"dedup: {message}", err=True)
    return found
