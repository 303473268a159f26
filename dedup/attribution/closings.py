"""Rules that read how a story closes: an agency's name or initials alone, and lines that name the sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_END = r"[.!?…。।](?:[”\"’»)]|''){0,2}"
_LETTER = r"[\w.\u0900-\u097F-]"  # the vowel signs of Hindi are no letters for regular expressions
_NAME = rf"(?P<name>[^\W\d_]{_LETTER}*(?: [A-Z]{_LETTER}*){{0,3}})"
_DASHED = re.compile(
    rf"(?:{_END}\s{{1,3}}|^)(?:[-–—]{{1,2}}|==)[ \xa0]?{_NAME}(?P<last>)[ \t]*$", re.MULTILINE
)
_SLASHED = re.compile(rf"^(?:/?(?:[a-z.]{{2,20}}/)?{_NAME}/|/ ?(?P<last>[A-Z]\w+))[ \t]*$", re.MULTILINE)
_BARE = re.compile(rf"\n[ \t]*{_NAME}\s*\Z")
_LEAST_BARE = 4  # letters of a name that stands alone below a story: "TT" may be anything
_BRACKETED = re.compile(
    rf"(?:{_END}\s{{0,3}}|^)[(\[\uff08\uff3b](?:©\s?|[Cc]opyright )?(?P<names>[^()\[\]\uff09\uff3d\n]{{2,60}})"
    r"[)\]\uff09\uff3d][.।]?[ \t]*$",
    re.MULTILINE,
)
_LOW = {
    "ap": "AP",
    "afp": "AFP",
    "dpa": "dpa",
    "apa": "APA",
    "efe": "EFE",
    "ats": "ATS",
    "sda": "SDA",
    "rtr": "Reuters",
}
_INITIALS = re.compile(
    r"(?:"
    r"(?:^|\s)(?P<pti>PTI)(?: [A-Z]{2,4}){1,6}"
    r"|(?:^|\s)[-–—]{1,2} ?(?P<ians>IANS|ANI|UNI)(?:[ /][a-z]{2,6}(?:/[a-z@]{2,6})*)?"
    rf"|(?:^|\s)(?P<low>{'|'.join(_LOW)})/[a-z]{{2,4}}(?:/[a-z]{{2,4}})*"
    r")[ \t.]*$",
    re.MULTILINE,
)
SOURCE_WORDS = (
    *(
        "Quelle",
        "Quellen",
        "Source",
        "Sources",
        "SOURCE",
        "Fuente",
        "Fuentes",
        "Fonte",
        "Fonti",
        "Bron",
        "Kilde",
    ),
    *(
        "Kilder",
        "Källa",
        "Lähde",
        "Источник",
        "Źródło",
        "Kaynak",
        *("來源", "来源", "出典", "출처", "المصدر", "स्रोत"),
        *("Forrás", "Πηγή", "Zdroj", "Sursa", "Izvor", "Извор", "Джерело", "Šaltinis", "Avots", "Allikas"),
        *("Nguồn", "Sumber"),
        "Agenzia",
        "Agence",
        "Agencia",
    ),
    *("Agencias", "Agência"),
)
_SOURCES = re.compile(
    rf"^[ \t(\[\uff08]*(?:原题[^\n]{{2,80}}[,\uff0c] ?)?(?:{'|'.join(SOURCE_WORDS)})[ \xa0]?[:\uff1a] ?"
    r"(?P<who>[^\n]{2,120}?)(?:客户端|微信公众号)?[)\]\uff09]?[ \t]*$",
    re.MULTILINE,
)
_FEED = re.compile(
    r"\b(?:auto-?generated|published|generated) from (?:the |an? )?(?P<who>[A-Z][A-Za-z ]{1,30}?)"
    r"(?: (?:news )?(?:feed|agency|wire))?[.)]+[ \t]*$",
    re.MULTILINE,
)
_WITH_WORDS = (
    "[Aa]vec|[Mm]it(?: Material(?:ien)?(?: von| der)?| Agenturmaterial von)?"
    "|[Cc]on(?: (?:información|informaciones|datos|material) de)?"
    "|[Cc]om(?: informações (?:da|de|do)| agência)?|[Mm]et|[Mm]ed|[Ww]ith|Adapted from|Adapté de|Tomado de|Theo"
)
_WITH = re.compile(
    rf"(?:^|[(\[]|(?<=[.!?] ))[ \t]*(?:{_WITH_WORDS})(?: l['’]| la | the | an | der | )(?P<who>[^\n()\[\]]{{2,60}}?)"
    r"[)\]]?\.?[ \t]*$",
    re.MULTILINE,
)
_DESK = re.compile(
    r"^[ \t(]*(?:det|red|Red|APA-red|mad|jha|feu|cri|dsc|sfi|lha|kle|ZEIT ONLINE|SPIEGEL ONLINE|ORF\.at)"
    r"(?:[/,] ?)(?P<who>[^\n]{2,40}?)\)?[ \t]*$",
    re.MULTILINE,
)
_BETWEEN = re.compile(r"\s*(?:[,;/|•+&]|\b(?:and|et|und|y|e|i|og|och|en|ja)\b)\s*")
_QUOTATION = re.compile(r"[\"“„«][^\"”“»\n]+[\"”“»][.!]?\s*[-–—]")
_DATE = re.compile(r"[\d. -]{4,12}")
_NO_WRITERS = re.compile(
    r"\b(?:poll|survey|data|calculations?|statistics|graphics?|Ipsos|Refinitiv|LSEG|FactSet)\b", re.IGNORECASE
)
_LEAST_SHARE = 0.5  # of the story stands before a closing name that text of another story follows
_PHOTO = re.compile(r"[Pp]hoto|PHOTO|[Ff]oto|FOTO|[Ii]mage|[Pp]icture|[Bb]ild|[Cc]aption|©|/")


def names_and_tags(agency: agencies.Agency) -> tuple[str, ...]:
    """Return the forms that name an agency at the end of a story."""
    return (*signs.names(agency), *agency.datelines)


_CLOSING = signs.Signs(place=signs.Place.TAIL, forms=names_and_tags, whole_words=True)
_SOURCE_SIGNS = signs.Signs(
    place=signs.Place.TAIL, words=(*SOURCE_WORDS, "enerated from ", "published from ")
)


def _of_agency(view: views.View, name: str) -> agencies.Agency | None:
    bare = name.strip()
    if "." in bare:  # an address is where the text was taken from: `source_host`
        return None
    found = view.table.named(bare) or view.table.tagged(bare)
    return found if found is not None and found.kind == agencies.AGENCY else None


def _parts(view: views.View, names: str) -> list[agencies.Agency | None]:
    """Return the agency that each part of a list of names is, None for what is none."""
    if _NO_WRITERS.search(names):
        return []
    parts = [part for part in _BETWEEN.split(names.strip()) if part and not _DATE.fullmatch(part)]
    named = [_of_agency(view, part) for part in parts]
    return [
        agency if agency is None or not place or agency.is_meant(part, view.story.url) else None
        for place, (part, agency) in enumerate(zip(parts, named, strict=True))
    ]


def _closing_tag(view: views.View) -> Iterator[rules.Finding]:
    for found in (*_DASHED.finditer(view.tail), *_SLASHED.finditer(view.tail)):
        agency = _of_agency(view, found["name"] or found["last"])
        if agency is not None and _closes(view, found) and not _is_blurb(view, found):
            yield _last_line(view, agency, found)
    for found in _BRACKETED.finditer(view.tail):
        named = _parts(view, found["names"])
        if named and None not in named and _closes(view, found):
            for agency in named:
                if agency is not None:
                    yield _last_line(view, agency, found)
    yield from _bare_name(view)


def _bare_name(view: views.View) -> Iterator[rules.Finding]:
    found = _BARE.search(view.tail) if view.margin is None else None
    if found is not None and len(found["name"]) >= _LEAST_BARE and not view.is_own(found["name"]):
        agency = _of_agency(view, found["name"])
        if agency is not None:
            yield view.quote(agency.name, *(view.tail_start + at for at in found.span("name")))


def _is_blurb(view: views.View, found: re.Match[str]) -> bool:
    """Return whether a name stands below praise that it gave: a line that is one quotation."""
    first = view.tail.rfind("\n", 0, max(found.start(), 0)) + 1
    return _QUOTATION.match(view.tail[first : found.end()].lstrip()) is not None


def _last_line(view: views.View, agency: agencies.Agency, found: re.Match[str]) -> rules.Finding:
    """Return the finding of the last line of a match: what ends the sentence before may stand in another one."""
    first = view.tail_start + found.start() + found[0].rfind("\n") + 1
    return view.quote(agency.name, first, view.tail_start + found.end())


def _closes(view: views.View, found: re.Match[str]) -> bool:
    """Return whether a name stands where a story ends, or late in it, where another one's text follows."""
    at_end = not found.string[found.end() :].strip()
    place = view.tail_start + found.start()
    return at_end or (view.margin is None and place >= _LEAST_SHARE * len(view.text))


