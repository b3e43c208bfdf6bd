"""From a model's quotes to marks: each at its place, and a count of those that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.kinds.spans.marks import LONGEST_NOTE, UNANCHORED
from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.anchoring import Place, find, to_words
from routing.protocols.common.mark_prompt import parts_of

LEAVE_OUT = "leave out"
Mark = dict[str, Any]


@dataclass(slots=True)
class Left:
    """What was left out, or kept without a place, and why."""

    unanchored: list[Mark] = field(default_factory=list)
    incomplete: list[Mark] = field(default_factory=list)
    overlapping: list[Mark] = field(default_factory=list)

    def details(self) -> dict[str, list[Mark]]:
        return {"unanchored": self.unanchored, "incomplete": self.incomplete, "overlapping": self.overlapping}


def marks_of(
    judged: Judged, question: QuestionSpec, target: str, given: Sequence[Mapping[str, Any]], keep: bool, left: Left
) -> list[Mark]:
    """The marks that the question's validator takes; what it would not take is added to `left`."""
    labels = {label["key"]: label for label in question.config["labels"]}
    parts, marks = parts_of(judged, target), []
    for raw in given:
        reported = {"target": target, **raw}
        about = _about(question, labels[raw["label"]], raw)
        place = _place(question, labels[raw["label"]], parts, raw)
        if isinstance(about, str):
            left.incomplete.append({**reported, "why": about})
        elif place is not None:
            marks.append({**place, **about})
        else:
            left.unanchored.append(reported)
            if keep and raw["quote"].strip():
                marks.append({"quote": raw["quote"], **about, "attributes": {"anchor": UNANCHORED}})
    if question.config.get("overlap", True):
        return marks
    return _apart(marks, target, left)


def _about(question: QuestionSpec, label: Mapping[str, Any], raw: Mapping[str, Any]) -> Mark | str:
    """What is said of the place; a text says what is missing."""
    about: Mark = {"label": label["key"]}
    if question.config.get("severities") and label["severities"]:
        about["severity"] = raw["severity"]
    if note := raw["note"].strip()[:LONGEST_NOTE]:
        about["note"] = note
    elif label["note"] or question.config.get("required_note"):
        return "it needs a note"
    if label["refs"] != "none" and raw.get("refs"):
        about["refs"] = raw["refs"]
    elif label["refs"] == "required":
        return "it needs references"
    return about


def _place(
    question: QuestionSpec, label: Mapping[str, Any], parts: Sequence[str], raw: Mapping[str, Any]
) -> Mark | None:
    """Where the mark stands: nothing for one about the whole text, None for one that stands nowhere."""
    if label["whole"] == "required" or (label["whole"] == "optional" and not raw["quote"].strip()):
        return {}
    found = find(parts, raw["quote"], raw["occurrence"])
    if found is None:
        return None
    if question.config.get("snap", "word") != "none":
        found = to_words(parts[found.part], found)
    return _offsets(found, len(parts))


def _offsets(place: Place, parts: int) -> Mark:
    own = {"part": place.part} if parts > 1 else {}
    return {**own, "start": place.start, "end": place.end, "quote": place.quote}


def _apart(marks: Sequence[Mark], target: str, left: Left) -> list[Mark]:
    """The marks that do not overlap an earlier one of the list."""
    kept: list[Mark] = []
    for mark in marks:
        if any(_overlap(mark, other) for other in kept):
            left.overlapping.append({"target": target, **mark})
        else:
            kept.append(mark)
    return kept


def _overlap(one: Mark, other: Mark) -> bool:
    if "start" not in one or "start" not in other or one.get("part") != other.get("part"):
        return False
    return bool(one["start"] < other["end"] and other["start"] < one["end"])
