"""What a certificate speaks of: which question under which guidelines, and what else counts as the same judge."""

import hashlib
import json

from django.db.models import QuerySet

from annotate.models import Question
from routing.models import Certificate, Judge


def asked_digest(question: Question) -> str:
    """SHA-256 of what annotators are told: the guidelines, and the question's kind, title and settings."""
    told = [question.version.guidelines, question.kind, question.title, question.config]
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def versions_alike(question: Question) -> QuerySet[Question, int]:
    """The ids of the campaign's versions that ask the question just as this one does."""
    return Question.objects.filter(
        version__campaign=question.version.campaign_id,
        version__guidelines=question.version.guidelines,
        name=question.name,
        kind=question.kind,
        title=question.title,
        config=question.config,
    ).values_list("version", flat=True)


def siblings(judge: Judge) -> QuerySet[Judge]:
    """The judge and its copies: the same model with the same settings, whatever its protocols and calibration.

    A new name or a new calibration is no fresh start: what they were certified or suspended on is the same labels.
    """
    return Judge.objects.filter(
        campaign=judge.campaign_id, provider=judge.provider, config=judge.config, endpoint=judge.endpoint_id
    )


def looks(judge: Judge, question: str) -> QuerySet[Certificate]:
    """Every look at the judge and its copies for the question."""
    return Certificate.objects.filter(judge__in=siblings(judge), question=question)
