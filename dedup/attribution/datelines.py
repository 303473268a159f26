"""Datelines: the place, the day and the tag that open a news story, and whether they agree with a claimed date."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from importlib import resources
from typing import TYPE_CHECKING

from dedup import dates
from dedup.attribution import letters, signs

if TYPE_CHECKING:
    from dedup.attribution import agencies

_TAG = re.compile(
    r"[(/][ \t]?(?P<tag>[^\W\d_][^()/\n]{0,40}[^\W_][.!]?)"
    r"(?P<desk>/(?:[^()/\s]{1,14}|[A-Z][\w.]{1,12} (?:News|Newsource)))?[ \t]?[)/]"
)
_UPPER = letters.CAPITALS
_DATE = (
    r"(?<!\w)(?:[^\W\d_]{3,10}\.? \d{1,2}(?:,? \d{4})?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? (?:de )?[^\W\d_]{3,10}\.?(?:,? (?:de )?\d{4})?)"
)
_WORD = rf"[{_UPPER}][\w.'’\-]*"
_SMALL = r"of|de|la|le|del|do|da|du|al|and|am|upon|[a-z]\.(?: ?[A-Z]\.)?"
_PLACE = rf"{_WORD}(?:[ /](?:{_WORD}|{_SMALL}|[(\[]{_WORD}(?: {_WORD})*[)\]]))*"
_GAP = r"[ \t\xa0]{0,3}"
_PREFIX = re.compile(
    rf"[ \t]{{0,6}}[\W_]{{0,3}}(?:(?P<place>{_PLACE}(?:, {_PLACE}){{0,2}}))?"
    rf"(?:[,.]{{0,2}}{_GAP}(?:[-–—] )?(?P<date>{_DATE}))?"
    rf"[.,:]{{0,2}}{_GAP}(?:-{{1,2}}|[–—])?{_GAP}"
)
_DASH = re.compile(rf"{_GAP}(?:-{{1,2}}|[–—:=?._])")
_STATION = re.compile(r"(?P<sign>[KW][A-Z]{3})(?:[ -](?:TV|FM|AM|DT)|[ -]?\d{1,2})?")
OUTLET_INITIALS = frozenset(("CNN", "CNA", "CNBC", "NBC", "CBS", "BBC", "CBC", "NPR", "RNZ"))
"""Initials that mean an outlet wherever they stand alone."""
_LEAST_OUTLET = 5  # letters of the name of an outlet that is no initials of anything else
_WHEN = re.compile(r" [-–—] (?=[A-Z])")
_TEXT = re.compile(rf"[ \t\xa0]+[\"“'‘«]?[{_UPPER}]")
_AFTER_TAG = re.compile(rf" ?[-–—] (?P<place>{_PLACE}), (?P<date>{_DATE}) ?[-–—]")
_UNTAGGED = re.compile(
    rf"^(?P<place>[{_UPPER}]{{3}}[{_UPPER} .'’\-]{{0,28}}(?:, [{_UPPER}][\w. ]{{1,20}})?)(?:, (?P<date>{_DATE}))?"
    r"[ \t](?:-{1,2}|[–—])[ \t]",
    re.MULTILINE,
)
_INITIAL = re.compile(rf"(?<![{_UPPER}])[{_UPPER}]")
_BYLINE_BEFORE = re.compile(rf"[ \t]*By[ \t]+[^\n(]{{3,70}}?[ \t](?=[{_UPPER}]{{3}})")
_LONGEST_PREFIX = 90  # characters from the start of the line to the tag
_NO_PLACES = frozenset(("Photo", "Photos", "File", "Image", "Picture", "Credit", "Source", "Video", "By"))
_REPORTED = re.compile(
    r"\b(?:said|says|told|(?!expected|scheduled|planned|slated|supposed)[a-z]{2,}ed)\b"
    r"(?:(?!\b(?:to|will|would|until|since|before|by|last|next|every|the|a|this|Black|Good|Super|Ash|Cyber|Holy|Easter|Palm|"
    r"Giving|Bloody|Fat|Shrove)\b)[^.]){0,40}?\s"
    r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
    r"(?!['’]s| (?:[A-Z]|sales|editions?|shopping|deals|games?|specials?)\b)"
    r"|\bon (?P<then>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) "
    r"(?:said|told|(?!expected|scheduled|planned|slated|supposed|based|needed|called)[a-z]{2,}ed)\b"
)
_REPORTED_ELSEWHERE = re.compile(
    r"\b(?:sagte|teilte|erklärte|kündigte|gab|hat|haben|wurde|wurden|am|a|ont|est|été|déclaré|annoncé|dit|dijo|anunció|"
    r"afirmó|informó|este|el|ha|hanno|detto|annunciato|disse|anunciou|afirmou|nesta|na|zei|heeft|op|sade|sa|sagde)\b"
    r"[^.\n]{0,60}?\b(?P<weekday>Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|lundi|mardi|mercredi|"
    r"jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|"
    r"venerdì|sabato|domenica|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|maandag|dinsdag|woensdag|"
    r"donderdag|vrijdag|zaterdag|zondag|måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mandag|tirsdag|lørdag|søndag)\b"
)
_WEEKDAY_REACH = 400  # characters after the dateline in which the first weekday is looked for
_DAYS_IN_WEEK, _DAYS_BACK, _DAYS_AHEAD = 7, 3, 1  # what a story reports lies this near its dateline's day
_DAYS_OVER_YEAR = 60  # by which a claimed date may follow a dateline of the year before
_YEARS_BACK, _YEARS_AHEAD = 10, 5
_NATIVE_TAG = re.compile(r"\(\?P<tag>([^)]+)\)")


def tags(agency: agencies.Agency) -> tuple[str, ...]:
    """Return what stands in a text where a dateline names this agency.

    >>> from dedup.attribution import agencies
    >>> "(Reuters" in tags(agencies.load().named("Reuters"))
    True
    """
    bracketed = [
        f"{bracket}{gap}{tag}" for bracket in "(/" for gap in ("", " ", "\t") for tag in agency.datelines
    ]
    native = [
        tag.replace("\\", "")
        for form in agency.native
        for tags_ in _NATIVE_TAG.findall(form)
        for tag in tags_.split("|")
    ]
    return (*bracketed, *native)


TAGGED = signs.Signs(place=signs.Place.HEAD, forms=tags, whole_words=True)
"""A dateline's tag of an agency."""
SIGNS = (TAGGED, signs.OPENING)
"""Signs of which every story with a dateline that says something holds one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline; the offsets are characters of the text that was parsed.

    `tag` is what stands in the brackets, with its agency if it is one's; None both for a dateline without a tag.
    """

    start: int
    end: int
    place: str | None
    date: str | None
    tag: str | None
    agency: agencies.Agency | None


