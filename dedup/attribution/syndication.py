"""Who republishes whom: how often, how fast, with a credit or without, and how many sources a story has."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import names, naming, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import agencies

_CREDITING = (rules.ORIGIN, rules.CO_ORIGIN, rules.IMMEDIATE_SOURCE)
_BY_CREDIT = (rules.CREDIT, rules.STRUCTURE)


@dataclasses.dataclass(frozen=True, slots=True)
class Pairs:
    """Outlets and those whose text they print, n of them, in the order of the names.

    Parameters
    ----------
    sources, outlets : whom the text was taken from, or else who wrote it; who prints it
    n_copies, n_credited : (n,) int64, pages; those that say so
    lags_s : the median of the seconds between the original and the copy; None where no pair of dates tells
    """

    sources: list[str]
    outlets: list[str]
    n_copies: NDArray[np.int64]
    n_credited: NDArray[np.int64]
    lags_s: list[int | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Syndication:
    """What was republished.

    Parameters
    ----------
    are_copies, are_credited : (n_stories,) bool, whether a page prints another's text, and whether it says so
    n_copies, n_uncredited : (n_cases,) int64
    n_independent : (n_cases,) int64, owners whose pages hold the text and did not take it, and the origin elsewhere
    """

    are_copies: NDArray[np.bool_]
    are_credited: NDArray[np.bool_]
    n_copies: NDArray[np.int64]
    n_uncredited: NDArray[np.int64]
    n_independent: NDArray[np.int64]
    pairs: Pairs


def measure(cases: records.Cases, verdicts: records.Verdicts, table: agencies.Agencies) -> Syndication:
    """Return what the verdicts on these cases say of who republishes whom."""
    register = naming.Register(table)
    stories, case = cases.stories, cases.case_of()
    own = _own_names(stories, register)
    own_keys = register.keys_of(own)
    origins = register.numbers(verdicts.origin_names)[case]
    sources = register.numbers(verdicts.immediate_sources)
    is_foreign = (register.keys_of(origins) != own_keys) & (origins >= 0)
    copies = is_foreign | (sources >= 0)
    credited = copies & _credited(verdicts, own_keys, register)
    n_cases = len(cases)
    return Syndication(
        copies,
        credited,
        np.bincount(case, copies, n_cases).astype(np.int64),
        np.bincount(case, copies & ~credited, n_cases).astype(np.int64),
        _independent(case, copies, own, np.where(origins >= 0, origins, sources), register, n_cases),
        _pairs(
            np.where(sources >= 0, sources, origins), own, copies, credited, _lags(cases, verdicts), register
        ),
    )


def _own_names(stories: records.Stories, register: naming.Register) -> NDArray[np.int64]:
    """Return the name of each page's outlet by its number: as its record gives it, else its host; -1 for none."""
    outlets = register.column(stories.outlets)
    sites = names.sites(stories.urls).dictionary_encode()
    hosts = [names.host(site) for site in sites.dictionary.to_pylist()]
    numbers = np.append(register.numbers(hosts), -1)
    given = numbers[sites.indices.fill_null(len(hosts)).to_numpy()]
    return np.where(outlets >= 0, outlets, given)


def _credited(
    verdicts: records.Verdicts, own_keys: NDArray[np.int64], register: naming.Register
) -> NDArray[np.bool_]:
    """Return whether each story credits somebody other than its outlet."""
    pieces = verdicts.evidence
    candidates = register.column(pieces.candidates.dictionary)
    keys = np.append(register.keys_of(candidates), -1)[
        pieces.candidates.indices.fill_null(len(candidates)).to_numpy()
    ]
    gives = _among(pieces.says, _CREDITING) & _among(pieces.families, _BY_CREDIT)
    gives &= (keys >= 0) & (keys != own_keys[pieces.stories])
    found: NDArray[np.bool_] = np.bincount(pieces.stories, gives, len(own_keys)) > 0
    return found


def _among(column: pa.DictionaryArray, chosen: Sequence[str]) -> NDArray[np.bool_]:
    words = column.dictionary.to_pylist()
    fits: NDArray[np.bool_] = np.array([word in chosen for word in words], np.bool_)[
        column.indices.to_numpy()
    ]
    return fits


