"""Quotations: which words of a text are somebody's, and whose the text says that they are.

A passage that several outlets print may be a statement, a speech or a post: then its origin is who made it, not who
printed it. Here one text is read around one passage; `statements` compares what several texts say.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_QUOTED = 0.6
"""Share of a passage that must stand in quotation marks."""
_BEFORE, _AFTER = 900, 500  # characters around a passage that are read
_LONGEST_NAME = 6  # words of a name
_MOST_GAPS = 3  # quotations before the passage whose speaker may go on

_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Rev|Prof|St|Jr|Sr|[A-Z]|U\.S|U\.K)\."
    r"|(?![RDI]-[A-Z])[^\W\d_a-zß-öø-ÿ][\w&’'-]*)"
)
_JOINED = r"(?:of|the|for|de|la|le|du|del|der|den|van|von|bin|al|ibn|y|e|und)"
_NAME = rf"(?:[Tt]he )?{_WORD}(?:,? (?:{_JOINED} (?:the )?)?{_WORD}){{0,6}}"
_PEOPLE = rf"{_NAME}(?:(?:, {_NAME}){{0,4}},? (?:and|et|und|y) {_NAME})?"
_GENERIC = (
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Tt]he pair|[Tt]he (?:\w+ )?(?:statement|letter|president|prime minister|senator|"
    r"congressman|congresswoman|company|airline|firm|group|agency|spokesman|spokeswoman|spokesperson|actor|actress|singer|"
    r"comedian|star|author|model|boss|manager|coach|player|chancellor|minister|governor|mayor|candidate|nominee|official|"
    r"police|department|ministry|university|club|league|lawmakers|senators|chairmen|chairs|committee))"
)
_WITH_NOUN = rf"(?:{_NAME} (?:police|officials|spokesman|spokeswoman|spokesperson|executives))"
_SPEAKER = rf"(?P<who>{_WITH_NOUN}|{_GENERIC}|{_PEOPLE})"
_VERBS = (
    "said|says|told|tells|wrote|writes|tweeted|tweets|posted|added|adds|asked|asks|insisted|insists|remarked|joked|joked|"
    "explained|explains|noted|notes|stated|states|declared|announced|claimed|claims|argued|argues|warned|warns|continued|"
    "concluded|replied|responded|testified|recalled|acknowledged|admitted|shared|quipped|confirmed|suggested|urged|vowed|"
    "clarified|predicted|complained|boasted|lamented|promised|commented|observed|exclaimed|reiterated|maintained|contended|opined|"
    "read|reads|sagte|sagt|erklärte|betonte|schrieb|teilte|twitterte|meinte|déclaré|dit|affirmé|expliqué|écrit|ajouté|"
    "estimé|indiqué|souligné|dijo|afirmó|declaró|aseguró|explicó|señaló|añadió|escribió|tuiteó|detto|dichiarato|affermato|"
    "spiegato|scritto|aggiunto|disse|afirmou|declarou|explicou|escreveu|zei|verklaarde|schreef|sa|sade|sagde|uttalte"
)
_VERB = rf"(?:(?:a|ha|has|had|have|également|later|also|then) )?(?:{_VERBS})\b"
_ASIDE = r"(?:,? (?:\([^()\n]{1,30}\)|[RDI]-[A-Z][\w.]+))?(?:, [^.“”\"\n]{2,90}?,| who [^.,“”\"\n]{2,60}?)?,?"
_SAID = (
    re.compile(rf"^[\s,.;—–-]{{0,4}}{_SPEAKER}{_ASIDE} (?P<verb>{_VERB})"),
    re.compile(rf"^[\s,.;—–-]{{0,4}}(?P<verb>{_VERB}) {_SPEAKER}"),
)
_LEADS = re.compile(
    rf"(?:^|[.!?”\"\n…] |\n|^[\s,]*|, |\b(?:as|when|where|and|but|while) ){_SPEAKER}{_ASIDE} "
    rf"(?P<verb>{_VERB}|issued a statement|released a(?: joint)? statement|in a statement|took to Twitter)"
)
_SPEAKING = (
    re.compile(rf"(?P<who>{_PEOPLE})(?:, [^.,\n“”\"]{{3,60}},)? (?:{_VERB}|issued a)"),
    re.compile(rf"\b{_VERB} (?P<who>{_PEOPLE})"),
)
_LABEL = re.compile(rf"(?:^|\n|[.!?”\"’)] )(?:— )?(?P<who>{_PEOPLE}):\s*[“\"„«‘']?\s*$")
_SIGNED = re.compile(
    r"[^\n]{0,400}?\s*[—–-]{1,2} ?(?P<who>[^\n@()—]{2,50}?) ?\((?P<handle>@\w{2,20})\)[ \xa0]+[A-Z][a-z]{2,8}\.? \d{1,2}"
)
_TITLES = frozenset(
    [
        "president",
        "minister",
        "premier",
        "chancellor",
        "secretary",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "sen",
        "sens",
        "senator",
        "senators",
        "rep",
        "reps",
        "representative",
        "representatives",
        "gov",
        "governor",
        "mayor",
        "judge",
        "justice",
        "general",
        "gen",
        "lt",
        "col",
        "colonel",
        "capt",
        "captain",
        "sgt",
        "sergeant",
        "maj",
        "major",
        "chief",
        "sheriff",
        "officer",
        "detective",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "chairman",
        "chairwoman",
        "chair",
        "director",
        "ceo",
        "cfo",
        "founder",
        "co-founder",
        "leader",
        "speaker",
        "whip",
        "staff",
        "queen",
        "king",
        "prince",
        "princess",
        "pope",
        "archbishop",
        "bishop",
        "cardinal",
        "rev",
        "reverend",
        "professor",
        "prof",
        "coach",
        "manager",
        "boss",
        "commander",
        "analyst",
        "host",
        "actor",
        "actress",
        "singer",
        "comedian",
        "comic",
        "model",
        "author",
        "deputy",
        "executive",
        "lady",
        "herr",
        "frau",
        "mme",
        "monsieur",
        "señor",
        "señora",
        "congressman",
        "congresswoman",
        "attorney",
        "lawyer",
        "adviser",
        "advisor",
        "strategist",
        "candidate",
        "nominee",
        "striker",
        "midfielder",
        "goalkeeper",
        "captain",
    ]
)
"""What may stand before somebody's name; the name begins after the last one."""
_BEFORE_TITLES = frozenset(
    [
        "former",
        "vice",
        "then-president",
        "ex-president",
        "first",
        "the",
        "prime",
        "u.s",
        "us",
        "uk",
        "british",
        "american",
        "french",
        "german",
        "russian",
        "chinese",
        "japanese",
        "israeli",
        "canadian",
        "australian",
        "italian",
        "spanish",
        "indian",
        "republican",
        "democratic",
        "gop",
        "conservative",
        "billionaire",
        "house",
        "senate",
        "white",
        "foreign",
        "defense",
        "defence",
        "interior",
        "home",
        "state",
        "staff",
        "comedienne",
    ]
)
_NOT_NAMES = frozenset(
    [
        "The",
        "A",
        "An",
        "During",
        "In",
        "On",
        "At",
        "But",
        "And",
        "When",
        "While",
        "As",
        "If",
        "It",
        "He",
        "She",
        "They",
        "We",
        "You",
        "I",
        "This",
        "That",
        "These",
        "Those",
        "After",
        "Before",
        "For",
        "From",
        "With",
        "By",
        "Of",
        "To",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Twitter",
        "Facebook",
        "Instagram",
        "However",
        "Meanwhile",
        "Also",
        "Later",
        "Then",
        "Now",
        "Today",
        "Yesterday",
        "Advertisement",
        "Photo",
        "Image",
        "Story",
        "Read",
        "More",
        "Related",
        "Continued",
        "Source",
        "Video",
        "Watch",
        "Asked",
        "There",
        "Here",
        "What",
        "Who",
        "Why",
        "How",
        "Not",
        "Despite",
        "Although",
        "Though",
        "Since",
        "Because",
        "Under",
        "Over",
        "Until",
        "Still",
        "Even",
        "Just",
        "Only",
        "Last",
        "Next",
        "Like",
        "Both",
        "Each",
        "Every",
        "Such",
        "No",
        "Yes",
        "Some",
        "Many",
        "Most",
        "All",
        "Other",
        "Another",
        "One",
        "Two",
        "Three",
        "Speaking",
        "According",
        "Democrats",
        "Republicans",
        "Authorities",
        "Police",
        "Officials",
        "Critics",
        "Experts",
        "Sources",
        "Aides",
        "Lawmakers",
        "Researchers",
        "Scientists",
    ]
)
_PRONOUNS = frozenset(["he", "she", "they", "him", "her", "them"])
_HOLD_OFFICE = frozenset(["president", "minister", "senator", "governor", "mayor", "chancellor"])
_PEOPLE_NOUNS = frozenset(
    [
        "pair",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "actor",
        "actress",
        "singer",
        "comedian",
        "star",
        "author",
        "model",
        "boss",
        "manager",
        "coach",
        "player",
        "candidate",
        "nominee",
        "official",
        "congressman",
        "congresswoman",
        "lawmakers",
        "senators",
    ]
)
UNKNOWN = ""
"""Stands for a speaker whom a text means and does not name near the quotation."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """Whose words a text says that a passage is: the name as it stands there, and what says so.

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


