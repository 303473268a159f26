from __future__ import annotations

import json
import typing

import pytest

import dedup
from dedup import cli, errors, scores
from dedup.cli import reference
from dedup.reporting import evaluating, formats, tables
from tests import archives

WIDTH = 80


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return the scan of 40 articles of which about half repeat others."""
    folder = tmp_path_factory.mktemp("archive")
    return dedup.scan(archives.write(archives.records(40), folder / "pages.jsonl"), threads=1)


@pytest.fixture(scope="module")
def out(result, tmp_path_factory):
    """Return the folder with the tables of that scan."""
    folder = tmp_path_factory.mktemp("out")
    tables.write(result, folder)
    return folder


@pytest.fixture
def gold(result, tmp_path):
    """Return labels: two matches, a pair that is none, and one whose article was not read."""
    found = [(row["article_a"], row["article_b"]) for row in result.matches.to_pylist()]
    ids = result.articles["article_id"].to_pylist()
    other = next((a, b) for a in ids for b in ids if a < b and (a, b) not in found)
    rows = [
        ("id_a", "id_b", "label", "containment"),
        (*found[0], "yes", "0.9"),
        (*other, "yes", "0.2"),
        (*found[1], "none", "0.05"),
        (ids[0], "a page that nobody read", "yes", "0.5"),
    ]
    path = tmp_path / "gold.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _width(monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def run(capsys, *arguments):
    """Run `dedup evaluate` in this process; return its exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["evaluate", *map(str, arguments)])
    told = capsys.readouterr()
    return caught.value.code, told.out, told.err


def test_recall_and_errors_are_told_in_tables_as_wide_as_the_terminal(capsys, out, gold):
    code, shown, told = run(capsys, out, "--pairs", gold, "--curve", "share", "--complete", "--audit", "40")
    assert (code, told) == (0, "")
    assert max(map(len, shown.splitlines())) <= WIDTH
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "labels 3 rows counted, 1 of articles that were not read" in lines
    assert any(line.startswith("all 2 .5000 ") for line in lines)
    assert any(line.startswith("all 1 1 ") for line in lines)
    assert 'the scan has no article "a page that nobody read"' in lines
    for title in (
        "Pairs that belong together, by containment",
        "Hard negatives, by containment",
        "All pairs by label",
        "Matches against complete labels",
        "Matches of at least so much share: F1 as a bar",
        "Clusters against true clusters",
        "Labelled pairs that are no match, greatest figure first: 1",
        "Audit: 40 articles compared with all 40, without an index",
        "Rows left out: no article of that id in the scan: 1",
    ):
        assert any(line.startswith(title) for line in lines), title
    assert "…" not in shown


@pytest.mark.parametrize("kind", formats.FORMATS)
def test_each_format_of_tables_is_read(capsys, result, gold, tmp_path, kind):
    tables.write(result, tmp_path / kind, kind)
    code, shown, _ = run(capsys, tmp_path / kind, "--pairs", gold, "--json", "-")
    assert code == 0
    assert json.loads(shown)["pairs"]["positives"]["n_matched"] == 1


@pytest.mark.parametrize("kind", formats.FORMATS)
def test_a_scan_that_found_nothing_is_evaluated_too(capsys, tmp_path, kind):
    pages = archives.write(archives.records(1), tmp_path / "pages.jsonl")
    tables.write(dedup.scan(pages, threads=1), tmp_path / "out", kind)
    (tmp_path / "gold.tsv").write_text("id_a\tid_b\nx\ty\n", encoding="utf-8")
    (tmp_path / "clusters.tsv").write_text("id\tlabel\nx\ty\n", encoding="utf-8")
    labels = ("--pairs", tmp_path / "gold.tsv", "--clusters", tmp_path / "clusters.tsv")
    code, shown, _ = run(
        capsys, tmp_path / "out", *labels, "--complete", "--curve", "jaccard", "--audit", "3", "--json", "-"
    )
    assert code == 0
    found = json.loads(shown)
    assert (found["pairs"]["positives"]["n_pairs"], found["clusters"]["n_articles"]) == (0, 0)
    assert (found["audit"]["n_sampled"], found["audit"]["recall"]) == (1, None)
    code, shown, _ = run(
        capsys, tmp_path / "out", *labels, "--complete", "--curve", "jaccard", "--audit", "3"
    )
    assert (code, "nan" in shown) == (0, False)


def test_json_on_standard_output_stands_alone(capsys, out, gold):
    code, shown, told = run(capsys, out, "--pairs", gold, "--bands", "0.1,0.6", "--json", "-")
    assert (code, told) == (0, "")
    bands = json.loads(shown)["pairs"]["by_band"]
    assert [(band["low"], band["high"]) for band in bands] == [(0.0, 0.1), (0.1, 0.6), (0.6, None)]


