"""Measures attribution on clusters labelled by reading, as `data/attribution/README.md` describes them.

    python -m benchmarks.attribution [--in DIR] [--misses] [--json]

A labelled cluster is judged by the article clusters and passages that hold two of its members or more. Two figures
are given. *Any*: one of them names an origin that the label names, as the aliases compare names. *Main*: the one that
holds the most members does; an article cluster is asked before a passage, a longer passage before a shorter one.
`undetermined` is right where no origin is named. Labels of kind `boilerplate_only` are not scored.

Each level's share of right verdicts is its calibration; each verdict counts that speaks of a labelled cluster. A trap
is sprung where a document that mentions an agency stands in a cluster, or holds a passage, whose origin is said to be
that agency. The original is right where a verdict names the labelled member. Every quote is compared with its field.
The exit code is 1 where a bar of `BARS` is missed, a trap sprung, or a quote not found.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import data, reuters_recall, timing
from dedup.attribution import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BARS = {
    ("wire_copy",): 0.95,
    ("outlet_republication", "sister_site", "same_outlet_revision"): 0.85,
    ("press_release", "partial_reuse"): 0.75,
    ("shared_statement_or_transcript",): 0.60,
}
LEAST_STATED, LEAST_ORIGINALS = 0.97, 0.90
UNDETERMINED = "undetermined"
_NOT_SCORED = "boilerplate_only"
_LEAST_MEMBERS = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    """An article cluster or a passage: the pages that hold it, and its verdict."""

    identity: str
    pages: frozenset[str]
    origin: str | None
    level: str
    original: str | None
    length: int
    is_cluster: bool


@dataclasses.dataclass(slots=True)
class Report:
    """What was measured.

    Attributes
    ----------
    kinds : of each kind of label: how many, right by any unit, right by the main one
    levels : of each level, over article clusters and over passages: verdicts, and how many are right
    """

    kinds: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    levels: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    wrong_stated: list[str] = dataclasses.field(default_factory=list)
    stated_on_open: list[str] = dataclasses.field(default_factory=list)
    traps: list[str] = dataclasses.field(default_factory=list)
    n_traps: int = 0
    originals: list[int] = dataclasses.field(default_factory=lambda: [0, 0])
    quotes: list[int] = dataclasses.field(default_factory=lambda: [0, 0])
    misses: list[str] = dataclasses.field(default_factory=list)

    def rate(self, kinds: Iterable[str], measure: int) -> tuple[int, int]:
        """Return how many labels of these kinds are right, by any unit (1) or the main one (2), and how many are."""
        rows = [self.kinds.get(kind, [0, 0, 0]) for kind in kinds]
        return sum(row[measure] for row in rows), sum(row[0] for row in rows)

    def stated(self) -> tuple[int, int]:
        """Return how many verdicts are stated and right, and how many are stated."""
        rows = [row for name, row in self.levels.items() if name.endswith(" stated")]
        return sum(row[1] for row in rows), sum(row[0] for row in rows)

    def failures(self) -> list[str]:
        """Return a line for each bar that is missed."""
        lines = []
        for kinds, bar in BARS.items():
            right, total = self.rate(kinds, 1)
            if total and right < bar * total:
                lines.append(f"{', '.join(kinds)}: {right} of {total} right, must be >= {bar}")
        right, total = self.stated()
        if total and right < LEAST_STATED * total:
            lines.append(f"stated: {right} of {total} right, must be >= {LEAST_STATED}")
        lines += [f"stated where the label is open: {each}" for each in self.stated_on_open]
        lines += [f"trap: {each}" for each in self.traps]
        right, total = self.originals
        if total and right < LEAST_ORIGINALS * total:
            lines.append(f"originals: {right} of {total} right, must be >= {LEAST_ORIGINALS}")
        if self.quotes[0] < self.quotes[1]:
            lines.append(
                f"quotes: {self.quotes[1] - self.quotes[0]} of {self.quotes[1]} do not stand in their fields"
            )
        return lines


class Names:
    """The names of origins as the labels compare them.

    >>> known = Names({"Associated Press": ["AP", "apnews.com"]})
    >>> known.same("AP", "Associated Press"), known.same("The Hill", "Associated Press")
    (True, False)
    """

    def __init__(self, aliases: Mapping[str, Sequence[str]]) -> None:
        """Take the spellings of each origin."""
        self._keys = {
            origin: {names.key(each) for each in (origin, *given)} for origin, given in aliases.items()
        }

    def same(self, said: str, origin: str) -> bool:
        """Return whether a name is one of an origin's."""
        return names.key(said) in self._keys.get(origin, {names.key(origin)})

    def right(self, said: str | None, origins: Sequence[str]) -> bool:
        """Return whether a verdict names one of these origins, or nobody where they are undetermined."""
        if said is None:
            return UNDETERMINED in origins
        return any(self.same(said, origin) for origin in origins)


