"""What an answer looks like in a form, and back."""

from typing import Any

import pytest
from django.http import QueryDict

from annotate.kinds import Asked, kind
from annotate.kinds.controls import Shown
from annotate.views.work_form import form_answers, form_questions, together

SHOWN = [Shown("b", "Response 1", "beta"), Shown("a", "Response 2", "alpha")]
STEPS = {"min": 1, "max": 7, "step": 0.5, "widget": "slider"}
OPTIONS = [{"key": "x", "text": "Ex"}, {"key": "y", "text": "Why"}, {"key": "z", "text": "Zed"}]
CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("pairwise", {}, {"preferred": "a"}),
    ("pairwise", {}, {"preferred": None}),
    ("pairwise", {"both_bad": True}, {"preferred": None, "both_bad": True}),
    ("pairwise", {"strengths": ["little", "much"]}, {"preferred": "b", "strength": 2}),
    ("rating", {}, {"a": 5, "b": 1}),
    ("rating", STEPS, {"a": 1.5, "b": 7}),
    ("choice", {"options": OPTIONS}, "y"),
    ("choice", {"options": OPTIONS, "multiple": True}, ["x", "z"]),
    ("choice", {"options": OPTIONS, "per": "completion"}, {"a": "x", "b": "y"}),
    ("choice", {"options": OPTIONS, "per": "completion", "multiple": True}, {"a": ["x", "y"], "b": ["z"]}),
    ("text", {}, "two\nlines, 😀 and «עברית»"),
    ("text", {"per": "completion"}, {"a": " kept ", "b": "…"}),
]


def asked(name: str, config: dict[str, Any], **more: Any) -> Asked:
    return Asked("q", name, kind(name).clean_config(config), keys=("a", "b"), **more)


def posted(filled: Any) -> QueryDict:
    form = QueryDict(mutable=True)
    for name, values in filled.items():
        form.setlist(name, [value.replace("\n", "\r\n") for value in values])
    return form


@pytest.mark.parametrize(("name", "config", "answer"), CASES)
def test_an_answer_survives_the_form(name: str, config: dict[str, Any], answer: Any) -> None:
    question = asked(name, config)
    filled = kind(name).to_form(question, answer)
    assert kind(name).clean(question, kind(name).from_form(question, posted(filled))) == answer


@pytest.mark.parametrize(("name", "config", "answer"), CASES)
def test_nothing_is_chosen_in_an_empty_form(name: str, config: dict[str, Any], answer: Any) -> None:
    question = asked(name, config)
    assert kind(name).from_form(question, QueryDict()) is None
    (shown,) = form_questions([question], None, SHOWN, {})
    fields = shown.controls.get("fields") or [shown.controls["field"]]
    assert not any(field.values or any(option.chosen for option in field.options) for field in fields)


def test_a_scale_runs_from_strongest_for_the_left_to_strongest_for_the_right() -> None:
    controls = kind("pairwise").controls(asked("pairwise", {"strengths": ["little", "much"]}), {}, SHOWN)
    assert [(option.value, option.keys) for option in controls["field"].options] == [
        ("b:2", "1"),
        ("b:1", "2"),
        ("@tie", "0 t"),
        ("a:1", "3"),
        ("a:2", "4"),
    ]


def test_without_strengths_one_is_left_and_two_is_right() -> None:
    controls = kind("pairwise").controls(asked("pairwise", {"both_bad": True}), {}, SHOWN)
    assert [(o.value, o.label, o.key) for o in controls["field"].options] == [
        ("b", "Response 1", "1"),
        ("@tie", "Tie", "0"),
        ("a", "Response 2", "2"),
    ]
    assert [(o.value, o.key) for o in controls["apart"]] == [("@both_bad", "B")]


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        ({"min": 1, "max": 5}, "12345"),
        ({"min": 0, "max": 4}, "01234"),
        ({"min": 1, "max": 10}, "1234567890"),
        ({"min": 0, "max": 10}, "0123456789-"),
        ({"min": -2, "max": 2}, "12345"),
        ({"min": 0, "max": 1, "step": 0.5}, "123"),
    ],
)
def test_a_rating_is_chosen_by_its_digit(config: dict[str, Any], keys: str) -> None:
    controls = kind("rating").controls(asked("rating", config), {}, SHOWN)
    assert "".join(option.keys for option in controls["fields"][0].options) == keys


def test_a_correction_starts_with_the_completion_itself() -> None:
    question = asked("text", {"per": "completion", "prefill": True})
    (fresh,) = form_questions([question], None, SHOWN, {})
    (begun,) = form_questions([question], {"q": {"a": "mended"}}, SHOWN, {})
    assert [field.value for field in fresh.controls["fields"]] == ["beta", "alpha"]
    assert [field.value for field in begun.controls["fields"]] == ["beta", "mended"]


def test_an_answer_to_a_question_that_does_not_apply_is_left_out() -> None:
    first = asked("choice", {"options": OPTIONS})
    then = Asked("why", "text", kind("text").clean_config({}), when={"question": "q", "equals": "x"})
    assert form_answers([first, then], QueryDict("q=y&why=hidden")) == {"q": "y"}
    assert form_answers([first, then], QueryDict("q=x&why=shown")) == {"q": "x", "why": "shown"}
    (_, shown) = form_questions([first, then], None, SHOWN, {})
    assert shown.condition == "“Q” is Ex"
    assert shown.when == '{"fields": {"q": ["x"]}, "exact": false}'


def test_a_follow_up_stands_with_what_it_follows() -> None:
    first, second = asked("choice", {"options": OPTIONS}), Asked("r", "rating", kind("rating").clean_config({}))
    sure, why = (
        Asked(name, "text", kind("text").clean_config({}), when={"question": after, "answered": True})
        for name, after in (("sure", "q"), ("why", "sure"))
    )
    questions = form_questions([first, second, sure, why], None, SHOWN, {})
    assert [[q.asked.name for q in group] for group in together(questions)] == [["q", "sure", "why"], ["r"]]
    assert (questions[2].when, questions[2].condition) == ('{"answered": "q"}', "you have answered “Q”")
    assert form_answers([first, sure], QueryDict("q=&sure=hidden")) == {}
    assert form_answers([first, sure], QueryDict("q=x&sure=shown")) == {"q": "x", "sure": "shown"}
