"""Rules that read a news agency's own marks: its dateline tag, its closing lines, its copyright."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, bylines, datelines, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_SENTENCE_START = r"(?:^|(?<=[.!?”\"] ))"
_REPORTING = re.compile(
    r"\((?:Additional r|R)eporting (?:and writing )?by [^()\n]{3,400}?[;,.] ?"
    r"(?:[Ww]riting|[Ee]d[a-z]{3,5}g) (?:by|in) [^()\n]{3,120}\)?"
)
_REPORTING_ELSEWHERE = re.compile(  # in French, German, Spanish, Portuguese and Arabic
    r"\((?:Reportage|Rédigé|Avec|Par|Bericht|Geschrieben|Reporte|Información|Reportagem|Por)[^()\n]{3,250}?"
    r"(?:version française|édité par|[Rr]edigiert von|[Ee]ditado (?:en español )?por|[Ee]dição (?:de|por)"
    r"|[Tt]raducido por)[^()\n]{0,120}\)"
    r"|\(إعداد [^()\n]{3,160}للنشرة العربية[^()\n]{0,160}\)"
)
_HOST_OPENING = re.compile(  # of Indonesian sites: `TEMPO.CO, Jakarta -`, `JAKARTA, KOMPAS.com -`
    r"^(?:[A-Z][^\W\d_a-z]{3,25}, )?(?P<name>[A-Za-z0-9]{3,20}\.(?:com|COM|co\.id|CO\.ID|co|CO|id|ID|net|NET))"
    r"(?:, [A-Z][A-Za-z ]{2,20})?(?: \([^()\n]{3,20}\))? (?:--?|—|–) ",
    re.MULTILINE,
)
_HOST_SIGNS = signs.Signs(
    place=signs.Place.HEAD,
    words=tuple(
        f".{domain}{after}"
        for domain in ("com", "COM", "co", "CO", "id", "ID", "net", "NET")
        for after in (" -", " –", " —", ", ", " (")
    ),
)
_LEAST_ITEM = 12  # characters after a dateline that make an item of their own
_OF_OUTLET = re.compile(r"\b(?:of|for|from|at) ((?:[Tt]he )?[A-Z][\w'’&-]*(?: [A-Z][\w'’&-]*)*)")
_CANADIAN_PRESS = re.compile(
    r"This report by (?P<name>The Canadian Press) was first published [A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\.?"
)
_COPYRIGHT = re.compile(r"(?:©|\([cC]\) ?|\b(?:Copyright|COPYRIGHT)\b)[^\n]{0,80}")
_COPYRIGHT_FORM = re.compile(r"\b(?:19|20)\d\d\b|reserved|RISERVATA|ANSA$|dpa:\d|무단|禁|転載")
_HOLDS = re.compile(
    r"(?:(?:©|\([cC]\)|Copyright|COPYRIGHT|저작권자)[\s:]*)+(?:(?:19|20)\d\d(?:[-–](?:19|20)?\d\d)?[.,]?)?\s*"
    r"(?:by |von |The |the )?\s*"
)
_HOLDER = re.compile(r"(?P<name>(?:The )?[A-Z][\w'’&.-]*(?: (?:(?:of|and|the|&) )*[A-Z][\w'’&-]*){0,5})")
_PORTIONS = re.compile(
    r"(?:(?:[Pp]ortions|[Pp]arts|[Ss]ome (?:content|material))[^.\n]{0,30}"
    r"|(?:[Qq]uotes|[Dd]ata|[Pp]rices|[Rr]ates|[Ww]eather|[Ss]cores|[Ll]istings|[Ii]ndices)\b[^\n]{0,60})\Z"
)
_CAPTION = re.compile(r"[Pp]hoto|PHOTO|[Ii]mage|[Pp]icture|Getty|FILE|[Ff]oto")
_NO_NAMES = re.compile(
    r"(?:(?:Staff|Wire|Press|News|Special|Sports|City|Court|Police|Media|Web|Breaking|Local|Exclusive|Sponsored|Paid|Guest"
    r"|Contributed|Combined|Agencies|Bureau|Newsroom|Updated?|Watch|Video|Photos?)[ /-]?)+"
    r"(?:Reports?|Release|Writers?|Services?|News|Content|Post|Column|Desk|Reporters?|Correspondents?|Agencies|Sources)",
    re.IGNORECASE,
)
_BEFORE_AGENCY = re.compile(
    r"(?:^|[,;/&(]|\b(?:and|et|y|e|und|of|from|at|the|with|by|for|von|der|de|du|la|avec|mit|l['’]))\s*\Z",
    re.IGNORECASE,
)
_AFTER_AGENCY = re.compile(
    r"\s*(?:\Z|[,;./&():]|['’]s?\b|\b(?:and|et|y|e|und|in|on|wire|news|staff|reporters?|writers?|correspondents?"
    r"|journalists?|editors?|services?|contributed)\b)",
    re.IGNORECASE,
)
_NO_WRITERS = re.compile(r"\b(?:spokes|member|official|officer|employee)", re.IGNORECASE)
_FILES = re.compile(
    r"[WwAaMm](?:(?<=[Ww])ith (?:files from|reporting (?:by|from))|(?<=[Aa])dditional reporting (?:by|from)"
    r"|(?<=[Aa])vec|(?<=[Mm])it Material (?:von|der)) (?P<who>[^\n]{2,100})"
)
_CONTRIBUTED = re.compile(
    _SENTENCE_START
    + r"(?P<who>[^\n]{2,160}?) contributed (?:to this (?:report|article|story)|reporting)\b[^\n.]{0,60}\.?",
    re.MULTILINE,
)
_AGENCY_WRITER = re.compile(
    r"(?:The )?(?P<name>Associated Press|AP|Reuters)(?: [A-Za-z]+){0,3}? "
    r"(?:[Ww]riter|[Rr]eporter|[Cc]orrespondent|[Jj]ournalist)s?\b"
)
_NAMED = signs.Signs(place=signs.Place.TAIL, forms=signs.names, whole_words=True)
_OUTLETS = signs.Signs(
    place=signs.Place.TAIL,
    forms=lambda agency: signs.names(agency) if agency.kind in agencies.FOR_OTHERS else (),
    outlets=True,
    whole_words=True,
)
_REPORTING_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=(
        *(
            "(Reporting ",
            "(Additional reporting ",
            "(Reportage ",
            "(Rédigé ",
            "(Avec ",
            "(Par ",
            "(Bericht ",
            "(Geschrieben ",
        ),
        *("(Reporte ", "(Información ", "(Reportagem ", "(Por ", "(إعداد "),
    ),
    of="reuters",
)
_CANADIAN_SIGNS = signs.Signs(
    place=signs.Place.TAIL, words=("This report by The Canadian Press was first ",), of="cp"
)
_COPYRIGHT_SIGNS = signs.Signs(place=signs.Place.TAIL, words=("©", "Copyright", "COPYRIGHT", "(c)", "(C)"))
_FILES_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=(
        *("With files from ", "with files from ", "With reporting ", "with reporting "),
        *(
            "Additional reporting ",
            "additional reporting ",
            "Avec ",
            "avec ",
            "Mit Material ",
            "mit Material ",
        ),
    ),
)
_CONTRIBUTED_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=(
        *(" contributed to this report", " contributed to this article", " contributed to this story"),
        " contributed reporting",
    ),
)


def _dateline_tag(view: views.View) -> Iterator[rules.Finding]:
    dateline = view.dateline
    if dateline is not None and dateline.agency is not None and dateline.agency.kind == agencies.AGENCY:
        if view.margin is not None and _is_of_another(view, dateline):
            return
        yield view.quote(dateline.agency.name, dateline.start, dateline.end)


def _is_of_another(view: views.View, dateline: datelines.Dateline) -> bool:
    """Return whether a dateline beside a text opens another item of the page: more than it stands before the text."""
    follows = len(view.text[dateline.end :].strip(" \t\r\n-–—:.")) > _LEAST_ITEM
    return follows or bylines.names_staff(view)


def _outlet_tag(view: views.View) -> Iterator[rules.Finding]:
    dateline = view.dateline
    if dateline is not None and dateline.tag is not None:
        name = _outlet_of(view, dateline)
        if name is not None:
            yield view.quote(name, dateline.start, dateline.end)


def _host_tag(view: views.View) -> Iterator[rules.Finding]:
    for found in _HOST_OPENING.finditer(view.head) if view.margin is None else ():
        is_site = view.table.outlet(found["name"]) is not None or found["name"].lower().endswith(".id")
        if is_site and names.host(found["name"]) is not None:
            yield view.quote_head(found["name"], found)
            return


def _outlet_of(view: views.View, dateline: datelines.Dateline) -> str | None:
    """Return the outlet that a dateline's tag names, None for that of an agency and for what may be anything."""
    tag, agency = dateline.tag or "", dateline.agency
    if agency is not None:
        return agency.name if agency.kind in agencies.FOR_OTHERS else None
    words = tag.split()
    is_name = len(words) > 1 and all(word[0].isupper() for word in words)
    is_name = is_name and not _NO_NAMES.fullmatch(tag)
    if datelines.is_station(tag):
        own = view.story.outlet or ""
        return own if tag[:4] in own else tag[:4]
    known = view.table.outlet(tag) if datelines.is_outlet(tag, view.table) else None
    return known.name if known is not None else tag if is_name or view.is_own(tag) else None


