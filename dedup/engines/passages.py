"""From matches to passage clusters, and what attribution is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xxhash

from dedup import records
from dedup.clustering import passages as grouping
from dedup.clustering.recurring import places as recurring

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import running
    from dedup.engines.archive import Archive
    from dedup.engines.cases import Clusters
    from dedup.matching import matches as matching
    from dedup.matching import passages as aligning
    from dedup.settings import Settings

MOST_ASKED = 16  # of the articles that hold a passage: they are asked whose it is


def clusters(
    archive: Archive,
    matches: matching.Matches,
    aligned: aligning.Passages,
    found: Clusters,
    settings: Settings,
    run: running.Run = map,
) -> grouping.Passages:
    """Return the passages that articles share which stand in no common article cluster, each with all its places.

    Pairs of such articles say which text is shared; where it stands is looked up in the whole archive, also in the
    members of article clusters.

    Parameters
    ----------
    run : what reads the archive, some articles at a time
    """
    clusters_of = _clusters_of(len(archive), found)
    a, b = matches.a, matches.b
    apart = np.flatnonzero(grouping.are_apart(a, b, clusters_of))
    lengths = np.diff(aligned.offsets)[apart]
    offsets = records.offsets(lengths)
    rows = np.repeat(aligned.offsets[apart] - offsets[:-1], lengths) + np.arange(offsets[-1])
    spans = np.empty((2, len(rows), 3), np.int64)
    for side, articles in enumerate((a, b)):
        spans[side, :, 0] = np.repeat(articles[apart], lengths)
        spans[side, :, 1:] = aligned.spans[rows, 2 * side : 2 * side + 2]
    page_starts = archive.page_offsets[archive.page_of]
    corpus = recurring.Corpus(archive.text, page_starts, archive.live, archive.sketches.marks)
    return grouping.across(grouping.find(corpus, spans.reshape(-1, 3), settings, run), clusters_of)


def _clusters_of(n_articles: int, found: Clusters) -> records.Ragged:
    """Return the clusters of each article, rising."""
    numbers = np.repeat(np.arange(len(found)), np.diff(found.offsets))
    order = np.argsort(found.articles, kind="stable")
    counts = np.bincount(found.articles, minlength=n_articles)
    return records.Ragged(numbers[order], records.offsets(counts))


def ids(archive: Archive, found: grouping.Passages) -> pa.Array:
    """Return the id of each passage, from the first place where it stands."""
    import pyarrow as pa

    first = np.flatnonzero(np.diff(found.passages, prepend=-1))
    places = zip(
        archive.article_ids.take(pa.array(found.articles[first])).to_pylist(),
        found.starts[first].tolist(),
        found.ends[first].tolist(),
        strict=True,
    )
    digests = [
        "p" + xxhash.xxh3_64_hexdigest(f"{article_id}:{start}:{end}".encode())
        for article_id, start, end in places
    ]
    return pa.array(digests, pa.string())


def cases(archive: Archive, found: grouping.Passages, ids: pa.Array) -> records.Cases:
    """Return what attribution is asked for each passage: some of the stories that hold it, each with its first place.

    Of very many stories the earliest ones are asked, those first that name their outlet.

    Parameters
    ----------
    ids : (n_passages,) string
    """
    import pyarrow as pa

    rows = _first_places(found)
    articles = found.articles[rows]
    pages = archive.pages.take(pa.array(archive.page_of[articles]))
    dates = pages.column("published").dictionary_encode()
    order = np.append(
        np.argsort(np.argsort(dates.dictionary.to_numpy(zero_copy_only=False))), len(dates.dictionary)
    )
    published = order[dates.indices.fill_null(len(dates.dictionary)).to_numpy()]
    unnamed = pages.column("outlet").is_null().to_numpy(zero_copy_only=False)
    chosen = np.lexsort((articles, published, unnamed, found.passages[rows]))
    owners = found.passages[rows][chosen]
    rank = np.arange(len(chosen)) - np.searchsorted(owners, owners)
    kept = np.sort(chosen[rank < MOST_ASKED])
    rows = rows[kept]
    n_passages = len(np.unique(found.passages))
    offsets = records.offsets(
        np.bincount(np.unique(found.passages[rows], return_inverse=True)[1], minlength=n_passages)
    )
    spans = records.Spans(found.starts[rows], found.ends[rows], np.arange(len(rows) + 1))
    return records.Cases(
        offsets,
        archive.stories(found.articles[rows]),
        np.ones(len(rows)),
        np.zeros(len(rows), np.bool_),
        spans.take,
        lambda stories: spans.take(stories).extents(),
        are_passages=True,
        ids=ids.to_pylist(),
    )


def _first_places(found: grouping.Passages) -> NDArray[np.int64]:
    """Return the row of the first place of each passage in each article."""
    alike = np.diff(found.articles, prepend=-1) == 0
    alike &= np.diff(found.passages, prepend=-1) == 0
    return np.flatnonzero(~alike)
