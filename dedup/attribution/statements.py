"""Statements that several texts print: which cases are quotations, and whose the texts say that they are.

What an agency or an outlet says of itself does not tell whose a quotation is: in such a case its marks are mentions.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import quoting, rules, signs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from dedup.attribution import naming
    from dedup.attribution import opened as opening

MOST_ASKED = 8  # stories of a case whose quotations are read
_MOST_SPANS = 3  # shared passages of a story, the longest ones
_OFTEN, _NEARLY_ALL = 3, 0.8  # cases in which a full name is given, and its share of those with that surname
_MARKS = re.compile("[\"“”„«»‘’']|@|:\\s*\\Z|â\x80\x9c|``")
_NEAR = 400  # characters before a passage in which a quotation that holds it may open
_RELEASE = re.compile(
    r"\b(?:news|press|media) release|\bin a release|\bblog post|\bPressemitteilung|\bcommuniqué",
    re.IGNORECASE,
)
_RELEASE_REACH = 70  # characters after the speaker in which a release is named


QUOTED = signs.Signs(
    place=signs.Place.WHOLE,
    words=(
        *(
            ' "',
            '("',
            '" ',
            '."',
            ',"',
            '?"',
            '!"',
            "“",
            "”",
            "„",
            "«",
            "``",
            "(@",
            " '",
            ",'",
            ".'",
            "‘",
            "â\x80\x9c",
        ),
    ),
)
"""Signs of which each story with a quotation holds one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Spoken:
    """Where one story says whose words a passage is; characters of its page, `words` are those quoted."""

    story: int
    name: str
    start: int
    end: int
    words: str
    signed: bool
    released: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Statements:
    """Whose words cases are.

    Parameters
    ----------
    are_statements : (n_cases,) bool, whether the shared text is a quotation
    spoken : who is named, each by the name that most stories of its case give
    agreed : the cases in which stories of different outlets name the same one
    """

    are_statements: NDArray[np.bool_]
    spoken: list[Spoken]
    agreed: frozenset[int]


def read(opened: opening.Opened, outlets: NDArray[np.int64], quoting_marks: NDArray[np.bool_]) -> Statements:
    """Return whose words the shared texts of cases are.

    Parameters
    ----------
    opened : the cases to look at
    outlets : (n,) int64, the key of each story's outlet; -1 for none
    quoting_marks : (n,) bool, whether a story holds the signs of a quotation
    """
    rank = np.arange(len(opened)) - np.searchsorted(opened.case, opened.case)
    asked = rank < MOST_ASKED
    n_asked = np.bincount(opened.case, asked, len(opened.cases))
    marked = asked & quoting_marks[opened.stories]
    n_marked = np.bincount(opened.case, marked, len(opened.cases))
    rows = np.flatnonzero(marked & (2 * n_marked >= n_asked)[opened.case])
    spans = opened.cases.spans(opened.stories[rows])
    quoted: dict[int, list[bool]] = collections.defaultdict(list)
    told: dict[int, list[Spoken]] = collections.defaultdict(list)
    for place, (row, story) in enumerate(opened.read(rows)):
        case = int(opened.case[row])
        some = spans.row(place)
        share, spoken = _read(int(opened.stories[row]), story.page_text, some)
        quoted[case].append(share >= quoting.LEAST_QUOTED)
        if spoken is not None and share >= quoting.LEAST_QUOTED:
            told[case].append(spoken)
    are = np.zeros(len(opened.cases), np.bool_)
    are[[case for case, some in quoted.items() if any(some) and 2 * sum(some) >= n_asked[case]]] = True
    _spell_out(told)
    found, agreed = [], set()
    for number in [number for number in told if are[number]]:
        chosen, name = _agree(told[number], outlets)
        if len({int(outlets[spoken.story]) for spoken in chosen}) > 1:
            agreed.add(number)
        others = [spoken for spoken in told[number] if spoken not in chosen]
        found += [dataclasses.replace(spoken, name=name) for spoken in chosen] + others
    return Statements(are, found, frozenset(agreed))


def _spell_out(told: dict[int, list[Spoken]]) -> None:
    """Give those who are named by a surname only the full name that nearly all of the archive's texts give it."""
    cases_of: dict[str, set[int]] = collections.defaultdict(set)
    for case, some in told.items():
        for spoken in some:
            cases_of[spoken.name].add(case)
    by_surname: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, cases in cases_of.items():
        if " " in name and " and " not in name:
            by_surname[name.split()[-1]][name] += len(cases)
    for case, some in told.items():
        for place, spoken in enumerate(some):
            known = by_surname.get(spoken.name)
            if known:
                name, often = known.most_common(1)[0]
                if often >= _OFTEN and often >= _NEARLY_ALL * known.total():
                    told[case][place] = dataclasses.replace(spoken, name=name)


