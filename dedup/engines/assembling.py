"""From the batches to the archive: their text goes to the work file, and of pages with one id one is kept."""

from __future__ import annotations

import dataclasses
from concurrent import futures
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from dedup import records
from dedup.engines import archive, gathering, workspace
from dedup.sketching import sketches as sketching
from dedup.text.boilerplate import lines as describing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import running
    from dedup.text import stories as splitting


# At most, in most languages: room that is not written to costs nothing; where it is too little, all is copied once.
_VALUES_PER_BYTE = {"marks": 1 / 4, "tails": 1 / 8, "samples": 1 / 20, "paragraph_keys": 1 / 40}


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One batch of pages after reading, splitting and sketching; offsets are bytes of its own `text`.

    Its text and the rows of its sketches may stand in memory that the next part is given.
    """

    pages: pa.RecordBatch
    text: NDArray[np.uint8]
    page_offsets: NDArray[np.int64]
    stories: splitting.Stories
    lines: describing.Lines
    live: records.Spans
    sketches: sketching.Sketches


def build(
    parts: Iterable[Part],
    rejects: list[records.Reject],
    work: workspace.Workspace | None = None,
    run: running.Run = map,
    expected_bytes: int = 0,
) -> archive.Archive:
    """Return the archive of these parts; of pages with one id all but one are rejected.

    Parameters
    ----------
    work : where the file is that the text goes to; None for the system's temporary folder
    run : what moves columns into their order
    expected_bytes : of text, about

    Raises
    ------
    WorkError : the text does not fit on the disk
    """
    expected = {name: int(share * expected_bytes) for name, share in _VALUES_PER_BYTE.items()}
    rows = _Rows(gathering.Columns(), gathering.Columns(), gathering.Columns(expected=expected))
    with (work or workspace.Workspace()).file() as file, futures.ThreadPoolExecutor(1) as writer:
        taken = list(_take(parts, file, rows, writer))
        text = file.read(np.uint8)
    return _order(_join(taken, text), rows, rejects, run)


@dataclasses.dataclass(frozen=True, slots=True)
class _Rows:
    """What is known of each story, in the order read, until it is moved to its place."""

    live: gathering.Columns
    lines: gathering.Columns
    sketches: gathering.Columns


@dataclasses.dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of a part, and their stories; offsets are bytes of the whole text."""

    pages: pa.RecordBatch
    page_offsets: NDArray[np.int64]
    stories: splitting.Stories


