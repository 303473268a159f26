"""What in the file may match articles that come new: those that share a key with them, as a scan would have it.

A key that more articles hold than `max_document_frequency` pairs each of them with its first one only. Exact copies
count once, and share their pairs.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from dedup.engines import local
from dedup.index import postings
from dedup.matching import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup.index.archives import Some
    from dedup.index.store import Store


@dataclasses.dataclass(frozen=True, slots=True)
class Keys:
    """The keys of articles that come new, one row for each key of each; of exact copies those of the first.

    Parameters
    ----------
    groups : the new articles by their shingles
    places : (n,) int64, rising
    owners : (n,) int64, the group that holds each
    known : for each group the articles of the file that are exact copies of it
    """

    groups: exact.Groups
    places: NDArray[np.int64]
    owners: NDArray[np.int64]
    known: list[list[int]]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What may match.

    Parameters
    ----------
    pairs : pairs of numbers in the file, each of an article that comes new and any other one
    changed : keys that are frequent with these articles, as `postings.count` takes them
    """

    pairs: set[tuple[int, int]]
    changed: list[tuple[int, int, int]]


def keys(store: Store, fresh: Some, engine: local.Local) -> Keys:
    """Return the keys of articles that come new, and their exact copies in the file."""
    archive = fresh.archive
    groups = exact.group(archive.sketches.digests, engine.able(archive))
    packed = postings.of(archive, groups.representatives, engine.settings)
    digests = archive.sketches.digests[groups.representatives].view(np.int64).tolist()
    own = set(fresh.numbers.tolist())
    copies: dict[int, list[int]] = {}
    for digest, number in store.rows_of(
        "SELECT digest, number FROM stories WHERE digest IN ({}) ORDER BY number", set(digests)
    ):
        if number not in own:
            copies.setdefault(digest, []).append(number)
    return Keys(
        groups,
        *postings.parted(packed),
        [copies.get(digest, []) for digest in digests],
    )


def find(store: Store, fresh: Some, asked: Keys, left_out: frozenset[int] = frozenset()) -> Found:
    """Return the pairs of new articles with each other, and with those of the file, that share a key.

    Parameters
    ----------
    left_out : articles of the file that are not to be found: the one that is asked about, where it stands there
    """
    most = store.settings.max_document_frequency
    begins = np.flatnonzero(np.diff(asked.places, prepend=-1))
    places = asked.places[begins]
    held = postings.find(store, places, store.state().n_key_pages)
    nodes = _Nodes(store, fresh, asked)
    is_known = [bool(known) for known in asked.known]
    changed: list[tuple[int, int, int]] = []
    owners, bounds = asked.owners.tolist(), [*begins.tolist(), len(asked.owners)]
    counts, firsts, numbers = held.counts.tolist(), held.firsts.tolist(), held.numbers.values.tolist()
    rows = held.numbers.offsets.tolist()
    for row, place in enumerate(places.tolist()):
        news = owners[bounds[row] : bounds[row + 1]]
        count, first = counts[row], firsts[row]
        is_short = place >> postings.KIND_BITS == postings.SHORT
        n_holders = count + len(news) - sum(is_known[group] for group in news)
        stored = numbers[rows[row] : rows[row + 1]]
        if left_out:
            stored = [number for number in stored if number not in left_out]
        if n_holders <= most:
            nodes.join(news, stored, is_short=is_short)
            continue
        if first < 0 and count:
            first = postings.first_of(store, numbers[rows[row] : rows[row + 1]])
        head = nodes.first(news, first)
        changed.append((place, n_holders, head.number))
        if head.is_new:
            nodes.join_with_new(head.group, news, is_short=is_short)
        elif first not in left_out:
            nodes.join(news, [first], are_apart=True, is_short=is_short)
    return Found(nodes.pairs(left_out), changed)


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    """The article of the least id that holds a key: its number, and its group where it comes new."""

    number: int
    is_new: bool
    group: int = -1


class _Pairs:
    """Pairs that share a key; of short texts those that share two."""

    def __init__(self) -> None:
        self.found: set[tuple[int, int]] = set()
        self._once: set[tuple[int, int]] = set()

    def add(self, pairs: Iterable[tuple[int, int]], *, is_short: bool) -> None:
        """Note that pairs share a key."""
        if not is_short:
            self.found.update(pairs)
            return
        for pair in pairs:
            (self.found if pair in self._once else self._once).add(pair)


