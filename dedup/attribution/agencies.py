"""The tables of agencies, wires, syndicates, platforms and aggregators, and of outlets; the forms that name them."""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

import xxhash

from dedup import errors
from dedup.attribution import names, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

AGENCY, RELEASE_WIRE, AGGREGATOR, PLATFORM = "agency", "release_wire", "aggregator", "platform"
SYNDICATE = "syndicate"
_SHORTEST_FORM = 2  # bytes
FOR_OTHERS = frozenset((PLATFORM, SYNDICATE))
"""Kinds of those who write or pass on what others print, and are no news agencies."""
KINDS = (AGENCY, RELEASE_WIRE, AGGREGATOR, PLATFORM, SYNDICATE)


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
    elsewhere: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    owner: str | None = None

    def is_meant(self, form: str, url: str | None) -> bool:
        """Return whether a form beside somebody's name is this agency's, on a page of this address.

        >>> agency = load().named("PA Media")
        >>> agency.is_meant("PA", "https://www.independent.co.uk/1"), agency.is_meant("PA", "https://wtae.com/1")
        (True, False)
        """
        if form not in self.initials:
            return True
        host = names.host(url) if url else None
        return host is not None and host.rpartition(".")[2] in self.countries

    def writes_from(self, place: str | None) -> bool:
        """Return whether a tag of this agency in a dateline of this place is its own."""
        town = place.partition(",")[0].casefold() if place is not None else ""
        if town in map(str.casefold, self.elsewhere):
            return False
        return not self.towns or town in map(str.casefold, self.towns)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One row of `outlets.toml`; what it holds is explained at the head of that file."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    owner: str | None = None

    def names(self) -> tuple[str, ...]:
        """Return all names, the one to show first."""
        return (self.name, *self.aliases)


Row = TypeVar("Row", Agency, Outlet)


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
    outlets: tuple[Outlet, ...] = ()
    _by_name: dict[str, Agency] = dataclasses.field(init=False, repr=False)
    _by_tag: dict[str, tuple[Agency, ...]] = dataclasses.field(init=False, repr=False)
    _by_domain: dict[str, Agency] = dataclasses.field(init=False, repr=False)
    _by_native: tuple[tuple[re.Pattern[str], Agency], ...] = dataclasses.field(init=False, repr=False)
    _in_prose: re.Pattern[str] = dataclasses.field(init=False, repr=False)
    _in_credit: re.Pattern[str] = dataclasses.field(init=False, repr=False)
    _longest: int = dataclasses.field(init=False, repr=False)
    _outlet_by_key: dict[str, Outlet] = dataclasses.field(init=False, repr=False)
    _outlet_by_domain: dict[str, Outlet] = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the forms."""
        by_alias = {alias: row for row in self.rows for alias in row.aliases}
        by_tag: dict[str, tuple[Agency, ...]] = {}
        last_first = self.rows[::-1]  # the rows of users stand last
        for row in (*(row for row in last_first if row.towns), *(row for row in last_first if not row.towns)):
            for tag in row.datelines:
                by_tag[tag] = (*by_tag.get(tag, ()), row)
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
            "_outlet_by_key": {
                names.key(name): row
                for row in self.outlets
                for name in row.names()
                if names.host(name) is None  # by domain: "Cleveland" is not Cleveland.com
            },
            "_outlet_by_domain": {domain: row for row in self.outlets for domain in row.domains},
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

    def tagged(self, tag: str, place: str | None = None) -> Agency | None:
        """Return the agency whose tag in a dateline this is, in exact case; None if it is nobody's.

        Parameters
        ----------
        place : the place of the dateline; a tag that several use is an agency's own in its towns only

        >>> load().tagged("PTI").name, load().tagged("PA"), load().tagged("CNS")
        ('Press Trust of India', None, None)
        >>> load().tagged("CNS", "Vatican City").name, load().tagged("CNS", "LOS ANGELES").name
        ('Catholic News Service', 'City News Service')
        """
        rows = self._by_tag.get(tag.strip(), ())
        return next((row for row in rows if row.writes_from(place)), None)

    def of_host(self, address: str) -> Agency | None:
        """Return the agency that a host or address belongs to, None if it is not an agency's.

        >>> load().of_host("https://ca.reuters.com/article/1").name
        'Reuters'
        """
        return _of_domain(self._by_domain, names.host(address))

    def outlet(self, name: str) -> Outlet | None:
        """Return the outlet that a name, a host or an address belongs to, None if the table has none.

        >>> outlets = load()
        >>> outlets.outlet("edition.cnn.com").name, outlets.outlet("USA TODAY").owner, outlets.outlet("Daily Digest")
        ('CNN', 'Gannett', None)
        """
        host = names.host(name)
        if host is not None:
            return _of_domain(self._outlet_by_domain, host)
        return self._outlet_by_key.get(names.key(name))

    def inflected(self, name: str) -> Outlet | None:
        """Return the one outlet of whose names this may be an inflected form; None if there is none.

        >>> load().inflected("Новой газете").name
        'Новая газета'
        """
        found = {
            row.name: row for row in self.outlets for known in row.names() if names.is_inflected(name, known)
        }
        return next(iter(found.values())) if len(found) == 1 else None

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
        starts = [0, *(place + 1 for place, letter in enumerate(text) if letter == "\n")]
        for pattern, agency in self._by_native:
            for found in filter(None, (pattern.match(text, start) for start in starts)):
                yield Mention(agency, *found.span("tag"))


def _of_domain(rows: Mapping[str, Row], host: str | None) -> Row | None:
    """Return the row of a host's longest known domain."""
    while host and "." in host:
        if host in rows:
            return rows[host]
        host = host.partition(".")[2]
    return None


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


