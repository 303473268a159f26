from __future__ import annotations

import io

import hypothesis
import pytest
from hypothesis import strategies as st
from rich import cells

from dedup.attribution import registry
from dedup.reporting import blocks, formats, phrases, terminal, views
from tests import reporting_samples

LONG = "https://www.example.org/2025/02/18/world/europe/us-and-russia-forge-ahead-on-peace-talks-without-ukraine.html"


def summary(result, monkeypatch, *, columns=80, folder="dedup-out", kind="jsonl"):
    """Return the summary as it goes to a file."""
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = io.StringIO()
    with blocks.page(stream) as console:
        terminal.summarise(result, console, folder, formats.FORMATS[kind])
    return stream.getvalue()


def many(n_clusters, **changes):
    """Return a result of clusters of growing size, the first of two articles."""
    rows = {"articles": [], "clusters": [], "members": [], "evidence": []}
    for number in range(n_clusters):
        cluster = {
            "cluster_id": f"c{number:03}",
            "n_articles": number + 2,
            "n_outlets": 1,
            "level": "undetermined",
        }
        rows["clusters"].append(cluster | changes)
        for place in range(number + 2):
            article = f"{LONG}?{number}-{place}"
            rows["articles"].append(
                {
                    "article_id": article,
                    "title": f"Headline {number}.",
                    "outlet": "The Straits Times",
                    "n_words": 5,
                }
            )
            rows["members"].append(
                {
                    "cluster_id": f"c{number:03}",
                    "article_id": article,
                    "role": "revision",
                    "lag_s": place * 4000,
                }
            )
    return reporting_samples.result(**rows)


def test_it_says_what_was_read_and_found(monkeypatch):
    text = summary(reporting_samples.seeds(counts={"files": 2, "skipped": 1}), monkeypatch)
    assert "  read       2 files, 3 stories, 2,610 words, 1 skipped\n" in text
    assert "  found      1 cluster, 1 lone story with a credit, 1 shared passage\n" in text
    assert "  took       0.8 s\n" in text


def test_a_cluster_is_shown_with_origin_level_copies_and_evidence(monkeypatch):
    text = summary(reporting_samples.seeds(), monkeypatch)
    block = text[text.index("U.S.-Russia Talks Begin") : text.index("Stories found once")]
    assert "  origin     Breitbart  stated  not in this archive\n" in block
    assert "  cluster    c0ffee01  2 articles, 1 outlet\n" in block
    assert "  copy        97%  page.txt#2\n                   2025-02-18, first, BREITBART\n" in block
    assert "  copy       >99%  feed.txt\n                   no date, taken from Breitbart\n" in block
    assert "  evidence   appeared first on  “The post appeared first on Breitbart.”\n" in block
    assert "Pool Photo" not in block


def test_a_lone_story_is_shown_with_its_credit_and_its_warning(monkeypatch):
    text = summary(reporting_samples.seeds(), monkeypatch)
    block = text[text.index("Stories found once") : text.index("Passages in several")]
    assert "  origin     Reuters  stated  not in this archive\n" in block
    assert "  story      page.txt#1\n" in block
    assert "  evidence   dateline  “RIYADH, Feb 18 (Reuters)”\n" in block
    assert '  warning    claimed 2023-02-19, inconsistent with "Tuesday" and "Feb 18"\n' in block


def test_an_undetermined_origin_gives_its_hint_and_the_evidence_for_it(monkeypatch):
    clue = {
        "cluster_id": "c000",
        "rule": "photo_credit",
        "candidate": "Reuters",
        "says": "citation",
        "quote": "via REUTERS",
    }
    result = many(1, runner_up="Reuters")
    rows = {name: table.to_pylist() for name, table in result.tables().items()}
    text = summary(reporting_samples.result(**(rows | {"evidence": [clue]})), monkeypatch)
    assert "  origin     undetermined  hint: Reuters\n" in text
    assert "  hint       photo credit  “via REUTERS”\n" in text


def test_contradicting_claims_name_each_claimant_with_a_quote(monkeypatch):
    claims = [
        {"candidate": "Associated Press", "rule": "agency_dateline", "quote": "PARIS (AP)"},
        {"candidate": "Associated Press", "rule": "closing_tag", "quote": "(AP)"},
        {"candidate": "Agence France-Presse", "rule": "agency_dateline", "quote": "PARIS (AFP)"},
    ]
    result = many(1, level="conflicting", co_origins=["Associated Press", "Agence France-Presse"])
    rows = {name: table.to_pylist() for name, table in result.tables().items()}
    rows["evidence"] = [clue | {"cluster_id": "c000", "says": "origin", "weight": 4.0} for clue in claims]
    text = summary(reporting_samples.result(**rows), monkeypatch)
    assert "  origin     Associated Press or Agence France-Presse  conflicting\n" in text
    assert "  evidence   dateline  “PARIS (AP)”\n             dateline  “PARIS (AFP)”\n" in text
    assert "“(AP)”" not in text


def test_shares_have_a_legend_that_fits_80_cells(monkeypatch):
    assert "Clusters, largest first: 12 (% of the cluster's own text) ─" in summary(many(12), monkeypatch)


def test_each_rule_of_attribution_and_what_it_says_have_plain_words():
    assert {rule.name for rule in registry.RULES} == set(phrases.RULES)
    assert {rule.says for rule in registry.RULES} <= set(phrases.SAYS)
    assert not [phrase for phrase in (*phrases.RULES.values(), *phrases.SAYS.values()) if "_" in phrase]


