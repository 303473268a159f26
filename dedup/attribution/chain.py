"""Following credits: an aggregator credits a newspaper, the newspaper an agency; the last one credited wrote.

Within one story the page's outlet stands outermost, then the outlets that it says it took the text from, then the
agency or issuer whose mark the text itself carries. Each credits the next. A syndicate passes on what another outlet
that is credited beside it wrote.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import arguments
from dedup.attribution import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from dedup.attribution import clues as gathering
    from dedup.attribution import scoring

_TAKEN_FROM, _CARRIED, _SHARED = range(3)
_ORIGIN, _CO_ORIGIN, _SOURCE = (
    rules.SAYS.index(says) for says in (rules.ORIGIN, rules.CO_ORIGIN, rules.IMMEDIATE_SOURCE)
)
_PRIOR = rules.FAMILIES.index(rules.PRIOR)


@dataclasses.dataclass(frozen=True, slots=True)
class Chain:
    """`passed_on` credit somebody else; the credits of those in `circle` lead back to themselves."""

    passed_on: frozenset[int]
    circle: frozenset[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Credits:
    """What one story says, as keys of candidates: `own` is who published it, `carried` whose mark the text bears."""

    own: frozenset[int]
    taken_from: frozenset[int]
    carried: frozenset[int]
    shared: frozenset[int]
    """Those who share the credit with whom the text carries: they wrote too, and pass nothing on."""
    through: frozenset[int] = frozenset()
    """The syndicates among those that it was taken from."""


@dataclasses.dataclass(frozen=True, slots=True)
class Followed:
    """Where the credits of all cases lead.

    Parameters
    ----------
    passed_on : (n_candidates,) bool, whether the candidate credits somebody else
    circles : the keys whose credits lead back to themselves, of each case that has some
    credits : the credits of each story, of each case in which one credits somebody else
    """

    passed_on: NDArray[np.bool_]
    circles: dict[int, frozenset[int]]
    credits: dict[int, list[Credits]]


def follow_all(
    clues: gathering.Clues, known: scoring.Candidates, owns: NDArray[np.int64], offsets: NDArray[np.int64]
) -> Followed:
    """Return where the credits of all cases lead.

    Parameters
    ----------
    clues : all clues, in the order of their stories
    known : whom they speak for
    owns : (n, 2) int64, the keys of each page's outlet; -1 for none
    offsets : (n_cases + 1,) int64, the stories of each case
    """
    found = Followed(np.zeros(len(known), np.bool_), {}, {})
    for case, told in read(clues, owns, offsets, known.are_marks(), known.are_distributors()):
        followed = follow(told)
        found.passed_on[known.find(case, followed.passed_on)] = True
        found.credits[case] = told
        if followed.circle:
            found.circles[case] = followed.circle
    return found


def read(
    clues: gathering.Clues,
    owns: NDArray[np.int64],
    offsets: NDArray[np.int64],
    marked: NDArray[np.bool_],
    distributing: NDArray[np.bool_],
) -> Iterator[tuple[int, list[Credits]]]:
    """Yield each case in which a story credits somebody else, with the credits of each of its stories.

    Parameters
    ----------
    clues : all clues, in the order of their stories
    owns : (n, 2) int64, the keys of each page's outlet; -1 for none
    offsets : (n_cases + 1,) int64, the stories of each case
    marked : (n_clues,) bool, whether the candidate is an agency or an issuer, whose credits are marks of the text
    distributing : (n_clues,) bool, whether the candidate is a syndicate
    """
    rest = (clues.keys >= 0) & (clues.families != _PRIOR)
    foreign = rest & (owns[clues.stories] != clues.keys[:, None]).all(axis=1)
    kinds = np.full(len(clues), -1)
    kinds[rest & (clues.says == _CO_ORIGIN) & (clues.weights >= arguments.STRONG)] = _SHARED
    kinds[foreign & (clues.says == _SOURCE)] = _TAKEN_FROM
    origins = foreign & (clues.says == _ORIGIN) & (clues.weights >= arguments.LEAST_CREDIT)
    kinds[origins] = np.where(marked[origins], _CARRIED, _TAKEN_FROM)
    rows = np.flatnonzero(kinds >= 0)
    bounds = np.flatnonzero(np.diff(clues.cases[rows], prepend=-1, append=-2))
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        case = int(clues.cases[rows[start]])
        first, last = int(offsets[case]), int(offsets[case + 1])
        said: list[tuple[set[int], set[int], set[int]]] = [(set(), set(), set()) for _ in range(first, last)]
        through = frozenset(clues.keys[rows[start:end]][distributing[rows[start:end]]].tolist())
        for row in rows[start:end].tolist():
            said[int(clues.stories[row]) - first][kinds[row]].add(int(clues.keys[row]))
        yield (
            case,
            [
                Credits(
                    frozenset(own) - {-1},
                    frozenset(taken - carried),
                    frozenset(carried),
                    frozenset(shared),
                    frozenset(taken - carried) & through,
                )
                for own, (taken, carried, shared) in zip(owns[first:last].tolist(), said, strict=True)
            ],
        )


def follow(stories: Iterable[Credits]) -> Chain:
    """Return who passes the credit on, and who stands in a circle.

    >>> nobody, digest, times, reuters = frozenset(), frozenset({1}), frozenset({2}), frozenset({3})
    >>> page = Credits(own=digest, taken_from=times, carried=nobody, shared=nobody)
    >>> article = Credits(own=times, taken_from=nobody, carried=reuters, shared=nobody)
    >>> sorted(follow([page, article]).passed_on)
    [1, 2]
    """
    edges: dict[int, set[int]] = {}
    for story in stories:
        for key in story.own - story.shared:
            edges.setdefault(key, set()).update(story.taken_from or story.carried)
        for key in story.taken_from - story.shared:
            edges.setdefault(key, set()).update(story.carried)
        for key in story.through - story.shared:
            edges.setdefault(key, set()).update(story.taken_from - story.through)
    steps = {key: after - {key} for key, after in edges.items() if after - {key}}
    circle = {key for key in steps if not _reaches_end(key, steps)}
    return Chain(frozenset(steps), frozenset(circle))


def _reaches_end(key: int, steps: Mapping[int, set[int]]) -> bool:
    seen, waiting = {key}, [key]
    while waiting:
        for after in steps[waiting.pop()]:
            if after not in steps:
                return True
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return False
