"""What articles of the file have in common with those that were there before them: findings, from what is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup import findings
from dedup.index import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.index.store import Store

_AT_ONCE = 200
_WHOSE = (
    "SELECT m.number, c.cluster, c.cluster_id, c.n_articles, c.origin_name, c.origin_kind, c.origin_article_id,"
    " c.co_origins, c.level, c.runner_up, c.first_article_id, c.first_published FROM memberships m"
    " JOIN clusters c USING (cluster) WHERE m.number IN ({}) ORDER BY c.n_articles = 1, c.cluster_id"
)
_QUOTES = (
    "SELECT e.cluster, s.article_id, e.rule, e.says, e.candidate, e.weight, e.quote FROM pieces e"
    " JOIN stories s USING (number) WHERE e.cluster IN ({}) ORDER BY e.piece"
)
_PAIRS = (
    "SELECT a, b, relation, jaccard, share_a, share_b, shared_words, passages, edits FROM pairs"
    " WHERE {} IN ({{}})"
)


def tell(store: Store, numbers: Sequence[int]) -> Iterator[findings.Finding]:
    """Yield for some articles of the file, in order, what they share with those before them, and whose it is."""
    for begin in range(0, len(numbers), _AT_ONCE):
        yield from _tell(store, numbers[begin : begin + _AT_ONCE])


def _tell(store: Store, numbers: Sequence[int]) -> Iterator[findings.Finding]:
    own = set(numbers)
    found: dict[int, list[tuple[int, bool, tuple[Any, ...]]]] = {}
    for side in ("a", "b"):
        for row in store.rows_of(_PAIRS.format(side), numbers):
            is_first = side == "a"
            number, other = (row[0], row[1]) if is_first else (row[1], row[0])
            if other < number:
                found.setdefault(number, []).append((other, is_first, row))
    others = {other for matches in found.values() for other, _, _ in matches}
    known = {row.number: row for row in rows.load(store, own | others)}
    clusters: dict[int, list[str]] = {}
    listed = store.rows_of(_WHOSE, own | others)
    for row in listed:
        clusters.setdefault(row[0], []).append(row[2])
    whose = _whose(store, [row for row in listed if row[0] in own])
    for number in numbers:
        story = known[number]
        matches = [
            _match(story, known[other], clusters, row, is_first)
            for other, is_first, row in found.get(number, [])
        ]
        matches.sort(
            key=lambda match: (-max(match.share, match.their_share), -match.shared_words, match.article_id)
        )
        yield findings.Finding(
            story.article_id,
            story.source_path,
            story.line,
            rows.title(story),
            story.n_words,
            bool(matches),
            False,  # noqa: FBT003  (it came new)
            tuple(matches),
            tuple(whose.get(number, ())),
        )


def _match(
    story: rows.Row,
    other: rows.Row,
    clusters: dict[int, list[str]],
    row: tuple[Any, ...],
    is_first: bool,  # noqa: FBT001
) -> findings.Match:
    relation, jaccard, share_a, share_b, shared_words, passages, edits = row[2:]
    text, their_text = story.text.decode(), other.text.decode()
    made = []
    for span, n_edits in zip(json.loads(passages), json.loads(edits), strict=True):
        start, end, their_start, their_end = span if is_first else (*span[2:], *span[:2])
        words, their_words = text[start:end], their_text[their_start:their_end]
        made.append(findings.Passage(start, end, their_start, their_end, n_edits, words, their_words))
    return findings.Match(
        other.article_id,
        relation,
        jaccard,
        share_a if is_first else share_b,
        share_b if is_first else share_a,
        shared_words,
        rows.title(other),
        other.outlet,
        other.url,
        other.head_published or other.published,
        tuple(clusters.get(other.number, ())),
        tuple(made),
    )


def whose(store: Store, numbers: Iterable[int]) -> dict[int, list[findings.Whose]]:
    """Return whose text the clusters are that some articles of the file stand in, by article."""
    return _whose(store, store.rows_of(_WHOSE, numbers))


def _whose(store: Store, listed: list[tuple[Any, ...]]) -> dict[int, list[findings.Whose]]:
    """Return whose text the clusters are that articles stand in, by article."""
    quotes: dict[int, list[findings.Quote]] = {}
    for cluster, *quote in store.rows_of(_QUOTES, {row[1] for row in listed}):
        quotes.setdefault(cluster, []).append(findings.Quote(*quote))
    found: dict[int, list[findings.Whose]] = {}
    for number, cluster, *told in listed:
        cluster_id, n_articles, name, kind, origin, co_origins, level, runner_up, first, published = told
        strongest = sorted(quotes.get(cluster, []), key=lambda quote: -quote.weight)
        found.setdefault(number, []).append(
            findings.Whose(
                cluster_id,
                n_articles,
                name,
                kind,
                origin,
                tuple(json.loads(co_origins)),
                level,
                runner_up,
                first,
                published,
                tuple(strongest),
            )
        )
    return found
