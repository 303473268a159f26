"""Feeds on disk: RSS, RDF and Atom, each item a page; and those that are none."""

from __future__ import annotations

import gzip
import io
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import pipeline, reading, records
from dedup.attribution import rules
from dedup.reading import batches, feeds, paths, pieces
from dedup.settings import Settings

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>The Planet &amp; Post</title>
  <link>https://planet.example</link>
  <atom:link href="https://planet.example/feed" rel="self" type="application/rss+xml"/>
  <copyright>© 2025 Planet Media</copyright>
  <image><title>A logo</title><url>https://planet.example/logo.png</url></image>
  <item>
    <title>Rain &amp;amp; snow: &lt;b>what&amp;#8217;s&lt;/b> next</title>
    <link>https://planet.example/rain</link>
    <guid isPermaLink="false">planet-1</guid>
    <pubDate>Tue, 18 Feb 2025 14:03:00 GMT</pubDate>
    <dc:creator><![CDATA[Jane Ash]]></dc:creator>
    <dc:creator>Bob Birch</dc:creator>
    <source url="https://wire.example/feed">The Wire</source>
    <description>Rain fell on the town all day &#8230;</description>
    <content:encoded><![CDATA[<style>p { margin: 0 }</style><p>Rain fell on the <em>town</em>&nbsp;all day,
      says <a href="https://wire.example/a?b&amp;c">the wire</a>.</p><script>track("<p>")</script>
      <img src="https://planet.example/pixel.gif"><p>Snow followed.<br/>Then hail.</p>]]></content:encoded>
  </item>
  <item>
    <title>A second one</title>
    <guid>https://planet.example/second</guid>
    <author>jane@planet.example (Jane Ash)</author>
    <description>Hail fell.</description>
  </item>
</channel></rss>
"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="text">The Gazette</title>
  <link rel="self" href="https://gazette.example/feed.atom"/>
  <author><name>Gazette Staff</name></author>
  <rights>© Gazette</rights>
  <entry>
    <id>tag:gazette.example,2025:1</id>
    <title type="html">Tea &amp;amp; &lt;i&gt;cake&lt;/i&gt;</title>
    <link rel="enclosure" href="https://gazette.example/a.mp3"/>
    <link rel="alternate" type="text/html" href="https://gazette.example/tea"/>
    <published>2025-02-18T14:03:00Z</published>
    <updated>2025-02-19T08:00:00+01:00</updated>
    <author><name>Ann Elm</name><email>ann@gazette.example</email></author>
    <author><name>Carl Fir</name></author>
    <summary>Tea was served.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
      <h2>At four</h2><p>Tea was served in the <b>hall</b>, with
      <a href="https://cake.example/">cake</a>.</p><ul><li>Milk</li><li>Sugar</li></ul></div></content>
    <source><title>The Original Herald</title><author><name>Nobody</name></author></source>
  </entry>
  <entry>
    <id>tag:gazette.example,2025:2</id>
    <title>Less &lt; more</title>
    <link href="https://gazette.example/less"/>
    <updated>2025-02-20T08:00:00Z</updated>
    <content>Plain &amp; simple: a &lt; b.

Second paragraph.</content>
    <rights>© Agence Exemple</rights>
  </entry>
</feed>
"""

RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://courier.example/"><title>The Courier</title><link>https://courier.example/</link>
    <dc:rights>Courier Press</dc:rights>
    <items><rdf:Seq><rdf:li rdf:resource="https://courier.example/1"/></rdf:Seq></items></channel>
  <item rdf:about="https://courier.example/1">
    <title>Fog</title><link>https://courier.example/1?utm=rss</link><description>Fog lay on the town.</description>
    <dc:date>2025-02-18</dc:date><dc:creator>Dora Oak</dc:creator><dc:source>Fog Agency</dc:source>
  </item>
</rdf:RDF>
"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads bytes or text as a file of a name, and gives its rows and the log."""

    def run(data, name="feed.xml", settings=None):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        log = reading.ReadingLog()
        found = list(reading.read([str(path)], settings or Settings(), log))
        return [row for batch in found for row in batch.to_pylist()], log

    return run


def channel(*items, title="Planet"):
    """Return a feed of these items."""
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def described(text, more=""):
    """Return an item with a description, as XML has it."""
    return f"<item>{more}<description>{text}</description></item>"


def rejects(log):
    return [(reject.line, reject.reason) for reject in log.rejects]


def margins(row):
    return [records.Margin(**each) for each in row["margins"]]