def _read(number: int, text: str, spans: Iterable[tuple[int, int]]) -> tuple[float, Spoken | None]:
    """Return which share of some passages of a story is quoted, and whose words they are said to be."""
    total = held = 0.0
    spoken = None
    for start, end in sorted(spans, key=lambda span: span[0] - span[1])[:_MOST_SPANS]:
        total += end - start
        if not _MARKS.search(text, max(0, start - _NEAR), end + _NEAR):
            continue
        found = quoting.read(text, start, end)
        held += found.share * (end - start)
        if spoken is None and found.said is not None:
            said = found.said
            released = (
                _RELEASE.search(text, said.start, min(len(text), said.end + _RELEASE_REACH)) is not None
            )
            spoken = Spoken(
                number, said.name, said.start, said.end, text[said.start : said.end], said.signed, released
            )
    return (held / total if total else 0.0), spoken


def _agree(told: list[Spoken], outlets: NDArray[np.int64]) -> tuple[list[Spoken], str]:
    """Return those who name whom most outlets name, and the name that they share, the fullest one."""
    groups: list[list[Spoken]] = []
    for spoken in sorted(told, key=lambda one: -len(one.name)):
        group = next((group for group in groups if _same(spoken.name, group[0].name)), None)
        if group is None:
            groups.append([spoken])
        else:
            group.append(spoken)

    def weight(group: list[Spoken]) -> tuple[int, int, int]:
        return (
            len({int(outlets[one.story]) for one in group}),
            sum(one.signed for one in group),
            len(group),
        )

    best = max(groups, key=weight)
    counts = collections.Counter(one.name for one in best)
    most = max(counts.values())
    n_words = max(len(name.split()) for name in counts if 2 * counts[name] >= most)
    fullest = [name for name in counts if len(name.split()) == n_words and 2 * counts[name] >= most]
    return best, min(fullest, key=lambda name: (name.islower(), name.isupper(), -counts[name], name))


def _same(one: str, other: str) -> bool:
    """Return whether two names are one's: equal words, a surname, or the initials of the other.

    >>> _same("Trump", "Donald Trump"), _same("ANA", "All Nippon Airways"), _same("Kelly", "Donald Trump")
    (True, True, False)
    """
    a, b = one.casefold().split(), other.casefold().split()
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if set(short) == set(long) or (len(short) == 1 and short[0] in {long[-1], long[0]}):
        return True
    if len(short) > 1 and (long[: len(short)] == short or set(short) <= set(long)):
        return True
    initials = "".join(word[0] for word in long)
    return len(short) == 1 and len(long) > 1 and short[0] == initials


RULES = (
    rules.ComparedRule(
        name="signed_post",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=4,
        looks_for="the signature of a post: `— Jane Doe (@janedoe) May 1, 2025`",
        kind=rules.STATEMENT,
    ),
    rules.ComparedRule(
        name="speakers_agree",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=3.5,
        looks_for="a quotation that several outlets ascribe to the same person or body",
        kind=rules.STATEMENT,
    ),
    rules.ComparedRule(
        name="quoted_speaker",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=3,
        looks_for="the speaker of a quotation: `“...,” Jane Doe said in a statement`",
        kind=rules.STATEMENT,
    ),
    rules.ComparedRule(
        name="quoted_release",
        family=rules.CREDIT,
        says=rules.ORIGIN,
        weight=3,
        looks_for="a quotation from a release: `“...,” the police said in a news release`",
        kind=rules.ISSUER,
    ),
)


def rule_of(spoken: Spoken, *, agreed: bool) -> rules.ComparedRule:
    """Return the rule by which a story's word counts."""
    name = (
        "quoted_release"
        if spoken.released
        else "signed_post"
        if spoken.signed
        else "speakers_agree"
        if agreed
        else "quoted_speaker"
    )
    return next(rule for rule in RULES if rule.name == name)


def findings(
    found: Statements, register: naming.Register, words: list[str], fields_text: int
) -> rules.Findings:
    """Return what was found as columns; the quoted words are added to `words`."""
    rows = []
    for spoken in found.spoken:
        rows.append(
            (spoken.story, register.number(spoken.name), fields_text, spoken.start, spoken.end, len(words))
        )
        words.append(spoken.words)
    return rules.Findings(*np.array(rows, np.int64).reshape(-1, 6).T)
