"""What is known beforehand: agencies write what others print, aggregators print what others write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.attribution import agencies, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLAIMS = (rules.ORIGIN, rules.CO_ORIGIN, rules.SELF_CLAIM)


def _agency(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    return _of_kind(dossier, agencies.AGENCY)


def _aggregator(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    return _of_kind(dossier, agencies.AGGREGATOR)


def _of_kind(dossier: rules.Dossier, kind: str) -> Iterator[rules.Finding]:
    seen = set()
    for clue in dossier.clues:
        name = clue.finding.name
        agency = dossier.views[0].table.named(name) if name else None
        if agency is not None and agency.kind == kind and clue.rule.says in _CLAIMS and agency.id not in seen:
            seen.add(agency.id)
            yield rules.Finding(clue.finding.story, agency.name)


RULES = (
    rules.CaseRule("agency", rules.PRIOR, rules.ORIGIN, 1, "the candidate is a news agency", _agency),
    rules.CaseRule(
        "aggregator", rules.PRIOR, rules.ORIGIN, -1.5, "the candidate is an aggregator", _aggregator
    ),
)
