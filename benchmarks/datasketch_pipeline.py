"""The plain way to find near-duplicates with datasketch: the peer that a scan is timed against.

Reads JSON Lines with `json`, makes lower-cased word 5-shingles, hashes them with xxhash's 32 bits, sketches with
`MinHash.update_batch` and finds pairs with `MinHashLSH`: one thread, documents only, nothing verified. Of the
forms tried this is the fastest that a careful user would write: the text is encoded once and split as bytes,
shingles are joined by `map` over `zip`, and the permutations are made once (`MinHash.bulk`). Slower by a tenth or
more: sets of shingles, encoding each shingle, hashing ahead of `update_batch`. `LeanMinHash` changes nothing.

    python -m benchmarks.datasketch_pipeline docs.jsonl.gz
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
    n_pairs: int
    read_s: float
    sketch_s: float
    insert_s: float
    query_s: float


def texts(path: Path) -> Iterator[str]:
    """Yield the text of each document of a `.jsonl` or `.jsonl.gz` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line).get("text") or ""


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
    """Return the seconds of each part, and the number of candidate pairs."""
    began = time.perf_counter()
    documents = list(texts(path))
    read = time.perf_counter()
    sketches = datasketch.MinHash.bulk(
        map(shingles, documents), num_perm=N_PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest
    )
    sketched = time.perf_counter()
    index = datasketch.MinHashLSH(threshold=threshold, num_perm=N_PERMUTATIONS)
    present = [(number, sketch) for number, sketch in enumerate(sketches) if not sketch.is_empty()]
    for number, sketch in present:
        index.insert(number, sketch, check_duplication=False)
    inserted = time.perf_counter()
    pairs = {(other, number) for number, sketch in present for other in index.query(sketch) if other < number}
    queried = time.perf_counter()
    return Timing(
        n_articles=len(documents),
        n_pairs=len(pairs),
        read_s=read - began,
        sketch_s=sketched - read,
        insert_s=inserted - sketched,
        query_s=queried - inserted,
    )


def main() -> None:
    """Print the seconds of each part for the file named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--threshold", type=float, default=0.5)
    arguments = parser.parse_args()
    timing = run(arguments.file, arguments.threshold)
    for part, seconds in (
        ("read", timing.read_s),
        ("shingles, hashes and signatures", timing.sketch_s),
        ("insert", timing.insert_s),
        ("query", timing.query_s),
    ):
        print(f"{seconds:8.2f} s  {part}")
    print(f"{timing.n_articles:,} articles, {timing.n_pairs:,} candidate pairs")


if __name__ == "__main__":
    main()
