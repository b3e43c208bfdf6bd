"""What the API says of things, as JSON-able objects; serializers describe the same in the schema."""

from collections.abc import Mapping
from typing import Any

from annotate.answers import questions_of
from annotate.campaigns import views_asked
from annotate.models import Annotation, Annotator, Assignment, Campaign, ImportJob, Job
from annotate.overview import progress
from annotate.submitting import draft_of

MOST_ERRORS = 1000


def campaign_payload(campaign: Campaign) -> dict[str, Any]:
    version = campaign.current
    return {
        "slug": campaign.slug,
        "name": campaign.name,
        "state": campaign.state,
        "version": version.number,
        "guidelines": version.guidelines,
        "overlap": version.overlap,
        **version.config,
        "views": [{"name": v.name, "shows": v.shows, "pairs": v.pairs} for v in views_asked(version)],
        "questions": [
            {"view": q.view.name, "shows": q.view.shows, **question_payload(q)}
            for q in version.questions.select_related("view")
        ],
        "progress": progress(campaign),
    }


def question_payload(question: Any) -> dict[str, Any]:
    return {
        "name": question.name,
        "kind": question.kind,
        "title": question.title,
        "config": question.config,
        "required": question.required,
        "when": question.when,
    }


def assignment_payload(assignment: Assignment, annotator: Annotator) -> dict[str, Any]:
    """What an annotator gets to see: no model, metadata, gold, or other people's answers."""
    unit = assignment.unit
    rows = unit.item.completions.order_by().values("key", "text", "messages", "prompt")
    completions = {row["key"]: row for row in rows}
    return {
        "id": assignment.pk,
        "item": {
            "key": unit.item.key,
            "prompt": unit.item.prompt,
            "context": unit.item.context,
            "completions": [completion_payload(completions[key]) for key in assignment.shown],
        },
        "view": unit.view.name,
        "questions": [question_payload(q) for q in questions_of(assignment.version_id, unit.view_id)],
        "shown": assignment.shown,
        "round": assignment.round,
        "leased_until": assignment.leased_until,
        "draft": draft_of(assignment, annotator),
    }


def completion_payload(completion: Mapping[str, Any]) -> dict[str, Any]:
    """The text or the messages, and the prompt where it differs from the item's."""
    return {name: value for name, value in completion.items() if value is not None}


def annotation_payload(annotation: Annotation) -> dict[str, Any]:
    return {
        "id": annotation.pk,
        "item": annotation.unit.item.key,
        "view": annotation.unit.view.name,
        "shown": annotation.assignment.shown,
        "round": annotation.round,
        "annotator": annotation.annotator.name,
        "kind": annotation.annotator.kind,
        "answers": annotation.answers,
        "revision": annotation.revision,
        "created_at": annotation.created_at,
        "active_seconds": annotation.active_seconds,
    }


def job_payload(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "state": job.state,
        "total": job.total,
        "done": job.done,
        "error": job.error,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
    }


def import_payload(job: ImportJob) -> dict[str, Any]:
    """An import with its row errors (the first thousand)."""
    errors = list(job.errors.values("row", "field", "message")[:MOST_ERRORS])
    return {**job_payload(job), "repeated": job.repeated, "rejected": job.rejected, "errors": errors}
