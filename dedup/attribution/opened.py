"""Cases that no credit tells yet, with what their stories share: what is asked about words, sources and direction.

Most of their texts hold nothing of what is looked for: bytes are asked first, and only the others are decoded.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup import records


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """The stories of some cases.

    Parameters
    ----------
    cases : all cases
    asked : (n_cases,) bool, those that are looked at
    stories : (n,) int64, their stories, rising
    case : (n,) int64, the case of each
    firsts, lasts : (n,) int64, characters of its page at which what each shares with the others of its case begins
        and ends; -1 where that is not known
    """

    cases: records.Cases
    asked: NDArray[np.bool_]
    stories: NDArray[np.int64]
    case: NDArray[np.int64]
    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]

    @classmethod
    def of(cls, cases: records.Cases, asked: NDArray[np.bool_], measured: NDArray[np.bool_]) -> Opened:
        """Return the stories of these cases, and what they share.

        Parameters
        ----------
        measured : (n_cases,) bool, the cases of which it is asked where what they share begins and ends
        """
        case = cases.case_of()
        stories = np.flatnonzero(asked[case])
        firsts, lasts = np.full(len(stories), -1), np.full(len(stories), -1)
        rows = np.flatnonzero(measured[case[stories]])
        firsts[rows], lasts[rows] = cases.extents(stories[rows])
        return cls(cases, asked, stories, case[stories], firsts, lasts)

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.stories)

    def where(self, kept: NDArray[np.bool_]) -> Opened:
        """Return the stories of some of the cases, (n_cases,) bool."""
        asked = self.asked & kept
        rows = np.flatnonzero(asked[self.case])
        columns = (self.stories, self.case, self.firsts, self.lasts)
        return Opened(self.cases, asked, *(column[rows] for column in columns))

    def tail(self, row: int, n_bytes: int) -> bytes:
        """Return the last bytes of one story."""
        stories, number = self.cases.stories, self.stories[row]
        end = int(stories.ends[number])
        return stories.text[max(end - n_bytes, int(stories.starts[number])) : end].tobytes()

    def read(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, records.Story]]:
        """Yield some rows with their stories."""
        chosen = self.cases.stories.chosen(self.stories[rows])
        yield from zip(rows.tolist(), chosen, strict=True)
