"""A judge answers a campaign that asks everything: every kind, optional and conditional questions, in all views."""

from typing import Any

import pytest

from annotate.campaigns import change_state
from annotate.models import Annotation, User
from routing.models import Verdict
from tests.factories import import_rows, make_campaign
from tests.routing.judged import make_judge, run_now

pytestmark = pytest.mark.django_db

PASSAGES = [{"title": "Sky", "sentences": ["It is blue.", "At night it is black."]}]
ROW = {
    "key": "r0",
    "prompt": "Why is the sky blue?",
    "context": PASSAGES,
    "reference": "Light is scattered.",
    "completions": [
        {"key": "a", "text": "The sky is blue because light is scattered, and blue light most of all."},
        {"key": "b", "text": "Nobody knows."},
        {"key": "c", "text": "It is the sea, which is mirrored."},
    ],
    "points": [{"key": "why", "text": "Does it give a reason?"}],
}
LABELS = [{"key": "wrong", "refs": "optional", "note": True}, "dull"]
QUESTIONS: list[dict[str, Any]] = [
    {
        "name": "better",
        "kind": "pairwise",
        "shows": "pair",
        "config": {"strengths": ["a bit", "much"], "both_bad": True},
    },
    {"name": "sure", "kind": "choice", "shows": "pair", "config": {"options": ["yes", "no"]}},
    {
        "name": "why",
        "kind": "text",
        "shows": "pair",
        "required": False,
        "when": {"question": "sure", "equals": "yes"},
    },
    {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}},
    {"name": "percent", "kind": "rating", "shows": "each", "config": {"min": 0, "max": 100}},
    {"name": "met", "kind": "checklist", "shows": "each", "config": {"points_from": "item"}},
    {"name": "errors", "kind": "span", "shows": "each", "config": {"labels": LABELS, "severities": ["minor", "major"]}},
    {"name": "mended", "kind": "text", "shows": "each", "config": {"per": "completion", "prefill": True}},
    {"name": "order", "kind": "ranking", "shows": "all"},
    {"name": "topics", "kind": "choice", "shows": "all", "config": {"options": ["sky", "sea"], "multiple": True}},
    {"name": "note", "kind": "text", "shows": "all", "config": {"min_length": 20, "max_length": 200}},
]


def test_every_question_is_answered_and_the_answers_pass_the_one_validator(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=QUESTIONS)
    assert import_rows(campaign, [ROW]).done == 1
    change_state(campaign, "launch")
    judge = make_judge(campaign, rule="longer")
    run = run_now(judge)
    assert (run.state, run.done, run.failed) == ("done", 7, 0)  # three pairs, three alone, all three
    answered = {name for each in Annotation.objects.filter(annotator=judge.annotator) for name in each.answers}
    assert answered >= {question["name"] for question in QUESTIONS if question.get("required", True)}
    assert set(Verdict.objects.filter(judge=judge).values_list("status", flat=True)) == {"ok"}
    order = Annotation.objects.get(annotator=judge.annotator, unit__view__name="all").answers["order"]
    assert order == {"a": 1, "b": 3, "c": 2}
