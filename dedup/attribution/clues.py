"""Clues: what the rules found, tied to the candidates that it speaks for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import registry, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Clues:
    """Findings with what their rules say, and the candidates that they speak for; (n,) each.

    Parameters
    ----------
    cases, stories : int64, by their numbers; the clues of a story stand in the order of the rules
    rules : int64, of `registry.RULES`
    names, keys : int64, of the register; -1 for nobody
    families, says : int64, of `rules.FAMILIES` and `rules.SAYS`
    weights : float64
    fields, starts, ends : int64, the quote's characters in one of `rules.FIELDS`; -1 for none
    quotes : int64, the words quoted from a text, by their numbers; -1 for all others
    """

    cases: NDArray[np.int64]
    stories: NDArray[np.int64]
    rules: NDArray[np.int64]
    names: NDArray[np.int64]
    keys: NDArray[np.int64]
    families: NDArray[np.int64]
    says: NDArray[np.int64]
    weights: NDArray[np.float64]
    fields: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    quotes: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of clues."""
        return len(self.stories)

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Clues:
        """Return some of them, in the order asked for."""
        return Clues(*(getattr(self, field.name)[chosen] for field in dataclasses.fields(self)))

    def are_of_kind(self, kind: str) -> NDArray[np.bool_]:
        """Return whether each speaks of a candidate of this kind, which its rule tells, (n,) bool."""
        are: NDArray[np.bool_] = _KINDS[self.rules] == kind
        return are


_FAMILY = np.array([rules.FAMILIES.index(rule.family) for rule in registry.RULES])
_SAYS = np.array([rules.SAYS.index(rule.says) for rule in registry.RULES])
_WEIGHT = np.array([rule.weight for rule in registry.RULES], np.float64)
_KINDS = np.array([rule.kind for rule in registry.RULES])


def tie(
    found: rules.Findings,
    numbers: NDArray[np.int64],
    keys: NDArray[np.int64],
    cases: NDArray[np.int64],
) -> Clues:
    """Return findings with what their rules say.

    Parameters
    ----------
    numbers : (n,) int64, the rule of each
    keys : (n,) int64, the candidate of each
    cases : (n,) int64, the case of each
    """
    return Clues(
        cases=cases,
        stories=found.stories,
        rules=numbers,
        names=found.names,
        keys=keys,
        families=_FAMILY[numbers],
        says=_SAYS[numbers],
        weights=_WEIGHT[numbers],
        fields=found.fields,
        starts=found.starts,
        ends=found.ends,
        quotes=found.quotes,
    )


def mention(clues: Clues, chosen: NDArray[np.bool_]) -> Clues:
    """Return the clues, the chosen ones as mentions that weigh nothing: credits that bear on something else.

    Parameters
    ----------
    chosen : (n,) bool
    """
    return dataclasses.replace(
        clues,
        families=np.where(chosen, rules.FAMILIES.index(rules.CITED), clues.families),
        says=np.where(chosen, rules.SAYS.index(rules.CITATION), clues.says),
        weights=np.where(chosen, 0.0, clues.weights),
    )


def join(parts: Sequence[Clues]) -> Clues:
    """Return clues of several sources as one, in the order of stories and rules."""
    joined = Clues(
        *(
            np.concatenate([getattr(part, field.name) for part in parts])
            for field in dataclasses.fields(Clues)
        )
    )
    return joined.take(np.lexsort((joined.rules, joined.stories)))
