"""What is known beforehand: agencies write what others print, aggregators print what others write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import agencies, rules

if TYPE_CHECKING:
    from dedup.attribution import dossiers

_CLAIMS = [rules.SAYS.index(says) for says in (rules.ORIGIN, rules.CO_ORIGIN, rules.SELF_CLAIM)]


def _agency(dossier: dossiers.Dossier) -> rules.Findings:
    return _of_kind(dossier, agencies.AGENCY)


def _aggregator(dossier: dossiers.Dossier) -> rules.Findings:
    return _of_kind(dossier, agencies.AGGREGATOR)


def _of_kind(dossier: dossiers.Dossier, kind: str) -> rules.Findings:
    """Return each agency of this kind that a case claims or credits, once, in the story that does so first."""
    clues, register = dossier.clues, dossier.register
    rows = register.agencies_of(clues.names)
    is_kind = np.array([*(agency.kind == kind for agency in register.table.rows), False])
    claims = np.flatnonzero(is_kind[rows] & np.isin(clues.says, _CLAIMS))
    _, first = np.unique((clues.cases[claims] << 32) | rows[claims], return_index=True)
    claims = claims[np.sort(first)]
    named = register.numbers(register.table.rows[row].name for row in rows[claims].tolist())
    nothing = np.full(len(claims), -1)
    return rules.Findings(clues.stories[claims], named, nothing, nothing, nothing, nothing)


RULES = (
    rules.CaseRule(
        name="agency",
        family=rules.PRIOR,
        says=rules.ORIGIN,
        weight=1,
        looks_for="the candidate is a news agency",
        find=_agency,
    ),
    rules.CaseRule(
        name="aggregator",
        family=rules.PRIOR,
        says=rules.ORIGIN,
        weight=-1.5,
        looks_for="the candidate is an aggregator",
        find=_aggregator,
    ),
)
