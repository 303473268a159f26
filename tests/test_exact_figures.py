"""Every figure that a scan reports, computed again by brute force from the texts of random archives."""

from __future__ import annotations

import itertools
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.matching import judging, matches, passages
from dedup.planting import corruption
from tests import archives, brute_force
from tests.in_process import run, segments

SETTINGS = dedup.Settings(boilerplate=False)
ALPHABETS = (
    "bdfgklmnprstvaeiou",
    "äöüßéèçñøåÅÖÉaeinrst",
    "абвгдежзиклмнопрстуёйЯ",
    "αβγδεζηθικλμνξοπρστυάέή",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "कखगघचछजटडणतथदधनपबभमयरलवशसहािीुे",
    "iıİIğşçö",
    "東京都新聞記者社会政治経済山川田中カガひらがな",
    "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสห",
)
WITHOUT_SPACES = ALPHABETS[-2:]
LONGEST = 130  # words of two texts that are aligned whole, in slow Python
N_PARAGRAPHS = 24  # of each alphabet; few, so that no two shingles of this file have one hash


def paragraph(alphabet, number):
    """Return a paragraph of 2 to 4 sentences, which is the same whenever it is asked for."""
    letters = ALPHABETS[alphabet]
    chance = random.Random(f"{letters} {number}")
    join = "" if letters in WITHOUT_SPACES else " "
    sizes = (1, 1) if letters in WITHOUT_SPACES else (2, 8)
    sentences = [
        join.join(
            "".join(chance.choices(letters, k=chance.randint(*sizes))) for _ in range(chance.randint(8, 30))
        )
        for _ in range(chance.randint(2, 4))
    ]
    numbers = f" {chance.randint(1, 2_000)} "
    return numbers.join(f"{sentence}." for sentence in sentences)


@st.composite
def plans(draw):
    """Return the texts of an archive: stories, what was made from them, and typing errors in some."""
    alphabet = draw(st.integers(0, len(ALPHABETS) - 1))
    numbers = draw(st.lists(st.integers(0, N_PARAGRAPHS - 1), min_size=4, max_size=18, unique=True))
    made = [numbers[place : place + 6] for place in range(0, len(numbers), 6)]
    for _ in range(draw(st.integers(1, 4))):
        made.append(draw(changes(made)))
    texts = ["\n\n".join(paragraph(alphabet, number) for number in story) for story in made]
    texts += [" ".join(text.split()[: draw(st.integers(8, 45))]) for text in texts[: draw(st.integers(0, 2))]]
    texts += draw(st.lists(st.sampled_from(texts), max_size=3))
    return [draw(typed(text)) for text in texts]


@st.composite
def changes(draw, made):
    """Return a story made from others: in another order, a part, parts of two, or several."""
    one, other = (draw(st.sampled_from(made)) for _ in range(2))
    place = draw(st.integers(0, len(one) - 1))
    kinds = {
        "swapped": [*one[place:], *one[:place]],
        "turned": one[::-1],
        "part": one[place:],
        "merged": [*one[: len(one) // 2 + 1], *other[len(other) // 2 :]],
        "page": [*one, *other],
        "put in": [*one[:place], draw(st.integers(0, N_PARAGRAPHS - 1)), *one[place:]],
        "quoted": [*range(N_PARAGRAPHS, N_PARAGRAPHS + 6), one[place]],
    }
    return kinds[draw(st.sampled_from(sorted(kinds)))]


@st.composite
def typed(draw, text):
    """Return a text with edits here and there: words changed, left out, put in, typed twice or wrong; or errors."""
    if draw(st.integers(0, 5)) == 0:
        return corruption.corrupt(text, 0.05, np.random.default_rng(draw(st.integers(0, 9))))
    for kind, share in draw(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1)), max_size=4)):
        words = text.split(" ")
        place = int(share * (len(words) - 1))
        new = [["x"], [], ["so", words[place]], [words[place]] * 2, [words[place][1:], words[place][:1]]][
            kind
        ]
        text = " ".join([*words[:place], *new, *words[place + 1 :]])
    return text


