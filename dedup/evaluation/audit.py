"""How much a scan reports of what brute force over a sample of its archive finds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dedup import scores
from dedup.engines import auditing
from dedup.evaluation import pairs as scoring
from dedup.evaluation import units as numbering
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup import results
    from dedup.progress import Progress

_Z = 1.959963984540054  # of the normal distribution, 95% between -z and z


def audit(
    result: results.Result,
    bands: Sequence[float],
    n_articles: int,
    seed: int,
    threads: int | None,
    progress: Progress,
) -> scores.Audit:
    """Return the recall of a scan over a sample of its own articles.

    Raises
    ------
    ResultError : the archive cannot be read again
    """
    truth = auditing.audit(result, n_articles, seed, threads, progress)
    reported = _reported(truth, result)
    n_pairs, n_reported = len(reported), int(reported.sum())
    low, high = wilson(n_reported, n_pairs) if n_pairs else (None, None)
    return scores.Audit(
        seed=seed,
        n_sampled=len(truth.sample),
        n_articles=len(truth.article_ids),
        n_changed=truth.n_changed,
        n_compared=truth.n_compared,
        n_pairs=n_pairs,
        n_reported=n_reported,
        recall=scores.ratio(n_reported, n_pairs),
        recall_low=low,
        recall_high=high,
        by_band=_by_band(truth.matches, reported, bands),
        by_relation=tuple(
            _group(name, truth.matches.relations == index, reported)
            for index, name in enumerate(matching.RELATIONS)
        ),
        missed=_missed(truth, reported),
    )


def wilson(n_good: int, n_all: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson 1927, score interval).

    >>> [round(end, 4) for end in wilson(10, 10)], [round(end, 4) for end in wilson(5, 10)]
    ([0.7225, 1.0], [0.2366, 0.7634])
    """
    share, weight = n_good / n_all, _Z**2 / n_all
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * math.sqrt(share * (1 - share) / n_all + weight / (4 * n_all))
    # at the ends rounding would leave next to nothing
    return (middle - half if n_good else 0.0), (middle + half if n_good < n_all else 1.0)


def _reported(truth: auditing.Truth, result: results.Result) -> NDArray[np.bool_]:
    """Return whether the scan reports each pair: itself, or where very many articles are equal, their first ones."""
    ids = truth.article_ids
    units = numbering.number(result.articles, ids.to_pylist())
    keys = numbering.found(result, units).keys
    first = np.arange(len(ids))
    able = truth.groups.group_of >= 0
    first[able] = truth.groups.representatives[truth.groups.group_of[able]]
    a, b = truth.matches.a, truth.matches.b
    by_first = np.ones(len(a), bool)
    for left, right in ((first[a], a), (first[b], b), (first[a], first[b])):
        by_first &= (left == right) | np.isin(numbering.keys_of(left, right), keys)
    return by_first | np.isin(truth.matches.pairs, keys)


def _by_band(
    found: matching.Matches, reported: NDArray[np.bool_], bands: Sequence[float]
) -> tuple[scores.AuditGroup, ...]:
    places = np.searchsorted(np.array(bands), np.maximum(found.share_a, found.share_b), side="right")
    return tuple(
        _group(name, places == place, reported)
        for place, (name, _, _) in enumerate(scoring.band_names(bands))
    )


def _group(name: str, chosen: NDArray[np.bool_], reported: NDArray[np.bool_]) -> scores.AuditGroup:
    n_pairs, n_reported = int(chosen.sum()), int((chosen & reported).sum())
    return scores.AuditGroup(name, n_pairs, n_reported, scores.ratio(n_reported, n_pairs))


def _missed(truth: auditing.Truth, reported: NDArray[np.bool_]) -> tuple[scores.AuditedPair, ...]:
    import pyarrow as pa

    missed = matching.take(truth.matches, ~reported)
    greater = np.maximum(missed.share_a, missed.share_b)
    missed = matching.take(missed, np.lexsort((missed.pairs, -greater)))
    names = (truth.article_ids.take(pa.array(side)).to_pylist() for side in (missed.a, missed.b))
    rows = zip(
        *names,
        (matching.RELATIONS[relation] for relation in missed.relations),
        missed.jaccard.tolist(),
        missed.share_a.tolist(),
        missed.share_b.tolist(),
        strict=True,
    )
    return tuple(scores.AuditedPair(*row) for row in rows)
