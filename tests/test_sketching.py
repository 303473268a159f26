"""From text to sketches, compared with datasketch, with NumPy and with the hashes in Python's integers."""

from __future__ import annotations

import random

import datasketch
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import words
from dedup.engines import onepass
from dedup.settings import Settings
from dedup.sketching import kernels, sketches
from dedup.text import paragraphs

BITS_64 = 2**64 - 1
SETTINGS = Settings(
    shingle_words=5,
    n_permutations=128,
    permutation_seed=1,
    sample_rate=16,
    bands=32,
    rows=4,
    paragraph_bands=4,
    paragraph_rows=2,
    paragraph_min_words=12,
)
LIMIT = (2**32 - 1) // SETTINGS.sample_rate

VOCABULARY = [*"abcdefghij", "Straße", "東京", "über", "1", "2", "U.S."]
seeds_of_chance = st.integers(0, 2**32)
stories = st.builds(
    " ".join,
    st.lists(st.one_of(st.sampled_from(VOCABULARY), st.sampled_from(["\n\n", "ﷺ", "–"])), max_size=60),
)


def sketch(*texts, settings=SETTINGS):
    """Return the sketches of stories that stand one after another."""
    encoded = [text.encode() for text in texts]
    edges = np.cumsum([0, *map(len, encoded)])
    data = np.frombuffer(b"".join(encoded), np.uint8)
    spans = paragraphs.find(data, edges[:-1], edges[1:])
    return onepass.sketch(data, spans, np.zeros(len(spans.starts), bool), settings)


def prose(seed, n_paragraphs, n_words, vocabulary=2000):
    """Return paragraphs of made-up words, with a blank line between them."""
    chance = random.Random(seed)
    made = [" ".join(f"w{chance.randrange(vocabulary)}" for _ in range(n_words)) for _ in range(n_paragraphs)]
    return "\n\n".join(made)


def reference_shingles(text, size=5):
    """Return the shingle hashes of a text in its order, in Python's integers."""
    data = np.frombuffer(text.encode(), np.uint8)
    hashes = words.find(data, 0, len(data)).hashes.tolist()
    size = min(size, len(hashes))
    made = []
    for place in range(len(hashes) - size + 1) if size else ():
        polynomial = 0
        for word in hashes[place : place + size]:
            polynomial = (polynomial * 0xD6E8FEB86659FD93 + word) & BITS_64
        mixed = (polynomial ^ (polynomial >> 32)) * 0x94D049BB133111EB & BITS_64
        made.append(mixed >> 32)
    return made


def min_hash(shingles, n_permutations=128, seed=1):
    """Return datasketch's signature over shingles that are hashed already."""
    made = datasketch.MinHash(n_permutations, seed, hashfunc=lambda value: value, scheme="affine32")
    made.update_batch(shingles)
    return made


@given(stories, st.integers(1, 8))
@example("", 5)
@example("one two", 5)
@example("one two three four five", 5)
@example("ﷺ" * 40, 5)
def test_shingles_and_their_marks_are_those_of_the_reference(text, size):
    made = sketch(text, settings=Settings(shingle_words=size))
    in_order = reference_shingles(text, size)
    assert made.marks.row(0).tolist() == [shingle >> 16 for shingle in in_order]
    tails = made.tails.row(0)
    assert np.column_stack((tails & 15, tails >> 4)).ravel()[: len(in_order)].tolist() == [
        shingle >> 12 & 15 for shingle in in_order
    ]
    assert len(tails) == (len(in_order) + 1) // 2
    assert made.n_shingles.tolist() == [len(in_order)]


def test_shingles_are_pinned_because_indexes_and_ids_rest_on_them():
    made = sketch("The ministers said on Tuesday that they will meet again.").marks.row(0)
    expected = reference_shingles("the MINISTERS said, on tuesday: that they will meet again")
    assert made.tolist() == [shingle >> 16 for shingle in expected]
    assert len(made) == 6


