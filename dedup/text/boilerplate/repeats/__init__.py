"""Lines that many stories of one group hold, and whether their stories are related otherwise."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import packing, records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.text.boilerplate import lines as describing

MOST_COMPARED = 48  # stories of a line whose other text is compared
LEAST_UNRELATED = 0.5  # share of a line's stories that must be unrelated
OWN_SHARE = 0.3  # of a story's samples that the line's other stories do not hold, for it to tell anything
VARIED = 0.5  # different numbers for each story of a template
_HASH = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)
_MOST_COUNTED = 255
_FEWEST_COUNTS = 1 << 10


@dataclasses.dataclass(frozen=True, slots=True)
class Frequent:
    """The lines among which boilerplate is looked for: `lines` and their stories, `owners`, (n,) int32, rising."""

    lines: NDArray[np.int32]
    owners: NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True)
class Repeats:
    """Lines that are equal but for their numbers, each text a run of lines in the order of their stories.

    Parameters
    ----------
    lines, owners : (n_lines,) int32, the places of each text, and the story of each
    offsets : (n_texts + 1,) int64
    groups : (n_texts,) int64, the group that each text is repeated in
    n_stories : (n_texts,) int64, stories that hold it
    """

    lines: NDArray[np.int32]
    owners: NDArray[np.int32]
    offsets: NDArray[np.int64]
    groups: NDArray[np.int64]
    n_stories: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.groups)

    @property
    def texts(self) -> NDArray[np.int32]:
        """Return the text of each line."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offsets))

    def count(self, values: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many lines of each text are so."""
        return np.bincount(self.texts[values], minlength=len(self))

    def take(self, kept: NDArray[np.bool_]) -> Repeats:
        """Return some texts."""
        sizes = np.diff(self.offsets)
        rows = np.repeat(kept, sizes)
        offsets = records.offsets(sizes[kept])
        return Repeats(self.lines[rows], self.owners[rows], offsets, self.groups[kept], self.n_stories[kept])

    def holders(self) -> records.Ragged:
        """Return the stories of each text, each once."""
        new = _changes(self.owners)
        new[self.offsets[:-1]] = True
        counts = np.add.reduceat(new, self.offsets[:-1], dtype=np.int64) if len(self) else self.offsets[:-1]
        return records.Ragged(self.owners[new], records.offsets(counts))

    def without(self, left_out: NDArray[np.bool_]) -> Repeats:
        """Return the texts without some of their lines; a text is counted as before, unless all its lines go."""
        kept = self.count(~left_out)
        offsets = records.offsets(kept)
        some = Repeats(self.lines[~left_out], self.owners[~left_out], offsets, self.groups, self.n_stories)
        return some.take(kept > 0)


def pieces(lines: describing.Lines) -> NDArray[np.bool_]:
    """Return which lines are a piece of a hard-wrapped paragraph: they end, or go on with, an unfinished line."""
    from dedup.text.boilerplate.repeats import kernels

    found = np.empty(len(lines.folded), bool)
    kernels.find_pieces(lines.sizes, lines.marks, lines.offsets, found)
    return found


def frequent(lines: describing.Lines, left_out: NDArray[np.bool_], least: int) -> Frequent:
    """Return all lines that so many lines are equal to, their numbers aside, and a few others.

    Parameters
    ----------
    left_out : (n_lines,) bool
    """
    from dedup.text.boilerplate.repeats import kernels

    n_lines = len(lines.folded)
    counts = np.zeros(max(_FEWEST_COUNTS, 1 << n_lines.bit_length()), np.uint8)
    found = (np.empty(n_lines, np.int32), np.empty(n_lines, np.int32))
    n_found = kernels.find_frequent(
        lines.folded, lines.sizes, left_out, lines.offsets, min(least, _MOST_COUNTED), counts, found
    )
    return Frequent(found[0][:n_found].copy(), found[1][:n_found].copy())


def find(
    among: Frequent, lines: describing.Lines, groups: NDArray[np.int64], kept: NDArray[np.bool_], least: int
) -> Repeats:
    """Return the lines that so many stories of one group hold, their numbers aside.

    Parameters
    ----------
    groups : (n_stories,) int64, -1 or more
    kept : (n_frequent,) bool, which of the lines are asked for
    """
    from dedup.text.boilerplate.repeats import kernels

    asked, owners = among.lines[kept], among.owners[kept]
    rows, offsets = np.empty(len(asked), np.int32), np.empty(len(asked) + 1, np.int64)
    counts = np.empty(len(asked), np.int64)
    n_texts = kernels.group_equal(lines.folded[asked], owners, groups, least, (rows, offsets, counts))
    offsets = offsets[: n_texts + 1].copy()
    rows = rows[: offsets[-1]]
    owners = owners[rows]
    return Repeats(asked[rows], owners, offsets, groups[owners[offsets[:-1]]], counts[:n_texts].copy())


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a value stands that the one before is not, the first always."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def unrelated(found: Repeats, samples: records.Rows, least: int) -> NDArray[np.bool_]:
    """Return which texts stand in so many stories that share little else: no copies or versions of one story.

    Parameters
    ----------
    samples : the sampled shingles of each story
    """
    from dedup.text.boilerplate.repeats import kernels

    if len(found) == 0:
        return np.zeros(0, bool)
    stories = found.holders()
    keys = (stories.values.astype(np.uint64) + np.uint64(1)) * _HASH
    keys = np.add.reduceat((keys ^ (keys >> _SHIFT)) * _MIX, stories.offsets[:-1])
    _, first, like = np.unique(keys, return_index=True, return_inverse=True)
    examples = np.sort(first)  # one text of those in equal stories; neighbours have many stories in common
    enough, told = np.zeros(len(found), bool), np.zeros(len(examples), bool)
    limits = (MOST_COMPARED, OWN_SHARE, least, LEAST_UNRELATED)
    kernels.find_unrelated(
        (stories.values, stories.offsets[examples], stories.offsets[examples + 1]),
        samples.columns,
        limits,
        told,
    )
    enough[examples] = told
    found_so: NDArray[np.bool_] = enough[first[like]]
    return found_so


def different(found: Repeats, values: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many different values the lines of each text have, (n_texts,) int64.

    Parameters
    ----------
    values : (n_lines,), one for each line, of 0 to 2^32 - 1
    """
    if len(found) == 0:
        return np.zeros(0, np.int64)
    packed = packing.pack(found.texts, values)
    packed.sort()
    return np.add.reduceat(_changes(packed).astype(np.int64), found.offsets[:-1])


def varied(found: Repeats, lines: describing.Lines) -> NDArray[np.bool_]:
    """Return which texts come with other numbers in many of their stories."""
    values = lines.exact[found.lines]
    least = np.maximum(2, VARIED * found.n_stories)
    other = _changes(values) | _changes(found.texts)
    many: NDArray[np.bool_] = found.count(other) >= least  # at most as many are different
    rows = np.repeat(many, np.diff(found.offsets))
    many[many] = different(found.take(many), values[rows]) >= least[many]
    return many
