"""The numbers of a chart as a table, and as the plain data that the page's script draws from."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotate.charts import Chart, Estimate, Forest, Lines, Matrix, Stack, Unit

NONE = "–"
FEW = 10
"""A figure from fewer units than this is marked."""
SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `hint` stands small below it, and `href` makes it a link."""

    text: str
    hint: str = ""
    href: str = ""
    number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Titles of the columns, those of numbers marked, and the rows; the first cell of a row names it."""

    columns: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def table(chart: Chart) -> Table:
    """The numbers behind a chart; raises TypeError for a chart of an unknown type."""
    found: Table = _of(TABLES, chart)(chart)
    return found


def data(chart: Chart) -> dict[str, Any]:
    """What the script draws from, as JSON knows it. An estimate is [value, low, high, n, why].

    Raises ValueError where a number is not finite, which JSON cannot say.
    """
    found = {"type": type(chart).__name__.lower(), **_of(DATA, chart)(chart)}
    found |= {"id": chart.id, "title": chart.title, "sentence": chart.sentence}
    _refuse_what_is_not_finite(found, chart.id)
    return found


def written(value: float | None, unit: Unit) -> str:
    """A value as pages write it: "56.4 %" for a share; else two places or three digits, and a real minus sign."""
    if value is None:
        return NONE
    if unit == "percent":
        return f"{_plain(100 * value, 1)}{SPACE}%"
    size = abs(value)
    if size >= 10:
        return _plain(value, 0 if size >= 100 else 1)
    return _plain(value, 2)


def interval(found: Estimate, unit: Unit) -> str:
    """ "44.0 to 68.0 %"; a dash where there is none."""
    if found.interval is None:
        return NONE
    low, high = (written(limit, unit) for limit in found.interval)
    return f"{low.removesuffix(f'{SPACE}%')} to {high}"


def _plain(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return (text.removeprefix("-") if float(text.replace(",", "")) == 0 else text).replace("-", "\u2212")


def _estimate(found: Estimate, unit: Unit) -> tuple[Cell, Cell, Cell]:
    """Value, interval and n, each in a cell of its own."""
    few = found.value is not None and 0 < found.n < FEW
    return (
        Cell(written(found.value, unit), found.why if found.value is None else ""),
        Cell(interval(found, unit)),
        Cell(f"{found.n:,}" if found.n else NONE, f"fewer than {FEW}" if few else ""),
    )


def _titles(*first: str) -> tuple[Cell, ...]:
    named = tuple(Cell(title, number=False) for title in first)
    return (*named, Cell("Value"), Cell(f"95{SPACE}% interval"), Cell("n"))


def _forest_table(chart: Forest) -> Table:
    kinds, notes = bool(chart.marks), any(row.note for row in chart.rows)
    rows = []
    for row in chart.rows:
        cells = [Cell(row.label, href=row.href, number=False)]
        cells += [Cell(_name_of(chart.marks, row.mark), number=False)] if kinds else []
        cells += [*_estimate(row.estimate, chart.unit)]
        cells += [Cell(row.note, number=False)] if notes else []
        rows.append(cells)
    held = f"{chart.reference_label or 'The line'}: {written(chart.reference, chart.unit)}."
    columns = [*_titles("", *(["Kind"] if kinds else [])), *([Cell("Note", number=False)] if notes else [])]
    return Table(columns, rows, held if chart.reference is not None else "")


def _matrix_table(chart: Matrix) -> Table:
    columns = [Cell(chart.row_title, number=False), *(Cell(column) for column in chart.columns)]
    rows = [
        [Cell(label, number=False), *(_in_matrix(cell, chart.unit) for cell in cells)]
        for label, cells in zip(chart.rows, chart.cells, strict=True)
    ]
    across = f"Rows: {chart.row_title}; columns: {chart.column_title}. " if chart.column_title else ""
    return Table(columns, rows, f"{across}Below each value: its 95{SPACE}% interval and n.")


def _in_matrix(found: Estimate, unit: Unit) -> Cell:
    if found.value is None:
        return Cell(NONE, found.why)
    behind = [interval(found, unit)] * (found.interval is not None) + [f"n{SPACE}{found.n:,}"] * (found.n > 0)
    return Cell(written(found.value, unit), ", ".join(behind))


def _stack_table(chart: Stack) -> Table:
    columns = [Cell("", number=False), *(Cell(part) for part in chart.parts), Cell("n")]
    rows = [
        [Cell(label, number=False), *(Cell(written(share, "percent")) for share in shares), Cell(f"{n:,}")]
        for label, shares, n in zip(chart.rows, chart.shares, chart.n, strict=True)
    ]
    return Table(columns, rows)


def _lines_table(chart: Lines) -> Table:
    rows = [
        [Cell(series.name, number=False), Cell(_x(x, chart.time)), *_estimate(found, chart.unit)]
        for series in chart.series
        for x, found in series.points
    ]
    first, *others = _titles("")
    columns = [first, Cell(chart.x_title), *others]
    guides = "; ".join(f"{label}: {written(at, chart.unit)}" for at, label in chart.guides)
    return Table(columns, rows, f"{guides}." if guides else "")


def _x(x: float, time: bool) -> str:
    return f"{datetime.fromtimestamp(x, UTC):%Y-%m-%d %H:%M}" if time else written(x, "number")


def _name_of(names: Sequence[str], mark: int) -> str:
    return names[mark] if mark < len(names) else ""


def _short(found: Estimate) -> list[Any]:
    low, high = found.interval or (None, None)
    return [found.value, low, high, found.n, found.why]


def _forest_data(chart: Forest) -> dict[str, Any]:
    rows = [
        {"label": r.label, "estimate": _short(r.estimate), "mark": r.mark, "note": r.note, "href": r.href}
        for r in chart.rows
    ]
    held = {"reference": chart.reference, "referenceLabel": chart.reference_label}
    return {"rows": rows, "unit": chart.unit, "span": chart.span, "marks": chart.marks, **held}


def _matrix_data(chart: Matrix) -> dict[str, Any]:
    cells = [[_short(cell) for cell in row] for row in chart.cells]
    named = {"rows": chart.rows, "columns": chart.columns, "rowTitle": chart.row_title}
    scale = {"unit": chart.unit, "span": chart.span, "middle": chart.middle}
    return {**named, "columnTitle": chart.column_title, "cells": cells, **scale}


def _stack_data(chart: Stack) -> dict[str, Any]:
    return {"parts": chart.parts, "rows": chart.rows, "shares": chart.shares, "n": chart.n, "unit": "percent"}


def _lines_data(chart: Lines) -> dict[str, Any]:
    series = [
        {"name": s.name, "joined": s.joined, "mark": s.mark, "points": [[x, _short(found)] for x, found in s.points]}
        for s in chart.series
    ]
    axes = {"xTitle": chart.x_title, "yTitle": chart.y_title, "time": chart.time, "guides": chart.guides}
    return {"series": series, "unit": chart.unit, "span": chart.span, **axes}


def _refuse_what_is_not_finite(found: Any, name: str) -> None:
    for number in _numbers(found):
        if not math.isfinite(number):
            raise ValueError(f"the chart {name!r} holds {number}: say None and why instead")


def _numbers(found: Any) -> Iterator[float]:
    if isinstance(found, float):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _numbers(value)
    elif isinstance(found, Sequence) and not isinstance(found, str):
        for value in found:
            yield from _numbers(value)


def _of(known: Mapping[type, Callable[[Any], Any]], chart: Chart) -> Callable[[Any], Any]:
    if type(chart) not in known:
        raise TypeError(f"{type(chart).__name__} is no chart that can be drawn")
    return known[type(chart)]


TABLES: dict[type, Callable[[Any], Table]] = {
    Forest: _forest_table,
    Matrix: _matrix_table,
    Stack: _stack_table,
    Lines: _lines_table,
}
DATA: dict[type, Callable[[Any], dict[str, Any]]] = {
    Forest: _forest_data,
    Matrix: _matrix_data,
    Stack: _stack_data,
    Lines: _lines_data,
}
