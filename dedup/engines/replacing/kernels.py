"""The loop that writes the rows of a ragged column into its own memory."""

from dedup.kernels import jit


@jit
def write_rows(column, replaced, offsets, itemsize):
    """Write rows one after another, the old ones or others in their place.

    Parameters
    ----------
    column : (n_bytes,) uint8, read and written; (n_rows + 1,) int64, where the old rows stand, in values; none starts
        before the place that it is written to
    replaced : rows (n_replaced,) int64, rising; their values (n,) uint8 and offsets (n_replaced + 1,) int64
    offsets : (n_rows + 1,) int64, where the rows are written to, in values
    itemsize : bytes of a value
    """
    values, old_offsets = column
    rows, new_values, new_offsets = replaced
    at = 0
    for row in range(offsets.shape[0] - 1):
        begin, end = offsets[row] * itemsize, offsets[row + 1] * itemsize
        if at < rows.shape[0] and rows[at] == row:
            source = new_offsets[at] * itemsize
            _copy(new_values[source : source + end - begin], values[begin:end])
            at += 1
        elif begin < old_offsets[row] * itemsize:
            source = old_offsets[row] * itemsize
            _copy(values[source : source + end - begin], values[begin:end])


@jit
def _copy(values, out):
    """Write values from the first to the last, as they may stand just before themselves."""
    for i in range(out.shape[0]):
        out[i] = values[i]
