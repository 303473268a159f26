"""From the standings to the answer for each case: a level, and the candidates that it names."""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import arguments
from dedup.arguments import CONFLICTING, INFERRED, STATED, UNDETERMINED
from dedup.attribution import agencies, rules, scoring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.attribution import chain, dossiers, naming
    from dedup.attribution import clues as gathering

_CO_ORIGIN = rules.SAYS.index(rules.CO_ORIGIN)
_HINTS = [rules.SAYS.index(says) for says in (rules.CITATION, rules.IMMEDIATE_SOURCE, rules.CO_ORIGIN)]


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """The answer for each case.

    Parameters
    ----------
    origins : (n_cases,) int64, candidates; -1 for none
    scores : (n_cases,) float64, of the best candidate; 0 where there is none
    """

    levels: list[str]
    origins: NDArray[np.int64]
    scores: NDArray[np.float64]
    co_origins: list[tuple[str, ...]]
    warnings: list[tuple[str, ...]]


def give(
    clues: gathering.Clues,
    register: naming.Register,
    n_cases: int,
    known: scoring.Candidates,
    standings: scoring.Standings,
    followed: chain.Followed,
) -> Answers:
    """Return the answer for each case."""
    best, second = standings.offsets[:-1], standings.offsets[:-1] + 1
    has_any, has_second = best < standings.offsets[1:], second < standings.offsets[1:]
    scores = np.where(has_any, np.append(standings.scores, [0, 0])[best], 0.0)
    leads = scores - np.where(has_second, np.append(standings.scores, [0, 0])[second], 0.0)
    n_stated = np.bincount(standings.cases(), standings.are_stated, n_cases)
    overridden = _overridden(clues)
    decided = np.zeros(n_cases, np.bool_)
    decided[list(overridden)] = True
    sharing = (clues.says == _CO_ORIGIN) & (clues.weights >= arguments.STRONG)
    shares = np.zeros(len(known) + 1, np.bool_)
    shares[known.of_clues[sharing]] = True
    rivals = np.where(has_second, np.append(standings.candidates, [-1, -1])[second], -1)
    against = (rivals >= 0) & ~shares[rivals] & (scores - leads >= arguments.AGAINST) & ~decided
    is_stated = (n_stated > 1) | ((n_stated > 0) & ~against)
    is_ahead = has_any & (scores >= arguments.LEAST_INFERRED) & (leads >= arguments.LEAST_LEAD)
    given = Answers(
        list(np.where(is_stated, STATED, np.where(is_ahead, INFERRED, UNDETERMINED)).astype(object)),
        np.where(is_stated | is_ahead, np.append(standings.candidates, [-1, -1])[best], -1),
        scores,
        [()] * n_cases,
        [()] * n_cases,
    )
    _name_co_origins(clues, register, known, standings, given)
    for case in np.flatnonzero(n_stated > 1).tolist():
        stated = [standings.candidates[i] for i in standings.of_case(case) if standings.are_stated[i]]
        named = tuple(known.shown[number] for number in stated)
        keys = known.keys[stated].tolist()
        shared = any(story.carried.issuperset(keys) for story in followed.credits.get(case, ()))
        if shared and case not in overridden:
            given.co_origins[case] = named[1:] + given.co_origins[case]
        else:
            who = "overrides" if case in overridden else "strong credits"
            _leave_open(given, case, named, f"{who} name different origins: {', '.join(named)}")
    for case, circle in followed.circles.items():
        if case in overridden:
            continue
        named = tuple(sorted(known.shown[number] for number in known.find(case, circle)))
        _leave_open(given, case, named, f"credits lead in a circle: {', '.join(named)}")
    for case, nobody in overridden.items():
        if nobody:
            given.levels[case], given.origins[case], given.co_origins[case] = UNDETERMINED, -1, ()
        elif given.levels[case] == STATED:
            given.co_origins[case] = ()
    return given


