"""A kind's configuration as form fields: each kind names its settings, and the campaign form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotate.kinds.entries import Extra, entry_line, read_entry, read_text, split_lines, text_line
from annotate.kinds.forms import Form, typed_number

LINES = ("lines", "options")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a kind's configuration. `choices` are (value, label); an empty value leaves the key out.

    `widget` is text, number, flag, select, several (some of `choices`), lines (a list of texts) or options (a list
    of keys with texts, a line each, with `extras` behind bars).
    """

    name: str
    label: str
    widget: str
    hint: str = ""
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    extras: tuple[Extra, ...] = ()

    def read(self, form: Form, field: str) -> Any:
        """The value in a submitted form; None where it was left empty. What cannot be read is given as typed."""
        if self.widget == "several":
            return [str(value) for value in form.getlist(field)] or None
        value = str(form.get(field) or "").strip()
        if self.widget == "flag":
            return bool(value)
        if self.widget == "lines":
            return [read_text(line) for line in split_lines(value)] or None
        if self.widget == "options":
            return [read_entry(line, self.extras) for line in split_lines(value)] or None
        return typed_number(value) if value and self.widget == "number" else value or None

    def show(self, config: Mapping[str, Any]) -> Any:
        """The value as the form's field holds it."""
        value = config.get(self.name)
        value = self.default if value is None else value
        if self.widget == "flag":
            return bool(value)
        if self.widget in LINES and isinstance(value, list | tuple):
            return "\n".join(self._line(line) for line in value)
        return "" if value is None else value

    def _line(self, value: Any) -> str:
        return entry_line(value, self.extras) if self.widget == "options" else text_line(str(value))


def flag(name: str, label: str, hint: str = "", default: bool = False) -> Setting:
    return Setting(name, label, "flag", hint, default)


def number(name: str, label: str, default: float | None = None, hint: str = "") -> Setting:
    return Setting(name, label, "number", hint, default)


def lines(name: str, label: str, hint: str = "") -> Setting:
    return Setting(name, label, "lines", hint)


def options(name: str, label: str, hint: str = "", extras: tuple[Extra, ...] = ()) -> Setting:
    """A list of keys with texts, a line each: `key = text | word value | word`."""
    return Setting(name, label, "options", hint, extras=extras)


SHORTCUT = Extra("shortcut", "key")
"""A letter of its own for an option: `rude = It is rude | key r`."""

PER = Setting(
    "per",
    "Answered",
    "select",
    default="unit",
    choices=(("unit", "once for the screen"), ("completion", "for each completion")),
)
