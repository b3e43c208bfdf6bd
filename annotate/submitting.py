"""The single door for answers: submit, revise, draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from annotate.aids import Aids, clean_aids, joined
from annotate.answers import asked_of, clean_answers
from annotate.assigning import claim_locked, hold, lock_member, renew
from annotate.checking import check_storable
from annotate.errors import (
    Invalid,
    LeaseLost,
    NotRunning,
    PausedHere,
    RevisionConflict,
    RevisionsOff,
    TooManyHeld,
    WrongState,
)
from annotate.kinds import Asked
from annotate.models import Annotation, Annotator, Assignment, Campaign, Draft, Member, Revision
from annotate.options import option
from annotate.records import replace_records, write_many_records, write_records
from annotate.repeating import plan_repeat

DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit did. `next` is leased when it created an annotation and something is left.

    `shown_until` is when the lease ends of the item that was said to be on the screen now.
    """

    annotation: Annotation
    outcome: Literal["created", "repeated", "revised"]
    next: Assignment | None = None
    shown_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What is submitted, checked."""

    asked: list[Asked]
    answers: dict[str, Any]
    seconds: float | None
    aids: Aids
    probabilities: dict[str, Any] | None = None


def submit(
    assignment: Assignment,
    annotator: Annotator,
    answers: Any,
    *,
    active_seconds: float | None = None,
    revises: int | None = None,
    holding: Sequence[int] = (),
    probabilities: dict[str, Any] | None = None,
    aids: Any = None,
    showing: int | None = None,
    claim_next: bool = True,
) -> Submitted:
    """Stores the answers and leases the next assignment, in one transaction; safe to repeat.

    `aids` are the reading aids that were used; `showing` is the item that is on the screen now, whose lease becomes
    a full one. Raises `Invalid` with a message per question; `LeaseLost` and `PausedHere` (the answers are kept as a
    draft); `RevisionsOff`, or `RevisionConflict` where different answers are stored and `revises` does not name their
    revision.
    """
    asked = asked_of(assignment)
    clean = clean_answers(asked, answers)
    sent = Sent(asked, clean, clean_seconds(active_seconds), clean_aids(aids), probabilities)
    try:
        done = _store(assignment, annotator, sent, revises, holding, showing, claim_next)
    except PausedHere:
        _keep_draft(assignment, annotator, clean)
        raise
    if done is not None:
        return done
    _keep_draft(assignment, annotator, clean)
    raise LeaseLost


def _store(
    assignment: Assignment,
    annotator: Annotator,
    sent: Sent,
    revises: int | None,
    holding: Sequence[int],
    showing: int | None,
    claim_next: bool,
) -> Submitted | None:
    """None where the lease is lost."""
    with transaction.atomic():
        member = lock_member(assignment.campaign_id, annotator)
        assignment.campaign = member.campaign
        now = timezone.now()
        until = hold(member.campaign, showing, annotator) if showing else None
        held = Assignment.objects.filter(pk=assignment.pk, annotator=annotator)
        if held.filter(state=Assignment.State.LEASED).update(state=Assignment.State.DONE, done_at=now):
            annotation = _write(assignment, annotator, sent, now)
            plan_repeat(assignment, annotator, member.campaign.current)
            following = _next(member, annotator, holding) if claim_next else None
            return Submitted(annotation, "created", following, until)
        if held.filter(state=Assignment.State.DONE).exists():
            return _again(assignment, member, sent, revises, until)
    return None


def _next(member: Member, annotator: Annotator, holding: Sequence[int]) -> Assignment | None:
    if member.campaign.state != Campaign.State.RUNNING:
        return None
    try:
        return claim_locked(member, annotator, holding)
    except TooManyHeld:
        return None


def _write(assignment: Assignment, annotator: Annotator, sent: Sent, now: datetime) -> Annotation:
    draft = Draft.objects.filter(assignment=assignment, annotator=annotator).only("pk", "aids").first()
    annotation = _annotation(assignment, annotator, sent, now)
    annotation.aids = joined(draft.aids if draft else None, sent.aids, sent.answers)
    annotation.save(force_insert=True)
    write_records(annotation, assignment, sent.asked)
    if draft:
        draft.delete()
    return annotation


def _annotation(assignment: Assignment, annotator: Annotator, sent: Sent, now: datetime) -> Annotation:
    return Annotation(
        assignment=assignment,
        campaign_id=assignment.campaign_id,
        unit=assignment.unit,
        round=assignment.round,
        annotator=annotator,
        answers=sent.answers,
        probabilities=sent.probabilities,
        active_seconds=sent.seconds,
        created_at=now,
        changed_at=now,
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """A judge's answers to one of many assignments."""

    assignment: Assignment
    answers: Any
    probabilities: dict[str, Any] | None = None


