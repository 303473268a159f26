"""The loops over lines that many stories hold: where they stand, and whether their stories are related."""

import numpy as np

from dedup.kernels import jit
from dedup.text.boilerplate.kernels import is_prose

LEAST_OWN = 3  # samples, about 50 words
RELATED_SHARE = 0.3  # of the lesser of two stories; other boilerplate of theirs is less
_HALF = np.uint64(32)
_MEMBER = np.uint64(0xFFFFFFFF)


@jit
def find_edges(sizes, marks, offsets, passed, at_head, at_tail):
    """Mark the lines that have no prose of the page's own between them and the head, or the tail, of their story.

    Parameters
    ----------
    sizes, marks : (n_lines,) uint16 and uint8
    offsets : (n_stories + 1,) int64
    passed : (n_lines,) bool, lines that are none of the page's own
    at_head, at_tail : (n_lines,) bool, written
    """
    for story in range(offsets.shape[0] - 1):
        free = True
        for line in range(offsets[story], offsets[story + 1]):
            at_head[line] = free
            free = free and (passed[line] or not is_prose(sizes[line], marks[line]))
        free = True
        for line in range(offsets[story + 1] - 1, offsets[story] - 1, -1):
            at_tail[line] = free
            free = free and (passed[line] or not is_prose(sizes[line], marks[line]))


@jit
def count_unrelated(owners, offsets, samples, sample_offsets, limits, out):
    """Write how many of the stories that hold each line were compared, and into how many unrelated groups they fall.

    Samples that more than half of the compared stories hold are common to them, as is the line itself. Stories that
    share two of the others, and some part of the lesser one, are related. A story with too few others tells nothing:
    it is a copy, or all boilerplate.

    Parameters
    ----------
    owners, offsets : the stories of each line, rising
    samples, sample_offsets : the samples of each story
    limits : stories that are compared at most, and the share of others that a story must have
    out : compared, groups (n_lines,) int64, written
    """
    most, own_share = limits
    compared, unrelated = out
    members = np.empty(most, np.int64)
    for line in range(offsets.shape[0] - 1):
        n_members = _choose(owners[offsets[line] : offsets[line + 1]], members)
        n_entries = 0
        for i in range(n_members):
            n_entries += sample_offsets[members[i] + 1] - sample_offsets[members[i]]
        entries = np.empty(n_entries, np.uint64)
        at = 0
        for i in range(n_members):
            for j in range(sample_offsets[members[i]], sample_offsets[members[i] + 1]):
                entries[at] = (np.uint64(samples[j]) << _HALF) | np.uint64(i)
                at += 1
        entries.sort()
        own = np.zeros(n_members, np.int64)
        shared = np.zeros((n_members, n_members), np.int64)
        begin = 0
        for at in range(1, n_entries + 1):
            if at == n_entries or entries[at] >> _HALF != entries[begin] >> _HALF:
                if (at - begin) * 2 <= n_members:
                    for i in range(begin, at):
                        ours = np.int64(entries[i] & _MEMBER)
                        own[ours] += 1
                        for j in range(i + 1, at):
                            shared[ours, np.int64(entries[j] & _MEMBER)] += 1
                begin = at
        compared[line] = n_members
        unrelated[line] = _n_groups(members, n_members, sample_offsets, own, shared, own_share)


@jit
def _choose(owners, members):
    """Return how many different stories were chosen: all, or some at even distances; they are written."""
    n_different = 0
    for i in range(owners.shape[0]):
        n_different += i == 0 or owners[i] != owners[i - 1]
    wanted = min(n_different, members.shape[0])
    seen, n_chosen = -1, 0
    for i in range(owners.shape[0]):
        if i == 0 or owners[i] != owners[i - 1]:
            seen += 1
            if n_chosen < wanted and seen * wanted >= n_chosen * n_different:
                members[n_chosen] = owners[i]
                n_chosen += 1
    return n_chosen


@jit
def _n_groups(members, n_members, sample_offsets, own, shared, own_share):
    parents = np.arange(n_members)
    n_groups = 0
    telling = np.zeros(n_members, np.bool_)
    for i in range(n_members):
        size = sample_offsets[members[i] + 1] - sample_offsets[members[i]]
        telling[i] = own[i] >= LEAST_OWN and own[i] >= own_share * size
    for i in range(n_members):
        for j in range(i + 1, n_members):
            least = max(2.0, RELATED_SHARE * min(own[i], own[j]))
            if shared[i, j] >= least:
                parents[_root(parents, j)] = _root(parents, i)
    for i in range(n_members):
        if telling[i]:
            first = True
            for j in range(i):
                first = first and not (telling[j] and _root(parents, j) == _root(parents, i))
            n_groups += first
    return n_groups


@jit
def _root(parents, i):
    while parents[i] != i:
        i = parents[i]
    return i