@dataclasses.dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int


def read(text: str, start: int, end: int) -> Quotation:
    """Return how far the characters from start to end are a quotation, and whose.

    >>> text = 'The plan failed. "We will try again before the summer," Mayor Jane Doe said in a statement.'
    >>> found = read(text, 18, 53)
    >>> found.share, found.said.name
    (1.0, 'Jane Doe')
    """
    first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    best = _Reading(text, first, last, start, end, [])
    for segments in (_double(text, first, last), _single(text, first, last)):
        reading = _Reading(text, first, last, start, end, segments)
        if reading.share() > best.share():
            best = reading
        if best.share() >= LEAST_QUOTED:
            break
    signed = _signature(text, start, end)
    if signed is not None:
        return Quotation(1.0, signed)
    said = best.speaker()
    return Quotation(best.share(), said if said is not None and said.name != UNKNOWN else None)


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
        held = sum(
            max(0, min(segment.end, self.end) - max(segment.start, self.start)) for segment in self.segments
        )
        between = self._between()
        return min(1.0, held / max(1, self.end - self.start - between))

    def _between(self) -> int:
        """Return the characters of the passage that stand between two quotations of it, at most a third of it."""
        overlapping = self._overlapping()
        gaps = sum(
            after.start - before.end
            for before, after in zip(overlapping[:-1], overlapping[1:], strict=True)
            if after.start - before.end < _AFTER
        )
        return min(gaps, (self.end - self.start) // 3)

    def _overlapping(self) -> list[_Segment]:
        return [segment for segment in self.segments if segment.start < self.end and self.start < segment.end]

    def speaker(self) -> Said | None:
        """Return who is said to speak: between the quotations, after them, before them, or in one before."""
        label = self._label(self.start)
        overlapping = self._overlapping()
        if not overlapping:
            return label
        places = [self.segments.index(segment) for segment in overlapping]
        for place in (*places[:-1], places[-1]):
            said = self._after(place)
            if said is not None:
                return said
        said = self._before(places[0]) or self._label(overlapping[0].start)
        if said is not None:
            return said
        for place in range(places[0] - 1, max(-1, places[0] - 1 - _MOST_GAPS), -1):
            said = self._after(place) or self._before(place)
            if said is not None:
                return said
        for place in range(places[-1] + 1, min(len(self.segments), places[-1] + 2)):
            between = self.text[self.segments[place - 1].end : self.segments[place].start]
            if len(between.strip(" \n“”\"'’‘.,")) == 0:
                return self._after(place)
        return None

    def _after(self, place: int) -> Said | None:
        begin = self.segments[place].end
        stop = self.segments[place + 1].start if place + 1 < len(self.segments) else self.last
        gap = self.text[begin:stop].lstrip("”\"'’»“")
        begin = stop - len(gap)
        gap = gap.partition("\n")[0]
        for pattern in _SAID:
            found = pattern.match(gap)
            if found is not None:
                said = self._said(found, begin)
                if said is not None:
                    return said
        return None

    def _before(self, place: int) -> Said | None:
        stop = self.segments[place].start
        begin = self.segments[place - 1].end if place else self.first
        gap = self.text[begin:stop].rstrip("“\"„«‘' \n")
        sentence = max(gap.rfind(". "), gap.rfind("? "), gap.rfind("\n"), gap.rfind("! "))
        while sentence > 0 and re.search(
            r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Reps|Sens|St|U\.S|[A-Z])$", gap[:sentence]
        ):
            sentence = max(gap.rfind(mark, 0, sentence) for mark in (". ", "? ", "\n", "! "))
        lead = gap[sentence + 1 :] if sentence >= 0 else gap
        found = None
        for found in _LEADS.finditer(lead):
            pass
        if found is None:
            return None
        return self._said(found, begin + len(gap) - len(lead))

    def _label(self, at: int) -> Said | None:
        begin = max(self.first, at - 120)
        found = _LABEL.search(self.text[begin:at])
        return self._said(found, begin) if found is not None else None

    def _said(self, found: re.Match[str], begin: int) -> Said | None:
        name = resolve(found["who"], self.text, begin + found.start("who"))
        if name is None:
            return None
        quote = found[0]
        lead = len(quote) - len(quote.lstrip(' \n\t,.;—–-”"’)!?…'))
        return Said(name, begin + found.start() + lead, begin + found.end())


