"""The truth of a planted archive as it was written, and the clusters that a scan of it found."""

from __future__ import annotations

import collections
import csv
import dataclasses
from typing import TYPE_CHECKING

from benchmarks import reuters_recall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTAINER = "container"


@dataclasses.dataclass(frozen=True, slots=True)
class Truth:
    """What was planted.

    Parameters
    ----------
    labels : the family of each record that is no page
    copies : id, id of the original and kind of each copy
    held : ids of the articles on each page
    groups : of originals that look like others and are no copies, the kind and the group
    """

    labels: dict[str, str]
    copies: tuple[tuple[str, str, str], ...]
    held: dict[str, tuple[str, ...]]
    groups: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Clusters:
    """What a scan found: the members and the containers of each cluster, and the clusters of each record."""

    members: dict[str, set[str]]
    containers: dict[str, set[str]]
    within: dict[str, frozenset[str]]

    def common(self, one: str, other: str) -> bool:
        """Return whether two records stand in a common cluster, not both as containers."""
        shared = self.within.get(one, frozenset()) & self.within.get(other, frozenset())
        return any({one, other} - self.containers[cluster] for cluster in shared)


def read(folder: Path) -> Truth:
    """Return the truth that was written beside an archive."""
    held = collections.defaultdict(list)
    for row in _rows(folder / "pages.tsv"):
        held[row["page_id"]].append(row["article_id"])
    return Truth(
        labels={row["id"]: row["label"] for row in _rows(folder / "clusters.tsv")},
        copies=tuple((row["id"], row["original_id"], row["kind"]) for row in _rows(folder / "copies.tsv")),
        held={page: tuple(articles) for page, articles in held.items()},
        groups={row["id"]: f"{row['kind']} {row['group']}" for row in _rows(folder / "negatives.tsv")},
    )


def find(folder: Path) -> Clusters:
    """Return the clusters in the tables of a scan; the stories of one record count as the record."""
    members = collections.defaultdict(set)
    containers = collections.defaultdict(set)
    within = collections.defaultdict(set)
    for row in reuters_recall.rows(folder, "members"):
        cluster, record = str(row["cluster_id"]), reuters_recall.page(row["article_id"])
        (containers if row["role"] == CONTAINER else members)[cluster].add(record)
        within[record].add(cluster)
    for cluster, inside in members.items():
        containers[cluster] -= inside
    kept = {record: frozenset(each) for record, each in within.items()}
    return Clusters(members, containers, kept)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
