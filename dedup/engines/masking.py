"""Boilerplate: what the outlets of an archive repeat is learned, and the stories that hold it are sketched anew."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib import parse

import numpy as np

from dedup import records
from dedup.engines import onepass, replacing
from dedup.sketching import sketches as sketching
from dedup.text import paragraphs
from dedup.text.boilerplate import learning, subjects
from dedup.text.boilerplate import lines as describing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import scratch as room
    from dedup.engines.archive import Archive
    from dedup.settings import Settings

STORIES_PER_TASK = 1_000
_FEW_PAGES = 256
_BEFORE_PATH = "^(?P<host>[^/?#]*//[^/?#]*)"  # of an address; its host stands there
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
        "articles_masked": len(_holders(archive.lines, dead)),
    }


def table(archive: Archive, found: Boilerplate) -> pa.Table:
    """Return the table of boilerplate, in the order of outlets, kinds and examples."""
    texts = found.learned.texts
    articles = np.searchsorted(archive.lines.offsets, texts.examples[:, 0], side="right") - 1
    begins, ends = _bytes_of(archive, articles, texts.examples)
    rows = []
    for i, article in enumerate(articles.tolist()):
        page = archive.page_offsets[archive.page_of[article]]
        text = archive.text[begins[i] : ends[i]].tobytes().decode()
        start = len(archive.text[page : begins[i]].tobytes().decode())
        group = int(texts.groups[i])
        rows.append(
            {
                "outlet": found.outlets[group] if group >= 0 else None,
                "kind": learning.KINDS[texts.kinds[i]],
                "n_articles": int(texts.counts[i]),
                "article_id": archive.article_ids[article].as_py(),
                "start": start,
                "end": start + len(text),
                "text": text,
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


def _bytes_of(
    archive: Archive, articles: NDArray[np.int64], lines: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return begin and end of some lines of each article in the text of the archive.

    Parameters
    ----------
    lines : (n, 2) int64, the first and the last of each article
    """
    spans = paragraphs.find(archive.text, archive.starts[articles], archive.ends[articles])
    first, last = (lines + (spans.offsets[:-1] - archive.lines.offsets[articles])[:, np.newaxis]).T
    return spans.starts[first], spans.ends[last]


def _holders(lines: describing.Lines, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the stories with any such line, rising."""
    some = np.flatnonzero(np.diff(lines.offsets))
    if len(some) == 0:
        return some
    return some[np.logical_or.reduceat(which, lines.offsets[some])]


def tasks(archive: Archive, dead: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield the articles that hold boilerplate which the first sketch did not know of, some at a time.

    They come in the order in which their texts stand on disk.
    """
    articles = _holders(archive.lines, dead & ~archive.lines.furniture)
    articles = articles[np.argsort(archive.starts[articles])]
    for begin in range(0, len(articles), STORIES_PER_TASK):
        yield articles[begin : begin + STORIES_PER_TASK]


@dataclasses.dataclass(frozen=True, slots=True)
class Mask:
    """What takes the boilerplate out of sketches; `dead`, (n_lines,) bool, are the lines that go."""

    archive: Archive
    dead: NDArray[np.bool_]
    settings: Settings

    def resketch(self, articles: NDArray[np.int64], scratch: room.Scratch) -> Resketched:
        """Return some stories, sketched without their dead lines, in the scratch."""
        text, lines = self.archive.text, self.archive.lines
        starts, ends = self.archive.starts[articles], self.archive.ends[articles]
        spans = paragraphs.find(text, starts, ends, scratch)
        first, last = lines.offsets[articles], lines.offsets[articles + 1]
        rows = np.repeat(first - spans.offsets[:-1], last - first) + np.arange(spans.offsets[-1])
        dead = self.dead[rows]
        live = describing.live(starts, ends, spans, dead)
        return Resketched(articles, live, onepass.sketch(text, spans, dead, self.settings, scratch))


def replace(archive: Archive, parts: Iterable[Resketched]) -> Archive:
    """Return the archive with the new segments and sketches of some of its stories.

    The sketches are replaced within their own memory while the next stories are sketched, so that of a large archive
    they do not stand there twice; the archive that was given is of no use afterwards.

    Parameters
    ----------
    parts : of different articles
    """
    sketches = archive.sketches
    columns: dict[str, Any] = {
        field.name: getattr(sketches, field.name) for field in dataclasses.fields(sketches)
    }
    ragged = {
        name: replacing.Replacing(column)
        for name, column in columns.items()
        if isinstance(column, records.Rows)
    }
    articles, lives = [], [archive.live]
    for part in parts:
        for name, column in columns.items():
            new = getattr(part.sketches, name)
            if name in ragged:
                ragged[name].replace(part.articles, new)
            else:
                column[part.articles] = new
        articles.append(part.articles)
        lives.append(part.live)
    if not articles:
        return archive
    order = np.arange(len(archive))
    order[np.concatenate(articles)] = len(archive) + np.arange(sum(map(len, articles)))
    joined = records.Spans(
        np.concatenate([live.starts for live in lives]),
        np.concatenate([live.ends for live in lives]),
        records.offsets(np.concatenate([np.diff(live.offsets) for live in lives])),
    )
    columns |= {name: rows.column for name, rows in ragged.items()}
    return dataclasses.replace(archive, live=joined.take(order), sketches=sketching.Sketches(**columns))


def outlets(archive: Archive) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of each article's outlet, -1 for unknown, and the outlets' names in their order."""
    groups, names = outlets_of(archive.pages)
    return groups[archive.page_of], names


def outlets_of(pages: pa.RecordBatch) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of each page's outlet, -1 for unknown, and the outlets' names in their order.

    An outlet is what the record says, case aside; without it the host of the address.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pages.num_rows <= _FEW_PAGES:
        return _few_outlets(pages.column("outlet").to_pylist(), pages.column("url").to_pylist())
    given = pages.column("outlet").dictionary_encode()
    told = [name.strip().casefold() for name in given.dictionary.to_pylist()]
    groups = given.indices.fill_null(len(told)).to_numpy()
    silent = np.flatnonzero(np.array([not name for name in told] + [True])[groups])
    addresses = pages.column("url").take(pa.array(silent))
    begins = pc.struct_field(pc.extract_regex(addresses, _BEFORE_PATH), "host")
    written = pc.coalesce(begins, addresses).dictionary_encode()
    hosts = [_host(address) for address in written.dictionary.to_pylist()]
    known = sorted({*told, *hosts} - {""})
    number = {name: place for place, name in enumerate(known)} | {"": -1}
    found = np.array([number[name] for name in [*told, ""]], np.int64)[groups]
    of_host = np.array([number[host] for host in [*hosts, ""]], np.int64)
    found[silent] = of_host[written.indices.fill_null(len(hosts)).to_numpy()]
    return found, known


def _few_outlets(
    outlets: list[str | None], addresses: list[str | None]
) -> tuple[NDArray[np.int64], list[str]]:
    """Return the same of a few pages, which Python does quicker."""
    names = [(outlet or "").strip().casefold() for outlet in outlets]
    told = [name or _host(address or "") for name, address in zip(names, addresses, strict=True)]
    known = sorted({*told} - {""})
    number = {name: place for place, name in enumerate(known)} | {"": -1}
    return np.array([number[name] for name in told], np.int64), known


def _host(address: str) -> str:
    try:
        host = parse.urlsplit(address).hostname or ""
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
