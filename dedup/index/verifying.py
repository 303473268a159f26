"""Whether all that an index holds belongs together: looked at from its texts up, and told thing by thing."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import numpy as np

from dedup import findings
from dedup.index import archives, postings, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.engines import local
    from dedup.index.store import Store

_AT_ONCE = 2_000
_ENTRY_BYTES = 8  # of a key and an article
_MOST_TOLD = 100  # faults of one kind
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)

_QUERIES = {
    "pages": (
        ("SELECT page_id FROM pages WHERE page NOT IN (SELECT page FROM texts)", "the page has no text"),
        ("SELECT page_id FROM pages WHERE page NOT IN (SELECT page FROM stories)", "the page has no article"),
        ("SELECT page FROM texts WHERE page NOT IN (SELECT page FROM pages)", "the text has no page"),
        (
            "SELECT article_id FROM stories WHERE page NOT IN (SELECT page FROM pages)",
            "the article has no page",
        ),
    ),
    "matches": (
        (
            (
                "SELECT a || ', ' || b FROM pairs WHERE a NOT IN (SELECT number FROM stories)"
                " OR b NOT IN (SELECT number FROM stories)"
            ),
            "an article of the match is missing",
        ),
        (
            (
                "SELECT x.article_id || ', ' || y.article_id FROM pairs JOIN stories x ON x.number = a"
                " JOIN stories y ON y.number = b WHERE x.article_id >= y.article_id"
            ),
            "the ids of the match are not in order",
        ),
        (
            "SELECT a || ', ' || b FROM pairs WHERE relation NOT IN ('copy', 'revision', 'excerpt', 'partial')",
            "the match has no known relation",
        ),
    ),
    "keys": (
        (
            "SELECT place FROM frequent_keys WHERE first NOT IN (SELECT number FROM stories)",
            "the first article of the frequent key is missing",
        ),
        (
            "SELECT place FROM recent_keys WHERE number NOT IN (SELECT number FROM stories)",
            "the article that holds the key is missing",
        ),
    ),
    "clusters": (
        (
            (
                "SELECT cluster_id FROM clusters WHERE first_article_id IS NOT NULL"
                " AND first_article_id NOT IN (SELECT article_id FROM stories)"
            ),
            "the earliest article of the cluster is missing",
        ),
        (
            (
                "SELECT cluster_id FROM clusters c WHERE n_articles <>"
                " (SELECT COUNT(*) FROM memberships m WHERE m.cluster = c.cluster)"
            ),
            "the cluster has not as many members as it says",
        ),
        (
            "SELECT cluster_id FROM clusters WHERE leader NOT IN (SELECT number FROM stories)",
            "the article that leads the cluster is missing",
        ),
        (
            (
                "SELECT cluster_id FROM clusters WHERE origin_article_id IS NOT NULL"
                " AND origin_article_id NOT IN (SELECT article_id FROM stories)"
            ),
            "the original of the cluster is missing",
        ),
        (
            (
                "SELECT cluster || ', ' || number FROM memberships WHERE number NOT IN (SELECT number FROM stories)"
                " OR cluster NOT IN (SELECT cluster FROM clusters)"
            ),
            "the member has no article, or no cluster",
        ),
    ),
    "evidence": (
        (
            (
                "SELECT piece FROM pieces WHERE number NOT IN (SELECT number FROM stories)"
                " OR cluster NOT IN (SELECT cluster FROM clusters)"
            ),
            "the piece of evidence has no article, or no cluster",
        ),
    ),
}


def verify(store: Store, engine: local.Local) -> findings.Verified:
    """Return what was looked at in an index, and what was wrong.

    SQLite checks the file; sketches and keys of each article are made again from its text; all that names an article
    or a cluster is looked up, and so is each quote from a text.
    """
    faults: list[findings.Fault] = []
    with store.reading():
        engine.progress.stage("checking the file")
        told = [line for (line,) in store.rows(f"PRAGMA integrity_check({_MOST_TOLD})") if line != "ok"]
        faults += [findings.Fault("file", str(store.path), line) for line in told]
        engine.progress.stage("checking what belongs together")
        for check, queries in _QUERIES.items():
            for query, reason in queries:
                found = store.rows(f"{query} LIMIT {_MOST_TOLD}")
                faults += [findings.Fault(check, str(thing), reason) for (thing,) in found]
        n_articles = store.n_articles()
        engine.progress.stage("checking articles and keys", n_articles, "articles")
        faults += _articles(store, engine)
        engine.progress.stage("checking quotes")
        n_quotes, wrong = _quotes(store)
        faults += wrong
        n_pairs = store.value("SELECT COUNT(*) FROM pairs")
        n_clusters = store.value("SELECT COUNT(*) FROM clusters")
    return findings.Verified(n_articles, n_pairs, n_clusters, n_quotes, tuple(faults))


def _articles(store: Store, engine: local.Local) -> Iterator[findings.Fault]:
    """Yield what is wrong with articles: their sketches and keys are made again and compared."""
    last = store.value("SELECT MAX(number) FROM stories") or 0
    stored = _stored_sums(store, last)
    told: dict[str, int] = collections.Counter()
    standing: dict[int, int] = collections.Counter()
    numbers = [number for (number,) in store.rows("SELECT number FROM stories ORDER BY number")]
    digests = dict(store.rows("SELECT number, digest FROM stories"))
    for begin in range(0, len(numbers), _AT_ONCE):
        asked = numbers[begin : begin + _AT_ONCE]
        try:
            some = archives.of(rows.load(store, asked), engine.settings)
        except (IndexError, ValueError) as error:
            yield findings.Fault("articles", f"{asked[0]} to {asked[-1]}", f"their texts do not fit: {error}")
            continue
        able = engine.able(some.archive)
        sums = np.zeros(len(some.archive), np.uint64)
        packed = postings.of(some.archive, able, engine.settings)
        places, ranks = postings.parted(packed)
        np.add.at(sums, able[ranks], _mixed(places))
        is_able = np.zeros(len(some.archive), np.bool_)
        is_able[able] = True
        fresh = some.archive.sketches.digests.view(np.int64)
        for place, number in enumerate(some.numbers.tolist()):
            digest = int(fresh[place]) if is_able[place] else None
            if digest != digests[number]:
                yield from _few(
                    told, "articles", some, place, "its text and its digest do not fit each other"
                )
            if stored[number]:
                standing[digest or 0] += 1
            if stored[number] not in (0, sums[place]):
                yield from _few(told, "keys", some, place, "its keys are not those of its text")
        engine.progress.advance(len(asked))
    wanted = {digest for digest in digests.values() if digest is not None}
    for digest in sorted(wanted, key=lambda digest: digest):
        if standing[digest] != 1 and told["copies"] < _MOST_TOLD:
            told["copies"] += 1
            number = next(number for number, own in digests.items() if own == digest)
            article_id = store.value("SELECT article_id FROM stories WHERE number = ?", (number,))
            reason = f"of its exact copies one must stand for all in the keys: {standing[digest]}"
            yield findings.Fault("keys", article_id, reason)


def _few(
    told: dict[str, int], check: str, some: archives.Some, place: int, reason: str
) -> Iterator[findings.Fault]:
    """Yield a fault of an article, unless there were many of its kind."""
    told[check] += 1
    if told[check] <= _MOST_TOLD:
        yield findings.Fault(check, some.archive.article_ids[place].as_py(), reason)


def _stored_sums(store: Store, last: int) -> NDArray[np.uint64]:
    """Return a sum over the keys of each article in the file, whatever their order, (last + 1,) uint64."""
    sums = np.zeros(last + 1, np.uint64)
    for place, blob in store.connection.execute("SELECT place, entries FROM keys"):
        if len(blob) % _ENTRY_BYTES:
            continue  # its articles will be found to lack their keys
        keys, holders = postings.unpack(blob)
        kind = place >> postings.KIND_BITS << postings.KIND_BITS
        np.add.at(sums, holders[holders <= last], _mixed(keys[holders <= last].astype(np.int64) + kind))
    recent = np.array(store.rows("SELECT place, number FROM recent_keys"), np.int64).reshape(-1, 2)
    recent = recent[recent[:, 1] <= last]
    np.add.at(sums, recent[:, 1], _mixed(recent[:, 0]))
    for place, blob in store.connection.execute("SELECT place, numbers FROM frequent_holders"):
        holders = np.frombuffer(blob, np.uint32)
        np.add.at(sums, holders[holders <= last], _mixed(np.array([place], np.int64)))
    return sums


def _mixed(places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a number for each key, of which sums tell sets apart."""
    mixed = (places.astype(np.uint64) + np.uint64(1)) * _FACTOR
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return mixed ^ (mixed >> _SHIFT)


def _quotes(store: Store) -> tuple[int, list[findings.Fault]]:
    """Return how many quotes from texts there are, and those that do not stand there."""
    query = (
        "SELECT s.article_id, e.start, e.end, e.quote, t.text FROM pieces e JOIN stories s USING (number)"
        " JOIN texts t USING (page) WHERE e.field = 'text' AND e.quote IS NOT NULL"
    )
    n_quotes = 0
    wrong: list[findings.Fault] = []
    for article_id, start, end, quote, text in store.connection.execute(query):
        n_quotes += 1
        if text[start:end] != quote and len(wrong) < _MOST_TOLD:
            reason = f"the quote {quote!r} does not stand at {start} to {end}"
            wrong.append(findings.Fault("evidence", article_id, reason))
    return n_quotes, wrong
