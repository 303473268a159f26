"""Rules that read what a page says of another place where its text stood: notes, heads, tails and footers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dedup import dates
from dedup.attribution import rules, signs, views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import mastheads

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
_PUBLISHED_SIGNS = signs.Signs(
    place=signs.Place.ENDS,
    words=(
        *("This article ", "This story ", "This column ", "This post ", "This piece ", "This essay "),
        *("This report ", "This content ", "This op-ed ", "This commentary ", "This interview "),
        *("Originally published ", "Originally appeared ", "Originally posted ", "Originally printed "),
        *("Originally republished ", "Originally reprinted "),
        *("First published ", "First appeared ", "First posted ", "First printed "),
        *("First republished ", "First reprinted ", "Republished ", "Reprinted ", "Reposted "),
        *("Read the original ", "Read the rest of "),
    ),
)
_POST_SIGNS = signs.Signs(place=signs.Place.WHOLE, words=(" appeared first on ", " first appeared on "))
_HEAD_SIGNS = signs.Signs(place=signs.Place.HEAD, words=(" | Published ",))
_SOURCE_SIGNS = signs.Signs(place=signs.Place.TAIL, words=("SOURCE: ",))
_READ_ON_SIGNS = signs.Signs(
    place=signs.Place.TAIL,
    words=("\nREAD FULL ", "\nREAD THE FULL ", "\nRead full ", "\nRead the full "),
)


def _published_by(view: views.View) -> Iterator[rules.Finding]:
    for start, part in ((0, view.head), (view.tail_start, view.tail)):
        if start or part is view.head:
            for found in _PUBLISHED_BY.finditer(part):
                is_cut = part is view.head and found.end() == len(part) < len(view.text)
                if is_cut:  # the name goes on: the tail has it, or nobody credits that far from both ends
                    continue
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
    return (finding for finding in _posts(view) if not view.is_own(finding.name))


def _own_post(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding in _posts(view) if view.is_own(finding.name))


def _posts(view: views.View) -> Iterator[rules.Finding]:
    for found in _POST.finditer(view.text):
        yield view.quote(found["name"], found.start(), found.end())


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
        name="published_by",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`This article was originally published on X`, `Republished from X`, X being another outlet",
        signs=(_PUBLISHED_SIGNS,),
        find=_published_by,
    ),
    rules.Rule(
        name="post_elsewhere",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`The post TITLE appeared first on X.` on a page that is not X's",
        signs=(_POST_SIGNS,),
        find=_post_elsewhere,
    ),
    rules.Rule(
        name="own_post",
        family=rules.STRUCTURE,
        says=rules.SELF_CLAIM,
        weight=3,
        looks_for="`The post TITLE appeared first on X.` on X's own page",
        signs=(_POST_SIGNS,),
        find=_own_post,
    ),
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
