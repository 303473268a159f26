"""Splitting a page into its stories.

A page that gathers stories marks each: a head `OUTLET | Published DATE`, mostly a tail `SOURCE: host`, and often the
next story's title as `RELATED: TITLE`. A page without such heads, or with one, is one story.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup import dates

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

_HEAD = re.compile(rb"^(?P<outlet>[^\n|]{1,60}) \| Published (?P<date>[^\n]{6,40}?)[ \t\r]*$", re.MULTILINE)
_TAIL = re.compile(rb"^SOURCE: \S+[ \t\r]*$", re.MULTILINE)
_RELATED = re.compile(rb"^RELATED:[ \t]+(?P<title>[^\n]+?)[ \t\r]*$", re.MULTILINE)
_BLANK = re.compile(rb"\n[ \t\r]*\n")
_LINE = re.compile(rb"[ \t\r\n]*(?P<line>[^\n]+)")
LONGEST_TITLE = 200  # characters
_MOST_BYTES = 4 * LONGEST_TITLE  # that are read for one
_MOST_CONTINUED = 3  # bytes of a character behind its first
_CONTINUES, _CONTINUED = np.uint8(0xC0), np.uint8(0x80)
_STORIES_AT_ONCE = 16_384


@dataclasses.dataclass(frozen=True, slots=True)
class Stories:
    """The stories of some pages, in the order of the text.

    Parameters
    ----------
    pages : (n_stories,) int64; the page of each
    numbers : (n_stories,) int32; 1-based within the page
    starts, ends : (n_stories,) int64; bytes of the text buffer
    heads : what the heads of split or marked stories say, by index of story
    """

    pages: NDArray[np.int64]
    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    heads: dict[int, Head]

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.pages)


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What the head of a marked story says: its title and its claimed date, ISO 8601, where it has them."""

    title: str | None
    published: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    head: Head


def split(text: NDArray[np.uint8], page_offsets: NDArray[np.int64], *, split_stories: bool = True) -> Stories:
    r"""Return the stories of each page; together they cover the pages.

    Parameters
    ----------
    text : (n_bytes,) uint8, the UTF-8 of the pages one after another
    page_offsets : (n_pages + 1,) int64; page i is `text[page_offsets[i]:page_offsets[i + 1]]`
    split_stories : False takes every page as one story

    >>> page = b"One\nX | Published May 1, 2025\nbody\nSOURCE: x.com\n\nTwo\nY | Published May 2, 2025\nmore\n"
    >>> stories = split(np.frombuffer(page, np.uint8), np.array([0, len(page)]))
    >>> stories.starts.tolist(), stories.heads[1].published
    ([0, 50], '2025-05-02')
    """
    marked = _marked_pages(text, page_offsets) if split_stories else []
    parts = {page: list(_parts(_page_bytes(text, page_offsets, page))) for page in marked}
    counts = np.ones(len(page_offsets) - 1, np.int64)
    for page, found in parts.items():
        counts[page] = len(found)
    pages = np.repeat(np.arange(len(counts)), counts)
    first = np.concatenate(([0], np.cumsum(counts)))
    starts, ends = page_offsets[pages].copy(), page_offsets[pages + 1].copy()
    numbers = (np.arange(len(pages)) - first[pages] + 1).astype(np.int32)
    heads = {}
    for page, found in parts.items():
        for i, part in enumerate(found):
            story = int(first[page]) + i
            starts[story] = page_offsets[page] + part.start
            ends[story] = page_offsets[page] + part.end
            heads[story] = part.head
    return Stories(pages, numbers, starts, ends, heads)


def first_line(text: bytes) -> str | None:
    r"""Return the first line that is not blank, as the title of a page that names none; None when it is too long.

    >>> first_line(b"\n  A headline \nThe text.")
    'A headline'
    """
    found = _LINE.match(text)
    if found is None:
        return None
    line = found["line"].decode(errors="replace").strip()
    return line if 0 < len(line) <= LONGEST_TITLE else None


def first_lines(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> pa.StringArray:
    """Return the first line of each story that is not blank; null where it is too long for a title.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_stories,) int64, bytes of `text`
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [
        _first_lines(text, starts[begin : begin + _STORIES_AT_ONCE], ends[begin : begin + _STORIES_AT_ONCE])
        for begin in range(0, max(len(starts), 1), _STORIES_AT_ONCE)
    ]
    lines = pc.utf8_trim_whitespace(pa.concat_arrays(parts))
    n_characters = pc.utf8_length(lines)
    fitting = pc.and_(pc.greater(n_characters, 0), pc.less_equal(n_characters, LONGEST_TITLE))
    return pc.if_else(fitting, lines, None)


def _first_lines(
    text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> pa.StringArray:
    import pyarrow as pa

    from dedup.text import kernels

    last = np.minimum(ends, starts + _MOST_BYTES)
    for _ in range(_MOST_CONTINUED):  # back to where a character begins
        within = np.flatnonzero(last < ends)
        last[within] -= text[last[within]] & _CONTINUES == _CONTINUED
    offsets = np.zeros(len(starts) + 1, np.int32)
    out = np.empty(int((last - starts).sum()), np.uint8)
    kernels.copy_first_lines(text, starts, last, offsets, out)
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(out))


def _page_bytes(text: NDArray[np.uint8], page_offsets: NDArray[np.int64], page: int) -> bytes:
    return text[page_offsets[page] : page_offsets[page + 1]].tobytes()


def _marked_pages(text: NDArray[np.uint8], page_offsets: NDArray[np.int64]) -> list[int]:
    from dedup.text import kernels

    marked = np.zeros(len(page_offsets) - 1, bool)
    kernels.find_marked(text, page_offsets, marked)
    pages: list[int] = np.flatnonzero(marked).tolist()
    return pages


def _parts(page: bytes) -> Iterator[_Part]:
    """Yield the stories of a page; what looks like a head and has no date is none."""
    heads = [(found, claimed) for found in _HEAD.finditer(page) if (claimed := _claimed(found)) is not None]
    starts = [0] + [
        _boundary(page, heads[i][0].end(), heads[i + 1][0].start()) for i in range(len(heads) - 1)
    ]
    ends = [*starts[1:], len(page)]
    if not heads:
        yield _Part(0, len(page), Head(None, None))
        return
    for start, end, (head, claimed) in zip(starts, ends, heads, strict=True):
        yield _Part(start, end, Head(_title(page[start : head.start()]), claimed.iso))


def _claimed(head: re.Match[bytes]) -> dates.Claimed | None:
    return dates.parse(head["date"].decode(errors="replace"))


def _boundary(page: bytes, begin: int, end: int) -> int:
    """Return where the next story begins, between the end of one head and the start of the next."""
    tails = list(_TAIL.finditer(page, begin, end))
    if tails:
        after = _LINE.match(page, tails[-1].end())
        return after.start("line") if after else end
    related = list(_RELATED.finditer(page, begin, end))
    if related:
        return related[-1].start()
    blanks = list(_BLANK.finditer(page, begin, end))
    return blanks[-1].end() if blanks else end


def _title(before_head: bytes) -> str | None:
    related = _RELATED.match(before_head.lstrip())
    return related["title"].decode(errors="replace") if related else first_line(before_head)
