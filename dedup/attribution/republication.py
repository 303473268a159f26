"""Rules that read the marks of another place that a page took over with its text, and whose the page itself is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import rules, signs, views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import mastheads

_HEAD = re.compile(r"^(?P<name>[^\s|][^|\n]{1,60}?) \| Published [^\n]{6,40}?(?=[ \t\r]*$)", re.MULTILINE)
_READ_ON = re.compile(
    r"^(?:READ (?:THE )?FULL (?:ARTICLE|STORY)|Read (?:the )?full (?:article|story))"
    r"(?: (?:on|at) (?P<name>[^\n]{2,60}?))?(?=[ \t\r]*$)",
    re.MULTILINE,
)
_HEAD_SIGNS = signs.Signs(place=signs.Place.HEAD, words=(" | Published ",))
_SOURCE_SIGNS = signs.Signs(place=signs.Place.TAIL, words=("SOURCE:",))
_READ_ON_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=("\nREAD FULL ", "\nREAD THE FULL ", "\nRead full ", "\nRead the full "),
)


def _outlet_head(view: views.View) -> Iterator[rules.Finding]:
    for found in _HEAD.finditer(view.head):
        if not view.is_own(found["name"]):
            yield view.quote_head(found["name"], found)


def _source_host(view: views.View) -> Iterator[rules.Finding]:
    for found in views.SOURCE_HOST.finditer(view.tail):
        if not view.is_own(found["name"]):
            yield view.quote_tail(found["name"], found)


def _read_on(view: views.View) -> Iterator[rules.Finding]:
    for found in _READ_ON.finditer(view.tail):
        source = views.SOURCE_HOST.search(view.tail)
        name = found["name"] or (source["name"] if source else None)
        if name and not view.is_own(name):
            yield view.quote_tail(name, found)


def _own_publisher(known: mastheads.Pages) -> rules.Findings:
    return known.own_outlets(np.flatnonzero(~known.are_agencies))


def _agency_page(known: mastheads.Pages) -> rules.Findings:
    return known.own_outlets(np.flatnonzero(known.are_agencies))


RULES = (
    rules.Rule(
        name="outlet_head",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=2.5,
        looks_for="`OUTLET | Published DATE` at the head",
        signs=(_HEAD_SIGNS,),
        find=_outlet_head,
    ),
    rules.Rule(
        name="source_host",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=2.5,
        looks_for="`SOURCE: host` at the end",
        signs=(_SOURCE_SIGNS,),
        find=_source_host,
    ),
    rules.Rule(
        name="read_full_article",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=2.5,
        looks_for="`READ FULL ARTICLE` at the end, of the host named beside it",
        signs=(_READ_ON_SIGNS,),
        find=_read_on,
    ),
    rules.RecordRule(
        name="own_publisher",
        family=rules.STRUCTURE,
        says=rules.SELF_CLAIM,
        weight=0.5,
        looks_for="the record's own outlet",
        find=_own_publisher,
    ),
    rules.RecordRule(
        name="agency_page",
        family=rules.STRUCTURE,
        says=rules.SELF_CLAIM,
        weight=1.5,
        looks_for="an agency's own page",
        find=_agency_page,
    ),
)
