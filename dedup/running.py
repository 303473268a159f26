"""What runs a function over items: Python's `map`, or the engine's on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Run(Protocol):
    """Makes something of each item, in their order, as `map` does; on threads, if it has any."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        """Return what the function makes of each item."""