class _Nodes:
    """Pairs of groups of exact copies, that are gathered and become pairs of articles."""

    def __init__(self, store: Store, fresh: Some, asked: Keys) -> None:
        self._store = store
        self._fresh = fresh
        self._asked = asked
        self._with_stored = _Pairs()
        self._with_new = _Pairs()
        ids = fresh.archive.article_ids
        self._ids = [ids[article].as_py().encode() for article in asked.groups.representatives.tolist()]
        self._id_of: dict[int, bytes] = {}

    def join(self, news: list[int], stored: list[int], *, is_short: bool, are_apart: bool = False) -> None:
        """Pair new groups with stored articles and, unless they are apart, with each other."""
        self._with_stored.add(itertools.product(news, stored), is_short=is_short)
        if len(news) > 1 and not are_apart:
            self._with_new.add(itertools.combinations(news, 2), is_short=is_short)

    def join_with_new(self, first: int, news: list[int], *, is_short: bool) -> None:
        """Pair new groups with one of them."""
        pairs = ((min(first, group), max(first, group)) for group in news if group != first)
        self._with_new.add(pairs, is_short=is_short)

    def first(self, news: list[int], stored: int) -> _Head:
        """Return which of some new groups, and perhaps a stored article, has the least id."""
        group = min(news, key=self._ids.__getitem__)
        if stored >= 0 and self._id(stored) < self._ids[group]:
            return _Head(stored, is_new=False)
        article = int(self._asked.groups.representatives[group])
        return _Head(int(self._fresh.numbers[article]), is_new=True, group=group)

    def pairs(self, left_out: frozenset[int]) -> set[tuple[int, int]]:
        """Return the pairs of articles that these groups make."""
        with_stored = self._with_stored.found
        stored = {number for _, number in with_stored}
        copies_of, digest_of = self._copies(stored)
        found: set[tuple[int, int]] = set()
        done: set[tuple[int, int]] = set()
        for group, number in with_stored:
            digest = digest_of[number]
            if (group, digest) in done:
                continue
            done.add((group, digest))
            others = copies_of[digest]
            if others == self._asked.known[group]:
                continue  # exact copies of the group itself, see below
            members = self._members(group)
            n_all = len(members) + len(self._asked.known[group])
            if n_all * len(others) > local.MOST_EXPANDED:
                members, others = members[:1], [postings.first_of(self._store, others)]
            found.update(itertools.product(members, others))
        for one, other in self._with_new.found:
            found.update(self._between(one, other))
        for group in range(len(self._asked.known)):
            found.update(self._within(group))
        return {(one, other) for one, other in found if other not in left_out}

    def _between(self, one: int, other: int) -> Iterator[tuple[int, int]]:
        """Yield the pairs of two new groups, and of each with the stored copies of the other."""
        left, right = self._members(one), self._members(other)
        known_left, known_right = self._asked.known[one], self._asked.known[other]
        n_pairs = (len(left) + len(known_left)) * (len(right) + len(known_right))
        if n_pairs > local.MOST_EXPANDED:
            yield left[0], right[0]
            return
        yield from itertools.product(left, right)
        yield from itertools.product(left, known_right)
        yield from itertools.product(right, known_left)

    def _within(self, group: int) -> Iterator[tuple[int, int]]:
        """Yield the pairs of a new group's members with each other, and with their copies in the file."""
        members, known = self._members(group), self._asked.known[group]
        n_all = len(members) + len(known)
        if n_all == 1:
            return
        if n_all * n_all <= local.MOST_EXPANDED:
            yield from itertools.combinations(members, 2)
            yield from itertools.product(members, known)
            return
        first = postings.first_of(self._store, known) if known else members[0]
        yield from ((member, first) for member in members if member != first)

    def _members(self, group: int) -> list[int]:
        """Return the numbers of a new group's articles, that of the least id first."""
        numbers: list[int] = self._fresh.numbers[self._asked.groups.members.row(group)].tolist()
        return numbers

    def _copies(self, stored: Iterable[int]) -> tuple[dict[int, list[int]], dict[int, int]]:
        """Return the articles of the file of each digest, and the digest of each that was asked for."""
        own = set(self._fresh.numbers.tolist())
        rows = self._store.rows_of("SELECT number, digest FROM stories WHERE number IN ({})", stored)
        digest_of = dict(rows)
        copies: dict[int, list[int]] = {}
        query = "SELECT digest, number FROM stories WHERE digest IN ({}) ORDER BY number"
        for digest, number in self._store.rows_of(query, set(digest_of.values())):
            if number not in own:
                copies.setdefault(digest, []).append(number)
        return copies, digest_of

    def _id(self, number: int) -> bytes:
        if number not in self._id_of:
            identity = self._store.value("SELECT article_id FROM stories WHERE number = ?", (number,))
            self._id_of[number] = identity.encode()
        return self._id_of[number]
