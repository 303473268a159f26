"""Gathering clues: each rule is put to each story, and what it finds is tied to a candidate."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from dedup.attribution import names, registry, rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup import records
    from dedup.attribution import views

_NEAR = 600  # characters between a credit and the shared text that it speaks of
_CORPORATE = re.compile(r",? (?:Inc|Ltd|LLC|Corp|Corporation|plc|PLC|AG|SE|GmbH|Co|Group)\.?$")


def of_stories(
    seen: Sequence[views.View], to_try: Sequence[rules.Rule] = registry.STORY_RULES
) -> tuple[rules.Clue, ...]:
    """Return what rules on stories find, in the order of the stories and of the rules."""
    same = same_outlets(seen)
    return tuple(
        _clue(view, rule, finding, same) for view in seen for rule in to_try for finding in rule.find(view)
    )


def of_case(case: records.Case, seen: tuple[views.View, ...]) -> tuple[rules.Clue, ...]:
    """Return what all rules find: those on stories, then those on the whole case."""
    same = same_outlets(seen)
    found = tuple(clue if _bears_on_shared(clue, case) else _as_mention(clue) for clue in of_stories(seen))
    dossier = rules.Dossier(case, seen, found)
    return found + tuple(
        _clue(seen[finding.story], rule, finding, same)
        for rule in registry.CASE_RULES
        for finding in rule.find(dossier)
    )


def _bears_on_shared(clue: rules.Clue, case: records.Case) -> bool:
    """Return whether a credit is for what the stories share: on a page of several it can be a neighbour's."""
    rule, finding = clue.rule, clue.finding
    spans = case.spans[finding.story]
    if rule.says != rules.ORIGIN or finding.field != "text" or not spans:
        return True
    start, end = finding.start or 0, finding.end or 0
    return any(first - _NEAR <= end and start <= last + _NEAR for first, last in spans)


def _as_mention(clue: rules.Clue) -> rules.Clue:
    """Return a credit that bears on something else, as a mention that weighs nothing."""
    rule = dataclasses.replace(clue.rule, family=rules.CITED, says=rules.CITATION, weight=0.0)
    return dataclasses.replace(clue, rule=rule)


def same_outlets(seen: Sequence[views.View]) -> Mapping[str, str]:
    """Return which keys are one outlet's because records give both: its host's key, and the key of its name.

    A name that goes with several hosts, or that is a host's own, stands for none of the others.
    """
    hosts: dict[str, set[str]] = {}
    for view in seen:
        outlet, host = view.story.outlet, names.host(view.story.url) if view.story.url else None
        if outlet and host and not view.table.named(outlet) and not view.table.named(host):
            hosts.setdefault(names.key(outlet), set()).add(names.key(host))
    return {min(of): outlet for outlet, of in hosts.items() if outlet and len(of) == 1 and outlet not in of}


def _clue(
    view: views.View, rule: rules.Rule | rules.CaseRule, finding: rules.Finding, same: Mapping[str, str]
) -> rules.Clue:
    if finding.name is None:
        return rules.Clue(rule, finding, None)
    name = _CORPORATE.sub("", finding.name) if rule.kind == "issuer" else finding.name
    key = view.key(name)
    return rules.Clue(rule, finding, same.get(key, key) or None)
