"""A folder or file that is watched: each thing once, however it comes, and nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dedup import errors
from dedup.index import standing
from dedup.reading import growing
from tests import archives

RECORDS = archives.records(40)


class Told:
    """What a watch told, in order."""

    def __init__(self):
        self.came = []

    def __call__(self, came):
        self.came.append(came)

    @property
    def ids(self):
        """Return the articles that were told, in order."""
        return [finding.article_id for came in self.came for finding in came.findings]

    @property
    def seen(self):
        """Return those that were seen before."""
        return [finding.article_id for came in self.came for finding in came.findings if finding.seen]

    @property
    def rejects(self):
        """Return why records were left out."""
        return [reject.reason for came in self.came for reject in came.rejects]


@pytest.fixture
def told():
    """Return what gathers what is told."""
    return Told()


@pytest.fixture
def index(tmp_path):
    """Return an open index."""
    with standing.Index(tmp_path / "index.dedup", threads=1) as held:
        yield held


def lines(records):
    """Return records as lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def aged(path):
    """Return a file that nobody has written to for a while."""
    past = time.time() - 60
    os.utime(path, (past, past))
    return path


def test_a_file_that_grows_is_read_from_where_it_was(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:5]))
    watch = index.watch(path, told)
    assert watch.look() == 5
    assert watch.look() == 0
    with path.open("a") as file:
        file.write(lines(RECORDS[5:7]) + json.dumps(RECORDS[7])[:40])
    assert watch.look() == 2
    with path.open("a") as file:
        file.write(json.dumps(RECORDS[7])[40:] + "\n")
    assert watch.look() == 1
    assert told.ids == [record["id"] for record in RECORDS[:8]]
    assert len(index) == 8


def test_the_next_watch_goes_on_where_the_last_one_stopped(tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:5]))
    with standing.Index(tmp_path / "index", threads=1) as index:
        index.watch(path, told).look()
    with path.open("a") as file:
        file.write(lines(RECORDS[5:9]))
    with standing.Index(tmp_path / "index", threads=1) as index:
        assert index.watch(path, told).look() == 4
        assert index.info().watched == (str(path.resolve()),)
    assert told.ids == [record["id"] for record in RECORDS[:9]]


def test_a_file_that_was_begun_anew_is_read_anew(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:5]))
    watch = index.watch(path, told)
    watch.look()
    path.write_text(lines(RECORDS[8:10]))
    assert watch.look() == 2
    path.write_text(lines(RECORDS[20:30]))
    assert watch.look() == 10


def test_what_could_not_be_read_is_told_once_with_its_line(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:2]) + "nonsense\n" + lines(RECORDS[2:3]))
    watch = index.watch(path, told)
    assert watch.look() == 3
    with path.open("a") as file:
        file.write('{"id": 1}\n')
    watch.look()
    watch.look()
    rejects = [reject for came in told.came for reject in came.rejects]
    assert [reject.line for reject in rejects] == [3, 5]


def test_stories_are_told_with_those_before_them_in_one_batch_too(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    copy = RECORDS[0] | {"id": "copy"}
    path.write_text(lines([RECORDS[0], copy]))
    index.watch(path, told).look()
    assert told.seen == ["copy"]
    (finding,) = [finding for came in told.came for finding in came.findings if finding.seen]
    assert [match.article_id for match in finding.matches] == [RECORDS[0]["id"]]
    assert finding.matches[0].passages[0].text in RECORDS[0]["text"]


def test_a_finding_of_a_watch_is_that_of_a_check(index, tmp_path, told):
    from dedup import findings

    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:30]))
    watch = index.watch(path, told)
    watch.look()
    for record in RECORDS[30:36]:
        checked = index.check_text(
            record["text"],
            page_id=record["id"],
            title=record["title"],
            outlet=record["outlet"],
            published=record["published"],
        )
        with path.open("a") as file:
            file.write(lines([record]))
        watch.look()
        came = told.came[-1].findings[0]
        assert came.matches == tuple(
            match
            if match.cluster_ids
            else next(one for one in came.matches if one.article_id == match.article_id)
            for match in checked.matches
        ) or {m.article_id: (m.relation, m.jaccard, m.passages) for m in came.matches} == {
            m.article_id: (m.relation, m.jaccard, m.passages) for m in checked.matches
        }
        assert findings.to_json(came)


def test_files_of_a_folder_are_read_when_nobody_writes_to_them(index, tmp_path, told):
    folder = tmp_path / "in"
    folder.mkdir()
    watch = index.watch(folder, told)
    assert watch.look() == 0
    aged(archives.write(RECORDS[:3], folder / "a.jsonl"))
    page = folder / "page.txt"
    page.write_text(RECORDS[5]["text"])
    assert watch.look() == 3
    aged(page)
    assert watch.look() == 1
    assert watch.look() == 0
    page.unlink()
    assert watch.look() == 0
    assert "page.txt" in told.ids


