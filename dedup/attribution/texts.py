"""Reading the texts of the stories that hold a sign: what the rules find there, and what is odd about their dates."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.attribution import citation, datelines, margins, registry, rules, signs, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup import running
    from dedup.attribution import naming, timing

_CORPORATE = re.compile(r",? (?:Inc|Ltd|LLC|Corp|Corporation|plc|PLC|AG|SE|GmbH|Co|Group)\.?$")
_NUMBERS = {rule.name: registry.RULES.index(rule) for rule in registry.TEXT_RULES}
_BEYOND_ASCII = 0x80
_FIELDS = {name: number for number, name in enumerate(rules.FIELDS)}


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Which rules each of some stories is put to: `passed[i, j]` says whether story i holds the signs of rule j.

    Parameters
    ----------
    passed : (n, n_rules) bool
    """

    to_ask: tuple[rules.Rule, ...]
    passed: NDArray[np.bool_]

    @classmethod
    def of(cls, held: signs.Held, to_ask: tuple[rules.Rule, ...]) -> Asked:
        """Return which of these rules may find something in each story."""
        return cls(to_ask, np.column_stack([held.all_of(rule.signs) for rule in to_ask]))

    def any(self) -> NDArray[np.bool_]:
        """Return for each story whether it is put to any rule, (n,) bool."""
        passed: NDArray[np.bool_] = np.logical_or.reduce(self.passed, axis=1)
        return passed

    def rules(self, number: int) -> Iterator[rules.Rule]:
        """Yield the rules that one story is put to."""
        return itertools.compress(self.to_ask, self.passed[number].tolist())


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """What the texts of n stories say.

    Parameters
    ----------
    findings : what the rules found, in the order of stories and rules
    numbers : (n_findings,) int64, the rule of each, of `registry.RULES`
    candidates : (n_findings,) int64, the name of each candidate, without the legal form of a company
    words : the quotes from the texts
    belied : (n,) bool, whether a page says that it is not the outlet's that its record names
    warnings : n times what is odd about the date of a story
    held : the signs that each story holds
    """

    findings: rules.Findings
    numbers: NDArray[np.int64]
    candidates: NDArray[np.int64]
    words: list[str]
    belied: NDArray[np.bool_]
    warnings: list[tuple[str, ...]]
    held: signs.Held

    def spread(self, of: NDArray[np.int64]) -> Texts:
        """Return what other stories say, each what that of some number says.

        Parameters
        ----------
        of : (n_stories,) int64
        """
        first, last = (np.searchsorted(self.findings.stories, of, side) for side in ("left", "right"))
        counts = last - first
        rows = np.repeat(first - records.offsets(counts)[:-1], counts) + np.arange(int(counts.sum()))
        findings = dataclasses.replace(
            self.findings.take(rows), stories=np.repeat(np.arange(len(of)), counts)
        )
        warnings = [self.warnings[number] for number in of.tolist()]
        held = signs.Held(self.held.kinds, self.held.reaches[of])
        return Texts(
            findings, self.numbers[rows], self.candidates[rows], self.words, self.belied[of], warnings, held
        )


def read(
    cases: records.Cases,
    claims: timing.Claims,
    register: naming.Register,
    run: running.Run = map,
    sites: signs.Sites | None = None,
) -> Texts:
    """Return what the texts say; those that hold no sign are not looked at.

    Parameters
    ----------
    run : what looks for signs, in some stories at a time
    sites : the outlets of the stories, as others speak of them
    """
    stories = cases.stories
    if not cases.are_passages:
        return _read(stories, _passages(cases), claims, register, run, sites)
    _, firsts, of = np.unique(stories.ranks, return_index=True, return_inverse=True)
    each_once = sites and dataclasses.replace(sites, of=sites.of[firsts])
    return _read(stories.take(firsts), {}, claims.take(firsts), register, run, each_once).spread(of)


