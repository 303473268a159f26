"""Rules that read what a page says of another place where its text stood: notes, heads, tails and footers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup import dates
from dedup.attribution import agencies, names, rules, views

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = (
    r"(?P<name>(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,6}\b"
    r"|(?:[Tt]he )?[A-Z][\w'’&-]*(?: (?:of |and |the |& )*[A-Z][\w'’&-]*){0,5})"
)
_PUBLISHED = "(?:published|appeared|posted|printed|republished|reprinted)"
_PUBLISHED_BY = re.compile(
    r"[TOFR](?:(?<=\bT)his (?:article|story|column|post|piece|essay|report|content|op-ed|commentary|interview) "
    rf"(?:was |is |has been |had been )?(?:(?:originally|first|previously|also) )?{_PUBLISHED}"
    r"(?: here)?(?: with permission)?(?: on| in| by| at| from)"
    rf"|(?:(?<=O)riginally|(?<=F)irst) {_PUBLISHED} (?:on|in|by|at)"
    r"|(?<=R)e(?:published|printed|posted) (?:here )?(?:with (?:the )?permission )?(?:from|of)"
    r"|(?<=R)ead the (?:original (?:article|story|post|version)|rest of (?:the|this) (?:story|article|post))"
    r" (?:on|at|in|from)) " + _NAME
)
_PUBLISHED_SIGNS = ("ublished ", "ppeared ", "osted ", "rinted ", "ead the ")
_NO_OUTLETS = frozenset(
    (
        *("English", "Spanish", "French", "German", "Italian", "Portuguese", "Russian", "Arabic", "Chinese"),
        *("Hebrew", "Hindi", "Japanese", "Dutch", "Polish", "Turkish", "Ukrainian", "Great", "Britain", "UK"),
        *(
            "US",
            "America",
            "Europe",
            "Page",
            "Print",
            "Issue",
            "Volume",
            "Section",
            "Part",
            "Staff",
            "Spring",
        ),
        *(
            "Summer",
            "Autumn",
            "Fall",
            "Winter",
            "Facebook",
            "Twitter",
            "X",
            "Instagram",
            "YouTube",
            "LinkedIn",
        ),
        *("Medium", "Substack", "Amazon", "Netflix", "CD", "DVD"),
    )
)
_POST = re.compile(
    r"The post \S[^\n]{2,300}? (?:appeared first|first appeared) on (?P<name>[^\n]{2,80}?)\.?(?=[ \t\r]*$)",
    re.MULTILINE,
)
_SENTENCE_ENDS = frozenset('.!?…”"*(•')
_HEAD = re.compile(r"^(?P<name>[^\s|][^|\n]{1,60}?) \| Published [^\n]{6,40}?(?=[ \t\r]*$)", re.MULTILINE)
_READ_ON = re.compile(
    r"^(?:READ (?:THE )?FULL (?:ARTICLE|STORY)|Read (?:the )?full (?:article|story))"
    r"(?: (?:on|at) (?P<name>[^\n]{2,60}?))?(?=[ \t\r]*$)",
    re.MULTILINE,
)


def _published_by(view: views.View) -> Iterator[rules.Finding]:
    for start, part in ((0, view.head), (view.tail_start, view.tail)):
        if (start or part is view.head) and rules.holds(part, _PUBLISHED_SIGNS):
            for found in _PUBLISHED_BY.finditer(part):
                if _opens_sentence(part, found.start()) and _is_other(view, found["name"]):
                    yield view.quote(found["name"], start + found.start(), start + found.end())


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")[-1:]
    return not before or before == "\n" or before in _SENTENCE_ENDS


def _is_other(view: views.View, name: str) -> bool:
    """Return whether a name is another outlet's: no month, no language, no section, not the page's own outlet."""
    bare = name.removeprefix("the ").removeprefix("The ")
    first = bare.partition(" ")[0]
    if first in _NO_OUTLETS or bare in _NO_OUTLETS:
        return False
    is_date = dates.month_day(f"{first} 1") is not None or dates.weekday_number(first) is not None
    return not is_date and not view.is_own(name)


def _post_elsewhere(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding in _posts(view) if not view.is_own(finding.name or ""))


def _own_post(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding in _posts(view) if view.is_own(finding.name or ""))


def _posts(view: views.View) -> Iterator[rules.Finding]:
    if "The post " in view.text:
        for found in _POST.finditer(view.text):
            yield view.quote(found["name"], found.start(), found.end())


def _outlet_head(view: views.View) -> Iterator[rules.Finding]:
    if " | Published " in view.head:
        for found in _HEAD.finditer(view.head):
            if not view.is_own(found["name"]):
                yield view.quote_head(found["name"], found)


def _source_host(view: views.View) -> Iterator[rules.Finding]:
    if "SOURCE: " in view.tail:
        for found in views.SOURCE_HOST.finditer(view.tail):
            if not view.is_own(found["name"]):
                yield view.quote_tail(found["name"], found)


def _read_on(view: views.View) -> Iterator[rules.Finding]:
    if " FULL " not in view.tail and " full " not in view.tail:
        return
    for found in _READ_ON.finditer(view.tail):
        source = views.SOURCE_HOST.search(view.tail)
        name = found["name"] or (source["name"] if source else None)
        if name and not view.is_own(name):
            yield view.quote_tail(name, found)


def _own_publisher(view: views.View) -> Iterator[rules.Finding]:
    finding = own_outlet(view)
    if finding is not None and finding.name and not _is_agency(view, finding.name):
        yield finding


def _agency_page(view: views.View) -> Iterator[rules.Finding]:
    finding = own_outlet(view)
    if finding is not None and finding.name and _is_agency(view, finding.name):
        yield finding


def _is_agency(view: views.View, name: str) -> bool:
    agency = view.table.named(name)
    return agency is not None and agency.kind == agencies.AGENCY


def own_outlet(view: views.View) -> rules.Finding | None:
    """Return where the record names the page's own outlet, None if it does not or if the page belies it."""
    outlet, url = view.story.outlet, view.story.url
    if outlet and view.is_own(outlet):
        return rules.Finding(view.index, outlet, "outlet", 0, len(outlet))
    host = names.host(url) if url else None
    if url and host and view.is_own(host):
        start = url.lower().find(host)
        return rules.Finding(view.index, host, "url", start, start + len(host))
    return None


