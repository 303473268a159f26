"""From pairs that may match to matches, judged by the stages of a scan on these articles alone, and their rows."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import packing, records
from dedup.engines import local
from dedup.index import schema
from dedup.matching import matches as matching
from dedup.matching import passages as aligning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup.index.archives import Some
    from dedup.index.store import Store

_COLUMNS = [column.name for column in schema.PAIRS.table.columns]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM pairs"  # noqa: S608  (names are declared)
_AT_ONCE = 50_000


@dataclasses.dataclass(frozen=True, slots=True)
class Compared:
    """Matches between the articles of an archive, with the passages of each."""

    matches: matching.Matches
    passages: aligning.Passages


def none() -> Compared:
    """Return no matches."""
    return Compared(matching.none(), aligning.none())


def compare(some: Some, pairs: Iterable[tuple[int, int]], engine: local.Local) -> Compared:
    """Return the matches among pairs of articles.

    Parameters
    ----------
    pairs : their numbers in the file, in any order
    """
    listed = np.array(list(pairs), np.int64).reshape(-1, 2)
    if len(listed) == 0:
        return none()
    order = np.argsort(some.numbers)
    places = order[np.searchsorted(some.numbers, listed, sorter=order)]
    asked = packing.pair(places[:, 0], places[:, 1])
    packing.sort(asked)
    asked = asked[np.flatnonzero(np.diff(asked, prepend=~asked[:1]))]
    screened, labels = engine.screen(some.archive.sketches, asked)
    matches, passages = engine.match(some.archive, local.Candidates(screened, labels, len(asked)))
    return Compared(matches, passages)


def rows(found: Compared, numbers: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    """Yield matches as rows of the file, in the order of their articles' ids."""
    import pyarrow as pa

    from dedup.reporting import jsonlines

    matches, passages = found.matches, found.passages
    names = matching.RELATIONS
    for begin in range(0, len(matches), _AT_ONCE):
        end = min(begin + _AT_ONCE, len(matches))
        some = slice(begin, end)
        first, last = int(passages.offsets[begin]), int(passages.offsets[end])
        spans, own = passages.spans[first:last], (passages.offsets[begin : end + 1] - first).astype(np.int32)
        four = pa.ListArray.from_arrays(np.arange(0, 4 * len(spans) + 1, 4, dtype=np.int32), spans.ravel())
        yield from zip(
            numbers[packing.high(matches.pairs[some])].tolist(),
            numbers[packing.low(matches.pairs[some])].tolist(),
            [names[relation] for relation in matches.relations[some].tolist()],
            matches.jaccard[some].tolist(),
            matches.share_a[some].tolist(),
            matches.share_b[some].tolist(),
            matches.shared[some].tolist(),
            matches.strengths[some].tolist(),
            passages.shared_words[some].tolist(),
            jsonlines.cells(pa.ListArray.from_arrays(own, four)).to_pylist(),
            jsonlines.cells(pa.ListArray.from_arrays(own, passages.edits[first:last])).to_pylist(),
            strict=True,
        )


def insert(store: Store, found: Compared, numbers: NDArray[np.int64]) -> None:
    """Write matches.

    Parameters
    ----------
    numbers : (n_articles,) int64, those of the archive's articles in the file
    """
    store.connection.executemany(schema.PAIRS.insert(), rows(found, numbers))


def load(store: Store, some: Some) -> Compared:
    """Return the matches of the file between the articles of an archive."""
    own = set(some.numbers.tolist())
    found = [row for row in store.rows_of(f"{_SELECT} WHERE a IN ({{}})", own) if row[1] in own]
    return of_rows(found, some)


def load_all(store: Store, some: Some) -> Compared:
    """Return all matches of the file, whose articles are all in the archive."""
    return of_rows(store.rows(_SELECT), some)


def of_rows(found: list[tuple[Any, ...]], some: Some) -> Compared:
    """Return rows of the table `pairs` as matches of an archive."""
    if not found:
        return none()
    columns = dict(zip(_COLUMNS, zip(*found, strict=True), strict=True))
    order = np.argsort(some.numbers)
    a, b = (order[np.searchsorted(some.numbers, np.array(columns[side]), sorter=order)] for side in "ab")
    spans = [json.loads(cell) for cell in columns["passages"]]
    edits = [json.loads(cell) for cell in columns["edits"]]
    matches = matching.Matches(
        packing.pack(a, b),
        np.array(columns["shared"], np.int64),
        np.array(columns["jaccard"], np.float64),
        np.array(columns["share_a"], np.float64),
        np.array(columns["share_b"], np.float64),
        np.array([matching.RELATIONS.index(relation) for relation in columns["relation"]], np.int8),
        np.array(columns["strength"], np.float64),
    )
    passages = aligning.Passages(
        np.array([span for row in spans for span in row], aligning.none().spans.dtype).reshape(-1, 4),
        np.array([edit for row in edits for edit in row], aligning.none().edits.dtype),
        records.offsets(np.array([len(row) for row in spans], np.int64)),
        np.array(columns["shared_words"], aligning.none().shared_words.dtype),
    )
    by_pair = np.argsort(matches.pairs)
    return Compared(matching.take(matches, by_pair), aligning.take(passages, by_pair))
