"""The settings of a protocol held against its defaults: what each may be, and a message that says what is right."""

from collections.abc import Mapping, Sequence
from typing import Any

from routing.judges.registry import ConfigError

LONGEST = 20_000


def check_settings(
    config: Mapping[str, Any],
    defaults: Mapping[str, Any],
    choices: Mapping[str, Sequence[str]],
    limits: Mapping[str, tuple[float, float]],
) -> None:
    """Raises ConfigError for a setting that is not of its default's type, no choice, or outside its limits."""
    for name, default in defaults.items():
        if problem := _problem(config[name], default, choices.get(name), limits.get(name)):
            raise ConfigError(f"{name} is {_brief(config[name])}; it must be {problem}")


def _problem(value: Any, default: Any, choices: Sequence[str] | None, limits: tuple[float, float] | None) -> str | None:
    """What would be right, where `value` is not."""
    if choices is not None:
        return None if value in choices else f"one of {', '.join(choices)}"
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, int | float):
        return _number_problem(value, isinstance(default, int), limits)
    if isinstance(default, list):
        texts = isinstance(value, list) and all(_is_text(each) and each.strip() for each in value)
        return None if texts else "a list of texts, none of them empty"
    if isinstance(default, str):
        return None if _is_text(value) else f"a text of at most {LONGEST:,} characters"
    return None


def _number_problem(value: Any, whole: bool, limits: tuple[float, float] | None) -> str | None:
    low, high = limits or (float("-inf"), float("inf"))
    fine = isinstance(value, int if whole else int | float) and not isinstance(value, bool) and low <= value <= high
    between = f" from {low:g} to {high:g}" if limits else ""
    return None if fine else f"a {'whole ' if whole else ''}number{between}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
