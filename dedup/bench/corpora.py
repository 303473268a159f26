"""The articles that a benchmark runs on: made for it, or the user's own."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dedup import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.progress import Progress

BYTES_PER_ARTICLE = 3_950  # of a planted archive
_TIMES = 3  # the archive, the text that a scan keeps on disk, the tables
_SEED = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where the articles stand, and the folder of what is true of them; None where that is not known."""

    paths: tuple[str, ...]
    size_bytes: int
    truth: Path | None


def taken(paths: Sequence[str]) -> Source:
    """Return the user's own articles.

    Raises
    ------
    UsageError : standard input is named
    PathError : a path is missing
    EmptyArchiveError : there is nothing to read
    """
    from dedup import reading
    from dedup.reading import paths as walking

    if walking.STANDARD_INPUT in paths:
        message = '"-" cannot be timed, since it is read more than once: name files or folders'
        raise errors.UsageError(message)
    sources = walking.walk(paths, reading.ReadingLog())
    return Source(tuple(paths), sum(Path(source.path).stat().st_size for source in sources), None)


def made(n_articles: int, folder: Path, progress: Progress) -> Source:
    """Return articles made for the benchmark, whose copies are known.

    Raises
    ------
    OutputError : the disk has too little room
    """
    from dedup.planting import archives, truths

    check_room(n_articles, folder)
    progress.stage("making the archive", total=n_articles, unit="articles")
    archive, truth = folder / "archive.jsonl", folder / "truth"
    truths.write(archives.Archive(n_articles, _SEED), archive, truth, progress)
    return Source((str(archive),), archive.stat().st_size, truth)


def check_room(n_articles: int, folder: Path) -> None:
    """Raise if the disk has too little room for an archive and for what a scan of it writes."""
    needed, free = n_articles * BYTES_PER_ARTICLE * _TIMES, shutil.disk_usage(folder).free
    if needed > free:
        message = (
            f'folder "{folder.parent}" must have {needed / 1e9:.1f} GB free for {n_articles:,} articles: '
            f"{free / 1e9:.1f} GB; ask for fewer, or set TMPDIR to a folder on another disk"
        )
        raise errors.OutputError(message)


def as_lines(source: Source, folder: Path, progress: Progress) -> Path:
    """Return one file of JSON Lines with `id` and `text` of all articles, for tools that read nothing else."""
    import msgspec

    from dedup import reading
    from dedup.settings import Settings

    if source.truth is not None:
        return Path(source.paths[0])
    progress.stage("copying the articles for datasketch", unit="articles")
    path = folder / "copied.jsonl"
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for batch in reading.read(source.paths, Settings(), reading.ReadingLog()):
            pages = zip(batch["page_id"].to_pylist(), batch["text"].to_pylist(), strict=True)
            file.writelines(encode({"id": page, "text": text}) + b"\n" for page, text in pages)
            progress.advance(batch.num_rows)
    return path
