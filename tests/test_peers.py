"""The programs that time scans against peers and over growing archives, without timing anything."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from xml.etree import ElementTree

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import peers, plots, scaling
from benchmarks.pipelines import shared
from dedup import costs, scores
from dedup.bench import agreements, datasketch_pipeline


def asked(tools, **others):
    """Return the arguments of `benchmarks.peers`."""
    return argparse.Namespace(tools=tools, python=[sys.executable], threads=1, threshold=0.5, **others)


def test_peers_that_are_not_installed_are_named_and_left_out(capsys, tmp_path):
    listed = peers.tools(tmp_path / "a.jsonl", tmp_path, asked(["dedup scan", "datasketch", "datatrove"]))
    assert [tool.name.split()[0] for tool in listed] == ["dedup", "datasketch"]
    assert capsys.readouterr().err == "datatrove is not installed, and left out\n"


def test_a_peer_is_run_and_its_pairs_are_counted(tmp_path):
    scaling.planted(150, tmp_path)
    planted = agreements.families(tmp_path / "150.truth")
    listed = peers.tools(tmp_path / "150.jsonl", tmp_path, asked(["datasketch"]))
    (found,) = peers.measure(listed, tmp_path / "150.truth", 1, 1)
    assert found.spent[0].wall_s > 0
    pairs = datasketch_pipeline.run(tmp_path / "150.jsonl").pairs
    labels = dict(zip(planted.ids.to_pylist(), planted.labels.tolist(), strict=True))
    inside = [pair for pair in pairs if labels.keys() >= set(pair)]
    n_right = sum(labels[a] == labels[b] for a, b in inside)
    assert found.pairs == scores.agreement(planted.n_pairs, len(inside), n_right)
    assert n_right > 0


def test_the_table_of_peers_tells_the_ratio_to_the_first():
    spent = [costs.Spent(wall_s, wall_s, 10**9) for wall_s in (1.0, 4.0)]
    told = peers.lines(
        [
            peers.Measured(name, [each], scores.agreement(4, 2, 2))
            for name, each in zip("ab", spent, strict=True)
        ]
    )
    assert [line.split()[-1] for line in told] == ["ratio", "1.000", "0.250"]
    assert "1.0000   0.5000   0.6667" in told[1]


@given(st.lists(st.lists(st.integers(0, 6), max_size=4, unique=True), max_size=5))
def test_pairs_within_groups_are_each_listed_once(groups):
    members = np.array([each for group in groups for each in group], np.int64)
    offsets = np.concatenate(([0], np.cumsum([len(group) for group in groups], dtype=np.int64)))
    expected = {tuple(sorted(pair)) for group in groups for pair in itertools.combinations(group, 2)}
    found = shared.within(members, offsets)
    assert [*map(tuple, found.tolist())] == sorted(expected)


def test_pipelines_read_and_write_ids(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "one", "text": "A b"}\n{"id": "two", "text": "ü"}\n', "utf-8")
    documents = shared.read(tmp_path / "a.jsonl")
    assert (documents.ids, documents.texts) == (["one", "two"], ["A b", "ü"])
    shared.write(tmp_path / "pairs.tsv", documents.ids, [(0, 1)])
    assert (tmp_path / "pairs.tsv").read_text() == "id_a\tid_b\none\ttwo\n"


def test_every_banding_fits_into_128_permutations():
    for bands, rows in shared.BANDINGS.values():
        assert 120 < bands * rows <= 128


def test_equal_articles_stand_between_others_at_their_outlets(tmp_path):
    corpus = scaling.equal(120, tmp_path)
    read = [json.loads(line) for line in corpus.path.read_text(encoding="utf-8").splitlines()]
    assert len(read) == len({each["id"] for each in read}) == corpus.n_articles == 240
    others, copies = read[::2], read[1::2]
    assert {each["text"] for each in copies} == {others[0]["text"]}
    assert [each["outlet"] for each in copies] == [each["outlet"] for each in others]


def point(n_articles, threads, wall_s, peak_bytes):
    """Return a point of which only these are asked."""
    return scaling.Point("planted", n_articles, 1, threads, wall_s, wall_s, peak_bytes, {}, 0.99)


def test_growth_is_told_where_the_sizes_are_there():
    points = [
        point(size, threads, size / 1e4 / threads, size * 4_000)
        for size in (10_000, 100_000, 1_000_000)
        for threads in (1, 2)
    ]
    told = scaling.growth(points)
    assert "from 100,000 to 1,000,000 on 1 threads: time 10.0-fold (bar: 11), memory 10.0-fold" in told[0]
    assert told[-1] == "1,000,000 articles: two threads take 0.50 of the time of one"
    assert scaling.growth(points[:1]) == []
    assert scaling.table(points)[3].split()[-3:] == ["10.0", "10.0", "10.0"]


def test_plots_are_drawn_with_every_point_and_name(tmp_path):
    scaling.draw([point(10_000, 1, 2, 10**9), point(30_000, 1, 7, 2 * 10**9)], tmp_path)
    for name in ("scaling-time.svg", "scaling-memory.svg"):
        drawn = ElementTree.fromstring((tmp_path / name).read_text("utf-8"))  # noqa: S314  (our own)
        assert len(drawn.findall("{*}circle")) == 2
        told = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert {"10,000", "30,000", "articles", "1 thread"} <= set(told)
    assert "a &lt;b&gt;" in plots.bars("a <b>", "s", [("one", 1.0)])
