"""Writing to the file behind the main thread's back: while it computes, and does not touch the file itself."""

from __future__ import annotations

from concurrent import futures
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from dedup.index.store import Store


class Writer:
    """Does one piece of work after another on a thread of its own; where the block breaks, what is at work ends too.

    Parameters
    ----------
    store : whose connection only this thread uses until `wait` returns
    """

    def __init__(self, store: Store) -> None:
        """Begin with nothing to do."""
        self._store = store
        self._thread = futures.ThreadPoolExecutor(1)
        self._waiting: list[futures.Future[Any]] = []
        self._is_broken = False

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Wait for all that was asked, or stop it."""
        if raised[0] is None:
            self.wait()
        else:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._store.connection.interrupt()
        self._thread.shutdown(wait=True)

    def do(self, work: Callable[..., Any], *given: Any) -> futures.Future[Any]:
        """Return what a piece of work will give, when those before it are done."""
        done = self._thread.submit(self._work, work, *given)
        self._waiting.append(done)
        return done

    def _work(self, work: Callable[..., Any], *given: Any) -> Any:
        """Return what a piece of work gives, unless one before it broke: that may have ended the transaction."""
        if self._is_broken:
            return None
        try:
            self._store.must_be_writing()
            return work(*given)
        except BaseException:
            self._is_broken = True
            raise

    def wait(self) -> None:
        """Wait for all that was asked, and raise what broke."""
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done.result()