@given(stories, stories)
@example("a b c d e f g", "a b c d e f")
@example("a b c d e f g", "b c d e f g a")
@example("", "one")
@example("a a a a a", "a a a a a a")
@example("a b c d e", "A, b: c d (e)")
def test_digests_are_equal_where_the_shingles_are(one, other):
    digests = sketch(one, other).digests
    assert (digests[0] == digests[1]) == (reference_shingles(one) == reference_shingles(other))


@pytest.mark.parametrize("size", [63, 64, 65, 300])
def test_a_digest_tells_any_two_shingles_that_change_places(size):
    chance = np.random.default_rng(size)
    shingles = chance.integers(0, 2**32, size, dtype=np.uint32)
    known = {kernels.digest(shingles)}
    for _ in range(50):
        i, j = chance.choice(size, 2, replace=False)
        changed = shingles.copy()
        changed[[i, j]] = changed[[j, i]]
        known.add(kernels.digest(changed))
    known |= {kernels.digest(shingles[:-1]), kernels.digest(shingles ^ np.uint32(1))}
    assert len(known) >= 45


@given(stories)
@example("")
@example("one two")
def test_a_signature_is_that_of_datasketch_over_the_same_hashes(text):
    made = sketch(text)
    assert made.signatures[0].tolist() == min_hash(reference_shingles(text)).hashvalues.tolist()


@pytest.mark.parametrize(("n_permutations", "seed"), [(8, 1), (128, 7), (200, 42)])
def test_permutations_are_those_of_datasketch(n_permutations, seed):
    expected = datasketch.MinHash(n_permutations, seed, scheme="affine32").permutations
    made = sketches.permutations(n_permutations, seed)
    assert made.dtype == np.uint32
    assert made.tolist() == np.asarray(expected).tolist()
    settings = Settings(n_permutations=n_permutations, permutation_seed=seed, bands=2, rows=2)
    text = prose(seed, 2, 30)
    signature = sketch(text, settings=settings).signatures[0]
    assert signature.tolist() == min_hash(reference_shingles(text), n_permutations, seed).hashvalues.tolist()


@given(
    st.lists(st.integers(0, 2**32 - 1), max_size=30),
    st.sampled_from([1, 7, 8, 20]),
    st.randoms(use_true_random=False),
)
def test_a_signature_ignores_the_order_and_the_repetition_of_shingles(hashes, n_permutations, chance):
    shuffled = hashes + hashes[: len(hashes) // 2]
    chance.shuffle(shuffled)
    multipliers, addends = sketches.permutations(n_permutations, 1)
    made = []
    for values in (hashes, shuffled):
        mixed, signature = np.empty(len(values), np.uint32), np.empty(n_permutations, np.uint32)
        kernels.mix(np.array(values, np.uint32), mixed)
        kernels.sign(mixed, (multipliers, addends), signature)
        made.append(signature.tolist())
    assert made[0] == made[1] == min_hash(hashes, n_permutations).hashvalues.tolist()


@given(seeds_of_chance)
def test_a_text_that_is_repeated_whole_adds_only_the_shingles_of_its_seam(seed):
    text = prose(seed, 1, 30)
    once, twice = set(sketch(text).marks.row(0)), set(sketch(f"{text} {text}").marks.row(0))
    assert once <= twice
    assert len(twice) - len(once) <= SETTINGS.shingle_words - 1


def test_datasketch_finds_near_duplicates_by_the_signatures():
    original = prose(1, 10, 40)
    texts = [original, original.replace("w1", "x", 3), prose(2, 10, 40), prose(3, 10, 40)]
    made = sketch(*texts)
    index = datasketch.MinHashLSH(threshold=0.5, num_perm=128)
    for story in range(1, len(texts)):
        index.insert(story, sketches.to_datasketch(made.signatures[story]))
    assert index.query(sketches.to_datasketch(made.signatures[0])) == [1]
    estimate = sketches.to_datasketch(made.signatures[0]).jaccard(sketches.to_datasketch(made.signatures[1]))
    ours, theirs = set(reference_shingles(texts[0])), set(reference_shingles(texts[1]))
    assert estimate == pytest.approx(len(ours & theirs) / len(ours | theirs), abs=0.2)


def test_a_signature_compares_with_one_that_datasketch_made():
    text = prose(1, 2, 30)
    ours = sketches.to_datasketch(sketch(text).signatures[0])
    assert ours.jaccard(datasketch.LeanMinHash(min_hash(reference_shingles(text)))) == 1.0


def sort_unique(values, largest=2**32 - 1):
    """Return what the kernel leaves at the front of the values."""
    taken = np.array(values, np.uint32)
    spare = np.empty(len(taken), np.uint32)
    counts = np.random.default_rng(0).integers(0, 99, kernels.N_BUCKETS).astype(np.int32)
    return taken[: kernels.sort_unique(taken, len(taken), np.uint32(largest), spare, counts)].tolist()


@given(
    st.lists(
        st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 20), st.integers(2**32 - 20, 2**32 - 1)),
        max_size=200,
    )
)
@example([])
@example([5])
@example([2**32 - 1, 0])
@example([7, 7, 7])
def test_sort_unique_equals_numpy(values):
    assert sort_unique(values) == np.unique(np.array(values, np.uint32)).tolist()


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 4096, 70_000])
def test_sort_unique_equals_numpy_on_hashes_of_any_number(size):
    values = np.random.default_rng(size).integers(0, 2**32, size, dtype=np.uint32)
    assert sort_unique(values) == np.unique(values).tolist()


