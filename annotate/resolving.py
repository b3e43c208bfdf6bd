"""What researchers do about flags: answer, give back, leave out, put back, or close."""

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from annotate.campaigns import add_member
from annotate.errors import Invalid
from annotate.models import Annotator, Assignment, Flag, Item, Member, Skip
from annotate.parking import RETURNED, lock_item, put_back, reopen, withdraw

RESOLUTIONS = {
    "answer": "Answered by a researcher",
    RETURNED: "Given back to the annotators",
    "remove": "Left out",
    "restore": "Put back",
    "resolved": "Resolved",
}


@transaction.atomic
def resolve(flag: Flag, annotator: Annotator, resolution: Any) -> Assignment | None:
    """Carries a resolution out, once or again; `answer` returns the row that is reserved for `annotator`.

    Raises `Invalid`.
    """
    if not isinstance(resolution, str) or resolution not in RESOLUTIONS:
        raise Invalid("choose what to do about the flag", {"resolution": f"one of {', '.join(RESOLUTIONS)}"})
    if resolution == "answer" and not Member.objects.filter(campaign=flag.campaign_id, annotator=annotator).exists():
        add_member(flag.campaign, annotator, Member.Role.RESEARCHER)
    item = lock_item(flag.item_id)
    also, this = SETTLED.get(resolution), Flag.objects.filter(pk=flag.pk)
    settled = this | also(flag) if also else this
    settled.update(resolved_at=timezone.now(), resolved_by=annotator, resolution=resolution)
    if resolution == "answer":
        return reserve_decision(flag, annotator)
    if resolution in ACTIONS:
        ACTIONS[resolution](item)
    return None


ACTIONS: dict[str, Callable[[Item], None]] = {RETURNED: reopen, "remove": withdraw, "restore": put_back}


def _same_unit(flag: Flag) -> QuerySet[Flag]:
    return Flag.objects.filter(unit=flag.unit_id, then=Flag.Then.ADJUDICATE)


def _same_item(flag: Flag) -> QuerySet[Flag]:
    return Flag.objects.filter(item=flag.item_id, then=Flag.Then.REMOVE, resolved_at=None)


SETTLED: dict[str, Callable[[Flag], QuerySet[Flag]]] = {
    RETURNED: _same_unit,
    "remove": _same_item,
    "restore": _same_item,
}
"""What one decision settles beside the flag itself: all that leave the unit to researchers, or its item out."""


def reserve_decision(flag: Flag, annotator: Annotator) -> Assignment:
    """A row for the researcher, outside the overlap, in the first round that nobody has; his unfinished one if any."""
    own = Assignment.objects.filter(unit=flag.unit_id, reserved_for=annotator, slot=None, purpose="")
    unfinished = own.exclude(state=Assignment.State.DONE).order_by("round").first()
    if unfinished is not None:
        Skip.objects.filter(unit=flag.unit_id, round=unfinished.round, annotator=annotator).delete()
        own.filter(pk=unfinished.pk, state=Assignment.State.PARKED).update(state=Assignment.State.OPEN)
        return unfinished
    highest = Assignment.objects.filter(unit=flag.unit_id).aggregate(m=Max("round"))["m"] or 0
    return Assignment.objects.create(
        campaign=flag.campaign,
        version=flag.campaign.current,
        unit=flag.unit,
        shown=random.sample(flag.unit.keys, len(flag.unit.keys)),
        round=highest + 1,
        reserved_for=annotator,
        lane=Assignment.URGENT,
    )
