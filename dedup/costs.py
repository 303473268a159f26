"""What a benchmark gives: every figure, declared once.

The keys of the JSON and `docs/bench.md` derive from the declarations here.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated

from dedup import scores


@dataclasses.dataclass(frozen=True, slots=True)
class Machine:
    """What a benchmark ran on, and with."""

    processor: Annotated[str, "name of the processor"]
    cores: Annotated[int, "cores that the system has"]
    system: Annotated[str, "operating system"]
    python: Annotated[str, "version of Python"]
    dedup: Annotated[str, "version of dedup"]


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """What was read."""

    planted: Annotated[
        bool, "made for the benchmark, so that its copies are known; else the paths of the user"
    ]
    n_articles: Annotated[int, "articles that the scan read"]
    size_bytes: Annotated[int, "size of the files, compressed where they are"]


@dataclasses.dataclass(frozen=True, slots=True)
class Spent:
    """What one process took from its start to its end."""

    wall_s: Annotated[float, "seconds on the clock"]
    cpu_s: Annotated[float, "seconds of processor, all threads together"]
    peak_bytes: Annotated[int, "the most memory that was resident"]


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the scan."""

    name: Annotated[str, "name of the stage; what is in no stage is `starting and writing`"]
    wall_s: Annotated[float, "seconds on the clock"]
    share: Annotated[float, "share of the whole process"]


@dataclasses.dataclass(frozen=True, slots=True)
class Tool:
    """What a scan, or another tool, took for the corpus, and what it found."""

    name: Annotated[str, "`dedup scan`, or the other tool with its version"]
    threads: Annotated[int, "threads that worked"]
    spent: Annotated[Spent, "what it took"]
    articles_per_s: Annotated[float, "articles in a second"]
    bytes_per_s: Annotated[float, "bytes of the files in a second"]
    pairs: Annotated[
        scores.Agreement | None,
        "pairs of articles against those planted, pages of several articles left out; null where none was planted",
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Benchmark:
    """What `dedup bench` measured."""

    machine: Annotated[Machine, "where"]
    corpus: Annotated[Corpus, "on what"]
    scan: Annotated[Tool, "the scan; its pairs are those within article clusters"]
    stages: Annotated[tuple[Stage, ...], "where its seconds went, in order"]
    n_rejects: Annotated[int, "records that could not be read"]
    peer: Annotated[
        Tool | None, "datasketch, with the pairs that its index gives; null where it was not asked for"
    ]
    ratio: Annotated[
        float | None, "seconds of the scan by those of datasketch; null where it was not asked for"
    ]

    def to_json(self) -> bytes:
        """Return all figures as one JSON object; fractions have six decimals."""
        return scores.to_json(self)
