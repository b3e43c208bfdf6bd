"""Points to check in each completion, answered yes, no or na: *TICK* (arXiv 2410.03608)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind, LabelRow, RecordRow, ScoreRow, brief, config_flag, per_completion, refuse
from annotate.kinds.controls import Field, Filled, Option, Shown, digit, field_name
from annotate.kinds.entries import Extra
from annotate.kinds.forms import Form
from annotate.kinds.points import Point, read_points
from annotate.kinds.settings import Setting, flag, options
from annotate.kinds.source import Source

ANSWERS = (("yes", "Yes"), ("no", "No"), ("na", "N/A"))
FROM_ITEM = "item"


class Checklist(Kind):
    """`{"a": {"point": "yes" | "no" | "na"}}`, with every point of every completion shown."""

    name = "checklist"
    title = "Checklist"
    yields = frozenset({LabelRow, ScoreRow})
    config_keys = frozenset({"points", "points_from", "generated", "allow_na"})
    settings = (
        options(
            "points",
            "Points to check",
            "One per line, such as: cites = Names its sources | weight 2 | fatal. Empty where each item has its own.",
            extras=(Extra("weight", "weight", "number", 1), Extra("fatal", "fatal", "flag", False)),
        ),
        Setting(
            "points_from",
            "Points come from",
            "select",
            default="campaign",
            choices=(("campaign", "the list here"), (FROM_ITEM, "each item's own points")),
        ),
        flag(
            "generated",
            "A judge writes each item's points",
            "Items may come without points; they wait until a researcher has accepted what the judge proposes.",
        ),
        flag("allow_na", "“Not applicable” is an answer", "Left out of the pass rate.", default=True),
    )

    def clean_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        points_from = config.get("points_from", "campaign")
        if points_from not in ("campaign", FROM_ITEM):
            raise Invalid("points_from must be campaign or item", {"config.points_from": "campaign or item"})
        generated = config_flag(config, "generated")
        if generated and points_from != FROM_ITEM:
            raise Invalid(
                "points are generated only where they come from each item",
                {"config.generated": "only with points_from: item"},
            )
        return {
            "points": _clean_points(config.get("points"), points_from),
            "points_from": points_from,
            "generated": generated,
            "allow_na": config_flag(config, "allow_na", True),
        }

    def item_problem(self, config: Mapping[str, Any], shows: str, completions: int, source: Source) -> str | None:
        if config.get("generated") or _points(config, source):
            return None
        return "the checklist asks the item's own points: give `points`"

    def unready(self, config: Mapping[str, Any], source: Source) -> bool:
        return bool(config.get("generated")) and not _points(config, source)

    def shown_config(self, config: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
        """With the item's points, where they come from there."""
        return {**config, "points": [point.as_json() for point in _points(config, source)]}

    def clean(self, asked: Asked, answer: Any) -> dict[str, dict[str, str]]:
        points = _points(asked.config, asked.source)
        if not points:
            raise refuse(asked, "this item has no points to check")
        given = per_completion(asked, answer)
        return {key: self._clean_one(asked, key, given[key], points) for key in asked.keys}

    def _clean_one(self, asked: Asked, key: str, value: Any, points: Sequence[Point]) -> dict[str, str]:
        names = [point.key for point in points]
        allowed = [value for value, _ in _answers(asked.config)]
        if not isinstance(value, Mapping):
            raise refuse(asked, f"completion {key}: give an object {{point: {' or '.join(allowed)}}}")
        if unknown := [str(name) for name in value if name not in names]:
            raise refuse(asked, f"completion {key}: {brief(unknown)}: no such point; {_some(names)}")
        if missing := [name for name in names if name not in value]:
            raise refuse(asked, f"completion {key}: no answer to {_some(missing)}; every point needs one")
        for name in names:
            if not isinstance(value[name], str) or value[name] not in allowed:
                wrong = brief(value[name])
                raise refuse(asked, f"completion {key}: point {brief(name)}: {wrong} is not {' or '.join(allowed)}")
        return {name: value[name] for name in names}

    def records(self, asked: Asked, answer: Any) -> Iterable[LabelRow | ScoreRow]:
        """A label per point, and the pass rate of each completion of which something applied."""
        points = _points(asked.config, asked.source)
        for key in asked.keys:
            for point in points:
                yield LabelRow(key, point.key, answer[key][point.key])
            rate = pass_rate(points, answer[key])
            if rate is not None:
                yield ScoreRow(key, rate)

    def from_records(self, asked: Asked, rows: Sequence[RecordRow]) -> Any:
        answer: dict[str, dict[str, str]] = {}
        for row in rows:
            if isinstance(row, LabelRow):
                answer.setdefault(row.target, {})[row.point] = row.value
        return answer

    def from_form(self, asked: Asked, form: Form) -> Any:
        points = _points(asked.config, asked.source)
        given = {
            key: {p.key: v for n, p in enumerate(points) if (v := form.get(_field(asked, key, n)))}
            for key in asked.keys
        }
        return {key: values for key, values in given.items() if values} or None

    def to_form(self, asked: Asked, answer: Any) -> Filled:
        filled: dict[str, list[str]] = {}
        for key in asked.keys:
            given = answer.get(key) if isinstance(answer, Mapping) else None
            for n, point in enumerate(_points(asked.config, asked.source)):
                value = given.get(point.key) if isinstance(given, Mapping) else None
                if isinstance(value, str):
                    filled[_field(asked, key, n)] = [value]
        return filled

    def keys(self, config: Mapping[str, Any], completions: int) -> list[str]:
        return [digit(n) for n, _ in enumerate(_answers(config))]

    def controls(self, asked: Asked, filled: Filled, shown: Sequence[Shown]) -> Mapping[str, Any]:
        """A line per point with a field for each completion; `fields` are the same, line after line."""
        lines = [
            (point, [_control(asked, _field(asked, c.key, n), c.name if len(shown) > 1 else "", filled) for c in shown])
            for n, point in enumerate(_points(asked.config, asked.source))
        ]
        flat = [field for _, fields in lines for field in fields]
        return {"lines": lines, "fields": flat, "names": [c.name for c in shown] if len(shown) > 1 else []}


