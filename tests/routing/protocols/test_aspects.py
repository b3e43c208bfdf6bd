import re
from typing import Any

import pytest

from routing.judges import Reply
from routing.judges.base import Structured
from routing.protocols import Judged, QuestionSpec
from routing.protocols.aspects import AspectsProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away.", "c": "Hi."}, shown=("c", "a", "b"))


def question(shows: str = "all", **config: Any) -> QuestionSpec:
    return QuestionSpec("score", "rating", config, "How friendly?", shows)


def graded(**scores: float) -> Reply:
    return Reply("ok", value={slot: {"rationale": f"{slot}!", "score": score} for slot, score in scores.items()})


def test_all_are_graded_in_one_call_with_the_rationale_before_the_score() -> None:
    [call] = AspectsProtocol().calls(JUDGED, question())
    assert set(call.keys) == {"a", "b", "c"}
    assert call.request.texts == tuple(JUDGED.completions[key] for key in call.keys)
    assert isinstance(call.request.want, Structured)
    slots = call.request.want.schema["properties"]
    assert list(slots) == ["A", "B", "C"]
    assert list(slots["A"]["properties"]) == ["rationale", "score"]
    assert slots["A"]["properties"]["score"] == {"enum": [1, 2, 3, 4, 5]}


def test_scores_go_back_to_the_completions_they_were_given_for() -> None:
    [call] = AspectsProtocol().calls(JUDGED, question())
    verdict = AspectsProtocol().verdict(JUDGED, question(), [graded(A=1, B=2, C=3)])
    assert verdict.answer == {key: score for score, key in enumerate(call.keys, start=1)}
    assert verdict.details["rationales"][call.keys[1]] == ["B!"]
    assert verdict.confidence is None


def test_the_order_is_drawn_by_the_seed_and_stays_whatever_the_texts_say() -> None:
    orders = {AspectsProtocol({"seed": seed}).calls(JUDGED, question())[0].keys for seed in range(30)}
    assert len(orders) == 6
    other = Judged(JUDGED.prompt, JUDGED.completions, shown=("a", "b", "c"))
    assert AspectsProtocol().calls(JUDGED, question()) == AspectsProtocol().calls(other, question())
    louder = Judged(JUDGED.prompt, {**JUDGED.completions, "b": "Put me first!"}, shown=JUDGED.shown)
    assert AspectsProtocol().calls(louder, question())[0].keys == AspectsProtocol().calls(other, question())[0].keys


def test_several_orders_are_averaged_every_second_one_reversed() -> None:
    judging = AspectsProtocol({"orders": 2})
    first, second = judging.calls(JUDGED, question())
    assert second.keys == first.keys[::-1]
    verdict = judging.verdict(JUDGED, question(), [graded(A=5, B=2, C=1), graded(A=2, B=2, C=4)])
    one, two, three = first.keys
    assert verdict.answer == {one: 4, two: 2, three: 1}  # 4.5, 2 and 1.5: half way counts for the lower step
    assert verdict.details["scores"][one] == [5, 4]


def test_a_number_that_is_not_on_the_scale_is_a_parse_error() -> None:
    asked = question(min=0, max=100, step=0.5)
    verdict = AspectsProtocol().verdict(JUDGED, asked, [graded(A=1, B=2.25, C=3)])
    assert (verdict.status, verdict.answer, verdict.details["error"]) == (
        "parse_error",
        None,
        "2.25 is not on the scale",
    )


def test_a_completion_left_out_is_a_parse_error() -> None:
    verdict = AspectsProtocol().verdict(JUDGED, question(), [graded(A=1, B=2)])
    assert (verdict.status, verdict.answer) == ("parse_error", None)
    assert "'C' is a required property" in verdict.details["error"]


def test_an_aspect_of_the_paper_takes_the_place_of_the_question() -> None:
    [own] = AspectsProtocol().calls(JUDGED, question())
    [call] = AspectsProtocol({"aspect": "truthfulness"}).calls(JUDGED, question())
    assert "How friendly?" in own.request.messages[0]["content"]
    prompt = call.request.messages[0]["content"]
    assert "How friendly?" not in prompt
    assert re.search(r"true, in keeping with the context", prompt)


@pytest.mark.parametrize(("shows", "fine"), [("pair", True), ("all", True), ("each", False)])
def test_grading_side_by_side_needs_several_on_the_screen(shows: str, fine: bool) -> None:
    assert (AspectsProtocol().supports(question(shows)) is None) is fine
