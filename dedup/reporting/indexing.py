"""What was done to an index, and what it is, in lines for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dedup.reporting import checking, phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup import findings, records

_MOST_EVENTS = 20
_MOST_FAULTS = 50
_MOST_REJECTS = 20


def added(told: findings.Added) -> Iterator[str]:
    """Yield what became of records that were added."""
    parts = [f"{phrases.count(told.n_articles, 'article')} added"]
    if told.n_known:
        parts.append(f"{told.n_known:,} there already")
    parts.append(
        phrases.count(told.n_matches, "match", "matches") + (" in all" if told.compacted else " of these")
    )
    yield f"{', '.join(parts)}; {told.n_held:,} in the index"
    yield from _events(told.events)


def removed(told: findings.Removed) -> Iterator[str]:
    """Yield what went out."""
    yield f"{phrases.count(len(told.article_ids), 'article')} removed"
    if not told.overwritten:
        yield "not overwritten on disk yet, because somebody reads the index: they will be when it is next written"
    yield from _events(told.events)


def compacted(told: findings.Rebuilt) -> Iterator[str]:
    """Yield what the index is that was made anew."""
    matches = phrases.count(told.n_matches, "match", "matches")
    yield f"{phrases.count(told.n_articles, 'article')}, {matches}, {phrases.count(told.n_clusters, 'cluster')}"
    yield from _events(told.events)


def described(account: findings.Account) -> Iterator[str]:
    """Yield what an index is."""
    yield f"index      {phrases.clean(account.path)}"
    per_article = (account.size_bytes - account.text_bytes) / max(account.n_articles, 1) / 1e3
    size = f"{account.size_bytes / 1e6:,.1f} MB, of which texts {account.text_bytes / 1e6:,.1f} MB"
    yield f"size       {size}; {per_article:.2f} KB an article beside its text"
    clusters = phrases.count(account.n_clusters, "cluster")
    lone = (
        f", {phrases.count(account.n_lone, 'lone story', 'lone stories')} with a credit"
        if account.n_lone
        else ""
    )
    matches = phrases.count(account.n_matches, "match", "matches")
    yield f"holds      {phrases.count(account.n_articles, 'article')}, {matches}, {clusters}{lone}"
    if account.first_published and account.last_published:
        yield f"dated      {phrases.when(account.first_published)} to {phrases.when(account.last_published)}"
    differing = ", ".join(f"{name} = {value!r}" for name, value in account.settings.items())
    yield f"settings   {account.settings_digest}, {differing or 'the defaults'}"
    yield f"made       {phrases.when(account.made)}, schema {account.schema_version}"
    since = [f"{account.n_added:,} added"] + ([f"{account.n_removed:,} removed"] if account.n_removed else [])
    yield f"compacted  {phrases.when(account.compacted) if account.compacted else 'never'}, {', '.join(since)} since"
    if account.n_pairs_lost is None:
        yield "to a scan  not counted"
    elif account.n_pairs_lost == account.n_pairs_changed == account.n_pairs_missing == 0:
        yield "to a scan  equal in all matches"
    else:
        lost = phrases.count(account.n_pairs_lost, "match", "matches")
        yield f"to a scan  {lost} would go, {account.n_pairs_changed:,} change, {account.n_pairs_missing:,} come:"
        yield (
            f"           they rest on {phrases.count(account.n_lines_boilerplate or 0, 'line')} whose boilerplate has"
            f" changed, or {phrases.count(account.n_keys_frequent, 'key')} too frequent now; `dedup index compact`"
        )
    if account.agencies_changed:
        yield "verdicts   rest on another table of agencies, or other overrides: `dedup index compact` judges anew"
    for source in account.watched:
        yield f"watches    {phrases.clean(source)}"


def verified(told: findings.Verified) -> Iterator[str]:
    """Yield what was looked at, and what was wrong."""
    yield (
        f"checked {phrases.count(told.n_articles, 'article')}, {phrases.count(told.n_pairs, 'match', 'matches')}, "
        f"{phrases.count(told.n_clusters, 'cluster')}, {phrases.count(told.n_quotes, 'quote')}: "
        f"{phrases.count(len(told.faults), 'fault') if told.faults else 'all is well'}"
    )
    for fault in told.faults[:_MOST_FAULTS]:
        yield f"{fault.check}: {phrases.clean(fault.thing)}: {phrases.clean(fault.reason)}"
    if len(told.faults) > _MOST_FAULTS:
        yield f"and {len(told.faults) - _MOST_FAULTS:,} more"


def left_out(rejects: Iterable[records.Reject]) -> None:
    """Say on standard error which records were left out."""
    listed = list(rejects)
    for reject in listed[:_MOST_REJECTS]:
        place = reject.source_path if reject.line is None else f"{reject.source_path}:{reject.line}"
        sys.stderr.write(f"dedup: left out {phrases.clean(place)}: {phrases.clean(reject.reason)}\n")
    if len(listed) > _MOST_REJECTS:
        sys.stderr.write(f"dedup: and {len(listed) - _MOST_REJECTS:,} more records left out\n")


def _events(events: Iterable[findings.Event]) -> Iterator[str]:
    listed = list(events)
    for befell in listed[:_MOST_EVENTS]:
        yield checking.event(befell)
    if len(listed) > _MOST_EVENTS:
        yield f"and {len(listed) - _MOST_EVENTS:,} more changes, in the table `history`"
