"""What an evaluation gives: every figure, declared once.

The keys of the JSON and `docs/evaluation.md` derive from the declarations here. A figure that cannot be told, such as
the recall of no pairs, is None, and null in JSON.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

DECIMALS = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Relations:
    """How many pairs were matched with each relation."""

    copy: Annotated[int, "matched as `copy`"]
    revision: Annotated[int, "matched as `revision`"]
    excerpt: Annotated[int, "matched as `excerpt`"]
    partial: Annotated[int, "matched as `partial`"]


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Some labelled pairs, and what the scan says of them."""

    name: Annotated[str, "the band, the label, or `all`"]
    low: Annotated[float | None, "least figure of the band; null where the group is no band"]
    high: Annotated[float | None, "the band ends below this; null for the last"]
    n_pairs: Annotated[int, "labelled pairs whose articles were read"]
    n_matched: Annotated[int, "of these, reported as a match of any relation"]
    n_clustered: Annotated[int, "of these, in a common article cluster, as containers too"]
    matched: Annotated[float | None, "`n_matched / n_pairs`: the recall, for pairs that belong together"]
    clustered: Annotated[float | None, "`n_clustered / n_pairs`"]
    mean_share: Annotated[
        float | None, "mean of the greater of the two reported shares; 0 for an unmatched pair"
    ]
    relations: Annotated[Relations, "the matched pairs by relation"]


