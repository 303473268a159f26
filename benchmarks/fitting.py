"""Fits the weights of the rules of attribution on the labelled clusters, and says how well they hold elsewhere.

    python -m benchmarks.fitting [--in DIR] [--folds N] [--json]

Each label gives one case: of the article clusters and passages that hold two of its members or more, the one that
holds the most. The score of a candidate is the sum of the strongest weights of its families; candidates compete with
"unknown", which has the score that an inferred origin must reach, by the softmax of the scores. The loss is the mean
negative logarithm of the share that the right ones get; labels whose origin is no candidate are left out, as no
weight could find it. Weights move in steps of a half, and are pulled towards those they have: a step must pay.

The labels are split into folds; what is fitted on the others is measured on each fold. Printed are the loss and the
share of right answers with the weights as they are and as fitted, within and across folds, and each rule that the fit
would change.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import attribution, reuters_recall, timing
from dedup import arguments
from dedup.attribution import agencies, registry, rejudging, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

STEP, LOWEST, HIGHEST = 0.5, 0.0, 6.0
PULL = 0.01  # of the loss, for the square of each weight's distance from where it was
_MOST_ROUNDS = 6
_LEAST_SHARE = 0.02  # of the right ones, in the loss: one label that no weight helps is not all
Weights = dict[str, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One label: the evidence, who competes by it, and which names are right; none for an open origin."""

    label: str
    fold: int
    pieces: tuple[arguments.Piece, ...]
    running: frozenset[str]
    right: frozenset[str]

    def scores(self, weights: Weights) -> dict[str, float]:
        """Return the score of each candidate that credits nobody else."""
        best: dict[tuple[str, str], float] = {}
        for piece in self.pieces:
            if piece.candidate in self.running:
                place, weight = (piece.candidate, piece.family), weights.get(piece.rule, piece.weight)
                best[place] = max(best.get(place, weight), weight)
        found = dict.fromkeys(self.running, 0.0)
        for (candidate, _), weight in best.items():
            found[candidate] += weight
        return found

    def loss(self, weights: Weights) -> float:
        """Return the negative logarithm of the share of the right ones."""
        scores = self.scores(weights) | {"": arguments.LEAST_INFERRED}
        total = sum(map(math.exp, scores.values()))
        share = sum(math.exp(score) for name, score in scores.items() if name in (self.right or {""}))
        return -math.log(max(share / total, _LEAST_SHARE))

    def is_right(self, weights: Weights) -> bool:
        """Return whether the best candidate, or unknown, is a right one."""
        scores = self.scores(weights) | {"": arguments.LEAST_INFERRED}
        best = max(sorted(scores), key=lambda name: scores[name])
        return best in (self.right or {""})


def cases(results: Path, labels: Path, n_folds: int) -> list[Case]:
    """Return a case for each label whose origin is a candidate, or open."""
    known = attribution.Names(json.loads((labels / "gold_origin_aliases.json").read_text(encoding="utf-8")))
    table = agencies.load()
    pieces: dict[str, list[arguments.Piece]] = defaultdict(list)
    outlets: dict[str, dict[str, str]] = defaultdict(dict)
    for name, key in (("evidence", "cluster_id"), ("passage_evidence", "passage_id")):
        for row in reuters_recall.rows(results, name):
            if not row["candidate"]:
                continue
            fields = {field.name: row[field.name] for field in dataclasses.fields(arguments.Piece)}
            pieces[str(row[key])].append(arguments.Piece(**fields))
            if row["rule"] in {"own_publisher", "agency_page"}:
                outlets[str(row[key])][str(row["article_id"])] = str(row["candidate"])
    found = []
    units = attribution.units(results)
    for number, label in enumerate(attribution.lines(labels / "gold_attribution.jsonl")):
        members = {member["id"] for member in label["members"]}
        held = [unit for unit in units if len(unit.pages & members) > 1]
        if not held or label["kind"] == "boilerplate_only":
            continue
        unit = max(held, key=lambda one: (len(one.pages & members), one.is_cluster, one.length))
        named = {piece.candidate for piece in pieces[unit.identity]}
        right = frozenset(name for name in named if known.right(name, label["text_origin"]))
        if right or attribution.UNDETERMINED in label["text_origin"]:
            evidence = tuple(piece for piece in pieces[unit.identity] if piece.says != rules.CITATION)
            articles = {piece.article_id: outlets[unit.identity].get(piece.article_id) for piece in evidence}
            told = rejudging.candidates(evidence, articles, table)
            running = frozenset(one.name for one in told if one.is_running)
            found.append(Case(label["cluster_id"], number % n_folds, evidence, running, right))
    return found


def fit(known: Sequence[Case], before: Weights) -> Weights:
    """Return the weights that lose least, by steps of one weight at a time."""
    weights = dict(before)

    def total(given: Weights) -> float:
        pull = sum((given[rule] - before[rule]) ** 2 for rule in given)
        return sum(case.loss(given) for case in known) / len(known) + PULL * pull

    best = total(weights)
    for _ in range(_MOST_ROUNDS):
        moved = False
        for rule in before:
            for change in (STEP, -STEP):
                tried = weights | {rule: weights[rule] + change}
                if LOWEST <= tried[rule] <= HIGHEST and (loss := total(tried)) < best - 1e-6:
                    weights, best, moved = tried, loss, True
        if not moved:
            break
    return weights


def measure(known: Sequence[Case], n_folds: int) -> dict[str, Any]:
    """Return losses and shares of right answers, within and across folds, and the weights."""
    used = {piece.rule for case in known for piece in case.pieces if piece.says != "citation"}
    before = {
        rule.name: float(rule.weight) for rule in registry.RULES if rule.name in used and rule.weight > 0
    }
    fitted = fit(known, before)
    across = []
    for fold in range(n_folds):
        rest = [case for case in known if case.fold != fold]
        held_out = [case for case in known if case.fold == fold]
        weights = fit(rest, before)
        across += [(case.loss(weights), case.is_right(weights)) for case in held_out]
    return {
        "cases": len(known),
        "as they are": _figures([(case.loss(before), case.is_right(before)) for case in known]),
        "fitted on all": _figures([(case.loss(fitted), case.is_right(fitted)) for case in known]),
        "fitted on others": _figures(across),
        "changed": {
            rule: [before[rule], weight] for rule, weight in fitted.items() if weight != before[rule]
        },
    }


def _figures(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    return {
        "loss": sum(loss for loss, _ in pairs) / len(pairs),
        "right": sum(is_right for _, is_right in pairs) / len(pairs),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in", dest="folder", type=Path, help="tables of an earlier scan of the documents")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments_ = parser.parse_args()
    labels = attribution.folder()
    with tempfile.TemporaryDirectory() as temporary:
        results = arguments_.folder or Path(temporary)
        if arguments_.folder is None:
            timing.process(timing.dedup("scan", labels / "docs.jsonl.gz", "--out", results))
        found = measure(cases(results, labels, arguments_.folds), arguments_.folds)
    if arguments_.json:
        json.dump(found, sys.stdout, indent=1)
        print()
        return
    print(f"cases: {found['cases']}, folds: {arguments_.folds}")
    print("weights            loss   right")
    for name in ("as they are", "fitted on all", "fitted on others"):
        print(f"{name:<16} {found[name]['loss']:6.3f}  {found[name]['right']:6.3f}")
    for rule, (was, now) in found["changed"].items():
        print(f"  {rule:<24} {was:4.1f} -> {now:4.1f}")


if __name__ == "__main__":
    main()
