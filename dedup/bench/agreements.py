"""Pairs that a tool found, against those that were planted."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, scores
from dedup.planting import truths

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

_STORY = r"#\d+$"


@dataclasses.dataclass(frozen=True, slots=True)
class Families:
    """The records of a planted archive that are no pages, and the family of each.

    Parameters
    ----------
    ids : (n_records,) strings
    labels : (n_records,) int64
    """

    ids: pa.Array
    labels: NDArray[np.int64]

    @property
    def n_pairs(self) -> int:
        """Return the number of pairs within families."""
        sizes = np.bincount(self.labels)
        return int((sizes * (sizes - 1) // 2).sum())

    def numbers(self, ids: pa.ChunkedArray) -> NDArray[np.int64]:
        """Return the place of each id, (n,) int64; -1 for a page."""
        import pyarrow.compute as pc

        found = pc.fill_null(pc.index_in(ids, value_set=self.ids), -1)
        numbers: NDArray[np.int64] = found.to_numpy().astype(np.int64)
        return numbers


def families(truth: Path) -> Families:
    """Return the families that were planted."""
    rows = read(truth / truths.CLUSTERS)
    labels = rows["label"].combine_chunks().dictionary_encode()
    return Families(rows["id"].combine_chunks(), labels.indices.to_numpy().astype(np.int64))


def of_clusters(tables: Path, planted: Families) -> scores.Agreement:
    """Return the pairs of articles in a common cluster of a scan, not both as containers.

    Parameters
    ----------
    tables : folder of the tables, as JSON Lines
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import json

    path = tables / "members.jsonl"
    if not path.stat().st_size:
        return scores.agreement(planted.n_pairs, 0, 0)
    schema = pa.schema(dict.fromkeys(("cluster_id", "article_id", "role"), pa.string()))
    options = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    members = json.read_json(path, parse_options=options)
    # the stories of one record count as the record
    units = planted.numbers(pc.replace_substring_regex(members["article_id"], _STORY, ""))
    clusters = members["cluster_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    containers = pc.equal(members["role"], "container").to_numpy()
    inside = units >= 0
    found = _common(clusters[inside], units[inside], containers[inside])
    n_right = int((planted.labels[packing.high(found)] == planted.labels[packing.low(found)]).sum())
    return scores.agreement(planted.n_pairs, len(found), n_right)


def _common(
    clusters: NDArray[np.int64], units: NDArray[np.int64], containers: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """Return the pairs of units in a common cluster, not both as containers, each once.

    All pairs are made: the clusters of a planted archive are small.

    Parameters
    ----------
    clusters, units : (n_members,) int64
    containers : (n_members,) bool; what is a member too is no container

    >>> found = _common(np.array([0, 0, 0]), np.array([1, 2, 3]), np.array([False, True, True]))
    >>> packing.high(found).tolist(), packing.low(found).tolist()
    ([1, 1], [2, 3])
    """
    order = np.lexsort((containers, units, clusters))
    clusters, units, containers = clusters[order], units[order], containers[order]
    first = np.ones(len(units), np.bool_)
    first[1:] = (clusters[1:] != clusters[:-1]) | (units[1:] != units[:-1])
    clusters, units, containers = clusters[first], units[first], containers[first]
    sizes = np.bincount(clusters)
    starts = np.cumsum(sizes) - sizes
    pairs = [np.empty(0, np.uint64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        a, b = np.triu_indices(size, 1)
        places = starts[sizes == size][:, None]
        one, other = (places + a).ravel(), (places + b).ravel()
        kept = ~(containers[one] & containers[other])
        pairs.append(packing.pair(units[one[kept]], units[other[kept]]))
    every = np.sort(np.concatenate(pairs))
    new = np.ones(len(every), np.bool_)
    new[1:] = every[1:] != every[:-1]
    return every[new]


def of_pairs(pairs: Path, planted: Families) -> scores.Agreement:
    """Return the agreement of a table of pairs, `id_a` and `id_b`, each pair once."""
    rows = read(pairs)
    a, b = planted.numbers(rows["id_a"]), planted.numbers(rows["id_b"])
    inside = (a >= 0) & (b >= 0)
    n_right = int((planted.labels[a[inside]] == planted.labels[b[inside]]).sum())
    return scores.agreement(planted.n_pairs, int(inside.sum()), n_right)


def read(path: Path) -> pa.Table:
    """Return a tab-separated table of strings, which begins with a line of names."""
    import pyarrow as pa
    from pyarrow import csv

    with path.open(encoding="utf-8") as lines:
        names = lines.readline().rstrip("\n").split("\t")
    return csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
