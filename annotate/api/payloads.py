"""What the API says of things, as JSON-able objects; serializers describe the same in the schema."""

from collections.abc import Mapping
from typing import Any

from annotate.answers import questions_for
from annotate.campaigns import definition_of
from annotate.kinds import kind
from annotate.models import Annotation, Annotator, Assignment, Campaign, Flag, ImportJob, Job
from annotate.overview import progress
from annotate.submitting import draft_of

MOST_ERRORS = 1000
UNTOLD = ("repeats", "arms")
"""Whoever knows of an experiment answers otherwise."""


def campaign_payload(campaign: Campaign, for_researchers: bool = True) -> dict[str, Any]:
    """The definition and state; for researchers also the progress, and what annotators are not to know."""
    shown = definition_of(campaign) | {"state": campaign.state, "version": campaign.current.number}
    if for_researchers:
        return shown | {"progress": progress(campaign)}
    return {name: value for name, value in shown.items() if name not in UNTOLD}


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
        "questions": [
            question_payload(q) | {"config": kind(q.kind).shown_config(q.config, unit.item.source)}
            for q in questions_for(assignment)
        ],
        "shown": assignment.shown,
        "round": told_round(assignment),
        "leased_until": assignment.leased_until,
        "draft": draft_of(assignment, annotator),
    }


def completion_payload(completion: Mapping[str, Any]) -> dict[str, Any]:
    """The text or the messages, and the prompt where it differs from the item's."""
    return {name: value for name, value in completion.items() if value is not None}


def told_round(assignment: Assignment) -> int:
    """The round as people know it: what is asked once more looks as if it came for the first time."""
    return 0 if assignment.purpose else assignment.round


def annotation_payload(annotation: Annotation, for_researchers: bool = True) -> dict[str, Any]:
    return {
        "id": annotation.pk,
        "item": annotation.unit.item.key,
        "view": annotation.unit.view.name,
        "shown": annotation.assignment.shown,
        "round": annotation.round if for_researchers else told_round(annotation.assignment),
        "annotator": annotation.annotator.name,
        "kind": annotation.annotator.kind,
        "answers": annotation.answers,
        "revision": annotation.revision,
        "created_at": annotation.created_at,
        "active_seconds": annotation.active_seconds,
        "aids": annotation.aids,
    }


def flag_payload(flag: Flag) -> dict[str, Any]:
    """A flag with what its reason did, and what a researcher did about it."""
    return {
        "id": flag.pk,
        "item": flag.item.key,
        "view": flag.unit.view.name,
        "keys": flag.unit.keys,
        "reason": flag.reason,
        "note": flag.note,
        "then": flag.then,
        "annotator": flag.annotator.name,
        "created_at": flag.created_at,
        "withdrawn": flag.item.withdrawn_at is not None,
        "resolution": flag.resolution or None,
        "resolved_at": flag.resolved_at,
        "resolved_by": flag.resolved_by.name if flag.resolved_by else None,
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
    """An import with its row errors, and its remarks on rows that went in (the first thousand of each)."""
    errors, warnings = (
        list(found.values("row", "field", "message")[:MOST_ERRORS]) for found in (job.rejections, job.remarks)
    )
    return {
        **job_payload(job),
        "repeated": job.repeated,
        "rejected": job.rejected,
        "errors": errors,
        "warnings": warnings,
    }
