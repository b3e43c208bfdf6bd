"""Answers in a few words, as people read them in lists and suggestions: completions by their names on the screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.kinds import Asked

LONGEST_TEXT = 80
Names = Mapping[str, str]
"""Completion key → its neutral name; `@prompt` and `@context` are added."""
ELSEWHERE = {"@prompt": "Prompt", "@context": "Context"}


def in_words(asked: Asked, answer: Any, names: Names) -> str:
    """An answer of any kind, which may be of an earlier version of the question."""
    if isinstance(answer, Mapping) and "preferred" in answer:
        return _preference(asked, answer, names)
    targets = {**names, **ELSEWHERE}
    if isinstance(answer, Mapping) and answer and set(answer) <= set(targets):
        alone = len(answer) == 1
        said = [(targets[key], _value(asked, value)) for key, value in answer.items()]
        return "; ".join(text if alone else f"{name}: {text}" for name, text in said)
    return _value(asked, answer)


def _preference(asked: Asked, answer: Mapping[str, Any], names: Names) -> str:
    preferred, strength = answer["preferred"], answer.get("strength")
    if preferred is None:
        return "Both bad" if answer.get("both_bad") else "Tie"
    name, labels = names.get(str(preferred), str(preferred)), asked.config.get("strengths") or ()
    if isinstance(strength, int) and 1 <= strength <= len(labels):
        return f"{name} is better ({labels[strength - 1]})"
    return f"{name} is better"


def _value(asked: Asked, value: Any) -> str:
    if isinstance(value, str):
        return _texts(asked).get(value) or _short(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_points(asked).get(str(key), key)}: {one}" for key, one in value.items())
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(_value(asked, one) for one in value) or "none"
    if isinstance(value, list):
        return _marks(asked, value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _marks(asked: Asked, marks: Sequence[Any]) -> str:
    labels = [str(mark.get("label", "")) if isinstance(mark, Mapping) else "" for mark in marks]
    known = _named(asked, "labels")
    counts = {label: labels.count(label) for label in dict.fromkeys(labels)}
    said = ", ".join(
        f"{n} × {known.get(label, label)}" if n > 1 else known.get(label, label) for label, n in counts.items()
    )
    return f"{len(marks)} mark{'s' if len(marks) > 1 else ''} ({said})"


def _texts(asked: Asked) -> Mapping[str, str]:
    return _named(asked, "options")


def _points(asked: Asked) -> Mapping[str, str]:
    given = {str(point.get("key")): str(point.get("text")) for point in asked.source.points}
    return {key: _short(text) for key, text in {**given, **_named(asked, "points")}.items()}


def _named(asked: Asked, setting: str) -> Mapping[str, str]:
    entries = asked.config.get(setting)
    entries = entries if isinstance(entries, list) else ()
    return {
        str(one["key"]): str(one.get("text") or one["key"])
        for one in entries
        if isinstance(one, Mapping) and "key" in one
    }


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1].rstrip() + "…"
