"""One verdict judged again from its evidence as the tables have it: with all of it, without some, and with more.

It is the judgement of a scan (`chain`, `scoring`, `answers`), so that what is said to change a verdict does.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import arguments
from dedup.attribution import agencies, answers, chain, naming, rules, scoring
from dedup.attribution import clues as gathering
from dedup.attribution.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_NUMBERS = {rule.name: number for number, rule in enumerate(RULES)}
_OUTSIDE_SHARED = "credit_outside_shared"
_NEW_CREDIT = "agency_dateline"
_MOST_ARTICLES = 20  # that a further credit is tried in


def candidates(
    pieces: Sequence[arguments.Piece], articles: Mapping[str, str | None], table: agencies.Agencies
) -> tuple[arguments.Candidate, ...]:
    """Return whom this evidence speaks for, those who compete first, the best before others."""
    return _judged(pieces, articles, table).candidates


@dataclasses.dataclass(frozen=True, slots=True)
class _Judged:
    """Evidence judged: the answer, and the candidates."""

    answer: arguments.Answer
    candidates: tuple[arguments.Candidate, ...]


def judge(
    pieces: Sequence[arguments.Piece], articles: Mapping[str, str | None], table: agencies.Agencies
) -> arguments.Argued:
    """Return the answer that this evidence gives, its candidates, and what would change it.

    Parameters
    ----------
    pieces : the evidence on one cluster or passage that speaks for somebody
    articles : the outlet of each of its articles, as candidates are named; None where it is not known

    >>> credit = arguments.Piece("a", "credit", "agency_dateline", "Reuters", "origin", 4.0)
    >>> judge([credit], {"a": "Daily Digest"}, agencies.load()).answer
    Answer(level='stated', names=('Reuters',))
    """
    given = _judged(pieces, articles, table)
    return arguments.Argued(
        given.answer,
        given.candidates,
        tuple(_without(pieces, articles, table, given.answer)),
        tuple(_with_another(pieces, articles, table)),
    )


def _judged(
    pieces: Sequence[arguments.Piece], articles: Mapping[str, str | None], table: agencies.Agencies
) -> _Judged:
    """Return the answer of evidence and its candidates, the best first; those who credit somebody else last."""
    register = naming.Register(table)
    names = dict.fromkeys([*(piece.candidate for piece in pieces), *filter(None, articles.values())])
    names.pop("", None)  # nobody, by an override
    keys = {"": -1} | {name: key for key, name in enumerate(names)}
    numbers = {article: number for number, article in enumerate(articles)}
    clues = _clues([piece for piece in pieces if piece.article_id in numbers], numbers, keys, register)
    owns = np.array([[keys[own] if own else -1] * 2 for own in articles.values()], np.int64).reshape(-1, 2)
    known = scoring.candidates(clues, register)
    followed = chain.follow_all(clues, known, owns, np.array([0, len(articles)], np.int64))
    several = np.array([len(set(owns[:, 0].tolist())) > 1])
    standings = scoring.weigh(clues, known, followed.passed_on, several)
    found = answers.give(clues, register, 1, known, standings, followed)
    named = [known.shown[found.origins[0]]] if found.origins[0] >= 0 else []
    spelled = {key: name for name, key in keys.items() if name}
    own = {key: spelled[int(known.keys[number])] for number, key in enumerate(known.shown)}
    told = arguments.Answer(
        found.levels[0], (*(own.get(name, name) for name in (*named, *found.co_origins[0])),)
    )
    return _Judged(told, tuple(_candidates(pieces, known, followed, standings, spelled)))


def _clues(
    pieces: Sequence[arguments.Piece],
    numbers: Mapping[str, int],
    keys: Mapping[str, int],
    register: naming.Register,
) -> gathering.Clues:
    """Return evidence as the clues of one case, in the order of stories and rules."""
    n = len(pieces)
    nothing = np.full(n, -1)
    clues = gathering.Clues(
        cases=np.zeros(n, np.int64),
        stories=np.array([numbers[piece.article_id] for piece in pieces], np.int64),
        rules=np.array([_NUMBERS[piece.rule] for piece in pieces], np.int64),
        names=register.numbers([piece.candidate for piece in pieces]),
        keys=np.array([keys[piece.candidate] for piece in pieces], np.int64),
        families=np.array([rules.FAMILIES.index(piece.family) for piece in pieces], np.int64),
        says=np.array([rules.SAYS.index(piece.says) for piece in pieces], np.int64),
        weights=np.array([piece.weight for piece in pieces], np.float64),
        fields=nothing,
        starts=nothing,
        ends=nothing,
        quotes=nothing,
    )
    return clues.take(np.lexsort((clues.rules, clues.stories)))


def _candidates(
    pieces: Sequence[arguments.Piece],
    known: scoring.Candidates,
    followed: chain.Followed,
    standings: scoring.Standings,
    spelled: Mapping[int, str],
) -> list[arguments.Candidate]:
    families: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for piece in pieces:
        if piece.says != rules.CITATION:
            of = families[piece.candidate]
            of[piece.family] = max(of.get(piece.family, piece.weight), piece.weight)
    running: NDArray[np.bool_] = np.zeros(len(known), np.bool_)
    running[standings.candidates] = True
    found = []
    for number, key in enumerate(known.keys.tolist()):
        name = spelled[key]
        if name in families:
            passed_on = bool(followed.passed_on[number])
            found.append(arguments.Candidate(name, families[name], passed_on, bool(running[number])))
    return sorted(found, key=lambda one: (not one.is_running, -one.score, one.name))


def _without(
    pieces: Sequence[arguments.Piece],
    articles: Mapping[str, str | None],
    table: agencies.Agencies,
    given: arguments.Answer,
) -> list[arguments.Change]:
    """Return each rule's evidence for a candidate without which the answer would be another."""
    found = []
    for rule, candidate in dict.fromkeys((piece.rule, piece.candidate) for piece in pieces):
        gone = [piece for piece in pieces if (piece.rule, piece.candidate) == (rule, candidate)]
        if all(piece.says == rules.CITATION for piece in gone):
            continue
        left = [piece for piece in pieces if piece not in gone and not _rests_on(piece, gone)]
        other = _judged(left, articles, table).answer
        if not other.is_like(given):
            found.append(arguments.Change(rule, candidate, other))
    return found


def _rests_on(piece: arguments.Piece, gone: Sequence[arguments.Piece]) -> bool:
    """Return whether evidence speaks of a credit that is gone: that it stands outside the shared text."""
    return piece.rule == _OUTSIDE_SHARED and any(
        (piece.article_id, piece.candidate) == (one.article_id, one.candidate) and one.family == rules.CREDIT
        for one in gone
    )


def _with_another(
    pieces: Sequence[arguments.Piece], articles: Mapping[str, str | None], table: agencies.Agencies
) -> list[tuple[str, arguments.Answer]]:
    """Return the answer if one of the articles had the dateline of an agency that nothing else names, for each."""
    named = {piece.candidate for piece in pieces} | set(articles.values())
    another = next(row.name for row in table.rows if row.kind == agencies.AGENCY and row.name not in named)
    found = []
    for article in list(articles)[:_MOST_ARTICLES]:
        credit = arguments.Piece(article, rules.CREDIT, _NEW_CREDIT, another, rules.ORIGIN, arguments.STRONG)
        told = _judged([*pieces, credit], articles, table).answer
        shown = tuple(arguments.ANOTHER if name == another else name for name in told.names)
        found.append((article, arguments.Answer(told.level, shown)))
    return found
