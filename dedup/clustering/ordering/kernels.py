"""The loops of ordering: rows by key, and a heap."""

from dedup.kernels import jit


@jit
def put(keys, following, rows):
    """Write the rows of each key, rising.

    Parameters
    ----------
    keys : (n,) int64
    following : (n_keys,) int64, where the rows of each key begin; written: where they end
    rows : (n,) int64, written
    """
    for row in range(keys.shape[0]):
        key = keys[row]
        rows[following[key]] = row
        following[key] += 1


@jit
def sift(heap, at, size, first, second):
    """Move one item down until it is ahead of those below it; the greatest `first` is ahead of all.

    Of equal ones that is the greatest `second`, and of these the least item.

    Parameters
    ----------
    heap : (>= size,) int64, items; a heap but for the one at this place, written
    first : (n_items,) float64
    second : (n_items,) int64
    """
    moved = heap[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and _is_ahead(heap[child + 1], heap[child], first, second):
            child += 1
        if not _is_ahead(heap[child], moved, first, second):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = moved


@jit
def _is_ahead(one, other, first, second):
    if first[one] != first[other]:
        return first[one] > first[other]
    if second[one] != second[other]:
        return second[one] > second[other]
    return one < other


@jit
def sort(items, first, second):
    """Put items in rising order of `first`, then of `second`.

    Parameters
    ----------
    items : (n,) int64, written
    first : (n_items,) float64
    second : (n_items,) int64
    """
    size = items.shape[0]
    for at in range(size // 2 - 1, -1, -1):
        sift(items, at, size, first, second)
    for last in range(size - 1, 0, -1):
        items[0], items[last] = items[last], items[0]
        sift(items, 0, last, first, second)
