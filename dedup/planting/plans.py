"""The plan of a planted archive: what each record is, before any is written.

What stands together in an archive (families of copies, series of reports, uses of a background paragraph) has sizes
whose distribution does not depend on the size of the archive: ten times the records have ten times the pairs.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.planting import edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Proportions:
    """How much of what stands in the archive; shares are of all records unless a comment says otherwise."""

    copies: float = 0.23  # pages included
    kinds: tuple[tuple[str, float], ...] = (  # of the copies
        ("exact", 0.06),
        ("headline", 0.10),
        ("light", 0.22),
        ("dropped", 0.10),
        ("added", 0.10),
        ("swapped", 0.06),
        ("boilerplate", 0.08),
        ("truncated", 0.08),
        ("excerpt", 0.10),
        ("noise", 0.06),
        ("page", 0.04),
    )
    family_exponent: float = 2.0  # of n copies there are families as n to the minus this
    largest_family: int = 50  # copies; a fiftieth of the records where these are under 2,500
    held_articles: tuple[int, int] = (3, 6)  # on one page
    pages_with_titles: float = 0.4  # of the pages
    reports: float = 0.01
    report_weeks: tuple[int, int] = (8, 60)  # of one series
    with_background: float = 0.04  # of the originals
    background_uses: tuple[int, int] = (10, 200)  # articles for each paragraph, evenly by their logarithm
    background_words: tuple[int, int] = (40, 80)
    words_with_background: int = 200  # of an article, at least: in a brief it would be most of the text
    n_outlets: int = 200
    records_for_outlet: int = 100  # on average, at least; smaller archives have fewer outlets
    mean_bytes: int = 3_250  # of an original without its outlet's furniture
    spread: float = 0.7  # standard deviation of the logarithm of its length
    words: tuple[int, int] = (40, 5_000)
    days: int = 730
    mean_lag_days: float = 3.0
    undated: float = 0.03


PROPORTIONS = Proportions()
PAGE = "page"
_EXACT = "exact"
_PARTS = ("truncated", "excerpt")
_ANY_LENGTH = ("exact", "headline", "light", "noise")
_FEWEST_OUTLETS = 4
_PARTS_OF_LARGEST = 50
_WEEK_S = 7 * 86_400
_DAY_S = 86_400


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What each record of an archive is: first the originals, the weekly reports before the others; copies; pages.

    Parameters
    ----------
    n_words : (n_originals,) int64, words wanted of each
    series : (n_originals,) int64, the weekly report that an original belongs to; -1 for none
    backgrounds : (n_originals,) int64, its background paragraph; -1 for none
    originals : (n_records,) int64, what a record was made of; itself for an original, -1 for a page
    kinds : (n_records,) int64, index in `Proportions.kinds`; -1 for an original
    held : for each page, the originals that it holds
    outlets : (n_records,) int64
    seconds : (n_records,) int64, after the first day; -1 for an undated record
    """

    n_words: NDArray[np.int64]
    series: NDArray[np.int64]
    backgrounds: NDArray[np.int64]
    originals: NDArray[np.int64]
    kinds: NDArray[np.int64]
    held: tuple[tuple[int, ...], ...]
    outlets: NDArray[np.int64]
    seconds: NDArray[np.int64]

    @property
    def n_originals(self) -> int:
        """Return the number of originals."""
        return len(self.n_words)

    @property
    def n_records(self) -> int:
        """Return the number of records."""
        return len(self.originals)

    @property
    def first_page(self) -> int:
        """Return the first page; all records after it are pages."""
        return self.n_records - len(self.held)

    def kind(self, record: int) -> str:
        """Return the kind of a copy or `page`; empty for an original."""
        kind = int(self.kinds[record])
        return PROPORTIONS.kinds[kind][0] if kind >= 0 else ""

    def made_of(self, record: int) -> tuple[int, ...]:
        """Return the originals that a page holds; that of a copy; an original itself."""
        if record >= self.first_page:
            return self.held[record - self.first_page]
        return (int(self.originals[record]),)


