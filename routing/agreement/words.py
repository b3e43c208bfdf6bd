"""Agreement in words: what a coefficient says, and what to make of it. Reads the stored figures alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from annotate.chart_tables import written

Level = Literal["good", "mind", "bad", "unknown"]
Figures = Mapping[str, Any]
RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's customary limits (*Content Analysis*): rely on data from .8, conclude tentatively down to .667."""
FEW = 10
WHO = {"human": "people", "judge": "judges", "all": "people and judges"}
DISTANCES = {
    "pairwise": "a tie lies between the two sides (ordinal)",
    "nominal": "any other label is as far away as any (nominal)",
    "ordinal": "two steps are as far apart as there are answers between them (ordinal)",
    "interval": "the square of the difference of two numbers (interval)",
    "ranking": "the share of pairs of completions in another order, a tie against an order counting half",
    "set": "sets that share options are apart in part only (MASI)",
    "span": "every character counts, by the labels that cover it (sets of labels, MASI)",
}


def level(alpha: Figures | None) -> Level:
    if alpha is None or alpha["value"] is None or alpha["n"] < FEW:
        return "unknown"
    return "good" if alpha["value"] >= RELIABLE else "mind" if alpha["value"] >= TENTATIVE else "bad"


def distance(question: Figures) -> str:
    """How far two answers to the question are apart."""
    return DISTANCES.get(question["kind"]) or DISTANCES[question["scale"]]


def meaning(alpha: Figures) -> str:
    """Such as: Alpha 0.42 (95 % interval 0.31 to 0.52): answers differ 58 % as much as if drawn at random."""
    value, interval = alpha["value"], alpha["interval"]
    if value is None:
        return f"Alpha is not defined: {alpha['method']}."
    if round(value, 2) <= 0:
        said = "no better than answers drawn at random"
    elif interval and interval[0] <= 0:
        said = "not told apart from answers drawn at random"
    else:
        said = f"answers differ {round(100 * (1 - value))} % as much as if drawn at random"
    few = f"; only {alpha['n']} things, so an impression, not a figure" if alpha["n"] < FEW else ""
    return f"Alpha {written(value, 'number')} ({_range(interval)}): {said}{few}."


def _range(interval: Sequence[float] | None) -> str:
    if interval is None:
        return "no interval"
    low, high = (written(limit, "number") for limit in interval)
    return f"95 % interval {low} to {high}"


VERDICTS: dict[Level, tuple[str, str]] = {
    "good": ("reliable", "At or above .8, from where data are relied on by Krippendorff’s custom."),
    "mind": ("tentative", "Between .667 and .8: for tentative conclusions, by Krippendorff’s custom."),
    "bad": ("weak", "Below .667: by Krippendorff’s custom single answers are no ground for conclusions."),
    "unknown": ("too little", "Too little to hold against the customary limits."),
}
"""What the customary limits say, in a word and in a sentence."""


def paradox(group: Figures) -> str | None:
    """The prevalence paradox, where percent and AC1 are high and kappa or alpha low: most things have one answer."""
    percent, alpha, gwet = (group.get(name) or {} for name in ("percent", "alpha", "gwet"))
    share, beyond = percent.get("value"), alpha.get("value")
    if share is None or beyond is None or share < 0.8 or beyond >= 0.5:
        return None
    beside = gwet.get("value")
    said = f"Two annotators say the same in {round(100 * share)} % of cases, but alpha is only {beyond:.2f}: nearly all"
    other = f" AC is {beside:.2f}: it takes chance to be smaller." if beside is not None else ""
    return (
        f"{said} things have the same answer, so agreement by chance is high and little is left to show skill "
        f"(the prevalence paradox).{other} Look at the rare answer itself before calling either figure the truth."
    )


def headline(questions: Sequence[Figures]) -> list[dict[str, Any]]:
    """The question on which people agree least; of judges where no two people answered anything."""
    for annotators in ("human", "all"):
        found = [(group["alpha"], q) for q in questions for group in q["groups"] if group["annotators"] == annotators]
        known = [(alpha, question) for alpha, question in found if alpha["value"] is not None]
        if known:
            alpha, question = min(known, key=lambda each: each[0]["value"])
            return [_line(alpha, question, annotators)]
    sentence = "Nothing was answered by two annotators yet: an overlap of 2 or more tells how far they agree."
    return [{"title": "Agreement", "sentence": sentence, "figure": None, "unit": "number", "level": "unknown"}]


def _line(alpha: Figures, question: Figures, annotators: str) -> dict[str, Any]:
    return {
        "title": f"Agreement between {WHO[annotators]}",
        "sentence": f"Lowest on “{question['title']}”: {meaning(alpha)}",
        "figure": alpha,
        "unit": "number",
        "level": level(alpha),
    }
