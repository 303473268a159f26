"""The plain way to find near-duplicates with datasketch: the peer that a scan is timed against.

Reads JSON Lines with `json`, makes lower-cased word 5-shingles, hashes them with xxhash's 32 bits, sketches with
`MinHash.update_batch` and finds pairs with `MinHashLSH`: one thread, documents only, nothing verified. Of the
forms tried this is the fastest that a careful user would write: the text is encoded once and split as bytes,
shingles are joined by `map` over `zip`, and the permutations are made once (`MinHash.bulk`). Slower by a tenth or
more: sets of shingles, encoding each shingle, hashing ahead of `update_batch`. `LeanMinHash` changes nothing.

    python -m dedup.bench.datasketch_pipeline docs.jsonl.gz [pairs.tsv]
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import datasketch
import xxhash

if TYPE_CHECKING:
    from collections.abc import Iterator

SHINGLE_WORDS = 5
N_PERMUTATIONS = 128


@dataclasses.dataclass(frozen=True, slots=True)
class Timing:
    """What one run of the pipeline took, by part, and what it found."""

    n_articles: int
    pairs: list[tuple[str, str]]
    read_s: float
    sketch_s: float
    insert_s: float
    query_s: float


def documents(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each document of a `.jsonl` or `.jsonl.gz` file."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            record = json.loads(line)
            yield str(record.get("id") or ""), record.get("text") or ""


def shingles(text: str) -> list[bytes]:
    """Return the lower-cased word shingles of a text; fewer words than a shingle make one.

    >>> shingles("A b c d e F")
    [b'a b c d e', b'b c d e f']
    """
    words = text.lower().encode().split()
    if len(words) < SHINGLE_WORDS:
        return [b" ".join(words)] if words else []
    return list(map(b" ".join, zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False)))


def run(path: Path, threshold: float = 0.5) -> Timing:
    """Return the seconds of each part, and the candidate pairs: the ids of both, the lesser first."""
    began = time.perf_counter()
    listed = list(documents(path))
    ids, texts = [identity for identity, _ in listed], [text for _, text in listed]
    read = time.perf_counter()
    sketches = datasketch.MinHash.bulk(
        map(shingles, texts), num_perm=N_PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest
    )
    sketched = time.perf_counter()
    index = datasketch.MinHashLSH(threshold=threshold, num_perm=N_PERMUTATIONS)
    present = [(number, sketch) for number, sketch in enumerate(sketches) if not sketch.is_empty()]
    for number, sketch in present:
        index.insert(number, sketch, check_duplication=False)
    inserted = time.perf_counter()
    pairs = [
        (min(ids[number], ids[other]), max(ids[number], ids[other]))
        for number, sketch in present
        for other in index.query(sketch)
        if other < number
    ]
    queried = time.perf_counter()
    return Timing(
        n_articles=len(ids),
        pairs=pairs,
        read_s=read - began,
        sketch_s=sketched - read,
        insert_s=inserted - sketched,
        query_s=queried - inserted,
    )


def main() -> None:
    """Write the pairs, where a file is named for them, and print the seconds of each part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("pairs", type=Path, nargs="?", help="table of pairs that is written")
    parser.add_argument("--threshold", type=float, default=0.5)
    arguments = parser.parse_args()
    timing = run(arguments.file, arguments.threshold)
    if arguments.pairs:
        with arguments.pairs.open("w", encoding="utf-8") as table:
            table.write("id_a\tid_b\n")
            table.writelines(f"{a}\t{b}\n" for a, b in timing.pairs)
    for part, seconds in (
        ("read", timing.read_s),
        ("shingles, hashes and signatures", timing.sketch_s),
        ("insert", timing.insert_s),
        ("query", timing.query_s),
    ):
        print(f"{seconds:8.2f} s  {part}")  # noqa: T201  (a program of its own)
    print(f"{timing.n_articles:,} articles, {len(timing.pairs):,} candidate pairs")  # noqa: T201  (a program of its own)


if __name__ == "__main__":
    main()
