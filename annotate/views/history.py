"""What an annotator submitted in a campaign, to look at and to change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from annotate.access import campaign_seen, person
from annotate.answers import asked_of
from annotate.kinds import Asked
from annotate.models import Annotation, Campaign
from annotate.submitting import revisable
from annotate.texts import prompt_text
from annotate.views.work_answer import for_annotators
from annotate.views.work_form import title_of
from annotate.views.work_page import names_of
from annotate.wording import Names, in_words

PAGE = 25
LONGEST_START = 400


@dataclass(frozen=True, slots=True)
class Told:
    """Answers of one revision: (question, answer in words)."""

    revision: int
    at: datetime
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """An annotation as the list shows it; `earlier` are the revisions that this one replaced, the newest first."""

    assignment: int
    prompt: str
    now: Told
    earlier: list[Told]


@for_annotators
@require_GET
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own annotations, the newest first; nobody else's."""
    campaign, annotator = campaign_seen(request.user, slug), person(request.user)
    given = request.GET.get("before", "")
    before = int(given) if given.isdecimal() and len(given) < 19 else 0
    rows = Annotation.objects.filter(campaign=campaign, annotator=annotator).order_by("-pk")
    rows = rows.select_related("assignment__unit__item", "assignment__unit__view").prefetch_related("revisions")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    context = {
        "campaign": campaign,
        "lines": [_line(annotation) for annotation in found[:PAGE]],
        "total": Annotation.objects.filter(campaign=campaign, annotator=annotator).count(),
        "before": before,
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "revisable": revisable(campaign),
        "changeable": revisable(campaign) and campaign.state == Campaign.State.RUNNING,
    }
    return render(request, "annotate/history.html", context)


def _line(annotation: Annotation) -> Line:
    asked, names = asked_of(annotation.assignment), names_of(annotation.assignment)
    earlier = sorted(annotation.revisions.all(), key=lambda revision: -revision.number)
    return Line(
        annotation.assignment_id,
        " ".join(prompt_text(annotation.assignment.unit.item.prompt)[:LONGEST_START].split()),
        Told(annotation.revision, annotation.changed_at, _told(asked, annotation.answers, names)),
        [Told(one.number, one.created_at, _told(asked, one.answers, names)) for one in earlier],
    )


def _told(asked: list[Asked], answers: Any, names: Names) -> list[tuple[str, str]]:
    return [(title_of(q), in_words(q, answers[q.name], names)) for q in asked if q.name in answers]
