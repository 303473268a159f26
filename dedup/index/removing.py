"""Articles that must go: with their texts, keys and evidence; their clusters are made anew without them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import errors, findings
from dedup.engines import local
from dedup.index import archives, comparing, postings, regrouping, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.engines import judging
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
    return findings.Removed(tuple(sorted(ids)), store.empty_log(), tuple(events))


def take_out(store: Store, pages: Sequence[int], engine: local.Local) -> Left:
    """Delete pages with all that is known of their articles but their clusters, within a transaction."""
    numbers = [number for (number,) in store.rows_of("SELECT number FROM stories WHERE page IN ({})", pages)]
    gone = set(numbers)
    touched = regrouping.neighbours(store, gone) - gone
    some = archives.of(rows.load(store, numbers), engine.settings)
    bereft: set[int] = set()
    groups: set[int] = set()
    for article in engine.able(some.archive).tolist():
        number = int(some.numbers[article])
        own = np.array([article], np.int64)
        places = postings.parted(postings.of(some.archive, own, engine.settings))[0].tolist()
        digest = some.archive.sketches.digests[own].view(np.int64).tolist()[0]
        groups.add(digest)
        if postings.remove(store, places, number):
            bereft.add(digest)
    store.note("text_bytes", store.fact("text_bytes") - len(some.archive.text))
    delete_pages(store, pages)
    for digest in bereft:
        _inherit(store, digest, engine)
    for digest in groups:
        touched |= _pair_again(store, digest, engine)
    return Left(gone, touched)


def _inherit(store: Store, digest: int, engine: local.Local) -> None:
    """Let one of the exact copies that are left stand for them."""
    heir = store.value("SELECT number FROM stories WHERE digest = ? ORDER BY article_id LIMIT 1", (digest,))
    if heir is None:
        return
    some = archives.of(rows.load(store, [heir]), engine.settings)
    packed = postings.of(some.archive, np.arange(1), engine.settings)
    postings.enter(store, postings.parted(packed)[0].tolist(), heir)


def _pair_again(store: Store, digest: int, engine: local.Local) -> set[int]:
    """Return the exact copies that are left of very many, after they were paired as a scan would: with the first."""
    rest = store.rows("SELECT number FROM stories WHERE digest = ? ORDER BY article_id", (digest,))
    numbers = [number for (number,) in rest]
    if len(numbers) ** 2 <= local.MOST_EXPANDED // 2:  # so few were never paired with the first one only
        return set()
    first, *others = numbers
    paired = {other for (other,) in store.rows("SELECT b FROM pairs WHERE a = ?", (first,))}
    missing = [(first, other) for other in others if other not in paired]
    if not missing:
        return set()
    some = archives.of(rows.load(store, numbers), engine.settings)
    comparing.insert(store, comparing.compare(some, missing, engine), some.numbers)
    return set(numbers)


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
