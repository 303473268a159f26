"""Rules that read bylines: those of the record and those at the head of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup import dates
from dedup.attribution import letters, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import agencies, views

_BYLINE = re.compile(r"^(?:By|BY|Von|Par|Por) (?P<who>[^\n]{2,140})$", re.MULTILINE)
_BESIDE = re.compile(r"^(?:[Ww]ritten |[Pp]osted )?[Bb]y (?P<who>[A-Z][^\n]{3,80})$", re.MULTILINE)
_LONGEST_NAME = 8  # words of a byline that ends in a full stop
_STAFF = re.compile(
    r"^(?:Reuters Staff|(?:The )?(?:Associated Press|AP|Reuters|AFP|UPI|PA)(?: [A-Z][a-z]+){0,2}"
    r" (?:Writers?|Correspondents?|Reporters?))[ \t]*$",
    re.MULTILINE,
)
_WRITER = re.compile(
    r" (?P<name>(?:The )?Associated Press|AP|Reuters|AFP|UPI|PA)(?: [A-Z][a-z]+){0,2}"
    r" (?:Writers?|Correspondents?|Reporters?|Editors?)\b"
)
_BETWEEN = re.compile(r"\s*(?:[,;/|•·]| [-–—] |\b(?:and|et|y|e|und|with|avec|mit|con|com|met|med|via)\b)\s*")
OTHERS_WORK = re.compile(  # not the text: what stands before may be its byline
    r"[\s|,;/(]*\b(?:[Pp]hoto(?:s|graph(?:s|y))?|PHOTOS?|[Ff]oto(?:s)?|[Ii]mages?|[Pp]ictures?|[Vv]ideos?|[Gg]raphics?"
    r"|[Ii]llustrations?)\b"
)
FOR = re.compile(
    r"(?:[Ff]or|of|[Bb]y|[Vv]ia|[Pp]ar|[Vv]on|[Pp]or(?: l[ao])?|[Dd]i|[Dd]a"
    r"|(?:Repórter|Jornalista|Redação|Redacción) d[aeo]) "
)
_TITLES = re.compile(
    r"(?:By )?(?:Dr|Prof|Professor|Col|Capt|Captain|Lt|Gen|Maj|Sgt|Cpl|Adm|Cmdr|Rep|Sen|Hon|Rev|Chief|Judge)\b"
    r"|[^\n]*, (?:MD|M\.D\.|PhD|Ph\.D\.|RN|Esq)\b"
)
_AT_END = re.compile(
    r"[^\n]{3,60}? (?P<name>(?:The )?(?:Associated Press|Canadian Press)|Reuters|Agence France-Presse)"
)
THEN = re.compile(
    rf"^(?:By|BY|by) ?(?P<who>[{letters.CAPITALS}][\w.'’-]+(?: [{letters.CAPITALS}][\w.'’-]+){{1,3}})[ \t]*\n+"
    r"(?P<name>[^\n]{2,60}?)[ \t]*$",
    re.MULTILINE,
)
_NAMES = re.compile(  # above the text, without "By"
    rf"^[{letters.CAPITALS}][\w.'’-]+(?: [{letters.CAPITALS}][\w.'’-]+){{1,3}}[ \t]*\n+"
    r"(?P<name>[^\n]{2,40}?)[ \t]*$",
    re.MULTILINE,
)
_FIRST = 200  # characters of a story above which such lines stand
_AFTER_NAME = re.compile(
    r"\s*(?:$|\d|(?:Jan|Feb|Ma|Apr|Ju|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d"
    r"|(?:[A-Z][a-z]+ ){0,2}(?:[Ww]riters?|[Cc]orrespondents?|[Rr]eporters?|[Ee]ditors?|[Ss]taff)\b"
    r"|(?:[Nn]ews ?)?(?:[Ww]ire|[Aa]gency|[Ss]ervice)\b)"
)
_BYLINE_SIGNS = signs.Signs(
    place=signs.Place.HEAD,
    words=(
        *("\nBy ", "\nBY ", "\nVon ", "\nPar ", "\nPor "),
        *(" Staff", " Writer", " Correspondent", " Reporter"),
    ),
)
_NAMED = signs.Signs(place=signs.Place.HEAD, forms=signs.names, whole_words=True)
MOST_WORDS = 5  # of the name that ends a byline
_NAME_LINES = signs.Signs(place=signs.Place.HEAD, forms=signs.names, lines=True)
_NAMED_IN_RECORD = signs.Signs(place=signs.Place.BYLINE, forms=signs.names)


def lines(view: views.View) -> Iterator[re.Match[str]]:
    """Yield the byline lines at the head of a story."""
    yield from (found for found in _BYLINE.finditer(view.head) if _names_people(found["who"]))


def _names_people(who: str) -> bool:
    """Return whether what follows "By" can be a name: "By noon, ..." and "By Tuesday, ..." begin sentences."""
    first = who.partition(" ")[0].rstrip(",")
    is_date = dates.month_day(f"{first} 1") is not None or dates.weekday_number(first) is not None
    is_sentence = who.rstrip().endswith((".", "!", "?", "…")) and len(who.split()) > _LONGEST_NAME
    return not first.islower() and not is_date and not is_sentence


def _in_text(view: views.View) -> Iterator[rules.Finding]:
    for found in lines(view):
        named = list(agencies_of(found["who"], view))
        writer = _WRITER.search(found["who"])
        if not named and writer is not None:
            named = [mention.agency for mention in view.table.credited(writer["name"])]
        for agency in named:
            yield view.quote_head(agency.name, found)
    for found in THEN.finditer(view.head):
        mention = next(view.table.credited(found["name"]), None)
        if mention is not None and mention.start == 0 and ends_name(found["name"], mention.end):
            yield view.quote_head(mention.agency.name, found)
    for found in _STAFF.finditer(view.head):
        mention = next(view.table.credited(found[0]), None)
        if mention is not None:
            yield view.quote_head(mention.agency.name, found)


def _below_name(view: views.View) -> Iterator[rules.Finding]:
    """Yield the agency whose name alone is the line below somebody's, above the text."""
    if view.margin is not None:
        return
    for found in _NAMES.finditer(view.head[:_FIRST]):
        agency = view.table.named(found["name"])
        if (
            agency is not None
            and agency.is_meant(found["name"], view.story.url)
            and not view.is_own(agency.name)
        ):
            yield view.quote_head(agency.name, found)


