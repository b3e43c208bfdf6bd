"""“Ask only if” of the campaign form: a question's condition between a definition's JSON and two fields."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from annotate.views.fields import Field

ANSWERED = {"answered": True}
LONGEST_CHOICE = 60


def screen_of(question: Mapping[str, Any]) -> str:
    """What tells the screen that a question stands on."""
    return str(question.get("view") or question.get("shows") or "all")


def condition_fields(
    prefix: str, question: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], error: str
) -> list[Field]:
    """Which earlier question of the screen decides and, once that is chosen, which answer to it; none without any."""
    when = _known(question.get("when"))
    before = {str(q.get("name")): q for q in earlier if screen_of(q) == screen_of(question)}
    if not before and not when:
        return []
    name = str(when.get("question", ""))
    choices = [("", "nothing: it is always asked"), *((n, _title(q)) for n, q in before.items())]
    if name and name not in before:
        choices.append((name, f"“{name}”, which is not there"))
    fields = [Field(prefix + "when", "Asked only after", "select", name, error=error, choices=choices)]
    if name:
        value = _json({key: part for key, part in when.items() if key != "question"})
        answers = list(_answers(before.get(name, {})))
        if value not in dict(answers):
            answers.append((value, f"is {_short(value)}"))
        fields.append(Field(prefix + "when_is", "if its answer", "select", value, choices=answers))
    return fields


def read_condition(form: QueryDict, prefix: str) -> dict[str, Any] | None:
    """The condition in a submitted form; another question begins with “is answered”."""
    name = form.get(prefix + "when", "")
    if not name:
        return None
    value: Any = None
    if form.get(prefix + "when_was") == name:
        try:
            value = json.loads(form.get(prefix + "when_is") or "null")
        except (ValueError, RecursionError):
            value = None
    return {"question": name, **(value if isinstance(value, dict) and value else ANSWERED)}


def _known(when: Any) -> Mapping[str, Any]:
    return when if isinstance(when, Mapping) else {}


def _answers(question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What can be asked of the answer to a question: (JSON of the condition, its words)."""
    yield _json(ANSWERED), "is given, whatever it is"
    config = question.get("config") or {}
    if question.get("kind") == "choice" and config.get("per") != "completion":
        word = "includes" if config.get("multiple") else "is"
        for option in config.get("options") or []:
            option = option if isinstance(option, Mapping) else {"key": option}
            text = str(option.get("text") or option.get("key"))
            yield _json({"equals": option.get("key")}), f"{word} “{_short(text)}”"
    if question.get("kind") == "pairwise" and config.get("allow_tie", True):
        yield _json({"equals": {"preferred": None}}), "is a tie"
        if config.get("both_bad"):
            yield _json({"equals": {"preferred": None, "both_bad": True}}), "is “both bad”"


def _title(question: Mapping[str, Any]) -> str:
    return _short(str(question.get("title") or question.get("name")))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CHOICE else text[: LONGEST_CHOICE - 1] + "…"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
