"""Quotations: which words of a text are somebody's, and whose the text says that they are.

A passage that several outlets print may be a statement, a speech or a post: then its origin is who made it, not who
printed it. Here one text is read around one passage; `statements` compares what several texts say.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING

from dedup.attribution import speakers

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_QUOTED = 0.6
"""Share of a passage that must stand in quotation marks."""
_BEFORE, _AFTER = 900, 500  # characters around a passage that are read
_LABEL_REACH = 120  # characters before a passage in which a label begins
_MOST_GAPS = 3  # quotations before the passage whose speaker may go on

_ASIDE = r"(?:,? (?:\([^()\n]{1,30}\)|[RDI]-[A-Z][\w.]+))?(?:, [^.“”\"\n]{2,90}?,| who [^.,“”\"\n]{2,60}?)?,?"
_SAID = (
    re.compile(rf"[\s,.;—–-]{{0,4}}(?P<verb>{speakers.VERB_ELSEWHERE}) {speakers.GERMAN_OFFICE_THEN_NAME}"),
    re.compile(rf"[\s,.;—–-]{{0,4}}{speakers.SPEAKER}{_ASIDE} (?P<verb>{speakers.VERB})"),
    re.compile(rf"[\s,.;—–-]{{0,4}}(?P<verb>{speakers.VERB}) {speakers.SPEAKER}"),
    re.compile(rf"[\s,.;—–-]{{0,4}}(?P<verb>{speakers.VERB_ELSEWHERE}) {speakers.OFFICE_THEN_NAME}"),
)
_LEADS = re.compile(
    rf"(?:^|[.!?”\"\n…] |\n|^[\s,]*|, |\b(?:as|when|where|and|but|while) ){speakers.SPEAKER}{_ASIDE} "
    rf"(?P<verb>{speakers.VERB}|issued a statement|released a(?: joint)? statement|in a statement|took to Twitter)"
)
_LABEL = re.compile(rf"(?:^|\n|[.!?”\"’)] )(?:— )?(?P<who>{speakers.PEOPLE}):\s*[“\"„«‘']?\s*$")
_SIGNED = re.compile(
    r"[^\n]{0,400}?\s*[—–-]{1,2} ?(?P<who>[^\n@()—]{2,50}?) ?\((?P<handle>@\w{2,20})\)"
    r"[ \xa0]+[A-Z][a-z]{2,8}\.? \d{1,2}"
)
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Reps|Sens|St|U\.S|[A-Z])$")
_SENTENCE_ENDS = (". ", "? ", "\n", "! ")
_DOUBLE = re.compile("[“”„«»\"]|''|``|â\x80\x9c|â\x80\x9d|\n")
_SINGLE = re.compile(r"(?<!\w)['‘](?=\w)|(?<=[\w.,!?…])['’](?!\w)|\n")
_DOUBLE_SIGN, _SINGLE_SIGN = re.compile("[“”„«»\"`]|''"), re.compile(r"‘|(?<!\w)'\w")
_OPENERS = ("“", '"', "„", "«", "'", "‘", "â\x80\x9c")


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """Whose words a text says that a passage is: the name as the text gives it, and what says so.

    `start` and `end` are characters of the text; `signed` tells that the words carry their author's signature.
    """

    name: str
    start: int
    end: int
    signed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Quotation:
    """How much of a passage stands in quotation marks, and whose it is said to be; None where nobody is named."""

    share: float
    said: Said | None


def read(text: str, start: int, end: int) -> Quotation:
    """Return how far the characters from start to end are a quotation, and whose.

    >>> text = 'The plan failed. "We will try again before the summer," Mayor Jane Doe said in a statement.'
    >>> found = read(text, 18, 53)
    >>> found.share, found.said.name
    (1.0, 'Jane Doe')
    """
    signed = _signature(text, end)
    if signed is not None:
        return Quotation(1.0, signed)
    first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    best = _Reading(text, first, last, start, end, [])
    for marks, sign in ((_DOUBLE, _DOUBLE_SIGN), (_SINGLE, _SINGLE_SIGN)):
        if not sign.search(text, first, last):
            continue
        reading = _Reading(text, first, last, start, end, list(_segments(text, first, last, marks)))
        if reading.share() > best.share():
            best = reading
        if best.share() >= LEAST_QUOTED:
            break
    share = best.share()
    said = best.speaker() if share >= LEAST_QUOTED else None
    return Quotation(share, said if said is not None and said.name != speakers.UNKNOWN else None)


@dataclasses.dataclass(frozen=True, slots=True)
class _Segment:
    """What stands between two quotation marks."""

    start: int
    end: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """The quotations in a part of a text, and the passage in it that is asked about."""

    text: str
    first: int
    last: int
    start: int
    end: int
    segments: list[_Segment]

    def share(self) -> float:
        """Return the share of the passage that is quoted; words between two of its quotations count little."""
        overlapping = [self.segments[place] for place in self._overlapping()]
        held = sum(min(segment.end, self.end) - max(segment.start, self.start) for segment in overlapping)
        gaps = sum(after.start - before.end for before, after in itertools.pairwise(overlapping))
        length = self.end - self.start
        return min(1.0, held / max(1, length - min(gaps, length // 3)))

    def _overlapping(self) -> list[int]:
        """Return the places of the segments that hold a part of the passage."""
        return [
            place
            for place, segment in enumerate(self.segments)
            if segment.start < self.end and self.start < segment.end
        ]

    def speaker(self) -> Said | None:
        """Return who is said to speak: between the quotations, after them, before them, or beside one before."""
        places = self._overlapping()
        if not places:
            return self._label(self.start)
        first = places[0]
        for place in places:
            said = self._after(place)
            if said is not None:
                return said
        said = self._before(first) or self._label(self.segments[first].start)
        for place in range(first - 1, max(-1, first - 1 - _MOST_GAPS), -1):
            said = said or self._after(place) or self._before(place)
        return said or self._goes_on(places[-1])

    def _goes_on(self, place: int) -> Said | None:
        """Return who speaks in the next quotation, where nothing stands between it and this one."""
        if place + 1 >= len(self.segments):
            return None
        between = self.text[self.segments[place].end : self.segments[place + 1].start]
        return None if between.strip(" \n“”\"'’‘.,") else self._after(place + 1)

    def _after(self, place: int) -> Said | None:
        begin = self.segments[place].end
        stop = self.segments[place + 1].start if place + 1 < len(self.segments) else self.last
        gap = self.text[begin:stop].lstrip("”\"'’»“")
        begin = stop - len(gap)
        gap = gap.partition("\n")[0]
        for pattern in _SAID:
            found = pattern.match(gap)
            said = self._said(found, begin) if found is not None else None
            if said is not None:
                return said
        return None

    def _before(self, place: int) -> Said | None:
        stop = self.segments[place].start
        begin = self.segments[place - 1].end if place else self.first
        gap = self.text[begin:stop].rstrip("“\"„«‘' \n")
        sentence = max(gap.rfind(mark) for mark in _SENTENCE_ENDS)
        while sentence > 0 and _ABBREVIATED.search(gap[:sentence]):
            sentence = max(gap.rfind(mark, 0, sentence) for mark in _SENTENCE_ENDS)
        lead = gap[sentence + 1 :]
        leads = list(_LEADS.finditer(lead))
        return self._said(leads[-1], begin + len(gap) - len(lead)) if leads else None

    def _label(self, at: int) -> Said | None:
        begin = max(self.first, at - _LABEL_REACH)
        found = _LABEL.search(self.text[begin:at])
        return self._said(found, begin) if found is not None else None

    def _said(self, found: re.Match[str], begin: int) -> Said | None:
        name = speakers.resolve(found["who"], self.text, begin + found.start("who"))
        if name is None:
            return None
        quote = found[0]
        lead = len(quote) - len(quote.lstrip(' \n\t,.;—–-”"’)!?…'))
        return Said(name, begin + found.start() + lead, begin + found.end())


def _signature(text: str, end: int) -> Said | None:
    """Return who signed the post that a passage ends: `— NAME (@handle) February 18, 2025` closes its paragraph."""
    found = _SIGNED.match(text, end, end + _AFTER)
    if found is None:
        return None
    between = text[end : found.start("who")][3:]
    if "”" in between or '" ' in between:
        return None
    who = found["who"].strip()
    name = speakers.resolve(who.title() if who.islower() else who, text, found.start("who"))
    if name and who.islower():
        name = speakers.full_name(name.split()[-1], text) or name
    return Said(name, found.start("who"), found.end(), signed=True) if name else None


def _segments(text: str, first: int, last: int, marks: re.Pattern[str]) -> Iterator[_Segment]:
    """Yield what stands in quotation marks; a quotation whose next paragraph opens anew goes on."""
    opened, begin = -1, first
    for found in marks.finditer(text, first, last):
        at = found.start()
        if found[0] == "\n":
            rest = text[at : at + 6].lstrip()
            if opened >= 0 and rest and not rest.startswith(_OPENERS):
                yield _Segment(opened, at)
                opened = -1
            begin = at + 1 if opened < 0 else begin
        elif _opens(text, found, is_open=opened >= 0):
            opened = found.end() if opened < 0 else opened
        elif opened >= 0:
            yield _Segment(opened, at)
            opened, begin = -1, found.end()
        else:
            if begin == first and first > 0:
                yield _Segment(begin, at)
            begin = found.end()
    if opened >= 0:
        yield _Segment(opened, last)


def _opens(text: str, found: re.Match[str], *, is_open: bool) -> bool:
    """Return whether a quotation mark opens a quotation; what stands beside a straight one tells."""
    mark = found[0]
    if mark in "„«‘" or mark in {"``", "â\x80\x9c"}:
        return True
    if mark in {"”", "»", "''", "’", "â\x80\x9d"}:
        return False
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if mark == "“":
        is_before_gap = not after or after.isspace() or after in ",.;:!?)"
        return not (is_open and before and not before.isspace() and is_before_gap)
    is_after_gap = not before or before.isspace() or before in "([—–-:"
    is_before_gap = not after or after.isspace() or after in ").,;:!?—–-"
    return (is_after_gap and not is_before_gap) or (is_after_gap == is_before_gap and not is_open)
