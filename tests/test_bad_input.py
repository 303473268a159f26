"""What a user is told when the input is not what it should be: a clear message or a reject, and an exit code."""

from __future__ import annotations

import gzip
import json

import pytest

DONE, FAILED, USAGE, DONE_WITH_REJECTS = 0, 1, 2, 3

GOOD = {
    "id": "good",
    "title": "Ministers meet again in May",
    "text": "The ministers said on Tuesday that they will meet again in May to talk about the price of grain.",
}


@pytest.fixture
def scan(tmp_path, dedup_command):
    """Return a function that scans a path, and checks that no traceback is shown."""

    def run(path, *options, **settings):
        done = dedup_command("scan", path, "--out", tmp_path / "out", *options, **settings)
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return run


@pytest.fixture
def archive(tmp_path):
    """Return a function that writes lines, as bytes or as records, into a JSON Lines file."""

    def write(*lines):
        path = tmp_path / "archive.jsonl"
        encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(encoded) + b"\n")
        return path

    return write


@pytest.fixture
def table(tmp_path):
    """Return a function that reads a table that a scan wrote."""

    def read(name):
        return [json.loads(line) for line in (tmp_path / "out" / f"{name}.jsonl").read_bytes().splitlines()]

    return read


def said(done):
    """Return what a user was told, as one line: long messages are folded at the width of the terminal."""
    return " ".join((done.stderr + done.stdout).split())


def test_an_empty_folder_is_a_failure_that_names_it(scan, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = scan(empty)
    assert done.returncode == FAILED
    assert "empty" in said(done)
    assert not (tmp_path / "out").exists()


def test_a_missing_path_is_a_wrong_usage_that_names_it(scan, tmp_path):
    done = scan(tmp_path / "nowhere.jsonl")
    assert done.returncode == USAGE
    assert "nowhere.jsonl" in said(done).replace(" ", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["nothing.txt", "nothing.jsonl"])
def test_a_file_of_zero_bytes_alone_leaves_nothing_to_read(scan, tmp_path, name):
    path = tmp_path / name
    path.touch()
    done = scan(path)
    assert done.returncode in {FAILED, DONE_WITH_REJECTS}
    assert said(done)


def test_a_file_of_zero_bytes_beside_a_good_one_is_a_reject(scan, tmp_path, table):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD["text"], encoding="utf-8")
    (folder / "nothing.txt").touch()
    assert scan(folder).returncode == DONE_WITH_REJECTS
    (reject,) = table("rejects")
    assert reject["source_path"].endswith("nothing.txt")
    assert reject["line"] is None
    assert [row["article_id"] for row in table("articles")] == ["good.txt"]


CUT = json.dumps({**GOOD, "id": "cut"}).encode()

