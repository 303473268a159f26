"""The loops over lines that many stories hold: where they stand, and whether their stories are related."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.text.boilerplate.kernels import LOWER, QUARTER, SENTENCE, UNCASED, WRAPPED_WORDS

LAST_WORDS = 4  # that the last line of a hard-wrapped paragraph may have left
LEAST_OWN = 3  # samples, about 50 words
RELATED_SHARE = 0.3  # of the lesser of two stories; other boilerplate of theirs is less
_MOST_COUNT = np.uint8(255)
_HALF = np.uint64(32)
_GROUP_BASE = np.uint64(0xD6E8FEB86659FD93)
_COUNT = np.uint64(0xFFFFFFFF)
_NONE = np.uint64(0)
_ONE = np.uint64(1)


@jit
def find_pieces(sizes, marks, offsets, pieces):
    """Mark the lines that end, or go on with, an unfinished line before them.

    Parameters
    ----------
    sizes, marks : (n_lines,) uint16 and uint8
    offsets : (n_stories + 1,) int64
    pieces : (n_lines,) bool, written
    """
    for story in range(offsets.shape[0] - 1):
        unfinished = np.uint16(0)
        for line in range(offsets[story], offsets[story + 1]):
            size, mark = sizes[line], marks[line]
            ends = (mark & SENTENCE) != 0 and size <= LAST_WORDS * QUARTER <= unfinished
            goes_on = (mark & (LOWER | UNCASED)) != 0 and unfinished >= WRAPPED_WORDS * QUARTER
            pieces[line] = ends or goes_on
            unfinished = np.uint16(0) if (mark & SENTENCE) != 0 else size


@jit
def find_frequent(keys, sizes, left_out, offsets, least, counts, found):
    """Return how many lines have a key that may be that of so many lines; they are written, in order.

    Several keys may share a count, so that a few lines of rare keys are among them; none of a frequent key is missed.

    Parameters
    ----------
    keys, sizes, left_out : (n_lines,) uint64, uint16 and bool
    offsets : (n_stories + 1,) int64
    least : lines, at most 255
    counts : (a power of two,) uint8, zeros; written
    found : lines and the story of each (n_lines,) int32, written
    """
    lines, owners = found
    low = np.uint64(counts.shape[0] - 1)
    for line in range(keys.shape[0]):
        if sizes[line] > 0 and not left_out[line]:
            place = keys[line] & low
            counts[place] += counts[place] < _MOST_COUNT
    n_found = 0
    for story in range(offsets.shape[0] - 1):
        for line in range(offsets[story], offsets[story + 1]):
            if counts[keys[line] & low] >= least and sizes[line] > 0 and not left_out[line]:
                lines[n_found] = line
                owners[n_found] = story
                n_found += 1
    return n_found


@jit
def group_equal(keys, owners, groups, least, found):
    """Return how many texts stand in so many stories of one group; their lines are written, one text after another.

    Lines are counted in few buckets first, several keys in one. Those in full buckets are numbered by their texts, in
    the order in which these are met; the texts are found again in an open hash table.

    Parameters
    ----------
    keys, owners : of each line asked for, uint64 and int32, in the order of their stories
    groups : (n_stories,) int64, -1 or more
    least : stories
    found : rows (n_asked,) int32, the places of each text among the lines asked for; offsets (n_asked + 1,) int64 and
        stories (n_asked,) int64 of each text; written
    """
    rows, offsets, n_stories = found
    n_asked = keys.shape[0]
    table = np.zeros(2 << int(np.log2(n_asked + 1)), np.int32)  # numbers of texts, counted from 1
    last_slot = np.uint64(table.shape[0] - 1)
    counts = np.zeros(table.shape[0], np.uint8)
    for row in range(n_asked):
        slot = (keys[row] ^ (np.uint64(groups[owners[row]] + 2) * _GROUP_BASE)) & last_slot
        counts[slot] += counts[slot] < _MOST_COUNT
    least_counted = min(least, _MOST_COUNT)
    numbers = np.empty(n_asked, np.int32)
    texts = np.empty((n_asked, 4), np.int32)  # first and latest row, places, stories
    n_texts = 0
    for row in range(n_asked):
        owner = owners[row]
        group = groups[owner]
        slot = (keys[row] ^ (np.uint64(group + 2) * _GROUP_BASE)) & last_slot
        if counts[slot] < least_counted:
            numbers[row] = -1
            continue
        while table[slot] > 0:
            first = texts[table[slot] - 1, 0]
            if keys[first] == keys[row] and groups[owners[first]] == group:
                break
            slot = (slot + _ONE) & last_slot
        number = table[slot] - 1
        if number < 0:
            number = n_texts
            table[slot] = number + 1
            texts[number, 0], texts[number, 1], texts[number, 2], texts[number, 3] = row, row, 0, 1
            n_texts += 1
        text = texts[number]
        text[2] += 1
        text[3] += owners[text[1]] != owner
        text[1] = row
        numbers[row] = number
    n_kept, end = 0, 0
    offsets[0] = 0
    for number in range(n_texts):
        text = texts[number]
        text[0] = -1
        if text[3] >= least:
            text[0] = end
            n_stories[n_kept] = text[3]
            end += text[2]
            n_kept += 1
            offsets[n_kept] = end
    for row in range(n_asked):
        text = texts[numbers[row]]
        if numbers[row] >= 0 and text[0] >= 0:
            rows[text[0]] = row
            text[0] += 1
    return n_kept


@jit
def find_unrelated(holders, samples, limits, unrelated):
    """Mark the texts whose stories fall into enough unrelated groups.

    Samples that more than half of the compared stories hold are common to them, as is the text itself. Stories that
    share two of the others, and some part of the lesser one, are related. A story with too few others tells nothing:
    it is a copy, or all boilerplate.

    Parameters
    ----------
    holders : stories (n,) int32, rising in each text; where those of each text begin and end, (n_texts,) int64
    samples : rows of uint32, the samples of each story, different ones: values, starts and ends
    limits : stories that are compared at most; the share of others that a story must have; the least groups, and
        their least share of the stories compared
    unrelated : (n_texts,) bool, written
    """
    stories, begins, ends = holders
    most, own_share, least, least_share = limits
    members = np.empty(most, np.int64)
    own = np.empty(most, np.int64)
    telling = np.empty(most, np.bool_)
    for text in range(unrelated.shape[0]):
        n_stories = ends[text] - begins[text]
        n_members = min(n_stories, most)
        n_entries = 0
        for i in range(n_members):
            place = (i * n_stories + n_members - 1) // n_members  # at even distances
            members[i] = stories[begins[text] + place]
            n_entries += samples[2][members[i]] - samples[1][members[i]]
        table = np.zeros(4 << int(np.log2(n_entries + 1)), np.uint64)
        places = np.empty(n_entries, np.int32)
        _count_holders(members[:n_members], samples, table, places)
        at, n_telling = 0, 0
        for i in range(n_members):
            size = samples[2][members[i]] - samples[1][members[i]]
            own[i] = 0
            for place in places[at : at + size]:
                own[i] += np.int64(table[place] & _COUNT) * 2 <= n_members
            at += size
            telling[i] = own[i] >= LEAST_OWN and own[i] >= own_share * size
            n_telling += telling[i]
        needed = max(least, least_share * n_members)
        unrelated[text] = n_telling >= needed and (
            _count_groups(members[:n_members], samples, table, places, own, telling) >= needed
        )


@leaf
def _count_holders(members, samples, table, places):
    """Write each sample and how many stories hold it into an open hash table, and where those of each story stand."""
    values, starts, ends = samples
    last = np.uint64(table.shape[0] - 1)
    at = 0
    for i in range(members.shape[0]):
        for j in range(starts[members[i]], ends[members[i]]):
            sample = np.uint64(values[j])
            place = sample & last
            while table[place] != _NONE and table[place] >> _HALF != sample:
                place = (place + _ONE) & last
            table[place] = (sample << _HALF) | ((table[place] & _COUNT) + _ONE)
            places[at] = place
            at += 1


@jit
def _count_groups(members, samples, table, places, own, telling):
    """Return into how many groups the telling stories fall: those that share enough, or a third one with both."""
    n_members = members.shape[0]
    shared = np.zeros((n_members, n_members), np.int64)
    latest = np.zeros(table.shape[0], np.int32)  # entry of each sample, counted from 1, and the one before it
    earlier = np.empty(places.shape[0] + 1, np.int32)
    holders = np.empty(places.shape[0] + 1, np.int32)
    entry = 0
    for i in range(n_members):
        for _ in range(samples[1][members[i]], samples[2][members[i]]):
            place = places[entry]
            entry += 1
            if np.int64(table[place] & _COUNT) * 2 <= n_members:
                other = latest[place]
                holders[entry], earlier[entry], latest[place] = i, other, entry
                while other > 0:
                    shared[holders[other], i] += 1
                    other = earlier[other]
    groups = np.empty(n_members, np.int64)
    for i in range(n_members):
        groups[i] = i
    for i in range(n_members):
        for j in range(i + 1, n_members):
            if groups[i] != groups[j] and shared[i, j] >= max(2.0, RELATED_SHARE * min(own[i], own[j])):
                joined = groups[j]
                for k in range(n_members):
                    groups[k] = groups[i] if groups[k] == joined else groups[k]
    n_groups = 0
    for i in range(n_members):
        n_groups += telling[i]
        for j in range(i):
            if telling[i] and telling[j] and groups[j] == groups[i]:
                n_groups -= 1
                break
    return n_groups
