"""All that is known of some cases before anybody is judged: pages, dates, shared text, and the clues of all rules."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import (
    acknowledging,
    dating,
    direction,
    mastheads,
    names,
    naming,
    overrides,
    registry,
    rules,
    signs,
    statements,
    texts,
    timing,
)
from dedup.attribution import clues as gathering
from dedup.attribution import opened as opening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup import records, running
    from dedup.attribution import agencies

_BESIDE = 40  # characters between a credit and a passage that it opens or closes
_NEAR = 600  # characters between a credit and the shared text that it speaks of
_NAMES = [rule.name for rule in registry.RULES]
_NUMBERS = {rule.name: number for number, rule in enumerate(registry.RULES)}
_PUBLISHED = [_NUMBERS[name] for name in ("published_by", "published_in")]
_BY_ONE = 3.5  # weight at most of one outlet's credit on a passage
_TELLING = 2.5  # weight of a credit that tells an origin
_ORIGIN = rules.SAYS.index(rules.ORIGIN)
_CO_ORIGIN = rules.SAYS.index(rules.CO_ORIGIN)
_SELF_CLAIM = rules.SAYS.index(rules.SELF_CLAIM)
_CREDITS = [_ORIGIN, _CO_ORIGIN]
_TEXT = rules.FIELDS.index("text")


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
    is odd about the dates of each story, `kinds` what users say that the origins of cases are.
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
    seen: dating.Seen
    kinds: dict[int, str] = dataclasses.field(default_factory=dict)

    def odd(self) -> NDArray[np.bool_]:
        """Return whether something about the date of each story cannot be right, (n,) bool."""
        return np.array([bool(told) for told in self.warnings], np.bool_)

    def owns(self) -> NDArray[np.int64]:
        """Return the keys of each page's outlet as the clues have them, (n, 2) int64; -1 for none."""
        cases = self.cases.case_of()
        return np.column_stack([self.aliases.resolve(cases, keys) for keys in self.pages.keys().T])

    def outlets(self) -> NDArray[np.int64]:
        """Return the key of each page's outlet, (n,) int64; -1 where neither name nor host is known."""
        owns = self.owns()
        return np.where(owns[:, 0] >= 0, owns[:, 0], owns[:, 1])


def gather(
    cases: records.Cases,
    table: agencies.Agencies,
    run: running.Run = map,
    known_better: overrides.Overrides = overrides.NONE,
) -> Dossier:
    """Return what all rules find: those on texts, those on records, then those on whole cases.

    Parameters
    ----------
    run : what looks for signs, in some stories at a time
    known_better : what users say
    """
    register = naming.Register(table)
    claims = timing.read(cases.stories.published)
    addresses = names.sites(cases.stories.urls)
    spelled = acknowledging.spell(cases.stories, addresses)
    told = texts.read(cases, claims, register, run, spelled.sites(table))
    known = mastheads.read(cases.stories, addresses, register, told.belied)
    case = cases.case_of()
    aliases = mastheads.aliases(known, case)

    def tied(
        rule: rules.RecordRule | rules.CaseRule | rules.ComparedRule, found: rules.Findings
    ) -> gathering.Clues:
        of = case[found.stories]
        numbers = np.full(len(of), registry.RULES.index(rule))
        return gathering.tie(found, numbers, aliases.resolve(of, register.keys_of(found.names)), of)

    of = case[told.findings.stories]
    keys = register.keys_of(told.candidates)
    published = np.flatnonzero(np.isin(told.numbers, _PUBLISHED))
    keys[published] = mastheads.inflected(
        told.findings.take(published), keys[published], case, known, register
    )
    keys = aliases.resolve(of, keys)
    in_texts = gathering.tie(told.findings, told.numbers, keys, of)
    shared = _shared(cases, in_texts)
    on_records = [tied(rule, rule.find(known)) for rule in registry.RECORD_RULES]
    owns = np.column_stack([aliases.resolve(case, keys) for keys in known.keys().T])
    outlets = np.where(owns[:, 0] >= 0, owns[:, 0], owns[:, 1])
    bearing = (
        _of_passages(in_texts, cases, outlets, shared) if cases.are_passages else _bearing(in_texts, shared)
    )
    found = gathering.join([bearing, *on_records])
    if known_better.weights:
        found = known_better.reweigh(found, outlets, register, _NAMES)
    seen = dating.read(cases.stories)
    warnings = list(told.warnings)
    for story, odd in dating.odd(claims, seen, dating.now_s()).items():
        warnings[story] = (*warnings[story], *odd)
    dossier = Dossier(cases, register, known, aliases, claims, shared, found, told.words, warnings, seen)
    dossier = _compared(dossier, told.held, spelled)
    found = dossier.clues
    on_cases = [tied(rule, rule.find(dossier)) for rule in registry.CASE_RULES]
    found = gathering.join([found, *on_cases])
    if known_better:
        found = known_better.reweigh(found, outlets, register, _NAMES)
        dossier = dataclasses.replace(dossier, clues=found)
        found = gathering.join([found, *_overridden(dossier, known_better)])
    return dataclasses.replace(dossier, clues=found)


