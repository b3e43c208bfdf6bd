from typing import Any

import pytest

from routing.judges import Reply
from routing.protocols import Judged, QuestionSpec
from routing.protocols.rating import RatingProtocol, scale

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away.", "c": "Hi."}, shown=("c", "a"))


def question(**config: Any) -> QuestionSpec:
    return QuestionSpec("score", "rating", config, "How friendly?", "all")


def reply(*probabilities: float, missing: float = 0.0, low: int = 1) -> Reply:
    by_step = {str(low + n): p for n, p in enumerate(probabilities)}
    return Reply("ok", by_step, missing, 10, 0, 0.1)


def test_each_shown_completion_gets_a_call_that_sees_no_other() -> None:
    calls = RatingProtocol().calls(JUDGED, question())
    assert [(call.order, call.keys, call.request.texts) for call in calls] == [
        (0, ("a",), ("Hello!",)),
        (1, ("c",), ("Hi.",)),
    ]
    assert "Hi." not in calls[0].request.messages[0]["content"]
    assert calls[0].request.labels == ("1", "2", "3", "4", "5")


def test_the_most_probable_step_and_the_expected_score_by_hand() -> None:
    asked = question(min=1, max=3)
    replies = [reply(0.2, 0.3, 0.5), reply(0.6, 0.1, 0.3, missing=0.4)]
    verdict = RatingProtocol().verdict(JUDGED, asked, replies)
    assert verdict.status == "ok"
    assert verdict.answer == {"a": 3, "c": 1}
    assert verdict.details["expected"] == pytest.approx({"a": 2.3, "c": 1.7})
    assert verdict.details["missing"] == {"a": 0.0, "c": 0.4}
    assert verdict.probabilities == {
        "a": {"1": 0.2, "2": 0.3, "3": 0.5},
        "c": {"1": 0.6, "2": 0.1, "3": 0.3},
    }


@pytest.mark.parametrize(
    ("config", "steps"),
    [
        ({}, {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}),
        ({"min": 0, "max": 1, "step": 0.5}, {"0": 0, "0.5": 0.5, "1": 1}),
        ({"min": 0.1, "max": 0.4, "step": 0.1}, {"0.1": 0.1, "0.2": 0.2, "0.3": 0.3, "0.4": 0.4}),
        ({"min": -1, "max": 1}, {"-1": -1, "0": 0, "1": 1}),
        ({"min": 1.0, "max": 2.0, "step": 1.0}, {"1": 1, "2": 2}),
    ],
)
def test_the_scale_is_written_out_exactly(config: dict[str, Any], steps: dict[str, float]) -> None:
    assert scale(config) == steps
    assert [type(value) for value in scale(config).values()] == [type(value) for value in steps.values()]


def test_half_steps_come_back_as_numbers() -> None:
    asked = question(min=0, max=1, step=0.5)
    replies = [Reply("ok", {"0": 0.1, "0.5": 0.8, "1": 0.1}, 0.0, 1, 0, 0.0)] * 2
    assert RatingProtocol().verdict(JUDGED, asked, replies).answer == {"a": 0.5, "c": 0.5}


def test_two_equally_probable_best_steps_are_an_abstention() -> None:
    asked = question(min=1, max=3)
    verdict = RatingProtocol().verdict(JUDGED, asked, [reply(0.4, 0.4, 0.2), reply(0.1, 0.1, 0.8)])
    assert (verdict.status, verdict.answer) == ("abstain", None)
    assert verdict.details["undecided"] == ["a"]


def test_one_failed_call_fails_the_verdict() -> None:
    replies = [reply(0.1, 0.9), Reply.failed("truncated", "too long")]
    verdict = RatingProtocol().verdict(JUDGED, question(min=1, max=2), replies)
    assert (verdict.status, verdict.answer) == ("truncated", None)
    assert verdict.details == {"call": 1, "error": "too long", "statuses": ["ok", "truncated"]}


def test_a_reply_on_another_scale_is_an_error() -> None:
    with pytest.raises(ValueError, match="reply 0 is not over the labels"):
        RatingProtocol().verdict(JUDGED, question(), [reply(0.2, 0.3, 0.5)] * 2)


@pytest.mark.parametrize(
    ("config", "count"), [({"max": 11}, 11), ({"min": 0, "max": 10}, 11), ({"max": 5, "step": 0.25}, 17)]
)
def test_more_than_ten_steps_are_not_supported(config: dict[str, Any], count: int) -> None:
    reason = RatingProtocol().supports(question(**config))
    assert reason == f"question 'score' has a scale of {count} steps; this takes 2 to 10"


def test_ten_steps_are_supported_and_another_kind_is_not() -> None:
    assert RatingProtocol().supports(question(min=1, max=10)) is None
    assert RatingProtocol().supports(QuestionSpec("better", "pairwise")) is not None


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["bad", "good"], "1 means bad; 3 means good."),
        (["bad", "fair", "good"], "1 means bad; 2 means fair; 3 means good."),
    ],
)
def test_named_steps_are_told(names: list[str], line: str) -> None:
    [call, _] = RatingProtocol().calls(JUDGED, question(max=3, labels=names))
    assert line in call.request.messages[0]["content"].splitlines()


def test_nothing_shown_is_an_error() -> None:
    with pytest.raises(ValueError, match="rates completions and none is shown"):
        RatingProtocol().calls(Judged("p", {"a": "x"}), question())
