"""The one validator of answers: what is asked in a unit, and whether the answers fit it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from annotate.arms import questions_in
from annotate.checking import check_storable
from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.source import Source
from annotate.models import Assignment, Question
from annotate.models.campaigns import version_of
from annotate.options import option


def asked_in(questions: Iterable[Question], shows: str, keys: Sequence[str], source: Source) -> list[Asked]:
    """The questions of a view as asked of a unit with these completion keys (in the item's order)."""
    return [Asked(q.name, q.kind, q.config, q.required, q.title, shows, q.when, tuple(keys), source) for q in questions]


@lru_cache(maxsize=1024)
def questions_of(version_id: int, view_id: int) -> tuple[Question, ...]:
    """The questions of a view in a version. Versions never change, so each process reads them once."""
    return tuple(Question.objects.filter(version=version_id, view=view_id))


def questions_for(assignment: Assignment) -> Sequence[Question]:
    """The questions that this assignment asks, in the version it names: of an experiment, those of its arm."""
    questions = questions_of(assignment.version_id, assignment.unit.view_id)
    return questions_in(questions, option("arms", version_of(assignment.version_id).config), assignment.arm)


def asked_of(assignment: Assignment) -> list[Asked]:
    """`questions_for`, as asked of the assignment's unit."""
    unit = assignment.unit
    return asked_in(questions_for(assignment), unit.view.shows, unit.keys, unit.item.source)


def clean_answers(asked: Sequence[Asked], answers: Any) -> dict[str, Any]:
    """The answers in canonical form, in the questions' order. Raises `Invalid` naming every question that is wrong."""
    if not isinstance(answers, Mapping):
        raise Invalid('answers must be an object: {"question": answer}', {"answers": "an object"})
    check_storable(answers, "answers")
    problems: dict[str, str] = {}
    names = [question.name for question in asked]
    for name in answers:
        if name not in names:
            problems[name] = f"no such question here; asked are {', '.join(names)}"
    clean: dict[str, Any] = {}
    for question in asked:
        try:
            answer = _clean_one(question, answers.get(question.name), clean)
        except Invalid as error:
            problems.update(error.fields or {question.name: error.message})
        else:
            if answer is not None:
                clean[question.name] = answer
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    if not clean:
        raise Invalid("answer at least one question", dict.fromkeys(names, "not answered"))
    return clean


def _clean_one(question: Asked, answer: Any, earlier: Mapping[str, Any]) -> Any:
    if not applies(question, earlier):
        if answer is not None:
            raise Invalid(fields={question.name: f"is only asked when {_condition(question)}"})
        return None
    if answer is None:
        if question.required:
            raise Invalid(fields={question.name: "not answered"})
        return None
    return kind(question.kind).clean(question, answer)


def applies(question: Asked, earlier: Mapping[str, Any]) -> bool:
    """Whether the question's condition holds, given the earlier answers.

    That is `{"question", "equals"}` (of several choices: one of them), or `{"question", "answered": true}`.
    """
    if question.when is None:
        return True
    given = earlier.get(question.when["question"])
    if "answered" in question.when:
        return given is not None
    wanted = question.when["equals"]
    return bool(given == wanted or (isinstance(given, list) and wanted in given))


def _condition(question: Asked) -> str:
    assert question.when is not None
    if "answered" in question.when:
        return f"{question.when['question']} is answered"
    return f"{question.when['question']} is {question.when['equals']!r}"