def scan(texts, chosen):
    """Return the result of a scan of some texts; the ids rise with the texts' numbers."""
    with tempfile.TemporaryDirectory() as folder:
        records = [{"id": f"a{number:02}", "text": text} for number, text in enumerate(texts)]
        path = archives.write(records, Path(folder, "archive.jsonl"))
        return dedup.scan(path, chosen, threads=1)


class Reference:
    """The words and shingles of texts, as brute force has them."""

    def __init__(self, texts, size):
        """Take texts as segments of words."""
        self.texts = texts
        self.letters = [[[word.letters for word in own] for own in text] for text in texts]
        self.shingles = [set(brute_force.shingles(own, size)) for own in self.letters]
        self.size = size

    def n_words(self, article):
        return sum(map(len, self.letters[article]))

    def shares(self, a, b):
        """Return jaccard, and the share of each in the other."""
        ours, theirs = self.shingles[a], self.shingles[b]
        shared = len(ours & theirs)
        return shared / len(ours | theirs), shared / len(ours), shared / len(theirs)

    def check(self, row, a, b, chosen):
        """Check one row of matches."""
        figures = self.shares(a, b)
        assert (row["jaccard"], row["share_a"], row["share_b"]) == figures
        assert row["shared_words"] == brute_force.shared_words(self.letters[a], self.letters[b], self.size)
        passages = (row["passages"], row["edits"])
        sides = brute_force.check_passages(self.texts[a], self.texts[b], *passages, chosen.min_passage_words)
        told = relation(*figures, chosen)
        if row["relation"] == "partial" and told == "revision":
            assert len(row["edits"]) <= judging.MOST_BLOCKS  # of one outlet, word for word
            assert not any(row["edits"])
        elif row["relation"] != told:
            assert told == "partial"
            assert max(self.n_words(a), self.n_words(b)) > LONGEST or self.may_be_told_by_words(
                row, a, b, chosen
            )
        assert sides or told == "partial"  # no shingle in common: words told it
        assert self.is_match(row, a, b, chosen)

    def may_be_told_by_words(self, row, a, b, chosen):
        """Return whether so many words stand for one another, at most, that the relation can be this one.

        A few more may: words are compared as they are spelled, `ß` as one letter.
        """
        lengths = self.n_words(a), self.n_words(b)
        ours, theirs = ([word for own in self.letters[article] for word in own] for article in (a, b))
        most, _ = brute_force.standing(ours, theirs)
        return row["relation"] in {
            relation(n / (sum(lengths) - n), n / lengths[0], n / lengths[1], chosen) for n in range(most + 4)
        }

    def is_match(self, row, a, b, chosen):
        """Return whether the rules make a match of this pair."""
        shared = len(self.shingles[a] & self.shingles[b])
        if max(map(len, (self.shingles[a], self.shingles[b]))) <= chosen.short_text_words - self.size:
            return True
        much = max(row["share_a"], row["share_b"]) >= chosen.min_share
        much |= shared >= chosen.min_shared_words - self.size + 1
        return shared >= chosen.min_shared_shingles and (
            much or self.longest_run(a, b) >= chosen.min_run_words or self.is_sound(row, a)
        )

    def is_sound(self, row, a):
        """Return whether a passage of a paragraph's length has few edits; whether its numbers stay is not asked."""
        spans = [brute_force.between(self.texts[a], first, last) for first, last, _, _ in row["passages"]]
        return any(len(span) >= passages.LEAST_SOUND_WORDS for span in spans)

    def longest_run(self, a, b):
        pairs = itertools.product(self.letters[a], self.letters[b])
        return max((brute_force.longest_common_run(ours, theirs) for ours, theirs in pairs), default=0)


def relation(jaccard, share_a, share_b, chosen):
    """Return the relation of two texts by the rules, read from the settings' own words."""
    lesser, greater = sorted((share_a, share_b))
    if lesser >= chosen.copy_share:
        return "copy"
    if greater >= chosen.excerpt_share and greater >= 2 * lesser:
        return "excerpt"
    return "revision" if jaccard >= chosen.revision_jaccard else "partial"


def check_members(rows, reference):
    """Check that each member's share is that of one member's text, and that this one holds all of it."""
    by_cluster = {}
    for row in rows:
        by_cluster.setdefault(row["cluster_id"], {})[int(row["article_id"][1:])] = row["share"]
    for members in by_cluster.values():
        assert any(
            all(share == shared(reference, leader, article) for article, share in members.items())
            for leader in members
        )
        assert max(members.values()) == 1.0


