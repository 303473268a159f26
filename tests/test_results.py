from __future__ import annotations

import sys

import pytest

from tests import reporting_samples


def test_a_result_shows_how_many_rows_its_tables_have():
    assert repr(reporting_samples.seeds()) == (
        "<Result: 3 articles, 1 matches, 2 clusters, 3 members, 2 passages, 3 evidence, 0 passage_evidence, "
        "0 syndication, 0 boilerplate, 0 rejects>"
    )


def test_without_pandas_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"needs pandas: pip install pandas$"):
        reporting_samples.seeds().to_pandas()


def test_each_table_becomes_a_data_frame():
    pytest.importorskip("pandas")
    frames = reporting_samples.seeds().to_pandas()
    assert frames["clusters"]["origin_name"].tolist() == ["Breitbart", "Reuters"]
    assert list(frames) == list(reporting_samples.seeds().tables())
