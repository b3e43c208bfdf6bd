"""The votes on compared pairs, read pair by pair, and what they come to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from annotate.models import Campaign, Preference
from annotate.stats.votes import EQUAL
from exports.decisions import UNDECIDED, Above, Decision, Key
from exports.formats import Dropped

CHUNK = 500

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


def batches(rows: Iterable[Vote]) -> Iterator[list[list[Vote]]]:
    """The votes of 500 pairs at a time."""
    buffer: list[list[Vote]] = []
    for _, group in groupby(rows, key=lambda vote: vote[:4]):
        buffer.append(list(group))
        if len(buffer) >= CHUNK:
            yield buffer
            buffer = []
    if buffer:
        yield buffer


def counted(group: list[Vote], options: Mapping[str, Any]) -> list[Vote]:
    """By `people_first` the judges of a pair count only where no person answered."""
    people = [vote for vote in group if vote[8] == "human"]
    return people if options["annotators"] == "people_first" and people else group


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
        if zero > max(plus, minus) - EQUAL or abs(plus - minus) < EQUAL:
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
