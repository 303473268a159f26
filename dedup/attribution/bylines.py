"""Rules that read bylines: those of the record and those at the head of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup import dates
from dedup.attribution import rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import agencies, views

_BYLINE = re.compile(r"^(?:By|BY|Von|Par|Por) (?P<who>[^\n]{2,140})$", re.MULTILINE)
_BESIDE = re.compile(r"^(?:[Ww]ritten |[Pp]osted )?[Bb]y (?P<who>[A-Z][^\n]{3,80})$", re.MULTILINE)
_LONGEST_NAME = 8  # words of a byline that ends in a full stop
_ALSO_STATES = frozenset(("PA",))  # "Jane Doe, Pittsburgh, PA" is a place
_NAME_AND_AGENCY = 2
_STAFF = re.compile(
    r"^(?:Reuters Staff|(?:The )?(?:Associated Press|AP|Reuters|AFP|UPI|PA)(?: [A-Z][a-z]+){0,2}"
    r" (?:Writers?|Correspondents?|Reporters?))[ \t]*$",
    re.MULTILINE,
)
_WRITER = re.compile(
    r" (?P<name>(?:The )?Associated Press|AP|Reuters|AFP|UPI|PA)(?: [A-Z][a-z]+){0,2}"
    r" (?:Writers?|Correspondents?|Reporters?|Editors?)\b"
)
_BETWEEN = re.compile(r"\s*(?:[,;/|•]|\b(?:and|et|y|und|with)\b)\s*")
_FOR = re.compile(r"(?:[Ff]or|of) ")
_AFTER_NAME = re.compile(
    r"\s*(?:$|\d|(?:[A-Z][a-z]+ ){0,2}(?:[Ww]riters?|[Cc]orrespondents?|[Rr]eporters?|[Ee]ditors?|[Ss]taff)\b)"
)
_BYLINE_SIGNS = signs.Signs(
    place=signs.Place.HEAD,
    words=(
        *("\nBy ", "\nBY ", "\nVon ", "\nPar ", "\nPor "),
        *(" Staff", " Writer", " Correspondent", " Reporter"),
    ),
)
_NAMED = signs.Signs(place=signs.Place.HEAD, forms=signs.names, whole_words=True)
_NAMED_IN_RECORD = signs.Signs(place=signs.Place.BYLINE, forms=signs.names)


def _lines(view: views.View) -> Iterator[re.Match[str]]:
    """Yield the byline lines at the head of a story."""
    yield from (found for found in _BYLINE.finditer(view.head) if _names_people(found["who"]))


def _names_people(who: str) -> bool:
    """Return whether what follows "By" can be a name: "By noon, ..." and "By Tuesday, ..." begin sentences."""
    first = who.partition(" ")[0].rstrip(",")
    is_date = dates.month_day(f"{first} 1") is not None or dates.weekday_number(first) is not None
    is_sentence = who.rstrip().endswith((".", "!", "?", "…")) and len(who.split()) > _LONGEST_NAME
    return not first.islower() and not is_date and not is_sentence


def _in_text(view: views.View) -> Iterator[rules.Finding]:
    for found in _lines(view):
        named = list(_agencies(found["who"], view.table))
        writer = _WRITER.search(found["who"])
        if not named and writer is not None:
            named = [mention.agency for mention in view.table.credited(writer["name"])]
        for agency in named:
            yield view.quote_head(agency.name, found)
    for found in _STAFF.finditer(view.head):
        mention = next(view.table.credited(found[0]), None)
        if mention is not None:
            yield view.quote_head(mention.agency.name, found)


def _of_record(view: views.View) -> Iterator[rules.Finding]:
    byline = view.story.byline
    if byline:
        for agency in _agencies(byline, view.table):
            yield rules.Finding(agency.name, "byline", 0, len(byline))


def _shared(view: views.View) -> Iterator[rules.Finding]:
    byline = view.story.byline
    if not byline or next(_agencies(byline, view.table), None) is None:
        return
    for part in _BETWEEN.split(byline):
        if part and view.table.named(part) is None and view.is_own(part):
            start = byline.index(part)
            yield rules.Finding(part, "byline", start, start + len(part))


def _agencies(byline: str, table: agencies.Agencies) -> Iterator[agencies.Agency]:
    """Yield the agencies that stand as a part of a byline; a name that only contains one's does not count."""
    parts = _BETWEEN.split(byline)
    for part in parts:
        if part in _ALSO_STATES and len(parts) > _NAME_AND_AGENCY:
            continue
        bare = _FOR.sub("", part, count=1) if _FOR.match(part) else part
        mention = next(table.credited(bare), None)
        if mention is not None and mention.start == 0 and _AFTER_NAME.match(bare, mention.end):
            yield mention.agency


def names_staff(view: views.View) -> bool:
    """Return whether the story has a byline, and none that names an agency.

    Such a byline outweighs an agency's copyright line below the story: that is the outlet's footer.
    """
    whole = view.whole
    bylines = [found["who"] for each in (whole, *whole.margins) for found in _lines(each)]
    bylines += [found["who"] for each in whole.margins for found in _BESIDE.finditer(each.text)]
    if view.story.byline:
        bylines.append(view.story.byline)
    return bool(bylines) and all(next(view.table.credited(byline), None) is None for byline in bylines)


RULES = (
    rules.Rule(
        name="agency_byline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="an agency as byline at the head: `By NAME, Associated Press`, `Reuters Staff`",
        signs=(_BYLINE_SIGNS, _NAMED),
        find=_in_text,
    ),
    rules.Rule(
        name="record_byline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="an agency as the record's author: `Associated Press`, `Le Figaro et AFP`",
        signs=(_NAMED_IN_RECORD,),
        find=_of_record,
    ),
    rules.Rule(
        name="shared_byline",
        family=rules.CREDIT,
        says=rules.CO_ORIGIN,
        weight=4,
        looks_for="the page's own outlet beside an agency in the record's author: `Le Figaro et AFP`",
        signs=(_NAMED_IN_RECORD,),
        find=_shared,
    ),
)
