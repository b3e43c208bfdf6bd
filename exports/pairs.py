"""Decides every compared pair of a campaign by majority, from the preference records."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.db.models import Func, QuerySet, TextField

from annotate.errors import Invalid
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow
from annotate.models import Campaign, Completion, Item, Preference, Question
from exports.formats import Dropped, Pair

CHUNK = 500
OPTIONS = {"questions", "annotators", "minimum", "shape"}
SHAPES = ("auto", "text", "messages")
WHO = ("people_first", "human", "judge", "all")

Vote = tuple[int, str, int, int, int, int | None, bool, int, str]
"""item, question, a, b, sign, strength, both_bad, annotation, annotator kind."""


def votes(campaign: Campaign, options: Mapping[str, Any]) -> QuerySet[Preference, Vote]:
    """The preference records that count, pair by pair in the order of the items. Silent repeats do not count."""
    rows = Preference.objects.filter(campaign=campaign, round=0, question__in=options["questions"])
    if options["annotators"] in ("human", "judge"):
        rows = rows.filter(annotator_kind=options["annotators"])
    return rows.order_by("item", "question", "a", "b", "annotation").values_list(
        "item", "question", "a", "b", "sign", "strength", "both_bad", "annotation", "annotator_kind"
    )


def decided(campaign: Campaign, options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    """Every compared pair: decided, or dropped with the reason. Memory stays constant."""
    buffer: list[list[Vote]] = []
    rows = votes(campaign, options).iterator(chunk_size=5000)
    for _, group in groupby(rows, key=lambda vote: vote[:4]):
        buffer.append(list(group))
        if len(buffer) >= CHUNK:
            yield from _decide(buffer, options)
            buffer = []
    yield from _decide(buffer, options)


def _decide(buffer: list[list[Vote]], options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    items = Item.objects.in_bulk({group[0][0] for group in buffer})
    completions = Completion.objects.in_bulk({pk for group in buffer for pk in group[0][2:4]})
    for group in buffer:
        try:
            yield _pair(_counted(group, options), items, completions, options)
        except Dropped as dropped:
            yield dropped


def _counted(group: list[Vote], options: Mapping[str, Any]) -> list[Vote]:
    """By `people_first` the judges of a pair count only where no person answered."""
    people = [vote for vote in group if vote[8] == "human"]
    return people if options["annotators"] == "people_first" and people else group


def _pair(
    group: list[Vote],
    items: Mapping[int, Item],
    completions: Mapping[int, Completion],
    options: Mapping[str, Any],
) -> Pair:
    item, question, a, b = group[0][:4]
    plus, zero, minus = (sum(vote[4] == sign for vote in group) for sign in (1, 0, -1))
    if len(group) < options["minimum"]:
        raise Dropped("too_few_annotations")
    if zero >= max(plus, minus) or plus == minus:
        raise Dropped("both_bad" if zero and all(vote[6] for vote in group if vote[4] == 0) else "tie")
    winner, loser, sign = (a, b, 1) if plus > minus else (b, a, -1)
    chosen, rejected = completions[winner], completions[loser]
    prompts = [c.prompt if c.prompt is not None else items[item].prompt for c in (chosen, rejected)]
    if prompts[0] != prompts[1]:
        raise Dropped("prompts_differ")
    if (chosen.text, chosen.messages) == (rejected.text, rejected.messages):
        raise Dropped("same_text")
    strengths = [vote[4] * sign * (vote[5] or (1 if vote[4] else 0)) for vote in group]
    return Pair(
        item=items[item].key,
        question=question,
        prompt=prompts[0],
        chosen=chosen,
        rejected=rejected,
        votes=(plus, zero, minus) if sign == 1 else (minus, zero, plus),
        strength=sum(strengths) / len(strengths),
        annotations=[vote[7] for vote in group],
        judged=all(vote[8] == "judge" for vote in group),
    )


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


def clean_options(campaign: Campaign, given: Any) -> dict[str, Any]:
    """The options with their defaults. Raises `Invalid` naming each that is wrong.

    `questions`: which pairwise questions (all). `annotators`: people_first (judges only where no person
    answered), human, judge or all. `minimum`: annotations a pair needs. `shape`: auto, text or messages.
    """
    if not isinstance(given, Mapping):
        raise Invalid("options must be an object", {"options": "an object"})
    problems = {
        f"options.{key}": f"is not known; there are {', '.join(sorted(OPTIONS))}" for key in given if key not in OPTIONS
    }
    names = [question.name for question in comparing(campaign)]
    if not names:
        problems["options.questions"] = "this campaign asks no pairwise question, so there are no preferences"
    questions = given.get("questions") or names
    if not isinstance(questions, list) or any(name not in names for name in questions):
        problems["options.questions"] = f"must be a list of pairwise questions: {', '.join(names)}"
    annotators = given.get("annotators", "people_first")
    if annotators not in WHO:
        problems["options.annotators"] = f"must be {', '.join(WHO[:-1])} or {WHO[-1]}"
    minimum = given.get("minimum", 1)
    if type(minimum) is not int or not 1 <= minimum <= 1000:
        problems["options.minimum"] = "must be a whole number from 1 to 1000"
    shape = given.get("shape", "auto")
    if shape not in SHAPES:
        problems["options.shape"] = f"must be {', '.join(SHAPES[:-1])} or {SHAPES[-1]}"
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return {"questions": list(questions), "annotators": annotators, "minimum": minimum, "shape": shape}


def resolved(campaign: Campaign, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with what depends on the data: the shape, and whether every row can have a margin."""
    asked = Question.objects.filter(version=campaign.current, name__in=options["questions"])
    shape = options["shape"]
    if shape == "auto":
        shape = "messages" if is_chat(campaign) else "text"
    return {**options, "shape": shape, "margin": all(question.config.get("strengths") for question in asked)}
