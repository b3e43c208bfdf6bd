"""One or several of the options that the campaign names, for the unit or for each completion."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import (
    Asked,
    Kind,
    LabelRow,
    RecordRow,
    Scale,
    brief,
    config_flag,
    config_per,
    per_completion,
    refuse,
)
from annotate.kinds.controls import Field, Filled, Option, Shown, digit, field_name, filled_by_completion, form_values
from annotate.kinds.forms import Form
from annotate.kinds.settings import PER, SHORTCUT, flag, options

SHORTCUTS = re.compile(r"[^\W_]")
"""One letter or digit, in lower case."""


class Choice(Kind):
    """`"key"`, or `["key", …]` when `multiple`; an object of these by completion when `per` is completion.

    An option is a key or `{key, text, shortcut}`: `shortcut` is the letter or digit that chooses it.
    """

    name = "choice"
    title = "Choice"
    yields = frozenset({LabelRow})
    config_keys = frozenset({"options", "multiple", "per"})
    settings = (
        options(
            "options",
            "Options",
            "One per line. For a short key in exports: `key = text`. For a letter to press: `key = text | key r`.",
            extras=(SHORTCUT,),
        ),
        flag("multiple", "Several may be chosen"),
        PER,
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        clean, multiple = _clean_options(config), config_flag(config, "multiple")
        return {"options": clean, "multiple": multiple, "per": config_per(config)}

    def clean(self, asked: Asked, answer: Any) -> Any:
        if asked.config.get("per") != "completion":
            return self._clean_value(asked, answer)
        given = per_completion(asked, answer)
        return {key: self._clean_value(asked, given[key]) for key in asked.keys}

    def _clean_value(self, asked: Asked, value: Any) -> Any:
        keys = [option["key"] for option in asked.config["options"]]
        if not asked.config.get("multiple"):
            if value not in keys:
                raise refuse(asked, f"{brief(value)} is not an option; choose one of {', '.join(keys)}")
            return value
        if not isinstance(value, list) or not value:
            raise refuse(asked, f"give a list of options, at least one of {', '.join(keys)}")
        if unknown := [v for v in value if v not in keys]:
            raise refuse(asked, f"{brief(unknown)}: not an option; choose from {', '.join(keys)}")
        return [key for key in keys if key in value]

    def scale(self, config: Mapping[str, Any]) -> Scale:
        return "set" if config.get("multiple") else "nominal"

    def records(self, asked: Asked, answer: Any) -> Iterable[LabelRow]:
        by_target = answer if isinstance(answer, Mapping) else {"": answer}
        for target, value in by_target.items():
            for option in value if isinstance(value, list) else [value]:
                yield LabelRow(target, "", option)

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        """A label per target, or with several options those of its labels."""
        by_target: dict[str, list[str]] = {}
        for row in rows:
            if isinstance(row, LabelRow):
                by_target.setdefault(row.target, []).append(row.value)
        answer = {key: said if asked.config.get("multiple") else said[0] for key, said in by_target.items()}
        return answer if asked.config.get("per") == "completion" else answer.get("")

    def from_form(self, asked: Asked, form: Form) -> Any:
        multiple = asked.config.get("multiple")

        def read(field: str) -> Any:
            return (form.getlist(field) if multiple else form.get(field)) or None

        if asked.config.get("per") != "completion":
            return read(asked.name)
        given = {key: read(f"{asked.name}.{key}") for key in asked.keys}
        return {key: value for key, value in given.items() if value} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        if asked.config.get("per") == "completion":
            return filled_by_completion(asked.name, answer, asked.keys)
        return {asked.name: form_values(answer)}

    def clean_condition(self, config: Mapping[str, Any], wanted: Any) -> Any:
        """An option, several of them (all and no others) where several may be chosen, or an answer by completion."""
        by_completion = config.get("per") == "completion"
        if by_completion and isinstance(wanted, Mapping):
            return dict(wanted)
        known = [option["key"] for option in config.get("options", ())]
        given = wanted if isinstance(wanted, list) and config.get("multiple") else [wanted]
        if by_completion or not given or any(key not in known for key in given):
            right = "{completion: option}" if by_completion else f"one of {', '.join(known)}"
            raise Invalid(f"{brief(wanted)} is never an answer; give {right}")
        return [key for key in known if key in given] if given is wanted else wanted

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        return [key for n, option in enumerate(config["options"]) if (key := _key(option, n))]

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        def field(name: str, label: str) -> Field:
            chosen = filled.get(name, ())
            found = [
                Option(option["key"], option["text"], _key(option, position), "", option["key"] in chosen)
                for position, option in enumerate(asked.config["options"])
            ]
            return Field(name, label, chosen, found)

        if asked.config.get("per") != "completion":
            return {"fields": [field(asked.name, "")]}
        several = len(shown) > 1
        return {"fields": [field(field_name(asked.name, c.key), c.name if several else "") for c in shown]}


def _clean_options(config: Mapping[str, Any]) -> list[dict[str, str]]:
    given = config.get("options")
    wrong = Invalid("options must be at least two, each a key or {key, text}", {"config.options": '["yes", "no"]'})
    if not isinstance(given, list) or len(given) < 2:
        raise wrong
    clean = []
    for option in given:
        option = {"key": option} if isinstance(option, str) else option
        if not isinstance(option, Mapping) or not option.get("key") or not set(option) <= {"key", "text", "shortcut"}:
            raise wrong
        text = option.get("text") or option["key"]
        if not isinstance(option["key"], str) or not isinstance(text, str):
            raise wrong
        clean.append({"key": option["key"], "text": text, **_shortcut(option)})
    if len({option["key"] for option in clean}) != len(clean):
        raise Invalid("options names one key twice", {"config.options": "every key once"})
    _refuse_shared_keys(clean)
    return clean


def _shortcut(option: Mapping[str, Any]) -> dict[str, str]:
    value = option.get("shortcut")
    if value is None:
        return {}
    if not isinstance(value, str) or not SHORTCUTS.fullmatch(value.lower()):
        message = f"the shortcut of {option['key']} must be one letter or digit"
        raise Invalid(message, {"config.options": message})
    return {"shortcut": value.lower()}


def _refuse_shared_keys(clean: Sequence[Mapping[str, str]]) -> None:
    owners: dict[str, str] = {}
    for position, option in enumerate(clean):
        key = _key(option, position)
        if key and key in owners:
            message = (
                f"{owners[key]} and {option['key']} share the key {key.upper()}; give one of them another shortcut"
            )
            raise Invalid(message, {"config.options": message})
        owners[key] = option["key"]


def _key(option: Mapping[str, str], position: int) -> str:
    """The key that chooses an option: its shortcut, else the digit of its place."""
    return option.get("shortcut") or digit(position)