def test_an_item_of_rss_is_a_page_with_all_that_it_says(read):
    (row, _), log = read(RSS)
    text = "Rain fell on the town all day, says the wire.\n\nSnow followed.\n\nThen hail."
    assert row.pop("source_path").endswith("feed.xml")
    assert row.pop("margins")
    assert row == {
        "page_id": "planet-1",
        "line": 1,
        "title": "Rain & snow: what’s next",
        "outlet": "The Planet & Post",
        "url": "https://planet.example/rain",
        "byline": "Jane Ash, Bob Birch",
        "published": "2025-02-18T14:03:00+00:00",
        "warnings": [],
        "text": text,
    }
    assert (log.n_files, log.n_records, log.size_bytes, log.rejects) == (1, 2, len(RSS.encode()), [])


def test_the_margins_of_an_item_quote_what_stands_in_its_fields(read):
    (row, other), _ = read(RSS)
    assert margins(row) == [
        records.Margin("note", "copyright", 0, "© 2025 Planet Media"),
        records.Margin("via", "rss_source", 0, "The Wire"),
        records.Margin("link", "text", 36, "the wire", "https://wire.example/a?b&c"),
    ]
    assert row["text"][36:44] == "the wire"
    assert margins(other) == [records.Margin("note", "copyright", 0, "© 2025 Planet Media")]


def test_an_item_without_a_link_has_the_address_of_its_guid_and_without_a_name_only_that_of_its_author(read):
    (_, row), _ = read(RSS)
    assert (row["page_id"], row["url"], row["byline"]) == (
        "https://planet.example/second",
        "https://planet.example/second",
        "Jane Ash",
    )


def test_entries_of_atom_are_pages(read):
    (row, other), log = read(ATOM, "feed.atom")
    assert log.rejects == []
    assert row["text"] == "At four\n\nTea was served in the hall, with cake.\n\nMilk\n\nSugar"
    shown = ("page_id", "title", "outlet", "url", "byline", "published")
    assert [row[name] for name in shown] == [
        *("tag:gazette.example,2025:1", "Tea & cake", "The Gazette", "https://gazette.example/tea"),
        *("Ann Elm, Carl Fir", "2025-02-18T14:03:00+00:00"),
    ]
    assert other["text"] == "Plain & simple: a < b.\n\nSecond paragraph."
    assert [other[name] for name in shown] == [
        *("tag:gazette.example,2025:2", "Less < more", "The Gazette", "https://gazette.example/less"),
        *("Gazette Staff", "2025-02-20T08:00:00+00:00"),
    ]


def test_of_atom_the_source_the_rights_and_when_an_entry_was_modified_are_margins(read):
    (row, other), _ = read(ATOM, "feed.atom")
    assert margins(row) == [
        records.Margin("note", "rights", 0, "© Gazette"),
        records.Margin("via", "rss_source", 0, "The Original Herald"),
        records.Margin("link", "text", 42, "cake", "https://cake.example/"),
        records.Margin("modified", "updated", 0, "2025-02-19T08:00:00+01:00"),
    ]
    assert margins(other) == [records.Margin("note", "rights", 0, "© Agence Exemple")]


def test_items_of_rdf_are_pages(read):
    (row,), log = read(RDF, "feed.rdf")
    assert log.rejects == []
    assert [row[name] for name in ("page_id", "title", "outlet", "url", "byline", "published", "text")] == [
        *("https://courier.example/1", "Fog", "The Courier", "https://courier.example/1?utm=rss", "Dora Oak"),
        *("2025-02-18", "Fog lay on the town."),
    ]
    assert margins(row) == [
        records.Margin("note", "dc:rights", 0, "Courier Press"),
        records.Margin("via", "dc:source", 0, "Fog Agency"),
    ]


def test_each_margin_has_a_name_that_evidence_can_have(read):
    rows = read(RSS)[0] + read(ATOM)[0] + read(RDF)[0]
    named = {margin.field for row in rows for margin in margins(row)}
    assert len(named) == 7
    assert named <= set(rules.FIELDS)


@pytest.mark.parametrize(
    "root",
    [
        '<rss version="0.91">',
        '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss version="0.91">',
        '<rss version="2.0" xmlns="http://backend.userland.com/rss2">',
        '<rss version="2.0" xmlns="https://nobody.example/knows">',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">',
    ],
)
def test_older_forms_of_rss_are_read(read, root):
    end = "</rdf:RDF>" if "rdf:" in root else "</rss>"
    item = "<item><title>Rain</title><link>https://a.example/1</link><description>Rain fell.</description></item>"
    (row,), log = read(f"{root}<channel><title>Planet</title></channel>{item}{end}")
    assert (row["page_id"], row["outlet"], row["text"]) == ("https://a.example/1", "Planet", "Rain fell.")
    assert log.rejects == []


