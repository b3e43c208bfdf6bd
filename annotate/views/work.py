"""Annotating in the browser: the page, and what its form and its script send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from annotate.access import assignment_seen, campaign_seen, person
from annotate.answers import asked_of
from annotate.assigning import claim, take
from annotate.errors import Invalid, LeaseLost, NotFound, NotRunning, RevisionConflict, RevisionsOff, WrongState
from annotate.models import Annotation, Annotator, Assignment, Campaign
from annotate.submitting import revisable
from annotate.submitting import submit as submit_answers
from annotate.views.work_answer import by_script, error_json, for_annotators, item_payload, until_payload
from annotate.views.work_form import form_answers, form_id, form_ids, form_json, form_number, form_whole
from annotate.views.work_page import Problem, Work, build_work, finished_work, open_work
from annotate.views.work_progress import progress_of

INVALID = "Some answers need another look."
FIRST = "That was the first that you submitted here."
LONGEST_ID = 19
CONFLICT = "You have submitted this item already, with other answers. Open it again to change it."


@for_annotators
@require_GET
def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    """The annotator's current item; `?holding=` names items that he has on the screen already, `?take=` one that is
    reserved for him, and `?again=` a finished one that he wants to change: an assignment's id, `last`, or
    `before:` and the id of one, for the one that he submitted before it."""
    campaign, annotator = campaign_seen(request.user, slug), person(request.user)
    if which := request.GET.get("again"):
        if not revisable(campaign):
            raise RevisionsOff
        return _page(request, campaign, annotator, finished_work(_annotated(campaign, annotator, which)))
    try:
        held = _claimed(request, campaign, annotator)
    except NotRunning:
        held = None
        campaign.refresh_from_db(fields=["state"])
    return _page(request, campaign, annotator, open_work(held, annotator) if held else None)


def _claimed(request: HttpRequest, campaign: Campaign, annotator: Annotator) -> Assignment | None:
    if (pk := form_id(request.GET, "take")) is None:
        return claim(campaign, annotator, form_ids(request.GET, "holding"))
    wanted, _ = assignment_seen(request.user, pk)
    if wanted.campaign_id != campaign.pk:
        raise NotFound("that item is in another campaign")
    return take(wanted, annotator)


def _annotated(campaign: Campaign, annotator: Annotator, which: str) -> Annotation:
    rows = Annotation.objects.filter(campaign=campaign, annotator=annotator)
    before, _, pk = which.rpartition(":")
    is_id = pk.isdecimal() and len(pk) < LONGEST_ID and before in ("", "before")
    named = rows.filter(assignment=int(pk)) if is_id else rows.none()
    if which != "last":
        rows = rows.filter(pk__lt=named.values("pk")[:1]) if before else named
    found = rows.order_by("-pk").select_related("assignment__unit__item", "assignment__unit__view").first()
    if found is None and before and named.exists():
        raise WrongState(FIRST)
    if found is None:
        raise NotFound("you have not submitted that item in this campaign")
    return found


def _page(
    request: HttpRequest, campaign: Campaign, annotator: Annotator, work: Work | None, status: int = 200
) -> HttpResponse:
    if work and by_script(request):
        return JsonResponse({**(item_payload(request, work) or {}), "state": campaign.state})
    context = {
        "campaign": campaign,
        "work": work,
        "progress": progress_of(campaign, annotator),
        "revisable": revisable(campaign),
        "back": _back(request, campaign, work),
        "back_from": _back_from(request),
    }
    if by_script(request):
        end = render(request, "annotate/work_end.html", context).content.decode()
        return JsonResponse({"id": None, "html": end, "state": campaign.state})
    return render(request, "annotate/work.html", context, status=status)


def _back(request: HttpRequest, campaign: Campaign, work: Work | None) -> str:
    """The place in the history from which a finished item was opened; empty where it was not."""
    given = _back_from(request)
    if not (work and work.revision and given):
        return ""
    page = f"?before={given}" if int(given) else ""
    return f"{reverse('mine', args=[campaign.slug])}{page}#a{work.assignment.pk}"


def _back_from(request: HttpRequest) -> str:
    given = request.GET.get("back") or request.POST.get("_back") or ""
    return given if given.isdecimal() and len(given) < LONGEST_ID else ""


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
            aids=form_json(request.POST, "_aids"),
            showing=form_id(request.POST, "_showing"),
            claim_next=by_script(request),
        )
    except (Invalid, RevisionConflict, LeaseLost) as error:
        return _refused(request, assignment, annotator, answers, error)
    if by_script(request):
        following = item_payload(request, open_work(done.next, annotator) if done.next else None)
        answer = {"outcome": done.outcome, "next": following, "state": assignment.campaign.state}
        showing = form_id(request.POST, "_showing")
        if showing and done.shown_until:
            answer["lease"] = until_payload(showing, done.shown_until)
        return JsonResponse(answer)
    messages.success(request, "Saved." if done.outcome == "created" else "Your change is saved.")
    work = finished_work(done.annotation) if _back_from(request) else None
    return redirect(_back(request, assignment.campaign, work) or reverse("annotate", args=[assignment.campaign.slug]))


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
