"""Lines that many stories of one group hold, and whether their stories are related otherwise."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup import records

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


@dataclasses.dataclass(frozen=True, slots=True)
class Repeats:
    """Lines that are equal but for their numbers, each text a run of lines in the order of their stories.

    Parameters
    ----------
    lines, owners : (n_lines,) int64, the places of each text, and the story of each
    offsets : (n_texts + 1,) int64
    groups : (n_texts,) int64, the group that each text is repeated in
    n_stories : (n_texts,) int64, stories that hold it
    """

    lines: NDArray[np.int64]
    owners: NDArray[np.int64]
    offsets: NDArray[np.int64]
    groups: NDArray[np.int64]
    n_stories: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.groups)

    @property
    def texts(self) -> NDArray[np.int64]:
        """Return the text of each line."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def count(self, values: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many lines of each text are so."""
        return np.bincount(self.texts[values], minlength=len(self))

    def take(self, kept: NDArray[np.bool_]) -> Repeats:
        """Return some texts."""
        sizes = np.diff(self.offsets)
        rows = np.repeat(kept, sizes)
        offsets = records.offsets(sizes[kept])
        return Repeats(self.lines[rows], self.owners[rows], offsets, self.groups[kept], self.n_stories[kept])

    def without(self, left_out: NDArray[np.bool_]) -> Repeats:
        """Return the texts without some of their lines; a text is counted as before, unless all its lines go."""
        kept = self.count(~left_out)
        offsets = records.offsets(kept)
        some = Repeats(self.lines[~left_out], self.owners[~left_out], offsets, self.groups, self.n_stories)
        return some.take(kept > 0)


def find(
    lines: describing.Lines, groups: NDArray[np.int64], left_out: NDArray[np.bool_], least: int
) -> Repeats:
    """Return the lines that so many stories of one group hold, their numbers aside.

    Parameters
    ----------
    groups : (n_stories,) int64, -1 or more
    left_out : (n_lines,) bool
    """
    owners = lines.owners()
    keys = lines.folded ^ ((groups[owners] + 2).astype(np.uint64) * _HASH)
    keys = (keys ^ (keys >> _SHIFT)) * _MIX
    asked = np.flatnonzero(~left_out & (lines.sizes > 0))
    ordered = np.sort(keys[asked])
    often = ordered[least - 1 :] == ordered[: max(0, len(ordered) - least + 1)]
    wanted = ordered[np.flatnonzero(often)]
    if len(wanted) == 0:
        none = np.empty(0, np.int64)
        return Repeats(none, none, np.zeros(1, np.int64), none, none)
    place = np.minimum(np.searchsorted(wanted, keys[asked]), len(wanted) - 1)
    held = asked[wanted[place] == keys[asked]]
    held = held[np.argsort(keys[held], kind="stable")]
    firsts = np.flatnonzero(_changes(keys[held]))
    counted = np.add.reduceat((_changes(keys[held]) | _changes(owners[held])).astype(np.int64), firsts)
    made = Repeats(held, owners[held], np.append(firsts, len(held)), groups[owners[held[firsts]]], counted)
    return made.take(counted >= least)


def _changes(values: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return where a value stands that the one before is not, the first always."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def unrelated(found: Repeats, samples: records.Ragged, least: int) -> NDArray[np.bool_]:
    """Return which texts stand in so many stories that share little else: no copies or versions of one story.

    Parameters
    ----------
    samples : the sampled shingles of each story
    """
    from dedup.text.boilerplate.repeats import kernels

    compared, apart = np.zeros(len(found), np.int64), np.zeros(len(found), np.int64)
    kernels.count_unrelated(
        found.owners,
        found.offsets,
        samples.values,
        samples.offsets,
        (MOST_COMPARED, OWN_SHARE),
        (compared, apart),
    )
    enough: NDArray[np.bool_] = (apart >= least) & (apart >= LEAST_UNRELATED * compared)
    return enough


def different(found: Repeats, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many different values the lines of each text have, (n_texts,) int64.

    Parameters
    ----------
    values : one for each line of `found`
    """
    texts = found.texts
    order = np.lexsort((values, texts))
    return np.bincount(texts[order][_changes(texts[order]) | _changes(values[order])], minlength=len(found))


def varied(found: Repeats, lines: describing.Lines) -> NDArray[np.bool_]:
    """Return which texts come with other numbers in many of their stories."""
    n_different = different(found, lines.exact[found.lines].astype(np.int64))
    many: NDArray[np.bool_] = n_different >= np.maximum(2, VARIED * found.n_stories)
    return many
