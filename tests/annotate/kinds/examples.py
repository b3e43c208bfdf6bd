"""Configurations, good answers and bad ones for every kind; the contract runs over them."""

from dataclasses import dataclass, field
from typing import Any

from annotate.kinds import Asked, kind
from annotate.kinds.source import Source

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
    source: Source = field(default_factory=Source, compare=False, repr=False)

    def asked(self) -> Asked:
        config = kind(self.kind).clean_config(self.config)
        return Asked("q", self.kind, config, shows=self.shows, keys=self.keys, source=self.source)


PASSAGES: list[dict[str, Any]] = [
    {"title": "Sky", "sentences": ["It is blue.", "At night it is black."]},
    {"sentences": ["So is the sea."]},
]
TOLD = Source("Why?", PASSAGES, None, lambda: [("a", "The sky is 🙂 blue.\r\nSo it is."), ("b", "Nobody knows.")])
CHAT = Source(
    [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Hi, I said."}], None, None, lambda: [("a", "No.")]
)
MISSING = {"key": "missing", "text": "Missing information", "whole": "required", "refs": "required"}
WRONG = {"key": "wrong", "refs": "optional", "note": True, "shortcut": "q", "hint": "says what is not so", "colour": 5}

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
    Example(
        "choice",
        {"options": [{"key": "good.1", "shortcut": "x"}, {"key": "bad 2", "text": "Bad", "shortcut": "Z"}]},
        ["good.1", "bad 2"],
        ["x", "z"],
    ),
    Example(
        "ranking",
        {},
        [{"a": 1, "b": 2}, {"b": 1, "a": 1}, {"a": 9, "b": 5.0}],
        [["a", "b"], {"a": 1}, {"a": "1", "b": 2}],
    ),
    Example(
        "ranking",
        {"allow_ties": False},
        [{"a": 3, "b.c": 1, "d": 2}],
        [{"a": 1, "b.c": 1, "d": 2}, {"a": 0, "b.c": 1, "d": 2}, {"a": 1.5, "b.c": 1, "d": 2}],
        keys=("a", "b.c", "d"),
    ),
    Example("ranking", {}, [{"a": 1, "b": 2}], [{"a": True, "b": 2}], "pair"),
    Example(
        "checklist",
        {"points": ["cites", {"key": "the 2nd.", "text": "Is it safe?", "weight": 2.5, "fatal": True}]},
        [
            {"a": {"cites": "yes", "the 2nd.": "no"}, "b": {"the 2nd.": "na", "cites": "na"}},
            {"a": {"cites": "no", "the 2nd.": "yes"}, "b": {"the 2nd.": "yes", "cites": "na"}},
        ],
        [
            {"a": "yes", "b": "no"},
            {"a": {"cites": "yes"}, "b": {"cites": "yes"}},
            {"a": {"cites": "yes", "the 2nd.": "maybe"}, "b": {"the 2nd.": "na", "cites": "na"}},
            {"a": {"cites": "yes", "the 2nd.": ["no"]}, "b": {"the 2nd.": "na", "cites": "na"}},
        ],
    ),
    Example(
        "checklist",
        {"points_from": "item", "allow_na": False},
        [{"a": {"1": "yes"}, "a.0": {"1": "no"}}],
        [{"a": {"1": "na"}, "a.0": {"1": "no"}}, {"a": {"2": "yes"}, "a.0": {"2": "yes"}}],
        keys=("a", "a.0"),
        source=Source("p", None, [{"key": "1", "text": "First?"}]),
    ),
    Example("text", {}, ["fine", " spaces stay ", "two\nlines", "🙂"], ["", "   ", 3, ["fine"]]),
    Example("text", {"min_length": 0}, ["", " \n", "some"], [3]),
    Example("text", {"per": "completion", "prefill": True}, [{"a": "one\r\ntwo\rthree", "b": "\n\nlater"}], ["good"]),
    Example("text", {"per": "completion", "min_length": 2, "max_length": 4}, [{"a": "good", "b": "so"}], ["good"]),
    Example(
        "span",
        {"labels": ["bad"]},
        [
            {"a": [{"label": "bad", "start": 4, "end": 12, "quote": "sky is 🙂"}], "b": []},
            {"b": [{"label": "bad", "quote": "knows"}], "a": []},
        ],
        [
            {"a": [{"label": "bad", "start": 4, "end": 4}], "b": []},
            {"a": [{"label": "bad"}], "b": []},
            {"a": [{"label": "good", "start": 0, "end": 1}], "b": []},
        ],
        source=TOLD,
    ),
    Example(
        "span",
        {
            "labels": [WRONG, MISSING, "dull"],
            "severities": ["minor", "major"],
            "overlap": False,
            "targets": ["completions", "@prompt", "@context"],
        },
        [
            {
                "a": [
                    {
                        "label": "wrong",
                        "start": 19,
                        "end": 23,
                        "severity": "major",
                        "note": "no",
                        "refs": ["2.1", "1.1"],
                    },
                    {"label": "missing", "severity": "minor", "refs": ["1.2"]},
                    {"label": "dull", "severity": "minor", "quote": "so dull", "attributes": {"anchor": "none"}},
                ],
                "b": [],
                "@prompt": [],
                "@context": [{"label": "dull", "part": 1, "start": 0, "end": 2, "severity": "minor"}],
            }
        ],
        [{"a": [], "b": [], "@prompt": []}],
        source=TOLD,
    ),
    Example(
        "span",
        {
            "labels": [{"key": "rude", "severities": False}],
            "severities": ["bad"],
            "targets": ["@prompt"],
            "snap": "none",
        },
        [{"@prompt": [{"label": "rude", "part": 1, "start": 4, "end": 5}, {"label": "rude", "quote": "I said"}]}],
        [{"@prompt": [{"label": "rude", "start": 0, "end": 1}]}, {"@prompt": [{"label": "rude", "quote": "Hi"}]}],
        "each",
        ("a",),
        source=CHAT,
    ),
]
