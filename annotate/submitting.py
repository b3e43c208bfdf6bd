"""The single door for answers: submit, revise, draft, skip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from annotate.answers import asked_in, clean_answers
from annotate.assigning import claim_locked, lock_member, release, renew
from annotate.errors import Invalid, LeaseLost, NotFound, NotRunning, RevisionConflict, TooManyHeld
from annotate.kinds import Asked
from annotate.models import Annotation, Annotator, Assignment, Campaign, Draft, Revision, Skip
from annotate.records import replace_records, write_records

LONGEST_REASON = 500
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit did. `next` is leased when it created an annotation and something is left."""

    annotation: Annotation
    outcome: Literal["created", "repeated", "revised"]
    next: Assignment | None = None


def asked_of(assignment: Assignment) -> list[Asked]:
    """The questions that this assignment asks, in the version it names."""
    unit = assignment.unit
    questions = unit.view.questions.filter(version=assignment.version_id)
    return asked_in(questions, unit.view.shows, unit.keys)


def submit(
    assignment: Assignment,
    annotator: Annotator,
    answers: Any,
    *,
    active_seconds: float | None = None,
    revises: int | None = None,
    holding: Sequence[int] = (),
    probabilities: dict[str, Any] | None = None,
    claim_next: bool = True,
) -> Submitted:
    """Stores the answers and leases the next assignment, in one transaction; safe to repeat.

    Raises `Invalid` with a message per question; `LeaseLost` (the answers are kept as a draft);
    `RevisionConflict` where different answers are stored and `revises` does not name their revision.
    """
    asked = asked_of(assignment)
    clean = clean_answers(asked, answers)
    seconds = clean_seconds(active_seconds)
    with transaction.atomic():
        member = lock_member(assignment.campaign_id, annotator)
        row = Assignment.objects.select_for_update().get(pk=assignment.pk)
        row.unit, row.campaign = assignment.unit, assignment.campaign
        if row.annotator_id == annotator.pk and row.state == Assignment.State.DONE:
            return _again(row, asked, clean, seconds, revises)
        if row.annotator_id == annotator.pk and row.state == Assignment.State.LEASED:
            annotation = _finish(row, annotator, asked, clean, seconds, probabilities)
            running = claim_next and _is_running(row.campaign_id)
            return Submitted(
                annotation, "created", _next(row.campaign, member, annotator, holding) if running else None
            )
    _keep_draft(assignment, annotator, clean)
    raise LeaseLost


def _is_running(campaign_id: int) -> bool:
    return Campaign.objects.filter(pk=campaign_id, state=Campaign.State.RUNNING).exists()


def _next(campaign: Campaign, member: Any, annotator: Annotator, holding: Sequence[int]) -> Assignment | None:
    try:
        return claim_locked(campaign, member, annotator, holding)
    except TooManyHeld:
        return None


def _finish(
    row: Assignment,
    annotator: Annotator,
    asked: list[Asked],
    answers: dict[str, Any],
    seconds: float | None,
    probabilities: dict[str, Any] | None,
) -> Annotation:
    now = timezone.now()
    row.state, row.done_at = Assignment.State.DONE, now
    row.save(update_fields=["state", "done_at"])
    annotation = Annotation.objects.create(
        assignment=row,
        campaign_id=row.campaign_id,
        unit=row.unit,
        round=row.round,
        annotator=annotator,
        answers=answers,
        probabilities=probabilities,
        active_seconds=seconds,
        created_at=now,
        changed_at=now,
    )
    write_records(annotation, row, asked)
    Draft.objects.filter(assignment=row, annotator=annotator).delete()
    return annotation


def _again(
    row: Assignment, asked: list[Asked], answers: dict[str, Any], seconds: float | None, revises: int | None
) -> Submitted:
    annotation = Annotation.objects.select_for_update(of=("self",)).select_related("annotator").get(assignment=row)
    if annotation.answers == answers:
        return Submitted(annotation, "repeated")
    if revises != annotation.revision:
        raise RevisionConflict(
            f"this annotation is at revision {annotation.revision}; to change it, send revises: {annotation.revision}",
            {"revises": str(annotation.revision)},
        )
    if not _is_running(row.campaign_id):
        raise NotRunning("this campaign is not running; annotations can be changed only while it is")
    Revision.objects.create(
        annotation=annotation,
        number=annotation.revision,
        answers=annotation.answers,
        active_seconds=annotation.active_seconds,
        created_at=annotation.changed_at,
    )
    annotation.answers, annotation.revision = answers, annotation.revision + 1
    annotation.active_seconds = seconds if seconds is not None else annotation.active_seconds
    annotation.changed_at = timezone.now()
    annotation.save(update_fields=["answers", "revision", "active_seconds", "changed_at"])
    replace_records(annotation, row, asked)
    return Submitted(annotation, "revised")


def clean_seconds(seconds: Any) -> float | None:
    """Active seconds as a number from 0 to a day; None where none were counted."""
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= DAY:
        raise Invalid("active_seconds must be a number from 0 to 86400", {"active_seconds": "0 to 86400"})
    return float(seconds)


def save_draft(assignment: Assignment, annotator: Annotator, answers: Any) -> Draft:
    """Keeps unfinished answers (any JSON object of modest size) and renews the lease.

    Raises `LeaseLost` after keeping them, where the lease is gone.
    """
    if not isinstance(answers, dict):
        raise Invalid("a draft is an object: {question: answer}", {"answers": "an object"})
    draft = _keep_draft(assignment, annotator, answers)
    if not renew(assignment, annotator):
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


@transaction.atomic
def skip(assignment: Assignment, annotator: Annotator, reason: Any) -> None:
    """Passes a unit over: it goes to somebody else, and any draft stays. Raises `LeaseLost`, `Invalid`."""
    if not isinstance(reason, str) or not 1 <= len(reason.strip()) <= LONGEST_REASON or "\0" in reason:
        raise Invalid("say why you skip, in 1 to 500 characters", {"reason": "a text of 1 to 500 characters"})
    lock_member(assignment.campaign_id, annotator)
    unit, round_ = assignment.unit, assignment.round
    if Skip.objects.filter(unit=unit, round=round_, annotator=annotator).exists():
        return
    if not release(assignment, annotator):
        raise LeaseLost("you do not hold this item any more")
    Skip.objects.create(
        campaign_id=assignment.campaign_id,
        unit=unit,
        round=round_,
        annotator=annotator,
        reason=reason.strip(),
    )


def annotation_of(assignment: Assignment, annotator: Annotator) -> Annotation:
    found = Annotation.objects.filter(assignment=assignment, annotator=annotator).first()
    if found is None:
        raise NotFound("you have not annotated this")
    return found
