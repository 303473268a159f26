"""A story as the rules see it: its own characters, its head and tail, its dateline, and whose page it stands on."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from dedup.attribution import datelines, names, naming, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup import records
    from dedup.attribution import agencies

_AROUND = (
    400  # characters around its passages in which a page that holds other stories too may speak of this one
)

_SPACES = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x3000: " "}  # one for one: offsets stay
SOURCE_HOST = re.compile(r"^SOURCE: ?(?P<name>\S+\.[a-z]{2,})[ \t\r]*$", re.MULTILINE)
SOURCE_SIGNS = signs.Signs(place=signs.Place.TAIL, words=("SOURCE:",))
"""Signs of which every story holds one that names its source's host."""


class View:
    """One story as the rules see it.

    Parameters
    ----------
    story, table : the story, and the agencies to know
    start, end : the characters of its page that are seen; `text` begins at character `offset` of the page
    reach : the characters of these that name agencies; all of them where that is not known

    Attributes
    ----------
    margin : the margin of the record that is seen instead of its text; None for the text
    whole : the view of the text; of a margin, that of the text that it stands beside
    """

    def __init__(
        self, story: records.Story, table: agencies.Agencies, start: int, end: int, reach: int | None = None
    ) -> None:
        """Take what is seen of the text."""
        self.story = story
        self.table = table
        self.margin: records.Margin | None = None
        self.whole = self
        self._see(story.page_text[start:end], start)
        self._reach = reach

    @classmethod
    def of_margin(cls, whole: View, margin: records.Margin) -> View:
        """Return the view of a margin of the record, that stands beside the text of another view."""
        view = cls(whole.story, whole.table, 0, 0)
        view.margin, view.whole = margin, whole
        view._see(margin.text, margin.start)
        return view

    def _see(self, text: str, offset: int) -> None:
        self.text = text.translate(_SPACES)
        self.offset = offset
        self.head = text[: signs.N_HEAD]
        self.tail_start = max(0, len(text) - signs.N_TAIL)
        self.tail = text[self.tail_start :]

    def ends(self) -> Iterator[tuple[int, str]]:
        """Yield head and tail with the character at which each begins; a text that is one of them once."""
        if self.tail_start:
            yield 0, self.head
        yield self.tail_start, self.tail

    @functools.cached_property
    def dateline(self) -> datelines.Dateline | None:
        """Return the dateline, None if there is none."""
        return datelines.find(self.head, self.table)

    @functools.cached_property
    def mentions(self) -> tuple[agencies.Mention, ...]:
        """Return each place that names an agency."""
        return tuple(self.table.mentions(self.text, self._reach))

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

    def is_of_owner(self, outlet: agencies.Outlet) -> bool:
        """Return whether an outlet published this page, or has the owner of the one that did."""
        story = self.story
        own = [self.table.outlet(name) for name in (story.outlet, story.url) if name]
        same = outlet.owner is not None and any(
            each is not None and each.owner == outlet.owner for each in own
        )
        return same or self.is_own(outlet.name)

    def quote(self, name: str, start: int, end: int) -> rules.Finding:
        """Return the finding of these characters of `text`."""
        first, last = self.offset + start, self.offset + end
        if self.margin is None:
            return rules.Finding(name, "text", first, last)
        if self.margin.start < 0:
            return rules.Finding(name, self.margin.field, -1, -1)
        return rules.Finding(name, self.margin.field, first, last, self.margin.text[start:end])

    @functools.cached_property
    def margins(self) -> tuple[View, ...]:
        """Return what the record says of the text in further fields, as views; nothing in a margin itself.

        A page of several stories does not tell which of them its margins speak of.
        """
        story = self.story
        is_alone = not story.page_text[: story.start].strip() and not story.page_text[story.end :].strip()
        if self.margin is not None or not is_alone:
            return ()
        return tuple(View.of_margin(self, margin) for margin in story.margins)

    def in_margins(self, *roles: str) -> Iterator[View]:
        """Yield the margins of some roles."""
        for view in self.margins:
            if view.margin is not None and view.margin.role in roles:
                yield view

    def quote_head(self, name: str, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `head`."""
        return self.quote(name, *found.span())

    def quote_tail(self, name: str, found: re.Match[str]) -> rules.Finding:
        """Return the finding of a match in `tail`."""
        return self.quote(name, self.tail_start + found.start(), self.tail_start + found.end())


def window(start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Return what is seen of a story on a page that holds other stories too: what stands around its shared passages.

    Parameters
    ----------
    start, end : where the story begins and ends
    first, last : where its first shared passage begins and its last one ends
    """
    return max(start, first - _AROUND), min(end, last + _AROUND)
