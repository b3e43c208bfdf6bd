"""Answers in words, for every kind, and for shapes that nobody expected."""

from typing import Any

import pytest

from annotate.kinds import Asked
from annotate.wording import in_words

BAD = [{"label": "bad"}]
NAMES = {"a": "Response 1", "b": "Response 2"}


def asked(kind: str, **config: Any) -> Asked:
    return Asked("q", kind, config, keys=("a", "b"))


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (asked("pairwise"), {"preferred": "b"}, "Response 2 is better"),
        (
            asked("pairwise", strengths=["a bit", "much"]),
            {"preferred": "a", "strength": 2},
            "Response 1 is better (much)",
        ),
        (asked("pairwise"), {"preferred": None}, "Tie"),
        (asked("pairwise"), {"preferred": None, "both_bad": True}, "Both bad"),
        (asked("rating"), {"a": 5, "b": 3.5}, "Response 1: 5; Response 2: 3.5"),
        (asked("rating"), {"a": 5.0}, "5"),
        (asked("choice", options=[{"key": "y", "text": "Yes"}]), "y", "Yes"),
        (asked("choice", options=[{"key": "y", "text": "Yes"}]), ["y", "gone"], "Yes, gone"),
        (asked("text"), "  one\ntwo " + "x" * 90, "one two " + "x" * 71 + "…"),
        (asked("checklist", points=[{"key": "p", "text": "Polite"}]), {"a": {"p": "yes"}}, "Polite: yes"),
        (
            asked("span"),
            {"a": [], "b": [{"label": "bad"}, {"label": "bad"}]},
            "Response 1: none; Response 2: 2 marks (2 × bad)",
        ),
        (asked("span"), {"@prompt": BAD}, "1 mark (bad)"),
    ],
)
def test_an_answer_in_words(question: Asked, answer: Any, words: str) -> None:
    assert in_words(question, answer, NAMES) == words


@pytest.mark.parametrize(
    "answer", [None, {}, [], [[1]], [None], {"a": None}, {"preferred": 3}, True, {"a": [1, {"label": []}]}]
)
def test_answers_of_earlier_versions_do_not_break_it(answer: Any) -> None:
    for kind in ("pairwise", "choice", "span", "unknown"):
        assert isinstance(in_words(asked(kind, options="x", labels=[3]), answer, NAMES), str)