def _take(
    parts: Iterable[Part], file: workspace.WorkFile, rows: _Rows, writer: futures.Executor
) -> Iterator[_Pages]:
    """Yield the pages of each part, after its text has gone to the file and, meanwhile, its rows to the others."""
    for part in parts:
        begin = file.size_bytes
        written = writer.submit(file.write, part.text)
        offsets = part.live.offsets
        rows.live.add(
            {
                "starts": records.Ragged(part.live.starts + begin, offsets),
                "ends": records.Ragged(part.live.ends + begin, offsets),
            }
        )
        rows.lines.add(
            {
                name: records.Ragged(getattr(part.lines, name), part.lines.offsets)
                for name in describing.PER_LINE
            }
            | {"n_words": part.lines.n_words}
        )
        rows.sketches.add(
            {field.name: getattr(part.sketches, field.name) for field in dataclasses.fields(part.sketches)}
        )
        stories = part.stories
        written.result()
        yield _Pages(
            part.pages,
            part.page_offsets + begin,
            dataclasses.replace(stories, starts=stories.starts + begin, ends=stories.ends + begin),
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Joined:
    """The parts as one, in the order read, without what their lines and sketches are."""

    pages: pa.RecordBatch
    text: NDArray[np.uint8]
    page_offsets: NDArray[np.int64]
    page_of: NDArray[np.int64]
    number: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    heads: dict[int, splitting.Head]


def _join(parts: list[_Pages], text: NDArray[np.uint8]) -> _Joined:
    import pyarrow as pa

    first_page = np.cumsum([0, *(part.pages.num_rows for part in parts)])
    first_story = np.cumsum([0, *(len(part.stories) for part in parts)])
    none = np.empty(0, np.int64)
    return _Joined(
        pa.concat_batches([part.pages for part in parts]),
        text,
        np.concatenate([*(part.page_offsets[:-1] for part in parts), [len(text)]]).astype(np.int64),
        np.concatenate([none, *(part.stories.pages + first_page[i] for i, part in enumerate(parts))]),
        np.concatenate([none.astype(np.int32), *(part.stories.numbers for part in parts)]),
        np.concatenate([none, *(part.stories.starts for part in parts)]),
        np.concatenate([none, *(part.stories.ends for part in parts)]),
        {
            int(first_story[i]) + story: head
            for i, part in enumerate(parts)
            for story, head in part.stories.heads.items()
        },
    )


def _order(joined: _Joined, rows: _Rows, rejects: list[records.Reject], run: running.Run) -> archive.Archive:
    """Return the archive in the order of its ids, without the pages whose id another one has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dropped = _conflicts(joined, joined.pages.column("page_id"), np.arange(joined.pages.num_rows), rejects)
    ids = _article_ids(joined)
    kept = np.flatnonzero(~np.isin(joined.page_of, dropped))
    again = _conflicts(joined, ids.take(pa.array(kept)), joined.page_of[kept], rejects)
    kept = kept[~np.isin(joined.page_of[kept], again)]
    chosen = ids.take(pa.array(kept))
    order = kept[pc.sort_indices(chosen).to_numpy()] if len(kept) else kept
    places = np.full(len(joined.page_of), -1)
    places[order] = np.arange(len(order))
    sketches = sketching.Sketches(**rows.sketches.move(places, len(order), run))
    lines, live = (columns.move(places, len(order), run) for columns in (rows.lines, rows.live))
    return archive.Archive(
        joined.pages,
        joined.text,
        joined.page_offsets,
        ids.take(pa.array(order)),
        joined.page_of[order],
        joined.number[order],
        joined.starts[order],
        joined.ends[order],
        records.Spans(live["starts"].values, live["ends"].values, live["starts"].offsets),
        {int(places[story]): head for story, head in joined.heads.items() if places[story] >= 0},
        describing.Lines(
            **{name: lines[name].values for name in describing.PER_LINE},
            n_words=lines["n_words"],
            offsets=lines["exact"].offsets,
        ),
        sketches,
    )


def _article_ids(joined: _Joined) -> pa.Array:
    import pyarrow as pa

    page_ids = joined.pages.column("page_id")
    n_stories = np.bincount(joined.page_of, minlength=joined.pages.num_rows)
    ids = page_ids.take(pa.array(joined.page_of))
    several = np.flatnonzero(n_stories[joined.page_of] > 1)
    if len(several) == 0:
        return ids
    names = ids.to_pylist()
    for story in several:
        names[story] = f"{names[story]}#{joined.number[story]}"
    return pa.array(names, pa.string())


def _conflicts(
    joined: _Joined, ids: pa.Array, pages: NDArray[np.int64], rejects: list[records.Reject]
) -> NDArray[np.int64]:
    """Return the pages to drop, so that no id stands twice; each is rejected by a line that names both places.

    Which one is kept is decided by content, then place, so that it does not depend on the order of the input.
    """
    import pyarrow.compute as pc

    if len(ids) == 0:
        return np.empty(0, np.int64)
    order = pc.sort_indices(ids).to_numpy()
    ordered = ids.take(order)
    equal = pc.equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    claims: dict[int, set[str]] = {}
    for place in np.flatnonzero(equal).tolist():
        for page in (int(pages[order[place]]), int(pages[order[place + 1]])):
            claims.setdefault(page, set()).add(ordered[place].as_py())
    taken: dict[str, int] = {}
    dropped = []
    for page in sorted(claims, key=lambda page: _rank_of(joined, page)):
        held = sorted(claims[page] & taken.keys())
        if not held:
            taken.update(dict.fromkeys(claims[page], page))
            continue
        dropped.append(page)
        source, line = joined.pages["source_path"][page].as_py(), joined.pages["line"][page].as_py()
        reason = f'id "{held[0]}" is also that of {_place(joined, taken[held[0]])}, which was kept'
        rejects.append(records.Reject(source, line, reason))
    return np.array(dropped, np.int64)


def rank(text: bytes, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return what decides which page of one id is kept: its text, then its fields.

    Parameters
    ----------
    text : the page, UTF-8
    fields : the columns of `records.PAGES` but the text and the place
    """
    return xxhash.xxh3_128_digest(text), repr(fields)


def _rank_of(joined: _Joined, page: int) -> tuple[tuple[bytes, str], str, int]:
    text = joined.text[joined.page_offsets[page] : joined.page_offsets[page + 1]]
    fields = joined.pages.slice(page, 1).to_pylist()[0]
    source, line = fields.pop("source_path"), fields.pop("line")
    return rank(text.tobytes(), fields), source, line or 0


def _place(joined: _Joined, page: int) -> str:
    source, line = joined.pages["source_path"][page].as_py(), joined.pages["line"][page].as_py()
    return f"{source}:{line}" if line else source
