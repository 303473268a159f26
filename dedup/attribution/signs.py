"""What a story must hold before a rule can find anything in it, and one pass over many stories that looks for it.

Each rule declares its signs beside itself. A sign is cheap to look for and lets through too much rather than too
little: the rule decides. `find` puts the signs of all rules into one search over the bytes of the stories, so that a
further rule or language costs a few literals, and a story without any sign costs nothing else.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup import records
from dedup.attribution import agencies, letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import running

N_HEAD, N_TAIL = 800, 700
"""Characters in which a credit may stand; captions can push a dateline far down."""
N_CLOSING = 60
"""Characters at the end in which an agency's name may stand alone."""
_STORIES_AT_ONCE = 1 << 13
_FEW_STORIES = 1 << 11  # of which a second pass is quicker than a table of literals
_FEW_BYLINES = 64  # of which Python's compiled expression is quicker
WORD, LINE = 1, 2
"""What must be true of a literal: that it is no part of a longer word; that it begins a line."""

_PER_MILLE = dict(
    zip(
        b" etaoinsrhldcumpfgywbvkxjqz",
        (
            170,
            100,
            73,
            66,
            61,
            58,
            57,
            54,
            51,
            42,
            33,
            32,
            26,
            23,
            20,
            17,
            17,
            16,
            14,
            14,
            12,
            8,
            6,
            2,
            1,
            1,
            1,
        ),
        strict=True,
    )
)  # of the bytes of English text
_RARE = 2  # per mille, any other byte
_SIZE = 3  # bytes by which a literal is found
_FREQUENT = frozenset(
    b"th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro "
    b"ic ne ea ra ce li ch ll be ma si om ur tr ta ul am ut us po pr".split()
)  # pairs of English text that are more frequent than their bytes are
_MORE_FREQUENT = 3
_LONGEST_LOWER = (
    6  # letters of an outlet's name in small letters that is no sign: `stern` is a part of too many words
)
_MOST_LOOKED = 128  # bytes of a literal among which these stand; their place must fit a byte
_PAIR_COSTS = 200  # per mille of a look at a literal, what it costs that the first two bytes are right
HASH_FACTOR, HASH_SHIFT, HASH_BITS = 2654435761, 14, 18
GROUP_SHIFT = 2  # bits of a hash that do not tell its group
_INSIDE_LINE = b"abcdefghijklmnopqrstuvwxyz0123456789"  # no dateline begins with these


class Place(enum.IntEnum):
    """Where a sign must stand; `ENDS` is head or tail, `OPENING` a line of the head that begins as datelines do.

    `MARGIN` holds where the record has anything in a further field.
    """

    WHOLE = 0
    HEAD = 1
    TAIL = 2
    ENDS = 3
    CLOSING = 4
    OPENING = 5
    BYLINE = 6
    MARGIN = 7


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    r"""Signs of which one must stand at a place.

    Parameters
    ----------
    words : literals of two bytes or more, in exact case; one that begins with `\n` begins a line
    forms : further literals, those that name each agency
    of : the id of the agency whose marks `words` are, None for nobody's
    outlets : whether the names of the table's outlets are signs too
    whole_words : whether a literal that is a part of a longer word is no sign
    lines : whether a literal must begin a line
    """

    place: Place
    words: tuple[str, ...] = ()
    forms: Callable[[agencies.Agency], Sequence[str]] | None = None
    of: str | None = None
    outlets: bool = False
    whole_words: bool = False
    lines: bool = False