def load(own: str | None = None) -> Agencies:
    """Return the packaged tables, with those of a user's file; each file is read once.

    A row of the user's file takes the place of the packaged agency with its `id`, or of the outlet with its `name`.

    Parameters
    ----------
    own : the path of a TOML file of `[[agency]]` and `[[outlet]]` rows, as the packaged files have them

    Raises
    ------
    SettingError : the file cannot be read, or a row has not what it must have

    >>> load().of_host("apnews.com").kind
    'agency'
    """
    packaged = _packaged()
    if not own:
        return packaged
    text, table = tables.read(own, "the agency table")
    unknown = set(table) - {"version", "agency", "outlet"}
    if unknown:
        near = tables.near(min(unknown), ("agency", "outlet"))
        message = f'"{own}" must hold [[agency]] and [[outlet]] only: {min(unknown)}{near}'
        raise errors.SettingError(message)
    for section in ("agency", "outlet"):
        if not isinstance(table.get(section, []), list):
            message = f'"{own}" must hold [[{section}]], in two pairs of brackets: {table[section]!r}'
            raise errors.SettingError(message)
    agencies = [_made(Agency, entry, own, "id") for entry in table.get("agency", ())]
    outlets = [_made(Outlet, entry, own, "name") for entry in table.get("outlet", ())]
    for section, key, made in (("agency", "id", agencies), ("outlet", "name", outlets)):
        values = [getattr(row, key) for row in made]
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            message = f'"{own}" must have one [[{section}]] with {key} = "{twice}": it has two'
            raise errors.SettingError(message)
    own_ids = {row.id for row in agencies}
    rows = {row.id: row for row in (*packaged.rows, *agencies) if row.id not in own_ids}
    rows |= {row.id: row for row in agencies}
    named = {row.name: row for row in packaged.outlets} | {row.name: row for row in outlets}
    digest = xxhash.xxh3_64_hexdigest(text.encode())
    return Agencies(f"{packaged.version}+{digest}", tuple(rows.values()), tuple(named.values()))


@functools.cache
def _packaged() -> Agencies:
    folder = resources.files("dedup.attribution")
    agencies, outlets = (
        tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in ("agencies.toml", "outlets.toml")
    )
    return Agencies(
        agencies["version"],
        tuple(Agency(**_tuples(row)) for row in agencies["agency"]),
        tuple(Outlet(**_tuples(row)) for row in outlets["outlet"]),
    )


def _made(row: type[Row], entry: Any, source: str, key: str) -> Row:
    """Return a row of a user's table.

    Raises
    ------
    SettingError : a field is missing, unknown, or of another type than it must have
    """
    if not isinstance(entry, dict):
        message = f'"{source}" must hold tables, [[agency]] or [[outlet]]: {entry!r}'
        raise errors.SettingError(message)
    name = entry.get(key, "?")
    known = {field.name: field for field in dataclasses.fields(row)}
    for field, value in entry.items():
        is_list = field in known and "tuple" in str(known[field].type)
        of_strings = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
        if field not in known or not (of_strings if is_list else isinstance(value, str) and value):
            if field not in known:
                near = tables.near(field, known)
                message = (
                    f'"{source}": a field of "{name}" must be one of {", ".join(known)}: "{field}"{near}'
                )
                raise errors.SettingError(message)
            rule = "a list of strings" if is_list else "a string"
            message = f'"{source}": "{field}" of "{name}" must be {rule}: {value!r}'
            raise errors.SettingError(message)
    needed = [each.name for each in dataclasses.fields(row) if each.default is dataclasses.MISSING]
    missing = next((field for field in needed if field not in entry), None)
    if missing is not None:
        shown = ", ".join(f"{field} = {value!r}" for field, value in entry.items())
        message = f'"{source}": [[{row.__name__.lower()}]] must have "{missing}": {shown or "it is empty"}'
        raise errors.SettingError(message)
    for domain in entry.get("domains", ()):
        if names.host(domain) != domain:
            message = (
                f'"{source}": a domain of "{name}" must be a host in small letters, without www.: {domain!r}'
            )
            raise errors.SettingError(message)
    if row is Agency:
        _check_agency(entry, source, name)
    return row(**_tuples(entry))


def _check_agency(entry: Mapping[str, Any], source: str, name: str) -> None:
    """Check the forms and the kind of an agency in a user's table.

    Raises
    ------
    SettingError : one is not what it must be
    """
    for form in (*entry.get("aliases", ()), *entry.get("datelines", ()), *entry.get("bylines", ())):
        if len(form.encode()) < _SHORTEST_FORM:
            message = f'"{source}": a form of "{name}" must have two letters or more: {form!r}'
            raise errors.SettingError(message)
    if entry.get("kind", AGENCY) not in KINDS:
        message = f'"{source}": "kind" of "{name}" must be one of {", ".join(KINDS)}: {entry["kind"]!r}'
        raise errors.SettingError(message)
    for form in entry.get("native", ()):
        try:
            names_tag = "tag" in re.compile(form).groupindex
        except re.error as error:
            message = f'"{source}": "native" of "{name}" must be a regular expression: {form!r}: {error}'
            raise errors.SettingError(message) from error
        if not names_tag:
            message = f'"{source}": "native" of "{name}" must have a group "tag": {form!r}'
            raise errors.SettingError(message)


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
