"""How a run tells what it is doing: the one interface, and the one that says nothing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a stage tells while it works. Calls may come from several threads."""

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Say that a stage begins, and how many units it has where that is known."""

    def expect(self, total: int | None, unit: str) -> None:
        """Say what the current stage will do next, once that is known; None where it cannot be known."""

    def advance(self, amount: int) -> None:
        """Say that so many more units of the current stage are done."""

    def note(self, message: str) -> None:
        """Say a sentence that the user should see now."""


class Silent:
    """Says nothing.

    >>> Silent().note("never seen")
    """

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Say nothing."""

    def expect(self, total: int | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""
