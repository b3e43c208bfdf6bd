from typing import Any

import pytest

from routing.judges import Reply
from routing.judges.base import Labels, Structured
from routing.protocols import Judged, QuestionSpec
from routing.protocols.choice import ChoiceProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, "Context", "Hi!", ("a", "b"))
OPTIONS = [{"key": "g", "text": "Greeting"}, {"key": "i", "text": "Insult"}, {"key": "o", "text": "o"}]
MANY = [{"key": f"k{n}", "text": f"Topic {n}"} for n in range(21)]


def question(**config: Any) -> QuestionSpec:
    return QuestionSpec("sort", "choice", {"options": OPTIONS, **config}, "What is it?", "all")


def reply(*probabilities: float) -> Reply:
    return Reply("ok", dict(zip("ABC", probabilities, strict=False)), 0.0)


def prompt(call: Any) -> str:
    return str(call.request.messages[0]["content"])


def test_one_of_few_options_is_chosen_by_the_probability_of_its_letter() -> None:
    [call] = ChoiceProtocol().calls(JUDGED, question())
    assert call.request.want == Labels(("A", "B", "C"))
    assert "A: Greeting\nB: Insult\nC: o" in prompt(call)
    verdict = ChoiceProtocol().verdict(JUDGED, question(), [reply(0.2, 0.7, 0.1)])
    assert (verdict.answer, verdict.confidence) == ("i", 0.7)
    assert verdict.probabilities == {"g": 0.2, "i": 0.7, "o": 0.1}


def test_per_completion_each_is_seen_alone() -> None:
    asked = question(per="completion")
    calls = ChoiceProtocol().calls(JUDGED, asked)
    assert [call.request.texts for call in calls] == [("Hello!",), ("Go away.",)]
    assert "Go away." not in prompt(calls[0])
    verdict = ChoiceProtocol().verdict(JUDGED, asked, [reply(0.9, 0.1, 0), reply(0.2, 0.6, 0.2)])
    assert (verdict.answer, verdict.confidence) == ({"a": "g", "b": "i"}, 0.6)
    assert verdict.probabilities is not None
    assert verdict.probabilities["b"] == {"g": 0.2, "i": 0.6, "o": 0.2}


def test_options_in_both_orders_are_averaged() -> None:
    judging = ChoiceProtocol({"orders": 2})
    _, second = judging.calls(JUDGED, question())
    assert "A: o\nB: Insult\nC: Greeting" in prompt(second)
    # The first letter is liked in both orders: 0.6 for the greeting, then 0.6 for o; the insult has 0.3 and 0.3.
    verdict = judging.verdict(JUDGED, question(), [reply(0.6, 0.3, 0.1), reply(0.6, 0.3, 0.1)])
    assert (verdict.status, verdict.answer) == ("abstain", None)
    assert verdict.probabilities == pytest.approx({"g": 0.35, "i": 0.3, "o": 0.35})
    verdict = judging.verdict(JUDGED, question(), [reply(0.6, 0.3, 0.1), reply(0.4, 0.2, 0.4)])
    assert verdict.answer == "g"
    assert verdict.confidence == pytest.approx(0.5)


@pytest.mark.parametrize(("second", "answer"), [("C", "g"), ("A", None)])
def test_letters_without_probabilities_have_to_mean_the_same_option_twice(second: str, answer: str | None) -> None:
    replies = [Reply("ok", value="A"), Reply("ok", value=second)]
    verdict = ChoiceProtocol({"orders": 2}).verdict(JUDGED, question(), replies)
    assert (verdict.answer, verdict.confidence) == (answer, None)
    assert verdict.status == ("ok" if answer else "abstain")


def test_several_are_chosen_by_name_and_kept_in_the_questions_order() -> None:
    asked = question(multiple=True)
    [call] = ChoiceProtocol().calls(JUDGED, asked)
    assert isinstance(call.request.want, Structured)
    assert call.request.want.schema["properties"]["answers"]["items"] == {"enum": ["g", "i", "o"]}
    assert "g: Greeting\ni: Insult\no" in prompt(call)
    verdict = ChoiceProtocol().verdict(JUDGED, asked, [Reply("ok", value={"answers": ["o", "g"]})])
    assert (verdict.answer, verdict.confidence) == (["g", "o"], None)


def test_none_of_several_is_an_abstention_and_not_a_choice() -> None:
    verdict = ChoiceProtocol().verdict(JUDGED, question(multiple=True), [Reply("ok", value={"answers": []})])
    assert (verdict.status, verdict.answer) == ("abstain", None)
    assert verdict.details["why"] == "none of the options was found to hold"


def test_one_of_many_is_chosen_by_name() -> None:
    asked = question(options=MANY)
    [call] = ChoiceProtocol().calls(JUDGED, asked)
    assert isinstance(call.request.want, Structured)
    assert ChoiceProtocol().verdict(JUDGED, asked, [Reply("ok", value={"answer": "k20"})]).answer == "k20"
    assert ChoiceProtocol().verdict(JUDGED, asked, [Reply("ok", value={"answer": "k21"})]).status == "parse_error"


def test_tags_of_what_is_asked_see_the_request_alone() -> None:
    [call] = ChoiceProtocol({"about": "the request alone"}).calls(JUDGED, question())
    assert call.request.texts == ()
    assert "Say hello." in prompt(call)
    assert "Context" in prompt(call)
    assert not any(text in prompt(call) for text in ("Hello!", "Go away.", "Hi!"))
    reason = ChoiceProtocol({"about": "the request alone"}).supports(question(per="completion"))
    assert "cannot be about the request alone" in str(reason)