@pytest.mark.parametrize(
    "root",
    [
        ("feed", ""),
        ("atom:feed", ' xmlns:atom="http://www.w3.org/2005/Atom"'),
        ("ns0:feed", ' xmlns:ns0="http://www.w3.org/2005/Atom"'),
        ("feed", ' version="0.3" xmlns="http://purl.org/atom/ns#"'),
    ],
)
def test_a_namespace_counts_by_its_address_and_not_by_its_prefix(read, root):
    name, declared = root
    prefix = name.removesuffix("feed")
    entry = f"<{prefix}entry><{prefix}summary>Rain.</{prefix}summary></{prefix}entry>"
    (row,), log = read(f"<{name}{declared}><{prefix}title>Planet</{prefix}title>{entry}</{name}>")
    assert (row["text"], row["outlet"], log.rejects) == ("Rain.", "Planet", [])


def test_elements_of_other_namespaces_are_not_taken_for_those_of_the_item(read):
    media = (
        '<media:title xmlns:media="http://search.yahoo.com/mrss/">A photo</media:title>'
        '<m:description xmlns:m="http://search.yahoo.com/mrss/">A caption, longer than the text.</m:description>'
    )
    (row,), _ = read(channel(described("Rain fell.", media)))
    assert (row["title"], row["text"]) == (None, "Rain fell.")


def test_a_prefix_that_nobody_declared_is_known_by_custom(read):
    (row,), log = read(channel(described("Rain.", "<content:encoded>Rain fell.</content:encoded>")))
    assert (row["text"], log.rejects) == ("Rain fell.", [])


def test_the_longest_text_counts(read):
    item = "<content:encoded>Short.</content:encoded><description>&lt;p>Much longer than that.&lt;/p></description>"
    (row,), _ = read(channel(f"<item>{item}</item>"))
    assert row["text"] == "Much longer than that."


def test_an_entry_may_be_a_file_by_itself(read):
    (row,), _ = read('<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><content>Rain.</content></entry>')
    assert (row["page_id"], row["outlet"], row["text"]) == ("1", None, "Rain.")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<content type="html">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</content>', "a & b"),
        ("<content>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</content>", "a & b"),
        ('<content type="text">if a &lt;b then c</content>', "if a <b then c"),
        ('<content type="text/html" mode="escaped">a&lt;br>b</content>', "a\n\nb"),
        ('<content mode="base64">PHA+</content><summary>Rain.</summary>', "Rain."),
        ('<content type="image/png">iVBORw0KGgo</content><summary>A picture.</summary>', "A picture."),
        (
            '<content src="https://a.example/1"/><summary type="html">See &lt;i>there&lt;/i>.</summary>',
            "See there.",
        ),
    ],
)
def test_text_of_atom_is_what_its_type_says(read, inner, text):
    (row,), _ = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{inner}</entry></feed>')
    assert row["text"] == text


@pytest.mark.parametrize("name", ["a.rss", "a.atom", "a.rdf", "a.xml", "A.XML.gz", "a.rss.gz"])
def test_a_folder_with_feeds_is_read(tmp_path, name):
    data = RSS.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    log = reading.ReadingLog()
    (batch,) = reading.read([str(tmp_path)], Settings(), log)
    assert batch.column("page_id").to_pylist() == ["planet-1", "https://planet.example/second"]
    assert (log.skipped, log.rejects) == ([f"{tmp_path}/a.png"], [])


@pytest.mark.parametrize(
    "start", ["", "\ufeff", "\n \t", '<?xml version="1.0"?>', '\n<?xml version="1.0"?>\n<!-- . -->']
)
@pytest.mark.parametrize("name", ["dump", "feed.xml"])
def test_a_feed_that_is_named_is_known_by_its_first_characters(read, start, name):
    (row,), log = read(start + channel(described("Rain fell.")), name)
    assert (row["page_id"], row["text"], log.rejects) == (f"{name}:1", "Rain fell.", [])


def test_standard_input_may_be_a_feed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(RSS.encode()))))
    log = reading.ReadingLog()
    (batch,) = reading.read(["-"], Settings(), log)
    assert batch.column("page_id").to_pylist() == ["planet-1", "https://planet.example/second"]


