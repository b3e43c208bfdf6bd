"""The annotation form: which fields it has, what an answer looks like in it, and the answers in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotate.answers import applies
from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.controls import Field, Shown

LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question as the page asks it. `when` tells the page's script which form values it depends on."""

    asked: Asked
    title: str
    template: str
    controls: Mapping[str, Any]
    error: str
    when: str
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
    when = condition = ""
    if asked.when:
        when, condition = _when(by_name[asked.when["question"]], asked.when)
    controls = found.controls(asked, found.to_form(asked, answer), shown)
    error = _in_names(error, controls.get("fields", ()), shown) if error else ""
    return FormQuestion(asked, title_of(asked), f"kinds/{asked.kind}.html", controls, error, when, condition)


def _in_names(error: str, fields: Sequence[Field], shown: Sequence[Shown]) -> str:
    """A message of the validator as annotators read it: completions by the names on the screen, not by their keys."""
    if missing := dict.fromkeys(field.label for field in fields if not field.values):
        return f"Not answered yet: {', '.join(missing)}." if all(missing) else "Not answered yet."
    for completion in shown:
        error = error.replace(f"completion {completion.key}:", f"{completion.name}:")
    return f"{error[:1].upper()}{error[1:]}."


def together(questions: Sequence[FormQuestion]) -> list[list[FormQuestion]]:
    """The questions with those that follow from each, in groups: a follow-up stands with what it follows."""
    groups: list[list[FormQuestion]] = []
    group_of: dict[str, list[FormQuestion]] = {}
    for question in questions:
        followed = question.asked.when["question"] if question.asked.when else ""
        group = group_of.get(followed)
        if group is None:
            groups.append(group := [])
        group.append(question)
        group_of[question.asked.name] = group
    return groups


def title_of(asked: Asked) -> str:
    return asked.title or asked.name.replace("-", " ").replace("_", " ").capitalize()


def _when(earlier: Asked, when: Mapping[str, Any]) -> tuple[str, str]:
    """A condition as the page's script reads it, and in words."""
    if "answered" in when:
        return json.dumps({"answered": earlier.name}), f"you have answered “{title_of(earlier)}”"
    wanted = when["equals"]
    fields = kind(earlier.kind).to_form(earlier, wanted)
    return json.dumps({"fields": fields, "exact": isinstance(wanted, list)}), _condition(earlier, wanted)


def _condition(earlier: Asked, wanted: Any) -> str:
    """The condition in words, without the keys of completions."""
    options = {option["key"]: option["text"] for option in earlier.config.get("options", ())}
    chosen = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
    if not chosen:
        return f"it follows from your answer to “{title_of(earlier)}”"
    return f"“{title_of(earlier)}” is {', '.join(options.get(str(key), str(key)) for key in chosen)}"


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


def form_id(form: Mapping[str, Any], name: str) -> int | None:
    """An id, or None where the field is empty. Raises `Invalid`."""
    return next(iter(form_ids(form, name)), None)


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


def form_json(form: Mapping[str, Any], name: str) -> Any:
    """The JSON in a field, or None where it is empty. Raises `Invalid`."""
    value = form.get(name)
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError):
        raise Invalid(f"{name} must be JSON", {name: "JSON"}) from None