SITES = Signs(place=Place.WHOLE, whole_words=True)
"""The name of another story's outlet; which names these are, each search is told."""
MARGIN = Signs(place=Place.MARGIN)
"""The record has further fields that may say whose the text is."""
OPENING = Signs(place=Place.OPENING)
"""A line in the head begins as a dateline does, whatever its tag, or without one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sites:
    """The outlets of some stories.

    Parameters
    ----------
    of : (n,) int64, the number of each story's outlet; -1 for none
    forms : the names of each outlet that are looked for
    """

    of: NDArray[np.int64]
    forms: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """How far each of some stories holds signs.

    Parameters
    ----------
    reaches : (n, n_kinds) int32, bytes from the story's start to the end of a sign of `kinds[j]`, of the one whose
        rare bytes stand last; 0 for none
    """

    kinds: tuple[Signs, ...]
    reaches: NDArray[np.int32]

    def all_of(self, kinds: Sequence[Signs]) -> NDArray[np.bool_]:
        """Return for each story whether it holds each of these kinds of signs, (n,) bool."""
        passed: NDArray[np.bool_] = np.logical_and.reduce([self.reach(kind) > 0 for kind in kinds])
        return passed

    def any_of(self, kinds: Sequence[Signs]) -> NDArray[np.bool_]:
        """Return for each story whether it holds any of these kinds of signs, (n,) bool."""
        passed: NDArray[np.bool_] = np.logical_or.reduce([self.reach(kind) > 0 for kind in kinds])
        return passed

    def reach(self, kind: Signs) -> NDArray[np.int32]:
        """Return where the last sign of this kind ends, in bytes from each story's start, (n,) int32; 0 for none.

        The last is that whose rare bytes stand last: one that begins before it may end after it.
        """
        own = (
            place for place, known in enumerate(self.kinds) if known is kind
        )  # quicker than by their fields
        place = next(own, None)
        ends: NDArray[np.int32] = self.reaches[:, self.kinds.index(kind) if place is None else place]
        return ends


def names(agency: agencies.Agency) -> tuple[str, ...]:
    """Return the forms that name an agency in a credit."""
    return (agency.name, *agency.bylines, *agency.aliases)


def outlet_names(outlet: agencies.Outlet) -> tuple[str, ...]:
    """Return the names of an outlet that are signs: not those that may be a common word."""
    return tuple(
        name
        for name in outlet.names()
        if len(name.encode()) > 1 and not (name.islower() and len(name) <= _LONGEST_LOWER)
    )


def find(
    stories: records.Stories,
    kinds: Sequence[Signs],
    table: agencies.Agencies,
    own: NDArray[np.int64] | None = None,
    run: running.Run = map,
    sites: Sites | None = None,
) -> Held:
    """Return which signs each story holds.

    Parameters
    ----------
    sites : the names of the outlets of the stories, which are signs in each other's
    own : (n,) the row of `table` whose marks are no signs in each story, -1 for none: then only the heads and tails
        are read. None where stories are read whole and all marks count
    run : what reads the stories, some at a time, in the order of their text

    >>> told = [records.Story(text, text, 0, len(text)) for text in ("Paris (AFP) - It", "Paris - It")]
    >>> named = Signs(place=Place.HEAD, forms=names)
    >>> find(records.Stories.of(told), [named], agencies.load()).all_of([named]).tolist()
    [True, False]
    """
    import pyarrow.compute as pc

    from dedup.attribution import kernels

    kinds = tuple(dict.fromkeys(kinds))
    in_text = tuple(kind for kind in kinds if kind.place < Place.OPENING)
    in_bylines = tuple(kind for kind in kinds if kind.place == Place.BYLINE)
    tables = _tables(in_text, table, sites.forms if sites else (), len(stories))
    reaches = np.zeros((len(stories), len(in_text) + 1), np.int32)
    owns = np.full(len(stories), -1) if own is None else own
    if sites is not None:
        owns = np.where(sites.of >= 0, len(table.rows) + sites.of, -1)

    def search(some: NDArray[np.int64]) -> None:
        found = np.zeros((len(some), reaches.shape[1]), np.int32)
        for literals in tables:
            kernels.find_signs(
                stories.text,
                (stories.starts[some], stories.ends[some], owns[some]),
                (N_HEAD, N_TAIL, N_CLOSING, int(own is not None), len(table.rows)),
                letters.classes(),
                (literals.telling, literals.bits, literals.groups, literals.offsets, literals.members),
                literals.entries,
                found,
            )
            reaches[some] = np.maximum(reaches[some], found)

    order = np.argsort(stories.starts)
    for _ in run(search, np.split(order, range(_STORIES_AT_ONCE, len(order), _STORIES_AT_ONCE))):
        pass
    named = [_holding(stories.bylines, _pattern(kind, table)) for kind in in_bylines]
    beside = pc.list_value_length(stories.margins).to_numpy(zero_copy_only=False) > 0
    return Held((*in_text, OPENING, *in_bylines, MARGIN), np.column_stack([reaches, *named, beside]))


@functools.lru_cache(maxsize=16)
def _pattern(kind: Signs, table: agencies.Agencies) -> str:
    """Return an expression for one of a kind's words, no letter or digit of ASCII beside it."""
    beside = "[^A-Za-z0-9]"
    words = agencies.alternation([word for word, _ in _words(kind, table)])
    return f"(?:^|{beside})(?:{words})(?:{beside}|$)"