def _signature(text: str, start: int, end: int) -> Said | None:
    """Return who signed the post that a passage belongs to: `— NAME (@handle) February 18, 2025` ends its paragraph."""
    found = _SIGNED.match(text, end, end + _AFTER)
    if (
        found is None
        or "”" in text[end : found.start("who")][3:]
        or '" ' in text[end : found.start("who")][3:]
    ):
        return None
    who = found["who"].strip()
    name = resolve(who.title() if who.islower() else who, text, found.start("who"))
    if name and who.islower():
        name = _full(name.split()[-1], text) or name
    return Said(name, found.start("who"), found.end(), signed=True) if name else None


def _double(text: str, first: int, last: int) -> list[_Segment]:
    return list(_segments(text, first, last, _DOUBLE))


def _single(text: str, first: int, last: int) -> list[_Segment]:
    return list(_segments(text, first, last, _SINGLE))


_DOUBLE = re.compile("[“”„«»\"]|''|``|â\x80\x9c|â\x80\x9d|\n")
_SINGLE = re.compile(r"(?<!\w)['‘](?=\w)|(?<=[\w.,!?…])['’](?!\w)|\n")


def _segments(text: str, first: int, last: int, marks: re.Pattern[str]) -> Iterator[_Segment]:
    """Yield what stands in quotation marks; a quotation whose next paragraph opens anew goes on."""
    opened, begin = -1, first
    for found in marks.finditer(text, first, last):
        at = found.start()
        if found[0] == "\n":
            rest = text[at : at + 6].lstrip()
            if opened >= 0 and rest and not rest.startswith(("“", '"', "„", "«", "'", "‘", "â\x80\x9c")):
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
    mark = found[0]
    if mark in "„«‘" or mark in {"``", "â\x80\x9c"}:
        return True
    if mark in {"”", "»", "''", "’", "â\x80\x9d"}:
        return False
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if mark == "“":
        return not (is_open and before and not before.isspace() and (not after or after.isspace()))
    is_after_gap = not before or before.isspace() or before in "([—–-:"
    is_before_gap = not after or after.isspace() or after in ").,;:!?—–-"
    return (is_after_gap and not is_before_gap) or (is_after_gap == is_before_gap and not is_open)


