"""A story as the rules see it: its own characters, its head and tail, its dateline, and whose page it stands on."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING

from dedup.attribution import datelines, names, rules

if TYPE_CHECKING:
    from dedup import records
    from dedup.attribution import agencies

HEAD, TAIL = 800, 700  # characters in which a credit may stand; captions can push a dateline far down
_AROUND = (
    400  # characters around its passages in which a page that holds other stories too may speak of this one
)

SOURCE_HOST = re.compile(r"^SOURCE: ?(?P<name>\S+\.[a-z]{2,})[ \t\r]*$", re.MULTILINE)
_WINDOW_ROLE = "container"


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """One story of a case.

    `text` begins at character `offset` of the page text, `tail` at character `tail_start` of `text`. `own` are the
    keys of the outlet that published this page, empty when it is not known.
    """

    index: int
    story: records.Story
    table: agencies.Agencies
    text: str
    offset: int
    head: str
    tail: str
    tail_start: int
    own: frozenset[str]
    dateline: datelines.Dateline | None
    mentions: tuple[agencies.Mention, ...]

    def key(self, name: str) -> str:
        """Return the key of a candidate: the agency's if the name is one's, the outlet's otherwise."""
        return _key(name, self.table)

    def is_own(self, name: str) -> bool:
        """Return whether a name is that of the outlet that published this page."""
        return _key(name, self.table) in self.own

    def quote(self, name: str | None, start: int, end: int) -> rules.Finding:
        """Return the finding of these characters of `text`."""
        return rules.Finding(self.index, name, "text", self.offset + start, self.offset + end)

    def quote_head(self, name: str | None, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `head`."""
        return self.quote(name, *found.span())

    def quote_tail(self, name: str | None, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `tail`."""
        return self.quote(name, self.tail_start + found.start(), self.tail_start + found.end())


def view(index: int, case: records.Case, table: agencies.Agencies) -> View:
    """Return the view of one story of a case; a container is seen only around the passages that it shares."""
    story = case.stories[index]
    start, end = story.start, story.end
    if case.roles[index] == _WINDOW_ROLE and case.spans[index]:
        start = max(start, case.spans[index][0][0] - _AROUND)
        end = min(end, case.spans[index][-1][1] + _AROUND)
    return _view(index, story, table, start, end)


def single(story: records.Story, table: agencies.Agencies) -> View:
    """Return the view of a story that stands alone, without the mentions that only citations need."""
    return _view(0, story, table, story.start, story.end, with_mentions=False)


def _view(
    index: int,
    story: records.Story,
    table: agencies.Agencies,
    start: int,
    end: int,
    *,
    with_mentions: bool = True,
) -> View:
    text = story.page_text[start:end]
    head = text[:HEAD]
    tail_start = max(0, len(text) - TAIL)
    tail = text[tail_start:]
    own = _own(story, tail, table)
    dateline = datelines.find(head, table)
    mentions = tuple(table.mentions(text)) if with_mentions else ()
    return View(index, story, table, text, start, head, tail, tail_start, own, dateline, mentions)


def _own(story: records.Story, tail: str, table: agencies.Agencies) -> frozenset[str]:
    """Return the keys of the page's outlet.

    A page that says `SOURCE: host` is not that host's, even where its record gives the host's name as the outlet:
    what the record then holds was read from the page's own credit.
    """
    host = names.host(story.url) if story.url else None
    keys = {_key(name, table) for name in (story.outlet, host) if name}
    if host is None and keys:
        source = SOURCE_HOST.search(tail)
        if source is not None:
            keys.discard(_key(source["name"], table))
    return frozenset(keys - {""})


@functools.lru_cache(maxsize=65536)
def _key(name: str, table: agencies.Agencies) -> str:
    agency = table.named(name)
    return names.key(agency.name if agency else name)
