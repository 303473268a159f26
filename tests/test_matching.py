"""From sketches to verified matches with their passages, compared with brute force over words and sets."""

from __future__ import annotations

import collections
import itertools
import random
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dedup import records
from dedup.engines import assembling, local
from dedup.matching import candidates, exact, matches, passages
from dedup.settings import Settings
from dedup.text import stories
from tests import archives as made_up

SETTINGS = Settings(
    min_words=8,
    shingle_words=5,
    min_shared_shingles=8,
    min_share=0.1,
    min_shared_words=40,
    copy_share=0.9,
    revision_jaccard=0.3,
    excerpt_share=0.6,
    min_passage_words=12,
)
ALL_PASSAGES = Settings(shingle_words=5, min_passage_words=1)
HEAD = "Überschrift\nThe Café Daily | Published May 1, 2025\n"


def folded(text):
    """Return the words of a text in a Latin script, folded."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))


def grams(text, size=5):
    """Return the shingles of a text as tuples of words, in order."""
    found = folded(text)
    size = min(size, len(found))
    return [tuple(found[place : place + size]) for place in range(len(found) - size + 1)] if found else []


def archive(*pages):
    """Return the archive of these pages, as the engine makes it; article i is page i, or its stories in order."""
    import pyarrow as pa

    rows = [
        {"page_id": f"{number:05}", "source_path": "-", "line": number, "warnings": [], "text": page}
        for number, page in enumerate(pages)
    ]
    columns = [field.name for field in records.PAGES.schema()]
    complete = [{name: row.get(name) for name in columns} for row in rows]
    batch = pa.RecordBatch.from_pylist(complete, schema=records.PAGES.schema())
    return assembling.build([local.sketch_batch(batch, SETTINGS)], [])


def pack(pairs):
    return np.array(sorted({min(pair) << 32 | max(pair) for pair in pairs}), np.uint64)


def unpack(pairs):
    return [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs]


def every_pair(count):
    return pack(itertools.combinations(range(count), 2))


def ragged(rows, kind=np.uint32):
    """Return rows as the type of ragged data, each sorted and without repeats."""
    unique = [sorted(set(row)) for row in rows]
    values = np.array([value for row in unique for value in row], kind)
    return records.Ragged(values, records.offsets(np.array([len(row) for row in unique], np.int64)))


sets = st.lists(st.sets(st.integers(0, 12)), min_size=1, max_size=10)
big_sets = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda edge: range(*sorted(edge))),
    min_size=2,
    max_size=8,
)


@given(sets, st.integers(2, 5), st.data())
@example([{1}, {1}, {1}, {2}, {2}], 2, None)
def test_pairs_from_keys_are_those_that_share_a_key_that_is_not_too_common(rows, most, data):
    articles = np.arange(len(rows)) if data is None else taking_part(rows, data)
    holders = {key: [int(each) for each in articles if key in rows[each]] for key in range(13)}
    expected = {
        pair for held in holders.values() if len(held) <= most for pair in itertools.combinations(held, 2)
    }
    found = candidates.from_keys(ragged(rows), articles, most)
    assert unpack(candidates.merge([found])) == sorted(expected)


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=10), st.integers(2, 5), st.data())
def test_pairs_from_bands_are_those_that_agree_in_a_band(rows, most, data):
    articles = taking_part(rows, data)
    expected = set()
    for band, value in itertools.product(range(3), range(3)):
        held = [int(article) for article in articles if rows[article][band] == value]
        pairs = itertools.combinations(held, 2)
        expected.update(pairs if len(held) <= most else ((held[0], other) for other in held[1:]))
    found = candidates.from_bands(np.array(rows, np.uint32), articles, most)
    assert unpack(candidates.merge([found])) == sorted(expected)


def taking_part(rows, data):
    chosen = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    return np.array(sorted(chosen), np.int64)


@pytest.mark.parametrize(("holders", "n_keys", "n_bands"), [(4, 6, 6), (5, 0, 4)])
def test_a_hot_key_gives_no_pairs_and_a_hot_bucket_those_with_its_first(holders, n_keys, n_bands):
    articles = np.arange(holders)
    assert len(candidates.from_keys(ragged([[9]] * holders), articles, 4)) == n_keys
    found = candidates.from_bands(np.full((holders, 1), 9, np.uint32), articles, 4)
    assert len(found) == n_bands
    assert {a for a, _ in unpack(found)} == ({0, 1, 2} if holders == 4 else {0})


def test_extreme_keys_and_numbers_keep_apart():
    keys = ragged([[0, 2**32 - 1], [2**32 - 1], [0], [2**32 - 2]])
    assert sorted(unpack(candidates.from_keys(keys, np.arange(4), 10))) == [(0, 1), (0, 2)]


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=10), max_size=4))
def test_merged_pairs_are_sorted_and_different(parts):
    arrays = [np.array(part, np.uint64) for part in parts]
    assert candidates.merge(arrays).tolist() == sorted({value for part in parts for value in part})


few_sets = st.lists(st.sampled_from([{1}, {2}, {1, 2}, {3, 4, 5}, {3, 4}]), min_size=1, max_size=12)


@given(few_sets, st.data())
def test_articles_of_one_set_are_a_group(rows, data):
    articles = taking_part(rows, data)
    found = exact.group(ragged(rows), articles)
    by_set = collections.defaultdict(list)
    for article in articles.tolist():
        by_set[tuple(sorted(rows[article]))].append(article)
    expected = sorted(by_set.values())
    assert [found.members.row(row).tolist() for row in range(len(found.members))] == expected
    assert found.representatives.tolist() == [row[0] for row in expected]
    group_of = {article: number for number, row in enumerate(expected) for article in row}
    assert found.group_of.tolist() == [group_of.get(article, -1) for article in range(len(rows))]


@given(few_sets, st.data(), st.integers(1, 10))
def test_the_matches_of_a_group_are_those_of_its_members(rows, data, most):
    articles = taking_part(rows, data)
    groups = exact.group(ragged(rows), articles)
    between = list(itertools.combinations(groups.representatives.tolist(), 2))
    taken = data.draw(st.sets(st.sampled_from(between))) if between else set()
    pairs = pack(taken)
    found, rests = exact.expand(pairs, groups, most)
    expected = {}
    for place, (a, b) in enumerate(unpack(pairs)):
        ours, theirs = (members_of(groups, article) for article in (a, b))
        whole = list(itertools.product(ours, theirs))
        narrow = [(ours[0], other) for other in theirs] + [(other, theirs[0]) for other in ours]
        for pair in whole if len(whole) <= most else narrow:
            expected[tuple(sorted(pair))] = place
    for row in range(len(groups.members)):
        members = groups.members.row(row).tolist()
        whole = list(itertools.combinations(members, 2))
        for pair in whole if len(whole) <= most else [(members[0], other) for other in members[1:]]:
            expected[pair] = -1
    assert unpack(found) == sorted(expected)
    assert rests.tolist() == [expected[pair] for pair in sorted(expected)]


def members_of(groups, article):
    return groups.members.row(groups.group_of[article]).tolist()


def test_no_articles_make_no_groups():
    none = np.empty(0, np.int64)
    groups = exact.group(ragged([[1], [2]]), none)
    assert len(groups.members) == 0
    assert groups.group_of.tolist() == [-1, -1]
    assert [part.tolist() for part in exact.expand(pack([]), groups, 10)] == [[], []]


@given(big_sets, st.integers(1, 20), st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), st.integers(1, 60))
@example([range(8), range(8)], 8, 1.0, 60)
@example([range(7), range(7)], 8, 0.0, 1)
@example([range(36), range(20)], 8, 1.0, 24)
@example([range(36), range(19)], 8, 1.0, 24)
@example([range(100, 100), range(9)], 1, 0.0, 1)
def test_verified_pairs_are_those_that_share_enough_and_no_other(rows, least, share, words):
    settings = Settings(shingle_words=5, min_shared_shingles=least, min_share=share, min_shared_words=words)
    found = matches.verify(every_pair(len(rows)), ragged(rows), settings)
    expected = []
    for a, b in itertools.combinations(range(len(rows)), 2):
        shared = len(set(rows[a]) & set(rows[b]))
        smaller = min(len(rows[a]), len(rows[b]))
        if shared >= least and (shared >= share * smaller or shared + 4 >= words):
            expected.append((a, b, shared))
    assert list(zip(found.a, found.b, found.shared, strict=True)) == expected
    for row, (a, b, shared) in enumerate(expected):
        assert found.share_a[row] == shared / len(rows[a])
        assert found.share_b[row] == shared / len(rows[b])
        assert found.jaccard[row] == shared / len(set(rows[a]) | set(rows[b]))


@given(st.integers(0, 2**32), st.integers(1, 2**32 - 1))
def test_overlaps_of_hashes_are_exact_wherever_they_lie(seed, spread):
    chance = np.random.default_rng(seed)
    rows = [chance.integers(0, spread, size, dtype=np.uint32).tolist() for size in (1, 40, 700)]
    rows += [rows[2][::2] + rows[1], rows[1][:9]]
    pairs = every_pair(len(rows))[::-1]
    found = matches.overlaps(pairs, ragged(rows), SETTINGS)
    assert found.shared.tolist() == [len(set(rows[a]) & set(rows[b])) for a, b in unpack(pairs)]
    assert found.pairs.tolist() == pairs.tolist()


def relation(share_a, share_b, jaccard=None):
    """Return the name of a relation between two texts of which one is as long as its share says."""
    if jaccard is None:
        jaccard = 1 / (1 / share_a + 1 / share_b - 1) if share_a and share_b else 0.0
    figures = (np.array([value]) for value in (jaccard, share_a, share_b))
    (index,) = matches.relate(*figures, SETTINGS)
    return matches.RELATIONS[index]


@pytest.mark.parametrize(
    ("share_a", "share_b", "expected"),
    [
        (1.0, 1.0, "copy"),
        (0.9, 0.9, "copy"),
        (0.9, 0.95, "copy"),
        (0.89, 1.0, "revision"),
        (1.0, 0.51, "revision"),
        (1.0, 0.5, "excerpt"),
        (1.0, 0.01, "excerpt"),
        (0.6, 0.3, "excerpt"),
        (0.59, 0.29, "partial"),
        (0.6, 0.4, "revision"),
        (0.6, 0.31, "partial"),
        (0.5, 0.5, "revision"),
        (0.46, 0.46, "partial"),
        (0.01, 0.01, "partial"),
    ],
)
def test_relations_have_these_edges(share_a, share_b, expected):
    assert relation(share_a, share_b) == expected
    assert relation(share_b, share_a) == expected


@pytest.mark.parametrize(("jaccard", "expected"), [(0.3, "revision"), (0.29999, "partial")])
def test_a_revision_begins_at_its_jaccard(jaccard, expected):
    assert relation(0.5, 0.5, jaccard) == expected


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_relation_is_the_same_from_either_side(share_a, share_b):
    assert relation(share_a, share_b) == relation(share_b, share_a)


def test_the_figures_of_an_archive_equal_brute_force_over_its_words():
    pages = [page["text"] for page in made_up.records(120)]
    kept = archive(*pages)
    found = matches.verify(every_pair(len(pages)), kept.sketches.shingles, SETTINGS)
    shingles = [set(grams(page)) for page in pages]
    assert [len(kept.sketches.shingles.row(row)) for row in range(len(pages))] == list(map(len, shingles))
    expected = {}
    for a, b in itertools.combinations(range(len(pages)), 2):
        ours, theirs = shingles[a], shingles[b]
        shared = len(ours & theirs)
        if shared >= 8 and (shared >= 0.1 * min(len(ours), len(theirs)) or shared + 4 >= 40):
            expected[a, b] = (shared / len(ours | theirs), shared / len(ours), shared / len(theirs))
    figures = zip(found.jaccard, found.share_a, found.share_b, strict=True)
    assert dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), figures, strict=True)) == expected
    assert {matches.RELATIONS[index] for index in found.relations} == set(matches.RELATIONS)


def test_the_indexes_find_nearly_every_match_of_an_archive():
    pages = [page["text"] for page in made_up.records(300, seed=5)]
    kept = archive(*pages)
    engine = local.Local(SETTINGS, 1, progress=None)
    groups, pairs = engine.candidates(kept)
    found = set(unpack(engine.verify(kept, groups, pairs).pairs))
    expected = set(unpack(matches.verify(every_pair(len(pages)), kept.sketches.shingles, SETTINGS).pairs))
    assert found <= expected
    assert len(found) >= 0.99 * len(expected) > 100


def shared_words(ours, theirs):
    """Return how many words of one text stand in shingles that the other holds too."""
    held = set(grams(theirs))
    covered = set()
    for place, gram in enumerate(grams(ours)):
        if gram in held:
            covered.update(range(place, place + len(gram)))
    return len(covered)


def check_passages(kept, found, row, a, b):
    """Check the passages of one match against the words of its two stories."""
    ours, theirs = kept.story(a), kept.story(b)
    spans = found.spans[found.offsets[row] : found.offsets[row + 1]].tolist()
    assert spans
    before = -1
    for a_start, a_end, b_start, b_end in spans:
        assert ours.start <= a_start < a_end <= ours.end
        assert theirs.start <= b_start < b_end <= theirs.end
        passage = ours.page_text[a_start:a_end]
        assert folded(passage) == folded(theirs.page_text[b_start:b_end])
        assert passage == passage.strip()
        assert a_start > before
        before = a_start
        following = folded(ours.page_text[a_end : ours.end])[:1]
        other_following = folded(theirs.page_text[b_end : theirs.end])[:1]
        assert not following or following != other_following  # it could not be longer
    assert found.shared_words[row] == shared_words(ours.text, theirs.text)
    return spans


def covered_words(story, spans, side=0):
    """Return how many words of a story begin in one of the spans."""
    inside = [range(span[side], span[side + 1]) for span in spans]
    count = 0
    for found in re.finditer(r"[^\W_]+", story.page_text):
        if story.start <= found.start() < story.end and any(found.start() in each for each in inside):
            count += 1
    return count


VOCABULARY = [*"abcdefgh", "Straße", "über", "café", "naïve", "Øst", "end.", "“so”", "–"]
word_lists = st.lists(st.sampled_from(VOCABULARY), max_size=40)


@st.composite
def two_texts(draw):
    """Return two texts that share parts, some of them twice or in another order."""
    parts = draw(st.lists(word_lists, min_size=1, max_size=4))
    numbers = st.lists(st.integers(0, len(parts) - 1), min_size=1, max_size=5)
    sides = []
    for _ in range(2):
        middle = [word for number in draw(numbers) for word in parts[number]]
        sides.append(" ".join([*draw(word_lists), *middle, *draw(word_lists)]))
    return sides


@given(two_texts())
@example(["Straße über café naïve Øst", "x Straße über café naïve Øst y"])
@example(["a b c d e f g h a b c d e f g h", "a b c d e f g h"])
@example(["a a a a a a a a a a a a", "a a a a a a a a"])
def test_passages_hold_the_same_words_are_maximal_and_cover_what_is_shared(texts):
    kept = archive(*texts)
    assume(set(grams(texts[0])) & set(grams(texts[1])))
    found = passages.align(kept.text, kept.located(), pack([(0, 1)]), ALL_PASSAGES)
    spans = check_passages(kept, found, 0, 0, 1)
    assert covered_words(kept.story(0), spans) == found.shared_words[0]
    until = 0
    for a_start, a_end, b_start, _ in spans:  # it begins where it must, or where the one before it ends
        before, other_before = folded(texts[0][:a_start])[-1:], folded(texts[1][:b_start])[-1:]
        assert not before or before != other_before or a_start < until
        until = a_end


@given(two_texts(), st.integers(1, 40))
def test_short_passages_are_left_out_unless_there_is_no_other(texts, least):
    kept = archive(*texts)
    assume(set(grams(texts[0])) & set(grams(texts[1])))
    every = passages.align(kept.text, kept.located(), pack([(0, 1)]), ALL_PASSAGES)
    settings = Settings(shingle_words=5, min_passage_words=least)
    found = passages.align(kept.text, kept.located(), pack([(0, 1)]), settings)
    lengths = [len(folded(texts[0][span[0] : span[1]])) for span in every.spans]
    long = [place for place, length in enumerate(lengths) if length >= least]
    expected = long or [lengths.index(max(lengths))]
    assert found.spans.tolist() == every.spans[expected].tolist()
    assert found.shared_words.tolist() == every.shared_words.tolist()


def test_passages_of_an_archive_are_right():
    pages = [page["text"] for page in made_up.records(120)]
    kept = archive(*pages)
    matched = matches.verify(every_pair(len(pages)), kept.sketches.shingles, SETTINGS)
    found = passages.align(kept.text, kept.located(), matched.pairs, SETTINGS)
    assert len(matched) > 50
    for row, (a, b) in enumerate(unpack(matched.pairs)):
        check_passages(kept, found, row, a, b)


def test_offsets_are_characters_of_the_page_also_in_its_second_story():
    chance = random.Random(1)
    made = " ".join(chance.choices(["straße", "Ministère", "größer", "日本", "plain", "word", "👍"], k=60))
    shared = f"{made} zum Schluß"
    other = " ".join(f"w{number}" for number in range(40))
    page = f"{HEAD}Ganz anderes über {other}.\nSOURCE: x.com\n\n{HEAD}Före: {shared}.\nSOURCE: y.com\n"
    kept = archive(page, f"日本 – {shared} danach")
    assert kept.article_ids.to_pylist() == ["00000#1", "00000#2", "00001"]
    found = passages.align(kept.text, kept.located(), pack([(1, 2)]), SETTINGS)
    (span,) = found.spans.tolist()
    start, end = page.index(shared), page.index(shared) + len(shared)
    assert page[span[0] : span[1]].endswith(shared)
    assert span[:2] == [start, end]
    assert kept.story(2).page_text[span[2] : span[3]] == shared


def test_offsets_are_those_of_the_page_where_all_is_ascii():
    shared = " ".join(f"w{number}" for number in range(40))
    page = (
        f"One\nX | Published May 1, 2025\nbody\nSOURCE: x.com\n\nTwo\nX | Published May 1, 2025\n{shared}\n"
    )
    kept = archive(page, shared)
    found = passages.align(kept.text, kept.located(), pack([(1, 2)]), SETTINGS)
    start = page.index(shared)
    assert found.spans.tolist() == [[start, start + len(shared), 0, len(shared)]]


def test_an_ascii_story_after_one_that_is_not_has_offsets_in_characters_too():
    shared = " ".join(f"w{number}" for number in range(40))
    page = f"{HEAD}Über größere Straßen.\nSOURCE: x.com\n\nTwo\nX | Published May 1, 2025\n{shared}\n"
    kept = archive(page, shared)
    found = passages.align(kept.text, kept.located(), pack([(1, 2)]), SETTINGS)
    start = page.index(shared)
    assert found.spans.tolist() == [[start, start + len(shared), 0, len(shared)]]


def test_a_story_that_is_not_ascii_after_its_story_in_a_page_that_is():
    shared = " ".join(f"w{number}" for number in range(40))
    page = f"One\nX | Published May 1, 2025\n{shared}\nSOURCE: x.com\n\nÜber\nY | Published May 2, 2025\nß {shared}\n"
    kept = archive(page, f"ß ß {shared}")
    pairs = pack([(0, 2), (1, 2), (0, 1)])
    found = passages.align(kept.text, kept.located(), pairs, SETTINGS)
    stories_of = [kept.story(article) for article in range(3)]
    for (a, b), span in zip(unpack(pairs), found.spans.tolist(), strict=True):
        assert stories_of[a].page_text[span[0] : span[1]].endswith(shared)
        assert stories_of[a].page_text[span[0] : span[1]] == stories_of[b].page_text[span[2] : span[3]]


@given(st.integers(0, 2**32))
def test_pairs_aligned_together_have_the_passages_that_they_have_alone(seed):
    chance = random.Random(seed)
    parts = [" ".join(chance.choices(["ä", *"bcdefghijk"], k=12)) for _ in range(4)]
    kept = archive(*(" ".join(chance.sample(parts, 3)) for _ in range(5)))
    pairs = every_pair(5)
    together = passages.align(kept.text, kept.located(), pairs, ALL_PASSAGES)
    alone = [
        passages.align(kept.text, kept.located(), pairs[row : row + 1], ALL_PASSAGES)
        for row in range(len(pairs))
    ]
    joined = passages.concatenate([passages.none(), *alone])
    assert together.spans.tolist() == joined.spans.tolist()
    assert together.offsets.tolist() == joined.offsets.tolist()
    assert together.shared_words.tolist() == joined.shared_words.tolist()


def test_a_passage_that_goes_on_is_preferred_to_an_equal_one_elsewhere():
    kept = archive("a b c d e f x g h i j k l", "g h i j k l . a b c d e f . g h i j k l")
    found = passages.align(kept.text, kept.located(), pack([(0, 1)]), ALL_PASSAGES)
    assert found.spans[:, 2:].tolist() == [[14, 25], [28, 39]]


def test_the_longest_of_several_places_is_taken():
    kept = archive("a b c d e f g", "a b c d e x a b c d e f y a b c d e f g z a b c d e f")
    found = passages.align(kept.text, kept.located(), pack([(0, 1)]), ALL_PASSAGES)
    assert found.spans.tolist() == [[0, 13, 26, 39]]


def test_two_stories_shorter_than_a_shingle_match_only_whole():
    kept = archive("one two three", "One, two – three.", "one two three four", "two three")
    found = matches.overlaps(every_pair(4), kept.sketches.shingles, SETTINGS)
    assert dict(zip(unpack(found.pairs), found.shared.tolist(), strict=True))[0, 1] == 1
    assert found.shared.sum() == 1
    spans = passages.align(kept.text, kept.located(), pack([(0, 1)]), SETTINGS).spans
    assert spans.tolist() == [[0, 13, 0, 16]]


def test_words_that_stand_in_one_character_make_passages_of_their_own():
    kept = archive("ﷺ " * 6, f"x {'ﷺ ' * 6} y")
    found = passages.align(kept.text, kept.located(), pack([(0, 1)]), ALL_PASSAGES)
    assert found.shared_words.tolist() == [24]
    assert found.spans[0].tolist() == [0, 11, 2, 13]


def test_no_pairs_have_no_passages():
    kept = archive("a b c")
    found = passages.align(kept.text, kept.located(), pack([]), SETTINGS)
    assert found.spans.shape == (0, 4)
    assert found.offsets.tolist() == [0]


def test_the_stories_of_these_tests_are_split_as_they_should_be():
    data = f"{HEAD}a\nSOURCE: x.com\n\n{HEAD}b\n".encode()
    assert len(stories.split(np.frombuffer(data, np.uint8), np.array([0, len(data)]))) == 2
