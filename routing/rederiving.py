"""Verdicts written again from the calls that are stored: a better reading of replies costs no call."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotate.errors import AnnotateError
from annotate.models import Annotation, Assignment, Skip
from annotate.submitting import submit
from routing.asking import Sheet, model_of, sheet_of, store_verdicts
from routing.calling.asked import Asked, reply_of
from routing.models import Judge, JudgeCall, Verdict
from routing.planning import Part, Planner, Task
from routing.shortening import recut

BATCH = 200


@dataclass
class Rederived:
    """What came of it. `changed` verdicts differ in status or answer; of their annotations some are `revised`, others
    `kept` because the campaign does not allow it; `opened` units have an answer now, which the next run hands in."""

    verdicts: int = 0
    changed: int = 0
    revised: int = 0
    kept: int = 0
    opened: int = 0


def rederive(judge: Judge) -> Rederived:
    """Derives every verdict of the judge anew, without a call; annotations follow where revisions are allowed."""
    found = Rederived()
    planner = Planner(judge, model_of(judge))
    asked = Assignment.objects.filter(pk__in=Verdict.objects.filter(judge=judge).values("assignment"))
    rows = asked.select_related("unit__item", "unit__view").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        _rederive(judge, planner.tasks(batch), found)
    return found


def _rederive(judge: Judge, tasks: Iterable[Task], found: Rederived) -> None:
    tasks = list(tasks)
    ids = [task.assignment.pk for task in tasks]
    before = {(v.assignment_id, v.question): v for v in Verdict.objects.filter(assignment__in=ids)}
    annotations = {a.assignment_id: a for a in Annotation.objects.filter(assignment__in=ids)}
    sheets = [sheet_of(task) for task in tasks if _filled(task, before)]
    store_verdicts(judge, sheets)
    for sheet in sheets:
        found.verdicts += len(sheet.outcomes)
        found.changed += sum(
            _differs(before.get((sheet.task.assignment.pk, question.name)), outcome.status, outcome.answer)
            for question, outcome in sheet.outcomes
        )
        _follow(judge, sheet, annotations.get(sheet.task.assignment.pk), found)


def _differs(before: Verdict | None, status: str, answer: object) -> bool:
    return before is None or (before.status, before.answer) != (status, answer)


def _filled(task: Task, verdicts: dict[tuple[int, str], Verdict]) -> bool:
    """Puts the last reply of each stored call into the task; False where a call is not stored."""
    calls: dict[tuple[str, int], JudgeCall] = {}
    for (question, _), attempts in task.stored.items():
        for row in attempts:
            known = calls.get((question, row.order))
            if known is None or row.pk > known.pk:
                calls[question, row.order] = row
    asked = [part for part in task.parts if (task.assignment.pk, part.putting.question.name) in verdicts]
    task.parts = asked
    return all(_fill(task, part, verdicts[task.assignment.pk, part.putting.question.name], calls) for part in asked)


def _fill(task: Task, part: Part, verdict: Verdict, calls: dict[tuple[str, int], JudgeCall]) -> bool:
    if left_out := verdict.details.get("left_out"):
        part.cut = recut(part.judged, left_out)
    while part.failed is None and len(further := task.calls_of(part)) > len(part.planned):
        for call in further[len(part.planned) :]:
            row = calls.get((part.putting.question.name, call.order))
            if row is None:
                return False
            part.planned.append(Asked(row.request_digest, row.question, call, reply=reply_of(row)))
    return True


def _follow(judge: Judge, sheet: Sheet, annotation: Annotation | None, found: Rederived) -> None:
    """The annotation follows the verdicts; a unit that was passed over and has an answer now is open again."""
    assignment = sheet.task.assignment
    if annotation is None:
        if not sheet.reason:
            skips = Skip.objects.filter(annotator=judge.annotator, unit=assignment.unit_id, round=assignment.round)
            found.opened += bool(skips.delete()[0])
    elif sheet.reason:
        found.kept += 1
    elif annotation.answers != sheet.answers:
        try:
            revises, given = annotation.revision, sheet.probabilities
            submit(assignment, judge.annotator, sheet.answers, revises=revises, probabilities=given, claim_next=False)
            found.revised += 1
        except AnnotateError:
            found.kept += 1
