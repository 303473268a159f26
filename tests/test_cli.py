from __future__ import annotations

import dataclasses
import gc
import json
import os
import pty
import signal
import subprocess
import sys

import click
import pytest

from dedup import cli, errors, settings
from dedup.cli import options, reference
from dedup.reporting import tables
from tests import reporting_samples

FIELDS = dataclasses.fields(settings.Settings)


@pytest.fixture(autouse=True)
def _undone(monkeypatch):
    """Undo what a scan does to its process: it leaves out some imports, and the collector of cycles."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield
    gc.enable()


def run(*arguments):
    """Run the command line in this process, and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        cli.main([str(argument) for argument in arguments])
    return caught.value.code


def given(*arguments, config=None):
    """Return the settings that a command gets from these flags and this file."""

    @click.command(cls=options.GroupedCommand)
    @options.settings_options
    @click.pass_context
    def command(ctx, **_settings):
        return options.chosen(ctx, config)

    return command.main(list(arguments), standalone_mode=False)


@pytest.fixture
def page(tmp_path):
    """Return a folder with the two texts of one story."""
    folder = tmp_path / "archive"
    folder.mkdir()
    text = "\n\n".join(
        f"Minister number {n} told the assembly on Tuesday that the harvest of year {n * 7} had been a good one."
        for n in range(9)
    )
    (folder / "one.txt").write_text(text, encoding="utf-8")
    (folder / "two.txt").write_text(text.replace("number 4", "number four"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_the_commands(capsys, flag):
    assert run(flag) == 0
    assert "  scan      Read an archive" in capsys.readouterr().out


def test_the_version_is_told(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("dedup ")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["scan"],
        ["scna"],
        ["scan", "x", "--threads", "0"],
        ["scan", "x", "--format", "xml"],
        ["scan", "x", "--rowz", "2"],
    ],
)
def test_wrong_usage_is_told_on_standard_error(capsys, arguments):
    assert run(*arguments) == errors.UsageError.exit_code
    told = capsys.readouterr()
    assert told.out == ""
    assert "dedup" in told.err


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_setting_has_an_option_with_its_help_under_its_group(capsys, field):
    assert run("scan", "--help") == 0
    text = capsys.readouterr().out
    group = text[text.index(f"{field.metadata['group'].capitalize()} settings:") :].partition("\n\n")[0]
    assert f"--{field.name.replace('_', '-')} " in group
    assert field.metadata["help"].split()[0] in group


def test_the_options_give_the_defaults_when_none_is_set():
    assert given() == settings.Settings()


def test_a_flag_beats_the_file_and_the_file_beats_the_default(tmp_path):
    config = tmp_path / "dedup.toml"
    config.write_text("rows = 2\nsample_rate = 8\nsplit_stories = true\n", encoding="utf-8")
    found = given("--sample-rate", "16", "--no-split-stories", "--text-field", "inhalt", config=config)
    assert found == settings.Settings(rows=2, sample_rate=16, split_stories=False, text_field="inhalt")


def test_a_setting_out_of_its_range_is_a_wrong_usage(capsys, tmp_path):
    assert run("scan", tmp_path, "--sample-rate", "0") == errors.UsageError.exit_code
    assert capsys.readouterr().err == 'dedup: "sample_rate" must be >= 1: 0\n'


def test_a_file_of_settings_that_is_missing_is_a_wrong_usage(capsys, tmp_path):
    assert run("scan", tmp_path, "--config", tmp_path / "no.toml") == errors.UsageError.exit_code
    assert "no.toml" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_read(capsys, tmp_path):
    (tmp_path / "taken").touch()
    assert run("scan", tmp_path / "gone", "--out", tmp_path / "taken") == 1
    assert (
        capsys.readouterr().err
        == f'dedup: folder "{tmp_path}/taken" cannot be made: "{tmp_path}/taken" is a file\n'
    )


def test_a_scan_prints_the_summary_and_writes_the_tables(capsys, page, tmp_path):
    assert run("scan", page, "--out", tmp_path / "out") == 0
    told = capsys.readouterr()
    assert "  found      1 cluster" in told.out
    rows = [json.loads(line) for line in (tmp_path / "out" / "members.jsonl").read_text().splitlines()]
    assert [row["article_id"] for row in rows] == ["one.txt", "two.txt"]


def test_the_default_folder_is_dedup_out(capsys, page, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run("scan", "archive", "--quiet") == 0
    assert capsys.readouterr().out == ""
    assert tables.read(tmp_path / "dedup-out").clusters.num_rows == 1
    assert page.is_dir()


@pytest.mark.parametrize("kind", ["csv", "parquet", "sqlite"])
def test_a_cluster_can_be_shown_from_tables_of_each_format(capsys, page, tmp_path, kind):
    assert run("scan", page, "--out", tmp_path / "out", "--format", kind, "--quiet") == 0
    assert run("show", "two.txt", "--in", tmp_path / "out") == 0
    text = capsys.readouterr().out
    assert "Members: 2" in text
    assert "[-4-]" in text
    assert "{+four+}" in text


@pytest.mark.parametrize("command", [("scan", "archive", "--out"), ("show", "x", "--in")])
def test_an_empty_name_of_a_folder_is_a_wrong_usage(capsys, monkeypatch, page, tmp_path, command):
    monkeypatch.chdir(tmp_path)
    assert run(*command, "") == errors.UsageError.exit_code
    told = capsys.readouterr()
    assert f"'{command[-1]}': a path must not be empty" in told.err
    assert [path.name for path in tmp_path.iterdir()] == [page.name]


def test_a_second_scan_into_the_archive_reads_the_same(capsys, monkeypatch, page):
    monkeypatch.chdir(page)
    (page / "below").mkdir()
    (page / "below" / "three.txt").write_text("Rain fell on the town all day on Tuesday.", encoding="utf-8")
    assert run("scan", ".", "--out", ".") == 0
    first = (page / "articles.jsonl").read_bytes()
    assert run("scan", ".", "--out", ".") == 0
    assert (page / "articles.jsonl").read_bytes() == first
    assert ", 10 skipped\n" in capsys.readouterr().out


def test_the_exit_codes_stand_in_the_help_one_on_a_line(capsys):
    assert run("scan", "--help") == 0
    text = capsys.readouterr().out
    assert "\\b" not in text
    codes = text.partition("Exit codes:\n")[2].splitlines()
    assert [line.split()[0] for line in codes] == ["0", "1", "2", "3", "130"]


@pytest.mark.parametrize("source", ["-", "gone.jsonl"])
def test_what_cannot_be_read_again_is_told_once(capsys, tmp_path, source):
    result = reporting_samples.seeds()
    piped = [row | {"source_path": source} for row in result.articles.to_pylist()]
    tables.write(reporting_samples.seeds(articles=piped), tmp_path)
    assert run("show", "c0ffee01", "--in", tmp_path) == 0
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_source_that_is_gone_is_told_and_the_rest_is_shown(capsys, page, tmp_path):
    assert run("scan", page, "--out", tmp_path / "out", "--quiet") == 0
    (page / "two.txt").unlink()
    capsys.readouterr()
    assert run("show", "one.txt", "--in", tmp_path / "out") == 0
    told = capsys.readouterr()
    assert "Members: 2" in told.out
    assert "Differences" not in told.out
    assert "two.txt" in told.err


@pytest.mark.parametrize(
    ("name", "words"), [("c0fee01", "near it: c0ffee01"), ("c0ffee", "c0ffee01, c0ffee02")]
)
def test_an_unknown_cluster_is_a_failure_that_names_the_nearest(capsys, tmp_path, name, words):
    tables.write(reporting_samples.seeds(), tmp_path)
    assert run("show", name, "--in", tmp_path) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("dedup: ")
    assert words in told.err


def test_a_folder_without_tables_is_a_failure_that_names_the_command(capsys, tmp_path):
    assert run("show", "x", "--in", tmp_path / "gone") == 1
    assert "`dedup scan PATH --out" in capsys.readouterr().err


def test_records_that_cannot_be_read_give_their_own_exit_code(capsys, monkeypatch, page, tmp_path):
    (page / "three.jsonl").write_text('{"text": 7}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("scan", "archive", "--out", "out") == 3
    assert "three.jsonl:1  " in capsys.readouterr().out
    assert run("scan", "archive", "--out", tmp_path / "out", "--quiet") == 3
    assert capsys.readouterr().err == "dedup: 1 record left out\n"


def test_a_bug_says_where_it_is_and_that_it_should_be_reported(capsys, monkeypatch, tmp_path):
    tables.write(reporting_samples.seeds(), tmp_path)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    assert run("show", "x", "--in", tmp_path) == 1
    told = capsys.readouterr().err
    assert "ModuleNotFoundError" in told
    assert "this is a bug in dedup" in told


def test_ctrl_c_stops_without_a_traceback(root, tmp_path):
    command = [sys.executable, "-m", "dedup", "scan", "-", "--out", str(tmp_path / "out")]
    line = json.dumps({"text": "The ministers will meet again in May to talk about grain."}).encode() + b"\n"
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(root)
    ) as process:
        # a pipe holds less than this, so that the scan is reading once all is written
        process.stdin.write(line * 20_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == 130
    assert told.decode().strip().endswith("dedup: stopped")
    assert b"Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path, root):
    tables.write(reporting_samples.seeds(), tmp_path)
    command = f"{sys.executable} -m dedup show fade01 --in {tmp_path} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, text=True, check=True, env=environment(root)
    )
    assert done.stderr == ""
    assert done.stdout == "0\n"


def test_progress_is_drawn_on_a_terminal_only(page, root, tmp_path):
    command = [sys.executable, "-m", "dedup", "scan", str(page), "--out", str(tmp_path / "out")]
    plain = subprocess.run(command, capture_output=True, check=True, env=environment(root))
    assert b"\x1b" not in plain.stderr + plain.stdout
    master, slave = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, env=environment(root)) as process:
        os.close(slave)
        drawn = drained(master)
        summary = process.stdout.read()
    assert process.returncode == 0
    assert b"\x1b[" in drawn
    assert b"\x1b" not in summary


def drained(descriptor):
    """Return what was written to a terminal until it was closed."""
    read = b""
    try:
        while part := os.read(descriptor, 4096):
            read += part
    except OSError:
        pass
    os.close(descriptor)
    return read


def environment(root):
    """Return the environment of a process of its own, a terminal as it is by default."""
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    return plain | {"PYTHONPATH": str(root), "TERM": "xterm-256color", "COLUMNS": "80"}


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_the_reference_pages_are_up_to_date(root, name):
    committed = (root / "docs" / name).read_text(encoding="utf-8")
    assert committed == reference.pages()[name], (
        f"run `python -m dedup.cli.reference docs` to write docs/{name}"
    )
