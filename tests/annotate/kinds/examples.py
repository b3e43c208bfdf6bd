"""Configurations, good answers and bad ones for every kind; the contract runs over them."""

from dataclasses import dataclass, field
from typing import Any

from annotate.kinds import Asked, kind

STRENGTHS = ["slightly", "clearly", "much"]
NEVER: list[Any] = [
    None,
    True,
    False,
    [],
    {},
    10**400,
    -1,
    1.5,
    [[]],
    {"": 1},
    {"a": None},
    {"zzz": 1},
    {"a": {"a": "a"}},
]
"""No kind takes these."""


@dataclass(frozen=True)
class Example:
    kind: str
    config: dict[str, Any]
    good: list[Any]
    bad: list[Any] = field(default_factory=list)
    shows: str = "all"
    keys: tuple[str, ...] = ("a", "b")

    def asked(self) -> Asked:
        config = kind(self.kind).clean_config(self.config)
        return Asked("q", self.kind, config, shows=self.shows, keys=self.keys)


EXAMPLES = [
    Example("pairwise", {}, [{"preferred": "a"}, {"preferred": "b"}, {"preferred": None}], ["a", 1, ["a"]]),
    Example(
        "pairwise",
        {"strengths": STRENGTHS, "both_bad": True},
        [{"preferred": "a", "strength": 3}, {"preferred": None}, {"preferred": None, "both_bad": True}],
        ["a", 0],
        "pair",
    ),
    Example("pairwise", {"strengths": ["a bit"]}, [{"preferred": "a:1", "strength": 1}], keys=("a:1", "b.c")),
    Example("rating", {}, [{"a": 1, "b": 5}, {"a": 3.0, "b": 2}], ["3", 3, [3, 3]]),
    Example("rating", {"min": 0, "max": 1, "step": 0.1, "widget": "slider"}, [{"a": 0.3, "b": 1}], [0.3]),
    Example("rating", {"min": -3, "max": 3}, [{"b": -3}], [-3], "each", ("b",)),
    Example("choice", {"options": ["yes", "no"]}, ["yes", "no"], ["Yes", ["yes"], 1]),
    Example("choice", {"options": ["yes", "no"], "multiple": True}, [["yes"], ["no", "yes"]], ["yes", ["maybe"]]),
    Example("choice", {"options": ["yes", "no"], "per": "completion"}, [{"a": "yes", "b": "no"}], ["yes"]),
    Example(
        "choice",
        {"options": [{"key": "x", "text": "Ex"}, "y"], "per": "completion", "multiple": True},
        [{"a": ["x"], "b": ["y", "x"]}],
        [["x"], {"a": "x", "b": ["y"]}],
    ),
    Example("text", {}, ["fine", " spaces stay ", "two\nlines", "🙂"], ["", "   ", 3, ["fine"]]),
    Example("text", {"per": "completion", "min_length": 2, "max_length": 4}, [{"a": "good", "b": "so"}], ["good"]),
]
