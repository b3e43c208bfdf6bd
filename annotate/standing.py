"""What researchers do about an annotator of a campaign, a person or a judge: pause, exclude, weigh.

A paused or excluded annotator gets and submits nothing more; what he holds goes to others, what is reserved for him
waits. An excluded one's answers stay and count nowhere. Every action may be repeated without harm.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotate.assigning import release
from annotate.errors import Invalid, NotFound
from annotate.models import Annotator, Assignment, Campaign, Draft, Member, Standing
from annotate.models.work import BASE_DESIGN
from annotate.parking import lock_items
from annotate.signals import standing_changed

LONGEST_NOTE = 500
MOST_WEIGHT = 100

PARKED = """i.withdrawn_at IS NOT NULL OR u.waits <> '' OR EXISTS (SELECT 1 FROM annotate_flag f
    WHERE f.unit_id = u.id AND f."then" = 'adjudicate' AND f.resolution <> 'return')"""
GIVE_UP = f"""
    WITH mine AS MATERIALIZED (
        SELECT id, slot FROM annotate_assignment
        WHERE campaign_id = %(campaign)s AND annotator_id = %(annotator)s AND state = 'done' AND slot IS NOT NULL
          AND purpose = '' AND round = 0 FOR UPDATE),
    freed AS (
        UPDATE annotate_assignment a SET slot = NULL, reserved_for_id = %(annotator)s FROM mine WHERE a.id = mine.id
        RETURNING a.campaign_id, a.version_id, a.unit_id, mine.slot, a.shown, a.arm, a.lane)
    INSERT INTO annotate_assignment (campaign_id, version_id, unit_id, slot, shown, arm, lane, state)
    SELECT freed.campaign_id, freed.version_id, freed.unit_id, freed.slot, freed.shown, freed.arm, freed.lane,
           CASE WHEN {PARKED} THEN 'parked' ELSE 'open' END
    FROM freed JOIN annotate_unit u ON u.id = freed.unit_id JOIN annotate_item i ON i.id = u.item_id
"""
"""His finished rows of the base design leave the overlap, and a fresh row takes the slot of each."""
TAKE_BACK = """
    WITH his AS MATERIALIZED (
        SELECT id, unit_id FROM annotate_assignment
        WHERE campaign_id = %(campaign)s AND annotator_id = %(annotator)s AND reserved_for_id = %(annotator)s
          AND state = 'done' AND slot IS NULL AND purpose = '' AND round = 0 FOR UPDATE),
    chosen AS MATERIALIZED (
        SELECT DISTINCT ON (his.id) his.id AS mine, fresh.id AS fresh, fresh.slot
        FROM his JOIN annotate_assignment fresh ON fresh.unit_id = his.unit_id AND fresh.round = 0
        WHERE fresh.state IN ('open', 'parked') AND fresh.reserved_for_id IS NULL AND fresh.slot IS NOT NULL
          AND fresh.purpose = '' ORDER BY his.id, fresh.slot DESC)
    SELECT mine, fresh, slot FROM chosen
