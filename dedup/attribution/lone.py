"""A quick test for stories that nothing else matches: whether the story says itself that it is somebody else's."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, clues, registry, rules, views

if TYPE_CHECKING:
    from dedup import records

HEAD, TAIL = 400, 300  # characters; nearly all credits stand there, and the test must cost next to nothing
_SIGNS_ITS_EDITORS = "Reuters"  # `Reporting by ...; Editing by ...`
_NATIVE_TAG = re.compile(r"\(\?P<tag>([^)]+)\)")
_RULES = tuple(rule for rule in registry.STORY_RULES if rule.says in {rules.ORIGIN, rules.IMMEDIATE_SOURCE})


def credits_elsewhere(story: records.Story, table: agencies.Agencies) -> bool:
    """Return whether a story says itself that it was taken from somebody other than the outlet of its record.

    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said it had agreed."
    >>> from dedup import records
    >>> credits_elsewhere(records.Story("a", text, 0, len(text), outlet="Reuters"), agencies.load())
    False
    >>> credits_elsewhere(records.Story("a", text, 0, len(text), outlet="Daily Digest"), agencies.load())
    True
    """
    text = story.text
    head, tail = (text, "") if len(text) <= HEAD + TAIL else (text[:HEAD], text[-TAIL:])
    if not may_credit(head, tail, story.outlet, story.byline, table):
        return False
    view = views.single(story, table)
    return any(clue.candidate not in view.own for clue in clues.of_stories((view,), _RULES))


def may_credit(
    head: str, tail: str, outlet: str | None, byline: str | None, table: agencies.Agencies
) -> bool:
    """Return False if the ends of a story credit nobody else; else the rules must decide.

    The marks of the agency that the record names as its outlet are not looked for.

    Parameters
    ----------
    head, tail : the first HEAD and the last TAIL characters of the story

    >>> may_credit("RIYADH, Feb 18 (Reuters) - It said.", "", "Reuters", None, agencies.load())
    False
    """
    own = table.named(outlet) if outlet else None
    return _trigger(table, own).search(f"{head}\n{tail}") is not None or _names_agency(byline, own, table)


def _names_agency(byline: str | None, own: agencies.Agency | None, table: agencies.Agencies) -> bool:
    return byline is not None and any(mention.agency is not own for mention in table.credited(byline))


@functools.cache
def _trigger(table: agencies.Agencies, own: agencies.Agency | None) -> re.Pattern[str]:
    """Return one pattern that matches wherever a rule could find a credit of somebody other than `own`.

    Each branch begins with one letter, so that the search skips all other letters at once.
    """
    others = [row for row in table.rows if row is not own]
    own_tags = agencies.alternation(own.datelines) if own and own.datelines else "(?!)"
    tags = agencies.alternation(tag for row in others for tag in row.datelines)
    forms = agencies.alternation(form for row in others for form in (row.name, *row.bylines, *row.aliases))
    published = "(?:published|appeared|posted|printed|republished|reprinted)"
    branches = [
        ("(/", rf"\s?(?:{tags})(?:/\S{{1,14}}?)?\s?[)/]"),
        ("(", rf"(?!(?:{own_tags})\))[A-Z][^()\n]{{1,28}}\) ?[-–—]"),
        ("|", " Published "),
        ("S", "OURCE: "),
        ("T", "he post |his report by The Canadian|his [a-z-]{4,10} (?:[a-z]+ ){0,3}" + published),
        ("R", "e(?:published|printed|posted) |EAD (?:THE )?FULL |ead (?:the )?(?:full|original|rest) "),
        ("OF", "(?:riginally|irst) " + published),
        ("A", r"ssociated Press|P (?:[A-Z][a-z]+ ){0,2}(?:W|C|R)"),
        ("BVP", rf"(?:y|Y|on|ar|or) [^\n]{{0,100}}?(?:{forms})"),
        ("©", rf"[^\n]{{0,60}}?(?:{forms})"),
        ("C(", rf"(?:opyright|[cC]\))[^\n]{{0,60}}?(?:{forms})"),
        ("-–—/", rf"\s?(?:{forms})/?\s*\Z"),
    ]
    if own is None or own.name != _SIGNS_ITS_EDITORS:
        branches += [("RA", "(?:dditional r)?eporting (?:and writing )?by "), ("R", "euters Staff")]
    tags_of_natives = [tag for row in others for form in row.native for tag in _NATIVE_TAG.findall(form)]
    branches.extend((tag[0], re.escape(tag[1:])) for tag in tags_of_natives)
    by_letter: dict[str, list[str]] = {}
    for letters, pattern in branches:
        for letter in letters:
            by_letter.setdefault(letter, []).append(pattern)
    joined = [f"{re.escape(letter)}(?:{'|'.join(patterns)})" for letter, patterns in by_letter.items()]
    return re.compile("|".join(joined))
