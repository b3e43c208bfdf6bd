from typing import Any

import pytest

from routing.judges import Reply
from routing.judges.base import FreeText, Structured
from routing.protocols import Judged, QuestionSpec
from routing.protocols.common.scales import scale
from routing.protocols.rating import RatingProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away.", "c": "Hi."}, shown=("c", "a"))


def question(**config: Any) -> QuestionSpec:
    return QuestionSpec("score", "rating", config, "How friendly?", "all")


def reply(*probabilities: float, missing: float = 0.0, low: int = 1) -> Reply:
    by_step = {str(low + n): p for n, p in enumerate(probabilities)}
    return Reply("ok", by_step, missing, 10, 0, 0.1)


def number(score: float) -> Reply:
    return Reply("ok", value={"score": score})


def test_each_shown_completion_gets_a_call_that_sees_no_other() -> None:
    calls = RatingProtocol().calls(JUDGED, question())
    assert [(call.order, call.keys, call.request.texts) for call in calls] == [
        (0, ("a",), ("Hello!",)),
        (1, ("c",), ("Hi.",)),
    ]
    assert "Hi." not in calls[0].request.messages[0]["content"]
    assert calls[0].request.labels == ("1", "2", "3", "4", "5")


def test_the_answer_is_the_step_next_to_the_expected_score_by_hand() -> None:
    asked = question(min=1, max=3)
    replies = [reply(0.2, 0.1, 0.7), reply(0.6, 0.1, 0.3, missing=0.4)]
    verdict = RatingProtocol().verdict(JUDGED, asked, replies)
    assert verdict.status == "ok"
    assert verdict.details["expected"] == pytest.approx({"a": 2.5, "c": 1.7})
    assert verdict.answer == {"a": 2, "c": 2}  # half way counts for the lower step
    assert verdict.confidence == pytest.approx(0.1)  # what the judge gives to step 2 itself
    assert verdict.details["missing"] == {"a": 0.0, "c": 0.4}
    assert verdict.probabilities == {
        "a": {"1": 0.2, "2": 0.1, "3": 0.7},
        "c": {"1": 0.6, "2": 0.1, "3": 0.3},
    }


def test_the_most_probable_step_is_a_setting() -> None:
    replies = [reply(0.2, 0.3, 0.5), reply(0.6, 0.1, 0.3)]
    verdict = RatingProtocol({"step": "most probable"}).verdict(JUDGED, question(min=1, max=3), replies)
    assert verdict.answer == {"a": 3, "c": 1}
    assert verdict.confidence == 0.5


def test_a_step_that_is_only_named_is_the_answer_and_has_no_probability() -> None:
    replies = [Reply("ok", value="3"), Reply("ok", value="1")]
    verdict = RatingProtocol().verdict(JUDGED, question(), replies)
    assert (verdict.answer, verdict.probabilities, verdict.confidence) == ({"a": 3, "c": 1}, None, None)
    assert verdict.details["expected"] == {"a": 3, "c": 1}


def test_reasons_come_first_and_are_at_hand_when_the_score_is_asked_for() -> None:
    judging = RatingProtocol({"reasoning": True})
    first = judging.calls(JUDGED, question())
    assert [call.request.want for call in first] == [FreeText(), FreeText()]
    assert "scale" in first[0].request.messages[0]["content"]
    thought = [Reply("ok", value="Warm."), Reply("ok", value="Short.")]
    calls = judging.calls(JUDGED, question(), thought)
    assert [message["role"] for message in calls[2].request.messages] == ["user", "assistant", "user"]
    assert [call.request.messages[1]["content"] for call in calls[2:]] == ["Warm.", "Short."]
    assert calls[2].request.labels == ("1", "2", "3", "4", "5")
    scores = [reply(0, 0, 0, 0.1, 0.9), reply(0.9, 0.1, 0, 0, 0)]
    verdict = judging.verdict(JUDGED, question(), [*thought, *scores])
    assert verdict.answer == {"a": 5, "c": 1}
    assert verdict.details["reasons"] == {"a": "Warm.", "c": "Short."}


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


@pytest.mark.parametrize(
    ("step", "given"),
    [("expected", (0.25,) * 4), ("most probable", (0.4, 0.4, 0.1, 0.1)), ("most probable", (0.25,) * 4)],
)
def test_probabilities_that_speak_for_no_step_are_an_abstention(step: str, given: tuple[float, ...]) -> None:
    asked = question(min=1, max=4)
    verdict = RatingProtocol({"step": step}).verdict(JUDGED, asked, [reply(*given), reply(0.1, 0.1, 0.1, 0.7)])
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
    ("config", "schema"),
    [
        ({"max": 11}, {"enum": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}),
        ({"min": 0, "max": 1, "step": 0.1}, {"enum": [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]}),
        ({"min": 0, "max": 200}, {"type": "integer", "minimum": 0, "maximum": 200}),
        ({"min": 0, "max": 100, "step": 0.5}, {"type": "number", "minimum": 0, "maximum": 100}),
    ],
)
def test_a_scale_of_more_than_ten_steps_is_asked_for_as_a_number(config: Any, schema: Any) -> None:
    asked = question(**config)
    assert RatingProtocol().supports(asked) is None
    [call, _] = RatingProtocol().calls(JUDGED, asked)
    assert isinstance(call.request.want, Structured)
    assert call.request.want.schema["properties"]["score"] == schema


def test_a_number_between_the_steps_is_a_parse_error_and_not_moved() -> None:
    asked = question(min=0, max=100, step=0.5)
    verdict = RatingProtocol().verdict(JUDGED, asked, [number(7.5), number(99.99)])
    assert (verdict.status, verdict.answer) == ("parse_error", None)
    assert verdict.details["error"] == "99.99 is not on the scale"
    assert RatingProtocol().verdict(JUDGED, asked, [number(7.5), number(100.0)]).answer == {"a": 7.5, "c": 100}


def test_a_scale_of_one_step_says_nothing() -> None:
    assert "1 steps" in str(RatingProtocol().supports(question(min=1, max=1)))


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
