"""How boilerplate is learned: each step of it against the plain rule, on made-up lines."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import records, words
from dedup.engines import onepass
from dedup.settings import Settings
from dedup.text import paragraphs
from dedup.text.boilerplate import furniture, kernels, placing, repeats, subjects, templates
from dedup.text.boilerplate import lines as describing

SENTENCE, LOWER, UNCASED, QUARTER = kernels.SENTENCE, kernels.LOWER, kernels.UNCASED, kernels.QUARTER
seeds = st.integers(0, 2**32 - 1)


def make_lines(chance, n_stories=12, n_keys=8):
    """Return lines of a few texts, some of them prose, on stories of any number of lines."""
    offsets = records.offsets(chance.integers(0, 9, n_stories))
    n_lines = int(offsets[-1])
    return describing.Lines(
        exact=chance.integers(0, 3, n_lines).astype(np.uint32),
        folded=chance.integers(0, n_keys, n_lines).astype(np.uint64) << np.uint64(40),
        sizes=chance.choice([0, 8, 16, 28, 60], n_lines).astype(np.uint16),
        marks=chance.choice([0, SENTENCE, LOWER, SENTENCE | UNCASED], n_lines).astype(np.uint8),
        furniture=chance.random(n_lines) < 0.1,
        n_words=np.zeros(n_stories, np.int64),
        offsets=offsets,
    )


def owners_of(lines):
    """Return the story of each line."""
    return np.repeat(np.arange(len(lines)), np.diff(lines.offsets))


def find(chance, lines, groups, least=2):
    """Return the repeated lines of some lines, any of which may be left out, and which were not."""
    among = repeats.frequent(lines, chance.random(len(lines.folded)) < 0.1, least)
    kept = chance.random(len(among.lines)) < 0.9
    return among, kept, repeats.find(among, lines, groups, kept, least)


def by_text(found):
    """Return group, stories and lines of each text."""
    rows = itertools.pairwise(found.offsets.tolist())
    return sorted(
        (int(found.groups[i]), int(found.n_stories[i]), found.lines[begin:end].tolist())
        for i, (begin, end) in enumerate(rows)
    )


@given(seeds, st.integers(2, 4))
def test_no_line_that_is_frequent_is_missed(seed, least):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance)
    left_out = chance.random(len(lines.folded)) < 0.2
    among = repeats.frequent(lines, left_out, least)
    asked = ~left_out & (lines.sizes > 0)
    counts = {key: int((lines.folded[asked] == key).sum()) for key in lines.folded.tolist()}
    wanted = [line for line in np.flatnonzero(asked).tolist() if counts[int(lines.folded[line])] >= least]
    assert set(wanted) <= set(among.lines.tolist()) <= set(np.flatnonzero(asked).tolist())
    assert among.lines.tolist() == sorted(among.lines.tolist())
    assert among.owners.tolist() == owners_of(lines)[among.lines].tolist()


def test_lines_of_rare_keys_are_dropped():
    n_lines = 5_000
    keys = np.random.default_rng(1).integers(0, 2**63, n_lines).astype(np.uint64)
    keys[:20] = keys[0]
    lines = describing.Lines(
        np.zeros(n_lines, np.uint32),
        keys,
        np.full(n_lines, 4, np.uint16),
        np.zeros(n_lines, np.uint8),
        np.zeros(n_lines, bool),
        np.zeros(1, np.int64),
        np.array([0, n_lines]),
    )
    among = repeats.frequent(lines, np.zeros(n_lines, bool), 5)
    assert among.lines[:20].tolist() == list(range(20))
    assert len(among.lines) < 120


@given(seeds, st.integers(2, 4))
def test_repeated_lines_are_those_of_one_key_in_so_many_stories_of_a_group(seed, least):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance)
    groups = chance.integers(-1, 2, len(lines))
    among, kept, found = find(chance, lines, groups, least)
    expected = {}
    for line, owner in zip(among.lines[kept].tolist(), among.owners[kept].tolist(), strict=True):
        expected.setdefault((int(groups[owner]), int(lines.folded[line])), []).append((line, owner))
    wanted = [(group, places) for (group, _), places in expected.items()]
    counted = [(group, len({owner for _, owner in places}), places) for group, places in wanted]
    assert by_text(found) == sorted(
        (group, count, [line for line, _ in places]) for group, count, places in counted if count >= least
    )
    assert found.owners.tolist() == owners_of(lines)[found.lines].tolist()


@given(seeds)
def test_a_text_is_varied_when_it_comes_with_as_many_numbers_as_half_of_its_stories(seed):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance)
    _, _, found = find(chance, lines, np.zeros(len(lines), np.int64))
    expected = []
    for i, (begin, end) in enumerate(itertools.pairwise(found.offsets.tolist())):
        n_different = len(set(lines.exact[found.lines[begin:end]].tolist()))
        expected.append(n_different >= max(2, repeats.VARIED * found.n_stories[i]))
    assert repeats.varied(found, lines).tolist() == expected


def n_unrelated(stories, samples):
    """Return into how many groups stories fall by the samples that not more than half of them hold."""
    held = [set(samples.row(story).tolist()) for story in stories]
    common = {each for one in held for each in one if 2 * sum(each in other for other in held) > len(held)}
    own = [one - common for one in held]
    telling = [
        len(mine) >= 3 and len(mine) >= repeats.OWN_SHARE * len(one)
        for mine, one in zip(own, held, strict=True)
    ]
    group = list(range(len(stories)))
    for i, j in itertools.combinations(group.copy(), 2):
        if len(own[i] & own[j]) >= max(2, 0.3 * min(len(own[i]), len(own[j]))):
            group = [group[i] if each == group[j] else each for each in group]
    return len({number for number, tells in zip(group, telling, strict=True) if tells})


@given(seeds, st.integers(1, 4))
def test_texts_of_unrelated_stories_are_told_as_by_comparing_each_story_with_each(seed, least):
    chance = np.random.default_rng(seed)
    n_stories = 14
    rows = [
        np.unique(chance.integers(0, chance.choice([10, 400]), chance.integers(0, 12)))
        for _ in range(n_stories)
    ]
    for place in chance.integers(1, n_stories, 3):
        rows[place] = rows[place - 1]
    offsets = records.offsets(np.array([len(row) for row in rows]))
    samples = records.Rows(np.concatenate(rows).astype(np.uint32), offsets[:-1], offsets[1:])
    texts = [np.sort(chance.choice(n_stories, chance.integers(1, 12), replace=False)) for _ in range(6)]
    texts += texts[:2]
    found = repeats.Repeats(
        np.arange(sum(map(len, texts)), dtype=np.int32),
        np.concatenate(texts).astype(np.int32),
        records.offsets(np.array([len(text) for text in texts])),
        np.zeros(len(texts), np.int64),
        np.array([len(text) for text in texts]),
    )
    counts = [n_unrelated(text.tolist(), samples) for text in texts]
    expected = [
        count >= max(least, repeats.LEAST_UNRELATED * len(text))
        for count, text in zip(counts, texts, strict=True)
    ]
    assert repeats.unrelated(found, samples, least).tolist() == expected


def placed_in_rounds(found, anywhere, lines, dead):
    """Return which texts are placed as boilerplate is: all edges are found anew until no text is dropped."""
    sizes = np.diff(found.offsets)
    accepted = np.ones(len(found), bool)
    while True:
        passed = lines.furniture | dead
        passed[found.lines[np.repeat(accepted, sizes)]] = True
        prose = [kernels.is_prose(*each) for each in zip(lines.sizes, lines.marks, strict=True)]
        own = np.array(prose, bool) & ~passed
        at_head, at_tail = np.ones(len(own), bool), np.ones(len(own), bool)
        for begin, end in itertools.pairwise(lines.offsets.tolist()):
            for line in range(begin, end):
                at_head[line] = not own[begin:line].any()
                at_tail[line] = not own[line + 1 : end].any()
        heads, tails = found.count(at_head[found.lines]), found.count(at_tail[found.lines])
        kept = accepted & (anywhere | (np.maximum(heads, tails) >= placing.AT_EDGE * sizes))
        if (kept == accepted).all():
            return accepted
        accepted = kept


@given(seeds)
def test_misplaced_texts_are_dropped_as_in_rounds_over_all_lines(seed):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance, n_keys=14)
    _, _, found = find(chance, lines, np.zeros(len(lines), np.int64))
    anywhere = chance.random(len(found)) < 0.2
    dead = chance.random(len(lines.folded)) < 0.2
    dead[found.lines] = False
    expected = placed_in_rounds(found, anywhere, lines, dead)
    assert placing.placed(found, anywhere, lines, dead).tolist() == expected.tolist()


@given(seeds)
def test_pieces_end_or_go_on_with_an_unfinished_line(seed):
    lines = make_lines(np.random.default_rng(seed))
    pieces = repeats.pieces(lines)
    for begin, end in itertools.pairwise(lines.offsets.tolist()):
        for line in range(begin, end):
            unfinished = line > begin and not lines.marks[line - 1] & SENTENCE
            before = int(lines.sizes[line - 1]) if unfinished else 0
            ends = lines.marks[line] & SENTENCE and lines.sizes[line] <= 4 * QUARTER and before >= 4 * QUARTER
            goes_on = lines.marks[line] & (LOWER | UNCASED) and before >= 7 * QUARTER
            assert pieces[line] == bool(ends or goes_on)


@given(seeds)
def test_the_longest_run_of_furniture_is_found_in_each_group(seed):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance)
    groups = chance.integers(0, 3, len(lines))
    shaped = chance.random(len(lines.folded)) < 0.6
    runs, n_stories = furniture.longest(shaped, lines.offsets, groups)
    for group in range(len(runs)):
        stories = [story for story in range(len(lines)) if groups[story] == group]
        spans = [(int(lines.offsets[story]), int(lines.offsets[story + 1])) for story in stories]
        assert n_stories[group] == sum(bool(shaped[begin:end].any()) for begin, end in spans)
        every = [
            (first, last)
            for begin, end in spans
            for first in range(begin, end)
            for last in range(first, end)
            if shaped[first : last + 1].all()
        ]
        if every:
            assert tuple(runs[group].tolist()) == min(every, key=lambda run: (run[0] - run[1], run[0]))


@given(seeds)
def test_templates_spare_the_stories_that_would_lose_half(seed):
    chance = np.random.default_rng(seed)
    lines = make_lines(chance, n_keys=4)
    _, _, found = find(chance, lines, np.zeros(len(lines), np.int64))
    marked = chance.random(len(found.lines)) < 0.7
    kept = set(found.lines.tolist())
    for story, (begin, end) in enumerate(itertools.pairwise(lines.offsets.tolist())):
        own = found.lines[marked & (found.owners == story)]
        if lines.sizes[own].sum() > (1 - templates.LEFT) * lines.sizes[begin:end].sum():
            kept -= set(own.tolist())
    assert set(templates.sparing(found, marked, lines).lines.tolist()) == kept


def words_of(text, starts, ends, story, own):
    """Return the words of some lines of a story."""
    spans = paragraphs.find(text, starts[story : story + 1], ends[story : story + 1])
    edges = zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
    return {
        word
        for (begin, end), counts in zip(edges, own, strict=True)
        if counts
        for word in words.find(text, begin, end).hashes.tolist()
    }


@given(seeds)
def test_sentences_are_spoken_of_as_by_reading_all_their_stories(seed):
    chance = np.random.default_rng(seed)
    vocabulary = [f"wort{letter}ß" for letter in "abcdefghijklmnopqrstuvwxyz"]
    shared = [" ".join(chance.choice(vocabulary[:8], 11)) + f" subject{number}." for number in range(3)]
    spoken_of = chance.choice([0.0, 0.75, 0.9], 3)
    stories = []
    for _ in range(90):
        told = [" ".join(chance.choice(vocabulary, 11)) + "." for _ in range(chance.integers(0, 4))]
        for number in np.flatnonzero(chance.random(3) < 0.4):
            speaks = chance.random() < spoken_of[number]
            told += [
                shared[number],
                f"Wort subject{number * speaks} {' '.join(chance.choice(vocabulary, 9))}.",
            ]
        stories.append("\n".join(told).encode())
    edges = np.cumsum([0, *map(len, stories)])
    text, starts, ends = np.frombuffer(b"".join(stories), np.uint8), edges[:-1], edges[1:]
    lines = onepass.read(text, paragraphs.find(text, starts, ends), Settings(boilerplate=False)).lines
    groups = chance.integers(0, 2, len(stories))
    none = np.zeros(len(lines.folded), bool)
    among = repeats.frequent(lines, none, 2)
    found = repeats.find(among, lines, groups, np.ones(len(among.lines), bool), 2)
    own = ~none
    own[found.lines] = False

    told_by = [
        words_of(text, starts, ends, story, own[begin:end])
        for story, (begin, end) in enumerate(itertools.pairwise(lines.offsets.tolist()))
    ]

    def share(word, chosen):
        return np.mean([word in told_by[story] for story in chosen])

    def some(chosen, most):
        return chosen[np.linspace(0, len(chosen) - 1, min(len(chosen), most)).astype(int)]

    expected = []
    for i, (begin, end) in enumerate(itertools.pairwise(found.offsets.tolist())):
        holders = np.unique(found.owners[begin:end])
        others = np.setdiff1d(
            some(np.flatnonzero(groups == found.groups[i]), 2 * subjects.MOST_READ), holders
        )
        only = np.zeros(len(own), bool)
        only[found.lines[begin]] = True
        only = only[lines.offsets[holders[0]] : lines.offsets[holders[0] + 1]]
        asked = words_of(text, starts, ends, int(holders[0]), only)
        expected.append(
            len(others) >= subjects.LEAST_OTHERS
            and any(
                share(word, some(holders, subjects.MOST_READ)) >= subjects.SPOKEN_OF
                and share(word, some(others, subjects.MOST_READ)) <= subjects.NOT_ELSEWHERE
                for word in asked
            )
        )
    told = subjects.spoken_of(found, lines, groups, none, subjects.Texts(text, starts, ends))
    assert told.tolist() == expected


@pytest.mark.parametrize("most", [1, 2, 24, 48])
def test_stories_are_chosen_at_the_distances_of_numpy(most):
    counts = [*range(200), 1_000, 99_999, 1_234_567]
    for count, places in zip(counts, subjects.at_even_distances(np.array(counts), most), strict=True):
        n_chosen = min(count, most)
        assert places[:n_chosen].tolist() == np.linspace(0, count - 1, n_chosen).astype(np.int64).tolist()
        assert (places[n_chosen:] == -1).all()
