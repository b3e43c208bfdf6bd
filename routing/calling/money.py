"""What calls may cost and do cost. Amounts are millionths of a US dollar.

What an attempt may cost at most is reserved before it is sent and settled when its usage is known, so that caps hold
whatever dies in between.
"""

import json
import math
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F, Sum

from annotate.jobs import Rest
from routing.judges.remote import Outgoing
from routing.models import Budget, JudgeRun

MILLION = 1_000_000
TEMPLATE = 64
"""Tokens that a chat template may add to what is sent."""
UNKNOWN_PRICE = (
    "the price of this judge's model is not known, so no cap can be kept; "
    "add it to the price table and make the judge anew, or lift the cap"
)

Price = Mapping[str, float]
"""{input, output}: US dollars a million tokens, which is millionths of a dollar a token."""


def cost(price: Price | None, prompt_tokens: int, completion_tokens: int) -> int | None:
    """What so many tokens cost; None where the price is not known."""
    if price is None:
        return None
    return math.ceil(prompt_tokens * float(price["input"]) + completion_tokens * float(price["output"]))


def most_prompt_tokens(outgoing: Outgoing) -> int:
    """An upper bound: a tokeniser over bytes makes at most one token of each."""
    return len(json.dumps(outgoing.body, ensure_ascii=False).encode("utf-8", "replace")) + TEMPLATE


def worst_case(price: Price | None, outgoing: Outgoing, max_tokens: int) -> int:
    """The most that one sending may cost; 0 where the price is not known."""
    return cost(price, most_prompt_tokens(outgoing), max_tokens) or 0


class Purse:
    """A run's money. Only the process that holds the run by `token` settles what it has reserved."""

    def __init__(self, run: JudgeRun, token: str, price: Price | None) -> None:
        self.run, self.token, self.price = run, token, price
        self.reason = ""

    @transaction.atomic
    def reserve(self, amounts: Sequence[int]) -> int:
        """Reserves as many of `amounts` as fit under the caps, first come first; returns how many.

        The rest is in `reason`. The budget's row is the lock of all runs of the campaign.
        """
        room = self._room()
        fitting, total = 0, 0
        for amount in amounts:
            if room is not None and total + amount > room:
                break
            fitting, total = fitting + 1, total + amount
        if total:
            JudgeRun.objects.filter(pk=self.run.pk).update(reserved=F("reserved") + total)
        return fitting

    def _room(self) -> int | None:
        """What may still be reserved; None where there is no cap."""
        campaign = self.run.campaign_id
        budget = Budget.objects.select_for_update().filter(campaign=campaign).exclude(cap=None).first()
        run = JudgeRun.objects.select_for_update(no_key=True).only("cap", "reserved", "spent", "unsettled")
        run_row = run.get(pk=self.run.pk)
        rooms: list[tuple[int, str]] = []
        if run_row.cap is not None:
            left = run_row.cap - run_row.reserved - run_row.spent - run_row.unsettled
            rooms.append((left, f"the run's cap of {dollars(run_row.cap)}"))
        if budget is not None and budget.cap is not None:
            used = JudgeRun.objects.filter(campaign=campaign).aggregate(
                all=Sum(F("reserved") + F("spent") + F("unsettled"))
            )["all"]
            rooms.append((budget.cap - (used or 0), f"the campaign's budget for judges of {dollars(budget.cap)}"))
        if rooms and self.price is None:
            raise Rest(JudgeRun.State.OUT_OF_BUDGET, UNKNOWN_PRICE)
        if not rooms:
            return None
        left, cap = min(rooms)
        self.reason = f"{cap} does not allow another call; raise it and resume"
        return left

    def settle(self, reserved: int, spent: int) -> None:
        """What was reserved has become known as `spent`. Whoever took the run over has counted it already."""
        if reserved or spent:
            JudgeRun.objects.filter(pk=self.run.pk, token=self.token).update(
                reserved=F("reserved") - reserved, spent=F("spent") + spent
            )

    def give_back(self) -> None:
        """What is reserved when nothing is under way any more was lost count of: it may have been spent.

        So no run that has ended holds money back. Of a run that another process has taken over nothing changes.
        """
        _unsettle(self.run, token=self.token)


def take_over(run: JudgeRun) -> None:
    """What an earlier process had reserved may have been spent: it counts as that."""
    _unsettle(run)


def _unsettle(run: JudgeRun, **held: str) -> None:
    reserving = JudgeRun.objects.filter(pk=run.pk, **held).exclude(reserved=0)
    reserving.update(unsettled=F("unsettled") + F("reserved"), reserved=0)


def dollars(amount: int) -> str:
    """An amount for people, with as many decimals as it needs: $12.50, $0.0031."""
    value = amount / MILLION
    return f"${value:,.2f}" if amount % 10_000 == 0 else f"${value:,.6f}".rstrip("0")
