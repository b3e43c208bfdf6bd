"""Questions to start from, for the campaign form and for a campaign proposed from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotate.importing.mapping import RowMapping
from annotate.views.aspects import MULTIPREF

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
RANKING: dict[str, Any] = {
    "name": "ranking",
    "kind": "ranking",
    "shows": "all",
    "title": "Put the responses in order, the best first.",
    "config": {},
}
ERRORS: dict[str, Any] = {
    "name": "errors",
    "kind": "span",
    "shows": "each",
    "title": "Mark what is wrong with this response.",
    "config": {
        "labels": [
            {"key": "Irrelevant", "text": "Irrelevant", "hint": "Does not answer what is asked."},
            {"key": "Redundant", "text": "Redundant", "hint": "Says again what was said."},
            {"key": "Incoherent", "text": "Incoherent", "hint": "Cannot be understood, or contradicts itself."},
            {
                "key": "Wrong-Grounding",
                "text": "Wrong grounding",
                "refs": "optional",
                "hint": "The context says otherwise: name the sentences.",
            },
            {"key": "Unverifiable", "text": "Unverifiable", "hint": "The context neither supports nor denies it."},
            *(
                {"key": f"Missing-{key}", "text": f"Missing: {text}", "whole": "required", "refs": "optional"}
                for key, text in (
                    ("Answer", "the answer"),
                    ("Major-Auxiliary", "important background"),
                    ("Minor-Auxiliary", "minor background"),
                )
            ),
        ]
    },
}
CORRECTION: dict[str, Any] = {
    "name": "correction",
    "kind": "text",
    "shows": "each",
    "title": "Correct the response; leave it as it is where nothing is wrong.",
    "config": {"per": "completion", "prefill": True},
}
CHECKLIST: dict[str, Any] = {
    "name": "checklist",
    "kind": "checklist",
    "shows": "each",
    "title": "Does the response meet each point?",
    "config": {"points_from": "item"},
}
CRITIQUE: dict[str, Any] = {
    "name": "critique",
    "kind": "text",
    "shows": "each",
    "title": "What is good and what is bad about this response?",
    "config": {"per": "completion", "min_length": 10},
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
        StartingPoint("rank", "Rank all", "Any number of completions in order, ties allowed.", (RANKING,), 2),
        StartingPoint(
            "multipref",
            "Compare aspect by aspect",
            "As in MultiPref: helpful, truthful, harmless and overall, each with confidence and reasons.",
            MULTIPREF,
            2,
        ),
        StartingPoint(
            "errors",
            "Mark errors in the text",
            "As in Fine-Grained RLHF: error types, missing information, and a corrected response.",
            (ERRORS, CORRECTION),
        ),
        StartingPoint(
            "checklist", "Checklist", "Each item’s own points: met, not met, or not applicable.", (CHECKLIST,)
        ),
        StartingPoint(
            "critique",
            "Critique and correct",
            "A critique of each completion and its correction.",
            (CRITIQUE, CORRECTION),
        ),
    )
}


def from_file(mapping: RowMapping, options: Mapping[str, Any]) -> StartingPoint | None:
    """The questions that a file's own labels answer, where its format says them."""
    questions = mapping.proposes(options)
    if not questions:
        return None
    hint = f"The questions of {mapping.title}, so that every label goes in."
    return StartingPoint("file", "As in the file", hint, tuple(dict(question) for question in questions))


def proposed(completions: int) -> StartingPoint:
    """What to ask of items with so many completions, where nobody has said it."""
    return STARTING_POINTS["rate" if completions < 2 else "compare" if completions == 2 else "both"]