@pytest.mark.parametrize("text", ["<p>Rain fell.</p>", "<feedback>Rain</feedback>", "< rss>", "<html><body>"])
def test_what_begins_otherwise_is_a_text(read, text):
    (row,), _ = read(text, "dump")
    assert row["text"] == text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("iso-8859-1", "ISO-8859-1"),
        ("windows-1252", "iso-8859-1"),
        ("windows-1252", "us-ascii"),
        ("windows-1252", "Windows-1252"),
        ("utf-8", "utf-16"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-8", "UTF8"),
        ("big5", "big5"),
        ("gb18030", "gb2312"),
        ("shift_jis", "Shift_JIS"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_the_encoding_is_what_the_file_says(read, encoding, declared):
    letters = {
        "iso-8859-1": "Grüße à Łódź",
        "big5": "雨",
        "gb18030": "雨",
        "shift_jis": "雨",
        "koi8-r": "Дождь",
    }
    text = letters.get(encoding, "Grüße – “à”").replace("Łódź", "Orléans")
    feed = f"<?xml version='1.0' encoding='{declared}'?>\n{channel(described(text), title=text)}"
    (row,), log = read(feed.encode(encoding))
    assert (row["text"], row["outlet"], log.rejects) == (text, text, [])


def test_letters_that_html_names_are_known_without_a_declaration(read):
    (row,), log = read(channel(described("caf&eacute;&nbsp;au lait &unknown; &amp;copy; A&amp;amp;B")))
    assert (row["text"], log.rejects) == ("café\xa0au lait &unknown; © A&B", [])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("One\n\nTwo\nthree", "One\n\nTwo\nthree"),
        ("One &lt;b>bold&lt;/b>\n\nTwo", "One bold\n\nTwo"),
        ("&lt;p>One\n\nstill one&lt;/p>", "One still one"),
        ("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold"),
        ("AT&amp;T and AT&amp;amp;T", "AT&T and AT&T"),
        ("3 &lt; 4 and 5 > 2", "3 < 4 and 5 > 2"),
    ],
)
def test_a_description_is_html_whose_lines_count_only_where_nothing_else_parts_it(read, text, plain):
    (row,), _ = read(channel(described(text)))
    assert row["text"] == plain


@pytest.mark.parametrize(
    ("said", "published", "warnings"),
    [
        ("<pubDate>Tue, 18 Feb 2025 09:03:00 EST</pubDate>", "2025-02-18T09:03:00-05:00", []),
        ("<pubDate>\n18 Feb 2025 14:03 +0100 </pubDate>", "2025-02-18T14:03+01:00", []),
        ("<dc:date>2025-02-18T14:03Z</dc:date>", "2025-02-18T14:03+00:00", []),
        ("<atom:updated>2025-02-18T14:03:00Z</atom:updated>", "2025-02-18T14:03:00+00:00", []),
        ("<pubDate> </pubDate><dc:date>2025-02-18</dc:date>", "2025-02-18", []),
        ("<pubDate>yesterday</pubDate>", None, ['date "yesterday" is not understood']),
        ("", None, []),
    ],
)
def test_dates_are_understood_or_a_warning(read, said, published, warnings):
    (row,), _ = read(channel(described("Rain fell.", said)))
    assert (row["published"], row["warnings"]) == (published, warnings)


def test_the_address_behind_a_counting_service_counts(read):
    said = (
        "<link>https://feeds.counter.example/1</link>"
        "<feedburner:origLink>https://planet.example/1</feedburner:origLink>"
    )
    (row,), _ = read(channel(described("Rain fell.", said)))
    assert row["url"] == "https://planet.example/1"


def test_a_guid_that_is_no_address_is_none(read):
    item = described("Rain fell.", "<guid>planet-7</guid>")
    other = described("Snow fell.", '<guid isPermaLink="false">https://planet.example/?p=8</guid>')
    rows, _ = read(channel(item, other))
    assert [(row["page_id"], row["url"]) for row in rows] == [
        ("planet-7", None),
        ("https://planet.example/?p=8", None),
    ]


def test_a_source_that_has_no_name_is_told_by_its_address(read):
    (row,), _ = read(channel(described("Rain.", '<source url="https://wire.example/feed"/>')))
    assert margins(row) == [records.Margin("via", "rss_source", -1, "https://wire.example/feed")]


def test_a_margin_quotes_white_space_as_it_stands(read):
    (row,), _ = read(channel(described("Rain.", "<source>\n The Wire </source>")))
    assert margins(row) == [records.Margin("via", "rss_source", 0, "\n The Wire ")]


