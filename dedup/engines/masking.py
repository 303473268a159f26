"""Boilerplate: what the outlets of an archive repeat is learned, and the stories that hold it are sketched anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING
from urllib import parse

import numpy as np

from dedup import records
from dedup.engines import onepass
from dedup.sketching import sketches as sketching
from dedup.text import paragraphs
from dedup.text.boilerplate import learning, subjects
from dedup.text.boilerplate import lines as describing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup.engines.archive import Archive
    from dedup.settings import Settings

STORIES_PER_TASK = 1_000
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclasses.dataclass(frozen=True, slots=True)
class Resketched:
    """Some stories with their new segments and sketches."""

    articles: NDArray[np.int64]
    live: records.Spans
    sketches: sketching.Sketches


@dataclasses.dataclass(frozen=True, slots=True)
class Boilerplate:
    """What was learned of an archive; `outlets[i]` is the name of group i."""

    learned: learning.Learned
    outlets: list[str]


def learn(archive: Archive, settings: Settings) -> Boilerplate:
    """Return the boilerplate of an archive; nothing of it where the settings ask for none."""
    groups, names = outlets(archive)
    if not settings.boilerplate:
        return Boilerplate(learning.nothing(archive.lines), names)
    texts = subjects.Texts(archive.text, archive.starts, archive.ends)
    stories = learning.Stories(groups, _days(archive), archive.sketches.samples, texts)
    return Boilerplate(learning.learn(archive.lines, stories, settings), names)


def counts(archive: Archive, found: Boilerplate) -> dict[str, int]:
    """Return the counts of the run, under the names that `run.json` has."""
    dead = found.learned.dead
    return {
        "boilerplate_lines": int(dead.sum()),
        "articles_masked": len(np.unique(archive.lines.owners()[dead])),
    }


def table(archive: Archive, found: Boilerplate) -> pa.Table:
    """Return the table of boilerplate, in the order of outlets, kinds and examples."""
    texts = found.learned.texts
    first, last = texts.examples[:, 0], texts.examples[:, 1]
    articles = np.searchsorted(archive.lines.offsets, first, side="right") - 1
    rows = []
    for i, article in enumerate(articles.tolist()):
        start, end = _place(archive, article, int(first[i]), int(last[i]))
        group = int(texts.groups[i])
        rows.append(
            {
                "outlet": found.outlets[group] if group >= 0 else None,
                "kind": learning.KINDS[texts.kinds[i]],
                "n_articles": int(texts.counts[i]),
                "article_id": archive.article_ids[article].as_py(),
                "start": start,
                "end": end,
                "text": next(archive.page_texts(articles[i : i + 1]))[start:end],
            }
        )
    rows.sort(
        key=lambda row: (
            row["outlet"] or "",
            row["kind"],
            -row["n_articles"],
            row["article_id"],
            row["start"],
        )
    )
    names = [column.name for column in records.BOILERPLATE.columns]
    return records.BOILERPLATE.arrow({name: [row[name] for row in rows] for name in names})


def _place(archive: Archive, article: int, first: int, last: int) -> tuple[int, int]:
    """Return start and end of some lines of a story, in characters of its page."""
    spans = paragraphs.find(
        archive.text, archive.starts[article : article + 1], archive.ends[article : article + 1]
    )
    before = archive.lines.offsets[article]
    begin, end = spans.starts[first - before], spans.ends[last - before]
    page = archive.page_offsets[archive.page_of[article]]
    start = len(archive.text[page:begin].tobytes().decode())
    return start, start + len(archive.text[begin:end].tobytes().decode())


def tasks(archive: Archive, dead: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield the articles that hold boilerplate which the first sketch did not know of, some at a time."""
    new = dead & ~archive.lines.furniture
    articles = np.unique(archive.lines.owners()[new])
    for begin in range(0, len(articles), STORIES_PER_TASK):
        yield articles[begin : begin + STORIES_PER_TASK]


def resketch(
    articles: NDArray[np.int64], archive: Archive, dead: NDArray[np.bool_], settings: Settings
) -> Resketched:
    """Return some stories, sketched without their dead lines."""
    starts, ends = archive.starts[articles], archive.ends[articles]
    spans = paragraphs.find(archive.text, starts, ends)
    first, last = archive.lines.offsets[articles], archive.lines.offsets[articles + 1]
    rows = np.repeat(first - spans.offsets[:-1], last - first) + np.arange(spans.offsets[-1])
    live = describing.live(starts, ends, spans, dead[rows])
    return Resketched(articles, live, onepass.sketch(archive.text, spans, dead[rows], settings))


def replace(archive: Archive, parts: list[Resketched]) -> Archive:
    """Return the archive with the new segments and sketches of some of its stories."""
    if not parts:
        return archive
    order = np.arange(len(archive))
    order[np.concatenate([part.articles for part in parts])] = len(archive) + np.arange(
        sum(len(part.articles) for part in parts)
    )
    sketches = sketching.gather([archive.sketches, *(part.sketches for part in parts)], order)
    lives = [archive.live, *(part.live for part in parts)]
    joined = records.Spans(
        np.concatenate([live.starts for live in lives]),
        np.concatenate([live.ends for live in lives]),
        records.offsets(np.concatenate([np.diff(live.offsets) for live in lives])),
    )
    return dataclasses.replace(archive, live=joined.take(order), sketches=sketches)


def outlets(archive: Archive) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of each article's outlet, -1 for unknown, and the outlets' names in their order.

    An outlet is what the record says, case aside; without it the host of the address.
    """
    import pyarrow as pa

    given = archive.pages.column("outlet").dictionary_encode()
    told = np.array([name.strip().casefold() for name in given.dictionary.to_pylist()] + [""], object)
    names = told[given.indices.fill_null(len(told) - 1).to_numpy()]
    silent = np.flatnonzero(names == "")
    addresses = archive.pages.column("url").take(pa.array(silent)).to_pylist()
    names[silent] = [_host(address) for address in addresses]
    known = sorted({*names.tolist()} - {""})
    number = {name: place for place, name in enumerate(known)} | {"": -1}
    of_page = np.fromiter((number[name] for name in names.tolist()), np.int64, len(names))
    return of_page[archive.page_of], known


def _host(address: str | None) -> str:
    try:
        host = parse.urlsplit(address or "").hostname or ""
    except ValueError:  # such as a bracket that is no IPv6 address
        host = ""
    return host.removeprefix("www.")


def _days(archive: Archive) -> NDArray[np.int64]:
    """Return the day of each article since 1970, -1 for unknown."""
    import pyarrow.compute as pc

    claimed = pc.utf8_slice_codeunits(archive.pages.column("published"), 0, 10).dictionary_encode()
    told = np.array([*map(_day, claimed.dictionary.to_pylist()), -1], np.int64)
    days: NDArray[np.int64] = told[claimed.indices.fill_null(len(told) - 1).to_numpy()][archive.page_of]
    for article, head in archive.heads.items():
        days[article] = _day(head.published[:10]) if head.published else days[article]
    return days


def _day(published: str) -> int:
    try:
        return dt.date.fromisoformat(published).toordinal() - _EPOCH
    except ValueError:  # a year or a month is no day
        return -1
