"""Times each stage of a scan of a small planted archive, on one thread: `make bench`."""

from __future__ import annotations

import dataclasses

import pytest

from dedup import attribution, pipeline, reading
from dedup.attribution import syndication
from dedup.engines import assembling, cases, local, tables
from dedup.engines import passages as sharing
from dedup.planting import archives, truths
from dedup.reporting import tables as writing
from dedup.settings import Settings

pytestmark = pytest.mark.bench

N_ARTICLES = 5_000
ROUNDS = 3
SETTINGS = Settings()
ENGINE = local.Local(SETTINGS, 1, pipeline.SILENT)


@dataclasses.dataclass(slots=True)
class Story:
    """What each stage gives, in the order of `pipeline.scan`."""

    path: str
    read: object
    archive: object
    boilerplate: object
    candidates: object
    matches: object
    passages: object
    clusters: object
    shared: object
    every: object
    known: object
    verdicts: object
    syndicated: object
    asked: object
    told: object
    agencies: object


def read(path):
    """Return the articles of a file, sketched."""
    log = reading.ReadingLog()
    parts = ENGINE.sketch(reading.blocks([path], SETTINGS, log), log)
    return assembling.build(parts, log.rejects)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Return what each stage of a scan gives for the next; the kernels are compiled after it."""
    folder = tmp_path_factory.mktemp("planted")
    path = folder / "archive.jsonl"
    truths.write(archives.Archive(N_ARTICLES), path, folder / "truth")
    before = read(str(path))
    archive, boilerplate = ENGINE.mask(before)
    candidates = ENGINE.candidates(archive)
    matches, passages = ENGINE.match(archive, candidates)
    clusters = cases.clusters(archive, matches, passages, SETTINGS)
    shared = sharing.clusters(archive, matches, passages, clusters, SETTINGS)
    agencies = attribution.load_agencies()
    every = clusters + cases.lone(archive, clusters, agencies)
    known = cases.cases(archive, every, matches, passages)
    verdicts = attribution.attribute_all(known, agencies)
    asked = sharing.cases(archive, shared, sharing.ids(archive, shared))
    return Story(
        path=str(path),
        read=before,
        archive=archive,
        boilerplate=boilerplate,
        candidates=candidates,
        matches=matches,
        passages=passages,
        clusters=clusters,
        shared=shared,
        every=every,
        known=known,
        verdicts=verdicts,
        syndicated=syndication.measure(known, verdicts, agencies),
        asked=asked,
        told=attribution.attribute_all(asked, agencies),
        agencies=agencies,
    )


def time(benchmark, stage, *arguments):
    """Time a stage, and note how many microseconds it takes for an article."""
    benchmark.pedantic(stage, arguments, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["µs/article"] = round(benchmark.stats.stats.median / N_ARTICLES * 1e6, 1)


def test_reading_and_sketching(benchmark, story):
    time(benchmark, read, story.path)


def test_learning_boilerplate(benchmark, story):
    time(benchmark, ENGINE.mask, story.read)


def test_finding_candidates(benchmark, story):
    time(benchmark, ENGINE.candidates, story.archive)


def test_verifying(benchmark, story):
    time(benchmark, ENGINE.match, story.archive, story.candidates)


def test_clustering_articles(benchmark, story):
    time(benchmark, cases.clusters, story.archive, story.matches, story.passages, SETTINGS)


def test_clustering_passages(benchmark, story):
    time(
        benchmark,
        sharing.clusters,
        story.archive,
        story.matches,
        story.passages,
        story.clusters,
        SETTINGS,
    )


def test_looking_for_lone_stories(benchmark, story):
    time(benchmark, cases.lone, story.archive, story.clusters, story.agencies)


def test_gathering_cases(benchmark, story):
    time(benchmark, cases.cases, story.archive, story.every, story.matches, story.passages)


def test_attributing(benchmark, story):
    time(benchmark, attribution.attribute_all, story.known, story.agencies)


def test_measuring_syndication(benchmark, story):
    time(benchmark, syndication.measure, story.known, story.verdicts, story.agencies)


def test_gathering_cases_of_passages(benchmark, story):
    time(benchmark, sharing.cases, story.archive, story.shared, sharing.ids(story.archive, story.shared))


def test_attributing_passages(benchmark, story):
    time(benchmark, attribution.attribute_all, story.asked, story.agencies)


def test_making_the_tables(benchmark, story):
    found = tables.Found(
        story.archive,
        story.matches,
        story.passages,
        story.every,
        story.verdicts,
        story.shared,
        story.syndicated,
        story.asked,
        story.told,
        story.boilerplate,
        [],
    )
    time(benchmark, tables.make, found)


def test_writing_the_tables(benchmark, story, tmp_path):
    result = pipeline.scan([story.path], SETTINGS, threads=1)
    time(benchmark, writing.write, result, tmp_path / "out")
