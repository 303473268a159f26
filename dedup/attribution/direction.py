"""Which of several like texts was there before, by what they hold: cuts and additions that make sense one way only.

Asked are cases that no credit tells. Each rule speaks for the outlet of the one story that the others were made from;
where two stories could be it, it speaks for none.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import datelines, rules, signs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.attribution import agencies, dossiers
    from dedup.attribution import opened as opening

MOST_STORIES = 8  # of a case; two of many do not tell how all were made
_FURNITURE = (
    *("©", "(c) ", "copyright", "™", "all rights reserved", "http://", "https://", "www.", "disclaimer"),
    *("newsletter", "subscri", "follow us", "sign up", "donate", "support our", "support us", "advertis"),
    *("on twitter", "on facebook", "contact us", "contact the", "have a story", "have a tip"),
    *(
        "what do you think",
        "click here",
        "related:",
        "read more",
        "tags:",
        "topics:",
        "author:",
        "autor:",
        "photo",
    ),
    *("image", "provided by", "provided for", "provided in", "produced by", "produced for", "produced in"),
    *("distributed by", "distributed for", "distributed in", "in partnership with", "with support from"),
    *("getty", "with permission", "published by", "published from", "published on", "published in"),
    *("published first", "first published", "edited by", "not been edited", "syndicated", "auto-generated"),
    *("press release", "views expressed", "opinion expressed", "opinions expressed"),
)
"""In lower case, what stands below a story on a page and is no part of it."""
_NOTES = re.compile(
    r"@\w|follow [A-Z@]|Follow [A-Z@]|RELATED|[Cc]omments?\b|"
    r"is (?:a|an|the) [^.\n]{0,60}"
    r"(?:reporter|editor|journalist|columnist|writer|newsroom|correspondent|author|freelance)"
)
"""What it says besides: addresses, and who somebody is."""
_OWN_TEXT = 160  # characters below the shared text that furniture seldom fills
_OWN_WORDS = 80  # characters of a lead, or of a rest, that are more than a name and a date
_NO_WORDS = 20  # characters that are less: the shared text begins, or ends, here
_LONGEST_DATELINE = 60
_NOT_PLACES = re.compile(r"\w\.\w{2}|[^\W\d_]{3,}\. ")  # a host, or somebody's name after the place
_HEAD, _END = 200, 90  # characters in which a dateline, or the sign of a cut, is looked for
_LINE_ENDS = re.compile(r"^[^\n]{0,2}[\W_]{0,4}(?:\n|\Z)")
_DOTS = ("...", "…")
_CUT_OFF = re.compile(
    r"(?:\.\.\.|…|\[\.\.\.\]|\[…\])[\s\"”']*(?:(?:Read|READ|Continue|CONTINUE|More|MORE)[^\n]{0,40})?\s*\Z"
)
_CORRECTED = re.compile(
    r"^[\W_]{0,3}(?:CORRECTION|Correction|CORRECTED|Corrected|An earlier version of this"
    r"|(?:Editor['’]s note:? )?This (?:story|article|post|report) (?:has been|was) (?:corrected|updated|amended)"
    r"|Korrektur|Rectificatif|Corrección|Rettifica)\b[^\n]{0,80}",
    re.MULTILINE,
)
_TEXT = rules.FIELDS.index("text")

CORRECTED = signs.Signs(
    place=signs.Place.WHOLE,
    words=(
        *("\nCORRECTION", "\nCorrection", "\nCORRECTED", "\nCorrected", "An earlier version of this"),
        *(
            " corrected",
            " updated",
            " amended",
            "\nKorrektur",
            "\nRectificatif",
            "\nCorrección",
            "\nRettifica",
        ),
    ),
)
"""Signs of a correction."""

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


Place = tuple[int, int, int, int]
"""The row of the story that something speaks for, that of the page that is quoted, and its characters; -1 twice for
nothing."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    """How the stories of some cases lie around what they share, in characters.

    Parameters
    ----------
    opened : the cases of which it is known what all of their stories share
    starts, ends : (n,) int64, of each story on its page
    leads, rests : (n,) int64, of its own text before the first span, and after the last one
    """

    opened: opening.Opened
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    leads: NDArray[np.int64]
    rests: NDArray[np.int64]

    def lone(self, fits: NDArray[np.bool_]) -> dict[int, int]:
        """Return for each case in which one story alone fits, that story's row."""
        rows = np.flatnonzero(fits)
        case = self.opened.case[rows]
        counts = np.bincount(case, minlength=len(self.opened.cases))
        alone = counts[case] == 1
        return dict(zip(case[alone].tolist(), rows[alone].tolist(), strict=True))

    def others_all(self, fits: NDArray[np.bool_], chosen: dict[int, int]) -> list[int]:
        """Return the chosen rows of cases in which all other stories fit."""
        unfit = np.bincount(self.opened.case, ~fits, len(self.opened.cases))
        return [row for case, row in chosen.items() if unfit[case] == (not fits[row])]


