"""What two texts have in common and where they differ, word by word, however their lines are broken."""

from __future__ import annotations

import bisect
import dataclasses
import difflib
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

# scripts that are written without spaces: each letter is a word, with its marks and what is stacked below it
_SINGLE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = (
    "\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3\u3099\u309a\ufe00-\ufe0f"
)
_WORD = re.compile(rf"[{_SINGLE}](?:[{_MARKS}]|(?<=[\u1039\u17d2])[{_SINGLE}])*|[^\s{_SINGLE}]+")
_ANCHOR_WORDS = 4
_MOST_COMPARISONS = 250_000
_WRAPPED_AT = 100
_FEW_LINES = 4
# in texts that have less in common the equal words are chance
_LEAST_RATIO = 0.3


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that are all in the other text, or all not; `text` has single spaces."""

    kind: Literal["equal", "deleted", "inserted"]
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the left text beside what stands for it in the right one; either may be empty."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def equal(self) -> bool:
        """Return whether both sides say the same."""
        return all(piece.kind == "equal" for piece in (*self.left, *self.right))


@dataclasses.dataclass(frozen=True, slots=True)
class _Words:
    text: str
    spans: list[tuple[int, int]]
    words: list[str]
    paragraphs: list[int]

    def between(self, start: int, end: int) -> str:
        return (
            " ".join(self.text[self.spans[start][0] : self.spans[end - 1][1]].split()) if start < end else ""
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Run:
    left: int
    left_end: int
    right: int
    right_end: int
    equal: bool = False


def compare(left: str, right: str) -> list[Row]:
    r"""Return the paragraphs of two texts side by side; the words of each text stand in the rows in order.

    Runs of equal words are found from word 4-grams that stand once in each text (patience diff; Bram Cohen), and
    between them by `difflib`. Line breaks and spaces make no difference.

    >>> for row in compare("The talks ended.\n\nNo date was set.", "The talks ended.\n\nNo new date was set."):
    ...     print(row.equal, [(piece.kind, piece.text) for piece in row.right])
    True [('equal', 'The talks ended.')]
    False [('equal', 'No'), ('inserted', 'new'), ('equal', 'date was set.')]
    """
    one, two = _split(left), _split(right)
    runs = _slid(one, two, _merged(_align(one.words, two.words)))
    return list(_rows(one, two, _cut(one, two, runs)))


def _split(text: str) -> _Words:
    spans = [found.span() for found in _WORD.finditer(text)]
    words = [unicodedata.normalize("NFC", text[start:end]) for start, end in spans]
    breaks = _breaks(text)
    starts = [
        place
        for place, (start, _) in enumerate(spans)
        if place == 0 or bisect.bisect_right(breaks, start) > bisect.bisect_right(breaks, spans[place - 1][0])
    ]
    return _Words(text, spans, words, starts)


def _breaks(text: str) -> list[int]:
    lines = [line for line in text.splitlines() if line.strip()]
    wrapped = len(lines) >= _FEW_LINES and max(map(len, lines)) < _WRAPPED_AT
    blank = re.search(r"\n[^\S\n]*\n", text)
    indented = re.search(r"\n[ \t]+\S", text)
    pattern = r"\n"
    if wrapped and (blank or indented):
        pattern = r"\n[^\S\n]*\n|\n(?=[ \t]+\S)"
    return [found.end() for found in re.finditer(pattern, text)]


def _align(left: list[str], right: list[str]) -> Iterator[_Run]:
    here, there = 0, 0
    for start, other in [*_anchors(left, right), (len(left), len(right))]:
        if start < here or other < there:
            continue
        yield from _gap(left, right, _Run(here, start, there, other))
        size = 0
        while (
            start + size < len(left)
            and other + size < len(right)
            and left[start + size] == right[other + size]
        ):
            size += 1
        if size:
            yield _Run(start, start + size, other, other + size, equal=True)
        here, there = start + size, other + size


def _gap(left: list[str], right: list[str], here: _Run) -> Iterator[_Run]:
    start, end, other, other_end = here.left, here.left_end, here.right, here.right_end
    if start == end and other == other_end:
        return
    whole = (end - start) * (other_end - other) > _MOST_COMPARISONS
    matcher = difflib.SequenceMatcher(None, left[start:end], right[other:other_end], autojunk=False)
    if whole or matcher.ratio() < _LEAST_RATIO:
        yield here
        return
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield _Run(start + i1, start + i2, other + j1, other + j2, equal=tag == "equal")


def _anchors(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Return places of word n-grams that stand once in each text, as long a row of them as ascends in both."""
    once, twice = _unique(left), _unique(right)
    pairs = [(place, twice[gram]) for gram, place in once.items() if gram in twice]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        rank = bisect.bisect_left(tails, place)
        before.append(ends[rank - 1] if rank else -1)
        tails[rank : rank + 1] = [place]
        ends[rank : rank + 1] = [number]
    chain = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _unique(words: list[str]) -> dict[tuple[str, ...], int]:
    places: dict[tuple[str, ...], int] = {}
    repeated = set()
    for place in range(len(words) - _ANCHOR_WORDS + 1):
        gram = tuple(words[place : place + _ANCHOR_WORDS])
        if gram in places:
            repeated.add(gram)
        places[gram] = place
    return {gram: place for gram, place in places.items() if gram not in repeated}


