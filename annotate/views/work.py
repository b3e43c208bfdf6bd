"""Annotating in the browser: the page, and what its form and its script send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from annotate.access import assignment_seen, campaign_seen, person
from annotate.assigning import claim, release
from annotate.errors import Invalid, LeaseLost, NotFound, NotRunning, RevisionConflict
from annotate.models import Annotation, Annotator, Assignment, Campaign
from annotate.submitting import asked_of, save_draft
from annotate.submitting import skip as skip_assignment
from annotate.submitting import submit as submit_answers
from annotate.views.work_answer import by_script, error_json, for_annotators, item_payload
from annotate.views.work_form import form_answers, form_ids, form_number, form_whole
from annotate.views.work_page import Problem, Work, build_work, finished_work, open_work
from annotate.views.work_progress import progress_of
from annotate.views.work_skip import skip_reason

INVALID = "Some answers need another look."
CONFLICT = "You have submitted this item already, with other answers. Open it again to change it."


@for_annotators
@require_GET
def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    """The annotator's current item; `?holding=` names items that he has on the screen already, and
    `?again=` a finished one (an assignment's id, or `last`) that he wants to change."""
    campaign, annotator = campaign_seen(request.user, slug), person(request.user)
    if which := request.GET.get("again"):
        return _page(request, campaign, annotator, finished_work(_annotated(campaign, annotator, which)))
    try:
        held = claim(campaign, annotator, form_ids(request.GET, "holding"))
    except NotRunning:
        held = None
        campaign.refresh_from_db(fields=["state"])
    return _page(request, campaign, annotator, open_work(held, annotator) if held else None)


def _annotated(campaign: Campaign, annotator: Annotator, which: str) -> Annotation:
    rows = Annotation.objects.filter(campaign=campaign, annotator=annotator)
    rows = rows.filter(assignment=int(which)) if which.isdecimal() and len(which) < 19 else rows.order_by("-pk")
    found = rows.select_related("assignment__unit__item", "assignment__unit__view").first()
    if found is None:
        raise NotFound("you have not submitted that item in this campaign")
    return found


def _page(
    request: HttpRequest, campaign: Campaign, annotator: Annotator, work: Work | None, status: int = 200
) -> HttpResponse:
    if work and by_script(request):
        return JsonResponse(item_payload(request, work))
    context = {"campaign": campaign, "work": work, "progress": progress_of(campaign, annotator)}
    if by_script(request):
        end = render(request, "annotate/work_end.html", context).content.decode()
        return JsonResponse({"id": None, "html": end})
    return render(request, "annotate/work.html", context, status=status)


@for_annotators
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Stores the answers; the script gets the item after those it holds, a browser is sent to it."""
    assignment, annotator = assignment_seen(request.user, pk)
    answers, revises = form_answers(asked_of(assignment), request.POST), form_whole(request.POST, "_revises")
    try:
        done = submit_answers(
            assignment,
            annotator,
            answers,
            active_seconds=form_number(request.POST, "_active_seconds"),
            revises=revises,
            holding=form_ids(request.POST, "_holding"),
            claim_next=by_script(request),
        )
    except (Invalid, RevisionConflict, LeaseLost) as error:
        return _refused(request, assignment, annotator, answers, error)
    if by_script(request):
        following = item_payload(request, open_work(done.next, annotator) if done.next else None)
        return JsonResponse({"outcome": done.outcome, "next": following})
    messages.success(request, "Saved." if done.outcome == "created" else "Your change is saved.")
    return redirect("annotate", assignment.campaign.slug)


def _refused(
    request: HttpRequest,
    assignment: Assignment,
    annotator: Annotator,
    answers: dict[str, object],
    error: Invalid | RevisionConflict | LeaseLost,
) -> HttpResponse:
    """The form again, with everything that was given and the message beside each question."""
    if isinstance(error, LeaseLost):
        if by_script(request):
            return error_json(error)
        context = {"campaign": assignment.campaign, "error": error}
        return render(request, "annotate/work_lost.html", context, status=error.status)
    message = INVALID if isinstance(error, Invalid) else CONFLICT
    revises = form_whole(request.POST, "_revises")
    work = build_work(assignment, answers, Problem(message, error.fields), revises)
    if by_script(request):
        error.message, error.fields = message, {q.asked.name: q.error for q in work.questions if q.error}
        return error_json(error)
    return _page(request, assignment.campaign, annotator, work, error.status)


@for_annotators
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what was typed so far, and the lease."""
    assignment, annotator = assignment_seen(request.user, pk)
    save_draft(assignment, annotator, form_answers(asked_of(assignment), request.POST))
    return _done(request, assignment, "Your draft is saved.")


@for_annotators
@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Passes the item over, with a reason."""
    assignment, annotator = assignment_seen(request.user, pk)
    skip_assignment(assignment, annotator, skip_reason(request.POST))
    return _done(request, assignment, "Skipped. The item goes to somebody else.")


@for_annotators
@require_POST
def release_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives an item back untouched, unless it was leased anew since (`_until` tells which lease is meant)."""
    assignment, annotator = assignment_seen(request.user, pk)
    until = assignment.leased_until.isoformat() if assignment.leased_until else ""
    if request.POST.get("_until", until) == until:
        release(assignment, annotator)
    return _done(request, assignment, "The item is given back.")


def _done(request: HttpRequest, assignment: Assignment, message: str) -> HttpResponse:
    if by_script(request):
        return JsonResponse({"outcome": "done"})
    messages.success(request, message)
    return redirect("annotate", assignment.campaign.slug)