def _reporting_by(view: views.View) -> Iterator[rules.Finding]:
    for found in (*_REPORTING.finditer(view.tail), *_REPORTING_ELSEWHERE.finditer(view.tail)):
        named = {mention.agency.id for mention in view.table.credited(view.tail, *found.span())}
        is_own = any(view.is_own(name) for name in _OF_OUTLET.findall(found[0]))
        opened = view.dateline.agency if view.dateline is not None else None
        named |= {opened.id} if opened is not None else set()
        if not is_own and named <= {"reuters"}:
            yield view.quote_tail("Reuters", found)


def _canadian_press(view: views.View) -> Iterator[rules.Finding]:
    for found in _CANADIAN_PRESS.finditer(view.tail):
        yield view.quote_tail(found["name"], found)


def _copyright(view: views.View) -> Iterator[rules.Finding]:
    found = list(copyrights(view, agencies.AGENCY))
    return iter(() if found and bylines.names_staff(view) else found)


def _footer(view: views.View) -> Iterator[rules.Finding]:
    found = list(copyrights(view, agencies.AGENCY))
    return iter(found if found and bylines.names_staff(view) else ())


def _outlet_copyright(view: views.View) -> Iterator[rules.Finding]:
    """Yield the outlet or platform that holds the copyright of a text, where it is not the page's own."""
    for found in _COPYRIGHT.finditer(view.tail):
        held = _HOLDS.match(view.tail, found.start())
        holder = _HOLDER.match(view.tail, held.end()) if held else None
        if holder is None or _CAPTION.search(found[0]) or _PORTIONS.search(view.tail[: found.start()]):
            continue
        spelled = (holder["name"], holder["name"].partition(". ")[0].rstrip("."))
        outlet = next(filter(None, map(view.table.outlet, spelled)), None)
        platform = next(filter(None, map(view.table.named, spelled)), None)
        if outlet is not None and not view.is_of_owner(outlet):
            yield view.quote_tail(outlet.name, found)
        elif platform is not None and platform.kind in agencies.FOR_OTHERS and not view.is_own(platform.name):
            yield view.quote_tail(platform.name, found)


