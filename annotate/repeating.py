"""Silent repeats: the same unit put to the same person again, so that it is known how far he agrees with himself.

The repeat shows the sides the other way round. With the sides kept, whoever always takes the left one would agree with
himself perfectly; turned round, an answer that follows the place and not the text shows as a disagreement. It also
looks less like what was seen before.
"""

import hashlib
import random
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotate.models import Annotator, Assignment, Campaign, CampaignVersion, Skip
from annotate.options import option
from annotate.parking import rests

ROUND = 1


def due() -> Q:
    """The rows that do not wait for their time."""
    return Q(open_from=None) | Q(open_from__lte=timezone.now())


def is_repeated(item: int, view: int, annotator: int, share: float) -> bool:
    """Whether this annotator gets what he answers of this item in this view (ids) again: a draw that depends on nothing
    else. Not by unit: the ratings of two completions tell of a pair only where both are given again."""
    digest = hashlib.sha256(f"repeat {item} {view} {annotator}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48 < share


def comes_now(version: CampaignVersion) -> bool:
    """Whether a repeat that is due comes before open rows this time: drawn, at twice the rate at which they are made.

    So they lie strewn among the others, also when many have come due at once, and none waits for long.
    """
    share: float = (option("repeats", version.config) or {"share": 1})["share"]
    return random.random() < 2 * share / (1 + 2 * share)


def plan_repeat(assignment: Assignment, annotator: Annotator, version: CampaignVersion) -> None:
    """Reserves the repeat of an assignment of the base design that a person has just finished, in his transaction.

    Does nothing where the campaign has none, for the items that were not drawn, and where there is one. A unit that
    was set aside meanwhile has its repeat parked.
    """
    repeats = option("repeats", version.config)
    if repeats is None or annotator.is_judge or assignment.slot is None or assignment.purpose:
        return
    unit = assignment.unit
    if not is_repeated(unit.item_id, unit.view_id, annotator.pk, repeats["share"]):
        return
    row = Assignment(
        campaign_id=assignment.campaign_id,
        version=version,
        unit=unit,
        round=ROUND,
        purpose=Assignment.Purpose.REPEAT,
        arm=assignment.arm,
        reserved_for=annotator,
        shown=assignment.shown[::-1],
        open_from=timezone.now() + timedelta(minutes=repeats["delay_minutes"]),
    )
    row.state = Assignment.State.PARKED if rests(row) else Assignment.State.OPEN
    Assignment.objects.bulk_create([row], ignore_conflicts=True)


def repeats_left(campaign: Campaign) -> QuerySet[Assignment]:
    """The repeats that are not answered yet, without those that were passed over."""
    rows = Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.REPEAT)
    return rows.exclude(state=Assignment.State.DONE).exclude(Exists(passed_over()))


def passed_over() -> QuerySet[Skip]:
    """The skip of the reserved row that it stands in."""
    return Skip.objects.filter(unit=OuterRef("unit"), round=OuterRef("round"), annotator=OuterRef("reserved_for"))
