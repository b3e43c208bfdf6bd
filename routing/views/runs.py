"""Judge runs: what one would cost, starting it, watching it, pausing, resuming and cancelling it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate import jobs
from annotate.errors import AnnotateError, Invalid
from annotate.views.fields import Field
from annotate.views.request import SignedIn
from routing import running
from routing.access import judge_run_by, run_seen
from routing.estimating import MOST_REPEATS, clean_repeats, estimate
from routing.judging import start_run
from routing.models import Judge, JudgeRun
from routing.pricing import budget_of, known_price, millionths
from routing.running import resume_run
from routing.views.judge_server import number
from routing.views.judges import judge_card, model_of, run_context

CAP_HINT = "The run stops before it would cost more. Empty: no limit but the campaign’s."
REPEATS_HINT = f"1 to {MOST_REPEATS}. Asking again shows how far the judge agrees with itself."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedIn, pk: int) -> HttpResponse:
    """What a run would ask and cost; a POST starts it."""
    judge = judge_run_by(request.user, pk)
    known_price(judge)
    if request.method != "POST":
        return _estimate_page(request, judge, request.GET.get("repeats", "1"), request.GET.get("cap", ""))
    repeats, cap = request.POST.get("repeats") or "1", request.POST.get("cap", "")
    try:
        start_run(judge, request.user, cap=millionths(number(cap)), repeats=clean_repeats(repeats.strip()))
    except AnnotateError as error:
        return _estimate_page(request, judge, repeats, cap, error)
    return _to_card(judge)


def _to_card(judge: Judge) -> HttpResponse:
    return redirect(f"{reverse('judges', args=[judge.campaign.slug])}#judge-{judge.pk}")


def _estimate_page(
    request: SignedIn, judge: Judge, repeats: str, cap: str, error: AnnotateError | None = None
) -> HttpResponse:
    fields = dict(error.fields) if error else {}
    try:
        found = estimate(judge, clean_repeats(repeats.strip()))
    except Invalid as problem:
        found, fields = estimate(judge), problem.fields | fields
    context = {
        "judge": judge,
        "model": model_of(judge),
        "campaign": judge.campaign,
        "tab": "judges",
        "estimate": found,
        "parts": [(part, part.cost(judge.price), part.most(judge.price)) for part in found.parts],
        "budget": budget_of(judge.campaign),
        "cap": Field("cap", "Cap, in US dollars", "number", cap, CAP_HINT, fields.pop("cap", "")),
        "repeats": Field("repeats", "Times each is asked", "number", repeats, REPEATS_HINT, fields.pop("repeats", "")),
        "error": error if error and (fields or not error.fields) else None,
    }
    return render(request, "routing/judge_estimate.html", context, status=error.status if error else 200)


@login_required
@require_safe
def judge_run(request: SignedIn, pk: int) -> HttpResponse:
    """A run on a page of its own; to htmx, its live progress, and the judge's figures with it."""
    run = run_seen(request.user, pk)
    context = {
        **run_context(run),
        "card": judge_card(run.judge),
        "campaign": run.campaign,
        "tab": "judges",
    }
    return render(request, "routing/_judge_run_poll.html" if request.htmx else "routing/judge_run.html", context)


@login_required
@require_POST
def cancel_run(request: SignedIn, pk: int) -> HttpResponse:
    return _change(request, run_seen(request.user, pk), running.cancel_run)


@login_required
@require_POST
def pause_run(request: SignedIn, pk: int) -> HttpResponse:
    return _change(request, run_seen(request.user, pk), jobs.pause)


@login_required
@require_POST
def resume(request: SignedIn, pk: int) -> HttpResponse:
    """Goes on, with the cap that was typed where there is one."""
    run = run_seen(request.user, pk)
    return _change(request, run, lambda found: resume_run(found, millionths(number(request.POST.get("cap", "")))))


def _change(request: SignedIn, run: JudgeRun, act: Callable[[JudgeRun], Any]) -> HttpResponse:
    try:
        act(run)
    except AnnotateError as error:
        messages.error(request, error.message)
    return _to_card(run.judge)
