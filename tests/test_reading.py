from __future__ import annotations

import gzip
import io
import json
import os
import pathlib
import re
import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import errors, reading, records
from dedup.reading import batches, detection, paths, streams
from dedup.settings import Settings

TO_DO = "save it as UTF-8, or: iconv -f WINDOWS-1252 -t UTF-8"


def read(*named, settings=None):
    """Return the rows and the log of reading some paths."""
    log = reading.ReadingLog()
    found = list(reading.read([str(path) for path in named], settings or Settings(), log))
    return [row for batch in found for row in batch.to_pylist()], log


def write(path, data):
    """Write bytes or text as they are, with the folders above; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def reasons(log):
    return [(reject.source_path, reject.line, reject.reason) for reject in log.rejects]


def test_the_batches_have_the_columns_of_a_page(seeds):
    found = list(reading.read([str(seeds)], Settings(), reading.ReadingLog()))
    assert [batch.schema for batch in found] == [records.PAGES.schema()]
    assert found[0].column("page_id").to_pylist() == ["000_697425ad9d472758.txt", "002_50d9d2299dbf9468.txt"]


def test_a_text_file_is_one_page_with_its_text_exactly_as_it_was_read(tmp_path):
    text = "Première ligne\r\nsecond\rthird\n\n  last  \n"
    path = write(tmp_path / "a.txt", text)
    rows, log = read(path)
    assert rows == [
        {
            **dict.fromkeys(("line", "title", "outlet", "url", "byline", "published")),
            "page_id": "a.txt",
            "source_path": str(path),
            "warnings": [],
            "margins": [],
            "text": text,
        }
    ]
    assert (log.n_files, log.n_records, log.size_bytes, log.rejects) == (1, 1, len(text.encode()), [])


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.dump"])
def test_a_byte_order_mark_is_dropped(tmp_path, name):
    body = "Rain fell." if name == "a.txt" else '{"text": "Rain fell."}'
    rows, log = read(write(tmp_path / name, b"\xef\xbb\xbf" + body.encode()))
    assert [row["text"] for row in rows] == ["Rain fell."]
    assert log.rejects == []


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "file is empty"),
        ("a.jsonl", b"", "file is empty"),
        ("a.json", b"", "file is empty"),
        ("a.txt.gz", gzip.compress(b""), "file is empty"),
        ("a.txt", b" \n\t\n", "file holds no text: only white space"),
        ("a.txt", b"\xef\xbb\xbf", "file holds no text: only white space"),
        ("a.jsonl", b"\n\n", "file holds no record: only white space"),
        ("a.json", b"\n\n", "file holds no record: only white space"),
        ("a.json", b"[]", "file holds no record: the array is empty"),
        ("a.txt", b"caf\xe9 au lait", f"not UTF-8: byte 0xe9 at offset 3; {TO_DO}"),
        ("a.txt", b"\xef\xbb\xbfcaf\xe9", f"not UTF-8: byte 0xe9 at offset 6; {TO_DO}"),
        ("a.txt", b"PK\x03\x04\x00", "not text: NUL byte at offset 4"),
        ("a.txt.gz", gzip.compress(b"Rain fell. " * 50)[:-9], "gzip data are damaged: they end too early"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_reject_and_the_rest_goes_on(tmp_path, name, data, reason):
    path = write(tmp_path / name, data)
    write(tmp_path / "b.txt", "Rain fell.")
    rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["b.txt"]
    assert reasons(log) == [(str(path), None, reason)]
    assert log.n_files == 2


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_of_wide_letters_is_one_reject_that_says_how_to_convert_it(tmp_path, name, encoding):
    path = write(tmp_path / name, ('{"text": "Rain fell."}\n' * 100).encode(encoding))
    rows, log = read(path)
    assert rows == []
    ((_, line, reason),) = reasons(log)
    assert line is None
    found = re.fullmatch(r"not UTF-8 but (.*): save it as UTF-8, or: iconv -f \1 -t UTF-8", reason)
    assert path.read_bytes().decode(found[1]) == '{"text": "Rain fell."}\n' * 100


def test_folders_are_walked_to_their_ends_without_hidden_files(tmp_path):
    for name in ("b.txt", "a/z.text", "a/deep/er/x.TXT", ".hidden.txt", ".git/c.txt", "a/.d.txt"):
        write(tmp_path / name, name)
    rows, log = read(tmp_path)
    assert {row["page_id"]: row["text"] for row in rows} == {
        "a/deep/er/x.TXT": "a/deep/er/x.TXT",
        "a/z.text": "a/z.text",
        "b.txt": "b.txt",
    }
    assert [row["source_path"] for row in rows] == [f"{tmp_path}/{row['page_id']}" for row in rows]
    assert (log.rejects, log.skipped) == ([], [])


def test_files_of_other_kinds_in_a_folder_are_skipped_and_listed(tmp_path):
    write(tmp_path / "a.txt", "Rain fell.")
    write(tmp_path / "b.png", b"\x89PNG")
    write(tmp_path / "c.tar.gz", b"\x1f\x8b")
    rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["a.txt"]
    assert log.skipped == [f"{tmp_path}/b.png", f"{tmp_path}/c.tar.gz"]
    assert (log.n_files, log.rejects) == (1, [])


ACCOUNT = '{"version": "0.1.0", "settings_digest": "0a", "counts": {"files": 1}}'


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_only_the_files_of_an_earlier_scan_are_skipped_in_its_folder(tmp_path, kind):
    written = ["run.json", "dedup.sqlite", *(f"{table.name}.{kind}" for table in records.OUTPUT_TABLES)]
    for name in written:
        write(tmp_path / name, ACCOUNT)
    for name in ("news.txt", "news.jsonl", "below/run.txt", "below/articles.jsonl"):
        write(tmp_path / name, '{"text": "Rain fell."}')
    rows, log = read(tmp_path)
    assert {row["page_id"] for row in rows} == {
        "news.txt",
        "news.jsonl:1",
        "below/run.txt",
        "below/articles.jsonl:1",
    }
    assert log.rejects == []
    assert log.skipped == sorted(f"{tmp_path}/{name}" for name in written)
    assert log.counts()["skipped"] == len(written)


@pytest.mark.parametrize(
    "account",
    [
        '{"text": "settings_digest and counts"}',
        '{"text": "It says.", "settings_digest": "0a"}',
        '{"text": "It says.", "settings_digest": "0a", "counts": ',
        '["settings_digest", "counts"]',
        "",
    ],
)
def test_a_run_json_that_no_scan_wrote_is_a_part_of_the_archive(tmp_path, account):
    write(tmp_path / "run.json", account)
    write(tmp_path / "articles.jsonl", '{"text": "Rain fell."}')
    rows, log = read(tmp_path)
    assert "articles.jsonl:1" in {row["page_id"] for row in rows}
    assert (log.n_files, log.skipped) == (2, [])


def test_the_account_of_a_scan_of_many_paths_is_known(tmp_path):
    account = {"settings_digest": "0a", "paths": [f"{number}.txt" for number in range(100_000)], "counts": {}}
    write(tmp_path / "run.json", json.dumps(account))
    write(tmp_path / "a.txt", "Rain fell.")
    _, log = read(tmp_path)
    assert log.skipped == [f"{tmp_path}/run.json"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("a.text.gz", "text"),
        ("a.jsonl", "lines"),
        ("a.NDJSON.GZ", "lines"),
        ("a.json", "json"),
        ("a.rss", "feed"),
        ("a.atom.gz", "feed"),
        ("a.RDF", "feed"),
        ("a.xml", "feed"),
        ("a.gz", "unknown"),
        ("txt", "unknown"),
        ("a.html", "unknown"),
    ],
)
def test_the_name_says_what_a_file_holds(name, kind):
    assert paths.kind_of(name) == kind


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b' \n{"text": "one"}\n{"text": "two"}', ["one", "two"]),
        (b"Rain fell.", ["Rain fell."]),
        (b'[{"text": "one"}]', ['[{"text": "one"}]']),
    ],
)
def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path, data, texts):
    rows, log = read(write(tmp_path / "dump.old", data))
    assert [row["text"] for row in rows] == texts
    assert (log.rejects, log.skipped) == ([], [])


def test_gzip_is_known_by_its_first_bytes_not_by_its_name(tmp_path):
    write(tmp_path / "a.txt", gzip.compress(b"Rain fell."))
    write(tmp_path / "b.jsonl", gzip.compress(b'{"text": "Snow fell."}'))
    write(tmp_path / "c.jsonl.gz", b'{"text": "Hail fell."}')
    rows, _ = read(tmp_path)
    assert [row["text"] for row in rows] == ["Rain fell.", "Snow fell.", "Hail fell."]


def test_gzip_files_may_have_several_members_and_padding(tmp_path):
    data = (
        gzip.compress(b"Rain ") + gzip.compress(b"") + b"\0" * 10 + gzip.compress(b"fell.") + b"\0" * 100_000
    )
    rows, log = read(write(tmp_path / "a.txt.gz", data))
    assert [row["text"] for row in rows] == ["Rain fell."]
    assert log.size_bytes == len(data)


def test_something_else_after_gzip_data_is_a_reject(tmp_path):
    path = write(tmp_path / "a.txt.gz", gzip.compress(b"Rain fell.") + b"garbage")
    rows, log = read(path)
    assert rows == []
    assert log.rejects[0].reason.startswith("gzip data are damaged: ")


def test_a_missing_path_stops_the_run_before_anything_is_read(tmp_path):
    write(tmp_path / "a.txt", "Rain fell.")
    missing = tmp_path / "nowhere"
    log = reading.ReadingLog()
    with pytest.raises(errors.PathError, match=r"no such file or folder: .*nowhere"):
        reading.read([str(tmp_path), str(missing)], Settings(), log)
    assert log == reading.ReadingLog()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_reject_in_a_folder_and_an_error_when_named(tmp_path):
    path = write(tmp_path / "a.txt", "Rain fell.")
    write(tmp_path / "b.txt", "Snow fell.")
    path.chmod(0)
    rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["b.txt"]
    assert reasons(log) == [(str(path), None, "cannot be read: Permission denied")]
    with pytest.raises(errors.PathError, match="no permission"):
        read(path)


@pytest.mark.skipif(
    not pathlib.Path("/proc/self/mem").exists(), reason="needs a file that opens but cannot be read"
)
@pytest.mark.parametrize("name", ["a.txt", "a.json"])
def test_a_file_that_opens_but_cannot_be_read_is_a_reject(tmp_path, name):
    (tmp_path / name).symlink_to("/proc/self/mem")
    write(tmp_path / "b.txt", "Rain fell.")
    rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["b.txt"]
    assert reasons(log) == [(f"{tmp_path}/{name}", None, "cannot be read: Input/output error")]


def test_json_lines_that_cannot_be_opened_are_a_reject_without_a_line(tmp_path):
    write(tmp_path / "b.txt", "Rain fell.")
    gone = paths.Source(str(tmp_path / "a.jsonl"), "a.jsonl", "a.jsonl", "lines")
    log = reading.ReadingLog()
    (piece,) = detection.pieces(gone, log)
    reason = "cannot be read: No such file or directory; what follows is lost"
    assert piece.reject == records.Reject("a.jsonl", None, reason)


def test_sockets_pipes_broken_links_and_loops_are_rejects(tmp_path, monkeypatch):
    write(tmp_path / "in" / "a.txt", "Rain fell.")
    (tmp_path / "in" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket.txt")
        rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["in/a.txt"]
    assert [(path.removeprefix(f"{tmp_path}/"), reason) for path, _, reason in reasons(log)] == [
        ("gone.txt", "a link to nothing"),
        ("in/again", f'a loop: this folder is a link to "{tmp_path}", above it'),
        ("pipe.txt", "not a regular file"),
        ("self.txt", "cannot be read: Too many levels of symbolic links"),
        ("socket.txt", "not a regular file"),
    ]


def test_folders_that_link_to_each_other_are_read_once(tmp_path):
    write(tmp_path / "one" / "a.txt", "Rain fell.")
    write(tmp_path / "two" / "b.txt", "Snow fell.")
    (tmp_path / "one" / "x").symlink_to(tmp_path / "two", target_is_directory=True)
    (tmp_path / "two" / "y").symlink_to(tmp_path / "one", target_is_directory=True)
    rows, _ = read(tmp_path)
    assert sorted(row["text"] for row in rows) == ["Rain fell.", "Snow fell."]


def test_a_file_that_is_reached_twice_is_read_once_under_its_longest_name_in_any_order(tmp_path):
    inner = write(tmp_path / "a" / "b" / "x.txt", "Rain fell.")
    (tmp_path / "a" / "link.txt").symlink_to(inner)
    named = [tmp_path, tmp_path / "a", inner, inner]
    forth, log = read(*named)
    back, _ = read(*reversed(named))
    assert forth == back
    assert [row["page_id"] for row in forth] == ["a/b/x.txt"]
    assert log.n_files == 1


def test_a_hard_link_is_a_file_of_its_own(tmp_path):
    path = write(tmp_path / "a.txt", "Rain fell.")
    (tmp_path / "b.txt").hardlink_to(path)
    rows, _ = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["a.txt", "b.txt"]


def test_the_way_to_a_file_is_shown_as_the_user_gave_it(tmp_path, monkeypatch):
    write(tmp_path / "news" / "a.txt", "Rain fell.")
    monkeypatch.chdir(tmp_path)
    shown = {path: read(path)[0][0]["source_path"] for path in (".", "news", "news/", "news/a.txt")}
    assert shown == {
        ".": "./news/a.txt",
        "news": "news/a.txt",
        "news/": "news/a.txt",
        "news/a.txt": "news/a.txt",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such name")
def test_a_name_that_is_not_utf_8_is_written_out(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with pathlib.Path(os.fsdecode(path)).open("wb") as stream:
        stream.write(b"Rain fell.")
    rows, _ = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["caf\\xe9.txt"]


def test_an_archive_without_a_file_to_read_says_what_was_looked_for(tmp_path):
    write(tmp_path / "photo.png", b"\x89PNG")
    with pytest.raises(errors.EmptyArchiveError) as raised:
        read(tmp_path)
    assert str(raised.value) == (
        f'no file to read in "{tmp_path}": looked for .txt, .text, .jsonl, .ndjson, .json, .rss, .atom, .rdf, .xml, '
        "each also with .gz; files of other kinds, or of an earlier scan: 1"
    )
    with pytest.raises(errors.EmptyArchiveError, match="no path"):
        read()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"text": "one"}\n{"text": "two"}\n', [("-:1", 1, "one"), ("-:2", 2, "two")]),
        (b"\n Rain fell.\n", [("-", None, "\n Rain fell.\n")]),
        (gzip.compress(b'{"id": "a", "text": "one"}'), [("a", 1, "one")]),
    ],
)
def test_standard_input_is_json_lines_or_one_page(monkeypatch, data, expected):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    rows, _ = read("-", "-")
    assert [(row["page_id"], row["line"], row["text"]) for row in rows] == expected
    assert {row["source_path"] for row in rows} == {"-"}


def test_standard_input_without_a_byte_is_a_reject(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    rows, log = read("-")
    assert rows == []
    assert reasons(log) == [("-", None, "file is empty")]


def test_batches_hold_about_4_mb_and_a_bigger_record_stands_alone(tmp_path):
    sizes = [3_000_000, 3_000_000, 3_000_000, 20_000_000, 1000, 1000]
    lines = [json.dumps({"id": str(number), "text": "x" * size}) for number, size in enumerate(sizes)]
    write(tmp_path / "a.jsonl", "\n".join(lines))
    write(tmp_path / "b.txt", "y" * 1000)
    log = reading.ReadingLog()
    found = [batch.column("page_id").to_pylist() for batch in reading.read([str(tmp_path)], Settings(), log)]
    assert found == [["0", "1"], ["2"], ["3"], ["4", "5", "b.txt"]]
    assert log.n_records == 7


def test_a_page_over_the_limit_is_a_reject(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "MAX_RECORD_BYTES", 100)
    write(tmp_path / "a.txt", "x" * 101)
    write(tmp_path / "b.jsonl", json.dumps({"text": "x" * 101}) + '\n{"text": "Rain fell."}')
    rows, log = read(tmp_path)
    assert [row["page_id"] for row in rows] == ["b.jsonl:2"]
    assert [reject.reason for reject in log.rejects] == [
        "a page must be <= 100 bytes: 101",
        "a record must be <= 100 bytes: 113",
    ]


@given(st.lists(st.binary(min_size=1, max_size=8), max_size=20), st.integers(0, 100))
def test_the_head_of_a_stream_stays_in_the_stream(chunks, wanted):
    stream = streams.Stream(paths.Source("", "", "", "unknown"), reading.ReadingLog())
    stream._rest = iter(chunks)  # noqa: SLF001  (chunks of any size, which no file gives)
    stream.head(lambda start: len(start) >= 1)
    head = stream.head(lambda start: len(start) >= wanted)
    whole = b"".join(chunks)
    assert whole.startswith(head)
    assert len(head) >= min(wanted, len(whole))
    assert b"".join(stream) == whole