def copyrights(view: views.View, kind: str) -> Iterator[rules.Finding]:
    """Yield each copyright line at the end of a story that names an agency of this kind, captions aside."""
    for found in _COPYRIGHT.finditer(view.tail):
        mention = next(view.table.credited(view.tail, *found.span()), None)
        if mention is not None and not _HOLDS.fullmatch(view.tail, found.start(), mention.start):
            continue  # another one holds the copyright: "© 2024 Ridge Valley Herald. Portions copyright ..."
        if _PORTIONS.search(view.tail[: found.start()]):
            continue
        before = view.tail[: found.start()].rpartition("\n")[2]
        after = view.tail[mention.end :].partition("\n")[0] if mention is not None else ""
        is_alone = not before.strip() and not after.strip(" .")
        is_line = (is_alone or _COPYRIGHT_FORM.search(found[0])) and not _CAPTION.search(before + found[0])
        if mention is not None and mention.agency.kind == kind and is_line:
            yield view.quote_tail(mention.agency.name, found)


def _files_from(view: views.View) -> Iterator[rules.Finding]:
    for found in _FILES.finditer(view.tail):
        for agency in _listed(view, found["who"]):
            yield view.quote_tail(agency.name, found)


def _contributed(view: views.View) -> Iterator[rules.Finding]:
    for found in _contributions(view):
        if not _AGENCY_WRITER.match(found["who"]):
            for agency in _listed(view, found["who"]):
                yield view.quote_tail(agency.name, found)


