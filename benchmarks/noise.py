"""Measures how many copies of real articles a scan finds when a share of their characters is wrong.

    python -m benchmarks.noise [--text REAL.jsonl[.gz]] [--articles N] [--seed S] [--json]

A seeded sample of articles of at least 100 words is scanned together with corrupted copies: once with 5% of the
characters wrong, at the default settings, and once with 10%, at the setting for noisy archives. Counted are the
copies that `matches` calls a copy or a revision of their original. The exit code is 1 when a share is below its bar.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import sys
import tempfile
from pathlib import Path

import msgspec
import numpy as np

from benchmarks import data, real_articles, reuters_recall, timing
from dedup.planting import corruption

LEAST_WORDS = 100
WANTED = ("copy", "revision")


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """A share of wrong characters, the options of the scan, and the least share that is found."""

    rate: float
    options: tuple[str, ...]
    bar: float


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What was found of the corrupted copies, by relation to the original."""

    level: Level
    n_articles: int
    relations: dict[str, int]

    @property
    def recall(self) -> float:
        """Return the share found as copy or revision."""
        return sum(self.relations.get(relation, 0) for relation in WANTED) / self.n_articles

    @property
    def matched(self) -> float:
        """Return the share found as anything."""
        return sum(self.relations.values()) / self.n_articles


LEVELS = (Level(0.05, (), 0.95), Level(0.10, ("--noisy",), 0.90))


def sample(path: Path, n_articles: int, seed: int) -> list[str]:
    """Return texts of a file, picked by the seed, in the order of the file."""
    texts = [text for _, text in real_articles.texts(path) if len(text.split()) >= LEAST_WORDS]
    chance = np.random.default_rng(seed)
    picked = chance.choice(len(texts), min(n_articles, len(texts)), replace=False)
    return [texts[i] for i in np.sort(picked).tolist()]


def write(texts: list[str], rate: float, seed: int, path: Path) -> None:
    """Write texts and their corrupted copies as JSON Lines; the ids are `original-N` and `corrupted-N`."""
    chance = np.random.default_rng(seed)
    with path.open("wb") as file:
        for number, text in enumerate(texts):
            corrupted = corruption.corrupt(text, rate, chance)
            for name, each in (("original", text), ("corrupted", corrupted)):
                file.write(msgspec.json.encode({"id": f"{name}-{number:06}", "text": each}) + b"\n")


def measure(texts: list[str], level: Level, seed: int) -> Found:
    """Return what a scan of texts with their corrupted copies finds."""
    with tempfile.TemporaryDirectory() as temporary:
        archive, tables = Path(temporary) / "archive.jsonl", Path(temporary) / "tables"
        write(texts, level.rate, seed, archive)
        timing.process(timing.dedup("scan", archive, *level.options, "--out", tables))
        relations: collections.Counter[str] = collections.Counter()
        for row in reuters_recall.rows(tables, "matches"):
            a, b = (reuters_recall.page(row[side]).split("-") for side in ("article_a", "article_b"))
            if a[1] == b[1]:
                relations[str(row["relation"])] += 1
    return Found(level, len(texts), dict(relations))


def main() -> None:
    """Print the share found at each level of noise; the exit code is 1 when one is below its bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = reuters_recall.files()[0]
    parser.add_argument(
        "--text",
        type=Path,
        default=default,
        metavar="REAL.jsonl[.gz]",
        help=f"default: {default.relative_to(data.folder())} of the labelled data",
    )
    parser.add_argument("--articles", type=int, default=1_000, metavar="N", help="default: 1000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    texts = sample(arguments.text, arguments.articles, arguments.seed)
    found = [measure(texts, level, arguments.seed) for level in LEVELS]
    if arguments.json:
        print(json.dumps([dataclasses.asdict(each) | {"recall": each.recall} for each in found], indent=1))
    else:
        print(f"{len(texts)} articles\nwrong  copy or revision    bar  matched  as")
        for each in found:
            relations = ", ".join(f"{name} {n}" for name, n in sorted(each.relations.items()))
            level = f"{each.level.rate:5.0%}  {each.recall:16.4f}  {each.level.bar:5}"
            print(f"{level}  {each.matched:7.4f}  {relations} {' '.join(each.level.options)}".rstrip())
    sys.exit(any(each.recall < each.level.bar for each in found))


if __name__ == "__main__":
    main()
