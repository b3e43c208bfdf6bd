"""Rows that nobody gets for now: of items taken out of the campaign, and of units that a researcher decides.

The item's row is the lock: whoever parks, gives back or opens rows of an item holds it.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotate.models import Annotator, Assignment, Flag, Item, Unit
from annotate.models.work import NextRank

LATE = timedelta(hours=1)
"""How long after his lease somebody may still finish what was set aside meanwhile."""
PEOPLE = Q(slot__isnull=False) | ~Q(purpose="")
"""The rows that people were to answer in the ordinary way: of judges and of researchers who decide there are others."""
RETURNED = "return"
"""The resolution that gives a unit back to the annotators."""


def lock_item(pk: int) -> Item:
    """The item, locked until the transaction ends; records and annotations of it are written all the same."""
    return Item.objects.select_for_update(no_key=True).get(pk=pk)


def decisions() -> QuerySet[Flag]:
    """The flags that leave a unit to a researcher."""
    return Flag.objects.filter(then=Flag.Then.ADJUDICATE).exclude(resolution=RETURNED)


def rests(assignment: Assignment) -> bool:
    """Whether nobody is to get this row. Its item stays locked until the transaction ends."""
    if lock_item(assignment.unit.item_id).withdrawn_at is not None:
        return True
    if assignment.slot is None and not assignment.purpose:
        return False
    waits = Unit.objects.filter(pk=assignment.unit_id).exclude(waits="").exists()
    return waits or decisions().filter(unit=assignment.unit_id).exists()


def withdraw(item: Item) -> None:
    """Takes a locked item out of the campaign. Who holds it may finish it, and answers stay."""
    if item.withdrawn_at is None:
        item.withdrawn_at = timezone.now()
        item.save(update_fields=["withdrawn_at"])
    # Not by a join: a row that is being claimed is looked at again once it may be locked, but not what it joins.
    rows = Assignment.objects.filter(unit__in=Unit.objects.filter(item=item), state=Assignment.State.OPEN)
    rows.update(state=Assignment.State.PARKED)


def leave_to_researchers(unit: Unit) -> None:
    """Parks what is still wanted of people in a unit whose item is locked; judges and who decides it go on."""
    rows = Assignment.objects.filter(PEOPLE, unit=unit, state=Assignment.State.OPEN)
    rows.update(state=Assignment.State.PARKED)


def put_back(item: Item) -> None:
    """Puts a locked item back into the campaign."""
    if item.withdrawn_at is not None:
        item.withdrawn_at = None
        item.save(update_fields=["withdrawn_at"])
    reopen(item)


def reopen(item: Item) -> None:
    """Opens the parked rows of a locked item, at the end of their lanes, where nothing keeps them any more.

    A judge's rows wait for its next run, which opens those that it can still answer.
    """
    if item.withdrawn_at is not None:
        return
    rows = Assignment.objects.filter(unit__item=item, state=Assignment.State.PARKED)
    rows = rows.exclude(reserved_for__kind=Annotator.Kind.JUDGE)
    _open(rows)


def _open(rows: QuerySet[Assignment]) -> None:
    decided = Exists(decisions().filter(unit=OuterRef("unit")))
    free = ~PEOPLE | Q(unit__waits="") & ~decided
    rows.filter(free).update(state=Assignment.State.OPEN, rank=NextRank())


@transaction.atomic
def keep_back(units: Collection[int], what: Unit.Waits) -> int:
    """Has people wait for these units (ids) that do not wait yet; who holds one may finish it. Returns how many."""
    lock_items(units)
    kept = Unit.objects.filter(pk__in=units, waits="").update(waits=what)
    rows = Assignment.objects.filter(PEOPLE, unit__in=units, state=Assignment.State.OPEN)
    rows.update(state=Assignment.State.PARKED)
    return kept


@transaction.atomic
def let_go(units: Collection[int], what: Unit.Waits) -> int:
    """Gives people the units (ids) that waited for `what`, where nothing else keeps them. Returns how many."""
    lock_items(units)
    freed = Unit.objects.filter(pk__in=units, waits=what).update(waits="")
    rows = Assignment.objects.filter(PEOPLE, unit__in=units, state=Assignment.State.PARKED)
    _open(rows.filter(unit__item__withdrawn_at=None))
    return freed


def lock_items(units: Collection[int]) -> None:
    items = Item.objects.filter(pk__in=Unit.objects.filter(pk__in=units).values("item"))
    list(items.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def sweep() -> int:
    """Parks what was on somebody's screen when it was set aside, and was left there; returns how many rows.

    Whoever comes back later keeps his answers as a draft.
    """
    left = Assignment.objects.filter(state=Assignment.State.LEASED, leased_until__lt=timezone.now() - LATE)
    decided = Exists(decisions().filter(unit=OuterRef("unit")))
    apart = PEOPLE & (decided | ~Q(unit__waits=""))
    aside = left.filter(Q(unit__item__withdrawn_at__isnull=False) | apart)
    return aside.update(state=Assignment.State.PARKED, annotator=None, leased_at=None, leased_until=None)
