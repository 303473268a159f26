"""Which articles hold which key: pages of many keys that stand together, and a row for each that came since.

A place is a key with its kind: kinds have keys of their own. Of exact copies one article stands for all.
"""

from __future__ import annotations

import array
import bisect
import dataclasses
import itertools
import json
from typing import TYPE_CHECKING

import numpy as np

from dedup import packing, records
from dedup.index import schema
from dedup.matching import hashing
from dedup.sketching import sketches as sketching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.index.store import Store
    from dedup.settings import Settings

SAMPLE, PARAGRAPH, SHORT, BAND = range(4)  # kinds of keys; bands have one each, from BAND on
RANK_BITS = 18
PAGE_ENTRIES = 500  # at least, where there are so many
_ENTRIES_AT_ONCE = 16_000_000
_SHORT_SHINGLE_WORDS = 3
KIND_BITS = 32
_DENSE = 4  # pages for each key asked, below which all pages are read in turn


@dataclasses.dataclass(frozen=True, slots=True)
class Holders:
    """Which articles of the file hold some keys.

    Parameters
    ----------
    numbers : rows of int64, one for each key: the articles; of a frequent key none
    counts : (n,) int64, how many hold it
    firsts : (n,) int64, of a frequent key the article of the least id; -1 for others
    """

    numbers: records.Ragged
    counts: NDArray[np.int64]
    firsts: NDArray[np.int64]


def of(archive: Archive, articles: NDArray[np.int64], settings: Settings) -> NDArray[np.uint64]:
    """Return the keys of some articles, `place << RANK_BITS | rank`, sorted and different.

    Parameters
    ----------
    articles : (n,) int64, rising, at most 1 << RANK_BITS; the rank of each is its place among them
    """
    parts = []
    for kind, entries in _entries(archive, articles, settings, _whole):
        ranks = np.searchsorted(articles, packing.low(entries)).astype(np.uint64)
        places = (entries >> np.uint64(32)) + np.uint64(kind << KIND_BITS)
        parts.append(places << np.uint64(RANK_BITS) | ranks)
    found = np.concatenate([np.empty(0, np.uint64), *parts])
    found.sort()
    return found


