"""Weighing the clues: within a family the strongest counts, families add up, candidates compete with "unknown".

An immediate source alone never makes an origin. It says where a page took a text from, and whoever had it may have
taken it from somebody else, so that the chain of credit is open at its end. It adds to the score of a candidate for
whom something else speaks: a credit, or the candidate's own page in the case. A citation never counts.
A co-origin ("The Associated Press contributed") counts for the whole text only where several outlets share it: what
two outlets have in common is the agency's rather than either one's.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import arguments
from dedup.attribution import agencies, names, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from dedup.attribution import clues as gathering
    from dedup.attribution import naming

AGENCY, OUTLET, ISSUER, STATEMENT, UNKNOWN = "agency", rules.OUTLET, rules.ISSUER, rules.STATEMENT, "unknown"
KINDS = (AGENCY, OUTLET, ISSUER, STATEMENT)

_ORIGIN, _CO_ORIGIN, _SELF_CLAIM, _CITATION = (
    rules.SAYS.index(says) for says in (rules.ORIGIN, rules.CO_ORIGIN, rules.SELF_CLAIM, rules.CITATION)
)
_PRIOR, _OVERRIDE = rules.FAMILIES.index(rules.PRIOR), rules.FAMILIES.index(rules.OVERRIDE)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """Whom the clues speak for, in the order of cases and keys.

    Parameters
    ----------
    cases, keys : (n,) int64
    shown : n names to show
    places : (n,) int64, the place of that name in the alphabet of all of them; equal for equal names
    kinds : (n,) int64, of KINDS
    distribute : (n,) bool, whether each is a syndicate, that passes on what another outlet wrote
    of_clues : (n_clues,) int64, the candidate of each clue; -1 for nobody
    """

    cases: NDArray[np.int64]
    keys: NDArray[np.int64]
    shown: list[str]
    places: NDArray[np.int64]
    kinds: NDArray[np.int64]
    distribute: NDArray[np.bool_]
    of_clues: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.keys)

    def names_of(self, chosen: NDArray[np.int64]) -> list[str | None]:
        """Return the names of some candidates, None for -1."""
        shown = [*self.shown, None]
        return [shown[number] for number in chosen.tolist()]

    def kinds_of(self, chosen: NDArray[np.int64]) -> list[str]:
        """Return the kinds of some candidates, UNKNOWN for -1."""
        kinds = np.array([*KINDS, UNKNOWN], object)
        kind_of = np.append(self.kinds, len(KINDS))
        return list(kinds[kind_of[chosen]])

    def are_marks(self) -> NDArray[np.bool_]:
        """Return for each clue whether it speaks for an agency or an issuer: its credits are marks of the text."""
        marks: NDArray[np.bool_] = np.append(self.kinds != KINDS.index(OUTLET), False)[self.of_clues]
        return marks

    def are_distributors(self) -> NDArray[np.bool_]:
        """Return for each clue whether it speaks for a syndicate."""
        distribute: NDArray[np.bool_] = np.append(self.distribute, False)[self.of_clues]
        return distribute

    def find(self, case: int, keys: Iterable[int]) -> list[int]:
        """Return the candidates of one case that have these keys; there may be none for a key."""
        first, last = np.searchsorted(self.cases, (case, case + 1)).tolist()
        of_case = dict(zip(self.keys[first:last].tolist(), range(first, last), strict=True))
        return [of_case[key] for key in keys if key in of_case]


def candidates(clues: gathering.Clues, register: naming.Register) -> Candidates:
    """Return whom these clues speak for, each with the name to show and what it is."""
    rows = np.flatnonzero(clues.keys >= 0)
    packed, of_rows = np.unique((clues.cases[rows] << 32) | clues.keys[rows], return_inverse=True)
    of_clues = np.full(len(clues), -1)
    of_clues[rows] = of_rows
    n = len(packed)
    speaking = clues.take(rows)
    agency_rows = register.agencies_of(speaking.names)
    agency = np.full(n, -1)
    np.maximum.at(agency, of_rows, agency_rows)
    is_agency = np.array([*(row.kind == agencies.AGENCY for row in register.table.rows), False])
    is_issuer = speaking.are_of_kind(ISSUER)
    kinds = np.full(n, KINDS.index(OUTLET))
    for kind in (STATEMENT, ISSUER):
        kinds[of_rows[speaking.are_of_kind(kind)]] = KINDS.index(kind)
    kinds[of_rows[is_agency[agency_rows]]] = KINDS.index(AGENCY)
    heaviest = np.full(n, -np.inf)
    np.maximum.at(heaviest, of_rows, speaking.weights)
    leads = is_issuer & (speaking.weights == heaviest[of_rows])
    has_lead = np.bincount(of_rows, leads, n) > 0
    spelled = _best_spelling(speaking.names, of_rows, leads | ~has_lead[of_rows], register, n)
    shown = [
        register.table.rows[row].name if row >= 0 else register.shown(name)
        for row, name in zip(agency.tolist(), spelled, strict=True)
    ]
    alphabet = {name: place for place, name in enumerate(sorted(set(shown)))}
    places = np.array([alphabet[name] for name in shown], np.int64)
    is_syndicate = np.array([*(row.kind == agencies.SYNDICATE for row in register.table.rows), False])
    return Candidates(packed >> 32, packed & 0xFFFFFFFF, shown, places, kinds, is_syndicate[agency], of_clues)


def _best_spelling(
    spellings: NDArray[np.int64],
    of: NDArray[np.int64],
    counted: NDArray[np.bool_],
    register: naming.Register,
    n: int,
) -> list[str]:
    """Return the name to show for each candidate, from all spellings that count.

    Parameters
    ----------
    spellings, of, counted : (n_clues,) names, candidates, and whether the spelling counts
    n : the number of candidates
    """
    used = np.flatnonzero(np.bincount(spellings))
    order = sorted(used.tolist(), key=lambda number: names.preference(register.names[number]))
    place = np.zeros(len(register.names), np.int64)
    place[order] = np.arange(len(order))
    best = np.full(n, len(order))
    np.minimum.at(best, of[counted], place[spellings[counted]])
    displayed = [names.display([register.names[number]]) for number in order]
    return [displayed[i] for i in best.tolist()]


@dataclasses.dataclass(frozen=True, slots=True)
class Standings:
    """Candidates for the origin, the best of each case first: those of case i from `offsets[i]` to `offsets[i + 1]`.

    Parameters
    ----------
    offsets : (n_cases + 1,) int64
    candidates : (n,) int64
    scores : (n,) float64, log-odds
    are_stated : (n,) bool, whether a strong credit names the candidate
    are_own_words : (n,) bool, whether nothing speaks for it but its own masthead
    """

    offsets: NDArray[np.int64]
    candidates: NDArray[np.int64]
    scores: NDArray[np.float64]
    are_stated: NDArray[np.bool_]
    are_own_words: NDArray[np.bool_]

    def cases(self) -> NDArray[np.int64]:
        """Return the case of each, (n,) int64."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def of_case(self, case: int) -> range:
        """Return the numbers of those of one case."""
        return range(int(self.offsets[case]), int(self.offsets[case + 1]))


