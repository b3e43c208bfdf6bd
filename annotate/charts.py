"""What a chart shows, apart from how it is drawn: the page draws it with D3 and keeps the table behind it.

A chart is plain data. `{% chart found %}` (template tags `charts`) writes the figure: its title and sentence, the
drawing, the same numbers as a table, and buttons that save it as PNG, SVG and CSV. Values are plain numbers; `unit`
says how they are written ("percent" for shares between 0 and 1, "number").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Unit = Literal["percent", "number"]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval and the number of things behind it; a value of None is not drawn, and `why` says
    why there is none."""

    value: float | None
    interval: Interval | None = None
    n: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a forest. `mark` picks colour and shape together, 0 to 5; `note` is said beside the numbers."""

    label: str
    estimate: Estimate
    mark: int = 0
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, estimate) joined by a line where `joined`."""

    name: str
    points: Sequence[tuple[float, Estimate]]
    joined: bool = True
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """What every chart has: an `id` of its own on the page, a title, and a sentence that says what it means."""

    id: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Forest(Chart):
    """Estimates below each other with their intervals. `reference` is a line to hold them against (chance, 0), named
    by `reference_label`; `marks` names the marks of the rows, in order."""

    rows: Sequence[Row] = ()
    unit: Unit = "percent"
    span: Interval | None = None
    reference: float | None = None
    reference_label: str = ""
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Matrix(Chart):
    """Estimates of pairs: `cells[row][column]`. `middle` is the value without colour (0 for kappa, ½ for a share)."""

    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    cells: Sequence[Sequence[Estimate]] = ()
    row_title: str = ""
    column_title: str = ""
    unit: Unit = "number"
    span: Interval = (0.0, 1.0)
    middle: float | None = None


@dataclass(frozen=True, slots=True)
class Stack(Chart):
    """Shares of a whole, a bar a row: `shares[row][part]`, with n behind each row."""

    parts: Sequence[str] = ()
    rows: Sequence[str] = ()
    shares: Sequence[Sequence[float]] = ()
    n: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Lines(Chart):
    """Estimates along a number or along time (`time`: x in seconds since 1970)."""

    series: Sequence[Series] = ()
    x_title: str = ""
    y_title: str = ""
    unit: Unit = "percent"
    span: Interval | None = None
    time: bool = False
    guides: Sequence[tuple[float, str]] = field(default=())


def estimate(figure: Mapping[str, Any] | None) -> Estimate:
    """A figure as reports store it ({value, interval, n, method}) as an estimate."""
    if figure is None:
        return Estimate(None)
    interval = figure.get("interval")
    limits = (interval[0], interval[1]) if interval else None
    return Estimate(figure["value"], limits, figure["n"], "" if figure["value"] is not None else figure["method"])
