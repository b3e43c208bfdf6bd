"""Marked spans of completions, the prompt or the context, and marks about the whole of one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind, MarkRow, RecordRow, brief, config_flag, config_strings, refuse
from annotate.kinds.controls import Field, Filled, Shown, field_name
from annotate.kinds.forms import Form
from annotate.kinds.settings import Setting, flag, lines, options
from annotate.kinds.source import CONTEXT, PROMPT, Source
from annotate.kinds.spans.labels import COLOURS, EXTRAS, clean_labels, shortcuts
from annotate.kinds.spans.marks import clean_marks

COMPLETIONS = "completions"
TARGETS = {COMPLETIONS: "the responses", PROMPT: "the prompt", CONTEXT: "the context"}
SNAPS = ("none", "word", "sentence")
LONGEST_SEVERITY = 80


class Span(Kind):
    """`{"a": [{"label", "start", "end", "quote", …}], "b": []}`: the marks of each target; an empty list says none.

    Offsets count code points of the target's text (of its `part`, where it has several).
    """

    name = "span"
    title = "Marked spans"
    yields = frozenset({MarkRow})
    config_keys = frozenset({"labels", "severities", "overlap", "snap", "required_note", "targets"})
    settings = (
        options(
            "labels",
            "Labels",
            "One per line, such as: unverifiable = Unverifiable | note | refs optional. Behind the bars: note (is "
            "required), no severity, refs and whole (optional or required), key x, colour 0 to 7, hint and its text.",
            EXTRAS,
        ),
        lines("severities", "Severities", "One per line, mildest first, such as minor / major. Empty: not asked."),
        Setting("targets", "What is marked", "several", default=(COMPLETIONS,), choices=tuple(TARGETS.items())),
        Setting(
            "snap",
            "Marks cover",
            "select",
            default="word",
            choices=(("word", "whole words"), ("sentence", "whole sentences"), ("none", "any characters")),
        ),
        flag("overlap", "Marks may overlap", default=True),
        flag("required_note", "Every mark needs a note"),
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        severities = config_strings(config, "severities")
        if any(len(severity) > LONGEST_SEVERITY for severity in severities):
            right = f"each of at most {LONGEST_SEVERITY} characters"
            raise Invalid(f"severities must be texts, {right}", {"config.severities": right})
        targets = config_strings(config, "targets") or [COMPLETIONS]
        if unknown := [target for target in targets if target not in TARGETS]:
            right = f"{brief(unknown[0])} is not known; there are {', '.join(TARGETS)}"
            raise Invalid(f"targets: {right}", {"config.targets": right})
        snap = config.get("snap", "word")
        if snap not in SNAPS:
            raise Invalid(f"snap must be {', '.join(SNAPS)}", {"config.snap": ", ".join(SNAPS)})
        return {
            "labels": clean_labels(config.get("labels")),
            "severities": severities,
            "overlap": config_flag(config, "overlap", True),
            "snap": snap,
            "required_note": config_flag(config, "required_note"),
            "targets": [target for target in TARGETS if target in targets],
        }

    def item_problem(self, config: Mapping[str, Any], shows: str, completions: int, source: Source) -> str | None:
        if config["targets"] == [CONTEXT] and not source.parts(CONTEXT):
            return "spans of the context are asked, but the item has no context"
        pointing = [label["key"] for label in config["labels"] if label["refs"] == "required"]
        if pointing and not source.sentences:
            return f"marks of {pointing[0]} point at sentences, but the item's context has no passages"
        return None

    def clean(self, asked: Asked, answer: Any) -> dict[str, list[dict[str, Any]]]:
        targets = targets_of(asked)
        example = ", ".join(f'"{target}": […]' for target in targets)
        if not isinstance(answer, Mapping):
            raise refuse(asked, f"give an object with a list of marks per text: {{{example}}}")
        if unknown := [str(key) for key in answer if key not in targets]:
            raise refuse(asked, f"{brief(unknown)}: nothing to be marked here; there are {', '.join(targets)}")
        if missing := [target for target in targets if target not in answer]:
            raise refuse(asked, f"no marks for {', '.join(missing)}; an empty list says that there are none")
        return {target: clean_marks(asked, target, answer[target]) for target in targets}

    def keys_named(self, answer: Any) -> set[str]:
        return {key for key in super().keys_named(answer) if isinstance(key, str) and not key.startswith("@")}

    def records(self, asked: Asked, answer: Any) -> Iterable[MarkRow]:
        return (MarkRow(target, **mark) for target, marks in answer.items() for mark in marks)

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        answer: dict[str, list[dict[str, Any]]] = {target: [] for target in targets_of(asked)}
        for row in rows:
            if isinstance(row, MarkRow) and row.target in answer:
                mark = {field.name: getattr(row, field.name) for field in fields(row) if field.name != "target"}
                answer[row.target].append({name: value for name, value in mark.items() if value is not None})
        return answer

    def from_form(self, asked: Asked, form: Form) -> Any:
        """A field per target with a JSON list in it; an empty field is not answered, `[]` says that there are none."""
        given = {target: form.get(field_name(asked.name, target)) for target in targets_of(asked)}
        return {target: _parsed(value) for target, value in given.items() if value} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        given = answer if isinstance(answer, Mapping) else {}
        return {
            field_name(asked.name, target): [json.dumps(given[target], ensure_ascii=False, separators=(",", ":"))]
            for target in targets_of(asked)
            if isinstance(given.get(target), list)
        }

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A row per target, and what the page's script needs: the settings, and the texts that offsets count in."""
        names = {completion.key: completion.name for completion in shown} | {PROMPT: "Prompt", CONTEXT: "Context"}
        places = {completion.key: place for place, completion in enumerate(shown)}
        targets = sorted(targets_of(asked), key=lambda target: places.get(target, len(places)))
        fields = [self._field(field_name(asked.name, target), names[target], filled) for target in targets]
        return {
            "widget": "spans",
            "fields": fields,
            "rows": [{"target": t, "field": f} for t, f in zip(targets, fields, strict=True)],
            "whole": any(label["whole"] != "none" for label in asked.config["labels"]),
            "data": {
                **asked.config,
                "labels": _shown_labels(asked.config["labels"]),
                "texts": {target: asked.source.parts(target) for target in targets},
                "refs": list(asked.source.sentences),
            },
        }

    def _field(self, name: str, label: str, filled: Filled) -> Field:
        return Field(name, label, filled.get(name, ()))

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        """Those of the labels, and those that a marked row takes itself: into the text, a whole mark, no spans."""
        return [key for key in shortcuts(config["labels"]) if key] + ["e", "w", "0"]


def targets_of(asked: Asked) -> list[str]:
    """The texts of this unit that can be marked: of the configured ones those that the item has."""
    configured = asked.config["targets"]
    targets = list(asked.keys) if COMPLETIONS in configured else []
    return targets + [t for t in (PROMPT, CONTEXT) if t in configured and asked.source.parts(t)]


def _shown_labels(labels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The labels with the key and the colour that each has on the page."""
    return [
        {**label, "shortcut": key, "colour": place % COLOURS if label["colour"] is None else label["colour"]}
        for place, (label, key) in enumerate(zip(labels, shortcuts(labels), strict=True))
    ]


def _parsed(value: Any) -> Any:
    """The JSON in a field; what is none is left for the validator to refuse."""
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        return str(value)