def _overridden(clues: gathering.Clues) -> dict[int, bool]:
    """Return the cases of which users say whose they are; whether they say that nobody is to be named."""
    rows = np.flatnonzero(clues.families == rules.FAMILIES.index(rules.OVERRIDE))
    strongest: dict[int, tuple[float, bool]] = {}
    for case, weight, name in zip(
        clues.cases[rows].tolist(), clues.weights[rows].tolist(), clues.names[rows].tolist(), strict=True
    ):
        strongest[case] = max(strongest.get(case, (0.0, False)), (weight, name < 0))
    return {case: nobody for case, (_, nobody) in strongest.items()}


def _leave_open(given: Answers, case: int, named: tuple[str, ...], warning: str) -> None:
    given.levels[case], given.origins[case] = CONFLICTING, -1
    given.co_origins[case], given.warnings[case] = named, (warning,)


def _name_co_origins(
    clues: gathering.Clues,
    register: naming.Register,
    known: scoring.Candidates,
    standings: scoring.Standings,
    given: Answers,
) -> None:
    """Write who wrote beside each origin: the co-origins that are neither it nor stated themselves."""
    said = clues.take(clues.says == _CO_ORIGIN)
    others = scoring.candidates(said, register)
    named: dict[int, list[str]] = collections.defaultdict(list)
    for number in np.flatnonzero(given.origins[others.cases] >= 0).tolist():
        case = int(others.cases[number])
        taken = {int(known.keys[given.origins[case]])}
        taken.update(
            int(known.keys[standings.candidates[i]])
            for i in standings.of_case(case)
            if standings.are_stated[i]
        )
        if int(others.keys[number]) not in taken:
            named[case].append(others.shown[number])
    for case, shown in named.items():
        given.co_origins[case] = tuple(sorted(shown))


def runners_up(
    dossier: dossiers.Dossier, known: scoring.Candidates, standings: scoring.Standings, given: Answers
) -> list[str | None]:
    """Return the next candidate of each case; where nobody is named, the agency that the texts mention most.

    A candidate that has only its own word is none, nor is one of several that are level.
    """
    n_cases = len(dossier.cases)
    case = standings.cases()
    places = np.append(known.places, -1)
    is_named = places[standings.candidates] == places[given.origins][case]
    for named in [number for number, others in enumerate(given.co_origins) if others]:
        for number in standings.of_case(named):
            is_named[number] |= known.shown[standings.candidates[number]] in given.co_origins[named]
    left = (standings.scores > 0) & ~standings.are_own_words & ~is_named
    rows = np.flatnonzero(left)
    first = np.searchsorted(case[rows], np.arange(n_cases))
    n_left = np.bincount(case[rows], minlength=n_cases)
    scores = np.append(standings.scores[rows], [0.0, 0.0])
    is_next = (n_left > 0) & ((n_left == 1) | (scores[first] > scores[first + 1]))
    chosen = np.where(is_next, np.append(standings.candidates[rows], -1)[first], -1)
    names = known.names_of(chosen)
    is_open = np.array([level == UNDETERMINED for level in given.levels], np.bool_)
    hints = _hints(dossier, is_open & ~is_next)
    for hinted, name in hints.items():
        names[hinted] = name
    for number, nobody in _overridden(dossier.clues).items():
        names[number] = None if nobody else names[number]
    return names


def _hints(dossier: dossiers.Dossier, asked: NDArray[np.bool_]) -> dict[int, str]:
    """Return the agency that the texts of a case mention most, for each of the cases asked about that has one."""
    clues, table = dossier.clues, dossier.register.table
    rows = np.flatnonzero(asked[clues.cases] & np.isin(clues.says, _HINTS))
    of = dossier.register.agencies_of(clues.names[rows])
    counts: dict[int, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for case, row in zip(clues.cases[rows].tolist(), of.tolist(), strict=True):
        if row >= 0 and table.rows[row].kind == agencies.AGENCY:
            counts[case][table.rows[row].name] += 1
    return {case: min(of, key=lambda name: (-of[name], name)) for case, of in counts.items()}
