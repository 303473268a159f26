"""The engine for one machine: the stages on threads. It holds no algorithm of its own."""

from __future__ import annotations

import collections
import dataclasses
import functools
import itertools
import os
from concurrent import futures
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dedup import packing, reading, records
from dedup import scratch as room
from dedup.engines import assembling, masking, memory, onepass
from dedup.matching import candidates, exact, hashing, judging, planning, screening
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
    from dedup.reading import batches, pieces
    from dedup.settings import Settings
    from dedup.sketching.sketches import Sketches

Item = TypeVar("Item")
Made = TypeVar("Made")

PAIRS_PER_TASK = 100_000
MOST_EXPANDED = 10_000  # pairs that two groups of exact copies give, at most


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs that may be matches.

    Parameters
    ----------
    pairs : (n,) uint64, `a << 32 | b`, sorted; those of exact copies too
    labels : (n_articles,) int64, the group that each belongs to
    n_found : pairs that the indexes found, before they were screened
    """

    pairs: NDArray[np.uint64]
    labels: NDArray[np.int64]
    n_found: int


class Local:
    """Runs the stages on the threads of this machine; the kernels release the interpreter's lock.

    Parameters
    ----------
    threads : None for one thread per core
    """

    def __init__(
        self,
        settings: Settings,
        threads: int | None,
        progress: Progress,
    ) -> None:
        """Take the settings of what is computed, and how it runs."""
        self.settings = settings
        self.threads = threads or os.cpu_count() or 1
        self.progress = progress

    def sketch(self, blocks: Iterable[pieces.Block], log: reading.ReadingLog) -> Iterator[assembling.Part]:
        """Return each block parsed, split into stories and sketched, in order; what is no page goes to the log.

        Each part is to be used up before the next is taken: they stand in the same memory.
        """

        def sketch(block: pieces.Block, scratch: room.Scratch) -> tuple[batches.Batch, assembling.Part]:
            batch = reading.parse(block, scratch)
            return batch, sketch_batch(batch.pages, self.settings, scratch)

        self.progress.expect(log.expected_bytes, "B")
        n_parts = n_bytes = 0
        for batch, part in self._map_in_scratch(sketch, blocks):
            log.add(batch)
            self.progress.advance(log.size_bytes - n_bytes)
            n_bytes = log.size_bytes
            n_parts += 1
            yield part
        if n_parts == 0:
            yield sketch_batch(_no_pages(), self.settings)

    def parse(self, blocks: Iterable[pieces.Block], log: reading.ReadingLog) -> Iterator[pa.RecordBatch]:
        """Return the pages of each block, in order; what is no page goes to the log."""
        self.progress.expect(log.expected_bytes, "B")
        n_bytes = 0
        for batch in self.map(reading.parse, blocks):
            log.add(batch)
            self.progress.advance(log.size_bytes - n_bytes)
            n_bytes = log.size_bytes
            yield batch.pages

    def sketch_pages(self, batches: Iterable[pa.RecordBatch]) -> Iterator[assembling.Part]:
        """Return pages split into stories and sketched; each part is to be used up before the next is taken."""

        def sketch(batch: pa.RecordBatch, scratch: room.Scratch) -> assembling.Part:
            return sketch_batch(batch, self.settings, scratch)

        return self._map_in_scratch(sketch, batches)

    def mask(self, archive: Archive) -> tuple[Archive, masking.Boilerplate]:
        """Return the archive without its boilerplate, and what that is; of its lines it keeps their number."""
        found = masking.learn(archive, self.settings)
        return self.masked(archive, found.learned.dead), found

    def masked(self, archive: Archive, dead: NDArray[np.bool_]) -> Archive:
        """Return the archive without some lines, of which it keeps their number.

        Parameters
        ----------
        dead : (n_lines,) bool
        """
        mask = masking.Mask(archive, dead, self.settings)
        tasks = list(masking.tasks(archive, dead))
        self.progress.expect(sum(map(len, tasks)), "articles")
        masked = masking.replace(archive, self._map_in_scratch(mask.resketch, tasks, len))
        memory.trim()
        return dataclasses.replace(masked, lines=masked.lines.counted())

    def able(self, archive: Archive) -> NDArray[np.int64]:
        """Return the articles that take part in matching, rising."""
        sketches = archive.sketches
        return np.flatnonzero((sketches.n_words >= self.settings.min_words) & (sketches.n_shingles > 0))

    def candidates(self, archive: Archive) -> Candidates:
        """Return the pairs that may be matches: they share a key of an index, and enough marks."""
        settings, sketches = self.settings, archive.sketches
        groups = exact.group(sketches.digests, self.able(archive))
        articles = groups.representatives
        short = articles[sketches.n_words[articles] < settings.short_text_words]
        most = settings.max_document_frequency
        text, located = archive.text, archive.located()
        indexes: list[Callable[[room.Scratch], NDArray[np.uint64]]] = [
            lambda _: candidates.from_short_texts(text, located, short, most)
        ]
        if settings.bands > 0:
            keys = sketching.band_keys(sketches.signatures, settings.bands, settings.rows)
            indexes.append(lambda _: candidates.from_bands(keys, articles, most))
        for rows in (sketches.samples, sketches.paragraph_keys):
            asked = rows.as_they_stand(articles)
            sampled = rows.take(asked)
            parts = candidates.n_parts(int(sampled.lengths.sum()))
            indexes += [
                functools.partial(candidates.from_keys, sampled, asked, most, part, parts)
                for part in range(parts)
            ]
        pairs = np.empty(0, np.uint64)
        self.progress.expect(len(indexes), "")
        for found in self._map_in_scratch(lambda index, scratch: index(scratch), indexes, lambda _: 1):
            pairs = candidates.unite(pairs, found)
        screened, labels = self.screen(sketches, pairs)
        labels[groups.members.values] = np.repeat(labels[articles], np.diff(groups.members.offsets))
        return Candidates(exact.expand(screened, groups, MOST_EXPANDED), labels, len(pairs))

    def screen(
        self, sketches: Sketches, pairs: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the pairs that may share enough, sorted, and the group that each article belongs to.

        Parameters
        ----------
        pairs : (n,) uint64, `a << 32 | b`, sorted
        """
        self.progress.expect(len(pairs), "pairs")
        counts = screening.count(sketches.marks, pairs, self.map)
        oriented = screening.orient(pairs, counts)
        tasks = [oriented[places] for places in _tasks(len(pairs))]
        screen = functools.partial(
            screening.screen, sketches.marks, sketches.tails, counts, settings=self.settings
        )
        kept = list(self.map(screen, tasks, len))
        screened = np.concatenate([pairs[:0], *(found for found, _ in kept)])
        near = np.concatenate([np.empty(0, bool), *(near for _, near in kept)])
        order = np.argsort(screened)
        screened = screened[order]
        return screened, planning.groups(screened, near[order], sketches.n_words)

    def match(self, archive: Archive, found: Candidates) -> tuple[matching.Matches, aligning.Passages]:
        """Return the matches among candidates, in the order of their pairs, with the shared passages of each."""
        n_words, located = archive.sketches.n_words, archive.located()
        facts = judging.Facts(n_words, archive.lines.n_words, masking.outlets(archive)[0])

        def match(
            pairs: NDArray[np.uint64], scratch: room.Scratch
        ) -> tuple[matching.Matches, aligning.Passages]:
            a, b = packing.high(pairs), packing.low(pairs)
            articles, left, right = _numbered(a, b, len(archive))
            hashed = hashing.hash_words(
                archive.text,
                located,
                articles,
                self.settings.shingle_words,
                int(n_words[articles].sum()),
                scratch,
            )
            aligned, counts = aligning.align(archive.text, hashed, left, right, self.settings)
            return judging.judge(pairs, aligned, counts, facts, self.settings)

        tasks = planning.tasks(found.pairs, found.labels, n_words)
        self.progress.expect(len(found.pairs), "pairs")
        parts = list(self._map_in_scratch(match, tasks, len))
        matches = matching.concatenate([matching.none(), *(part for part, _ in parts)])
        passages = aligning.concatenate([aligning.none(), *(part for _, part in parts)])
        order = np.argsort(matches.pairs)
        return matching.take(matches, order), aligning.take(passages, order)

    def map(
        self,
        function: Callable[[Item], Made],
        items: Iterable[Item],
        measure: Callable[[Item], int] = lambda _: 0,
    ) -> Iterator[Made]:
        """Return what a function makes of each item, in their order; a few items are taken ahead.

        Parameters
        ----------
        measure : how far the stage is on once an item is done, in its units
        """
        if self.threads == 1:
            for item in items:
                yield self._done(function(item), measure(item))
            return
        waiting: collections.deque[tuple[int, futures.Future[Made]]] = collections.deque()
        pool = futures.ThreadPoolExecutor(self.threads)
        try:
            for item in items:
                waiting.append((measure(item), pool.submit(function, item)))
                if len(waiting) > 2 * self.threads:
                    amount, future = waiting.popleft()
                    yield self._done(future.result(), amount)
            while waiting:
                amount, future = waiting.popleft()
                yield self._done(future.result(), amount)
        finally:  # nobody waits for tasks whose results nobody takes
            pool.shutdown(wait=False, cancel_futures=True)

    def _map_in_scratch(
        self,
        function: Callable[[Item, room.Scratch], Made],
        items: Iterable[Item],
        measure: Callable[[Item], int] = lambda _: 0,
    ) -> Iterator[Made]:
        """Return what a function makes of each item, as `map`, in memory that is another's when the next is taken."""
        shared = room.Shared()

        def make(item: Item) -> tuple[Made, room.Scratch]:
            scratch = shared.lend()
            return function(item, scratch), scratch

        for made, scratch in self.map(make, items, measure):
            yield made
            shared.give_back(scratch)

    def _done(self, made: Made, amount: int) -> Made:
        self.progress.advance(amount)
        return made


