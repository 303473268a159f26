"""Articles that must go: with their texts, keys and evidence; their clusters are made anew without them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import errors, findings
from dedup.index import archives, postings, regrouping, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.engines import judging, local
    from dedup.index.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """Articles that went: `gone`, their numbers, and `touched`, those that a strong match bound to them."""

    gone: set[int]
    touched: set[int]


def remove(
    store: Store, identities: Sequence[str], engine: local.Local, judges: judging.Judges
) -> findings.Removed:
    """Remove pages by their ids, durably: nothing of their text is left in the file.

    Parameters
    ----------
    identities : ids of pages, or of articles that are the only one on theirs

    Raises
    ------
    StoreError : an id is not in the index, or is that of one of several articles on a page; nothing is removed
    """
    with store.writing():
        pages = [_page(store, identity) for identity in dict.fromkeys(identities)]
        ids = [
            identity
            for (identity,) in store.rows_of("SELECT article_id FROM stories WHERE page IN ({})", pages)
        ]
        left = take_out(store, pages, engine)
        events = regrouping.regroup(store, left.touched, engine, judges, left.gone)
        state = store.state()
        state.n_removed += len(left.gone)
        store.note("state", state)
    if not store.empty_log():
        engine.progress.note(
            f'"{store.path}-wal" still holds what was removed, because somebody reads the index: it goes when '
            "they are done and the index is next written, or compacted"
        )
    return findings.Removed(tuple(sorted(ids)), tuple(events))


def take_out(store: Store, pages: Sequence[int], engine: local.Local) -> Left:
    """Delete pages with all that is known of their articles but their clusters, within a transaction."""
    numbers = [number for (number,) in store.rows_of("SELECT number FROM stories WHERE page IN ({})", pages)]
    gone = set(numbers)
    touched = regrouping.neighbours(store, gone) - gone
    some = archives.of(rows.load(store, numbers), engine.settings)
    able = engine.able(some.archive)
    for article in able.tolist():
        number = int(some.numbers[article])
        own = np.array([article], np.int64)
        places = postings.parted(postings.of(some.archive, own, engine.settings))[0].tolist()
        digest = some.archive.sketches.digests[own].view(np.int64).tolist()[0]
        heir = store.value(
            "SELECT MIN(number) FROM stories WHERE digest = ? AND number <> ?", (digest, number)
        )
        postings.remove(store, places, number, heir)
        store.connection.execute(
            "UPDATE stories SET digest = NULL WHERE number = ?", (number,)
        )  # it is no heir
    text_bytes = store.fact("text_bytes") - len(some.archive.text)
    store.note("text_bytes", text_bytes)
    delete_pages(store, pages)
    return Left(gone, touched)


def delete_pages(store: Store, pages: Iterable[int]) -> None:
    """Delete the rows of pages and of their articles, but for keys and clusters."""
    listed = list(pages)
    found = store.rows_of("SELECT number, article_id FROM stories WHERE page IN ({})", listed)
    numbers = [number for number, _ in found]
    for table, column in (("pairs", "a"), ("pairs", "b"), ("memberships", "number"), ("stories", "number")):
        store.change(f"DELETE FROM {table} WHERE {column} IN ({{}})", numbers)  # noqa: S608  (names are ours)
    store.change("DELETE FROM boilerplate WHERE article_id IN ({})", [identity for _, identity in found])
    store.change("DELETE FROM pages WHERE page IN ({})", listed)
    store.change("DELETE FROM texts WHERE page IN ({})", listed)


def _page(store: Store, identity: str) -> int:
    """Return the number of a page, by its id.

    Raises
    ------
    StoreError : there is none, or it is the id of one of several articles
    """
    page = store.value("SELECT page FROM pages WHERE page_id = ?", (identity,))
    if page is not None:
        return int(page)
    row = store.rows(
        "SELECT p.page_id FROM stories JOIN pages p USING (page) WHERE article_id = ?", (identity,)
    )
    if row:
        message = (
            f'"{identity}" is one of several articles on page "{row[0][0]}", whose text is one: '
            f'remove "{row[0][0]}" as a whole'
        )
        raise errors.StoreError(message)
    message = f'no article "{identity}" in index "{store.path}"'
    raise errors.StoreError(message)
