"""Names of speakers: how a text names somebody, and the full name that it gives them elsewhere."""

from __future__ import annotations

import collections
import functools
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN = ""
"""Stands for a speaker whom a text means and does not name near the quotation."""
_LONGEST_NAME = 6  # words of a name
_SHORTEST_NAME = 3  # letters of it
_LONGEST_GIVEN = 60  # characters of the names before a surname
_FARTHEST = 2000  # characters before a pronoun in which somebody spoke last
_OFTEN_ENOUGH = 2  # times that a text must have a single word speak before the word counts as a name


@functools.cache
def _words() -> dict[str, Any]:
    source = resources.files("dedup.attribution").joinpath("speech.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _set(name: str) -> frozenset[str]:
    return frozenset(_words()[name])


_TITLES, _BEFORE_TITLES, _NO_NAMES = _set("titles"), _set("before_titles"), _set("no_names")
_OFFICES, _PEOPLE_NOUNS = _set("offices"), _set("people")
_PRONOUNS = frozenset(("he", "she", "they", "him", "her", "them"))
_SPEAK_FOR = frozenset(("spokesman", "spokeswoman", "spokesperson"))
_OF_BODIES = frozenset(("police", "officials", "executives"))

_WORD = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Rev|Prof|St|Jr|Sr|[A-Z]|U\.S|U\.K)\."
    r"|(?![RDI]-[A-Z])[^\W\d_a-zß-öø-ÿ][\w&’'-]*)"
)
_JOINED = r"(?:of|the|for|de|la|le|du|del|der|den|van|von|bin|al|ibn|y|e|und)"
NAME = rf"(?:[Tt]he )?{_WORD}(?:,? (?:{_JOINED} (?:the )?)?{_WORD}){{0,6}}"
"""A name with titles before it, as a regular expression."""
PEOPLE = rf"{NAME}(?:(?:, {NAME}){{0,4}},? (?:and|et|und|y) {NAME})?"
"""One name or several."""
GENERIC = (
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Tt]he (?:\w+ )?(?:prime minister|"
    + "|".join(sorted((*_words()["offices"], *_words()["people"], *_words()["bodies"])))
    + "))"
)
"""A pronoun, or a noun that means somebody named elsewhere."""
SPEAKER = (
    rf"(?P<who>{NAME} (?:police|officials|spokesman|spokeswoman|spokesperson|executives)|{GENERIC}|{PEOPLE})"
)
VERB = (
    r"(?:(?:a|ha|has|had|have|également|later|also|then) )?(?:"
    + "|".join(sorted({verb for verbs in _words()["verbs"].values() for verb in verbs}))
    + r")\b"
)
VERB_ELSEWHERE = (
    r"(?:(?:a|ha|hat|heeft|har) )?(?:"
    + "|".join(
        sorted({verb for language, verbs in _words()["verbs"].items() if language != "en" for verb in verbs})
    )
    + r")\b"
)
"""A verb of saying that is not English: an office may stand between it and a name."""
OFFICE_THEN_NAME = (
    r"(?:(?:[Ll]['’])?[a-zß-öø-ÿ][\w'’-]* ){1,6}"
    rf"(?:{_WORD}(?: {_WORD}){{0,2}}, )?(?P<who>{_WORD}(?: (?:(?:de|la|del|von|van|der|di|da|do) )?{_WORD}){{1,3}})"
)
"""An office in small letters, of a place or not, and the name of who holds it: `la alcaldesa Inés Almarza`."""
GERMAN_OFFICE_THEN_NAME = (
    rf"(?:der|die) {_WORD}(?: (?:von|vom|der|des|für|aus|in|im) (?:\w+ ){{0,2}}?\w+)?, "
    rf"(?P<who>{_WORD}(?: {_WORD}){{1,3}})"
)
"""The same in German, where offices have capitals: `der Bürgermeister von Ulm, Gunter Czisch`."""
_WORDS_BEFORE = re.compile(rf"(?:{_WORD} ){{0,2}}{_WORD}\Z")
_SPEAKING = (
    re.compile(rf"(?P<who>{PEOPLE})(?:, [^.,\n“”\"]{{3,60}},)? (?:{VERB}|issued a)"),
    re.compile(rf"\b{VERB} (?P<who>{PEOPLE})"),
)
_BODY_AFTER = re.compile(rf"(?: (?:of (?:the )?)?(?:{'|'.join(_words()['bodies_named'])}))+\b", re.IGNORECASE)
_VERB_AFTER, _VERB_BEFORE = re.compile(f" {VERB}"), re.compile(rf"\b{VERB} \Z")
_TOLD_WHOM = re.compile(  # in German: `sagte Jana Doe der Deutschen Presse-Agentur`
    r" (?:der|dem|den) (?:[^\n]*(?:[Aa]gentur|[Zz]eitung|[Mm]agazin|[Ss]ender|[Tt]age?blatt)\b.*|(?:dpa|AFP)\b.*)\Z"
)
_LONGEST_VERB = 24  # characters


