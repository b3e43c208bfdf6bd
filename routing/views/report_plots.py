"""The charts of a reliability report."""

from collections.abc import Mapping, Sequence
from typing import Any

from routing.views.plots import LARGEST, SMALLEST, Plot, Point, Series


def calibration_plot(found: Mapping[str, Any]) -> Plot | None:
    """How often it is right (y) where it is so sure (x), before and after calibration; perfect is on the diagonal."""
    bins = [each for when in ("before", "after") for each in found[when]["bins"]]
    if not bins:
        return None
    low = 0.5 if min(each["confidence"] for each in bins) >= 0.5 else 0.0
    plot = Plot("Calibration", "how sure it is, %", "how often it is right, %", (low, 1.0), (0.0, 1.0))
    plot.guides.append((plot.x(low), plot.y(low), plot.x(1), plot.y(1), "diagonal"))
    most = max(each["n"] for each in bins)
    for when, title, square in (("before", "as it says", False), ("after", "calibrated, out of fold", True)):
        points = [_bin_point(plot, each, most) for each in found[when]["bins"]]
        plot.series.append(Series(title, when, points, _path(points), square))
    return plot


def _bin_point(plot: Plot, found: Mapping[str, Any], most: int) -> Point:
    r = SMALLEST + (LARGEST - SMALLEST) * (found["n"] / most) ** 0.5
    low, high = found["interval"]
    return Point(plot.x(found["confidence"]), plot.y(found["accuracy"]), round(r, 1), plot.y(low), plot.y(high))


def coverage_plot(curve: Sequence[Sequence[float]]) -> Plot | None:
    """Accuracy (y) when it answers only the share (x) that it is surest of."""
    if len(curve) < 2:
        return None
    low = 0.5 if min(y for _, y in curve) >= 0.5 else 0.0
    x_title, y_title = "share that it answers, surest first, %", "how often it is right, %"
    plot = Plot("Coverage", x_title, y_title, (0.0, 1.0), (low, 1.0))
    points = [Point(plot.x(x), plot.y(y)) for x, y in curve]
    plot.series.append(Series("right", "before", (), _path(points)))
    return plot


def slots_plot(pairs: Sequence[Sequence[float]]) -> Plot:
    """P(first slot) in the one order (x) and in the other (y): a judge without a lean keeps to the falling diagonal."""
    span = (0.0, 1.0)
    plot = Plot("Both orders", "first slot, in the item's order, %", "first slot, order turned, %", span, span)
    guides = [
        (plot.x(0), plot.y(1), plot.x(1), plot.y(0), "diagonal"),
        (plot.x(0.5), plot.y(0), plot.x(0.5), plot.y(1), "half"),
        (plot.x(0), plot.y(0.5), plot.x(1), plot.y(0.5), "half"),
    ]
    notes = [
        (plot.x(0.75), plot.y(0.93), "first slot twice"),
        (plot.x(0.25), plot.y(0.03), "second slot twice"),
        (plot.x(0.75), plot.y(0.03), "first completion"),
        (plot.x(0.25), plot.y(0.93), "second completion"),
    ]
    plot.guides.extend(guides)
    plot.notes.extend(notes)
    plot.series.append(Series("pairs", "pair", [Point(plot.x(x), plot.y(y)) for x, y in pairs]))
    return plot


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{'L' if n else 'M'}{point.x} {point.y}" for n, point in enumerate(points))
