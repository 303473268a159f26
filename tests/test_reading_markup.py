"""HTML to plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reading import markup

TOKENS = (
    *(
        "<",
        ">",
        '"',
        "'",
        "<a ",
        "<a href=",
        "https://a.example",
        "</a>",
        "<b",
        "<p>",
        "</p>",
        "<br/>",
        "<pre>",
    ),
    *(
        "</pre>",
        "<!--",
        "-->",
        "<!",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script",
        "<svg>",
        "</svg>",
        "/",
        "&",
        "&#",
    ),
    *("9999999999", ";", "&amp;", "&nbsp;", " ", "\n\n", "rain", "é"),
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>One</p>two<div>three<br>four</div>", "One\n\ntwo\n\nthree\n\nfour"),
        ("<p>a</p><p>&nbsp;</p><p> </p><p>b</p>", "a\n\nb"),
        ("<p>a  <b>b </b> <i>c</i>d\n e</p>", "a b cd e"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("<pre>a\n  b\n\nc </pre>d  e", "a\n  b\n\nc\n\nd e"),
        ("<p>a<!-- <p>b</p> -->c</p>", "ac"),
        ("a<!-- never closed <p>b", "a"),
        ("<p>a<script>if (a < b) { '<p>x</p>' }</script>b</p>", "ab"),
        ("<p>a<STYLE type='x'>p {}</STYLE >b</p>", "ab"),
        ("<p>a<svg><title>t</title><svg>u</svg>v</svg>b</p>", "ab"),
        ("<p>a<iframe src='x'/>b</p>", "ab"),
        ("<head><title>t</title></head><body>b</body>", "b"),
        ("<![CDATA[<p>a</p>]]>", "a"),
        ("<p>a<![if !IE]>b<![endif]><?php x ?></p>", "ab"),
        ('<p title="a > b" class=\'"\'>c</p>', "c"),
        ('<p class="a" <b>c</p>', "c"),
        ("<p>I <3 you & x<y, a < b</p>", "I <3 you & x< b"),
        ("a <b", "a <b"),
        ("&lt;p&gt; &#8217; &hellip; &nosuch; &#x1F600;", "<p> ’ … &nosuch; 😀"),
        (f"<p>&#{'9' * 5000};</p>", "\ufffd"),
        ("", ""),
        ("<img src=x>", ""),
    ],
)
def test_html_becomes_its_paragraphs(data, text):
    assert markup.read(data).text == text


@pytest.mark.parametrize(
    ("data", "links"),
    [
        ('<a href="https://a.example">x</a>', [("https://a.example", "x")]),
        ("<p>y</p><A class=b HREF='https://a.example'> <b>x</b> z </A>", [("https://a.example", "x z")]),
        ("<a href=https://a.example/?b&amp;c>x</a>", [("https://a.example/?b&c", "x")]),
        ('<a data-href="no" href="https://a.example">x', [("https://a.example", "x")]),
        (
            '<a href="https://a.example">x<a href="https://b.example">y</a>',
            [("https://a.example", "x"), ("https://b.example", "y")],
        ),
        ("<a href=https://a.example/>x</a>", [("https://a.example/", "x")]),
        ('<a href="https://a.example"><img src="x"></a>y', []),
        ('<a name="here">x</a>', []),
    ],
)
def test_links_have_the_place_of_their_anchor(data, links):
    plain = markup.read(data)
    assert [(link.href, plain.text[link.start : link.end]) for link in plain.links] == links


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_whatever_the_markup_the_text_has_no_blank_ends_and_links_lie_in_it(data):
    plain = markup.read(data)
    assert plain.text == plain.text.strip()
    for link in plain.links:
        assert 0 <= link.start < link.end <= len(plain.text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&")))
def test_a_text_without_markup_stays_as_it_is(text):
    assert markup.read(text).text == text.strip().replace("]]>", "")


@pytest.mark.parametrize(
    "token", ['<a x="', "<a", "<a b='", "<!--", "<![", '<a ">" ', "<script></script", "<svg>"]
)
def test_broken_markup_of_a_megabyte_is_read(token):
    """Each of these takes a parser that looks for the end of every tag anew hours."""
    assert len(markup.read(token * (1_000_000 // len(token))).text) <= 1_000_000