def _holding(column: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """Return for each string whether an expression is found in it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.dictionary_encode()
    if len(encoded.dictionary) <= _FEW_BYLINES:  # Arrow compiles the expression each time
        search = re.compile(pattern).search
        found = [search(text) is not None for text in encoded.dictionary.to_pylist()]
        holds = pa.array(found, pa.bool_()).take(encoded.indices)
    else:
        holds = pc.match_substring_regex(encoded.dictionary, pattern).take(encoded.indices)
    held: NDArray[np.bool_] = holds.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003  (pyarrow takes the value by place alone)
    return held


class _Literal(NamedTuple):
    """One literal of the search; `row` is that of the agency whose mark it is, -1 for nobody's."""

    spelled: bytes
    place: int
    bound: int
    column: int
    row: int


@functools.cache
def _costs() -> tuple[list[int], list[int]]:
    """Return how often each byte is met in English text, and each pair of bytes, by their numbers."""
    often = [_PER_MILLE.get(byte, _RARE) for byte in range(256)]
    pairs = [first * second for first in often for second in often]
    for pair in _FREQUENT:
        pairs[int.from_bytes(pair)] *= _MORE_FREQUENT
    return often, pairs


@functools.lru_cache(maxsize=1 << 16)
def _anchor(spelled: bytes) -> int:
    """Return where the three bytes of a literal begin by which it is found: those that English text has least."""
    often, pairs = _costs()
    spelled = spelled[:_MOST_LOOKED]
    triples = zip(spelled, spelled[1:], spelled[2:], strict=False)
    costs = [pairs[first << 8 | second] * (_PAIR_COSTS + often[third]) for first, second, third in triples]
    return costs.index(min(costs)) if costs else 0


def hashes(triples: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the hashes of three bytes each, as `kernels.find_signs` makes them, below 1 << HASH_BITS."""
    return ((triples * HASH_FACTOR) & 0xFFFFFFFF) >> HASH_SHIFT


@dataclasses.dataclass(frozen=True, slots=True)
class _Literals:
    """What `kernels.find_signs` takes as `lookup` and `literals`."""

    telling: NDArray[np.uint8]
    bits: NDArray[np.uint8]
    groups: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    members: NDArray[np.uint64]
    entries: tuple[NDArray[Any], ...]


def _tables(
    kinds: tuple[Signs, ...], table: agencies.Agencies, sites: tuple[tuple[str, ...], ...], n_stories: int
) -> list[_Literals]:
    """Return the literals to look for in one table, or for few stories in that at hand and one of their own."""
    if n_stories > _FEW_STORIES:
        return [_literals(kinds, table, sites)]
    few = [_literals(kinds, table, ())]
    if SITES in kinds and sites:
        few.append(_literals(kinds, table, sites, are_alone=True))
    return few


@functools.lru_cache(maxsize=16)
def _literals(
    kinds: tuple[Signs, ...],
    table: agencies.Agencies,
    sites: tuple[tuple[str, ...], ...],
    *,
    are_alone: bool = False,
) -> _Literals:
    """Return the literals of these kinds of signs, gathered by the three bytes by which each is found.

    Parameters
    ----------
    sites : the names of each outlet, which are signs of SITES
    are_alone : whether no others are wanted
    """
    listed = () if are_alone else _listed(kinds, table)
    if SITES in kinds:
        column = kinds.index(SITES)
        owned = [(form, len(table.rows) + number) for number, forms in enumerate(sites) for form in forms]
        listed += tuple(_Literal(form.encode(), Place.WHOLE, WORD, column, owner) for form, owner in owned)
    anchors = np.array([_anchor(literal.spelled) for literal in listed], np.int64)
    triples, numbers = _triples([literal.spelled for literal in listed], anchors)
    telling = np.zeros(1 << 16, np.uint8)
    telling[triples >> 8] = 1
    telling[[int.from_bytes((ord("\n"), byte)) for byte in range(256) if byte not in _INSIDE_LINE]] = 1
    hashed = hashes(triples)
    holds = np.zeros(1 << HASH_BITS, np.bool_)
    holds[hashed] = True
    distinct, of = np.unique(hashed >> GROUP_SHIFT, return_inverse=True)
    groups = np.zeros(1 << HASH_BITS - GROUP_SHIFT, np.uint16)
    groups[distinct] = np.arange(1, len(distinct) + 1)
    entries: tuple[NDArray[Any], ...] = (
        np.frombuffer(b"".join(literal.spelled for literal in listed), np.uint8),
        records.offsets(np.array([len(literal.spelled) for literal in listed], np.int64)),
        np.array([literal.place for literal in listed], np.int64),
        np.array([literal.bound for literal in listed], np.int64),
        np.array([literal.column for literal in listed], np.int64),
        np.array([literal.row for literal in listed], np.int64),
    )
    return _Literals(
        telling,
        np.packbits(holds, bitorder="little"),
        groups,
        records.offsets(np.append(0, np.bincount(of, minlength=len(distinct)))),
        _members(listed, anchors)[numbers[np.argsort(of, kind="stable")]],
        entries,
    )


def _triples(
    spelled: Sequence[bytes], anchors: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the three bytes by which literals are found, as numbers, and whose they are.

    A literal of two bytes is found with any third one.
    """
    three = [word[at : at + _SIZE] for word, at in zip(spelled, anchors.tolist(), strict=True)]
    first = np.array([int.from_bytes(some.ljust(_SIZE, b"\0")) for some in three], np.int64)
    n_thirds = np.where([len(some) < _SIZE for some in three], 256, 1)
    numbers = np.repeat(np.arange(len(three)), n_thirds)
    thirds = np.arange(len(numbers)) - np.repeat(records.offsets(n_thirds)[:-1], n_thirds)
    return first[numbers] + thirds, numbers


def _members(listed: Sequence[_Literal], anchors: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return what is needed to tell most literals from a text at one look, (n, 3) uint64.

    That is the first eight bytes as a number; which of its bits a literal has that is shorter; and the literal's
    number, with the place of its three bytes in the lowest byte.
    """
    heads = np.frombuffer(b"".join(literal.spelled[:8].ljust(8, b"\0") for literal in listed), "<u8")
    sizes = np.array([min(8, len(literal.spelled)) for literal in listed], np.uint64)
    masks = np.uint64(0xFFFFFFFFFFFFFFFF) >> (np.uint64(64) - np.uint64(8) * sizes)
    places = (np.arange(len(listed)) << 8 | anchors).astype(np.uint64)
    return np.column_stack((heads, masks, places))


@functools.lru_cache(maxsize=16)
def _listed(kinds: tuple[Signs, ...], table: agencies.Agencies) -> tuple[_Literal, ...]:
    """Return the literals that do not depend on the stories."""
    return tuple(literal for column, kind in enumerate(kinds) for literal in _spelled(kind, column, table))


def _spelled(kind: Signs, column: int, table: agencies.Agencies) -> Iterator[_Literal]:
    for word, row in dict.fromkeys(_words(kind, table)):
        begins_line = word.startswith("\n")
        bound = LINE if begins_line or kind.lines else WORD if kind.whole_words else 0
        yield _Literal(word[begins_line:].encode(), kind.place, bound, column, row)


def _words(kind: Signs, table: agencies.Agencies) -> Iterator[tuple[str, int]]:
    """Yield each literal of a kind of signs, with the row of the agency whose mark it is, -1 for nobody's."""
    of = next((row for row, agency in enumerate(table.rows) if agency.id == kind.of), -1)
    yield from ((word, of) for word in kind.words)
    if kind.outlets:
        yield from ((name, -1) for outlet in table.outlets for name in outlet_names(outlet))
    if kind.forms is not None:
        for row, agency in enumerate(table.rows):
            yield from ((form, row) for form in kind.forms(agency))
