"""The loop that writes rows in the place of others."""

from dedup.kernels import jit


@jit
def write_rows(values, starts, ends, new, n_used, itemsize):
    """Return how many values are used then; write rows where others stand, or behind all where they are longer.

    Parameters
    ----------
    values : (n_bytes,) uint8, read and written
    starts, ends : (n_rows,) int64, in values, where each row stands; written
    new : rows (n_new,) int64; their values (n,) uint8, and where each starts and ends, (n_new,) int64
    n_used : values that are used
    itemsize : bytes of a value
    """
    rows, new_values, new_starts, new_ends = new
    for i in range(rows.shape[0]):
        row, length = rows[i], new_ends[i] - new_starts[i]
        if length > ends[row] - starts[row]:
            starts[row] = n_used
            n_used += length
        ends[row] = starts[row] + length
        begin, source, n_bytes = starts[row] * itemsize, new_starts[i] * itemsize, length * itemsize
        values[begin : begin + n_bytes] = new_values[source : source + n_bytes]
    return n_used
