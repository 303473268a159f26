"""The stages as the engine composes them: one id for each article, equal tables, and stories read again."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

import dedup
from dedup import errors, pipeline
from dedup.engines import local
from dedup.reading import batches
from dedup.settings import Settings
from tests import archives

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Settings(min_words=8, min_shared_shingles=8, min_share=0.1, min_shared_words=40)
PLAIN = "The ministers said on Tuesday that they will meet again in May to talk about the price of {}."
TWO_STORIES = (
    "One\nX | Published May 1, 2025\n{}\nSOURCE: x.com\n\nTwo\nY | Published May 2, 2025\n{}\nSOURCE: y.com\n"
)


def record(identity, text, **fields):
    return {"id": identity, "text": text, **fields}


def scan(pages, folder, **options):
    """Return the result of a scan of these records, in one file."""
    return dedup.scan(archives.write(pages, folder / "archive.jsonl"), SETTINGS, **options)


def ids(result):
    return result.articles["article_id"].to_pylist()


def rejects(result):
    """Return the line and the reason of each reject."""
    return [(row["line"], row["reason"]) for row in result.rejects.to_pylist()]


def plain(result):
    """Return each table as rows."""
    return {name: table.to_pylist() for name, table in result.tables().items()}


def reread(result, article_ids=None):
    """Return the text of each story, read again."""
    wanted = ids(result) if article_ids is None else article_ids
    found = pipeline.reread(wanted, result.articles, SETTINGS, result.run.folder)
    assert set(found) == set(wanted)
    return {identity: story.text for identity, story in found.items()}


@pytest.fixture(scope="module")
def made_up():
    """Return a made-up archive with letters that are not ASCII and a page of two marked stories."""
    pages = archives.records(150, seed=3)
    for page in pages[::3]:
        page["text"] = page["text"].replace("a", "ä").replace("zu", "Zürich – ")
    texts = [page["text"].replace("\n\n", "\n") for page in pages[3:5]]
    return [*pages, record("zz-page", TWO_STORIES.format(*texts), outlet="Post")]


@pytest.fixture(scope="module")
def scanned(made_up, tmp_path_factory):
    """Return the result of a scan of the made-up archive on one thread."""
    return scan(made_up, tmp_path_factory.mktemp("scanned"), threads=1)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_three_records_with_one_id_the_same_is_kept_in_any_order(tmp_path, order):
    pages = [record("same", PLAIN.format(crop)) for crop in ("grain", "rice", "maize")]
    found = scan([pages[place] for place in order], tmp_path)
    assert ids(found) == ["same"]
    told = rejects(found)
    (kept_line,) = {1, 2, 3} - {line for line, _ in told}
    assert all(reason.startswith('id "same" is also that of ') for _, reason in told)
    assert all(f"archive.jsonl:{kept_line}, which was kept" in reason for _, reason in told)
    (kept,) = reread_kept(found, tmp_path)
    assert kept == scan_of_kept(pages, tmp_path)


def reread_kept(found, folder):
    """Return the texts of the lines that were not rejected."""
    lines = (folder / "archive.jsonl").read_text("utf-8").splitlines()
    rejected = {line for line, _ in rejects(found)}
    return [json.loads(line)["text"] for number, line in enumerate(lines, 1) if number not in rejected]


def scan_of_kept(pages, folder):
    """Return the text that is kept where the records stand in the order in which they are given here."""
    return reread_kept(scan(pages, folder), folder)[0]


def test_an_id_in_two_files_is_a_reject_that_names_the_other_file(tmp_path):
    for name, crop in (("a", "grain"), ("b", "rice")):
        archives.write(
            [record("same", PLAIN.format(crop)), record(name, PLAIN.format("x"))], tmp_path / f"{name}.jsonl"
        )
    found = dedup.scan(tmp_path, SETTINGS)
    assert ids(found) == ["a", "b", "same"]
    (reject,) = found.rejects.to_pylist()
    (kept,) = {"a.jsonl", "b.jsonl"} - {Path(reject["source_path"]).name}
    assert reject["line"] == 1
    assert f"{tmp_path / kept}:1" in reject["reason"]


def test_equal_records_with_one_id_leave_one(tmp_path):
    found = scan([record("same", PLAIN.format("grain"))] * 3, tmp_path)
    assert ids(found) == ["same"]
    assert [line for line, _ in rejects(found)] == [2, 3]
    assert found.matches.num_rows == 0


def test_a_record_with_the_id_of_another_pages_story_is_a_conflict(tmp_path):
    page = record("p", TWO_STORIES.format(PLAIN.format("grain"), PLAIN.format("rice")))
    other = record("p#1", PLAIN.format("maize"))
    forward, backward = scan([page, other], tmp_path), scan([other, page], tmp_path)
    assert ids(forward) == ids(backward)
    assert ids(forward) in (["p#1", "p#2"], ["p#1"])
    assert len(set(ids(forward))) == len(ids(forward))
    ((_, reason),) = rejects(forward)
    assert reason.startswith('id "p#1" is also that of ')
    assert forward.run.counts["rejects"] == 1


def test_a_reject_names_a_place_that_was_kept(tmp_path):
    # "p" has two stories, so that a record may lose its id to it while it loses its own to a third.
    for number in range(12):
        page = record("p", TWO_STORIES.format(PLAIN.format(f"grain {number}"), PLAIN.format("rice")))
        others = [record(f"p#{story}", PLAIN.format(f"maize {number} {story}")) for story in (1, 2)]
        found = scan([page, *others, record("q", PLAIN.format("oats"))], tmp_path)
        rejected = {line for line, _ in rejects(found)}
        for _, reason in rejects(found):
            named = int(reason.partition("archive.jsonl:")[2].partition(",")[0])
            assert named not in rejected, rejects(found)


def test_a_page_that_is_rejected_takes_no_part(tmp_path):
    text = PLAIN.format("grain")
    found = scan([record("same", text), record("same", text), record("copy", text)], tmp_path)
    assert found.matches.num_rows == 1
    assert found.run.counts["stories"] == 2


def test_an_archive_of_nothing_but_rejects_has_empty_tables(tmp_path):
    found = scan([{"id": "a"}, {"id": "b", "text": " "}], tmp_path)
    assert [line for line, _ in rejects(found)] == [1, 2]
    assert {name: len(rows) for name, rows in plain(found).items() if rows} == {"rejects": 2}
    assert found.run.counts["stories"] == 0


@pytest.mark.parametrize("threads", [1, 3])
def test_one_story_has_nothing_to_match(tmp_path, threads):
    found = scan([record("a", PLAIN.format("grain"))], tmp_path, threads=threads)
    assert ids(found) == ["a"]
    assert {name: len(rows) for name, rows in plain(found).items() if rows} == {"articles": 1}
    assert found.run.counts["stories"] == found.run.counts["articles"] == 1


@pytest.mark.parametrize(("n_words", "n_matches"), [(7, 0), (12, 1)])
def test_articles_with_few_words_take_no_part(tmp_path, n_words, n_matches):
    text = " ".join(PLAIN.format("grain").split()[:n_words])
    found = scan([record("a", text), record("b", text)], tmp_path)
    assert found.matches.num_rows == n_matches
    assert found.articles["n_words"].to_pylist() == [n_words, n_words]


def test_three_threads_give_the_tables_of_one(made_up, scanned, tmp_path, monkeypatch):
    monkeypatch.setattr(local, "PAIRS_PER_TASK", 7)
    path = Path(scanned.run.paths[0])
    found = dedup.scan(path, SETTINGS, threads=3)
    assert found.run.counts["candidate_pairs"] > 10 * 7
    assert plain(found) == plain(scanned)
    assert len(made_up) == scanned.run.counts["articles"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_the_size_of_batches_does_not_show_in_the_tables(made_up, scanned, tmp_path, monkeypatch, threads):
    monkeypatch.setattr(batches, "BATCH_BYTES", 1)
    for number, page in enumerate(made_up):
        archives.write([page], tmp_path / f"{number % 7}-{number}.jsonl")
    found, expected = plain(dedup.scan(tmp_path, SETTINGS, threads=threads)), plain(scanned)
    for row in (*found["articles"], *expected["articles"]):
        row["source_path"] = None
    assert found == expected


@pytest.mark.parametrize("most", [0, 3])
def test_groups_of_many_exact_copies_are_still_one_cluster(tmp_path, monkeypatch, most):
    monkeypatch.setattr(local, "MOST_EXPANDED", most)
    texts = [
        " ".join([PLAIN.format(crop) for crop in crops])
        for crops in (("rye", "oats"), ("rye", "oats", "hay"))
    ]
    found = scan(
        [record(f"{copy}{kind}", text) for kind, text in enumerate(texts) for copy in "abcdef"], tmp_path
    )
    assert found.clusters["n_articles"].to_pylist() == [12]
    n_matches = found.matches.num_rows
    assert n_matches == 5 + 5 + 1


def test_passages_quote_their_articles_and_count_them(made_up, scanned):
    texts = {page["id"]: page["text"] for page in made_up}
    rows = scanned.passages.to_pylist()
    assert rows
    assert any(not row["text"].isascii() for row in rows)
    for passage_id, group in itertools.groupby(rows, lambda row: row["passage_id"]):
        held = list(group)
        assert len({row["article_id"] for row in held}) == held[0]["n_articles"] > 1, passage_id
        for row in held:
            assert texts[row["article_id"].partition("#")[0]][row["start"] : row["end"]] == row["text"]


def test_passages_of_matches_have_the_same_words_in_both_pages_but_for_the_edits(made_up, scanned):
    texts = {page["id"]: page["text"] for page in made_up}
    seen = set()
    for row in scanned.matches.to_pylist():
        ours, theirs = (texts[row[name].partition("#")[0]] for name in ("article_a", "article_b"))
        assert len(row["passages"]) == len(row["edits"])
        for (a_start, a_end, b_start, b_end), edits in zip(row["passages"], row["edits"], strict=True):
            words = [
                "".join(each if each.isalnum() else " " for each in text.casefold().replace("ä", "a")).split()
                for text in (ours[a_start:a_end], theirs[b_start:b_end])
            ]
            assert Levenshtein.distance(*words) <= edits
        seen.add(row["relation"])
    assert seen == {"copy", "revision", "excerpt", "partial"}
    assert any("#" in row["article_b"] for row in scanned.matches.to_pylist())


def words(name, count=60):
    """Return words that no other name gives."""
    return " ".join(f"{name}{number}" for number in range(count)) + "."


def test_a_passage_that_stands_twice_in_an_article_counts_it_once(tmp_path):
    shared = words("shared", 45)
    paragraphs = [words("a", 90), shared, words("b", 90), shared, words("c", 90)]
    texts = ["\n\n".join(paragraphs), "\n\n".join([words("d", 90), shared])]
    found = scan([record(str(number), text) for number, text in enumerate(texts)], tmp_path)
    assert found.matches["relation"].to_pylist() == ["partial"]
    places = [(row["article_id"], row["start"]) for row in found.passages.to_pylist()]
    assert places == [
        ("0", texts[0].index(shared)),
        ("0", texts[0].rindex(shared)),
        ("1", texts[1].index(shared)),
    ]
    assert found.passages["n_articles"].to_pylist() == [2, 2, 2]
    assert found.run.counts["passages"] == 1
    assert found.clusters.num_rows == 0


def test_members_have_the_roles_that_their_shares_give(tmp_path):
    long = f"{words('a', 90)} {words('b', 90)} {words('c', 90)}"
    texts = {
        "container": f"{long} {words('x', 200)} {words('y', 90)}",
        "copy": long.upper(),
        "excerpt": words("b", 90),
        "longest": f"{long} {words('end', 5)}",
        "revision": f"{words('a', 90)} {words('b', 90)} {words('d', 20)}",
        "unrelated": words("x", 200),
    }
    found = scan([record(identity, text) for identity, text in texts.items()], tmp_path)
    roles = {
        identity: {
            row["article_id"]: row["role"] if row["role"] != "original" else "copy"
            for row in found.members.to_pylist()
            if row["cluster_id"] == cluster_id
        }
        for identity, (cluster_id, *_) in zip(
            found.articles["article_id"].to_pylist(),
            found.articles["cluster_ids"].to_pylist(),
            strict=True,
        )
        if identity != "container"
    }
    expected = {
        "container": "container",
        "copy": "copy",
        "excerpt": "excerpt",
        "longest": "copy",
        "revision": "revision",
    }
    assert all(roles[identity] == expected for identity in expected if identity != "container")
    assert roles["unrelated"] == {"container": "container", "unrelated": "copy"}


def test_every_article_of_a_cluster_is_a_member_once_and_knows_it(scanned):
    members = [(row["cluster_id"], row["article_id"]) for row in scanned.members.to_pylist()]
    assert len(set(members)) == len(members)
    told = {
        (cluster, row["article_id"]) for row in scanned.articles.to_pylist() for cluster in row["cluster_ids"]
    }
    assert told == set(members)
    counts = np.unique([cluster for cluster, _ in members], return_counts=True)
    clusters = scanned.clusters.to_pylist()
    assert {row["cluster_id"]: row["n_articles"] for row in clusters} == dict(
        zip(*map(list, counts), strict=True)
    )


def test_a_member_of_a_cluster_holds_its_share_of_the_longest(scanned):
    shares = {(row["article_a"], row["article_b"]): row["share_a"] for row in scanned.matches.to_pylist()}
    shares |= {(row["article_b"], row["article_a"]): row["share_b"] for row in scanned.matches.to_pylist()}
    rows = scanned.members.to_pylist()
    for _, group in itertools.groupby(rows, lambda row: row["cluster_id"]):
        held = list(group)
        references = [
            row["article_id"]
            for row in held
            if row["share"] == 1.0
            and all(
                shares.get((row["article_id"], other["article_id"]), 0.0) == other["share"]
                for other in held
                if other is not row
            )
        ]
        assert references


def test_a_lone_story_that_credits_another_is_a_cluster_of_one(tmp_path):
    credited = "LONDON, May 1 (Reuters) - " + PLAIN.format("grain")
    found = scan(
        [
            record("a", credited, outlet="Daily Digest"),
            record(
                "b",
                "It was so in another town, with other people and without a word of theirs.",
                outlet="Digest",
            ),
            record(
                "c", "OSLO, May 1 (Reuters) - Rain fell on the hills of the north all day.", outlet="Reuters"
            ),
        ],
        tmp_path,
    )
    assert found.members["article_id"].to_pylist() == ["a"]
    (cluster,) = found.clusters.to_pylist()
    assert (cluster["n_articles"], cluster["origin_name"]) == (1, "Reuters")
    assert found.run.counts["lone_stories"] == 1
    assert found.run.counts["clusters"] == 0


def test_a_story_that_stands_in_a_cluster_is_no_lone_story_too(tmp_path):
    credited = "LONDON, May 1 (Reuters) - " + PLAIN.format("grain")
    found = scan([record("a", credited, outlet="Daily Digest"), record("b", credited)], tmp_path)
    assert found.clusters["n_articles"].to_pylist() == [2]
    assert found.run.counts["lone_stories"] == 0


def test_stories_of_text_files_in_folders_are_read_again(tmp_path):
    texts = {}
    for name in ("a.txt", "b/a.txt", "b/c/a.txt", "c/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        texts[name] = PLAIN.format(f"crop in {name}")
        (tmp_path / name).write_text(texts[name], encoding="utf-8")
    assert reread(dedup.scan(tmp_path, SETTINGS)) == texts


@pytest.mark.parametrize("whole_folder", [True, False])
def test_stories_of_records_without_ids_are_read_again(tmp_path, whole_folder):
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    texts = [PLAIN.format(f"crop {number}") for number in range(12)]
    path = archives.write([{"text": text} for text in texts], folder / "archive.jsonl")
    found = dedup.scan(tmp_path if whole_folder else path, SETTINGS)
    top = "deep/er/" if whole_folder else ""
    assert reread(found) == {f"{top}archive.jsonl:{line}": text for line, text in enumerate(texts, 1)}


def test_every_story_of_an_archive_is_read_again(made_up, scanned):
    texts = {page["id"]: page["text"] for page in made_up}
    found = reread(scanned)
    assert found["zz-page#1"] + found["zz-page#2"] == texts.pop("zz-page")
    assert {identity: text for identity, text in found.items() if "#" not in identity} == texts


def test_a_story_is_read_again_with_its_fields(scanned):
    (identity,) = ["zz-page#2"]
    (story,) = pipeline.reread([identity], scanned.articles, SETTINGS, scanned.run.folder).values()
    assert (story.article_id, story.title, story.outlet, story.published) == (
        identity,
        "Two",
        "Post",
        "2025-05-02",
    )
    assert story.page_text[story.start : story.end] == story.text
    assert story.text.startswith("Two\nY | Published")


def test_stories_are_read_again_after_the_folder_was_changed(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("news").mkdir()
    Path("news/a.txt").write_text(PLAIN.format("grain"), encoding="utf-8")
    found = dedup.scan("news", SETTINGS)
    monkeypatch.chdir(tmp_path / "there")
    assert reread(found) == {"a.txt": PLAIN.format("grain")}


def test_stories_are_read_from_the_folder_of_the_scan_though_another_has_such_a_file(tmp_path, monkeypatch):
    for folder, crop in (("here", "grain"), ("there", "rice")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(PLAIN.format(crop), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    found = dedup.scan("a.txt", SETTINGS)
    monkeypatch.chdir(tmp_path / "there")
    assert reread(found) == {"a.txt": PLAIN.format("grain")}


@pytest.mark.parametrize("order", [1, -1])
def test_an_id_that_ends_as_another_is_not_taken_for_it(tmp_path, order):
    texts = {identity: PLAIN.format(f"crop {identity}") for identity in ("a", "2024/a")}
    pages = [record(identity, text) for identity, text in texts.items()]
    assert reread(scan(pages[::order], tmp_path)) == texts


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_records_with_one_id_the_kept_one_is_read_again(tmp_path, order):
    pages = [record("same", PLAIN.format(crop)) for crop in ("grain", "rice")][::order]
    found = scan(pages, tmp_path)
    assert list(reread(found).values()) == reread_kept(found, tmp_path)


def test_a_source_that_is_gone_is_a_clear_error(tmp_path):
    found = scan([record("a", PLAIN.format("grain"))], tmp_path)
    (tmp_path / "archive.jsonl").unlink()
    with pytest.raises(errors.ResultError, match=r'the source ".*archive.jsonl" cannot be read again'):
        reread(found)


def test_an_article_that_is_gone_from_its_source_is_a_clear_error(tmp_path):
    found = scan([record("a", PLAIN.format("grain"))], tmp_path)
    archives.write([record("b", PLAIN.format("grain"))], tmp_path / "archive.jsonl")
    with pytest.raises(errors.ResultError, match='article "a" does not stand in its source any more'):
        reread(found)


def test_a_story_that_is_gone_from_its_page_is_a_clear_error(tmp_path):
    texts = PLAIN.format("grain"), PLAIN.format("rice")
    found = scan([record("p", TWO_STORIES.format(*texts))], tmp_path)
    archives.write([record("p", texts[0])], tmp_path / "archive.jsonl")
    with pytest.raises(errors.ResultError, match='article "p#2" does not stand in its source any more'):
        reread(found, ["p#2"])


def test_kernels_say_the_same_when_they_are_not_compiled(tmp_path):
    code = """
import json, sys
import dedup
small = dict(n_permutations=8, bands=4, rows=2, paragraph_bands=2, paragraph_rows=2, sample_rate=2)
result = dedup.scan(sys.argv[1], dedup.Settings(**small, min_share=0.1, min_shared_words=40), threads=1)
tables = {name: table.to_pylist() for name, table in result.tables().items()}
print(json.dumps([tables, result.run.counts]))
"""
    pages = archives.records(12, seed=11)
    pages[0]["text"] = pages[0]["text"].replace("a", "ä").replace(". ", ".\n") + " ﷺ 東京都 가나다"
    path = archives.write([*pages, record("zz", pages[0]["text"] + " Ende")], tmp_path / "archive.jsonl")
    said = []
    for disabled in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore::RuntimeWarning", "-c", code, path],
            capture_output=True,
            check=False,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": disabled},
        )
        assert done.returncode == 0, done.stderr
        said.append(json.loads(done.stdout))
    assert said[0] == said[1]
    assert said[0][1]["matches"] > 2
