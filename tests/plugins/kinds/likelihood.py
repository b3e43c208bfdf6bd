"""How likely something is of each completion, in per cent: a kind as somebody else might add it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind, ScoreRow, brief, config_number, is_number, per_completion, refuse
from annotate.kinds.controls import Field, Filled, Shown, field_name, filled_by_completion
from annotate.kinds.forms import Form, typed_number
from annotate.kinds.settings import number


class Likelihood(Kind):
    """`{"a": 70}`: whole per cents in steps of `step`; the score is the probability."""

    name = "likelihood"
    title = "Likelihood"
    yields = frozenset({ScoreRow})
    config_keys = frozenset({"step"})
    settings = (number("step", "Step", 5, "per cent"),)

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        step = config_number(config, "step", 5)
        if step not in (1, 5, 10, 25):
            raise Invalid("step must be 1, 5, 10 or 25", {"config.step": "1, 5, 10 or 25"})
        return {"step": int(step)}

    def clean(self, asked: Asked, answer: Any) -> dict[str, int]:
        given = per_completion(asked, answer)
        for key in asked.keys:
            if not is_number(given[key]) or not 0 <= given[key] <= 100 or given[key] % asked.config["step"]:
                steps = f"0 to 100 in steps of {asked.config['step']}"
                raise refuse(asked, f"completion {key}: {brief(given[key])} is no likelihood; give {steps}")
        return {key: int(given[key]) for key in asked.keys}

    def records(self, asked: Asked, answer: Any) -> Iterable[ScoreRow]:
        return (ScoreRow(key, value / 100) for key, value in answer.items())

    def from_form(self, asked: Asked, form: Form) -> Any:
        given = {key: form.get(field_name(asked.name, key)) for key in asked.keys}
        return {key: typed_number(value) for key, value in given.items() if value} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        return filled_by_completion(asked.name, answer, asked.keys)

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        names = [(field_name(asked.name, c.key), c.name) for c in shown]
        return {"fields": [Field(name, label, filled.get(name, ())) for name, label in names]}
