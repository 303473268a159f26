"""What a scan of the two seed pages must say: one page that holds three stories, and the second of them as a feed."""

from __future__ import annotations

import json
import re

import pytest

import dedup

FIRST = "000_697425ad9d472758.txt#1"
SECOND = "000_697425ad9d472758.txt#2"
THIRD = "000_697425ad9d472758.txt#3"
FEED = "002_50d9d2299dbf9468.txt"


@pytest.fixture(scope="module", params=["call", "command"])
def tables(request, seeds, tmp_path_factory, dedup_command):
    """Return the tables of a scan of the seeds, each as a list of rows: by the Python call, and by the command."""
    if request.param == "call":
        return {name: table.to_pylist() for name, table in dedup.scan(seeds).tables().items()}
    folder = tmp_path_factory.mktemp("seeds")
    done = dedup_command("scan", seeds, "--out", folder)
    assert done.returncode == 0, done.stderr
    files = folder.glob("*.jsonl")
    return {path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in files}


def cluster_of(tables, article_id):
    """Return the one cluster that an article stands in."""
    ids = {row["cluster_id"] for row in tables["members"] if row["article_id"] == article_id}
    (row,) = [row for row in tables["clusters"] if row["cluster_id"] in ids]
    return row


def member(tables, article_id):
    """Return the one row of an article among the members."""
    (row,) = [row for row in tables["members"] if row["article_id"] == article_id]
    return row


def page_of(tables, seeds, article_id):
    """Return the text of the page that an article was read from."""
    (row,) = [row for row in tables["articles"] if row["article_id"] == article_id]
    return (seeds / row["page_id"]).read_bytes().decode()


def evidence_of(tables, article_id, says):
    """Return the evidence of an article's cluster that speaks of one thing."""
    cluster_id = cluster_of(tables, article_id)["cluster_id"]
    return [row for row in tables["evidence"] if row["cluster_id"] == cluster_id and row["says"] == says]


def test_the_first_page_holds_three_stories_and_the_second_one(tables):
    assert [row["article_id"] for row in tables["articles"]] == [FIRST, SECOND, THIRD, FEED]
    assert [row["story"] for row in tables["articles"]] == [1, 2, 3, 1]
    assert not tables.get("rejects")


def test_the_stories_bear_the_dates_of_their_heads(tables):
    published = [row["published"] for row in tables["articles"]]
    assert published == ["2023-02-19", "2025-02-18", "2025-02-18", None]


def test_the_second_story_and_its_feed_are_the_one_cluster_of_several_articles(tables):
    (cluster,) = [row for row in tables["clusters"] if row["n_articles"] > 1]
    assert cluster["n_articles"] == 2
    ids = {row["article_id"] for row in tables["members"] if row["cluster_id"] == cluster["cluster_id"]}
    assert ids == {SECOND, FEED}


def test_nearly_all_of_the_feed_stands_in_the_story(tables):
    (match,) = [row for row in tables["matches"] if (row["article_a"], row["article_b"]) == (SECOND, FEED)]
    assert match["relation"] == "copy"
    assert match["share_b"] > 0.95
    assert match["jaccard"] == pytest.approx(0.96, abs=0.015)
    assert member(tables, FEED)["share"] > 0.95


def test_lone_stories_that_credit_somebody_have_a_row_of_their_own(tables):
    for article_id in (FIRST, THIRD):
        assert cluster_of(tables, article_id)["n_articles"] == 1
    assert len(tables["clusters"]) == 3
    assert len(tables["members"]) == 4


def test_the_first_story_is_reuters(tables):
    cluster = cluster_of(tables, FIRST)
    assert (cluster["origin_name"], cluster["level"]) == ("Reuters", "stated")
    quotes = " ".join(row["quote"] or "" for row in evidence_of(tables, FIRST, "origin"))
    assert "RIYADH, Feb 18 (Reuters)" in quotes


def test_the_second_story_is_breitbart_and_neither_the_photo_nor_the_citation_speaks_against_it(tables):
    cluster = cluster_of(tables, SECOND)
    assert (cluster["origin_name"], cluster["level"]) == ("Breitbart", "stated")
    assert cluster["co_origins"] == []
    candidates = {row["candidate"] for row in evidence_of(tables, SECOND, "origin")}
    assert candidates == {"Breitbart"}
    cited = [row for row in tables["evidence"] if row["candidate"] in {"Reuters", "Associated Press"}]
    of_cluster = [row for row in cited if row["cluster_id"] == cluster["cluster_id"]]
    assert all(row["weight"] <= 0 for row in of_cluster)


def test_the_post_appeared_first_on_breitbart_is_quoted(tables):
    quotes = [row["quote"] for row in tables["evidence"] if row["article_id"] == FEED and row["quote"]]
    assert any("appeared first on Breitbart" in quote for quote in quotes)


def test_the_third_story_was_taken_from_the_straits_times_and_its_origin_is_left_open(tables):
    cluster = cluster_of(tables, THIRD)
    assert (cluster["origin_name"], cluster["level"]) == (None, "undetermined")
    assert cluster["runner_up"] == "Reuters"
    assert member(tables, THIRD)["immediate_source"] == "The Straits Times"


def test_the_date_of_the_first_story_is_shown_as_inconsistent_and_is_not_rewritten(tables):
    (row,) = [row for row in tables["articles"] if row["article_id"] == FIRST]
    assert row["published"] == "2023-02-19"
    (warning,) = row["warnings"]
    assert "2023-02-19" in warning
    assert "Tuesday" in warning
    others = [row["warnings"] for row in tables["articles"] if row["article_id"] != FIRST]
    assert others == [[], [], []]


def test_each_quote_is_the_text_at_its_offsets(tables, seeds):
    articles = {row["article_id"]: row for row in tables["articles"]}
    quoted = [row for row in tables["evidence"] if row["quote"] is not None]
    assert quoted
    for row in quoted:
        if row["field"] == "text":
            field = page_of(tables, seeds, row["article_id"])
        else:
            field = articles[row["article_id"]][row["field"]]
        assert field[row["start"] : row["end"]] == row["quote"]


def test_each_shared_passage_has_the_same_words_on_both_sides(tables, seeds):
    n_passages = 0
    for match in tables["matches"]:
        page_a = page_of(tables, seeds, match["article_a"])
        page_b = page_of(tables, seeds, match["article_b"])
        for a_start, a_end, b_start, b_end in match["passages"]:
            assert words(page_a[a_start:a_end]) == words(page_b[b_start:b_end]) != []
            n_passages += 1
    assert n_passages


def test_each_passage_is_the_text_at_its_offsets(tables, seeds):
    for row in tables["passages"]:
        page = page_of(tables, seeds, row["article_id"])
        assert page[row["start"] : row["end"]] == row["text"]


def test_the_first_and_the_second_story_share_a_caption_and_no_more(tables):
    between = [row for row in tables["matches"] if (row["article_a"], row["article_b"]) == (FIRST, SECOND)]
    assert all(row["relation"] == "partial" and row["jaccard"] <= 0.02 for row in between)
    assert len(between) <= 1


def words(text):
    """Return the words of a text, in a way that owes nothing to the code under test."""
    return re.findall(r"[^\W_]+", text.casefold())
