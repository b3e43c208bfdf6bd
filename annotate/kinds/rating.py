"""A number for each completion shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import (
    Asked,
    Kind,
    RecordRow,
    Scale,
    ScoreRow,
    brief,
    config_number,
    config_strings,
    is_number,
    per_completion,
    refuse,
)
from annotate.kinds.controls import DIGITS, Field, Filled, Option, Shown, field_name, filled_by_completion
from annotate.kinds.forms import Form, typed_number
from annotate.kinds.settings import Setting, lines, number

MOST_BUTTONS = 11
MOST_STEPS = 1001
TOLERANCE = 1e-9


class Rating(Kind):
    """`{"a": 5, "b": 3}` on a scale from `min` to `max` in steps of `step`."""

    name = "rating"
    title = "Rating"
    yields = frozenset({ScoreRow})
    config_keys = frozenset({"min", "max", "step", "labels", "widget"})
    settings = (
        number("min", "Lowest", 1),
        number("max", "Highest", 5),
        number("step", "Step", 1),
        lines("labels", "Labels", "One per line, lowest first: two for the ends, or one for every step."),
        Setting(
            "widget",
            "Shown as",
            "select",
            choices=(("", "what fits the scale"), ("buttons", "buttons"), ("slider", "a slider")),
        ),
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        low, high = config_number(config, "min", 1), config_number(config, "max", 5)
        step = config_number(config, "step", 1)
        if low >= high:
            raise Invalid("min must be below max", {"config.min": f"below {high}"})
        if step <= 0 or (high - low) / step >= MOST_STEPS:
            raise Invalid(f"step must be above 0 and give at most {MOST_STEPS} steps", {"config.step": "a larger step"})
        count = round((high - low) / step) + 1
        if abs((high - low) / step - (count - 1)) > TOLERANCE:
            raise Invalid("step must divide the scale evenly", {"config.step": f"a divisor of {high - low}"})
        labels = config_strings(config, "labels")
        if labels and len(labels) not in (2, count):
            raise Invalid(f"labels must name both ends or all {count} steps", {"config.labels": f"2 or {count}"})
        widget = config.get("widget", "buttons" if count <= MOST_BUTTONS else "slider")
        if widget not in ("buttons", "slider"):
            raise Invalid("widget must be buttons or slider", {"config.widget": "buttons or slider"})
        if widget == "buttons" and count > MOST_BUTTONS:
            raise Invalid(f"{count} steps are too many for buttons", {"config.widget": "slider"})
        return {"min": low, "max": high, "step": step, "labels": labels, "widget": widget}

    def clean(self, asked: Asked, answer: Any) -> dict[str, float]:
        given = per_completion(asked, answer)
        return {key: self._clean_value(asked, key, given[key]) for key in asked.keys}

    def _clean_value(self, asked: Asked, key: str, value: Any) -> float:
        low, high, step = (asked.config.get(k, d) for k, d in (("min", 1), ("max", 5), ("step", 1)))
        steps = (value - low) / step if is_number(value) and low <= value <= high else None
        if steps is None or abs(steps - round(steps)) > TOLERANCE:
            scale = f"from {low} to {high}" + ("" if step == 1 else f" in steps of {step}")
            raise refuse(asked, f"completion {key}: {brief(value)} is not on the scale; give a number {scale}")
        exact = low + round(steps) * step
        return int(exact) if float(exact).is_integer() else round(exact, 9)

    def scale(self, config: Mapping[str, Any]) -> Scale:
        return "interval" if config.get("widget") == "slider" else "ordinal"

    def records(self, asked: Asked, answer: Any) -> Iterable[ScoreRow]:
        return (ScoreRow(key, float(value)) for key, value in answer.items())

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        return {row.key: row.value for row in rows if isinstance(row, ScoreRow)}

    def from_form(self, asked: Asked, form: Form) -> Any:
        given = {key: form.get(f"{asked.name}.{key}") for key in asked.keys}
        return {key: typed_number(value) for key, value in given.items() if value} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        return filled_by_completion(asked.name, answer, asked.keys)

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        """The digits of the steps; of a slider every one, which go into its number."""
        if config["widget"] == "slider":
            return [*DIGITS, "0"]
        return [key for key in _keys(scale_values(config)) if key]

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A field per completion with the steps of the scale; a slider's ends are named beside it."""
        labels = asked.config.get("labels") or []
        values = scale_values(asked.config)
        fields = []
        for completion in shown:
            name = field_name(asked.name, completion.key)
            chosen = filled.get(name, ())
            options = [
                Option(str(v), str(v), key, label, str(v) in chosen)
                for v, key, label in zip(values, _keys(values), _step_labels(labels, len(values)), strict=True)
            ]
            fields.append(Field(name, completion.name if len(shown) > 1 else "", chosen, options))
        ends = (labels[0], labels[-1]) if labels else ("", "")
        return {"fields": fields, "low": ends[0], "high": ends[1], "all_named": 2 < len(labels) == len(values)}


def scale_values(config: Mapping[str, Any]) -> list[float]:
    """The values of the scale, whole ones as integers."""
    low, high, step = config["min"], config["max"], config["step"]
    values = [low + i * step for i in range(round((high - low) / step) + 1)]
    return [int(v) if float(v).is_integer() else round(v, 9) for v in values]


def _step_labels(labels: Sequence[str], count: int) -> list[str]:
    if len(labels) == count:
        return list(labels)
    return [labels[0], *[""] * (count - 2), labels[1]] if labels else [""] * count


def _keys(values: Sequence[float]) -> list[str]:
    """The digit that a value is, where it is one; 10 is 0 if that is free, else the key after it."""
    if any(v != int(v) or not 0 <= v <= 10 for v in values):
        return [*DIGITS, "0", "-"][: len(values)] + [""] * (len(values) - len(DIGITS) - 2)
    return [str(int(v)) if v < 10 else "-" if 0 in values else "0" for v in values]
