"""What a rule is: data plus one small function, and what that function gives back.

A `Rule` reads one story; a `CaseRule` reads all stories of a case and what the rules on stories found in them.
Weights are log-odds; they live here and nowhere else, so that they can be fitted.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dedup import records
    from dedup.attribution import views

ORIGIN, CO_ORIGIN, IMMEDIATE_SOURCE = "origin", "co_origin", "immediate_source"
SELF_CLAIM, ORDER, CITATION = "self_claim", "order", "citation"
CREDIT, STRUCTURE, CONTENT, TIME, PRIOR, CITED = "credit", "structure", "content", "time", "prior", "citation"

STRONG = 4.0
"""Least weight of a credit that states an origin by itself."""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule found: the name as it stands there, and the quote's characters in its field.

    `start` and `end` are characters of the page text for the field `text`, of the record's field otherwise; they are
    None for a finding that rests on no quote. `name` is None where the place names nobody.
    """

    story: int
    name: str | None
    field: str | None = None
    start: int | None = None
    end: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A rule on one story. `looks_for` is the sentence that the documentation shows."""

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    find: Callable[[views.View], Iterable[Finding]]
    kind: str = "outlet"
    """Kind of a candidate that is no agency: `outlet` or `issuer`."""


def holds(text: str, signs: Iterable[str]) -> bool:
    """Return whether a text holds any of these signs: the quick test before a rule's pattern is tried.

    >>> holds("With files from AFP", ("ith files from", "vec "))
    True
    """
    for sign in signs:  # noqa: SIM110  (a generator costs more than the search)
        if sign in text:
            return True
    return False


@dataclasses.dataclass(frozen=True, slots=True)
class Clue:
    """A finding with its rule, and the key of the candidate that it speaks for, None for nobody."""

    rule: Rule | CaseRule
    finding: Finding
    candidate: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Dossier:
    """A case with the views of its stories and the clues that the rules on stories gave."""

    case: records.Case
    views: tuple[views.View, ...]
    clues: tuple[Clue, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class CaseRule:
    """A rule on a whole case."""

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    find: Callable[[Dossier], Iterable[Finding]]
    kind: str = "outlet"