def test_a_feed_that_changes_gives_its_new_items(index, tmp_path, told):
    path = tmp_path / "feed.rss"

    def write(records):
        items = "".join(
            f"<item><guid>{record['id']}</guid><title>T</title><description>{record['text']}</description></item>"
            for record in records
        )
        path.write_text(f'<rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>')
        aged(path)

    write(RECORDS[:3])
    watch = index.watch(path, told)
    assert watch.look() == 3
    write(RECORDS[2:6])
    os.utime(path, (time.time() - 30, time.time() - 30))
    assert watch.look() == 3
    assert told.ids == [record["id"] for record in RECORDS[:6]]
    assert told.rejects == []


def test_a_watch_that_breaks_while_it_tells_has_taken_nothing(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:5]))

    def broken(_came):
        message = "the reader has gone"
        raise BrokenPipeError(message)

    with pytest.raises(BrokenPipeError):
        index.watch(path, broken).look()
    assert len(index) == 0
    assert index.watch(path, told).look() == 5


def test_a_path_that_is_missing_is_told(index, tmp_path, told):
    with pytest.raises(errors.PathError, match="no such file or folder"):
        index.watch(tmp_path / "none", told).look()
    with pytest.raises(errors.PathError, match="standard input cannot be watched"):
        index.watch("-", told).look()


def test_a_line_is_known_by_the_bytes_before_it(tmp_path):
    from dedup import reading
    from dedup.settings import Settings

    path = tmp_path / "a.jsonl"
    path.write_text(lines(RECORDS[:2]))
    (source,) = growing.sources(str(path), reading.ReadingLog())
    ((_, first),) = growing.more(source, None, Settings(), reading.ReadingLog())
    assert (first.n_lines, first.offset) == (2, path.stat().st_size)
    assert list(growing.more(source, first, Settings(), reading.ReadingLog())) == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_watches_until_it_is_told_to_end(tmp_path, root):
    path, index = tmp_path / "feed.jsonl", tmp_path / "index.dedup"
    path.write_text(lines(RECORDS[:6]))
    command = [
        sys.executable,
        "-m",
        "dedup",
        "watch",
        str(path),
        "--index",
        str(index),
        "--interval",
        "0.1",
        "--every",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as watch:
        first = [watch.stdout.readline().split()[1].rstrip(";") for _ in range(6)]
        with path.open("a") as file:
            file.write(lines([RECORDS[0] | {"id": "again"}]))
        line = watch.stdout.readline()
        watch.send_signal(signal.SIGTERM)
        rest, _ = watch.communicate(timeout=60)
    assert first == [record["id"] for record in RECORDS[:6]]
    assert line.startswith(f"seen  again; copy of {RECORDS[0]['id']} (100%)")
    assert watch.returncode == 0
    with standing.Index(index, threads=1) as held:
        assert len(held) == 7
        assert not held.verify().faults
    assert "Traceback" not in rest


def test_a_byte_order_mark_is_no_part_of_the_first_record(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines(RECORDS[:2]).encode())
    watch = index.watch(path, told)
    assert watch.look() == 2
    with path.open("a") as file:
        file.write(lines(RECORDS[2:3]))
    assert watch.look() == 1
    assert told.rejects == []


def test_a_file_that_is_gone_for_a_moment_is_waited_for(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:2]))
    watch = index.watch(path, told)
    watch.look()
    path.rename(tmp_path / "feed.jsonl.1")
    assert watch.look() == 0
    path.write_text(lines(RECORDS[2:4]))
    assert watch.look() == 2


def test_a_longer_file_that_begins_alike_is_read_anew(index, tmp_path, told):
    path = tmp_path / "feed.jsonl"
    path.write_text(lines(RECORDS[:4]))
    watch = index.watch(path, told)
    watch.look()
    path.write_text(lines([RECORDS[0], RECORDS[9], RECORDS[3], *RECORDS[10:16]]))
    assert watch.look() == 7
    assert told.rejects == []


def test_a_command_that_cannot_begin_makes_no_index(tmp_path):
    from click.testing import CliRunner

    from dedup import cli

    adding = ["index", "add", tmp_path / "i", tmp_path / "none"]
    watching = ["watch", tmp_path / "none", "--index", tmp_path / "i"]
    for command in (adding, watching):
        done = CliRunner().invoke(cli.command, list(map(str, command)), standalone_mode=False)
        assert isinstance(done.exception, errors.PathError)
        assert not (tmp_path / "i").exists()


def test_looking_once_at_what_cannot_be_read_says_so_by_its_exit_code(tmp_path, dedup_command):
    (tmp_path / "feed.jsonl").write_text("nonsense\n" + lines(RECORDS[:1]))
    done = dedup_command("watch", tmp_path / "feed.jsonl", "--index", tmp_path / "i", "--once")
    assert (done.returncode, done.stdout) == (3, "")
    assert "feed.jsonl:1" in done.stderr
