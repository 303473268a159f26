"""Compares what `check` finds of planted copies with what a scan finds of them, by kind of edit.

    python -m benchmarks.index_recall [N] [--checks N] [--seed S]

Of N planted records an index is made, and a scan. For each planted pair, or of very many some, the first record is
checked: is the other one among its matches, and do the two match in the scan? The exit code is 1 where the recall of
a kind differs by more than .002.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import dedup
from benchmarks import index_speed, planted, timing
from dedup.index import standing
from dedup.planting import truths

MOST_APART = 0.002


def pairs(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the planted pairs by the first record of each: the other one, and the kind of edit."""
    found = collections.defaultdict(list)
    with (folder / "pairs.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["id_a"]].append((row["id_b"], row["kind"]))
    return found


def main() -> None:
    """Print the recall of both for each kind of edit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n_records", type=int, nargs="?", default=20_000, metavar="N")
    parser.add_argument("--checks", type=int, default=6_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(timing.machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "planted.jsonl"
        truths.write(planted.make(arguments.n_records, arguments.seed), archive, folder / "truth")
        planned = pairs(folder / "truth")
        chosen = sorted(planned)
        if len(chosen) > arguments.checks:
            chosen = (
                np.random.default_rng(arguments.seed).choice(chosen, arguments.checks, replace=False).tolist()
            )
        wanted = set(chosen)
        scanned = dedup.scan(archive).matches
        columns = (scanned[side].to_pylist() for side in ("article_a", "article_b"))
        matched = {frozenset(pair) for pair in zip(*columns, strict=True)}
        totals, by_scan, by_check = (collections.Counter[str]() for _ in range(3))
        with (
            standing.Index(folder / "index.dedup", threads=1) as index,
            archive.open(encoding="utf-8") as lines,
        ):
            index.add(archive)
            for line in lines:
                record = json.loads(line)
                if record["id"] not in wanted:
                    continue
                finding = index.check_text(record["text"], **index_speed.fields(record))
                found = {match.article_id for match in finding.matches}
                for other, kind in planned[record["id"]]:
                    totals[kind] += 1
                    by_scan[kind] += frozenset((record["id"], other)) in matched
                    by_check[kind] += other in found
    print(f"{'kind':>16} {'pairs':>8} {'scan':>8} {'check':>8}")
    apart = 0.0
    for kind, total in sorted(totals.items()):
        scan, check = by_scan[kind] / total, by_check[kind] / total
        apart = max(apart, abs(scan - check))
        print(f"{kind:>16} {total:8,} {scan:8.4f} {check:8.4f}")
    print(f"most apart: {apart:.4f} (bar: at most {MOST_APART})")
    sys.exit(apart > MOST_APART)


if __name__ == "__main__":
    main()
