"""Rules on texts that are somebody's own words: the transcript of a speech, the text of a letter, a statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import letters, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_MOST_BEFORE = 160  # characters of a headline and a byline; after more the words are those in a story
_TITLES = (
    r"(?:(?:[A-Z]\w+ )?(?:U\.S\. |US |[Ff]ormer |then-)?(?:President|Vice President|Prime Minister|Gov\.|Governor"
    r"|Lt\. Gov\.|Sen\.|Senator|Rep\.|Representative|Congress(?:man|woman)|Mayor|Minister|Secretary(?: of [A-Z]\w+)?"
    r"|Chancellor|Attorney General|Justice|Judge|Chair(?:man|woman)?|CEO|Director|Pope|King|Queen|Prince|Princess"
    r"|Speaker|Ambassador|General|Gen\.|Dr\.|Mr\.|Mrs\.|Ms\.|Rev\.|Sir|Dame)(?:-elect)? )?"
)
_WORD = rf"[{letters.CAPITALS}](?:\.|[\w'’]*(?:-\w+)*(?<!['’]s))"
_WHO = rf"{_TITLES}(?P<who>{_WORD}(?: (?:{_WORD}|de|van|von|bin|al|el)){{1,4}})"
_KIND = r"(?:text|transcript|remarks|statement|letter|speech|address|testimony|message|op-ed)"
_HOW = (
    r"(?:(?:full|complete|unedited|prepared|official|rush|edited|lightly edited|entire|English|written),? )"
)
_ON = r"(?:at|on|to|in|before|as|after|during|about|following|regarding|announcing)\b"
_PRESENTED = (
    r"(?:(?:The )?[Ff]ollowing (?:is|are)(?: the| a)?|Below is(?: the| a)?|(?:Here|This) is the|Here are the)"
    rf" {_HOW}{{0,2}}{_KIND}(?: and video)? (?:of|from|by) (?:(?:the |a )?{_HOW}{{0,2}}{_KIND}"
    r"(?: (?:delivered|given|made|issued|released|sent))? (?:by|of|from) )?"
    rf"{_WHO}(?=['’]s? |['’]s?$|[,:]|\.(?:\s|$)| {_ON})"
)
_HEADED = (
    r"(?:[Ff]ull|[Cc]omplete|FULL) (?:text|transcript|TEXT|TRANSCRIPT)(?: of|:) (?:the )?"
    rf"{_WHO}['’]s? (?:[\w’-]+ ){{0,4}}{_KIND}"
)
_TITLED = (
    r"^(?:Remarks|REMARKS|Statement|STATEMENT) (?:by|from|BY|FROM) (?:the )?"
    rf"{_WHO}(?:,? {_ON}[^\n.!?]{{0,120}})?$"
)
_FORMS = (re.compile(_PRESENTED), re.compile(_HEADED), re.compile(_TITLED, re.MULTILINE))
_NOT_PEOPLE = frozenset(
    (
        *(
            "Debate",
            "Report",
            "Act",
            "Bill",
            "Agreement",
            "Plan",
            "Deal",
            "Hearing",
            "Conference",
            "Interview",
            "Court",
        ),
        *(
            "Constitution",
            "Carta",
            "Impeachment",
            "Affairs",
            "Declaration",
            "Resolution",
            "Treaty",
            "Committee",
        ),
    )
)
_BEFORE = ' \t(*[“"'
_SIGNS = signs.Signs(
    place=signs.Place.HEAD,
    words=(
        *("ollowing is ", "ollowing are ", "Here is the ", "Here are the ", "Below is ", "This is the "),
        *("ull text", "ull transcript", "FULL TEXT", "FULL TRANSCRIPT", "omplete text", "omplete transcript"),
        *("\nRemarks ", "\nREMARKS ", "\nStatement ", "\nSTATEMENT "),
    ),
)


def _transcript(view: views.View) -> Iterator[rules.Finding]:
    if view.margin is not None:
        return
    for form in _FORMS:
        for found in form.finditer(view.head):
            before = view.head[: found.start()].rstrip(_BEFORE)
            opens = not before or before[-1] in "\n.:"
            name = found["who"]
            is_person = _NOT_PEOPLE.isdisjoint(name.split())
            if opens and found.start() <= _MOST_BEFORE and is_person and not view.is_own(name):
                yield view.quote_head(name, found)
                return


RULES = (
    rules.Rule(
        name="transcript",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="who speaks in a text that is one speech or letter: `Following is the text of Gov. Doe’s address`",
        signs=(_SIGNS,),
        find=_transcript,
        kind=rules.STATEMENT,
    ),
)