def submit_many(
    judge: Annotator, answered: Sequence[Answered], along: Callable[[], None] = lambda: None
) -> list[Annotation]:
    """As `submit`, for many assignments of one campaign that a judge holds, in one transaction; `along` runs within it.

    Claims nothing. An assignment that he holds no longer is left as it is, and has no annotation in what is returned.
    Raises `Invalid` where any of the answers are: then nothing is written.
    """
    sent: dict[int, tuple[Assignment, Sent]] = {}
    for each in answered:
        asked = asked_of(each.assignment)
        clean = clean_answers(asked, each.answers)
        sent[each.assignment.pk] = (each.assignment, Sent(asked, clean, None, {}, each.probabilities))
    with transaction.atomic():
        for campaign in {each.assignment.campaign_id for each in answered}:
            lock_member(campaign, judge)
        now = timezone.now()
        held = Assignment.objects.filter(pk__in=sent, annotator=judge, state=Assignment.State.LEASED)
        still = set(held.select_for_update().order_by("pk").values_list("pk", flat=True))
        held.filter(pk__in=still).update(state=Assignment.State.DONE, done_at=now)
        mine = [sent[pk] for pk in sent if pk in still]
        made = [_annotation(assignment, judge, each, now) for assignment, each in mine]
        Annotation.objects.bulk_create(made)
        write_many_records([(one, *rest) for one, rest in zip(made, ((a, s.asked) for a, s in mine), strict=True)])
        Draft.objects.filter(assignment__in=still, annotator=judge).delete()
        along()
    return made


def _again(
    assignment: Assignment, member: Member, sent: Sent, revises: int | None, shown_until: datetime | None
) -> Submitted:
    rows = Annotation.objects.select_for_update(of=("self",)).select_related("annotator")
    annotation = rows.get(assignment=assignment)
    if annotation.answers == sent.answers:
        return Submitted(annotation, "repeated", None, shown_until)
    _check_revisable(annotation, member.campaign, revises)
    Revision.objects.create(
        annotation=annotation,
        number=annotation.revision,
        answers=annotation.answers,
        active_seconds=annotation.active_seconds,
        created_at=annotation.changed_at,
    )
    annotation.answers, annotation.revision = sent.answers, annotation.revision + 1
    annotation.active_seconds = sent.seconds if sent.seconds is not None else annotation.active_seconds
    annotation.probabilities = sent.probabilities or annotation.probabilities
    annotation.aids = joined(annotation.aids, sent.aids, sent.answers)
    annotation.changed_at = timezone.now()
    annotation.save(update_fields=["answers", "probabilities", "revision", "active_seconds", "aids", "changed_at"])
    replace_records(annotation, assignment, sent.asked)
    Draft.objects.filter(assignment=assignment, annotator=annotation.annotator).delete()
    return Submitted(annotation, "revised", None, shown_until)


def _check_revisable(annotation: Annotation, campaign: Campaign, revises: int | None) -> None:
    if not revisable(campaign):
        raise RevisionsOff
    if revises != annotation.revision:
        raise RevisionConflict(
            f"this annotation is at revision {annotation.revision}; send that as `revises` to change it",
            {"revises": str(annotation.revision)},
        )
    if campaign.state != Campaign.State.RUNNING:
        raise NotRunning("this campaign is not running; annotations can be changed only while it is")


def revisable(campaign: Campaign) -> bool:
    """Whether submitted answers may be changed, as the campaign says now."""
    return bool(option("revisions", campaign.current.config))


def clean_seconds(seconds: Any) -> float | None:
    """Active seconds as a number from 0 to a day; None where none were counted."""
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= DAY:
        raise Invalid("active_seconds must be a number from 0 to 86400", {"active_seconds": "0 to 86400"})
    return float(seconds)


def save_draft(assignment: Assignment, annotator: Annotator, answers: Any) -> Draft:
    """Keeps unfinished answers (any JSON object) and renews the lease.

    Raises, after keeping them, `LeaseLost` where the lease is gone and `WrongState` where he has finished.
    """
    if not isinstance(answers, dict):
        raise Invalid("a draft is an object: {question: answer}", {"answers": "an object"})
    check_storable(answers, "answers")
    draft = _keep_draft(assignment, annotator, answers)
    if not renew(assignment, annotator):
        if Annotation.objects.filter(assignment=assignment, annotator=annotator).exists():
            raise WrongState("you have finished this item; the draft is kept, submit it as a revision")
        raise LeaseLost
    return draft


def _keep_draft(assignment: Assignment, annotator: Annotator, answers: dict[str, Any]) -> Draft:
    draft, _ = Draft.objects.update_or_create(
        assignment=assignment,
        annotator=annotator,
        defaults={"answers": answers, "changed_at": timezone.now()},
    )
    return draft


def draft_of(assignment: Assignment, annotator: Annotator) -> Any:
    """The annotator's unfinished answers to this assignment; None where there are none."""
    return Draft.objects.filter(assignment=assignment, annotator=annotator).values_list("answers", flat=True).first()
