"""The report on agreement: question by question, what people, judges and both say of the same things."""

from collections.abc import Mapping
from typing import Any

from annotate.frames import Asks, Frames
from routing.agreement.along import arms, over_time
from routing.agreement.coded import Coded, coded
from routing.agreement.coefficients import alpha_alone, coefficients, counts
from routing.agreement.counted import GROUPS, Counted, counted
from routing.agreement.disputed import disputed
from routing.agreement.matrices import Between, between
from routing.agreement.spans import spans
from routing.agreement.words import headline

NOTHING: dict[str, Any] = {"computed_at": None, "questions": [], "texts": [], "headline": []}
"""What there is to read before a report was made."""


def agreement(frames: Frames) -> Mapping[str, Any]:
    """The stored report: `questions` with their figures, and the names of the questions whose answers are texts."""
    asked = frames.questions.values()
    questions = [_question(frames, asks) for asks in asked if asks.scale != "text"]
    texts = [asks.name for asks in asked if asks.scale == "text"]
    return {"questions": questions, "texts": texts, "headline": headline(questions)}


def _question(frames: Frames, asks: Asks) -> dict[str, Any]:
    about = {"question": asks.name, "title": asks.title, "kind": asks.kind, "scale": asks.scale}
    found = spans(frames, asks) if asks.scale == "span" else _labels(frames, asks)
    return {**about, **found}


def _labels(frames: Frames, asks: Asks) -> dict[str, Any]:
    every = coded(frames, asks)
    which = counted(frames, every.rows)
    found = between(every.where(which.group("all")), frames.annotators)
    people = every.where(which.human)
    return {
        "weighed": every.is_weighed and every.weights is not None,
        "groups": [group for name in GROUPS if (group := _group(every, which, found, name))],
        "left_out": {**which.left_out, "annotators": found.left_out},
        "routed": _apart(every, which),
        "people": found.among_people(),
        "judges": found.people_and_judges(),
        "arms": _arms(frames, people),
        "over_time": over_time(people),
        "disputed": disputed(people),
    }


def _arms(frames: Frames, people: Coded) -> dict[str, Any] | None:
    """Alpha in the arms of an experiment, with the title of the checklist that one of them is shown."""
    found = arms(people)
    if found is None:
        return None
    name = (frames.campaign.current.config.get("arms") or {}).get("checklist", "")
    return {**found, "checklist": frames.questions[name].title if name in frames.questions else ""}


def _group(every: Coded, which: Counted, found: Between, name: str) -> dict[str, Any] | None:
    held = every.where(which.group(name))
    if not len(held):
        return None
    how_many = counts(held)
    return {"annotators": name, **how_many, **coefficients(held, found.mean(name), how_many["several"])}


def _apart(every: Coded, which: Counted) -> dict[str, Any] | None:
    """Alpha of the units that people got because of a route: hard ones, mostly."""
    held = every.where(which.routed)
    return {**counts(held), **alpha_alone(held)} if len(held) else None
