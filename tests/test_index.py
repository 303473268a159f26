"""The standing index, as a user of the library holds it."""

from __future__ import annotations

import json
import sqlite3

import pytest

from dedup import errors
from dedup.index import schema, standing
from dedup.settings import Settings
from tests import archives

STORY = (
    "PARIS, Feb 3 (Reuters) - The ministers met for the third time this year and agreed on a plan for the price "
    "of grain, which had doubled since the harvest failed in the east of the country. They will meet again in May, "
    "when the first figures of the new sowing are known. Farmers asked for help with the price of oil and of seed, "
    "and were promised an answer before the end of the month, the spokesman of the ministry said on Monday."
)
OTHER = (
    "A storm took the roofs of four houses in the old harbour on Sunday night, and the ferry to the islands stayed "
    "where it was until the morning. Nobody was hurt, the mayor said, and the power came back before noon."
)


@pytest.fixture
def index(tmp_path):
    """Return an open index of two articles."""
    records = [
        {"id": "first", "text": STORY, "outlet": "Courier", "published": "2024-02-03", "title": "Grain"},
        {"id": "storm", "text": OTHER, "outlet": "Herald", "published": "2024-02-04", "title": "Storm"},
    ]
    with standing.Index(tmp_path / "index.dedup", threads=1) as held:
        held.add(archives.write(records, tmp_path / "first.jsonl"))
        yield held


def test_a_copy_is_seen_before_with_its_article_and_whose_it_is(index):
    finding = index.check_text(STORY, page_id="new", outlet="Post", published="2024-02-05")
    assert finding.seen
    assert not finding.known
    (match,) = finding.matches
    assert (match.article_id, match.relation, match.share, match.their_share) == ("first", "copy", 1.0, 1.0)
    assert (match.outlet, match.published, match.title) == ("Courier", "2024-02-03", "Grain")
    (whose,) = finding.whose
    assert (whose.origin_name, whose.level, whose.n_articles) == ("Reuters", "stated", 2)
    assert "PARIS, Feb 3 (Reuters)" in {quote.quote for quote in whose.evidence}


def test_the_passages_of_a_match_stand_in_both_texts(index):
    sentence = STORY.split(". ")[1]
    text = (
        f"{OTHER[:60]}, said nobody.\n\nEarlier reports said: {sentence}, according to the ministry in Paris."
    )
    found = {match.article_id: match.passages for match in index.check_text(text, page_id="new").matches}
    assert found["first"]
    for passage in found["first"]:
        assert text[passage.start : passage.end] == passage.text
        assert STORY[passage.their_start : passage.their_end] == passage.their_text
        assert sentence[5:-5] in passage.text


def test_of_a_large_cluster_the_index_says_whose_it_is(index, tmp_path):
    copies = [{"id": f"c{i:02}", "text": STORY, "outlet": f"Paper {i}"} for i in range(30)]
    index.add(archives.write(copies, tmp_path / "copies.jsonl"))
    (whose,) = index.check_text(STORY, page_id="new").whose
    (cluster,) = index.store.rows("SELECT cluster_id, origin_name FROM clusters WHERE n_articles > 20")
    assert (whose.cluster_id, whose.origin_name, whose.n_articles) == (*cluster, 32)
    (known,) = index.check_text(STORY, page_id="c07", outlet="Paper 7").whose
    assert known.n_articles == 31


def test_a_story_that_is_like_nothing_is_new(index):
    finding = index.check_text(
        "Nothing of this has ever stood in a paper, and nobody will print it again either."
    )
    assert not finding.seen
    assert finding.matches == ()


def test_an_article_that_the_index_holds_is_known_and_no_match_of_itself(index):
    finding = index.check_text(STORY, page_id="first", title="Grain")
    assert (finding.known, finding.seen, finding.matches) == (True, True, ())


def test_another_text_of_an_id_that_the_index_holds_is_a_story_of_its_own(index):
    finding = index.check_text(STORY, page_id="storm")
    assert (finding.article_id, finding.known) == ("storm", False)
    assert [match.article_id for match in finding.matches] == ["first"]


def test_checking_writes_nothing(index):
    before = index.store.path.read_bytes()
    index.check_text(STORY, page_id="new")
    assert len(index) == 2
    assert index.store.path.read_bytes() == before


def test_a_text_to_check_must_have_words_and_known_fields(index):
    with pytest.raises(errors.UsageError, match="must not be empty"):
        index.check_text("  \n")
    with pytest.raises(errors.UsageError, match='"colour" is no field of a text: they are page_id, title'):
        index.check_text(STORY, colour="red")


