"""From an archive to who wrote what: verdicts on passages, the argument, and who republishes whom."""

from __future__ import annotations

import json
import random

import pytest

from dedup import arguments, attribution
from dedup.reporting import explaining, finding, tables
from tests import archives

WORDS = (
    "We will try again before the summer and nobody in this town or in any other will ever stop us from building "
    "the bridge that we have promised"
)


def prose(seed, n_words=150):
    chance = random.Random(seed)
    vocabulary = [
        "".join(chance.choices("bdfgklmnprstv", k=1) + chance.choices("aeiou", k=1)) * 2 for _ in range(400)
    ]
    words = [f"{chance.choice(vocabulary)}{chance.choice(vocabulary)}" for _ in range(n_words)]
    return ". ".join(" ".join(words[at : at + 12]).capitalize() for at in range(0, n_words, 12)) + "."


STORY = prose(1)
TAGGED = f"PARIS, May 5 (Reuters) - {STORY}"
RECORDS = [
    {"id": "r0", "outlet": "Reuters", "url": "https://www.reuters.com/a", "text": TAGGED,
     "published": "2025-05-05T08:00:00Z"},
    {"id": "r1", "outlet": "USA Today", "published": "2025-05-05T09:00:00Z", "text": TAGGED},
    {"id": "r2", "outlet": "The Arizona Republic", "published": "2025-05-05T10:00:00Z", "text": STORY},
    {"id": "r3", "outlet": "Planet", "published": "2025-05-05T11:00:00Z", "text": STORY, "dc:source": "USA Today"},
    {"id": "q0", "outlet": "Gazette", "text": f"{prose(2)}\n\n“{WORDS},” Mayor Jane Doe said.\n\n{prose(3)}"},
    {"id": "q1", "outlet": "Planet", "text": f"{prose(4)}\n\n“{WORDS},” Jane Doe said.\n\n{prose(5)}"},
]  # fmt: skip


