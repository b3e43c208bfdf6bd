"""Questions to start from, for the campaign form and for a campaign proposed from a file."""

from dataclasses import dataclass
from typing import Any

RATING: dict[str, Any] = {
    "name": "rating",
    "kind": "rating",
    "shows": "each",
    "title": "How good is this response?",
    "config": {"min": 1, "max": 7, "labels": ["very poor", "excellent"]},
}
PREFERENCE: dict[str, Any] = {
    "name": "preference",
    "kind": "pairwise",
    "shows": "pair",
    "title": "Which response is better?",
    "config": {},
}


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """`least` is how many completions every item needs."""

    name: str
    label: str
    hint: str
    questions: tuple[dict[str, Any], ...]
    least: int = 1


STARTING_POINTS = {
    point.name: point
    for point in (
        StartingPoint("compare", "Compare two responses", "Which of two is better, or a tie.", (PREFERENCE,), 2),
        StartingPoint("rate", "Rate each response", "One completion at a time, on a scale from 1 to 7.", (RATING,)),
        StartingPoint(
            "both",
            "Rate and compare",
            "Both, over the same completions: measures how often ratings and rankings disagree.",
            (RATING, PREFERENCE),
            2,
        ),
    )
}


def proposed(completions: int) -> StartingPoint:
    """What to ask of items with so many completions, where nobody has said it."""
    return STARTING_POINTS["rate" if completions < 2 else "compare" if completions == 2 else "both"]
