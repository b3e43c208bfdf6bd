"""Decides every compared pair of a campaign, from the preference records and what stands above them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Func, QuerySet, TextField

from annotate.errors import Invalid
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow
from annotate.models import Campaign, Completion, Item, Preference, Question
from exports.decisions import MAJORITY, RULES, STORED, UNDECIDED, Above, Decision, Key, above, by_rule, stored
from exports.formats import Dropped, Pair

CHUNK = 500
OPTIONS = {"questions", "annotators", "minimum", "shape", "consensus", "adjudicated"}
SHAPES = ("auto", "text", "messages")
WHO = ("people_first", "human", "judge", "all")

Vote = tuple[int, str, int, int, int, int | None, bool, int, str, int]
"""item, question, a, b, sign, strength, both_bad, annotation, annotator kind, annotator."""


def votes(campaign: Campaign, options: Mapping[str, Any], excluded: Collection[int] = ()) -> QuerySet[Preference, Vote]:
    """The preference records that count, pair by pair in the order of the items. Silent repeats do not count, nor do
    excluded annotators (ids)."""
    rows = Preference.objects.filter(campaign=campaign, round=0, question__in=options["questions"])
    rows = rows.exclude(annotator__in=excluded) if excluded else rows
    if options["annotators"] in ("human", "judge"):
        rows = rows.filter(annotator_kind=options["annotators"])
    return rows.order_by("item", "question", "a", "b", "annotation").values_list(
        "item", "question", "a", "b", "sign", "strength", "both_bad", "annotation", "annotator_kind", "annotator"
    )


def decided(campaign: Campaign, options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    """Every compared pair, and then what researchers decided without votes: decided, or dropped with the reason.

    By majority and by what is stored memory stays constant.
    """
    over = above(campaign, options)
    chosen = options.get("consensus", MAJORITY)
    by = by_rule(campaign, options) if chosen not in (MAJORITY, STORED) else None
    left = dict(over.adjudicated)
    for buffer in _batches(votes(campaign, options, over.excluded).iterator(chunk_size=5000)):
        items = {group[0][0] for group in buffer}
        found = stored(campaign, items, options["questions"]) if chosen == STORED else by
        for group in buffer:
            left.pop(group[0][1:4], None)
        yield from _decide([Votes(group[0][:4], _counted(group, options), over, found) for group in buffer], options)
    rest = sorted(left, key=lambda key: (over.item[key], key))
    yield from _decide([Votes((over.item[key], *key), [], over, by) for key in rest], options)


def _batches(rows: Iterable[Vote]) -> Iterator[list[list[Vote]]]:
    buffer: list[list[Vote]] = []
    for _, group in groupby(rows, key=lambda vote: vote[:4]):
        buffer.append(list(group))
        if len(buffer) >= CHUNK:
            yield buffer
            buffer = []
    if buffer:
        yield buffer


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes on one pair (`of`: item, question, a, b), and what may decide it in their place."""

    of: tuple[int, str, int, int]
    group: list[Vote]
    over: Above
    by: Mapping[Key, Decision] | None

    @property
    def adjudicated(self) -> Decision | None:
        return self.over.adjudicated.get(self.of[1:])

    def counts(self) -> tuple[int, int, int]:
        """Votes for a, for a tie, for b."""
        plus, zero, minus = (sum(vote[4] == sign for vote in self.group) for sign in (1, 0, -1))
        return plus, zero, minus

    def decision(self, options: Mapping[str, Any]) -> Decision:
        """A researcher's, else that of the rule. Raises `Dropped` for too few votes, which a decision needs none of."""
        if self.adjudicated is not None:
            return self.adjudicated
        if len(self.group) < options["minimum"]:
            raise Dropped("too_few_annotations")
        if self.by is None:
            return self._majority()
        found = self.by.get(self.of[1:], UNDECIDED)
        return Decision(0, None, self._both_bad()) if found.sign == 0 else found

    def _majority(self) -> Decision:
        plus, zero, minus = (sum(self._weight(vote) for vote in self.group if vote[4] == sign) for sign in (1, 0, -1))
        if zero >= max(plus, minus) or plus == minus:
            return Decision(0, None, self._both_bad())
        return Decision(1 if plus > minus else -1)

    def _both_bad(self) -> bool:
        ties = [vote for vote in self.group if vote[4] == 0]
        return bool(ties) and all(vote[6] for vote in ties)

    def _weight(self, vote: Vote) -> float:
        return self.over.weighs.get(vote[9], 1)

    def strength(self, sign: int, decision: Decision) -> float:
        """The mean signed strength for the side decided; a researcher's own where he decided it."""
        if self.adjudicated is not None:
            return float(decision.strength or 1)
        signed = [(self._weight(vote), vote[4] * sign * (vote[5] or (1 if vote[4] else 0))) for vote in self.group]
        return sum(weight * value for weight, value in signed) / sum(weight for weight, _ in signed)


