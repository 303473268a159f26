"""What an evaluation is asked, checked."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from dedup import errors

if TYPE_CHECKING:
    from pathlib import Path

BANDS = (0.1, 0.3, 0.5, 0.8)
COMPLETE = ("named", "archive")
FIGURES = ("jaccard", "share")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an evaluation is asked.

    Parameters
    ----------
    pairs : file of labelled pairs
    different : file of pairs that do not belong together, whatever their labels
    clusters : file of ids and the labels of their true clusters
    complete : whether every pair that is not listed does not belong together: among the articles that the labels
        name (`named`), or of the whole `archive`; None where that is not so
    bands : where one band ends and the next begins, rising
    band_column : column of the figures that the bands are of
    containers : whether a container counts as a member of its cluster in cluster measures
    curve : `jaccard` or `share` for a curve over its threshold
    audit : articles in the sample for brute force; 0 for none
    seed : seed of that sample

    Raises
    ------
    UsageError : nothing is asked, or something that cannot be

    >>> Question(audit=100, bands=(0.5, 0.3))
    Traceback (most recent call last):
    dedup.errors.UsageError: "bands" must rise: 0.5,0.3
    """

    pairs: Path | None = None
    different: Path | None = None
    clusters: Path | None = None
    complete: str | None = None
    bands: tuple[float, ...] = BANDS
    band_column: str | None = None
    containers: bool = False
    curve: str | None = None
    audit: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        """Check each value, and that they fit together."""
        edges = ",".join(f"{edge:g}" for edge in self.bands)
        _check(bool(self.bands), '"bands" must name an edge')
        _check(all(0 < edge <= 1 for edge in self.bands), f'"bands" must be over 0 and at most 1: {edges}')
        _check(all(low < high for low, high in itertools.pairwise(self.bands)), f'"bands" must rise: {edges}')
        _check(self.audit >= 0, f'"audit" must be >= 0: {self.audit}')
        _check(0 <= self.seed < 2**64, f'"seed" must be >= 0 and < 2^64: {self.seed}')
        _check(
            self.complete in {None, *COMPLETE},
            f'"complete" must be one of {_or(COMPLETE)}: "{self.complete}"',
        )
        _check(self.curve in {None, *FIGURES}, f'"curve" must be one of {_or(FIGURES)}: "{self.curve}"')
        labelled = self.pairs is not None or self.different is not None
        _check(
            labelled or self.clusters is not None or self.audit > 0,
            "nothing is asked: give labels (pairs, different or clusters), or ask for an audit",
        )
        _check(self.curve is None or labelled, '"curve" needs labelled pairs')
        _check(self.band_column is None or labelled, '"band_column" needs labelled pairs')
        _check(
            self.complete is None or self.pairs is not None or self.clusters is not None,
            '"complete" needs labels: pairs or clusters',
        )


def _check(holds: bool, message: str) -> None:  # noqa: FBT001  (what it checks)
    if not holds:
        raise errors.UsageError(message)


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(f'"{name}"' for name in names)