def resolve(who: str, text: str, at: int) -> str | None:
    """Return the full name of somebody as a text gives it: without titles, surnames and short forms spelled out.

    Parameters
    ----------
    who : the words that stand in the text at character `at`

    >>> text = "Mayor Jane Doe won. Her party, the Greens of Northern Parland (GNP), lost. Ms. Doe said no."
    >>> resolve("Ms. Doe", text, text.rindex("Ms.")), resolve("GNP", text, 0), resolve("Mayor", text, 0)
    ('Jane Doe', 'Greens of Northern Parland', None)
    """
    who = who.strip(" ,.;:—–-")
    if who.casefold() in _PRONOUNS or re.fullmatch(_GENERIC, who):
        return _referred(who, text, at) or UNKNOWN
    people = [
        _one(part, text)
        for part in re.split(r",? (?:and|et|und|y) |, (?=[A-Z])", who)
        if part and part != "the"
    ]
    known = [name for name in people if name]
    if not known or len(known) < len(people):
        return known[0] if known and people[0] else None
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " and " + known[-1]


def _one(who: str, text: str) -> str | None:
    words = [word.strip(",") for word in who.split()]
    is_body = bool(words) and words[-1] in {"police", "officials", "executives"}
    words = _bare(words)
    if not words or len(words) > _LONGEST_NAME:
        return None
    name = " ".join(words).removesuffix("'s").removesuffix("’s").strip(".,")
    if name in _NOT_NAMES or len(name) < 3:  # noqa: PLR2004  (letters of a name)
        return None
    if is_body or len(words) > 1:
        return _longer(name, text) or (None if is_body else name)
    return _full(name, text)