"""


def standing_of(campaign: Campaign, annotator: Annotator) -> Standing:
    """What was decided about the annotator; an unsaved row where nothing was."""
    found = Standing.objects.filter(campaign=campaign, annotator=annotator).first()
    return found or Standing(campaign=campaign, annotator=annotator)


def annotator_in(campaign: Campaign, pk: int) -> Annotator:
    """An annotator of the campaign (see `annotators_of`). Raises `NotFound`."""
    found = annotators_of(campaign).filter(pk=pk).first()
    if found is None:
        raise NotFound("there is no such annotator in this campaign")
    return found


def annotators_of(campaign: Campaign) -> QuerySet[Annotator]:
    """Members, judges, those who came with an import, and those about whom something was decided."""
    members = Member.objects.filter(campaign=campaign).values("annotator")
    decided = Standing.objects.filter(campaign=campaign).values("annotator")
    return Annotator.objects.filter(Q(campaign=campaign) | Q(pk__in=members) | Q(pk__in=decided))


def excluded_in(campaign: Campaign) -> QuerySet[Standing, int]:
    """The ids of the annotators whose answers count nowhere."""
    return Standing.objects.filter(campaign=campaign, excluded_at__isnull=False).values_list("annotator", flat=True)


@transaction.atomic
def pause(campaign: Campaign, annotator: Annotator, by: Annotator, note: Any = "") -> Standing:
    """He gets nothing more until `resume`; what he holds goes to others. Raises `Invalid` for a bad note."""
    standing = _locked(campaign, annotator, by, note)
    standing.paused_at = standing.paused_at or timezone.now()
    return _decided(standing)


@transaction.atomic
def resume(campaign: Campaign, annotator: Annotator, by: Annotator, note: Any = "") -> Standing:
    """He may go on. Raises `Invalid` for a bad note."""
    standing = _locked(campaign, annotator, by, note)
    standing.paused_at = None
    return _decided(standing)


@transaction.atomic
def exclude(
    campaign: Campaign, annotator: Annotator, by: Annotator, note: Any = "", *, ask_others: bool = False
) -> Standing:
    """His answers count nowhere. With `ask_others` somebody else is asked what he answered in the overlap.

    Raises `Invalid` for a bad note.
    """
    standing = _locked(campaign, annotator, by, note)
    standing.excluded_at = standing.excluded_at or timezone.now()
    if ask_others and not annotator.is_judge:
        lock_items(_finished(campaign, annotator))
        _run(GIVE_UP, campaign, annotator)
    return _decided(standing)


@transaction.atomic
def include(campaign: Campaign, annotator: Annotator, by: Annotator, note: Any = "") -> Standing:
    """His answers count again. Those whose slot nobody has taken yet go back into the overlap.

    Raises `Invalid` for a bad note.
    """
    standing = _locked(campaign, annotator, by, note)
    standing.excluded_at = None
    _take_back(campaign, annotator)
    return _decided(standing)


@transaction.atomic
def weigh(campaign: Campaign, annotator: Annotator, by: Annotator, weight: Any, note: Any = "") -> Standing:
    """What an answer of his weighs in consensus and leaderboard. Raises `Invalid` unless 0 < weight ≤ 100."""
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= MOST_WEIGHT:
        raise Invalid("a weight is a number above 0, at most 100", {"weight": "above 0, at most 100"})
    standing = _locked(campaign, annotator, by, note)
    standing.weight = float(weight)
    return _decided(standing)


def _locked(campaign: Campaign, annotator: Annotator, by: Annotator, note: Any) -> Standing:
    """The row, after the member row that claim and submit lock first."""
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or "\x00" in note:
        raise Invalid(f"a note is a text of at most {LONGEST_NOTE} characters", {"note": "a text"})
    list(Member.objects.select_for_update().filter(campaign=campaign, annotator=annotator).order_by())
    Standing.objects.get_or_create(campaign=campaign, annotator=annotator)
    standing = Standing.objects.select_for_update().get(campaign=campaign, annotator=annotator)
    standing.changed_by, standing.note = by, note.strip()
    return standing


def _decided(standing: Standing) -> Standing:
    standing.changed_at = timezone.now()
    standing.save()
    if standing.paused_at or standing.excluded_at:
        _release(standing.campaign, standing.annotator)
    standing_changed.send(Standing, campaign=standing.campaign)
    return standing


def _release(campaign: Campaign, annotator: Annotator) -> None:
    held = Assignment.objects.filter(campaign=campaign, annotator=annotator, state=Assignment.State.LEASED)
    for assignment in held.select_related("unit").order_by("unit__item", "pk"):
        release(assignment, annotator)


def _take_back(campaign: Campaign, annotator: Annotator) -> None:
    chosen = _run(TAKE_BACK, campaign, annotator)
    begun = Exists(Draft.objects.filter(assignment=OuterRef("pk")))
    fresh = Assignment.objects.filter(pk__in=[pk for _, pk, _ in chosen], annotator=None).exclude(begun)
    # Locked, or a row that is being claimed would be deleted under whoever gets it.
    untaken = set(fresh.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=untaken).delete()
    for mine, pk, slot in chosen:
        if pk in untaken:
            Assignment.objects.filter(pk=mine).update(slot=slot, reserved_for=None)


def _finished(campaign: Campaign, annotator: Annotator) -> list[int]:
    """The units (ids) of the base design that he has answered."""
    rows = Assignment.objects.filter(BASE_DESIGN, campaign=campaign, annotator=annotator, state=Assignment.State.DONE)
    return list(rows.values_list("unit", flat=True))


def _run(query: str, campaign: Campaign, annotator: Annotator) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"campaign": campaign.pk, "annotator": annotator.pk})
        return list(cursor.fetchall()) if cursor.description else []
