from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from dedup.attribution import names

WORDS = st.text(st.characters(categories=["Ll"], max_codepoint=0x17F), min_size=2, max_size=9)


@pytest.mark.parametrize(
    "spellings",
    [
        ("BREITBART", "www.breitbart.com", "Breitbart", "https://www.breitbart.com/europe/2025/"),
        ("THE STRAITS TIMES", "The Straits Times", "www.straitstimes.com", "straitstimes"),
        ("Daily Mail", "www.dailymail.co.uk", "DAILY MAIL"),
        ("CNN", "edition.cnn.com", "money.cnn.com"),
    ],
)
def test_spellings_of_one_outlet_share_a_key(spellings):
    assert len({names.key(spelling) for spelling in spellings}) == 1


def test_different_outlets_have_different_keys():
    outlets = [
        "The Times",
        "The New York Times",
        "The Straits Times",
        "news.bbc.co.uk",
        "abc.net.au",
        "abcnews.go.com",
    ]
    assert len({names.key(outlet) for outlet in outlets}) == len(outlets)


@pytest.mark.parametrize(
    ("spellings", "shown"),
    [
        (["BREITBART", "www.breitbart.com", "Breitbart"], "Breitbart"),
        (["BREITBART", "www.breitbart.com"], "Breitbart"),
        (["THE STRAITS TIMES", "www.straitstimes.com"], "The Straits Times"),
        (["THE BOSTON GLOBE AND MAIL OF CANADA"], "The Boston Globe and Mail of Canada"),
        (["www.bbc.co.uk", "BBC"], "BBC"),
        (["right-wing-news", "www.rightwingnews.com"], "rightwingnews.com"),
    ],
)
def test_the_best_spelling_is_shown(spellings, shown):
    assert names.display(spellings) == shown
    assert names.display(spellings[::-1]) == shown


@hypothesis.given(st.lists(WORDS, min_size=1, max_size=4))
def test_case_spaces_and_a_leading_article_do_not_count(words):
    name = " ".join(words)
    title = name.title()
    hypothesis.assume(not name.startswith("the") and title.casefold() == name.casefold())
    assert names.key(f"The {title}") == names.key(name.replace(" ", "")) != ""


@pytest.mark.parametrize("text", ["Le Monde", "", "U.S", "http://", "a b.com", "Jane Doe, AP"])
def test_what_is_no_address_has_no_host(text):
    assert names.host(text) is None


def test_a_host_is_found_behind_users_ports_and_paths():
    assert names.host("https://user@www.Example.co.uk:8080/a?b=c.d") == "example.co.uk"
