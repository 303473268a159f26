"""What the reading thread hands on: pieces of files, cut but not yet understood, gathered into blocks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeAlias

from dedup import records
from dedup.reading import batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.reading import fields, paths


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file of JSON Lines.

    Attributes
    ----------
    data : the lines, each with its line feed
    first : the number of the first of them in the file, from 1
    n_lines : how many they are
    """

    source: paths.Source
    data: bytes
    first: int
    n_lines: int

    @property
    def size_bytes(self) -> int:
        """Return the bytes of this piece."""
        return len(self.data)

    def records(self) -> list[bytes]:
        """Return each line without its line feed."""
        return self.data.split(b"\n")[:-1]

    def numbers(self) -> range:
        """Return the number of each line in the file."""
        return range(self.first, self.first + self.n_lines)


@dataclasses.dataclass(frozen=True, slots=True)
class Records:
    """The record of a JSON file, or some records of its array.

    Attributes
    ----------
    data : the bytes of each
    first : the number of the first of them in the array, from 1; None for a file of one record
    """

    source: paths.Source
    data: Sequence[bytes]
    first: int | None

    @property
    def size_bytes(self) -> int:
        """Return the bytes of this piece."""
        return sum(map(len, self.data))

    def records(self) -> Sequence[bytes]:
        """Return each record."""
        return self.data

    def numbers(self) -> Sequence[int | None]:
        """Return the number of each record in its array."""
        return [None] if self.first is None else range(self.first, self.first + len(self.data))


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A whole file of plain text."""

    source: paths.Source
    data: bytes

    @property
    def size_bytes(self) -> int:
        """Return the bytes of this piece."""
        return len(self.data)


@dataclasses.dataclass(frozen=True, slots=True)
class Feed:
    """A whole feed file, or the beginning of one.

    Attributes
    ----------
    failure : why the rest cannot be read; None if this is all of it
    """

    source: paths.Source
    data: bytes
    failure: str | None

    @property
    def size_bytes(self) -> int:
        """Return the bytes of this piece."""
        return len(self.data)


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A file, or the rest of one, that cannot be read."""

    reject: records.Reject
    size_bytes: int = 0


Piece: TypeAlias = Lines | Records | Text | Feed | Failure


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """Some pieces in the order of the files, and the fields to look for in their records."""

    pieces: tuple[Piece, ...]
    wanted: fields.Fields


def failure(source: paths.Source, line: int | None, reason: str) -> Failure:
    """Return the piece that says that a file, or the rest of it from a line on, cannot be read."""
    return Failure(records.Reject(source.shown, line, reason))


def gather(found: Iterable[Piece], wanted: fields.Fields) -> Iterator[Block]:
    """Return blocks of about 4 MB, made of pieces in their order; a bigger piece is a block by itself."""
    held: list[Piece] = []
    size = 0
    for piece in found:
        if held and size + piece.size_bytes > batches.BATCH_BYTES:
            yield Block(tuple(held), wanted)
            held, size = [], 0
        held.append(piece)
        size += piece.size_bytes
    if held:
        yield Block(tuple(held), wanted)
