"""Rules on press releases: the wire distributes, the issuer wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, credit, datelines, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_ISSUER = re.compile(r"^SOURCE:? (?P<name>[^\W_][^\n]{1,80}?)(?=[ \t\r]*$)", re.MULTILINE)
_ISSUER_IN_LEAD = re.compile(
    r"[\s:–—-]+(?:[Tt]oday [^,\n]{3,80}, )?"
    r"(?P<name>[A-Z][\w&.'’®-]*(?: (?:[A-Z&][\w&.'’®-]*|of|and|for)){0,6}?(?:, (?:Inc|Ltd|LLC|Corp)\.?)?)"
    r"(?= ?(?:\([A-Z][\w ]*: ?[A-Z]|®?\(|, (?:a|an|the|one)\b|today\b|announce))"
)


def _names_and_tags(agency: agencies.Agency) -> tuple[str, ...]:
    return (*signs.names(agency), *agency.datelines) if agency.kind == agencies.RELEASE_WIRE else ()


def _tags(agency: agencies.Agency) -> tuple[str, ...]:
    return datelines.tags(agency) if agency.kind == agencies.RELEASE_WIRE else ()


_NAMED = signs.Signs(place=signs.Place.ENDS, forms=_names_and_tags, whole_words=True)
_TAGGED = signs.Signs(place=signs.Place.HEAD, forms=_tags, whole_words=True)


def _wire(view: views.View) -> Iterator[rules.Finding]:
    dateline = view.dateline
    if dateline is not None and dateline.agency is not None and _is_release(view):
        yield view.quote(dateline.agency.name, dateline.start, dateline.end)
    yield from credit.copyrights(view, agencies.RELEASE_WIRE)


def _issuer(view: views.View) -> Iterator[rules.Finding]:
    if _is_release(view):
        for found in _ISSUER.finditer(view.tail):
            if view.table.named(found["name"]) is None:
                yield view.quote_tail(found["name"], found)


def _issuer_in_lead(view: views.View) -> Iterator[rules.Finding]:
    if _is_release(view) and view.dateline is not None:
        found = _ISSUER_IN_LEAD.match(view.text, view.dateline.end)
        if found is not None:
            yield view.quote(found["name"], *found.span("name"))


def _is_release(view: views.View) -> bool:
    agency = view.dateline.agency if view.dateline is not None else None
    return agency is not None and agency.kind == agencies.RELEASE_WIRE


RULES = (
    rules.Rule(
        name="release_wire",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=2.5,
        looks_for="a release wire's tag or copyright: `/PRNewswire/ --`, `(BUSINESS WIRE)`",
        signs=(_NAMED,),
        find=_wire,
    ),
    rules.Rule(
        name="issuer",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`SOURCE Acme Inc.` at the end of a release",
        signs=(_TAGGED,),
        find=_issuer,
        kind=rules.ISSUER,
    ),
    rules.Rule(
        name="issuer_in_lead",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="whoever announces in the first sentence of a release: `Acme Inc. (NYSE: ACM)`",
        signs=(_TAGGED,),
        find=_issuer_in_lead,
        kind=rules.ISSUER,
    ),
)
