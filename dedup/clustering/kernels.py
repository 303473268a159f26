"""The loops of passage clusters: chains of shared shingles, and where chains are cut into passages."""

import numpy as np

from dedup.kernels import jit
from dedup.packing.kernels import place_of

_SELDOM = 10  # one in so many articles that hold only a part of a sentence do not cut a passage
NEAR = 2  # words; a chain that begins or ends so near to the edge of a sentence is taken to do so there
OPENS, CLOSES = np.uint8(1), np.uint8(2)


@jit
def mark_places(places, offsets, n_articles, n_places, n_opening, n_closing):
    """Count articles and places of each shingle, and the places where a sentence begins or ends, or nearly so.

    Parameters
    ----------
    places : number of the shingle (n_places,) int32, words since the last sentence's end and until the next
        (n_places,) uint8 each
    offsets : (n_articles + 1,) int64, the places of each article
    n_articles, n_places : (n_shingles,) int64, zero throughout, written
    n_opening, n_closing : (n_shingles, 2) int64, zero throughout, written; exactly, and within NEAR words
    """
    numbers, since, until = places
    last = np.full(n_articles.shape[0], -1, np.int64)
    for article in range(offsets.shape[0] - 1):
        for i in range(offsets[article], offsets[article + 1]):
            number = numbers[i]
            n_places[number] += 1
            n_articles[number] += last[number] != article
            last[number] = article
            n_opening[number, 0] += since[i] == 0
            n_opening[number, 1] += since[i] <= NEAR
            n_closing[number, 0] += until[i] == 0
            n_closing[number, 1] += until[i] <= NEAR


@jit
def link(following_ones, offsets, following, preceding):
    """Write for each shingle the one that follows it most often and that it precedes most often; -1 for none.

    Pairs that stand once are no link; of several equally frequent ones the least number counts. What would be a
    circle is left open at its rarest link.

    Parameters
    ----------
    following_ones, offsets : rows of int32; for each shingle those that follow it, place by place
    following, preceding : (n_shingles,) int64, all -1, written
    """
    n_shingles = following.shape[0]
    best_after = np.ones(n_shingles, np.int64)
    best_before = np.ones(n_shingles, np.int64)
    counts = np.zeros(n_shingles, np.int32)
    for left in range(n_shingles):
        own = following_ones[offsets[left] : offsets[left + 1]]
        for right in own:
            counts[right] += 1
        for right in own:
            n = counts[right]
            counts[right] = 0
            if n > best_after[left] or (n == best_after[left] and right < following[left]):
                best_after[left], following[left] = n, right
            if n > best_before[right]:
                best_before[right], preceding[right] = n, left
    for i in range(n_shingles):
        if following[i] >= 0 and preceding[following[i]] != i:
            following[i] = -1
    for i in range(n_shingles):
        if preceding[i] >= 0 and following[preceding[i]] != i:
            preceding[i] = -1
    visited = np.zeros(n_shingles, np.bool_)
    for i in range(n_shingles):
        if preceding[i] < 0:
            at = i
            while at >= 0:
                visited[at] = True
                at = following[at]
    for i in range(n_shingles):
        if not visited[i]:
            at, rarest = i, i
            while not visited[at]:
                visited[at] = True
                if best_after[at] < best_after[rarest]:
                    rarest = at
                at = following[at]
            preceding[following[rarest]] = -1
            following[rarest] = -1


@jit
def measure(numbers, words, offsets, preceding, widest_gap, distances):
    """Write how many words each shingle stands after the one that it is linked to, at the first such place.

    Parameters
    ----------
    numbers, words : (n_places,) int32
    offsets : (n_articles + 1,) int64
    preceding : (n_shingles,) int64
    distances : (n_shingles,) int64, zero throughout, written
    """
    for article in range(offsets.shape[0] - 1):
        for i in range(offsets[article] + 1, offsets[article + 1]):
            number, distance = numbers[i], words[i] - words[i - 1]
            if distances[number] == 0 and distance <= widest_gap and preceding[number] == numbers[i - 1]:
                distances[number] = distance


@jit
def walk(following, preceding, distances, chains, positions):
    """Return the number of chains; write the chain of each shingle, and its first word within the chain.

    Parameters
    ----------
    following, preceding, distances : (n_shingles,) int64
    chains, positions : (n_shingles,) int64, written
    """
    n_chains = 0
    for i in range(following.shape[0]):
        if preceding[i] < 0:
            at, position = i, 0
            while at >= 0:
                position += distances[at]
                chains[at] = n_chains
                positions[at] = position
                at = following[at]
            n_chains += 1
    return n_chains