def n_originals(n_records: int) -> int:
    """Return how many records of an archive are originals.

    >>> n_originals(100_000)
    77000
    """
    return n_records - round(PROPORTIONS.copies * n_records)


def n_outlets(n_records: int) -> int:
    """Return how many outlets an archive has."""
    wanted = min(PROPORTIONS.n_outlets, n_records // PROPORTIONS.records_for_outlet)
    return max(_FEWEST_OUTLETS, wanted)


def lengths(n_records: int, word_bytes: float, chance: np.random.Generator) -> NDArray[np.int64]:
    """Return the words of each original: log-normal, with the mean in bytes that is declared."""
    middle = np.log(PROPORTIONS.mean_bytes / word_bytes) - PROPORTIONS.spread**2 / 2
    drawn = chance.lognormal(middle, PROPORTIONS.spread, n_originals(n_records))
    return drawn.clip(*PROPORTIONS.words).astype(np.int64)


def plan(
    n_records: int, n_words: NDArray[np.int64], chance: np.random.Generator, undivided: Sequence[int] = ()
) -> Plan:
    """Return the plan of an archive.

    Parameters
    ----------
    n_words : (n_originals,) int64, words of each original
    undivided : originals of so few paragraphs that none can be dropped or swapped
    """
    series = _series(n_records, len(n_words), chance)
    kinds = _kinds(n_records - len(n_words), chance)
    n_pages = int((kinds == _number(PAGE)).sum())
    copies = kinds[: len(kinds) - n_pages]
    largest = min(PROPORTIONS.largest_family, max(1, n_records // _PARTS_OF_LARGEST))
    copied = _copied(np.flatnonzero(series < 0), len(copies), largest, chance)
    divided = n_words.copy()
    divided[list(undivided)] = 0
    _fit(copies, divided[copied], chance)
    backgrounds = _backgrounds(series, n_words, chance)
    partial = np.isin(copies, [_number(name) for name in _PARTS])
    backgrounds[copied[partial]] = -1  # an excerpt could be the background paragraph and hardly more
    originals = np.concatenate((np.arange(len(n_words)), copied, np.full(n_pages, -1)))
    all_kinds = np.concatenate((np.full(len(n_words), -1), kinds))
    return Plan(
        n_words=n_words,
        series=series,
        backgrounds=backgrounds,
        originals=originals,
        kinds=all_kinds,
        held=_held(np.flatnonzero(series < 0), n_pages, chance),
        outlets=_outlets(series, originals, all_kinds, chance),
        seconds=_seconds(series, originals, chance),
    )


def _number(kind: str) -> int:
    return [name for name, _ in PROPORTIONS.kinds].index(kind)


def _series(n_records: int, n_articles: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Return the series of each original; the reports stand first, one series after another."""
    wanted = round(PROPORTIONS.reports * n_records)
    weeks: list[int] = []
    while sum(weeks) < wanted:
        weeks.append(int(chance.integers(*PROPORTIONS.report_weeks, endpoint=True)))
    series = np.full(n_articles, -1)
    series[:wanted] = np.repeat(np.arange(len(weeks)), weeks)[:wanted]
    return series


def _backgrounds(
    series: NDArray[np.int64], n_words: NDArray[np.int64], chance: np.random.Generator
) -> NDArray[np.int64]:
    """Return the background paragraph of each original; some stand in many more articles than others."""
    fit = (series < 0) & (n_words >= PROPORTIONS.words_with_background)
    chosen = np.flatnonzero(fit & (chance.random(len(series)) < PROPORTIONS.with_background))
    least, most = np.log(PROPORTIONS.background_uses)
    n_enough = len(chosen) // PROPORTIONS.background_uses[0] + 1
    uses = np.exp(chance.uniform(least, most, n_enough)).astype(np.int64)
    backgrounds = np.full(len(series), -1)
    backgrounds[chance.permutation(chosen)] = np.repeat(np.arange(n_enough), uses)[: len(chosen)]
    return backgrounds


def _kinds(n_copies: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Return the kind of each copy, in the declared shares as near as whole numbers come; the pages stand last."""
    shares = np.cumsum([share for _, share in PROPORTIONS.kinds])
    kinds = np.searchsorted(shares * n_copies, np.arange(n_copies), side="right").clip(max=len(shares) - 1)
    pages = kinds == _number(PAGE)
    return np.concatenate((chance.permutation(kinds[~pages]), kinds[pages]))


def _copied(
    articles: NDArray[np.int64], n_copies: int, largest: int, chance: np.random.Generator
) -> NDArray[np.int64]:
    """Return the original of each copy; the sizes of the families follow a power law."""
    sizes = np.arange(1, largest + 1)
    weights = sizes**-PROPORTIONS.family_exponent
    drawn = chance.choice(sizes, n_copies, p=weights / weights.sum())
    n_families = int(np.searchsorted(np.cumsum(drawn), n_copies)) + 1
    families = chance.choice(articles, min(n_families, len(articles)), replace=False)
    return np.resize(np.repeat(families, drawn[: len(families)]), n_copies)


def _fit(kinds: NDArray[np.int64], n_words: NDArray[np.int64], chance: np.random.Generator) -> None:
    """Give copies of articles that are too short for their kind another kind, in place."""
    others = np.array([_number(name) for name in _ANY_LENGTH])
    least = np.array([edits.LEAST_WORDS.get(name, 0) for name, _ in PROPORTIONS.kinds])
    unfit = np.flatnonzero(n_words < least[kinds])
    kinds[unfit] = chance.choice(others, len(unfit))


def _held(
    articles: NDArray[np.int64], n_pages: int, chance: np.random.Generator
) -> tuple[tuple[int, ...], ...]:
    sizes = chance.integers(*PROPORTIONS.held_articles, size=n_pages, endpoint=True)
    return tuple(
        tuple(chance.choice(articles, min(size, len(articles)), replace=False).tolist())
        for size in sizes.tolist()
    )


def _outlets(
    series: NDArray[np.int64],
    originals: NDArray[np.int64],
    kinds: NDArray[np.int64],
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the outlet of each record: sizes by Zipf's law, copies spread more evenly, a series in one outlet.

    An exact copy stands at the outlet of its original, with the furniture that stands on that.
    """
    n = n_outlets(len(originals))
    sizes = 1 / np.arange(1, n + 1)
    wide = np.sqrt(sizes)
    n_first = len(series)
    outlets = chance.choice(n, len(originals), p=sizes / sizes.sum())
    outlets[n_first:] = chance.choice(n, len(originals) - n_first, p=wide / wide.sum())
    reports = np.flatnonzero(series >= 0)
    outlets[reports] = chance.integers(0, n, int(series.max(initial=-1)) + 1)[series[reports]]
    exact = np.flatnonzero(kinds == _number(_EXACT))
    outlets[exact] = outlets[originals[exact]]
    return outlets


def _seconds(
    series: NDArray[np.int64], originals: NDArray[np.int64], chance: np.random.Generator
) -> NDArray[np.int64]:
    """Return when each record was published: copies some days after their original, reports weekly."""
    seconds = chance.integers(0, PROPORTIONS.days * _DAY_S, len(originals))
    reports = np.flatnonzero(series >= 0)
    first = np.searchsorted(series[reports], series[reports])
    seconds[reports] = (reports - first) * _WEEK_S + seconds[reports] % _DAY_S
    copies = np.flatnonzero((originals >= 0) & (originals != np.arange(len(originals))))
    lags = chance.exponential(PROPORTIONS.mean_lag_days * _DAY_S, len(copies)).astype(np.int64)
    seconds[copies] = seconds[originals[copies]] + lags
    seconds[chance.random(len(seconds)) < PROPORTIONS.undated] = -1
    return seconds
