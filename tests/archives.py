"""Small made-up archives, the same from the same seed."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SYLLABLES = (
    "ba",
    "do",
    "ki",
    "lu",
    "mer",
    "na",
    "po",
    "ri",
    "sten",
    "tal",
    "vo",
    "zu",
    "ne",
    "gra",
    "fi",
    "ham",
)
MENU_WORDS = (
    *(
        "home",
        "world",
        "local",
        "weather",
        "money",
        "jobs",
        "cars",
        "books",
        "film",
        "music",
        "stage",
        "games",
    ),
    *("travel", "food", "health", "letters", "science", "schools", "video", "photos"),
)
_OUTLETS = ("Courier", "Herald", "Observer", "Post", "Tribune")


def records(n_articles: int, seed: int = 1) -> list[dict[str, str]]:
    """Return articles of which about half repeat others: copies, edited copies, excerpts and pages of several."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(3_000)]
    written: list[list[str]] = []
    pages = []
    for number in range(n_articles):
        kind = chance.choice(("new", "new", "new", "copy", "edited", "excerpt", "page")) if written else "new"
        paragraphs = _paragraphs(kind, chance, vocabulary, written)
        pages.append(
            {
                "id": f"article-{number:04}",
                "title": " ".join(chance.choices(vocabulary, k=6)).capitalize(),
                "outlet": chance.choice(_OUTLETS),
                "published": f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                "text": "\n\n".join(paragraphs),
            }
        )
    return pages


def write(pages: list[dict[str, str]], path: Path) -> Path:
    """Write articles as JSON Lines, and return the path."""
    path.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    return path


def _paragraphs(
    kind: str, chance: random.Random, vocabulary: list[str], written: list[list[str]]
) -> list[str]:
    if kind == "new":
        paragraphs = [_paragraph(chance, vocabulary) for _ in range(chance.randint(2, 9))]
        written.append(paragraphs)
        return paragraphs
    source = chance.choice(written)
    if kind == "copy":
        return source
    if kind == "edited":
        edited = [paragraph for paragraph in source if chance.random() > 0.15] or source
        return [*edited, _paragraph(chance, vocabulary)]
    if kind == "excerpt":
        return [_paragraph(chance, vocabulary), chance.choice(source), _paragraph(chance, vocabulary)]
    return [paragraph for other in chance.sample(written, min(3, len(written))) for paragraph in other]


def _paragraph(chance: random.Random, vocabulary: list[str]) -> str:
    sentences = [
        " ".join(chance.choices(vocabulary, k=chance.randint(8, 20))).capitalize() + "."
        for _ in range(chance.randint(2, 4))
    ]
    return " ".join(sentences)
