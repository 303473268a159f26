"""Whatever is taken out of an index, or changed in it, is found."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.index import postings, standing
from tests import archives

STORY = "The ministers agreed on Monday on a plan for the price of grain, which had doubled since the harvest failed."


@pytest.fixture
def index(tmp_path):
    """Return an index with clusters, evidence, and keys of both kinds."""
    credited = [
        {"id": f"credited-{i}", "text": f"PARIS, Feb 3 (Reuters) - {STORY}", "outlet": f"P{i}"}
        for i in range(3)
    ]
    with standing.Index(tmp_path / "index", threads=1) as held:
        held.add(archives.write([*archives.records(30), *credited], tmp_path / "all.jsonl"))
        held.add(
            archives.write(
                [{"id": "later", "text": archives.records(40)[35]["text"]}], tmp_path / "more.jsonl"
            )
        )
        yield held


def test_a_sound_index_has_no_fault(index):
    told = index.verify()
    assert told.faults == ()
    assert (told.n_articles, told.n_quotes > 0) == (34, True)


@pytest.mark.parametrize(
    ("damage", "check", "reason"),
    [
        ("DELETE FROM texts WHERE page = 3", "pages", "the page has no text"),
        ("DELETE FROM pages WHERE page = 3", "pages", "has no page"),
        ("DELETE FROM stories WHERE number = 3", "pages", "the page has no article"),
        ("UPDATE texts SET text = 'A' || text WHERE page = 5", "articles", "do not fit each other"),
        ("UPDATE texts SET text = 'A' WHERE page = 5", "articles", "fit"),
        ("UPDATE stories SET digest = digest + 1 WHERE number = 4", "articles", "do not fit each other"),
        (
            "DELETE FROM keys WHERE place = (SELECT MIN(place) FROM keys)",
            "keys",
            "its keys are not those of its text",
        ),
        ("DELETE FROM recent_keys WHERE place % 3 = 0", "keys", "its keys are not those of its text"),
        ("DELETE FROM recent_keys", "keys", "one must stand for all in the keys: 0"),
        (
            "DELETE FROM memberships WHERE number = (SELECT MIN(number) FROM memberships)",
            "clusters",
            "as many members",
        ),
        ("UPDATE clusters SET leader = 999", "clusters", "the article that leads the cluster is missing"),
        (
            "UPDATE clusters SET origin_article_id = 'nobody'",
            "clusters",
            "the original of the cluster is missing",
        ),
        (
            "INSERT INTO pairs SELECT 900, 901, relation, 0, 0, 0, 0, 0, 0, '[]', '[]' FROM pairs LIMIT 1",
            "matches",
            "missing",
        ),
        ("UPDATE pieces SET quote = 'Reuter' WHERE field = 'text'", "evidence", "does not stand at"),
        ("UPDATE pairs SET relation = 'like'", "matches", "no known relation"),
        ("UPDATE clusters SET first_article_id = 'nobody'", "clusters", "the earliest article"),
        ("INSERT INTO recent_keys VALUES (77, 999)", "keys", "the article that holds the key is missing"),
        (
            "INSERT INTO frequent_keys VALUES (78, 200, 999, 0)",
            "keys",
            "the first article of the frequent key",
        ),
        (
            "UPDATE keys SET entries = x'0102' WHERE place = (SELECT MIN(place) FROM keys)",
            "keys",
            "not those of",
        ),
        ("UPDATE pieces SET cluster = 999", "evidence", "has no article, or no cluster"),
    ],
)
def test_each_damage_is_found(index, damage, check, reason):
    index.store.connection.execute(damage)
    faults = index.verify().faults
    assert any(fault.check == check and reason in fault.reason for fault in faults), faults


def test_the_keys_of_a_page_are_those_that_are_asked_for(index):
    store = index.store
    places = sorted(place for (place,) in store.rows("SELECT DISTINCT place FROM recent_keys"))
    pages = [
        (place, *map(list, postings.unpack(blob)))
        for place, blob in store.rows("SELECT place, entries FROM keys")
    ]
    every: dict[int, set[int]] = {}
    for place, keys, holders in pages:
        kind = place >> postings.KIND_BITS << postings.KIND_BITS
        for key, holder in zip(keys, holders, strict=True):
            every.setdefault(kind + int(key), set()).add(int(holder))
    for place, number in store.rows("SELECT place, number FROM recent_keys"):
        every.setdefault(place, set()).add(number)
    asked = np.array(sorted({*places, *list(every)[::7], 5, 1 << 33}), np.int64)
    for n_pages in (len(pages), 10**9):  # looked for one by one, and all pages in turn
        found = postings.find(store, asked, n_pages)
        for row, place in enumerate(asked.tolist()):
            assert set(found.numbers.row(row).tolist()) == every.get(place, set())
