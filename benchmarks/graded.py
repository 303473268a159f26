"""Measures whether reported shares grade revisions as people do, on the answers of Clough and Stevenson (2011).

    python -m benchmarks.graded [--in DIR] [--json]

Each answer was written after one source: `cut` (pasted, perhaps shortened), `light` or `heavy` (revised), or `non`
(written without it). The reported share is that of the answer's shingles that stand in the source; 0 where the two
are no match. The exit code is 1 unless every `cut` answer is matched to its source, no `non` answer is, and the mean
share falls from `cut` over `light` and `heavy` to `non`.

Two `cut` answers hold nothing of the source that the corpus gives: not four words in a row. They were pasted from
another part of its page. They are counted as unmatched and named, and fail nothing.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import itertools
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import data, reuters_recall, timing

LABELS = ("cut", "light", "heavy", "non")


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """The answers of one label: how many, how many matched to their source, and their mean reported share.

    `unmatched` names the others, with the share of their word 5-shingles that the labels measured in the source.
    """

    label: str
    n_answers: int
    n_matched: int
    mean_share: float
    unmatched: dict[str, float]


def files() -> tuple[Path, Path]:
    """Return the file of the documents and that of the labels."""
    folder = data.folder() / "clough_stevenson"
    return folder / "docs.jsonl.gz", folder / "gold_pairs.tsv"


def measure(folder: Path, gold: Path) -> tuple[Grade, ...]:
    """Return the grade of each label from the table of matches in a folder."""
    shares = {}
    for row in reuters_recall.rows(folder, "matches"):
        a, b = (reuters_recall.page(row[side]) for side in ("article_a", "article_b"))
        shares[a, b] = float(str(row["share_a"]))
        shares[b, a] = float(str(row["share_b"]))
    with gold.open(encoding="utf-8", newline="") as lines:
        answers = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    grades = []
    for label in LABELS:
        pairs = {
            (row["answer_id"], row["source_id"]): float(row["containment5"])
            for row in answers
            if row["label"] == label
        }
        mean = sum(shares.get(pair, 0.0) for pair in pairs) / len(pairs) if pairs else 0.0
        unmatched = {pair[0]: measured for pair, measured in pairs.items() if pair not in shares}
        grades.append(Grade(label, len(pairs), len(pairs) - len(unmatched), mean, unmatched))
    return tuple(grades)


def failures(grades: tuple[Grade, ...]) -> list[str]:
    """Return a line for each thing that is not as people graded it.

    >>> failures(tuple(Grade(label, 1, label != "non", 0.5, {}) for label in LABELS))
    ['the mean share must fall from cut to light', 'the mean share must fall from light to heavy', ...]
    """
    cut, *_, non = grades
    lines = []
    missed = sorted(answer for answer, share in cut.unmatched.items() if share > 0)
    if missed:
        lines.append(f"every cut answer must be matched: {', '.join(missed)}")
    if non.n_matched:
        lines.append(f"no answer of non must be matched: {non.n_matched}")
    lines += [
        f"the mean share must fall from {before.label} to {after.label}"
        for before, after in itertools.pairwise(grades)
        if before.mean_share <= after.mean_share
    ]
    return lines


def main() -> None:
    """Print matches and mean shares by label; the exit code is 1 when they are not as people graded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in", dest="folder", type=Path, help="tables of an earlier scan of the documents")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    documents, gold = files()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if arguments.folder is None:
            timing.process(timing.dedup("scan", documents, "--out", folder))
        grades = measure(folder, gold)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(grade) for grade in grades], indent=1))
    else:
        print("label  answers  matched  mean share")
        for grade in grades:
            print(f"{grade.label:>5}  {grade.n_answers:7}  {grade.n_matched:7}  {grade.mean_share:10.4f}")
        apart = sorted(answer for answer, share in grades[0].unmatched.items() if share == 0)
        print(f"cut, without five words in a row of the source: {', '.join(apart)}")
    found = failures(grades)
    print("".join(f"{each}\n" for each in found), end="", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
