"""What a campaign says about the annotator's page: how items look, what may be seen, what passing over does."""

from collections.abc import Callable, Mapping
from typing import Any

from annotate.errors import Invalid

TEXT_FORMATS = ("markdown", "plain")
REFERENCES = ("hidden", "folded", "open")
SUGGESTIONS = ("off", "after", "before")
EFFECTS = {"skip": ("another", "remove", "adjudicate"), "flag": ("tell", "remove", "adjudicate")}
"""What a reason may do: give the item to another annotator, tell the researchers, take it out, have it adjudicated."""
MOST_REASONS = 9
LONGEST_REASON_KEY = 80

SKIP_REASONS = [
    {"key": "lacks expertise", "text": "I lack the expertise", "then": "another"},
    {"key": "ambiguous", "text": "The question is ambiguous here", "then": "another"},
    {"key": "broken item", "text": "The item is broken", "then": "remove"},
    {"key": "unsafe", "text": "Unsafe or disturbing", "then": "another"},
    {"key": "personal data", "text": "Contains personal data", "then": "remove"},
    {"key": "wrong language", "text": "A language I do not read well", "then": "another"},
    {"key": "both unacceptable", "text": "All are unacceptable", "then": "adjudicate"},
    {"key": "other", "text": "Something else", "then": "another"},
]
FLAG_REASONS = [
    {"key": "look at this", "text": "Someone should look at this", "then": "tell"},
    {"key": "unclear guidelines", "text": "The guidelines do not cover this", "then": "tell"},
    {"key": "unsure", "text": "I am not sure of my answer", "then": "adjudicate"},
    {"key": "personal data", "text": "Contains personal data", "then": "remove"},
    {"key": "other", "text": "Something else", "then": "tell"},
]


def option(name: str, config: Mapping[str, Any]) -> Any:
    """An option of a campaign version's configuration, or its default."""
    return config.get(name, DEFAULTS[name])


def parse_options(spec: Mapping[str, Any], problems: dict[str, str]) -> dict[str, Any]:
    """The options that `spec` gives, checked; a problem by field for each that is wrong."""
    options = {}
    for name, check in CHECKS.items():
        if name not in spec:
            continue
        try:
            options[name] = check(spec[name])
        except Invalid as error:
            problems.update({name + path: message for path, message in error.fields.items()})
    return options


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in allowed:
            raise Invalid(fields={"": f"must be {', '.join(allowed[:-1])} or {allowed[-1]}"})
        return str(value)

    return check


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(fields={"": "must be true or false"})
    return value


def _reasons(what: str) -> Callable[[Any], list[dict[str, str]]]:
    effects = EFFECTS[what]

    def check(value: Any) -> list[dict[str, str]]:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_REASONS:
            raise Invalid(fields={"": f"must be a list of 1 to {MOST_REASONS} {{key, text, then}}"})
        clean = [_reason(i, reason, effects) for i, reason in enumerate(value)]
        if len({reason["key"] for reason in clean}) < len(clean):
            raise Invalid(fields={"": "names one key twice"})
        return clean

    return check


def _reason(index: int, value: Any, effects: tuple[str, ...]) -> dict[str, str]:
    if isinstance(value, str):
        value = {"key": value}
    if not isinstance(value, Mapping) or not set(value) <= {"key", "text", "then"}:
        raise Invalid(fields={f"[{index}]": "must be an object {key, text, then}"})
    key, then = value.get("key"), value.get("then", effects[0])
    text = value.get("text", key)
    if not isinstance(key, str) or not 1 <= len(key.strip()) <= LONGEST_REASON_KEY or ":" in key:
        raise Invalid(
            fields={f"[{index}].key": f"must be a text of 1 to {LONGEST_REASON_KEY} characters without a colon"}
        )
    if not isinstance(text, str) or not text.strip():
        raise Invalid(fields={f"[{index}].text": "must be a text"})
    if then not in effects:
        raise Invalid(fields={f"[{index}].then": f"must be {', '.join(effects[:-1])} or {effects[-1]}"})
    return {"key": key.strip(), "text": text.strip(), "then": then}


CHECKS: dict[str, Callable[[Any], Any]] = {
    "text_format": _one_of(*TEXT_FORMATS),
    "reference": _one_of(*REFERENCES),
    "suggestions": _one_of(*SUGGESTIONS),
    "revisions": _flag,
    "skip_reasons": _reasons("skip"),
    "flag_reasons": _reasons("flag"),
}
DEFAULTS: dict[str, Any] = {
    "text_format": "markdown",
    "reference": "hidden",
    "suggestions": "off",
    "revisions": True,
    "skip_reasons": SKIP_REASONS,
    "flag_reasons": FLAG_REASONS,
}
"""Texts are read as Markdown, references and suggestions are not shown, and answers may be changed."""
