"""Finds news text that was published more than once, and says who wrote it first, with the evidence.

>>> import pathlib, tempfile
>>> text = "Reuters said on Tuesday that the ministers will meet again in May to talk about the price of grain."
>>> with tempfile.TemporaryDirectory() as folder:
...     for name in ("a.txt", "b.txt"):
...         _ = pathlib.Path(folder, name).write_text(text, encoding="utf-8")
...     result = scan(folder)
>>> result.clusters["n_articles"].to_pylist()
[2]
>>> result.matches["relation"].to_pylist()
['copy']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from dedup import progress as _progress
    from dedup.errors import DedupError
    from dedup.index.standing import Index
    from dedup.results import Result
    from dedup.scores import Evaluation
    from dedup.settings import Settings

    __version__: str

__all__ = ["DedupError", "Evaluation", "Index", "Result", "Settings", "__version__", "evaluate", "scan"]

_HOMES = {
    "DedupError": "dedup.errors",
    "Evaluation": "dedup.scores",
    "Index": "dedup.index.standing",
    "Result": "dedup.results",
    "Settings": "dedup.settings",
}


def scan(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    settings: Settings | None = None,
    *,
    threads: int | None = None,
    progress: _progress.Progress | None = None,
    work: str | os.PathLike[str] | None = None,
) -> Result:
    """Return what a scan of these files and folders finds: clusters, whose they are, and the evidence.

    Parameters
    ----------
    paths : one file or folder, or several; `-` stands for standard input
    settings : what is computed; the defaults without it
    threads : how many threads work; without it one for each core
    progress : who is told how far the scan is; nobody without it
    work : the folder of the work file, which holds the text while the scan runs; the system's temporary folder
        without it

    Raises
    ------
    PathError : a path is missing or cannot be opened
    EmptyArchiveError : there is nothing to read
    WorkError : the text does not fit on the disk of the work file
    """
    import os

    from dedup import pipeline
    from dedup import progress as progresses
    from dedup import settings as options

    listed = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return pipeline.scan(
        [os.fspath(path) for path in listed],
        settings or options.Settings(),
        threads=threads,
        progress=progress or progresses.Silent(),
        work=work,
    )


def evaluate(
    scanned: Result | str | os.PathLike[str],
    pairs: str | os.PathLike[str] | None = None,
    *,
    threads: int | None = None,
    progress: _progress.Progress | None = None,
    **asked: Any,
) -> Evaluation:
    r"""Return how good a scan is, by labels that you give, or by brute force over a sample of its archive.

    Parameters
    ----------
    scanned : what a scan gave, or the folder that it wrote
    pairs : tab-separated file of labelled pairs
    threads : how many threads work in an audit; without it one for each core
    progress : who is told how far the audit is; nobody without it
    asked : what else is asked, by the names of `dedup.evaluation.asking.Question`: `different`, `clusters`,
        `complete`, `bands`, `band_column`, `containers`, `curve`, `audit`, `seed`

    Raises
    ------
    UsageError : nothing is asked, or something that cannot be
    PathError : a file of labels cannot be opened
    ResultError : the folder cannot be read, or for an audit the archive

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = pathlib.Path(name)
    ...     for page in ("a.txt", "b.txt"):
    ...         text = "The ministers will meet again in May to talk about the price of grain and of oil."
    ...         _ = (folder / page).write_text(text, encoding="utf-8")
    ...     result = scan(folder)
    ...     _ = (folder / "gold.tsv").write_text("id_a\tid_b\na.txt\tb.txt\n", encoding="utf-8")
    ...     found = evaluate(result, folder / "gold.tsv", audit=2)
    >>> found.pairs.positives.matched, found.audit.recall
    (1.0, 1.0)
    """
    import os
    import pathlib

    from dedup import progress as progresses
    from dedup.evaluation import asking, evaluating
    from dedup.reporting import tables

    asked["pairs"] = pairs
    for name in ("pairs", "different", "clusters"):
        if asked.get(name) is not None:
            asked[name] = pathlib.Path(asked[name])
    question = asking.Question(**asked)
    result = tables.read(pathlib.Path(scanned)) if isinstance(scanned, (str, os.PathLike)) else scanned
    return evaluating.evaluate(result, question, threads=threads, progress=progress or progresses.Silent())


def __getattr__(name: str) -> Any:
    """Return a public name on its first use, so that `import dedup` stays quick."""
    import importlib

    if name == "__version__":
        from dedup import results

        value: Any = results.version()
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, those not yet used among them."""
    return sorted({*globals(), *__all__})
