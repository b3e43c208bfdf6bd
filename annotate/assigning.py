"""Who gets which assignment: claim, renew, release.

The claim is one indexed walk along `(campaign, lane, rank) WHERE open AND not reserved` from the member's cursor.
"Not done by me" is a scalar subquery: as NOT EXISTS it becomes an anti-join over everything. It is compared with
IS DISTINCT FROM, which the planner takes to hold for most rows; IS NULL it takes to hold for one in two hundred, and
then reads and sorts all open rows rather than walk the index to the first.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from annotate.errors import LeaseLost, NotAllowed, NotRunning, PausedHere, TooManyHeld
from annotate.models import Annotator, Assignment, Campaign, Member, Standing
from annotate.models.work import NextRank
from annotate.parking import rests
from annotate.repeating import comes_now, due

PERSON_HOLDS = 2
WAITING = timedelta(minutes=3)
"""How long a lease lasts of an item that waits behind the one on the screen, where the campaign's is not shorter."""
LANES = ((Assignment.URGENT, "cursor_urgent"), (Assignment.NORMAL, "cursor_normal"))

NOT_MINE = """
    (SELECT mine.annotator_id FROM annotate_assignment mine
      WHERE mine.unit_id = a.unit_id AND mine.round = a.round AND mine.annotator_id = %(me)s LIMIT 1)
      IS DISTINCT FROM %(me)s
    AND (SELECT s.annotator_id FROM annotate_skip s
      WHERE s.unit_id = a.unit_id AND s.round = a.round AND s.annotator_id = %(me)s LIMIT 1)
      IS DISTINCT FROM %(me)s
"""
GROUP = "(SELECT u.prompt_group_id FROM annotate_unit u WHERE u.id = a.unit_id)"
RESERVED = f"""
    SELECT a.id, a.lane, a.rank, {GROUP} FROM annotate_assignment a
    WHERE a.campaign_id = %(campaign)s AND a.state = 'open' AND a.reserved_for_id = %(me)s
      AND a.open_from IS NULL AND {NOT_MINE}
    ORDER BY a.lane, a.rank LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""
REPEATS = f"""
    SELECT a.id, a.lane, a.rank, {GROUP} FROM annotate_assignment a
    WHERE a.campaign_id = %(campaign)s AND a.state = 'open' AND a.reserved_for_id = %(me)s
      AND a.open_from <= statement_timestamp() AND {NOT_MINE}
    ORDER BY a.open_from LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""
"""Silent repeats have an index of their own, by the time they are due: those that are not yet are never walked."""
OPEN = f"""
    SELECT a.id, a.lane, a.rank, {GROUP} FROM annotate_assignment a
    WHERE a.campaign_id = %(campaign)s AND a.lane = %(lane)s AND a.state = 'open' AND a.reserved_for_id IS NULL
      AND a.rank > %(cursor)s AND {NOT_MINE}
    ORDER BY a.rank LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""
RESTS = """
    (SELECT i.withdrawn_at IS NOT NULL OR (a.slot IS NOT NULL OR a.purpose <> '')
        AND (u.waits <> '' OR EXISTS (SELECT 1 FROM annotate_flag f
        WHERE f.unit_id = u.id AND f."then" = 'adjudicate' AND f.resolution <> 'return'))
      FROM annotate_unit u JOIN annotate_item i ON i.id = u.item_id WHERE u.id = a.unit_id)
"""
"""As `annotate.parking.rests`: what was leased when its item or unit was set aside passes to nobody else."""
APART = OPEN.replace("ORDER BY", f"AND {GROUP} <> ALL(%(recent)s) ORDER BY")
EXPIRED = f"""
    SELECT a.id, a.lane, a.rank, {GROUP} FROM annotate_assignment a
    WHERE a.campaign_id = %(campaign)s AND a.state = 'leased' AND a.leased_until < now()
      AND (a.reserved_for_id IS NULL OR a.reserved_for_id = %(me)s) AND {NOT_MINE} AND NOT {RESTS}
    ORDER BY a.leased_until LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""
RESERVED_MANY = f"""
    WITH chosen AS MATERIALIZED (
      SELECT a.id FROM annotate_assignment a
      WHERE a.campaign_id = %(campaign)s AND a.state = 'open' AND a.reserved_for_id = %(me)s
        AND a.open_from IS NULL AND {NOT_MINE}
      ORDER BY a.lane, a.rank LIMIT %(count)s FOR UPDATE OF a SKIP LOCKED
    )
    UPDATE annotate_assignment a SET state = 'leased', annotator_id = %(me)s, leased_at = clock_timestamp(),
      leased_until = clock_timestamp() + %(lease)s, version_id = %(version)s
    FROM chosen WHERE a.id = chosen.id RETURNING a.id
"""
LEASE = """
    UPDATE annotate_assignment SET state = 'leased', annotator_id = %(me)s, leased_at = clock_timestamp(),
      leased_until = clock_timestamp() + %(lease)s, version_id = %(version)s
    WHERE id = %(pk)s
"""
"""A row that waited asks what the campaign asks now: its version moves along."""


