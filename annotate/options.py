"""What a campaign says about the annotator's page: how items look, what may be seen, what passing over does."""

from collections.abc import Callable, Mapping
from typing import Any

from annotate.errors import Invalid

TEXT_FORMATS = ("markdown", "plain")
REFERENCES = ("hidden", "folded", "open")
CONSENSUS_OF = ("people", "all")
SUGGESTIONS = ("off", "after", "before")
EFFECTS = {"skip": ("another", "remove", "adjudicate"), "flag": ("tell", "remove", "adjudicate")}
"""What a reason may do: give the item to another annotator, tell the researchers, take it out, have it adjudicated."""
MOST_REASONS = 9
LONGEST_REASON_KEY = 80
USUAL_DELAY, LONGEST_DELAY = 60, 30 * 24 * 60
"""Minutes until a silent repeat may come."""

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


def _repeats(value: Any) -> dict[str, float] | None:
    """Silent repeats: the share of a person's answers that he is asked for again, and how much later."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or not set(value) <= {"share", "delay_minutes"}:
        raise Invalid(fields={"": "must be an object {share, delay_minutes}, or null"})
    share = _between(value.get("share"), 0, 1, ".share")
    delay = _between(value.get("delay_minutes", USUAL_DELAY), 0, LONGEST_DELAY, ".delay_minutes")
    return {"share": share, "delay_minutes": delay} if share else None


def _between(value: Any, low: float, high: float, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Invalid(fields={field: f"must be a number from {low:g} to {high:g}"})
    return value


def _arms(value: Any) -> dict[str, str] | None:
    """The two questions of the checklist experiment; `annotate.arms` holds them against the campaign's."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"checklist", "rating"}:
        raise Invalid(fields={"": "must be an object {checklist, rating}, each the name of a question, or null"})
    for role, name in value.items():
        if not isinstance(name, str) or not name:
            raise Invalid(fields={f".{role}": "must be the name of a question"})
    return dict(value)


def _consensus(value: Any) -> dict[str, str]:
    """A rule by question; `annotate.consensus.rules` says which there are, and the definition which fit."""
    if not isinstance(value, Mapping) or not all(isinstance(rule, str) for rule in value.values()):
        raise Invalid(fields={"": "must be an object {question: rule}"})
    return dict(value)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "text_format": _one_of(*TEXT_FORMATS),
    "reference": _one_of(*REFERENCES),
    "suggestions": _one_of(*SUGGESTIONS),
    "revisions": _flag,
    "skip_reasons": _reasons("skip"),
    "flag_reasons": _reasons("flag"),
    "repeats": _repeats,
    "arms": _arms,
    "consensus": _consensus,
    "consensus_of": _one_of(*CONSENSUS_OF),
    "own_statistics": _flag,
}
DEFAULTS: dict[str, Any] = {
    "text_format": "markdown",
    "reference": "hidden",
    "suggestions": "off",
    "revisions": True,
    "skip_reasons": SKIP_REASONS,
    "flag_reasons": FLAG_REASONS,
    "repeats": None,
    "arms": None,
    "consensus": {},
    "consensus_of": "people",
    "own_statistics": False,
}
"""Texts are read as Markdown, references and suggestions are not shown, and answers may be changed; nobody is asked
the same again, and there is no experiment."""