@dataclasses.dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs that the labels and the scan put together."""

    n_true: Annotated[int, "pairs that belong together by the labels"]
    n_found: Annotated[int, "pairs that the scan puts together"]
    n_both: Annotated[int, "pairs that stand in both"]
    precision: Annotated[float | None, "`n_both / n_found`"]
    recall: Annotated[float | None, "`n_both / n_true`"]
    f1: Annotated[float | None, "`2 n_both / (n_true + n_found)`"]


@dataclasses.dataclass(frozen=True, slots=True)
class BCubed:
    """The mean over articles of how well the cluster of each fits (Bagga and Baldwin 1998)."""

    precision: Annotated[float | None, "mean share of an article's found cluster that has its true label"]
    recall: Annotated[
        float | None, "mean share of the articles of its true label that are in its found cluster"
    ]
    f1: Annotated[float | None, "harmonic mean of the two"]


@dataclasses.dataclass(frozen=True, slots=True)
class LabelledPair:
    """One labelled pair that the scan missed, or wrongly matched or clustered."""

    id_a: Annotated[str, "the first id of the row"]
    id_b: Annotated[str, "the second id of the row"]
    label: Annotated[str, "its label; empty where there are none"]
    figure: Annotated[float | None, "its figure of the band column"]
    relation: Annotated[str | None, "the relation it was matched with; null for no match"]
    share: Annotated[float, "the greater of the two reported shares; 0 for no match"]
    clustered: Annotated[bool, "whether the two stand in a common article cluster"]


@dataclasses.dataclass(frozen=True, slots=True)
class PairScores:
    """What the scan says of labelled pairs."""

    band_column: Annotated[str | None, "column that the bands are of; null for none"]
    positives: Annotated[Group, "all pairs that belong together"]
    by_band: Annotated[tuple[Group, ...], "these by band; pairs without a figure are in none"]
    by_label: Annotated[tuple[Group, ...], "all pairs by label, where there are several labels"]
    negatives: Annotated[Group | None, "hard negatives: `matched` and `clustered` are errors; null for none"]
    negatives_by_band: Annotated[tuple[Group, ...], "the hard negatives by band"]
    matches: Annotated[Agreement | None, "matches against complete labels; null where they are not complete"]
    missed: Annotated[tuple[LabelledPair, ...], "pairs that belong together and are no match"]
    wrong: Annotated[tuple[LabelledPair, ...], "hard negatives that are matched or clustered"]


@dataclasses.dataclass(frozen=True, slots=True)
class ClusterScores:
    """How the article clusters fit true clusters."""

    n_articles: Annotated[int, "articles that were counted"]
    n_true_clusters: Annotated[int, "true clusters of two articles or more"]
    n_found_clusters: Annotated[int, "found clusters of two articles or more, among these articles"]
    containers: Annotated[bool, "whether a container counts as a member of its cluster"]
    pairwise: Annotated[Agreement, "pairs of articles in one cluster"]
    b_cubed: Annotated[BCubed, "B-cubed"]
    adjusted_rand: Annotated[float | None, "adjusted Rand index (Hubert and Arabie 1985)"]
    matches: Annotated[Agreement, "matches against the pairs of articles in one true cluster"]


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """What is left of the matches when a figure must be at least so large."""

    threshold: Annotated[float, "matches with at least this figure count"]
    recall: Annotated[float | None, "share of the pairs that belong together"]
    precision: Annotated[float | None, "null where the labels are not complete"]
    f1: Annotated[float | None, "null where the labels are not complete"]
    n_wrong: Annotated[int, "hard negatives that are matched"]


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """Recall, and precision where the labels are complete, over a threshold."""

    figure: Annotated[str, "`jaccard`, or `share`: the greater of the two shares"]
    points: Annotated[tuple[Point, ...], "one for each threshold"]


@dataclasses.dataclass(frozen=True, slots=True)
class AuditGroup:
    """Some pairs that brute force found, and how many of them the scan reports."""

    name: Annotated[str, "the band or the relation"]
    n_pairs: Annotated[int, "pairs that are matches by the scan's own rule"]
    n_reported: Annotated[int, "of these, reported"]
    recall: Annotated[float | None, "`n_reported / n_pairs`"]


@dataclasses.dataclass(frozen=True, slots=True)
class AuditedPair:
    """One pair that brute force found and the scan does not report."""

    article_a: Annotated[str, "the lesser id"]
    article_b: Annotated[str, "the greater id"]
    relation: Annotated[str, "its relation"]
    jaccard: Annotated[float, "exact Jaccard similarity"]
    share_a: Annotated[float, "share of a's shingles that stand in b"]
    share_b: Annotated[float, "share of b's shingles that stand in a"]


@dataclasses.dataclass(frozen=True, slots=True)
class Audit:
    """What brute force over a sample of articles finds, and how much of it the scan reports.

    The pairs of one article are not independent of each other, so the interval is rather too narrow.
    """

    seed: Annotated[int, "seed of the sample"]
    n_sampled: Annotated[int, "articles in the sample"]
    n_articles: Annotated[int, "articles of the archive that each was compared with"]
    n_changed: Annotated[int, "articles that are new, gone or changed since the scan; not in the sample"]
    n_compared: Annotated[int, "pairs that share any shingle"]
    n_pairs: Annotated[int, "of these, matches by the scan's own rule"]
    n_reported: Annotated[int, "of these, reported; of very many equal articles, by their first"]
    recall: Annotated[float | None, "`n_reported / n_pairs`"]
    recall_low: Annotated[float | None, "lower end of the 95% interval (Wilson 1927)"]
    recall_high: Annotated[float | None, "upper end of the 95% interval"]
    by_band: Annotated[tuple[AuditGroup, ...], "by the greater of the two shares"]
    by_relation: Annotated[tuple[AuditGroup, ...], "by relation"]
    missed: Annotated[
        tuple[AuditedPair, ...], "the pairs that the scan does not report, the greatest share first"
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """One row of a file of labels that was not counted."""

    path: Annotated[str, "the file"]
    line: Annotated[int, "1-based line"]
    reason: Annotated[str, "what is wrong, naming the value"]


@dataclasses.dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a scan is, by labels and by audit; None where that was not asked for."""

    n_rows: Annotated[int, "rows of labels that were counted"]
    not_read: Annotated[tuple[LeftOut, ...], "rows left out: the scan read no article of an id"]
    malformed: Annotated[tuple[LeftOut, ...], "rows left out: they cannot be read"]
    pairs: Annotated[PairScores | None, "by labelled pairs"]
    clusters: Annotated[ClusterScores | None, "by true clusters"]
    curve: Annotated[Curve | None, "over a threshold"]
    audit: Annotated[Audit | None, "by brute force over a sample"]

    def to_json(self) -> bytes:
        """Return all figures as one JSON object; fractions have six decimals."""
        return to_json(self)


def to_json(figures: Any) -> bytes:
    """Return a dataclass of figures as one JSON object; fractions have six decimals."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(_rounded(figures)), indent=2) + b"\n"


def ratio(part: float, whole: float) -> float | None:
    """Return a part as a share of the whole; None of nothing.

    >>> ratio(1, 4), ratio(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def agreement(n_true: int, n_found: int, n_both: int) -> Agreement:
    """Return precision, recall and F1 of pairs.

    >>> agreement(4, 2, 2)
    Agreement(n_true=4, n_found=2, n_both=2, precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    precision, recall = ratio(n_both, n_found), ratio(n_both, n_true)
    return Agreement(n_true, n_found, n_both, precision, recall, ratio(2 * n_both, n_true + n_found))


def _rounded(value: Any) -> Any:
    """Return dataclasses as dictionaries, with every fraction rounded."""
    if dataclasses.is_dataclass(value):
        return {field.name: _rounded(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_rounded(each) for each in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
