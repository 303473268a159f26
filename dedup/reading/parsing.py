"""From a block of pieces to the batch of their pages; blocks do not depend on each other."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dedup.reading import batches, decoding, feeds, pieces, plain

if TYPE_CHECKING:
    from dedup.reading import fields
    from dedup.scratch import Scratch

LEAST_BYTES = 1 << 16
"""The lines from which on columns are worth their making: below, the decoder is as quick."""


def parse(block: pieces.Block, scratch: Scratch) -> batches.Batch:
    """Return the pages of a block, and what in it could not be read, in the order of its pieces.

    Parameters
    ----------
    scratch : what the texts may stand in
    """
    parts: list[batches.Batch] = []
    for are_many, some in itertools.groupby(block.pieces, _has_many_lines):
        if are_many:
            from dedup.reading import columns

            parts += [
                columns.read(piece, block.wanted, scratch)
                for piece in some
                if isinstance(piece, pieces.Lines)
            ]
        else:
            pages = batches.Pages()
            for piece in some:
                pages.extend(_pages(piece, block.wanted))
            parts.append(pages.batch())
    return batches.concatenate(parts)


def _has_many_lines(piece: pieces.Piece) -> bool:
    return isinstance(piece, pieces.Lines) and len(piece.data) >= LEAST_BYTES


def _pages(piece: pieces.Piece, wanted: fields.Fields) -> batches.Pages:
    """Return the pages of a piece as Python values."""
    if isinstance(piece, pieces.Text):
        return plain.page(piece)
    if isinstance(piece, pieces.Feed):
        return feeds.pages(piece)
    if isinstance(piece, pieces.Failure):
        return batches.Pages(rejects=[piece.reject])
    return decoding.decode(piece.records(), piece.numbers(), piece.source, wanted)
