"""Whatever way articles came and went, a compacted index is as a scan of what it holds."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st

from dedup.index import adding, standing
from dedup.settings import Settings
from tests import archives, index_compared

SETTINGS = {
    "as they are": Settings(),
    "without boilerplate": Settings(boilerplate=False),
    "boilerplate of two pages": Settings(boilerplate_pages=2),
    "keys are soon too frequent": Settings(boilerplate=False, max_document_frequency=4),
    "with bands": Settings(boilerplate=False, bands=16, rows=4),
    "noisy": Settings(boilerplate=False, noisy=True),
}
UNHURRIED = configured(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])


def batches(records, chance):
    """Return records in batches of any size, in any order."""
    ordered = list(records)
    chance.shuffle(ordered)
    cuts = sorted(chance.sample(range(1, len(ordered)), k=min(4, len(ordered) - 1)))
    return [ordered[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(ordered)], strict=True)]


def added(index, records, folder):
    """Add records one batch at a time, never making the index anew; return what could not be added."""
    path = archives.write(records, folder / "batch.jsonl")
    return index.add(path).rejects


@pytest.fixture
def _in_steps(monkeypatch):
    """Keep additions from making the whole index anew, however large they are."""

    def add_all(store, found, log, engine, judges, space):
        return adding.add_pages(store, found, log, engine, judges, space)

    monkeypatch.setattr(adding, "add_all", add_all)


@pytest.mark.usefixtures("_in_steps")
@pytest.mark.parametrize("name", SETTINGS)
@given(seed=st.integers(0, 2**32 - 1))
@UNHURRIED
def test_a_compacted_index_equals_a_scan_in_any_order_and_any_steps(name, seed, tmp_path_factory):
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("archive")
    records = index_compared.spiced(archives.records(40, seed), chance)
    with standing.Index(folder / "index", SETTINGS[name], threads=1) as index:
        for batch in batches(records, chance):
            added(index, batch, folder)
        index.compact()
        found = index_compared.by_index(index)
        assert not index.verify().faults
    path = archives.write(records, folder / "all.jsonl")
    assert found == index_compared.by_scan(path, SETTINGS[name])


@pytest.mark.usefixtures("_in_steps")
@given(seed=st.integers(0, 2**32 - 1))
@UNHURRIED
def test_before_that_nothing_differs_where_no_text_is_boilerplate_or_frequent(seed, tmp_path_factory):
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("archive")
    records = index_compared.spiced(archives.records(40, seed), chance)
    chosen = Settings(boilerplate=False, max_document_frequency=100_000)
    with standing.Index(folder / "index", chosen, threads=1) as index:
        for batch in batches(records, chance):
            added(index, batch, folder)
        found = index_compared.by_index(index)
        account = index.info()
    assert found == index_compared.by_scan(archives.write(records, folder / "all.jsonl"), chosen)
    assert (account.n_pairs_lost, account.n_pairs_changed, account.n_pairs_missing) == (0, 0, 0)


@pytest.mark.usefixtures("_in_steps")
@pytest.mark.parametrize("name", ["as they are", "without boilerplate", "keys are soon too frequent"])
@given(seed=st.integers(0, 2**32 - 1))
@UNHURRIED
def test_what_is_removed_was_never_there(name, seed, tmp_path_factory):
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("archive")
    every = {record["id"]: record for record in index_compared.spiced(archives.records(40, seed), chance)}
    gone = chance.sample(sorted(every), k=len(every) // 3)
    with standing.Index(folder / "index", SETTINGS[name], threads=1) as index:
        for batch in batches(every.values(), chance):
            added(index, batch, folder)
        for begin in range(0, len(gone), 5):
            index.remove(*gone[begin : begin + 5])
        assert not index.verify().faults
        before = index_compared.by_index(index)
        index.compact()
        found = index_compared.by_index(index)
        again = gone[: len(gone) // 2]
        added(index, [every[identity] for identity in again], folder)
        assert not index.verify().faults
    rest = [record for identity, record in every.items() if identity not in gone]
    scanned = index_compared.by_scan(archives.write(rest, folder / "rest.jsonl"), SETTINGS[name])
    assert found == scanned
    if name == "without boilerplate":
        assert before == scanned


@pytest.mark.usefixtures("_in_steps")
@given(seed=st.integers(0, 2**32 - 1))
@UNHURRIED
def test_info_counts_what_a_scan_would_find_otherwise(seed, tmp_path_factory):
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("archive")
    records = index_compared.spiced(archives.records(40, seed), chance)
    chosen = Settings(boilerplate_pages=2, max_document_frequency=6)
    with standing.Index(folder / "index", chosen, threads=1) as index:
        for batch in batches(records, chance):
            added(index, batch, folder)
        account, found = index.info(), index_compared.by_index(index).matches
    scanned = index_compared.by_scan(archives.write(records, folder / "all.jsonl"), chosen).matches
    common = found.keys() & scanned.keys()
    assert account.n_pairs_lost == len(found.keys() - scanned.keys())
    assert account.n_pairs_missing == len(scanned.keys() - found.keys())
    assert account.n_pairs_changed == sum(found[pair][1:5] != scanned[pair][1:5] for pair in common)
    if account.n_lines_boilerplate == account.n_keys_frequent == 0:
        assert found == scanned


def test_an_archive_as_large_as_the_index_makes_it_anew(tmp_path):
    records = archives.records(30)
    with standing.Index(tmp_path / "index", threads=1) as index:
        assert index.add(archives.write(records[:10], tmp_path / "a.jsonl")).compacted
        told = index.add(archives.write(records[10:], tmp_path / "b.jsonl"))
        assert (told.compacted, told.n_articles, told.n_held) == (True, 20, 30)
        found = index_compared.by_index(index)
    assert found == index_compared.by_scan(archives.write(records, tmp_path / "b.jsonl"), Settings())


def test_the_tables_that_are_exported_are_those_of_a_scan(tmp_path):
    import dedup

    records = index_compared.spiced(archives.records(60), random.Random(4))
    each = {record["id"]: record for record in records}
    path = archives.write(list(each.values()), tmp_path / "all.jsonl")
    with standing.Index(tmp_path / "index", threads=1) as index:
        index.add(path)
        exported = index.export()
    scanned = dedup.scan(path, threads=1)
    assert exported.tables() == scanned.tables()
    counted = {name: number for name, number in scanned.run.counts.items() if name in exported.run.counts}
    assert exported.run.counts == counted


@pytest.mark.usefixtures("_in_steps")
def test_groups_of_very_many_exact_copies_are_paired_as_in_a_scan(tmp_path):
    first, other, *_ = archives.records(8, seed=3)
    copies = [first | {"id": f"copy-{number:03}"} for number in range(130)]
    near = [
        first | {"id": f"near-{number}", "text": first["text"] + f" And more {number}."}
        for number in range(3)
    ]
    records = [*copies, *near, other]
    chosen = Settings(boilerplate=False)
    with standing.Index(tmp_path / "index", chosen, threads=1) as index:
        for begin in (0, 60, 120):
            index.add(archives.write(records[begin : begin + 60], tmp_path / "batch.jsonl"))
        index.compact()
        found = index_compared.by_index(index)
    assert found == index_compared.by_scan(archives.write(records, tmp_path / "all.jsonl"), chosen)


def test_the_parts_of_an_index_know_nothing_of_each_other_by_the_thread(tmp_path):
    """Two threads give what one gives."""
    path = archives.write(archives.records(80), tmp_path / "all.jsonl")
    told = []
    for threads in (1, 3):
        with standing.Index(tmp_path / f"index-{threads}", threads=threads) as index:
            index.add(path)
            told.append(index_compared.by_index(index))
    assert told[0] == told[1]