def test_a_page_of_several_stories_gives_a_finding_for_each(index, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        f"POST | Published February 5, 2024\n\n{STORY}\n\nHERALD | Published February 6, 2024\n\n{OTHER}\n",
        encoding="utf-8",
    )
    checked = index.check(page)
    assert [finding.article_id for finding in checked.findings] == ["page.txt#1", "page.txt#2"]
    assert [[match.article_id for match in finding.matches] for finding in checked.findings] == [
        ["first"],
        ["storm"],
    ]


def test_what_is_there_already_is_left_as_it_is(index, tmp_path):
    told = index.add(tmp_path / "first.jsonl")
    assert (told.n_articles, told.n_known, told.n_held, told.rejects) == (0, 2, 2, [])


def test_of_two_texts_of_one_id_the_content_decides_as_in_a_scan(tmp_path):
    import dedup

    records = [{"id": "one", "text": STORY}, {"id": "one", "text": OTHER}, {"id": "two", "text": STORY[:200]}]
    kept = dedup.scan(archives.write(records, tmp_path / "all.jsonl")).articles["n_words"].to_pylist()
    for number, order in enumerate(([0, 1, 2], [1, 2, 0], [2, 0, 1])):
        with standing.Index(tmp_path / f"index-{number}", threads=1) as index:
            rejects = []
            for place in order:
                rejects += index.add(archives.write([records[place]], tmp_path / "batch.jsonl")).rejects
            words = [
                count for (count,) in index.store.rows("SELECT n_words FROM stories ORDER BY article_id")
            ]
        assert words == kept
        assert len(rejects) == 1
        assert 'id "one" is also that of' in rejects[0].reason


def test_a_record_that_cannot_be_read_does_not_stop_the_others(index, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "x"}\n{"id": "y", "text": "' + OTHER + '"}\nnonsense\n', encoding="utf-8")
    told = index.add(path)
    assert told.n_articles == 1
    assert [reject.line for reject in told.rejects] == [1, 3]


def test_clusters_keep_their_ids_while_they_grow(index, tmp_path):
    index.add(archives.write([{"id": "b", "text": STORY, "outlet": "Post"}], tmp_path / "b.jsonl"))
    (before,) = index.store.rows("SELECT cluster_id FROM clusters WHERE n_articles = 2")
    index.add(archives.write([{"id": "a", "text": STORY, "outlet": "Gazette"}], tmp_path / "a.jsonl"))
    (after,) = index.store.rows("SELECT cluster_id FROM clusters WHERE n_articles = 3")
    index.compact()
    (compacted,) = index.store.rows("SELECT cluster_id FROM clusters WHERE n_articles = 3")
    assert before == after == compacted


def test_an_earlier_original_that_is_found_later_changes_the_verdict_and_says_so(tmp_path):
    plain = STORY.removeprefix("PARIS, Feb 3 (Reuters) - ")
    late = {"id": "late", "text": plain, "outlet": "Post", "published": "2024-02-05T09:00:00"}
    copy = {"id": "copy", "text": plain, "outlet": "Herald", "published": "2024-02-06T09:00:00"}
    early = {"id": "early", "text": plain, "outlet": "Courier", "published": "2024-02-03T09:00:00"}
    with standing.Index(tmp_path / "index", threads=1) as index:
        index.add(archives.write([late, copy, {"id": "o", "text": OTHER}], tmp_path / "1.jsonl"))
        told = index.add(archives.write([early], tmp_path / "2.jsonl"))
        (cluster,) = index.store.rows("SELECT cluster_id, first_article_id FROM clusters")
        history = index.store.rows("SELECT cluster_id, what, before, after FROM history")
    assert cluster[1] == "early"
    assert (cluster[0], "first", "late", "early") in history
    assert ("first", "late", "early") in {(event.what, event.before, event.after) for event in told.events}


def test_two_clusters_that_become_one_and_part_again_are_told(tmp_path):
    words = [f"word{number}" for number in range(400)]
    left, right = " ".join(words[:220]), " ".join(words[180:])
    records = [
        {"id": "l1", "text": left},
        {"id": "l2", "text": left},
        {"id": "r1", "text": right},
        {"id": "r2", "text": right},
        {"id": "far", "text": OTHER},
    ]
    chosen = Settings(boilerplate=False)
    with standing.Index(tmp_path / "index", chosen, threads=1) as index:
        index.add(archives.write(records, tmp_path / "1.jsonl"))
        before = {name for (name,) in index.store.rows("SELECT cluster_id FROM clusters")}
        bridge = {"id": "bridge", "text": " ".join(words)}
        index.add(archives.write([bridge], tmp_path / "2.jsonl"))
        joined = [name for (name,) in index.store.rows("SELECT cluster_id FROM clusters")]
        index.remove("bridge")
        after = {name for (name,) in index.store.rows("SELECT cluster_id FROM clusters")}
        history = index.store.rows("SELECT cluster_id, what, before, after FROM history")
    assert len(before) == len(after) == 2
    assert set(joined) <= before
    for name in before - set(joined):
        assert (name, "merged", None, joined[0]) in history
    assert len(before & after) >= 1
    assert all(any(row[:2] == (name, "split") for row in history) for name in after - before)


