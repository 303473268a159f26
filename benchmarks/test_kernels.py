"""Times each kernel on made-up news text: `make bench`, or `python -m pytest -m bench benchmarks`."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from dedup import records, settings
from dedup.matching import candidates, hashing, matches, passages
from dedup.reading import columns, fields, paths, pieces
from dedup.sketching import sketches
from dedup.text import paragraphs
from dedup.words import folding, kernels
from tests import archives

pytestmark = pytest.mark.bench

N_ARTICLES = 2_000
N_BYTES = 3_250
DEFAULTS = settings.Settings()


@pytest.fixture(scope="module")
def archive():
    """Return the text of some articles of the size of a news story, and where each stands."""
    pages = [page["text"].encode() for page in archives.records(400)]
    chance = random.Random(1)
    texts = [b"\n\n".join(chance.sample(pages, 12))[:N_BYTES] for _ in range(N_ARTICLES)]
    offsets = records.offsets(np.array([len(text) for text in texts]))
    return np.frombuffer(b"".join(texts), np.uint8), offsets[:-1], offsets[1:]


@pytest.fixture(scope="module")
def sketched(archive):
    """Return the sketches of the archive."""
    text, starts, ends = archive
    whole = records.Spans(starts, ends, np.arange(len(starts) + 1))
    return sketches.sketch(text, whole, paragraphs.find(text, starts, ends), DEFAULTS)


def rate(benchmark, size: int) -> None:
    """Note how many megabytes a second the last benchmark did."""
    benchmark.extra_info["MB/s"] = round(size / benchmark.stats.stats.median / 1e6)


def test_reading(benchmark, archive):
    text, starts, ends = archive
    spans = zip(starts, ends, strict=True)
    texts = [text[start:end].tobytes().decode(errors="replace") for start, end in spans]
    rows = [{"id": number, "date": "2025-02-18", "text": text} for number, text in enumerate(texts)]
    lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    source = paths.Source("a.jsonl", "a.jsonl", "a.jsonl", "lines")
    benchmark(columns.read, pieces.Lines(source, lines, 1, len(rows)), fields.choose(DEFAULTS))
    rate(benchmark, len(lines))


def test_words(benchmark, archive):
    text, starts, ends = archive
    table = folding.table()
    hashes = np.empty(N_BYTES, np.uint64)
    spans = np.empty(N_BYTES, np.int64), np.empty(N_BYTES, np.int64)

    def run():
        for start, end in zip(starts, ends, strict=True):
            kernels.hash_words(text, start, end, table.entries, table.expansions, hashes, *spans)

    benchmark(run)
    rate(benchmark, len(text))


def test_paragraphs(benchmark, archive):
    benchmark(paragraphs.find, *archive)
    rate(benchmark, len(archive[0]))


def test_sketches(benchmark, archive):
    found = paragraphs.find(*archive)
    benchmark(sketches.sketch, *archive, found, DEFAULTS)
    rate(benchmark, len(archive[0]))


def test_candidates(benchmark, sketched):
    everything = np.arange(N_ARTICLES)
    benchmark(candidates.from_keys, sketched.samples, everything, DEFAULTS.max_document_frequency)


def test_verification(benchmark, sketched):
    everything = np.arange(N_ARTICLES)
    pairs = candidates.merge([candidates.from_keys(sketched.samples, everything, 100)])[:20_000]
    benchmark(matches.verify, pairs, sketched.shingles, DEFAULTS)
    benchmark.extra_info["pairs"] = len(pairs)


def test_alignment(benchmark, archive, sketched):
    text, starts, ends = archive
    everything = np.arange(N_ARTICLES)
    pairs = candidates.merge([candidates.from_keys(sketched.samples, everything, 100)])
    found = matches.verify(pairs, sketched.shingles, DEFAULTS).pairs[:2_000]
    whole = records.Spans(starts, ends, np.arange(len(starts) + 1))
    located = hashing.Located(starts, starts, ends, whole)
    benchmark(passages.align, text, located, found, DEFAULTS)
    benchmark.extra_info["pairs"] = len(found)
