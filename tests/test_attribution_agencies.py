from __future__ import annotations

import re

import pytest

from dedup.attribution import agencies

TABLE = agencies.load()
WORDS_TOO = {
    "PTI",
    "AAP",
    "AFP",
    "PA",
    "CNA",
    "AA",
    "TT",
    "CP",
    "PC",
    "UPI",
    "APA",
    "ANI",
    "Sputnik",
    "Bloomberg",
}


def test_the_table_holds_agencies_release_wires_syndicates_platforms_and_aggregators():
    kinds = [row.kind for row in TABLE.rows]
    assert kinds.count("agency") >= 35
    assert set(kinds) == {"agency", "release_wire", "syndicate", "platform", "aggregator"}
    assert re.fullmatch(r"\d{4}\.\d+", TABLE.version)


def test_ids_names_and_domains_are_nobody_elses():
    for values in (
        [row.id for row in TABLE.rows],
        [row.name for row in TABLE.rows],
        [domain for row in TABLE.rows for domain in row.domains],
        [tag for row in TABLE.rows for tag in row.datelines if not row.towns],
        [(tag, town) for row in TABLE.rows for tag in row.datelines for town in row.towns],
        [form for row in TABLE.rows for form in {*row.aliases, *row.bylines}],
    ):
        assert len(values) == len(set(values))


def test_no_ambiguous_form_is_an_alias():
    assert not WORDS_TOO & {alias for row in TABLE.rows for alias in row.aliases}


def test_agencies_without_datelines_have_no_tag():
    assert [TABLE.tagged(tag) for tag in ("PA", "AAP")] == [None, None]


@pytest.mark.parametrize("form", sorted(WORDS_TOO))
def test_ambiguous_forms_are_never_mentions_in_prose(form):
    assert not list(TABLE.mentions(f"Then {form} said so to the {form}, according to {form}."))


def test_a_mention_is_a_whole_word_in_exact_case():
    mentions = list(TABLE.mentions("Reutersville reuters xReuters Reuters. The Associated Press"))
    assert [(mention.agency.id, mention.start) for mention in mentions] == [("reuters", 30), ("ap", 39)]


def test_subdomains_belong_to_their_agency_and_lookalikes_do_not():
    assert TABLE.of_host("uk.reuters.com").id == "reuters"
    assert TABLE.of_host("notreuters.com") is None
    assert TABLE.of_host("reuters.com.example.org") is None
    assert TABLE.of_host("google.com") is None


def test_an_alternation_tries_the_longest_form_first():
    pattern = re.compile(agencies.alternation(["AP", "AP Staff", "A.P."]))
    assert [pattern.match(text)[0] for text in ("AP Staff", "AP", "A.P.")] == ["AP Staff", "AP", "A.P."]
    assert pattern.match("AxP") is None
