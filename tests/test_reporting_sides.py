from __future__ import annotations

import io

import pytest
from rich import cells

from dedup import errors, records
from dedup.reporting import blocks, finding, sides, views
from tests import reporting_samples

PARAGRAPHS = [
    f"Paragraph {n} tells of {n * 7} ships that left port number {n * 13} at dawn." for n in range(8)
]
LEFT = "\n\n".join(PARAGRAPHS)
RIGHT = "\n\n".join([*PARAGRAPHS[:3], PARAGRAPHS[3].replace("ships", "old boats"), *PARAGRAPHS[4:]])


def story(article_id, text):
    """Return a story that is the whole of its page."""
    return records.Story(article_id, text, 0, len(text))


def shown(monkeypatch, stories, *, columns=80, against=None):
    """Return the view of the sample's cluster as it goes to a file."""
    monkeypatch.setenv("COLUMNS", str(columns))
    cluster = views.cluster(reporting_samples.seeds(), "c0ffee01")
    stream = io.StringIO()
    with blocks.page(stream) as console:
        sides.show(console, cluster, sides.compared(cluster, against), stories)
    return stream.getvalue()


def both(right=RIGHT):
    """Return the texts of the sample's cluster."""
    return {"page.txt#2": story("page.txt#2", LEFT), "feed.txt": story("feed.txt", right)}


def test_the_verdict_the_members_and_all_evidence_are_shown(monkeypatch):
    text = shown(monkeypatch, {})
    assert "  origin     Breitbart  stated  not in this archive\n" in text
    assert "  runner-up  Associated Press\n" in text
    assert "  earliest   page.txt#2, 2025-02-18\n" in text
    assert "Members: 2 (% of the cluster's own text) ─" in text
    assert "  +3         appeared first on, written by Breitbart\n             feed.txt, text 10-48\n" in text
    assert "  +0         photo credit, no evidence for Associated Press\n" in text
    assert "Differences" not in text


def test_evidence_that_says_the_same_is_told_once(monkeypatch):
    clue = {
        "cluster_id": "c0ffee01",
        "rule": "dateline",
        "says": "origin",
        "weight": 4.0,
        "quote": "(Reuters)",
    }
    evidence = [clue | {"article_id": article} for article in ("feed.txt", "page.txt#2")]
    monkeypatch.setenv("COLUMNS", "80")
    cluster = views.cluster(reporting_samples.seeds(evidence=evidence), "c0ffee01")
    stream = io.StringIO()
    with blocks.page(stream) as console:
        sides.show(console, cluster, sides.compared(cluster), {})
    text = stream.getvalue()
    assert "Evidence, the strongest first: 2 ─" in text
    assert "feed.txt, and 1 more like it\n" in text
    assert text.count("“(Reuters)”") == 1


def test_words_that_differ_are_marked_and_equal_paragraphs_are_counted(monkeypatch):
    text = shown(monkeypatch, both())
    assert text.count("… 3 paragraphs equal …") == 2
    assert text.count("… 4 paragraphs equal …") == 2
    assert "[-ships-]" in text
    assert "{+old boats+}" in text
    assert "Paragraph 2" not in text


def test_the_two_columns_fit_80_cells(monkeypatch):
    long = "https://example.org/" + "a" * 200
    for columns in (60, 80, 120):
        text = shown(monkeypatch, both(RIGHT + "\n\n" + long), columns=columns)
        assert max(map(cells.cell_len, text.splitlines())) <= columns


def test_on_a_terminal_colour_marks_the_words(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = shown(monkeypatch, both())
    assert "[-" not in text
    assert "\x1b[9;31mships\x1b[0m" in text


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
def test_on_a_terminal_without_colours_marks_stand_around_the_words(monkeypatch, name, value):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    text = shown(monkeypatch, both())
    assert "[-ships-]" in text
    assert "{+old boats+}" in text


def test_a_lone_story_is_called_so(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    cluster = views.cluster(reporting_samples.seeds(), "c0ffee02")
    stream = io.StringIO()
    with blocks.page(stream) as console:
        sides.show(console, cluster, sides.compared(cluster), {})
    text = stream.getvalue()
    assert "Members: 1 ─" in text
    assert "  story      page.txt#1\n" in text
    assert "%" not in text


def test_a_long_stretch_on_one_side_only_is_told_in_a_line(monkeypatch):
    text = shown(monkeypatch, both("\n\n".join(PARAGRAPHS[:1])))
    assert "… 4 paragraphs on the left only …" in text


def test_the_text_without_a_source_is_left_out(monkeypatch):
    stories = both()
    del stories["feed.txt"]
    assert "Differences" not in shown(monkeypatch, stories)


def test_the_origin_or_the_earliest_is_compared_with_the_others():
    cluster = views.cluster(reporting_samples.seeds(), "c0ffee01")
    assert sides.compared(cluster) == ["page.txt#2", "feed.txt"]
    assert sides.compared(cluster, "feed") == ["page.txt#2", "feed.txt"]


@pytest.mark.parametrize("against", ["page.txt#2", "nothing"])
def test_only_another_article_of_the_cluster_can_be_compared(against):
    cluster = views.cluster(reporting_samples.seeds(), "c0ffee01")
    with pytest.raises(errors.ResultError, match=against):
        sides.compared(cluster, against)


@pytest.mark.parametrize(
    ("name", "kind", "identity"),
    [
        ("c0ffee01", "cluster", "c0ffee01"),
        ("feed.txt", "cluster", "c0ffee01"),
        ("feed", "cluster", "c0ffee01"),
        ("page.txt#1", "cluster", "c0ffee02"),
        ("fade01", "passage", "fade01"),
        ("fad", "passage", "fade01"),
    ],
)
def test_a_thing_is_found_by_its_id_or_the_beginning_of_it(name, kind, identity):
    assert finding.find(reporting_samples.seeds(), name) == finding.Target(kind, identity)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("c0ffee", '"c0ffee" is the beginning of 2 ids: c0ffee01, c0ffee02'),
        ("c0fee01", 'no cluster, article or passage "c0fee01"; near it: c0ffee01'),
        ("FEED", 'no cluster, article or passage "FEED"; near it: feed.txt'),
        ("", 'no cluster, article or passage ""'),
    ],
)
def test_a_name_of_nothing_or_of_several_things_names_the_nearest(name, message):
    with pytest.raises(errors.ResultError) as caught:
        finding.find(reporting_samples.seeds(), name)
    assert str(caught.value).startswith(message)


def test_an_article_in_no_cluster_or_in_several_is_told():
    articles = [{"article_id": "alone"}, {"article_id": "page", "cluster_ids": ["c1", "c2"]}]
    result = reporting_samples.seeds(articles=articles)
    with pytest.raises(
        errors.ResultError, match='article "alone" stands in no cluster, and shares no passage'
    ):
        finding.find(result, "alone")
    result = reporting_samples.seeds(
        articles=articles, passages=[{"article_id": "alone", "passage_id": "p1", "start": 0, "end": 1}]
    )
    assert finding.find(result, "alone") == finding.Target("passage", "p1")
    with pytest.raises(errors.ResultError, match='article "page" stands in 2 clusters: c1, c2'):
        finding.find(result, "page")


def test_a_passage_is_shown_with_the_articles_that_hold_it():
    stream = io.StringIO()
    with blocks.page(stream) as console:
        sides.show_passage(console, reporting_samples.seeds(), "fade01")
    text = stream.getvalue()
    assert "“Marco Rubio and his Russian counterpart" in text
    assert "  found in   feed.txt\n             page.txt#2\n" in text
