"""A story as the rules see it: its own characters, its head and tail, its dateline, and whose page it stands on."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import TYPE_CHECKING

from dedup.attribution import datelines, names, naming, rules, signs

if TYPE_CHECKING:
    from dedup import records
    from dedup.attribution import agencies

_AROUND = (
    400  # characters around its passages in which a page that holds other stories too may speak of this one
)

SOURCE_HOST = re.compile(r"^SOURCE: ?(?P<name>\S+\.[a-z]{2,})[ \t\r]*$", re.MULTILINE)
SOURCE_SIGNS = signs.Signs(place=signs.Place.TAIL, words=("SOURCE:",))
"""Signs of which every story holds one that names its source's host."""


@dataclasses.dataclass(frozen=True)
class View:
    """One story: `text` begins at character `offset` of its page, `tail` at character `tail_start` of `text`.

    What a rule may not ask for is found when it is asked for.
    """

    story: records.Story
    table: agencies.Agencies
    text: str
    offset: int

    @functools.cached_property
    def head(self) -> str:
        """Return the beginning, in which credits may stand."""
        return self.text[: signs.N_HEAD]

    @property
    def tail_start(self) -> int:
        """Return the first character of the tail."""
        return max(0, len(self.text) - signs.N_TAIL)

    @functools.cached_property
    def tail(self) -> str:
        """Return the end, in which credits may stand."""
        return self.text[self.tail_start :]

    @functools.cached_property
    def dateline(self) -> datelines.Dateline | None:
        """Return the dateline, None if there is none."""
        return datelines.find(self.head, self.table)

    @functools.cached_property
    def mentions(self) -> tuple[agencies.Mention, ...]:
        """Return each place that names an agency."""
        return tuple(self.table.mentions(self.text))

    @functools.cached_property
    def own(self) -> frozenset[str]:
        """Return the keys of the outlet that published the page, empty when it is not known."""
        outlet, host = self.story.outlet, names.host(self.story.url) if self.story.url else None
        keys = {naming.key(name, self.table) for name in (outlet, host) if name}
        if self.is_belied:
            keys.clear()
        return frozenset(keys - {""})

    @property
    def is_belied(self) -> bool:
        """Return whether the page says that it is not its outlet's.

        A page that says `SOURCE: host` is not that host's, even where its record gives the host's name as the outlet:
        what the record then holds was read from the page's own credit.
        """
        outlet, url = self.story.outlet, self.story.url
        if not outlet or (url and names.host(url)):
            return False
        source = SOURCE_HOST.search(self.tail)
        return source is not None and self.key(source["name"]) == self.key(outlet)

    def key(self, name: str) -> str:
        """Return the key of a candidate: the agency's if the name is one's, the outlet's otherwise."""
        return naming.key(name, self.table)

    def is_own(self, name: str) -> bool:
        """Return whether a name is that of the outlet that published this page."""
        return naming.key(name, self.table) in self.own

    def quote(self, name: str, start: int, end: int) -> rules.Finding:
        """Return the finding of these characters of `text`."""
        return rules.Finding(name, "text", self.offset + start, self.offset + end)

    def quote_head(self, name: str, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `head`."""
        return self.quote(name, *found.span())

    def quote_tail(self, name: str, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `tail`."""
        return self.quote(name, self.tail_start + found.start(), self.tail_start + found.end())


def view(story: records.Story, table: agencies.Agencies) -> View:
    """Return the view of a story."""
    return View(story, table, story.text, story.start)


def around(story: records.Story, table: agencies.Agencies, first: int, last: int) -> View:
    """Return the view of a page that holds other stories too, around what it shares.

    Parameters
    ----------
    first, last : the characters of the page where its shared passages begin and end
    """
    start, end = max(story.start, first - _AROUND), min(story.end, last + _AROUND)
    return View(story, table, story.page_text[start:end], start)
