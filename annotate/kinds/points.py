"""The points of a checklist, from the campaign or from an item: `{key, text, weight?, fatal?}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotate.errors import Invalid

LONGEST_KEY = 200
LONGEST_TEXT = 10_000
MOST_POINTS = 200
LARGEST_WEIGHT = 1_000_000
FIELDS = ("key", "text", "weight", "fatal")


@dataclass(frozen=True, slots=True)
class Point:
    """Something to check. `weight` is its share in the pass rate; a "no" to a fatal one makes that 0."""

    key: str
    text: str
    weight: float = 1
    fatal: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text, "weight": self.weight, "fatal": self.fatal}


def read_points(given: Any) -> list[Point]:
    """The points of a list; a bare string is its own key. Raises `Invalid` with a path such as `[0].weight`."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_POINTS:
        raise Invalid(fields={"": f"must be a list of 1 to {MOST_POINTS} {{key, text}}"})
    points: dict[str, Point] = {}
    for index, value in enumerate(given):
        point = _point(f"[{index}]", {"key": value} if isinstance(value, str) else value)
        if point.key in points:
            raise Invalid(fields={f"[{index}].key": f"is {point.key!r} again; the keys of points are unique"})
        points[point.key] = point
    return list(points.values())


def _point(at: str, value: Any) -> Point:
    if not isinstance(value, Mapping):
        raise Invalid(fields={at: "must be an object {key, text, weight, fatal}"})
    if unknown := [str(name) for name in value if name not in FIELDS]:
        raise Invalid(fields={f"{at}.{unknown[0][:40]}": f"is not known; a point has {', '.join(FIELDS)}"})
    key, weight, fatal = value.get("key"), value.get("weight", 1), value.get("fatal", False)
    text = value.get("text", key)
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY:
        raise Invalid(fields={f"{at}.key": f"must be a text of 1 to {LONGEST_KEY} characters"})
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise Invalid(fields={f"{at}.text": f"must be a text of 1 to {LONGEST_TEXT:,} characters"})
    return Point(key, text, read_weight(f"{at}.weight", weight), read_fatal(f"{at}.fatal", fatal))


def read_weight(at: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST_WEIGHT:
        raise Invalid(fields={at: f"must be a number above 0, {LARGEST_WEIGHT:,} at most"})
    return value


def read_fatal(at: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid(fields={at: "must be true or false"})
    return value
