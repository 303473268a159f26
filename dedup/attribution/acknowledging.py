"""Stories that name the outlet of another story of their case: `told Politico`, `in an op-ed for Fortune`, a link.

Such words alone are citations and say nothing of an origin. Where the outlet's own page stands in the case and holds
the shared text, they say where that text comes from.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import names, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import agencies, dossiers

_TEXT = rules.FIELDS.index("text")

MOST_OUTLETS = 8  # of a case; a text of more outlets is no reuse of one's
_NEAR_BEFORE, _NEAR_AFTER = 700, 400  # characters around a passage in which its source is named
_BEFORE = re.compile(
    r"(?:\b(?:told|tells|spoke(?: \w+)? (?:to|with)|interview(?:ed)?(?: \w+)? (?:with|by|on|to)|according to|by|from|per|via|"
    r"for|in|of|on|to|at|citing|after|with|[Ss]ource:|hat tip|H/T|From|Via|In|At|Over at)|—|–|-|\()(?: (?:the|The|a|an|new))?"
    r"(?: \w+){0,2} $"
)
_AFTER = re.compile(
    r"(?:['’]s?)?(?: (?:magazine|newspaper|news site|website|report|story|article|piece|profile|op-ed|editorial|column|poll|"
    r"survey|study|analysis|interview|investigation|researchers))"
    r"|(?: (?:that|on|first|also|has|had|later|exclusively|\w+day)){0,3},? (?:reported|reports|obtained|interviewed|spoke|"
    r"published|found|finds|noted|notes|wrote|writes|revealed|says|said|sounds|points|learned|broke|described|quoted|quotes|"
    r"asked|called|calls)\b|:|['’]s [A-Z]"
)
_OWN_MARKS = re.compile(
    r"[Pp]hoto|PHOTO|[Ii]mage|Getty|[Ff]ollow|[Ss]ubscribe|[Nn]ewsletter|contributor|anchor|host\b"
)
_SHORTEST = 3  # letters of a name
_ANY_CASE = 6  # letters from which on a name counts in any case, if it begins with a capital


@dataclasses.dataclass(frozen=True, slots=True)
class _Member:
    """A story's outlet: its key, the names under which others speak of it, and the addresses of its page."""

    key: int
    name: int
    pattern: re.Pattern[str] | None
    host: str | None
    url: str | None


def find(dossier: dossiers.Dossier, asked: NDArray[np.bool_]) -> tuple[rules.Findings, rules.Findings]:
    """Return where stories name the outlet of another story of their case, and where they link to it.

    Of two outlets that name each other neither is found.

    Parameters
    ----------
    asked : (n_cases,) bool, the cases to look at
    """
    cases = dossier.cases
    case = cases.case_of()
    keys = dossier.owns()[:, 0]
    keys = np.where(keys >= 0, keys, dossier.owns()[:, 1])
    packed = np.unique(np.stack([case[keys >= 0], keys[keys >= 0]]), axis=1)
    n_outlets = np.bincount(packed[0], minlength=len(cases))
    asked = asked & (n_outlets > 1) & (n_outlets <= MOST_OUTLETS)
    stories = np.flatnonzero(asked[case])
    if not len(stories):
        return _columns([]), _columns([])
    spans = cases.spans(stories)
    members = [_member(dossier, story, int(keys[story])) for story in stories.tolist()]
    of_case: dict[int, dict[int, _Member]] = {}
    urls: dict[tuple[int, str], int] = {}
    for story, member in zip(stories.tolist(), members, strict=True):
        if member.key >= 0:
            of_case.setdefault(int(case[story]), {}).setdefault(member.key, member)
            if member.url:
                urls[int(case[story]), member.url] = member.key
    named: list[tuple[int, int, _Found]] = []
    linked: list[tuple[int, int, _Found]] = []
    for place, (number, story) in enumerate(
        zip(stories.tolist(), cases.stories.chosen(stories), strict=True)
    ):
        first, last = int(spans.offsets[place]), int(spans.offsets[place + 1])
        if first == last:
            continue
        begin, end = story.start, story.end
        if cases.are_passages or cases.containers[number]:
            begin = max(begin, int(spans.starts[first]) - _NEAR_BEFORE)
            end = min(end, int(spans.ends[last - 1]) + _NEAR_AFTER)
        own = members[place].key
        for member in of_case[int(case[number])].values():
            if member.key != own:
                found = _named(story.page_text, begin, end, member)
                if found is not None:
                    named.append((number, own, found))
        for found in _linked(story, begin, end, of_case[int(case[number])], urls, int(case[number]), own):
            linked.append((number, own, found))
    pairs = {(int(case[number]), own, found.key) for number, own, found in named + linked}
    parts = []
    for some in (named, linked):
        rows = []
        for number, own, found in some:
            if (int(case[number]), found.key, own) in pairs:
                continue
            rows.append(
                (number, found.name, found.start, found.end, len(dossier.quotes) if found.start >= 0 else -1)
            )
            if found.start >= 0:
                dossier.quotes.append(found.words)
        parts.append(_columns(rows))
    return parts[0], parts[1]


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    """Where a story speaks of another's outlet; characters of its page, -1 for a link whose place is not known."""

    key: int
    name: int
    start: int
    end: int
    words: str