def test_pages_of_one_guid_are_one_article_and_a_reject_that_names_both_items(tmp_path, dedup_command):
    items = [described(f"Rain fell on the town for {n} days.", "<guid>one</guid>") for n in (3, 4)]
    (tmp_path / "a.rss").write_text(channel(*items, described("Snow fell.")), encoding="utf-8")
    done = dedup_command("scan", tmp_path / "a.rss", "--out", tmp_path / "out", "--format", "csv")
    assert done.returncode == 3, done.stderr
    (reject,) = (tmp_path / "out" / "rejects.csv").read_text().splitlines()[1:]
    assert "a.rss:1, which was kept" in reject or "a.rss:2, which was kept" in reject
    assert len((tmp_path / "out" / "articles.csv").read_text().splitlines()) == 3


def test_what_a_scan_quotes_of_feeds_stands_there_when_they_are_read_again(tmp_path):
    story = " ".join(f"The council of town {n} agreed on Tuesday to widen bridge {n}." for n in range(12))
    site = "&lt;a href='https://daily.example'>Daily Planet&lt;/a>"
    post = f"&lt;p>The post &lt;b>Bridges&lt;/b> appeared first on {site}."
    for name, more in (("Daily Planet", ""), ("Gazette", "<source>Daily Planet</source>")):
        item = described(f"&lt;p>{story}&lt;/p>{post}", f"<guid>{name}</guid>{more}")
        (tmp_path / f"{name}.rss").write_text(channel(item, title=name), encoding="utf-8")
    result = dedup.scan(tmp_path, threads=1)
    (cluster,) = result.clusters.to_pylist()
    assert (cluster["origin_name"], cluster["level"]) == ("Daily Planet", "stated")
    evidence = result.evidence.to_pylist()
    (said,) = [piece for piece in evidence if piece["field"] == "rss_source"]
    assert (said["article_id"], said["start"], said["end"], said["quote"]) == (
        "Gazette",
        0,
        12,
        "Daily Planet",
    )
    again = pipeline.reread(["Daily Planet", "Gazette"], result.articles, Settings(), result.run.folder)
    quoted = [piece for piece in evidence if piece["field"] == "text"]
    assert quoted
    for piece in quoted:
        text = again[piece["article_id"]].page_text
        assert text[piece["start"] : piece["end"]] == piece["quote"]


def test_the_settings_that_name_fields_of_json_have_no_say(read):
    (row, _), _ = read(RSS, settings=Settings(text_field="summary", id_field="nr", outlet_field="channel"))
    assert row["page_id"] == "planet-1"
    assert row["outlet"] == "The Planet & Post"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (
            "<item><title>Rain</title></item>",
            'no text: the item has none of "content:encoded", "content", "description", "summary"',
        ),
        (described(" \n"), 'no text: "description" holds none: ""'),
        (described('&lt;img src="a.png">'), 'no text: "description" holds none: "<img src=\\"a.png\\">"'),
        ("<item/>", 'no text: the item has none of "content:encoded", "content", "description", "summary"'),
    ],
)
def test_an_item_without_text_is_a_reject_with_its_number(read, item, reason):
    rows, log = read(channel(described("Rain fell."), item, described("Snow fell.")))
    assert [(row["page_id"], row["line"]) for row in rows] == [("feed.xml:1", 1), ("feed.xml:3", 3)]
    assert rejects(log) == [(2, reason)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "file is empty"),
        (" \n", "file holds no item: only white space"),
        ("\ufeff\n", "file holds no item: only white space"),
        (channel(), "file holds no item: the feed is empty"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "file holds no item: the feed is empty"),
        (
            '<?xml version="1.0"?><urlset><url/></urlset>',
            'XML, but no feed: its root element is "urlset", not "rss", "rdf:RDF" or "feed"',
        ),
        (
            "<!DOCTYPE html><html><p>Not found<br></html>",
            'XML, but no feed: its root element is "html", not "rss", "rdf:RDF" or "feed"',
        ),
        (
            '{"text": "Rain fell."}',
            "not well-formed XML: not well-formed (invalid token) in line 1, column 1",
        ),
        ("\n<rss><channel>", "not well-formed XML: no element found in line 2, column 15"),
        (
            "<?xml version='1.0' encoding='klingon'?><rss/>",
            'no such encoding: "klingon"; save it as UTF-8',
        ),
        ("<?xml version='1.0' encoding='hex'?><rss/>", 'no such encoding: "hex"; save it as UTF-8'),
    ],
)
def test_a_file_without_an_item_is_one_reject_that_says_why(read, data, reason):
    rows, log = read(data)
    assert rows == []
    assert rejects(log) == [(None, reason)]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">',
        '<!ENTITY xxe SYSTEM "file:///etc/passwd">',
        '<!ENTITY % dtd SYSTEM "https://evil.example/a.dtd"> %dtd;',
    ],
)
def test_a_feed_that_declares_entities_is_refused(read, declaration):
    bomb = f"<?xml version='1.0'?><!DOCTYPE rss [{declaration}]>{channel(described('&lol2;&xxe;'))}"
    rows, log = read(bomb)
    assert rows == []
    ((line, reason),) = rejects(log)
    assert line is None
    assert reason.startswith('a feed must declare no entities: "')