def find(
    dossier: dossiers.Dossier, opened: opening.Opened, corrected: NDArray[np.bool_]
) -> list[rules.Findings]:
    """Return what each of RULES finds.

    Parameters
    ----------
    opened : the cases that no credit tells
    corrected : (n,) bool, whether a story holds signs of a correction
    """
    sizes = np.diff(opened.cases.offsets)
    known = np.bincount(opened.case, opened.firsts >= 0, len(sizes)) == sizes
    shape = _shape(opened.where(known & (sizes <= MOST_STORIES)))
    longer = _longer(shape)
    places = [
        _dropped_datelines(shape, dossier.register.table),
        *(
            [(row, row, -1, -1) for row in rows]
            for rows in (_cut_off(shape, longer), _added_leads(shape), _truncated(shape, longer))
        ),
        _corrected(shape, corrected),
    ]
    return [_columns(found, shape.opened, dossier) for found in places]


def _columns(places: Sequence[Place], opened: opening.Opened, dossier: dossiers.Dossier) -> rules.Findings:
    """Return the findings for the outlets of these stories, with the words quoted."""
    own = dossier.pages.own
    stories = opened.stories
    kept = [place for place in places if own.names[stories[place[0]]] >= 0]
    rows, told, starts, ends = np.array(kept, np.int64).reshape(-1, 4).T
    quotes = np.full(len(rows), -1)
    quoted = np.flatnonzero(starts >= 0)
    for place, (_, story) in zip(quoted.tolist(), opened.read(told[quoted]), strict=True):
        quotes[place] = len(dossier.quotes)
        dossier.quotes.append(story.page_text[starts[place] : ends[place]])
    fields = np.where(starts >= 0, _TEXT, -1)
    return rules.Findings(stories[told], own.names[stories[rows]], fields, starts, ends, quotes)


def _shape(opened: opening.Opened) -> _Shape:
    """Return how the stories lie; where a page is not ASCII, its story is decoded for it."""
    from dedup.attribution import kernels

    stories, numbers = opened.cases.stories, opened.stories
    starts = stories.starts[numbers] - stories.page_starts[numbers]
    ends = stories.ends[numbers] - stories.page_starts[numbers]
    wide = kernels.are_wide(stories.text, stories.page_starts[numbers], stories.ends[numbers])
    for row, story in opened.read(np.flatnonzero(wide)):
        starts[row], ends[row] = story.start, story.end
    return _Shape(opened, starts, ends, opened.firsts - starts, ends - opened.lasts)


def _dropped_datelines(shape: _Shape, table: agencies.Agencies) -> list[Place]:
    """Return the one story of each case that begins with a dateline, where all begin with the shared text."""
    opened = shape.opened
    begins = shape.leads <= _LONGEST_DATELINE
    all_begin = np.bincount(opened.case, ~begins, len(opened.cases)) == 0
    rows = np.flatnonzero(all_begin[opened.case])
    found: dict[int, list[Place]] = {}
    for row, story in opened.read(rows[_have_capitals(opened, rows)]):
        dateline = datelines.find(story.page_text[story.start : story.start + _HEAD], table)
        if dateline is None or dateline.place is None or dateline.agency is not None:
            continue
        if dateline.tag is not None or _NOT_PLACES.search(dateline.place):
            continue
        start, end = story.start + dateline.start, story.start + dateline.end
        if start <= opened.firsts[row] and opened.firsts[row] - end <= _NO_WORDS:
            found.setdefault(int(opened.case[row]), []).append((row, row, start, end))
    return [places[0] for places in found.values() if len(places) == 1]


