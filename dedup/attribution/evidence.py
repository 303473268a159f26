"""Listing the evidence: every clue with the rule that found it and the words that it quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup import records
from dedup.attribution import registry, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.attribution import dossiers, scoring

_RULES = [rule.name for rule in registry.RULES]


def list_all(dossier: dossiers.Dossier, known: scoring.Candidates) -> records.Pieces:
    """Return the evidence of all stories, in their order."""
    import pyarrow as pa

    clues = dossier.clues
    unquoted = clues.fields < 0
    return records.Pieces(
        stories=clues.stories,
        families=_spelled(rules.FAMILIES, clues.families),
        rules=_spelled(_RULES, clues.rules),
        candidates=_spelled(known.shown, known.of_clues),
        says=_spelled(rules.SAYS, clues.says),
        weights=clues.weights,
        fields=_spelled(rules.FIELDS, clues.fields),
        starts=pa.array(clues.starts, mask=unquoted),
        ends=pa.array(clues.ends, mask=unquoted),
        quotes=pa.array(_quotes(dossier), pa.string()),
    )


def _spelled(words: Sequence[str], numbers: NDArray[np.int64]) -> pa.DictionaryArray:
    """Return the words with these numbers, null for -1."""
    import pyarrow as pa

    indices = pa.array(numbers.astype(np.int32), mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _quotes(dossier: dossiers.Dossier) -> list[str | None]:
    """Return what each clue quotes: the characters of its text or of its record's field."""
    clues, stories = dossier.clues, dossier.cases.stories
    quotes: list[str | None] = [None] * len(clues)
    for row in np.flatnonzero(clues.quotes >= 0).tolist():
        quotes[row] = dossier.quotes[clues.quotes[row]]
    columns = {
        "outlet": stories.outlets,
        "url": stories.urls,
        "byline": stories.bylines,
        "published": stories.published,
    }
    for field, column in columns.items():
        rows = np.flatnonzero(clues.fields == rules.FIELDS.index(field))
        held = column.take(clues.stories[rows]).to_pylist()
        bounds = zip(rows.tolist(), held, clues.starts[rows].tolist(), clues.ends[rows].tolist(), strict=True)
        for row, value, start, end in bounds:
            quotes[row] = value[start:end]
    return quotes
