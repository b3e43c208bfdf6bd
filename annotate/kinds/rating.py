"""A number for each completion shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import (
    Asked,
    Form,
    Kind,
    ScoreRow,
    config_number,
    config_strings,
    is_number,
    per_completion,
    refuse,
)

MOST_BUTTONS = 11
TOLERANCE = 1e-9


class Rating(Kind):
    """`{"a": 5, "b": 3}` on a scale from `min` to `max` in steps of `step`."""

    name = "rating"
    title = "Rating"
    config_keys = frozenset({"min", "max", "step", "labels", "widget"})

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        low, high = config_number(config, "min", 1), config_number(config, "max", 5)
        step = config_number(config, "step", 1)
        if low >= high:
            raise Invalid("min must be below max", {"config.min": f"below {high}"})
        if step <= 0 or abs((high - low) / step - round((high - low) / step)) > TOLERANCE:
            raise Invalid("step must divide the scale evenly", {"config.step": f"a divisor of {high - low}"})
        count = round((high - low) / step) + 1
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
        steps = (value - low) / step if is_number(value) else None
        if steps is None or not low <= value <= high or abs(steps - round(steps)) > TOLERANCE:
            scale = f"from {low} to {high}" + ("" if step == 1 else f" in steps of {step}")
            raise refuse(asked, f"completion {key}: {value!r} is not on the scale; give a number {scale}")
        exact = low + round(steps) * step
        return int(exact) if float(exact).is_integer() else round(exact, 9)

    def records(self, asked: Asked, answer: Any) -> Iterable[ScoreRow]:
        return (ScoreRow(key, float(value)) for key, value in answer.items())

    def from_form(self, asked: Asked, form: Form) -> Any:
        given = {key: form.get(f"{asked.name}.{key}") for key in asked.keys}
        return {key: _number(value) for key, value in given.items() if value} or None

    def controls(self, asked: Asked, answer: Any) -> Mapping[str, Any]:
        """The steps of the scale as (value, label)."""
        low, high, step = asked.config["min"], asked.config["max"], asked.config["step"]
        count = round((high - low) / step) + 1
        values = [low + i * step for i in range(count)]
        values = [int(v) if float(v).is_integer() else round(v, 9) for v in values]
        labels = asked.config.get("labels") or []
        if len(labels) == 2 and count != 2:
            labels = [labels[0], *[""] * (count - 2), labels[1]]
        return {"steps": [(v, labels[i] if labels else "") for i, v in enumerate(values)]}


def _number(value: Any) -> Any:
    try:
        return int(value)
    except ValueError:
        try:
            return float(value)
        except ValueError:
            return value
