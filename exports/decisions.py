"""What decides a pair besides a majority of its votes: researchers' decisions, a rule of consensus, what is stored."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotate.answers import asked_in
from annotate.consensus.rules import rule
from annotate.consensus.votes import votes_of
from annotate.frames import Frames, Things
from annotate.frames.columns import Flags
from annotate.kinds import kind
from annotate.kinds.base import PreferenceRow
from annotate.models import Adjudication, Campaign, Completion, Consensus, Question, Standing, Unit

MAJORITY, STORED = "majority", "stored"
RULES = {
    MAJORITY: "majority; ties are dropped",
    "dawid_skene": "Dawid–Skene: the most probable side, given how each annotator errs; ties are dropped",
    "mean": "the side of the mean strength; ties are dropped",
    STORED: "as the campaign stores it, by each question's rule; ties and what is undecided are dropped",
}
"""What a pair is decided by, in words for the manifest."""

Key = tuple[str, int, int]
"""Question, a, b."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The sign of a pair, +1 for a, −1 for b, 0 for a tie; None where the rule decides nothing."""

    sign: int | None
    strength: int | None = None
    both_bad: bool = False


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above the votes: `adjudicated` by pair, in the order of the items, with the `item` of each; what an
    annotator `weighs` who does not weigh 1; and who is `excluded` (ids)."""

    adjudicated: Mapping[Key, Decision]
    item: Mapping[Key, int]
    weighs: Mapping[int, float]
    excluded: Collection[int]


def above(campaign: Campaign, options: Mapping[str, Any]) -> Above:
    """What researchers decided about pairs and annotators. With `adjudicated` false decisions about pairs are left
    out."""
    standings = Standing.objects.filter(campaign=campaign)
    weighs = dict(standings.exclude(weight=1).values_list("annotator", "weight"))
    excluded = set(standings.filter(excluded_at__isnull=False).values_list("annotator", flat=True))
    made: dict[Key, Decision] = {}
    item: dict[Key, int] = {}
    if options.get("adjudicated", True):
        newest = Adjudication.objects.filter(campaign=campaign, question__in=options["questions"])
        newest = newest.order_by("unit", "question", "-pk").distinct("unit", "question")
        kept = [each for each in newest.select_related("unit") if each.answer is not None]
        for row, key, decision in _decisions(campaign, sorted(kept, key=lambda each: each.unit.item_id)):
            made[key], item[key] = decision, row.unit.item_id
    return Above(made, item, weighs, excluded)


def stored(campaign: Campaign, items: Collection[int], questions: Collection[str]) -> dict[Key, Decision]:
    """The stored consensus of these items' pairs."""
    rows = Consensus.objects.filter(unit__item__in=items, question__in=questions, answer__isnull=False)
    return {key: decision for _, key, decision in _decisions(campaign, list(rows.select_related("unit")))}


Answered = Adjudication | Consensus


def _decisions(campaign: Campaign, rows: Iterable[Answered]) -> Iterator[tuple[Answered, Key, Decision]]:
    """The pairs that answers compare. A later version may ask otherwise: what is no answer any more is left out."""
    rows = list(rows)
    asked = {question.name: question for question in Question.objects.filter(version=campaign.version)}
    ids: dict[int, dict[str, int]] = {}
    for pk, item, key in Completion.objects.filter(item__in={row.unit.item_id for row in rows}).values_list(
        "pk", "item", "key"
    ):
        ids.setdefault(item, {})[key] = pk
    for row in rows:
        for pair in _pairs(asked[row.question], row.unit, row.answer) if row.question in asked else ():
            of = ids[row.unit.item_id]
            yield row, (row.question, of[pair.a], of[pair.b]), Decision(pair.sign, pair.strength, pair.both_bad)


def _pairs(question: Question, unit: Unit, answer: Any) -> list[PreferenceRow]:
    found = kind(question.kind)
    if PreferenceRow not in found.yields:
        return []
    [asked] = asked_in([question], "", unit.keys, unit.item.source)
    try:
        return [row for row in found.records(asked, answer) if isinstance(row, PreferenceRow)]
    except (KeyError, TypeError):
        return []


def by_rule(campaign: Campaign, options: Mapping[str, Any]) -> dict[Key, Decision]:
    """Every pair as a rule of consensus decides it from the votes that `annotators` says; about 100 bytes a pair."""
    frames, made = Frames(campaign), dict[Key, Decision]()
    for question in options["questions"]:
        votes = votes_of(frames, question, lambda found: _chosen(found, options["annotators"]))
        decided = rule(options["consensus"]).decide(votes)
        first = np.unique(votes.thing, return_index=True)[1]
        pairs = zip(votes.one[first].tolist(), votes.two[first].tolist(), decided.value.tolist(), strict=True)
        made |= {(question, a, b): SIGNED[value] if value == value else UNDECIDED for a, b, value in pairs}
        frames.forget(question)
    return made


UNDECIDED = Decision(None)
SIGNED = {sign: Decision(sign) for sign in (-1, 0, 1)}


def _chosen(found: Things, annotators: str) -> Flags:
    """Which answers count: of people, of judges, of all, or of judges only where no person answered."""
    judge = found.rows.judge
    if annotators == "people_first":
        people = np.bincount(found.thing, ~judge, found.count) > 0
        return ~judge | ~people[found.thing]
    return {"human": ~judge, "judge": judge}.get(annotators, np.ones(len(found), bool))
