"""A kind's configuration as form fields: each kind names its settings, and the campaign form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotate.kinds.forms import Form, typed_number


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a kind's configuration. `choices` are (value, label); an empty value leaves the key out."""

    name: str
    label: str
    widget: str
    hint: str = ""
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()

    def read(self, form: Form, field: str) -> Any:
        """The value in a submitted form; None where it was left empty. What cannot be read is given as typed."""
        value = str(form.get(field) or "").strip()
        if self.widget == "flag":
            return bool(value)
        if self.widget in ("lines", "options"):
            lines = [line.strip() for line in value.splitlines() if line.strip()]
            return ([_option(line) for line in lines] if self.widget == "options" else lines) or None
        return typed_number(value) if value and self.widget == "number" else value or None

    def show(self, config: Mapping[str, Any]) -> Any:
        """The value as the form's field holds it."""
        value = config.get(self.name)
        value = self.default if value is None else value
        if self.widget == "flag":
            return bool(value)
        if self.widget in ("lines", "options") and isinstance(value, list | tuple):
            return "\n".join(_option_line(line) for line in value)
        return "" if value is None else value


def flag(name: str, label: str, hint: str = "", default: bool = False) -> Setting:
    return Setting(name, label, "flag", hint, default)


def number(name: str, label: str, default: float | None = None, hint: str = "") -> Setting:
    return Setting(name, label, "number", hint, default)


def lines(name: str, label: str, hint: str = "") -> Setting:
    return Setting(name, label, "lines", hint)


PER = Setting(
    "per",
    "Answered",
    "select",
    default="unit",
    choices=(("unit", "once for the screen"), ("completion", "for each completion on the screen")),
)


def _option(line: str) -> dict[str, str] | str:
    key, equals, text = (part.strip() for part in line.partition(" = "))
    return {"key": key, "text": text} if equals and text else line


def _option_line(option: Any) -> str:
    if not isinstance(option, Mapping):
        return str(option)
    key, text = option.get("key", ""), option.get("text", "")
    return f"{key} = {text}" if text and text != key else str(key)
