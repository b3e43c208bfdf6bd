"""Pairs of completions and which of them people prefer: from preferences, or from ratings of one item's completions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Avg, Count

from annotate.errors import Invalid
from annotate.models import Annotator, Campaign, Preference, Score

HUMAN = Annotator.Kind.HUMAN


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two completions of an item, by id; `outcome` is the share of the people that prefer a, a tie counting half."""

    group: int
    a: int
    b: int
    outcome: float


def labelled_pairs(campaign: Campaign, question: str) -> list[LabelledPair]:
    """The pairs that people's answers to a question make; none where it yields neither preferences nor scores."""
    return list(_preferred(campaign, question)) or list(_rated(campaign, question))


def most_answered(campaign: Campaign) -> str:
    """The question that gives the most preferences by people, else the most scores. Raises `Invalid` for neither."""
    for model in (Preference, Score):
        rows = model.objects.filter(campaign=campaign, annotator_kind=HUMAN).values("question")
        if found := rows.annotate(n=Count("pk")).order_by("-n", "question").first():
            return str(found["question"])
    why = "people have given no preference and no rating yet"
    raise Invalid(f"there is nothing to train on: {why}", {"question": why})


def _preferred(campaign: Campaign, question: str) -> Iterator[LabelledPair]:
    rows = Preference.objects.filter(campaign=campaign, question=question, annotator_kind=HUMAN, round=0)
    sums: dict[tuple[int, int, int], list[float]] = defaultdict(list)
    for group, a, b, sign in rows.order_by("pk").values_list("prompt_group", "a", "b", "sign"):
        key, turned = ((group, a, b), sign) if a < b else ((group, b, a), -sign)
        sums[key].append((turned + 1) / 2)
    for (group, a, b), outcomes in sums.items():
        yield LabelledPair(group, a, b, sum(outcomes) / len(outcomes))


def _rated(campaign: Campaign, question: str) -> Iterator[LabelledPair]:
    """Two completions of one item by their mean ratings."""
    rows = Score.objects.filter(campaign=campaign, question=question, annotator_kind=HUMAN, round=0)
    means = rows.values("prompt_group", "item", "completion").annotate(mean=Avg("value")).order_by("item", "completion")
    by_item: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for row in means:
        by_item[row["prompt_group"], row["item"]][row["completion"]] = row["mean"]
    for (group, _), rated in by_item.items():
        for a, b in combinations(rated, 2):
            yield LabelledPair(group, a, b, _side(rated, a, b))


def _side(rated: Mapping[int, float], a: int, b: int) -> float:
    return 0.5 if rated[a] == rated[b] else float(rated[a] > rated[b])
