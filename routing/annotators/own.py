"""What an annotator may see of his own figures: neutral words, nobody's name, no gold, no flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.annotators.words import SPACE, Unit, written

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """A signal as its annotator reads it. `means` is said of `{n}` answers; of fewer than `fewest` nothing is."""

    title: str
    unit: Unit
    means: str
    what: str = "answers"
    fewest: int = 10


OWN: Mapping[str, Own] = {
    "agreement": Own(
        "Agreement with the others",
        "number",
        "How often, beyond chance, your answer is that of most others who answered the same: 1 is always, 0 is no more "
        "than chance. The others are not always right.",
        fewest=20,
    ),
    "retest": Own(
        "The same answer again",
        "percent",
        "How often you gave the same answer when something came up a second time. Some things have two good answers.",
        "answers given twice",
    ),
    "position": Own(
        "The response shown first",
        "percent",
        "How often you preferred the response that was shown first. Since the order is drawn by lot, half is what to "
        "expect.",
        "pairs in which you preferred one",
    ),
    "length": Own(
        "The longer response",
        "points",
        "How many more times in 100 than others you preferred the longer response of the same pairs; below 0, fewer.",
        "pairs",
        20,
    ),
    "pace": Own(
        "Time for an answer", "seconds", "Half of your answers took longer, half less. No time is the right one."
    ),
}
"""By the names of `routing.annotators.words.SIGNS`, in the order in which they are shown."""
STEPS = {"number": 0.1, "percent": 0.01, "points": 0.01, "seconds": 1.0}
"""Figures are shown no finer than this: a finer one would tell what others said of the last item."""
ENDS = (f"{SPACE}%", f"{SPACE}s", f"{SPACE}in{SPACE}100")


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    value: str
    interval: str
    n: int
    what: str
    means: str


def own_lines(report: Row, annotator: int) -> tuple[list[Line], list[tuple[str, int]]]:
    """An annotator's figures in the stored report `annotators`, and of which there is too little, with the number that
    it takes."""
    row: Row = next((each for each in report["annotators"] if each["id"] == annotator), {"signals": {}})
    lines, waiting = list[Line](), list[tuple[str, int]]()
    for name, own in OWN.items():
        signal = row["signals"].get(name)
        if signal is None or signal["n"] < own.fewest:
            waiting.append((f"{own.title} ({own.what})", own.fewest))
        else:
            lines.append(_line(own, signal))
    return lines, waiting


def _line(own: Own, signal: Row) -> Line:
    limits = _interval(own, signal["interval"]) if signal["interval"] else ""
    return Line(own.title, _written(own, signal["value"]), limits, signal["n"], own.what, own.means)


def _interval(own: Own, interval: Sequence[float]) -> str:
    low, high = (_written(own, limit) for limit in interval)
    for end in ENDS:
        low = low.removesuffix(end)
    return f"{low} to {high}"


def _written(own: Own, value: float) -> str:
    """A value no finer than its step, without the places that the step makes needless."""
    step = STEPS[own.unit]
    rounded = round(value / step) * step + 0.0
    text = written(rounded, own.unit)
    if own.unit == "number":
        return text[:-1]
    return text.replace(".0", "", 1) + (ENDS[2] if own.unit == "points" else "")