def pass_rate(points: Iterable[Point], answers: Mapping[str, str]) -> float | None:
    """Weight of yes ÷ weight of yes and no; 0 where a fatal point is no; None where nothing applied."""
    asked = [point for point in points if answers[point.key] != "na"]
    if not asked:
        return None
    if any(point.fatal and answers[point.key] == "no" for point in asked):
        return 0.0
    return sum(p.weight for p in asked if answers[p.key] == "yes") / sum(p.weight for p in asked)


def _clean_points(given: Any, points_from: str) -> list[dict[str, Any]]:
    if points_from == FROM_ITEM:
        if given:
            raise Invalid("points come from the items: leave them out here", {"config.points": "leave them out"})
        return []
    try:
        return [point.as_json() for point in read_points(given)]
    except Invalid as error:
        raise Invalid(
            "; ".join(f"points{path} {message}" for path, message in error.fields.items()),
            {f"config.points{path}": message for path, message in error.fields.items()},
        ) from None


def _points(config: Mapping[str, Any], source: Source) -> list[Point]:
    """The points that are asked; none where the item has no good ones, which an import refuses."""
    try:
        return read_points(source.points if config["points_from"] == FROM_ITEM else config["points"])
    except Invalid:
        return []


def _answers(config: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return ANSWERS if config.get("allow_na", True) else ANSWERS[:2]


def _field(asked: Asked, key: str, place: int) -> str:
    """A point's field by its place: keys of completions and of points may hold anything."""
    return f"{field_name(asked.name, key)}.{place}"


def _control(asked: Asked, name: str, label: str, filled: Filled) -> Field:
    chosen, answers = filled.get(name, ()), enumerate(_answers(asked.config))
    return Field(
        name, label, chosen, [Option(value, text, digit(n), "", value in chosen) for n, (value, text) in answers]
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(brief(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
