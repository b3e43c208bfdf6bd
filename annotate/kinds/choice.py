"""One or several of the options that the campaign names, for the unit or for each completion."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind, LabelRow, brief, config_flag, config_per, per_completion, refuse
from annotate.kinds.controls import Field, Filled, Option, Shown, digit, field_name, filled_by_completion, form_values
from annotate.kinds.forms import Form
from annotate.kinds.settings import PER, Setting, flag


class Choice(Kind):
    """`"key"`, or `["key", …]` when `multiple`; an object of these by completion when `per` is completion."""

    name = "choice"
    title = "Choice"
    config_keys = frozenset({"options", "multiple", "per"})
    settings = (
        Setting("options", "Options", "options", "One per line. For a short key in exports write: key = text"),
        flag("multiple", "Several may be chosen"),
        PER,
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        options, multiple = _clean_options(config), config_flag(config, "multiple")
        return {"options": options, "multiple": multiple, "per": config_per(config)}

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

    def records(self, asked: Asked, answer: Any) -> Iterable[LabelRow]:
        by_target = answer if isinstance(answer, Mapping) else {"": answer}
        for target, value in by_target.items():
            for option in value if isinstance(value, list) else [value]:
                yield LabelRow(target, "", option)

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

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        def field(name: str, label: str) -> Field:
            chosen = filled.get(name, ())
            options = [
                Option(option["key"], option["text"], digit(position), "", option["key"] in chosen)
                for position, option in enumerate(asked.config["options"])
            ]
            return Field(name, label, chosen, options)

        if asked.config.get("per") != "completion":
            return {"fields": [field(asked.name, "")]}
        several = len(shown) > 1
        return {"fields": [field(field_name(asked.name, c.key), c.name if several else "") for c in shown]}


def _clean_options(config: Mapping[str, Any]) -> list[dict[str, str]]:
    given = config.get("options")
    wrong = Invalid("options must be at least two, each a key or {key, text}", {"config.options": '["yes", "no"]'})
    if not isinstance(given, list) or len(given) < 2:
        raise wrong
    options = []
    for option in given:
        option = {"key": option} if isinstance(option, str) else option
        if not isinstance(option, Mapping) or not option.get("key") or not set(option) <= {"key", "text"}:
            raise wrong
        text = option.get("text") or option["key"]
        if not isinstance(option["key"], str) or not isinstance(text, str):
            raise wrong
        options.append({"key": option["key"], "text": text})
    if len({option["key"] for option in options}) != len(options):
        raise Invalid("options names one key twice", {"config.options": "every key once"})
    return options
