"""Marked spans of a real campaign: who marked nothing answered too, parts are texts of their own."""

from typing import Any

import pytest

from annotate.frames import Frames
from annotate.frames.marks import spans_of
from annotate.models import User
from tests.routing.agreement.held import annotated, group, item, question

pytestmark = pytest.mark.django_db

SPANS: dict[str, Any] = {
    "name": "errors",
    "kind": "span",
    "shows": "all",
    "config": {"labels": ["wrong", "rude"], "snap": "none"},
}
TEXT = "0123456789"


def mark(label: str, start: int, end: int) -> dict[str, Any]:
    return {"label": label, "start": start, "end": end}


def test_alpha_and_f1_of_marks_in_a_campaign(researcher: User) -> None:
    said: dict[str, Any] = {
        "ann": {"errors": {"a": [mark("wrong", 0, 5)], "b": []}},
        "bob": {"errors": {"a": [mark("wrong", 0, 3), mark("wrong", 8, 10)], "b": []}},
    }
    found = question(annotated(researcher, [SPANS], [item("p", said, (TEXT, "not a mark"))]), "errors")
    people = group(found)
    # Twenty characters, of which four differ; ten of forty answers are marks.
    assert people["alpha"]["value"] == pytest.approx(1 - (4 / 20) / (2 * 10 * 30 / (40 * 39)))
    assert people["overlap"]["value"] == pytest.approx(2 * 3 / 10)
    assert people["exact"]["value"] == 0
    assert (people["things"], people["several"], people["ratings"], people["marks"]) == (2, 2, 4, 3)
    assert people["alpha"]["n"] == 2
    assert [each["label"] for each in people["by_label"]] == ["wrong"]


def test_messages_and_prompts_are_texts_by_their_parts(researcher: User) -> None:
    config = {**SPANS["config"], "targets": ["completions", "@prompt"]}
    row = item("p", {}, (TEXT,))
    row["prompt"] = [
        {"role": "user", "content": "How many"},
        {"role": "user", "content": [{"type": "text", "text": "is it?"}]},
    ]
    row["annotations"] = [
        {
            "annotator": name,
            "kind": "human",
            "shown": ["a"],
            "answers": {"errors": {"a": [], "@prompt": [{**mark("rude", 0, end), "part": 1}]}},
        }
        for name, end in (("ann", 6), ("bob", 3))
    ]
    campaign = annotated(researcher, [{**SPANS, "config": config}], [row])
    found = spans_of(Frames(campaign), "errors")
    texts = found.texts.target, found.texts.part, found.texts.length
    lengths = {(found.answers.targets[t], p): n for t, p, n in zip(*texts, strict=True)}
    assert lengths == {("a", 0): 10, ("@prompt", 0): 8, ("@prompt", 1): 6}
    people = group(question(campaign, "errors"))
    assert people["things"] == 3
    assert people["overlap"]["value"] == pytest.approx(2 * 3 / 9)


def test_nobody_having_answered_leaves_no_group(researcher: User) -> None:
    assert question(annotated(researcher, [SPANS], [item("p", {}, (TEXT,))]), "errors")["groups"] == []
