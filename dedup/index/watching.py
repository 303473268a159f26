"""A folder or file that is watched: what comes new is matched, added and told, and how far it was read is kept.

Articles and the place up to which a file was read are written together, so that nothing is left out or added twice
however a watch ends. What is told goes out before that: after a crash a line may come twice, and none is lost.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib
from typing import TYPE_CHECKING

from dedup import reading, records
from dedup.index import adding, telling
from dedup.reading import growing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.engines import judging, local, workspace
    from dedup.findings import Event, Finding
    from dedup.index.store import Store
    from dedup.reading import paths, pieces


@dataclasses.dataclass(frozen=True, slots=True)
class Came:
    """What came new at once: its findings in the order read, what befell clusters, and what could not be read."""

    findings: list[Finding]
    events: tuple[Event, ...]
    rejects: list[records.Reject]


@dataclasses.dataclass(frozen=True, slots=True)
class _New:
    """A block of a file, and how far the file is read with it."""

    source: paths.Source
    block: pieces.Block
    reached: growing.Reached


@dataclasses.dataclass(frozen=True, slots=True)
class Watch:
    """One look after another at a folder or file.

    Parameters
    ----------
    path : the folder or file
    tell : is given what came, before it is written
    """

    store: Store
    path: str
    engine: local.Local
    judges: judging.Judges
    space: workspace.Workspace
    tell: Callable[[Came], None]
    _told: set[records.Reject] = dataclasses.field(default_factory=set)
    _looked: list[bool] = dataclasses.field(default_factory=list)

    def look(self, is_stopped: Callable[[], bool] = lambda: False) -> int:
        """Return how many articles came new since the last look; they are added and told.

        Parameters
        ----------
        is_stopped : whether to end early, after what is being written

        Raises
        ------
        PathError : the path is missing or cannot be opened
        StoreError : the file of the index cannot be written
        """
        log = reading.ReadingLog()
        if self._looked and not pathlib.Path(self.path).exists():
            return 0  # gone for a moment, as files that are rotated are
        found = growing.sources(self.path, log)
        self._looked.append(True)
        reached = self._reached()
        n_new = 0
        new = self._new(found, reached, log)
        held = self.store.fact("text_bytes") or 0
        if log.expected_text_bytes >= held:
            waiting = list(new)
            if sum(_size(one) for one in waiting) >= held and waiting:
                return self._take(waiting, reached, log, is_whole=True)
            new = iter(waiting)
        for one in new:
            n_new += self._take([one], reached, log)
            if is_stopped():
                break
        self._tell_rejects(log.rejects)
        return n_new

    def _tell_rejects(self, rejects: list[records.Reject]) -> None:
        """Tell what could not be read, each thing once, however often the same file is read again."""
        new = self._untold(rejects)
        if new:
            self.tell(Came([], (), new))

    def _untold(self, rejects: list[records.Reject]) -> list[records.Reject]:
        new = [reject for reject in dict.fromkeys(rejects) if reject not in self._told]
        self._told.update(new)
        return new

    def _new(
        self, found: list[paths.Source], reached: dict[str, growing.Reached], log: reading.ReadingLog
    ) -> Iterator[_New]:
        for source in found:
            before = reached.get(os.path.realpath(source.path))
            try:
                for block, now in growing.more(source, before, self.store.settings, log):
                    yield _New(source, block, now)
            except OSError as error:
                reason = f"cannot be read: {error.strerror or error}"
                self._tell_rejects([records.Reject(source.shown, None, reason)])

    def _take(
        self,
        new: list[_New],
        reached: dict[str, growing.Reached],
        log: reading.ReadingLog,
        *,
        is_whole: bool = False,
    ) -> int:
        """Return how many articles came with some blocks, that were added and told.

        Parameters
        ----------
        is_whole : whether they are so many that the whole index is made anew with them
        """
        is_first = self.store.n_articles() == 0
        with self.store.bulk() if is_first else self.store.writing():
            last = self.store.value("SELECT MAX(number) FROM stories") or 0
            batches = self.engine.parse((one.block for one in new), log)
            add = adding.add_all if is_first or is_whole else adding.add_pages
            added = add(self.store, batches, log, self.engine, self.judges, self.space)
            query = "SELECT number FROM stories WHERE number > ? ORDER BY number"
            numbers = [number for (number,) in self.store.rows(query, (last,))]
            for one in new:
                reached[os.path.realpath(one.source.path)] = one.reached
            self._keep(reached)
            told = list(telling.tell(self.store, numbers))
            self.tell(Came(told, added.events, self._untold(log.rejects)))
            log.rejects.clear()
        return len(numbers)

    def _reached(self) -> dict[str, growing.Reached]:
        query = "SELECT position FROM watched WHERE source = ?"
        kept = self.store.value(query, (self._source(),))
        if kept is None:
            return {}
        import json

        return {name: growing.Reached(**told) for name, told in json.loads(kept).items()}

    def _keep(self, reached: dict[str, growing.Reached]) -> None:
        import json

        position = json.dumps({name: dataclasses.asdict(told) for name, told in reached.items()})
        row = self._source(), position
        self.store.connection.execute("INSERT OR REPLACE INTO watched VALUES (?, ?)", row)

    def _source(self) -> str:
        return os.path.realpath(self.path)


def _size(new: _New) -> int:
    return sum(piece.size_bytes for piece in new.block.pieces)