@pytest.fixture(scope="module")
def scanned(tmp_path_factory, dedup_command):
    """Return the folder of a scan, and its tables."""
    folder = tmp_path_factory.mktemp("syndication")
    archives.write(RECORDS, folder / "archive.jsonl")
    done = dedup_command("scan", folder / "archive.jsonl", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    names = ("clusters", "members", "passages", "passage_evidence", "evidence", "syndication")
    found = {
        name: [
            json.loads(line) for line in (folder / "out" / f"{name}.jsonl").read_text("utf-8").splitlines()
        ]
        for name in names
    }
    return folder / "out", found


def test_a_quotation_of_two_articles_is_its_speakers(scanned):
    _, tables = scanned
    rows = [row for row in tables["passages"] if row["article_id"] in {"q0", "q1"}]
    assert {row["origin_name"] for row in rows} == {"Jane Doe"}
    assert {(row["origin_kind"], row["level"]) for row in rows} == {("statement", "inferred")}


def test_the_evidence_on_a_passage_stands_in_its_article(scanned):
    _, tables = scanned
    texts = {record["id"]: record["text"] for record in RECORDS}
    quoted = [row for row in tables["passage_evidence"] if row["field"] == "text"]
    assert quoted
    for row in quoted:
        assert texts[row["article_id"]][row["start"] : row["end"]] == row["quote"]
        assert row["passage_id"] in {each["passage_id"] for each in tables["passages"]}


def test_copies_are_counted_and_owners_are_sources_once(scanned):
    _, tables = scanned
    (cluster,) = [row for row in tables["clusters"] if row["n_articles"] == 4]
    assert (cluster["origin_name"], cluster["level"], cluster["origin_article_id"]) == (
        "Reuters",
        "stated",
        "r0",
    )
    assert (cluster["n_copies"], cluster["n_uncredited"], cluster["n_independent"]) == (3, 1, 1)
    credited = {row["article_id"]: row["credited"] for row in tables["members"]}
    assert credited == {"r0": None, "r1": 1, "r2": 0, "r3": 1}


def test_pairs_say_who_republishes_whom_how_fast_and_with_what_credit(scanned):
    _, tables = scanned
    found = {
        (row["source"], row["outlet"]): (
            row["n_copies"],
            row["n_credited"],
            row["median_lag_s"],
        )
        for row in tables["syndication"]
    }
    assert found == {
        ("Reuters", "The Arizona Republic"): (1, 0, 7200),
        ("Reuters", "USA Today"): (1, 1, 3600),
        ("USA Today", "Planet"): (1, 1, 10800),
    }


def test_a_stated_source_is_quoted_from_its_field(scanned):
    _, tables = scanned
    (row,) = [row for row in tables["evidence"] if row["rule"] == "stated_source"]
    assert (row["field"], row["start"], row["end"], row["quote"]) == ("dc:source", 0, 9, "USA Today")


def test_a_verdict_is_explained_with_quotes_in_context_and_what_would_change_it(scanned, dedup_command):
    folder, _ = scanned
    done = dedup_command("explain", "r1", "--in", folder)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    for told in ("Reuters  stated", "Candidates", "“PARIS, May 5 (Reuters)”", "What would change the verdict",
                 "Without “dateline” for Reuters", "[[cluster]]"):  # fmt: skip
        assert told in done.stdout


def test_a_passage_is_explained_too(scanned, dedup_command):
    folder, tables = scanned
    done = dedup_command("explain", tables["passages"][0]["passage_id"], "--in", folder)
    assert done.returncode == 0, done.stderr
    assert "Jane Doe" in done.stdout
    assert "said.\n" not in done.stdout.split("\n", maxsplit=1)[0]


def test_a_verdict_is_explained_without_its_sources(scanned, dedup_command, tmp_path):
    folder, _ = scanned
    moved = tmp_path / "gone"
    moved.mkdir()
    for path in folder.iterdir():
        (moved / path.name).write_bytes(path.read_bytes())
    account = json.loads((moved / "run.json").read_text("utf-8"))
    rows = (moved / "articles.jsonl").read_text("utf-8").replace("archive.jsonl", "no-archive.jsonl")
    (moved / "articles.jsonl").write_text(rows, encoding="utf-8")
    assert account["overrides_version"] is None
    done = dedup_command("explain", "r1", "--in", moved)
    assert done.returncode == 0, done.stderr
    assert "“PARIS, May 5 (Reuters)”" in done.stdout
    assert "no-archive.jsonl" in done.stderr


def test_a_quote_that_stands_there_no_more_is_told(scanned, dedup_command, tmp_path):
    folder, _ = scanned
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in folder.iterdir():
        (moved / path.name).write_bytes(path.read_bytes())
    rows = (
        (moved / "evidence.jsonl")
        .read_text("utf-8")
        .replace("PARIS, May 5 (Reuters)", "PARIS, May 6 (Reuters)")
    )
    (moved / "evidence.jsonl").write_text(rows, encoding="utf-8")
    done = dedup_command("explain", "r1", "--in", moved)
    assert done.returncode == 0, done.stderr
    assert "not there any more: the source has changed since the scan" in done.stdout


def piece(candidate, weight, *, rule="agency_dateline", family="credit", says="origin", article="a"):
    return arguments.Piece(article, family, rule, candidate, says, weight)


def judge(*pieces):
    return attribution.judge(pieces, {"a": None, "b": None}, attribution.load_agencies())


def test_the_strongest_of_a_family_counts_and_families_add_up():
    own = piece("A", 0.5, rule="own_publisher", family="structure", says="self_claim")
    found = judge(piece("A", 4), piece("A", 2.5), piece("A", 1, rule="agency", family="prior"), own)
    assert [(one.name, one.score) for one in found.candidates] == [("A", 5.5)]


@pytest.mark.parametrize(
    ("pieces", "answer"),
    [
        ([piece("A", 4)], ("stated", ("A",))),
        ([piece("A", 4), piece("B", 4, article="b")], ("conflicting", ("A", "B"))),
        ([piece("A", 2.5)], ("inferred", ("A",))),
        ([piece("A", 2.5), piece("B", 2)], ("undetermined", ())),
        (
            [piece("A", 3, rule="source_host", says="immediate_source", family="structure")],
            ("undetermined", ()),
        ),
        (
            [piece("A", 4), piece("B", 50, rule="override_outlet", family="override")],
            ("stated", ("B",)),
        ),
        (
            [piece("A", 4), piece("B", 3, rule="own_post", family="structure", says="self_claim")],
            ("inferred", ("A",)),
        ),
        ([], ("undetermined", ())),
    ],
)
def test_an_answer_follows_from_the_scores(pieces, answer):
    found = judge(*pieces).answer
    assert (found.level, found.names) == answer


def test_what_would_change_the_answer_is_the_evidence_that_carries_it():
    outside = piece("A", 1.5, rule="credit_outside_shared", family="content", says="order")
    found = judge(piece("A", 4), outside, piece("A", 1, family="prior", rule="agency"))
    assert [(change.rule, change.answer.level) for change in found.without] == [
        ("agency_dateline", "undetermined")
    ]
    assert [(article, answer.level) for article, answer in found.with_another] == [
        ("a", "stated"),
        ("b", "conflicting"),
    ]


def test_each_verdict_of_a_scan_follows_from_its_evidence_as_the_tables_have_it(scanned):
    folder, _ = scanned
    result = tables.read(folder)
    table = attribution.load_agencies()
    targets = [("cluster", one) for one in result.clusters["cluster_id"].to_pylist()]
    targets += [("passage", one) for one in set(result.passages["passage_id"].to_pylist())]
    for kind, identity in targets:
        told = explaining.view(result, finding.Target(kind, identity))
        found = attribution.judge(told.pieces(), told.articles, table).answer
        assert found.is_like(arguments.Answer(told.level, told.names)), identity