def resolve(who: str, text: str, at: int) -> str | None:
    """Return the full name of somebody as a text gives it: without titles, surnames and short forms spelled out.

    Parameters
    ----------
    who : the words that stand in the text at character `at`

    Returns
    -------
    None for what is no name, `UNKNOWN` for a noun or pronoun whose meaning cannot be told

    >>> text = "Mayor Jane Doe won. Her party, the Greens of Northern Parland (GNP), lost. Ms. Doe said no."
    >>> resolve("Ms. Doe", text, text.rindex("Ms.")), resolve("GNP", text, 0), resolve("Mayor", text, 0)
    ('Jane Doe', 'Greens of Northern Parland', None)
    """
    who = who.strip(" ,.;:—–-")
    if _is_generic(who):
        return _referred(who, text, at) or UNKNOWN
    parts = [part for part in re.split(r",? (?:and|et|und|y) |, (?=[A-Z])", who) if part and part != "the"]
    people = [_one(part, text) for part in parts]
    known = [name for name in people if name]
    if not known or len(known) < len(people):
        return known[0] if known and people[0] else None
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " and " + known[-1]


def full_name(surname: str, text: str) -> str | None:
    """Return the fullest name in a text that ends in a surname, or that an acronym or the name of a body stands for.

    A single word that no longer name ends in counts only where the text has it speak more than once.

    >>> full_name("Ford", "Christine Blasey Ford wrote it. Ms. Ford, 51, ...")
    'Christine Blasey Ford'
    >>> full_name("Florida", "A senator of Florida said so.") is None
    True
    """
    if surname.isupper() and _SHORTEST_NAME <= len(surname) <= _LONGEST_NAME:
        initials = " (?:of |the |for |and )*".join(
            rf"{letter}[a-z]+" for letter in re.findall(r"\w", surname)
        )
        found = re.search(rf"\b{initials}\b", text)
        return found[0] if found else surname
    firsts: collections.Counter[str] = collections.Counter()
    seconds: collections.Counter[str] = collections.Counter()
    places = list(_places(surname, text))
    for place in places:
        words = _WORDS_BEFORE.search(text, max(0, place - 1 - _LONGEST_GIVEN), max(0, place - 1))
        before = _given_names(words[0].split(), surname) if words else []
        if before:
            firsts[f"{before[0]} {surname}"] += 1
        if len(before) > 1:
            seconds[f"{before[1]} {before[0]} {surname}"] += 1
    if not firsts:
        speaks = sum(
            _VERB_AFTER.match(text, place + len(surname)) is not None
            or _VERB_BEFORE.search(text, max(0, place - _LONGEST_VERB), place) is not None
            for place in places
        )
        return _longer(surname, text) or (surname if speaks >= _OFTEN_ENOUGH else None)
    name, count = firsts.most_common(1)[0]
    longer = [each for each, often in seconds.items() if each.endswith(f" {name}") and 2 * often > count]
    return longer[0] if len(longer) == 1 and "-" not in longer[0].split()[0] else name