def _independent(
    case: NDArray[np.int64],
    copies: NDArray[np.bool_],
    own: NDArray[np.int64],
    taken_from: NDArray[np.int64],
    register: naming.Register,
    n_cases: int,
) -> NDArray[np.int64]:
    """Return how many owners each story has that did not take it from another: of pages here, and elsewhere.

    Parameters
    ----------
    own, taken_from : (n,) int64, names; of each page's outlet, and of the one whose text it prints
    """
    owners: dict[str, int] = {}
    of_names = np.array(
        [owners.setdefault(_owner(name, register), len(owners)) for name in register.names] + [-1], np.int64
    )
    first, then = of_names[own], of_names[taken_from]
    holders = np.where(copies, then, first)
    known = holders >= 0
    pairs = np.unique((case[known] << 32) | holders[known])
    nameless = np.bincount(case, ~copies & (first < 0), n_cases)
    counted: NDArray[np.int64] = np.bincount(pairs >> 32, minlength=n_cases) + nameless.astype(np.int64)
    return counted


def _owner(name: str, register: naming.Register) -> str:
    """Return who owns an outlet, as far as the tables know; else the outlet itself."""
    agency = register.table.named(name)
    if agency is not None:
        return agency.name
    outlet = register.table.outlet(name)
    return (
        f"owner {outlet.owner}" if outlet is not None and outlet.owner else naming.key(name, register.table)
    )


def _lags(cases: records.Cases, verdicts: records.Verdicts) -> NDArray[np.float64]:
    """Return the seconds between the original of each story's case and the story; NaN where they are not known."""
    lags = verdicts.lags_s.cast("float64").fill_null(np.nan).to_numpy(zero_copy_only=False)
    origins = verdicts.origins[cases.case_of()]
    since: NDArray[np.float64] = lags - np.append(lags, np.nan)[origins]
    return since


def _pairs(
    sources: NDArray[np.int64],
    own: NDArray[np.int64],
    copies: NDArray[np.bool_],
    credited: NDArray[np.bool_],
    lags: NDArray[np.float64],
    register: naming.Register,
) -> Pairs:
    """Return the pairs of outlets between which text went."""
    shown: dict[str, int] = {}
    of_names = np.array(
        [shown.setdefault(_shown(name, register), len(shown)) for name in register.names] + [-1], np.int64
    )
    alphabet = sorted(shown)
    places = {name: place for place, name in enumerate(alphabet)}
    place_of = np.array([places[name] for name in shown] + [-1], np.int64)
    rows = np.flatnonzero(copies & (sources >= 0) & (own >= 0))
    packed = (place_of[of_names[sources[rows]]] << 32) | place_of[of_names[own[rows]]]
    rows = rows[(packed >> 32) != (packed & 0xFFFFFFFF)]
    packed = packed[(packed >> 32) != (packed & 0xFFFFFFFF)]
    distinct, of = np.unique(packed, return_inverse=True)
    return Pairs(
        [alphabet[pair >> 32] for pair in distinct.tolist()],
        [alphabet[pair & 0xFFFFFFFF] for pair in distinct.tolist()],
        np.bincount(of, minlength=len(distinct)),
        np.bincount(of, credited[rows], len(distinct)).astype(np.int64),
        _medians(lags[rows], of, len(distinct)),
    )


def _medians(values: NDArray[np.float64], groups: NDArray[np.int64], n_groups: int) -> list[int | None]:
    """Return the rounded median of each group's known values; None where none is known."""
    known = ~np.isnan(values)
    order = np.lexsort((values[known], groups[known]))
    ranked, counts = values[known][order], np.bincount(groups[known], minlength=n_groups)
    ends = np.cumsum(counts)
    told = np.flatnonzero(counts)
    low, high = (ends - counts + (counts - 1) // 2)[told], (ends - counts + counts // 2)[told]
    medians = dict(zip(told.tolist(), ((ranked[low] + ranked[high]) / 2).tolist(), strict=True))
    return [round(medians[group]) if group in medians else None for group in range(n_groups)]


def _shown(name: str, register: naming.Register) -> str:
    agency = register.table.named(name)
    if agency is not None:
        return agency.name
    shown = register.shown(name)
    return names.display([shown]) if names.host(shown) else shown
