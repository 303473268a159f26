"""Rules that read what stands beside the text in its record: credits around it, addresses, stated sources.

The rules on texts that can hold of a few lines alone read these margins too (`registry.MARGIN_RULES`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, bylines, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

TOLD = ("note", "page")
"""The roles of margins that are read as text."""

_ALONE = re.compile(
    r"^[ \t]*(?P<name>[^\n]{2,50}?)"
    r"(?: (?:[-–—|]|Published|Updated) [^\n]{6,40}(?:\d{4}|[AP]M|ET)[^\n]{0,12})?[ \t]*$",
    re.MULTILINE,
)
_BYLINE_THEN = re.compile(
    r"^(?:By|BY|by) ?(?P<who>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3})[ \t]*\n(?P<name>[^\n]{2,60}?)[ \t]*$",
    re.MULTILINE,
)
_DATELINE = re.compile(
    r"^(?P<place>[^\W_a-z][^()\n]{0,80}?)[ \t]*\((?P<tag>[^()\n]{2,30})\)[ \t]*(?:--?|—|–)?[ \t]*$",
    re.MULTILINE,
)
_MOST_WORDS = 8  # of what stands before the tag
_FROM = re.compile(
    r"(?:(?:[Aa]rticle|[Ss]tory|[Cc]ontent|[Rr]eport) (?:from|by|courtesy of)[: ]|[Bb]rought to you by|[Pp]rovided by"
    r"|[Cc]ourtesy of|[Ff]ed directly from|[Dd]istributed by|[Ss]yndicated (?:by|from)|[Pp]ublished from)(?: the)?"
    r"[ :\n]{1,3}(?P<name>[^\n]{2,60})"
)
_PHOTO = re.compile(r"[Pp]hoto|[Ii]mage|[Pp]icture|[Ee]nlarge|[Cc]aption|Getty")
_NO_TEXT = re.compile(  # what else is provided by an agency
    r"(?:photo|image|picture|video|footage|graphic|map|chart|data|quotes?|prices?|rates?|weather|scores?|statistics|odds"
    r"|listings?|foto|bild)s?\b[^\n]{0,40}$",
    re.IGNORECASE,
)
_RELEASE_SOURCE = re.compile(r"^(?:SOURCE|Source)[: ]+(?P<name>[A-Z][^\n]{1,60}?)[ \t]*$", re.MULTILINE)
_HOLDER = re.compile(
    r"(?:\([cC]\)|©|Copyright) ?(?:\d{4} )?(?P<name>[A-Z][\w&.' -]{2,60}?)"
    r",? (?:Inc|Ltd|LLC|Corp|Corporation|plc|AG|SE|GmbH|S\.A|N\.V)\b"
)


def _agency(view: views.View, name: str, kind: str = agencies.AGENCY) -> agencies.Agency | None:
    agency = view.table.named(name.strip(" .:;,-|"))
    return agency if agency is not None and agency.kind == kind else None


def _byline_then_agency(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins(*TOLD):
        for found in _BYLINE_THEN.finditer(margin.text):
            mention = next(view.table.credited(found["name"]), None)
            is_name = (
                mention is not None and mention.start == 0 and bylines.ends_name(found["name"], mention.end)
            )
            if mention is not None and is_name and mention.agency.kind == agencies.AGENCY:
                yield margin.quote(mention.agency.name, *found.span())


def _dateline(view: views.View) -> Iterator[rules.Finding]:
    for margin, found, agency in _datelines(view):
        if agency.kind == agencies.AGENCY:
            yield margin.quote(agency.name, *found.span())


def _datelines(view: views.View) -> Iterator[tuple[views.View, re.Match[str], agencies.Agency]]:
    for margin in view.in_margins(*TOLD):
        for found in _DATELINE.finditer(margin.text):
            words = found["place"].split()
            agency = view.table.tagged(found["tag"].split("/")[0], found["place"].strip(" ,.–—-"))
            in_capitals = all(not word[0].islower() for word in words)
            if agency is not None and in_capitals and len(words) <= _MOST_WORDS:
                yield margin, found, agency


def _credited_from(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins(*TOLD):
        for found in _FROM.finditer(margin.text):
            mention = next(view.table.credited(found["name"]), None)
            before = margin.text[max(0, found.start() - 60) : found.start()].rpartition("\n")[2]
            is_text = not _NO_TEXT.search(before)
            if (
                mention is not None
                and mention.start == 0
                and is_text
                and mention.agency.kind == agencies.AGENCY
            ):
                yield margin.quote(mention.agency.name, found.start(), found.start("name") + mention.end)


def _alone(view: views.View) -> Iterator[rules.Finding]:
    if bylines.names_staff(view):
        return
    for margin in view.in_margins(*TOLD):
        for found in _ALONE.finditer(margin.text):
            agency = _agency(margin, found["name"])
            around = margin.text[max(0, found.start() - 80) : found.end() + 40]
            if agency is not None and not _PHOTO.search(around) and not view.is_own(agency.name):
                yield margin.quote(agency.name, *found.span("name"))


def _author(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins("author"):
        for agency in bylines.agencies_of(margin.text, view):
            yield margin.quote(agency.name, 0, len(margin.text))


def _stated_source(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins("via"):
        name = margin.text.strip()
        if name and not view.is_own(name):
            yield margin.quote(name, 0, len(margin.text))


def _canonical(view: views.View) -> Iterator[rules.Finding]:
    own = names.host(view.story.url) if view.story.url else None
    for margin in view.in_margins("canonical"):
        host = names.host(margin.text)
        if host and own and names.key(host) != names.key(own) and not view.is_own(host):
            yield margin.quote(host, 0, len(margin.text))


def _holder(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins("holder"):
        agency = _agency(margin, margin.text)
        if agency is not None and not view.is_own(agency.name):
            yield margin.quote(agency.name, 0, len(margin.text))


def _own_holder(view: views.View) -> Iterator[rules.Finding]:
    for margin in view.in_margins("holder"):
        if view.is_own(margin.text):
            yield margin.quote(margin.text.strip(), 0, len(margin.text))


def _released_by(view: views.View) -> Iterator[rules.Finding]:
    """Yield the issuer of what a release wire distributed, as the lines beside the text name it."""
    released = any(agency.kind == agencies.RELEASE_WIRE for _, _, agency in _datelines(view))
    dateline = view.dateline.agency if view.dateline is not None else None
    if not released and (dateline is None or dateline.kind != agencies.RELEASE_WIRE):
        return
    holders: list[str] = []
    for margin in view.in_margins(*TOLD):
        for pattern in (_HOLDER, _RELEASE_SOURCE):
            for found in pattern.finditer(margin.text):
                name = next((holder for holder in holders if holder.startswith(found["name"])), found["name"])
                if view.table.named(name) is None and not view.is_own(name):
                    holders.append(name)
                    yield margin.quote(name, *found.span())


def _wire(view: views.View) -> Iterator[rules.Finding]:
    for margin, found, agency in _datelines(view):
        if agency.kind == agencies.RELEASE_WIRE:
            yield margin.quote(agency.name, *found.span())


RULES = (
    rules.Rule(
        name="byline_then_agency",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="beside the text, a byline and an agency on the next line: `By NAME`, `AP Golf Writer`",
        signs=(signs.MARGIN,),
        find=_byline_then_agency,
    ),
    rules.Rule(
        name="dateline_beside",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="beside the text, a dateline with an agency's tag: `SEATTLE Jan 14, 2008 (AP)`",
        signs=(signs.MARGIN,),
        find=_dateline,
    ),
    rules.Rule(
        name="credited_from",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="beside the text: `Article from: Agence France-Presse`, `Brought to you by NZPA`",
        signs=(signs.MARGIN,),
        find=_credited_from,
    ),
    rules.Rule(
        name="agency_beside",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="beside the text, a line that is an agency's name, where no byline names staff",
        signs=(signs.MARGIN,),
        find=_alone,
    ),
    rules.Rule(
        name="author_beside",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for='an agency as the author that the page\'s markup names: JSON-LD, `<meta name="author">`',
        signs=(signs.MARGIN,),
        find=_author,
    ),
    rules.Rule(
        name="copyright_holder",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="an agency as the record's copyright holder",
        signs=(signs.MARGIN,),
        find=_holder,
    ),
    rules.Rule(
        name="released_by",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="beside a release, its issuer: `Source: Acme`, `(C) 2025 Acme Products, Inc.`",
        signs=(signs.MARGIN,),
        find=_released_by,
        kind=rules.ISSUER,
    ),
    rules.Rule(
        name="release_wire_beside",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=3,
        looks_for="beside the text, the dateline of a release wire: `LAS VEGAS--(BUSINESS WIRE)--`",
        signs=(signs.MARGIN,),
        find=_wire,
    ),
    rules.Rule(
        name="canonical_elsewhere",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=3,
        looks_for="the record's canonical address on another site",
        signs=(signs.MARGIN,),
        find=_canonical,
    ),
    rules.Rule(
        name="stated_source",
        family=rules.STRUCTURE,
        says=rules.IMMEDIATE_SOURCE,
        weight=3,
        looks_for="the record's field for the source: `dc:source`, RSS `<source>`, NewsML and ninjs fields",
        signs=(signs.MARGIN,),
        find=_stated_source,
    ),
    rules.Rule(
        name="own_holder",
        family=rules.STRUCTURE,
        says=rules.SELF_CLAIM,
        weight=0.5,
        looks_for="the page's own outlet as copyright holder or site name",
        signs=(signs.MARGIN,),
        find=_own_holder,
    ),
)
