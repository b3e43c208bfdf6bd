"""The settings of a provider or a protocol as form fields, made from their defaults, and read back from a form."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from annotate.views.fields import Field, rows_for
from routing.judges import Provider
from routing.protocols import JudgingProtocol

Settings = type[Provider] | type[JudgingProtocol]
HAS = "has"
"""The form's list of groups whose fields it shows: a box that is not ticked sends nothing."""
FILLED_IN = {
    "embedding_head": ("head", "pairs", "groups", "accuracy", "interval", "penalty", "trained_on"),
}
"""Settings that the training of a judge fills in."""
HINTS = {
    "temperature": "0: the likeliest answer. Above 0 answers vary from one repeat to the next.",
    "max_tokens": "The most tokens of one answer.",
    "timeout": "Seconds until a call is given up and tried again.",
    "extra": "JSON that is sent along, for settings of this server.",
    "reasoning": "It writes why before it answers: dearer, and often better.",
    "context": "The most tokens it reads at once; empty where the server says so itself.",
    "tie_band": "How close to even counts as a tie.",
    "question": "Whose answers it learns from; empty for the one with the most preferences.",
    "noise": "From 0 to 1: how often it goes against its rule.",
    "delay": "Seconds that every answer takes.",
}


def setting_fields(group: str, found: Settings, form: QueryDict, problem: str = "") -> list[Field]:
    """Every setting, with what was typed where the form had the group, else with its default."""
    shown = form if group in form.getlist(HAS) else None
    return [_field(group, found, name, default, shown, problem) for name, default in settings_of(found).items()]


def settings_of(found: Settings) -> dict[str, Any]:
    """The settings that somebody can choose, with their defaults."""
    return {name: value for name, value in found.defaults.items() if name not in FILLED_IN.get(found.name, ())}


def _field(group: str, found: Settings, name: str, default: Any, form: QueryDict | None, problem: str) -> Field:
    widget, field = _widget(found, name, default), f"{group}.{name}"
    value: Any = _shown(default)
    if form is not None:
        value = field in form if widget == "flag" else form.get(field, "")
    return Field(
        field,
        name.replace("_", " ").capitalize(),
        widget,
        bool(value) if widget == "flag" else value,
        HINTS.get(name, "One a line." if widget == "lines" else ""),
        problem if names_setting(problem, name) else "",
        [(str(choice), str(choice)) for choice in _choices(found).get(name, ())],
        rows_for(value),
    )


def names_setting(problem: str, name: str) -> bool:
    """Whether a message is about the setting: it begins with its name."""
    return problem.split(" ", 1)[0].strip("'\":,;") == name


def _choices(found: Settings) -> Mapping[str, Any]:
    return getattr(found, "choices", {})


def _widget(found: Settings, name: str, default: Any) -> str:
    if name in _choices(found):
        return "select"
    if isinstance(default, bool):
        return "flag"
    if isinstance(default, int | float):
        return "number"
    if isinstance(default, list | tuple):
        return "lines"
    if isinstance(default, Mapping) or (isinstance(default, str) and issubclass(found, JudgingProtocol)):
        return "area"
    return "text"


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else value


def read_settings(group: str, found: Settings, form: QueryDict) -> dict[str, Any]:
    """The settings that differ from their defaults. What cannot be read is given as typed, to be refused by name."""
    if group not in form.getlist(HAS):
        return {}
    read = {name: _read(found, name, default, form, f"{group}.{name}") for name, default in settings_of(found).items()}
    return {name: value for name, value in read.items() if value is not None and value != found.defaults[name]}


def _read(found: Settings, name: str, default: Any, form: QueryDict, field: str) -> Any:
    if isinstance(default, bool):
        return field in form
    text = form.get(field, "").replace("\r\n", "\n").strip()
    if isinstance(default, list | tuple):
        return [line.strip() for line in text.split("\n") if line.strip()]
    if not text:
        return "" if isinstance(default, str) and default and name not in _choices(found) else None
    if isinstance(default, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
