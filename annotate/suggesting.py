"""Judges' suggestions: shown when the campaign lets them be, and never without a note of it.

The first complete answer is stored before anything is shown, so that what somebody thought by himself is known.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotate.aids import SUGGESTIONS, Aids, joined
from annotate.answers import asked_of, clean_answers
from annotate.assigning import lock_member
from annotate.errors import Invalid, LeaseLost, WrongState
from annotate.kinds import Asked, kind
from annotate.models import Annotation, Annotator, Assignment, Draft
from annotate.models.campaigns import version_of
from annotate.options import option

MOST_LOOKED_AT = 20
TOO_EARLY = "Answer everything that is asked; then you may see what a judge suggests."

Shown = dict[str, dict[str, Any]]
"""By question: the judge's name, its annotation and revision, and its answer."""


def mode_of(assignment: Assignment) -> str:
    """`off`, `after` (the first complete answer) or `before`."""
    return str(option("suggestions", version_of(assignment.version_id).config))


def judged(assignment: Assignment) -> bool:
    """Whether a judge has annotated this unit."""
    return _judgements(assignment).exists()


def _judgements(assignment: Assignment) -> QuerySet[Annotation]:
    return Annotation.objects.filter(unit=assignment.unit_id, annotator__kind=Annotator.Kind.JUDGE)


@transaction.atomic
def reveal(assignment: Assignment, annotator: Annotator, answers: Any = None) -> Shown:
    """What the judges answered last, question by question; kept with the draft, and later with the annotation.

    `answers` are those on the page. Where suggestions come after the first answer they have to be complete.
    Raises `Invalid`, `LeaseLost`, `WrongState`.
    """
    mode = mode_of(assignment)
    if mode == "off":
        raise WrongState("this campaign shows no suggestions")
    asked = asked_of(assignment)
    lock_member(assignment.campaign_id, annotator)
    held = Assignment.objects.filter(pk=assignment.pk, annotator=annotator)
    state = held.values_list("state", flat=True).first()
    if state == Assignment.State.DONE:
        return _reveal_done(assignment, asked)
    if state != Assignment.State.LEASED:
        raise LeaseLost("you do not hold this item any more")
    draft = Draft.objects.select_for_update().filter(assignment=assignment, annotator=annotator).first()
    aids: Aids = (draft.aids if draft else None) or {}
    first = None if SUGGESTIONS in aids else _first(asked, answers, mode)
    found = latest(assignment, asked)
    if not found and SUGGESTIONS not in aids:
        return {}
    aids = noted(aids, found, first)
    kept = first or (draft.answers if draft else {})
    Draft.objects.update_or_create(
        assignment=assignment,
        annotator=annotator,
        defaults={"aids": aids, "answers": kept, "changed_at": timezone.now()},
    )
    shown: Shown = aids[SUGGESTIONS]["shown"]
    return shown


def _first(asked: Sequence[Asked], answers: Any, mode: str) -> dict[str, Any] | None:
    """The first complete answer; where it need not come first, None for an incomplete one."""
    try:
        return clean_answers(asked, answers or {})
    except Invalid as error:
        if mode == "before":
            return None
        raise Invalid(TOO_EARLY, error.fields) from error


def _reveal_done(assignment: Assignment, asked: Sequence[Asked]) -> Shown:
    """To somebody who has answered, while he looks at his answer again."""
    annotation = Annotation.objects.select_for_update().get(assignment=assignment)
    aids, found = annotation.aids or {}, latest(assignment, asked)
    if not found and SUGGESTIONS not in aids:
        return {}
    aids = noted(aids, found, annotation.answers)
    annotation.aids = joined(aids, {}, annotation.answers)
    annotation.save(update_fields=["aids"])
    shown: Shown = aids[SUGGESTIONS]["shown"]
    return shown


def noted(aids: Aids, shown: Shown, first: dict[str, Any] | None) -> Aids:
    """`aids` with what is shown now; what was shown before, and when, stands."""
    before = aids.get(SUGGESTIONS)
    if before:
        return {**aids, SUGGESTIONS: {**before, "shown": {**shown, **before["shown"]}}}
    when = "before" if first is None else "after"
    record = {"when": when, "at": timezone.now().isoformat(), "first": first, "shown": shown}
    return {**aids, SUGGESTIONS: record}


def latest(assignment: Assignment, asked: Sequence[Asked]) -> Shown:
    """The newest answer of a judge to each question of the unit that fits what is asked now."""
    found: Shown = {}
    rows = _judgements(assignment).select_related("annotator").order_by("-changed_at", "-pk")
    for annotation in rows[:MOST_LOOKED_AT]:
        for question in asked:
            answer = annotation.answers.get(question.name)
            if answer is None or question.name in found:
                continue
            try:
                answer = kind(question.kind).clean(question, answer)
            except Invalid:
                continue  # It answered an earlier version of the question.
            found[question.name] = {
                "judge": annotation.annotator.name,
                "annotation": annotation.pk,
                "revision": annotation.revision,
                "answer": answer,
            }
    return {question.name: found[question.name] for question in asked if question.name in found}
