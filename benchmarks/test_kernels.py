"""Times each kernel on made-up news text: `make bench`, or `python -m pytest -m bench benchmarks`.

Each is timed on one thread, by the seconds of processor that it took, and prints the megabytes of text per second;
one prints how often it sketches an article while datasketch does so once.
"""

from __future__ import annotations

import json
import random
import time

import datasketch
import numpy as np
import pytest
import xxhash

from dedup import packing, records, scratch, settings
from dedup.bench import datasketch_pipeline
from dedup.engines import onepass
from dedup.matching import candidates, hashing, passages, screening
from dedup.reading import columns, fields, paths, pieces
from dedup.sketching import kernels as sketching
from dedup.sketching import sketches
from dedup.text import paragraphs, stories
from dedup.words import folding, kernels
from tests import archives, language_samples

pytestmark = [pytest.mark.bench, pytest.mark.benchmark(timer=time.thread_time)]

N_ARTICLES = 2_000
N_BYTES = 3_250
DEFAULTS = settings.Settings()
WITH_SIGNATURES = settings.Settings(bands=32)


@pytest.fixture(scope="module")
def archive():
    """Return the text of some articles of the size of a news story, and where each stands."""
    pages = [page["text"].encode() for page in archives.records(400)]
    chance = random.Random(1)
    return joined([b"\n\n".join(chance.sample(pages, 12))[:N_BYTES] for _ in range(N_ARTICLES)])


def joined(texts):
    """Return texts as one buffer, and where each starts and ends."""
    offsets = records.offsets(np.array([len(text) for text in texts]))
    return np.frombuffer(b"".join(texts), np.uint8), offsets[:-1], offsets[1:]


@pytest.fixture(scope="module")
def spans(archive):
    """Return the paragraphs of the archive."""
    return paragraphs.find(*archive)


@pytest.fixture(scope="module")
def sketched(archive, spans):
    """Return the sketches of the archive."""
    return onepass.sketch(archive[0], spans, np.zeros(len(spans.starts), bool), DEFAULTS)


@pytest.fixture(scope="module")
def hashed(archive):
    """Return the hashes of each article's words."""
    text, starts, ends = archive
    return [find(text, start, end, *room(end - start)) for start, end in zip(starts, ends, strict=True)]


def room(n_bytes):
    """Return arrays that hold the words of so many bytes."""
    return np.empty(n_bytes, np.uint64), np.empty(n_bytes, np.int64), np.empty(n_bytes, np.int64)


def find(text, start, end, hashes, *places):
    """Return the hashes of the words of an article."""
    table = folding.table()
    n_words = kernels.hash_words(text, start, end, table.entries, table.expansions, hashes, *places)
    return hashes[:n_words]


@pytest.fixture
def rate(benchmark, capsys):
    """Return a function that tells how many megabytes a second the benchmark did."""

    def tell(n_bytes: int) -> None:
        megabytes = n_bytes / benchmark.stats.stats.median / 1e6
        benchmark.extra_info["MB/s"] = round(megabytes)
        with capsys.disabled():
            print(f"\n{benchmark.name}: {megabytes:,.0f} MB/s")

    return tell


def test_stories(benchmark, rate, archive):
    text, starts, ends = archive
    offsets = np.append(starts, ends[-1])
    benchmark(stories.split, text, offsets)
    rate(len(text))


def test_paragraphs(benchmark, rate, archive):
    benchmark(paragraphs.find, *archive)
    rate(len(archive[0]))


@pytest.mark.parametrize("language", ["English", "French", "German", "Russian", "Chinese", "Hindi"])
def test_words(benchmark, rate, archive, language):
    texts = archive
    if language != "English":
        article = language_samples.LANGUAGES[language].article(0).encode()
        texts = joined(200 * [article])
    arrays = room(int((texts[2] - texts[1]).max()))

    def run():
        for start, end in zip(texts[1], texts[2], strict=True):
            find(texts[0], start, end, *arrays)

    benchmark(run)
    rate(len(texts[0]))


def test_shingles(benchmark, rate, archive, hashed):
    shingles = np.empty(max(map(len, hashed)), np.uint32)

    def run():
        for words in hashed:
            kernels.shingle(words, len(words), DEFAULTS.shingle_words, shingles)

    benchmark(run)
    rate(len(archive[0]))


def test_signatures(benchmark, rate, archive, hashed):
    permutations = tuple(sketches.permutations(128, 1))
    shingles = [words[4:].astype(np.uint32) for words in hashed]
    signature = np.empty(128, np.uint32)

    def run():
        for mixed in shingles:
            sketching.sign(mixed, permutations, signature)

    benchmark(run)
    rate(len(archive[0]))
    n_shingles = sum(map(len, shingles))
    benchmark.extra_info["M shingles/s"] = round(n_shingles / benchmark.stats.stats.median / 1e6)


