"""Whose pages stories stand on, as their records say it, and which of the keys are one outlet's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import agencies, names, rules

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import naming

_MOST_PAGES = 50  # of a case, whose outlets are compared with a name
_OUTLET, _URL = rules.FIELDS.index("outlet"), rules.FIELDS.index("url")


@dataclasses.dataclass(frozen=True, slots=True)
class Pages:
    """The outlets that published the pages of n stories; all int64, keys and names by their numbers, -1 for none.

    Parameters
    ----------
    outlets, hosts : (n,) keys of the outlet that the record names, and of its address
    pairs : (n,) whether a record gives both, neither of them an agency's
    sites : (n,) number of the site: that of the outlet that the tables know, else that of the whole host or name
    own : where the record names the page's own outlet; -1 where it does not, or where the page belies it
    are_agencies : (n,) bool, whether that is a news agency
    """

    outlets: NDArray[np.int64]
    hosts: NDArray[np.int64]
    pairs: NDArray[np.bool_]
    sites: NDArray[np.int64]
    own: rules.Findings
    are_agencies: NDArray[np.bool_]

    def keys(self) -> NDArray[np.int64]:
        """Return the keys of each page's outlet, (n, 2)."""
        return np.column_stack((self.outlets, self.hosts))

    def own_outlets(self, stories: NDArray[np.int64]) -> rules.Findings:
        """Return where the records of these stories name their page's own outlet, of those that do."""
        return self.own.take(stories[self.own.names[stories] >= 0])


def read(
    stories: records.Stories, addresses: pa.Array, register: naming.Register, belied: NDArray[np.bool_]
) -> Pages:
    """Return whose pages these are.

    Parameters
    ----------
    addresses : (n,) string, the sites of the stories, as `names.sites` gives them
    belied : (n,) bool, whether the page itself says that it is not the outlet's that its record names
    """
    outlet_names = register.column(stories.outlets)
    outlets = np.where(belied, -1, register.keys_of(outlet_names))
    sites = addresses.dictionary_encode()
    distinct = sites.dictionary.to_pylist()
    known = [names.host(site) for site in distinct]
    numbers = [register.number(host) if host else -1 for host in known]
    first = [site.lower().find(host) if host else -1 for site, host in zip(distinct, known, strict=True)]
    indices = sites.indices.fill_null(len(distinct)).to_numpy()
    host_names, host_starts = (np.array([*column, -1], np.int64)[indices] for column in (numbers, first))
    hosts = register.keys_of(host_names)
    named = (outlets >= 0) & (outlet_names >= 0)
    own_names = np.where(named, outlet_names, np.where(hosts >= 0, host_names, -1))
    starts = np.where(named, 0, host_starts)
    lengths = np.array([*map(len, register.names), 0], np.int64)
    own = rules.Findings(
        np.arange(len(stories)),
        own_names,
        np.where(named, _OUTLET, _URL),
        starts,
        starts + lengths[own_names],
        np.full(len(stories), -1),
    )
    rows = register.agencies_of(own_names)
    is_agency = np.array([*(row.kind == agencies.AGENCY for row in register.table.rows), False])
    neither = (register.agencies_of(outlet_names) < 0) & (register.agencies_of(host_names) < 0)
    pairs = neither & (register.keys_of(outlet_names) >= 0) & (hosts >= 0)
    return Pages(outlets, hosts, pairs, _sites(register, own_names, host_names), own, is_agency[rows])


def _sites(
    register: naming.Register, own_names: NDArray[np.int64], host_names: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the site of each page: hosts of one network are sites of their own, unless the tables know better."""
    numbers: dict[str, int] = {}
    packed, of = np.unique(((own_names + 1) << 32) | (host_names + 1), return_inverse=True)
    of_pairs = np.full(len(packed), -1)
    for place, pair in enumerate(packed.tolist()):
        own, host = (pair >> 32) - 1, (pair & 0xFFFFFFFF) - 1
        if own < 0:
            continue
        name = register.names[own]
        known = register.table.outlet(name) or register.table.named(name)
        if known is None and host >= 0:
            name = register.names[host]
            known = register.table.outlet(name) or register.table.named(name)
        spelled = known.name if known is not None else names.host(name) or names.key(name)
        of_pairs[place] = numbers.setdefault(spelled, len(numbers))
    sites: NDArray[np.int64] = of_pairs[of]
    return sites


@dataclasses.dataclass(frozen=True, slots=True)
class Aliases:
    """Which keys are one outlet's because records of one case give both: those of a host, and of a name.

    Parameters
    ----------
    hosts : (n,) int64, sorted; `case << 32 | key`
    outlets : (n,) int64, keys
    """

    hosts: NDArray[np.int64]
    outlets: NDArray[np.int64]

    def resolve(self, cases: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the key of the outlet for that of its host, any other key as it is."""
        if not len(self.hosts):
            return keys
        asked = (cases << 32) | keys
        places = np.minimum(np.searchsorted(self.hosts, asked), len(self.hosts) - 1)
        is_host = (keys >= 0) & (self.hosts[places] == asked)
        return np.where(is_host, self.outlets[places], keys)


def inflected(
    found: rules.Findings,
    keys: NDArray[np.int64],
    cases: NDArray[np.int64],
    known: Pages,
    register: naming.Register,
) -> NDArray[np.int64]:
    """Return the keys of findings, those that are inflected forms of one outlet of their case replaced by its key.

    Parameters
    ----------
    found : what texts say of who published them before
    keys : (n,) int64, the candidate of each
    cases : (n_stories,) int64, the case of each story, rising
    """
    keys = keys.copy()
    spelled = register.names
    for row in range(len(keys)):
        name = spelled[found.names[row]]
        if register.table.outlet(name) is not None or register.table.named(name) is not None:
            continue
        first, last = np.searchsorted(cases, cases[found.stories[row]] + np.arange(2)).tolist()
        of_case = {int(known.own.names[page]) for page in range(first, min(last, first + _MOST_PAGES))} - {-1}
        alike = [number for number in of_case if names.is_inflected(name, spelled[number])]
        if len(alike) == 1:
            keys[row] = register.keys_of(np.array(alike))[0]
    return keys


def aliases(known: Pages, cases: NDArray[np.int64]) -> Aliases:
    """Return the keys that records tie together.

    A name that goes with several hosts, or that is a host's own, stands for none of the others. Of several names of
    one host the last that is met counts.

    Parameters
    ----------
    cases : (n,) int64, the case of each story
    """
    rows = np.flatnonzero(known.pairs)
    case, outlet, host = cases[rows], known.outlets[rows], known.hosts[rows]
    order = np.lexsort((rows, host, outlet, case))
    case, outlet, host, rows = case[order], outlet[order], host[order], rows[order]
    new_outlet = (np.diff(case, prepend=-1) != 0) | (np.diff(outlet, prepend=-1) != 0)
    new_host = new_outlet | (np.diff(host, prepend=-1) != 0)
    group = np.cumsum(new_outlet) - 1
    n_hosts = np.bincount(group, new_host)
    with_own = np.bincount(group, host == outlet) > 0
    chosen = np.flatnonzero(new_outlet & (n_hosts[group] == 1) & ~with_own[group])
    packed = (case[chosen] << 32) | host[chosen]
    order = np.lexsort((-rows[chosen], packed))
    packed, outlet = packed[order], outlet[chosen][order]
    new = np.diff(packed, prepend=-1) != 0
    return Aliases(packed[new], outlet[new])