def test_json_in_a_file_stands_beside_the_tables(capsys, out, gold, tmp_path):
    code, shown, _ = run(capsys, out, "--pairs", gold, "--json", tmp_path / "found.json")
    assert code == 0
    assert "Pairs that belong together" in shown
    assert json.loads((tmp_path / "found.json").read_text("utf-8"))["n_rows"] == 3


def test_a_malformed_row_is_told_with_its_place_and_makes_the_exit_code_3(capsys, out, gold):
    with gold.open("a", encoding="utf-8") as file:
        file.write("only one field\n")
    code, shown, told = run(capsys, out, "--pairs", gold)
    assert code == 3
    assert told == f"dedup: {gold}:6: 1 fields, where the header has 4\n"
    assert "1 malformed" in shown


def test_true_clusters_are_compared_with_those_of_the_scan(capsys, out, result, tmp_path):
    first = {row["article_id"]: row["cluster_id"] for row in result.members.to_pylist()}
    rows = "".join(f"{identity}\t{label}\n" for identity, label in first.items())
    (tmp_path / "clusters.tsv").write_text(f"id\tlabel\n{rows}", encoding="utf-8")
    code, shown, _ = run(capsys, out, "--clusters", tmp_path / "clusters.tsv", "--containers")
    assert code == 0
    lines = [line.split() for line in shown.splitlines()]
    assert any(line[:2] == ["cluster", "pairs"] for line in lines)
    assert any(line[:3] == ["adjusted", "Rand", "index"] for line in lines)


def test_all_pairs_of_a_file_can_be_hard_negatives(capsys, out, gold):
    code, shown, _ = run(capsys, out, "--different", gold)
    assert code == 0
    assert "Pairs that belong together" not in shown
    assert "Hard negatives" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing is asked"),
        (["--pairs", "GOLD", "--band-column", "overlap"], 'no column "overlap"; its columns are id_a, id_b,'),
        (["--pairs", "GOLD", "--bands", "low,high"], "must be numbers between commas"),
        (["--pairs", "GOLD", "--bands", "0.5,0.1"], '"bands" must rise'),
        (["--pairs", "no such file"], "No such file"),
        (["--pairs", "GOLD", "--curve", "words"], "is not one of"),
        (["--audit", "-1"], "-1 is not in the range"),
    ],
)
def test_wrong_usage_is_told_and_has_its_own_exit_code(capsys, out, gold, arguments, message):
    given = [str(gold) if each == "GOLD" else each for each in arguments]
    code, shown, told = run(capsys, out, *given)
    assert (code, shown) == (errors.UsageError.exit_code, "")
    assert message in told


def test_a_folder_without_a_scan_and_a_file_that_cannot_be_written_are_failures(capsys, out, gold, tmp_path):
    code, _, told = run(capsys, tmp_path, "--audit", "1")
    assert (code, 'no "run.json"' in told) == (1, True)
    code, _, told = run(capsys, out, "--pairs", gold, "--json", tmp_path / "no folder" / "found.json")
    assert (code, "cannot be written" in told) == (1, True)


def test_only_what_is_asked_is_shown(capsys, out, gold):
    _, shown, _ = run(capsys, out, "--pairs", gold)
    assert "Audit" not in shown
    assert "Clusters against" not in shown
    assert "as a bar" not in shown
    _, shown, _ = run(capsys, out, "--audit", "5")
    assert "labels" not in shown
    assert "Audit: 5 articles compared with all 40" in shown


def test_ids_cannot_steer_the_terminal(capsys, out, tmp_path):
    (tmp_path / "gold.tsv").write_text("id_a\tid_b\n\x1b[2Jx\ty\n", encoding="utf-8")
    _, shown, _ = run(capsys, out, "--pairs", tmp_path / "gold.tsv")
    assert "[2Jx" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0.0, "0"),
        (1.0, "1"),
        (0.5, ".5000"),
        (1e-9, ".0001"),
        (1 - 1e-9, ".9999"),
        (-0.25, "-.2500"),
    ],
)
def test_a_figure_is_whole_only_when_it_is(value, shown):
    assert evaluating.figure(value) == shown


def test_each_key_of_the_json_is_documented():
    page = reference.evaluation()
    waiting, known = [scores.Evaluation], set()
    for kind in waiting:
        assert f"## `{kind.__name__}`" in page
        for name, hint in typing.get_type_hints(kind).items():
            assert f"| `{name}` | " in page
            found = [each for each in (hint, *typing.get_args(hint)) if hasattr(each, "__slots__")]
            waiting += [each for each in found if each.__module__ == scores.__name__ and each not in known]
            known.update(found)
    assert len(known) > 8
