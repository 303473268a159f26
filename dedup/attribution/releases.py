"""Rules on those who distribute texts of others: the wire, the syndicate; the issuer or the outlet wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, credit, datelines, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_ISSUER = re.compile(r"^(?:SOURCE:?|Source:) ?(?P<name>[^\W_][^\n]{1,80}?)(?=[ \t\r]*$)", re.MULTILINE)
_ON_BEHALF = re.compile(
    r"Distributed by (?:APO Group|African Media Agency|African Press Organization)[^\n.]{0,30}? on behalf of "
    r"(?:the )?(?P<name>[^\W_][^\n]{1,80}?)\.?(?=[ \t\r]*$)"
    r"|^Original-Content von: (?P<of>[^\W_][^\n]{1,80}?), übermittelt durch news aktuell",
    re.MULTILINE,
)
_RELEASE = r"(?:(?:[Nn]ews|[Pp]ress|[Mm]edia) [Rr]elease|(?:NEWS|PRESS|MEDIA) RELEASE)"
_RELEASE_ELSEWHERE = (
    r"(?:Pressemitteilung|Medienmitteilung|Presseinformation|Persbericht|Communiqué de presse|Nota de prensa"
    r"|Comunicado de (?:prensa|imprensa)|Comunicato stampa|Nota à imprensa|Pressmeddelande|Pressemelding"
    r"|Pressemeddelelse|Tiedote)"
)
_OF_ELSEWHERE = r"(?:der|des|von|vom|van|du|de la|de l['’]|del|de|della|dell['’]|di|da|do|från|fra)"
_ISSUED = re.compile(
    rf"(?:(?:The following|Below|This) is (?:a|the) (?:[a-z]+ )?{_RELEASE} (?:from|(?:issued |provided |sent )by)"
    rf"|The following {_RELEASE} (?:(?:was|is|has been|comes) )?"
    r"(?:from|(?:issued|provided|sent|submitted|released) by)"
    rf"|^[\[(]?{_RELEASE} (?:from|FROM|courtesy of|(?:provided |submitted |issued )by))"
    r" (?:the |THE )?(?P<name>[A-Z][^\n:]{2,70}?)(?=[:.)\]]*[ \t\r]*(?:$|\n)|: )"
    r"|^(?:Story p|Materials p|P)rovided by (?:the )?(?P<university>(?=[A-Z])[^\n:.]{0,50}?\b"
    r"(?:University|Institute|College|Society|Universität|Laboratory|Hospital)\b[^\n:.]{0,40}?)(?=\.? ?(?:Note:|$))"
    rf"|^{_RELEASE_ELSEWHERE} {_OF_ELSEWHERE} ?"
    r"(?P<elsewhere>[^\W\d_a-z][^\n:]{2,60}?)(?=[:.]?[ \t\r]*$)",
    re.MULTILINE,
)
_CONTACT = re.compile(
    r"^(?P<name>[^\W\d_][^\n@]{2,80}?)[ \t]*\n\s*(?:\+?[\d ().-]{7,20}\n\s*)?email us here", re.MULTILINE
)
_RELEASE_ENDS = re.compile(r"^(?:#{2,4}|# # #|- ?ENDS ?-)[ \t]*$|FOR IMMEDIATE RELEASE", re.MULTILINE)
_FROM = re.compile(
    r"^From (?:the )?(?P<name>[A-Z][^\n:]{0,40}\b(?:Office|Department|Police|Ministry|University|Foundation"
    r"|Association|Council|Commission|Agency|Institute|Hospital|Inc\.)[^\n:]{0,40}):[ \t\r]*$",
    re.MULTILINE,
)
_SYNDICATED = re.compile(
    r"(?:©|\([cC]\)|Copyright ©?) ?(?:19|20)\d\d,? (?P<name>[^\W\d_][^\n.(]{2,60}?)(?: \([^()\n]{3,40}\))?\.? "
    r"(?:(?:Visit|All rights reserved)[^\n]{0,90}?[ \n])?"
    r"(?:Distributed by (?:Tribune Content Agency|Tribune News Service|McClatchy-Tribune|TNS|AllAfrica)[^\n]{0,40})"
)
_ISSUER_IN_LEAD = re.compile(
    r"[\s:–—-]+(?:[Tt]oday [^,\n]{3,80}, )?"
    r"(?P<name>[A-Z][\w&.'’®-]*(?: (?:[A-Z&][\w&.'’®-]*|of|and|for)){0,6}?(?:, (?:Inc|Ltd|LLC|Corp)\.?)?)"
    r"(?= ?(?:\([A-Z][\w ]*: ?[A-Z]|®?\(|, (?:a|an|the|one)\b|today\b|announce|said\b))"
)


def _names_and_tags(agency: agencies.Agency) -> tuple[str, ...]:
    return (*signs.names(agency), *agency.datelines) if agency.kind == agencies.RELEASE_WIRE else ()


def _tags(agency: agencies.Agency) -> tuple[str, ...]:
    return datelines.tags(agency) if agency.kind == agencies.RELEASE_WIRE else ()


_NAMED = signs.Signs(place=signs.Place.ENDS, forms=_names_and_tags, whole_words=True)
_TAGGED = signs.Signs(place=signs.Place.HEAD, forms=_tags, whole_words=True)


_ISSUED_SIGNS = signs.Signs(
    place=signs.Place.ENDS,
    words=(
        *(
            "ews release",
            "ress release",
            "edia release",
            "ews Release",
            "ress Release",
            "edia Release",
            " RELEASE",
        ),
        *("Pressemitteilung", "Medienmitteilung", "Presseinformation", "Persbericht", "Communiqué de presse"),
        *(
            "Comunicado de prensa",
            "Comunicado de imprensa",
            "Nota de prensa",
            "Comunicato stampa",
            "Nota à imprensa",
        ),
        *("Pressmeddelande", "Pressemelding", "Pressemeddelelse", "Tiedote", "rovided by "),
    ),
)
_SOURCE_SIGNS = signs.Signs(place=signs.Place.ENDS, words=("\nSource:", "\nSOURCE", "\nFrom "))
_RELEASE_END_SIGNS = signs.Signs(
    place=signs.Place.ENDS,
    words=("\n##", "\n# #", "\n- ENDS", "\n-ENDS", "FOR IMMEDIATE RELEASE"),
)


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
        for found in _CONTACT.finditer(view.tail):
            yield view.quote_tail(found["name"], found)


def _issued(view: views.View) -> Iterator[rules.Finding]:
    for start, part in view.ends():
        for found in _ISSUED.finditer(part):
            name = found["name"] or found["university"] or found["elsewhere"]
            if _is_issuer(view, name):
                yield view.quote(name, start + found.start(), start + found.end())


def _named(view: views.View) -> Iterator[rules.Finding]:
    """Yield the source that is named above or below a text that ends as releases do."""
    if not _is_release(view) and any(_RELEASE_ENDS.search(part) for _, part in view.ends()):
        for found in _FROM.finditer(view.head):
            if _is_issuer(view, found["name"]):
                yield view.quote_head(found["name"], found)
        for start, part in view.ends():
            for found in _ISSUER.finditer(part):
                if _is_issuer(view, found["name"]):
                    yield view.quote(found["name"], start + found.start(), start + found.end())


def _is_issuer(view: views.View, name: str) -> bool:
    """Return whether a name can be an issuer's: no agency's, no outlet's, no host."""
    known = view.table.named(name) is not None or view.table.outlet(name) is not None
    return not known and names.host(name) is None and not view.is_own(name)


