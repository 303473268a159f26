"""The commands of the standing index, as they are typed: what they print, and their exit codes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from dedup import cli, errors, findings
from dedup.reporting import checking, indexing
from tests import archives

RECORDS = archives.records(12)


def run(*arguments, given=None):
    """Run the command line in this process."""
    done = CliRunner().invoke(cli.command, list(map(str, arguments)), standalone_mode=False, input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.return_value or 0, done.output


@pytest.fixture
def path(tmp_path):
    """Return the file of an index of twelve articles."""
    path = tmp_path / "seen.dedup"
    code, _ = run("index", "add", path, archives.write(RECORDS, tmp_path / "all.jsonl"), "-q")
    assert code == 0
    return path


def test_adding_says_what_was_done_and_again_that_it_was_there(path, tmp_path):
    code, output = run("index", "add", path, tmp_path / "all.jsonl")
    assert (code, output) == (0, "0 articles added, 12 there already, 0 matches of these; 12 in the index\n")
    code, output = run("index", "add", path, tmp_path / "all.jsonl", "--json")
    assert json.loads(output) == {
        "n_articles": 0, "n_known": 12, "n_matches": 0, "n_held": 12, "compacted": False, "events": [],
    }  # fmt: skip


def test_the_exit_code_tells_seen_before_from_new(path, tmp_path):
    (tmp_path / "old.txt").write_text(RECORDS[0]["text"])
    (tmp_path / "new.txt").write_text(
        "Nobody has ever printed what stands here, and nobody will print it again."
    )
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    assert run("check", tmp_path / "old.txt", "--index", path, "-q") == (0, "")
    assert run("check", tmp_path / "new.txt", "--index", path, "-q") == (4, "")
    assert run("check", tmp_path / "old.txt", tmp_path / "new.txt", "--index", path, "-q") == (0, "")
    code, output = run("check", tmp_path / "bad.txt", tmp_path / "old.txt", "--index", path, "-q")
    assert code == 3
    assert "bad.txt" in output


def test_a_story_may_come_from_standard_input(path):
    code, output = run("check", "-", "--index", path, given=RECORDS[0]["text"])
    assert code == 0
    assert "seen before" in output
    assert RECORDS[0]["id"] in output


def test_json_gives_an_object_for_each_story_with_the_declared_keys(path, tmp_path):
    story = archives.write(
        [RECORDS[0] | {"id": "mine"}, {"id": "other", "text": "word " * 9}], tmp_path / "s.jsonl"
    )
    code, output = run("check", story, "--index", path, "--json")
    first, second = map(json.loads, output.splitlines())
    assert code == 0
    assert set(first) == set(findings.Finding.__annotations__)
    assert (first["article_id"], first["seen"], second["seen"]) == ("mine", True, False)
    assert first["matches"][0]["passages"][0]["text"] in RECORDS[0]["text"]


def test_the_page_fits_a_narrow_terminal(path, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "old.txt").write_text(RECORDS[0]["text"])
    _, output = run("check", tmp_path / "old.txt", "--index", path)
    assert max(map(len, output.splitlines())) <= 80
    assert "copy: 100% of this story, 100% of the other" in output


def test_removing_by_ids_or_from_standard_input(path):
    assert run("index", "remove", path, RECORDS[0]["id"])[1].startswith("1 article removed\n")
    code, output = run("index", "remove", path, "-", given=f"{RECORDS[1]['id']}\n\n{RECORDS[2]['id']}\n")
    assert (code, output.splitlines()[0]) == (0, "2 articles removed")
    with pytest.raises(errors.StoreError, match='no article "nobody" in index'):
        run("index", "remove", path, "nobody")


def test_info_compact_and_verify_say_how_the_index_is(path, tmp_path):
    more = archives.write([RECORDS[0] | {"id": "more"}], tmp_path / "more.jsonl")
    run("index", "add", path, more, "-q")
    _, output = run("index", "info", path)
    assert "holds      13 articles" in output
    assert "1 added since" in output
    assert "to a scan  equal in all matches" in output
    assert "to a scan  not counted" in run("index", "info", path, "--quick")[1]
    assert json.loads(run("index", "info", path, "--json")[1])["n_added"] == 1
    assert run("index", "compact", path)[1].startswith("13 articles, ")
    assert json.loads(run("index", "info", path, "--json")[1])["n_added"] == 0
    code, output = run("index", "verify", path)
    assert code == 0
    assert "all is well" in output


def test_verify_fails_where_something_is_wrong(path):
    from dedup.index import standing

    with standing.Index(path, threads=1) as index:
        index.store.connection.execute("UPDATE clusters SET n_articles = 99")
    code, output = run("index", "verify", path, "-q")
    assert code == 1
    assert "the cluster has not as many members as it says" in output


def test_the_tables_are_written_as_by_a_scan(path, tmp_path):
    code, output = run("index", "export", path, "--out", tmp_path / "out", "--format", "csv")
    assert code == 0
    assert "12 stories" in output
    assert (tmp_path / "out" / "matches.csv").exists()


def test_what_only_changes_an_index_makes_none(tmp_path):
    for command in (("remove", "x"), ("compact",), ("verify",), ("info",), ("export",)):
        name, *rest = command
        with pytest.raises(errors.StoreError, match="no index"):
            run("index", name, tmp_path / "none", *rest)
        assert not (tmp_path / "none").exists()
    with pytest.raises(errors.StoreError, match="no index"):
        run("check", tmp_path, "--index", tmp_path / "none")


def test_settings_are_chosen_when_the_index_is_made(tmp_path):
    path, story = tmp_path / "index", archives.write(RECORDS[:4], tmp_path / "s.jsonl")
    run("index", "add", path, story, "-q", "--sample-rate", "4")
    assert run("index", "add", path, story, "-q")[0] == 0
    assert run("index", "add", path, story, "-q", "--sample-rate", "4")[0] == 0
    with pytest.raises(errors.StoreError, match="sample_rate is 4, not 8"):
        run("index", "add", path, story, "-q", "--sample-rate", "8")
    assert "sample_rate = 4" in run("index", "info", path)[1]


def test_a_watch_that_looks_once_tells_and_ends(path, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    archives.write([RECORDS[0] | {"id": "again"}], folder / "new.jsonl")
    code, output = run("watch", folder, "--index", path, "--once")
    assert code == 0
    assert output.startswith(f"seen  again; copy of {RECORDS[0]['id']} (100%)")
    assert run("watch", folder, "--index", path, "--once", "--every") == (0, "")


def test_each_event_has_words():
    told = {
        what: checking.event(findings.Event("c1", what, "a", "b"))
        for what in ("merged", "split", "ended", "origin", "first")
    }
    assert told == {
        "merged": "cluster c1 went into b",
        "split": "cluster c1 parted from a",
        "ended": "cluster c1 ended",
        "origin": "cluster c1: its origin was a, and is b",
        "first": "cluster c1: the earliest was a, and is b",
    }


def test_many_rejects_and_faults_are_cut_short(capsys):
    from dedup import records

    indexing.left_out([records.Reject("a.jsonl", line, "wrong") for line in range(30)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "dedup: left out a.jsonl:0: wrong"
    assert lines[-1] == "dedup: and 10 more records left out"
    faults = tuple(findings.Fault("keys", f"a{i}", "wrong") for i in range(60))
    assert list(indexing.verified(findings.Verified(60, 0, 0, 0, faults)))[-1] == "and 10 more"
