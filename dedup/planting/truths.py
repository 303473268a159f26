"""Writing a planted archive, with what is true of it.

The truth is a folder of tables with a head:

- `pairs.tsv`: `id_a`, `id_b` (`id_a` < `id_b`), `kind`, `between`: all pairs of each family. `between` is `original`
  for an original with its copy, and `kind` the edit; or `copies`, and `kind` both edits, joined with `+`
- `clusters.tsv`: `id`, `label`: every record that is no page; the label is the id of its family's original
- `pages.tsv`: `page_id`, `article_id`: every page with each original that it holds
- `copies.tsv`: `id`, `original_id`, `kind`, `rate`: every copy, and how much the edit did
- `negatives.tsv`: `id`, `kind`, `group`: every original that is a weekly report (`report`) or has a background
  paragraph (`background`), with the number of the series or of the paragraph; those of one group are no copies
"""

from __future__ import annotations

import collections
import itertools
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from dedup import progress as progresses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedup.planting import archives

CLUSTERS = "clusters.tsv"
_BUFFER_BYTES = 1 << 20
SILENT = progresses.Silent()


def write(archive: archives.Archive, path: Path, truth: Path, progress: progresses.Progress = SILENT) -> None:
    """Write the archive in its mixed order as JSON Lines, and the tables of the truth into a folder."""
    truth.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.json.Encoder()
    plan, ids = archive.plan, archive.ids
    block = bytearray()
    with path.open("wb", _BUFFER_BYTES) as file, (truth / "copies.tsv").open("w", encoding="utf-8") as copies:
        copies.write("id\toriginal_id\tkind\trate\n")
        for numbers, records in archive.mixed():
            block.clear()
            for number, record in zip(numbers, records, strict=True):
                encoder.encode_into(record.fields, block, -1)
                block += b"\n"
                if plan.n_originals <= number < plan.first_page:
                    original = ids[plan.originals[number]]
                    copies.write(f"{ids[number]}\t{original}\t{plan.kind(number)}\t{record.rate:.6f}\n")
            file.write(block)
            progress.advance(len(numbers))
    _table(truth / "pairs.tsv", "id_a\tid_b\tkind\tbetween", pairs(archive))
    _table(truth / CLUSTERS, "id\tlabel", clusters(archive))
    _table(truth / "pages.tsv", "page_id\tarticle_id", pages(archive))
    _table(truth / "negatives.tsv", "id\tkind\tgroup", negatives(archive))


def pairs(archive: archives.Archive) -> Iterator[tuple[str, ...]]:
    """Yield the two ids, the kind, and `original` or `copies` of all pairs of each family."""
    plan, ids = archive.plan, archive.ids
    families = collections.defaultdict(list)
    for record in range(plan.n_originals, plan.first_page):
        families[int(plan.originals[record])].append((ids[record], plan.kind(record)))
    for original, copies in families.items():
        for copy, kind in copies:
            yield *sorted((ids[original], copy)), kind, "original"
        for (one, kind), (other, other_kind) in itertools.combinations(copies, 2):
            yield *sorted((one, other)), "+".join(sorted((kind, other_kind))), "copies"


def clusters(archive: archives.Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id and the label of every record that is no page."""
    for record, original in enumerate(archive.plan.originals[: archive.plan.first_page].tolist()):
        yield archive.ids[record], archive.ids[original]


def pages(archive: archives.Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id of every page with that of each original on it."""
    for page, held in enumerate(archive.plan.held, archive.plan.first_page):
        for original in held:
            yield archive.ids[page], archive.ids[original]


def negatives(archive: archives.Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id, the kind and the group of every original that looks like others and is no copy."""
    for kind, groups in (("report", archive.plan.series), ("background", archive.plan.backgrounds)):
        for record in np.flatnonzero(groups >= 0).tolist():
            yield archive.ids[record], kind, str(groups[record])


def _table(path: Path, head: str, rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{head}\n")
        file.writelines("\t".join(row) + "\n" for row in rows)