def shared(reference, leader, article):
    own = reference.shingles[leader]
    return len(own & reference.shingles[article]) / len(own)


chosen_settings = st.sampled_from(
    (
        SETTINGS,
        dedup.Settings(boilerplate=False, min_passage_words=1, max_edit_words=16),
        dedup.Settings(boilerplate=False, max_edit_words=0, short_text_words=0),
        dedup.Settings(boilerplate=False, noisy=True, sample_rate=1),
    )
)


@given(plans(), chosen_settings)
@settings(max_examples=60)
def test_each_figure_of_a_scan_is_what_brute_force_says(texts, chosen):
    found = scan(texts, chosen)
    reference = Reference([[brute_force.words(text)] for text in texts], chosen.shingle_words)
    for row in found.matches.to_pylist():
        reference.check(row, int(row["article_a"][1:]), int(row["article_b"][1:]), chosen)
    for row in found.articles.to_pylist():
        assert row["n_words"] == reference.n_words(int(row["article_id"][1:]))
    check_members(found.members.to_pylist(), reference)


@given(plans())
@settings(max_examples=20)
def test_copies_are_matched_and_an_archive_of_stories_alone_is_not(texts):
    found = scan(texts, SETTINGS)
    reference = Reference([[brute_force.words(text)] for text in texts], 5)
    rows = {(row["article_a"], row["article_b"]): row["relation"] for row in found.matches.to_pylist()}
    for a, b in itertools.combinations(range(len(texts)), 2):
        name = rows.get((f"a{a:02}", f"a{b:02}"))
        if reference.shingles[a] == reference.shingles[b] and reference.n_words(a) >= 8:
            assert name == "copy"
        if not reference.shingles[a] & reference.shingles[b] and reference.n_words(a) >= 40:
            assert name is None


def boxed(seed):
    """Return records of two outlets that set boxes of their own between the paragraphs, over stories with copies."""
    chance = random.Random(seed)
    boxes = [f"{paragraph(0, 90 + outlet)} {paragraph(0, 95 + outlet)}" for outlet in range(2)]
    stories = [
        [paragraph(alphabet, 30 + number) for number in range(5)] for alphabet in range(len(ALPHABETS))
    ]
    stories += [[paragraph(0, 50 + 4 * story + number) for number in range(4)] for story in range(9)]
    stories += [stories[0], stories[9][::-1], [*stories[1], *stories[12]], stories[3][2:], stories[14]]
    pages = []
    for number, lines in enumerate(stories):
        outlet = chance.randint(0, 1)
        places = sorted(chance.sample(range(len(lines) + 1), 2))
        text = [*lines[: places[0]], boxes[outlet], *lines[places[0] :]]
        pages.append({"page_id": f"a{number:02}", "text": "\n\n".join(text), "outlet": f"Outlet {outlet}"})
    return pages


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_exact_where_boilerplate_takes_no_part(seed):
    chosen = dedup.Settings()
    found = run(boxed(seed), chosen)
    live = [segments(found.archive, article) for article in range(len(found.archive))]
    reference = Reference(live, chosen.shingle_words)
    parted = [article for article, own in enumerate(live) if len(own) > 1]
    rows = list(zip(found.matches.a.tolist(), found.matches.b.tolist(), strict=True))
    assert [pair for pair in rows if set(pair) & set(parted)]
    for number, (a, b) in enumerate(rows):
        spans, edits = found.spans(number)
        row = {
            "jaccard": found.matches.jaccard[number],
            "share_a": found.matches.share_a[number],
            "share_b": found.matches.share_b[number],
            "shared_words": found.passages.shared_words[number],
            "relation": matches.RELATIONS[found.matches.relations[number]],
            "passages": spans,
            "edits": edits,
        }
        reference.check(row, a, b, chosen)
    members = [
        {"cluster_id": one.cluster_id, "article_id": f"a{member.article:02}", "share": member.share}
        for one in found.clusters
        for member in one.members
    ]
    assert members
    check_members(members, reference)
    assert found.archive.sketches.n_words.tolist() == [
        reference.n_words(article) for article in range(len(live))
    ]
