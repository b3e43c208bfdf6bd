"""What an export of pairs is asked for: its options, checked, with what depends on the data."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Func, TextField

from annotate.errors import Invalid
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow
from annotate.models import Campaign, Completion, Item, Question
from exports.decisions import MAJORITY, RULES

SHAPES = ("auto", "text", "messages")
WHO = ("people_first", "human", "judge", "all")
DEFAULTS: Mapping[str, Any] = {
    "questions": None,
    "annotators": "people_first",
    "minimum": 1,
    "shape": "auto",
    "consensus": MAJORITY,
    "adjudicated": True,
}


def clean_options(campaign: Campaign, given: Any) -> dict[str, Any]:
    """The options with their defaults. Raises `Invalid` naming each that is wrong.

    `questions`: which pairwise questions (all). `annotators`: people_first (judges only where no person
    answered), human, judge or all. `minimum`: annotations a pair needs. `shape`: auto, text or messages.
    `consensus`: majority, mean, dawid_skene or stored. `adjudicated`: whether researchers' decisions count (true).
    """
    if not isinstance(given, Mapping):
        raise Invalid("options must be an object", {"options": "an object"})
    known = ", ".join(sorted(DEFAULTS))
    problems = {f"options.{key}": f"is not known; there are {known}" for key in given if key not in DEFAULTS}
    names = [question.name for question in comparing(campaign)]
    options = {**DEFAULTS, **given, "questions": given.get("questions") or names}
    problems |= {f"options.{name}": problem for name, problem in _problems(options, names)}
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return {name: options[name] for name in DEFAULTS}


def _problems(options: Mapping[str, Any], names: Sequence[str]) -> list[tuple[str, str]]:
    """What is wrong with the options, each with its name; `names` are the questions that compare."""
    found = []
    questions, minimum = options["questions"], options["minimum"]
    if not isinstance(questions, list) or any(name not in names for name in questions):
        found.append(("questions", f"must be a list of pairwise questions: {', '.join(names)}"))
    elif not names:
        found.append(("questions", "this campaign asks no pairwise question, so there are no preferences"))
    for option, allowed in (("annotators", WHO), ("shape", SHAPES), ("consensus", tuple(RULES))):
        if options[option] not in allowed:
            found.append((option, f"must be {', '.join(allowed[:-1])} or {allowed[-1]}"))
    if type(minimum) is not int or not 1 <= minimum <= 1000:
        found.append(("minimum", "must be a whole number from 1 to 1000"))
    if not isinstance(options["adjudicated"], bool):
        found.append(("adjudicated", "must be true or false"))
    return found


def resolved(campaign: Campaign, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with what depends on the data: the shape, and whether every row can have a margin."""
    asked = Question.objects.filter(version=campaign.current, name__in=options["questions"])
    shape = options["shape"]
    if shape == "auto":
        shape = "messages" if is_chat(campaign) else "text"
    return {**options, "shape": shape, "margin": all(question.config.get("strengths") for question in asked)}


def comparing(campaign: Campaign) -> list[Question]:
    """The questions of the campaign that yield preferences."""
    return list(Question.objects.filter(version=campaign.current, kind__in=kinds_that_yield(PreferenceRow)))


def is_chat(campaign: Campaign) -> bool:
    """Whether any prompt or completion is a list of messages: then all rows of a dataset must be."""
    of_list = Func("prompt", function="jsonb_typeof", output_field=TextField())
    completions = Completion.objects.filter(item__campaign=campaign)
    return (
        Item.objects.filter(campaign=campaign).alias(type=of_list).filter(type="array").exists()
        or completions.filter(messages__isnull=False).exists()
        or completions.alias(type=of_list).filter(type="array").exists()
    )
