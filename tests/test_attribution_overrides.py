"""What users know better: their agencies and outlets, and their overrides."""

from __future__ import annotations

import pytest

from dedup import attribution, errors, records
from tests import attribution_cases as cases
from tests.attribution_cases import BODY

REUTERS = f"PARIS, May 5 (Reuters) - {BODY}"


def written(folder, text):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def verdict(folder, text, *stories, identity="c1"):
    """Return the verdict on a cluster under these overrides."""
    asked = records.Cases.of([cases.case(*stories)])
    asked = records.Cases(
        asked.offsets, asked.stories, asked.shares, asked.containers, asked.spans, asked.extents, ids=[identity]
    )  # fmt: skip
    known = attribution.load_overrides(written(folder, text))
    return attribution.attribute_all(asked, cases.AGENCIES, known_better=known).verdict(0)


def test_an_override_of_a_cluster_wins_and_is_shown(tmp_path):
    text = '[[cluster]]\nid = "c1"\norigin = "Daily Planet"\nkind = "agency"\nreason = "asked the desk"\n'
    given = verdict(tmp_path, text, cases.story(REUTERS, outlet="Gazette"))
    assert (given.origin_name, given.origin_kind, given.level) == ("Daily Planet", "agency", "stated")
    assert [(piece.rule, piece.family) for piece in given.evidence if piece.candidate == "Daily Planet"] == [
        ("override_cluster", "override")
    ]


def test_an_override_may_name_nobody(tmp_path):
    given = verdict(tmp_path, '[[cluster]]\nid = "c1"\norigin = ""\n', cases.story(REUTERS, outlet="Gazette"))
    assert (given.origin_name, given.level) == (None, "undetermined")


def test_an_override_finds_its_cluster_by_an_article(tmp_path):
    text = '[[cluster]]\narticle = "b"\norigin = "Daily Planet"\n'
    stories = (cases.story(REUTERS, "a", outlet="Gazette"), cases.story(BODY, "b", outlet="Herald"))
    assert verdict(tmp_path, text, *stories).origin_name == "Daily Planet"


def test_an_override_of_an_outlet_speaks_of_its_pages(tmp_path):
    text = '[[outlet]]\nname = "Gazette"\norigin = "Daily Planet"\n'
    given = verdict(tmp_path, text, cases.story(REUTERS, outlet="Gazette"))
    assert (given.origin_name, given.level) == ("Daily Planet", "stated")
    assert verdict(tmp_path, text, cases.story(REUTERS, outlet="Herald")).origin_name == "Reuters"


def test_overrides_that_disagree_leave_it_open(tmp_path):
    text = '[[cluster]]\narticle = "a"\norigin = "Reuters"\n[[cluster]]\narticle = "b"\norigin = "Daily Planet"\n'
    stories = (cases.story(REUTERS, "a", outlet="Gazette"), cases.story(BODY, "b", outlet="Herald"))
    given = verdict(tmp_path, text, *stories)
    assert (given.origin_name, given.level) == (None, "conflicting")
    assert set(given.co_origins) == {"Reuters", "Daily Planet"}
    assert given.warnings[0].startswith("overrides name different origins: ")


def test_an_override_is_no_words_of_a_page(tmp_path):
    text = '[[cluster]]\nid = "c1"\norigin = "Daily Planet"\nreason = "asked the desk"\n'
    stories = (cases.story(BODY, "a", outlet="Gazette"), cases.story(REUTERS, "b", outlet="Herald"))
    given = verdict(tmp_path, text, *stories)
    assert given.immediate_sources == (None, "Reuters")
    (piece,) = [piece for piece in given.evidence if piece.family == "override"]
    assert (piece.field, piece.quote) == (None, "asked the desk")


def test_nobody_by_an_override_has_no_hint(tmp_path):
    text = '[[cluster]]\nid = "c1"\norigin = ""\n'
    assert verdict(tmp_path, text, cases.story(REUTERS, outlet="Gazette")).runner_up is None


def test_a_users_tag_is_read_before_the_same_of_another(tmp_path):
    text = '[[agency]]\nid = "x"\nname = "Acme Press"\nkind = "agency"\ndatelines = ["AP"]\n'
    assert attribution.load_agencies(written(tmp_path, text)).tagged("AP").name == "Acme Press"


@pytest.mark.parametrize("load", [attribution.load_agencies, attribution.load_overrides])
def test_a_file_in_another_encoding_is_told_and_a_mark_at_its_start_is_none(tmp_path, load):
    path = tmp_path / "own.toml"
    path.write_bytes("# ü".encode("latin-1"))
    with pytest.raises(errors.SettingError, match="must be UTF-8: byte 0xfc at 2"):
        load(str(path))
    path.write_bytes("\ufeff# ü".encode())
    load(str(path))


