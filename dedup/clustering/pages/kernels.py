"""The loops of pages: at which places of an article others stand, and whether these are unrelated."""

import numpy as np

from dedup.clustering.ordering import kernels as ordering_kernels
from dedup.kernels import jit
from dedup.packing.kernels import place_of

_HALF = np.uint64(32)


@jit
def judge(holders, first, rows, offsets, parts, matched, rules, places, is_page, asked, pieces):
    """Return how many holders are judged, and about how many of these it must be asked: all, or as many as have room.

    Parameters
    ----------
    holders : (n_holders,) int64, articles that hold others
    first : the first of them that is not judged yet
    rows, offsets : the parts of each article; those of one are put in the order in which they stand there
    parts : the article that a part is (n_parts,) int64; where it begins and ends, as shares of the holder's text
        (n_parts,) float64; whether it is whole (n_parts,) bool
    matched : (n_matches,) uint64, sorted
    rules : seam, whole, filled, most pairs asked
    places : (>= parts of any holder,) int64, a buffer
    is_page : (n_holders,) bool, written; where nothing must be asked
    asked : (capacity, 3) int64, written; holder as an index, where its pieces begin and end
    pieces : (capacity, 2) float64, written; begin and end of each place of the holders that are asked about
    """
    articles, begins, ends, whole = parts
    seam, least_whole, least_filled, most_asked = rules
    n_asked, n_pieces = 0, 0
    for holder in range(first, holders.shape[0]):
        own = rows[offsets[holders[holder]] : offsets[holders[holder] + 1]]
        ordered = False
        together = _one_reaches_all(own, articles, begins, ends, seam)
        if not together:
            ordering_kernels.sort(own, begins, articles)
            ordered = True
            together = _number_places(own, begins, ends, seam, places) == 1
        n_held = 0
        for i in range(own.shape[0]):
            part = own[i]
            if whole[part] and (not together or ends[part] - begins[part] < least_whole):
                own[i], own[n_held] = own[n_held], part
                n_held += 1
        held = own[:n_held]
        if n_held < 2 or (not ordered and _one_reaches_all(held, articles, begins, ends, seam)):
            continue
        if not ordered:
            ordering_kernels.sort(held, begins, articles)
        n_places = _number_places(held, begins, ends, seam, places)
        if n_places == 1 or not _are_unrelated(held, articles, places, matched, most_asked):
            continue
        if _filled(held, begins, ends) >= least_filled:
            is_page[holder] = True
        elif not together:
            if n_asked == asked.shape[0] or n_pieces + n_places > pieces.shape[0]:
                return holder, n_asked
            asked[n_asked, 0] = holder
            asked[n_asked, 1] = n_pieces
            asked[n_asked, 2] = n_pieces + n_places
            n_asked += 1
            for i in range(n_held):
                if i == 0 or places[i] != places[i - 1]:
                    pieces[n_pieces, 0] = begins[held[i]]
                    n_pieces += 1
                pieces[n_pieces - 1, 1] = ends[held[i]]
    return holders.shape[0], n_asked


@jit
def _one_reaches_all(parts, articles, begins, ends, seam):
    """Return whether the first part overlaps each other one; where it does not, other parts still may."""
    if parts.shape[0] == 0:
        return True
    first = parts[0]
    for part in parts:
        if begins[part] < begins[first] or (
            begins[part] == begins[first] and articles[part] < articles[first]
        ):
            first = part
    for part in parts:
        if part != first and ends[first] - begins[part] <= seam * (ends[part] - begins[part]):
            return False
    return True


@jit
def _number_places(parts, begins, ends, seam, places):
    """Return at how many places parts stand, and write the place of each; parts that overlap, one by one, are at one.

    Parameters
    ----------
    parts : (n,) int64, in the order in which they begin
    places : (>= n,) int64, written
    """
    place, until = 0, 0.0
    for i in range(parts.shape[0]):
        begin, end = begins[parts[i]], ends[parts[i]]
        place += i > 0 and until - begin <= seam * (end - begin)
        places[i] = place
        until = max(until, end)
    return place + 1


@jit
def _filled(parts, begins, ends):
    """Return the share of a page that these parts fill together."""
    filled, until = 0.0, 0.0
    for part in parts:
        filled += max(0.0, ends[part] - max(begins[part], until))
        until = max(until, ends[part])
    return filled


@jit
def _are_unrelated(parts, articles, places, matched, most_asked):
    """Return whether a part at one place shares nothing with one at another; of very many pairs some are asked."""
    n_asked = 0
    for i in range(parts.shape[0]):
        for j in range(i):
            if places[j] == places[i]:
                break
            one, other = articles[parts[i]], articles[parts[j]]
            pair = np.uint64(min(one, other)) << _HALF | np.uint64(max(one, other))
            place = place_of(matched, pair, 0, matched.shape[0])
            if place == matched.shape[0] or matched[place] != pair:
                return True
            n_asked += 1
            if n_asked == most_asked:
                return False
    return False
