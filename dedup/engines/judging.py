"""Who judges cases: the agencies and overrides that the settings name, and what they say of clusters."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dedup import attribution
from dedup.attribution import syndication

if TYPE_CHECKING:
    from dedup import records, running
    from dedup.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """Some cases, the verdict on each, and what the verdicts say of republication."""

    cases: records.Cases
    verdicts: records.Verdicts
    syndicated: syndication.Syndication


@dataclasses.dataclass(frozen=True, slots=True)
class Judges:
    """The table of agencies, and what users know better."""

    agencies: attribution.Agencies
    overrides: attribution.Overrides

    @classmethod
    def load(cls, settings: Settings) -> Judges:
        """Return the agencies and overrides of the settings.

        Raises
        ------
        SettingError : one of the files is wrong
        """
        return cls(
            attribution.load_agencies(settings.agencies or None),
            attribution.load_overrides(settings.overrides or None),
        )

    def attribute(self, cases: records.Cases, run: running.Run = map) -> records.Verdicts:
        """Return the verdict on each case."""
        return attribution.attribute_all(cases, self.agencies, run, self.overrides)

    def judge(self, cases: records.Cases, run: running.Run = map) -> Judged:
        """Return the verdict on each cluster, and who republished whom."""
        verdicts = self.attribute(cases, run)
        return Judged(cases, verdicts, syndication.measure(cases, verdicts, self.agencies))

    def unused(self, *cases: records.Cases) -> list[str]:
        """Return the overrides that none of these cases used."""
        return self.overrides.unused(cases, self.agencies) if self.overrides else []