def test_a_feed_that_declares_defaults_of_attributes_is_refused(read):
    rows, log = read(f'<!DOCTYPE rss [<!ATTLIST item a CDATA "{"x" * 1000}">]>{channel(described("Rain."))}')
    assert rows == []
    assert rejects(log) == [(None, 'a feed must declare no attributes: "a" of "item"; take its DOCTYPE out')]


def test_a_feed_that_is_not_well_formed_gives_its_items_up_to_the_place(read):
    whole = channel(
        described("Rain fell."), "<item/>", "\n<item><title>Q & A</title></item>", described("Snow.")
    )
    rows, log = read("\n\n" + whole)
    assert [row["text"] for row in rows] == ["Rain fell."]
    wrong = "not well-formed XML: not well-formed (invalid token) in line 4, column 17; what follows is lost"
    assert rejects(log)[1:] == [(3, wrong)]


def test_a_feed_in_another_encoding_than_it_says_gives_its_items_up_to_the_place(read):
    rows, log = read(channel(described("Rain fell."), "\n" + described("caf\xe9")).encode("latin-1"))
    assert [row["text"] for row in rows] == ["Rain fell."]
    todo = "name its encoding in its first line, or save it as UTF-8"
    assert rejects(log) == [(2, f"not UTF-8: byte 0xe9 in line 2; {todo}; what follows is lost")]


def test_a_gz_feed_that_was_cut_gives_its_items_up_to_the_place(read):
    items = [
        described(f"Rain fell on day {n}, said {random.Random(n).random()} of the ü.") for n in range(2000)
    ]
    data = gzip.compress(channel(*items).encode())
    rows, log = read(data[: len(data) // 2], "feed.xml.gz")
    assert 100 < len(rows) < 2000
    assert rejects(log) == [
        (len(rows) + 1, "gzip data are damaged: they end too early; what follows is lost")
    ]


def test_a_feed_over_the_limit_is_a_reject(read, monkeypatch):
    monkeypatch.setattr(batches, "MAX_RECORD_BYTES", 100)
    rows, log = read(RSS)
    assert rows == []
    assert rejects(log) == [(None, "a feed must be <= 100 bytes")]


def test_elements_may_be_nested_to_any_depth(read):
    inner = "<b>" * 100_000 + "Rain." + "</b>" * 100_000
    (row,), log = read(channel(described(inner)))
    assert (row["text"], log.rejects) == ("Rain.", [])


def test_a_title_of_a_feed_that_is_no_title_is_cut(read):
    (row,), _ = read(channel(described("Rain."), title="x" * 100_000))
    assert row["outlet"] == "x" * 500


@given(st.integers(0, len(RSS)), st.text(max_size=8), st.integers(0, 60))
def test_a_damaged_feed_is_pages_and_rejects_and_never_an_error(start, patch, n_lost):
    data = (RSS[:start] + patch + RSS[start + n_lost :]).encode("utf-8", "surrogatepass")
    source = paths.Source("a.xml", "a.xml", "a.xml", "feed")
    found = feeds.pages(pieces.Feed(source, data, None))
    batch = found.batch()
    assert batch.pages.num_rows or batch.rejects
    for row in batch.pages.to_pylist():
        assert row["text"].strip() == row["text"]
        for margin in margins(row):
            assert margin.role != "link" or row["text"][margin.start :].startswith(margin.text)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_a_reject_or_pages(data):
    source = paths.Source("a.xml", "a.xml", "a.xml", "feed")
    found = feeds.pages(pieces.Feed(source, b"<rss><item><description>Rain" + data, None))
    assert found.rejects