def _merged(runs: Iterator[_Run]) -> list[_Run]:
    merged: list[_Run] = []
    for run in runs:
        if merged and merged[-1].equal == run.equal:
            before = merged[-1]
            merged[-1] = _Run(before.left, run.left_end, before.right, run.right_end, equal=run.equal)
        else:
            merged.append(run)
    return merged


def _slid(one: _Words, two: _Words, runs: list[_Run]) -> list[_Run]:
    """Return the runs, words on one side only moved back to the paragraph's start that says the same."""
    runs = runs.copy()
    for place in range(1, len(runs) - 1):
        before, run, after = runs[place - 1 : place + 2]
        if run.equal or (run.left < run.left_end and run.right < run.right_end):
            continue
        room = before.left_end - before.left
        if run.left < run.left_end:
            back = _back(one, run.left, run.left_end, room)
        else:
            back = _back(two, run.right, run.right_end, room)
        runs[place - 1] = dataclasses.replace(
            before, left_end=before.left_end - back, right_end=before.right_end - back
        )
        runs[place] = _Run(run.left - back, run.left_end - back, run.right - back, run.right_end - back)
        runs[place + 1] = dataclasses.replace(after, left=after.left - back, right=after.right - back)
    return runs


def _back(side: _Words, start: int, end: int, room: int) -> int:
    starts = set(side.paragraphs)
    for back in range(room + 1):
        if start - back in starts:
            return back
        if back == room or side.words[start - back - 1] != side.words[end - back - 1]:
            break
    return 0


def _cut(one: _Words, two: _Words, runs: list[_Run]) -> Iterator[tuple[bool, _Run]]:
    """Give the runs cut into paragraphs, each with whether a row begins with it."""
    starts, others = set(one.paragraphs), set(two.paragraphs)
    for run in runs:
        lefts = list(_pieces(run.left, run.left_end, starts))
        if run.equal:
            shift = run.right - run.left
            for begin, end in lefts:
                yield begin in starts, _Run(begin, end, begin + shift, end + shift, equal=True)
            continue
        rights = list(_pieces(run.right, run.right_end, others))
        goes_on = run.left_end < len(one.words) and run.left_end not in starts
        for begins, left, right in _beside(lefts, rights, starts, others, goes_on=goes_on):
            yield begins, _Run(*(left or (run.left_end, run.left_end)), *(right or (run.right, run.right)))


def _beside(
    lefts: list[tuple[int, int]],
    rights: list[tuple[int, int]],
    starts: set[int],
    others: set[int],
    *,
    goes_on: bool,
) -> Iterator[tuple[bool, tuple[int, int] | None, tuple[int, int] | None]]:
    """Give paragraphs that were replaced beside those that replace them; the last two are one where it goes on."""
    tail_left = lefts.pop(0) if lefts and lefts[0][0] not in starts else None
    tail_right = rights.pop(0) if rights and rights[0][0] not in others else None
    if tail_left or tail_right:
        yield False, tail_left, tail_right
    more = len(lefts) - len(rights)
    blanks: list[tuple[int, int] | None] = [None] * abs(more)
    one: list[tuple[int, int] | None] = [*lefts]
    two: list[tuple[int, int] | None] = [*rights]
    shorter = two if more > 0 else one
    shorter[:] = [*blanks, *shorter] if goes_on else [*shorter, *blanks]
    for left, right in zip(one, two, strict=True):
        yield True, left, right


def _pieces(start: int, end: int, starts: set[int]) -> Iterator[tuple[int, int]]:
    bounds = sorted({start, end, *(place for place in range(start, end) if place in starts)})
    return itertools.pairwise(bounds)


def _rows(one: _Words, two: _Words, runs: Iterator[tuple[bool, _Run]]) -> Iterator[Row]:
    left: list[Piece] = []
    right: list[Piece] = []
    for begins, run in runs:
        if begins and (left or right):
            yield Row(_joined(left), _joined(right))
            left, right = [], []
        if run.left < run.left_end:
            left.append(Piece("equal" if run.equal else "deleted", one.between(run.left, run.left_end)))
        if run.right < run.right_end:
            right.append(Piece("equal" if run.equal else "inserted", two.between(run.right, run.right_end)))
    if left or right:
        yield Row(_joined(left), _joined(right))


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, f"{joined[-1].text} {piece.text}")
        else:
            joined.append(piece)
    return tuple(joined)
