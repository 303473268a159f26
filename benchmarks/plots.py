"""Plots as SVG, for the pages of docs/: lines over sizes on two logarithmic axes, and bars.

The colours of text and lines follow the reader's light or dark theme.
"""

from __future__ import annotations

import dataclasses
import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 40, 50
_BAR_HEIGHT, _BAR_GAP, _NAMES_WIDTH = 20, 8, 170
_COLOURS = ("#0969da", "#cf222e", "#1a7f37", "#9a6700", "#8250df")
_MOST_TICKS = 8
_WHOLE = 100
_STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 14px; font-weight: 600 }
.axis, .grid { stroke: #d1d9e0; fill: none }
.guide { stroke: #818b98; stroke-dasharray: 4 4; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .axis, .grid { stroke: #3d444d }
}"""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot: its name, and its points from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Axis:
    """A logarithmic axis: its ends, and where on the plot they stand."""

    least: float
    most: float
    at_least: float
    at_most: float

    def place(self, value: float) -> float:
        """Return where a value stands."""
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return self.at_least + share * (self.at_most - self.at_least)


def lines(title: str, unit_x: str, unit_y: str, drawn: Sequence[Line]) -> str:
    """Return a plot of lines on two logarithmic axes, with a dashed guide that grows as the first line's size does.

    Parameters
    ----------
    unit_x, unit_y : what stands beside the axes
    drawn : at least one line; all numbers are over 0

    >>> lines("Time", "articles", "seconds", [Line("1 thread", ((10, 1), (100, 12)))]).count("<polyline")
    2
    """
    every = [point for line in drawn for point in line.points]
    x_ticks = sorted({x for x, _ in every})
    y_ticks = ticks(min(y for _, y in every), max(y for _, y in every))
    across = _Axis(x_ticks[0], max(x_ticks[-1], 2 * x_ticks[0]), _LEFT, WIDTH - _RIGHT)
    up = _Axis(y_ticks[0], y_ticks[-1], HEIGHT - _BOTTOM, _TOP)
    parts = [_text(_LEFT, 20, title, kind="title")]
    for tick in y_ticks:
        y = up.place(tick)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}"/>')
        parts.append(_text(_LEFT - 8, y + 4, number(tick), anchor="end"))
    for tick in x_ticks:
        x = across.place(tick)
        parts.append(f'<path class="axis" d="M{x:.1f} {HEIGHT - _BOTTOM}v5"/>')
        parts.append(_text(x, HEIGHT - _BOTTOM + 20, number(tick), anchor="middle"))
    parts.append(_text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 10, unit_x, anchor="middle"))
    parts.append(
        f'<text transform="translate(14 {(_TOP + HEIGHT - _BOTTOM) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle">{escape(unit_y)}</text>'
    )
    parts.append(_guide(drawn[0], across, up))
    for place, line in enumerate(drawn):
        parts.extend(_line(line, place, across, up))
    return _svg(parts, HEIGHT)


def bars(title: str, unit: str, drawn: Sequence[tuple[str, float]]) -> str:
    """Return a plot of horizontal bars, the first one marked.

    >>> bars("Time", "s", [("ours", 1.0), ("theirs", 4.0)]).count("<rect")
    2
    """
    most = max(value for _, value in drawn)
    parts = [_text(10, 20, title, kind="title")]
    for place, (name, value) in enumerate(drawn):
        y = _TOP + place * (_BAR_HEIGHT + _BAR_GAP)
        width = (WIDTH - _NAMES_WIDTH - 90) * value / most
        colour = _COLOURS[0] if place == 0 else "#818b98"
        parts.append(_text(_NAMES_WIDTH - 8, y + 15, name, anchor="end"))
        parts.append(
            f'<rect x="{_NAMES_WIDTH}" y="{y}" width="{width:.1f}" height="{_BAR_HEIGHT}" fill="{colour}"/>'
        )
        parts.append(_text(_NAMES_WIDTH + width + 6, y + 15, f"{number(value)} {unit}"))
    return _svg(parts, _TOP + len(drawn) * (_BAR_HEIGHT + _BAR_GAP) + 10)


def ticks(least: float, most: float) -> list[float]:
    """Return round numbers around a range: 1, 2 or 5 times a power of ten, or powers of ten if those are too many.

    >>> ticks(3.0, 40.0)
    [2.0, 5.0, 10.0, 20.0, 50.0]
    >>> ticks(0.02, 3_000.0)
    [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0]
    """
    for steps in ((1, 2, 5), (1,)):
        around = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 2)
        round_ones = [float(f"{step}e{power}") for power in around for step in steps]
        first = max((i for i, tick in enumerate(round_ones) if tick <= least), default=0)
        last = next(i for i, tick in enumerate(round_ones) if tick >= most and i > first)
        found = round_ones[first : last + 1]
        if len(found) <= _MOST_TICKS:
            break
    return found


def number(value: float) -> str:
    """Return a number with three digits at least, and its thousands apart.

    >>> number(1_000_000), number(10.55), number(0.2)
    ('1,000,000', '10.6', '0.2')
    """
    return f"{value:,.0f}" if value >= _WHOLE else f"{value:.3g}"


def _guide(line: Line, across: _Axis, up: _Axis) -> str:
    """Return a dashed line from the first point on, as if all grew with the size."""
    x, y = line.points[0]
    end = min(across.most, x * up.most / y)
    return _polyline([(x, y), (end, y * end / x)], across, up, 'class="guide"')


def _line(line: Line, place: int, across: _Axis, up: _Axis) -> Iterator[str]:
    colour = _COLOURS[place % len(_COLOURS)]
    yield _polyline(line.points, across, up, f'fill="none" stroke="{colour}" stroke-width="2"')
    for x, y in line.points:
        yield f'<circle cx="{across.place(x):.1f}" cy="{up.place(y):.1f}" r="3.5" fill="{colour}"/>'
    y = _TOP + 12 + 20 * place
    yield f'<path d="M{_LEFT + 12} {y - 4}h20" stroke="{colour}" stroke-width="2"/>'
    yield _text(_LEFT + 38, y, line.name)


def _polyline(points: Sequence[tuple[float, float]], across: _Axis, up: _Axis, style: str) -> str:
    placed = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in points)
    return f'<polyline points="{placed}" {style}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(text)}</text>'


def _svg(parts: Sequence[str], height: float) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img">\n<style>\n{_STYLE}\n</style>\n{inside}\n</svg>\n'
    )
