"""Which of several like texts was there before, by what they hold: cuts and additions that make sense one way only.

Asked are cases that no credit tells. Each rule speaks for the outlet of the one story that the others were made from;
where two stories could be it, it speaks for none.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import datelines, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup import records
    from dedup.attribution import agencies, dossiers

MOST_STORIES = 8  # of a case; two of many do not tell how all were made
_OWN_WORDS = 60  # letters of a lead, or of a rest, that are more than a name and a date
_NO_WORDS = 12  # letters that are less: the shared text begins, or ends, here
_NEXT_LINE = re.compile(r"[\W_]{0,6}?(?:\n|\Z)")
_CUT_OFF = re.compile(
    r"(?:\.\.\.|…|\[\.\.\.\]|\[…\])[\s\"”']*(?:(?:Read|READ|Continue|CONTINUE|More|MORE)[^\n]{0,40})?\s*\Z"
)
_CORRECTED = re.compile(
    r"^[\W_]{0,3}(?:CORRECTION|Correction|CORRECTED|Corrected|An earlier version of this"
    r"|(?:Editor['’]s note:? )?This (?:story|article|post|report) (?:has been|was) (?:corrected|updated|amended)"
    r"|Korrektur|Rectificatif|Corrección|Rettifica)\b[^\n]{0,80}",
    re.MULTILINE,
)
_LETTER = re.compile(r"[^\W_]")
_ORIGIN, _TEXT = rules.SAYS.index(rules.ORIGIN), rules.FIELDS.index("text")

RULES = tuple(
    rules.ComparedRule(name=name, family=rules.CONTENT, says=rules.ORDER, weight=weight, looks_for=looks_for)
    for name, weight, looks_for in (
        ("dropped_dateline", 1.5, "a dateline that the others dropped, before the text that they share"),
        ("cut_off", 1.5, "a story that goes on where another one breaks off: `... Read more`"),
        (
            "added_lead",
            1.0,
            "a story that begins with the shared text, which the others lead up to in own words",
        ),
        ("truncated", 1.0, "a story that goes on where another one ends, at the end of a paragraph"),
        (
            "corrected",
            1.0,
            "the story that another one, which says that it was corrected or updated, repeats",
        ),
    )
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Seen:
    """One story of a case.

    Parameters
    ----------
    lead, rest : letters of its own before the shared text, and after it; a dateline is none of the lead
    dateline, cut, correction : characters of its page, None where there is none
    ends_paragraph : whether the shared text ends where a paragraph does
    """

    number: int
    lead: int
    rest: int
    dateline: tuple[int, int] | None
    cut: tuple[int, int] | None
    correction: tuple[int, int] | None
    ends_paragraph: bool


Place = tuple[int, int, int]
"""A story, and the characters of its page that are quoted; -1 twice for nothing."""


def find(dossier: dossiers.Dossier) -> list[rules.Findings]:
    """Return what each of RULES finds."""
    looks: tuple[Callable[[Sequence[_Seen]], Place | None], ...] = (
        _dropped_dateline,
        _cut_off,
        _added_lead,
        _truncated,
        _corrected,
    )
    places: list[list[Place]] = [[] for _ in looks]
    for stories in _cases(dossier):
        for look, found in zip(looks, places, strict=True):
            place = look(stories)
            if place is not None:
                found.append(place)
    return [_columns(found, dossier) for found in places]


def _columns(places: Sequence[Place], dossier: dossiers.Dossier) -> rules.Findings:
    """Return the findings for the outlets of these stories, with the words quoted."""
    own = dossier.pages.own
    rows = [place for place in places if own.names[place[0]] >= 0]
    numbers, starts, ends = np.array(rows, np.int64).reshape(-1, 3).T
    stories = dossier.cases.stories.chosen(numbers)
    quotes = np.full(len(rows), -1)
    for row, (story, (_, start, end)) in enumerate(zip(stories, rows, strict=True)):
        if start >= 0:
            quotes[row] = len(dossier.quotes)
            dossier.quotes.append(story.page_text[start:end])
    fields = np.where(starts >= 0, _TEXT, -1)
    return rules.Findings(numbers, own.names[numbers], fields, starts, ends, quotes)


def _cases(dossier: dossiers.Dossier) -> Iterator[list[_Seen]]:
    """Yield the stories of each case that no credit tells, as far as it is known what all of them share."""
    cases, clues = dossier.cases, dossier.clues
    sizes = np.diff(cases.offsets)
    told = np.bincount(clues.cases, clues.says == _ORIGIN, len(cases)) > 0
    asked = (sizes > 1) & (sizes <= MOST_STORIES) & ~told
    if cases.are_passages or not asked.any():
        return
    case = cases.case_of()
    stories = np.flatnonzero(asked[case])
    spans = cases.spans(stories)
    known = np.bincount(case[stories], np.diff(spans.offsets) > 0, len(cases)) == sizes
    kept = np.flatnonzero(known[case[stories]])
    firsts, lasts = spans.starts[spans.offsets[:-1][kept]], spans.ends[spans.offsets[1:][kept] - 1]
    stories = stories[kept]
    seen: list[_Seen] = []
    read = zip(stories.tolist(), cases.stories.chosen(stories), firsts.tolist(), lasts.tolist(), strict=True)
    for number, story, first, last in read:
        seen.append(_look(number, story, first, last, dossier.register.table))
        if len(seen) == sizes[case[number]]:
            yield seen
            seen = []


def _look(number: int, story: records.Story, first: int, last: int, table: agencies.Agencies) -> _Seen:
    text = story.page_text
    before, after = text[story.start : first], text[last : story.end]
    head = text[story.start : min(first + 200, story.end)]
    dateline = datelines.find(head, table)
    placed = None
    if dateline is not None and dateline.place is not None and dateline.agency is None:
        start, end = story.start + dateline.start, story.start + dateline.end
        if start <= first and len(_LETTER.findall(text[end:first])) <= _NO_WORDS:
            placed = (start, end)
            before = text[story.start : start]
    cut, correction = _CUT_OFF.search(text, last, story.end), _CORRECTED.search(text, story.start, story.end)
    return _Seen(
        number,
        len(_LETTER.findall(before)),
        len(_LETTER.findall(after)),
        placed,
        cut.span() if cut else None,
        correction.span() if correction else None,
        _NEXT_LINE.match(text, last, story.end) is not None,
    )


def _only(stories: Sequence[_Seen], *, fit: Callable[[_Seen], bool]) -> _Seen | None:
    """Return the one story that fits, None where none does or several do."""
    found = [story for story in stories if fit(story)]
    return found[0] if len(found) == 1 else None


def _dropped_dateline(stories: Sequence[_Seen]) -> Place | None:
    one = _only(stories, fit=lambda story: story.dateline is not None)
    if one is None or one.dateline is None:
        return None
    begin_alike = all(story.lead <= _NO_WORDS for story in stories)
    return (one.number, *one.dateline) if begin_alike else None


def _cut_off(stories: Sequence[_Seen]) -> Place | None:
    return _goes_on(stories, ends=lambda story: story.cut is not None)


def _truncated(stories: Sequence[_Seen]) -> Place | None:
    return _goes_on(stories, ends=lambda story: story.rest <= _NO_WORDS and story.ends_paragraph)


def _goes_on(stories: Sequence[_Seen], *, ends: Callable[[_Seen], bool]) -> Place | None:
    """Return the one story that goes on where all others end; it has no lead of its own."""
    one = _only(stories, fit=lambda story: story.rest >= _OWN_WORDS)
    if one is None or one.lead >= _OWN_WORDS:
        return None
    return (one.number, -1, -1) if all(ends(story) for story in stories if story is not one) else None


def _added_lead(stories: Sequence[_Seen]) -> Place | None:
    one = _only(stories, fit=lambda story: story.lead <= _NO_WORDS)
    if one is None:
        return None
    return (
        (one.number, -1, -1)
        if all(story.lead >= _OWN_WORDS for story in stories if story is not one)
        else None
    )


def _corrected(stories: Sequence[_Seen]) -> Place | None:
    one = _only(stories, fit=lambda story: story.correction is None)
    if one is None or one.rest > _OWN_WORDS:
        return None
    return one.number, -1, -1
