"""Figures as a sentence holds them."""

from collections.abc import Mapping
from typing import Any

NOUNS = {"pairwise": "pair", "ranking": "pair", "rating": "rating", "checklist": "point", "choice": "choice"}
WHOM = {"people": "people", "gold": "the gold answers"}
MINUS = "\u2212"

Figures = Mapping[str, Any]


def share(figure: Figures) -> str:
    """Such as 71 % (64–77): the share with the limits of its 95 % interval."""
    if figure["value"] is None:
        return "an unknown share"
    text = percent(figure["value"])
    if figure["interval"] is None:
        return text
    low, high = (f"{100 * limit:.0f}" for limit in figure["interval"])
    return f"{text} ({low}–{high})"


def count(question: Figures, n: int) -> str:
    """Such as 120 pairs."""
    noun = NOUNS.get(question["kind"], "answer")
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def percent(value: float) -> str:
    return f"{100 * value:.0f}\u00a0%"


def bracketed(figure: Figures) -> str:
    """Such as 0.10 (−0.10 to 0.30)."""
    low, high = figure["interval"]
    return f"{figure['value']:.2f} ({low:.2f} to {high:.2f})".replace("-", MINUS)
