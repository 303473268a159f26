"""Measures a scan of a planted archive against its truth; the exit code is 1 when a figure is below its floor.

    python -m benchmarks.planted_quality [--records N] [--seed S] [--text REAL.jsonl[.gz]]
    python -m benchmarks.planted_quality --archive FILE.jsonl --truth DIR [--in TABLES]

Of article clusters it prints

- pair precision, recall and F1, of pairs in a common cluster. Pages that hold several articles are left out, and a
  container pairs with the members of its cluster, not with its other containers
- recall at each kind of edit: originals that stand in a common cluster with their copy
- articles in a wrong cluster per 10,000: those that share a cluster with one that is not of their family, containers
  aside; and strays, which counts only those outside of the family that most of the cluster is
- of all articles held on pages, the share that stands in a common cluster with their page

`--examples N` also lists N misses of each kind, and N wrong clusters, with what the table of matches says of them.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import planted, planted_misses, planted_truth, timing
from dedup.planting import truths

if TYPE_CHECKING:
    from collections.abc import Iterator

PER = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Floors:
    """The least of each figure; the most of articles in a wrong cluster."""

    f1: float = 0.99
    precision: float = 0.995
    pages: float = 0.99
    kind: float = 0.985
    wrong: float = 2.0  # per 10,000 articles


FLOORS = Floors()


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """How many copies of one kind there are, and how many stand in a common cluster with their original."""

    n_copies: int
    n_found: int

    @property
    def recall(self) -> float:
        """Return the share that was found."""
        return self.n_found / self.n_copies


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """The figures of a scan; `wrong`, `strays` and `wrong_containers` count per 10,000 articles that are no pages."""

    precision: float
    recall: float
    f1: float
    kinds: dict[str, Kind]
    n_held: int
    pages: float
    wrong: float
    strays: float
    wrong_containers: float

    def failures(self) -> list[str]:
        """Return a line for each figure that is below its floor."""
        least = [("f1", self.f1, FLOORS.f1), ("precision", self.precision, FLOORS.precision)]
        least += [("pages", self.pages, FLOORS.pages)] if self.n_held else []
        least += [(kind, found.recall, FLOORS.kind) for kind, found in self.kinds.items()]
        lines = [f"{name} must be >= {floor}: {value:.4f}" for name, value, floor in least if value < floor]
        if self.wrong > FLOORS.wrong:
            lines.append(f"wrong per {PER:,} must be <= {FLOORS.wrong}: {self.wrong:.1f}")
        return lines


def measure(found: planted_truth.Clusters, truth: planted_truth.Truth) -> Quality:
    """Return the figures of what a scan found."""
    labels = truth.labels
    n_common, n_right = _pairs(found, labels)
    n_true = sum(n * (n - 1) // 2 for n in collections.Counter(labels.values()).values())
    precision = n_right / n_common if n_common else 1.0
    recall = n_right / n_true if n_true else 1.0
    held = [found.common(page, one) for page, articles in truth.held.items() for one in articles]
    wrong, strays = wrong_members(found, labels)
    unit = PER / len(labels)
    return Quality(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if n_right else 0.0,
        kinds=_kinds(found, truth),
        n_held=len(held),
        pages=sum(held) / len(held) if held else 1.0,
        wrong=len(wrong) * unit,
        strays=len(strays) * unit,
        wrong_containers=len(wrong_containers(found, truth)) * unit,
    )


def _kinds(found: planted_truth.Clusters, truth: planted_truth.Truth) -> dict[str, Kind]:
    n_copies: collections.Counter[str] = collections.Counter()
    n_found: collections.Counter[str] = collections.Counter()
    for copy, original, kind in truth.copies:
        n_copies[kind] += 1
        n_found[kind] += found.common(copy, original)
    return {kind: Kind(n, n_found[kind]) for kind, n in sorted(n_copies.items())}


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """Articles of one family that are members of the same clusters and containers of the same clusters."""

    members: frozenset[str]
    containers: frozenset[str]
    label: str

    def meets(self, other: _Group) -> bool:
        """Return whether the articles of the two groups stand in a common cluster, not both as containers."""
        around = (self.containers & other.members) or (other.containers & self.members)
        return bool(around or (self.members & other.members))


def _pairs(found: planted_truth.Clusters, labels: dict[str, str]) -> tuple[int, int]:
    """Return how many pairs of articles stand in a common cluster, and how many of them are of one family.

    Groups are multiplied; the pairs of a large family are not listed.
    """
    sizes: collections.Counter[_Group] = collections.Counter()
    for record, within in found.within.items():
        if record in labels:
            around = frozenset(cluster for cluster in within if record in found.containers[cluster])
            sizes[_Group(within - around, around, labels[record])] += 1
    numbers = {group: number for number, group in enumerate(sizes)}
    of_cluster = collections.defaultdict(list)
    for group in sizes:
        for cluster in group.members | group.containers:
            of_cluster[cluster].append(group)
    n_common = n_right = 0
    for group, size in sizes.items():
        if group.members:
            n_common += size * (size - 1) // 2
            n_right += size * (size - 1) // 2
        near = {other for cluster in group.members | group.containers for other in of_cluster[cluster]}
        for other in near:
            if numbers[other] > numbers[group] and group.meets(other):
                n_common += size * sizes[other]
                n_right += size * sizes[other] * (group.label == other.label)
    return n_common, n_right


def wrong_members(found: planted_truth.Clusters, labels: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return the articles that share a cluster with one of another family, and those of them that are strays.

    A stray is of another family than most members of its cluster; where two families are equally many, the one whose
    label is greater strays.
    """
    wrong: set[str] = set()
    strays: set[str] = set()
    for members in found.members.values():
        families = collections.defaultdict(set)
        for record in members & labels.keys():
            families[labels[record]].add(record)
        if len(families) > 1:
            most = min(families, key=lambda label: (-len(families[label]), label))
            wrong.update(*families.values())
            strays.update(*(inside for label, inside in families.items() if label != most))
    return wrong, strays