def _on_behalf(view: views.View) -> Iterator[rules.Finding]:
    for found in _ON_BEHALF.finditer(view.tail):
        yield view.quote_tail(found["name"] or found["of"], found)


def _syndicated(view: views.View) -> Iterator[rules.Finding]:
    for found in _SYNDICATED.finditer(view.tail):
        if not view.is_own(found["name"]):
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
        name="issued_by",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`The following is a news release from X:`, `Press release from X`, `Provided by X University`",
        signs=(_ISSUED_SIGNS,),
        find=_issued,
        kind=rules.ISSUER,
    ),
    rules.Rule(
        name="issuer_named",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="`Source: X`, `From the X:` around a text that ends in `###` or is `FOR IMMEDIATE RELEASE`",
        signs=(_SOURCE_SIGNS, _RELEASE_END_SIGNS),
        find=_named,
        kind=rules.ISSUER,
    ),
    rules.Rule(
        name="issuer_distributed",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`Distributed by APO Group on behalf of X.`, `Original-Content von: X, übermittelt durch ...`",
        signs=(signs.Signs(place=signs.Place.TAIL, words=("Distributed by A", "\nOriginal-Content von: ")),),
        find=_on_behalf,
        kind=rules.ISSUER,
    ),
    rules.Rule(
        name="syndicated",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="a syndicate's copyright line: `©2025 Chicago Tribune. ... Distributed by Tribune Content Agency`",
        signs=(
            signs.Signs(
                place=signs.Place.TAIL, words=("Distributed by T", "Distributed by M", "Distributed by A")
            ),
        ),
        find=_syndicated,
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
