"""How far a run is, on standard error; bars only on a terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from dedup import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich import progress as bars


_BYTES = "B"


class Plain(progress.Silent):
    """Says the notes only, a line each."""

    def note(self, message: str) -> None:
        """Say a sentence on standard error."""
        click.echo(f"dedup: {message}", err=True)


class Bars:
    """Draws a bar for the stage that is at work, and says the notes above it."""

    def __init__(self, display: bars.Progress) -> None:
        """Draw on this display, which is running."""
        self._display = display
        self._task: bars.TaskID | None = None

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Take the bar of the stage before away and begin another."""
        if self._task is not None:
            self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=total, unit=unit)

    def advance(self, amount: int) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._display.advance(self._task, amount)

    def note(self, message: str) -> None:
        """Say a sentence above the bar."""
        from rich.text import Text

        self._display.console.print(Text(f"dedup: {message}"))


@contextlib.contextmanager
def shown(*, quiet: bool = False) -> Iterator[progress.Progress]:
    """Give what a run tells its progress to: bars on a terminal, else, or when `quiet`, the notes only."""
    if quiet or not sys.stderr.isatty():
        yield Plain()
        return
    with _display() as display:
        yield Bars(display)


def _display() -> bars.Progress:
    from rich import console as consoles
    from rich import progress as bars
    from rich.text import Text

    class Done(bars.ProgressColumn):
        """How much is done, how fast, and how long it will take."""

        def render(self, task: bars.Task) -> Text:
            if not task.completed:
                return Text("")
            unit = str(task.fields["unit"])
            rate = f", {_amount(task.speed, unit if unit == _BYTES else '')}/s" if task.speed else ""
            left = task.time_remaining
            rest = f", {int(left // 60)}:{int(left % 60):02} left" if left is not None and task.total else ""
            return Text(f"{_amount(task.completed, unit)}{rate}{rest}", style="dim")

    return bars.Progress(
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=20),
        Done(),
        console=consoles.Console(stderr=True, highlight=False),
        transient=True,
    )


def _amount(number: float, unit: str) -> str:
    """Return an amount with its unit.

    >>> _amount(31314, "stories"), _amount(327_000_000, "B")
    ('31,314 stories', '327.0 MB')
    """
    if unit == _BYTES:
        return f"{number / 1e6:,.1f} MB"
    return f"{number:,.0f} {unit}".rstrip()
