"""The form that adds a judge, made from the registry: each provider's settings, with its defaults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from routing.judges import Provider, providers


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a provider as a form field; `field` is its name in the form."""

    name: str
    field: str
    value: str
    choices: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A provider to choose, with its first setting apart: the one that makes the judge what it is."""

    name: str
    summary: str
    main: Setting | None
    more: tuple[Setting, ...]
    chosen: bool


def choices(form: Mapping[str, str]) -> list[Choice]:
    """Every provider with its settings, filled with what was typed."""
    known = providers()
    chosen = form.get("provider") or next(iter(known))
    return [_choice(name, each, form, name == chosen) for name, each in known.items()]


def _choice(name: str, found: type[Provider], form: Mapping[str, str], chosen: bool) -> Choice:
    settings = [_setting(found, key, default, form) for key, default in found.defaults.items()]
    return Choice(name, found.describe, settings[0] if settings else None, tuple(settings[1:]), chosen)


def _setting(found: type[Provider], key: str, default: Any, form: Mapping[str, str]) -> Setting:
    field = f"{found.name}.{key}"
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    value = form.get(field, "" if default is None else str(default))
    return Setting(key, field, value, tuple(found.choices.get(key, ())), is_number)


def spec_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """What the form asks for, as `create_judge` takes it; settings left empty or at their default are left out."""
    name = form.get("provider", "")
    found = providers().get(name)
    config = {}
    for key, default in (found.defaults if found else {}).items():
        value = _value(form.get(f"{name}.{key}", "").strip(), default)
        if value is not None and value != default:
            config[key] = value
    return {"name": form.get("name", ""), "provider": name, "config": config}


def _value(text: str, default: Any) -> Any:
    """The typed text as what the setting holds: a number where it reads as one, unless the default is a text."""
    if not text:
        return None
    if isinstance(default, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
