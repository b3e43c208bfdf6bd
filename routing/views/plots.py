"""The geometry of the reliability charts: SVG made of attributes alone, in units of a view box, a table behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 44
SMALLEST, LARGEST = 3.0, 8.0
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A mark at (x, y), with a whisker from `low` to `high` where there is an interval."""

    x: float
    y: float
    r: float = SMALLEST
    low: float | None = None
    high: float | None = None

    @property
    def corner(self) -> tuple[float, float]:
        return self.x - self.r, self.y - self.r

    @property
    def side(self) -> float:
        return 2 * self.r


@dataclass(frozen=True, slots=True)
class Series:
    """Marks of one look (`css`, also the name of their shape), joined by a line where `path` says so."""

    name: str
    css: str
    points: Sequence[Point] = ()
    path: str = ""
    square: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A frame with two axes over shares, its series, and guide lines (x1, y1, x2, y2, css)."""

    label: str
    x_title: str
    y_title: str
    x_range: Range
    y_range: Range
    series: list[Series] = field(default_factory=list)
    guides: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    notes: list[tuple[float, float, str]] = field(default_factory=list)

    width = WIDTH
    height = HEIGHT
    left = LEFT
    top = TOP
    right = WIDTH - RIGHT
    bottom = HEIGHT - BOTTOM
    middle = (LEFT + WIDTH - RIGHT) / 2
    center = (TOP + HEIGHT - BOTTOM) / 2

    def x(self, value: float) -> float:
        low, high = self.x_range
        return round(LEFT + (value - low) / (high - low) * (self.right - LEFT), 1)

    def y(self, value: float) -> float:
        low, high = self.y_range
        return round(self.bottom - (value - low) / (high - low) * (self.bottom - TOP), 1)

    @property
    def x_ticks(self) -> list[tuple[float, str]]:
        return [(self.x(tick), f"{100 * tick:.0f}") for tick in _ticks(self.x_range)]

    @property
    def y_ticks(self) -> list[tuple[float, str]]:
        return [(self.y(tick), f"{100 * tick:.0f}") for tick in _ticks(self.y_range)]

    @property
    def frame(self) -> tuple[float, float]:
        return self.right - LEFT, self.bottom - TOP


def _ticks(span: Range) -> list[float]:
    low, high = span
    step = 0.25 if high - low > 0.6 else 0.1
    first = round(low / step)
    return [round(step * n, 2) for n in range(first, round(high / step) + 1)]


@dataclass(frozen=True, slots=True)
class Whisker:
    """An interval in a row of a forest plot, in percent of its width; None where there is none."""

    value: float
    low: float | None
    high: float | None


def whisker(figure: Mapping[str, Any] | None, span: Range = (0.0, 1.0)) -> Whisker | None:
    if not figure or figure["value"] is None:
        return None
    low, high = span

    def place(value: float) -> float:
        return round(100 * min(1, max(0, (value - low) / (high - low))), 2)

    limits = figure["interval"]
    return Whisker(place(figure["value"]), *(map(place, limits) if limits else (None, None)))
