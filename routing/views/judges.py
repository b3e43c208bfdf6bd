"""The judges of a campaign: what each answers, how it does, and what it has cost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.access import campaign_run
from annotate.errors import Invalid
from annotate.models import Campaign
from annotate.views.fields import Field
from annotate.views.request import SignedIn
from routing.calling.money import MILLION
from routing.judges import UnknownName, provider
from routing.models import HeadTraining, Judge, JudgeRun, Verdict
from routing.pace import pace
from routing.pricing import budget_of, millionths, set_budget
from routing.reliability import reliability
from routing.reliability.findings import FIRST_SLOT, MOST_FLIPS
from routing.scope import chosen_protocol, unsupported, view_problems
from routing.views.judge_server import number
from routing.views.run_words import attempts, state_of

RECENT = 10


@login_required
@require_safe
def judges(request: SignedIn, slug: str) -> HttpResponse:
    return _page(request, campaign_run(request.user, slug))


@login_required
@require_POST
def judge_budget(request: SignedIn, slug: str) -> HttpResponse:
    """What all judges of the campaign may cost together."""
    campaign = campaign_run(request.user, slug)
    typed = request.POST.get("cap", "")
    try:
        set_budget(campaign, millionths(number(typed)))
    except Invalid as error:
        return _page(request, campaign, typed, error.message)
    messages.success(request, "The judges’ budget is changed." if typed.strip() else "The judges have no budget now.")
    return redirect("judges", slug)


def _page(request: SignedIn, campaign: Campaign, cap: str | None = None, problem: str = "") -> HttpResponse:
    found = campaign.judges.select_related("annotator", "campaign", "endpoint").prefetch_related("runs")
    budget = budget_of(campaign)
    known = "" if budget["cap"] is None else f"{budget['cap'] / MILLION:g}"
    context = {
        "campaign": campaign,
        "tab": "judges",
        "judges": [judge_card(judge) for judge in found],
        "trainings": unfinished(campaign),
        "budget": budget,
        "has_points": campaign.current.questions.filter(kind="checklist", config__generated=True).exists(),
        "budget_field": Field(
            "cap", "US dollars in all", "number", known if cap is None else cap, BUDGET_HINT, problem
        ),
    }
    return render(request, "routing/judges.html", context, status=422 if problem else 200)


BUDGET_HINT = "Runs stop before they would spend more. Empty: no limit but each run’s own."


def judge_card(judge: Judge) -> dict[str, Any]:
    """What the page says of one judge."""
    runs = list(judge.runs.all())
    report = reliability(judge)
    views = view_problems(judge)
    labels = sum(question["valid"] for question in report["questions"])
    return {
        "judge": judge,
        "model": model_of(judge),
        "views": views,
        "asked": protocols_of(judge),
        "able": any(not problem for _, problem in views),
        **run_context(runs[0] if runs else None),
        "earlier": runs[1:],
        "going": bool(runs) and not runs[0].has_ended,
        "calls": report["calls"],
        "questions": [{**question, "warnings": warnings(question)} for question in report["questions"]],
        "bad": bad_verdicts(judge),
        "cost": cost_of(judge, labels),
    }


def unfinished(campaign: Campaign) -> list[HeadTraining]:
    """Judges in the making, and those of which the last training came to nothing."""
    made = campaign.judges.values("annotator__name")
    newest = HeadTraining.objects.filter(campaign=campaign).order_by("name", "-pk").distinct("name")
    rows = HeadTraining.objects.filter(pk__in=newest.values("pk")).exclude(state=HeadTraining.State.CANCELLED)
    return list(rows.exclude(name__in=made))


def run_context(run: JudgeRun | None) -> dict[str, Any]:
    """What a run's card says."""
    if run is None:
        return {"run": None, "pace": None, "state": None, "attempts": None}
    return {"run": run, "pace": pace(run), "state": state_of(run), "attempts": attempts(run)}


def model_of(judge: Judge) -> str:
    """The setting that makes the judge what it is: its model, or its rule."""
    try:
        found = provider(judge.provider)
    except UnknownName:
        return ""
    main = next(iter(found.defaults), None)
    return str(judge.config.get(main, found.defaults[main]) or "") if main else ""


def protocols_of(judge: Judge) -> list[dict[str, Any]]:
    """Every question with the protocol that puts it, or why it is left to people."""
    asked = judge.campaign.current.questions.select_related("view").order_by("view_id", "pk")
    found = []
    for question in asked:
        problem = unsupported(judge, question, question.view)
        chosen = None if problem else chosen_protocol(judge, question)
        found.append({"question": question, "protocol": chosen, "problem": problem})
    return found


def cost_of(judge: Judge, labels: int) -> dict[str, Any]:
    """What its runs cost so far, in millionths, also per label; `free` where its model runs in our workers."""
    sums = judge.runs.filter(purpose=JudgeRun.Purpose.ANSWERS).aggregate(spent=Sum("spent"), unsettled=Sum("unsettled"))
    spent = (sums["spent"] or 0) + (sums["unsettled"] or 0)
    known = judge.price is not None
    free = judge.endpoint_id is None
    return {
        "free": free,
        "known": known,
        "spent": spent if known else None,
        "labels": labels,
        "per_label": spent / labels if known and labels else None,
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
