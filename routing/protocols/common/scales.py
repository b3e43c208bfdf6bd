"""The scale of a rating question: its steps, how they are written, and what a number on it amounts to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MOST_LABELS = 10  # more steps are asked for as a number: their probabilities can seldom be read
MOST_LISTED = 101  # a schema lists the numbers up to here; beyond, it gives the ends
CLOSE = 1e-9


def scale(config: Mapping[str, Any]) -> dict[str, float]:
    """The scale's steps, worst first: how each is written → its value (an int where it is whole)."""
    low, step = (Decimal(str(config.get(key, 1))) for key in ("min", "step"))
    values = [low + index * step for index in range(step_count(config))]
    numbers = [int(value) if value == int(value) else float(value) for value in values]
    return {str(number): number for number in numbers}


def step_count(config: Mapping[str, Any]) -> int:
    """How many steps the scale has: from `min` (1) to `max` (5) by `step` (1)."""
    low, high, step = (Decimal(str(config.get(key, d))) for key, d in (("min", 1), ("max", 5), ("step", 1)))
    return round((high - low) / step) + 1


def schema(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a number on the scale is, as a JSON schema."""
    values = list(scale(config).values())
    if len(values) <= MOST_LISTED:
        return {"enum": values}
    whole = all(isinstance(value, int) for value in values)
    return {"type": "integer" if whole else "number", "minimum": values[0], "maximum": values[-1]}


def on_scale(config: Mapping[str, Any], number: float) -> float | None:
    """The step that `number` is; None where it is none: nothing is moved to the nearest."""
    found = nearest(config, number)
    return found if abs(found - number) <= CLOSE else None


def nearest(config: Mapping[str, Any], number: float) -> float:
    """The step next to `number`, the lower of two that are as near."""
    return min(scale(config).values(), key=lambda value: (round(abs(value - number), 9), value))


def described(config: Mapping[str, Any]) -> str:
    """The scale in words: its ends, its step, and what steps are called."""
    steps = list(scale(config))
    by = "" if config.get("step", 1) == 1 else f", in steps of {steps_apart(config)}"
    names = config.get("labels") or ()
    ends = (steps[0], steps[-1]) if len(names) == 2 else steps
    named = "; ".join(f"{step} means {name}" for step, name in zip(ends, names, strict=False))
    return f"on a scale from {steps[0]} (worst) to {steps[-1]} (best){by}?" + (f"\n{named}." if named else "")


def steps_apart(config: Mapping[str, Any]) -> str:
    return f"{float(config.get('step', 1)):g}"