def _read(
    stories: records.Stories,
    passages: dict[int, tuple[int, int]],
    claims: timing.Claims,
    register: naming.Register,
    run: running.Run,
    sites: signs.Sites | None,
) -> Texts:
    """Return what these texts say.

    Parameters
    ----------
    passages : where what a page that holds other stories too shares begins and ends, in characters
    """
    table = register.table
    held = signs.find(_narrowed(stories, passages), registry.SIGNS, table, run=run, sites=sites)
    asked = Asked.of(held, registry.TEXT_RULES)
    dated = held.any_of(datelines.SIGNS) & (claims.numbers >= 0)
    may_belie = held.any_of([views.SOURCE_SIGNS])
    reaches = held.reach(citation.MENTIONED)
    rows: list[tuple[int, int, int, int, int, int, int, int]] = []
    words: list[str] = []
    warnings: list[tuple[str, ...]] = [()] * len(stories)
    belied = np.zeros(len(stories), np.bool_)
    numbers = np.flatnonzero(asked.any() | dated | may_belie)
    for number, story in zip(numbers.tolist(), stories.chosen(numbers), strict=True):
        bounds = story.start, story.end
        if number in passages:
            bounds = views.window(*bounds, *passages[number])
        view = views.View(story, table, *bounds, int(reaches[number]))
        belied[number] = may_belie[number] and view.is_belied
        if dated[number]:
            warnings[number] = _warnings(view, claims, number)
        for rule, finding in _findings(view, asked.rules(number)):
            name = candidate = register.number(finding.name)
            if rule.kind == rules.ISSUER:
                candidate = register.number(_CORPORATE.sub("", finding.name))
            quote = -1
            if finding.start >= 0 and (finding.field == "text" or finding.quote is not None):
                quote = len(words)
                words.append(finding.quote or story.page_text[finding.start : finding.end])
            field = _FIELDS[finding.field] if finding.start >= 0 else -1
            place = (field, finding.start, finding.end, quote)
            rows.append((number, name, *place, _NUMBERS[rule.name], candidate))
    *found, which, candidates = np.array(rows, np.int64).reshape(-1, 8).T
    return Texts(rules.Findings(*found), which, candidates, words, belied, warnings, held)


def _findings(view: views.View, asked: Iterable[rules.Rule]) -> Iterator[tuple[rules.Rule, rules.Finding]]:
    """Yield what the rules find in a story, then what those for margins find beside it."""
    for rule in asked:
        yield from ((rule, finding) for finding in rule.find(view))
    for margin in view.in_margins(*margins.TOLD):
        for rule in registry.MARGIN_RULES:
            yield from ((rule, finding) for finding in rule.find(margin))


def _warnings(view: views.View, claims: timing.Claims, number: int) -> tuple[str, ...]:
    claim = claims.date(number)
    if claim is None or view.dateline is None:
        return ()
    warning = datelines.inconsistency(view.dateline, view.text, claim)
    return (warning,) if warning else ()


def _passages(cases: records.Cases) -> dict[int, tuple[int, int]]:
    """Return for each page that holds other stories too where what it shares begins and ends, in characters."""
    numbers = np.flatnonzero(cases.containers)
    spans = cases.spans(numbers)
    first, last = spans.offsets[:-1], spans.offsets[1:]
    shared = np.flatnonzero(first < last)
    bounds = zip(spans.starts[first[shared]].tolist(), spans.ends[last[shared] - 1].tolist(), strict=True)
    return dict(zip(numbers[shared].tolist(), bounds, strict=True))


def _narrowed(stories: records.Stories, passages: dict[int, tuple[int, int]]) -> records.Stories:
    """Return the stories, those with passages cut to what is seen of them."""
    starts, ends = stories.starts.copy(), stories.ends.copy()
    for number, (first, last) in passages.items():
        page = stories.page_starts[number]
        if stories.text[page : stories.page_ends[number]].max(initial=0) < _BEYOND_ASCII:
            starts[number], ends[number] = views.window(
                starts[number], ends[number], page + first, page + last
            )
        else:
            story = stories.story(number)
            start, end = views.window(story.start, story.end, first, last)
            starts[number] = page + len(story.page_text[:start].encode())
            ends[number] = starts[number] + len(story.page_text[start:end].encode())
    return dataclasses.replace(stories, starts=starts, ends=ends)
