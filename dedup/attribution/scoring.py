"""Weighing the clues: within a family the strongest counts, families add up, candidates compete with "unknown".

An immediate source alone never makes an origin. It says where a page took a text from, and whoever had it may have
taken it from somebody else, so that the chain of credit is open at its end. It adds to the score of a candidate for
whom something else speaks: a credit, or the candidate's own page in the case. A citation never counts.
A co-origin ("The Associated Press contributed") counts for the whole text only where several outlets share it: what
two outlets have in common is the agency's rather than either one's.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup.attribution import agencies, names, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST_INFERRED = 2.0
"""Score that a candidate without a strong credit must reach against "unknown"."""
LEAST_LEAD = 1.0
"""Distance that it must keep from the next candidate."""
AGENCY, OUTLET, ISSUER, UNKNOWN = "agency", "outlet", "issuer", "unknown"

_NOT_SCORED = frozenset((rules.CITATION,))


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A candidate with its score in log-odds.

    `is_stated` where a strong credit names it; `is_own_word` where nothing speaks for it but its own masthead.
    """

    key: str
    name: str
    kind: str
    score: float
    is_stated: bool
    is_own_word: bool


def weigh(
    clues: Sequence[rules.Clue], table: agencies.Agencies, passed_on: frozenset[str], *, several_outlets: bool
) -> list[Standing]:
    """Return the candidates for the origin, the best first.

    Parameters
    ----------
    clues : all clues of a case
    table : the agencies
    passed_on : the keys of candidates that credit somebody else; they do not compete
    several_outlets : whether the case holds pages of more than one outlet
    """
    by_candidate: dict[str, list[rules.Clue]] = {}
    for clue in clues:
        if clue.candidate is not None and clue.candidate not in passed_on:
            by_candidate.setdefault(clue.candidate, []).append(clue)
    standings = [
        _standing(key, said, table)
        for key, said in by_candidate.items()
        if any(_founds(clue, several_outlets=several_outlets) for clue in said)
    ]
    return sorted(standings, key=lambda standing: (-standing.is_stated, -standing.score, standing.name))


def _founds(clue: rules.Clue, *, several_outlets: bool) -> bool:
    rule = clue.rule
    if rule.says == rules.CO_ORIGIN:
        return several_outlets and rule.weight < rules.STRONG
    return rule.says == rules.SELF_CLAIM or (rule.says == rules.ORIGIN and rule.family != rules.PRIOR)


def _standing(key: str, clues: Sequence[rules.Clue], table: agencies.Agencies) -> Standing:
    best: dict[str, float] = {}
    for clue in clues:
        rule = clue.rule
        if rule.says not in _NOT_SCORED:
            best[rule.family] = max(best.get(rule.family, rule.weight), rule.weight)
    is_stated = any(clue.rule.says == rules.ORIGIN and clue.rule.weight >= rules.STRONG for clue in clues)
    is_own_word = all(clue.rule.says == rules.SELF_CLAIM or clue.rule.family == rules.PRIOR for clue in clues)
    name, kind = name_of(clues, table), kind_of(clues, table)
    return Standing(key, name, kind, sum(best.values()), is_stated, is_own_word)


def name_of(clues: Iterable[rules.Clue], table: agencies.Agencies) -> str:
    """Return the name to show for the candidate of these clues."""
    named = [clue for clue in clues if clue.finding.name]
    for clue in named:
        agency = table.named(clue.finding.name or "")
        if agency is not None:
            return agency.name
    heaviest = max(clue.rule.weight for clue in named)
    issuer = [clue for clue in named if clue.rule.kind == ISSUER and clue.rule.weight == heaviest]
    return names.display(clue.finding.name or "" for clue in issuer or named)


def kind_of(clues: Iterable[rules.Clue], table: agencies.Agencies) -> str:
    """Return what the candidate of these clues is: an agency, an issuer or an outlet."""
    kind = OUTLET
    for clue in clues:
        agency = table.named(clue.finding.name or "")
        if agency is not None and agency.kind == agencies.AGENCY:
            return AGENCY
        if clue.rule.kind == ISSUER:
            kind = ISSUER
    return kind
