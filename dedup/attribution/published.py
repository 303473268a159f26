"""Rules that read where a page says that its text was published before, in the languages of `published.toml`."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from dedup import dates
from dedup.attribution import letters, names, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.attribution import views

_LETTERS = r"[\w&+-]*(?:['’](?![sS]\b)\w+)*"  # of a word, its possessive aside
_WORD = (
    rf"(?:[{letters.CAPITALS}]{_LETTERS}|open[A-Z]\w+|(?<=[Tt]he )\d{{2,3}}(?:st|nd|rd|th)?\b|\d{{2,4}}[a-z]{{4,}}"
    rf"|\d{{3,4}}(?= [{letters.CAPITALS}]))"
)
_NAME = (
    r"(?P<name>(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,6}\b"
    rf"|(?:[Tt]he )?{_WORD}(?: (?:(?:of|and|the|de|del|da|do|di|du|des|für|y|e|et|&) )*{_WORD}){{0,5}})"
)
_TITLE, _BLOG = r"\S[^\n]{2,300}?", r"(?P<name>[^\n]{2,80}?)"
_QUOTED = r"[“\"„«《「『](?P<quoted>[^\n“”\"„«»《》「」『』]{2,60}?)(?=[”\"“»》」』])"
_OPENS_NAME = r"[“\"„«‘'《「『]?"
_CLOSES = re.compile(
    r"[“”\"’»'』」》™®]*(?:['’]s)?(?: (?:website|site|newsletter|blog|magazine|newspaper))?"
    r"(?:[.!)\]。）]*[“”\"’»']*[ \t]*(?:\n|\Z)"  # noqa: RUF001  (as Chinese has it)
    r"|[.!] (?:Read|See|It|You|To|Click|Sign)\b|,? (?:and is|under|with permission)\b)"
)
_PLACES_TOO = re.compile(r"(?<!\w)(?:aus|z|ze|из|in|im|en|em|dans|no|na|nel|v|w|в|i|de|la) \Z")
_NO_OUTLETS = frozenset(
    (
        *("English", "Spanish", "French", "German", "Italian", "Portuguese", "Russian", "Arabic", "Chinese"),
        *("Hebrew", "Hindi", "Japanese", "Dutch", "Polish", "Turkish", "Ukrainian", "Great", "Britain", "UK"),
        *(
            "US",
            "America",
            "Europe",
            "Page",
            "Print",
            "Issue",
            "Volume",
            "Section",
            "Part",
            "Staff",
            "Spring",
        ),
        *(
            "Summer",
            "Autumn",
            "Fall",
            "Winter",
            "Facebook",
            "Twitter",
            "X",
            "Instagram",
            "YouTube",
            "LinkedIn",
        ),
        *("Facebooku", "Facebooka", "Twitteru", "Twittera", "Instagramu", "Фейсбуке", "Фейсбука"),
        *("Medium", "Substack", "Amazon", "Netflix", "CD", "DVD", "Ausgabe", "Heft", "Deutschland", "España"),
        *("France", "Italia", "Brasil", "Portugal", "Nederland", "Sverige", "Polska", "Internet", "Telegram"),
        *(
            "Truth Social",
            "TikTok",
            "Reddit",
            "Threads",
            "Bluesky",
            "Weibo",
            "WeChat",
            "WhatsApp",
            "Snapchat",
        ),
        *(
            "Englisch",
            "Deutsch",
            "Französisch",
            "Spanisch",
            "Italienisch",
            "Russisch",
            "Englischen",
            "Italien",
        ),
        *(
            "Frankreich",
            "Österreich",
            "United",
            "Tumblr",
            "Pinterest",
            "Kindle",
            "Google",
            "Apple",
            "Spotify",
        ),
    )
)
_SENTENCE_ENDS = frozenset('.!?…”"*(•[|–—:。！？（【［※')  # noqa: RUF001  (as Chinese has them)
_ENGLISH_QUOTES = '“"'
_MOST_WORDS = 7  # of a blog's name
_SMALL_WORDS = frozenset(
    ("of", "and", "the", "de", "del", "da", "do", "di", "du", "des", "für", "y", "e", "et", "&")
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Language:
    """The credits of one language, compiled: those that say enough, those that need more, and those of blogs.

    `inflects` says that names have endings there: «в Новой газете».
    """

    forms: tuple[re.Pattern[str], ...]
    loose: tuple[re.Pattern[str], ...]
    posts: tuple[re.Pattern[str], ...]
    inflects: bool


@functools.cache
def _table() -> dict[str, dict[str, Any]]:
    source = resources.files("dedup.attribution").joinpath("published.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@functools.cache
def _languages() -> tuple[_Language, ...]:
    return tuple(
        _Language(
            tuple(_credit(form, row) for form in row["forms"]),
            tuple(_credit(form, row) for form in row.get("loose", ())),
            tuple(_post(form) for form in row.get("posts", ())),
            row.get("inflects", False),
        )
        for row in _table().values()
    )


def _credit(form: str, row: dict[str, Any]) -> re.Pattern[str]:
    articles, name = "|".join(row.get("articles", ())), row.get("name")
    before = "" if name else rf" (?:(?:{articles}) )?" if articles else " "
    return re.compile(rf"(?:{form}){before}(?:{_QUOTED}|{_OPENS_NAME}{name or _NAME})")


def _post(form: str) -> re.Pattern[str]:
    """Return the expression of a post's closing line; one that begins with the title begins its line."""
    title, name = re.escape("TITLE"), re.escape("NAME")
    pattern = re.escape(form).replace(title, _TITLE).replace(name, _BLOG)
    start = "^" if form.startswith("TITLE") else ""
    return re.compile(rf"{start}{pattern.removesuffix(re.escape('.'))}\.?(?=[ \t\r]*$)", re.MULTILINE)


