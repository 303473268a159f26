"""Reading the texts of the stories that hold a sign: what the rules find there, and what is odd about their dates."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import datelines, registry, rules, signs, views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import naming, timing

_CORPORATE = re.compile(r",? (?:Inc|Ltd|LLC|Corp|Corporation|plc|PLC|AG|SE|GmbH|Co|Group)\.?$")
_NUMBERS = [registry.RULES.index(rule) for rule in registry.TEXT_RULES]
_FIELDS = {name: number for number, name in enumerate(rules.FIELDS)}


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
    """

    findings: rules.Findings
    numbers: NDArray[np.int64]
    candidates: NDArray[np.int64]
    words: list[str]
    belied: NDArray[np.bool_]
    warnings: list[tuple[str, ...]]


def read(cases: records.Cases, claims: timing.Claims, register: naming.Register) -> Texts:
    """Return what the texts say; those that hold no sign are not looked at."""
    table, stories = register.table, cases.stories
    containers = _containers(cases, register)
    held = signs.find(_narrowed(stories, containers), registry.SIGNS, table)
    asked = np.column_stack([held.all_of(rule.signs) for rule in registry.TEXT_RULES])
    dated = held.any_of(datelines.SIGNS) & (claims.numbers >= 0)
    may_belie = held.any_of([views.SOURCE_SIGNS])
    rows: list[tuple[int, int, int, int, int, int, int, int]] = []
    words: list[str] = []
    warnings: list[tuple[str, ...]] = [()] * len(stories)
    belied = np.zeros(len(stories), np.bool_)
    for number in np.flatnonzero(asked.any(axis=1) | dated | may_belie).tolist():
        view = containers.get(number) or views.view(stories.story(number), table)
        belied[number] = may_belie[number] and view.is_belied
        if dated[number]:
            warnings[number] = _warnings(view, claims, number)
        for which in np.flatnonzero(asked[number]).tolist():
            rule = registry.TEXT_RULES[which]
            for finding in rule.find(view):
                name = register.number(finding.name)
                candidate = (
                    register.number(_CORPORATE.sub("", finding.name)) if rule.kind == rules.ISSUER else name
                )
                quote = -1
                if finding.field == "text":
                    quote = len(words)
                    words.append(view.story.page_text[finding.start : finding.end])
                rows.append(
                    (
                        number,
                        name,
                        _FIELDS[finding.field],
                        finding.start,
                        finding.end,
                        quote,
                        _NUMBERS[which],
                        candidate,
                    )
                )
    *found, numbers, candidates = np.array(rows, np.int64).reshape(-1, 8).T
    return Texts(rules.Findings(*found), numbers, candidates, words, belied, warnings)


def _warnings(view: views.View, claims: timing.Claims, number: int) -> tuple[str, ...]:
    claim = claims.date(number)
    if claim is None or view.dateline is None:
        return ()
    warning = datelines.inconsistency(view.dateline, view.text, claim)
    return (warning,) if warning else ()


def _containers(cases: records.Cases, register: naming.Register) -> dict[int, views.View]:
    """Return the views of pages that hold other stories too, by their numbers: what stands around the shared text."""
    numbers = np.flatnonzero(cases.containers)
    spans = cases.spans(numbers)
    found = {}
    for i, number in enumerate(numbers.tolist()):
        first, last = spans.offsets[i], spans.offsets[i + 1]
        if first < last:
            story = cases.stories.story(number)
            found[number] = views.around(
                story, register.table, int(spans.starts[first]), int(spans.ends[last - 1])
            )
    return found


def _narrowed(stories: records.Stories, seen: dict[int, views.View]) -> records.Stories:
    """Return the stories, some cut to what is seen of them."""
    starts, ends = stories.starts.copy(), stories.ends.copy()
    for number, view in seen.items():
        before = view.story.page_text[: view.offset].encode()
        starts[number] = stories.page_starts[number] + len(before)
        ends[number] = starts[number] + len(view.text.encode())
    return dataclasses.replace(stories, starts=starts, ends=ends)