def _desk_initials(view: views.View) -> Iterator[rules.Finding]:
    closing = view.tail[-signs.N_CLOSING :]
    found = _INITIALS.search(closing)
    if found is not None and not closing[found.end() :].strip():
        name = next(each for each in found.groups() if each)
        agency = _of_agency(view, _LOW.get(name, name))
        if agency is not None:
            start = len(view.text) - len(closing)
            quote = closing[found.start() : found.end()]
            first = found.start() + len(quote) - len(quote.lstrip())
            yield view.quote(agency.name, start + first, start + first + len(quote.strip()))


def _source_line(view: views.View) -> Iterator[rules.Finding]:
    for found in (*_SOURCES.finditer(view.tail), *_FEED.finditer(view.tail)):
        named = _parts(view, found["who"])
        if len(named) == 1 and named[0] is not None:
            yield view.quote_tail(named[0].name, found)


def _sources(view: views.View) -> Iterator[rules.Finding]:
    for found in _SOURCES.finditer(view.tail):
        named = _parts(view, found["who"])
        for agency in named if len(named) > 1 else ():
            if agency is not None:
                yield view.quote_tail(agency.name, found)
    for pattern in (_WITH, _DESK):
        for found in pattern.finditer(view.tail):
            named = _parts(view, found["who"])
            for agency in named if any(named) else ():
                if agency is not None and not _PHOTO.search(
                    found.string[max(0, found.start() - 20) : found.start()]
                ):
                    yield view.quote_tail(agency.name, found)


RULES = (
    rules.Rule(
        name="closing_tag",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="an agency's name alone after the last sentence: `— AAP`, `/ritzau/`, `(AFP)`, `(dpa, AFP)`",
        signs=(_CLOSING,),
        find=_closing_tag,
    ),
    rules.Rule(
        name="desk_initials",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="an agency with the initials of its desk at the end: `PTI KND SMN`, `--IANS vg/ksk`, `afp/slj`",
        signs=(
            signs.Signs(
                place=signs.Place.CLOSING,
                words=("PTI ", "IANS", "ANI", *(f"{low}/" for low in _LOW)),
            ),
        ),
        find=_desk_initials,
    ),
    rules.Rule(
        name="source_line",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a line at the end that names an agency as the source: `Quelle: dpa`, `Fuente: EFE`",
        signs=(_SOURCE_SIGNS, _CLOSING),
        find=_source_line,
    ),
    rules.Rule(
        name="sources_line",
        family=rules.CREDIT,
        says=rules.CO_ORIGIN,
        weight=1.5,
        looks_for="an agency beside others at the end: `Quelle: ntv.de, dpa`, `avec AFP`, `det/dpa`, `mit dpa`",
        signs=(_CLOSING,),
        find=_sources,
    ),
)
