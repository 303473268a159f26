"""An index and a scan of the same records, as things that can be compared."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import dedup

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from dedup.index.standing import Index
    from dedup.settings import Settings

_VERDICT = (
    "origin_name",
    "origin_kind",
    "origin_article_id",
    "level",
    "score",
    "runner_up",
    "first_article_id",
    "first_published",
    "n_articles",
    "n_outlets",
    "n_copies",
    "n_uncredited",
    "n_independent",
)
_MEMBER = ("cluster_id", "article_id", "role", "share", "immediate_source", "lag_s", "credited")
_FOOT = "Sign up for the evening letter of our newsroom desk"


@dataclasses.dataclass(frozen=True)
class Told:
    """What is said of some records, whatever the ids of clusters are.

    `matches` by the two articles; `clusters` as their members with role and share; `verdicts` by their articles.
    """

    matches: dict[tuple[str, str], tuple[Any, ...]]
    clusters: set[tuple[Any, ...]]
    verdicts: set[tuple[Any, ...]]


def by_index(index: Index) -> Told:
    """Return what an index says of its articles."""
    store = index.store
    matches = {
        row[:2]: (*row[2:7], json.loads(row[7]), json.loads(row[8]))
        for row in store.rows(
            "SELECT article_a, article_b, relation, jaccard, share_a, share_b, shared_words, passages, edits"
            " FROM matches"
        )
    }
    members = [
        dict(
            zip(
                ("cluster_id", "article_id", "role", "share", "immediate_source", "lag_s", "credited"),
                row,
                strict=True,
            )
        )
        for row in store.rows(
            "SELECT cluster_id, article_id, role, share, immediate_source, lag_s, credited FROM members"
        )
    ]
    names = ("cluster_id", *_VERDICT)
    query = f"SELECT {', '.join(names)} FROM clusters"  # noqa: S608  (names are ours)
    clusters = [dict(zip(names, row, strict=True)) for row in store.rows(query)]
    return _told(matches, members, clusters)


def by_scan(path: Path, settings: Settings) -> Told:
    """Return what a scan says of the records in a file or folder."""
    result = dedup.scan(path, settings, threads=1)
    matches = {
        (row["article_a"], row["article_b"]): (
            *(row[name] for name in ("relation", "jaccard", "share_a", "share_b", "shared_words")),
            row["passages"],
            row["edits"],
        )
        for row in result.matches.to_pylist()
    }
    return _told(matches, result.members.to_pylist(), result.clusters.to_pylist())


def _told(matches: dict[Any, Any], members: list[dict[str, Any]], clusters: list[dict[str, Any]]) -> Told:
    held: dict[str, list[tuple[Any, ...]]] = {}
    for row in members:
        told = (row["article_id"], row["role"], round(row["share"], 9), row["immediate_source"], row["lag_s"])
        held.setdefault(row["cluster_id"], []).append((*told, row["credited"]))
    return Told(
        matches,
        {tuple(sorted(some, key=repr)) for some in held.values()},
        {
            (
                tuple(sorted(member[0] for member in held[row["cluster_id"]])),
                *(round(row[name], 9) if name == "score" else row[name] for name in _VERDICT),
            )
            for row in clusters
        },
    )


def spiced(records: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    """Return records of an archive with what is hard beside them.

    That is: exact copies of many, short texts, texts of a few words, a line that an outlet repeats, pages of several
    stories, agencies' credits, records without outlet or date, and two texts of one id.
    """
    found = []
    for number, record in enumerate(records):
        kind = chance.randrange(10)
        text = record["text"]
        if kind == 0:
            found += [
                record | {"id": f"{record['id']}-{turn}", "outlet": f"Gazette {turn}"} for turn in range(3)
            ]
        elif kind == 1:
            found.append(record | {"text": " ".join(text.split()[: chance.randint(3, 30)])})
            found.append(
                record | {"id": f"{record['id']}-s", "text": " ".join(text.split()[: chance.randint(8, 30)])}
            )
        elif kind == 2:
            found.append(
                record
                | {"text": f"{text}\n\nSign up for the evening letter of our newsroom desk", "outlet": "Post"}
            )
        elif kind == 3:
            heads = (
                f"{record['outlet'].upper()} | Published February {day}, 2024\n\n{part}"
                for day, part in ((3, text), (9, chance.choice(records)["text"]))
            )
            found.append(record | {"text": "\n\nSOURCE: www.post.example\n\n".join(heads)})
        elif kind == 4:
            found.append(record | {"text": f"PARIS, Feb 3 (Reuters) - {text}"})
        elif kind == 5:
            found.append({"id": record["id"], "text": text})
        elif kind == 6:
            found += [record, record | {"text": f"{text} Corrected on page {number}."}]
        else:
            found.append(record)
    return found
