"""Checks that each quote of the evidence stands in its article's text where the tables say.

    python -m benchmarks.quotes ARCHIVE...

Each archive is scanned, and the texts are read again from their sources. The exit code is 1 if a quote is not found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import timing
from dedup import pipeline, settings
from dedup.reporting import tables


def measure(folder: Path) -> tuple[int, int]:
    """Return how many quotes from texts the tables of a scan have, and how many of them do not stand there."""
    result = tables.read(folder)
    columns = ["article_id", "field", "start", "end", "quote"]
    pieces = [
        piece
        for table in (result.evidence, result.passage_evidence)
        for piece in table.select(columns).to_pylist()
        if piece["field"] == "text"
    ]
    ids = sorted({piece["article_id"] for piece in pieces})
    chosen = settings.load(None, **result.run.settings)
    stories = pipeline.reread(ids, result.articles, chosen, result.run.folder)
    wrong = [
        piece
        for piece in pieces
        if stories[piece["article_id"]].page_text[piece["start"] : piece["end"]] != piece["quote"]
    ]
    return len(pieces), len(wrong)


def main() -> None:
    """Print a line for each archive; the exit code is 1 when a quote is not found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE")
    arguments = parser.parse_args()
    n_wrong = 0
    for archive in arguments.archives:
        with tempfile.TemporaryDirectory() as out:
            timing.process(timing.dedup("scan", archive.resolve(), "--out", out))
            total, wrong = measure(Path(out))
        n_wrong += wrong
        print(f"{archive}: quotes from texts {total:,}, not found there {wrong:,}")
    sys.exit(n_wrong > 0)


if __name__ == "__main__":
    main()