def _columns(rows: list[tuple[int, int, int, int, int]]) -> rules.Findings:
    stories, named, starts, ends, quotes = np.array(rows, np.int64).reshape(-1, 5).T
    return rules.Findings(stories, named, np.where(starts >= 0, _TEXT, -1), starts, ends, quotes)


def _member(dossier: dossiers.Dossier, story: int, key: int) -> _Member:
    stories, register = dossier.cases.stories, dossier.register
    outlet, url = stories.outlets[story].as_py(), stories.urls[story].as_py()
    host = names.host(url) if url else None
    spelled = outlet or host
    name = register.number(spelled) if spelled else -1
    return _Member(key, name, _pattern(outlet, host, register.table), host, _page(url) if url else None)


@functools.lru_cache(maxsize=4096)
def _pattern(outlet: str | None, host: str | None, table: agencies.Agencies) -> re.Pattern[str] | None:
    """Return what finds the names of an outlet in a text, as whole words that begin with a capital."""
    known = table.outlet(outlet) if outlet else None
    known = known or (table.outlet(host) if host else None)
    agency = table.named(outlet) if outlet else None
    agency = agency or (table.named(host) if host else None)
    given = list(known.names()) if known else []
    if agency is not None:
        given += [agency.name, *agency.aliases]
    if not given and outlet:
        given.append(names.label(outlet))
    if not given and host:
        given.append(names.label(host))
    forms = set()
    for name in given:
        bare = name.removeprefix("The ").removeprefix("the ")
        if len(bare) >= _SHORTEST and not bare.endswith(")"):
            long = len(bare) >= _ANY_CASE or " " in bare
            spaced = re.escape(bare).replace("\\ ", "[ -]?").replace("\\-", "[ -]?")
            forms.add(f"(?i:{spaced})" if long else re.escape(bare if bare != bare.lower() else bare.upper()))
    if not forms:
        return None
    return re.compile(
        rf"(?<![\w@/.])(?=[A-Z])(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?!\w|\.com/)"
    )


def _named(text: str, begin: int, end: int, member: _Member) -> _Found | None:
    if member.pattern is None:
        return None
    for found in member.pattern.finditer(text, begin, end):
        before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 60]
        if _OWN_MARKS.search(before[-20:] + " " + after[:20]):
            continue
        left, right = _BEFORE.search(before), _AFTER.match(after)
        if left or right:
            start = found.start() - (len(left[0].lstrip()) if left else 0)
            stop = found.end() + (len(right[0].rstrip()) if right else 0)
            return _Found(member.key, member.name, start, stop, text[start:stop])
    return None


def _linked(
    story: records.Story,
    begin: int,
    end: int,
    members: dict[int, _Member],
    urls: dict[tuple[int, str], int],
    case: int,
    own: int,
) -> Iterator[_Found]:
    for link in story.margins:
        if link.role != "link" or link.target is None:
            continue
        key = urls.get((case, _page(link.target)), -1)
        if key < 0 and begin <= link.start < end:
            host = names.host(link.target)
            key = next((each.key for each in members.values() if host and each.host == host), -1)
        if key >= 0 and key != own:
            yield _Found(
                key,
                members[key].name,
                link.start,
                link.start + len(link.text) if link.start >= 0 else -1,
                link.text,
            )


@functools.lru_cache(maxsize=65536)
def _page(url: str) -> str:
    """Return an address without what does not tell one page from another: scheme, `www.`, query and fragment."""
    bare = re.split(r"[?#]", url.partition("://")[2] or url, maxsplit=1)[0]
    return bare.removeprefix("www.").rstrip("/")


RULES = (
    rules.MemberRule(
        name="named_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="near the shared text, the outlet of another page that holds it: `told Politico`, `an op-ed for Fortune`",
    ),
    rules.MemberRule(
        name="linked_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a link to another page that holds the shared text",
    ),
)