def test_other_settings_need_another_file(index):
    with pytest.raises(errors.StoreError, match="other settings: sample_rate is 8, not 4; name another file"):
        standing.Index(index.store.path, Settings(sample_rate=4))


def test_an_index_opens_as_any_sqlite_file_with_the_tables_of_a_scan(index):
    from dedup import records

    with sqlite3.connect(index.store.path) as connection:
        for table in (records.ARTICLES, records.MATCHES, records.CLUSTERS, records.MEMBERS, records.EVIDENCE):
            found = connection.execute(f"SELECT * FROM {table.name}")  # noqa: S608
            names = [column[0] for column in found.description]
            assert {column.name for column in table.columns} <= set(names)
            found.fetchall()
        row = connection.execute(
            "SELECT title, cluster_ids, warnings FROM articles WHERE article_id = 'first'"
        )
        title, cluster_ids, warnings = row.fetchone()
        assert (title, len(json.loads(cluster_ids)), json.loads(warnings)) == ("Grain", 1, [])
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_each_column_of_the_file_says_what_it_means():
    for stored in schema.TABLES:
        for column in stored.table.columns:
            assert column.meaning, f"{stored.table.name}.{column.name}"


def test_removing_asks_for_whole_pages(index, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        f"POST | Published February 5, 2024\n\n{STORY}\n\nHERALD | Published February 6, 2024\n\n{OTHER}\n",
        encoding="utf-8",
    )
    index.add(page)
    with pytest.raises(
        errors.StoreError, match=r'"page\.txt#1" is one of several articles on page "page\.txt"'
    ):
        index.remove("first", "page.txt#1")
    assert len(index) == 4
    assert index.remove("page.txt").article_ids == ("page.txt#1", "page.txt#2")
    with pytest.raises(errors.StoreError, match=r'no article "page\.txt" in index'):
        index.remove("page.txt")


@pytest.mark.parametrize("known", ["first", "copy"])
def test_nothing_of_a_text_that_was_removed_is_left_in_the_file(index, tmp_path, known):
    hidden = "Verschwiegenheitsvereinbarung zwischen Ausgleichskasse und Kantonsgericht"
    foot = "Die Redaktion der Kantonsnachrichten erreichen Sie unter dieser Adresse"
    text = f"GENEVA, Feb 9 (Reuters) - {hidden}. {STORY}\n\n{foot}"
    records = [
        {"id": known if turn == 0 else f"n{turn}", "text": text + f" {turn}", "outlet": "Blatt"}
        for turn in range(3)
    ]
    index.remove("first")
    index.add(archives.write(records, tmp_path / "secret.jsonl"))
    index.compact()
    index.remove(*(record["id"] for record in records))
    files = [path for path in tmp_path.iterdir() if path.name.startswith("index.dedup")]
    for file in files:
        data = file.read_bytes()
        assert b"Verschwiegenheit" not in data
        assert b"Kantonsnachrichten" not in data
    assert not index.verify().faults


def test_a_quote_of_a_cluster_that_was_made_anew_before_is_overwritten_too(index, tmp_path):
    text = STORY.replace("PARIS, Feb 3 (Reuters)", "OUAGADOUGOU, Feb 3 (Reuters)")
    index.add(archives.write([{"id": "a", "text": text, "outlet": "Gazette"}], tmp_path / "a.jsonl"))
    for number in range(5):
        later = {"id": f"l{number}", "text": STORY, "outlet": f"Paper {number}"}
        index.add(archives.write([later], tmp_path / "later.jsonl"))
    assert any("OUAGADOUGOU" in (quote or "") for (quote,) in index.store.rows("SELECT quote FROM pieces"))
    index.remove("a")
    for file in tmp_path.glob("index.dedup*"):
        assert b"OUAGADOUGOU" not in file.read_bytes()


def test_a_removal_says_when_a_reader_keeps_it_from_being_overwritten(index):
    index.store.wait_s = 0.2
    with standing.Index(index.store.path, threads=1, is_writing=False) as reader, reader.store.reading():
        assert len(reader) == 2
        assert not index.remove("storm").overwritten
    assert index.remove("first").overwritten


