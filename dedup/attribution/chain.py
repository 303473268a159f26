"""Following credits: an aggregator credits a newspaper, the newspaper an agency; the last one credited wrote.

Within one story the page's outlet stands outermost, then the outlets that it says it took the text from, then the
agency or issuer whose mark the text itself carries. Each credits the next.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup.attribution import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LEAST_CREDIT = 2.5


@dataclasses.dataclass(frozen=True, slots=True)
class Chain:
    """`passed_on` credit somebody else; the credits of those in `circle` lead back to themselves."""

    passed_on: frozenset[str]
    circle: frozenset[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Credits:
    """What one story says, as keys of candidates: `own` is who published it, `carried` whose mark the text bears."""

    own: frozenset[str]
    taken_from: frozenset[str]
    carried: frozenset[str]
    shared: frozenset[str]
    """Those who share the credit with whom the text carries: they wrote too, and pass nothing on."""


def read(own: frozenset[str], clues: Iterable[rules.Clue], marked: frozenset[str]) -> Credits:
    """Return the credits of one story.

    Parameters
    ----------
    own : the keys of the page's outlet
    clues : the clues of this story
    marked : the keys of agencies and issuers, whose credits are marks of the text itself
    """
    taken_from: set[str] = set()
    carried: set[str] = set()
    shared: set[str] = set()
    for clue in clues:
        key, says, weight = clue.candidate, clue.rule.says, clue.rule.weight
        if key is None:
            continue
        if says == rules.CO_ORIGIN and weight >= rules.STRONG:
            shared.add(key)
        elif says == rules.IMMEDIATE_SOURCE and key not in own:
            taken_from.add(key)
        elif says == rules.ORIGIN and weight >= _LEAST_CREDIT and key not in own:
            (carried if key in marked else taken_from).add(key)
    return Credits(own, frozenset(taken_from - carried), frozenset(carried), frozenset(shared))


def follow(stories: Iterable[Credits]) -> Chain:
    """Return who passes the credit on, and who stands in a circle.

    >>> nobody = frozenset()
    >>> page = Credits(frozenset({"digest"}), frozenset({"times"}), nobody, nobody)
    >>> times = Credits(frozenset({"times"}), nobody, frozenset({"reuters"}), nobody)
    >>> sorted(follow([page, times]).passed_on)
    ['digest', 'times']
    """
    edges: dict[str, set[str]] = {}
    for story in stories:
        for key in story.own - story.shared:
            edges.setdefault(key, set()).update(story.taken_from or story.carried)
        for key in story.taken_from - story.shared:
            edges.setdefault(key, set()).update(story.carried)
    steps = {key: after - {key} for key, after in edges.items() if after - {key}}
    circle = {key for key in steps if not _reaches_end(key, steps)}
    return Chain(frozenset(steps), frozenset(circle))


def _reaches_end(key: str, steps: Mapping[str, set[str]]) -> bool:
    seen, waiting = {key}, [key]
    while waiting:
        for after in steps[waiting.pop()]:
            if after not in steps:
                return True
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return False