def test_sketches_without_lines(benchmark, rate, archive, spans):
    benchmark(onepass.sketch, archive[0], spans, np.zeros(len(spans.starts), bool), DEFAULTS)
    rate(len(archive[0]))


def test_lines_and_sketches(benchmark, rate, archive, spans):
    benchmark(onepass.read, archive[0], spans, DEFAULTS)
    rate(len(archive[0]))


def test_all_from_utf_8_without_signatures(benchmark, rate, archive):
    benchmark(read, archive, DEFAULTS, scratch.Scratch())
    rate(len(archive[0]))


def test_all_from_utf_8_with_signatures(benchmark, rate, archive):
    benchmark(read, archive, WITH_SIGNATURES, scratch.Scratch())
    rate(len(archive[0]))


def read(archive, chosen, room):
    """Return the stories, paragraphs, lines and sketches of an archive, in memory that serves again as in a scan."""
    text, starts, ends = archive
    room.clear()
    found = stories.split(text, np.append(starts, ends[-1]))
    return onepass.read(text, paragraphs.find(text, found.starts, found.ends, room), chosen, room)


def test_an_article_takes_a_fraction_of_what_datasketch_takes(benchmark, capsys, archive):
    text, starts, ends = archive
    some = slice(0, 200)
    texts = [text[start:end].tobytes().decode() for start, end in zip(starts[some], ends[some], strict=True)]

    def sketch_by_datasketch():
        datasketch.MinHash.bulk(
            map(datasketch_pipeline.shingles, texts), num_perm=128, hashfunc=xxhash.xxh32_intdigest
        )

    sketch_by_datasketch()
    began = time.thread_time()
    sketch_by_datasketch()
    theirs_s = (time.thread_time() - began) / len(texts)
    benchmark(read, archive, WITH_SIGNATURES, scratch.Scratch())
    ratio = theirs_s / (benchmark.stats.stats.median / len(starts))
    benchmark.extra_info["times datasketch"] = round(ratio, 1)
    with capsys.disabled():
        print(f"\nan article takes datasketch {ratio:.1f} times as long: {theirs_s * 1e6:.0f} microseconds")


def test_reading(benchmark, rate, archive):
    text, starts, ends = archive
    spans = zip(starts, ends, strict=True)
    texts = [text[start:end].tobytes().decode(errors="replace") for start, end in spans]
    rows = [{"id": number, "date": "2025-02-18", "text": text} for number, text in enumerate(texts)]
    lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    source = paths.Source("a.jsonl", "a.jsonl", "a.jsonl", "lines")
    piece, wanted, room = (
        pieces.Lines(source, lines, 1, len(rows)),
        fields.choose(DEFAULTS),
        scratch.Scratch(),
    )

    def read_again():
        room.clear()
        columns.read(piece, wanted, room)

    benchmark(read_again)
    rate(len(lines))


@pytest.fixture(scope="module")
def pairs(sketched):
    """Return candidate pairs of the archive."""
    every = np.arange(N_ARTICLES)
    return candidates.from_keys(sketched.samples, every, DEFAULTS.max_document_frequency)[:20_000]


def test_candidates(benchmark, sketched):
    every = np.arange(N_ARTICLES)
    benchmark(candidates.from_keys, sketched.samples, every, DEFAULTS.max_document_frequency)


def test_screening(benchmark, sketched, pairs):
    counts = screening.count(sketched.marks, pairs)
    oriented = screening.orient(pairs, counts)
    benchmark(screening.screen, sketched.marks, sketched.tails, counts, oriented, DEFAULTS)
    benchmark.extra_info["pairs"] = len(pairs)


@pytest.fixture(scope="module")
def aligned_words(archive):
    """Return the words of the archive."""
    text, starts, ends = archive
    whole = records.Spans(starts, ends, np.arange(len(starts) + 1))
    located = hashing.Located(starts, starts, ends, whole)
    return hashing.hash_words(text, located, np.arange(len(starts)), DEFAULTS.shingle_words)


def test_hashing(benchmark, archive):
    text, starts, ends = archive
    whole = records.Spans(starts, ends, np.arange(len(starts) + 1))
    located = hashing.Located(starts, starts, ends, whole)
    benchmark(hashing.hash_words, text, located, np.arange(len(starts)), DEFAULTS.shingle_words)
    benchmark.extra_info["articles"] = len(starts)


def test_alignment(benchmark, archive, aligned_words, pairs):
    some = pairs[:2_000]
    benchmark(passages.align, archive[0], aligned_words, packing.high(some), packing.low(some), DEFAULTS)
    benchmark.extra_info["pairs"] = len(some)
