"""Names as numbers: each name once, with the key of the candidate that it stands for and the agency it names."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup.attribution import agencies, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray


@functools.lru_cache(maxsize=65536)
def key(name: str, table: agencies.Agencies) -> str:
    """Return the key of a candidate: that of the agency or the outlet that the tables know, else the name's own.

    >>> table = agencies.load()
    >>> key("AFP", table) == key("Agence France-Presse", table), key("The Daily Herald", table)
    (True, 'dailyherald')
    """
    agency = table.named(name)
    if agency is not None:
        return names.key(agency.name)
    outlet = table.outlet(name)
    return names.key(outlet.name if outlet is not None else name)


class Register:
    """The names that were met, in the order in which they were; the keys of candidates likewise.

    >>> register = Register(agencies.load())
    >>> numbers = register.numbers(["Reuters", None, "REUTERS", "Reuters"])
    >>> numbers.tolist(), register.keys_of(numbers).tolist()
    ([0, -1, 1, 0], [0, -1, 0, 0])
    """

    def __init__(self, table: agencies.Agencies) -> None:
        self.table = table
        self.names: list[str] = []
        self.keys: list[str] = []
        self._numbers: dict[str, int] = {}
        self._key_numbers: dict[str, int] = {"": -1}
        self._key_of: list[int] = []
        self._agency_of: list[int] = []
        self._shown: dict[str, str] = {}
        self._rows = {agency.id: row for row, agency in enumerate(table.rows)}

    def number(self, name: str) -> int:
        """Return the number of a name."""
        known = self._numbers.get(name)
        if known is not None:
            return known
        number = self._numbers[name] = len(self.names)
        agency = self.table.named(name)
        self.names.append(name)
        self._agency_of.append(self._rows[agency.id] if agency else -1)
        self._key_of.append(self._key_number(key(name, self.table)))
        return number

    def numbers(self, given: Iterable[str | None]) -> NDArray[np.int64]:
        """Return the numbers of names, -1 for None and for empty ones."""
        return np.array([self.number(name) if name else -1 for name in given], np.int64)

    def shown(self, name: str) -> str:
        """Return the name that the table of outlets shows for this one; the name itself if it knows none."""
        known = self._shown.get(name)
        if known is None:
            outlet = self.table.outlet(name)
            known = self._shown[name] = outlet.name if outlet is not None else name
        return known

    def column(self, given: pa.Array) -> NDArray[np.int64]:
        """Return the numbers of a column of names, -1 for null and for empty ones."""
        encoded = given.dictionary_encode()
        distinct = self.numbers([*encoded.dictionary.to_pylist(), None])
        indices: NDArray[np.int32] = encoded.indices.fill_null(len(distinct) - 1).to_numpy()
        return distinct[indices]

    def _key_number(self, spelled: str) -> int:
        known = self._key_numbers.get(spelled)
        if known is None:
            known = self._key_numbers[spelled] = len(self.keys)
            self.keys.append(spelled)
        return known

    def keys_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the key of each name, -1 for none."""
        return np.array([*self._key_of, -1], np.int64)[numbers]

    def agencies_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of the agency that each name is, -1 for none."""
        return np.array([*self._agency_of, -1], np.int64)[numbers]
