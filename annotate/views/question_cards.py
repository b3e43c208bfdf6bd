"""The questions of the campaign form: a card each, between a definition's JSON and form fields."""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from annotate.kinds import kinds
from annotate.views.conditions import condition_fields, read_condition
from annotate.views.fields import Field, problem_at, rows_for

SHOWS = (
    ("each", "one completion alone"),
    ("pair", "two completions side by side"),
    ("all", "all completions together"),
)
NEW: dict[str, Any] = {"kind": "rating", "shows": "each", "name": "", "config": {}}
KEPT = ("view",)


@dataclass(frozen=True, slots=True)
class Card:
    """A question as the form shows it. `kept` holds, as JSON, the parts that the form does not show."""

    index: int
    fields: Sequence[Field]
    settings: Sequence[Field]
    condition: Sequence[Field]
    kind: str
    name: str
    kept: str
    errors: Sequence[str] = field(default=())

    @property
    def prefix(self) -> str:
        return f"q{self.index}-"

    @property
    def number(self) -> int:
        return self.index + 1


def cards(questions: Sequence[Mapping[str, Any]], problems: Mapping[str, str], shows: Iterable[str] = ()) -> list[Card]:
    """The cards of `questions`; `problems` are keyed by field path, `shows` limits what can be chosen."""
    allowed = tuple(shows)
    return [
        _card(i, question, questions[:i], _of_question(i, problems), allowed) for i, question in enumerate(questions)
    ]


def last_focused(given: list[Card]) -> list[Card]:
    """The cards with the cursor in the last one: it was added just now."""
    *others, last = given
    title, *fields = last.fields
    return [*others, replace(last, fields=[replace(title, focused=True), *fields])]


def _of_question(index: int, problems: Mapping[str, str]) -> dict[str, str]:
    start = f"questions[{index}]"
    return {path.removeprefix(start).lstrip("."): text for path, text in problems.items() if path.startswith(start)}


def _card(
    index: int,
    question: Mapping[str, Any],
    earlier: Sequence[Mapping[str, Any]],
    problems: dict[str, str],
    allowed: tuple[str, ...],
) -> Card:
    prefix = f"q{index}-"
    kind = kinds().get(str(question.get("kind")), kinds()["rating"])
    shows = [(value, label) for value, label in SHOWS if value in kind.shows and (not allowed or value in allowed)]
    fields = [
        Field(prefix + "title", "Question", value=question.get("title", ""), hint="What annotators read."),
        Field(prefix + "kind", "Kind", "select", kind.name, choices=[(k.name, k.title) for k in kinds().values()]),
        Field(prefix + "shows", "On the screen", "select", question.get("shows", "all"), choices=shows),
        Field(prefix + "name", "Name", value=question.get("name", ""), hint="In exports: letters, digits, _ or -."),
        Field(prefix + "required", "Must be answered", "flag", question.get("required", True)),
    ]
    config = question.get("config") or {}
    settings = [
        Field(prefix + s.name, s.label, s.widget, shown, s.hint, choices=s.choices, rows=rows_for(shown))
        for s in kind.settings
        for shown in [s.show(config)]
    ]
    left = dict(problems)
    fields = [replace(f, error=problem_at(f.name.removeprefix(prefix), left)) for f in fields]
    settings = [replace(f, error=problem_at(f"config.{f.name.removeprefix(prefix)}", left)) for f in settings]
    condition = condition_fields(prefix, question, earlier, problem_at("when", left))
    kept = json.dumps({key: question[key] for key in KEPT if question.get(key) is not None})
    name = str(question.get("name", ""))
    return Card(index, fields, settings, condition, kind.name, name, kept, list(left.values()))


def read_cards(form: QueryDict) -> list[dict[str, Any]]:
    """The questions in a submitted form, after the button that was pressed: one more, one less, a fresh start."""
    prefixes = [f"q{index}-" for index in form.getlist("q") if index.isdecimal()]
    questions = [_read(form, prefix) for prefix in prefixes]
    for question in questions:
        question["name"] = question["name"] or _free_name(question["kind"], [q["name"] for q in questions])
    _follow(questions, [form.get(prefix + "name_was", "") for prefix in prefixes])
    removed = form.get("remove_question", "")
    if removed.isdecimal() and len(removed) < 10 and int(removed) < len(questions):
        del questions[int(removed)]
    if "add_question" in form:
        questions.append({**NEW, "name": _free_name(NEW["kind"], [q["name"] for q in questions])})
    return questions


def _follow(questions: Sequence[dict[str, Any]], before: Sequence[str]) -> None:
    """Conditions name a question by the name that it has now."""
    renamed = {was: question["name"] for was, question in zip(before, questions, strict=True) if was}
    for question in questions:
        if when := question.get("when"):
            when["question"] = renamed.get(when["question"], when["question"])


def _free_name(kind: str, taken: Sequence[str]) -> str:
    """The kind's name, with a number where it is in use."""
    names = itertools.chain([kind or "question"], (f"{kind or 'question'}{n}" for n in itertools.count(2)))
    return next(name for name in names if name not in taken)


def _read(form: QueryDict, prefix: str) -> dict[str, Any]:
    kind = kinds().get(form.get(prefix + "kind", ""))
    before = form.get(prefix + "kind_was", "")
    same = kind is not None and kind.name == before
    config = {s.name: s.read(form, prefix + s.name) for s in kind.settings} if kind and same else {}
    name = form.get(prefix + "name", "").strip()
    question = {
        "name": "" if not same and name.rstrip("0123456789") == before else name,
        "kind": form.get(prefix + "kind", ""),
        "title": form.get(prefix + "title", "").strip(),
        "shows": form.get(prefix + "shows", ""),
        "required": bool(form.get(prefix + "required")),
        "config": {name: value for name, value in config.items() if value is not None},
    }
    when = read_condition(form, prefix)
    return question | ({"when": when} if when else {}) | _kept(form.get(prefix + "kept", ""))


def _kept(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {key: value[key] for key in KEPT if key in value} if isinstance(value, dict) else {}