def _have_capitals(opened: opening.Opened, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether a line in the head of each of these stories begins with three letters none of which is small."""
    stories, numbers = opened.cases.stories, opened.stories[rows]
    places = stories.starts[numbers][:, None] + np.arange(_HEAD)
    heads = stories.text[np.minimum(places, stories.ends[numbers][:, None] - 1)]
    small = ((heads >= ord("a")) & (heads <= ord("z"))) | (heads == ord("\n"))
    opens = np.ones(heads.shape, np.bool_)
    opens[:, 1:] = heads[:, :-1] == ord("\n")
    capitals = opens[:, :-2] & ~small[:, :-2] & ~small[:, 1:-1] & ~small[:, 2:]
    have: NDArray[np.bool_] = capitals.any(axis=1)
    return have


def _added_leads(shape: _Shape) -> list[int]:
    """Return the one story of each case that begins with the shared text, which all others lead up to."""
    return shape.others_all(shape.leads >= _OWN_WORDS, shape.lone(shape.leads <= _NO_WORDS))


def _longer(shape: _Shape) -> dict[int, int]:
    """Return the one story of each case that has text after the shared text, if it has no lead of its own."""
    chosen = shape.lone(shape.rests >= _OWN_WORDS)
    return {case: row for case, row in chosen.items() if shape.leads[row] < _OWN_WORDS}


def _going_on(shape: _Shape, rows: list[int]) -> list[int]:
    """Return those of these stories that go on after the shared text, and not just their pages.

    What goes on is text of the story: paragraphs that are no furniture of the page, and credit nobody.
    """
    found = []
    for row, story in shape.opened.read(np.array(rows, np.int64)):
        n_own = 0
        for line in story.page_text[int(shape.opened.lasts[row]) : story.end].split("\n"):
            n_own += len(line) if line.strip() and not _is_furniture(line) else 0
            if n_own >= _OWN_TEXT:
                found.append(row)
                break
    return found


def _is_furniture(line: str) -> bool:
    lowered = line.lower()
    return any(words in lowered for words in _FURNITURE) or _NOTES.search(line) is not None


def _truncated(shape: _Shape, longer: dict[int, int]) -> list[int]:
    """Return the story of each case that goes on where all others end, at the end of a paragraph of it."""
    chosen = shape.others_all(shape.rests <= _NO_WORDS, longer)
    found = []
    for row, story in shape.opened.read(np.array(chosen, np.int64)):
        last = int(shape.opened.lasts[row])
        if _LINE_ENDS.search(story.page_text[last - 2 : last + _NO_WORDS]):
            found.append(row)
    return _going_on(shape, found)


def _cut_off(shape: _Shape, longer: dict[int, int]) -> list[int]:
    """Return the story of each case that goes on where all others break off."""
    opened = shape.opened
    chosen = np.zeros(len(opened.cases), np.bool_)
    chosen[list(longer)] = True
    breaks = np.zeros(len(opened), np.bool_)
    for row in np.flatnonzero(chosen[opened.case]).tolist():
        end = opened.tail(row, _END).decode(errors="ignore")
        breaks[row] = any(dots in end for dots in _DOTS) and _CUT_OFF.search(end) is not None
    return _going_on(shape, shape.others_all(breaks, longer))


def _corrected(shape: _Shape, corrected: NDArray[np.bool_]) -> list[Place]:
    """Return the one story of each case that says nothing of a correction, where all others do, and what one says."""
    opened = shape.opened
    says = np.zeros(len(opened), np.bool_)
    said: dict[int, tuple[int, int, int]] = {}
    for row, story in opened.read(np.flatnonzero(corrected[opened.stories])):
        found = _CORRECTED.search(story.page_text, story.start, story.end)
        if found is not None:
            says[row] = True
            said.setdefault(int(opened.case[row]), (row, *found.span()))
    lone = shape.lone(~says) if said else {}
    chosen = {case: row for case, row in lone.items() if shape.rests[row] < _OWN_WORDS}
    return [(row, *said[int(opened.case[row])]) for row in shape.others_all(says, chosen)]
