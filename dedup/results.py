"""What a scan gives: the tables of `docs/formats.md` as Arrow, and the account of the run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def version() -> str:
    """Return the version of the `dedup` that runs, as its installation says."""
    from importlib import metadata

    try:
        return metadata.version("dedup")
    except metadata.PackageNotFoundError:
        return "0+not-installed"


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """The account of one scan, as `run.json` holds it: all that may differ between two equal scans."""

    version: str
    settings: dict[str, Any]
    settings_digest: str
    agencies_version: str
    overrides_version: str | None
    overrides_unused: list[str]
    paths: list[str]
    folder: str
    counts: dict[str, int]
    seconds: dict[str, float]
    peak_memory_bytes: int


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """The tables of one scan, as Arrow, and the account of the run.

    Each table's columns are declared in `dedup.records`.
    """

    articles: pa.Table
    matches: pa.Table
    clusters: pa.Table
    members: pa.Table
    passages: pa.Table
    evidence: pa.Table
    passage_evidence: pa.Table
    syndication: pa.Table
    boilerplate: pa.Table
    rejects: pa.Table
    run: Run

    def __repr__(self) -> str:
        """Return the number of rows of each table, in one line."""
        rows = ", ".join(f"{table.num_rows:,} {name}" for name, table in self.tables().items())
        return f"<Result: {rows}>"

    def tables(self) -> dict[str, pa.Table]:
        """Return each table under its name, in the order of `docs/formats.md`."""
        fields = [field.name for field in dataclasses.fields(self) if field.name != "run"]
        return {name: getattr(self, name) for name in fields}

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return each table as a pandas data frame, under its name.

        Raises
        ------
        ImportError : pandas is not installed
        """
        try:
            import pandas as pd  # noqa: F401  (Arrow needs it, and says so less clearly)
        except ImportError as error:
            message = "`to_pandas` needs pandas: pip install pandas"
            raise ImportError(message) from error
        return {name: table.to_pandas() for name, table in self.tables().items()}