@jit
def cut(bounds, edges, bound_offsets, spans, span_offsets, shape, pieces, rows):
    """Return how many pieces and rows the chains give, or -1 for both where there is no room for them.

    A chain is a sequence of units, sentences mostly. It is cut where an article that holds the units before does not
    hold those behind, or the other way round; where few hold a part of a unit, they are taken for edited. Short
    pieces beside each other are one again. What is no whole sentence at either end is left off. An article is listed
    for a piece of which it holds nearly all.

    Parameters
    ----------
    bounds, bound_offsets : rows of int64, one for each chain; where units begin, in words, and where the last ends
    edges : uint8 for each bound; OPENS where a sentence begins, CLOSES where one ends
    spans : chain of words that an article holds: first word, and end; (n_spans, 2) int64, by chain
    span_offsets : (n_chains + 1,) int64
    shape : shingle_words, words of a piece, at least, and of one that is not whole
    pieces : (capacity, 3) int64, written; chain, first word and end
    rows : (capacity, 2) int64, written; piece and span
    """
    few, min_words, min_part = shape
    n_pieces, n_rows = 0, 0
    longest = 0
    for chain in range(bound_offsets.shape[0] - 1):
        longest = max(longest, bound_offsets[chain + 1] - bound_offsets[chain])
    cuts = np.empty(longest + 1, np.int64)
    for chain in range(bound_offsets.shape[0] - 1):
        own = bounds[bound_offsets[chain] : bound_offsets[chain + 1]]
        own_edges = edges[bound_offsets[chain] : bound_offsets[chain + 1]]
        own_spans = spans[span_offsets[chain] : span_offsets[chain + 1]]
        n_units = own.shape[0] - 1
        cuts[: n_units + 1] = 0
        for span in range(own_spans.shape[0]):
            begins, ends = own_spans[span, 0], own_spans[span, 1]
            first, last = _covered_units(own, begins, ends, few)
            if first < last:
                cuts[first] += _SELDOM if own[first] - begins >= few else own_spans.shape[0]
                cuts[last] += _SELDOM if ends - own[last] >= few else own_spans.shape[0]
        for unit in range(n_units + 1):
            cuts[unit] = cuts[unit] >= own_spans.shape[0]
        first_piece = n_pieces
        begin = 0
        while begin < n_units:
            end = _next_cut(cuts, begin, n_units)
            if own[end] - own[begin] < min_words:
                while end < n_units:
                    further = _next_cut(cuts, end, n_units)
                    if own[further] - own[end] >= min_words:
                        break
                    end = further
            first, last = _trim(own, own_edges, (begin, end), min_words, min_part)
            if first < last:
                if n_pieces == pieces.shape[0]:
                    return -1, -1
                pieces[n_pieces, 0] = chain
                pieces[n_pieces, 1] = own[first]
                pieces[n_pieces, 2] = own[last]
                n_pieces += 1
            begin = end
        for span in range(own_spans.shape[0]):
            begins, ends = own_spans[span, 0], own_spans[span, 1]
            piece = place_of(pieces[:, 2], begins + 1, first_piece, n_pieces)
            while piece < n_pieces and pieces[piece, 1] < ends:
                length = pieces[piece, 2] - pieces[piece, 1]
                held = min(pieces[piece, 2], ends) - max(pieces[piece, 1], begins)
                if held > 0 and length - held <= max(length // 5, min(2 * few, length // 3)):
                    if n_rows == rows.shape[0]:
                        return -1, -1
                    rows[n_rows, 0] = piece
                    rows[n_rows, 1] = span_offsets[chain] + span
                    n_rows += 1
                piece += 1
    return n_pieces, n_rows


@jit
def _trim(bounds, edges, piece, min_words, min_part):
    """Return the units of a piece from its first whole one to its last, or all of them where little would be left.

    Those are none where too few words are left.
    """
    begin, end = piece
    first, last = begin, end
    while first < end and edges[first] & OPENS == 0:
        first += 1
    while last > begin and edges[last] & CLOSES == 0:
        last -= 1
    words = bounds[end] - bounds[begin]
    whole = bounds[last] - bounds[first] if first < last else 0
    if whole >= min_words and 2 * whole >= words:
        return first, last
    if words >= min_part:
        return begin, end
    if whole >= min_words:
        return first, last
    return 0, 0


@jit
def _covered_units(bounds, begin, end, few):
    """Return the first unit that a span holds but for a few words, and the end of those that it holds."""
    last = bounds.shape[0] - 1
    first = max(place_of(bounds, begin + 1, 0, bounds.shape[0]) - 1, 0)
    if first < last and begin - bounds[first] > min(few, (bounds[first + 1] - bounds[first]) // 3):
        first += 1
    stop = min(place_of(bounds, end, 0, bounds.shape[0]), last)
    if stop > 0 and bounds[stop] - end > min(few, (bounds[stop] - bounds[stop - 1]) // 3):
        stop -= 1
    return first, stop


@jit
def _next_cut(cuts, begin, stop):
    end = begin + 1
    while end < stop and cuts[end] == 0:
        end += 1
    return end


@jit
def part(one, other, clusters, offsets, apart):
    """Write which pairs of different articles stand in no common cluster.

    Parameters
    ----------
    one, other : (n,) int64
    clusters, offsets : rows of int64, rising; the clusters of each article
    apart : (n,) bool, written
    """
    for i in range(one.shape[0]):
        left, right = offsets[one[i]], offsets[other[i]]
        left_end, right_end = offsets[one[i] + 1], offsets[other[i] + 1]
        while left < left_end and right < right_end and clusters[left] != clusters[right]:
            if clusters[left] < clusters[right]:
                left += 1
            else:
                right += 1
        apart[i] = one[i] != other[i] and (left == left_end or right == right_end)
