"""The charts of the page about agreement."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.http import urlencode

from annotate.charts import Estimate, Forest, Lines, Matrix, Row, Series, estimate
from routing.agreement.words import RELIABLE, TENTATIVE, WHO

Figures = Mapping[str, Any]
MARKS = ("people", "judges", "people and judges")
PLACE = {name: n for n, name in enumerate(WHO)}
SHOWN = 20
"""Annotators of a matrix on the page; the stored report has more."""


def by_question(questions: Sequence[Figures]) -> Forest:
    """Alpha of every question and group of annotators."""
    several = len({group["annotators"] for question in questions for group in question["groups"]}) > 1
    rows = [
        Row(
            f"{question['title']}, {WHO[group['annotators']]}" if several else question["title"],
            estimate(group["alpha"]),
            PLACE[group["annotators"]],
            href=f"?{urlencode({'question': question['question']})}",
        )
        for question in questions
        for group in question["groups"]
    ]
    return Forest(
        id="agreement-questions",
        title="Krippendorff’s alpha by question",
        sentence="1 is full agreement, 0 is what chance would give, below 0 annotators contradict each other; bars are "
        "95 % intervals over prompt groups. The distance between two answers is the one that fits the question.",
        rows=rows,
        unit="number",
        reference=TENTATIVE,
        reference_label=".667",
        marks=MARKS,
    )


def matrices(question: Figures) -> list[Matrix]:
    """Annotators against each other, and people against judges; none where nobody has a thing in common."""
    kind = "Weighted kappa" if question.get("weighed") else "Kappa"
    tell = (
        "Each cell is how far two annotators agree beyond chance on what both answered: 1 is all, 0 is chance. A row "
        "that is pale throughout is an annotator who understands the question in another way, or takes less care."
    )
    against = "Each cell is how far a judge agrees with one person beyond chance on what both answered."
    found = [
        ("people", "agreement-people", f"{kind} between people", tell, "Annotator", "Annotator"),
        ("judges", "agreement-judges", f"{kind} between people and judges", against, "Person", "Judge"),
    ]
    return [_matrix(question[part], *words) for part, *words in found if question.get(part)]


def _matrix(found: Figures, id: str, title: str, sentence: str, rows: str, columns: str) -> Matrix:
    most = max(len(found["rows"]), len(found["columns"]))
    cut = f" Shown are the {SHOWN} who answered most; the API’s report has {most}." if most > SHOWN else ""
    return Matrix(
        id=id,
        title=title,
        sentence=f"{sentence}{cut}",
        rows=[who["name"] for who in found["rows"][:SHOWN]],
        columns=[who["name"] for who in found["columns"][:SHOWN]],
        cells=[[_cell(cell) for cell in row[:SHOWN]] for row in found["cells"][:SHOWN]],
        row_title=rows,
        column_title=columns,
        unit="number",
        span=(-1.0, 1.0),
        middle=0.0,
    )


def _cell(cell: Figures | None) -> Estimate:
    return Estimate(None, why="nothing in common") if cell is None else estimate(cell)


def arms(question: Figures) -> Forest | None:
    """Alpha of either arm of an experiment, and the difference."""
    found = question.get("arms")
    if not found:
        return None
    names = {"with": "Checklist first", "without": "No checklist", "difference": "Difference"}
    checklist = f"“{found['checklist']}”" if found.get("checklist") else "the checklist"
    return Forest(
        id="agreement-arms",
        title="With and without the checklist",
        sentence=f"Alpha between people who answered {checklist} before this question and between people who did not. "
        "The checklist makes them agree more if the interval of the difference lies above 0.",
        rows=[Row(title, estimate(found[name]), int(name == "difference")) for name, title in names.items()],
        unit="number",
        reference=0.0,
        reference_label="0",
        marks=("alpha", "difference of two alphas"),
    )


def over_time(question: Figures) -> Lines | None:
    """Alpha of equal parts of the campaign."""
    points = question.get("over_time")
    if not points:
        return None
    return Lines(
        id="agreement-time",
        title="Along the campaign",
        sentence="Alpha between people in parts of as many things each, by when they were last answered. A fall may be "
        "fatigue, new annotators or harder items.",
        series=[Series("alpha", [(point["at"], estimate(point["alpha"])) for point in points])],
        x_title="Answered",
        y_title="Alpha",
        unit="number",
        time=True,
        guides=((TENTATIVE, ".667"), (RELIABLE, ".8")),
    )


def by_label(group: Figures) -> Forest | None:
    """F1 of the spans of each label."""
    if not group["by_label"]:
        return None
    rows = [
        Row(f"{each['label']}, {words}", estimate(each[part]), mark)
        for each in group["by_label"]
        for mark, (part, words) in enumerate((("exact", "whole spans"), ("overlap", "characters")))
    ]
    return Forest(
        id="agreement-labels",
        title="Agreement label by label",
        sentence="F1 between two people of the spans with this label: exactly the same span, and the same characters.",
        rows=rows,
        unit="percent",
        span=(0.0, 1.0),
        marks=("whole spans", "characters"),
    )