@pytest.mark.parametrize("largest", [0, 1, 2, 1000, 2**29 - 1, 2**29, 2**32 - 1])
@pytest.mark.parametrize("size", [2, 70, 3000])
def test_sort_unique_equals_numpy_where_all_values_are_small(largest, size):
    values = np.random.default_rng(size).integers(0, largest + 1, size)
    assert sort_unique([*values, largest], largest) == np.unique([*values, largest]).tolist()


@pytest.mark.parametrize(
    "values",
    [
        np.full(3000, 9),
        np.arange(3000),
        np.arange(3000)[::-1],
        2**32 - 1 - np.arange(3000),
        np.repeat(np.arange(0, 2**32, 2**22), 3),
        np.tile([0, 2**32 - 1], 1500),
        (5 << 20) + np.random.default_rng(1).permutation(3000),
    ],
    ids=[
        "all equal",
        "sorted",
        "falling",
        "last bucket",
        "buckets of repeats",
        "first and last",
        "one bucket",
    ],
)
def test_sort_unique_equals_numpy_on_what_no_hash_would_give(values):
    assert sort_unique(values) == np.unique(values).tolist()


@given(seeds_of_chance, st.integers(1, 12), st.integers(1, 60))
@example(1, 3, 11)
@example(1, 3, 12)
def test_every_paragraph_that_is_long_enough_has_a_sample(seed, count, n_words):
    text = prose(seed, count, n_words)
    samples = set(sketch(text).samples.row(0).tolist())
    assert samples <= set(reference_shingles(text))
    for paragraph in text.split("\n\n"):
        own = reference_shingles(paragraph)
        if n_words >= SETTINGS.paragraph_min_words:
            assert samples & set(own)
            assert min(own) in samples  # the floor of a paragraph is the same wherever the paragraph stands


def dense_samples(text):
    """Return the shingles sampled of a text: twice as many again until there should be as many as are wanted."""
    shingles, limit = reference_shingles(text), LIMIT
    while len(shingles) * limit >> 32 < SETTINGS.min_samples and limit < 2**32 - 1:
        limit = min(2 * limit, 2**32 - 1)
    return {shingle for shingle in shingles if shingle <= limit}


