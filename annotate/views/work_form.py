"""The annotation form: which fields it has, what an answer looks like in it, and the answers in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotate.answers import applies
from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.controls import Shown

LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question as the page asks it. `when` tells the page's script which form values it depends on."""

    asked: Asked
    title: str
    template: str
    controls: Mapping[str, Any]
    error: str
    when: Mapping[str, Any] | None
    condition: str


def form_questions(
    asked: Sequence[Asked], answers: Any, shown: Sequence[Shown], errors: Mapping[str, str]
) -> list[FormQuestion]:
    """The questions with their fields filled from `answers` (an annotation's, or a draft's of any shape)."""
    given = answers if isinstance(answers, Mapping) else {}
    by_name = {question.name: question for question in asked}
    return [_form_question(q, given.get(q.name), shown, errors.get(q.name, ""), by_name) for q in asked]


def _form_question(
    asked: Asked, answer: Any, shown: Sequence[Shown], error: str, by_name: Mapping[str, Asked]
) -> FormQuestion:
    found = kind(asked.kind)
    when, condition = None, ""
    if asked.when:
        earlier, wanted = by_name[asked.when["question"]], asked.when["equals"]
        when = {"fields": kind(earlier.kind).to_form(earlier, wanted), "exact": isinstance(wanted, list)}
        condition = f"{title_of(earlier)}: {_said(wanted)}"
    controls = found.controls(asked, found.to_form(asked, answer), shown)
    return FormQuestion(asked, title_of(asked), f"kinds/{asked.kind}.html", controls, error, when, condition)


def title_of(asked: Asked) -> str:
    return asked.title or asked.name.replace("-", " ").replace("_", " ").capitalize()


def _said(wanted: Any) -> str:
    return ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)


def form_answers(asked: Sequence[Asked], form: QueryDict) -> dict[str, Any]:
    """The raw answers in a submitted form, without those to questions whose condition does not hold."""
    answers: dict[str, Any] = {}
    for question in asked:
        answer = kind(question.kind).from_form(question, form) if applies(question, answers) else None
        if answer is not None:
            answers[question.name] = answer
    return answers


def form_ids(form: Mapping[str, Any], name: str) -> list[int]:
    """Ids separated by commas. Raises `Invalid`."""
    try:
        return [int(part) for part in str(form.get(name) or "").split(",") if part]
    except ValueError:
        raise Invalid(f"{name} must be ids separated by commas", {name: "such as 12,13"}) from None


def form_number(form: Mapping[str, Any], name: str) -> float | None:
    """A number, or None where the field is empty. Raises `Invalid`."""
    value = form.get(name)
    try:
        return float(value) if value else None
    except ValueError:
        raise Invalid(f"{name} must be a number", {name: "a number"}) from None


def form_whole(form: Mapping[str, Any], name: str) -> int | None:
    """A whole number, or None where the field is empty. Raises `Invalid`."""
    value = str(form.get(name) or "")
    if value and not (value.isdecimal() and len(value) < LONGEST_NUMBER):
        raise Invalid(f"{name} must be a whole number", {name: "a whole number"})
    return int(value) if value else None
