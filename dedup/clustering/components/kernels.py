"""The loop of connected components."""

from dedup.kernels import jit


@jit
def join(left, right, labels):
    """Write the least item of each item's component: roots are joined, paths halved (Tarjan and van Leeuwen, 1984).

    Parameters
    ----------
    left, right : (n_edges,) int64
    labels : (n_items,) int64, each item's own number, written
    """
    for i in range(left.shape[0]):
        one, other = _root(left[i], labels), _root(right[i], labels)
        labels[max(one, other)] = min(one, other)
    for item in range(labels.shape[0]):
        labels[item] = labels[labels[item]]


@jit
def _root(item, labels):
    while labels[item] != item:
        labels[item] = labels[labels[item]]
        item = labels[item]
    return item
