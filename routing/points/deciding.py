"""What researchers decide about proposed checklists. Only accepted points are asked."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotate.checking import check_storable
from annotate.errors import AnnotateError, Invalid, WrongState
from annotate.item_points import give_points
from annotate.kinds.points import Point, read_points
from annotate.models import Campaign, User
from annotate.signals import points_accepted
from routing.models import Proposal
from routing.points.editing import Row, rows_of

LONGEST_REASON = 500
AT_ONCE = 200
ELSEWHERE = "other points were accepted for this item"


class DecidedMeanwhile(AnnotateError):
    """Somebody else has decided this meanwhile; look at what was decided, then decide again."""

    status = 409
    code = "decided_meanwhile"


def mark_of(proposal: Proposal) -> str:
    """Changes with every decision and with what is typed before: whoever sends the one that he saw decides about what
    is still so, and overwrites nothing that he did not see."""
    decided = proposal.decided_at.isoformat() if proposal.decided_at else ""
    draft = None if proposal.state == Proposal.State.ACCEPTED else proposal.accepted
    typed = "" if draft is None else sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()[:16]
    return " ".join(filter(None, (proposal.state, decided, typed)))


def accept(proposal: Proposal, user: User, points: Sequence[Point], seen: str | None = None) -> Proposal:
    """Gives `points` to the item, as they were proposed or as the researcher changed them; its units open.

    `seen` is the `mark_of` what the researcher saw, where one is given. Raises `DecidedMeanwhile`, and `WrongState`
    where the item's points are in use.
    """
    with transaction.atomic():
        held = _lock(proposal, seen)
        item = give_points(held.item_id, points)
        _settle(held, user, Proposal.State.ACCEPTED, "")
        held.accepted = item.points
        held.save(update_fields=["state", "reason", "decided_by", "decided_at", "accepted"])
        _turn_down_others(held, user)
        points_accepted.send(Proposal, campaign=held.campaign)
    return held


def reject(proposal: Proposal, user: User, reason: Any = "", seen: str | None = None) -> Proposal:
    """Turns a proposal down; its item goes on waiting. Raises `DecidedMeanwhile`, `Invalid`, `WrongState`."""
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        raise Invalid("say why in at most 500 characters", {"reason": f"a text of at most {LONGEST_REASON} characters"})
    check_storable(reason, "reason")
    with transaction.atomic():
        held = _lock(proposal, seen)
        if held.state == Proposal.State.ACCEPTED:
            raise WrongState("these points are accepted and asked; change them instead")
        _settle(held, user, Proposal.State.REJECTED, reason.strip())
        held.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return held


def keep_typed(proposal: Proposal, rows: Sequence[Row], seen: str | None) -> str | None:
    """Keeps what somebody typed into a proposal that is not accepted, and returns its mark; None where it was decided,
    or changed by somebody else, meanwhile."""
    check_storable(list(rows), "points")
    with transaction.atomic():
        held = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if held.state == Proposal.State.ACCEPTED or seen != mark_of(held):
            return None
        kept = [dict(row) for row in rows]
        held.accepted = kept if kept != rows_of(held.points) else None
        held.save(update_fields=["accepted"])
    return mark_of(held)


def accept_all(campaign: Campaign, user: User) -> int:
    """Accepts every proposal as it stands, but for items of which somebody has begun to change one or that have
    points by now; returns how many. Where two judges propose for an item, the earlier is taken."""
    waiting = campaign.proposals.filter(state=Proposal.State.PROPOSED, accepted__isnull=True).order_by("pk")
    count, last = 0, 0
    while batch := list(waiting.filter(pk__gt=last).values_list("pk", "item")[:AT_ONCE]):
        with transaction.atomic():
            # All that was proposed for these items, in the order in which everybody locks.
            rows = Proposal.objects.filter(item__in=[item for _, item in batch]).order_by("pk")
            list(rows.select_for_update().values_list("pk"))
            here = waiting.filter(pk__in=[pk for pk, _ in batch]).select_related("item")
            count += sum(_take_over(proposal, user) for proposal in here)
        last = batch[-1][0]
    if count:
        points_accepted.send(Proposal, campaign=campaign)
    return count


def _take_over(proposal: Proposal, user: User) -> bool:
    siblings = Proposal.objects.filter(item=proposal.item_id).exclude(pk=proposal.pk)
    if siblings.filter(state=Proposal.State.ACCEPTED).exists() or proposal.item.points:
        return False
    if siblings.filter(state=Proposal.State.PROPOSED, accepted__isnull=False).exists():
        return False
    give_points(proposal.item_id, read_points(proposal.points))
    _settle(proposal, user, Proposal.State.ACCEPTED, "")
    proposal.accepted = proposal.points
    proposal.save(update_fields=["state", "reason", "decided_by", "decided_at", "accepted"])
    _turn_down_others(proposal, user)
    return True


def _lock(proposal: Proposal, seen: str | None) -> Proposal:
    """The proposal as it is now, with the others for its item, locked. Raises `DecidedMeanwhile`."""
    rows = Proposal.objects.filter(item=proposal.item_id).select_related("item", "campaign", "decided_by")
    locked = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    if proposal.pk not in locked:
        raise DecidedMeanwhile("this proposal is not there any more; the judge is asked again")
    held = locked[proposal.pk]
    if seen is not None and seen != mark_of(held):
        did = {"accepted": "accepted", "rejected": "turned down"}.get(held.state, "changed")
        raise DecidedMeanwhile(f"{held.decided_by or 'somebody'} has {did} these points meanwhile")
    return held


def _settle(proposal: Proposal, user: User, state: Proposal.State, reason: str) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = user, timezone.now()


def _turn_down_others(proposal: Proposal, user: User) -> None:
    """An item has one checklist: what else was proposed for it is decided with it."""
    others = Proposal.objects.filter(item=proposal.item_id, question=proposal.question).exclude(pk=proposal.pk)
    others = others.filter(state__in=[Proposal.State.PROPOSED, Proposal.State.ACCEPTED])
    others.update(state=Proposal.State.REJECTED, reason=ELSEWHERE, decided_by=user, decided_at=timezone.now())
