"""Rules on what the stories of a case share: they say little alone, and order more than origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.attribution import republication, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE, _PART = 0.99, 0.9  # shares of the cluster's text
_TAKEN = (rules.ORIGIN, rules.IMMEDIATE_SOURCE)


def _credit_outside(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    """Yield each origin credit that its story does not share with the others: who has less text dropped it."""
    for clue in dossier.clues:
        finding = clue.finding
        if clue.rule.says != rules.ORIGIN or finding.field != "text" or finding.start is None:
            continue
        spans = dossier.case.spans[finding.story]
        shared = any(start < (finding.end or 0) and finding.start < end for start, end in spans)
        if spans and not shared:
            yield finding


def _superset(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    shares = dossier.case.shares
    whole = [i for i, share in enumerate(shares) if share >= _WHOLE]
    if (
        len(whole) == 1
        and len(shares) > 1
        and all(share < _PART for i, share in enumerate(shares) if i not in whole)
    ):
        finding = republication.own_outlet(dossier.views[whole[0]])
        if finding is not None:
            yield finding


def _one_outlet(dossier: rules.Dossier) -> Iterator[rules.Finding]:
    """Yield the outlet of all stories, if they are several, one is signed, and none was taken from elsewhere."""
    views = dossier.views
    common = frozenset.intersection(*(view.own for view in views))
    credits_other = any(clue.rule.says in _TAKEN and clue.candidate not in common for clue in dossier.clues)
    is_signed = any(view.story.byline for view in views)
    if len(views) > 1 and common and is_signed and not credits_other:
        finding = republication.own_outlet(views[0])
        if finding is not None:
            yield finding


RULES = (
    rules.CaseRule(
        "credit_outside_shared",
        rules.CONTENT,
        rules.ORDER,
        1.5,
        "a credit that stands outside what the other stories share: they dropped it",
        _credit_outside,
    ),
    rules.CaseRule(
        "superset",
        rules.CONTENT,
        rules.ORDER,
        0.5,
        "one story holds all of the text, the others parts",
        _superset,
    ),
    rules.CaseRule(
        "one_outlet",
        rules.CONTENT,
        rules.SELF_CLAIM,
        1.5,
        "all stories are one outlet's, signed, and not taken from elsewhere",
        _one_outlet,
    ),
)
