"""The table of agencies, release wires, platforms and aggregators, and the forms that name them."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from dedup.attribution import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

AGENCY, RELEASE_WIRE, AGGREGATOR = "agency", "release_wire", "aggregator"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One row of `agencies.toml`; the forms are explained at the head of that file."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    datelines: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names an agency; `start` and `end` are characters of that text."""

    agency: Agency
    start: int
    end: int


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Agencies:
    """The whole table, with its forms ready to be looked up."""

    version: str
    rows: tuple[Agency, ...]
    _by_name: dict[str, Agency] = dataclasses.field(init=False, repr=False)
    _by_tag: dict[str, Agency] = dataclasses.field(init=False, repr=False)
    _by_domain: dict[str, Agency] = dataclasses.field(init=False, repr=False)
    _by_native: tuple[tuple[re.Pattern[str], Agency], ...] = dataclasses.field(init=False, repr=False)
    _in_prose: re.Pattern[str] = dataclasses.field(init=False, repr=False)
    _in_credit: re.Pattern[str] = dataclasses.field(init=False, repr=False)
    _longest: int = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the forms."""
        by_alias = {alias: row for row in self.rows for alias in row.aliases}
        by_tag = {tag: row for row in self.rows for tag in row.datelines}
        by_name = {form: row for row in self.rows for form in (row.name, *row.bylines)} | by_alias
        by_native = [(re.compile(form, re.MULTILINE), row) for row in self.rows for form in row.native]
        fields = {
            "_by_name": by_name,
            "_by_tag": by_tag,
            "_by_domain": {domain: row for row in self.rows for domain in row.domains},
            "_by_native": tuple(by_native),
            "_in_prose": re.compile(alternation(by_alias)),
            "_in_credit": re.compile(alternation(by_name)),
            "_longest": max(map(len, by_name), default=0),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def named(self, name: str) -> Agency | None:
        """Return the agency that a whole name, short form or host stands for, in exact case; None if none does.

        >>> agencies = load()
        >>> agencies.named("www.reuters.com").name, agencies.named("AFP").name, agencies.named("afp")
        ('Reuters', 'Agence France-Presse', None)
        """
        found = self._by_name.get(name.strip())
        return found or (self.of_host(name) if "." in name else None)

    def tagged(self, tag: str) -> Agency | None:
        """Return the agency whose tag in a dateline this is, in exact case; None if it is nobody's.

        >>> load().tagged("PTI").name, load().tagged("PA")
        ('Press Trust of India', None)
        """
        return self._by_tag.get(tag.strip())

    def of_host(self, address: str) -> Agency | None:
        """Return the agency that a host or address belongs to, None if it is not an agency's.

        >>> load().of_host("https://ca.reuters.com/article/1").name
        'Reuters'
        """
        host = names.host(address)
        while host and "." in host:
            if host in self._by_domain:
                return self._by_domain[host]
            host = host.partition(".")[2]
        return None

    def mentions(self, text: str, end: int | None = None) -> Iterator[Mention]:
        """Yield each place in prose that names an agency: unambiguous forms only, as whole words.

        Parameters
        ----------
        end : where in `text` the last form ends that stands as a whole word, if that is known

        >>> [mention.agency.name for mention in load().mentions("He told Reuters of the PTI, not Reutersville.")]
        ['Reuters']
        """
        return self._mentions(self._in_prose, text, 0, len(text) if end is None else end + self._longest)

    def credited(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
        """Yield each place in a credit that names an agency: short forms count too, as whole words.

        Parameters
        ----------
        start, end : the characters of `text` that hold the credit; all of them unless said otherwise

        >>> [mention.agency.name for mention in load().credited("files from AFP and The Canadian Press")]
        ['Agence France-Presse', 'The Canadian Press']
        """
        return self._mentions(self._in_credit, text, start, len(text) if end is None else end)

    def _mentions(self, pattern: re.Pattern[str], text: str, first: int, last: int) -> Iterator[Mention]:
        for found in pattern.finditer(text, first, last):
            start, end = found.span()
            inside_word = (start and text[start - 1].isalnum()) or text[end : end + 1].isalnum()
            if not inside_word:
                yield Mention(self._by_name[found[0]], start, end)

    def native_datelines(self, text: str) -> Iterator[Mention]:
        """Yield each place at the start of a line where a dateline without brackets names its agency.

        >>> [mention.agency.name for mention in load().native_datelines("新华社北京2月18日电 (记者)")]
        ['Xinhua']
        """
        for pattern, agency in self._by_native:
            for found in pattern.finditer(text):
                at_line_start = found.start() == 0 or text[found.start() - 1] == "\n"
                if at_line_start:
                    yield Mention(agency, *found.span("tag"))


def alternation(forms: Iterable[str]) -> str:
    """Return a regular expression for any of these forms, the longest first, branched by the first letter.

    >>> alternation(["AP", "AFP", "Reuters"])
    'A(?:FP|P)|R(?:euters)'
    """
    by_letter: dict[str, list[str]] = {}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        by_letter.setdefault(form[0], []).append(re.escape(form[1:]))
    branches = [f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in sorted(by_letter.items())]
    return "|".join(branches)


@functools.cache
def load() -> Agencies:
    """Return the packaged table, read once.

    >>> load().of_host("apnews.com").kind
    'agency'
    """
    source = resources.files("dedup.attribution").joinpath("agencies.toml")
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return Agencies(table["version"], tuple(_row(row) for row in table["agency"]))


def _row(entry: Mapping[str, Any]) -> Agency:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    return Agency(**values)
