"""Rules on lines that hold another outlet's name alone: above the text as aggregators set it, or as its source."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, closings, datelines, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_LINE = re.compile(r"^(?P<name>\S[^\n]{1,40}?)[ \t\r]*$", re.MULTILINE)
_FIRST_LINES = 4  # of a page, among them the headline
_FED = re.compile(  # Yahoo! Japan
    r"^\d{1,2}/\d{1,2}[(\uff08].[)\uff09] ?\d{1,2}:\d{2} ?配信[ \t\u3000]*\n?[ \t]*(?P<name>[^\s\d]{2,24})[ \t\r]*$",
    re.MULTILINE,
)
_SOURCE = re.compile(
    r"^[ \t(\[\uff08]*(?:原题[^\n]{2,80}[,\uff0c] ?)?"
    rf"(?:(?:{'|'.join(closings.SOURCE_WORDS)}|Courtesy|Via|VIA)"
    r"[ \xa0]?[:\uff1a]|Courtesy of|Courtesy)[ \xa0]?(?:the |The )?(?P<name>[^\n]{2,50}?)[)\]\uff09.]*[ \t\r]*$"
    r"|^(?:By|Via|via) (?P<host>(?:www\.)?[\w-]{3,}(?:\.[\w-]{2,})+)\.?[ \t\r]*$"
    r"|^(?P<leading>[A-Z][^\n,]{2,40}), with files from [^\n]{2,80}$",
    re.MULTILINE,
)
_NEWSROOM = (
    r"(?:newsroom|news (?:organi[sz]ation|service|outlet|site|website|nonprofit)"
    r"|media (?:organi[sz]ation|outlet|venture))"
)
_KIND = (
    r"(?:non-?profit|not-for-profit|non-?partisan|independent|national|statewide|local|regional|digital|online|global"
    r"|investigative|award-winning|reader-supported|member-supported|community|public|data-driven|bilingual"
    r"|international|in-depth|public-interest)"
)
_SELF = re.compile(
    r"^[ \t(*]*(?P<name>(?:The )?[A-Z][\w&'’.-]*(?: (?:[A-Z&][\w&'’.-]*|of|the|for)){0,5})"
    rf" is (?:(?:a )?part of States Newsroom|(?:an?|the) {_KIND}(?:,? (?:and )?{_KIND}){{0,5}} {_NEWSROOM}"
    r"(?=[.,]| (?:that|which|covering|dedicated|focus(?:ed|ing)|based|producing|reporting|serving|supported)\b))"
    r"[^\n]{0,200}",
    re.MULTILINE,
)
_LATE = 500  # characters at the end in which an outlet says what it is
_CAPTION = re.compile(
    r"[Pp]hoto|PHOTO|[Ii]mage|[Pp]icture|[Vv]ideo|[Cc]hart|[Gg]raphic|[Ff]ootage|[Mm]ap\b|[Ff]oto|图"
)
_CAPTION_REACH = 120  # characters before a source line in which a picture is spoken of
_MOST_AFTER = 300  # characters of a page's foot below the source line
_SITE = re.compile(r"\.(?:com|org|net|info|news|media|tv|[a-z]{2})\Z", re.IGNORECASE)
_SOCIAL = frozenset(
    (
        "twitter.com",
        "pic.twitter.com",
        "facebook.com",
        "instagram.com",
        "reddit.com",
        "youtube.com",
        "tiktok.com",
        "t.co",
    )
)
_CHANNEL = re.compile(r"(?:客户端|微信公众号|公众号|官方微博|微博|[Aa][Pp][Pp])\Z")
_QUOTES = "“”\"„«»'’「」『』《》"
_TABLED = signs.Signs(place=signs.Place.HEAD, outlets=True, lines=True)
_FEEDS = signs.Signs(place=signs.Place.HEAD, words=("配信",))
_SELF_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=(
        *(
            " newsroom",
            " news organi",
            " news service",
            " news outlet",
            " news site",
            " news website",
        ),
        *(" news nonprofit", " media organi", " media outlet", " part of States Newsroom"),
    ),
)
_SOURCES = signs.Signs(
    place=signs.Place.TAIL,
    words=(
        *closings.SOURCE_WORDS,
        ", with files from ",
        "Courtesy",
        "Via:",
        "VIA:",
        "\nBy ",
        "\nVia ",
        "\nvia ",
    ),
)


def _outlet(view: views.View, name: str) -> str | None:
    """Return the outlet, syndicate or platform that a name stands for, if it is not the page's."""
    bare = _CHANNEL.sub("", name.strip(_QUOTES + " "))
    outlet = view.table.outlet(bare)
    if outlet is not None:
        return None if view.is_own(outlet.name) else outlet.name
    host = names.host(bare)
    agency = view.table.named(bare) if host is None else view.table.of_host(bare)
    if agency is not None:
        may_be = host is not None or agency.kind in agencies.FOR_OTHERS
        return agency.name if may_be and not view.is_own(agency.name) else None
    is_site = host is not None and _SITE.search(host) is not None and host not in _SOCIAL
    return bare if is_site and not view.is_own(bare) else None


