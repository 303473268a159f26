"""What records say of their texts in further fields."""

from __future__ import annotations

import json

import pytest

from dedup import records, settings
from dedup.reading import fields, margins

TEXT = "The council agreed on the plan after a long debate about the bridge and its costs, on Monday evening."
WANTED = fields.choose(settings.Settings())


def read(**further):
    """Return the margins of a record with these further fields."""
    row = WANTED.decode(json.dumps({"text": TEXT, **further}).encode())
    return [records.Margin(**each) for each in margins.read(row, TEXT, WANTED)]


@pytest.mark.parametrize("role", [role for role in records.MARGINS if role not in {"page", "link"}])
def test_a_further_field_is_read_whole(role):
    for name in records.MARGINS[role]:
        assert read(**{name: "Article from: AFP"}) == [records.Margin(role, name, 0, "Article from: AFP")]


@pytest.mark.parametrize("value", [None, "", " \n", [], {}, 7, [None], {"other": 1}])
def test_a_field_that_says_nothing_is_none(value):
    assert read(supplemental=value) == []


def test_names_in_lists_and_objects_have_no_place():
    assert read(infosources=[{"name": "AFP"}, "dpa"]) == [
        records.Margin("via", "infosources", -1, "AFP"),
        records.Margin("via", "infosources", -1, "dpa"),
    ]


def test_of_a_page_the_parts_beside_the_text_are_kept_with_their_places():
    page = f"Menu\n{'x ' * 400}By Jane Doe\n{TEXT}\n© AFP 2025\n{'y ' * 400}"
    before, after = read(raw_text=page)
    for margin in (before, after):
        assert page[margin.start : margin.start + len(margin.text)] == margin.text
    assert before.text.endswith("By Jane Doe\n")
    assert after.text.startswith("\n© AFP 2025")
    assert "Menu" not in before.text


def test_a_page_that_does_not_hold_the_text_says_nothing():
    assert read(raw_text="Another page altogether.") == []


def test_of_an_html_page_its_markup_is_read():
    page = (
        '<html><head><link rel="canonical" href="https://planet.example/a">'
        '<meta property="og:site_name" content="Planet"><meta name="author" content="Associated Press">'
        '<script>{"author": {"@type": "Organization", "name": "AFP"}}</script></head>'
        '<body><p class="syndicated-credit">Source: Reuters</p></body></html>'
    )
    found = {(margin.role, margin.text) for margin in read(html=page)}
    assert found == {
        ("canonical", "https://planet.example/a"), ("holder", "Planet"), ("author", "Associated Press"),
        ("author", "AFP"), ("note", "Source: Reuters"),
    }  # fmt: skip
    for margin in read(html=page):
        assert page[margin.start : margin.start + len(margin.text)] == margin.text


def test_links_are_kept_with_the_place_of_their_anchor():
    given = [
        {"href": "https://planet.example/a", "start": 4, "end": 11},
        "https://gazette.example/b",
        {"href": 7},
        "no address",
    ]
    assert read(hyperlinks=given) == [
        records.Margin("link", "text", 4, "council", "https://planet.example/a"),
        records.Margin("link", "text", -1, "", "https://gazette.example/b"),
    ]


def test_a_field_that_is_read_for_something_else_is_no_further_one():
    wanted = fields.choose(settings.Settings(text_field="raw_text"))
    assert "raw_text" not in wanted.further.names