def _places(word: str, text: str) -> Iterator[int]:
    """Yield where a word stands in a text as a whole one."""
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        if not (text[place - 1 : place].isalnum() or text[end : end + 1].isalnum()):
            yield place
        place = text.find(word, end)


def _is_generic(who: str) -> bool:
    return who.casefold() in _PRONOUNS or re.fullmatch(GENERIC, who) is not None


def _given_names(words: list[str], surname: str) -> list[str]:
    """Return the names before a surname, the nearest first: up to the first word that is none."""
    names = []
    for word in reversed(words):
        plain = word.casefold().strip(".")
        is_title = plain in _TITLES or plain in _BEFORE_TITLES or word in _NO_NAMES
        if is_title or not word[0].isupper() or word == surname or word.endswith(("'s", "’s", "-")):
            break
        if len(plain) > 1:
            names.append(word)
    return names


def _one(who: str, text: str) -> str | None:
    words = [word.strip(",") for word in who.split()]
    is_body = bool(words) and words[-1] in _OF_BODIES
    words = _bare(words)
    if not words or len(words) > _LONGEST_NAME:
        return None
    name = _TOLD_WHOM.sub("", " ".join(words).removesuffix("'s").removesuffix("’s").strip(".,"))
    if name in _NO_NAMES or len(name) < _SHORTEST_NAME:
        return None
    if is_body or len(words) > 1:
        return _longer(name, text) or (None if is_body else name)
    return full_name(name, text)


def _bare(words: list[str]) -> list[str]:
    """Return the words of a name without titles before it, initials inside it, and words that are none of it."""
    plain = [word.casefold().strip(".") for word in words]
    titles = [place for place, word in enumerate(plain) if word in _TITLES]
    if titles and titles[-1] + 1 < len(words):
        words = words[titles[-1] + 1 :]
        if words[0] == "of" and len(words) > 2:  # noqa: PLR2004  (Secretary of State Jane Doe)
            words = words[3:] if words[1] == "the" else words[2:]
    elif titles:
        words = [word for word in words if word.casefold() not in _SPEAK_FOR]
        words = [] if len(words) == 1 and words[0].casefold().strip(".") in _TITLES else words
    while words and (words[0] in _NO_NAMES or words[0].casefold().strip(".") in {"former", "vice", "the"}):
        words = words[1:]
    last = len(words) - 1
    return [word for place, word in enumerate(words) if not (0 < place < last and len(word.strip(".")) == 1)]


def _longer(name: str, text: str) -> str | None:
    """Return the name of a body that begins as this one does: `Slidell Police Department` for `Slidell police`."""
    lowered = text.lower()
    for place in _places(name.lower(), lowered) if len(lowered) == len(text) else ():
        found = _BODY_AFTER.match(text, place + len(name))
        if found is not None and text[place].isupper() and found[0].split()[-1][:1].isupper():
            return text[place : found.end()]
    is_whole = len(name.split()) > 1 and not name.rsplit(maxsplit=1)[-1].islower()
    return name if is_whole and name in text else None


def _last_speaker(text: str, at: int) -> str | None:
    """Return who a text says spoke last before a character."""
    found = [
        (found.start(), found["who"])
        for pattern in _SPEAKING
        for found in pattern.finditer(text, max(0, at - _FARTHEST), at)
    ]
    for start, who in sorted(found, reverse=True):
        name = None if _is_generic(who) else resolve(who, text, start)
        if name:
            return name
    return None


def _referred(who: str, text: str, at: int) -> str | None:
    """Return whom a pronoun or a noun means: who bears that title in the text, or who spoke last before it."""
    noun = who.casefold().removeprefix("the ").split()[-1]
    if noun in _OFFICES:
        found = re.search(rf"\b{noun.capitalize()} ({_WORD}(?: {_WORD})?)", text)
        if found is not None:
            return _one(found[1], text)
    if noun not in _PRONOUNS and noun not in _OFFICES and noun not in _PEOPLE_NOUNS:
        return None
    return _last_speaker(text, at)
