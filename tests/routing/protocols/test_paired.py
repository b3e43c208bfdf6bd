"""What comparisons ask beside the two orders: reasons, whether a tie is any good, how much better labels mean."""

from typing import Any

import pytest

from routing.judges import Reply
from routing.judges.base import FreeText
from routing.protocols import Judged, QuestionSpec, Verdict
from routing.protocols.pairwise import PairwiseProtocol
from routing.protocols.principles import PrinciplesProtocol
from routing.protocols.self_reference import SelfReferenceProtocol

JUDGED = Judged(
    "Say hello.", {"a": "Hello!", "b": "Go away."}, reference="Hi!", shown=("a", "b"), guidelines="Be fair."
)


def question(**config: Any) -> QuestionSpec:
    return QuestionSpec("better", "pairwise", config, "Which is friendlier?", "pair")


def soft(first: float) -> Reply:
    return Reply("ok", {"A": first, "B": 1 - first}, 0.0)


def yes(p: float) -> Reply:
    return Reply("ok", {"Y": p, "N": 1 - p}, 0.0)


def hard(label: str) -> Reply:
    return Reply("ok", value=label)


def judge(asked: QuestionSpec, *replies: Reply, **config: Any) -> Verdict:
    return PairwiseProtocol(config).verdict(JUDGED, asked, replies)


def test_the_guidelines_stand_before_the_material_and_outside_of_it() -> None:
    [call, _] = PairwiseProtocol().calls(JUDGED, question())
    prompt = call.request.messages[0]["content"]
    before, _, inside = prompt.partition("separate the material")
    assert "Be fair." in before
    assert "Be fair." not in inside


def test_the_probability_of_the_answer_is_its_confidence() -> None:
    assert judge(question(), soft(0.2), soft(0.9)).confidence == pytest.approx(6 / 7)
    assert judge(question(), soft(0.5), soft(0.5)).confidence == 0.5
    assert judge(question(), hard("A"), hard("B")).confidence is None


@pytest.mark.parametrize(
    ("one", "two", "answer"),
    [("A", "B", {"preferred": "a"}), ("B", "A", {"preferred": "b"}), ("A", "A", {"preferred": None})],
)
def test_labels_without_probabilities_are_voted(one: str, two: str, answer: dict[str, Any]) -> None:
    verdict = judge(question(), hard(one), hard(two))
    assert (verdict.status, verdict.answer, verdict.probabilities) == ("ok", answer, None)
    assert verdict.details["flip"] is (one == two)


def test_a_flip_of_labels_where_ties_are_not_allowed_is_an_abstention() -> None:
    verdict = judge(question(allow_tie=False), hard("B"), hard("B"))
    assert (verdict.status, verdict.answer) == ("abstain", None)


def test_an_order_without_probabilities_makes_labels_of_both() -> None:
    verdict = judge(question(), soft(0.7), hard("B"))
    assert verdict.answer == {"preferred": "a"}
    assert (verdict.details["s1"], verdict.details["s2"], verdict.details["hard"]) == (1, 0, True)


def test_after_a_tie_each_is_asked_about_where_both_may_be_bad() -> None:
    asked, tied = question(both_bad=True), [soft(0.9), soft(0.9)]
    calls = PairwiseProtocol().calls(JUDGED, asked, tied)
    assert [(call.order, call.keys, call.request.texts) for call in calls[2:]] == [
        (2, ("a",), ("Hello!",)),
        (3, ("b",), ("Go away.",)),
    ]
    assert judge(asked, *tied, yes(0.1), yes(0.4)).answer == {"preferred": None, "both_bad": True}
    one_good = judge(asked, *tied, yes(0.1), yes(0.6))
    assert one_good.answer == {"preferred": None}
    assert one_good.details["good_enough"] == pytest.approx({"a": 0.1, "b": 0.6})
    assert judge(asked, *tied, hard("N"), hard("N")).answer == {"preferred": None, "both_bad": True}


def test_nothing_more_is_asked_where_there_is_a_preference_or_both_bad_is_no_answer() -> None:
    assert len(PairwiseProtocol().calls(JUDGED, question(both_bad=True), [soft(0.9), soft(0.1)])) == 2
    assert len(PairwiseProtocol().calls(JUDGED, question(), [soft(0.9), soft(0.9)])) == 2


@pytest.mark.parametrize(("one", "two", "step"), [("3", "3", 3), ("1", "2", 1), ("1", "3", 2), ("2", "3", 2)])
def test_how_much_better_is_asked_in_both_orders_where_labels_alone_came(one: str, two: str, step: int) -> None:
    asked = question(strengths=["slightly", "clearly", "much"])
    calls = PairwiseProtocol().calls(JUDGED, asked, [hard("B"), hard("A")])
    assert [call.keys for call in calls[2:]] == [("b", "a"), ("a", "b")]
    assert "Response A was found to be the better one" in calls[2].request.messages[0]["content"]
    assert "Response B was found to be the better one" in calls[3].request.messages[0]["content"]
    verdict = judge(asked, hard("B"), hard("A"), hard(one), hard(two))
    assert verdict.answer == {"preferred": "b", "strength": step}


def test_reasons_come_first_in_each_order() -> None:
    judging = PairwiseProtocol({"reasoning": True})
    thoughts = [Reply("ok", value="A greets."), Reply("ok", value="B greets.")]
    assert [call.request.want for call in judging.calls(JUDGED, question())] == [FreeText(), FreeText()]
    calls = judging.calls(JUDGED, question(), thoughts)
    assert [call.request.messages[1]["content"] for call in calls[2:]] == ["A greets.", "B greets."]
    verdict = judging.verdict(JUDGED, question(), [*thoughts, soft(0.9), soft(0.2)])
    assert verdict.probabilities == pytest.approx({"a": 6 / 7, "b": 1 / 7})


def test_the_judges_own_answer_is_made_without_the_responses_and_then_beside_them() -> None:
    judging = SelfReferenceProtocol()
    [first] = judging.calls(JUDGED, question())
    prompt = first.request.messages[0]["content"]
    assert "Say hello." in prompt
    assert not any(text in prompt for text in ("Hello!", "Go away.", "Hi!"))
    calls = judging.calls(JUDGED, question(), [Reply("ok", value="Good day!")])
    assert len(calls) == 3
    assert all("Your own answer:\nGood day!" in call.request.messages[0]["content"] for call in calls[1:])
    verdict = judging.verdict(JUDGED, question(), [Reply("ok", value="Good day!"), soft(0.9), soft(0.2)])
    assert verdict.answer == {"preferred": "a"}


def test_principles_are_numbered_and_there_has_to_be_one() -> None:
    assert "at least one principle" in str(PrinciplesProtocol().supports(question()))
    judging = PrinciplesProtocol({"principles": ["Be kind.", "Be brief."]})
    assert judging.supports(question()) is None
    [call, _] = judging.calls(JUDGED, question())
    assert "1. Be kind.\n2. Be brief." in call.request.messages[0]["content"].split("separate the material")[0]
