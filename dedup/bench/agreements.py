"""Pairs that a tool found, against those that were planted."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import scores
from dedup.evaluation import clusterings
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
    """Return the pairs of articles in one cluster of a scan; an article in several counts where most of it stands.

    Parameters
    ----------
    tables : folder of the tables, as JSON Lines
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import json

    columns = {"cluster_id": pa.string(), "article_id": pa.string(), "share": pa.float64()}
    path = tables / "members.jsonl"
    if not path.stat().st_size:
        return scores.agreement(planted.n_pairs, 0, 0)
    options = json.ParseOptions(explicit_schema=pa.schema(columns), unexpected_field_behavior="ignore")
    members = json.read_json(path, parse_options=options)
    # the stories of one record count as the record
    units = planted.numbers(pc.replace_substring_regex(members["article_id"], _STORY, ""))
    clusters = members["cluster_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.lexsort((clusters, -members["share"].to_numpy(), units))
    order = order[units[order] >= 0]
    first = np.ones(len(order), np.bool_)
    first[1:] = units[order][1:] != units[order][:-1]
    chosen = order[first]
    found = len(clusters) + np.arange(len(planted.labels))
    found[units[chosen]] = clusters[chosen]
    return clusterings.pairwise(clusterings.contingency(planted.labels, found))


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
