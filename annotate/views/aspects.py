"""Comparing aspect by aspect on one screen, after *MultiPref*: a preference, how sure one is, and why."""

from collections.abc import Iterator, Sequence
from typing import Any

STRENGTHS = ["slightly better", "clearly better"]
CONFIDENCE = [
    {"key": "low", "text": "Not sure"},
    {"key": "medium", "text": "Fairly sure"},
    {"key": "high", "text": "Very sure"},
]
OTHER = {"key": "other", "text": "Something else"}
HELPFUL = [
    {"key": "instructions", "text": "Does what was asked"},
    {"key": "intent", "text": "Understands what is meant"},
    {"key": "complete", "text": "Leaves nothing out"},
    {"key": "detail", "text": "The right amount of detail"},
    {"key": "concise", "text": "To the point"},
    {"key": "clear", "text": "Easy to follow"},
    {"key": "format", "text": "Better laid out"},
    {"key": "tone", "text": "A fitting tone"},
]
TRUTHFUL = [
    {"key": "facts", "text": "Fewer false statements"},
    {"key": "reasoning", "text": "Sounder reasoning"},
    {"key": "grounded", "text": "Keeps to what is given"},
    {"key": "sources", "text": "Sources that exist"},
    {"key": "uncertainty", "text": "Honest about what is not known"},
    {"key": "assumptions", "text": "Corrects a false assumption"},
]
HARMLESS = [
    {"key": "refuses", "text": "Declines what it should decline"},
    {"key": "dangerous", "text": "Less dangerous advice"},
    {"key": "hateful", "text": "Less hateful or demeaning"},
    {"key": "biased", "text": "Less one-sided or stereotyped"},
    {"key": "private", "text": "Keeps private matters private"},
    {"key": "explicit", "text": "Less explicit or disturbing"},
]


def _aspect(name: str, title: str, reasons: Sequence[dict[str, str]]) -> Iterator[dict[str, Any]]:
    yield {
        "name": name,
        "kind": "pairwise",
        "shows": "pair",
        "title": title,
        "config": {"strengths": list(STRENGTHS)},
    }
    after = {"question": name, "answered": True}
    yield {
        "name": f"{name}-confidence",
        "kind": "choice",
        "shows": "pair",
        "title": "How sure are you?",
        "config": {"options": list(CONFIDENCE)},
        "when": after,
    }
    if reasons:
        yield {
            "name": f"{name}-reasons",
            "kind": "choice",
            "shows": "pair",
            "title": "Why?",
            "config": {"options": [*reasons, OTHER], "multiple": True},
            "required": False,
            "when": after,
        }
        yield {
            "name": f"{name}-other",
            "kind": "text",
            "shows": "pair",
            "title": "In your own words",
            "config": {},
            "when": {"question": f"{name}-reasons", "equals": "other"},
        }


MULTIPREF = (
    *_aspect("helpful", "Which response is more helpful?", HELPFUL),
    *_aspect("truthful", "Which response is more truthful?", TRUTHFUL),
    *_aspect("harmless", "Which response is less harmful?", HARMLESS),
    *_aspect("overall", "Which response is better overall?", ()),
)
