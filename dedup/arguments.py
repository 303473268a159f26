"""How evidence makes a verdict, in the words of both who judges and who explains: thresholds, answers, changes.

Within a family the strongest piece counts, families add up, and candidates compete with "unknown".
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STRONG = 4.0
"""Least weight of a credit that states an origin by itself."""
LEAST_INFERRED = 2.0
"""Score that a candidate without a strong credit must reach against "unknown"."""
LEAST_LEAD = 1.0
"""Distance that it must keep from the next candidate."""
LEAST_CREDIT = 2.5
"""Weight of a credit by which a page passes the question on to whom it credits."""
AGAINST = 3.0
"""Score of another candidate that speaks against a strong credit: what it names is inferred then, at most."""
STATED, INFERRED, CONFLICTING, UNDETERMINED = "stated", "inferred", "conflicting", "undetermined"
ANOTHER = "another agency"
"""Stands for an agency that no evidence names."""


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as the tables have it."""

    article_id: str
    family: str
    rule: str
    candidate: str
    says: str
    weight: float


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom evidence speaks for.

    Parameters
    ----------
    families : the weight of the strongest piece of each family
    passes_on : whether its own pages credit somebody else for the text, who therefore stands before it
    is_running : whether it competes: it passes nothing on, and more than a prior or a date speaks for it
    """

    name: str
    families: Mapping[str, float]
    passes_on: bool
    is_running: bool

    @property
    def score(self) -> float:
        """Return the sum over the families."""
        return sum(self.families.values())


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Whom evidence names, and how surely: the origin and its co-origins, or those who contradict each other."""

    level: str
    names: tuple[str, ...]

    def is_like(self, other: Answer) -> bool:
        """Return whether two answers say the same, in whatever order they name several."""
        return (self.level, set(self.names)) == (other.level, set(other.names))


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """Evidence without which the verdict would be another: one rule's for one candidate."""

    rule: str
    candidate: str
    answer: Answer


@dataclasses.dataclass(frozen=True, slots=True)
class Argued:
    """A verdict judged again.

    Parameters
    ----------
    without : what would change it if it were not there
    with_another : the answer if an article had a strong credit of another agency, for each article that was tried
    """

    answer: Answer
    candidates: tuple[Candidate, ...]
    without: tuple[Change, ...]
    with_another: tuple[tuple[str, Answer], ...]