@given(seeds_of_chance, st.integers(1, 6), st.integers(1, 30))
def test_samples_are_the_least_hashes_and_the_floors_and_nothing_else(seed, count, n_words):
    text = prose(seed, count, n_words)
    expected = dense_samples(text)
    in_order = reference_shingles(text)
    for paragraph in range(count):
        own = in_order[paragraph * n_words : (paragraph + 1) * n_words - SETTINGS.shingle_words + 1]
        if n_words >= SETTINGS.paragraph_min_words and min(own) > LIMIT:
            expected.add(min(own))
    assert sketch(text).samples.row(0).tolist() == sorted(expected)


@given(seeds_of_chance, st.integers(5, 80), st.integers(0, 40), st.integers(0, 40))
def test_a_text_has_the_same_samples_inside_another(seed, n_words, n_before, n_after):
    text = prose(seed, 1, n_words)
    around = f"{prose(seed + 1, 1, n_before)} {text} {prose(seed + 2, 1, n_after)}"
    alone, inside = sketch(text).samples.row(0), sketch(around).samples.row(0)
    assert set(alone[alone <= LIMIT]) <= set(inside)


def test_one_shingle_in_sixteen_is_sampled():
    made = sketch(prose(1, 1, 20_000, vocabulary=100_000))
    share = len(made.samples.row(0)) / made.n_shingles[0]
    assert share == pytest.approx(1 / 16, rel=0.1)


