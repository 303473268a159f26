"""Makes an archive in which the copies are planted, so that the truth about each pair of articles is known.

    python -m benchmarks.planted N FILE.jsonl --truth DIR [--seed S] [--text REAL.jsonl[.gz]]

Of N records some 23% are copies, of the kinds in `planted_edits`; the sizes of their families follow a power law. A
page holds three to six whole articles that have nothing to do with each other and also stand alone. What must not be
taken for a copy is there too: weekly reports with the same sentences and other figures, background paragraphs that a
wire repeats in unrelated articles, authors' biographies, and the furniture of outlets. The shares are declared in
`planted_plan.Proportions`. Articles are made from word statistics, or are those of a file of real ones, without those
that repeat others of the file.

Each article is made anew from the seed wherever it is needed, so that memory holds the plan only (and the real
articles). Equal arguments give equal bytes. The truth is written to DIR, as tables with a head:

- `pairs.tsv`: `id_a`, `id_b` (`id_a` < `id_b`), `kind`, `between`: all pairs of each family. `between` is `original`
  for an original with its copy, and `kind` the edit; or `copies`, and `kind` both edits, joined with `+`
- `clusters.tsv`: `id`, `label`: every record that is no page; the label is the id of its family's original
- `pages.tsv`: `page_id`, `article_id`: every page with each original that it holds
- `copies.tsv`: `id`, `original_id`, `kind`, `rate`: every copy, and how much the edit did
- `negatives.tsv`: `id`, `kind`, `group`: every original that is a weekly report (`report`) or has a background
  paragraph (`background`), with the number of the series or of the paragraph; those of one group are no copies
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import xxhash

from benchmarks import planted_edits, planted_outlets, planted_plan, real_articles, word_statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BODY, _EDIT, _DRESS, _PLAN, _OUTLETS, _BACKGROUND, _REPORT = range(7)  # streams of random numbers
_FIRST_DAY = np.datetime64("2023-01-02T00:00:00")
_BUFFER_BYTES = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in the archive, and how much its edit did; 0 for what is no edited copy."""

    fields: dict[str, str]
    rate: float


class Archive:
    """A planted archive: its plan, and each of its records when asked for.

    Parameters
    ----------
    n_records : records in the archive
    seed : equal seeds give equal archives
    real : real articles that the originals are; made from word statistics if None

    >>> archive = Archive(200)
    >>> record = archive.record(0)
    >>> record == Archive(200).record(0)
    True
    """

    def __init__(
        self, n_records: int, seed: int = 1, real: Sequence[planted_edits.Body] | None = None
    ) -> None:
        """Make the plan, the outlets, the weekly reports and the background paragraphs; no article yet."""
        self._seed = seed
        self._prose = word_statistics.Prose(seed)
        chance = self._chance(_PLAN)
        undivided: list[int] = []
        if real is None:
            n_words = planted_plan.lengths(n_records, self._prose.word_bytes, chance)
        else:
            real = _enough(real, planted_plan.n_originals(n_records))
            n_words = np.array([sum(map(planted_edits.n_words, body.paragraphs)) for body in real])
            few = planted_edits.LEAST_PARAGRAPHS
            undivided = [i for i, body in enumerate(real) if len(body.paragraphs) < few]
        self._real = real
        self.plan = planted_plan.plan(n_records, n_words, chance, undivided)
        self.order = chance.permutation(n_records)
        n_outlets = planted_plan.n_outlets(n_records)
        self.outlets = planted_outlets.outlets(n_outlets, self._chance(_OUTLETS), self._prose)
        self._reports = [
            planted_outlets.report(self._chance(_REPORT, i), self._prose)
            for i in range(int(self.plan.series.max(initial=-1)) + 1)
        ]
        self._backgrounds = [
            self._background(i) for i in range(int(self.plan.backgrounds.max(initial=-1)) + 1)
        ]

    def identifier(self, record: int) -> str:
        """Return the id of a record, which tells nothing about it."""
        return xxhash.xxh3_64_hexdigest(record.to_bytes(8, "little"), seed=self._seed)

    def original(self, record: int) -> planted_edits.Body:
        """Return an original without its outlet's furniture."""
        chance = self._chance(_BODY, record)
        series = int(self.plan.series[record])
        if series >= 0:
            return self._reports[series].week(chance, self._prose)
        if self._real is not None:
            made = self._real[record]
        else:
            topic = self._prose.topic(chance)
            title = self._prose.title(chance, topic)
            text = self._prose.paragraphs(chance, int(self.plan.n_words[record]), topic)
            made = planted_edits.Body(title, text)
        background = int(self.plan.backgrounds[record])
        if background < 0:
            return made
        *before, last = made.paragraphs
        return planted_edits.Body(made.title, [*before, self._backgrounds[background], last])

    def body(self, record: int) -> planted_edits.Edited:
        """Return any record without its outlet's furniture, and how much its edit did."""
        kind = self.plan.kind(record)
        if kind == planted_plan.PAGE:
            return planted_edits.Edited(self._page(record), 0.0)
        original = self.original(int(self.plan.originals[record]))
        if not kind:
            return planted_edits.Edited(original, 0.0)
        return planted_edits.KINDS[kind](original, self._chance(_EDIT, record), self._prose)

    def record(self, record: int) -> Record:
        """Return a record as it stands in the archive."""
        kind = self.plan.kind(record)
        edited = self.body(record)
        outlet = self.outlets[int(self.plan.outlets[record])]
        chance = self._chance(_DRESS, int(self.plan.originals[record]) if kind == "exact" else record)
        author = outlet.authors[int(chance.integers(0, len(outlet.authors)))]
        paragraphs = [" ".join(sentences) for sentences in edited.body.paragraphs]
        if author.bio and kind in {"", "exact"}:
            paragraphs.append(author.bio)
        identifier = self.identifier(record)
        fields = {
            "id": identifier,
            "url": f"https://{outlet.host}/news/{identifier}",
            "title": edited.body.title,
            "outlet": outlet.name,
            "author": author.name,
        }
        seconds = int(self.plan.seconds[record])
        if seconds >= 0:
            fields["published"] = str(_FIRST_DAY + np.timedelta64(seconds, "s"))
        fields["text"] = outlet.page(paragraphs, chance, everything=kind == "boilerplate")
        return Record(fields, edited.rate)

    def _page(self, record: int) -> planted_edits.Body:
        chance = self._chance(_EDIT, record)
        with_titles = chance.random() < planted_plan.PROPORTIONS.pages_with_titles
        paragraphs: word_statistics.Paragraphs = []
        for original in self.plan.held[record - self.plan.first_page]:
            body = self.original(original)
            paragraphs.extend([[body.title], *body.paragraphs] if with_titles else body.paragraphs)
        return planted_edits.Body(self._prose.title(chance), paragraphs)

    def _background(self, number: int) -> list[str]:
        chance = self._chance(_BACKGROUND, number)
        n_words = int(chance.integers(*planted_plan.PROPORTIONS.background_words))
        return self._prose.sentences(chance, n_words)

    def _chance(self, *stream: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._seed, *stream]))


