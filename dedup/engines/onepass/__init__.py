"""One pass over the words of stories: what their lines are, and their sketches.

The words of a story are hashed once and serve both while they are at hand; neither stage knows of the other.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import records
from dedup import scratch as room
from dedup.sketching import sketches as sketching
from dedup.text.boilerplate import lines as describing
from dedup.words import folding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.settings import Settings

BLOCK = 64  # what kernels may read after the words of a story
_LARGEST = 2**32 - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Stories:
    """What one pass makes of some stories: what their lines are, and the sketch of all but their furniture."""

    lines: describing.Lines
    sketches: sketching.Sketches


def read(
    text: NDArray[np.uint8],
    paragraphs: records.Spans,
    settings: Settings,
    scratch: room.Scratch | None = None,
) -> Stories:
    r"""Return what the lines of some stories are, and the stories' sketches.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    paragraphs : each story's paragraphs, bytes in `text`
    scratch : what the rows of the sketches stand in; None for new memory

    >>> from dedup.settings import Settings
    >>> text = np.frombuffer(b"One two three four five six.\nPage 3 of 7\nPage 12 of 15", np.uint8)
    >>> spans = records.Spans(np.array([0, 29, 41]), np.array([28, 40, 54]), np.array([0, 3]))
    >>> found = read(text, spans, Settings())
    >>> bool(found.lines.folded[1] == found.lines.folded[2]), bool(found.lines.exact[1] == found.lines.exact[2])
    (True, False)
    >>> found.sketches.n_words.tolist(), found.sketches.n_shingles.tolist()
    ([14], [10])
    """
    n_lines = len(paragraphs.starts)
    described = (
        np.empty(n_lines, np.uint32),
        np.empty(n_lines, np.uint64),
        np.empty(n_lines, np.uint16),
        np.empty(n_lines, np.uint8),
        np.zeros(len(paragraphs), np.int64),
    )
    furniture = np.zeros(n_lines, np.bool_)
    sketches = _sketch(text, paragraphs, described, furniture, settings, scratch or room.Scratch())
    exact, folded, sizes, marks, n_words = described
    lines = describing.Lines(exact, folded, sizes, marks, furniture, n_words, paragraphs.offsets)
    return Stories(lines, sketches)


def sketch(
    text: NDArray[np.uint8],
    paragraphs: records.Spans,
    dead: NDArray[np.bool_],
    settings: Settings,
    scratch: room.Scratch | None = None,
) -> sketching.Sketches:
    """Return the sketches of some stories without their dead lines.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    paragraphs : each story's paragraphs, bytes in `text`
    dead : (n_paragraphs,) bool
    scratch : what the rows stand in; None for new memory
    """
    known = (
        np.empty(0, np.uint32),
        np.empty(0, np.uint64),
        np.empty(0, np.uint16),
        np.empty(0, np.uint8),
        np.empty(0, np.int64),
    )
    return _sketch(text, paragraphs, known, dead, settings, scratch or room.Scratch())


def _sketch(
    text: NDArray[np.uint8],
    paragraphs: records.Spans,
    described: tuple[NDArray[Any], ...],
    dead: NDArray[np.bool_],
    settings: Settings,
    scratch: room.Scratch,
) -> sketching.Sketches:
    from dedup.engines.onepass import kernels

    table = folding.table()
    sizes = _sizes(paragraphs)
    n_stories = len(paragraphs)
    counts = np.zeros((n_stories, 4), np.int64)
    digests = np.empty(n_stories, np.uint64)
    signatures = np.empty((n_stories, settings.n_permutations if settings.bands else 0), np.uint32)
    factor = 1
    while True:
        marks, tails, samples, keys = _rows(paragraphs, sizes, settings, factor, scratch)
        n_done = kernels.read_stories(
            text,
            (paragraphs.starts, paragraphs.ends, paragraphs.offsets),
            (table.entries, table.expansions),
            (
                settings.shingle_words,
                settings.paragraph_bands,
                settings.paragraph_rows,
                settings.paragraph_min_words,
            ),
            (np.uint32(_LARGEST // settings.sample_rate), settings.min_samples),
            tuple(sketching.permutations(settings.n_permutations, settings.permutation_seed)),
            described,
            settings.boilerplate,
            dead,
            (counts, digests, signatures, marks, tails, samples, keys),
            _buffers(paragraphs, sizes, settings, factor, scratch),
        )
        if n_done == n_stories:
            break
        factor *= 4  # only characters that stand for several words, such as ligatures of whole phrases
    return sketching.Sketches(
        counts[:, 0].copy(),
        digests,
        signatures,
        _filled(marks, counts[:, 1]),
        _filled(tails, (counts[:, 1] + 1) // 2),
        _filled(samples, counts[:, 2]),
        _filled(keys, counts[:, 3]),
    )


def _rows(
    paragraphs: records.Spans,
    sizes: NDArray[np.int64],
    settings: Settings,
    factor: int,
    scratch: room.Scratch,
) -> tuple[NDArray[Any], ...]:
    """Return room for marks, tails, samples and paragraph keys, for stories that have half as many words as bytes.

    Parameters
    ----------
    factor : how many times more words they may have
    """
    n_stories, n_lines = len(paragraphs), len(paragraphs.starts)
    n_words = int(sizes.sum()) // 2 * factor + 16 * (n_stories + 1)
    return (
        scratch.take(n_words, np.uint16),
        scratch.take(n_words // 2 + n_stories + 1, np.uint8),
        scratch.take(n_words + n_lines, np.uint32),
        scratch.take(n_lines * settings.paragraph_bands + 1, np.uint32),
    )


def _buffers(
    paragraphs: records.Spans,
    sizes: NDArray[np.int64],
    settings: Settings,
    factor: int,
    scratch: room.Scratch,
) -> tuple[NDArray[Any], ...]:
    """Return room for one story at a time, as `kernels.read_stories` takes it."""
    most_lines = int(np.diff(paragraphs.offsets).max(initial=0))
    n_words = int(sizes.max(initial=0)) // 2 * factor + 16
    return (
        scratch.take(n_words, np.uint64),
        *(scratch.take(size, np.int64) for size in (n_words, n_words, most_lines + 1)),
        *(scratch.take(n_words + BLOCK, np.uint32) for _ in range(2)),
        scratch.take(max(n_words, most_lines * settings.paragraph_bands), np.uint32),
        scratch.take(most_lines, np.uint32),
    )


def _sizes(paragraphs: records.Spans) -> NDArray[np.int64]:
    """Return the bytes of each story from its first paragraph to its last, (n_stories,) int64."""
    sizes = np.zeros(len(paragraphs), np.int64)
    some = np.flatnonzero(np.diff(paragraphs.offsets))
    first, last = paragraphs.offsets[:-1][some], paragraphs.offsets[1:][some] - 1
    sizes[some] = paragraphs.ends[last] - paragraphs.starts[first]
    return sizes


def _filled(values: NDArray[Any], lengths: NDArray[np.int64]) -> records.Rows:
    """Return the rows of these lengths that `values` begins with."""
    offsets = records.offsets(lengths)
    return records.Rows.of(records.Ragged(values[: offsets[-1]], offsets))
