"""The loops of stars: the leader of each article, one component at a time."""

from dedup.clustering.ordering import kernels as ordering_kernels
from dedup.kernels import jit

UNBEGUN, NOBODY = -2, -1


@jit
def lead(links, ranks, heaps, active, waiting, known, asking, found):
    """Return how many components are not done, and how many pairs must be measured for these to go on.

    A component goes on until articles stand two steps away from its next leader: whether these follow it, too, must
    be measured. The components that are not done are moved to the front of `active`.

    Parameters
    ----------
    links : offsets (n_articles + 1,) int64, neighbours (n,) int64, likeness (n,) float64
    ranks : likeness to all free neighbours together and the one by which the heap is ordered (n_articles,) float64,
        words (n_articles,) int64
    heaps : members (n_linked,) int64 by component; where those of each begin, and how many are in its heap
        (n_components + 1,) and (n_components,) int64
    active : (n_active,) int64, components, written
    waiting : each component's leader whose pairs were measured, or UNBEGUN, or NOBODY; where its pairs begin and end;
        (n_components,) int64 each, written
    known : the other article and the answer of each measured pair; (n_known,) int64 and bool
    asking : leader and other article of each pair that is asked; (capacity,) int64, written; stamps
        (n_articles,) int64
    found : (n_articles,) int64, the leader of each article, NOBODY for those that are free; written
    """
    offsets, neighbours, _ = links
    members, starts, sizes = heaps
    leaders, begins, ends = waiting
    others, follows = known
    n_active, n_asked = 0, 0
    for place in range(active.shape[0]):
        component = active[place]
        heap = members[starts[component] : starts[component + 1]]
        leader = leaders[component]
        if leader == UNBEGUN:
            for at in range(sizes[component] // 2 - 1, -1, -1):
                ordering_kernels.sift(heap, at, sizes[component], ranks[1], ranks[2])
        elif leader != NOBODY:
            for i in range(begins[component], ends[component]):
                if follows[i]:
                    found[others[i]] = leader
                    _leave(others[i], links, ranks[0])
            _settle(leader, links, ranks[0], found)
        leaders[component] = NOBODY
        while True:
            sizes[component], leader = _next(heap, sizes[component], ranks, found)
            if leader == NOBODY:
                break
            found[leader] = leader
            for i in range(offsets[leader], offsets[leader + 1]):
                if found[neighbours[i]] == NOBODY:
                    found[neighbours[i]] = leader
            end = _ask(leader, links, found, asking, n_asked)
            if end < 0:
                for i in range(offsets[leader], offsets[leader + 1]):
                    if found[neighbours[i]] == leader:
                        found[neighbours[i]] = NOBODY
                found[leader] = NOBODY
                break
            if end > n_asked:
                leaders[component], begins[component], ends[component] = leader, n_asked, end
                n_asked = end
                break
            _settle(leader, links, ranks[0], found)
        if leader != NOBODY:
            active[n_active] = component
            n_active += 1
    return n_active, n_asked


@jit
def _next(heap, size, ranks, found):
    """Return the size of a component's heap, and the free article that is the most like its free neighbours.

    What has become less like them since it was put into the heap sinks first.
    """
    central, ranked, n_words = ranks
    while size > 0:
        top = heap[0]
        if found[top] != NOBODY:
            size -= 1
            heap[0] = heap[size]
        elif ranked[top] != central[top]:
            ranked[top] = central[top]
        else:
            return size, top
        ordering_kernels.sift(heap, 0, size, ranked, n_words)
    return 0, NOBODY


@jit
def _ask(leader, links, found, asking, n_asked):
    """Ask for the pairs of a leader and the free articles two steps away; return their end, -1 for no room."""
    offsets, neighbours, _ = links
    leaders, others, stamps = asking
    begin = n_asked
    for i in range(offsets[leader], offsets[leader + 1]):
        near = neighbours[i]
        if found[near] != leader:
            continue
        for j in range(offsets[near], offsets[near + 1]):
            other = neighbours[j]
            stamp = stamps[other]
            if found[other] != NOBODY or (begin <= stamp < n_asked and others[stamp] == other):
                continue
            if n_asked == others.shape[0]:
                return -1
            leaders[n_asked], others[n_asked], stamps[other] = leader, other, n_asked
            n_asked += 1
    return n_asked


@jit
def _settle(leader, links, central, found):
    """Take a leader and its neighbours that follow it from what is free."""
    offsets, neighbours, _ = links
    _leave(leader, links, central)
    for i in range(offsets[leader], offsets[leader + 1]):
        if found[neighbours[i]] == leader:
            _leave(neighbours[i], links, central)


@jit
def _leave(article, links, central):
    offsets, neighbours, likeness = links
    for i in range(offsets[article], offsets[article + 1]):
        central[neighbours[i]] -= likeness[i]
