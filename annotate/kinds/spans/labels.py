"""The labels of a span question: what they are called, how they look, and what a mark of each must have."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.controls import DIGITS
from annotate.kinds.entries import Extra
from annotate.kinds.settings import SHORTCUT

COLOURS = 8
LONGEST_KEY = 80
LONGEST_TEXT = 500
MODES = ("none", "optional", "required")
OWN_KEYS = "cenrwx0"
"""What the marking itself is steered by; `static/js/spans/keyboard.js` has their meaning."""
DEFAULTS: dict[str, Any] = {
    "key": "",
    "text": "",
    "hint": "",
    "colour": None,
    "shortcut": "",
    "note": False,
    "severities": True,
    "refs": "none",
    "whole": "none",
}
"""`refs` points at sentences of the context's passages; `whole` says whether a mark is about the whole text.
`severities` and `shortcut` are those of the question and the next free digit where a label says nothing."""
EXTRAS = (
    Extra("note", "note", "flag", False),
    Extra("severities", "no severity", "flag", True),
    Extra("refs", "refs", default="none"),
    Extra("whole", "whole", default="none"),
    SHORTCUT,
    Extra("colour", "colour", "number"),
    Extra("hint", "hint", default=""),
)


def clean_labels(given: Any) -> list[dict[str, Any]]:
    """The labels with their defaults. Raises `Invalid` naming the label and the setting that is wrong."""
    if not isinstance(given, list) or not given:
        raise _wrong("", 'must be a list of at least one key, or {"key", "text", …}, such as ["error"]')
    labels = [_clean_label(index, label) for index, label in enumerate(given)]
    for name in ("key", "shortcut"):
        values = [label[name] for label in labels if label[name]]
        if len(set(values)) < len(values):
            raise _wrong("", f"names one {name} twice; each label needs its own")
    return labels


def shortcuts(labels: Sequence[Mapping[str, Any]]) -> list[str]:
    """The key that gives each label: its own, else the first free digit, else none."""
    taken = {label["shortcut"] for label in labels}
    free = iter([digit for digit in DIGITS if digit not in taken])
    return [label["shortcut"] or next(free, "") for label in labels]


def _clean_label(index: int, given: Any) -> dict[str, Any]:
    label = {"key": given} if isinstance(given, str) else given
    if not isinstance(label, Mapping):
        raise _wrong(f"[{index}]", "must be a key or an object {key, text, …}")
    if unknown := [str(name) for name in label if name not in DEFAULTS]:
        raise _wrong(f"[{index}].{unknown[0][:40]}", f"is not known; there are {', '.join(DEFAULTS)}")
    clean = {**DEFAULTS, **label}
    clean |= {name: _mode(clean[name]) for name in ("refs", "whole")}
    clean["text"] = clean["text"] or clean["key"]
    for name, (holds, right) in CHECKS.items():
        if not holds(clean[name]):
            raise _wrong(f"[{index}].{name}", right)
    return clean


def _mode(value: Any) -> Any:
    """true, and the word alone in the campaign form, are short for optional."""
    return "optional" if value is True or value == "" else "none" if value is False else value


def _wrong(where: str, right: str) -> Invalid:
    return Invalid(f"labels{where} {right}", {f"config.labels{where}": right})


def _is_text(most: int, least: int = 0) -> Any:
    return lambda value: isinstance(value, str) and least <= len(value) <= most and value == value.strip()


def _is_shortcut(value: Any) -> bool:
    one = isinstance(value, str) and len(value) == 1 and value.isascii() and value.isalnum()
    return value == "" or (one and value == value.lower() and value not in OWN_KEYS)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_mode(value: Any) -> bool:
    return isinstance(value, str) and value in MODES


CHECKS: dict[str, tuple[Any, str]] = {
    "key": (_is_text(LONGEST_KEY, 1), f"must be a text of 1 to {LONGEST_KEY} characters"),
    "text": (_is_text(LONGEST_TEXT, 1), f"must be a text of at most {LONGEST_TEXT} characters"),
    "hint": (_is_text(LONGEST_TEXT), f"must be a text of at most {LONGEST_TEXT} characters"),
    "colour": (
        lambda value: value is None or (type(value) is int and 0 <= value < COLOURS),
        f"must be a whole number from 0 to {COLOURS - 1}",
    ),
    "shortcut": (
        _is_shortcut,
        f"must be a small letter or digit other than {', '.join(OWN_KEYS)}, which steer the marking",
    ),
    "note": (_is_flag, "must be true (a note is required) or false"),
    "severities": (_is_flag, "must be true or false"),
    "refs": (_is_mode, f"must be {', '.join(MODES)}"),
    "whole": (_is_mode, f"must be {', '.join(MODES)}: whether a mark is about the whole text"),
}
