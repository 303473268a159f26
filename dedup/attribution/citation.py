"""Rules on mentions of agencies that are no credit: they weigh nothing, and are shown so that nobody need wonder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.attribution import agencies, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_CITED_BEFORE = re.compile(
    r"\b(?:told|tells|by|from|via|with|cited|citing|[Aa]ccording to)(?: the)?(?: news agency)? $"
)
_CITED_AFTER = re.compile(
    r"(?: (?:news|News) (?:agency|Agency))?,? (?:reported|reports|stated|states|said|says|quoted|cited|confirmed)\b"
    r"|/[A-Z][a-z]+ poll\b|-NORC\b| poll\b"
)
_PHOTO_BEFORE = re.compile(
    r"(?:\bvia |/|\b(?:[Pp]hoto(?:graph)?|PHOTO|[Cc]redit|[Ii]mage)s?: ?|© ?|\()(?:The )?$"
)
_PHOTO_AFTER = re.compile(r"(?=[/)])| (?:[Pp]hoto|file)\b|[ \t\r]*$", re.MULTILINE)
_NEAR = 32  # characters looked at before and after a name


def _aliases(agency: agencies.Agency) -> tuple[str, ...]:
    return agency.aliases if agency.kind == agencies.AGENCY else ()


_MENTIONED = signs.Signs(place=signs.Place.WHOLE, forms=_aliases, whole_words=True)


def _cited(view: views.View) -> Iterator[rules.Finding]:
    return _mentions(view, photo=False)


def _photo(view: views.View) -> Iterator[rules.Finding]:
    return _mentions(view, photo=True)


def _mentions(view: views.View, *, photo: bool) -> Iterator[rules.Finding]:
    """Yield the first citation, or the first photo credit, of each agency in a story."""
    seen = set()
    for mention in view.mentions:
        if mention.agency.id in seen or mention.agency.kind != agencies.AGENCY or _in_dateline(view, mention):
            continue
        before = view.text[max(0, mention.start - _NEAR) : mention.start]
        after = view.text[mention.end : mention.end + _NEAR]
        left, right = _PHOTO_BEFORE.search(before), _PHOTO_AFTER.match(after)
        is_photo = left is not None and right is not None
        if not is_photo:
            left, right = _CITED_BEFORE.search(before), _CITED_AFTER.match(after)
        if is_photo == photo and (left or right):
            seen.add(mention.agency.id)
            start = mention.start - (len(left[0]) if left else 0)
            end = mention.end + (len(right[0].rstrip()) if right else 0)
            yield view.quote(mention.agency.name, start, end)


def _in_dateline(view: views.View, mention: agencies.Mention) -> bool:
    dateline = view.dateline
    return dateline is not None and dateline.start <= mention.start < dateline.end


RULES = (
    rules.Rule(
        name="cited",
        family=rules.CITED,
        says=rules.CITATION,
        weight=0,
        looks_for="a citation of an agency: `Reuters reported`, `told Reuters`, `according to AP`",
        signs=(_MENTIONED,),
        find=_cited,
    ),
    rules.Rule(
        name="photo_credit",
        family=rules.CITED,
        says=rules.CITATION,
        weight=0,
        looks_for="an agency's photo or caption credit: `(.../Pool Photo via AP)`, `via REUTERS/File Photo`",
        signs=(_MENTIONED,),
        find=_photo,
    ),
)