def _bare(words: list[str]) -> list[str]:
    """Return the words of a name without titles before it, initials inside it, and words that are none of it."""
    titles = [place for place, word in enumerate(words) if word.casefold().strip(".") in _TITLES]
    if titles and titles[-1] + 1 < len(words):
        words = words[titles[-1] + 1 :]
        if words[0] == "of" and len(words) > 2:  # noqa: PLR2004  (Secretary of State Jane Doe)
            words = words[3:] if words[1] == "the" else words[2:]
    elif titles:
        words = [
            word for word in words if word.casefold() not in {"spokesman", "spokeswoman", "spokesperson"}
        ]
        words = [] if len(words) == 1 and words[0].casefold().strip(".") in _TITLES else words
    while words and (words[0] in _NOT_NAMES or words[0].casefold().strip(".") in {"former", "vice", "the"}):
        words = words[1:]
    last = len(words) - 1
    return [word for place, word in enumerate(words) if not (0 < place < last and len(word.strip(".")) == 1)]


def _full(word: str, text: str) -> str | None:
    """Return the fullest name in a text that ends in a surname, or that an acronym stands for; else the word."""
    if word.isupper() and 2 < len(word) <= _LONGEST_NAME:  # noqa: PLR2004  (letters of an acronym)
        initials = " (?:of |the |for |and )*".join(rf"{letter}[a-z]+" for letter in re.findall(r"\w", word))
        found = re.search(rf"\b{initials}\b", text)
        return found[0] if found else word
    twos: collections.Counter[str] = collections.Counter()
    threes: collections.Counter[str] = collections.Counter()
    for found in re.finditer(rf"((?:{_WORD} ){{1,3}}){re.escape(word)}\b", text):
        before = []
        for part in reversed(found[1].split()):
            plain = part.casefold().strip(".")
            is_name = part[0].isupper() and plain not in _TITLES and plain not in _BEFORE_TITLES
            if not is_name or part in _NOT_NAMES or part == word or part.endswith(("'s", "’s", "-")):
                break
            if len(plain) > 1:
                before.append(part)
        if before:
            twos[f"{before[0]} {word}"] += 1
        if len(before) > 1:
            threes[f"{before[1]} {before[0]} {word}"] += 1
    if not twos:
        often = len(re.findall(rf"\b(?:{_VERB} {re.escape(word)}|{re.escape(word)} {_VERB})", text)) > 1
        return _longer(word, text) or (word if often else None)
    name, count = twos.most_common(1)[0]
    longer = [three for three, often in threes.items() if three.endswith(f" {name}") and 2 * often > count]
    return longer[0] if len(longer) == 1 and "-" not in longer[0].split()[0] else name


def _longer(name: str, text: str) -> str | None:
    """Return the name of a body that begins as this one does: `Slidell police` for `Slidell Police Department`."""
    pattern = rf"\b{re.escape(name)}(?: (?:of (?:the )?)?(?:Department|Office|Service|Force|Airways|Airlines|Inc|Corp|Company|Group|University|Agency|Committee|Council|Authority|Bureau|Ministry|Association|Foundation|Institute|Commission))+\b"
    found = re.search(pattern, text, re.IGNORECASE)
    if found is not None and found[0][:1].isupper() and found[0].split()[-1][:1].isupper():
        return found[0]
    return (
        name if name in text and len(name.split()) > 1 and not name.rsplit(maxsplit=1)[-1].islower() else None
    )


@functools.lru_cache(maxsize=4096)
def _speakers(text: str) -> tuple[tuple[int, str], ...]:
    """Return the names that a text says speak, with where they stand."""
    named = []
    for pattern in _SPEAKING:
        for found in pattern.finditer(text):
            is_named = found["who"].casefold() not in _PRONOUNS and not re.fullmatch(_GENERIC, found["who"])
            name = resolve(found["who"], text, found.start()) if is_named else None
            if name:
                named.append((found.start(), name))
    return tuple(sorted(named))


def _referred(who: str, text: str, at: int) -> str | None:
    """Return whom a pronoun or a noun means: who spoke last before it, or who bears that title in the text."""
    noun = who.casefold().removeprefix("the ").split()[-1]
    if noun in _HOLD_OFFICE:
        found = re.search(rf"\b{noun.capitalize()} ({_WORD}(?: {_WORD})?)", text)
        if found is not None:
            return _one(found[1], text)
    if noun not in _PRONOUNS and noun not in _HOLD_OFFICE and noun not in _PEOPLE_NOUNS:
        return None
    before = [name for place, name in _speakers(text) if place < at]
    return before[-1] if before else None
