"""Measures whether furniture makes pages match: whole web pages of 408 sites, menus and all.

The truth is `overlap_pairs_text.tsv`: pairs of pages of which the main text, as people marked it, is shared to a
containment of at least .3. Counted are the pairs that stand in one article cluster, and those that match as more than
partial, of the pages read as `raw_text`; the same of their main text is what no furniture at all would give.

    python -m benchmarks.raw_pages
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data, timing

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_CONTAINMENT = 0.3
MOST_EXTRA = 25
Pair = tuple[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The pairs that a scan finds: in one article cluster, as a match that is more than partial, as any match."""

    clustered: set[Pair]
    matched: set[Pair]
    partly: set[Pair]


def truth(path: Path) -> set[Pair]:
    """Return the pairs of pages that share their main text."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        _pair(row["id_a"], row["id_b"]) for row in rows if float(row["containment5"]) >= LEAST_CONTAINMENT
    }


def scan(documents: Path, field: str) -> Found:
    """Return what a scan of one field of the pages finds."""
    with tempfile.TemporaryDirectory() as folder:
        timing.process(timing.dedup("scan", documents, "--text-field", field, "--out", folder))
        return found(Path(folder))


def found(folder: Path) -> Found:
    """Return what the tables in a folder hold."""
    clusters: dict[str, set[str]] = {}
    for row in _rows(folder, "articles"):
        for cluster in row["cluster_ids"]:
            clusters.setdefault(cluster, set()).add(_page(row["article_id"]))
    matches = list(_rows(folder, "matches"))
    return Found(
        {_pair(*two) for members in clusters.values() for two in itertools.combinations(members, 2)},
        {_pair(row["article_a"], row["article_b"]) for row in matches if row["relation"] != "partial"},
        {_pair(row["article_a"], row["article_b"]) for row in matches},
    )


def _rows(folder: Path, table: str) -> Iterator[dict[str, object]]:
    with (folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _page(article_id: object) -> str:
    return str(article_id).partition("#")[0]


def _pair(first: object, second: object) -> Pair:
    a, b = sorted((_page(first), _page(second)))
    return a, b


def main() -> None:
    """Print the figures; the exit code is 1 when a pair is lost that the main text gives, or too many are added."""
    folder = data.folder() / "l3s_gn1"
    shared = truth(folder / "overlap_pairs_text.tsv")
    raw, plain = (scan(folder / "docs.jsonl.gz", field) for field in ("raw_text", "text"))
    print(f"{len(shared)} pairs share their main text")
    print("                        in one cluster  more than partial  any match")
    for name, of in (("raw text, true", raw), ("main text, true", plain)):
        figures = [len(pairs & shared) for pairs in (of.clustered, of.matched, of.partly)]
        print(f"{name:23} {figures[0]:14}  {figures[1]:17}  {figures[2]:9}")
    for name, of in (("raw text, others", raw), ("main text, others", plain)):
        figures = [len(pairs - shared) for pairs in (of.clustered, of.matched, of.partly)]
        print(f"{name:23} {figures[0]:14}  {figures[1]:17}  {figures[2]:9}")
    n_lost = len((plain.clustered & shared) - raw.clustered)
    print(f"{n_lost} true pairs that the main text puts into one cluster, and the raw text does not")
    print(f"{len(shared - raw.partly)} true pairs without any match on the raw text")
    sys.exit(len(raw.clustered - shared) > MOST_EXTRA or bool(shared - raw.partly))


if __name__ == "__main__":
    main()