class Candidate(NamedTuple):
    """A row that may be leased; `group` is its prompt group's id."""

    pk: int
    lane: int
    rank: int
    group: int


@transaction.atomic
def claim(campaign: Campaign, annotator: Annotator, holding: Sequence[int] = ()) -> Assignment | None:
    """Leases an assignment to the annotator; None where nothing is left for him.

    First the oldest that he holds and that is not in `holding` (a reload, a second tab), then what is reserved
    for him (silent repeats now and then, once they are due), then (for people) the first open row, then a row whose
    lease has run out; never a unit he has done or skipped in that round. A person who holds another in `holding` gets
    a short lease, for as long as it waits its turn: see `hold`. Raises `NotAllowed`, `NotRunning`, `TooManyHeld`.
    """
    member = lock_member(campaign.pk, annotator)
    if member.campaign.state != Campaign.State.RUNNING:
        raise NotRunning
    return claim_locked(member, annotator, holding)


def lock_member(campaign_id: int, annotator: Annotator) -> Member:
    """The annotator's member row, locked, with its campaign: one annotator's claims and submits are serial.

    Raises `NotAllowed` for who is no member, `PausedHere` for who was paused or excluded.
    """
    rows = Member.objects.select_for_update(of=("self",)).select_related("campaign")
    member = rows.filter(campaign_id=campaign_id, annotator=annotator).order_by().first()
    if member is None:
        raise NotAllowed("you are not a member of this campaign")
    if barred(annotator, campaign_id):
        raise PausedHere
    return member


def barred(annotator: Annotator, campaign_id: int) -> bool:
    """Whether a researcher has paused or excluded the annotator in the campaign."""
    out = Q(paused_at__isnull=False) | Q(excluded_at__isnull=False)
    return Standing.objects.filter(out, campaign=campaign_id, annotator=annotator).exists()


def claim_locked(member: Member, annotator: Annotator, holding: Sequence[int]) -> Assignment | None:
    """`claim` for a caller that has locked the member row and checked the campaign's state."""
    campaign = member.campaign
    held = list(
        Assignment.objects.filter(annotator=annotator, campaign=campaign, state=Assignment.State.LEASED)
        .order_by("leased_at", "id")
        .values_list("pk", flat=True)[: 1 if annotator.is_judge and not holding else None]
    )
    waits = not annotator.is_judge and any(pk in holding for pk in held)
    for pk in held:
        # One that ran out may have passed on just now.
        if pk not in holding and _renew(campaign, pk, annotator, waits):
            return _leased(pk)
    if not annotator.is_judge and len([pk for pk in held if pk in holding]) >= PERSON_HOLDS:
        raise TooManyHeld
    candidate = _candidate(member, annotator)
    if candidate is None:
        return None
    _remember(member, candidate.group)
    _lease(candidate.pk, campaign, annotator, waits)
    return _leased(candidate.pk)


def _candidate(member: Member, annotator: Annotator) -> Candidate | None:
    values = {"campaign": member.campaign_id, "me": annotator.pk}
    reserved = _first(RESERVED, values)
    if reserved or annotator.is_judge:  # A judge works beside the overlap, not within it.
        return reserved
    repeat = _first(REPEATS, values)
    if repeat and not _puts_off(member, repeat):
        return repeat
    return _open(member, annotator) or _first(EXPIRED, values) or repeat


def _puts_off(member: Member, repeat: Candidate) -> bool:
    """Whether a silent repeat stays behind what is open: it is mixed in, and not beside the prompt that it repeats."""
    return repeat.group in member.recent_groups or not comes_now(member.campaign.current)


@transaction.atomic
def claim_many(campaign: Campaign, judge: Annotator, count: int, holding: Collection[int] = ()) -> list[Assignment]:
    """Leases up to `count` assignments to a judge, as `claim` would one by one: first what he holds beside `holding`.

    Their items' completions are not read yet. Raises `NotAllowed`, `NotRunning`.
    """
    member = lock_member(campaign.pk, judge)
    if member.campaign.state != Campaign.State.RUNNING:
        raise NotRunning
    mine = Assignment.objects.filter(annotator=judge, campaign=campaign, state=Assignment.State.LEASED)
    held = mine.exclude(pk__in=holding).order_by("leased_at", "id").values_list("pk", flat=True)[:count]
    found = list(held)
    mine.filter(pk__in=found).update(leased_until=timezone.now() + lease_end(member.campaign))
    if len(found) < count:
        values: dict[str, Any] = {
            "campaign": campaign.pk,
            "me": judge.pk,
            "version": member.campaign.version_id,
            "count": count - len(found),
            "lease": lease_end(member.campaign),
        }
        with connection.cursor() as cursor:
            cursor.execute(RESERVED_MANY, values)
            found += [pk for (pk,) in cursor.fetchall()]
    rows = Assignment.objects.select_related("unit__item", "unit__view").in_bulk(found)
    return [rows[pk] for pk in found]


def _lease(pk: int, campaign: Campaign, annotator: Annotator, waits: bool = False) -> None:
    values: dict[str, Any] = {"pk": pk, "me": annotator.pk, "version": campaign.version_id}
    values["lease"] = lease_end(campaign, waits)
    with connection.cursor() as cursor:
        cursor.execute(LEASE, values)


