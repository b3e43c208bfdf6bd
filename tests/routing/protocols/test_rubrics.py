from typing import Any

import pytest

from routing.judges import Reply
from routing.protocols import Judged, QuestionSpec
from routing.protocols.absolute_rubric import AbsoluteRubricProtocol
from routing.protocols.relative_rubric import RelativeRubricProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, reference="Hi there!", shown=("a", "b"))
STEPS = ["Rude.", "Cold.", "Warm."]


def stars(title: str = "", shows: str = "each") -> QuestionSpec:
    return QuestionSpec("stars", "rating", {"min": 1, "max": 3}, title, shows)


def rules_of(prompt: str) -> str:
    return prompt.split("separate the material")[0]


def test_every_score_is_described_by_its_step_and_feedback_comes_before_the_score() -> None:
    judging = AbsoluteRubricProtocol({"criterion": "Friendliness", "descriptions": STEPS})
    assert judging.supports(stars()) is None
    [first, _] = judging.calls(JUDGED, stars())
    prompt = first.request.messages[0]["content"]
    assert "Rubric:\nFriendliness\n1: Rude.\n2: Cold.\n3: Warm." in rules_of(prompt)
    assert "Reference answer:\nHi there!" in prompt.split("separate the material")[1]
    feedback = [Reply("ok", value="It greets."), Reply("ok", value="It does not.")]
    scores = [Reply("ok", {"1": 0.1, "2": 0.1, "3": 0.8}), Reply("ok", {"1": 0.9, "2": 0.1, "3": 0.0})]
    verdict = judging.verdict(JUDGED, stars(), [*feedback, *scores])
    assert verdict.answer == {"a": 3, "b": 1}
    assert verdict.confidence == 0.8
    assert verdict.details["reasons"] == {"a": "It greets.", "b": "It does not."}


def test_the_question_is_the_criterion_where_none_is_given() -> None:
    [call, _] = AbsoluteRubricProtocol().calls(JUDGED, stars("How friendly?"))
    assert "Rubric:\nHow friendly?" in rules_of(call.request.messages[0]["content"])
    assert AbsoluteRubricProtocol().supports(stars("How friendly?")) is None


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "question 'stars' has no title: give the rubric's criterion in the settings"),
        ({"criterion": "x", "descriptions": ["1", "2"]}, "the rubric describes 2 scores; question 'stars' has 3"),
    ],
)
def test_a_rubric_that_does_not_fit_the_question_is_refused_with_the_reason(config: Any, reason: str) -> None:
    assert reason in str(AbsoluteRubricProtocol(config).supports(stars()))


def test_a_comparison_by_a_rubric_has_levels_and_needs_a_criterion() -> None:
    better = QuestionSpec("better", "pairwise", {}, "", "pair")
    assert "no title" in str(RelativeRubricProtocol().supports(better))
    judging = RelativeRubricProtocol({"criterion": "Friendliness", "descriptions": ["Rude.", "Warm."]})
    assert judging.supports(better) is None
    calls = judging.calls(JUDGED, better)
    assert all("Rubric:\nFriendliness\n1: Rude.\n2: Warm." in c.request.messages[0]["content"] for c in calls)
