"""The one validator: required questions, conditions, unknown names."""

from typing import Any

import pytest

from annotate.answers import clean_answers
from annotate.errors import Invalid
from annotate.kinds import Asked, kind

OPTIONS = {"options": ["yes", "no"]}
REFUSED = Asked("refused", "choice", kind("choice").clean_config(OPTIONS), keys=("a",))
REASONS = Asked(
    "reasons", "choice", kind("choice").clean_config({**OPTIONS, "multiple": True}), required=False, keys=("a",)
)
WHY = Asked("why", "text", kind("text").clean_config({}), when={"question": "refused", "equals": "yes"}, keys=("a",))
ALL = [REFUSED, REASONS, WHY]


def problems(answers: Any, asked: list[Asked] = ALL) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        clean_answers(asked, answers)
    return refused.value.fields


def test_answers_come_back_in_the_order_of_the_questions() -> None:
    assert list(clean_answers(ALL, {"why": "because", "refused": "yes"})) == ["refused", "why"]


def test_a_required_question_must_be_answered() -> None:
    assert problems({"reasons": ["yes"]}) == {"refused": "not answered"}
    assert problems({"refused": None}) == {"refused": "not answered"}


def test_an_optional_one_may_be_left_out_or_null() -> None:
    assert clean_answers(ALL, {"refused": "no", "reasons": None}) == {"refused": "no"}


def test_a_question_may_follow_from_any_answer_to_another() -> None:
    sure = Asked("sure", "choice", REFUSED.config, when={"question": "reasons", "answered": True}, keys=("a",))
    asked = [REFUSED, REASONS, sure]
    assert clean_answers(asked, {"refused": "no"}) == {"refused": "no"}
    assert problems({"refused": "no", "reasons": ["no"]}, asked) == {"sure": "not answered"}
    assert problems({"refused": "no", "sure": "no"}, asked) == {"sure": "is only asked when reasons is answered"}
    assert clean_answers(asked, {"refused": "no", "reasons": ["no"], "sure": "yes"})["sure"] == "yes"


def test_a_question_may_follow_from_an_answer_for_each_completion() -> None:
    each = Asked("each", "choice", kind("choice").clean_config({**OPTIONS, "per": "completion"}), keys=("a", "b"))
    why = Asked(
        "why", "text", WHY.config, when={"question": "each", "equals": {"a": "yes", "b": "no"}}, keys=("a", "b")
    )
    assert clean_answers([each, why], {"each": {"b": "no", "a": "no"}}) == {"each": {"a": "no", "b": "no"}}
    assert problems({"each": {"b": "no", "a": "yes"}}, [each, why]) == {"why": "not answered"}


def test_a_conditional_question_is_required_where_its_condition_holds() -> None:
    assert problems({"refused": "yes"}) == {"why": "not answered"}


def test_a_conditional_question_is_refused_where_its_condition_does_not_hold() -> None:
    assert problems({"refused": "no", "why": "x"}) == {"why": "is only asked when refused is 'yes'"}


def test_a_condition_on_several_options_holds_where_one_of_them_was_chosen() -> None:
    why = Asked("why", "text", {}, when={"question": "reasons", "equals": "no"}, keys=("a",))
    assert "why" in clean_answers([REFUSED, REASONS, why], {"refused": "no", "reasons": ["yes", "no"], "why": "x"})
    assert "why" in problems({"refused": "no", "reasons": ["yes"], "why": "x"}, [REFUSED, REASONS, why])


def test_an_unknown_question_is_named_with_those_there_are() -> None:
    assert problems({"refused": "no", "zzz": 1}) == {"zzz": "no such question here; asked are refused, reasons, why"}


def test_every_problem_is_told_at_once() -> None:
    assert set(problems({"refused": "yes", "reasons": "no", "why": 3})) == {"reasons", "why"}


@pytest.mark.parametrize("answers", [None, [], "yes", 3, True, [{"refused": "no"}]])
def test_answers_are_an_object(answers: Any) -> None:
    assert problems(answers) == {"answers": "an object"}


def test_answering_nothing_is_refused_even_where_nothing_is_required() -> None:
    assert problems({}, [REASONS]) == {"reasons": "not answered"}
