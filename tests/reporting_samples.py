"""Small results made by hand, for the tests of what is shown and written."""

from __future__ import annotations

import dataclasses

from dedup import records, results, settings

_EMPTY = {
    "string": "",
    "int32": 0,
    "int64": 0,
    "float64": 0.0,
    "list<string>": [],
    "list<int64>": [],
    "list<list<int64>>": [],
}


def table(declared, rows):
    """Return an Arrow table of these rows; what a row leaves out is null where it may be, else empty."""
    columns = {
        column.name: [row.get(column.name, None if column.nullable else _EMPTY[column.type]) for row in rows]
        for column in declared.columns
    }
    return declared.arrow(columns)


def result(*, folder=".", paths=("archive",), counts=None, **rows):
    """Return a result of these rows, a list for each table's name."""
    tables = {
        declared.name: table(declared, rows.get(declared.name, [])) for declared in records.OUTPUT_TABLES
    }
    chosen = settings.Settings()
    run = results.Run(
        version="0.1.0",
        settings=chosen.as_dict(),
        settings_digest=chosen.digest(),
        agencies_version="1",
        overrides_unused=[],
        overrides_version=None,
        paths=list(paths),
        folder=str(folder),
        counts=counts or {"files": 2},
        seconds={"reading": 0.25, "matching": 0.5},
        peak_memory_bytes=1 << 20,
    )
    return results.Result(**tables, run=run)


def seeds(**changes):
    """Return what a scan of three stories gives: a cluster of two, and one lone story that credits Reuters."""
    rows = {
        "articles": [
            {
                "article_id": "page.txt#1",
                "page_id": "page.txt",
                "story": 1,
                "source_path": "page.txt",
                "title": "US and Russia forge ahead on peace talks, without Ukraine",
                "outlet": "REUTERS",
                "published": "2023-02-19",
                "n_words": 1200,
                "n_paragraphs": 40,
                "cluster_ids": ["c0ffee02"],
                "warnings": ['claimed 2023-02-19, inconsistent with "Tuesday" and "Feb 18"'],
            },
            {
                "article_id": "page.txt#2",
                "page_id": "page.txt",
                "story": 2,
                "source_path": "page.txt",
                "title": "U.S.-Russia Talks Begin: Moscow Pours Cold Water On Expectations",
                "outlet": "BREITBART",
                "published": "2025-02-18",
                "n_words": 700,
                "n_paragraphs": 14,
                "cluster_ids": ["c0ffee01"],
            },
            {
                "article_id": "feed.txt",
                "page_id": "feed.txt",
                "story": 1,
                "source_path": "feed.txt",
                "n_words": 710,
                "n_paragraphs": 15,
                "cluster_ids": ["c0ffee01"],
            },
        ],
        "matches": [
            {
                "article_a": "feed.txt",
                "article_b": "page.txt#2",
                "relation": "copy",
                "jaccard": 0.9612345678,
                "share_a": 0.98,
                "share_b": 1 / 3,
                "shared_words": 690,
                "passages": [[0, 100, 50, 150], [200, 300, 250, 350]],
            }
        ],
        "clusters": [
            {
                "cluster_id": "c0ffee01",
                "n_articles": 2,
                "n_outlets": 1,
                "origin_name": "Breitbart",
                "origin_kind": "outlet",
                "level": "stated",
                "score": 5.5,
                "runner_up": "Associated Press",
                "first_article_id": "page.txt#2",
                "first_published": "2025-02-18",
            },
            {
                "cluster_id": "c0ffee02",
                "n_articles": 1,
                "n_outlets": 1,
                "origin_name": "Reuters",
                "origin_kind": "agency",
                "level": "stated",
                "score": 8.5,
            },
        ],
        "members": [
            {
                "cluster_id": "c0ffee01",
                "article_id": "feed.txt",
                "role": "copy",
                "share": 0.9996,
                "immediate_source": "Breitbart",
            },
            {"cluster_id": "c0ffee01", "article_id": "page.txt#2", "role": "copy", "share": 0.97, "lag_s": 0},
            {"cluster_id": "c0ffee02", "article_id": "page.txt#1", "role": "copy", "share": 1.0, "lag_s": 0},
        ],
        "passages": [
            {
                "passage_id": "fade01",
                "article_id": article,
                "start": 5,
                "end": 80,
                "n_articles": 2,
                "origin_name": "Breitbart",
                "text": "Marco Rubio and his Russian counterpart Sergei Lavrov have met for talks on the war.",
            }
            for article in ("feed.txt", "page.txt#2")
        ],
        "evidence": [
            {
                "cluster_id": "c0ffee01",
                "article_id": "feed.txt",
                "family": "structure",
                "rule": "appeared_first_on",
                "candidate": "Breitbart",
                "says": "origin",
                "weight": 3.0,
                "field": "text",
                "start": 10,
                "end": 48,
                "quote": "The post appeared first on Breitbart.",
            },
            {
                "cluster_id": "c0ffee01",
                "article_id": "page.txt#2",
                "family": "citation",
                "rule": "photo_credit",
                "candidate": "Associated Press",
                "says": "citation",
                "weight": 0.0,
                "field": "text",
                "start": 900,
                "end": 934,
                "quote": "(Evelyn Hockstein/Pool Photo via AP)",
            },
            {
                "cluster_id": "c0ffee02",
                "article_id": "page.txt#1",
                "family": "credit",
                "rule": "dateline",
                "candidate": "Reuters",
                "says": "origin",
                "weight": 4.0,
                "field": "text",
                "start": 0,
                "end": 24,
                "quote": "RIYADH, Feb 18 (Reuters)",
            },
        ],
    }
    keys = {field.name for field in dataclasses.fields(results.Result)}
    tables = {name: value for name, value in changes.items() if name in keys}
    others = {name: value for name, value in changes.items() if name not in keys}
    return result(**(rows | tables), **others)