def parted(packed: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places and the ranks of what `of` returns, (n,) int64 each."""
    places = (packed >> np.uint64(RANK_BITS)).astype(np.int64)
    return places, (packed & np.uint64((1 << RANK_BITS) - 1)).astype(np.int64)


def write(
    store: Store,
    archive: Archive,
    articles: NDArray[np.int64],
    numbers: NDArray[np.int64],
    settings: Settings,
) -> int:
    """Write the keys of all articles of a file anew, and return how many pages they make.

    Parameters
    ----------
    articles : (n,) int64, rising: one for each group of exact copies
    numbers : (n_articles,) int64, those in the file
    """
    connection = store.connection
    for stored in (schema.KEYS, schema.RECENT_KEYS, schema.FREQUENT_KEYS, schema.FREQUENT_HOLDERS):
        connection.execute(f'DELETE FROM "{stored.table.name}"')  # noqa: S608  (names are declared)
    n_pages = 0
    for kind, entries in _entries(archive, articles, settings, _in_ranges):
        made = _cut(entries, settings.max_document_frequency)
        n_pages += len(made.pages) - 1
        connection.executemany(schema.KEYS.insert(), _page_rows(made, kind, numbers))
        rows = list(_frequent_rows(made, kind, numbers))
        connection.executemany(schema.FREQUENT_KEYS.insert(), [row[:4] for row in rows])
        connection.executemany(schema.FREQUENT_HOLDERS.insert(), [(row[0], row[4]) for row in rows])
    return n_pages


def find(store: Store, places: NDArray[np.int64], n_pages: int) -> Holders:
    """Return which articles of the file hold some keys.

    Parameters
    ----------
    places : (n,) int64, rising
    n_pages : how many pages there are
    """
    asked = places.tolist()
    frequent = {
        place: (count, first)
        for place, count, first in store.rows_of(
            "SELECT place, n_articles, first FROM frequent_keys WHERE place IN ({})", asked
        )
    }
    recent: dict[int, list[int]] = {}
    for place, number in store.rows_of("SELECT place, number FROM recent_keys WHERE place IN ({})", asked):
        recent.setdefault(place, []).append(number)
    rest = [place for place in asked if place not in frequent] if frequent else asked
    look = _look_in_turn if _DENSE * len(rest) > n_pages else _look_for_each
    held = dict(look(store, rest)) if n_pages else {}
    numbers = array.array("q")
    lengths, counts, firsts = [], [], []
    for place in asked:
        if place in frequent:
            count, first = frequent[place]
            n_numbers = 0
        else:
            own = held.get(place, [])
            own = own + recent[place] if place in recent else own
            numbers.extend(own)
            n_numbers = count = len(own)
            first = -1
        lengths.append(n_numbers)
        counts.append(count)
        firsts.append(first)
    rows = records.Ragged(np.array(numbers, np.int64), records.offsets(np.array(lengths, np.int64)))
    return Holders(rows, np.array(counts, np.int64), np.array(firsts, np.int64))


def add(store: Store, places: Iterable[int], numbers: Iterable[int]) -> None:
    """Write keys of articles that come new.

    Parameters
    ----------
    places, numbers : one for each key of each article
    """
    store.connection.executemany(schema.RECENT_KEYS.insert(), zip(places, numbers, strict=True))


def count(store: Store, changed: Sequence[tuple[int, int, int]]) -> None:
    """Write how many articles hold keys that are frequent, or became so: place, how many, and the first of them."""
    store.connection.executemany(
        "INSERT INTO frequent_keys VALUES (?, ?, ?, 1)"
        " ON CONFLICT (place) DO UPDATE SET n_articles = excluded.n_articles, first = excluded.first",
        changed,
    )


def enter(store: Store, places: Sequence[int], number: int) -> None:
    """Let an article stand for its exact copies from now on: write its keys, all of its own."""
    add(store, places, itertools.repeat(number, len(places)))
    query = "SELECT place, n_articles, first FROM frequent_keys WHERE place IN ({})"
    for place, n_articles, first in store.rows_of(query, places):
        store.connection.execute(
            "UPDATE frequent_keys SET n_articles = ?, first = ? WHERE place = ?",
            (n_articles + 1, first_of(store, {first, number}), place),
        )


def remove(store: Store, places: Sequence[int], number: int) -> bool:
    """Return whether an article stood for its exact copies, after it was taken out of its keys.

    Parameters
    ----------
    places : all keys of the article
    """
    is_held = [
        place
        for place in places
        if store.connection.execute(
            "DELETE FROM recent_keys WHERE place = ? AND number = ?", (place, number)
        ).rowcount
        or _take_from_page(store, place, number)
        or _take_from_frequent(store, place, number)
    ]
    for place in is_held:
        store.connection.execute(
            "UPDATE frequent_keys SET n_articles = n_articles - 1 WHERE place = ?", (place,)
        )
    firsts = store.rows("SELECT place FROM frequent_keys WHERE first = ?", (number,))
    for place in {*is_held, *(place for (place,) in firsts)}:
        _settle(store, place, number)
    return bool(is_held)


def _settle(store: Store, place: int, gone: int) -> None:
    """Write who is the first of a frequent key now; one that is frequent no more becomes as any other."""
    row = store.connection.execute(
        "SELECT n_articles, first FROM frequent_keys WHERE place = ?", (place,)
    ).fetchone()
    if row is None:
        return
    if row[0] <= store.settings.max_document_frequency:
        blob = store.value("SELECT numbers FROM frequent_holders WHERE place = ?", (place,))
        listed = np.frombuffer(blob or b"", np.uint32).tolist()
        add(store, itertools.repeat(place, len(listed)), listed)
        for table in ("frequent_holders", "frequent_keys"):
            store.connection.execute(f"DELETE FROM {table} WHERE place = ?", (place,))  # noqa: S608  (names are ours)
    elif row[1] == gone:
        first = first_of(store, everyone(store, place))
        store.connection.execute("UPDATE frequent_keys SET first = ? WHERE place = ?", (first, place))


def everyone(store: Store, place: int) -> list[int]:
    """Return all articles that hold a key, however frequent it is."""
    blob = store.value("SELECT numbers FROM frequent_holders WHERE place = ?", (place,))
    found: list[int] = np.frombuffer(blob or b"", np.uint32).tolist()
    found += dict(_look_for_each(store, [place])).get(place, [])
    found += [number for (number,) in store.rows("SELECT number FROM recent_keys WHERE place = ?", (place,))]
    return found


def first_of(store: Store, numbers: Iterable[int]) -> int:
    """Return the article of the least id."""
    rows = store.rows_of("SELECT article_id, number FROM stories WHERE number IN ({})", numbers)
    return int(min((identity.encode(), number) for identity, number in rows)[1])


def unpack(blob: bytes) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the hashes and the articles of a page, (n,) uint32 each."""
    entries = np.frombuffer(blob, np.uint32)
    half = len(entries) // 2
    return entries[:half], entries[half:]


def _entries(
    archive: Archive,
    articles: NDArray[np.int64],
    settings: Settings,
    sorted_of: Callable[[records.Rows, NDArray[np.int64]], Iterator[NDArray[np.uint64]]],
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Yield each kind of keys with its entries `key << 32 | article`, sorted and different, in parts."""
    sketches = archive.sketches
    for kind, rows in ((SAMPLE, sketches.samples), (PARAGRAPH, sketches.paragraph_keys)):
        asked = rows.as_they_stand(articles)
        for entries in sorted_of(rows.take(asked), asked):
            yield kind, entries
    short = articles[sketches.n_words[articles] < settings.short_text_words]
    hashed = hashing.hash_words(archive.text, archive.located(), short, _SHORT_SHINGLE_WORDS)
    begun = hashed.words.shingles != 0
    owners = np.repeat(short, np.diff(hashed.offsets))
    yield SHORT, _different(packing.pack(hashed.words.shingles[begun], owners[begun]))
    if settings.bands:
        keys = sketching.band_keys(sketches.signatures, settings.bands, settings.rows)
        for band in range(settings.bands):
            yield BAND + band, _different(packing.pack(keys[articles, band], articles))


def _different(entries: NDArray[np.uint64]) -> NDArray[np.uint64]:
    from dedup.matching import kernels

    packing.sort(entries)
    return entries[: kernels.drop_repeats(entries)]


def _whole(rows: records.Rows, articles: NDArray[np.int64]) -> Iterator[NDArray[np.uint64]]:
    from dedup.index import kernels

    entries = np.empty(int(rows.lengths.sum()), np.uint64)
    kernels.collect_bins(rows.columns, articles, 0, kernels.N_BINS, entries)
    packing.sort(entries)
    yield entries


def _in_ranges(rows: records.Rows, articles: NDArray[np.int64]) -> Iterator[NDArray[np.uint64]]:
    """Yield the entries in ranges of keys, so many that memory is bounded."""
    from dedup.index import kernels

    bins = np.zeros(kernels.N_BINS, np.int64)
    kernels.count_bins(rows.columns, bins)
    ends = np.cumsum(bins)
    first = 0
    room = np.empty(0, np.uint64)
    while first < kernels.N_BINS:
        before = int(ends[first - 1]) if first else 0
        end = max(first + 1, int(np.searchsorted(ends, before + _ENTRIES_AT_ONCE, side="right")))
        size = int(ends[end - 1]) - before
        if len(room) < size:
            room = np.empty(size, np.uint64)
        kernels.collect_bins(rows.columns, articles, first, end, room)
        packing.sort(room[:size])
        yield room[:size]
        first = end


@dataclasses.dataclass(frozen=True, slots=True)
class _Cut:
    """Entries cut into pages, and those of frequent keys; `pages` and `often` are where each begins, then the end."""

    entries: NDArray[np.uint64]
    pages: NDArray[np.int64]
    frequent: NDArray[np.uint64]
    often: NDArray[np.int64]


def _cut(entries: NDArray[np.uint64], most: int) -> _Cut:
    from dedup.index import kernels

    pages = np.empty(len(entries) // PAGE_ENTRIES + 2, np.int64)
    often = np.empty(len(entries) // (most + 1) + 2, np.int64)
    spare = np.empty_like(entries)
    n_pages, n_often = kernels.cut(entries, most, PAGE_ENTRIES, pages, often, spare)
    return _Cut(entries, pages[: n_pages + 1], spare, often[: n_often + 1])


def _page_rows(made: _Cut, kind: int, numbers: NDArray[np.int64]) -> Iterator[tuple[int, bytes]]:
    entries = made.entries[: int(made.pages[-1])]
    keys = (entries >> np.uint64(32)).astype(np.uint32)
    holders = numbers[packing.low(entries)].astype(np.uint32)
    firsts = keys[made.pages[:-1]].astype(np.int64) + (kind << KIND_BITS)
    for place, (begin, end) in zip(firsts.tolist(), itertools.pairwise(made.pages.tolist()), strict=True):
        yield place, keys[begin:end].tobytes() + holders[begin:end].tobytes()


def _frequent_rows(
    made: _Cut, kind: int, numbers: NDArray[np.int64]
) -> Iterator[tuple[int, int, int, int, bytes]]:
    for begin, end in itertools.pairwise(made.often.tolist()):
        some = made.frequent[begin:end]
        holders = numbers[packing.low(some)]  # in the order of their ids
        place = int(packing.high(some[:1])[0]) + (kind << KIND_BITS)
        yield place, end - begin, int(holders[0]), 0, holders.astype(np.uint32).tobytes()


def _look_for_each(store: Store, places: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield the keys that stand in pages with their articles; each is looked for by itself."""
    # one statement for all: SQLite seeks twice as quickly as it can be asked
    rows = store.connection.execute(
        "SELECT j.value, k.place, k.entries FROM json_each(?) j"
        " JOIN keys k ON k.place = (SELECT MAX(place) FROM keys WHERE place <= j.value)",
        (json.dumps(places),),
    )
    for place, begin, blob in rows:
        if begin >> KIND_BITS != place >> KIND_BITS:
            continue
        view = memoryview(blob).cast("I")
        half = len(view) // 2
        key = place & 0xFFFFFFFF
        first = bisect.bisect_left(view, key, 0, half)
        end = first
        while end < half and view[end] == key:
            end += 1
        if end > first:
            yield place, view[half + first : half + end].tolist()


def _look_in_turn(store: Store, places: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield the same for very many keys: all pages are read in turn."""
    asked = np.array(places, np.int64)
    cursor = store.connection.execute("SELECT place, entries FROM keys ORDER BY place")
    for begin, blob in cursor:
        keys, holders = unpack(blob)
        kind = begin >> KIND_BITS << KIND_BITS
        first, end = np.searchsorted(asked, (begin, kind + int(keys[-1]) + 1)).tolist()
        if first == end:
            continue
        own = (asked[first:end] - kind).astype(np.uint32)
        lefts, rights = (np.searchsorted(keys, own, side) for side in ("left", "right"))
        for place in np.flatnonzero(rights > lefts).tolist():
            yield places[first + place], holders[lefts[place] : rights[place]].tolist()


def _take_from_page(store: Store, place: int, number: int) -> bool:
    """Return whether an article stood under a key in a page, and take it out."""
    row = store.connection.execute(
        "SELECT place, entries FROM keys WHERE place <= ? ORDER BY place DESC LIMIT 1", (place,)
    ).fetchone()
    if row is None or row[0] >> KIND_BITS != place >> KIND_BITS:
        return False
    keys, holders = unpack(row[1])
    stays = (keys != place & 0xFFFFFFFF) | (holders != number)
    if stays.all():
        return False
    store.connection.execute("DELETE FROM keys WHERE place = ?", (row[0],))
    if stays.any():
        left = keys[stays]
        begin = (place >> KIND_BITS << KIND_BITS) + int(left[0])
        store.connection.execute(schema.KEYS.insert(), (begin, left.tobytes() + holders[stays].tobytes()))
    return True


def _take_from_frequent(store: Store, place: int, number: int) -> bool:
    """Return whether an article stood among the holders of a frequent key, and take it out."""
    blob = store.value("SELECT numbers FROM frequent_holders WHERE place = ?", (place,))
    holders = np.frombuffer(blob or b"", np.uint32)
    left = holders[holders != number]
    if len(left) == len(holders):
        return False
    store.connection.execute(
        "UPDATE frequent_holders SET numbers = ? WHERE place = ?", (left.tobytes(), place)
    )
    return True
