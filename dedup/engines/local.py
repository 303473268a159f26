"""The engine for one machine: the stages on threads. It holds no algorithm of its own."""

from __future__ import annotations

import collections
import functools
import itertools
import os
from concurrent import futures
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dedup import packing, records, words
from dedup.engines import assembling, masking, onepass
from dedup.matching import candidates, exact, judging
from dedup.matching import matches as matching
from dedup.matching import passages as aligning
from dedup.sketching import sketches as sketching
from dedup.text import paragraphs
from dedup.text import stories as splitting
from dedup.text.boilerplate import lines as describing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.progress import Progress
    from dedup.settings import Settings

Item = TypeVar("Item")
Made = TypeVar("Made")

PAIRS_PER_TASK = 10_000
MOST_EXPANDED = 10_000  # pairs that two groups of exact copies give, at most


class Local:
    """Runs the stages on the threads of this machine; the kernels release the interpreter's lock.

    Parameters
    ----------
    threads : None for one thread per core
    """

    def __init__(self, settings: Settings, threads: int | None, progress: Progress) -> None:
        """Take the settings of what is computed, and how it runs."""
        self.settings = settings
        self.threads = threads or os.cpu_count() or 1
        self.progress = progress

    def sketch(self, batches: Iterable[pa.RecordBatch]) -> Iterator[assembling.Part]:
        """Return each batch split into stories and sketched, in order."""
        sketch = functools.partial(sketch_batch, settings=self.settings)
        n_parts = 0
        for part in self._map(sketch, batches):
            self.progress.advance(len(part.text))
            n_parts += 1
            yield part
        if n_parts == 0:
            yield sketch(_no_pages())

    def mask(self, archive: Archive) -> tuple[Archive, masking.Boilerplate]:
        """Return the archive without its boilerplate, and what that is."""
        found = masking.learn(archive, self.settings)
        dead = found.learned.dead
        resketch = functools.partial(masking.resketch, archive=archive, dead=dead, settings=self.settings)
        return masking.replace(archive, list(self._map(resketch, masking.tasks(archive, dead)))), found

    def able(self, archive: Archive) -> NDArray[np.int64]:
        """Return the articles that take part in matching, rising."""
        sketches = archive.sketches
        n_shingles = np.diff(sketches.shingles.offsets)
        return np.flatnonzero((sketches.n_words >= self.settings.min_words) & (n_shingles > 0))

    def candidates(self, archive: Archive) -> tuple[exact.Groups, NDArray[np.uint64]]:
        """Return the groups of exact copies, and the candidate pairs between their representatives."""
        settings, sketches = self.settings, archive.sketches
        groups = exact.group(sketches.shingles, self.able(archive))
        articles = groups.representatives
        short = articles[sketches.n_words[articles] < settings.short_text_words]
        most = settings.max_document_frequency
        indexes: list[Callable[[], NDArray[np.uint64]]] = [
            functools.partial(candidates.from_keys, sketches.paragraph_keys, articles, most),
            functools.partial(candidates.from_keys, sketches.samples, articles, most),
            functools.partial(candidates.from_short_texts, archive.text, archive.located(), short, most),
        ]
        if settings.bands:
            keys = sketching.band_keys(sketches.signatures, settings.bands, settings.rows)
            indexes.append(functools.partial(candidates.from_bands, keys, articles, most))
        found = list(self._map(lambda index: index(), indexes))
        return groups, candidates.merge(found)

    def verify(self, archive: Archive, groups: exact.Groups, pairs: NDArray[np.uint64]) -> matching.Matches:
        """Return the pairs that may be matches: those of the candidates, and those of their exact copies."""
        shingles, settings = archive.sketches.shingles, self.settings

        def verify(places: slice) -> matching.Matches:
            return matching.verify(pairs[places], shingles, settings)

        known = matching.concatenate([matching.none(), *self._map(verify, _tasks(len(pairs)))])
        every, rests = exact.expand(known.pairs, groups, MOST_EXPANDED)
        sizes = np.diff(shingles.offsets)
        whole = sizes[packing.high(every)]
        shared = np.where(rests >= 0, known.shared[rests], whole) if len(known) else whole
        return matching.measure(every, shared, sizes, settings)

    def align(self, archive: Archive, found: matching.Matches) -> tuple[matching.Matches, aligning.Passages]:
        """Return the matches among these pairs, with the shared passages of each."""
        settings, sketches = self.settings, archive.sketches
        n_shingles = np.diff(sketches.shingles.offsets)
        asked = judging.by_words(found, n_shingles, settings)
        located = archive.located()

        def align(places: slice) -> aligning.Passages:
            return aligning.align(archive.text, located, found.pairs[places], settings, asked[places])

        parts = self._map(align, _tasks(len(found)))
        passages = aligning.concatenate([aligning.none(), *parts])
        articles = np.unique(found.a)
        characters = np.ones(len(archive), np.int64)
        starts, ends = archive.starts[articles], archive.ends[articles]
        characters[articles] = words.characters_per_word(archive.text, starts, ends)
        facts = judging.Facts(
            sketches.n_words, n_shingles, archive.lines.n_words, characters, masking.outlets(archive)[0]
        )
        judged, kept = judging.judge(found, passages, facts, settings)
        return matching.take(judged, kept), aligning.take(passages, kept)

    def _map(self, function: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
        """Return what a function makes of each item, in their order; a few items are taken ahead."""
        if self.threads == 1:
            yield from map(function, items)
            return
        waiting: collections.deque[futures.Future[Made]] = collections.deque()
        with futures.ThreadPoolExecutor(self.threads) as pool:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > self.threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def sketch_batch(batch: pa.RecordBatch, settings: Settings) -> assembling.Part:
    """Return a batch of pages split into stories and sketched.

    Parameters
    ----------
    batch : the columns of `records.PAGES`
    """
    column = batch.column("text")
    _, offsets, data = column.buffers()
    page_offsets = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(
        np.int64
    )
    text = np.frombuffer(data, np.uint8)[page_offsets[0] : page_offsets[-1]]
    page_offsets -= page_offsets[0]
    stories = splitting.split(text, page_offsets, split_stories=settings.split_stories)
    spans = paragraphs.find(text, stories.starts, stories.ends)
    found = onepass.read(text, spans, settings)
    live = describing.live(stories.starts, stories.ends, spans, found.lines.furniture)
    pages = batch.drop_columns(["text"])
    return assembling.Part(pages, text, page_offsets, stories, found.lines, live, found.sketches)


def _no_pages() -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema=records.PAGES.schema())


def _tasks(n_pairs: int) -> Iterator[slice]:
    for begin, end in itertools.pairwise([*range(0, n_pairs, PAIRS_PER_TASK), n_pairs]):
        yield slice(begin, end)
