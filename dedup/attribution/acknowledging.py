"""Stories that name the outlet of another story of their case: `told Politico`, `in an op-ed for Fortune`, a link.

Such words alone are citations and say nothing of an origin. Where the outlet's own page stands in the case and holds
the shared text, they say where that text comes from.
"""

from __future__ import annotations

import collections
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
_TOLD = (
    r"told|tells|spoke(?: \w+)? (?:to|with)|interview(?:ed)?(?: \w+)? (?:with|by|on|to)|according to|citing"
)
_FROM = r"by|from|per|via|for|in|of|on|to|at|after|with|[Ss]ource:|hat tip|H/T|From|Via|In|At|Over at"
_BEFORE = re.compile(rf"(?:\b(?:{_TOLD}|{_FROM})|—|–|-|\()(?: (?:the|The|a|an|new))?(?: \w+){{0,2}} $")
_WORKS = (
    "magazine|newspaper|news site|website|report|story|article|piece|profile|op-ed|editorial|column|poll|survey|"
    "study|analysis|interview|investigation|researchers"
)
_DID = (
    "reported|reports|obtained|interviewed|spoke|published|found|finds|noted|notes|wrote|writes|revealed|says|said|sounds|"
    "points|learned|broke|described|quoted|quotes|asked|called|calls"
)
_AFTER = re.compile(
    rf"(?:['’]s?)?(?: (?:{_WORKS}))|:|['’]s [A-Z]"
    rf"|(?: (?:that|on|first|also|has|had|later|exclusively|\w+day)){{0,3}},? (?:{_DID})\b"
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
    case, outlets = cases.case_of(), dossier.outlets()
    known = outlets >= 0
    of_case = np.unique(np.stack([case[known], outlets[known]]), axis=1)[0]
    n_outlets = np.bincount(of_case, minlength=len(cases))
    stories = np.flatnonzero((asked & (n_outlets > 1) & (n_outlets <= MOST_OUTLETS))[case])
    if not len(stories):
        return _columns([], dossier.quotes), _columns([], dossier.quotes)
    members: dict[int, _Members] = collections.defaultdict(_Members)
    for story in stories[outlets[stories] >= 0].tolist():
        members[int(case[story])].add(_member(dossier, story, int(outlets[story])))
    named: list[_Found] = []
    linked: list[_Found] = []
    spans = cases.spans(stories)
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
        seen = _Seen(number, story, begin, end, int(outlets[number]))
        others = members[int(case[number])]
        named += [found for member in others.by_key.values() for found in _named(seen, member)]
        linked += _linked(seen, others)
    pairs = {(int(case[found.story]), found.own, found.key) for found in named + linked}
    one_way = [
        [found for found in some if (int(case[found.story]), found.key, found.own) not in pairs]
        for some in (named, linked)
    ]
    return _columns(one_way[0], dossier.quotes), _columns(one_way[1], dossier.quotes)


@dataclasses.dataclass(slots=True)
class _Members:
    """The outlets of a case by their keys, and the outlet of each address of its pages."""

    by_key: dict[int, _Member] = dataclasses.field(default_factory=dict)
    key_of: dict[str, int] = dataclasses.field(default_factory=dict)

    def add(self, member: _Member) -> None:
        """Take one more page."""
        self.by_key.setdefault(member.key, member)
        if member.url:
            self.key_of[member.url] = member.key


@dataclasses.dataclass(frozen=True, slots=True)
class _Seen:
    """A story, where it may speak of others, and the key of its own outlet."""

    number: int
    story: records.Story
    begin: int
    end: int
    own: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    """Where a story speaks of another's outlet; characters of its page, -1 for a link whose place is not known."""

    story: int
    own: int
    key: int
    name: int
    start: int
    end: int
    words: str


def _columns(found: list[_Found], words: list[str]) -> rules.Findings:
    """Return what was found as columns; the quoted words are added to `words`."""
    rows = []
    for one in found:
        rows.append((one.story, one.name, one.start, one.end, len(words) if one.start >= 0 else -1))
        if one.start >= 0:
            words.append(one.words)
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


def _named(seen: _Seen, member: _Member) -> Iterator[_Found]:
    """Yield the first place where a story speaks of another outlet's work."""
    if member.pattern is None or member.key == seen.own:
        return
    text = seen.story.page_text
    for found in member.pattern.finditer(text, seen.begin, seen.end):
        before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 60]
        left, right = _BEFORE.search(before), _AFTER.match(after)
        if (left or right) and not _OWN_MARKS.search(before[-20:] + " " + after[:20]):
            start = found.start() - (len(left[0].lstrip()) if left else 0)
            stop = found.end() + (len(right[0].rstrip()) if right else 0)
            yield _Found(seen.number, seen.own, member.key, member.name, start, stop, text[start:stop])
            return


def _linked(seen: _Seen, members: _Members) -> Iterator[_Found]:
    """Yield the links to another page of the case, and those near the passage to another one's site."""
    for link in seen.story.margins:
        if link.role != "link" or link.target is None:
            continue
        key = members.key_of.get(_page(link.target), -1)
        if key < 0 and seen.begin <= link.start < seen.end:
            host = names.host(link.target)
            key = next((each.key for each in members.by_key.values() if host and each.host == host), -1)
        if key >= 0 and key != seen.own:
            end = link.start + len(link.text) if link.start >= 0 else -1
            name = members.by_key[key].name
            yield _Found(seen.number, seen.own, key, name, link.start, end, link.text)


@functools.lru_cache(maxsize=65536)
def _page(url: str) -> str:
    """Return an address without what does not tell one page from another: scheme, `www.`, query and fragment."""
    bare = re.split(r"[?#]", url.partition("://")[2] or url, maxsplit=1)[0]
    return bare.removeprefix("www.").rstrip("/")


RULES = (
    rules.ComparedRule(
        name="named_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="near the shared text, another outlet that holds it: `told Politico`, `an op-ed for Fortune`",
    ),
    rules.ComparedRule(
        name="linked_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="a link to another page that holds the shared text",
    ),
)