def _middle(form: str) -> str:
    """Return what stands in a post's line between title and name, or after both where that is more."""
    _, _, rest = form.partition("TITLE")
    middle, _, last = rest.partition("NAME")
    return max(middle, last, key=len)


PUBLISHED = signs.Signs(
    place=signs.Place.ENDS, words=tuple(sign for row in _table().values() for sign in row["signs"])
)
POSTS = signs.Signs(
    place=signs.Place.WHOLE,
    words=tuple(dict.fromkeys(_middle(form) for row in _table().values() for form in row.get("posts", ()))),
)


def _published_by(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding, is_sure in _credited(view) if is_sure)


def _published_in(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding, is_sure in _credited(view) if not is_sure)


def _credited(view: views.View) -> Iterator[tuple[rules.Finding, bool]]:
    """Yield who published the text before, and whether that is sure: the tables know it, or it cannot be a place."""
    for start, part in view.ends():
        for language in _languages():
            for pattern in (*language.forms, *language.loose):
                for found in pattern.finditer(part):
                    is_cut = start + found.end() < len(view.text) and found.end() == len(part)
                    if is_cut:  # the name goes on: the tail has it, or nobody credits that far from both ends
                        continue
                    group = "name" if found["name"] else "quoted"
                    name = found[group]
                    if not _opens_sentence(part, found.start()) or not _is_other(view, name):
                        continue
                    if (
                        group == "quoted"
                        and part[found.start(group) - 1] in _ENGLISH_QUOTES
                        and not _is_known(view, name)
                    ):
                        continue  # the title of a book
                    known = view.table.inflected(name) if language.inflects else None
                    is_known = known is not None or _is_known(view, name)
                    closes = _CLOSES.match(part, found.end()) is not None
                    is_loose = pattern in language.loose
                    is_word = " " not in name and group == "name"
                    may_be_place = is_word and _PLACES_TOO.search(part[: found.start(group)]) is not None
                    if is_known or closes or not is_loose:
                        shown = known.name if known is not None else name
                        finding = view.quote(shown, start + found.start(), start + found.end())
                        yield finding, is_known or not (is_loose or may_be_place)


def _is_known(view: views.View, name: str) -> bool:
    """Return whether the tables have an outlet of this name, or it is a host."""
    return (
        names.host(name) is not None
        or view.table.named(name) is not None
        or view.table.outlet(name) is not None
    )


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \xa0")[-1:]
    return not before or before == "\n" or before in _SENTENCE_ENDS


def _is_other(view: views.View, name: str) -> bool:
    """Return whether a name is another outlet's: no date, no language, no section, not the page's own outlet."""
    bare = name.removeprefix("the ").removeprefix("The ")
    first, _, rest = bare.partition(" ")
    if first in _NO_OUTLETS or bare in _NO_OUTLETS:
        return False
    parts = (first, rest.partition(" ")[0]) if first.isdecimal() else (first,)
    is_date = any(
        dates.month_day(f"{part} 1") is not None or dates.weekday_number(part) is not None
        for part in parts
        if part
    )
    return not is_date and not view.is_own(name)


def _post_elsewhere(view: views.View) -> Iterator[rules.Finding]:
    return (
        finding for finding in _posts(view) if not view.is_own(finding.name) and _is_other(view, finding.name)
    )


def _own_post(view: views.View) -> Iterator[rules.Finding]:
    return (finding for finding in _posts(view) if view.is_own(finding.name))


def _posts(view: views.View) -> Iterator[rules.Finding]:
    for language in _languages():
        for pattern in language.posts:
            for found in pattern.finditer(view.text):
                if _opens_sentence(view.text, found.start()) and _is_name(view, found["name"]):
                    yield view.quote(found["name"], found.start(), found.end())


def _is_name(view: views.View, name: str) -> bool:
    """Return whether this can be a blog's name, not the end of a sentence: "first appeared on maps in 1874"."""
    words = name.split()
    in_capitals = all(not word[0].islower() or word in _SMALL_WORDS for word in words)
    return len(words) <= _MOST_WORDS and (in_capitals or len(words) == 1 or _is_known(view, name))


RULES = (
    rules.Rule(
        name="published_by",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`This article was originally published on X`, `Republished from X`, in many languages",
        signs=(PUBLISHED,),
        find=_published_by,
    ),
    rules.Rule(
        name="published_in",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=2.5,
        looks_for="the same where the name may be a place's, or says no more than `First published in X.`",
        signs=(PUBLISHED,),
        find=_published_in,
    ),
    rules.Rule(
        name="post_elsewhere",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="`The post TITLE appeared first on X.` on a page that is not X's",
        signs=(POSTS,),
        find=_post_elsewhere,
    ),
    rules.Rule(
        name="own_post",
        family=rules.STRUCTURE,
        says=rules.SELF_CLAIM,
        weight=3,
        looks_for="`The post TITLE appeared first on X.` on X's own page",
        signs=(POSTS,),
        find=_own_post,
    ),
)