def folder() -> Path:
    """Return the folder of the labels."""
    return data.folder() / "attribution"


def units(results: Path) -> list[Unit]:
    """Return all article clusters and passages of a scan."""
    page = {str(row["article_id"]): str(row["page_id"]) for row in reuters_recall.rows(results, "articles")}
    members: dict[str, set[str]] = collections.defaultdict(set)
    for row in reuters_recall.rows(results, "members"):
        members[str(row["cluster_id"])].add(page[str(row["article_id"])])
    found = [
        Unit(
            str(row["cluster_id"]), frozenset(members[str(row["cluster_id"])]), row["origin_name"], str(row["level"]),
            page.get(str(row["origin_article_id"])), 0, is_cluster=True,
        )
        for row in reuters_recall.rows(results, "clusters")
    ]  # fmt: skip
    places: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for row in reuters_recall.rows(results, "passages"):
        places[str(row["passage_id"])].append(row)
    for identity, rows in places.items():
        first = rows[0]
        pages = frozenset(page[str(row["article_id"])] for row in rows)
        length = max(row["end"] - row["start"] for row in rows)
        original = page.get(str(first["origin_article_id"]))
        found.append(
            Unit(
                identity, pages, first["origin_name"], str(first["level"]), original, length, is_cluster=False
            )
        )
    return found


def measure(results: Path, labels: Path) -> Report:
    """Return how the verdicts of a scan compare with the labels in a folder."""
    known = Names(json.loads((labels / "gold_origin_aliases.json").read_text(encoding="utf-8")))
    found = units(results)
    report = Report()
    for label in lines(labels / "gold_attribution.jsonl"):
        members = {member["id"] for member in label["members"]}
        speaking = [unit for unit in found if len(unit.pages & members) >= _LEAST_MEMBERS]
        if label["kind"] != _NOT_SCORED:
            _judge(report, label, members, speaking, known)
    agency_of = _origins_by_spelling(labels)
    for trap in lines(labels / "gold_traps.jsonl"):
        report.n_traps += 1
        agency = agency_of.get(trap["agency_mentioned"], trap["agency_mentioned"])
        report.traps += [
            f"{trap['id']} ({trap['trap_kind']}): {unit.identity} is {unit.level} to be {unit.origin}'s"
            for unit in found
            if trap["id"] in unit.pages and unit.origin is not None and known.same(unit.origin, agency)
        ]
    documents = {row["id"]: row for row in lines(labels / "docs.jsonl.gz")}
    page = {str(row["article_id"]): str(row["page_id"]) for row in reuters_recall.rows(results, "articles")}
    for table in ("evidence", "passage_evidence"):
        for row in reuters_recall.rows(results, table):
            if row["quote"] is not None:
                report.quotes[1] += 1
                report.quotes[0] += _stands(row, documents[page[str(row["article_id"])]])
    return report


