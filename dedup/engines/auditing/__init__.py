"""Brute force over a sample of an archive: every match that the scan's rule makes, whatever its indexes find."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from dedup import errors, reading, records
from dedup import progress as progresses
from dedup import settings as options
from dedup.engines import assembling, local
from dedup.matching import exact, hashing
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import results
    from dedup.engines.archive import Archive
    from dedup.progress import Progress
    from dedup.settings import Settings

_MOST_PAIRS = 1_000_000  # taken at once
_ARTICLES_AT_ONCE = 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class Truth:
    """The matches of a sample of articles, found without an index.

    Parameters
    ----------
    article_ids : (n_articles,) string, sorted
    sample : (n_sampled,) int64, articles, rising
    groups : the articles that take part in matching, by their shingles
    matches : every match in which an article of the sample stands
    n_compared : pairs that share a shingle
    n_changed : articles that are new, gone or changed since the scan, and so not in the sample
    """

    article_ids: pa.Array
    sample: NDArray[np.int64]
    groups: exact.Groups
    matches: matching.Matches
    n_compared: int
    n_changed: int


def audit(
    result: results.Result, n_articles: int, seed: int, threads: int | None, progress: Progress
) -> Truth:
    """Return what brute force finds for a sample of the articles of a scan, whose sources are read again.

    Parameters
    ----------
    n_articles : of the sample; fewer where the archive has fewer
    seed : another seed draws another sample
    threads : how many work; None for one per core

    Raises
    ------
    ResultError : a source is gone, or was standard input
    """
    from dedup.engines import kernels

    settings = options.load(None, **result.run.settings)
    engine = local.Local(settings, threads, progress)
    with kernels.announced(progress):
        progress.stage("reading and sketching again")
        archive = _archive(engine, _paths(result.run), settings)
        able = engine.able(archive)
        known, same = _unchanged(archive, result.articles)
        sample = draw(archive.article_ids, able[same[able]], n_articles, seed)
        progress.stage("comparing", total=len(able), unit="articles")
        together = np.zeros(len(archive), np.int64)
        n_compared, parts = 0, [matching.none()]
        silent = local.Local(settings, threads, progresses.Silent())
        for pairs in candidates(_sets(archive, able, settings), able, sample, progress):
            n_compared += len(pairs)
            matches, _ = silent.match(archive, local.Candidates(pairs, together, len(pairs)))
            parts.append(matches)
    return Truth(
        archive.article_ids,
        sample,
        exact.group(archive.sketches.digests, able),
        matching.concatenate(parts),
        n_compared,
        int((~known).sum()) + result.articles.num_rows - int(same.sum()),
    )


def draw(ids: pa.Array, articles: NDArray[np.int64], n_articles: int, seed: int) -> NDArray[np.int64]:
    """Return a sample of these articles, rising: those whose ids have the least hashes.

    >>> import pyarrow as pa
    >>> len(draw(pa.array(["a", "b", "c"]), np.arange(3), 2, seed=1))
    2
    """
    import pyarrow as pa

    names = ids.take(pa.array(articles)).to_pylist()
    hashes = np.array([xxhash.xxh3_64_intdigest(name.encode(), seed) for name in names], np.uint64)
    chosen = articles[np.argsort(hashes, kind="stable")[:n_articles]]
    return np.sort(chosen)


def candidates(
    shingles: records.Ragged, articles: NDArray[np.int64], sample: NDArray[np.int64], progress: Progress
) -> Iterator[NDArray[np.uint64]]:
    """Yield every pair of an article and one of the sample that share any shingle, in sorted parts; none twice.

    Parameters
    ----------
    shingles : the set of each article, sorted
    articles, sample : (n,) int64, rising

    >>> from dedup.progress import Silent
    >>> sets = records.Ragged(np.array([1, 2, 2, 9, 3], np.uint32), np.array([0, 2, 4, 5]))
    >>> [part.tolist() for part in candidates(sets, np.arange(3), np.array([0]), Silent())]
    [[1]]
    """
    from dedup.engines.auditing import kernels

    rows = [shingles.row(article) for article in sample.tolist()]
    values = np.concatenate([shingles.values[:0], *rows])
    order = np.argsort(values, kind="stable")
    holders = np.repeat(np.arange(len(sample)), [len(row) for row in rows])[order]
    values = values[order]
    first = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1]))[: len(values)])
    keys, starts = values[first], np.append(first, len(values))
    bitmap = kernels.mark(keys)
    size = max(1, _MOST_PAIRS // max(1, len(sample)))
    room = np.empty(min(size, len(articles)) * len(sample), np.uint64)
    for begin in range(0, len(articles), size):
        block = articles[begin : begin + size]
        index = (bitmap, keys, starts, holders)
        n_pairs = kernels.emit_pairs(shingles.values, shingles.offsets, block, *index, sample, room)
        yield np.sort(room[:n_pairs])
        progress.advance(len(block))


def _archive(engine: local.Local, paths: list[str], settings: Settings) -> Archive:
    log = reading.ReadingLog()
    try:
        archive = assembling.build(engine.sketch(reading.blocks(paths, settings, log), log), log.rejects)
    except (errors.PathError, errors.EmptyArchiveError) as error:
        message = f"the archive cannot be read again: {error}"
        raise errors.ResultError(message) from error
    masked, _ = engine.mask(archive)
    return masked


def _paths(run: results.Run) -> list[str]:
    """Return the paths of a scan, wherever this process stands."""
    if "-" in run.paths:
        message = "standard input cannot be read again: the texts of that scan are gone"
        raise errors.ResultError(message)
    found = [Path(run.folder, path) for path in run.paths]
    return [str(path if path.exists() else given) for path, given in zip(found, run.paths, strict=True)]


def _unchanged(archive: Archive, articles: pa.Table) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether the scan read each article, and whether it had as many words, each (n_articles,) bool."""
    import pyarrow.compute as pc

    ids = articles["article_id"].combine_chunks()
    places = pc.fill_null(pc.index_in(archive.article_ids, value_set=ids), -1).to_numpy()
    known: NDArray[np.bool_] = places >= 0
    same = known.copy()
    same[known] = articles["n_words"].to_numpy()[places[known]] == archive.lines.n_words[known]
    return known, same


def _sets(archive: Archive, articles: NDArray[np.int64], settings: Settings) -> records.Ragged:
    """Return the set of shingles of each article; empty for those that are not asked for."""
    sizes = np.zeros(len(archive), np.int64)
    rows = []
    for begin in range(0, len(articles), _ARTICLES_AT_ONCE):
        some = articles[begin : begin + _ARTICLES_AT_ONCE]
        made = hashing.sets(archive.text, archive.located(), some, settings.shingle_words)
        sizes[some] = np.diff(made.offsets)
        rows.append(made.values)
    return records.Ragged(np.concatenate([np.empty(0, np.uint32), *rows]), records.offsets(sizes))
