"""Rows by key, and items in order, compared with Python's own sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.clustering import ordering
from dedup.clustering.ordering import kernels


@given(st.lists(st.integers(0, 9)))
def test_rows_by_key_are_those_of_a_stable_sort(keys):
    found = ordering.by_key(np.array(keys, np.int64), 10)
    assert found.values.tolist() == sorted(range(len(keys)), key=keys.__getitem__)
    assert [len(found.row(key)) for key in range(10)] == [keys.count(key) for key in range(10)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_items_are_sorted_by_two_keys(rows):
    first = np.array([row[0] for row in rows], np.float64)
    second = np.array([row[1] for row in rows], np.int64)
    items = np.arange(len(rows))
    kernels.sort(items, first, second)
    assert [rows[item] for item in items.tolist()] == sorted(rows)
    assert sorted(items.tolist()) == list(range(len(rows)))
