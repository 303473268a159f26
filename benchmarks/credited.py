"""Measures attribution on planted republication: who wrote first is known, the credits are as they stand in print.

    python -m benchmarks.credited [--families N] [--seed N] [--write FILE] [--misses] [--json]

Each family is a story of an agency, of an outlet or of an issuer, and one to six copies on pages of others, edited as
`dedup.planting` edits. Of the copies a fifth credit nobody; the others credit in a form drawn from those that the
agencies and outlets use, or credit an outlet that has the story from there. Stories of agencies and issuers stand on
their own page in half of the families. Dates are given to the second with a zone, without one, as days, in a wrong
zone, a year too late, or not at all. A third of all pages carry a photo credit or a citation of some other agency.

A verdict is right if it names the origin, or nobody where no page tells it: neither the originator's own nor one that
credits. The exit code is 1 unless 95% are right and at most one in 200 of the stated ones is wrong.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import datetime as dt
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import reuters_recall, timing
from dedup.attribution import names
from dedup.planting import edits, prose

LEAST_RIGHT, MOST_WRONG_STATED = 0.95, 1 / 200
UNCREDITED = 0.2  # of the copies
ON_OWN_PAGE = 0.5  # of the stories of agencies and issuers
THROUGH_ANOTHER = 0.15  # of the credited copies
IN_BYLINE, IN_TAIL = 0.25, 0.2  # of the credits of an agency; the others are datelines
CANONICAL, AT_HEAD = 0.15, 0.15  # of those of an outlet; the others are sentences
MISLEADING = 0.33  # of all pages
KINDS = (("agency", 0.55), ("outlet", 0.35), ("issuer", 0.10))
DATES = (
    ("zone", 0.45),
    ("no zone", 0.15),
    ("day", 0.15),
    ("wrong zone", 0.1),
    ("wrong year", 0.05),
    ("none", 0.1),
)
COPIES = (
    ("exact", 0.2),
    ("headline", 0.15),
    ("light", 0.3),
    ("dropped", 0.1),
    ("added", 0.1),
    ("truncated", 0.15),
)
_EDITS = {
    "exact": edits.exact, "headline": edits.headline, "light": edits.light, "dropped": edits.dropped,
    "added": edits.added, "truncated": edits.truncated,
}  # fmt: skip
_DATELINES = {
    "Reuters": "{CITY}, {Mon} {d} (Reuters) - ", "Associated Press": "{CITY} (AP) — ",
    "Agence France-Presse": "{City} (AFP) – ", "Deutsche Presse-Agentur": "{City} (dpa) - ",
    "Agencia EFE": "{City}, {d} feb (EFE).- ", "ANSA": "(ANSA) - {CITY}, {d} FEB - ",
    "TASS": "{CITY}, {Month} {d}. /TASS/. ", "Xinhua": "{CITY}, {Mon}. {d} (Xinhua) -- ",
    "Kyodo News": "{CITY}, {Mon}. {d} (Kyodo) -- ", "Yonhap": "{CITY}, {Mon}. {d} (Yonhap) -- ",
    "Press Trust of India": "{City}, {Mon} {d} (PTI) ", "Bernama": "{CITY}, {Mon} {d} (Bernama) -- ",
    "UPI": "{CITY}, {Mon}. {d} (UPI) -- ", "Interfax": "{CITY}. {Mon} {d} (Interfax) - ",
    "Lusa": "{City}, {d} fev (Lusa) – ", "Belga": "{City} (Belga) - ",
}  # fmt: skip
_BYLINES = {
    "Reuters": "Reuters Staff", "Associated Press": "By Jane Doe, Associated Press",
    "Agence France-Presse": "AFP", "Deutsche Presse-Agentur": "dpa", "Press Trust of India": "PTI",
    "UPI": "UPI", "Bernama": "Bernama", "Agencia EFE": "Agencia EFE", "Xinhua": "Xinhua",
}  # fmt: skip
_TAILS = {
    "Reuters": "(Reporting by Jane Doe in Paris; Editing by Max Roe)",
    "Associated Press": "Copyright 2025 The Associated Press. All rights reserved.",
    "Agence France-Presse": "© Agence France-Presse. All rights reserved.",
    "Deutsche Presse-Agentur": "© dpa-infocom, dpa:250218-99-123456/3", "Agencia EFE": "Fuente: EFE",
    "ANSA": "RIPRODUZIONE RISERVATA © Copyright ANSA", "Press Trust of India": "PTI KND SMN",
    "Bernama": "— Bernama", "Lusa": "Fonte: Lusa", "Belga": "(Belga)", "Kyodo News": "==Kyodo",
}  # fmt: skip
_CITIES = (
    "Paris",
    "Berlin",
    "Madrid",
    "Rome",
    "Moscow",
    "Tokyo",
    "Seoul",
    "New Delhi",
    "Lisbon",
    "Brussels",
    "London",
)
_OUTLET_CREDITS = (
    "This article was originally published on {name}.", "Republished with permission from {name}.",
    "This story first appeared in {name}.", "The post {title} appeared first on {name}.",
)  # fmt: skip
_ISSUERS = (
    "Acme Works Inc.",
    "Northwind Energy plc",
    "Blue Harbor Foods, Inc.",
    "Globex Corporation",
    "Initech Ltd.",
)
_MISLEADING = (
    "A worker at the site. (Jane Doe/Pool Photo via AP)", "Officials told Reuters on Tuesday that talks went on.",
    "FILE PHOTO: The bridge. REUTERS/Max Roe/File Photo", "Photo: AFP", "Bloomberg News reported it in May.",
)  # fmt: skip
_FIRST_DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Family:
    """One story: its origin, the ids of its pages, and whether any of them tells whose it is."""

    origin: str
    pages: tuple[str, ...]
    told: bool


@dataclasses.dataclass(slots=True)
class Report:
    """How the verdicts compare with the truth."""

    n_families: int = 0
    n_right: int = 0
    n_missing: int = 0
    levels: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    misses: list[str] = dataclasses.field(default_factory=list)

    def failures(self) -> list[str]:
        """Return a line for each bar that is missed."""
        lines = []
        if self.n_right < LEAST_RIGHT * self.n_families:
            lines.append(f"right: {self.n_right} of {self.n_families}, must be >= {LEAST_RIGHT}")
        stated, right = self.levels.get("stated", [0, 0])
        if stated - right > MOST_WRONG_STATED * stated:
            lines.append(f"stated and wrong: {stated - right} of {stated}, must be <= one in 200")
        return lines


class Planter:
    """Writes families of pages, each drawn by one generator.

    Parameters
    ----------
    seed : equal seeds give equal archives
    """

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)
        self._prose = prose.Prose(seed)
        self._n_pages = 0
        kinds = ("Post", "Herald", "Courier", "Gazette", "Tribune", "Observer")
        drawn = [f"{self._prose.names(self._chance, 1)[0]} {kinds[i % len(kinds)]}" for i in range(120)]
        self._outlets = list(dict.fromkeys(drawn))

    def family(self) -> tuple[Family, list[dict[str, Any]]]:
        """Return one family, and its records."""
        chance = self._chance
        kind = self._drawn(KINDS)
        body = self._prose.body(chance, int(chance.integers(180, 900)))
        published = _FIRST_DAY + dt.timedelta(seconds=int(chance.integers(0, 400 * 86_400)))
        outlets = [self._outlets[i] for i in chance.choice(len(self._outlets), 7, replace=False).tolist()]
        origin = {
            "agency": list(_DATELINES)[int(chance.integers(len(_DATELINES)))],
            "outlet": outlets[0],
            "issuer": _ISSUERS[int(chance.integers(len(_ISSUERS)))],
        }[kind]
        n_copies = int(chance.integers(1, 7))
        records = []
        on_own_page = kind == "outlet" or chance.random() < ON_OWN_PAGE
        is_told = False
        if on_own_page and kind != "issuer":
            text = self._text(body)
            if kind == "agency":
                text = self._dateline(origin, published) + text
                is_told = True
            author = {} if kind == "agency" else {"author": " ".join(self._prose.names(chance, 2))}
            records.append(self._record(text, body.title, origin, published, author))
            is_told = is_told or kind == "outlet"
        between: str | None = None
        for place in range(n_copies):
            later = published + dt.timedelta(seconds=int(chance.exponential(2 * 86_400)) + 600)
            outlet = outlets[1 + place % 6]
            copy = self._edited(body)
            further: dict[str, Any] = {}
            text = self._text(copy)
            if chance.random() >= UNCREDITED:
                if between and kind != "issuer" and chance.random() < THROUGH_ANOTHER:
                    text = f"{text}\n\nThis article was originally published on {between}."
                else:
                    text, further = self._credited(kind, origin, text, copy.title, published)
                    between = between or outlet
                    is_told = True
            records.append(self._record(text, copy.title, outlet, later, further))
        pages = tuple(str(record["id"]) for record in records)
        return Family(origin, pages, is_told), records

    def _drawn(self, shares: tuple[tuple[str, float], ...]) -> str:
        weights = np.array([share for _, share in shares])
        return shares[int(self._chance.choice(len(shares), p=weights / weights.sum()))][0]

    def _text(self, body: prose.Body) -> str:
        return "\n\n".join(" ".join(sentences) for sentences in body.paragraphs)

    def _edited(self, body: prose.Body) -> prose.Body:
        kind = self._drawn(COPIES)
        size = sum(edits.n_words(sentences) for sentences in body.paragraphs)
        if size < edits.LEAST_WORDS.get(kind, 0):
            kind = "exact"
        new = self._prose.body(self._chance, edits.n_new_words(kind, body, self._chance))
        return _EDITS[kind](body, self._chance, edits.New(self._prose, new)).body

    def _dateline(self, agency: str, published: dt.datetime) -> str:
        city = _CITIES[int(self._chance.integers(len(_CITIES)))]
        return _DATELINES[agency].format(
            CITY=city.upper(),
            City=city,
            d=published.day,
            Mon=published.strftime("%b"),
            Month=published.strftime("%B"),
        )

    def _credited(
        self, kind: str, origin: str, text: str, title: str, published: dt.datetime
    ) -> tuple[str, dict[str, Any]]:
        """Return a copy's text with a credit, and what the credit adds to its record."""
        if kind == "issuer":
            city = _CITIES[int(self._chance.integers(len(_CITIES)))].upper()
            wire = ("/PRNewswire/ -- ", "(GLOBE NEWSWIRE) -- ")[int(self._chance.integers(2))]
            return f"{city}, {published:%b. %d, %Y} {wire}{text}\n\nSOURCE {origin}", {}
        if kind == "outlet":
            return self._of_outlet(origin, text, title, published)
        form = self._chance.random()
        if form < IN_BYLINE and origin in _BYLINES:
            return text, {"author": _BYLINES[origin].removeprefix("By ")}
        if form < IN_BYLINE + IN_TAIL and origin in _TAILS:
            return f"{text}\n\n{_TAILS[origin]}", {}
        return self._dateline(origin, published) + text, {}

    def _of_outlet(
        self, origin: str, text: str, title: str, published: dt.datetime
    ) -> tuple[str, dict[str, Any]]:
        form = self._chance.random()
        if form < CANONICAL:
            return text, {"canonical_url": f"https://{_host(origin)}/news/{self._n_pages}"}
        if form < CANONICAL + AT_HEAD:
            head = f"{origin.upper()} | Published {published:%B %d, %Y}"
            return f"{head}\n\n{text}\n\nSOURCE: {_host(origin)}", {}
        said = _OUTLET_CREDITS[int(self._chance.integers(len(_OUTLET_CREDITS)))]
        return f"{text}\n\n{said.format(name=origin, title=title)}", {}

    def _record(
        self, text: str, title: str, outlet: str, published: dt.datetime, further: dict[str, Any]
    ) -> dict[str, Any]:
        self._n_pages += 1
        if self._chance.random() < MISLEADING:
            line = _MISLEADING[int(self._chance.integers(len(_MISLEADING)))]
            first, mark, rest = text.partition("\n\n")
            text = f"{first}{mark}{line}\n\n{rest}" if rest else text
        record: dict[str, Any] = {
            "id": f"p{self._n_pages:06}", "url": f"https://{_host(outlet)}/news/{self._n_pages}", "title": title,
            "outlet": outlet, "text": text, **further,
        }  # fmt: skip
        claimed = self._claimed(published)
        return record | ({"published": claimed} if claimed else {})

    def _claimed(self, published: dt.datetime) -> str | None:
        how = self._drawn(DATES)
        if how == "none":
            return None
        if how == "day":
            return f"{published:%Y-%m-%d}"
        if how == "no zone":
            return f"{published:%Y-%m-%dT%H:%M:%S}"
        if how == "wrong zone":
            return f"{published + dt.timedelta(hours=int(self._chance.integers(-10, 11))):%Y-%m-%dT%H:%M:%SZ}"
        if how == "wrong year":
            published += dt.timedelta(days=365)
        return f"{published:%Y-%m-%dT%H:%M:%SZ}"