def _of_record(view: views.View) -> Iterator[rules.Finding]:
    byline = view.story.byline
    if byline:
        for agency in agencies_of(byline, view):
            yield rules.Finding(agency.name, "byline", 0, len(byline))


def _shared(view: views.View) -> Iterator[rules.Finding]:
    byline = view.story.byline
    if not byline or next(agencies_of(byline, view), None) is None:
        return
    for part in _BETWEEN.split(byline):
        if part and view.table.named(part) is None and view.is_own(part):
            start = byline.index(part)
            yield rules.Finding(part, "byline", start, start + len(part))


def agencies_of(byline: str, view: views.View) -> Iterator[agencies.Agency]:
    """Yield the agencies that stand as a part of a byline; a name that only contains one's does not count.

    Initials that others bear too, as a state or a party, count beside a name on sites of some countries only.
    """
    others = OTHERS_WORK.search(byline)
    byline = byline[: others.start()] if others else byline
    parts = _BETWEEN.split(byline)
    has_title = _TITLES.match(byline) is not None
    at_end = _AT_END.fullmatch(byline.strip())
    if len(parts) == 1 and view.table.named(byline.strip()) is None:
        if at_end is not None:
            yield from (mention.agency for mention in view.table.credited(at_end["name"]))
        else:
            yield from _at_end(byline, view)
    for part in parts:
        bare = FOR.sub("", part, count=1) if FOR.match(part) else part
        mention = next(view.table.credited(bare), None)
        if mention is None or mention.start != 0 or not ends_name(bare, mention.end):
            continue
        form = bare[: mention.end]
        is_alone = len(parts) == 1 or bare[mention.end :].strip()
        if not is_alone and has_title and form.isupper():
            continue
        if is_alone or mention.agency.is_meant(form, view.story.url):
            yield mention.agency


def _at_end(byline: str, view: views.View) -> Iterator[agencies.Agency]:
    """Yield the agency whose name of several words ends a byline, somebody's name before it."""
    words = byline.split()
    for n_words in range(min(len(words) - 2, MOST_WORDS), 1, -1):
        agency = view.table.named(" ".join(words[-n_words:]))
        if agency is not None:
            yield agency
            return


def ends_name(text: str, end: int) -> bool:
    """Return whether an agency's name ends here, with nothing or a writer's title after it."""
    return _AFTER_NAME.match(text, end) is not None


def names_staff(view: views.View) -> bool:
    """Return whether the story has a byline, and none that names an agency.

    Such a byline outweighs an agency's copyright line below the story: that is the outlet's footer.
    """
    whole = view.whole
    bylines = [found["who"] for each in (whole, *whole.margins) for found in lines(each)]
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
        name="byline_lines",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="an agency's name on the line below somebody's, above the text: `Jane Doe`, `La Presse canadienne`",
        signs=(_NAME_LINES,),
        find=_below_name,
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