BAD_LINES = {
    "a line cut in half": (CUT[: len(CUT) // 2], "JSON"),
    "a record without text": ({"id": "empty", "title": "No text"}, "text"),
    "a text that is null": ({"id": "null", "text": None}, "text"),
    "a text that is no text": ({"id": "number", "text": 7}, "text"),
    "a text that is blank": ({"id": "blank", "text": " \n "}, "text"),
    "a line that is no object": (b"[1, 2, 3]", "object"),
    "invalid UTF-8": (b'{"id": "latin", "text": "caf\xe9 caf\xe9 caf\xe9"}', "UTF-8"),
}


@pytest.mark.parametrize(("line", "names"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_a_reject_with_its_place_and_the_rest_is_read(scan, archive, table, line, names):
    done = scan(archive({**GOOD, "id": "before"}, line, {**GOOD, "id": "after"}))
    assert done.returncode == DONE_WITH_REJECTS
    (reject,) = table("rejects")
    assert reject["source_path"].endswith("archive.jsonl")
    assert reject["line"] == 2
    assert names.casefold() in reject["reason"].casefold()
    assert {row["article_id"] for row in table("articles")} == {"before", "after"}
    assert "1 record left out" in said(done)


def test_a_text_file_of_invalid_utf_8_is_a_reject_that_names_the_byte(scan, tmp_path, table):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD["text"], encoding="utf-8")
    (folder / "latin.txt").write_bytes(b"caf\xe9 " * 30)
    assert scan(folder).returncode == DONE_WITH_REJECTS
    (reject,) = table("rejects")
    assert reject["source_path"].endswith("latin.txt")
    assert "UTF-8" in reject["reason"]


def test_a_gz_file_cut_in_half_keeps_what_came_before_and_says_so(scan, tmp_path, table):
    whole = gzip.compress(b"".join(json.dumps({**GOOD, "id": str(n)}).encode() + b"\n" for n in range(3_000)))
    path = tmp_path / "archive.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    done = scan(path)
    assert done.returncode in {FAILED, DONE_WITH_REJECTS}
    assert (
        "archive.jsonl.gz" in said(done).replace(" ", "")
        or "archive.jsonl.gz" in table("rejects")[-1]["source_path"]
    )


def test_a_single_line_of_50_mb_is_read(scan, archive, table):
    word = GOOD["text"] + " "
    done = scan(archive(GOOD, {"id": "long", "text": word * (50_000_000 // len(word))}))
    assert done.returncode == DONE, done.stderr
    sizes = {row["article_id"]: row["n_words"] for row in table("articles")}
    assert sizes["long"] > 8_000_000


def test_a_single_line_of_50_mb_that_is_no_json_is_a_reject_with_a_short_reason(scan, archive, table):
    done = scan(archive(GOOD, b"x" * 50_000_000))
    assert done.returncode == DONE_WITH_REJECTS
    (reject,) = table("rejects")
    assert reject["line"] == 2
    assert len(reject["reason"]) < 300
    assert len(done.stderr) < 5_000


def test_two_records_with_one_id_are_one_article_and_a_reject_that_names_both_places(scan, archive, table):
    done = scan(
        archive(GOOD, {**GOOD, "id": "other"}, {**GOOD, "text": GOOD["text"] + " They said no more."})
    )
    assert done.returncode == DONE_WITH_REJECTS
    (reject,) = table("rejects")
    assert '"good"' in reject["reason"]
    (other_line,) = {1, 3} - {reject["line"]}
    assert f"archive.jsonl:{other_line}" in reject["reason"]
    assert [row["article_id"] for row in table("articles")] == ["good", "other"]


def test_standard_input_is_read_as_a_file_is(scan, table):
    done = scan("-", input=json.dumps(GOOD) + "\n{\n")
    assert done.returncode == DONE_WITH_REJECTS
    assert [row["source_path"] for row in table("articles")] == ["-"]
    assert [(row["source_path"], row["line"]) for row in table("rejects")] == [("-", 2)]


def test_an_unknown_setting_is_a_wrong_usage_that_names_the_known_ones(tmp_path, scan, archive):
    config = tmp_path / "settings.toml"
    for name, meant in (("sample_rat", "sample_rate"), ("copy-share", "copy_share"), ("ROWS", "rows")):
        config.write_text(f"{name} = 8\n", encoding="utf-8")
        done = scan(archive(GOOD), "--config", config)
        assert done.returncode == USAGE
        assert f'no such setting: "{name}" (did you mean "{meant}"?); the settings are id_field, ' in said(
            done
        )
    config.write_text("colour = 8\n", encoding="utf-8")
    assert 'no such setting: "colour"; the settings are id_field, ' in said(
        scan(archive(GOOD), "--config", config)
    )


@pytest.mark.parametrize("threads", ["0", "-1", "many"])
def test_a_wrong_number_of_threads_is_a_wrong_usage(scan, archive, threads):
    done = scan(archive(GOOD), "--threads", threads)
    assert done.returncode == USAGE
    assert "threads" in said(done)


def test_a_folder_that_cannot_be_written_is_a_failure_that_names_it(tmp_path, dedup_command, archive):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    done = dedup_command("scan", archive(GOOD), "--out", tmp_path / "file")
    assert done.returncode in {FAILED, USAGE}
    assert "Traceback" not in done.stderr
    assert "file" in said(done)
