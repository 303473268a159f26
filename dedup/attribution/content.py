"""Rules on what the stories of a case share: they say little alone, and order more than origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.attribution import dossiers

_WHOLE, _PART = 0.99, 0.9  # shares of the cluster's text
_ORIGIN, _TEXT = rules.SAYS.index(rules.ORIGIN), rules.FIELDS.index("text")
_TAKEN = [rules.SAYS.index(says) for says in (rules.ORIGIN, rules.IMMEDIATE_SOURCE)]


def _credit_outside(dossier: dossiers.Dossier) -> rules.Findings:
    """Return each origin credit that its story does not share with the others: who has less text dropped it.

    On a passage that says nothing: the credits of a story stand outside of its passages. Nor does it where all others
    are pages of whom it credits: they need none.
    """
    clues, shared = dossier.clues, dossier.shared
    is_whole = not dossier.cases.are_passages
    credited = np.flatnonzero((clues.says == _ORIGIN) & (clues.fields == _TEXT) & is_whole)
    stories, starts, ends = clues.stories[credited], clues.starts[credited], clues.ends[credited]
    dropped = _n_others(dossier, stories, clues.keys[credited]) > 0
    outside = credited[shared.has(stories) & ~shared.overlaps(stories, starts, ends) & dropped]
    return rules.Findings(
        clues.stories[outside],
        clues.names[outside],
        clues.fields[outside],
        clues.starts[outside],
        clues.ends[outside],
        clues.quotes[outside],
    )


def _n_others(
    dossier: dossiers.Dossier, stories: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each story how many others of its case are not pages of a candidate, (n,) int64.

    Parameters
    ----------
    keys : (n,) int64, the candidates
    """
    owns, case = dossier.owns(), dossier.cases.case_of()
    two = np.flatnonzero((owns[:, 1] >= 0) & (owns[:, 1] != owns[:, 0]))
    known = np.flatnonzero(owns[:, 0] >= 0)
    pages = np.concatenate(((case[known] << 32) | owns[known, 0], (case[two] << 32) | owns[two, 1]))
    pages.sort()
    asked = (case[stories] << 32) | np.maximum(keys, 0)
    n_own = np.searchsorted(pages, asked, "right") - np.searchsorted(pages, asked, "left")
    is_own = (owns[stories] == keys[:, None]).any(axis=1)
    n_others: NDArray[np.int64] = np.diff(dossier.cases.offsets)[case[stories]] - 1 - (n_own - is_own)
    return n_others


def _superset(dossier: dossiers.Dossier) -> rules.Findings:
    """Return the one story of each case that holds all of the text, where the others hold parts."""
    cases = dossier.cases
    case, n_cases = cases.case_of(), len(cases)
    is_whole = cases.shares >= _WHOLE
    n_most = np.bincount(case, cases.shares >= _PART, n_cases)
    alone = (n_most == 1) & (np.diff(cases.offsets) > 1)
    return dossier.pages.own_outlets(np.flatnonzero(is_whole & alone[case]))


def _one_outlet(dossier: dossiers.Dossier) -> rules.Findings:
    """Return the outlet of all stories of each case, if they are several, and none is taken."""
    cases, clues = dossier.cases, dossier.clues
    case, n_cases, firsts = cases.case_of(), len(cases), cases.offsets[:-1]
    keys = dossier.pages.keys()
    common = np.column_stack([_held_by_all(keys[firsts, i], keys, case) for i in range(2)])
    theirs = np.where(common, keys[firsts], -1)[clues.cases]
    is_own = (theirs == clues.keys[:, None]).any(axis=1) & (clues.keys >= 0)
    taken = np.bincount(clues.cases, np.isin(clues.says, _TAKEN) & ~is_own, n_cases) > 0
    one_site = _held_by_all(dossier.pages.sites[firsts], dossier.pages.sites[:, None], case)
    found = (np.diff(cases.offsets) > 1) & common.any(axis=1) & one_site & ~taken
    return dossier.pages.own_outlets(firsts[found])


def _held_by_all(
    asked: NDArray[np.int64], keys: NDArray[np.int64], case: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return for each case whether each of its pages has this key, (n_cases,) bool; never for -1."""
    holds = (keys == asked[case][:, None]).any(axis=1)
    every: NDArray[np.bool_] = (np.bincount(case, ~holds, len(asked)) == 0) & (asked >= 0)
    return every


RULES = (
    rules.CaseRule(
        name="credit_outside_shared",
        family=rules.CONTENT,
        says=rules.ORDER,
        weight=1.5,
        looks_for="a credit that stands outside what the other stories share: they dropped it",
        find=_credit_outside,
    ),
    rules.CaseRule(
        name="superset",
        family=rules.CONTENT,
        says=rules.ORDER,
        weight=0.5,
        looks_for="one story holds all of the text, the others parts",
        find=_superset,
    ),
    rules.CaseRule(
        name="one_outlet",
        family=rules.CONTENT,
        says=rules.SELF_CLAIM,
        weight=2,
        looks_for="all stories are one outlet's, and not taken from elsewhere",
        find=_one_outlet,
    ),
)