def test_the_original_is_named_as_such_and_comes_first(monkeypatch):
    text = summary(
        many(1, origin_name="Reuters", level="stated", origin_article_id=f"{LONG}?0-1"), monkeypatch
    )
    assert "Reuters  stated  in this archive\n" in text
    assert text.index("  original ") < text.index("  revision ")


def test_the_largest_clusters_come_first_and_the_rest_is_counted(monkeypatch):
    text = summary(many(12), monkeypatch)
    assert text.index("Headline 11.") < text.index("Headline 10.") < text.index("Headline 2.")
    assert "Headline 1." not in text
    assert "and 2 more clusters in clusters.jsonl\n" in text
    assert "and 8 more\n" in text


def test_of_a_large_cluster_the_first_members_and_each_kind_of_evidence_are_looked_at():
    kinds = [("Reuters", "dateline"), ("Reuters", "closing_tag"), (None, "dateline"), ("AP", "dateline")]
    evidence = [
        {
            "cluster_id": "c007",
            "article_id": f"{number:02}",
            "candidate": name,
            "rule": rule,
            "weight": weight,
        }
        | {"quote": "(Reuters)" if number % 2 else None}
        for number in range(20)
        for (name, rule), weight in zip(kinds, (1.0, -3.0, 2.0, 2.0), strict=True)
    ]
    result = many(12, runner_up="Reuters")
    rows = {name: table.to_pylist() for name, table in result.tables().items()}
    result = reporting_samples.result(**(rows | {"evidence": evidence}))
    whole, some = views.largest(result, 10), views.largest(result, 10, most=3)
    assert [one.members[:3] for one in whole] == [one.members for one in some]
    assert [len(one.evidence) for one in whole] == [0] * 4 + [80] + [0] * 5
    assert [len(one.evidence) for one in some] == [0] * 4 + [8] + [0] * 5
    assert [blocks.strongest(one, 9) for one in whole] == [blocks.strongest(one, 9) for one in some]


def test_rejects_are_shown_with_file_line_and_reason(monkeypatch):
    rejects = [{"source_path": "feed.jsonl", "line": n, "reason": '"text" is missing'} for n in range(1, 8)]
    text = summary(reporting_samples.seeds(rejects=rejects), monkeypatch)
    assert ", 7 records left out\n" in text
    assert "Records left out: 7 ─" in text
    assert '  feed.jsonl:5  "text" is missing\n' in text
    assert "feed.jsonl:6" not in text
    assert "and 2 more records in rejects.jsonl\n" in text


def test_the_command_for_one_cluster_can_be_pasted(monkeypatch):
    text = summary(reporting_samples.seeds(), monkeypatch, folder="my folder")
    assert "  next       dedup show c0ffee01 --in 'my folder'\n" in text


def test_no_command_is_recommended_for_texts_that_came_from_standard_input(monkeypatch):
    rows = reporting_samples.seeds().articles.to_pylist()
    piped = [row | {"source_path": "-"} for row in rows]
    assert "dedup show" not in summary(reporting_samples.seeds(articles=piped), monkeypatch)


def test_nothing_found_is_a_summary_too(monkeypatch):
    text = summary(reporting_samples.result(counts={"files": 0}), monkeypatch)
    assert "  found      0 clusters\n" in text


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_page_or_ends_in_spaces(monkeypatch, columns):
    for result in (
        many(12, co_origins=["Agence France-Presse"] * 4, origin_name="Reuters"),
        reporting_samples.seeds(),
    ):
        lines = summary(result, monkeypatch, columns=columns).splitlines()
        assert max(map(cells.cell_len, lines)) <= min(columns, 120)
        assert lines == [line.rstrip() for line in lines]


def test_a_file_gets_no_colour_and_a_terminal_does(monkeypatch):
    assert "\x1b" not in summary(reporting_samples.seeds(), monkeypatch)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in summary(reporting_samples.seeds(), monkeypatch)


def test_what_a_record_says_cannot_steer_the_terminal(monkeypatch):
    evil = "Peace\x1b[2J talks\x07 [bold]now[/bold]\u202e"
    article = {"article_id": evil, "title": evil, "outlet": evil, "published": evil, "warnings": [evil]}
    member = {"cluster_id": "c", "article_id": evil, "role": "copy", "immediate_source": evil}
    cluster = {"cluster_id": "c", "n_articles": 2, "origin_name": evil, "warnings": [evil]}
    passage = {"passage_id": "p", "article_id": evil, "text": evil, "origin_name": evil}
    reject = {"source_path": evil, "reason": evil}
    result = reporting_samples.result(
        articles=[article], members=[member], clusters=[cluster], passages=[passage], rejects=[reject]
    )
    text = summary(result, monkeypatch)
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[bold]now[/bold]" in text


@pytest.mark.parametrize("cut", [phrases.shorten, phrases.condense])
@hypothesis.given(text=st.text(max_size=80), width=st.integers(8, 40))
def test_a_shortened_text_fits(cut, text, width):
    assert cells.cell_len(cut(text, width)) <= width


@hypothesis.given(text=st.text(max_size=200), width=st.integers(4, 40))
def test_a_folded_name_fits_and_loses_nothing_but_spaces(text, width):
    lines = phrases.fold(text, width).split("\n")
    assert max(map(cells.cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "") == phrases.clean(text).replace(" ", "")
