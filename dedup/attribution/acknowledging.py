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
import pyarrow as pa
import pyarrow.compute as pc

from dedup.attribution import closings, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import agencies, dossiers
    from dedup.attribution import naming as register_of
    from dedup.attribution import opened as opening

_TEXT = rules.FIELDS.index("text")

MOST_OUTLETS = 8  # of a case; a text of more outlets is no reuse of one's
_NEAR_BEFORE, _NEAR_AFTER = 700, 400  # characters around a passage in which its source is named
_TOLD = (
    r"told|tells|spoke(?: \w+)? (?:to|with)|interview(?:ed)?(?: \w+)? (?:with|by|on|to)|according to|citing"
)
_FROM = r"by|from|per|via|for|in|of|on|to|at|after|with|[Ss]ource:|hat tip|H/T|From|Via|In|At|Over at"
_BEFORE = re.compile(
    rf"(?:\b(?:{_TOLD}|{_FROM})|—|–|-|\()(?: (?:the|The|a|an|new))?(?: \w+){{0,2}} $"
    rf"|\n[ \t(]*(?:{'|'.join(closings.SOURCE_WORDS)}|Courtesy|Credit)[ \xa0]?[:\uff1a] ?[«„“]?$"
)
_WORKS = (
    "magazine|newspaper|news site|website|report|story|article|piece|profile|op-ed|editorial|column|poll|survey|"
    "study|analysis|interview|investigation|researchers"
)
_DID = (
    "reported|reports|obtained|interviewed|spoke|published|found|finds|noted|notes|wrote|writes|revealed|says|said|sounds|"
    "points|learned|broke|described|quoted|quotes|asked|called|calls"
)
_AFTER = re.compile(
    rf"(?:['’]s?)?(?: (?:{_WORKS})\b)|:|['’]s [A-Z]"
    rf"|(?: (?:that|on|first|also|has|had|later|exclusively|\w+day)){{0,3}},? (?:{_DID})\b"
)
_OWN_MARKS = re.compile(
    r"[Pp]hoto|PHOTO|[Ii]mage|Getty|[Ff]ollow|[Ss]ubscribe|[Nn]ewsletter|contributor|anchor|host\b"
)
_SHORTEST = 3  # letters of a name
_MOST_SITES = 4000  # outlets whose names are looked for in one search
_ANY_CASE = 6  # letters from which on a name counts in any case, if it begins with a capital


@dataclasses.dataclass(frozen=True, slots=True)
class Spelled:
    """The outlets of some stories: what their records call them, and their hosts.

    Parameters
    ----------
    of : (n,) int64, the number of each story's outlet; -1 for none
    outlets, hosts : of each number; None where a record has none
    """

    of: NDArray[np.int64]
    outlets: list[str | None]
    hosts: list[str | None]

    def sites(self, table: agencies.Agencies) -> signs.Sites | None:
        """Return what is looked for in texts; None where there are too many outlets for one search."""
        if len(self.outlets) > _MOST_SITES:
            return None
        return signs.Sites(
            self.of, tuple(_forms(*pair, table) for pair in zip(self.outlets, self.hosts, strict=True))
        )


def spell(stories: records.Stories, addresses: pa.Array) -> Spelled:
    """Return the outlets of these stories.

    Parameters
    ----------
    addresses : (n,) string, the sites of the stories, as `names.sites` gives them
    """
    outlets, sites = stories.outlets.dictionary_encode(), addresses.dictionary_encode()
    first, second = (
        column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        for column in (outlets, sites)
    )
    packed, of = np.unique(((first + 1) << 32) | (second + 1), return_inverse=True)
    host_of = [*(names.host(site) for site in sites.dictionary.to_pylist()), None]
    outlet_of = [*outlets.dictionary.to_pylist(), None]
    pairs = [(outlet_of[(pair >> 32) - 1], host_of[(pair & 0xFFFFFFFF) - 1]) for pair in packed.tolist()]
    known = np.array([any(pair) for pair in pairs], np.bool_)
    return Spelled(
        np.where(known[of], of, -1) if len(known) else of,
        [outlet for outlet, _ in pairs],
        [host for _, host in pairs],
    )


def n_outlets(case: NDArray[np.int64], outlets: NDArray[np.int64], n_cases: int) -> NDArray[np.int64]:
    """Return how many known outlets each case has, (n_cases,) int64.

    Parameters
    ----------
    case, outlets : (n,) int64, of each story; -1 for an outlet that is not known
    """
    known = outlets >= 0
    counts: NDArray[np.int64] = np.bincount(
        np.unique((case[known] << 32) | outlets[known]) >> 32, minlength=n_cases
    )
    return counts


