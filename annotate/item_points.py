"""The points that checklists ask of an item: giving them, and what waits until it has some."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from annotate.errors import WrongState
from annotate.kinds.points import Point
from annotate.models import Annotation, Assignment, Campaign, Item, Question, Unit
from annotate.parking import keep_back, let_go, lock_item

LACKING = Q(points__isnull=True) | Q(points=[])


def item_checklists(campaign: Campaign) -> QuerySet[Question]:
    """The checklist questions of any version that ask the points of each item."""
    return Question.objects.filter(version__campaign=campaign, kind="checklist", config__points_from="item")


def generated_checklists(campaign: Campaign) -> QuerySet[Question]:
    """The checklist questions asked now whose points are made for each item, in the campaign's order.

    They all ask the points of the item, which are the same for each.
    """
    return item_checklists(campaign).filter(version=campaign.version_id, config__generated=True)


def in_use(item: Item) -> str:
    """Why the points of an item can be changed no more; empty while they can."""
    questions = item_checklists(item.campaign)
    held = Assignment.objects.filter(unit__item=item, unit__view__in=questions.values("view"))
    if held.filter(state=Assignment.State.LEASED).exists():
        return "somebody has the item open and sees its points"
    names = list(questions.values_list("name", flat=True).distinct())
    if Annotation.objects.filter(unit__item=item, answers__has_any_keys=names).exists():
        return "its points have been answered, and what is answered stays as it was asked"
    return ""


@transaction.atomic
def give_points(pk: int, points: Sequence[Point]) -> Item:
    """Puts points to an item and opens its units that waited for them.

    Points that it has already are replaced while nobody has the item open or has answered them. Raises `WrongState`.
    """
    item = lock_item(pk)
    wanted = [point.as_json() for point in points]
    if item.points and item.points != wanted:
        # Whoever claims one of these rows now passes it over, so nobody gets points that are about to change.
        waiting = Assignment.objects.filter(unit__item=item, state=Assignment.State.OPEN)
        list(waiting.order_by("pk").select_for_update().values_list("pk"))
        if why := in_use(item):
            raise WrongState(f"the points of {item.key} cannot be changed: {why}")
    item.points = wanted
    item.save(update_fields=["points"])
    let_go(list(item.units.values_list("pk", flat=True)), Unit.Waits.POINTS)
    return item


def sync_waiting(campaign: Campaign) -> None:
    """After a new version: keeps back the units whose points are to be made, and lets go those that want none now."""
    units = Unit.objects.filter(campaign=campaign)
    lacking = units.filter(view__in=generated_checklists(campaign).values("view"))
    lacking = lacking.filter(item__in=campaign.items.filter(LACKING))
    keep_back(list(lacking.filter(waits="").values_list("pk", flat=True)), Unit.Waits.POINTS)
    waiting = units.filter(waits=Unit.Waits.POINTS).exclude(pk__in=lacking.values("pk"))
    let_go(list(waiting.values_list("pk", flat=True)), Unit.Waits.POINTS)