@pytest.mark.parametrize("rate", [1, 2, 4096])
def test_the_rate_of_samples_is_that_of_the_settings(rate):
    text = prose(1, 1, 2000)
    chosen = Settings(sample_rate=rate, paragraph_min_words=5000, min_samples=0)
    row = sketch(text, settings=chosen).samples.row(0)
    assert row.tolist() == sorted({each for each in reference_shingles(text) if each <= (2**32 - 1) // rate})


def test_paragraph_keys_are_the_band_keys_of_the_paragraphs_own_signatures():
    text = f"{prose(1, 1, 12)}\n\ntoo short to have a signature\n\n{prose(2, 1, 40)}"
    long = [paragraph for paragraph in text.split("\n\n") if len(paragraph.split()) >= 12]
    alone = [sketches.band_keys(sketch(paragraph).signatures, 4, 2).ravel().tolist() for paragraph in long]
    assert sketch(text).paragraph_keys.row(0).tolist() == sorted({key for keys in alone for key in keys})


def test_a_paragraph_has_the_same_keys_in_any_story():
    shared = prose(1, 1, 30)
    made = sketch(shared, f"{prose(2, 3, 30)}\n\n{shared}\n\n{prose(3, 1, 30)}")
    assert len(made.paragraph_keys.row(0)) == 4
    assert set(made.paragraph_keys.row(0)) <= set(made.paragraph_keys.row(1))


def test_paragraphs_can_go_without_keys():
    made = sketch(prose(1, 3, 30), settings=Settings(paragraph_bands=0))
    assert made.paragraph_keys.values.tolist() == []


@given(seeds_of_chance, st.integers(1, 6), st.integers(1, 4))
def test_band_keys_are_equal_where_the_rows_of_the_band_are(seed, bands, rows):
    chance = np.random.default_rng(seed)
    values = chance.integers(0, 2**32, 2, dtype=np.uint32)
    signatures = values[chance.integers(0, 2, (12, bands * rows))]
    keys = sketches.band_keys(signatures, bands, rows)
    contents = [
        (band, *row[band * rows : (band + 1) * rows].tolist()) for row in signatures for band in range(bands)
    ]
    by_content = dict(zip(contents, keys.ravel().tolist(), strict=True))
    assert keys.ravel().tolist() == [by_content[content] for content in contents]
    assert len(set(by_content.values())) == len(by_content)


@pytest.mark.parametrize("n_words", range(8))
def test_a_story_shorter_than_a_shingle_has_one_of_all_its_words(n_words):
    text = " ".join(["one", "two", "three", "four", "five", "six", "seven"][:n_words])
    made = sketch(text)
    assert made.n_words.tolist() == [n_words]
    assert made.n_shingles.tolist() == [0 if n_words == 0 else max(1, n_words - 4)]
    assert made.paragraph_keys.row(0).tolist() == []


def test_an_empty_story_has_an_empty_signature():
    made = sketch("", "words of a story that is not empty", "")
    assert min_hash([]).is_empty()
    assert sketches.to_datasketch(made.signatures[0]).hashvalues.tolist() == min_hash([]).hashvalues.tolist()
    assert [len(made.samples.row(story)) for story in (0, 2)] == [0, 0]


def test_no_stories_have_no_sketches():
    made = sketch()
    assert len(made) == len(made.marks) == len(made.samples) == len(made.paragraph_keys) == 0
    assert made.signatures.shape == (0, 128)


def same(one, row, other, other_row):
    """Return whether two rows of sketches are equal in every column."""
    columns = ("marks", "tails", "samples", "paragraph_keys")
    return (
        one.n_words[row] == other.n_words[other_row]
        and one.digests[row] == other.digests[other_row]
        and one.signatures[row].tolist() == other.signatures[other_row].tolist()
        and all(
            getattr(one, name).row(row).tolist() == getattr(other, name).row(other_row).tolist()
            for name in columns
        )
    )


@given(st.lists(stories, max_size=8))
@example(["ﷺ " * 50, "", "a b c d e f", "ﷺ" * 200])
def test_stories_are_sketched_in_a_batch_as_they_are_alone(batch):
    together = sketch(*batch)
    assert len(together) == len(batch)
    for story, text in enumerate(batch):
        assert same(together, story, sketch(text), 0)


def test_where_no_bands_are_asked_there_are_no_signatures():
    text = prose(1, 3, 30)
    without, made = sketch(text, settings=Settings(bands=0)), sketch(text, settings=Settings(bands=32))
    assert without.signatures.shape == (1, 0)
    assert made.signatures.shape == (1, 128)
    assert without.paragraph_keys.values.tolist() == made.paragraph_keys.values.tolist()


lines = st.lists(
    st.tuples(st.lists(st.sampled_from([*VOCABULARY, "–", "ﷺ"]), max_size=14).map(" ".join), st.booleans()),
    max_size=12,
)


@given(lines)
@example([("a b c", True)])
@example([("a b c", False), ("x", True), ("d e f g h i", False)])
@example([("–", False), ("a b", True), ("c d", False)])
def test_no_shingle_crosses_a_dead_line(lines):
    text = "\n\n".join(line for line, _ in lines if line.strip())
    data = np.frombuffer(text.encode(), np.uint8)
    spans = paragraphs.find(data, np.array([0]), np.array([len(data)]))
    dead = np.array([is_dead for line, is_dead in lines if line.strip()], bool)
    segments = [""]
    for line, is_dead in lines:
        if line.strip():
            segments = [*segments, ""] if is_dead else [*segments[:-1], f"{segments[-1]} {line}\n"]
    segments = [segment for segment in segments if segment]
    expected = [
        shingle
        for segment in segments
        for shingle in reference_shingles(segment)
        if len(segments) == 1 or len(reference_words(segment)) >= 5
    ]
    made = onepass.sketch(data, spans, dead, SETTINGS)
    assert made.marks.row(0).tolist() == [shingle >> 16 for shingle in expected]
    assert made.signatures[0].tolist() == min_hash(expected).hashvalues.tolist()
    assert made.n_words.tolist() == [sum(len(reference_words(segment)) for segment in segments)]
    assert set(made.samples.row(0).tolist()) <= set(expected)


def reference_words(text):
    data = np.frombuffer(text.encode(), np.uint8)
    return words.find(data, 0, len(data)).hashes.tolist()