def make(n_records: int, seed: int = 1, text: Path | None = None) -> Archive:
    """Return an archive of articles from word statistics, or of the real articles in a file."""
    if text is None:
        return Archive(n_records, seed)
    n_needed = planted_plan.n_originals(n_records)
    return Archive(n_records, seed, list(itertools.islice(real_articles.bodies(text), n_needed)))


def write(archive: Archive, path: Path, truth: Path) -> None:
    """Write the archive in its mixed order, and the tables of the truth."""
    truth.mkdir(parents=True, exist_ok=True)
    encode = msgspec.json.Encoder().encode
    plan = archive.plan
    with path.open("wb", _BUFFER_BYTES) as file, (truth / "copies.tsv").open("w", encoding="utf-8") as copies:
        copies.write("id\toriginal_id\tkind\trate\n")
        for number in archive.order.tolist():
            record = archive.record(number)
            file.write(encode(record.fields))
            file.write(b"\n")
            if plan.n_originals <= number < plan.first_page:
                original = archive.identifier(int(plan.originals[number]))
                copies.write(f"{record.fields['id']}\t{original}\t{plan.kind(number)}\t{record.rate:.6f}\n")
    _table(truth / "pairs.tsv", "id_a\tid_b\tkind\tbetween", pairs(archive))
    _table(truth / "clusters.tsv", "id\tlabel", clusters(archive))
    _table(truth / "pages.tsv", "page_id\tarticle_id", pages(archive))
    _table(truth / "negatives.tsv", "id\tkind\tgroup", negatives(archive))


def pairs(archive: Archive) -> Iterator[tuple[str, ...]]:
    """Yield the two ids, the kind, and `original` or `copies` of all pairs of each family."""
    plan = archive.plan
    families = collections.defaultdict(list)
    for record in range(plan.n_originals, plan.first_page):
        families[int(plan.originals[record])].append((archive.identifier(record), plan.kind(record)))
    for original, copies in families.items():
        identifier = archive.identifier(original)
        for copy, kind in copies:
            yield *sorted((identifier, copy)), kind, "original"
        for (one, kind), (other, other_kind) in itertools.combinations(copies, 2):
            yield *sorted((one, other)), "+".join(sorted((kind, other_kind))), "copies"


def clusters(archive: Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id and the label of every record that is no page."""
    for record in range(archive.plan.first_page):
        yield archive.identifier(record), archive.identifier(int(archive.plan.originals[record]))


def pages(archive: Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id of every page with that of each original on it."""
    for page, held in enumerate(archive.plan.held, archive.plan.first_page):
        for original in held:
            yield archive.identifier(page), archive.identifier(original)


def negatives(archive: Archive) -> Iterator[tuple[str, ...]]:
    """Yield the id, the kind and the group of every original that looks like others and is no copy."""
    for kind, groups in (("report", archive.plan.series), ("background", archive.plan.backgrounds)):
        for record in np.flatnonzero(groups >= 0).tolist():
            yield archive.identifier(record), kind, str(groups[record])


def _enough(real: Sequence[planted_edits.Body], n_needed: int) -> Sequence[planted_edits.Body]:
    if len(real) < n_needed:
        message = (
            f"real articles that repeat no others must be >= {n_needed}: {len(real)}; plant fewer records"
        )
        raise SystemExit(message)
    return real[:n_needed]


def _table(path: Path, head: str, rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{head}\n")
        file.writelines("\t".join(row) + "\n" for row in rows)


def main() -> None:
    """Write a planted archive and its truth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n_records", type=int, metavar="N", help="records in the archive")
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the archive that is written")
    parser.add_argument("--truth", type=Path, required=True, metavar="DIR", help="folder for the truth")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument(
        "--text", type=Path, metavar="REAL.jsonl[.gz]", help="articles that the originals are"
    )
    arguments = parser.parse_args()
    archive = make(arguments.n_records, arguments.seed, arguments.text)
    write(archive, arguments.file, arguments.truth)


if __name__ == "__main__":
    main()
