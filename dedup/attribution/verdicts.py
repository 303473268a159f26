"""The verdicts on cases: who wrote each text, where each story took it from, and which was first here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.attribution import (
    agencies,
    answers,
    chain,
    dossiers,
    evidence,
    grouped,
    overrides,
    rules,
    scoring,
    timing,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import running

_MOST_OF_IT = 0.5  # share of the cluster's text
_PART_OF_IT = 0.25  # of it, where all stories are the originator's
_ORIGIN, _SOURCE = (rules.SAYS.index(says) for says in (rules.ORIGIN, rules.IMMEDIATE_SOURCE))
_PRIOR, _OVERRIDE = rules.FAMILIES.index(rules.PRIOR), rules.FAMILIES.index(rules.OVERRIDE)


def attribute(
    case: records.Case, table: agencies.Agencies, known_better: overrides.Overrides = overrides.NONE
) -> records.Verdict:
    """Return who wrote the text that the stories of one case share, with the evidence; see `attribute_all`.

    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said it had agreed."
    >>> story = records.Story("a", text, 0, len(text), outlet="Daily Digest")
    >>> verdict = attribute(records.Case((story,), ((),), (1.0,), ("copy",)), agencies.load())
    >>> verdict.origin_name, verdict.level, verdict.origin, verdict.immediate_sources
    ('Reuters', 'stated', None, ('Reuters',))
    """
    return attribute_all(records.Cases.of([case]), table, known_better=known_better).verdict(0)


def attribute_all(
    cases: records.Cases,
    table: agencies.Agencies,
    run: running.Run = map,
    known_better: overrides.Overrides = overrides.NONE,
) -> records.Verdicts:
    """Return for each case who wrote the text that its stories share, with the evidence.

    The level is `stated` where a strong credit names the origin and no other does; `inferred` where a candidate is
    clearly ahead without one; `conflicting` where strong credits contradict each other or lead in a circle;
    `undetermined` otherwise. Claimed dates are never rewritten: where one cannot be right, a warning says so.

    Only the texts of stories that hold a sign are read; all else is done on columns.

    Parameters
    ----------
    cases : one or more stories each, and what each shares with the others
    table : the agencies to know
    run : what looks for signs, in some stories at a time
    known_better : what users say of some cases, outlets and rules: it always wins
    """
    dossier = dossiers.gather(cases, table, run, known_better)
    known = scoring.candidates(dossier.clues, dossier.register)
    owns = dossier.owns()
    followed = chain.follow_all(dossier.clues, known, owns, cases.offsets)
    standings = scoring.weigh(dossier.clues, known, followed.passed_on, _several_outlets(dossier, owns))
    given = answers.give(dossier.clues, dossier.register, len(cases), known, standings, followed)
    kinds = known.kinds_of(given.origins)
    for case, kind in dossier.kinds.items():
        kinds[case] = kind if given.origins[case] >= 0 else kinds[case]
    order = timing.order(cases, dossier.claims, dossier.odd())
    origins = _originals(dossier, owns, np.append(known.keys, -1)[given.origins])
    return records.Verdicts(
        offsets=cases.offsets,
        origin_names=known.names_of(given.origins),
        origin_kinds=kinds,
        origins=origins,
        co_origins=given.co_origins,
        levels=given.levels,
        scores=given.scores,
        runners_up=answers.runners_up(dossier, known, standings, given),
        firsts=order.firsts,
        first_published=dossier.claims.isos(order.bases),
        warnings=_warnings(dossier, given),
        immediate_sources=_immediate_sources(dossier, known, owns),
        lags_s=order.lags(),
        story_warnings=dossier.warnings,
        evidence=evidence.list_all(dossier, known),
    )


def _several_outlets(dossier: dossiers.Dossier, owns: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each case whether its pages are of more than one outlet; one is told by its first key."""
    keys = dossier.register.keys
    alphabet = np.empty(len(keys) + 1, np.int64)
    alphabet[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    alphabet[-1] = len(keys)
    first = alphabet[owns].min(axis=1)
    starts = dossier.cases.offsets[:-1]
    lowest = np.minimum.reduceat(first, starts)
    highest = np.maximum.reduceat(np.where(first < len(keys), first, -1), starts)
    several: NDArray[np.bool_] = lowest < highest
    return several


def _originals(
    dossier: dossiers.Dossier, owns: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the earliest story on the originator's own pages that holds most of the text; -1 if there is none.

    Where none holds most of it, the one that holds the most; where all stories are its own, the earliest of all.

    Parameters
    ----------
    owns : (n, 2) int64, the keys of each page's outlet
    keys : (n_cases,) int64, the originator of each case; -1 for none
    """
    cases, claims = dossier.cases, dossier.claims
    case = cases.case_of()
    is_own = ((owns == keys[case][:, None]) & (owns >= 0)).any(axis=1)
    most = np.maximum.reduceat(np.where(is_own, cases.shares, 0.0), cases.offsets[:-1])
    all_own = np.bincount(case, ~is_own, len(cases)) == 0
    least = np.where(all_own, _PART_OF_IT, np.minimum(_MOST_OF_IT, most))
    rows = np.flatnonzero(is_own & (cases.shares >= least[case]))
    by_date = (claims.numbers[rows] < 0, claims.starts[rows], cases.stories.ranks[rows])
    return np.append(rows, -1)[grouped.firsts(case[rows], len(cases), by_date)]


def _immediate_sources(
    dossier: dossiers.Dossier, known: scoring.Candidates, owns: NDArray[np.int64]
) -> list[str | None]:
    """Return where each story says that it was taken from: the place it names, else the origin that it credits."""
    clues = dossier.clues
    foreign = (clues.keys >= 0) & (owns[clues.stories] != clues.keys[:, None]).all(axis=1)
    is_place = ~clues.are_of_kind(rules.ISSUER) & ~clues.are_of_kind(rules.STATEMENT)
    by_page = (clues.families != _PRIOR) & (clues.families != _OVERRIDE)
    names_source = np.isin(clues.says, (_SOURCE, _ORIGIN)) & by_page & is_place
    rows = np.flatnonzero(foreign & names_source)
    by_weight = (clues.says[rows] != _SOURCE, -clues.weights[rows])
    best = grouped.firsts(clues.stories[rows], len(dossier.cases.stories), by_weight)
    return known.names_of(np.append(known.of_clues[rows], -1)[best])


def _warnings(dossier: dossiers.Dossier, given: answers.Answers) -> list[tuple[str, ...]]:
    """Return what is odd about each case: about the answer, then about the dates of its stories."""
    told = list(given.warnings)
    case = dossier.cases.case_of()
    for story in [number for number, warnings in enumerate(dossier.warnings) if warnings]:
        of = int(case[story])
        told[of] = tuple(dict.fromkeys((*told[of], *dossier.warnings[story])))
    return told
