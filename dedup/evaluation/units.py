"""What labels speak of, as the scan sees it: ids, the articles that they name, their matches and their clusters."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import packing
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import results


@dataclasses.dataclass(frozen=True, slots=True)
class Units:
    """The ids that are counted, numbered: those that the labels name, then others of the archive if they count too.

    Parameters
    ----------
    numbers : the number of each id that the labels name
    read : (n_units,) bool, whether the scan read an article of it
    direct : (n_articles,) int64, the unit with the article's own id, -1 for none
    by_page : (n_articles,) int64, the unit with the id of the page that the story stands on, -1 for none
    """

    numbers: dict[str, int]
    read: NDArray[np.bool_]
    direct: NDArray[np.int64]
    by_page: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.read)

    def of(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the number of each id."""
        return np.array([self.numbers[identity] for identity in ids], np.int64)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The pairs of units that the scan matched, sorted; of several matches, the relation of the greatest share.

    Parameters
    ----------
    keys : (n,) uint64, `a << 32 | b` with a < b
    share, jaccard : (n,) float64, the greatest; a share is the greater of the two sides
    relations : (n,) int64, index into `matching.RELATIONS`
    """

    keys: NDArray[np.uint64]
    share: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    relations: NDArray[np.int64]

    def places(self, asked: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return where each pair stands, -1 for one that was not matched."""
        return _places(self.keys, asked)


@dataclasses.dataclass(frozen=True, slots=True)
class Memberships:
    """Which unit stands in which cluster, sorted by unit, then cluster, which are numbered in the order of their ids.

    Parameters
    ----------
    keys : (n,) uint64, `unit << 32 | cluster`
    share : (n,) float64, the greatest of the unit's articles
    container : (n,) bool, whether it stands there as a container only
    """

    keys: NDArray[np.uint64]
    share: NDArray[np.float64]
    container: NDArray[np.bool_]

    @property
    def units(self) -> NDArray[np.int64]:
        """Return the unit of each."""
        return sides(self.keys)[0]

    @property
    def clusters(self) -> NDArray[np.int64]:
        """Return the cluster of each."""
        return sides(self.keys)[1]


def number(articles: pa.Table, named: Iterable[str], *, whole: bool = False) -> Units:
    """Return the units of these ids; an id is that of an article, or of a page whose stories it stands for.

    Parameters
    ----------
    articles : the table of articles of a scan
    whole : whether the pages that are not named are units too
    """
    import pyarrow as pa

    ids = list(dict.fromkeys(named))
    direct = _index(articles["article_id"], pa.array(ids, pa.string()))
    by_page = _index(articles["page_id"], pa.array(ids, pa.string()))
    by_page[direct == by_page] = -1
    n_units = len(ids)
    if whole:
        rest = (direct < 0) & (by_page < 0)
        pages = articles["page_id"].combine_chunks().filter(pa.array(rest)).dictionary_encode()
        direct[rest] = n_units + pages.indices.to_numpy()
        n_units += len(pages.dictionary)
    read = np.zeros(n_units, bool)
    for part in (direct, by_page):
        read[part[part >= 0]] = True
    return Units({identity: place for place, identity in enumerate(ids)}, read, direct, by_page)


def found(result: results.Result, units: Units) -> Found:
    """Return the pairs of units that the scan matched."""
    import pyarrow as pa

    table, ids = result.matches, result.articles["article_id"].combine_chunks()
    a, b = _index(table["article_a"], ids), _index(table["article_b"], ids)
    relation = _index(table["relation"], pa.array(matching.RELATIONS))
    share = np.maximum(table["share_a"].to_numpy(), table["share_b"].to_numpy())
    keys, rows = _of_units(a, b, units)
    order = np.lexsort((relation[rows], -share[rows], keys))
    keys, rows = keys[order], rows[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)])
    jaccard = table["jaccard"].to_numpy()[rows]
    greatest = np.maximum.reduceat(jaccard, first) if len(first) else jaccard
    return Found(keys[first], share[rows][first], greatest, relation[rows][first])


def memberships(result: results.Result, units: Units) -> Memberships:
    """Return which unit stands in which cluster."""
    import pyarrow as pa

    table = result.members
    ids = result.articles["article_id"].combine_chunks()
    articles = _index(table["article_id"], ids)
    clusters = _index(table["cluster_id"], result.clusters["cluster_id"].combine_chunks().sort())
    container = _index(table["role"], pa.array(["container"])) == 0
    share = table["share"].to_numpy()
    both = [(part[articles], np.flatnonzero(part[articles] >= 0)) for part in (units.direct, units.by_page)]
    rows = np.concatenate([rows for _, rows in both])
    owners = np.concatenate([owners[rows] for owners, rows in both])
    keys = packing.pack(owners, clusters[rows])
    order = np.lexsort((-share[rows], container[rows], keys))
    keys, rows = keys[order], rows[order]
    first = np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)]
    return Memberships(keys[first], share[rows][first], container[rows][first])


def together(members: Memberships, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether the two units of each pair stand in a common cluster, (n,) bool."""
    units, clusters = members.units, members.clusters
    begins = np.searchsorted(units, a)
    lengths = np.searchsorted(units, a, side="right") - begins
    pairs = np.repeat(np.arange(len(a)), lengths)
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keys = packing.pack(b[pairs], clusters[begins[pairs] + within])
    joined = np.zeros(len(a), bool)
    joined[pairs[_places(members.keys, keys) >= 0]] = True
    return joined


def keys_of(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the key of each pair, whichever comes first.

    >>> bool(keys_of(np.array([3]), np.array([1])) == keys_of(np.array([1]), np.array([3])))
    True
    """
    return packing.pair(a, b)


def sides(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lesser and the greater unit of each pair."""
    return packing.high(keys), packing.low(keys)


def _of_units(
    a: NDArray[np.int64], b: NDArray[np.int64], units: Units
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the pairs of units that matches stand for, and the row of each; an article may have two units."""
    sides = (units.direct, units.by_page)
    one_page = (units.by_page[a] == units.by_page[b]) & (units.by_page[a] >= 0)
    keys, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for left, right in itertools.product(sides, sides):
        kept = (left[a] >= 0) & (right[b] >= 0) & (left[a] != right[b])
        if left is not units.direct or right is not units.direct:
            kept &= ~one_page
        rows.append(np.flatnonzero(kept))
        keys.append(keys_of(left[a][kept], right[b][kept]))
    return np.concatenate(keys), np.concatenate(rows)


def _places(keys: NDArray[np.uint64], asked: NDArray[np.uint64]) -> NDArray[np.int64]:
    if len(keys) == 0:
        return np.full(len(asked), -1)
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[places] == asked, places, -1)


def _index(values: Any, known: pa.Array) -> NDArray[np.int64]:
    """Return the place of each value among the known, -1 for none."""
    import pyarrow.compute as pc

    places = pc.fill_null(pc.index_in(values, value_set=known), -1)
    found: NDArray[np.int64] = places.to_numpy().astype(np.int64)
    return found