def weigh(
    clues: gathering.Clues,
    known: Candidates,
    passed_on: NDArray[np.bool_],
    several_outlets: NDArray[np.bool_],
) -> Standings:
    """Return the candidates for the origin of each case, the best first.

    Parameters
    ----------
    clues : all clues of the cases
    known : whom they speak for
    passed_on : (n_candidates,) bool, those that credit somebody else; they do not compete
    several_outlets : (n_cases,) bool, whether the case holds pages of more than one outlet
    """
    rows = np.flatnonzero(known.of_clues >= 0)
    clues, of, n = clues.take(rows), known.of_clues[rows], len(known)
    is_prior, is_origin = clues.families == _PRIOR, clues.says == _ORIGIN
    is_self_claim = clues.says == _SELF_CLAIM
    is_shared = several_outlets[clues.cases] & (clues.says == _CO_ORIGIN) & (clues.weights < arguments.STRONG)
    founded = np.bincount(of, is_shared | is_self_claim | (is_origin & ~is_prior), n) > 0
    stated = np.bincount(of, is_origin & (clues.weights >= arguments.STRONG), n) > 0
    is_override = clues.families == _OVERRIDE
    overriding = np.zeros(n)
    np.maximum.at(overriding, of[is_override], clues.weights[is_override])
    most = np.zeros(len(several_outlets))
    np.maximum.at(most, known.cases, overriding)
    wins = (overriding > 0) & (overriding == most[known.cases])
    stated = np.where(most[known.cases] > 0, wins, stated)
    passed_on = passed_on & ~wins
    own_words = np.bincount(of, ~(is_self_claim | is_prior), n) == 0
    scored = clues.says != _CITATION
    best = np.full((n, len(rules.FAMILIES)), -np.inf)
    np.maximum.at(best, (of[scored], clues.families[scored]), clues.weights[scored])
    scores = np.where(np.isinf(best), 0.0, best).sum(axis=1)
    kept = np.flatnonzero(founded & ~passed_on)
    order = kept[np.lexsort((known.places[kept], -scores[kept], ~stated[kept], known.cases[kept]))]
    offsets = np.searchsorted(known.cases[order], np.arange(len(several_outlets) + 1))
    return Standings(offsets, order, scores[order], stated[order], own_words[order])