def find(head: str, table: agencies.Agencies) -> Dateline | None:
    r"""Return the dateline in the beginning of a story, None if there is none.

    A dateline begins its line. One whose tag is an agency's is preferred to others; one whose tag is nobody's must
    have its place in capitals.

    >>> from dedup.attribution import agencies
    >>> found = find("A headline\nRIYADH, Feb 18 (Reuters) – The administration", agencies.load())
    >>> found.place, found.date, found.agency.name
    ('RIYADH', 'Feb 18', 'Reuters')
    >>> find("Australian Federal Police (AFP) - The body", agencies.load()) is None
    True
    """
    others: list[Dateline] = []
    for found in _TAG.finditer(head):
        dateline = _tagged(head, found, table)
        if dateline is not None and dateline.agency is not None:
            return dateline
        if dateline is not None:
            others.append(dateline)
    for mention in table.native_datelines(head):
        start = head.rfind("\n", 0, mention.start) + 1
        tag = head[mention.start : mention.end]
        return Dateline(start, mention.end, None, None, tag, mention.agency)
    return others[0] if others else _untagged(head)


def _tagged(head: str, found: re.Match[str], table: agencies.Agencies) -> Dateline | None:
    start = head.rfind("\n", 0, found.start()) + 1
    byline = _BYLINE_BEFORE.match(head, start, found.start())
    start = byline.end() if byline else start
    if found.start() - start > _LONGEST_PREFIX:
        return None
    prefix = _PREFIX.fullmatch(head, start, found.start())
    tag = _WHEN.split(found["tag"].strip())[0]
    if prefix is None or prefix["place"] in _NO_PLACES or _abbreviates(tag, prefix["place"]):
        return None
    desk = found["desk"]
    agency = (table.tagged(tag + desk) if desk else None) or table.tagged(tag, prefix["place"])
    place = prefix["place"]
    may_open = place.split(",")[0].isupper() if place is not None else prefix["date"] is None
    known = agency is not None or (may_open and is_outlet(tag, table))
    if not _opens_text(head, found, prefix, known=known):
        return None
    after = _AFTER_TAG.match(head, found.end()) if prefix["place"] is None else None
    said = after or prefix
    return Dateline(start, found.end(), said["place"], said["date"], tag, agency)


@functools.cache
def _stations() -> frozenset[str]:
    source = resources.files("dedup.attribution").joinpath("stations.txt")
    return frozenset(source.read_text(encoding="ascii").split())