def _overridden(dossier: Dossier, known_better: overrides.Overrides) -> Iterator[gathering.Clues]:
    """Yield what users say of clusters, passages and outlets, as clues on their first stories."""
    cases, register = dossier.cases, dossier.register
    case, outlets = cases.case_of(), dossier.outlets()
    chosen = [
        (int(cases.offsets[number]), known_better.cases[one])
        for number, one in enumerate(cases.ids)
        if one in known_better.cases
    ]
    articles = cases.stories.article_ids.to_pylist() if known_better.articles else []
    for story, article in enumerate(articles if not cases.are_passages else ()):
        if article in known_better.articles:
            chosen.append((story, known_better.articles[article]))
    for story, whose in chosen:
        if whose.kind is not None:
            dossier.kinds.setdefault(int(case[story]), whose.kind)
    stories = np.array([story for story, _ in chosen], np.int64)
    yield _said_of(dossier, overrides.CLUSTER_RULE, stories, [whose for _, whose in chosen])
    quoted = np.zeros(len(cases), np.bool_)  # what somebody said is not its outlet's
    quoted[dossier.clues.cases[dossier.clues.are_of_kind(rules.STATEMENT)]] = True
    for name, whose in known_better.outlets.items():
        key = register.keys_of(np.array([register.number(name)]))[0]
        stories = np.flatnonzero((outlets == key) & ~quoted[case])
        of, first = np.unique(case[stories], return_index=True)
        for number in of.tolist() if whose.kind else ():
            dossier.kinds.setdefault(number, str(whose.kind))
        yield _said_of(dossier, overrides.OUTLET_RULE, stories[first], [whose] * len(first))


def _said_of(
    dossier: Dossier,
    rule: rules.ComparedRule,
    stories: NDArray[np.int64],
    whose: Sequence[overrides.Whose],
) -> gathering.Clues:
    numbers = dossier.register.numbers([one.origin for one in whose])
    nothing, reasons = np.full(len(stories), -1), np.full(len(stories), -1)
    for row, one in enumerate(whose):
        if one.reason:
            reasons[row] = len(dossier.quotes)
            dossier.quotes.append(one.reason)
    found = rules.Findings(np.asarray(stories, np.int64), numbers, nothing, nothing, nothing, reasons)
    return _tied(dossier, found, [rule] * len(stories))


def _compared(dossier: Dossier, held: signs.Held, spelled: acknowledging.Spelled) -> Dossier:
    """Return a dossier with what the stories of a case say of its words and of each other, and how they differ.

    Asked are passages, and clusters of which no credit tells the origin.

    Parameters
    ----------
    held : the signs that each story holds
    spelled : the outlets of the stories
    """
    cases, clues = dossier.cases, dossier.clues
    case, outlets = cases.case_of(), dossier.outlets()
    asked = np.diff(cases.offsets) > 1
    if not cases.are_passages:
        asked[clues.cases[(clues.says == _ORIGIN) & (clues.weights >= _TELLING)]] = False
    few = acknowledging.n_outlets(case, outlets, len(cases)) <= acknowledging.MOST_OUTLETS
    opened = opening.Opened.of(cases, asked, few)
    alone = one_outlet(cases, outlets)
    marked = held.reach(statements.QUOTED) > 0
    spoken = statements.read(opened if cases.are_passages else opened.where(~alone), outlets, marked)
    of_statements = spoken.are_statements[clues.cases]
    clues = gathering.mention(clues, np.isin(clues.says, _CREDITS) & of_statements)
    kept = ~((clues.says == _SELF_CLAIM) & of_statements)
    dossier = dataclasses.replace(dossier, clues=clues.take(kept))
    named, linked = acknowledging.find(dossier, opened, spelled, held.reach(signs.SITES) > 0)
    words = statements.findings(spoken, dossier.register, dossier.quotes, _TEXT)
    acknowledged = np.zeros(len(cases), np.bool_)
    acknowledged[case[np.append(named.stories, linked.stories)]] = True
    said = [statements.rule_of(one, agreed=int(case[one.story]) in spoken.agreed) for one in spoken.spoken]
    parts = [
        _tied(dossier, named, [acknowledging.RULES[0]] * len(named.stories)),
        _tied(dossier, linked, [acknowledging.RULES[1]] * len(linked.stories)),
        gathering.mention(_tied(dossier, words, said), acknowledged[case[words.stories]]),
    ]
    if not cases.are_passages:
        told = spoken.are_statements | acknowledged
        untold = opened.where(~told)
        parts += [
            _tied(dossier, found, [rule] * len(found.stories))
            for rule, found in zip(
                direction.RULES,
                direction.find(dossier, untold, held.reach(direction.CORRECTED) > 0),
                strict=True,
            )
        ]
    joined = gathering.join([dossier.clues, *parts])
    return dataclasses.replace(dossier, clues=joined, shared=_shared(cases, joined))


