"""Proposed checklists, item by item: looking at them, changing them, deciding."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate.access import campaign_run
from annotate.errors import AnnotateError, Invalid, WrongState
from annotate.item_points import LACKING, generated_checklists
from annotate.jobs import cancel
from annotate.kinds.forms import typed_number
from annotate.models import Campaign, Unit
from annotate.views.request import SignedIn
from routing.access import proposal_run
from routing.judges import Structured, provider
from routing.models import JudgeRun, Proposal
from routing.points.deciding import DecidedMeanwhile, accept, accept_all, keep_typed, mark_of, reject
from routing.points.editing import Row, changed, next_in_hand, read_rows, rows_in
from routing.points.running import start_generation
from routing.pricing import millionths
from routing.views.proposal_card import Told, card

PAGE = 10
NOT_KEPT = (
    "These points were changed or decided meanwhile, by somebody else or in another window, so what you type here is "
    "not kept as you go. Press a button below to see both; it overwrites nothing."
)
STATES = (
    (Proposal.State.PROPOSED.value, "To review"),
    (Proposal.State.ACCEPTED.value, "Accepted"),
    (Proposal.State.REJECTED.value, "Turned down"),
    (Proposal.State.FAILED.value, "Failed"),
)


@login_required
@require_safe
def points(request: SignedIn, slug: str) -> HttpResponse:
    """The proposals in a state, a page at a time; to htmx the progress of the run."""
    campaign = campaign_run(request.user, slug)
    if request.htmx:
        return render(request, "routing/points/_run.html", {"campaign": campaign, "polled": True, **_run(campaign)})
    return _page(request, campaign)


def _page(request: SignedIn, campaign: Campaign, error: AnnotateError | None = None) -> HttpResponse:
    state, after = request.GET.get("state", STATES[0][0]), request.GET.get("after", "")
    state = state if state in Proposal.State.values else STATES[0][0]
    rows = campaign.proposals.filter(state=state).select_related("campaign", "item", "judge__annotator", "decided_by")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.order_by("pk")[: PAGE + 1])
    context = {
        "campaign": campaign,
        "tab": "judges",
        "cards": [card(proposal) for proposal in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "first": not after,
        "error": error,
        "cap": request.POST.get("cap", ""),
        "chosen": request.POST.get("judge", ""),
        **states(campaign, state),
        **_run(campaign),
    }
    return render(request, "routing/points/points.html", context, status=error.status if error else 200)


def states(campaign: Campaign, state: str) -> dict[str, Any]:
    """The filter, with how many there are in each state; and how many can be accepted as they stand."""
    rows = campaign.proposals.order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    unchanged = rows.filter(state=Proposal.State.PROPOSED, accepted__isnull=True).count()
    return {"states": [(name, title, counts.get(name, 0)) for name, title in STATES], "state": state} | {
        "unchanged": unchanged
    }


def _run(campaign: Campaign) -> dict[str, Any]:
    """The latest run, what still has no points, and who could write them."""
    run = JudgeRun.objects.filter(campaign=campaign, purpose=JudgeRun.Purpose.POINTS).order_by("-pk").first()
    items = campaign.items.filter(withdrawn_at=None)
    judges = [judge for judge in campaign.judges.select_related("annotator") if can_write(judge.provider)]
    return {
        "run": run,
        "going": run is not None and not run.has_ended,
        "finished": run.done + run.failed if run else 0,
        "asked": generated_checklists(campaign).first(),
        "lacking": items.filter(LACKING).count(),
        "waiting": items.filter(units__waits=Unit.Waits.POINTS).distinct().count(),
        "unasked": items.filter(LACKING, proposals=None).count(),
        "failed": campaign.proposals.filter(state=Proposal.State.FAILED).count(),
        "writers": judges,
    }


def can_write(name: str) -> bool:
    return Structured in provider(name).gives


@login_required
@require_POST
def generate(request: SignedIn, slug: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    judge = campaign.judges.filter(pk=_number(request.POST.get("judge"))).select_related("annotator").first()
    try:
        if judge is None:
            raise Invalid("choose a judge that writes the points", {"judge": "a judge"})
        cap = request.POST.get("cap", "").strip()
        start_generation(judge, request.user, cap=millionths(typed_number(cap) if cap else None))
    except AnnotateError as error:
        return _page(request, campaign, error)
    return redirect("points", slug)


@login_required
@require_POST
def generation_cancel(request: SignedIn, slug: str) -> HttpResponse:
    """Cancels the run that is going on; what it has proposed stays."""
    run = _run(campaign_run(request.user, slug))["run"]
    try:
        if run is None:
            raise WrongState("nobody is writing points here")
        cancel(run)
    except WrongState as error:
        messages.error(request, error.message)
    return redirect("points", slug)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


@login_required
@require_POST
def accept_proposals(request: SignedIn, slug: str) -> HttpResponse:
    count = accept_all(campaign_run(request.user, slug), request.user)
    said = f"{count:,} checklist{'s' if count != 1 else ''} accepted as proposed." if count else "Nothing to accept."
    messages.success(request, said)
    return redirect("points", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: SignedIn, pk: int) -> HttpResponse:
    """One proposal; a POST does what its button says with the points as they are typed, or only keeps them (`keep`)."""
    found = proposal_run(request.user, pk)
    if request.method != "POST":
        return _card(request, found, Told())
    rows, action, seen = rows_in(request.POST), request.POST.get("do", ""), request.POST.get("seen", "")
    if action == "keep":
        return _kept(request, found, rows, seen)
    told = Told(rows=rows)
    try:
        if action == "accept":
            accept(found, request.user, read_rows(rows), seen)
        elif action == "reject":
            reject(found, request.user, "", keep_typed(found, rows, seen) or seen)
        else:
            told.rows = changed(rows, action)
            told.in_hand = next_in_hand(rows, told.rows)
            told.meanwhile = keep_typed(found, told.rows, seen) is None
    except DecidedMeanwhile as error:
        told.error, told.meanwhile = error, True
    except AnnotateError as error:
        told.error, told.meanwhile = error, seen != mark_of(found)
    else:
        told.decided = action in ("accept", "reject")
    if told.decided and not request.htmx:
        return redirect(f"{reverse('points', args=[found.campaign.slug])}#proposal-{pk}")
    return _card(request, proposal_run(request.user, pk), told)


def _kept(request: SignedIn, found: Proposal, rows: list[Row], seen: str) -> HttpResponse:
    """What stands behind the form once its points are kept as they are typed: the mark to send next, or why not."""
    status, context = 200, {"seen": seen}
    try:
        mark = keep_typed(found, rows, seen)
    except AnnotateError as error:
        status, context["problem"] = error.status, error.message
    else:
        status, context = (409, {"seen": seen, "problem": NOT_KEPT}) if mark is None else (200, {"seen": mark})
    return render(request, "routing/points/_kept.html", context, status=status)


def _card(request: SignedIn, found: Proposal, told: Told) -> HttpResponse:
    campaign = found.campaign
    context = {"campaign": campaign, "tab": "judges", "card": card(found, told)}
    context |= states(campaign, request.POST.get("state", found.state))
    template = "routing/points/_decided.html" if request.htmx else "routing/points/proposal.html"
    return render(request, template, context, status=told.error.status if told.error else 200)
