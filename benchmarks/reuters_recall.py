"""Measures how many of Reuters' own re-filed versions a scan reports as a match, by how much they share.

The truth is `gold_pairs.tsv`: consecutive versions of one story by Reuters' own story number. Counted is the clean
core: versions at most two days apart, without "markets" in the slug (one number for different reports).

    python -m benchmarks.reuters_recall [--in DIR]
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data, timing

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DAYS = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """Pairs whose shorter text stands in the longer to at least `low` and less than `high`, and the bar for them."""

    low: float
    high: float
    bar: float


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one story, the lesser id first, and the containment of their word 5-shingles."""

    a: str
    b: str
    containment: float


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What was found of one band."""

    band: Band
    n_pairs: int
    n_found: int

    @property
    def recall(self) -> float:
        """Return the share of the band's pairs that was found; 0 for a band without pairs."""
        return self.n_found / self.n_pairs if self.n_pairs else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Recall:
    """What was found of each band, and the pairs left out because a document of theirs was not read."""

    bands: tuple[Found, ...]
    n_left_out: int


BANDS = (Band(0.1, 0.3, 0.9), Band(0.3, 0.5, 0.985), Band(0.5, 0.8, 0.995), Band(0.8, float("inf"), 0.999))


def files() -> tuple[Path, Path]:
    """Return the file of the documents and that of the pairs."""
    folder = data.folder() / "reuters_versions"
    return folder / "docs.jsonl.gz", folder / "gold_pairs.tsv"


def clean_core(gold: Path) -> Iterator[Pair]:
    """Yield the pairs of the clean core."""
    with gold.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if float(row["gap_days"]) <= MOST_DAYS and "markets" not in row["slug"]:
                a, b = sorted((row["id_a"], row["id_b"]))
                yield Pair(a, b, float(row["containment5"]))


def rows(folder: Path, table: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a table that a scan wrote as JSON Lines."""
    with (folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def measure(folder: Path, gold: Path) -> Recall:
    """Return what the tables in a folder hold of the clean core."""
    read = {row["page_id"] for row in rows(folder, "articles")}
    matched = {(page(row["article_a"]), page(row["article_b"])) for row in rows(folder, "matches")}
    core = list(clean_core(gold))
    pairs = [pair for pair in core if pair.a in read and pair.b in read]
    found = []
    for band in BANDS:
        within = [pair for pair in pairs if band.low <= pair.containment < band.high]
        n_found = sum((pair.a, pair.b) in matched for pair in within)
        found.append(Found(band, len(within), n_found))
    return Recall(tuple(found), len(core) - len(pairs))


def page(article_id: object) -> str:
    """Return the id of the page that an article stands on.

    >>> page("20080122/us-apple#2")
    '20080122/us-apple'
    """
    return str(article_id).partition("#")[0]


def main() -> None:
    """Print the recall of each band; the exit code is 1 when one is below its bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in", dest="folder", type=Path, help="tables of an earlier scan of the documents")
    arguments = parser.parse_args()
    documents, gold = files()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if arguments.folder is None:
            spent = timing.process(timing.dedup("scan", documents, "--out", folder))
            print(f"scanned in {spent.wall_s:.1f} s, {spent.peak_bytes / 2**20:.0f} MiB at the peak")
        found = measure(folder, gold)
    print("containment  pairs  found  recall    bar")
    for each in found.bands:
        band = f"{each.band.low:.1f}-{min(each.band.high, 1.0):.1f}"
        print(f"{band:>11}  {each.n_pairs:5}  {each.n_found:5}  {each.recall:6.4f}  {each.band.bar:5}")
    print(f"{found.n_left_out} pairs left out: a document of theirs has no text")
    sys.exit(any(each.recall < each.band.bar for each in found.bands))


if __name__ == "__main__":
    main()
