"""What a rule is: data plus one small function, and what that function gives back.

A `Rule` reads the text of one story, and is asked only about stories that hold its signs. A `RecordRule` reads what
the records of all stories say of their own pages, a `CaseRule` whole cases with what the others found in them; both
work on columns. Weights are log-odds; they live here and nowhere else, so that they can be fitted.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from dedup.attribution import dossiers, mastheads, signs, views

ORIGIN, CO_ORIGIN, IMMEDIATE_SOURCE = "origin", "co_origin", "immediate_source"
SELF_CLAIM, ORDER, CITATION = "self_claim", "order", "citation"
CREDIT, STRUCTURE, CONTENT, TIME, PRIOR, CITED = "credit", "structure", "content", "time", "prior", "citation"
OVERRIDE = "override"
OUTLET, ISSUER, STATEMENT = "outlet", "issuer", "statement"
SAYS = (ORIGIN, CO_ORIGIN, IMMEDIATE_SOURCE, SELF_CLAIM, ORDER, CITATION)
FAMILIES = (CREDIT, STRUCTURE, CONTENT, TIME, PRIOR, CITED, OVERRIDE)
FIELDS = (
    *("text", "outlet", "url", "byline", "published"),
    *(name for names in records.MARGINS.values() for name in names),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule found in a story: the name as it stands there, and the quote's characters in its field.

    `start` and `end` are characters of the page text for the field `text`, of the record's field otherwise; -1 where
    nothing is quoted. `quote` is what stands there, in a field that is none of the usual ones.
    """

    name: str
    field: str
    start: int
    end: int
    quote: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Findings:
    """What a rule on columns found.

    Parameters
    ----------
    stories : (n,) int64, the numbers of the stories
    names : (n,) int64, names by their numbers; -1 for nobody
    fields : (n,) int64, of FIELDS; -1 for what rests on no quote
    starts, ends : (n,) int64, characters of the field; -1 for what rests on no quote
    quotes : (n,) int64, the words quoted from a text or a further field, by their numbers; -1 for all else
    """

    stories: NDArray[np.int64]
    names: NDArray[np.int64]
    fields: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    quotes: NDArray[np.int64]

    def take(self, chosen: NDArray[np.int64]) -> Findings:
        """Return some of them, in the order asked for."""
        return Findings(*(getattr(self, field.name)[chosen] for field in dataclasses.fields(self)))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule on the text of one story. `looks_for` is the sentence that the documentation shows.

    The rule can find something only in stories that hold one of each of its `signs`.
    """

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    signs: tuple[signs.Signs, ...]
    find: Callable[[views.View], Iterable[Finding]]
    kind: str = OUTLET
    """Kind of a candidate that is no agency: `outlet`, `issuer` or `statement`."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordRule:
    """A rule on what records say of their own pages."""

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    find: Callable[[mastheads.Pages], Findings]
    kind: str = OUTLET


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CaseRule:
    """A rule on whole cases."""

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    find: Callable[[dossiers.Dossier], Findings]
    kind: str = OUTLET


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRule:
    """A rule on what several stories of a case say or hold; its module finds what all its rules look for at once."""

    name: str
    family: str
    says: str
    weight: float
    looks_for: str
    kind: str = OUTLET
