"""The loops over stories that hold repeated texts: whether prose of the story's own stands beyond them."""

import numpy as np

from dedup.kernels import jit, leaf
from dedup.text.boilerplate.kernels import is_prose


@jit
def drop_misplaced(lines, found, least, accepted):
    """Unmark the texts that stand at neither edge of their stories often enough, until no other falls with them.

    Each story has a first and a last line of its own prose; what stands before the one is at its head, what stands
    after the other at its tail. A text that is dropped becomes such prose, so that the edges move outwards only, and
    each place is taken from each edge once.

    Parameters
    ----------
    lines : sizes, marks, furniture and passed (n_lines,) uint16, uint8, bool and bool, lines that are none of the
        page's own; offsets (n_stories + 1,) int64
    found : the line, the story and the text of each place (n_places,) int32; offsets (n_texts + 1,) int64
    least : (n_texts,) float64, places of each text that must be at one edge
    accepted : (n_texts,) bool, all set; written
    """
    sizes, marks, furniture, _, _ = lines
    places, _, texts, offsets = found
    n_texts = accepted.shape[0]
    by_line, story_of, edges = _find_edges(lines, found)
    begins, head_lines, tail_lines, head_ends, tail_begins = edges
    heads, tails = np.zeros(n_texts, np.int64), np.zeros(n_texts, np.int64)
    for story in range(begins.shape[0] - 1):
        for at in range(begins[story], head_ends[story]):
            heads[texts[by_line[at]]] += 1
        for at in range(tail_begins[story], begins[story + 1]):
            tails[texts[by_line[at]]] += 1
    fallen = np.empty(n_texts, np.int64)
    n_fallen = 0
    for text in range(n_texts):
        n_fallen = _judge(text, heads, tails, least, accepted, fallen, n_fallen)
    while n_fallen > 0:
        n_fallen -= 1
        dropped = fallen[n_fallen]
        for place in range(offsets[dropped], offsets[dropped + 1]):
            line, story = places[place], story_of[place]
            if furniture[line] or not is_prose(sizes[line], marks[line]):
                continue
            head_lines[story] = min(head_lines[story], line)
            while head_ends[story] > begins[story]:
                last = by_line[head_ends[story] - 1]
                if places[last] <= head_lines[story]:
                    break
                head_ends[story] -= 1
                heads[texts[last]] -= 1
                n_fallen = _judge(np.int64(texts[last]), heads, tails, least, accepted, fallen, n_fallen)
            tail_lines[story] = max(tail_lines[story], line)
            while tail_begins[story] < begins[story + 1]:
                first = by_line[tail_begins[story]]
                if places[first] >= tail_lines[story]:
                    break
                tail_begins[story] += 1
                tails[texts[first]] -= 1
                n_fallen = _judge(np.int64(texts[first]), heads, tails, least, accepted, fallen, n_fallen)


@leaf
def _judge(text, heads, tails, least, accepted, fallen, n_fallen):
    """Return how many texts wait to be dropped: this one too, where it falls now."""
    if accepted[text] and max(heads[text], tails[text]) < least[text]:
        accepted[text] = False
        fallen[n_fallen] = text
        n_fallen += 1
    return n_fallen


@jit
def _find_edges(lines, found):
    """Return the places in the order of their lines, the number of each place's story, and the stories' edges.

    Stories without any place have no number. The edges are, for each story: its first place by line, one more at the
    end; the first and the last line of its own prose; the end of the places at its head, and the first at its tail.
    """
    sizes, marks, furniture, passed, offsets = lines
    places, owners, _, _ = found
    n_places, n_stories = places.shape[0], offsets.shape[0] - 1
    place_of = np.zeros(sizes.shape[0], np.int32)  # counted from 1
    any_here = np.zeros(n_stories, np.bool_)
    n_numbered = 0
    for place in range(n_places):
        place_of[places[place]] = place + 1
        n_numbered += not any_here[owners[place]]
        any_here[owners[place]] = True
    by_line, story_of = np.empty(n_places, np.int32), np.empty(n_places, np.int32)
    begins = np.empty(n_numbered + 1, np.int64)
    head_lines, tail_lines = np.empty(n_numbered, np.int64), np.empty(n_numbered, np.int64)
    head_ends, tail_begins = np.empty(n_numbered, np.int64), np.empty(n_numbered, np.int64)
    number, end = -1, 0
    for story in range(n_stories):
        first, last = offsets[story], offsets[story + 1]
        if not any_here[story]:
            continue
        number += 1
        begins[number], head_lines[number], tail_lines[number] = end, last, first - 1
        for line in range(first, last):
            place = place_of[line] - 1
            if place >= 0:
                by_line[end], story_of[place] = place, number
                end += 1
            elif not (furniture[line] or passed[line]) and is_prose(sizes[line], marks[line]):
                if head_lines[number] == last:
                    head_lines[number], head_ends[number] = line, end
                tail_lines[number], tail_begins[number] = line, end
        if head_lines[number] == last:
            head_ends[number], tail_begins[number] = end, begins[number]
    begins[n_numbered] = end
    return by_line, story_of, (begins, head_lines, tail_lines, head_ends, tail_begins)
