"""What a scan says of labelled pairs: recall by band, hard negatives, precision, and a curve over a threshold."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from dedup import scores
from dedup.evaluation import units as numbering
from dedup.matching import matches as matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.evaluation import gold

STEPS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """Labelled pairs with what the scan says of each, all of one length.

    Parameters
    ----------
    rows : the pairs
    keys : (n,) uint64, as in `units.Found`
    positive, clustered : (n,) bool
    figures : (n,) float64, NaN for none
    places : (n,) int64, where in `found` each stands, -1 for no match
    found : all pairs that the scan matched
    """

    rows: tuple[gold.Pair, ...]
    keys: NDArray[np.uint64]
    positive: NDArray[np.bool_]
    clustered: NDArray[np.bool_]
    figures: NDArray[np.float64]
    places: NDArray[np.int64]
    found: numbering.Found

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Return whether each pair is matched."""
        return self.places >= 0


def judge(
    rows: tuple[gold.Pair, ...],
    units: numbering.Units,
    found: numbering.Found,
    members: numbering.Memberships,
) -> Judged:
    """Return what the scan says of these pairs, whose ids it read."""
    a, b = units.of(row.id_a for row in rows), units.of(row.id_b for row in rows)
    keys = numbering.keys_of(a, b)
    return Judged(
        rows,
        keys,
        np.array([row.positive for row in rows], bool),
        numbering.together(members, a, b),
        np.array([math.nan if row.figure is None else row.figure for row in rows], np.float64),
        found.places(keys),
        found,
    )


def score(
    judged: Judged, bands: Sequence[float], band_column: str | None, *, complete: bool
) -> scores.PairScores:
    """Return recall and errors, by band and by label; precision where the labels are complete.

    Parameters
    ----------
    bands : where one band ends and the next begins, rising
    complete : whether every pair that is not listed does not belong together
    """
    positive = judged.positive
    labels = sorted({row.label for row in judged.rows})
    label_of = np.array([row.label for row in judged.rows], object)
    by_label = tuple(_group(judged, label_of == label, label) for label in labels if len(labels) > 1)
    wrong = ~positive & (judged.matched | judged.clustered)
    return scores.PairScores(
        band_column=band_column,
        positives=_group(judged, positive, "all"),
        by_band=_by_band(judged, positive, bands),
        by_label=by_label,
        negatives=None if positive.all() else _group(judged, ~positive, "all"),
        negatives_by_band=_by_band(judged, ~positive, bands),
        matches=_precision(judged) if complete else None,
        missed=_listed(judged, positive & ~judged.matched),
        wrong=_listed(judged, wrong),
    )


def curve(judged: Judged, figure: str, *, complete: bool) -> scores.Curve:
    """Return recall, and precision where the labels are complete, of matches with at least each threshold.

    Parameters
    ----------
    figure : `jaccard` or `share`
    """
    every = judged.found.jaccard if figure == "jaccard" else judged.found.share
    reached = np.full(len(judged.rows), -1.0)
    reached[judged.matched] = every[judged.places[judged.matched]]
    n_true = int(judged.positive.sum())
    points = []
    for step in range(STEPS + 1):
        threshold = step / STEPS
        n_both = int((reached[judged.positive] >= threshold).sum())
        n_wrong = int((reached[~judged.positive] >= threshold).sum())
        agreed = scores.agreement(n_true, int((every >= threshold).sum()), n_both)
        known = (agreed.precision, agreed.f1) if complete else (None, None)
        points.append(scores.Point(threshold, agreed.recall, *known, n_wrong))
    return scores.Curve(figure, tuple(points))


def band_names(bands: Sequence[float]) -> list[tuple[str, float, float | None]]:
    """Return name, least figure and end of each band.

    >>> [name for name, _, _ in band_names((0.1, 0.5))]
    ['under .1', '.1 to .5', '.5 to 1']
    """
    short = [f"{edge:g}".removeprefix("0") for edge in bands]
    inner = [
        (f"{low} to {high}", *edges)
        for (low, high), edges in zip(itertools.pairwise(short), itertools.pairwise(bands), strict=True)
    ]
    return [(f"under {short[0]}", 0.0, bands[0]), *inner, (f"{short[-1]} to 1", bands[-1], None)]


def _precision(judged: Judged) -> scores.Agreement:
    true = judged.positive
    return scores.agreement(int(true.sum()), len(judged.found.keys), int((true & judged.matched).sum()))


def _by_band(judged: Judged, chosen: NDArray[np.bool_], bands: Sequence[float]) -> tuple[scores.Group, ...]:
    known = chosen & ~np.isnan(judged.figures)
    if not known.any():
        return ()
    places = np.searchsorted(np.array(bands), judged.figures, side="right")
    return tuple(
        _group(judged, known & (places == place), name, low, high)
        for place, (name, low, high) in enumerate(band_names(bands))
    )


def _group(
    judged: Judged,
    chosen: NDArray[np.bool_],
    name: str,
    low: float | None = None,
    high: float | None = None,
) -> scores.Group:
    places = judged.places[chosen & judged.matched]
    n_pairs, n_clustered = int(chosen.sum()), int((chosen & judged.clustered).sum())
    counts = np.bincount(judged.found.relations[places], minlength=len(matching.RELATIONS)).tolist()
    return scores.Group(
        name,
        low,
        high,
        n_pairs,
        len(places),
        n_clustered,
        scores.ratio(len(places), n_pairs),
        scores.ratio(n_clustered, n_pairs),
        scores.ratio(float(judged.found.share[places].sum()), n_pairs),
        scores.Relations(**dict(zip(matching.RELATIONS, counts, strict=True))),
    )


def _listed(judged: Judged, chosen: NDArray[np.bool_]) -> tuple[scores.LabelledPair, ...]:
    listed = []
    for index in np.flatnonzero(chosen).tolist():
        row, place = judged.rows[index], int(judged.places[index])
        relation = matching.RELATIONS[judged.found.relations[place]] if place >= 0 else None
        share = float(judged.found.share[place]) if place >= 0 else 0.0
        clustered = bool(judged.clustered[index])
        listed.append(
            scores.LabelledPair(row.id_a, row.id_b, row.label, row.figure, relation, share, clustered)
        )
    return tuple(listed)
