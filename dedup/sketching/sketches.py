"""From the text of stories to their sketches: signature, shingle set, samples and paragraph keys."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.words import folding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import datasketch
    from numpy.typing import NDArray

    from dedup import settings

_LARGEST = 2**32 - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of some stories, row by row.

    Parameters
    ----------
    n_words : (n_stories,) int64, words of the live segments
    signatures : (n_stories, n_permutations) uint32, equal to datasketch's affine32 over the shingles
    shingles : rows of uint32, sorted and different: the set of the story's shingle hashes
    samples : rows of uint32, sorted and different: the shingles of the excerpt index
    paragraph_keys : rows of uint32, sorted and different: band keys of the paragraphs' signatures
    """

    n_words: NDArray[np.int64]
    signatures: NDArray[np.uint32]
    shingles: records.Ragged
    samples: records.Ragged
    paragraph_keys: records.Ragged

    def __len__(self) -> int:
        """Return the number of stories."""
        return len(self.n_words)


@functools.cache
def permutations(n_permutations: int, seed: int) -> NDArray[np.uint32]:
    """Return multipliers and addends of datasketch's affine32 permutations, (2, n_permutations) uint32.

    They come from NumPy's legacy generator in datasketch's own order (`MinHash._init_permutations`, 2.0.0); a test
    compares the two.

    >>> permutations(2, 1)[0] % 2
    array([1, 1], dtype=uint32)
    """
    generator = np.random.RandomState(seed)
    halves = generator.randint(0, 1 << 31, n_permutations, dtype=np.uint32)
    addends = generator.randint(0, 1 << 32, n_permutations, dtype=np.uint32)
    return np.array([halves * np.uint32(2) + np.uint32(1), addends])


def sketch(
    text: NDArray[np.uint8],
    live: records.Spans,
    paragraphs: records.Spans,
    settings: settings.Settings,
) -> Sketches:
    """Return the sketches of stories, in one pass over their bytes.

    No shingle crosses from one segment to the next. A story of one segment that is shorter than a shingle has one
    shingle of all its words; of several segments, those that are too short have none.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    live : each story's segments that take part, bytes in `text`, in order
    paragraphs : each story's paragraphs, bytes in `text`; each stands in a segment, or outside of all

    >>> from dedup.settings import Settings
    >>> text = np.frombuffer(b"One two three four five six.", np.uint8)
    >>> whole = records.Spans(np.array([0]), np.array([len(text)]), np.array([0, 1]))
    >>> sketches = sketch(text, whole, whole, Settings())
    >>> sketches.n_words.tolist(), len(sketches.shingles.row(0))
    ([6], 2)
    """
    factor = 1
    while True:
        made = _try(text, live, paragraphs, settings, factor)
        if made is not None:
            return made
        factor *= 4


def gather(parts: Sequence[Sketches], order: NDArray[np.int64]) -> Sketches:
    """Return the sketches of some stories in the order asked for; they are numbered through the parts."""
    return Sketches(
        np.concatenate([part.n_words for part in parts])[order],
        np.concatenate([part.signatures for part in parts])[order],
        _gather([part.shingles for part in parts], order),
        _gather([part.samples for part in parts], order),
        _gather([part.paragraph_keys for part in parts], order),
    )


def _gather(parts: Sequence[records.Ragged], order: NDArray[np.int64]) -> records.Ragged:
    from dedup.sketching import kernels

    values = np.concatenate([part.values for part in parts])
    offsets = records.offsets(np.concatenate([np.diff(part.offsets) for part in parts]))
    if len(order) == len(offsets) - 1 and (np.diff(order) == 1).all():
        return records.Ragged(values, offsets)
    starts, ends = offsets[:-1][order], offsets[1:][order]
    new = records.offsets(ends - starts)
    gathered = np.empty(new[-1], np.uint32)
    kernels.gather(values, starts, ends, gathered)
    return records.Ragged(gathered, new)


def _try(
    text: NDArray[np.uint8],
    live: records.Spans,
    paragraphs: records.Spans,
    settings: settings.Settings,
    factor: int,
) -> Sketches | None:
    """Return the sketches, or None when a story has more words than `factor` allows for its bytes."""
    from dedup.sketching import kernels

    table = folding.table()
    multipliers, addends = permutations(settings.n_permutations, settings.permutation_seed)
    n_stories = len(live)
    lengths = _lengths(live)
    longest = int(lengths.max(initial=0)) // 2 * factor + 16
    total = int(lengths.sum()) // 2 * factor + 16 * (n_stories + 1)
    n_keys = max(1, len(paragraphs.starts) * settings.paragraph_bands)
    counts = np.zeros((n_stories, 4), np.int64)
    signatures = np.empty((n_stories, settings.n_permutations), np.uint32)
    sizes = (total, total + len(paragraphs.starts), n_keys)
    rows = [np.empty(size, np.uint32) for size in sizes]
    spans = tuple(np.empty(longest, np.int64) for _ in range(2))
    hashes = tuple(np.empty(max(longest, n_keys), np.uint32) for _ in range(3))
    shape = (
        settings.shingle_words,
        settings.paragraph_bands,
        settings.paragraph_rows,
        settings.paragraph_min_words,
    )
    n_done = kernels.sketch_stories(
        text,
        (live.starts, live.ends, live.offsets),
        (paragraphs.starts, paragraphs.ends, paragraphs.offsets),
        table.entries,
        table.expansions,
        shape,
        (np.uint32(_LARGEST // settings.sample_rate), settings.min_samples),
        multipliers,
        addends,
        (counts, signatures, *rows),
        (np.empty(longest, np.uint64), *spans, *hashes),
    )
    if n_done < n_stories:
        return None
    ragged = [_ragged(values, counts[:, column]) for column, values in enumerate(rows, start=1)]
    return Sketches(counts[:, 0].copy(), signatures, *ragged)


def _lengths(live: records.Spans) -> NDArray[np.int64]:
    """Return at least the bytes of each story's segments, and one for each gap between them."""
    sizes = records.offsets(live.ends - live.starts + 1)
    return np.diff(sizes[live.offsets])


def _ragged(values: NDArray[np.uint32], lengths: NDArray[np.int64]) -> records.Ragged:
    offsets = records.offsets(lengths)
    return records.Ragged(values[: offsets[-1]].copy(), offsets)


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint32]:
    """Return the 32-bit key of each band of each signature, (n_stories, bands) uint32."""
    from dedup.sketching import kernels

    keys = np.empty((len(signatures), bands), np.uint32)
    kernels.band_keys(signatures, bands, rows, keys)
    return keys


def to_datasketch(signature: NDArray[np.uint32], seed: int = 1) -> datasketch.LeanMinHash:
    """Return a signature as datasketch's own, for its LSH classes.

    Parameters
    ----------
    signature : (n_permutations,) uint32
    seed : the seed of the permutations, `Settings.permutation_seed`

    >>> to_datasketch(np.arange(128, dtype=np.uint32)).scheme
    'affine32'
    """
    import datasketch

    return datasketch.LeanMinHash(seed=seed, hashvalues=signature, scheme="affine32")
