"""Judge runs: starting, watching and cancelling them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.errors import WrongState
from annotate.jobs import cancel
from annotate.views.request import SignedIn
from routing.access import judge_run_by, run_seen
from routing.judging import start_run
from routing.pace import pace
from routing.views.judges import judge_card


@login_required
@require_POST
def start(request: SignedIn, pk: int) -> HttpResponse:
    judge = judge_run_by(request.user, pk)
    try:
        start_run(judge, request.user)
    except WrongState as error:
        messages.error(request, error.message)
    return redirect("judges", judge.campaign.slug)


@login_required
@require_safe
def judge_run(request: SignedIn, pk: int) -> HttpResponse:
    """A run on a page of its own; to htmx, its live progress, and the judge's figures with it."""
    run = run_seen(request.user, pk)
    context = {
        "run": run,
        "pace": pace(run),
        "card": judge_card(run.judge),
        "campaign": run.campaign,
        "tab": "judges",
    }
    return render(request, "routing/_judge_run_poll.html" if request.htmx else "routing/judge_run.html", context)


@login_required
@require_POST
def cancel_run(request: SignedIn, pk: int) -> HttpResponse:
    run = run_seen(request.user, pk)
    try:
        cancel(run)
    except WrongState as error:
        messages.error(request, error.message)
    return redirect("judges", run.campaign.slug)
