"""How evidence makes a verdict: scores of candidates, what they must reach, and what would change the answer.

Within a family the strongest piece counts, families add up, and candidates compete with "unknown".
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

STRONG = 4.0
"""Least weight of a credit that states an origin by itself."""
LEAST_INFERRED = 2.0
"""Score that a candidate without a strong credit must reach against "unknown"."""
LEAST_LEAD = 1.0
"""Distance that it must keep from the next candidate."""
LEAST_CREDIT = 2.5
"""Weight of a credit by which a page passes the question on to whom it credits."""
STATED, INFERRED, CONFLICTING, UNDETERMINED = "stated", "inferred", "conflicting", "undetermined"
_FOUNDING = ("origin", "self_claim")
_OF_CREDITS = "credit_outside_shared"
_PRIOR, _CITATION, _OVERRIDE = "prior", "citation", "override"


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as the tables have it; `key` stands for the candidate in all its spellings."""

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
    strongest : the weight of the strongest piece that names it as the origin
    credits : whom its own pages credit for the text, who therefore stand before it
    is_founded : whether anything but a prior, a date or a source line speaks for it
    """

    name: str
    families: Mapping[str, float]
    strongest: float
    credits: tuple[str, ...]
    is_founded: bool

    @property
    def score(self) -> float:
        """Return the sum over the families."""
        return sum(self.families.values())


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Whom evidence names, and how surely; no name where it is open."""

    level: str
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """Evidence without which the verdict would be another: one rule's for one candidate."""

    rule: str
    candidate: str
    answer: Answer


def candidates(pieces: Iterable[Piece], outlets: Mapping[str, str]) -> list[Candidate]:
    """Return whom the evidence speaks for, the best first; those who credit somebody else last.

    Parameters
    ----------
    outlets : the name of the outlet of each article, as candidates are named

    >>> found = candidates(
    ...     [Piece("a", "credit", "agency_dateline", "Reuters", "origin", 4.0),
    ...      Piece("a", "structure", "own_publisher", "Daily Digest", "self_claim", 0.5)],
    ...     {"a": "Daily Digest"},
    ... )
    >>> [(each.name, each.score, each.credits) for each in found]
    [('Reuters', 4.0, ()), ('Daily Digest', 0.5, ('Reuters',))]
    """
    families: dict[str, dict[str, float]] = collections.defaultdict(dict)
    strongest: dict[str, float] = collections.defaultdict(float)
    credited: dict[str, dict[str, None]] = collections.defaultdict(dict)
    founded: set[str] = set()
    for piece in pieces:
        if piece.says == _CITATION:
            continue
        known = families[piece.candidate]
        known[piece.family] = max(known.get(piece.family, piece.weight), piece.weight)
        if piece.says in _FOUNDING and piece.family != _PRIOR:
            founded.add(piece.candidate)
        if piece.says == "origin" and piece.family != _PRIOR:
            strongest[piece.candidate] = max(strongest[piece.candidate], piece.weight)
        own = outlets.get(piece.article_id)
        is_credit = piece.says == "immediate_source" or (
            piece.says == "origin" and piece.family != _PRIOR and piece.weight >= LEAST_CREDIT
        )
        if own and own != piece.candidate and is_credit:
            credited[own][piece.candidate] = None
    found = [
        Candidate(name, families[name], strongest[name], tuple(credited.get(name, ())), name in founded)
        for name in families
    ]
    return sorted(found, key=lambda one: (bool(one.credits), -one.score, one.name))


def answer(found: Sequence[Candidate]) -> Answer:
    """Return whom these candidates' scores name; credits that lead in a circle are not looked for here.

    >>> answer([Candidate("Reuters", {"credit": 4.0}, 4.0, (), True)])
    Answer(level='stated', names=('Reuters',))
    """
    overriding = [one for one in found if _OVERRIDE in one.families]
    if overriding:
        return Answer(STATED, (max(overriding, key=lambda one: one.families[_OVERRIDE]).name,))
    running = sorted((one for one in found if one.is_founded and not one.credits), key=lambda one: -one.score)
    stated = [one for one in running if one.strongest >= STRONG]
    if len(stated) > 1:
        return Answer(CONFLICTING, tuple(one.name for one in stated))
    if stated:
        return Answer(STATED, (stated[0].name,))
    lead = running[0].score - (running[1].score if len(running) > 1 else 0.0) if running else 0.0
    if running and running[0].score >= LEAST_INFERRED and lead >= LEAST_LEAD:
        return Answer(INFERRED, (running[0].name,))
    return Answer(UNDETERMINED, ())


def _rests_on(piece: Piece, gone: Sequence[Piece]) -> bool:
    """Return whether evidence speaks of a credit that is gone: that it stands outside the shared text."""
    return piece.rule == _OF_CREDITS and any(
        (piece.article_id, piece.candidate) == (one.article_id, one.candidate) and one.family == "credit"
        for one in gone
    )


def changes(
    pieces: Sequence[Piece], outlets: Mapping[str, str], given: Answer, *, same: Callable[[str, str], bool]
) -> list[Change]:
    """Return each rule's evidence for a candidate without which the answer would be another.

    Parameters
    ----------
    given : the answer with all of it
    same : whether two names are one candidate's
    """
    found = []
    for rule, candidate in dict.fromkeys((piece.rule, piece.candidate) for piece in pieces):
        gone = [piece for piece in pieces if (piece.rule, piece.candidate) == (rule, candidate)]
        left = [piece for piece in pieces if piece not in gone and not _rests_on(piece, gone)]
        other = answer(candidates(left, outlets))
        if other.level != given.level or not (
            len(other.names) == len(given.names)
            and all(same(a, b) for a, b in zip(other.names, given.names, strict=True))
        ):
            found.append(Change(rule, candidate, other))
    return found
