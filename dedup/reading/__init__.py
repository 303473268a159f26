"""Reading: paths in, batches of pages out, and an account of what could not be read.

One thread cuts the files into blocks; what they hold is understood block by block, on any thread.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from dedup import records
    from dedup.reading.batches import Batch
    from dedup.reading.pieces import Block
    from dedup.scratch import Scratch
    from dedup.settings import Settings


@dataclasses.dataclass(slots=True)
class ReadingLog:
    """The account of reading; it grows while the blocks and their batches are taken.

    Attributes
    ----------
    n_files : files opened, also those in which nothing could be read
    n_records : pages handed on
    size_bytes : bytes taken from disk or standard input, as they lie there (compressed, where they are)
    expected_bytes : of the files to read, as they lie there; None where one of them is standard input
    expected_text_bytes : about how much they hold; gzip is taken to hold four times its size
    rejects : what could not be read: a file, or a record of one
    skipped : files in folders whose kind is not known, and those that an earlier scan wrote; they are not read
    """

    n_files: int = 0
    n_records: int = 0
    size_bytes: int = 0
    expected_bytes: int | None = 0
    expected_text_bytes: int = 0
    rejects: list[records.Reject] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many files were opened and how many passed over, under the names that `run.json` has."""
        return {"files": self.n_files, "skipped": len(self.skipped)}

    def add(self, batch: Batch) -> None:
        """Note the pages and rejects of a batch; batches are added in the order of their blocks."""
        self.n_records += batch.pages.num_rows
        self.rejects += batch.rejects


def blocks(paths: Sequence[str], settings: Settings, log: ReadingLog) -> Iterator[Block]:
    """Return what these files and folders hold, cut into blocks of about 4 MB for `parse`.

    The paths are walked at once, the files are read as the blocks are taken. Which pages there are, their ids and
    their order do not depend on the order of the paths.

    Parameters
    ----------
    paths : files, folders (read with all below them) and `-` for standard input
    settings : the names of a record's fields, where they are not the usual ones
    log : what the account is written to

    Returns
    -------
    blocks in order; a record of more than 4 MB is a block by itself

    Raises
    ------
    PathError : a path is missing or cannot be opened
    EmptyArchiveError : there is no file to read
    SettingError : a name of a field is none that JSON objects can be searched for
    """
    from dedup.reading import detection, fields, pieces
    from dedup.reading import paths as walking

    wanted = fields.choose(settings)
    sources = walking.walk(paths, log)
    found = (piece for source in sources for piece in detection.pieces(source, log))
    return pieces.gather(found, wanted)


def parse(block: Block, scratch: Scratch | None = None) -> Batch:
    """Return the pages of a block, and what in it could not be read; blocks may be parsed on any thread.

    Parameters
    ----------
    scratch : what the texts may stand in; None for new memory
    """
    from dedup import scratch as room
    from dedup.reading import parsing

    return parsing.parse(block, scratch or room.Scratch())


def read(paths: Sequence[str], settings: Settings, log: ReadingLog) -> Iterator[pa.RecordBatch]:
    r"""Return the pages of these files and folders, block by block on this thread; see `blocks`.

    Returns
    -------
    batches with the columns of `records.PAGES`

    >>> import pathlib, tempfile
    >>> from dedup.settings import Settings
    >>> log = ReadingLog()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "pages.jsonl")
    ...     _ = path.write_text('{"id": "a", "text": "Rain fell."}\n{"id": "b"}\n')
    ...     [batch.column("page_id").to_pylist() for batch in read([folder], Settings(), log)]
    [['a']]
    >>> log.rejects[0].line, log.rejects[0].reason
    (2, 'no text: the record has none of "text", "body", "content"')
    """
    return _read(blocks(paths, settings, log), log)


def _read(found: Iterator[Block], log: ReadingLog) -> Iterator[pa.RecordBatch]:
    for block in found:
        batch = parse(block)
        log.add(batch)
        if batch.pages.num_rows:
            yield batch.pages
