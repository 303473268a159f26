"""Makes an archive in which the copies are planted, so that the truth about each pair of articles is known.

    python -m benchmarks.planted N FILE.jsonl --truth DIR [--seed S] [--text REAL.jsonl[.gz]]

Of N records some 23% are copies, of the kinds in `dedup.planting.edits`; the sizes of their families follow a power
law. A page holds three to six whole articles that have nothing to do with each other and also stand alone. What must
not be taken for a copy is there too: weekly reports with the same sentences and other figures, background paragraphs
that a wire repeats in unrelated articles, authors' biographies, and the furniture of outlets. The shares are declared
in `dedup.planting.plans.Proportions`. Articles are made from word statistics, or are those of a file of real ones,
without those that repeat others of the file.

Equal arguments give equal bytes. The tables of the truth are told in `dedup.planting.truths`.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from benchmarks import real_articles
from dedup import errors
from dedup.planting import archives, plans, truths


def make(n_records: int, seed: int = 1, text: Path | None = None) -> archives.Archive:
    """Return an archive of articles from word statistics, or of the real articles in a file."""
    if text is None:
        return archives.Archive(n_records, seed)
    n_needed = plans.n_originals(n_records)
    return archives.Archive(n_records, seed, list(itertools.islice(real_articles.bodies(text), n_needed)))


def main() -> None:
    """Write a planted archive and its truth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n_records", type=int, metavar="N", help="records in the archive")
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the archive that is written")
    parser.add_argument("--truth", type=Path, required=True, metavar="DIR", help="folder for the truth")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument(
        "--text", type=Path, metavar="REAL.jsonl[.gz]", help="articles that the originals are"
    )
    arguments = parser.parse_args()
    try:
        archive = make(arguments.n_records, arguments.seed, arguments.text)
    except errors.UsageError as error:
        parser.error(str(error))
    truths.write(archive, arguments.file, arguments.truth)


if __name__ == "__main__":
    main()
