"""Rules on texts that are somebody's own words: the transcript of a speech, the text of a letter, a statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import letters, rules, signs, speakers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_MOST_BEFORE = 160  # characters of a headline and a byline; after more the words are those in a story
_TITLES = (
    r"(?:(?:U\.S\. |US |[Ff]ormer |then-)?(?:President|Vice President|Prime Minister|Gov\.|Governor|Lt\. Gov\.|Sen\."
    r"|Senator|Rep\.|Representative|Congress(?:man|woman)|Mayor|Minister|Secretary(?: of [A-Z]\w+)?|Chancellor"
    r"|Attorney General|Justice|Judge|Chair(?:man|woman)?|Director|Pope|King|Queen|Prince|Princess|Speaker"
    r"|Ambassador|General|Gen\.|Dr\.|Mr\.|Mrs\.|Ms\.|Rev\.|Sir|Dame)(?:-elect)? )*"
)
_WORD = rf"(?:[{letters.CAPITALS}]\.|[{letters.CAPITALS}][\w'’-]*?(?:-[{letters.CAPITALS}]\w+)?(?: [JS]r\.)?)"
_WHO = rf"{_TITLES}(?P<who>{_WORD}(?: (?:{_WORD}|de|van|von|bin|al|el|of))*?(?: [IVX]+)?)"
_KIND = (
    r"(?:text|transcript|remarks|statement|letter|speech|address|testimony|message|resignation letter"
    r"|opening statement|inaugural address|op-ed)"
)
_HOW = (
    r"(?:(?:full|complete|unedited|prepared|official|rush|edited|lightly edited|entire|English|written),? )"
)
_ON = r"(?:at|on|to|in|before|as|after|during|about|following|regarding|announcing)\b"
_PRESENTED = (
    rf"(?:(?:The )?[Ff]ollowing|Here|Below|This) (?:is|are) (?:the |a |an )?{_HOW}*{_KIND}"
    r"(?: and video)? (?:of|from|by) "
    rf"(?:(?:the |a )?{_HOW}*{_KIND}(?: (?:delivered|given|made|issued|released|sent))? (?:by|of|from) )?"
    rf"{_WHO}(?=['’]s? |['’]s?$|[,:.]| {_ON})"
)
_HEADED = (
    r"(?:[Ff]ull|[Cc]omplete|FULL) (?:text|transcript|TEXT|TRANSCRIPT)(?: of|:) (?:the )?"
    rf"{_WHO}(?=['’]s? |[,:]| {_ON})"
)
_TITLED = (
    r"(?:Remarks|REMARKS|Statement|STATEMENT|Opening statement|Testimony) (?:of|by|from|BY|FROM) (?:the )?"
    rf"{_WHO}(?=[,:\n]| {_ON})"
)
_FORMS = tuple(map(re.compile, (_PRESENTED, _HEADED, _TITLED)))
_BEFORE = ' \t(*[“"'
_SIGNS = signs.Signs(
    place=signs.Place.HEAD,
    words=(
        *("ollowing is ", "ollowing are ", "Here is the ", "Here are the ", "Below is ", "This is the "),
        *("ull text", "ull transcript", "FULL TEXT", "FULL TRANSCRIPT", "omplete text", "omplete transcript"),
        *("\nRemarks ", "\nREMARKS ", "\nStatement ", "\nSTATEMENT ", "\nOpening statement ", "\nTestimony "),
    ),
)


def _transcript(view: views.View) -> Iterator[rules.Finding]:
    if view.margin is not None:
        return
    for form in _FORMS:
        for found in form.finditer(view.head):
            before = view.head[: found.start()].rstrip(_BEFORE)
            opens = not before or before[-1] in "\n.:"
            is_first = opens and found.start() <= _MOST_BEFORE
            name = speakers.resolve(found["who"], view.text, found.start("who")) or found["who"]
            if is_first and " " in name and not view.is_own(name):
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
