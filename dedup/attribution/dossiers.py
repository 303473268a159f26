"""All that is known of some cases before anybody is judged: pages, dates, shared text, and the clues of all rules."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import clues as gathering
from dedup.attribution import mastheads, naming, registry, rules, texts, timing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup import records, running
    from dedup.attribution import agencies

_NEAR = 600  # characters between a credit and the shared text that it speaks of
_ORIGIN, _CITATION = rules.SAYS.index(rules.ORIGIN), rules.SAYS.index(rules.CITATION)
_CITED, _TEXT = rules.FAMILIES.index(rules.CITED), rules.FIELDS.index("text")


@dataclasses.dataclass(frozen=True, slots=True)
class Shared:
    """What some stories share with the others of their case: `spans.row(i)` are those of `stories[i]`.

    Parameters
    ----------
    stories : (n,) int64, rising
    """

    stories: NDArray[np.int64]
    spans: records.Spans

    def has(self, asked: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each of these stories whether any spans are known, (n_asked,) bool."""
        known: NDArray[np.bool_] = np.diff(self.spans.offsets)[np.searchsorted(self.stories, asked)] > 0
        return known

    def overlaps(
        self,
        asked: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Return for each stretch of characters of a story whether a span of the story overlaps it.

        Parameters
        ----------
        asked, starts, ends : (n_asked,) int64, stories and characters of their pages
        """
        spans = self.spans.take(np.searchsorted(self.stories, asked))
        owners = np.repeat(np.arange(len(asked)), np.diff(spans.offsets))
        meets = (spans.starts < ends[owners]) & (starts[owners] < spans.ends)
        found: NDArray[np.bool_] = np.bincount(owners, meets, len(asked)) > 0
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Dossier:
    """Cases with what was found in them.

    `aliases` say which keys are one outlet's, `quotes` are the words that the clues quote from texts, `warnings` what
    is odd about the dates of each story.
    """

    cases: records.Cases
    register: naming.Register
    pages: mastheads.Pages
    aliases: mastheads.Aliases
    claims: timing.Claims
    shared: Shared
    clues: gathering.Clues
    quotes: list[str]
    warnings: list[tuple[str, ...]]

    def owns(self) -> NDArray[np.int64]:
        """Return the keys of each page's outlet as the clues have them, (n, 2) int64; -1 for none."""
        cases = self.cases.case_of()
        return np.column_stack([self.aliases.resolve(cases, keys) for keys in self.pages.keys().T])


def gather(cases: records.Cases, table: agencies.Agencies, run: running.Run = map) -> Dossier:
    """Return what all rules find: those on texts, those on records, then those on whole cases.

    Parameters
    ----------
    run : what looks for signs, in some stories at a time
    """
    register = naming.Register(table)
    claims = timing.read(cases.stories.published)
    told = texts.read(cases, claims, register, run)
    known = mastheads.read(cases.stories, register, told.belied)
    case = cases.case_of()
    aliases = mastheads.aliases(known, case)

    def tied(rule: rules.RecordRule | rules.CaseRule, found: rules.Findings) -> gathering.Clues:
        of = case[found.stories]
        numbers = np.full(len(of), registry.RULES.index(rule))
        return gathering.tie(found, numbers, aliases.resolve(of, register.keys_of(found.names)), of)

    of = case[told.findings.stories]
    keys = aliases.resolve(of, register.keys_of(told.candidates))
    in_texts = gathering.tie(told.findings, told.numbers, keys, of)
    shared = _shared(cases, in_texts)
    on_records = [tied(rule, rule.find(known)) for rule in registry.RECORD_RULES]
    found = gathering.join([_bearing(in_texts, shared), *on_records])
    dossier = Dossier(cases, register, known, aliases, claims, shared, found, told.words, told.warnings)
    on_cases = [tied(rule, rule.find(dossier)) for rule in registry.CASE_RULES]
    return dataclasses.replace(dossier, clues=gathering.join([found, *on_cases]))


def _shared(cases: records.Cases, found: gathering.Clues) -> Shared:
    """Return what those stories share that credit an origin in their texts."""
    stories = np.unique(found.stories[(found.says == _ORIGIN) & (found.fields == _TEXT)])
    return Shared(stories, cases.spans(stories))


def _bearing(found: gathering.Clues, shared: Shared) -> gathering.Clues:
    """Return the clues; a credit far from what the stories share, as of a neighbour on the page, as a mention."""
    credited = np.flatnonzero((found.says == _ORIGIN) & (found.fields == _TEXT))
    stories = found.stories[credited]
    near = shared.overlaps(stories, found.starts[credited] - _NEAR - 1, found.ends[credited] + _NEAR + 1)
    apart = np.zeros(len(found), np.bool_)
    apart[credited] = shared.has(stories) & ~near
    return gathering.mention(found, apart)
