"""The loop that moves rows of bytes to their new places."""

from dedup.kernels import jit


@jit
def move_rows(values, offsets, places, new_offsets, size, moved):
    """Write the rows of one batch to their places.

    Parameters
    ----------
    values : (n_bytes,) uint8, the rows one after another
    offsets : (n_rows + 1,) int64, of items
    places : (n_rows,) int64, the new row of each, -1 for none
    new_offsets : (n_new + 1,) int64, of items
    size : bytes of an item
    moved : (n_new_bytes,) uint8, written
    """
    for row in range(places.shape[0]):
        if places[row] >= 0:
            first, last = offsets[row] * size, offsets[row + 1] * size
            to = new_offsets[places[row]] * size
            for i in range(
                last - first
            ):  # numba compiles a slice of a slice with all that can go wrong with it
                moved[to + i] = values[first + i]
