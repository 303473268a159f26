"""The verdict on a case: who wrote the text, where each story took it from, and which was first here."""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

from dedup import records
from dedup.attribution import agencies, chain, clues, datelines, rules, scoring, timing, views

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_OF_IT = 0.5  # share of the cluster's text
STATED, INFERRED, CONFLICTING, UNDETERMINED = "stated", "inferred", "conflicting", "undetermined"


@dataclasses.dataclass(frozen=True, slots=True)
class _Inquiry:
    """A case with all that was found in it; `owns` are the keys of each page's outlet."""

    case: records.Case
    seen: tuple[views.View, ...]
    owns: tuple[frozenset[str], ...]
    clues: tuple[rules.Clue, ...]
    table: agencies.Agencies


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    """A level, and the candidates that it names."""

    level: str
    origin: scoring.Standing | None
    co_origins: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def attribute(case: records.Case, table: agencies.Agencies) -> records.Verdict:
    """Return who wrote the text that the stories of a case share, with the evidence.

    The level is `stated` where a strong credit names the origin and no other does; `inferred` where a candidate is
    clearly ahead without one; `conflicting` where strong credits contradict each other or lead in a circle;
    `undetermined` otherwise. Claimed dates are never rewritten: where one cannot be right, a warning says so.

    Parameters
    ----------
    case : one or more stories, and what each shares with the others
    table : the agencies to know

    >>> text = "RIYADH, Feb 18 (Reuters) - The administration said it had agreed."
    >>> story = records.Story("a", text, 0, len(text), outlet="Daily Digest")
    >>> verdict = attribute(records.Case((story,), ((),), (1.0,), ("copy",)), agencies.load())
    >>> verdict.origin_name, verdict.level, verdict.origin, verdict.immediate_sources
    ('Reuters', 'stated', None, ('Reuters',))
    """
    seen = tuple(views.view(i, case, table) for i in range(len(case.stories)))
    same = clues.same_outlets(seen)
    owns = tuple(frozenset(same.get(key, key) for key in view.own) for view in seen)
    inquiry = _Inquiry(case, seen, owns, clues.of_case(case, seen), table)
    told = _credits(inquiry)
    followed = chain.follow(told)
    several = len({min(own) for own in owns if own}) > 1
    standings = scoring.weigh(inquiry.clues, table, followed.passed_on, several_outlets=several)
    answer = _circle(inquiry, followed.circle) if followed.circle else _decide(inquiry, standings, told)
    return _verdict(inquiry, answer, standings)


def _credits(inquiry: _Inquiry) -> list[chain.Credits]:
    marked = frozenset(
        key
        for key, said in _by_candidate(inquiry.clues).items()
        if scoring.kind_of(said, inquiry.table) != scoring.OUTLET
    )
    by_story: list[list[rules.Clue]] = [[] for _ in inquiry.seen]
    for clue in inquiry.clues:
        if clue.rule.family != rules.PRIOR:
            by_story[clue.finding.story].append(clue)
    return [chain.read(own, said, marked) for own, said in zip(inquiry.owns, by_story, strict=True)]


def _by_candidate(found: Sequence[rules.Clue]) -> Mapping[str, list[rules.Clue]]:
    grouped = collections.defaultdict(list)
    for clue in found:
        if clue.candidate is not None:
            grouped[clue.candidate].append(clue)
    return grouped


def _circle(inquiry: _Inquiry, circle: frozenset[str]) -> _Answer:
    said = _by_candidate(inquiry.clues)
    shown = tuple(sorted(scoring.name_of(said[key], inquiry.table) for key in circle if key in said))
    return _Answer(CONFLICTING, None, shown, (f"credits lead in a circle: {', '.join(shown)}",))


def _decide(
    inquiry: _Inquiry, standings: Sequence[scoring.Standing], told: Sequence[chain.Credits]
) -> _Answer:
    stated = [standing for standing in standings if standing.is_stated]
    named = tuple(standing.name for standing in stated)
    together = any(story.carried.issuperset(standing.key for standing in stated) for story in told)
    if len(stated) > 1 and not together:
        return _Answer(
            CONFLICTING, None, named, (f"strong credits name different origins: {', '.join(named)}",)
        )
    if stated:
        return _Answer(STATED, stated[0], named[1:] + _co_origins(inquiry, stated))
    if standings:
        lead = standings[0].score - (standings[1].score if len(standings) > 1 else 0.0)
        if standings[0].score >= scoring.LEAST_INFERRED and lead >= scoring.LEAST_LEAD:
            return _Answer(INFERRED, standings[0], _co_origins(inquiry, standings[:1]))
    return _Answer(UNDETERMINED, None, ())


def _co_origins(inquiry: _Inquiry, origins: Sequence[scoring.Standing]) -> tuple[str, ...]:
    known = {standing.key for standing in origins}
    said = _by_candidate([clue for clue in inquiry.clues if clue.rule.says == rules.CO_ORIGIN])
    return tuple(sorted(scoring.name_of(said[key], inquiry.table) for key in said if key not in known))