def _stands(row: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Return whether a quote stands at its offsets in the field of a document."""
    field = row["field"]
    value = document.get("author" if field == "byline" else field)
    return isinstance(value, str) and value[row["start"] : row["end"]] == row["quote"]


def _judge(
    report: Report, label: Mapping[str, Any], members: set[str], speaking: Sequence[Unit], known: Names
) -> None:
    origins = label["text_origin"]
    judged = [known.right(unit.origin, origins) for unit in speaking]
    order = sorted(speaking, key=lambda unit: (-len(unit.pages & members), not unit.is_cluster, -unit.length))
    main = bool(order) and known.right(order[0].origin, origins)
    row = report.kinds.setdefault(label["kind"], [0, 0, 0])
    row[0] += 1
    row[1] += any(judged)
    row[2] += main
    name = f"{label['cluster_id']} ({label['kind']}, {' or '.join(origins)})"
    for unit, is_right in zip(speaking, judged, strict=True):
        level = report.levels.setdefault(
            f"{'cluster' if unit.is_cluster else 'passage'} {unit.level}", [0, 0]
        )
        level[0] += 1
        level[1] += is_right
        if unit.level == "stated" and not is_right:
            report.wrong_stated.append(f"{name}: {unit.identity} says {unit.origin}")
            if UNDETERMINED in origins:
                report.stated_on_open.append(f"{name}: {unit.identity} says {unit.origin}")
    if label["origin_in_corpus"]:
        report.originals[1] += 1
        report.originals[0] += any(unit.original == label["origin_in_corpus"] for unit in speaking)
    if not (any(judged) and main):
        said = collections.Counter(f"{unit.origin} {unit.level}" for unit in speaking).most_common(4)
        report.misses.append(f"{'main' if any(judged) else 'all '}  {name}: {dict(said) or 'not found'}")


def _origins_by_spelling(labels: Path) -> dict[str, str]:
    aliases = json.loads((labels / "gold_origin_aliases.json").read_text(encoding="utf-8"))
    return {spelled: origin for origin, given in aliases.items() for spelled in given}


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file of JSON Lines, which may be compressed."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in content.splitlines():
        yield json.loads(line)


def _show(report: Report) -> None:
    print("kind                              labels  right: any   main")
    for kinds, bar in BARS.items():
        for kind in kinds if len(kinds) > 1 else ():
            total, by_any, by_main = report.kinds.get(kind, [0, 0, 0])
            print(f"  {kind:<32} {total:5}  {by_any:10}  {by_main:5}")
        (by_any, total), (by_main, _) = report.rate(kinds, 1), report.rate(kinds, 2)
        name = kinds[0] if len(kinds) == 1 else "together"
        shares = f"{by_any / max(1, total):10.3f}  {by_main / max(1, total):5.3f}"
        print(f"{name:<34} {total:5}  {shares}  (any >= {bar})")
    print("\nlevel                             verdicts  right")
    for name, (total, right) in sorted(report.levels.items()):
        print(f"{name:<34} {total:7}  {right / total:.3f}")
    right, total = report.originals
    print(f"\noriginals named: {right} of {total}, {right / max(1, total):.3f} (>= {LEAST_ORIGINALS})")
    print(f"traps sprung: {len(report.traps)} of {report.n_traps}")
    print(f"quotes that stand in their fields: {report.quotes[0]:,} of {report.quotes[1]:,}")


def main() -> None:
    """Print the table; the exit code is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in", dest="folder", type=Path, help="tables of an earlier scan of the documents")
    parser.add_argument("--misses", action="store_true", help="name the labels whose verdicts are wrong")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        results = arguments.folder or Path(temporary)
        if arguments.folder is None:
            timing.process(timing.dedup("scan", folder() / "docs.jsonl.gz", "--out", results))
        report = measure(results, folder())
    if arguments.json:
        print(json.dumps(dataclasses.asdict(report), indent=1))
    else:
        _show(report)
        for line in [*report.misses, *report.wrong_stated] if arguments.misses else ():
            print(line)
    found = report.failures()
    print("".join(f"{each}\n" for each in found), end="", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
