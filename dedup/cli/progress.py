"""How far a run is, on standard error; bars only on a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from dedup import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich import console as consoles
    from rich import progress as bars


_BYTES = "B"
_BAR_CELLS = 16


class Plain(progress.Silent):
    """Says the notes only, a line each."""

    def note(self, message: str) -> None:
        """Say a sentence on standard error."""
        click.echo(f"dedup: {message}", err=True)


class Bars:
    """Draws a line for the stage that is at work, with a bar where its end is known; says the notes above it."""

    def __init__(self, display: bars.Progress) -> None:
        """Draw on this display, which is running."""
        self._display = display
        self._task: bars.TaskID | None = None

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Take the bar of the stage before away and begin another."""
        if self._task is not None:
            self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=total, unit=unit, moved_s=0.0)

    def expect(self, total: int | None, unit: str) -> None:
        """Begin the bar of the stage again, as long as this."""
        if self._task is not None:
            self.stage(self._display.tasks[0].description, total, unit)

    def advance(self, amount: int) -> None:
        """Move the bar on."""
        if self._task is not None and amount:
            self._display.update(self._task, advance=amount, moved_s=self._display.tasks[0].elapsed)

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
    from rich import console as consoles

    with display(consoles.Console(stderr=True, highlight=False)) as drawn:
        yield Bars(drawn)


def display(console: consoles.Console, now: Callable[[], float] = time.monotonic) -> bars.Progress:
    """Return what draws the line of a stage, which goes with the stage.

    Parameters
    ----------
    now : gives the time, in seconds
    """
    from rich import progress as bars
    from rich.text import Text

    class Length(bars.BarColumn):
        """A bar where it is known how long the stage is."""

        def render(self, task: bars.Task) -> Any:
            return super().render(task) if task.total else Text("")

    class State(bars.ProgressColumn):
        """How much is done, how fast, and how long it will take."""

        def render(self, task: bars.Task) -> Text:
            return Text(describe(task), style="dim")

    return bars.Progress(
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),
        Length(bar_width=_BAR_CELLS),
        State(),
        console=console,
        transient=True,
        get_time=now,
    )


def describe(task: bars.Task) -> str:
    """Return how far a stage is: share, rate and time left; or the time so far, where its end is not known."""
    unit, moved_s, elapsed_s = task.fields["unit"], task.fields["moved_s"], task.elapsed or 0.0
    speed = task.completed / moved_s if moved_s else 0.0
    if not task.total:
        done = [amount(task.completed, unit)] if task.completed else []
        rate = [f"{amount(speed, unit if unit == _BYTES else '')}/s"] if speed else []
        return ", ".join([*done, *rate, clock(elapsed_s)])
    if not speed:
        return f"{task.percentage:.0f}%, {clock(elapsed_s)}"
    left_s = (task.total - task.completed) / speed - (elapsed_s - moved_s)
    rate = [f"{amount(speed, unit)}/s"] if unit else []
    return ", ".join([f"{task.percentage:.0f}%", *rate, f"{clock(max(left_s, 0))} left"])


def amount(number: float, unit: str) -> str:
    """Return an amount with its unit.

    >>> amount(31314, "stories"), amount(327_000_000, "B"), amount(12.345, "articles")
    ('31,314 stories', '327.0 MB', '12 articles')
    """
    if unit == _BYTES:
        return f"{number / 1e6:,.1f} MB"
    return f"{number:,.0f} {unit}".rstrip()


def clock(seconds: float) -> str:
    """Return a length of time as a clock shows it.

    >>> clock(7.6), clock(3723)
    ('0:08', '1:02:03')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
