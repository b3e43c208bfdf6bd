"""The third demo campaign: every kind of question once, over items of every look."""

from typing import Any

TOUR: dict[str, Any] = {
    "slug": "demo-tour",
    "name": "Demo: every kind of question",
    "guidelines": (
        "A tour through what can be asked, on a few items with **Markdown**, code, formulas such as $e^{i\\pi} = -1$, "
        "tables and passages. Nothing here is used for anything: try the keys (`?` shows them all), skip, flag, undo."
    ),
    "overlap": 3,
    "spacing": 0,
    "reference": "folded",
    "views": [
        {"name": "mark", "shows": "each"},
        {"name": "compare", "shows": "pair", "pairs": 1},
        {"name": "rank", "shows": "all"},
    ],
    "questions": [
        {
            "name": "errors",
            "kind": "span",
            "view": "mark",
            "title": "Mark what is wrong with this response",
            "config": {
                "labels": [
                    {
                        "key": "wrong",
                        "text": "Wrong",
                        "refs": "optional",
                        "hint": "Contradicts the passages or the facts.",
                    },
                    {"key": "unverifiable", "text": "Cannot be checked"},
                    {"key": "irrelevant", "text": "Beside the question", "severities": False},
                    {"key": "missing", "text": "Something is missing", "whole": "required", "note": True},
                ],
                "severities": ["minor", "major"],
            },
        },
        {
            "name": "checks",
            "kind": "checklist",
            "view": "mark",
            "title": "Does the response do this?",
            "config": {"points_from": "item"},
        },
        {
            "name": "rating",
            "kind": "rating",
            "view": "mark",
            "title": "All in all, how good is it?",
            "config": {"min": 0, "max": 100, "widget": "slider", "labels": ["useless", "perfect"]},
        },
        {
            "name": "correction",
            "kind": "text",
            "view": "mark",
            "title": "Correct it where that is quickly done",
            "required": False,
            "config": {"per": "completion", "prefill": True},
        },
        {
            "name": "better",
            "kind": "pairwise",
            "view": "compare",
            "title": "Which response is better?",
            "config": {"strengths": ["slightly better", "clearly better"], "both_bad": True},
        },
        {
            "name": "confidence",
            "kind": "choice",
            "view": "compare",
            "title": "How sure are you?",
            "config": {"options": ["not sure", "fairly sure", "very sure"]},
            "when": {"question": "better", "answered": True},
        },
        {
            "name": "reasons",
            "kind": "choice",
            "view": "compare",
            "title": "Why?",
            "required": False,
            "config": {"options": ["right", "complete", "clear", "short", "kind"], "multiple": True},
            "when": {"question": "better", "answered": True},
        },
        {
            "name": "order",
            "kind": "ranking",
            "view": "rank",
            "title": "Put the responses in order, the best first",
        },
        {
            "name": "rationale",
            "kind": "text",
            "view": "rank",
            "title": "What decided it?",
            "required": False,
            "config": {"max_length": 1000},
        },
    ],
}