RULES = (
    rules.Rule(
        "published_by",
        rules.CREDIT,
        rules.ORIGIN,
        4,
        "`This article was originally published on X`, `Republished from X`, X being another outlet",
        _published_by,
    ),
    rules.Rule(
        "post_elsewhere",
        rules.CREDIT,
        rules.ORIGIN,
        4,
        "`The post TITLE appeared first on X.` on a page that is not X's",
        _post_elsewhere,
    ),
    rules.Rule(
        "own_post",
        rules.STRUCTURE,
        rules.SELF_CLAIM,
        3,
        "`The post TITLE appeared first on X.` on X's own page",
        _own_post,
    ),
    rules.Rule(
        "outlet_head",
        rules.STRUCTURE,
        rules.IMMEDIATE_SOURCE,
        2.5,
        "`OUTLET | Published DATE` at the head",
        _outlet_head,
    ),
    rules.Rule(
        "source_host",
        rules.STRUCTURE,
        rules.IMMEDIATE_SOURCE,
        2.5,
        "`SOURCE: host` at the end",
        _source_host,
    ),
    rules.Rule(
        "read_full_article",
        rules.STRUCTURE,
        rules.IMMEDIATE_SOURCE,
        2.5,
        "`READ FULL ARTICLE` at the end, of the host named beside it",
        _read_on,
    ),
    rules.Rule(
        "own_publisher",
        rules.STRUCTURE,
        rules.SELF_CLAIM,
        0.5,
        "the record's own outlet",
        _own_publisher,
    ),
    rules.Rule(
        "agency_page",
        rules.STRUCTURE,
        rules.SELF_CLAIM,
        1.5,
        "an agency's own page",
        _agency_page,
    ),
)
