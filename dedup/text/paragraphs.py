"""From stories to their paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup import scratch as room

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BYTES_PER_LINE = 16  # a first guess: only texts of very short lines need more room


def find(
    text: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    scratch: room.Scratch | None = None,
) -> records.Spans:
    r"""Return the paragraphs of each story, right for blank-line, line-per-paragraph and hard-wrapped texts.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n_stories,) int64, each story's bytes in `text`
    scratch : what the paragraphs' bytes stand in; None for new memory

    >>> text = b"One paragraph that was wrapped\nby hand at thirty characters,\nas mail and telegrams were all"
    >>> text += b"\nthe time.\n\nAnother."
    >>> found = find(np.frombuffer(text, np.uint8), np.array([0]), np.array([len(text)]))
    >>> [text[start:end][:7] for start, end in zip(found.starts, found.ends)]
    [b'One par', b'Another']
    """
    from dedup.text import kernels

    scratch = scratch or room.Scratch()
    capacity = int((ends - starts).sum()) // _BYTES_PER_LINE + 4 * len(starts) + 4
    while True:
        first, last = scratch.take(capacity, np.int64), scratch.take(capacity, np.int64)
        offsets = np.zeros(len(starts) + 1, np.int64)
        if kernels.find_all(text, starts, ends, first, last, offsets) == len(starts):
            return records.Spans(first[: offsets[-1]], last[: offsets[-1]], offsets)
        capacity *= 4