def _decide(buffer: Sequence[Votes], options: Mapping[str, Any]) -> Iterator[Pair | Dropped]:
    items = Item.objects.in_bulk({each.of[0] for each in buffer})
    completions = Completion.objects.in_bulk({pk for each in buffer for pk in each.of[2:]})
    for each in buffer:
        try:
            yield _pair(each, items, completions, options)
        except Dropped as dropped:
            yield dropped


def _counted(group: list[Vote], options: Mapping[str, Any]) -> list[Vote]:
    """By `people_first` the judges of a pair count only where no person answered."""
    people = [vote for vote in group if vote[8] == "human"]
    return people if options["annotators"] == "people_first" and people else group


def _pair(
    voted: Votes,
    items: Mapping[int, Item],
    completions: Mapping[int, Completion],
    options: Mapping[str, Any],
) -> Pair:
    item, question, a, b = voted.of
    decision = voted.decision(options)
    if decision.sign is None:
        raise Dropped("undecided")
    if decision.sign == 0:
        raise Dropped("both_bad" if decision.both_bad else "tie")
    winner, loser, sign = (a, b, 1) if decision.sign > 0 else (b, a, -1)
    chosen, rejected = completions[winner], completions[loser]
    prompts = [c.prompt if c.prompt is not None else items[item].prompt for c in (chosen, rejected)]
    if prompts[0] != prompts[1]:
        raise Dropped("prompts_differ")
    if (chosen.text, chosen.messages) == (rejected.text, rejected.messages):
        raise Dropped("same_text")
    plus, zero, minus = voted.counts()
    return Pair(
        item=items[item].key,
        question=question,
        prompt=prompts[0],
        chosen=chosen,
        rejected=rejected,
        votes=(plus, zero, minus) if sign == 1 else (minus, zero, plus),
        strength=voted.strength(sign, decision),
        annotations=[vote[7] for vote in voted.group],
        judged=voted.adjudicated is None and all(vote[8] == "judge" for vote in voted.group),
        adjudicated=voted.adjudicated is not None,
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
    `consensus`: majority, mean, dawid_skene or stored. `adjudicated`: whether researchers' decisions count (true).
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
    consensus, adjudicated = given.get("consensus", MAJORITY), given.get("adjudicated", True)
    if not isinstance(consensus, str) or consensus not in RULES:
        problems["options.consensus"] = f"must be {', '.join(list(RULES)[:-1])} or {list(RULES)[-1]}"
    if not isinstance(adjudicated, bool):
        problems["options.adjudicated"] = "must be true or false"
    shape = given.get("shape", "auto")
    if shape not in SHAPES:
        problems["options.shape"] = f"must be {', '.join(SHAPES[:-1])} or {SHAPES[-1]}"
    if problems:
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return {
        "questions": list(questions),
        "annotators": annotators,
        "minimum": minimum,
        "shape": shape,
        "consensus": consensus,
        "adjudicated": adjudicated,
    }


def resolved(campaign: Campaign, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with what depends on the data: the shape, and whether every row can have a margin."""
    asked = Question.objects.filter(version=campaign.current, name__in=options["questions"])
    shape = options["shape"]
    if shape == "auto":
        shape = "messages" if is_chat(campaign) else "text"
    return {**options, "shape": shape, "margin": all(question.config.get("strengths") for question in asked)}
