"""Campaigns that several annotated, for the tests of agreement."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.frames import Frames
from annotate.models import Campaign, User
from routing.agreement import agreement
from tests.factories import import_rows, make_campaign

Said = Mapping[str, Mapping[str, Any]]
"""Annotator → answers by question, of a unit that shows every completion; judges' names begin with "gpt"."""


def item(key: str, said: Said, completions: Sequence[str] = ("first text", "second text")) -> dict[str, Any]:
    keys = "abcdefgh"[: len(completions)]
    return {
        "key": key,
        "prompt": f"Prompt of {key}",
        "completions": [{"key": k, "text": text} for k, text in zip(keys, completions, strict=True)],
        "annotations": [
            {
                "annotator": name,
                "kind": "judge" if name.startswith("gpt") else "human",
                "shown": list(keys),
                "answers": answers,
            }
            for name, answers in said.items()
        ],
    }


def annotated(
    user: User, questions: Sequence[Mapping[str, Any]], items: Sequence[dict[str, Any]], **spec: Any
) -> Campaign:
    campaign = make_campaign(user, "agreed", questions, overlap=4, **spec)
    if items:
        job = import_rows(campaign, items)
        assert job.done == len(items), list(job.errors.values())
    return campaign


def question(campaign: Campaign, name: str) -> Any:
    """The freshly computed part of the report about one question."""
    return next(q for q in agreement(Frames(campaign))["questions"] if q["question"] == name)


def group(found: Any, annotators: str = "human") -> Any:
    return next(g for g in found["groups"] if g["annotators"] == annotators)