@transaction.atomic
def take(assignment: Assignment, annotator: Annotator) -> Assignment:
    """Leases a row that is reserved for the annotator out of turn; for its sake he may have to give one back.

    Raises `LeaseLost`, `NotAllowed`, `NotRunning`.
    """
    member = lock_member(assignment.campaign_id, annotator)
    if member.campaign.state != Campaign.State.RUNNING:
        raise NotRunning
    held = Assignment.objects.filter(
        annotator=annotator, campaign=assignment.campaign_id, state=Assignment.State.LEASED
    )
    others = held.exclude(pk=assignment.pk).select_related("unit").order_by("leased_at", "id")
    for other in others[PERSON_HOLDS - 1 :]:
        release(other, annotator)
    if _renew(member.campaign, assignment.pk, annotator):
        return _leased(assignment.pk)
    own = Assignment.objects.filter(due(), reserved_for=annotator, state=Assignment.State.OPEN)
    found = own.select_for_update().filter(pk=assignment.pk).first()
    if found is None:
        raise LeaseLost("this item does not wait for you any more")
    _lease(found.pk, member.campaign, annotator)
    return _leased(found.pk)


def _leased(pk: int) -> Assignment:
    return Assignment.objects.select_related("unit__item", "unit__view").get(pk=pk)


def _first(query: str, values: dict[str, Any]) -> Candidate | None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found = cursor.fetchone()
    return Candidate(*found) if found else None


def _open(member: Member, annotator: Annotator) -> Candidate | None:
    """The first open row after the cursor, else the first of all: a row may have come back behind it."""
    values = {"campaign": member.campaign_id, "me": annotator.pk, "recent": member.recent_groups}
    for lane, cursor in LANES:
        start = getattr(member, cursor)
        found = _first(OPEN, values | {"lane": lane, "cursor": start})
        if found is None and start:
            found = _first(OPEN, values | {"lane": lane, "cursor": 0})
        if found is None:
            continue
        if found.group in member.recent_groups:
            apart = _first(APART, values | {"lane": lane, "cursor": found.rank})
            if apart is not None:
                # The nearer row waits its turn, so the cursor stays before it.
                return apart
        setattr(member, cursor, found.rank)
        return found
    return None


def _remember(member: Member, group: int) -> None:
    """Moves the member's cursors, and keeps the prompt groups he saw last for `spacing`."""
    spacing = member.campaign.current.config.get("spacing", 0)
    member.recent_groups = [group, *member.recent_groups][:spacing]
    member.save(update_fields=["recent_groups", "cursor_urgent", "cursor_normal"])


def lease_end(campaign: Campaign, waits: bool = False) -> timedelta:
    full = timedelta(minutes=campaign.current.config.get("lease_minutes", 30))
    return min(full, WAITING) if waits else full


def renew(assignment: Assignment, annotator: Annotator, waits: bool = False) -> bool:
    """Extends the annotator's lease, in full or for as long as an item may wait; False where he holds it no longer."""
    return _renew(assignment.campaign, assignment.pk, annotator, waits)


def hold(campaign: Campaign, pk: int, annotator: Annotator) -> datetime | None:
    """Extends the lease of an item that is on the screen to a full one, and says until when; None where it is lost."""
    until = timezone.now() + lease_end(campaign)
    return until if _held(campaign, pk, annotator).update(leased_until=until) else None


def _renew(campaign: Campaign, pk: int, annotator: Annotator, waits: bool = False) -> bool:
    if not waits:
        return hold(campaign, pk, annotator) is not None
    until = timezone.now() + lease_end(campaign, waits)
    # Whether an item waits is what one tab believes; another may have it on the screen.
    return bool(_held(campaign, pk, annotator).update(leased_until=Greatest("leased_until", until)))


def _held(campaign: Campaign, pk: int, annotator: Annotator) -> QuerySet[Assignment]:
    return Assignment.objects.filter(pk=pk, campaign=campaign, annotator=annotator, state=Assignment.State.LEASED)


@transaction.atomic
def release(assignment: Assignment, annotator: Annotator) -> bool:
    """Gives a lease back: the row goes to the end of its lane, or is parked where its item or unit is set aside.

    False where he holds it no longer.
    """
    state = Assignment.State.PARKED if rests(assignment) else Assignment.State.OPEN
    held = Assignment.objects.filter(pk=assignment.pk, annotator=annotator, state=Assignment.State.LEASED)
    return bool(held.update(state=state, annotator=None, leased_at=None, leased_until=None, rank=NextRank()))


@transaction.atomic
def release_many(campaign: Campaign, annotator: Annotator, pks: Collection[int]) -> int:
    """As `release`, for many rows of a judge; returns how many he still held."""
    held = Assignment.objects.filter(pk__in=pks, campaign=campaign, annotator=annotator, state=Assignment.State.LEASED)
    free = {"annotator": None, "leased_at": None, "leased_until": None}
    gone = held.exclude(unit__item__withdrawn_at=None).update(state=Assignment.State.PARKED, **free)
    return gone + held.update(state=Assignment.State.OPEN, **free)
