"""What the report says first: where people agree less, or contradict themselves more, than elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

TITLE = "Slices that differ"
WORSE = {"agreement": -1, "inconsistency": 1}
"""Measures of how far labels can be trusted, and the direction that is worse."""


def headline(questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry: the worst discovery about trust, or that there is none."""
    tests = sum(question["tests"] for question in questions)
    if not tests:
        return [_entry("No slice is large enough yet to be held against the rest.", None, "unknown")]
    found = [
        (abs(cell["difference"]["value"]), question, measure, cell)
        for question in questions
        for measure in question["measures"]
        for cell in measure["slices"]
        if cell["different"] and _is_worse(measure["name"], cell["difference"]["value"])
    ]
    others = sum(question["discoveries"] for question in questions) - len(found)
    more = f" {others} other difference{'s' * (others != 1)} (ties, ratings, time, or better) {_are(others)} listed."
    if not found:
        said = "Nowhere do people agree less, or contradict themselves more, than elsewhere by more than chance."
        return [_entry(said + more * bool(others), None, "good")]
    _, question, measure, cell = max(found, key=lambda each: each[0])
    return [_entry(_sentence(question, measure, cell, len(found)), cell["inside"], "mind")]


def _is_worse(measure: str, difference: float) -> bool:
    return difference * WORSE.get(measure.split(":")[0], 0) > 0


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _sentence(question: Mapping[str, Any], measure: Mapping[str, Any], cell: Mapping[str, Any], count: int) -> str:
    key, points = question["slices"][cell["slice"]]["key"], abs(round(100 * cell["difference"]["value"]))
    more = f" It is the largest of {count} such differences." if count > 1 else ""
    way = "below" if cell["difference"]["value"] < 0 else "above"
    return f"{measure['title']} on {question['title']} in “{key}” is {points} points {way} the rest.{more}"


def _entry(sentence: str, figure: Mapping[str, Any] | None, level: str) -> dict[str, Any]:
    return {"title": TITLE, "sentence": sentence, "figure": figure, "unit": "percent", "level": level}