def _listed(view: views.View, who: str) -> Iterator[agencies.Agency]:
    """Yield the agencies in a list of those who helped; a person or a state of that name is none."""
    if _NO_WRITERS.search(who):
        return
    for mention in view.table.credited(who):
        before, after = who[: mention.start], who[mention.end :]
        form = who[mention.start : mention.end]
        is_part = _BEFORE_AGENCY.search(before) is not None and _AFTER_AGENCY.match(after) is not None
        if is_part and (not before.strip() or mention.agency.is_meant(form, view.story.url)):
            yield mention.agency


def _agency_writer(view: views.View) -> Iterator[rules.Finding]:
    for found in _contributions(view):
        writer = _AGENCY_WRITER.match(found["who"])
        if writer is not None:
            yield view.quote_tail(writer["name"], found)


def _contributions(view: views.View) -> Iterator[re.Match[str]]:
    yield from _CONTRIBUTED.finditer(view.tail)


RULES = (
    rules.Rule(
        name="agency_dateline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="an agency's tag in the dateline: `RIYADH, Feb 18 (Reuters) -`, `/TASS/`",
        signs=(datelines.TAGGED,),
        find=_dateline_tag,
    ),
    rules.Rule(
        name="outlet_dateline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="another outlet's name in the place of the tag: `NEW YORK (Hollywood Reporter) -`",
        signs=(signs.OPENING,),
        find=_outlet_tag,
    ),
    rules.Rule(
        name="host_dateline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="an outlet's address before the place or after it: `TEMPO.CO, Jakarta -`, `JAKARTA, KOMPAS.com -`",
        signs=(_HOST_SIGNS,),
        find=_host_tag,
    ),
    rules.Rule(
        name="reporting_by",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="Reuters' closing line: `(Reporting by ...; Editing by ...)`",
        signs=(_REPORTING_SIGNS,),
        find=_reporting_by,
    ),
    rules.Rule(
        name="canadian_press",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`This report by The Canadian Press was first published Feb. 18, 2025.`",
        signs=(_CANADIAN_SIGNS,),
        find=_canadian_press,
    ),
    rules.Rule(
        name="agency_writer",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="an agency's own closing line: `Associated Press writer NAME contributed to this report.`",
        signs=(_CONTRIBUTED_SIGNS, _NAMED),
        find=_agency_writer,
    ),
    rules.Rule(
        name="agency_copyright",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a copyright line of an agency at the end, outside captions",
        signs=(_COPYRIGHT_SIGNS, _NAMED),
        find=_copyright,
    ),
    rules.Rule(
        name="outlet_copyright",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a copyright line of another outlet or platform at the end: `Copyright 2024 NPR.`",
        signs=(_COPYRIGHT_SIGNS, _OUTLETS),
        find=_outlet_copyright,
    ),
    rules.Rule(
        name="agency_footer",
        family=rules.CITED,
        says=rules.CITATION,
        weight=0,
        looks_for="the same line under a byline that names somebody and no agency: the outlet's footer",
        signs=(_COPYRIGHT_SIGNS, _NAMED),
        find=_footer,
    ),
    rules.Rule(
        name="with_files_from",
        family=rules.CREDIT,
        says=rules.CO_ORIGIN,
        weight=1.5,
        looks_for="`With files from ...`, `Additional reporting by ...`, `avec AFP`",
        signs=(_FILES_SIGNS, _NAMED),
        find=_files_from,
    ),
    rules.Rule(
        name="contributed",
        family=rules.CREDIT,
        says=rules.CO_ORIGIN,
        weight=1.5,
        looks_for="`The Associated Press contributed to this report.`",
        signs=(_CONTRIBUTED_SIGNS, _NAMED),
        find=_contributed,
    ),
)