def test_an_override_of_a_rule_may_turn_it_off_on_one_outlets_pages(tmp_path):
    text = '[[rule]]\nname = "agency_dateline"\nweight = 0\noutlet = "Gazette"\n'
    off = verdict(tmp_path, text, cases.story(REUTERS, outlet="Gazette"))
    assert off.origin_name is None
    assert "agency_dateline" in cases.rules_of(off, "citation")
    assert verdict(tmp_path, text, cases.story(REUTERS, outlet="Herald")).origin_name == "Reuters"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[cluster]]\norigin = "X"\n', 'either "id" or "article"'),
        ('[[cluster]]\nid = "c1"\narticle = "a"\norigin = "X"\n', 'either "id" or "article"'),
        ('[[cluster]]\nid = "c1"\norign = "X"\n', 'did you mean "origin"?'),
        ('[[passage]]\nid = "c1"\norigin = "X"\n', "begins with \"p\": 'c1'"),
        ('[[rule]]\nname = "override_cluster"\nweight = 1\n', "'override_cluster'"),
        ('[[rule]]\nname = "agency_datelin"\nweight = 1\n', 'did you mean "agency_dateline"?'),
        (2 * '[[rule]]\nname = "agency_dateline"\nweight = 1\n', "it has two"),
        ('[[cluster]]\nid = "c1"\n', '"origin"'),
        ('[[cluster]]\nid = "c1"\norigin = 7\n', '"origin" must be a string: 7'),
        ('[[cluster]]\nid = "c1"\norigin = "X"\nkind = "wire"\n', '"kind" must be one of agency'),
        ('[[rule]]\nname = "no_rule"\nweight = 1\n', "'no_rule'"),
        ('[[rule]]\nname = "agency_dateline"\nweight = 99\n', "from -20 to 20: 99"),
        ('[[feed]]\nname = "X"\n', "feed"),
        ("cluster = 7\n", "cluster"),
        ("[[", "cannot be read"),
    ],
)
def test_a_wrong_override_is_told_with_the_thing_the_rule_and_the_value(tmp_path, text, told):
    with pytest.raises(errors.SettingError) as caught:
        attribution.load_overrides(written(tmp_path, text))
    assert told in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_a_users_agency_and_outlet_are_known(tmp_path):
    text = """
[[agency]]
id = "pap"
name = "Polska Agencja Prasowa"
kind = "agency"
aliases = ["PAP"]
datelines = ["PAP"]

[[outlet]]
name = "Daily Planet"
aliases = ["Planet Online"]
domains = ["planet.example"]
owner = "Planet Group"
"""
    table = attribution.load_agencies(written(tmp_path, text))
    assert table.version.startswith(cases.AGENCIES.version + "+")
    assert table.tagged("PAP").name == "Polska Agencja Prasowa"
    assert table.outlet("https://www.planet.example/a").name == "Daily Planet"
    assert table.outlet("planet online").owner == "Planet Group"
    assert table.tagged("AFP").name == "Agence France-Presse"
    given = attribution.attribute(cases.case(cases.story(f"WARSZAWA (PAP) - {BODY}")), table)
    assert (given.origin_name, given.origin_kind) == ("Polska Agencja Prasowa", "agency")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[agency]]\nid = "x"\nname = "X"\nkind = "wire"\n', '"kind" of "x" must be one of agency'),
        ('[[agency]]\nid = "x"\nname = "X"\nkind = "agency"\naliases = "X"\n', "a list of strings: 'X'"),
        ('[[agency]]\nid = "x"\nkind = "agency"\n', 'must have "name": id'),
        (2 * '[[agency]]\nid = "x"\nname = "X"\nkind = "agency"\n', "it has two"),
        ('[[outlet]]\nname = "X"\ndomains = ["https://x.example/"]\n', "must be a host"),
        ('[[agency]]\nid = "x"\nname = "X"\nkind = "agency"\nnative = ["("]\n', "a regular expression"),
        ('[[agency]]\nid = "x"\nname = "X"\nkind = "agency"\nnative = ["X"]\n', 'a group "tag"'),
        (
            '[[outlet]]\nname = "X"\nhosts = ["x.example"]\n',
            'must be one of name, aliases, domains, owner: "hosts"',
        ),
        ('[[feed]]\nname = "X"\n', "feed"),
        ("[[", "cannot be read"),
    ],
)
def test_a_wrong_table_is_told_with_the_thing_the_rule_and_the_value(tmp_path, text, told):
    with pytest.raises(errors.SettingError) as caught:
        attribution.load_agencies(written(tmp_path, text))
    assert told in str(caught.value)
