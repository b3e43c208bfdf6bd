from typing import Any

import pytest

from annotate.kinds.source import Source
from routing.judges import Reply
from routing.protocols import Judged, QuestionSpec
from routing.protocols.checklist import ChecklistProtocol

POINTS = [{"key": "kind", "text": "Is it kind?"}, {"key": "short", "text": "Is it short?"}]
JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, shown=("a", "b"), source=Source("", None, POINTS))


def question(**config: Any) -> QuestionSpec:
    return QuestionSpec("met", "checklist", {"points": POINTS, "points_from": "campaign", **config}, "Check it.", "all")


def reply(yes: float, no: float, na: float | None = None) -> Reply:
    return Reply("ok", {"Y": yes, "N": no} | ({} if na is None else {"X": na}), 0.0)


def prompt(call: Any) -> str:
    return str(call.request.messages[0]["content"])


def test_every_point_of_every_completion_is_a_call_of_its_own() -> None:
    calls = ChecklistProtocol().calls(JUDGED, question())
    assert [(call.keys, call.request.texts) for call in calls] == [
        (("a",), ("Hello!",)),
        (("a",), ("Hello!",)),
        (("b",), ("Go away.",)),
        (("b",), ("Go away.",)),
    ]
    assert "Is it short?" not in prompt(calls[0])
    assert "Go away." not in prompt(calls[0])
    assert "Is it kind?" in prompt(calls[0]).split("End of the material.")[1]


def test_answers_go_by_probability_and_the_least_sure_is_the_confidence() -> None:
    replies = [reply(0.9, 0.1, 0.0), reply(0.2, 0.3, 0.5), reply(0.3, 0.7, 0.0), reply(0.6, 0.4, 0.0)]
    verdict = ChecklistProtocol().verdict(JUDGED, question(), replies)
    assert verdict.answer == {"a": {"kind": "yes", "short": "na"}, "b": {"kind": "no", "short": "yes"}}
    assert verdict.confidence == 0.5
    assert verdict.probabilities is not None
    assert verdict.probabilities["b"]["kind"] == {"yes": 0.3, "no": 0.7, "na": 0.0}


def test_an_even_chance_is_an_abstention_that_names_the_point() -> None:
    asked = question(allow_na=False)
    verdict = ChecklistProtocol().verdict(JUDGED, asked, [reply(1, 0), reply(0.5, 0.5), reply(1, 0), reply(1, 0)])
    assert (verdict.status, verdict.answer) == ("abstain", None)
    assert verdict.details["undecided"] == ["a short"]


def test_na_is_only_offered_where_it_is_an_answer() -> None:
    with_na = ChecklistProtocol().calls(JUDGED, question())[0]
    without = ChecklistProtocol().calls(JUDGED, question(allow_na=False))[0]
    assert set(with_na.request.labels) == {"Y", "N", "X"}
    assert set(without.request.labels) == {"Y", "N"}
    assert "X where" not in prompt(without)


def test_points_that_come_with_the_item_are_material_and_share_one_beginning() -> None:
    calls = ChecklistProtocol().calls(JUDGED, question(points=[], points_from="item"))
    kind, short = prompt(calls[0]), prompt(calls[1])
    assert "Is it kind?" in kind.split("End of the material.")[0]
    assert "Is it kind?" not in kind.split("End of the material.")[1]
    assert kind.split("Is it kind?")[0] == short.split("Is it short?")[0]


def test_an_item_without_points_is_said_to_have_none() -> None:
    bare = Judged("p", {"a": "x"}, shown=("a",))
    with pytest.raises(ValueError, match="question 'met' cannot be asked of this item: points must be a list"):
        ChecklistProtocol().calls(bare, question(points=[], points_from="item"))
    assert ChecklistProtocol().supports(question(points=[])) == "question 'met' has no points to check"
    assert ChecklistProtocol().supports(question(points=[], points_from="item")) is None


def test_an_answer_that_is_only_named_has_no_confidence() -> None:
    verdict = ChecklistProtocol().verdict(JUDGED, question(), [Reply("ok", value="N")] * 4)
    assert verdict.answer == {"a": {"kind": "no", "short": "no"}, "b": {"kind": "no", "short": "no"}}
    assert (verdict.confidence, verdict.probabilities) == (None, None)
