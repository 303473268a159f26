"""Examples of what a scan of a planted archive missed and merged, with what its table of matches says of them."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from benchmarks import planted_truth, reuters_recall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_MEMBERS = 8  # of a wrong cluster that is listed


def lines(
    folder: Path, found: planted_truth.Clusters, truth: planted_truth.Truth, n_examples: int
) -> Iterator[str]:
    """Yield `n_examples` misses of each kind and as many wrong clusters, and how often each relation is missed."""
    missed = collections.defaultdict(list)
    for copy, original, kind in truth.copies:
        if not found.common(copy, original):
            missed[kind].append((copy, original))
    held = [(page, one) for page, articles in truth.held.items() for one in articles]
    missed["page"] = [pair for pair in held if not found.common(*pair)]
    merged = _merged(found, truth.labels)
    wanted = {frozenset(pair) for pairs in missed.values() for pair in pairs}
    wanted |= {frozenset(pair) for _, pairs in merged for pair in pairs}
    said = _matches(folder, wanted)
    for kind, pairs in sorted(missed.items()):
        tally = collections.Counter(_relation(said, pair) for pair in pairs)
        yield f"{kind}: {len(pairs)} missed, as {dict(tally.most_common())}"
        for pair in pairs[:n_examples]:
            yield f"    {pair[0]} of {pair[1]}: {said.get(frozenset(pair), 'no match')}"
    yield f"clusters of several families: {len(merged)}"
    for cluster, pairs in merged[:n_examples]:
        families = collections.Counter(
            truth.labels[each] for each in found.members[cluster] & truth.labels.keys()
        )
        yield f"    {cluster}: families of {sorted(families.values(), reverse=True)[:MOST_MEMBERS]}"
        for pair in pairs[:MOST_MEMBERS]:
            groups = [truth.groups.get(each, "-") for each in pair]
            yield f"        {' '.join(pair)} ({', '.join(groups)}): {said[frozenset(pair)]}"


def _merged(found: planted_truth.Clusters, labels: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the clusters with members of several families, and their pairs across families."""
    merged = []
    for cluster, members in sorted(found.members.items()):
        inside = sorted(members & labels.keys())
        if len({labels[each] for each in inside}) > 1:
            across = [(a, b) for i, a in enumerate(inside) for b in inside[i + 1 :] if labels[a] != labels[b]]
            merged.append((cluster, across))
    return merged


def _matches(folder: Path, wanted: set[frozenset[str]]) -> dict[frozenset[str], str]:
    said: dict[frozenset[str], str] = collections.defaultdict(lambda: "no match")
    for row in reuters_recall.rows(folder, "matches"):
        pair = frozenset((reuters_recall.page(row["article_a"]), reuters_recall.page(row["article_b"])))
        if pair in wanted:
            shares = f"{row['share_a']:.2f} {row['share_b']:.2f}"
            said[pair] = f"{row['relation']}, jaccard {row['jaccard']:.2f}, shares {shares}"
    return said


def _relation(said: dict[frozenset[str], str], pair: tuple[str, str]) -> str:
    return said.get(frozenset(pair), "no match").partition(",")[0]
