"""`Index`: everything seen so far, as one open file that takes articles, answers, and lets them go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dedup import progress as progresses
from dedup.engines import judging, local, workspace
from dedup.index import adding, checking, compacting, describing, exporting, removing, verifying, watching
from dedup.index import store as files

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from dedup import findings, results
    from dedup.settings import Settings


class Index:
    """The index in one file, as a context manager.

    Any number may read it at a time, in this process or others, while one writes; each has its own.

    Parameters
    ----------
    path : of the file
    settings : what is computed; None for those of the file, or the defaults
    is_writing : whether articles will be added or removed; then the file is made where it is missing
    threads : how many work; None for one per core
    progress : who is told how far a long piece of work is
    work : the folder of the work file of large additions; None for the system's temporary folder
    wait_s : how long another process that writes is waited for

    Raises
    ------
    StoreError : the file is no index, damaged, or of other settings

    >>> import pathlib, tempfile
    >>> text = "The ministers will meet again in May to talk about the price of grain and of oil."
    >>> with tempfile.TemporaryDirectory() as name, Index(pathlib.Path(name, "seen.dedup")) as index:
    ...     _ = pathlib.Path(name, "first.txt").write_text(text, encoding="utf-8")
    ...     _ = index.add(pathlib.Path(name, "first.txt"))
    ...     finding = index.check_text(text, outlet="Courier")
    >>> finding.seen, [(match.article_id, match.relation) for match in finding.matches]
    (True, [('first.txt', 'copy')])
    """

    def __init__(  # noqa: PLR0913  (each says how it runs)
        self,
        path: str | os.PathLike[str],
        settings: Settings | None = None,
        *,
        is_writing: bool = True,
        threads: int | None = None,
        progress: progresses.Progress | None = None,
        work: str | os.PathLike[str] | None = None,
        wait_s: float = files.WAIT_S,
    ) -> None:
        """Open the file."""
        self._progress = progress or progresses.Silent()
        self._work = work
        self.store = files.Store(path, settings, is_writing=is_writing, wait_s=wait_s)
        self.engine = local.Local(self.store.settings, threads, self._progress)
        self._judges: judging.Judges | None = None

    @property
    def judges(self) -> judging.Judges:
        """Return who judges: the agencies and overrides of the settings."""
        if self._judges is None:
            self._judges = judging.Judges.load(self.store.settings)
        return self._judges

    def __enter__(self) -> Self:
        """Return the index."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def __len__(self) -> int:
        """Return how many articles the index holds."""
        return self.store.n_articles()

    def add(self, *paths: str | os.PathLike[str]) -> findings.Added:
        """Add what files and folders hold, and return what became of it; when it returns, all of it is there.

        Raises
        ------
        PathError : a path is missing
        EmptyArchiveError : there is no file to read
        StoreError : the file cannot be written; nothing was added
        """
        space = workspace.Workspace(self._work)
        with self._announced(), space:
            return adding.add(self.store, _listed(paths), self.engine, self.judges, space)

    def check(self, *paths: str | os.PathLike[str]) -> findings.Checked:
        """Return for each story in files and folders what the index holds of it; nothing is added.

        Raises
        ------
        PathError : a path is missing
        EmptyArchiveError : there is no file to read
        """
        with self._announced():
            return checking.check(self.store, _listed(paths), self.engine, self.judges)

    def check_text(self, text: str, **fields: str | None) -> findings.Finding:
        """Return what the index holds of one text.

        Parameters
        ----------
        fields : what is known of it: `page_id`, `title`, `outlet`, `url`, `byline`, `published`

        Raises
        ------
        UsageError : the text is none, or empty, or a field is unknown
        """
        return checking.check_text(self.store, text, fields, self.engine, self.judges)

    def remove(self, *identities: str) -> findings.Removed:
        """Remove pages by their ids, with all that is known of them, and return what befell their clusters.

        Raises
        ------
        StoreError : one of them is not there; nothing was removed
        """
        return removing.remove(self.store, identities, self.engine, self.judges)

    def compact(self) -> findings.Rebuilt:
        """Make the index anew from what it holds, so that it is as a scan of all of it would have it."""
        from dedup import reading

        space = workspace.Workspace(self._work)
        with self._announced(), space:
            return compacting.compact(self.store, reading.ReadingLog(), self.engine, self.judges, space)

    def info(self, *, count: bool = True) -> findings.Account:
        """Return what the index is, and how it stands to a scan of what it holds.

        Parameters
        ----------
        count : whether that is counted, where articles came or went since it was compacted: by such a scan
        """
        space = workspace.Workspace(self._work)
        with self._announced(), space:
            return describing.describe(self.store, self.engine, self.judges, space, is_counted=count)

    def verify(self) -> findings.Verified:
        """Return what of the index was looked at, from its texts up, and what was wrong."""
        with self._announced():
            return verifying.verify(self.store, self.engine)

    def export(self) -> results.Result:
        """Return what the index holds as the result of a scan; clusters keep the ids that they have here."""
        space = workspace.Workspace(self._work)
        with self._announced(), space:
            return exporting.export(self.store, self.engine, self.judges, space)

    def watch(self, path: str | os.PathLike[str], tell: Callable[[watching.Came], None]) -> watching.Watch:
        """Return a watch over a folder or file: each `look` of it adds and tells what came new.

        Parameters
        ----------
        tell : is given what came, before it is written
        """
        with self._announced():
            space = workspace.Workspace(self._work)
            return watching.Watch(self.store, os.fspath(path), self.engine, self.judges, space, tell)

    def _announced(self) -> contextlib.AbstractContextManager[None]:
        from dedup.engines import kernels

        return kernels.announced(self._progress)


def _listed(paths: Sequence[str | os.PathLike[str]]) -> list[str]:
    return [os.fspath(path) for path in paths]
