"""What users know better: `overrides.toml` says whose a cluster or an outlet's text is, and what a rule weighs.

An override always wins, and stands in the evidence as such.

    [[cluster]]                  # or [[passage]]
    id = "c760033f1be9cb233"     # or article = "ID": the cluster that holds it
    origin = "Reuters"           # "" where nobody is to be named
    reason = "confirmed by the desk"

    [[outlet]]
    name = "Daily Digest"        # as its records name it, or its host
    origin = "Reuters"           # whose all of its text is

    [[rule]]
    name = "agency_copyright"
    weight = 0                   # log-odds; 0 turns it off
    outlet = "Daily Digest"      # on the pages of this outlet only; on all without it
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from dedup import errors
from dedup.attribution import names, naming, rules, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dedup import records
    from dedup.attribution import agencies
    from dedup.attribution import clues as gathering

_OF_CASE, _OF_OUTLET = 60.0, 50.0
_FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cluster": ({"origin": str}, {"id": str, "article": str, "kind": str, "reason": str}),
    "passage": ({"id": str, "origin": str}, {"kind": str, "reason": str}),
    "outlet": ({"name": str, "origin": str}, {"kind": str, "reason": str}),
    "rule": ({"name": str, "weight": (int, float)}, {"outlet": str, "reason": str}),
}
_KINDS = ("agency", rules.OUTLET, rules.ISSUER, rules.STATEMENT)
_MOST_WEIGHT = 20.0

CLUSTER_RULE, OUTLET_RULE = RULES = (
    rules.ComparedRule(
        name="override_cluster",
        family=rules.OVERRIDE,
        says=rules.ORIGIN,
        weight=_OF_CASE,
        looks_for="an override of the user for this cluster or passage",
    ),
    rules.ComparedRule(
        name="override_outlet",
        family=rules.OVERRIDE,
        says=rules.ORIGIN,
        weight=_OF_OUTLET,
        looks_for="an override of the user for what this outlet publishes",
    ),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Whose:
    """Whose a text is by an override: the name, empty for nobody, and its kind where that is given."""

    origin: str
    kind: str | None = None
    reason: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Weight:
    """What a rule weighs by an override, on the pages of one outlet or on all."""

    rule: str
    weight: float
    outlet: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Overrides:
    """All overrides.

    Parameters
    ----------
    version : digits that two files share only if they are equal; None without a file
    cases : by the id of a cluster or passage
    articles : by the id of an article in the cluster
    outlets : by the outlet's name
    """

    version: str | None = None
    cases: Mapping[str, Whose] = dataclasses.field(default_factory=dict)
    articles: Mapping[str, Whose] = dataclasses.field(default_factory=dict)
    outlets: Mapping[str, Whose] = dataclasses.field(default_factory=dict)
    weights: tuple[Weight, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.cases or self.articles or self.outlets or self.weights)

    def reweigh(
        self, clues: gathering.Clues, outlets: NDArray[np.int64], register: naming.Register, names: list[str]
    ) -> gathering.Clues:
        """Return clues with the weights that users give their rules; what weighs nothing is a mention.

        Parameters
        ----------
        outlets : (n,) int64, the key of each story's outlet
        names : of all rules, by their numbers
        """
        weights = clues.weights.copy()
        off = np.zeros(len(clues), np.bool_)
        for given in self.weights:
            chosen = clues.rules == names.index(given.rule)
            if given.outlet is not None:
                key = register.keys_of(np.array([register.number(given.outlet)]))[0]
                chosen &= outlets[clues.stories] == key
            weights[chosen] = given.weight
            off |= chosen & (given.weight == 0)
        changed = dataclasses.replace(clues, weights=weights)
        mentioned = rules.FAMILIES.index(rules.CITED), rules.SAYS.index(rules.CITATION)
        return dataclasses.replace(
            changed,
            families=np.where(off, mentioned[0], changed.families),
            says=np.where(off, mentioned[1], changed.says),
        )

    def unused(self, cases: Iterable[records.Cases], table: agencies.Agencies) -> list[str]:
        """Return the overrides of clusters, passages, articles and outlets that these cases do not have, in words."""
        import pyarrow as pa

        named = dict.fromkeys([*self.outlets, *(each.outlet for each in self.weights if each.outlet)])
        ids: set[str] = set()
        articles: set[str] = set()
        outlets: set[str] = set()
        for each in cases:
            ids.update(each.ids)
            if self.articles:
                articles.update(each.stories.article_ids.to_pylist())
            for column in (each.stories.outlets, names.sites(each.stories.urls)) if named else ():
                given = pa.array(column).dictionary_encode().dictionary.to_pylist()
                outlets.update(naming.key(name, table) for name in given if name)
        return [
            *(f'the cluster or passage "{one}"' for one in self.cases if one not in ids),
            *(f'a cluster of the article "{one}"' for one in self.articles if one not in articles),
            *(f'the outlet "{one}"' for one in named if naming.key(one, table) not in outlets),
        ]


NONE = Overrides()


def load(path: str | None) -> Overrides:
    """Return the overrides of a file; none without one.

    Raises
    ------
    SettingError : the file cannot be read, or says something that is no override
    """
    if not path:
        return NONE
    text, table = tables.read(path, "the overrides")
    for section, rows in table.items():
        if section not in _FIELDS:
            near = tables.near(section, _FIELDS)
            message = f'"{path}" must hold [[{"]], [[".join(_FIELDS)}]] only: {section}{near}'
            raise errors.SettingError(message)
        if not isinstance(rows, list):
            message = f'"{path}" must hold [[{section}]], in two pairs of brackets: {rows!r}'
            raise errors.SettingError(message)
        for row in rows:
            _check(path, section, row)
        _check_once(path, section, rows)
    cases = [*table.get("cluster", ()), *table.get("passage", ())]
    return Overrides(
        xxhash.xxh3_64_hexdigest(text.encode()),
        {row["id"]: _whose(row) for row in cases if "id" in row},
        {row["article"]: _whose(row) for row in table.get("cluster", ()) if "article" in row},
        {row["name"]: _whose(row) for row in table.get("outlet", ())},
        tuple(Weight(row["name"], float(row["weight"]), row.get("outlet")) for row in table.get("rule", ())),
    )


def _whose(row: Mapping[str, Any]) -> Whose:
    return Whose(row["origin"], row.get("kind"), row.get("reason"))


def _check(path: str, section: str, row: Any) -> None:
    """Check one override.

    Raises
    ------
    SettingError : naming the field, the rule and the value
    """
    needed, optional = _FIELDS[section]
    where = f'"{path}": [[{section}]]'
    if not isinstance(row, dict):
        message = f"{where} must be a table: {row!r}"
        raise errors.SettingError(message)
    known = needed | optional
    for name, value in row.items():
        if name not in known:
            message = f'{where} must have {", ".join(known)} only: "{name}"{tables.near(name, known)}'
            raise errors.SettingError(message)
        if not isinstance(value, known[name]) or isinstance(value, bool):
            rule = "a number" if name == "weight" else "a string"
            message = f'{where}: "{name}" must be {rule}: {value!r}'
            raise errors.SettingError(message)
    missing = [f'"{name}"' for name in needed if name not in row]
    if section == "cluster" and len({"id", "article"} & row.keys()) != 1:
        missing.append('either "id" or "article"')
    if missing:
        shown = ", ".join(f"{name} = {value!r}" for name, value in row.items())
        message = f"{where} must have {missing[0]}: {shown or 'it is empty'}"
        raise errors.SettingError(message)
    begins = {"cluster": "c", "passage": "p"}.get(section)
    if begins and not row.get("id", begins).startswith(begins):
        message = f'{where}: "id" must be that of a {section}, which begins with "{begins}": {row["id"]!r}'
        raise errors.SettingError(message)
    if row.get("kind", rules.OUTLET) not in _KINDS:
        message = f'{where}: "kind" must be one of {", ".join(_KINDS)}: {row["kind"]!r}'
        raise errors.SettingError(message)
    _check_names(where, row)
    if section == "rule":
        _check_rule(where, row)


def _check_once(path: str, section: str, rows: list[dict[str, Any]]) -> None:
    """Check that no two rows say something of the same thing.

    Raises
    ------
    SettingError : naming it
    """
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        what = tuple(f'{key} = "{row[key]}"' for key in ("id", "article", "name", "outlet") if key in row)
        if what in seen:
            message = f'"{path}" must have one [[{section}]] with {", ".join(what)}: it has two'
            raise errors.SettingError(message)
        seen.add(what)


def _check_names(where: str, row: Mapping[str, Any]) -> None:
    """Check that names name somebody; an origin may be empty, for nobody."""
    for name in ("origin", "name", "outlet"):
        if name in row and not names.key(row[name]) and (row[name] or name != "origin"):
            message = f'{where}: "{name}" must be a name, with letters or digits: {row[name]!r}'
            raise errors.SettingError(message)


def _check_rule(where: str, row: Mapping[str, Any]) -> None:
    from dedup.attribution import registry

    known = [
        rule.name for rule in registry.RULES if rule.says != rules.CITATION and rule.family != rules.OVERRIDE
    ]
    if row["name"] not in known:
        near = tables.near(row["name"], known)
        message = (
            f'{where}: "name" must be a rule of attribution that weighs something: {row["name"]!r}{near}'
        )
        raise errors.SettingError(message)
    if not abs(row["weight"]) <= _MOST_WEIGHT:
        message = f'{where}: "weight" must be from {-_MOST_WEIGHT:g} to {_MOST_WEIGHT:g}: {row["weight"]!r}'
        raise errors.SettingError(message)
