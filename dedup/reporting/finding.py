"""Which cluster, article or passage of a result a user means by an id or the beginning of one."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, Literal

from dedup import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup import results

_MOST_NAMED = 8
_MOST_COMPARED = 20_000


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """What was meant: the kind, and the full id."""

    kind: Literal["cluster", "passage"]
    identity: str


def find(result: results.Result, name: str) -> Target:
    """Return the cluster or passage that a name stands for; an article's id stands for its cluster.

    Parameters
    ----------
    name : the id of a cluster, an article or a passage, or the beginning of one that no other has

    Raises
    ------
    ResultError : nothing or more than one thing has that name; the message gives the nearest
    """
    clusters = _ids(result.clusters["cluster_id"].to_pylist())
    passages = _ids(result.passages["passage_id"].to_pylist())
    articles = _ids(result.articles["article_id"].to_pylist())
    for kind, ids in (("cluster", clusters), ("passage", passages), ("article", articles)):
        if name in ids:
            return _target(result, kind, name)
    begun = [
        (kind, identity)
        for kind, ids in (("cluster", clusters), ("passage", passages), ("article", articles))
        for identity in ids
        if name and identity.startswith(name)
    ]
    if len(begun) == 1:
        return _target(result, *begun[0])
    if begun:
        message = (
            f'"{name}" is the beginning of {len(begun):,} ids: {_listed(identity for _, identity in begun)}'
        )
        raise errors.ResultError(message)
    near = _near(name, [*clusters, *articles, *passages])
    hint = f"; near it: {_listed(near)}" if near else ""
    message = f'no cluster, article or passage "{name}"{hint}'
    raise errors.ResultError(message)


def member(ids: Iterable[str], name: str) -> str:
    """Return the article of a cluster that a name stands for.

    Raises
    ------
    ResultError : none or more than one of the articles has that name

    >>> member(["feed.txt", "page.txt#2"], "page")
    'page.txt#2'
    """
    known = _ids(ids)
    begun = [name] if name in known else [identity for identity in known if identity.startswith(name)]
    if len(begun) != 1:
        message = f'"{name}" must be one article of the cluster: {_listed(begun or known)}'
        raise errors.ResultError(message)
    return begun[0]


def _target(result: results.Result, kind: str, identity: str) -> Target:
    if kind == "cluster":
        return Target("cluster", identity)
    if kind == "passage":
        return Target("passage", identity)
    import pyarrow.compute as pc

    row = result.articles.filter(pc.equal(result.articles["article_id"], identity)).to_pylist()[0]
    if not row["cluster_ids"]:
        shared = result.passages.filter(pc.equal(result.passages["article_id"], identity))
        ids = list(_ids(shared["passage_id"].to_pylist()))
        if len(ids) == 1:
            return Target("passage", ids[0])
        what = (
            f"no cluster, and shares the passages {_listed(ids)}"
            if ids
            else "no cluster, and shares no passage"
        )
        message = f'article "{identity}" stands in {what}'
        raise errors.ResultError(message)
    if len(row["cluster_ids"]) > 1:
        message = f'article "{identity}" stands in {len(row["cluster_ids"])} clusters: {_listed(row["cluster_ids"])}'
        raise errors.ResultError(message)
    return Target("cluster", row["cluster_ids"][0])


def _ids(values: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(values)


def _listed(ids: Iterable[str]) -> str:
    every = list(ids)
    more = f" and {len(every) - _MOST_NAMED:,} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more


def _near(name: str, ids: list[str]) -> list[str]:
    inside = [identity for identity in ids if name and name.casefold() in identity.casefold()]
    return inside[:_MOST_NAMED] or difflib.get_close_matches(name, ids[:_MOST_COMPARED], n=3)
