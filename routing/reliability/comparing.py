"""Judges side by side on one question, from their stored reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.models import Judge
from routing.reliability.table import Reference

Reports = Sequence[tuple[Judge, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What one judge's report says of the question; `held` is None where it has no reference."""

    judge: Judge
    question: Mapping[str, Any]
    reference: Reference
    held: Mapping[str, Any] | None


def compared(reports: Iterable[tuple[Judge, Mapping[str, Any]]], question: str, reference: Reference) -> list[Compared]:
    """The judges that have answered the question, by agreement; those without a reference come last."""
    found = [
        Compared(judge, each, reference, each["against"][reference])
        for judge, report in reports
        for each in report["questions"]
        if each["question"] == question and "against" in each
    ]
    return sorted(found, key=lambda each: -_agreement(each))


def _agreement(each: Compared) -> float:
    value = each.held["agreement"]["percent"]["value"] if each.held else None
    return -1.0 if value is None else float(value)


def questions_of(reports: Reports) -> list[str]:
    """The questions that any of the judges has answered."""
    return list(dict.fromkeys(each["question"] for _, report in reports for each in report["questions"]))
