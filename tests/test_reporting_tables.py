from __future__ import annotations

import json
import re

import hypothesis
import pytest
from hypothesis import strategies as st

from dedup import errors, records
from dedup.reporting import formats, tables
from tests import reporting_samples

KINDS = sorted(formats.FORMATS)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
VALUES = {
    "string": TEXTS,
    "int32": st.integers(0, 2**31 - 1),
    "int64": st.integers(-(2**53), 2**53),
    "float64": st.floats(-100, 100).map(lambda value: round(value, 6) + 0.0),
    "list<string>": st.lists(TEXTS, max_size=3),
    "list<int64>": st.lists(st.integers(0, 2**40), max_size=3),
    "list<list<int64>>": st.lists(st.lists(st.integers(0, 2**40), min_size=4, max_size=4), max_size=3),
}


def rows(declared):
    """Return a strategy for the rows of a table."""
    columns = {
        column.name: st.none() | VALUES[column.type] if column.nullable else VALUES[column.type]
        for column in declared.columns
    }
    return st.lists(st.fixed_dictionaries(columns), max_size=4)


@pytest.mark.parametrize("kind", KINDS)
@hypothesis.settings(max_examples=25, suppress_health_check=[hypothesis.HealthCheck.too_slow])
@hypothesis.given(drawn=st.fixed_dictionaries({table.name: rows(table) for table in records.OUTPUT_TABLES}))
def test_what_is_written_is_read_again(tmp_path_factory, kind, drawn):
    folder = tmp_path_factory.mktemp("out")
    result = reporting_samples.result(**drawn)
    tables.write(result, folder, kind)
    again = tables.read(folder)
    assert {name: table.to_pylist() for name, table in again.tables().items()} == drawn
    assert [table.schema for table in again.tables().values()] == [
        declared.schema() for declared in records.OUTPUT_TABLES
    ]
    assert again.run == result.run


def test_json_lines_hold_the_columns_in_order_in_utf_8_with_six_decimals(tmp_path):
    result = reporting_samples.seeds(
        articles=[{"article_id": "é“1”.txt", "source_path": "a", "n_words": 3, "story": 1}]
    )
    tables.write(result, tmp_path)
    article = (tmp_path / "articles.jsonl").read_text(encoding="utf-8")
    assert article.startswith('{"article_id":"é“1”.txt","page_id":"","story":1,')
    assert list(json.loads(article)) == [column.name for column in records.ARTICLES.columns]
    match = (tmp_path / "matches.jsonl").read_text(encoding="utf-8")
    assert '"jaccard":0.961235,"share_a":0.98,"share_b":0.333333,' in match


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_of_many_megabytes_is_read_again(tmp_path, kind):
    texts = ["x" * 5_000_000, "“\t" * 100]
    reasons = [{"source_path": text, "line": None, "reason": "long"} for text in texts]
    tables.write(reporting_samples.seeds(rejects=reasons), tmp_path, kind)
    assert tables.read(tmp_path).rejects["source_path"].to_pylist() == texts


def test_a_key_that_no_column_has_is_passed_over(tmp_path):
    tables.write(reporting_samples.seeds(), tmp_path)
    line = '{"reason":"odd","more":{"keys":[1]},"source_path":"a","line":2}'
    (tmp_path / "rejects.jsonl").write_text(line, encoding="utf-8")
    assert tables.read(tmp_path).rejects.to_pylist() == [{"source_path": "a", "line": 2, "reason": "odd"}]


def test_a_fraction_that_rounds_to_zero_has_no_sign(tmp_path):
    result = reporting_samples.seeds(clusters=[{"cluster_id": "c", "score": -0.00000001}])
    tables.write(result, tmp_path)
    assert '"score":0.0,' in (tmp_path / "clusters.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_two_writings_are_equal_byte_for_byte(tmp_path, kind):
    for folder in ("one", "two"):
        tables.write(reporting_samples.seeds(), tmp_path / folder, kind)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert one == two


def test_rejects_are_written_only_if_there_are_any_and_stale_ones_go(tmp_path):
    reject = {"source_path": "feed.jsonl", "line": 7, "reason": "no text"}
    tables.write(reporting_samples.seeds(rejects=[reject]), tmp_path)
    assert json.loads((tmp_path / "rejects.jsonl").read_text(encoding="utf-8")) == reject
    tables.write(reporting_samples.seeds(), tmp_path)
    assert not (tmp_path / "rejects.jsonl").exists()


def test_tables_of_another_format_from_an_earlier_scan_go(tmp_path):
    tables.write(reporting_samples.seeds(), tmp_path, "jsonl")
    tables.write(reporting_samples.seeds(clusters=[]), tmp_path, "sqlite")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dedup.sqlite", "run.json"]
    assert tables.read(tmp_path).clusters.num_rows == 0


def test_a_writing_that_breaks_leaves_the_earlier_tables_whole_and_nothing_else(tmp_path):
    tables.write(reporting_samples.seeds(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = reporting_samples.seeds(clusters=[], counts={"files": object()})
    with pytest.raises(TypeError):
        tables.write(broken, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_of_the_users_is_never_written_over(tmp_path):
    (tmp_path / "articles.jsonl").write_text('{"text": "mine"}\n', encoding="utf-8")
    with pytest.raises(errors.OutputError, match=r'"articles\.jsonl" that no scan wrote'):
        tables.write(reporting_samples.seeds(), tmp_path)
    assert (tmp_path / "articles.jsonl").read_text(encoding="utf-8") == '{"text": "mine"}\n'


@pytest.mark.parametrize("step", [tables.check, lambda out: tables.write(reporting_samples.seeds(), out)])
@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_folder_that_is_a_file_is_named(tmp_path, step, below):
    file = tmp_path / "taken"
    file.write_text("", encoding="utf-8")
    with pytest.raises(errors.OutputError, match=re.escape(f'folder "{file / below}" cannot be made')):
        step(file / below)


def test_checking_a_folder_makes_nothing(tmp_path):
    tables.check(tmp_path / "new" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(
        errors.ResultError, match=r'no folder ".*gone".*`dedup scan PATH --out .*gone` makes it'
    ):
        tables.read(tmp_path / "gone")


def test_a_folder_without_a_scan_says_what_is_missing(tmp_path):
    with pytest.raises(errors.ResultError, match=r'no "run\.json" in folder'):
        tables.read(tmp_path)


@pytest.mark.parametrize("table", ["articles", "members"])
def test_a_missing_table_is_named(tmp_path, table):
    tables.write(reporting_samples.seeds(), tmp_path)
    (tmp_path / f"{table}.jsonl").unlink()
    with pytest.raises(errors.ResultError, match=f'no table "{table}"'):
        tables.read(tmp_path)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("jsonl", "members.jsonl"),
        ("csv", "members.csv"),
        ("parquet", "members.parquet"),
        ("sqlite", "dedup.sqlite"),
        ("jsonl", "run.json"),
    ],
)
def test_a_broken_file_is_named(tmp_path, kind, file):
    tables.write(reporting_samples.seeds(), tmp_path, kind)
    (tmp_path / file).write_bytes(b'{"cluster_id": 12, \xff')
    with pytest.raises(errors.ResultError, match=re.escape(f'{file}" cannot be read')):
        tables.read(tmp_path)
