"""Rules on other outlets that bylines name, beside somebody or alone: `Jane Doe, The Sacramento Bee`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import bylines, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_NEWS_WORDS = (
    *(
        "News",
        "Herald",
        "Times",
        "Tribune",
        "Gazette",
        "Chronicle",
        "Courier",
        "Sentinel",
        "Newspapers",
        "Newsroom",
    ),
    *(
        "Observer",
        "Inquirer",
        "Enquirer",
        "Examiner",
        "Dispatch",
        "Bulletin",
        "Telegraph",
        "Telegram",
        "Messenger",
    ),
    *("Beacon", "Register", "Journal", "Weekly", "Reporter"),
)
_AFTER_THE = (
    *(
        "Post",
        "Ledger",
        "Star",
        "Sun",
        "Record",
        "Press",
        "Network",
        "Today",
        "Review",
        "Report",
        "Wire",
        "Voice",
    ),
    *(
        "Globe",
        "Mail",
        "Standard",
        "Express",
        "Advocate",
        "Democrat",
        "Republic",
        "Republican",
        "Advertiser",
        "Argus",
    ),
    *(
        "Echo",
        "Mercury",
        "Banner",
        "Enterprise",
        "Leader",
        "Independent",
        "Monitor",
        "Mirror",
        "Reader",
        "Magazine",
    ),
    *("Daily", "World"),
)
"""Words that end the names of outlets: alone, and where "The" stands before the name."""
_ROLES = frozenset(
    (
        *(
            "Editor",
            "Writer",
            "Reporter",
            "Staff",
            "Correspondent",
            "Producer",
            "Secretary",
            "Director",
            "Press",
        ),
        *("Columnist", "Contributor", "Special", "Guest", "Sports", "Digital", "Breaking", "Local", "Senior"),
        *(
            "Chief",
            "Associate",
            "Managing",
            "Freelance",
            "Independent",
            "Editorial",
            "Daily",
            "Weekly",
            "General",
        ),
        *(
            "Wire",
            "Wires",
            "Web",
            "Photo",
            "Updated",
            "City",
            "State",
            "World",
            "Business",
            "Breaking",
            "National",
        ),
    )
)
"""Words that begin what is somebody's role, and no outlet."""
_OUTLETS = signs.Signs(place=signs.Place.BYLINE, outlets=True, words=(*_NEWS_WORDS, *_AFTER_THE))
_OUTLETS_AT_HEAD = signs.Signs(
    place=signs.Place.HEAD, outlets=True, words=(*_NEWS_WORDS, *_AFTER_THE), whole_words=True
)
_BYLINES = signs.Signs(place=signs.Place.HEAD, words=("\nBy ", "\nBY ", "\nby "))
_LONGEST_INITIALS = 4  # of an outlet, that may be a degree beside somebody's name: "Jane Doe, CNA"
_SEPARATED = re.compile(r"\s*[,;|•·(/]\s*|\s[-–—]\s|\svia\s")
_STATE = re.compile(r"[A-Z][a-z]{1,4}\.|[A-Z]\.[A-Z]\.")  # `Tulsa World, Okla.`
_CAPITALS_THEN = re.compile(
    r"(?:[A-Z][A-Z'’.-]+ ){2,4}(?=[A-Z][a-z])"
)  # `PETER HANCOCK Capitol News Illinois`
_SYNDICATE = re.compile(r"\s*\((?:TNS|MCT|TCA)\)")


def _outlet_of_record(view: views.View) -> Iterator[rules.Finding]:
    byline = view.story.byline
    if byline:
        for name in _outlets(byline, view):
            yield rules.Finding(name, "byline", 0, len(byline))


def _outlet(view: views.View) -> Iterator[rules.Finding]:
    for found in bylines.lines(view):
        for name in _outlets(found["who"], view):
            yield view.quote_head(name, found)
    for found in bylines.THEN.finditer(view.head):
        for name in _outlets(f"{found['who']}, {found['name']}", view, tabled=True):
            yield view.quote_head(name, found)


def _outlets(byline: str, view: views.View, *, tabled: bool = False) -> Iterator[str]:
    """Yield the outlet that stands last in a byline, if it is not the page's own.

    It is one that the table knows, or a name that ends as those of outlets do.

    Parameters
    ----------
    tabled : only the former
    """
    others = bylines.OTHERS_WORK.search(byline)
    byline = _SYNDICATE.sub("", byline[: others.start()] if others else byline).removeprefix("By ")
    capitals = _CAPITALS_THEN.match(byline)
    parts = [part for part in _SEPARATED.split(byline) if part.strip() and not _STATE.fullmatch(part.strip())]
    if len(parts) == 1 and capitals:
        parts = [capitals[0], byline[capitals.end() :]]
    last = parts[-1].strip(" .)") if parts else ""
    last = _tabled_end(last, view) if len(parts) == 1 else last
    before = bylines.FOR.match(last)
    last = last[before.end() :] if before else last
    if not last or names.host(last) is not None or view.table.named(last) is not None:
        return
    found = view.table.outlet(last)
    is_initials = last.isupper() and len(last) <= _LONGEST_INITIALS and len(parts) > 1
    if found is not None:
        if not is_initials and not view.is_own(found.name):
            yield found.name
    elif not tabled and len(parts) > 1 and _is_outlet(last) and not _is_part_of_own(last, view):
        yield last


def _tabled_end(byline: str, view: views.View) -> str:
    """Return the name of several words, of an outlet that the table knows, that ends a byline, or all of it."""
    words = byline.split()
    ends = (" ".join(words[-n_words:]) for n_words in range(min(len(words) - 2, bylines.MOST_WORDS), 1, -1))
    return next((end for end in ends if view.table.outlet(end) is not None), byline)


def _is_outlet(name: str) -> bool:
    """Return whether a name that nobody knows is built as those of outlets are: `The Gulfside Herald`."""
    bare = name.removeprefix("The ")
    words = bare.split()
    in_capitals = all(word[0].isupper() or word in {"of", "the", "&"} for word in words)
    ends = words and words[-1] in (_NEWS_WORDS if bare == name else (*_NEWS_WORDS, *_AFTER_THE))
    return bool(
        ends and in_capitals and 1 < len(words) <= bylines.MOST_WORDS and not _ROLES.intersection(words[:-1])
    )


def _is_part_of_own(name: str, view: views.View) -> bool:
    """Return whether a name may be another one of the page's own outlet: `The Gazette` of `Cedar Rapids Gazette`."""
    key = names.key(name)
    return any(key in own or own in key for own in view.own)


RULES = (
    rules.Rule(
        name="outlet_byline",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="another outlet as the last part of a byline at the head: `By Jane Doe, The Sacramento Bee`",
        signs=(_BYLINES, _OUTLETS_AT_HEAD),
        find=_outlet,
    ),
    rules.Rule(
        name="record_outlet",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="another outlet as the last part of the record's author: `Jane Doe, The Sacramento Bee`",
        signs=(_OUTLETS,),
        find=_outlet_of_record,
    ),
)
