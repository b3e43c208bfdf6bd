"""The charts of the pages on annotators, from the stored reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from annotate.charts import Estimate, Forest, Lines, Matrix, Row, Series, Unit, estimate
from annotate.models import Campaign
from routing.annotators.words import SIGNS

Figures = Mapping[str, Any]
MOST = 50
MARKS = ("not told apart from the others", "unlike the others", "excluded")
BY_QUESTION = ("agreement", "gold", "position", "length", "ties")


def unit_of(name: str) -> Unit:
    """Charts write points as percent, and seconds as numbers."""
    return "percent" if SIGNS[name].unit in ("percent", "points") else "number"


def forest(campaign: Campaign, name: str, rows: Sequence[Figures]) -> Forest:
    """One signal of the first fifty annotators."""
    sign = SIGNS[name]
    told = [row for row in rows if name in row["signals"]][:MOST]
    return Forest(
        id="annotators-chart",
        title=f"{sign.title} by annotator" if sign.unit != "seconds" else "Median seconds by annotator",
        sentence=f"Each row is {sign.means}. Bars are 95 % intervals over prompt groups.",
        rows=[_row(campaign, row, row["signals"][name]) for row in told],
        unit=unit_of(name),
        reference=sign.reference,
        reference_label="" if sign.reference is None else ("no effect" if sign.reference else "as expected"),
        marks=MARKS if any(row["excluded"] for row in told) else MARKS[:2],
    )


def _row(campaign: Campaign, row: Figures, signal: Figures) -> Row:
    note = "" if signal["p"] is None else f"adjusted p {signal['p']:.2g}"
    mark = 2 if row["excluded"] else int(signal["flagged"])
    return Row(row["name"], estimate(signal), mark, note, reverse("annotator", args=[campaign.slug, row["id"]]))


def over_time(points: Sequence[Figures]) -> Lines | None:
    if len(points) < 2:
        return None
    return Lines(
        id="over-time",
        title="Agreement along the work",
        sentence="The share of answers that are what most of the others said of the same thing, in parts of equally "
        "many answers, in the order of their times; things on which the others are split are left out.",
        series=[Series("Agreement", [(point["at"], estimate(point)) for point in points])],
        x_title="Time",
        y_title="Agreement",
        span=(0.0, 1.0),
        time=True,
    )


def confusion(number: int, found: Figures) -> Matrix:
    """How often each answer was given where another (or the same) was probably true."""
    n = found["n"]
    return Matrix(
        id=f"confusion-{number}",
        title=f"Confusions: {found['title']}",
        sentence="Of the things whose true answer is probably that of the row, the share that got the answer of the "
        "column (Dawid and Skene). The diagonal is what is right; what is true is estimated from everybody’s answers.",
        rows=found["labels"],
        columns=found["labels"],
        cells=[
            [Estimate(cell[0], (cell[1], cell[2]), round(n[true])) for cell in row]
            for true, row in enumerate(found["cells"])
        ],
        row_title="Probably true",
        column_title="Answered",
        unit="percent",
    )


def by_question(questions: Sequence[Figures]) -> list[Forest]:
    """Each signal question by question, where several have it."""
    charts = []
    for name in BY_QUESTION:
        sign = SIGNS[name]
        told = [(each["title"], each["signals"][name]) for each in questions if name in each["signals"]]
        if len(told) > 1:
            charts.append(
                Forest(
                    id=f"by-question-{name}",
                    title=f"{sign.title} by question",
                    sentence=f"Each row is {sign.means}.",
                    rows=[Row(title, estimate(signal)) for title, signal in told],
                    unit=unit_of(name),
                    reference=sign.reference,
                    reference_label="" if sign.reference is None else "no effect",
                )
            )
    return charts