def _tied(dossier: Dossier, found: rules.Findings, of: Sequence[rules.ComparedRule]) -> gathering.Clues:
    """Return findings as clues, each of its rule."""
    case = dossier.cases.case_of()[found.stories]
    numbers = np.array([_NUMBERS[rule.name] for rule in of], np.int64)
    keys = dossier.aliases.resolve(case, dossier.register.keys_of(found.names))
    return gathering.tie(found, numbers, keys, case)


def one_outlet(cases: records.Cases, outlets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each case whether all of its stories are one known outlet's, (n_cases,) bool.

    Parameters
    ----------
    outlets : (n,) int64, the key of each story's outlet; -1 for none
    """
    firsts = outlets[cases.offsets[:-1]]
    others = np.bincount(cases.case_of(), outlets != firsts[cases.case_of()], len(cases))
    found: NDArray[np.bool_] = (others == 0) & (firsts >= 0)
    return found


def _of_passages(
    found: gathering.Clues, cases: records.Cases, outlets: NDArray[np.int64], shared: Shared
) -> gathering.Clues:
    """Return the clues on passages; what a story credits may be another part of it.

    A credit bears on a passage if half of the stories that hold it give it, or all of them where they are one
    outlet's; or if it stands right beside the passage, and no other one is given. That of one outlet alone does not
    state an origin. An agency's on its own page does.
    """
    rows = np.flatnonzero(np.isin(found.says, (_ORIGIN, _CO_ORIGIN)) & (found.keys >= 0))
    case, key, story = found.cases[rows], found.keys[rows], found.stories[rows]
    n_stories = np.diff(cases.offsets)[case]
    groups, of_rows = np.unique((case << 32) | key, return_inverse=True)
    givers = np.unique(np.stack([of_rows, story]), axis=1)
    n_givers = np.bincount(givers[0], minlength=len(groups))[of_rows]
    told = np.unique(np.stack([of_rows, outlets[story]]), axis=1)
    n_outlets = np.bincount(told[0], minlength=len(groups))[of_rows]
    alone = one_outlet(cases, outlets)[case]
    is_own = outlets[story] == key
    credits_of_case = np.zeros(len(cases), np.int64)
    np.add.at(credits_of_case, np.unique((case << 32) | key) >> 32, 1)
    in_text = (found.fields[rows] == _TEXT) & (found.says[rows] == _ORIGIN)
    near = np.zeros(len(rows), np.bool_)
    asked = np.flatnonzero(in_text)
    near[asked] = shared.has(story[asked]) & shared.overlaps(
        story[asked], found.starts[rows[asked]] - _BESIDE - 1, found.ends[rows[asked]] + _BESIDE + 1
    )
    opens = near & (credits_of_case[case] == 1)
    bears = is_own | (opens & ~alone) | np.where(alone, n_givers == n_stories, 2 * n_givers >= n_stories)
    weights = found.weights.copy()
    capped = ~is_own & (n_outlets < 2)  # noqa: PLR2004  (two outlets agree)
    weights[rows] = np.where(capped, np.minimum(weights[rows], _BY_ONE), weights[rows])
    dropped = np.zeros(len(found), np.bool_)
    dropped[rows] = ~bears
    return gathering.mention(dataclasses.replace(found, weights=weights), dropped)


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
