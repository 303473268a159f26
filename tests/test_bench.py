from __future__ import annotations

import itertools
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import cli, errors, progress, scores
from dedup.bench import agreements, corpora, datasketch_pipeline, measuring, processes
from tests import archives

SIZE = 300


def run(*arguments):
    """Run the command line in this process, and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["bench", *map(str, arguments)])
    return caught.value.code


@pytest.fixture
def archive(tmp_path):
    """Return a small archive in a folder of its own."""
    folder = tmp_path / "archive"
    folder.mkdir()
    archives.write(archives.records(40), folder / "archive.jsonl")
    return folder


def test_a_made_archive_is_scanned_and_measured_against_its_truth(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run("--articles", SIZE, "--threads", 1, "--against-datasketch", "--json", "-") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["corpus"]["planted"]
    assert found["corpus"]["n_articles"] == SIZE
    assert 3_000 < found["corpus"]["size_bytes"] / SIZE < 5_000
    scan, peer = found["scan"], found["peer"]
    assert scan["threads"] == peer["threads"] == 1
    assert scan["pairs"]["recall"] > 0.95
    assert scan["pairs"]["n_true"] == peer["pairs"]["n_true"] > peer["pairs"]["n_both"] > 0
    assert scan["articles_per_s"] == pytest.approx(SIZE / scan["spent"]["wall_s"], rel=1e-3)
    assert found["ratio"] == pytest.approx(scan["spent"]["wall_s"] / peer["spent"]["wall_s"], rel=1e-3)
    assert sum(stage["wall_s"] for stage in found["stages"]) == pytest.approx(
        scan["spent"]["wall_s"], rel=1e-3
    )
    assert sum(stage["share"] for stage in found["stages"]) == pytest.approx(1, abs=1e-4)
    assert list(tmp_path.iterdir()) == []


def test_the_table_fits_80_columns_and_names_each_stage(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "80")
    assert run("--articles", 100, "--against-datasketch", "--json", tmp_path / "figures.json") == 0
    told = capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_bytes())
    assert max(map(len, told.splitlines())) <= 80
    assert all(stage["name"] in told for stage in figures["stages"])
    assert "100 articles, " in told
    assert "datasketch" in told
    assert "recall" in told


def test_a_given_archive_is_scanned_with_its_rejects_and_has_no_truth(capsys, archive):
    with (archive / "archive.jsonl").open("a") as file:
        file.write("{broken\n")
    assert run(archive, "--against-datasketch", "--json", "-") == 3
    found = json.loads(capsys.readouterr().out)
    assert not found["corpus"]["planted"]
    assert found["corpus"]["n_articles"] == 40
    assert found["corpus"]["size_bytes"] == (archive / "archive.jsonl").stat().st_size
    assert found["n_rejects"] == 1
    assert found["scan"]["pairs"] is None
    assert found["peer"]["spent"]["wall_s"] > 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["archive", "--articles", "1000"], "give one of the two"),
        (["--articles", "99"], "99 is not in the range x>=100"),
        (["--threads", "0"], "0 is not in the range x>=1"),
        (["-"], "it is read more than once"),
        (["gone"], '"gone"'),
    ],
)
def test_wrong_usage_is_told(capsys, archive, monkeypatch, arguments, told):
    monkeypatch.chdir(archive.parent)
    assert run(*arguments) == errors.UsageError.exit_code
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


def test_a_folder_without_articles_is_told(capsys, tmp_path):
    assert run(tmp_path) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_too_small_a_disk_is_told_before_anything_is_made(capsys, monkeypatch, tmp_path):
    free = shutil.disk_usage(tmp_path)._replace(free=10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    assert run("--articles", 10**6) == 1
    told = capsys.readouterr().err
    assert "GB free for 1,000,000 articles: 1.0 GB" in told


def test_a_report_that_cannot_be_written_is_told(capsys, tmp_path):
    assert run("--articles", 100, "--json", tmp_path) == 1
    assert f'file "{tmp_path}" cannot be written' in capsys.readouterr().err


def test_progress_is_drawn_on_a_terminal_only(root):
    command = [sys.executable, "-m", "dedup", "bench", "--articles", "100"]
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    environment = plain | {"PYTHONPATH": str(root), "TERM": "xterm-256color"}
    quiet = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert b"\x1b" not in quiet.stdout + quiet.stderr
    master, slave = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=slave, env=environment) as process:
        os.close(slave)
        drawn = b""
        try:
            while part := os.read(master, 4096):
                drawn += part
        except OSError:
            pass
    os.close(master)
    assert process.returncode == 0, drawn
    assert b"making the archive" in drawn


def test_a_process_that_fails_gives_its_exit_code():
    with pytest.raises(errors.ProcessError, match="exit code 7") as caught:
        processes.run([sys.executable, "-c", "import sys; sys.exit(7)"])
    assert caught.value.exit_code == 7
    assert processes.run([sys.executable, "-c", "import sys; sys.exit(3)"], also=(3,))[1] == 3
    with pytest.raises(errors.ProcessError, match="signal 9") as caught:
        processes.run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert caught.value.exit_code == 1


def test_the_stages_are_all_of_the_seconds():
    stages = measuring.stages({"reading": 1.0, "writing": 2.0, "total": 3.0}, 4.0)
    assert [(stage.name, stage.wall_s, stage.share) for stage in stages] == [
        ("reading", 1.0, 0.25),
        ("writing", 2.0, 0.5),
        ("starting and writing", 1.0, 0.25),
    ]


def test_datasketch_gets_the_articles_that_the_scan_reads(archive, tmp_path):
    (archive / "note.txt").write_text("Rain fell on the town all day.", encoding="utf-8")
    lines = corpora.as_lines(corpora.taken([str(archive)]), tmp_path, progress.Silent())
    found = dict(datasketch_pipeline.documents(lines))
    assert len(found) == 41
    assert found["note.txt"] == "Rain fell on the town all day."
    assert {(each["id"], each["text"]) for each in archives.records(40)} <= found.items()


NAMES = [f"r{i}" for i in range(8)]
ROLES = st.dictionaries(
    st.tuples(st.sampled_from("xyz"), st.sampled_from([*NAMES, "page"])),
    st.sampled_from(["copy", "container"]),
)


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), ROLES)
def test_pairs_in_clusters_are_those_of_listed_pairs(families, roles):
    labels = dict(zip(NAMES, families, strict=True))
    pairs = list(itertools.combinations(NAMES, 2))
    true = {(a, b) for a, b in pairs if labels[a] == labels[b]}
    found = {
        (a, b)
        for a, b in pairs
        for cluster in "xyz"
        if "copy" in (both := {roles.get((cluster, a)), roles.get((cluster, b))}) and None not in both
    }
    expected = scores.agreement(len(true), len(found), len(true & found))
    with tempfile.TemporaryDirectory() as folder:
        planted = truth(folder, labels)
        path = planted_path(folder, "members.jsonl")
        rows = [
            {"cluster_id": cluster, "article_id": name, "role": role, "share": 1.0}
            for (cluster, name), role in roles.items()
        ]
        # of a record that holds several stories, each counts as the record
        rows += [{**row, "article_id": f"{row['article_id']}#2", "role": "container"} for row in rows]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert agreements.of_clusters(path.parent, planted) == expected
        listed = planted_path(folder, "pairs.tsv")
        listed.write_text("id_a\tid_b\npage\tr0\n" + "".join(f"{a}\t{b}\n" for a, b in found))
        assert agreements.of_pairs(listed, planted) == expected


def planted_path(folder, name):
    return Path(folder) / name


def truth(folder, labels):
    path = planted_path(folder, "clusters.tsv")
    path.write_text("id\tlabel\n" + "".join(f"{name}\tf{label}\n" for name, label in labels.items()))
    return agreements.families(path.parent)


def test_families_know_how_many_pairs_they_have(tmp_path):
    planted = truth(tmp_path, {"a": 0, "b": 0, "c": 0, "d": 1, "e": 2, "f": 2})
    assert planted.n_pairs == 4
    assert np.array_equal(planted.labels, [0, 0, 0, 1, 2, 2])