def _verdict(inquiry: _Inquiry, answer: _Answer, standings: Sequence[scoring.Standing]) -> records.Verdict:
    order = timing.order(inquiry.case.stories)
    story_warnings = tuple(_date_warnings(view) for view in inquiry.seen)
    warnings = [warning for of_story in story_warnings for warning in of_story]
    origin = answer.origin
    said = _by_candidate(inquiry.clues)
    shown = {key: scoring.name_of(of_key, inquiry.table) for key, of_key in said.items()}
    return records.Verdict(
        origin_name=origin.name if origin else None,
        origin_kind=origin.kind if origin else scoring.UNKNOWN,
        origin=_original(inquiry, origin.key) if origin else None,
        co_origins=answer.co_origins,
        level=answer.level,
        score=standings[0].score if standings else 0.0,
        runner_up=_runner_up(inquiry, answer, standings),
        first=order.first,
        first_published=order.first_published,
        immediate_sources=_immediate_sources(inquiry, shown),
        lags_s=order.lags_s,
        warnings=tuple(dict.fromkeys((*answer.warnings, *warnings))),
        story_warnings=story_warnings,
        evidence=_evidence(inquiry, shown),
    )


def _original(inquiry: _Inquiry, key: str) -> int | None:
    """Return the earliest story on the originator's own pages that holds most of the text; None if there is none.

    Where none holds most of it, the one that holds the most.
    """
    shares, stories = inquiry.case.shares, inquiry.case.stories
    own = [i for i, keys in enumerate(inquiry.owns) if key in keys]
    if not own:
        return None
    most = max(shares[i] for i in own)
    own = [i for i in own if shares[i] >= min(_MOST_OF_IT, most)]
    claims = timing.claimed(stories)

    def rank(i: int) -> tuple[bool, float, str]:
        claim = claims[i]
        return claim is None, claim.start.timestamp() if claim else 0.0, stories[i].article_id

    return min(own, key=rank)


def _runner_up(inquiry: _Inquiry, answer: _Answer, standings: Sequence[scoring.Standing]) -> str | None:
    """Return the next candidate; where nobody is named, the agency that the texts mention most.

    A candidate that has only its own word is none, nor is one of several that are level.
    """
    taken = {answer.origin.name if answer.origin else None, *answer.co_origins}
    left = [one for one in standings if one.name not in taken and one.score > 0 and not one.is_own_word]
    if left and (len(left) == 1 or left[0].score > left[1].score):
        return left[0].name
    if answer.level != UNDETERMINED:
        return None
    hints = collections.Counter(
        agency.name
        for clue in inquiry.clues
        if clue.rule.says in (rules.CITATION, rules.IMMEDIATE_SOURCE, rules.CO_ORIGIN)
        for agency in [inquiry.table.named(clue.finding.name or "")]
        if agency is not None and agency.kind == agencies.AGENCY
    )
    return min(hints, key=lambda name: (-hints[name], name)) if hints else None


def _immediate_sources(inquiry: _Inquiry, shown: Mapping[str, str]) -> tuple[str | None, ...]:
    """Return where each story says that it was taken from: the place it names, else the origin that it credits."""
    best: list[rules.Clue | None] = [None] * len(inquiry.seen)
    for clue in inquiry.clues:
        story = clue.finding.story
        if (
            clue.candidate is not None
            and clue.candidate not in inquiry.owns[story]
            and _names_source(clue.rule)
        ):
            known = best[story]
            if known is None or _weight_as_source(clue) > _weight_as_source(known):
                best[story] = clue
    return tuple(shown[clue.candidate] if clue and clue.candidate else None for clue in best)


def _names_source(rule: rules.Rule | rules.CaseRule) -> bool:
    return (
        rule.says in (rules.IMMEDIATE_SOURCE, rules.ORIGIN)
        and rule.family != rules.PRIOR
        and rule.kind != scoring.ISSUER
    )


def _weight_as_source(clue: rules.Clue) -> tuple[bool, float]:
    return clue.rule.says == rules.IMMEDIATE_SOURCE, clue.rule.weight


def _date_warnings(view: views.View) -> tuple[str, ...]:
    claim = timing.claimed((view.story,))[0]
    if claim is None or view.dateline is None:
        return ()
    warning = datelines.inconsistency(view.dateline, view.text, claim)
    return (warning,) if warning else ()


def _evidence(inquiry: _Inquiry, shown: Mapping[str, str]) -> tuple[records.Evidence, ...]:
    ordered = sorted(inquiry.clues, key=lambda clue: clue.finding.story)
    return tuple(_piece(clue, shown, inquiry) for clue in ordered)


def _piece(clue: rules.Clue, shown: Mapping[str, str], inquiry: _Inquiry) -> records.Evidence:
    rule, finding = clue.rule, clue.finding
    story = inquiry.case.stories[finding.story]
    quote = None
    if finding.field is not None:
        held = story.page_text if finding.field == "text" else getattr(story, finding.field)
        quote = held[finding.start : finding.end]
    return records.Evidence(
        finding.story,
        rule.family,
        rule.name,
        shown.get(clue.candidate or ""),
        rule.says,
        rule.weight,
        finding.field,
        finding.start,
        finding.end,
        quote,
    )
