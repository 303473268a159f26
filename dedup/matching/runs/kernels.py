"""The loops that find the runs of shingles that two texts share."""

import numpy as np

from dedup.kernels import leaf

_NONE = np.uint32(0)
_PLACES = 16  # places of a repeated shingle that are tried, at most


@leaf
def link_places(shingles, heads, following):
    """Write the places of each shingle of a text as chains: `heads` by hash, then `following`, in rising order.

    Parameters
    ----------
    shingles : (n_words,) uint32, in the order of the text, 0 for none
    heads : (2^k,) int32, written; the first place of a hash, -1 for none
    following : (>= n_words,) int32, written; the next place of the same hash, -1 at the end
    """
    heads[:] = -1
    mask = np.uint32(heads.shape[0] - 1)
    for i in range(shingles.shape[0] - 1, -1, -1):
        if shingles[i] != _NONE:
            slot = shingles[i] & mask
            following[i] = heads[slot]
            heads[slot] = i


@leaf
def find_runs(ours, theirs, heads, following, runs):
    """Return the number of runs: maximal sequences of shingles that both texts hold, in our order.

    At each place the longest run is taken; of runs of equal length the one that goes on where the last one ended,
    else the first.

    Parameters
    ----------
    ours, theirs : (n_words,) uint32, the shingles of each text in order, 0 for none
    heads, following : the chains of `theirs`
    runs : (>= len(ours), 3) int64, written; our first shingle, their first shingle, number of shingles
    """
    mask = np.uint32(heads.shape[0] - 1)
    n_ours, n_theirs = ours.shape[0], theirs.shape[0]
    n_runs = 0
    expected = np.int64(0)
    i = 0
    while i < n_ours:
        shingle = ours[np.uint64(i)]
        place = np.int64(heads[shingle & mask])
        best, best_size, tried = np.int64(-1), 0, 0
        while place >= 0 and tried < _PLACES:
            if theirs[np.uint64(place)] == shingle:
                size = 1
                most = min(n_ours - i, n_theirs - place)
                while (
                    size < most
                    and ours[np.uint64(i + size)] == theirs[np.uint64(place + size)]
                    and ours[np.uint64(i + size)] != _NONE
                ):
                    size += 1
                ahead = best < expected <= place
                if size > best_size or (size == best_size and ahead):
                    best, best_size = place, size
                tried += 1
            place = np.int64(following[np.uint64(place)])
        if best_size > 0:
            runs[n_runs, 0] = i
            runs[n_runs, 1] = best
            runs[n_runs, 2] = best_size
            n_runs += 1
            expected = best + best_size
        i += max(best_size, 1)
    return n_runs


@leaf
def covered(runs, n_runs, size):
    """Return the words that runs of shingles of `size` words cover; the runs stand in order."""
    covered = 0
    until = 0
    for i in range(n_runs):
        first = max(runs[i, 0], until)
        until = runs[i, 0] + runs[i, 2] + size - 1
        covered += until - first
    return covered


@leaf
def count_different(runs, n_runs, marks, mark):
    """Return how many different shingles the runs hold: our places that bear the mark of a first one.

    Parameters
    ----------
    marks : (n_words,) uint8
    """
    count = 0
    for i in range(n_runs):
        for place in range(runs[i, 0], runs[i, 0] + runs[i, 2]):
            count += (marks[place] & mark) != 0
    return count
