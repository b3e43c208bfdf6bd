"""The judges of a campaign: adding one, and what their verdicts say about them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotate.access import campaign_run
from annotate.errors import AnnotateError
from annotate.models import Campaign
from annotate.views.request import SignedIn
from routing.creating import create_judge
from routing.models import Judge, Verdict
from routing.pace import pace
from routing.reliability import reliability
from routing.scope import view_problems
from routing.views.judge_form import choices, spec_of_form

RECENT = 10
MOST_FLIPS = 0.30
FIRST_SLOT = (0.35, 0.65)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judges(request: SignedIn, slug: str) -> HttpResponse:
    """The page; a POST adds a judge."""
    campaign = campaign_run(request.user, slug)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        judge = create_judge(campaign, spec_of_form(request.POST.dict()))
    except AnnotateError as error:
        return _page(request, campaign, error)
    messages.success(request, f"The judge {judge} is ready; run it to have it answer.")
    return redirect("judges", slug)


def _page(request: SignedIn, campaign: Campaign, error: AnnotateError | None = None) -> HttpResponse:
    found = campaign.judges.select_related("annotator", "campaign").prefetch_related("runs")
    context = {
        "campaign": campaign,
        "tab": "judges",
        "judges": [judge_card(judge) for judge in found],
        "providers": choices(request.POST.dict()),
        "name": request.POST.get("name", ""),
        "error": error,
        "others": {k: v for k, v in error.fields.items() if k not in ("name", "config")} if error else {},
    }
    return render(request, "routing/judges.html", context, status=error.status if error else 200)


def judge_card(judge: Judge) -> dict[str, Any]:
    """What the page says of one judge."""
    runs = list(judge.runs.all())
    report = reliability(judge)
    views = view_problems(judge)
    return {
        "judge": judge,
        "views": views,
        "able": any(not problem for _, problem in views),
        "run": runs[0] if runs else None,
        "pace": pace(runs[0]) if runs else None,
        "earlier": runs[1:],
        "going": bool(runs) and not runs[0].has_ended,
        "calls": report["calls"],
        "questions": [{**question, "warnings": warnings(question)} for question in report["questions"]],
        "bad": bad_verdicts(judge),
    }


def warnings(figures: dict[str, Any]) -> list[str]:
    """In words, what in a pairwise question's figures speaks against trusting the judge."""
    found = []
    flips, share = figures.get("flip_rate"), figures.get("first_slot_share")
    if flips is not None and flips > MOST_FLIPS:
        found.append(
            f"In {flips:.0%} of the pairs it names the other completion once the order is turned: its verdicts "
            "depend more on the order than a judge's should."
        )
    if share is not None and not FIRST_SLOT[0] <= share <= FIRST_SLOT[1]:
        slot = "first" if share > FIRST_SLOT[1] else "second"
        found.append(
            f"It leans to the {slot} slot, whatever stands there. Both orders are averaged, so the answers are "
            "freed of a constant lean, but little of the completions may be left in them."
        )
    return found


def bad_verdicts(judge: Judge) -> list[Verdict]:
    """The newest verdicts that gave no answer."""
    rows = Verdict.objects.filter(judge=judge).exclude(status="ok").select_related("assignment__unit__item")
    return list(rows.order_by("-pk")[:RECENT])