def find(
    dossier: dossiers.Dossier, opened: opening.Opened, spelled: Spelled, naming: NDArray[np.bool_]
) -> tuple[rules.Findings, rules.Findings]:
    """Return where stories name the outlet of another story of their case, and where they link to it.

    Of two outlets that name each other neither is found.

    Parameters
    ----------
    opened : the cases to look at
    spelled : the outlets of all stories
    naming : (n,) bool, whether a story names some other outlet
    """
    cases, outlets = dossier.cases, dossier.outlets()
    n_known = n_outlets(cases.case_of(), outlets, len(cases))
    opened = opened.where((n_known > 1) & (n_known <= MOST_OUTLETS))
    linking = pc.list_value_length(cases.stories.margins).to_numpy(zero_copy_only=False)[opened.stories] > 0
    may = linking | (naming[opened.stories] if len(spelled.outlets) <= _MOST_SITES else True)
    rows = np.flatnonzero(may)
    asking = np.zeros(len(cases), np.bool_)
    asking[opened.case[rows]] = True
    members = _members(opened.where(asking), outlets, spelled, dossier.register, links=bool(linking.any()))
    table = dossier.register.table
    named: list[_Found] = []
    linked: list[_Found] = []
    for row, story in opened.read(rows):
        if opened.firsts[row] < 0:
            continue
        number = int(opened.stories[row])
        begin, end = story.start, story.end
        if cases.are_passages or cases.containers[number]:
            begin = max(begin, int(opened.firsts[row]) - _NEAR_BEFORE)
            end = min(end, int(opened.lasts[row]) + _NEAR_AFTER)
        seen = _Seen(number, story, begin, end, int(outlets[number]))
        others = members[int(opened.case[row])]
        named += [found for member in others.by_key.values() for found in _named(seen, member, table)]
        linked += _linked(seen, others)
    case_of = cases.case_of()
    pairs = {(int(case_of[found.story]), found.own, found.key) for found in named + linked}
    one_way = [
        [found for found in some if (int(case_of[found.story]), found.key, found.own) not in pairs]
        for some in (named, linked)
    ]
    return _columns(one_way[0], dossier.quotes), _columns(one_way[1], dossier.quotes)


@dataclasses.dataclass(frozen=True, slots=True)
class _Member:
    """A story's outlet: its key, the name that its record gives, and the host of its page."""

    key: int
    name: int
    outlet: str | None
    host: str | None


@dataclasses.dataclass(slots=True)
class _Members:
    """The outlets of a case by their keys, and the outlet of each address of its pages."""

    by_key: dict[int, _Member] = dataclasses.field(default_factory=dict)
    key_of: dict[str, int] = dataclasses.field(default_factory=dict)


def _members(
    opened: opening.Opened,
    outlets: NDArray[np.int64],
    spelled: Spelled,
    register: register_of.Register,
    *,
    links: bool,
) -> dict[int, _Members]:
    """Return the outlets of each case."""
    members: dict[int, _Members] = collections.defaultdict(_Members)
    stories, urls = opened.stories, opened.cases.stories.urls
    given = urls.take(pa.array(stories)).to_pylist() if links else [None] * len(stories)
    for case, key, number, url in zip(
        opened.case.tolist(), outlets[stories].tolist(), spelled.of[stories].tolist(), given, strict=True
    ):
        if key < 0 or number < 0:
            continue
        of_case = members[case]
        if key not in of_case.by_key:
            outlet, host = spelled.outlets[number], spelled.hosts[number]
            name = register.number(outlet or host or "")
            of_case.by_key[key] = _Member(key, name, outlet, host)
        if url:
            of_case.key_of[_page(url)] = key
    return members


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


@functools.lru_cache(maxsize=8192)
def _spellings(outlet: str | None, host: str | None, table: agencies.Agencies) -> tuple[str, ...]:
    """Return the names of an outlet, without a leading article."""
    known = table.outlet(outlet) if outlet else None
    known = known or (table.outlet(host) if host else None)
    agency = table.named(outlet) if outlet else None
    agency = agency or (table.named(host) if host else None)
    given = list(known.names()) if known else []
    if agency is not None:
        given += [agency.name, *agency.aliases]
    if not given:
        given += [names.label(name) for name in (outlet or host,) if name]
    bare = [name.removeprefix("The ").removeprefix("the ") for name in given]
    return tuple(dict.fromkeys(name for name in bare if len(name) >= _SHORTEST and not name.endswith(")")))


@functools.lru_cache(maxsize=8192)
def _forms(outlet: str | None, host: str | None, table: agencies.Agencies) -> tuple[str, ...]:
    """Return the usual spellings of an outlet's names, as they are looked for in texts."""
    forms: dict[str, None] = {}
    for name in _spellings(outlet, host, table):
        forms[name.title() if name.islower() else name] = None
        if " " not in name:
            forms[name.upper()] = None
    return tuple(forms)


@functools.lru_cache(maxsize=8192)
def _pattern(outlet: str | None, host: str | None, table: agencies.Agencies) -> re.Pattern[str] | None:
    """Return what finds the names of an outlet in a text, as whole words that begin with a capital."""
    forms = set()
    for name in _spellings(outlet, host, table):
        spaced = re.escape(name).replace("\\ ", "[ -]?").replace("\\-", "[ -]?")
        is_long = len(name) >= _ANY_CASE or " " in name
        forms.add(f"(?i:{spaced})" if is_long else re.escape(name if name != name.lower() else name.upper()))
    if not forms:
        return None
    return re.compile(
        rf"(?<![\w@/.])(?=[A-Z]|[^\x00-\x7f])(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?!\w|\.com/)"
    )


def _named(seen: _Seen, member: _Member, table: agencies.Agencies) -> Iterator[_Found]:
    """Yield the first place where a story speaks of another outlet's work."""
    pattern = _pattern(member.outlet, member.host, table) if member.key != seen.own else None
    if pattern is None:
        return
    text = seen.story.page_text
    for found in pattern.finditer(text, seen.begin, seen.end):
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
        weight=3,
        looks_for="near the shared text, another outlet that holds it: `told Politico`, `an op-ed for Fortune`",
    ),
    rules.ComparedRule(
        name="linked_source",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=3,
        looks_for="a link to another page that holds the shared text",
    ),
)