def is_station(tag: str) -> bool:
    """Return whether a tag is the call sign of a station of the United States that has news.

    >>> is_station("KTLA"), is_station("WABC-TV"), is_station("WNBA"), is_station("KPMG")
    (True, True, False, False)
    """
    found = _STATION.fullmatch(tag)
    return found is not None and found["sign"] in _stations()


def is_outlet(tag: str, table: agencies.Agencies) -> bool:
    """Return whether a tag is an outlet's that the table knows, or a station's, and no initials of others."""
    may_be = len(tag) >= _LEAST_OUTLET or tag in OUTLET_INITIALS
    return is_station(tag) or (may_be and table.outlet(tag) is not None)


def _opens_text(head: str, found: re.Match[str], prefix: re.Match[str], *, known: bool) -> bool:
    """Return whether what stands around a tag makes it a dateline's."""
    place, end = prefix["place"], found.end()
    in_capitals = place is not None and place.split(",")[0].isupper()
    dashed = _DASH.match(head, end) is not None or prefix[0].rstrip().endswith(("--", "—", "–"))
    followed = _TEXT.match(head, end) is not None
    if not known:
        opens = place is None and not prefix[0].strip()
        return (dashed and in_capitals) or (opens and (followed or (dashed and " " in found["tag"])))
    return dashed or (followed and (prefix["date"] is not None or in_capitals))


def _abbreviates(tag: str, place: str | None) -> bool:
    """Return whether the tag is the initials of the words before it: "Channel NewsAsia (CNA)"."""
    if place is None or not tag.isupper():
        return False
    initials = "".join(_INITIAL.findall(place))
    return len(tag) > 1 and initials.endswith(tag)


def _untagged(head: str) -> Dateline | None:
    found = _UNTAGGED.search(head)
    if found is None:
        return None
    return Dateline(found.start(), found.end(), found["place"], found["date"], None, None)


def inconsistency(dateline: Dateline, text: str, claimed: dates.Claimed) -> str | None:
    """Return the sentence that a claimed date and a dateline cannot both be right; None where they can.

    What a story reports first happened at most three days before its dateline, or a day after. Where the claimed year
    puts the weekday that the story names farther away, the year is wrong. A dateline that names its year must not lie
    after the claimed date.

    Parameters
    ----------
    dateline : a dateline of `text`
    text : the story
    claimed : the date that the record or the page claims

    >>> from dedup.attribution import agencies
    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said on Tuesday it had agreed."
    >>> print(inconsistency(find(text, agencies.load()), text, dates.parse("2023-02-19")))
    claimed 2023-02-19 is inconsistent with the dateline "Feb 18" of a Tuesday (2014, 2020, 2025)
    """
    day = dates.month_day(dateline.date) if dateline.date else None
    if day is None:
        return None
    if day.year is not None:
        written = datetime.date(day.year, day.month, day.day)
        late = written > (claimed.end + datetime.timedelta(days=1)).date()
        return f'claimed {claimed.iso} is before the dateline "{dateline.date}"' if late else None
    reported = _REPORTED.search(text, dateline.end, dateline.end + _WEEKDAY_REACH)
    reported = reported or _REPORTED_ELSEWHERE.search(text, dateline.end, dateline.end + _WEEKDAY_REACH)
    name = (reported.groupdict().get("then") or reported["weekday"]) if reported else ""
    weekday = dates.weekday_number(name)
    weekday = dates.weekday_elsewhere(name) if weekday is None else weekday
    if reported is None or weekday is None or _possible(day, weekday, claimed):
        return None
    years = dates.years(
        day.month, day.day, weekday, claimed.start.year - _YEARS_BACK, claimed.start.year + _YEARS_AHEAD
    )
    shown = ", ".join(map(str, years))
    return f'claimed {claimed.iso} is inconsistent with the dateline "{dateline.date}" of a {name} ({shown})'


def _possible(day: dates.MonthDay, weekday: int, claimed: dates.Claimed) -> bool:
    """Return whether a day was near this weekday in the claimed year, or in the one before if that ended lately."""
    for year in (claimed.start.year, claimed.start.year - 1):
        try:
            written = datetime.date(year, day.month, day.day)
        except ValueError:
            continue
        is_late = year < claimed.start.year and (claimed.start.date() - written).days > _DAYS_OVER_YEAR
        days_ago = (written.weekday() - weekday) % _DAYS_IN_WEEK
        if not is_late and (days_ago <= _DAYS_BACK or days_ago >= _DAYS_IN_WEEK - _DAYS_AHEAD):
            return True
    return False