def _host(outlet: str) -> str:
    known = {
        "Associated Press": "apnews.com",
        "Agence France-Presse": "www.afp.com",
        "Xinhua": "www.xinhuanet.com",
    }
    return known.get(outlet, f"www.{names.key(outlet)}.example")


def plant(n_families: int, seed: int) -> tuple[list[Family], list[dict[str, Any]]]:
    """Return families, and the records of all their pages."""
    planter = Planter(seed)
    made = [planter.family() for _ in range(n_families)]
    return [family for family, _ in made], [page for _, pages in made for page in pages]


def write(records: list[dict[str, Any]], path: Path) -> None:
    """Write records as JSON Lines."""
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")


def measure(results: Path, families: list[Family]) -> Report:
    """Return how the verdicts of a scan compare with the truth."""
    report = Report()
    clusters = {row["cluster_id"]: row for row in reuters_recall.rows(results, "clusters")}
    of_page: dict[str, set[str]] = collections.defaultdict(set)
    for row in reuters_recall.rows(results, "members"):
        of_page[str(row["article_id"])].add(str(row["cluster_id"]))
    for family in families:
        counts = collections.Counter(cluster for page in family.pages for cluster in of_page[page])
        if not counts:
            report.n_missing += 1
            continue
        report.n_families += 1
        verdict = clusters[counts.most_common(1)[0][0]]
        said, level = verdict["origin_name"], str(verdict["level"])
        named = {said, *verdict["co_origins"]}
        is_right = names.key(said) == names.key(family.origin) if said else not family.told
        report.n_right += is_right
        row = report.levels.setdefault(level, [0, 0])
        row[0] += 1
        row[1] += is_right
        if not is_right:
            report.misses.append(
                f"{verdict['cluster_id']} {level}: {family.origin}, said {named}; {family.pages}"
            )
    return report


def main() -> None:
    """Print the table; the exit code is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--families", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--write", type=Path, help="keep the archive in this file")
    parser.add_argument("--out", type=Path, help="keep the tables in this folder")
    parser.add_argument("--misses", action="store_true", help="name the families whose verdicts are wrong")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    families, records = plant(arguments.families, arguments.seed)
    with tempfile.TemporaryDirectory() as temporary:
        archive = arguments.write or Path(temporary, "credited.jsonl")
        write(records, archive)
        out = arguments.out or Path(temporary, "out")
        timing.process(timing.dedup("scan", archive, "--out", out))
        report = measure(out, families)
    if arguments.json:
        print(json.dumps(dataclasses.asdict(report), indent=1))
    else:
        print(f"families {report.n_families:,}, pages {len(records):,}, of no cluster {report.n_missing:,}")
        print(f"right: {report.n_right / report.n_families:.4f} (>= {LEAST_RIGHT})")
        for level, (total, right) in sorted(report.levels.items()):
            print(f"  {level:<13} {total:6,}  right {right / total:.4f}  wrong {total - right}")
        for line in report.misses if arguments.misses else ():
            print(line)
    found = report.failures()
    print("".join(f"{each}\n" for each in found), end="", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
