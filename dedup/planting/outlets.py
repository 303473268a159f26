"""The outlets of a planted archive: their furniture, their authors, their layout and their weekly reports."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from dedup.planting import prose as proses

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

WITH_FURNITURE = 0.6  # of the outlets
MOST_FURNITURE = 3  # pieces of one outlet
ON_ALL_PAGES = 0.6  # of the pieces of furniture; the others stand on a share of the pages
ON_SOME_PAGES = (0.3, 0.8)
WITH_BIO = 0.4  # of the authors
LAYOUTS = {"blank lines": 0.6, "single line ends": 0.25, "wrapped by hand": 0.15}
_WIDTH = 72
_LINE = re.compile(rf"\S.{{0,{_WIDTH - 1}}}(?=\s|$)|\S+")
_N_AUTHORS = (3, 12)
_REPORT_SENTENCES = (10, 16)
_REPORT_WORDS = (12, 22)
_SLOTS = (1, 4)  # of a sentence: each holds another number or name in each report
_SENTENCE_STANDS = 0.85  # share of a report's sentences that stand in one week
_LATEST_YEAR = 2024


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A piece of furniture: `place` is 0 above the text, 1 within it, 2 below it; `share` of the pages have it."""

    place: int
    share: float
    paragraphs: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Author:
    """Who writes for an outlet; some have a biography below what they write."""

    name: str
    bio: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes: name, host of its addresses, layout of its text, furniture and authors."""

    name: str
    host: str
    layout: str
    furniture: tuple[Piece, ...]
    authors: tuple[Author, ...]

    def page(self, paragraphs: Sequence[str], drawn: Sequence[float], *, everything: bool = False) -> str:
        """Return the text of a page: the paragraphs and furniture around and between them.

        Parameters
        ----------
        drawn : for each piece of furniture, 0 to below 1; the piece stands on the page where its share is greater
        everything : all furniture stands on the page
        """
        around: tuple[list[str], list[str], list[str]] = ([], [], [])
        for piece, low in zip(self.furniture, drawn, strict=False):
            if everything or low < piece.share:
                around[piece.place].extend(piece.paragraphs)
        middle = (len(paragraphs) + 1) // 2
        body = [*paragraphs[:middle], *around[1], *paragraphs[middle:]]
        if self.layout == "wrapped by hand":
            body = ["\n".join(_LINE.findall(paragraph)) for paragraph in body]
        between = "\n" if self.layout == "single line ends" else "\n\n"
        return between.join([*around[0], *body, *around[2]])


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A weekly report of one outlet: the same sentences in each, with gaps for other numbers and names.

    Parameters
    ----------
    sentences : each a list of words; None is a gap
    """

    title: str
    sentences: tuple[tuple[str | None, ...], ...]

    def week(self, chance: np.random.Generator, prose: proses.Prose) -> proses.Body:
        """Return the report of one week."""
        stands = chance.random(len(self.sentences)) < _SENTENCE_STANDS
        stands[0] = True
        written = []
        for sentence in (each for each, here in zip(self.sentences, stands, strict=True) if here):
            filled = iter(fillings(chance, prose, sentence.count(None)))
            text = " ".join(next(filled) if word is None else word for word in sentence)
            written.append(f"{text[0].upper()}{text[1:]}.")
        paragraphs = [written[i : i + 3] for i in range(0, len(written), 3)]
        return proses.Body(f"{self.title} {fillings(chance, prose, 1)[0]}", paragraphs)


def fillings(chance: np.random.Generator, prose: proses.Prose, n_gaps: int) -> list[str]:
    """Return what fills the gaps of a report: figures, and one name in three."""
    names = prose.names(chance, n_gaps)
    figures = chance.integers(0, 100_000, n_gaps).tolist()
    is_name = (chance.random(n_gaps) < 1 / 3).tolist()
    return [
        name if named else f"{figure / 10:,.1f}"
        for name, figure, named in zip(names, figures, is_name, strict=True)
    ]


def report(chance: np.random.Generator, prose: proses.Prose) -> Report:
    """Return a report with its sentences and gaps."""
    sentences = []
    for _ in range(int(chance.integers(*_REPORT_SENTENCES, endpoint=True))):
        words: list[str | None] = [*prose.words(chance, int(chance.integers(*_REPORT_WORDS, endpoint=True)))]
        gaps = chance.choice(len(words), int(chance.integers(*_SLOTS, endpoint=True)), replace=False)
        for gap in gaps.tolist():
            words[gap] = None
        sentences.append(tuple(words))
    return Report(prose.title(chance), tuple(sentences))


def outlets(n_outlets: int, chance: np.random.Generator, prose: proses.Prose) -> list[Outlet]:
    """Return outlets with names of their own."""
    names: dict[str, None] = {}
    while len(names) < n_outlets:
        kind = ("Post", "Herald", "Courier", "Times", "Tribune", "Online")[int(chance.integers(0, 6))]
        names.setdefault(f"{prose.names(chance, 1)[0]} {kind}")
    return [_outlet(name, chance, prose) for name in names]


def _outlet(name: str, chance: np.random.Generator, prose: proses.Prose) -> Outlet:
    layout = list(LAYOUTS)[int(chance.choice(len(LAYOUTS), p=list(LAYOUTS.values())))]
    furniture = _furniture(name, chance, prose) if chance.random() < WITH_FURNITURE else ()
    n_authors = int(chance.integers(*_N_AUTHORS, endpoint=True))
    authors = tuple(_author(name, chance, prose) for _ in range(n_authors))
    return Outlet(name, f"www.{name.replace(' ', '').lower()}.example", layout, furniture, authors)


def _furniture(name: str, chance: np.random.Generator, prose: proses.Prose) -> tuple[Piece, ...]:
    entries = [" ".join(prose.words(chance, int(n))).title() for n in chance.integers(1, 4, 14)]
    menu = "\n".join(["Home", *entries[: int(chance.integers(6, 15))], "Sign in"])
    box = " ".join(prose.sentences(chance, int(chance.integers(20, 40))))
    footer = " ".join(prose.sentences(chance, int(chance.integers(15, 50))))
    rights = f"Copyright {_LATEST_YEAR} {name}. All rights reserved."
    pieces = [
        (0, (menu,)),
        (int(chance.integers(1, 3)), (f"Sign up for our newsletter. {box}",)),
        (2, (footer, rights)),
    ]
    kept = [piece for piece in pieces if chance.random() < 0.8] or pieces[2:]  # noqa: PLR2004  (four in five)
    return tuple(Piece(place, _share(chance), paragraphs) for place, paragraphs in kept)


def _share(chance: np.random.Generator) -> float:
    return 1.0 if chance.random() < ON_ALL_PAGES else float(chance.uniform(*ON_SOME_PAGES))


def _author(outlet: str, chance: np.random.Generator, prose: proses.Prose) -> Author:
    name = " ".join(prose.names(chance, 2))
    bio = " ".join(prose.sentences(chance, int(chance.integers(12, 30))))
    return Author(name, f"{name} writes for {outlet}. {bio}" if chance.random() < WITH_BIO else None)