def sketch_batch(
    batch: pa.RecordBatch, settings: Settings, scratch: room.Scratch | None = None
) -> assembling.Part:
    """Return a batch of pages split into stories and sketched.

    Parameters
    ----------
    batch : the columns of `records.PAGES`
    scratch : what the rows of the sketches may stand in; None for new memory
    """
    scratch = scratch or room.Scratch()
    column = batch.column("text")
    _, offsets, data = column.buffers()
    page_offsets = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(
        np.int64
    )
    text = np.frombuffer(data, np.uint8)[page_offsets[0] : page_offsets[-1]]
    text.flags.writeable = False  # as that of the work file: else kernels are compiled for both
    page_offsets -= page_offsets[0]
    stories = splitting.split(text, page_offsets, split_stories=settings.split_stories)
    spans = paragraphs.find(text, stories.starts, stories.ends, scratch)
    found = onepass.read(text, spans, settings, scratch)
    live = describing.live(stories.starts, stories.ends, spans, found.lines.furniture)
    pages = batch.drop_columns(["text"])
    return assembling.Part(pages, text, page_offsets, stories, found.lines, live, found.sketches)


def _numbered(
    a: NDArray[np.int64], b: NDArray[np.int64], n_articles: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the articles of some pairs, rising, and the place among them of each pair's first and second."""
    asked = np.zeros(n_articles, bool)
    asked[a] = asked[b] = True
    articles = np.flatnonzero(asked)
    places = np.empty(n_articles, np.int64)
    places[articles] = np.arange(len(articles))
    return articles, places[a], places[b]


def _no_pages() -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema=records.PAGES.schema())


def _tasks(n_pairs: int) -> Iterator[slice]:
    for begin, end in itertools.pairwise([*range(0, n_pairs, PAIRS_PER_TASK), n_pairs]):
        yield slice(begin, end)
