"""Passing an item over, and calling the researchers to it; what either does is the reason's to say."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotate.assigning import lock_member, release
from annotate.checking import check_storable
from annotate.errors import Invalid, LeaseLost
from annotate.models import Annotator, Assignment, Flag, Skip
from annotate.models.campaigns import version_of
from annotate.options import option
from annotate.parking import leave_to_researchers, lock_item, withdraw

ANOTHER = "another"
NEEDS_NOTE = "other"
LONGEST_REASON = 500
STRENGTH = {Flag.Then.TELL.value: 0, Flag.Then.ADJUDICATE.value: 1, Flag.Then.REMOVE.value: 2}

Reasons = Mapping[str, Mapping[str, str]]


def reasons_of(what: str, version_id: int) -> Reasons:
    """The reasons that a campaign version gives to `skip` or `flag`, by key: {key, text, then}."""
    return {reason["key"]: reason for reason in option(f"{what}_reasons", version_of(version_id).config)}


@transaction.atomic
def skip(assignment: Assignment, annotator: Annotator, reason: Any) -> str:
    """Passes a unit over; any draft stays. Says what became of it: `another`, `remove` or `adjudicate`.

    `reason` is a key of the campaign's, which may be followed by `: ` and a note, or any text: then the unit goes to
    somebody else. Raises `LeaseLost`, `Invalid`.
    """
    text = _text(reason, "reason", "say why you skip, in 1 to 500 characters", 1)
    key, _, note = (part.strip() for part in text.partition(":"))
    known = {} if annotator.is_judge else reasons_of("skip", assignment.version_id)
    then = known[key]["then"] if key in known else ANOTHER
    lock_member(assignment.campaign_id, annotator)
    unit, round_ = assignment.unit, assignment.round
    if Skip.objects.filter(unit=unit, round=round_, annotator=annotator).exists():
        release(assignment, annotator)  # A row that he took again is passed over again.
        return then
    if then != ANOTHER:
        _raise(assignment, annotator, key, note, then, anew=True)
    if not release(assignment, annotator):
        raise LeaseLost("you do not hold this item any more")
    Skip.objects.create(campaign_id=assignment.campaign_id, unit=unit, round=round_, annotator=annotator, reason=text)
    return then


@transaction.atomic
def flag(assignment: Assignment, annotator: Annotator, reason: Any, note: Any = "") -> Flag:
    """Calls the researchers to an item that the annotator holds or has done; he goes on working on it.

    A repeat changes nothing but the note. Raises `Invalid`, `LeaseLost`.
    """
    known = reasons_of("flag", assignment.version_id)
    if not isinstance(reason, str) or reason not in known:
        raise Invalid("choose why you flag this item", {"reason": f"one of {', '.join(known)}"})
    text = _text(note, "note", "a note has at most 500 characters", 0)
    if reason == NEEDS_NOTE and not text:
        raise Invalid("say in a few words why you flag this item", {"note": "a few words"})
    lock_member(assignment.campaign_id, annotator)
    if not Assignment.objects.filter(pk=assignment.pk, annotator=annotator).exists():
        raise LeaseLost("you do not hold this item any more")
    return _raise(assignment, annotator, reason, text, known[reason]["then"])


def _text(value: Any, field: str, message: str, shortest: int) -> str:
    if not isinstance(value, str) or not shortest <= len(value.strip()) <= LONGEST_REASON:
        raise Invalid(message, {field: f"a text of {shortest} to {LONGEST_REASON} characters"})
    check_storable(value, field)
    return value.strip()


def _raise(assignment: Assignment, annotator: Annotator, reason: str, note: str, then: str, anew: bool = False) -> Flag:
    """The annotator's flag on the unit, and what it does. `anew` opens one again that was resolved."""
    unit = assignment.unit
    item = lock_item(unit.item_id)
    found, new = Flag.objects.get_or_create(
        unit=unit,
        annotator=annotator,
        reason=reason,
        defaults={"campaign_id": assignment.campaign_id, "item": item, "note": note, "then": then},
    )
    if not new and found.resolved_at is not None and not anew:
        return found
    if not new:
        found.then = max(found.then, then, key=STRENGTH.__getitem__)
        found.note, found.resolved_at, found.resolved_by, found.resolution = note or found.note, None, None, ""
        found.save()
    if found.then == Flag.Then.REMOVE:
        withdraw(item)
    elif found.then == Flag.Then.ADJUDICATE:
        leave_to_researchers(unit)
    return found