def _line(view: views.View) -> Iterator[rules.Finding]:
    lines = list(itertools.islice(_LINE.finditer(view.head), _FIRST_LINES))
    known = [(found, view.table.outlet(found["name"])) for found in lines]
    named = [(found, outlet) for found, outlet in known if outlet is not None]
    for found, outlet in named if len(named) == 1 else ():
        is_first = view.head.count("\n", 0, found.start()) < _FIRST_LINES
        may_be = (
            " " in found["name"] or found["name"] in datelines.OUTLET_INITIALS
        )  # `Today` may be any label
        is_name = may_be and found["name"] in signs.outlet_names(outlet)
        if is_first and is_name and not view.is_own(outlet.name):
            yield view.quote(outlet.name, *found.span("name"))


def _fed(view: views.View) -> Iterator[rules.Finding]:
    for found in _FED.finditer(view.head):
        if not view.is_own(found["name"]):
            yield view.quote(found["name"], *found.span())


def _source(view: views.View) -> Iterator[rules.Finding]:
    for found in _SOURCE.finditer(view.tail):
        group = next(group for group, words in found.groupdict().items() if words)
        is_address = group != "host" and names.host(found[group]) is not None  # which is `source_host`
        before = view.tail[max(0, found.start() - _CAPTION_REACH) : found.start()]
        is_last = len(view.tail) - found.end() <= _MOST_AFTER and not _CAPTION.search(before)
        name = _outlet(view, found[group]) if is_last and not is_address else None
        if name is not None:
            start = view.tail.rfind("\n", 0, found.start(group)) + 1
            yield view.quote(name, view.tail_start + start, view.tail_start + found.end())


def _self(view: views.View) -> Iterator[rules.Finding]:
    for found in _SELF.finditer(view.tail):
        is_late = len(view.tail) - found.start() <= _LATE + len(found[0])
        name, own = found["name"], view.story.outlet or ""
        is_name = " " in name or view.table.outlet(name) is not None or view.table.named(name) is not None
        is_other = not view.is_own(name) and names.key(name) not in names.key(own)
        if is_late and is_name and is_other:
            yield view.quote_tail(name, found)


RULES = (
    rules.Rule(
        name="outlet_line",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a line above the text that is another outlet's name, as aggregators set it",
        signs=(_TABLED,),
        find=_line,
    ),
    rules.Rule(
        name="outlet_presented",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a line at the end that presents another one: `KFF Health News is a national newsroom that ...`",
        signs=(_SELF_SIGNS,),
        find=_self,
    ),
    rules.Rule(
        name="feed_line",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="the line of Yahoo! Japan that names who sent the text: `8/31(火) 10:00配信 毎日新聞`",
        signs=(_FEEDS,),
        find=_fed,
    ),
    rules.Rule(
        name="outlet_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a line at the end that names another outlet as the source: `Courtesy: The Hindu`",
        signs=(_SOURCES,),
        find=_source,
    ),
)