def wrong_containers(found: planted_truth.Clusters, truth: planted_truth.Truth) -> set[tuple[str, str]]:
    """Return each container and cluster where the cluster has no member of a family that the container holds.

    A page is looked at too where it is taken for a member.
    """
    labels = truth.labels
    wrong = set()
    for record, within in found.within.items():
        held = {labels[each] for each in truth.held.get(record, (record,))}
        for cluster in within:
            inside = found.members.get(cluster, set()) & labels.keys()
            is_member = record in labels and record in inside
            if not is_member and inside and held.isdisjoint(labels[each] for each in inside):
                wrong.add((record, cluster))
    return wrong


def lines(quality: Quality) -> Iterator[str]:
    """Yield the lines of the table that people read."""
    yield f"{'figure':>22}  {'value':>7}  {'floor':>6}"
    for name, value, floor in (
        ("pair precision", quality.precision, FLOORS.precision),
        ("pair recall", quality.recall, None),
        ("pair F1", quality.f1, FLOORS.f1),
        ("held articles found", quality.pages, FLOORS.pages),
    ):
        yield f"{name:>22}  {value:7.4f}  {floor or '':>6}"
    yield f"{f'wrong per {PER:,}':>22}  {quality.wrong:7.1f}  {f'<= {FLOORS.wrong:g}':>6}"
    yield f"{'of them strays':>22}  {quality.strays:7.1f}"
    yield f"{'wrong containers':>22}  {quality.wrong_containers:7.1f}"
    for kind, found in quality.kinds.items():
        counted = f"{found.n_found} of {found.n_copies}"
        yield f"{kind:>22}  {found.recall:7.4f}  {FLOORS.kind:>6}  {counted}"


def main() -> None:
    """Print the figures; the exit code is 1 when one is below its floor."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        archive, truth_folder = arguments.archive, arguments.truth
        if archive is None and arguments.folder is None:
            archive, truth_folder = work / "planted.jsonl", work / "truth"
            made = planted.make(arguments.records, arguments.seed, arguments.text)
            truths.write(made, archive, truth_folder)
        folder = arguments.folder or work / "tables"
        if arguments.folder is None:
            spent = timing.process(timing.dedup("scan", archive, "--out", folder))
            message = f"scanned in {spent.wall_s:.1f} s, {spent.peak_bytes / 2**20:.0f} MiB at the peak"
            print(message, file=sys.stderr)
        truth = planted_truth.read(truth_folder)
        found = planted_truth.find(folder)
        quality = measure(found, truth)
        if arguments.json:
            print(json.dumps(dataclasses.asdict(quality), indent=1))
        else:
            print("\n".join(lines(quality)))
        if arguments.examples:
            print("\n".join(planted_misses.lines(folder, found, truth, arguments.examples)))
    failures = quality.failures()
    print("".join(f"{failure}\n" for failure in failures), end="", file=sys.stderr)
    sys.exit(bool(failures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--records", type=int, default=100_000, help="of the archive made here; default: 100000"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the archive made here; default: 1")
    parser.add_argument(
        "--text", type=Path, metavar="REAL.jsonl[.gz]", help="articles that the originals are"
    )
    parser.add_argument("--archive", type=Path, metavar="FILE.jsonl", help="an archive made before")
    parser.add_argument("--truth", type=Path, metavar="DIR", help="its truth")
    parser.add_argument(
        "--in", dest="folder", type=Path, metavar="TABLES", help="tables of an earlier scan of it"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--examples", type=int, default=0, metavar="N", help="list N misses of each kind")
    arguments = parser.parse_args()
    if (arguments.archive or arguments.folder) and arguments.truth is None:
        parser.error("--archive and --in need --truth")
    return arguments


if __name__ == "__main__":
    main()
