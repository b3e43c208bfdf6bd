"""The annotator's page in the campaign form: how items look, what may be seen, what skipping and flagging do."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from annotate.kinds.entries import entry_line, read_entry, split_lines
from annotate.kinds.forms import typed_number
from annotate.options import DEFAULTS, EFFECTS
from annotate.views.consensus_options import consensus_fields, read_consensus
from annotate.views.fields import Field, problem_at, rows_for
from annotate.views.study_options import read_study, study_fields

THEN = " -> "
MARKER = "options"
"""A field of its own says that the form has the options: an empty checkbox is not sent."""
SELECTS = {
    "text_format": ("Texts are", (("markdown", "Markdown"), ("plain", "plain text"))),
    "reference": (
        "The reference answer is",
        (("hidden", "not shown"), ("folded", "folded, to be opened"), ("open", "shown")),
    ),
    "suggestions": (
        "Suggestions from judges are",
        (("off", "never shown"), ("after", "shown after the first answer"), ("before", "shown at once")),
    ),
}
EFFECT_WORDS = {
    "another": "somebody else gets the item",
    "tell": "researchers are told",
    "remove": "the item leaves the campaign until a researcher has looked",
    "adjudicate": "a researcher decides",
}
REASONS = {"skip": "Reasons to skip an item", "flag": "Reasons to flag an item"}
NUMBERS = {
    "spacing": ("Answers between items of one prompt", "One person meets the same prompt again after so many others."),
    "lease_minutes": ("Minutes an item is kept for one person", "After that, somebody else may get it."),
}
NUMBER_DEFAULTS = {"spacing": 5, "lease_minutes": 30}


def option_fields(spec: Mapping[str, Any], problems: Mapping[str, str], fixed: bool = False) -> dict[str, list[Field]]:
    """The fields by the part of the form: `page`, and `more` and `study` that are folded."""
    left = dict(problems)

    def shown(name: str) -> Any:
        return spec.get(name, DEFAULTS.get(name, NUMBER_DEFAULTS.get(name)))

    selects = [
        Field(name, label, "select", shown(name), error=problem_at(name, left), choices=choices)
        for name, (label, choices) in SELECTS.items()
    ]
    revisions = Field("revisions", "Annotators may change what they submitted", "flag", shown("revisions"))
    reasons = [_reasons(what, shown(f"{what}_reasons"), left) for what in REASONS]
    numbers = [
        Field(name, label, "number", shown(name), hint, problem_at(name, left))
        for name, (label, hint) in NUMBERS.items()
    ]
    return {
        "page": [*selects, revisions],
        "more": [*reasons, *numbers, *consensus_fields(spec, left)],
        "study": study_fields(spec, left, fixed),
    }


def _reasons(what: str, value: Any, problems: dict[str, str]) -> Field:
    text = "\n".join(map(reason_line, value)) if isinstance(value, list) else str(value or "")
    effects = "; ".join(f"`{effect}`: {EFFECT_WORDS[effect]}" for effect in EFFECTS[what])
    hint = f"One per line, and what it does: `Broken item -> remove`. {effects[:1].upper()}{effects[1:]}."
    name = f"{what}_reasons"
    return Field(name, REASONS[what], "lines", text, hint, problem_at(name, problems), rows=rows_for(text))


def read_options(form: QueryDict) -> dict[str, Any]:
    """The options in a submitted form; none where the form does not have them."""
    if MARKER not in form:
        return {}
    options: dict[str, Any] = {name: form.get(name, "") for name in SELECTS}
    options["revisions"] = bool(form.get("revisions"))
    for what in REASONS:
        options[f"{what}_reasons"] = [read_reason(line) for line in split_lines(form.get(f"{what}_reasons", ""))]
    for name, default in NUMBER_DEFAULTS.items():
        value = form.get(name, "").strip()
        options[name] = typed_number(value) if value else default
    return options | read_consensus(form) | read_study(form)


def read_reason(line: str) -> dict[str, Any]:
    """The reason that a line stands for: `key = text -> effect`, of which the key alone is needed."""
    named, arrow, then = line.rpartition(THEN)
    entry = read_entry(named.strip() if arrow else line)
    reason = {"key": entry} if isinstance(entry, str) else entry
    return {**reason, "then": then.strip()} if arrow else reason


def reason_line(reason: Any) -> str:
    if not isinstance(reason, Mapping):
        return entry_line(reason)
    named = {key: value for key, value in reason.items() if key != "then"}
    line = entry_line(named) + (f"{THEN}{reason['then']}" if reason.get("then") else "")
    return line if _whole(read_reason(line)) == _whole(reason) else json.dumps(dict(reason), ensure_ascii=False)


def _whole(reason: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": reason.get("key"), **reason}