def test_an_index_of_nothing_answers_too(tmp_path):
    with standing.Index(tmp_path / "index", threads=1) as index:
        assert len(index) == 0
        assert not index.check_text(STORY).seen
        assert index.compact().n_articles == 0
        assert not index.verify().faults
        assert index.info().n_articles == 0
        assert index.export().articles.num_rows == 0
        (tmp_path / "empty").mkdir()
        with pytest.raises(errors.EmptyArchiveError):
            index.add(tmp_path / "empty")


def test_all_can_be_removed_and_come_again(index, tmp_path):
    index.remove("first", "storm")
    assert len(index) == 0
    assert not index.check_text(STORY, page_id="new").seen
    assert index.add(tmp_path / "first.jsonl").n_articles == 2
    assert index.check_text(STORY, page_id="new").seen


def test_an_exact_copy_that_is_left_stands_with_keys_of_its_own(tmp_path):
    words = [f"word{number}" for number in range(120)]
    one = " ".join(words)
    other = "\n\n".join(" ".join(words[begin : begin + 30]) for begin in range(0, 120, 30))
    with standing.Index(tmp_path / "index", threads=1) as index:
        index.add(
            archives.write([{"id": "a", "text": one}, {"id": "b", "text": other}], tmp_path / "1.jsonl")
        )
        index.remove("a")
        assert not index.verify().faults
        assert [match.article_id for match in index.check_text(one, page_id="new").matches] == ["b"]
        index.remove("b")
        assert index.store.value("SELECT COUNT(*) FROM keys") == 0
        assert index.store.value("SELECT COUNT(*) FROM recent_keys") == 0
        assert not index.check_text(one, page_id="new").seen


def test_the_first_holder_of_a_frequent_key_may_go(tmp_path):
    chosen = Settings(boilerplate=False, max_document_frequency=3)
    shared = (
        "The ministry said in a statement on Monday that no decision had been taken on the matter so far."
    )
    texts = [f"{' '.join(f'w{i}x{j}' for j in range(40))}\n\n{shared}" for i in range(8)]
    records = [{"id": f"m{i}", "text": text} for i, text in enumerate(texts)]
    with standing.Index(tmp_path / "index", chosen, threads=1) as index:
        index.add(archives.write(records, tmp_path / "1.jsonl"))
        index.add(archives.write([records[3] | {"id": "a-copy"}], tmp_path / "2.jsonl"))
        for gone in ("a-copy", "m0", "m1"):
            index.remove(gone)
            assert index.check_text(f"Something else was said before. {shared}", page_id="new").seen
            assert not index.verify().faults


def test_records_that_have_only_their_place_are_kept_apart_from_those_of_other_files(tmp_path):
    with standing.Index(tmp_path / "index", threads=1) as index:
        for day, text in (("mon", STORY), ("tue", OTHER), ("tue", OTHER)):
            (tmp_path / day).mkdir(exist_ok=True)
            path = archives.write([{"text": text}], tmp_path / day / "feed.jsonl")
            told = index.add(path)
        assert (len(index), told.n_known, told.rejects) == (2, 1, [])
        assert index.check_text(STORY, page_id="x").seen
        assert index.check_text(OTHER, page_id="x").seen


def test_an_article_whose_id_another_page_has_is_left_out(index, tmp_path):
    index.add(archives.write([{"id": "page#1", "text": STORY[:150]}], tmp_path / "1.jsonl"))
    two = f"POST | Published February 5, 2024\n\n{STORY}\n\nHERALD | Published February 6, 2024\n\n{OTHER}\n"
    told = index.add(
        archives.write([{"id": "page", "text": two}, {"id": "z", "text": OTHER}], tmp_path / "2.jsonl")
    )
    assert told.n_articles == 1
    assert [reject.reason.split(" is also")[0] for reject in told.rejects] == ['id "page#1"']


def test_what_is_said_of_an_article_that_is_there_is_what_the_index_says(index, tmp_path):
    index.add(archives.write([{"id": "copy", "text": STORY, "outlet": "Post"}], tmp_path / "1.jsonl"))
    (whose,) = index.check_text(STORY, page_id="copy", outlet="Post").whose
    (row,) = index.store.rows("SELECT cluster_id, n_articles, origin_name FROM clusters WHERE n_articles = 2")
    assert (whose.cluster_id, whose.n_articles, whose.origin_name) == row


@pytest.mark.parametrize("text", [None, 7, "one \ud800 two"])
def test_what_is_no_text_is_told(index, text):
    with pytest.raises(errors.UsageError, match="must be a string"):
        index.check_text(text)
