"""What the annotation page does with an item in hand, short of submitting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import assignment_seen
from annotate.answers import asked_of
from annotate.assigning import hold, release, renew
from annotate.errors import LeaseLost
from annotate.flagging import flag as flag_assignment
from annotate.flagging import skip as skip_assignment
from annotate.kinds import kind
from annotate.models import Annotator, Assignment
from annotate.submitting import save_draft
from annotate.suggesting import reveal
from annotate.views.work_answer import by_script, for_annotators, until_payload
from annotate.views.work_form import form_answers, form_id, title_of
from annotate.views.work_page import names_of
from annotate.views.work_skip import FLAGGED, SKIPPED, skip_reason
from annotate.wording import in_words


@for_annotators
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what was typed so far, and the lease."""
    assignment, annotator = assignment_seen(request.user, pk)
    save_draft(assignment, annotator, form_answers(asked_of(assignment), request.POST))
    return _kept(request, assignment, "Your draft is saved.")


@for_annotators
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the lease of an item that is on the screen, or (`waiting`) behind the one that is."""
    assignment, annotator = assignment_seen(request.user, pk)
    if not renew(assignment, annotator, request.POST.get("waiting") == "1"):
        raise LeaseLost("This item passed to someone else.")
    return _kept(request, assignment, "The item is yours.")


def _kept(request: HttpRequest, assignment: Assignment, message: str) -> HttpResponse:
    assignment.refresh_from_db(fields=["leased_until"])
    return _done(request, assignment, message, lease=until_payload(assignment.pk, assignment.leased_until))


@for_annotators
@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Passes the item over, with a reason."""
    assignment, annotator = assignment_seen(request.user, pk)
    then = skip_assignment(assignment, annotator, skip_reason(request.POST, assignment.version_id))
    return _done(request, assignment, SKIPPED[then], lease=_showing(request, assignment, annotator))


def _showing(request: HttpRequest, assignment: Assignment, annotator: Annotator) -> dict[str, Any] | None:
    """The item that is on the screen now gets a full lease; None where there is none."""
    pk = form_id(request.POST, "_showing")
    until = hold(assignment.campaign, pk, annotator) if pk else None
    return until_payload(pk, until) if pk and until else None


@for_annotators
@require_POST
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Calls the researchers to the item; it stays on the screen."""
    assignment, annotator = assignment_seen(request.user, pk)
    flagged = flag_assignment(assignment, annotator, request.POST.get("reason"), request.POST.get("note", ""))
    return _done(request, assignment, FLAGGED[flagged.then])


@for_annotators
@require_POST
def release_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives an item back untouched, unless it was leased anew since (`_until` tells which lease is meant)."""
    assignment, annotator = assignment_seen(request.user, pk)
    until = assignment.leased_until.isoformat() if assignment.leased_until else ""
    if request.POST.get("_until", until) == until:
        release(assignment, annotator)
    return _done(request, assignment, "The item is given back.")


@for_annotators
@require_http_methods(["GET", "POST"])
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """What judges answered, where the annotator may see it; the form that is posted holds his own answers."""
    assignment, annotator = assignment_seen(request.user, pk)
    asked = asked_of(assignment)
    shown = reveal(assignment, annotator, form_answers(asked, request.POST) if request.POST else None)
    names, by_name = names_of(assignment), {question.name: question for question in asked}
    return JsonResponse(
        {
            "suggestions": [
                {
                    "question": name,
                    "title": title_of(by_name[name]),
                    "judge": found["judge"],
                    "words": in_words(by_name[name], found["answer"], names),
                    "fields": kind(by_name[name].kind).to_form(by_name[name], found["answer"]),
                }
                for name, found in shown.items()
                if name in by_name
            ],
            "at": timezone.now(),
        }
    )


def _done(request: HttpRequest, assignment: Assignment, message: str, **more: Any) -> HttpResponse:
    if by_script(request):
        answer = {"outcome": "done", "message": message, "state": assignment.campaign.state}
        return JsonResponse(answer | {name: value for name, value in more.items() if value})
    messages.success(request, message)
    return redirect("annotate", assignment.campaign.slug)
